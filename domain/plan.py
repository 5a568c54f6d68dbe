"""The emergency plan: how it is read, written, and held to what every plan must keep.

What belongs here: reading a plan file, and the checks that its rows fit together. What never does:
the value itself (domain/plan_whole.py), an act of an incident, or a number of the plan
(plan/default.toml). A plan is pinned by hash over `plan_document`.

The principle that every plan must keep: silence moves to the safer side, and never speaks to the
outside (reference 4.3).
"""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from domain.clock import Limit, Unit
from domain.errors import FieldError
from domain.people import Role
from domain.plan_meaning import meaning_checks
from domain.plan_reading import file_document, file_schema, read_file
from domain.plan_rows import ActRule, GateItem, LevelRule, Rung, Slot, StatementKindPlan
from domain.plan_terms import (
    GATE_KEYS,
    NEVER_OVERRIDDEN,
    SAFE_SILENCE,
    SPEAKS_OUTSIDE,
    STATEMENT_KINDS,
    STEP_KEYS,
    TWO_PEOPLE,
    Applies,
    BeforeConfirmation,
    ChannelKind,
    LadderAct,
)
from domain.plan_told import told_checks
from domain.plan_whole import OUTSIDE_THE_PLAN, PLAN_ROLES, Plan
from domain.severity import Grade, HaltLevel
from domain.statement_text import LANGUAGE
from domain.values import Json

__all__ = ["OUTSIDE_THE_PLAN", "PLAN_ROLES", "Plan", "plan_document", "plan_schema", "read_plan"]

SIGNS_NOTHING = OUTSIDE_THE_PLAN | {Role.AUDITOR}
"""Roles that neither propose nor sign: an auditor reads and never acts."""

Wrong = Iterator[FieldError]
SOMETIMES = (Applies.MEDICAL_TEXT, Applies.EACH_OTHER_LANGUAGE)
"""Slots that many texts have none of: alone they would let a text out that nobody signed."""

_SHA256 = re.compile(r"[0-9a-f]{64}")


# ---------------------------------------------------------------- reading


def read_plan(document: Mapping[str, Any]) -> Plan:
    """Read a plan from what its TOML file (or its canonical form) holds.

    Raises BrokenSetup with one sentence per problem, each with its path, at most 20.
    """
    return read_file(Plan, document, what="The plan", checks=_checks)


def plan_document(plan: Plan) -> Json:
    """Give the canonical plain JSON of a plan: what is hashed, stored and handed to an auditor."""
    return file_document(Plan, plan)


def plan_schema() -> Json:
    """Give the JSON Schema of a plan file (plan/plan.schema.json)."""
    return file_schema(Plan, title="The emergency plan of a company")


# ---------------------------------------------------------------- what must fit together


def _checks(plan: Plan) -> Wrong:
    yield from _head(plan)
    yield from _people(plan)
    yield from _grades(plan)
    for name, level in plan.halt.items():
        yield from _level(plan, HaltLevel(name), level)
    yield from _channels(plan)
    for key, rule in plan.acts.items():
        yield from _act(key, rule)
    yield from _times(plan)
    yield from _texts(plan)
    yield from _languages_read(plan)
    yield from _ladder(plan.ladder)
    yield from _gate(plan.gate)
    yield from _firm(plan)
    yield from meaning_checks(plan)
    yield from told_checks(plan)


_MARKET_OF_RULES = re.compile(r"[A-Z]{2}|ASEAN")


def _firm(plan: Plan) -> Wrong:
    """Each market stands once, and says what the company is there."""
    for number, row in enumerate(plan.firm):
        path = f"firm.{number}"
        if not _MARKET_OF_RULES.fullmatch(row.market):
            yield FieldError(f"{path}.market", f"{row.market!r} is no market: such as CN or EU.")
        if not row.roles:
            yield FieldError(f"{path}.roles", "Say what the company is there.")
        if row.market in [other.market for other in plan.firm[:number]]:
            yield FieldError(f"{path}.market", f"{row.market} stands here twice.")
    for number, one in enumerate(plan.product_classes):
        path, known = f"product_classes.{number}", (one.product, one.market)
        if not _MARKET_OF_RULES.fullmatch(one.market):
            yield FieldError(f"{path}.market", f"{one.market!r} is no market: such as US or EU.")
        if known in [(o.product, o.market) for o in plan.product_classes[:number]]:
            yield FieldError(path, f"{one.product} in {one.market} stands here twice.")


def _head(plan: Plan) -> Wrong:
    if plan.review_on <= plan.adopted_on:
        yield FieldError("review_on", "The review must come after the adoption.")
    if not plan.adopted_by:
        yield FieldError("adopted_by", "Name who adopted this version.")
    if not (len(plan.remedies.currency) == 3 and plan.remedies.currency.isupper()):
        yield FieldError("remedies.currency", "Write the three letters of ISO 4217, such as CNY.")
    for name in ("critical_serious_cases", "cluster_people", "cluster_days"):
        if getattr(plan.severity, name) < 1:
            yield FieldError(f"severity.{name}", "Count at least 1.")


def _people(plan: Plan) -> Wrong:
    """Machines and administrators have no duty in the plan; auditors read and never sign."""
    for key, rule in plan.acts.items():
        yield from _signing(f"acts.{key}.proposers", rule.proposers)
        for grade, roles in rule.proposers_at.items():
            yield from _signing(f"acts.{key}.proposers_at.{grade}", roles)
        further = rule.above.signers if rule.above else ()
        yield from _slots(f"acts.{key}.signers", rule.signers)
        yield from _slots(f"acts.{key}.above.signers", further)
    for kind, row in plan.statements.items():
        yield from _signing(f"statements.{kind}.authors", row.authors)
        yield from _slots(f"statements.{kind}.approvals", row.approvals)
        yield from _slots(f"statements.{kind}.fast_lane", row.fast_lane or ())
    for grade, row_ in plan.grades.items():
        yield from _roles(f"grades.{grade}.team", row_.team, OUTSIDE_THE_PLAN)
    for step, time in plan.times.items():
        yield from _roles(f"times.{step}.responsible", (time.responsible,), SIGNS_NOTHING)


def _slots(path: str, slots: tuple[Slot, ...]) -> Wrong:
    for number, slot in enumerate(slots):
        yield from _signing(f"{path}.{number}.roles", slot.roles)


def _signing(path: str, roles: tuple[Role, ...]) -> Wrong:
    if not roles:
        yield FieldError(path, "Name at least one role.")
    yield from _roles(path, roles, SIGNS_NOTHING)


def _roles(path: str, roles: tuple[Role, ...], barred: frozenset[Role]) -> Wrong:
    for role in roles:
        if role in barred:
            yield FieldError(path, f"{role} never acts under the plan; name a role that does.")


def _grades(plan: Plan) -> Wrong:
    for grade in Grade:
        row, path = plan.grades[grade], f"grades.{grade}"
        yield from _known(f"{path}.statements", row.statements)
        levels = (row.halt_on_report, row.halt_on_acceptance, row.halt_by_decision)
        if list(levels) != sorted(levels):
            sentence = "A halt never falls from report to acceptance to decision."
            yield FieldError(f"{path}.halt_on_acceptance", sentence)
        if row.internal_target and not 0 < row.internal_target.part <= row.internal_target.of:
            yield FieldError(f"{path}.internal_target", "Write a part of one, such as 1 of 2.")
    for name in ("halt_on_report", "halt_on_acceptance"):
        for milder, graver in pairwise(Grade):
            if getattr(plan.grades[graver], name) < getattr(plan.grades[milder], name):
                sentence = f"A graver grade never halts less than {milder}."
                yield FieldError(f"grades.{graver}.{name}", sentence)
    for attention, asked in plan.attention.items():
        yield from _known(f"attention.{attention}.statements", asked.statements)


def _known(path: str, kinds: tuple[str, ...]) -> Wrong:
    for kind in kinds:
        if kind not in STATEMENT_KINDS:
            sentence = f"There is no text called {kind!r}. Choose: {', '.join(STATEMENT_KINDS)}."
            yield FieldError(path, sentence)


def _level(plan: Plan, name: HaltLevel, row: LevelRule) -> Wrong:
    path = f"halt.{name}"
    act = plan.acts.get(f"halt_{name.lower()}")
    if set(row.deciders) != set(act.proposers if act else ()):
        sentence = f"The deciders must be the proposers of acts.halt_{name.lower()}."
        yield FieldError(f"{path}.deciders", sentence if act else "Nobody decides to do nothing.")
    if any(included >= name for included in row.includes):
        yield FieldError(f"{path}.includes", "A level includes lower levels only.")
    if (row.second_person_within is None) != (not row.second_person_roles):
        sentence = "Give both the roles and the time of the second person, or neither."
        yield FieldError(f"{path}.second_person_within", sentence)
    yield from _known(f"{path}.texts_ready", row.texts_ready)
    if act and set(row.before_confirmation) != set(Grade):
        yield FieldError(f"{path}.before_confirmation", "Say it for every grade.")
    grounds = row.before_confirmation.values()
    if BeforeConfirmation.ON_EVIDENCE in grounds and not row.evidence_enough:
        yield FieldError(f"{path}.evidence_enough", "Say which evidence is enough.")
    if BeforeConfirmation.ON_FAULT in grounds and not row.faults_enough:
        yield FieldError(f"{path}.faults_enough", "Say which faults are enough.")


def _channels(plan: Plan) -> Wrong:
    """Every kind of channel is reached by one level, and its confirmation timed by one step."""
    for kind in ChannelKind:
        levels = [f"halt.{name}" for name, row in plan.halt.items() if kind in row.channels]
        steps = [f"times.{key}" for key, step in plan.times.items() if kind in step.confirms]
        for places, word in ((levels, "halt"), (steps, "times")):
            if len(places) != 1:
                stands = ", ".join(places) or "no row"
                yield FieldError(word, f"{kind} must stand in exactly one row; now: {stands}.")


def _act(key: str, rule: ActRule) -> Wrong:
    path = f"acts.{key}"
    safe = [silence for silence, acts in SAFE_SILENCE.items() if key in acts]
    if rule.silence not in safe:
        reason = (
            "silence never speaks to the outside"
            if key in SPEAKS_OUTSIDE
            else "silence moves to the safer side"
        )
        sentence = f"{rule.silence} is not safe here: {reason}. Choose: {', '.join(safe)}."
        yield FieldError(f"{path}.silence", sentence)
    if rule.step is not None and rule.step not in STEP_KEYS:
        sentence = f"There is no step {rule.step!r}. Choose: {', '.join(STEP_KEYS)}."
        yield FieldError(f"{path}.step", sentence)
    if key in TWO_PEOPLE and not rule.signers:
        yield FieldError(f"{path}.signers", "One person alone never decides this: name a signer.")
    if rule.signers and set(rule.within) != set(Grade):
        sentence = "Say for every grade how long signatures may take, or silence never ends."
        yield FieldError(f"{path}.within", sentence)
    yield from _graver_is_faster(f"{path}.within", rule.within)


def _times(plan: Plan) -> Wrong:
    yield from _graver_is_faster("approve_statement_within", plan.approve_statement_within)
    for key, step in plan.times.items():
        yield from _graver_is_faster(f"times.{key}.within", step.within)
        for grade in step.on_decision:
            if grade in step.within:
                sentence = f"{grade} has a limit and is left to a decision; choose one."
                yield FieldError(f"times.{key}.on_decision", sentence)


def _graver_is_faster(path: str, within: dict[str, Limit]) -> Wrong:
    given = [(grade, within[grade]) for grade in Grade if grade in within]
    for (milder, longer), (graver, shorter) in pairwise(given):
        if _is_longer(shorter, longer):
            sentence = f"{graver} may not take longer ({shorter.text}) than {milder}."
            yield FieldError(f"{path}.{graver}", sentence)


_MINUTES = {Unit.IMMEDIATELY: 0, Unit.MINUTES: 1, Unit.HOURS: 60, Unit.CALENDAR_DAYS: 1440}


def _is_longer(one: Limit, other: Limit) -> bool:
    """Say whether one limit is surely longer; working days compare with their own kind alone."""
    if one.unit is other.unit:
        return one.amount > other.amount
    if one.unit in _MINUTES and other.unit in _MINUTES:
        return one.amount * _MINUTES[one.unit] > other.amount * _MINUTES[other.unit]
    return False


def _texts(plan: Plan) -> Wrong:
    for kind, row in plan.statements.items():
        path = f"statements.{kind}"
        if not row.approvals and not row.as_original:
            yield FieldError(f"{path}.approvals", "An author never approves: name an approver.")
        if not row.audience:
            yield FieldError(f"{path}.audience", "Say who reads it.")
        for name, slots in (("approvals", row.approvals), ("fast_lane", row.fast_lane or ())):
            if slots and all(slot.applies in SOMETIMES for slot in slots):
                sentence = "Name an approver who signs each text, not only some of them."
                yield FieldError(f"{path}.{name}", sentence)
        yield from _pre_approved(f"{path}.pre_approved", row)


def _languages_read(plan: Plan) -> Wrong:
    for number, language in enumerate(plan.languages_read):
        if not re.fullmatch("[a-z]{2}", language):
            yield FieldError(f"languages_read.{number}", "Write two small letters, such as zh.")
    rows = (slot.applies for row in plan.statements.values() for slot in row.approvals)
    if not plan.languages_read and Applies.EACH_OTHER_LANGUAGE in rows:
        yield FieldError("languages_read", "Name the languages that all who approve texts read.")


def _pre_approved(path: str, row: StatementKindPlan) -> Wrong:
    if row.pre_approved and row.fast_lane is None:
        yield FieldError(path, "There is no fast lane for it: write one, or leave this out.")
    languages = [one.language for one in row.pre_approved]
    for number, one in enumerate(row.pre_approved):
        if not LANGUAGE.fullmatch(one.language):
            yield FieldError(f"{path}.{number}.language", "Write it like zh-CN, en or pt-BR.")
        if languages.index(one.language) != number:
            yield FieldError(f"{path}.{number}.language", "This language stands here twice.")
        if not _SHA256.fullmatch(one.sha256):
            sentence = "Write the version that `andon plan templates` prints: 64 characters."
            yield FieldError(f"{path}.{number}.sha256", sentence)


def _ladder(ladder: tuple[Rung, ...]) -> Wrong:
    if [rung.act for rung in ladder] != list(LadderAct):
        yield FieldError("ladder", f"Write each rung once, in this order: {', '.join(LadderAct)}.")
        return
    for number, (lower, higher) in enumerate(pairwise(ladder), 1):
        yield from _rising(f"ladder.{number}", lower, higher)
    for number, rung in enumerate(ladder):
        if (rung.percent_critical or rung.percent) > rung.percent:
            sentence = "A critical incident escalates sooner, never later."
            yield FieldError(f"ladder.{number}.percent_critical", sentence)
        if (rung.percent_law or rung.percent) > rung.percent:
            sentence = "Over a limit of the law escalation comes sooner, never later."
            yield FieldError(f"ladder.{number}.percent_law", sentence)
        shares = {rung.percent, rung.percent_critical, rung.percent_law}
        if rung.act is LadderAct.DEPUTY_MAY_ACT and shares - {100, None}:
            yield FieldError(f"ladder.{number}.percent", "Deputies may act when the time is over.")


def _rising(path: str, lower: Rung, higher: Rung) -> Wrong:
    """Say where a rung comes before the one below it."""
    if higher.percent <= lower.percent:
        yield FieldError(f"{path}.percent", "Each rung stands above the one before.")
    for name in ("percent_critical", "percent_law"):
        below, above = (getattr(rung, name) or rung.percent for rung in (lower, higher))
        if above < below:
            yield FieldError(f"{path}.{name}", "The rungs must not descend.")
    minutes = (lower.acknowledge_minute or 0, higher.acknowledge_minute)
    if minutes[1] is not None and minutes[1] <= minutes[0]:
        yield FieldError(f"{path}.acknowledge_minute", "The minutes must ascend.")


def _gate(gate: tuple[GateItem, ...]) -> Wrong:
    if tuple(item.key for item in gate) != GATE_KEYS:
        yield FieldError("gate", f"Write the twelve questions in order: {', '.join(GATE_KEYS)}.")
    for number, item in enumerate(gate):
        if item.key in NEVER_OVERRIDDEN and item.may_be_overridden:
            sentence = "No commander may go on without this one."
            yield FieldError(f"gate.{number}.may_be_overridden", sentence)
