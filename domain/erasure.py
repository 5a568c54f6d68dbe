"""Erasing what people told us: on what ground, who asks and who confirms, and what is said of it.

What belongs here: values and rules of the act. What never does: a key, a table, or a period
(domain/retention.py). An erasure is no entry of an incident: it is about a person, outlives every
incident, and stands as a line in the company's own log, without a word about the person.

Two people: the privacy officer asks, legal confirms. What must be kept (GDPR art. 17(3)(b) and
(c)) keeps the data until both say by name that it does not cover them; a legal hold (art.
17(3)(e)) keeps them until it is released.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from enum import StrEnum
from typing import Final

from domain.errors import Malformed, NotAllowed, Refused
from domain.limits import Limit, Unit
from domain.people import Actor, Role
from domain.retention import Keeps, KeepUntil, after

ASKS: Final = (Role.PRIVACY_OFFICER,)
CONFIRMS: Final = (Role.LEGAL,)
READS: Final = frozenset({Role.PRIVACY_OFFICER, Role.LEGAL, Role.AUDITOR})
"""Who sees what was asked for and what was erased; words are still opened by access class."""

ASKED: Final = "ErasureAsked"
WITHDRAWN: Final = "ErasureWithdrawn"
DONE: Final = "DataErased"
ENDS: Final = {WITHDRAWN: "withdrawn", DONE: "done"}
"""The lines of the company's log that tell of a request, and how one ended."""

ANSWERED_WITHIN: Final = Limit(1, Unit.MONTHS)
"""From the day on which a person asked (GDPR art. 12(3)); the PIPL names no number of days."""

TIMELY_IN: Final = "EU"
"""The market whose law names that number, and by whose clock its days are counted."""

REFERENCE_LIMIT: Final = 60
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/#-]*")
"""The number of a request, never a sentence: it stands in the log for ever."""


class Basis(StrEnum):
    """The ground on which data are erased (GDPR art. 17(1); PIPL art. 47)."""

    NO_LONGER_NEEDED = "no_longer_needed"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    OBJECTION = "objection"
    UNLAWFUL = "unlawful"
    LEGAL_DUTY = "legal_duty"
    PERIOD_OVER = "period_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request to erase: whose data of which stream, on what ground, and where it stands.

    `stream` is '' for what no entry names. `despite` is what both people say does not cover these
    data. `state` is asked, withdrawn or done.
    """

    id: str
    stream: str
    subjects: tuple[str, ...]
    letters: int
    basis: Basis
    reference: str
    despite: tuple[Keeps, ...]
    by: str
    asked_at: datetime
    state: str = "asked"
    ended_at: datetime | None = None
    ended_by: str = ""


def answered_by(basis: Basis, asked_at: datetime, zone: tzinfo) -> datetime | None:
    """Give the last instant of the month in which who asked must hear what was done.

    It is counted from the request here, on the days of `zone`: whoever asked did so earlier, or at
    that moment. None where nobody asked, and the company erases because its time for keeping is
    over.
    """
    if basis is Basis.PERIOD_OVER:
        return None
    last = after(asked_at.astimezone(zone).date(), ANSWERED_WITHIN)
    assert last is not None, "a limit of months gives a day"
    return datetime.combine(last, time.max, zone).astimezone(UTC)


def require_reference(reference: str) -> str:
    """Give the number of a request, trimmed. Raises Malformed where it may be a sentence."""
    told = reference.strip()
    if told and (len(told) > REFERENCE_LIMIT or not _REFERENCE.fullmatch(told)):
        raise Malformed(
            "The number of a request has letters, digits and . _ / # - only, 60 at most.",
            "Give its number, never a name: it stays in the log for ever.",
        )
    return told


def require_asker(actor: Actor) -> None:
    """Let the privacy officer alone ask, in their own name. Raises NotAllowed."""
    _require(actor, ASKS, "Only the privacy officer asks for an erasure.")


def require_confirmer(actor: Actor, asked_by: str) -> None:
    """Let legal alone confirm what another person asked for. Raises NotAllowed."""
    _require(actor, CONFIRMS, "Only legal confirms an erasure.")
    if actor.id == asked_by:
        raise NotAllowed(
            "Whoever asked for an erasure does not confirm it.",
            "Ask a second person of legal.",
            who_could=tuple(map(str, CONFIRMS)),
        )


def _require(actor: Actor, roles: tuple[Role, ...], sentence: str) -> None:
    if actor.on_behalf_of is not None or not (actor.holds(roles) or actor.stands_in_for(roles)):
        raise NotAllowed(sentence, "Ask them.", who_could=tuple(map(str, roles)))


def require_free(kept: KeepUntil, on: date, despite: Collection[Keeps]) -> None:
    """Refuse what must be kept: a hold is never overruled, all else only by name.

    Raises Refused.
    """
    against = kept.against(on)
    if Keeps.HOLD in against:
        raise Refused(
            f"A legal hold stands ({', '.join(kept.holds)}): nothing may be erased.",
            "Release the hold first, if nothing that it keeps is needed any more.",
            code="legal_hold",
        )
    for one in against:
        if one not in despite:
            raise Refused(
                _must_be_kept(kept, one),
                "Wait, or say by name that this does not cover these data (GDPR art. 17(3)).",
                code="must_be_kept",
            )


def _must_be_kept(kept: KeepUntil, why: Keeps) -> str:
    if why is Keeps.OPEN:
        return "It must be kept: it is not closed, and what was told is still needed."
    if why is Keeps.PERIOD and kept.last is not None:
        return f"It must be kept until {kept.until}: {kept.last.record.citation}."
    names = ", ".join(one.record.id for one in kept.doubtful)
    return f"It must be kept: for how long is not certain ({names})."
