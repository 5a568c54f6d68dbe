"""State of the people around an incident: the team, absence, meetings, holds, outsiders, scribes.

What belongs here: shapes. What never does: a rule (domain/team.py, domain/meetings.py), or what a
role may do (domain/people.py and the plan).
"""

from dataclasses import dataclass, field
from datetime import datetime

from domain.people import Role
from domain.stages import Stage
from domain.state.rooms import Room, RoomQuestion
from domain.values import PrivateText
from domain.wire import added


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Who carries a role in this incident; until the person accepts, `before` still carries it."""

    role: Role
    person: str
    deputy: str | None
    seq: int
    assigned_at: datetime
    assigned_by: str
    note: str = ""
    before: str | None = None
    accepted_at: datetime | None = None

    @property
    def carried_by(self) -> str | None:
        """Give the person who answers for the role now, or None while nobody has accepted it."""
        return self.person if self.accepted_at else self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """From entry `seq` on other rules hold here: their hash and the plan's version, and by whom."""

    seq: int
    rules: str
    old_rules: str
    version: str
    old_version: str
    at: datetime
    by: str
    seconded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """The holder of a role is away; `until_at` is None when nobody knows until when."""

    role: Role
    seq: int
    since_at: datetime
    until_at: datetime | None
    told_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest:
    """What ties a person to the matter; who released a lot signs neither cause nor scope."""

    seq: int
    person: str
    interest: PrivateText | None
    released_lots: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One meeting as minuted; `decisions` are entry numbers."""

    number: int
    seq: int
    kind: str
    started_at: datetime
    ended_at: datetime
    attendees: tuple[str, ...]
    decisions: tuple[int, ...]
    dissent: str
    open_points: str
    next_at: datetime | None = None
    minutes: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of a situation report; `before` is what it was in the last one, empty if new."""

    key: str
    value: str
    unit: str
    status: str
    before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedSituation:
    """The last situation report; earlier ones stand in the ledger."""

    number: int
    seq: int
    at: datetime
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalHold:
    """What must be kept, by whom (L1, L2, ...); `acknowledged` says who confirmed, and when."""

    id: str
    seq: int
    scope: str
    custodians: tuple[str, ...]
    systems: tuple[str, ...]
    samples: tuple[str, ...]
    placed_at: datetime
    placed_by: str
    acknowledge_by: datetime | None
    acknowledged: dict[str, datetime] = field(default_factory=dict)
    released_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outsider:
    """Somebody from outside who sees the stages opened for them, until a time."""

    person: str
    seq: int
    scope: str
    opened: tuple[Stage, ...]
    until_at: datetime
    invited_by: str
    ended_at: datetime | None = None

    def may_enter(self, at: datetime) -> bool:
        """Say whether the invitation holds at `at`."""
        return self.ended_at is None and at < self.until_at


@dataclass(frozen=True, slots=True, kw_only=True)
class OnBehalf:
    """Entries `first` to `last` that a scribe recorded and the principal has not confirmed."""

    first: int
    last: int
    principal: str
    scribe: str
    at: datetime
    confirm_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleState:
    """Everything known about the team.

    `deputies_active` are the roles whose holder is marked absent, so that the deputy may act. The
    ladder lets deputies act as well, for as long as something asked of the role is overdue; that
    is read from what is due (domain/agenda.py, `deputies_now`) and kept nowhere. Keys of `roles`
    and `absences` are role names.
    """

    deputies_active: tuple[Role, ...] = ()
    roles: dict[str, Assignment] = field(default_factory=dict)
    absences: dict[str, Absence] = field(default_factory=dict)
    interests: tuple[Interest, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    agreed_line: str = ""
    agreed_line_seq: int | None = None
    holds: dict[str, LegalHold] = field(default_factory=dict)
    outsiders: dict[str, Outsider] = field(default_factory=dict)
    unconfirmed: tuple[OnBehalf, ...] = ()
    situation: ReportedSituation | None = added(None)
    situations: int = added(0)
    adoptions: tuple[Adoption, ...] = added(())
    rooms: tuple[Room, ...] = added(())
    room_questions: tuple[RoomQuestion, ...] = added(())

    @property
    def legal_hold_stands(self) -> bool:
        """Say whether anything is under a legal hold: then nothing may be erased."""
        return any(hold.released_at is None for hold in self.holds.values())

    @property
    def lot_releasers(self) -> frozenset[str]:
        """Give the people who declared that they released a lot."""
        return frozenset(i.person for i in self.interests if i.released_lots)
