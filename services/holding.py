"""Legal holds: those that stand in an incident's ledger, and those of the company over closed ones.

What belongs here: which holds stand over an incident or case, placing one where no ledger takes
acts any more, releasing it. What never does: a hold of an open incident (domain/meetings.py: an
act with signatures). A lawsuit comes years after the seal: so the company's log can hold one too.

Whoever placed a hold does not release it: a second person of legal does.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from domain.erasure import CONFIRMS, REFERENCE_LIMIT, require_reference
from domain.errors import Malformed, NotAllowed, NotFound, Refused
from domain.people import Actor
from domain.state import Incident
from domain.state.service_case import read_case_text
from domain.values import is_case
from services import reading, subjects
from services.house import House
from storage import company, incidents, streams

PLACED: Final = "HoldPlaced"
RELEASED: Final = "HoldReleased"
_NUMBER = re.compile(r"H[0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyHold:
    """A hold of the company's log over one incident or case; `matter` is a number, never a name."""

    id: str
    stream: str
    matter: str
    placed_by: str
    placed_at: datetime
    released_at: datetime | None = None


def standing(
    house: House, stream: str, listed: Sequence[CompanyHold] | None = None
) -> tuple[str, ...]:
    """Name the holds over an incident or case: its own, its incident's, the company's.

    `listed` are all of the company's log, for whoever asks for many streams.
    """
    found: list[str] = []
    parent = _incident_of(house, stream) if is_case(stream) else stream
    if parent and (stored := incidents.load_state(house.engine, parent)) is not None:
        found += _own(parent, reading.kept_state(house, parent, stored))
    known = every(house) if listed is None else listed
    held = [one for one in known if one.released_at is None]
    found += [one.id for one in held if one.stream in (stream, parent)]
    return tuple(found)


def _own(name: str, state: Incident) -> list[str]:
    holds = state.people.holds.values()
    return [f"{name} {one.id}" for one in holds if one.released_at is None]


def _incident_of(house: House, stream: str) -> str:
    stored = streams.stream_state(house.engine, stream)
    if stored is None:
        return ""
    return read_case_text(stored.state, house.rules(stored.rules_hash)).incident or ""


def every(house: House) -> list[CompanyHold]:
    """List every hold of the company's log, in order."""
    found: dict[str, CompanyHold] = {}
    for line in company.lines_of(house.engine, (PLACED, RELEASED)):
        body = line.body
        if line.type == PLACED:
            name = f"H{line.seq}"
            found[name] = CompanyHold(
                id=name,
                stream=body["stream"],
                matter=body["matter"],
                placed_by=body["by"],
                placed_at=line.at,
            )
        elif (held := found.get(body["hold"])) is not None:
            found[held.id] = replace(held, released_at=line.at)
    return list(found.values())


def place(house: House, actor: Actor, stream: str, matter: str) -> str:
    """Place a hold over an incident or case, open or closed, and give its number.

    Raises NotAllowed, NotFound, Malformed without the number of the matter, Refused where the same
    matter holds it already.
    """
    _require_legal(actor)
    subjects.require_stream(house, stream)
    named = require_reference(matter)
    if not named:
        raise Malformed(
            "A hold names its matter.",
            f"Give the number of the matter or the request, at most {REFERENCE_LIMIT} signs.",
        )

    def still() -> bool:
        for one in every(house):
            if (one.stream, one.matter) == (stream, named) and not one.released_at:
                raise Refused(
                    f"{one.id} holds {stream} for {named} already.", "Nothing more is needed."
                )
        return True

    told = {"stream": stream, "matter": named, "by": actor.id}
    return f"H{company.log_if(house.engine, house.now(), PLACED, told, still)}"


def release(house: House, actor: Actor, hold: str) -> None:
    """Release a hold of the company's log. Raises NotAllowed, NotFound, Refused."""
    _require_legal(actor)
    found = {one.id: one for one in every(house)} if _NUMBER.fullmatch(hold) else {}
    one = found.get(hold)
    if one is None:
        raise NotFound(f"There is no hold {hold:.20}.", "See the page of personal data.")
    if one.released_at is not None:
        raise Refused(f"{hold} is released already.", "Nothing more is needed.")
    if one.placed_by == actor.id:
        raise NotAllowed(
            "Whoever placed a hold does not release it.",
            "Ask a second person of legal.",
            who_could=tuple(map(str, CONFIRMS)),
        )
    told = {"hold": one.id, "stream": one.stream, "by": actor.id}
    company.log(house.engine, house.now(), RELEASED, told)


def _require_legal(actor: Actor) -> None:
    if actor.on_behalf_of is not None or not (
        actor.holds(CONFIRMS) or actor.stands_in_for(CONFIRMS)
    ):
        raise NotAllowed(
            "Only legal places and releases holds.",
            "Ask them.",
            who_could=tuple(map(str, CONFIRMS)),
        )
