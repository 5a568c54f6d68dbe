"""Stage `statement`: what each text waits for now, by when, and when silence goes up the ladder.

What belongs here: reading where a text stands, as one word and the acts that end the wait; and the
texts that the plan asks for and nobody has begun. What never does: who is asked for it
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
from domain.publication import places_to_put_right
from domain.publishing import free_places, publishable
from domain.state import Incident
from domain.state.statement import EDITABLE, SENDABLE, PlaceState, Statement, Status
from domain.statement_change import on_its_way
from domain.statement_demand import demands, next_act
from domain.statement_lookup import open_blocks
from domain.statement_openings import asks_where_it_stands, waits_for_eyes
from domain.statement_places import is_by_hand


class Wait(StrEnum):
    """What a text waits for."""

    DIFFERS = "differs"
    """Other words than those approved stand at a place."""
    NOT_THERE = "not_there"
    """It could not be brought to a place."""
    MEND = "mend"
    """It is out and said to be wrong, and nobody has begun a correction."""
    CORRECTING = "correcting"
    """It is out and said to be wrong; its correction is begun and waits for something itself."""
    WRITE = "write"
    """The plan asks for it, and nobody has begun it."""
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


WRONG: Final = (Wait.DIFFERS, Wait.NOT_THERE, Wait.MEND, Wait.CORRECTING)
"""What waits while people read, or may read, something that is not right."""

Answer = tuple[str, str]
"""An act that ends a wait, and what it is about."""

DRAFT: Final = "draft_statement"

_ANSWERS: Final = {
    Wait.MEND: "correct_statement",
    Wait.APPROVE: "approve_statement",
    Wait.CHANGE: "revise_statement",
    Wait.PUBLISH: "publish_statement",
    Wait.EMBARGO: "publish_statement",
    Wait.LOOK: "confirm_published_by_hand",
    Wait.HAND_IN: "ask_for_review",
    Wait.FILL_IN: "revise_statement",
}
"""The act that ends a wait; none where time or something else does, or where places decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A text and what it waits for: since when, by when, and the due that asks for it.

    `answers` end the wait, the usual one first. `places` are those where it does not stand as it
    should, `by` the correction of a text that is said to be wrong.
    """

    text: Statement
    wait: Wait
    answers: tuple[Answer, ...]
    places: tuple[PlaceState, ...] = ()
    by: str = ""
    since_at: datetime | None
    by_at: datetime | None
    due: Due | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unbegun:
    """A kind of text that the plan asks for and that nobody has begun: since when, by when."""

    kind: str
    what: str
    since_at: datetime
    by_at: datetime | None
    due: Due | None

    @property
    def wait(self) -> Wait:
        """Say what it waits for: to be written."""
        return Wait.WRITE

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Give the act that ends the wait, and its kind of text."""
        return ((DRAFT, self.kind),)


def unbegun_texts(incident: Incident) -> tuple[Unbegun, ...]:
    """List the texts that the plan asks for and nobody has begun, each once, the soonest first."""
    if incident.report.status not in OPEN_REPORT or incident.review.closed_at is not None:
        return ()
    asked = {due.key: due for due in dues(incident)}
    found: dict[str, Unbegun] = {}
    for demand in demands(incident):
        act, kind, _roles = ("", "", ()) if demand.met else next_act(incident, demand)
        if act != DRAFT:
            continue
        due: Due | None = asked.get(demand.key)
        one = Unbegun(
            kind=kind,
            what=demand.what,
            since_at=demand.start_at,
            by_at=due.due_at if due is not None else None,
            due=due,
        )
        found[kind] = min(found.get(kind, one), one, key=_soonest)
    return tuple(sorted(found.values(), key=_soonest))


def _soonest(one: Unbegun) -> tuple[bool, datetime]:
    return one.by_at is None, one.by_at or one.since_at


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
        by = _correction(incident, text) if text.flags else ""
        yield Waiting(
            text=text,
            wait=wait,
            answers=tuple((act, text.id) for act in _acts(text, wait, by)),
            places=_places(text, wait),
            by=by,
            since_at=_since(text, wait),
            by_at=_by(text, wait, at) or (due.due_at if due is not None else None),
            due=due,
        )


def wait_of(incident: Incident, text: Statement, at: datetime) -> Wait | None:
    """Say what a text waits for; None where it waits for nothing."""
    if places_to_put_right(text):
        return Wait.DIFFERS
    if text.flags:
        return Wait.CORRECTING if _correction(incident, text) else Wait.MEND
    if _not_reached(text):
        return Wait.NOT_THERE
    held = text.status in EDITABLE and bool(open_blocks(incident, text))
    if held:
        return Wait.FILL_IN if text.status is Status.DRAFT else Wait.CHANGE
    if text.status is Status.APPROVED:
        return _approved(incident, text, at)
    return _BY_STATUS[text.status] if text.status in _BY_STATUS else _on_its_way(text)


def _correction(incident: Incident, text: Statement) -> str:
    """Name the text that is begun and answers what is said to be wrong; "" where none is."""
    begun = (
        *on_its_way(incident, text, "corrects"),
        *on_its_way(incident, text, "retracts"),
    )
    return next(iter(begun), "")


def _not_reached(text: Statement) -> tuple[PlaceState, ...]:
    """List the places that could not be reached, of a text that may still go there."""
    failed = (place for place in text.places.values() if place.state == "failed")
    return tuple(failed) if text.status in SENDABLE else ()


def _places(text: Statement, wait: Wait) -> tuple[PlaceState, ...]:
    if wait is Wait.LOOK:
        return tuple(place for place in text.places.values() if waits_for_eyes(text, place))
    found = {Wait.DIFFERS: places_to_put_right, Wait.NOT_THERE: _not_reached}
    return found[wait](text) if wait in found else ()


def _acts(text: Statement, wait: Wait, correction: str) -> Iterator[str]:
    """Give the acts that end a wait, in their order.

    Where people bring a text they look again; on our own page it is sent again. What is said to be
    wrong besides is corrected after that.
    """
    places = _places(text, wait) if wait in (Wait.DIFFERS, Wait.NOT_THERE) else ()
    if any(is_by_hand(place.place) for place in places):
        yield _ANSWERS[Wait.LOOK]
    if wait is Wait.NOT_THERE or any(not is_by_hand(place.place) for place in places):
        yield _ANSWERS[Wait.PUBLISH]
    if wait is Wait.DIFFERS and text.flags and not correction:
        yield _ANSWERS[Wait.MEND]
    if wait in _ANSWERS:
        yield _ANSWERS[wait]


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
    if asks_where_it_stands(text):
        return Wait.LOOK
    return Wait.SENDING if text.status is Status.PUBLISHING else None


def _since(text: Statement, wait: Wait) -> datetime | None:
    """Say since when a text waits, where the record knows it."""
    if wait in (Wait.MEND, Wait.CORRECTING):
        return min(flag.at for flag in text.flags)
    if places := _places(text, wait):
        return min(place.at for place in places)
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


def next_rung(incident: Incident, waiting: Waiting | Unbegun) -> RungAt | None:
    """Give the next step up the ladder if nobody answers; None where no clock asks for the text."""
    rungs = (
        (rung for _, rung in rungs_of(incident, (waiting.due,))) if waiting.due is not None else ()
    )
    return min(rungs, key=lambda rung: rung.at, default=None)
