"""The emergency plan as one typed value, and what stages ask of it.

What belongs here: the whole plan and its lookups. What never does: a row's shape
(domain/plan_rows.py), reading and checking (domain/plan.py), or a number of the plan
(plan/default.toml).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from domain.clock import Limit
from domain.errors import BrokenSetup
from domain.firm import ClassedProduct, FirmInMarket
from domain.people import SYSTEM_ROLES, Role
from domain.plan_reading import keyed
from domain.plan_rows import (
    ActRule,
    AttentionPlan,
    GateItem,
    GradePlan,
    LevelRule,
    QuietHours,
    RemedyLimits,
    RoleDuty,
    Rung,
    StatementKindPlan,
    StatementTiming,
    StepTime,
    ToldRow,
)
from domain.plan_terms import (
    ACT_KEYS,
    FAST,
    LATER_ACT_KEYS,
    STATEMENT_ACT,
    STATEMENT_KINDS,
    STEP_KEYS,
    Barred,
    Basis,
    ChannelKind,
    Silence,
    StatementLevel,
)
from domain.severity import Attention, Grade, HaltLevel
from domain.severity_rules import Parameters
from domain.wire import added

OUTSIDE_THE_PLAN = SYSTEM_ROLES | {Role.ADMIN}
"""Roles that keep the house running; the plan gives them no duty."""

PLAN_ROLES = tuple(role for role in Role if role not in OUTSIDE_THE_PLAN)
Row = TypeVar("Row")

_NOT_WRITTEN = ActRule(
    title_en="Not in this plan",
    title_zh="本预案未规定",
    proposers=(),
    silence=Silence.OLD_STANDS,
    basis=Basis.TARGET,
    citation="this version of the plan has no such row",
)
"""What a plan of before says of an act that has a row since later: its own roles, one signature."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One version of a company's emergency plan, as adopted.

    `languages_read` are those that everybody who approves texts reads, as two letters (zh, en): a
    language reviewer attests the others where a slot says so. `listed` says that shares of the
    company are traded; `told` is who else must hear, beside the authorities.
    """

    id: str
    version: str
    title_en: str
    title_zh: str
    adopted_on: date
    review_on: date
    adopted_by: tuple[str, ...]
    calendar: str
    severity: Parameters
    remedies: RemedyLimits
    roles: dict[str, RoleDuty] = keyed(PLAN_ROLES, complete=True)
    grades: dict[str, GradePlan] = keyed(Grade, complete=True)
    attention: dict[str, AttentionPlan] = keyed(Attention, complete=True)
    halt: dict[str, LevelRule] = keyed(HaltLevel, complete=True)
    acts: dict[str, ActRule] = keyed(ACT_KEYS, complete=True, later=LATER_ACT_KEYS)
    approve_statement_within: dict[str, Limit] = keyed(Grade, complete=True)
    times: dict[str, StepTime] = keyed(STEP_KEYS, complete=True)
    statements: dict[str, StatementKindPlan] = keyed(STATEMENT_KINDS, complete=True)
    ladder: tuple[Rung, ...]
    gate: tuple[GateItem, ...]
    # What came later has no value where it is not written: an old plan keeps its hash.
    quiet: QuietHours | None = None
    languages_read: tuple[str, ...] = added(())
    firm: tuple[FirmInMarket, ...] = added(())
    product_classes: tuple[ClassedProduct, ...] = added(())
    listed: bool = added(False)
    told: tuple[ToldRow, ...] = added(())

    # ------------------------------------------------------------ acts

    def act(self, key: str, grade: Grade | None = None) -> ActRule:
        """Give the rule of an act; with a grade, its proposers are those of that grade.

        Statements are `approve_statement.<kind>`; `.fast` behind it asks for the fast lane, the
        kind of the original behind `correction` and `retraction` for its roles. Raises
        BrokenSetup when the plan has no such act.
        """
        if key.startswith(STATEMENT_ACT):
            return self._statement_act(key.removeprefix(STATEMENT_ACT))
        if key in LATER_ACT_KEYS and key not in self.acts:
            return _NOT_WRITTEN
        rule = self._row(self.acts, key, "act")
        if grade is not None and grade in rule.proposers_at:
            rule = replace(rule, proposers=rule.proposers_at[grade])
        return rule

    def _statement_act(self, name: str) -> ActRule:
        kind, _, rest = name.partition(".")
        row = self.statement(kind)
        # A correction that does not say what it corrects is signed like the strictest text.
        source = self.statement(rest or "recall_notice") if row.as_original else row
        signers = source.approvals
        if rest == FAST and row.fast_lane is not None:
            signers = row.fast_lane
        return ActRule(
            title_en=f"Approve: {row.title_en}",
            title_zh=f"审批：{row.title_zh}",
            proposers=row.authors,
            signers=signers,
            silence=Silence.NOT_PUBLISHED,
            within=self.approve_statement_within,
            barred=(Barred.AUTHOR,),
            basis=row.basis,
            citation=row.citation,
        )

    # ------------------------------------------------------------ times

    def step(self, key: str, grade: Grade) -> Limit | None:
        """Give the time of a step at a grade; None when the plan sets none."""
        return self._row(self.times, key, "step").within.get(grade)

    def confirmation(self, kind: ChannelKind, grade: Grade) -> Limit | None:
        """Give the time in which a channel of this kind must confirm that it stopped."""
        return self.times[self.confirming(kind)].within.get(grade)

    def confirming(self, kind: ChannelKind) -> str:
        """Name the step that times the confirmation of this kind of channel."""
        return next(key for key, step in self.times.items() if kind in step.confirms)

    def ladder_for(self, grade: Grade, *, law: bool = False) -> tuple[Rung, ...]:
        """Give the rungs of escalation, with the percentages of this grade, or over a law's limit.

        No rung over a limit of the law comes later than it would over a time of ours.
        """
        critical = grade is Grade.CRITICAL
        return tuple(
            replace(
                rung,
                percent=min(
                    rung.percent,
                    (rung.percent_critical if critical else None) or rung.percent,
                    (rung.percent_law if law else None) or rung.percent,
                ),
            )
            for rung in self.ladder
        )

    @property
    def acknowledge_minutes(self) -> tuple[int, ...]:
        """Give the minutes of the ladder while a critical report waits to be acknowledged."""
        minutes = (rung.acknowledge_minute for rung in self.ladder)
        return tuple(minute for minute in minutes if minute is not None)

    # ------------------------------------------------------------ halts

    def level(self, name: str) -> LevelRule:
        """Give a halt level by its name, H0 to H4."""
        return self._row(self.halt, name, "halt level")

    def levels_with(self, name: str) -> tuple[HaltLevel, ...]:
        """Give the levels that an order of this level puts on: those it includes, and itself."""
        return (*self.level(name).includes, HaltLevel(name))

    def kinds_at(self, name: str) -> tuple[ChannelKind, ...]:
        """Give every kind of channel that an order of this level reaches."""
        return tuple(kind for one in self.levels_with(name) for kind in self.halt[one].channels)

    def level_of(self, kind: ChannelKind) -> HaltLevel:
        """Give the one level that adds this kind of channel."""
        return HaltLevel(next(name for name, row in self.halt.items() if kind in row.channels))

    # ------------------------------------------------------------ statements

    def statement(self, kind: str) -> StatementKindPlan:
        """Give what the plan says about one kind of text."""
        return self._row(self.statements, kind, "statement kind")

    def statement_level(self, grade: Grade, attention: Attention) -> StatementLevel | None:
        """Give the column of the statement table: the graver of grade and attention."""
        if grade is Grade.CRITICAL or attention is Attention.HIGH:
            return StatementLevel.CRITICAL_OR_HIGH
        if grade is Grade.SERIOUS or attention is Attention.RISING:
            return StatementLevel.SERIOUS_OR_RISING
        return StatementLevel.GENERAL if grade is Grade.GENERAL else None

    def timing(self, kind: str, grade: Grade, attention: Attention) -> StatementTiming | None:
        """Say when a text is asked for; None when nothing asks for texts at all."""
        level = self.statement_level(grade, attention)
        return None if level is None else self.statement(kind).timing[level]

    def demanded(self, grade: Grade, attention: Attention) -> tuple[str, ...]:
        """List the kinds of texts that the grade or the attention asks for, in table order."""
        wanted = {*self.grades[grade].statements, *self.attention[attention].statements}
        return tuple(kind for kind in STATEMENT_KINDS if kind in wanted)

    @staticmethod
    def _row(table: Mapping[str, Row], key: str, word: str) -> Row:
        if key not in table:
            raise BrokenSetup(f"The plan has no {word} {key!r}.", "Name one that stands in it.")
        return table[key]
