"""Rooms for inspectors: chosen parts of an incident, for somebody with a link and no account.

What belongs here: opening, extending and closing a room, and what is asked and answered in it. What
never does: the address of a room (services/room_links.py), or what its parts show (api/pages/).

No secret of a room stands in the record: address and code are made anew from the key of links. The
inspector's name and every question and answer lie in the vault; the record keeps their seals.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from domain.dispatch import Act, Due, Effect, causes, decides, evolves, watches
from domain.errors import NotAllowed, Refused
from domain.message import ask, command, event
from domain.people import Access, Role, inspector_actor, may_open
from domain.stages import Stage
from domain.state import Incident, Mark, with_stage
from domain.state.rooms import Room, RoomAnswer, RoomPart, RoomQuestion
from domain.values import PrivateText, PublicText

KEEPERS: Final = (
    Role.LEGAL,
    Role.QUALITY_SAFETY_RESPONSIBLE,
    Role.INCIDENT_COMMANDER,
    Role.REGULATORY_AFFAIRS,
)
"""Who opens, extends and closes a room, and may give its link and code to the inspector."""

ANSWERERS: Final = (Role.LEGAL, Role.REGULATORY_AFFAIRS, Role.QUALITY_SAFETY_RESPONSIBLE)
"""Who answers an inspector; what they write is the company's word to an authority."""

USUAL: Final = timedelta(days=7)
LONGEST: Final = timedelta(days=30)
"""How long a room stays open from an act on; longer is another act."""

UNANSWERED_AT_MOST: Final = 30
"""Questions of one room that wait at once: more is no inspector any more."""

QUESTION_LENGTH: Final = 2000
"""Characters of a question; the page of the room says so."""

REFUSED: Final = "RoomRefused"
"""The line of the company's log that tells of somebody who was not let into a room."""


class NotLetIn(StrEnum):
    """Why somebody who has a link was not let in."""

    WRONG_CODE = "wrong_code"
    DOOR_SHUT = "door_shut"
    """The right code was given after many wrong ones: it let nobody in."""
    CLOSED = "closed"
    """The company closed the room."""
    OVER = "over"
    """Its time is over, or its incident is closed, or the inspector's name was erased."""


NEVER_SHOWN: Final = frozenset({Access.PRIVILEGED})
"""Counsel's papers are shown in no room."""


# ---------------------------------------------------------------- events


@event("RoomOpened", stage=Stage.PEOPLE, access=Access.RESTRICTED)
@dataclass(frozen=True, slots=True, kw_only=True)
class RoomOpened:
    """An inspector may look at these parts until a time; their name is private."""

    room: str
    inspector: PrivateText
    firm: PublicText
    purpose: PublicText
    parts: tuple[RoomPart, ...]
    classes: tuple[Access, ...]
    until_at: datetime
    by: str


@event("RoomExtended", stage=Stage.PEOPLE)
@dataclass(frozen=True, slots=True, kw_only=True)
class RoomExtended:
    """A room stays open until another time."""

    room: str
    until_at: datetime
    by: str


@event("RoomClosed", stage=Stage.PEOPLE)
@dataclass(frozen=True, slots=True, kw_only=True)
class RoomClosed:
    """A room was closed before its time: its link leads nowhere any more."""

    room: str
    by: str


@event("RoomAsked", stage=Stage.PEOPLE, access=Access.RESTRICTED)
@dataclass(frozen=True, slots=True, kw_only=True)
class RoomAsked:
    """An inspector asked something in a room; `answer_by` is the time they gave, if they did."""

    question: str
    room: str
    words: PrivateText
    answer_by: datetime | None
    due_at: datetime


@event("RoomAnswered", stage=Stage.PEOPLE, access=Access.RESTRICTED)
@dataclass(frozen=True, slots=True, kw_only=True)
class RoomAnswered:
    """The company answered a question in a room; earlier answers stay beside it."""

    question: str
    words: PrivateText
    by: str


# ---------------------------------------------------------------- commands


@command(
    "open_room",
    stage=Stage.PEOPLE,
    roles=KEEPERS,
    title="Open a room for an inspector",
    help="They read the chosen parts by a link and a code, without an account, and change nothing. "
    "What they look at is kept in the company's log.",
    own_hand=True,
)
@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRoom:
    """Let somebody from an authority look at parts of this incident."""

    inspector: PrivateText = ask("Name of the inspector", access=Access.RESTRICTED, max=120)
    firm: PublicText = ask("Which authority or firm are they from?", max=200)
    purpose: PublicText = ask("What is it for?", max=1000)
    parts: tuple[RoomPart, ...] = ask("Which parts may they see?", some=True)
    classes: tuple[Access, ...] = ask(
        "Which private words may they read in these parts?",
        help="None, unless you choose. You can open what you may read yourself; counsel's papers "
        "are shown in no room.",
        default=(),
    )
    until_at: datetime | None = ask(
        "Until when?", help="At most 30 days ahead. Left empty: seven days.", default=None
    )


@command(
    "extend_room",
    stage=Stage.PEOPLE,
    roles=KEEPERS,
    title="Keep this room open longer",
    item="room",
    own_hand=True,
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendRoom:
    """Set another end; the same link goes on."""

    room: str = ask("Room", max=20)
    until_at: datetime = ask("Until when?", help="At most 30 days ahead.")


@command(
    "close_room",
    stage=Stage.PEOPLE,
    roles=KEEPERS,
    title="Close this room",
    help="Its link leads nowhere from this moment on.",
    item="room",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class CloseRoom:
    """End what was opened, at once."""

    room: str = ask("Room", max=20)


@command("ask_in_room", stage=Stage.PEOPLE, roles=[Role.INSPECTOR], title="Ask the company")
@dataclass(frozen=True, slots=True, kw_only=True)
class AskInRoom:
    """An inspector asks in their room."""

    room: str = ask("Room", max=20)
    words: PrivateText = ask("Your question", access=Access.RESTRICTED, max=QUESTION_LENGTH)
    answer_by: datetime | None = ask("Answer by", default=None)


@command(
    "answer_in_room",
    stage=Stage.PEOPLE,
    roles=ANSWERERS,
    title="Answer the inspector",
    help="They read it in their room as you write it. An answer is never changed: add another one.",
    item="question",
    own_hand=True,
)
@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerInRoom:
    """Answer what an inspector asked."""

    question: str = ask("Question", max=20)
    words: PrivateText = ask("The answer", access=Access.RESTRICTED, max=5000)


# ---------------------------------------------------------------- decide


@decides(OpenRoom)
def open_room(incident: Incident, act: Act, said: OpenRoom) -> tuple[RoomOpened, ...]:
    """Open a room over chosen parts, with private words of no class that is not chosen."""
    if not said.parts:
        raise Refused("A room shows something.", "Choose the parts.", code="no_parts")
    _require_openable(act, said.classes)
    return (
        RoomOpened(
            room=f"R{len(incident.people.rooms) + 1}",
            inspector=said.inspector,
            firm=said.firm,
            purpose=said.purpose,
            parts=tuple(part for part in RoomPart if part in said.parts),
            classes=tuple(access for access in Access if access in said.classes),
            until_at=_end(act, said.until_at or act.at + USUAL),
            by=act.who,
        ),
    )


def _require_openable(act: Act, classes: tuple[Access, ...]) -> None:
    if NEVER_SHOWN & set(classes):
        raise Refused(
            "Counsel's papers are shown in no room.", "Leave them out.", code="privileged"
        )
    if not all(may_open(act.actor, access) for access in classes):
        raise NotAllowed(
            "Nobody opens to others what they may not read themselves.",
            "Leave it out, or ask a colleague who may read it to open the room.",
        )


def _end(act: Act, until_at: datetime) -> datetime:
    if until_at <= act.at:
        raise Refused("This time is over already.", "Give a time ahead.", code="past")
    if until_at > act.at + LONGEST:
        raise Refused(
            f"A room is open for at most {LONGEST.days} days at a time.",
            "Give an earlier time; it can be extended before it ends.",
            code="too_long",
        )
    return until_at


@decides(ExtendRoom)
def extend_room(incident: Incident, act: Act, said: ExtendRoom) -> tuple[RoomExtended, ...]:
    """Set another end to a room that is open: later, or sooner."""
    _open_one(incident, act, said.room)
    return (RoomExtended(room=said.room, until_at=_end(act, said.until_at), by=act.who),)


@decides(CloseRoom)
def close_room(incident: Incident, act: Act, said: CloseRoom) -> tuple[RoomClosed, ...]:
    """Close a room that is open."""
    _open_one(incident, act, said.room)
    return (RoomClosed(room=said.room, by=act.who),)


@decides(AskInRoom)
def ask_in_room(incident: Incident, act: Act, said: AskInRoom) -> tuple[RoomAsked, ...]:
    """Take an inspector's question; it waits until the time they gave, else the plan's."""
    if act.actor.id != inspector_actor(said.room).id:
        raise NotAllowed("A room speaks for itself alone.", "Open the link of this room.")
    _open_one(incident, act, said.room)
    mine = [one for one in incident.people.room_questions if one.room == said.room]
    if sum(not one.answers for one in mine) >= UNANSWERED_AT_MOST:
        raise Refused(
            f"{UNANSWERED_AT_MOST} questions wait for an answer already.",
            "Wait until some are answered, or call the company.",
            code="too_many_questions",
        )
    return (
        RoomAsked(
            question=f"Q{len(incident.people.room_questions) + 1}",
            room=said.room,
            words=said.words,
            answer_by=said.answer_by,
            due_at=_answer_due(incident, act, said.answer_by),
        ),
    )


def _answer_due(incident: Incident, act: Act, asked_for: datetime | None) -> datetime:
    """Give until when a question is to be answered; a time that is over stands as it was given."""
    if asked_for is not None:
        return asked_for
    limit = incident.rules.plan.step("first_answer", incident.report.grade)
    return act.at + timedelta(days=1) if limit is None else incident.rules.due_at(act.at, limit)


@decides(AnswerInRoom)
def answer_in_room(incident: Incident, act: Act, said: AnswerInRoom) -> tuple[RoomAnswered, ...]:
    """Answer a question, also after its room ended: the record holds the answer."""
    if find_question(incident, said.question) is None:
        known = ", ".join(one.id for one in incident.people.room_questions) or "none yet"
        raise Refused(
            f"There is no question {said.question!r:.30}.", f"Known: {known}.", code="no_question"
        )
    return (RoomAnswered(question=said.question, words=said.words, by=act.who),)


def find_room(incident: Incident, room: str) -> Room | None:
    """Give a room by its id; None where there is none such."""
    return next((one for one in incident.people.rooms if one.id == room), None)


def find_question(incident: Incident, question: str) -> RoomQuestion | None:
    """Give a question by its id; None where there is none such."""
    return next((one for one in incident.people.room_questions if one.id == question), None)


def _open_one(incident: Incident, act: Act, room: str) -> Room:
    found = find_room(incident, room)
    if found is None or not found.is_open(act.at):
        raise Refused(
            f"Room {room!r:.30} is not open.", "Open a new room if one is needed.", code="no_room"
        )
    return found


# ---------------------------------------------------------------- evolve


@evolves(RoomOpened)
def _opened(incident: Incident, told: RoomOpened, mark: Mark) -> Incident:
    room = Room(
        id=told.room,
        seq=mark.seq,
        inspector=told.inspector,
        firm=told.firm,
        purpose=told.purpose,
        parts=told.parts,
        classes=told.classes,
        opened_at=mark.at,
        opened_by=told.by,
        until_at=told.until_at,
    )
    return with_stage(incident, "people", rooms=(*incident.people.rooms, room))


@evolves(RoomExtended)
def _extended(incident: Incident, told: RoomExtended, _mark: Mark) -> Incident:
    return _with_room(incident, told.room, until_at=told.until_at)


@evolves(RoomClosed)
def _closed(incident: Incident, told: RoomClosed, mark: Mark) -> Incident:
    return _with_room(incident, told.room, closed_at=mark.at)


def _with_room(incident: Incident, room: str, **changed: Any) -> Incident:
    rooms = tuple(
        replace(one, **changed) if one.id == room else one for one in incident.people.rooms
    )
    return with_stage(incident, "people", rooms=rooms)


@evolves(RoomAsked)
def _asked(incident: Incident, told: RoomAsked, mark: Mark) -> Incident:
    question = RoomQuestion(
        id=told.question,
        room=told.room,
        seq=mark.seq,
        asked_at=mark.at,
        words=told.words,
        answer_by=told.answer_by,
        due_at=told.due_at,
    )
    return _with_questions(incident, (*incident.people.room_questions, question))


@evolves(RoomAnswered)
def _answered(incident: Incident, told: RoomAnswered, mark: Mark) -> Incident:
    answer = RoomAnswer(seq=mark.seq, at=mark.at, by=told.by, words=told.words)
    return _with_questions(
        incident,
        tuple(
            replace(one, answers=(*one.answers, answer)) if one.id == told.question else one
            for one in incident.people.room_questions
        ),
    )


def _with_questions(incident: Incident, questions: tuple[RoomQuestion, ...]) -> Incident:
    return with_stage(incident, "people", room_questions=questions)


# ---------------------------------------------------------------- what follows


@watches(Stage.PEOPLE)
def questions_due(incident: Incident) -> Iterator[Due]:
    """Questions of inspectors wait for an answer; silence answers nothing."""
    for question in incident.people.room_questions:
        if question.answers:
            continue
        yield Due(
            key=f"room:{question.id}",
            stage=Stage.PEOPLE,
            title=f"Answer the inspector: {question.id}",
            roles=ANSWERERS,
            start_at=min(question.asked_at, question.due_at),
            due_at=question.due_at,
            act="answer_in_room",
            item=question.id,
        )


@causes(RoomAsked)
def _tell_asked(incident: Incident, told: RoomAsked, mark: Mark) -> Iterable[Effect]:
    room = find_room(incident, told.room)
    yield Effect(
        name="tell",
        target=f"room:{told.question}",
        seq=mark.seq,
        body={
            "kind": "room_asked",
            "roles": list(map(str, ANSWERERS)),
            "question": told.question,
            "room": told.room,
            "firm": room.firm if room else "",
            "due_at": told.due_at.isoformat(),
            "title": f"An inspector asked: {told.question}",
        },
    )
