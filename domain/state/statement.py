"""State of stage `statement`: texts on their way, enquiries, mentions, the agreed line.

What belongs here: shapes, and the table of where a text may go from where it is. What never does:
a rule. Only the current version's words are kept here; earlier ones stand in the ledger under
`VersionMark.seq`.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.mailed import NotMailed
from domain.people import Role
from domain.plan_terms import FAST
from domain.statement_text import (
    AgreedAnswer,
    LineWords,
    NotSaid,
    QuotedFact,
    Rendition,
    TemplateMark,
)
from domain.values import PrivateText
from domain.wire import added
from domain.wording import Finding


class Status(StrEnum):
    """Where a text stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    CORRECTED = "corrected"
    SUPERSEDED = "superseded"
    RETRACTED = "retracted"
    DROPPED = "dropped"


NEXT: dict[Status, frozenset[Status]] = {
    # From draft to approved at once: a fixed text, of which only facts were filled in.
    Status.DRAFT: frozenset({Status.DRAFT, Status.IN_REVIEW, Status.APPROVED, Status.DROPPED}),
    Status.IN_REVIEW: frozenset(
        {Status.DRAFT, Status.CHANGES_REQUESTED, Status.APPROVED, Status.DROPPED}
    ),
    Status.CHANGES_REQUESTED: frozenset({Status.DRAFT, Status.DROPPED}),
    Status.APPROVED: frozenset(
        {
            Status.DRAFT,
            Status.CHANGES_REQUESTED,
            Status.SCHEDULED,
            Status.PUBLISHING,
            Status.PUBLISHED,
            Status.DROPPED,
        }
    ),
    Status.SCHEDULED: frozenset(
        {
            Status.DRAFT,
            Status.CHANGES_REQUESTED,
            Status.APPROVED,
            Status.PUBLISHING,
            Status.PUBLISHED,
            Status.DROPPED,
        }
    ),
    Status.PUBLISHING: frozenset({Status.APPROVED, Status.PUBLISHED}),
    Status.PUBLISHED: frozenset({Status.CORRECTED, Status.SUPERSEDED, Status.RETRACTED}),
    Status.CORRECTED: frozenset({Status.CORRECTED, Status.SUPERSEDED, Status.RETRACTED}),
    Status.SUPERSEDED: frozenset({Status.RETRACTED}),
    Status.RETRACTED: frozenset(),
    Status.DROPPED: frozenset(),
}
"""The life of a text. A published text is never changed: another one corrects it, both stay."""

EDITABLE = frozenset(
    {
        Status.DRAFT,
        Status.IN_REVIEW,
        Status.CHANGES_REQUESTED,
        Status.APPROVED,
        Status.SCHEDULED,
    }
)
"""While a text is here it may be revised; any change voids what people approved."""

SENDABLE = (Status.APPROVED, Status.SCHEDULED, Status.PUBLISHING, Status.PUBLISHED)
"""While a text is here it may be sent out, or to a further place."""

OUT = frozenset({Status.PUBLISHED, Status.CORRECTED, Status.SUPERSEDED, Status.RETRACTED})
"""The world has seen it."""

REPLACED = frozenset({Status.CORRECTED, Status.SUPERSEDED, Status.RETRACTED})
"""Another text that is out took its place."""

TAKEN = frozenset({"ordered", "handed_over", "published"})
"""States of a place that needs no further order for these bytes."""

STANDS = frozenset({Status.APPROVED, Status.PUBLISHING, Status.PUBLISHED})
"""Approved, and not taken back or replaced: an answer may be given with it.

Not with a text that waits for its time: nobody reads that before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalSlot:
    """One approval that these bytes need: any holder of one of `roles`.

    `row` is the line of the plan it comes from: a person fills slots of one line only. `market` or
    `language` is set where the plan asks once for each of them.
    """

    key: str
    row: int
    roles: tuple[Role, ...]
    label_en: str
    label_zh: str
    market: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One approval of exactly these bytes."""

    slot: str
    row: int
    person: str
    role: str
    at: datetime
    sha256: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A block that people let pass in this version, with their reason."""

    finding: str
    rule: str
    reason: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedGap:
    """An item of the gate that the commander lets go by for exactly these bytes.

    `known` is what the record said was missing then (None: it was not noted).
    """

    item: str
    reason: str
    by: str
    known: tuple[str, ...] | None = added(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionMark:
    """One version: its entry in the ledger holds the words."""

    version: int
    seq: int
    sha256: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceState:
    """Where a text stands at one place: ordered, handed_over (by hand), published, failed.

    `sent_to` names outlets that took it by themselves, `not_sent_to` those where nobody knows;
    `stood` is what was found there instead. `mailed` names newsrooms that were sent it by e-mail,
    `not_mailed` those that it did not reach, or of which nobody knows.
    """

    place: str
    state: str
    at: datetime
    link: str = ""
    read_back: str = ""
    error: str = ""
    languages: tuple[str, ...] = ()
    rest_not_meant: bool = added(default=False)
    sent_to: tuple[str, ...] = added(())
    not_sent_to: tuple[str, ...] = added(())
    stood: str = added("")
    mailed: tuple[str, ...] = added(())
    not_mailed: tuple[NotMailed, ...] = added(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """Somebody says that a published text is wrong, or a fact moved that it tells."""

    what: str
    by: str
    at: datetime
    fact: str = added("")
    was: str = added("")
    now: str = added("")
    seq: int = added(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """When approved bytes go out by themselves, where, and who decided it with which answers."""

    at: datetime
    places: tuple[str, ...]
    confirmed: tuple[str, ...]
    by: str
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Approved bytes handed to somebody outside before they are published, under embargo.

    `closed_at` is when a person withdrew it (`withdrawn_by`, `reason`), or when its text was no
    longer the one that was shared. Whether it shows anything now: domain/previews.py.
    """

    number: int
    seq: int
    version: int
    sha256: str
    whom: PrivateText
    until: datetime
    by: str
    at: datetime
    closed_at: datetime | None = None
    withdrawn_by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A remark on one paragraph (0 is the headline) of one version, and what came of it."""

    number: int
    seq: int
    version: int
    language: str
    paragraph: int
    quote: str
    words: str
    by: str
    at: datetime
    answer: str = ""
    settled_by: str = ""
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One text with its versions; `authors` wrote any of them and approve none.

    `author_roles` are the roles they wrote in: who stands in for the holder approves at once.
    `written` is the entry in which a person last wrote it; the plan writes it again by itself.
    `sent_at` is when this version was first sent out, to whatever place.
    `templates` are those of its languages; `lane` is "fast" where it was handed in that way.
    `doubted_by` are the roles that asked for changes since it was last approved.
    `sources` are its words as typed, where they refer to facts, `told` those facts; `pointed_out`
    names changes of facts that flagged it once, so that a cleared flag stays cleared.
    """

    id: str
    kind: str
    status: Status
    version: int
    entry: int
    sha256: str
    facts_hash: str
    texts: tuple[Rendition, ...]
    facts: tuple[QuotedFact, ...]
    markets: tuple[str, ...]
    authors: tuple[str, ...]
    drafted_at: datetime
    first_drafted_at: datetime
    author_roles: tuple[Role, ...] = added(())
    preliminary: bool = False
    medical: bool = False
    findings: tuple[Finding, ...] = ()
    versions: tuple[VersionMark, ...] = ()
    slots: tuple[ApprovalSlot, ...] = ()
    approvals: tuple[Approval, ...] = ()
    overrides: tuple[Override, ...] = ()
    gaps: tuple[AllowedGap, ...] = ()
    review_asked_at: datetime | None = None
    review_due_at: datetime | None = None
    approved_at: datetime | None = None
    changes_by: str = ""
    changes_reason: str = ""
    places: dict[str, PlaceState] = field(default_factory=dict)
    orders: int = 0
    published_at: datetime | None = None
    about: str = ""
    relation: str = ""
    why: str = ""
    wrong_since: datetime | None = None
    flags: tuple[Flag, ...] = ()
    changed_by: tuple[str, ...] = ()
    sources: tuple[Rendition, ...] = added(())
    told: tuple[str, ...] = added(())
    pointed_out: tuple[str, ...] = added(())
    comments: tuple[Comment, ...] = added(())
    release: Release | None = added(None)
    written: int = added(0)
    sent_at: datetime | None = added(None)
    templates: tuple[TemplateMark, ...] = added(())
    lane: str = added("")
    previews: tuple[Preview, ...] = added(())
    doubted_by: tuple[Role, ...] = added(())

    @property
    def open_slots(self) -> tuple[ApprovalSlot, ...]:
        """List the approvals that are still missing."""
        filled = {approval.slot for approval in self.approvals}
        return tuple(slot for slot in self.slots if slot.key not in filled)

    @property
    def is_approved(self) -> bool:
        """Say whether every slot is filled, each on exactly the bytes that stand now.

        In the fast lane of a fixed text nobody signs again: it has no slots (reference 4.6).
        """
        is_fixed = self.lane == FAST and self.approved_at is not None
        return (
            (bool(self.slots) or is_fixed)
            and not self.open_slots
            and all(approval.sha256 == self.sha256 for approval in self.approvals)
        )

    @property
    def languages(self) -> tuple[str, ...]:
        """List its languages."""
        return tuple(text.language for text in self.texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What an enquiry was answered with."""

    statement: str
    version: int
    sha256: str
    by: str
    at: datetime
    spoken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Enquiry:
    """A question from outside: what it is about, and by when they want an answer."""

    id: str
    medium: str
    topic: str
    logged_at: datetime
    logged_by: str
    asked_by: PrivateText
    question: PrivateText | None
    answer_due_at: datetime | None
    answers: tuple[Answered, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One place where the public speaks about it."""

    seq: int
    at: datetime
    medium: str
    link: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedLine:
    """The one line 统一口径 that everybody keeps to."""

    version: int
    messages: tuple[str, ...]
    do_not_say: tuple[str, ...]
    spokesperson: str
    at: datetime
    by: str
    said_in: tuple[LineWords, ...] = ()
    answers: tuple[AgreedAnswer, ...] = added(())
    not_said_in: tuple[NotSaid, ...] = added(())


@dataclass(frozen=True, slots=True, kw_only=True)
class HotlineCall:
    """The last test call to a number: whether the right people answered, in which languages."""

    number: str
    answered: bool
    languages: tuple[str, ...]
    found: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KindDecision:
    """Whether a text that the plan leaves to a decision is wanted."""

    wanted: bool
    at: datetime
    by: str
    reason: str


MENTIONS_KEPT = 50
"""How many mentions the state holds, the newest last; all of them stand in the ledger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementState:
    """Everything stage `statement` knows; keys are S1, E1 and the kinds of text.

    Its word in the rail depends on what the plan demands: domain/statement_demand.py.
    """

    statements: dict[str, Statement] = field(default_factory=dict)
    enquiries: dict[str, Enquiry] = field(default_factory=dict)
    mentions: tuple[Mention, ...] = ()
    mentions_counted: int = 0
    agreed_line: AgreedLine | None = None
    decided: dict[str, KindDecision] = field(default_factory=dict)
    hotline_calls: tuple[HotlineCall, ...] = added(())
