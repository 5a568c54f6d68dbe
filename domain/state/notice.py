"""State of stage `notice`: duties, what was filed under them, what authorities did, who else heard.

What belongs here: shapes. What never does: a rule. A duty is never taken out: it ends by a filing,
by a determination or where its own rule says so, and all of them stay on it.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from domain.people import Role
from domain.regulation_terms import (
    AuthorityActKind,
    AuthorityClass,
    ClockStart,
    Determination,
    DueBasis,
    DutyStatus,
    FilingKind,
    Force,
    Obliged,
    PartnerKind,
    ProductClass,
)
from domain.severity import ExpectedClass
from domain.wire import added

STILL_OPEN = (DutyStatus.OPEN, DutyStatus.TOLD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """One report as filed; `content_sha256` is over exactly what was sent.

    `sha256` names the text, or the file by its address: a closed file lies encrypted, and its
    address is over those bytes. Reports recorded by an earlier release have that alone.

    `spoken` says that it was told and a written one is to follow, `covered_by` names the duty whose
    report fulfilled this one too. `case_follow_ups` is how much was known of the person then.
    """

    number: int
    seq: int
    kind: FilingKind
    spoken: bool
    sha256: str
    channel: str
    sent_at: datetime
    late: bool
    by: str
    case_follow_ups: int = 0
    receipt: str = ""
    receipt_document: str | None = None
    covered_by: str = ""
    content_sha256: str = added("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Determined:
    """Why nothing of ours is filed under a duty, by whom, and when it is looked at again.

    `was_possible`: nobody was sure then; when the facts make the duty certain, it opens again.
    """

    seq: int
    at: datetime
    outcome: Determination
    reason: str
    signers: tuple[str, ...]
    was_possible: bool
    review_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """With which letter an authority ended what a duty was due for; `letter` is its hash."""

    seq: int
    at: datetime
    authority: str
    letter: str
    granted_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One duty (D1, D2, ...): one rule, one recipient, one subject; its terms are frozen.

    `subject` is `incident`, a case (P1), a follow-up of one (P1/2), an authority's act (AU1), or
    `incident/2` for the second of a series. `due_at` is None while the calendar is asked, when it
    refused (`no_due_why`), and for a rule that legal has not confirmed. `dues` counts how often the
    due time was set; `due_seq` is the entry that holds its derivation. `phone_at` is the company's
    own target for telling an authority by phone. `after` names the duty it follows. `afresh` is the
    entry with which it opened again: since then people are told of its time as of a new one.
    """

    id: str
    seq: int
    rule: str
    rule_version: str
    title_en: str
    title_zh: str
    market: str
    place: str
    recipient: str
    authority_en: str
    authority_zh: str
    subject: str
    case: str
    obliged: tuple[Obliged, ...]
    verified: bool
    possible: bool
    counts: bool
    start_fact: ClockStart
    start_at: datetime
    limit: str
    counting: str
    calendar: str
    force: Force
    covers: tuple[str, ...]
    arisen_at: datetime
    after: str = ""
    status: DutyStatus = DutyStatus.OPEN
    due_at: datetime | None = None
    due_basis: DueBasis | None = None
    due_seq: int | None = None
    dues: int = 0
    provisional: bool = False
    phone_at: datetime | None = None
    no_due_why: str = ""
    moves: int = 0
    overdue_at: datetime | None = None
    filings: tuple[Filing, ...] = ()
    determinations: tuple[Determined, ...] = ()
    confirmed_by: str | None = None
    reopened: int = 0
    ended: Ended | None = added(None)
    afresh: int | None = added(None)

    @property
    def is_open(self) -> bool:
        """Say whether something is still to be filed."""
        return self.status in STILL_OPEN

    @property
    def is_immediate(self) -> bool:
        """Say whether the law names no number of hours or days."""
        return self.limit == "at once"

    @property
    def is_before(self) -> bool:
        """Say whether it is due before the event that its clock starts at."""
        return self.limit.startswith("-")

    @property
    def law(self) -> bool:
        """Say whether the due time is a limit of the law."""
        return self.due_basis is DueBasis.LAW


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What legal said about a rule that was not verified: whether it applies, and its limit."""

    seq: int
    at: datetime
    applies: bool
    limit: str
    counting: str
    citation: str
    signers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartAnswer:
    """A first answer to an authority with more to come; its words are in the entry."""

    seq: int
    sent_at: datetime
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActFile:
    """A further file that belongs to an authority's act: minutes, a record of samples."""

    seq: int
    what: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Objected:
    """Whether we objected or asked for a re-test, and who said so; else why not."""

    seq: int
    asked: bool
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActWithdrawn:
    """Why an act that was recorded by mistake is not one, and who said so."""

    seq: int
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityAct:
    """One act of an authority (AU1, AU2, ...) and our answer to it.

    `old_dues` are the times that held before, `due_since` is when the one that holds was set where
    it is not the first. A part of the answer (`parts`) keeps the clock. Until `objection_due_at` we
    may object or ask for a re-test. One that was `withdrawn` stays and asks for nothing.
    """

    id: str
    seq: int
    authority: str
    market: str
    kind: AuthorityActKind
    number: str
    received_at: datetime
    document: str | None
    answer_due_at: datetime | None = None
    answered_at: datetime | None = None
    answered_seq: int | None = None
    late: bool = False
    old_dues: tuple[datetime | None, ...] = added(())
    due_since: datetime | None = added(None)
    parts: tuple[PartAnswer, ...] = added(())
    objection_due_at: datetime | None = added(None)
    objected: Objected | None = added(None)
    files: tuple[ActFile, ...] = added(())
    withdrawn: ActWithdrawn | None = added(None)

    @property
    def stands(self) -> bool:
        """Say whether it is an act at all: it was not withdrawn as recorded by mistake."""
        return self.withdrawn is None

    @property
    def waits(self) -> bool:
        """Say whether the authority asked for an answer that it has not got."""
        return self.answer_due_at is not None and self.answered_at is None and self.stands

    @property
    def may_object(self) -> bool:
        """Say whether an objection or a re-test is possible and nobody has said yes or no."""
        return self.objection_due_at is not None and self.objected is None and self.stands


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignedClass:
    """The class an authority assigned to a product line, beside the one we expected."""

    product: str
    line: str
    assigned: AuthorityClass
    expected: ExpectedClass
    act: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """Somebody who is no authority and was told."""

    seq: int
    kind: PartnerKind
    name: str
    told_at: datetime
    channel: str
    sha256: str
    by: str
    plan_row: str = added("")
    content_sha256: str = added("")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToTell:
    """Somebody who is no authority and must hear by the plan: a row that came to hold.

    Its terms are frozen. `told_at` is when they were first told of those told for this row;
    `not_needed` is why a named person (`said_by`) found that they need not hear here.
    """

    plan_row: str
    seq: int
    kind: PartnerKind
    name_en: str
    name_zh: str
    roles: tuple[Role, ...]
    start_at: datetime
    within: str
    due_at: datetime
    citation: str
    told_at: datetime | None = None
    not_needed: str = ""
    said_by: str = ""
    said_at: datetime | None = None

    @property
    def waits(self) -> bool:
        """Say whether they are still to be told."""
        return self.told_at is None and not self.not_needed


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductIs:
    """What a product is by the law of a market, as people said in this incident."""

    product: str
    market: str
    product_class: ProductClass
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeState:
    """Everything stage `notice` knows; keys are D1, rule ids, AU1 and product lines."""

    duties: dict[str, Duty] = field(default_factory=dict)
    judged: dict[str, Judged] = field(default_factory=dict)
    acts: dict[str, AuthorityAct] = field(default_factory=dict)
    classes: dict[str, AssignedClass] = field(default_factory=dict)
    partners: tuple[Partner, ...] = ()
    classed: tuple[ProductIs, ...] = added(())
    to_tell: tuple[ToTell, ...] = added(())

    @property
    def open_duties(self) -> tuple[str, ...]:
        """Name the duties under which something is still to be filed."""
        return tuple(duty.id for duty in self.duties.values() if duty.is_open)

    @property
    def unanswered(self) -> tuple[str, ...]:
        """Name the acts of authorities that wait for our answer."""
        return tuple(act.id for act in self.acts.values() if act.waits)

    @property
    def word(self) -> str:
        """Say in one word where the stage stands (see domain/overview.py).

        `waiting`: nothing is certain yet, somebody must judge whether it is reportable.
        """
        duties = [duty for duty in self.duties.values() if duty.is_open]
        if self.unanswered or any(not duty.possible and duty.counts for duty in duties):
            return "running"
        if duties:
            return "waiting"
        return "done" if self.duties or self.acts else "none"
