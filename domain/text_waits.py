"""Stage `statement`: what each text waits for now, by when, and when silence goes up the ladder.

What belongs here: reading where a text stands, as one word. What never does: who is asked for it
(domain/openings.py, domain/statement_slots.py), a time (domain/agenda.py), or deciding.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from domain.agenda import RungAt, dues, rungs_of
from domain.dispatch import Due
from domain.halt import OPEN_REPORT
from domain.previews import withdrawable
from domain.publishing import free_places, publishable
from domain.state import Incident
from domain.state.statement import EDITABLE, Statement, Status
from domain.statement_lookup import open_blocks
from domain.statement_openings import waits_for_eyes


class Wait(StrEnum):
    """What a text waits for."""

    MEND = "mend"
    """It is out and said to be wrong, or other words stand somewhere than those approved."""
    APPROVE = "approve"
    CHANGE = "change"
    """Changes were asked for, or a rule holds its words."""
    PUBLISH = "publish"
    LOOK = "look"
    """People brought it somewhere, and nobody has said yet that it stands there."""
    SENDING = "sending"
    TIME = "time"
    """It goes out by itself at its time."""
    EMBARGO = "embargo"
    """It is approved, and readers outside have it under embargo."""
    RECORD = "record"
    """It is approved, and something must be on the record before it may go out."""
    HAND_IN = "hand_in"
    FILL_IN = "fill_in"
    """A draft whose words a rule holds: mostly a gap in it."""


ANSWERS: Final[dict[Wait, tuple[str, ...]]] = {
    Wait.MEND: (
        "correct_statement",
        "clear_flag",
        "retract_statement",
        "confirm_published_by_hand",
        "publish_statement",
    ),
    Wait.APPROVE: ("approve_statement",),
    Wait.CHANGE: ("revise_statement",),
    Wait.PUBLISH: ("publish_statement",),
    Wait.LOOK: ("confirm_published_by_hand",),
    Wait.SENDING: (),
    Wait.TIME: (),
    Wait.EMBARGO: (),
    Wait.RECORD: (),
    Wait.HAND_IN: ("ask_for_review",),
    Wait.FILL_IN: ("revise_statement",),
}
"""The acts that end each wait, the usual one first; none where time or something else does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A text and what it waits for: since when, by when, and the due that asks for it."""

    text: Statement
    wait: Wait
    since_at: datetime | None
    by_at: datetime | None
    due: Due | None


def waiting_texts(incident: Incident, at: datetime) -> tuple[Waiting, ...]:
    """List the texts of an incident that wait for something, in the order they were begun."""
    if incident.report.status not in OPEN_REPORT or incident.review.closed_at is not None:
        return ()
    return tuple(_waiting(incident, at)) if incident.statement.statements else ()


def _waiting(incident: Incident, at: datetime) -> Iterator[Waiting]:
    asked = {due.item: due for due in reversed(dues(incident))}  # the soonest of each
    for text in incident.statement.statements.values():
        wait = wait_of(incident, text, at)
        if wait is None:
            continue
        due: Due | None = asked.get(text.id)
        yield Waiting(
            text=text,
            wait=wait,
            since_at=_since(text, wait),
            by_at=_by(text, wait, at) or (due.due_at if due is not None else None),
            due=due,
        )


def wait_of(incident: Incident, text: Statement, at: datetime) -> Wait | None:
    """Say what a text waits for; None where it waits for nothing."""
    if text.flags or any(place.state == "failed" for place in text.places.values()):
        return Wait.MEND
    held = text.status in EDITABLE and bool(open_blocks(incident, text))
    if held:
        return Wait.FILL_IN if text.status is Status.DRAFT else Wait.CHANGE
    if text.status is Status.APPROVED:
        return _approved(incident, text, at)
    return _BY_STATUS[text.status] if text.status in _BY_STATUS else _on_its_way(text)


_BY_STATUS: Final = {
    Status.DRAFT: Wait.HAND_IN,
    Status.IN_REVIEW: Wait.APPROVE,
    Status.CHANGES_REQUESTED: Wait.CHANGE,
    Status.SCHEDULED: Wait.TIME,
}


def _approved(incident: Incident, text: Statement, at: datetime) -> Wait | None:
    """Say what an approved text waits for; one that is read inside waits for nothing more."""
    if not free_places(incident, text):
        return None
    if withdrawable(text, at):
        return Wait.EMBARGO
    return Wait.PUBLISH if publishable(incident, text) else Wait.RECORD


def _on_its_way(text: Statement) -> Wait | None:
    if any(waits_for_eyes(text, place) for place in text.places.values()):
        return Wait.LOOK
    return Wait.SENDING if text.status is Status.PUBLISHING else None


def _since(text: Statement, wait: Wait) -> datetime | None:
    """Say since when a text waits, where the record knows it."""
    if wait is Wait.MEND:
        faults = [place.at for place in text.places.values() if place.state == "failed"]
        return min((*(flag.at for flag in text.flags), *faults))
    if wait is Wait.LOOK:
        return min(p.at for p in text.places.values() if waits_for_eyes(text, p))
    known = {
        Wait.APPROVE: text.review_asked_at,
        Wait.PUBLISH: text.approved_at,
        Wait.RECORD: text.approved_at,
        Wait.SENDING: text.sent_at,
        Wait.HAND_IN: text.drafted_at,
        Wait.FILL_IN: text.drafted_at,
    }
    return known.get(wait)


def _by(text: Statement, wait: Wait, at: datetime) -> datetime | None:
    """Give the time that a text has of its own: of its release, or of the end of an embargo."""
    if wait is Wait.TIME and text.release is not None:
        return text.release.at
    if wait is Wait.EMBARGO:
        return min(one.until for one in withdrawable(text, at))
    return None


def next_rung(incident: Incident, waiting: Waiting) -> RungAt | None:
    """Give the next step up the ladder if nobody answers; None where no clock asks for the text."""
    rungs = (
        (rung for _, rung in rungs_of(incident, (waiting.due,))) if waiting.due is not None else ()
    )
    return min(rungs, key=lambda rung: rung.at, default=None)
