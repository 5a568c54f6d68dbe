"""State of inspector rooms: what is opened to whom and until when, and what was asked in them.

What belongs here: shapes. What never does: a rule (domain/rooms.py), or what a part shows.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.people import Access
from domain.values import PrivateText


class RoomPart(StrEnum):
    """What of an incident a room may show."""

    TIMELINE = "timeline"
    REPORT = "report"
    INVESTIGATION = "investigation"
    HALT = "halt"
    RECALL = "recall"
    STATEMENT = "statement"
    NOTICE = "notice"
    REVIEW = "review"
    STATEMENTS = "statements"
    FILINGS = "filings"
    EVIDENCE = "evidence"
    LEDGER = "ledger"
    PROOFS = "proofs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One room (R1, R2, ...): who may look, at which parts, and until when.

    `classes` are the access classes of private words that are read in it.
    """

    id: str
    seq: int
    inspector: PrivateText
    firm: str
    purpose: str
    parts: tuple[RoomPart, ...]
    classes: tuple[Access, ...]
    opened_at: datetime
    opened_by: str
    until_at: datetime
    closed_at: datetime | None = None

    def is_open(self, at: datetime) -> bool:
        """Say whether the room may be entered at `at`."""
        return self.closed_at is None and at < self.until_at


def ended(rooms: Iterable[Room], at: datetime) -> tuple[Room, ...]:
    """Give rooms as they are once their incident is closed at `at`: none is open, ever again."""
    return tuple(replace(one, closed_at=at) if one.is_open(at) else one for one in rooms)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomAnswer:
    """One answer to a question, with its words in the vault."""

    seq: int
    at: datetime
    by: str
    words: PrivateText


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomQuestion:
    """What an inspector asked in a room (Q1, Q2, ... of the incident), and what was answered."""

    id: str
    room: str
    seq: int
    asked_at: datetime
    words: PrivateText
    answer_by: datetime | None
    due_at: datetime
    answers: tuple[RoomAnswer, ...] = ()
