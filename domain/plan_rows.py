"""The rows of the emergency plan: what one line of the plan file holds.

What belongs here: row types, one per table of the reference (tables 4.1 to 4.7, 6.1, 6.3), and of
who else is told. What never does: the whole plan and its lookups (domain/plan.py) or a rule of a
stage. Field names are those of the file.
"""

from dataclasses import dataclass
from datetime import time, timedelta

from domain.clock import Limit
from domain.people import EVERYONE, TEAM, Role
from domain.plan_reading import grouped, keyed
from domain.plan_terms import (
    Applies,
    Audience,
    Barred,
    Basis,
    BeforeConfirmation,
    ChannelKind,
    CountedFrom,
    LadderAct,
    MoneyLimit,
    Need,
    ReviewDepth,
    Silence,
    StageNeed,
    StatementLevel,
    StatementWhen,
    ToldFrom,
)
from domain.regulation_terms import PartnerKind
from domain.severity import Evidence, Fault, Grade, HaltLevel
from domain.stages import SEVEN_STAGES
from domain.wire import added

GROUPS = {
    "anyone": [role for role in Role if role in EVERYONE],
    "team": [role for role in Role if role in TEAM],
}
"""Words that a list of proposers may use for many roles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleDuty:
    """What a role is there for, and whether it must have a deputy (table 4.1)."""

    title_en: str
    title_zh: str
    duty_en: str
    duty_zh: str
    deputy_needed: bool
    basis: Basis
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A part of a limit: `part` of `of`, such as 1 of 2."""

    part: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GradePlan:
    """What the plan does at one grade (table 4.2).

    The halt levels are those the plan orders by itself on the report and at the acceptance, and
    the one it then asks a decision about, within `halt_decision_within`. `meeting_every` without
    a value means one meeting. `internal_target` is the share of a limit of the law that we give
    ourselves. `quiet_hours` says whether reminders may wait for the morning.
    """

    title_en: str
    title_zh: str
    stages: dict[str, StageNeed] = keyed(SEVEN_STAGES, complete=True)
    team: tuple[Role, ...]
    halt_on_report: HaltLevel
    halt_on_acceptance: HaltLevel
    halt_by_decision: HaltLevel
    review: ReviewDepth
    quiet_hours: bool
    basis: Basis
    citation: str
    statements: tuple[str, ...] = ()
    halt_decision_within: Limit | None = None
    first_meeting_within: Limit | None = None
    meeting_every: Limit | None = None
    situation_report_every: Limit | None = None
    internal_target: Share | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """When reminders wait for the morning, on the company's clock, at grades that have such hours.

    What is overdue never waits.
    """

    from_hour: int
    until_hour: int
    basis: Basis
    citation: str

    def left_at(self, shown: time) -> timedelta:
        """Say how long the quiet hours last from a local time on; nothing outside them."""
        now = timedelta(hours=shown.hour, minutes=shown.minute, seconds=shown.second)
        begin, end = timedelta(hours=self.from_hour), timedelta(hours=self.until_hour)
        day = timedelta(days=1)
        since, whole = (now - begin) % day, (end - begin) % day
        return whole - since if since < whole else timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class AttentionPlan:
    """Which texts the public's attention asks for by itself, whatever the grade."""

    title_en: str
    title_zh: str
    statements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRule:
    """One halt level (table 4.5): what stops, who may order it, and on what ground.

    `channels` are the kinds this level adds; `includes` names the levels that go with it.
    `before_confirmation` is per grade. A second person of `second_person_roles` confirms or lifts
    the order within `second_person_within`; the halt stays on meanwhile. `texts_ready` are the
    statement kinds that must be approved beforehand.
    """

    name_en: str
    name_zh: str
    stops_en: str
    stops_zh: str
    felt_by_en: str
    felt_by_zh: str
    reason_en: str
    reason_zh: str
    basis: Basis
    citation: str
    channels: tuple[ChannelKind, ...] = ()
    includes: tuple[HaltLevel, ...] = ()
    deciders: tuple[Role, ...] = ()
    before_confirmation: dict[str, BeforeConfirmation] = keyed(Grade)
    evidence_enough: tuple[Evidence, ...] = ()
    faults_enough: tuple[Fault, ...] = ()
    second_person_roles: tuple[Role, ...] = ()
    second_person_within: Limit | None = None
    texts_ready: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One signature that is still needed: any holder of one of `roles` may give it."""

    roles: tuple[Role, ...]
    label_en: str
    label_zh: str
    applies: Applies = Applies.ONCE


@dataclass(frozen=True, slots=True, kw_only=True)
class AboveLimit:
    """Further signatures when the amount is above a limit of `remedies`."""

    limit: MoneyLimit
    signers: tuple[Slot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActRule:
    """Who decides an act, how many sign, and what silence leads to (table 4.3).

    The proposer signs first, each of `signers` is another person: approvals in all are one more
    than the signers. `proposers_at` replaces the proposers at a grade. `within` is how long a
    proposal may wait for its signatures; `step` names the row of the table of times that the act
    fulfils. `readers` must be shown it; all of `needs` must be on the record first.
    """

    title_en: str
    title_zh: str
    proposers: tuple[Role, ...] = grouped(GROUPS)
    silence: Silence
    basis: Basis
    citation: str
    signers: tuple[Slot, ...] = ()
    proposers_at: dict[str, tuple[Role, ...]] = keyed(Grade)
    step: str | None = None
    within: dict[str, Limit] = keyed(Grade)
    escalate_every: dict[str, Limit] = keyed(Grade)
    readers: tuple[Role, ...] = ()
    needs: tuple[Need, ...] = ()
    barred: tuple[Barred, ...] = ()
    above: AboveLimit | None = None
    review_within: Limit | None = None

    @property
    def approvals(self) -> int:
        """Count the people who sign in all: the proposer and the signers."""
        return 1 + len(self.signers)

    def within_for(self, grade: Grade) -> Limit | None:
        """Give the time that signatures may take at a grade; None when nobody else signs."""
        return self.within.get(grade)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTime:
    """How long a step may take per grade (table 4.4).

    A grade that `within` leaves out has no limit, or one set by a decision (`on_decision`).
    `then_every` repeats the step. `confirms` names the channel kinds whose confirmation it times.
    """

    title_en: str
    title_zh: str
    counted_from: CountedFrom
    responsible: Role
    basis: Basis
    citation: str
    within: dict[str, Limit] = keyed(Grade)
    on_decision: tuple[Grade, ...] = ()
    then_every: dict[str, Limit] = keyed(Grade)
    confirms: tuple[ChannelKind, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementTiming:
    """When a text is asked for at one level, ready and out by when, and how often again.

    `decided` is the time to decide whether there will be one. `every` holds until the state is
    stable, `later_every` from then on.
    """

    when: StatementWhen
    decided: Limit | None = None
    ready: Limit | None = None
    out: Limit | None = None
    every: Limit | None = None
    later_every: Limit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreApproved:
    """A template whose words are approved beforehand, in one language and exactly this version.

    `sha256` is what `andon plan templates` prints; another version is approved anew.
    """

    language: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementKindPlan:
    """One kind of text (tables 4.6 and 6.1): for whom, when, and with whose approval.

    The author never counts as an approver. `fast_lane` replaces `approvals` when a pre-approved
    text is unchanged except for its facts; an empty fast lane means nobody signs again, a missing
    one that there is none. `pre_approved` names the templates that may take it. With
    `as_original` the approvals are those of the text it corrects. One of `only_after` must be on
    the record before the text goes out.
    """

    title_en: str
    title_zh: str
    audience: tuple[Audience, ...]
    authors: tuple[Role, ...]
    counted_from: CountedFrom
    timing: dict[str, StatementTiming] = keyed(StatementLevel, complete=True)
    basis: Basis
    citation: str
    approvals: tuple[Slot, ...] = ()
    fast_lane: tuple[Slot, ...] | None = None
    as_original: bool = False
    only_after: tuple[Need, ...] = ()
    pre_approved: tuple[PreApproved, ...] = added(())

    @property
    def needs_finding(self) -> bool:
        """Say whether nothing but a signed finding opens the way for this text."""
        return self.only_after == (Need.FINDING,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One rung of the escalation ladder (table 4.7), at a share of the time.

    `percent_critical` replaces `percent` at grade critical, and `percent_law` both over a limit of
    the law: whoever answers for it hears of it by the time it passes. `acknowledge_minute` is the
    minute at which the rung is reached when a critical report waits for its acknowledgement.
    """

    percent: int
    act: LadderAct
    title_en: str
    title_zh: str
    percent_critical: int | None = None
    acknowledge_minute: int | None = None
    percent_law: int | None = added(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class GateItem:
    """One question of the gate before a public text goes out (reference 6.3).

    `fresh_within` is how old verified facts may be; older ones must be marked preliminary.
    """

    key: str
    en: str
    zh: str
    may_be_overridden: bool
    fresh_within: Limit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyLimits:
    """What we promise people and who may promise how much; amounts in minor units (fen, cents)."""

    currency: str
    refund_within: Limit
    exchange_within: Limit
    medical_cost_limit: int
    settlement_limit: int
    basis: Basis
    citation: str

    def amount(self, limit: MoneyLimit) -> int:
        """Give limit A (medical cost) or B (settlement) in minor units of the currency."""
        return (
            self.medical_cost_limit if limit is MoneyLimit.MEDICAL_COST else self.settlement_limit
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldWhen:
    """One condition under which somebody is told: all that is written in it must hold.

    `listed` means that the plan calls the company listed; `supplier` that a signed finding says
    the cause came from a supplier.
    """

    grade: Grade | None = None
    recall: bool = False
    halted: tuple[HaltLevel, ...] = ()
    hurt: bool = False
    supplier: bool = False
    listed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRow:
    """Somebody who is no authority and is told in our own time, by contract or by a rule of ours.

    The names are those of the part they have; who it is stands in the contract. One of `when` must
    hold. It is never law: those times come from the regulations alone.
    """

    key: str
    kind: PartnerKind
    name_en: str
    name_zh: str
    when: tuple[ToldWhen, ...]
    within: Limit
    counted_from: ToldFrom
    roles: tuple[Role, ...]
    basis: Basis
    citation: str
