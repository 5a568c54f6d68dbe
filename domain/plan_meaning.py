"""What a plan may write where: nothing stands in a row that no rule would carry out.

What belongs here: for each field whose meaning depends on its row, where it means something. What
never does: the shape of a row (domain/plan_rows.py) or whether rows fit together (domain/plan.py).
A plan that asks for something nobody does would be worse than one that does not ask.
"""

from collections.abc import Iterable, Iterator

from domain.errors import FieldError
from domain.people import COUNTS_GOODS, EVERYONE
from domain.plan_rows import ActRule, GradePlan, StatementKindPlan
from domain.plan_terms import (
    Barred,
    BeforeConfirmation,
    CountedFrom,
    Need,
    ReviewDepth,
    StageNeed,
    StatementWhen,
)
from domain.plan_whole import Plan
from domain.severity import Grade, HaltLevel
from domain.stages import Stage

Wrong = Iterator[FieldError]

IN_CASES = frozenset({"refund_within_policy", "medical_cost", "damages"})
"""Acts that after-sales cases know too: a case has no scope, evidence or halt to ask for."""

BARS_IN = {
    Barred.AUTHOR: frozenset({"override_wording_house", "override_wording_law"}),
    Barred.ACTION_OWNER: frozenset({"verify_action"}),
    Barred.HALT_ORDERER: frozenset({"confirm_halt", "lift_halt"}),
}
"""Acts that are about a text, an action, an order; a lot's releaser can be barred anywhere."""

ALWAYS_BARRED = {"confirm_halt": Barred.HALT_ORDERER, "verify_action": Barred.ACTION_OWNER}
"""A second person is another person, in every plan."""

NEVER_NEEDED = {
    "decide_recall": (Need.FINDING, Need.AUTHORITY_CONSENT),
    "decide_no_recall": (Need.AUTHORITY_CONSENT,),
}
"""A recall never waits for the cause or for an authority (reference 2)."""

STEP_OF = {
    HaltLevel.H1: "order_own_channels",
    HaltLevel.H2: "order_own_channels",
    HaltLevel.H3: "order_trade",
}
"""Which step of the plan's times says by when the orders of a level are out (table 4.4)."""

AFTER_ACCEPTANCE = frozenset({CountedFrom.ACCEPTANCE, CountedFrom.RECEIPT, CountedFrom.KNOWLEDGE})
ON_RECEIPT = frozenset({CountedFrom.RECEIPT, CountedFrom.KNOWLEDGE})
COUNTED = {
    "acknowledge_report": ON_RECEIPT,
    "grade_and_accept": ON_RECEIPT,
    "find_out": frozenset({CountedFrom.RECEIPT}),
    "order_own_channels": AFTER_ACCEPTANCE,
    "order_trade": AFTER_ACCEPTANCE,
    "stop_promotion": frozenset({CountedFrom.ACCEPTANCE, CountedFrom.ORDER}),
    "confirm_own": frozenset({CountedFrom.ORDER}),
    "confirm_marketplace": frozenset({CountedFrom.ORDER}),
    "confirm_retailer": frozenset({CountedFrom.ORDER}),
    "confirm_distributor": frozenset({CountedFrom.ORDER}),
    "consignees_told": frozenset({CountedFrom.DECISION}),
    "consumers_told": frozenset({CountedFrom.DECISION}),
    "authority_phone": frozenset({CountedFrom.KNOWLEDGE}),
    "authority_written": frozenset({CountedFrom.KNOWLEDGE}),
    "return_done": frozenset({CountedFrom.RECEIPT}),
    "first_answer": frozenset({CountedFrom.RECEIPT}),
}
"""From what a step can be counted; those not named here count from the acceptance or before."""

REPEATED = frozenset({"cause_finding"})
"""Steps that come again after an interim result."""

COUNTED_BY_WHEN = {
    StatementWhen.AFTER_RECALL_DECISION: CountedFrom.DECISION,
    StatementWhen.AFTER_HARM_OR_DECISION: CountedFrom.DECISION,
    StatementWhen.AT_TERMINATION: CountedFrom.DECISION,
    StatementWhen.AT_TERMINATION_IF_PUBLIC: CountedFrom.DECISION,
    StatementWhen.WITH_HALT_H3: CountedFrom.ORDER,
    StatementWhen.WHEN_FLAGGED: CountedFrom.FLAG,
}
"""Conditions that are themselves the moment a text's time is counted from."""

STAGE_NEEDS = {
    Stage.REPORT: (StageNeed.YES,),
    Stage.INVESTIGATION: (StageNeed.NO, StageNeed.YES),
    Stage.HALT: (StageNeed.NO, StageNeed.YES),
    Stage.RECALL: (StageNeed.NO, StageNeed.DECISION),
    Stage.STATEMENT: (StageNeed.BY_ATTENTION, StageNeed.PREPARED, StageNeed.YES),
    Stage.NOTICE: (StageNeed.BY_RULE,),
    Stage.REVIEW: (StageNeed.BY_CAUSE, StageNeed.YES),
}
"""What a grade may ask of a stage: the law is not a grade's to choose, nor is looking back."""


def meaning_checks(plan: Plan) -> Wrong:
    """Say what a plan writes that nothing would carry out, or that no plan may give up."""
    yield from _report(plan.acts["report"])
    for key, rule in plan.acts.items():
        yield from _act(plan, key, rule)
    yield from _recount(plan.acts.get("correct_count"))
    for name, level in plan.halt.items():
        beyond = set(level.second_person_roles) - set(plan.acts["confirm_halt"].proposers)
        if beyond:
            sentence = f"{', '.join(sorted(beyond))} may not confirm: see acts.confirm_halt."
            yield FieldError(f"halt.{name}.second_person_roles", sentence)
    for grade in Grade:
        yield from _grade(plan, grade, plan.grades[grade])
    yield from _times(plan)
    for kind, text in plan.statements.items():
        yield from _text(kind, text)
    if plan.quiet is not None:
        hours = (plan.quiet.from_hour, plan.quiet.until_hour)
        if max(hours) > 23 or hours[0] == hours[1]:
            yield FieldError("quiet", "Write two different hours from 0 to 23.")


def _recount(rule: ActRule | None) -> Wrong:
    """A correction of a count names its two counters, and they alone sign it."""
    slots = () if rule is None else rule.signers
    if len(slots) > 1 or any(set(slot.roles) != set(COUNTS_GOODS) for slot in slots):
        counters = ", ".join(COUNTS_GOODS)
        sentence = f"The second of the two who counted signs: one signer, any of {counters}."
        yield FieldError("acts.correct_count.signers", sentence)


def _report(rule: ActRule) -> Wrong:
    """Anyone of the company reports, at once and alone: no plan may take the cord away."""
    if set(rule.proposers) != EVERYONE:
        yield FieldError("acts.report.proposers", 'Anyone may report: write ["anyone"].')
    for name in ("signers", "needs", "barred", "proposers_at"):
        if getattr(rule, name):
            yield FieldError(f"acts.report.{name}", "Nothing keeps a report waiting.")


def _act(plan: Plan, key: str, rule: ActRule) -> Wrong:
    path = f"acts.{key}"
    for bar in rule.barred:
        if key not in BARS_IN.get(bar, plan.acts):
            yield FieldError(f"{path}.barred", f"{bar} means nothing here.")
    if key in IN_CASES and (rule.needs or rule.barred):
        yield FieldError(path, "An after-sales case has nothing to need or to bar for this.")
    always = ALWAYS_BARRED.get(key)
    if always is not None and always not in rule.barred:
        yield FieldError(f"{path}.barred", f"A second person looks: bar {always}.")
    for need in NEVER_NEEDED.get(key, ()):
        if need in rule.needs:
            sentence = "A recall never waits for the cause or for an authority."
            yield FieldError(f"{path}.needs", sentence)
    if rule.readers and not rule.signers:
        sentence = "It is read while it waits for signatures: name a signer."
        yield FieldError(f"{path}.readers", sentence)
    if rule.above is not None and key not in IN_CASES:
        yield FieldError(f"{path}.above", "This act has no amount.")
    if rule.review_within is not None and key != "decide_no_recall":
        yield FieldError(f"{path}.review_within", "Only a decision not to recall has a review.")


def _grade(plan: Plan, grade: Grade, row: GradePlan) -> Wrong:
    path = f"grades.{grade}"
    for stage, allowed in STAGE_NEEDS.items():
        if row.stages[stage] not in allowed:
            sentence = f"{row.stages[stage]} is not for this stage. Choose: {', '.join(allowed)}."
            yield FieldError(f"{path}.stages.{stage}", sentence)
    stops = row.halt_by_decision != HaltLevel.H0
    if (row.stages[Stage.HALT] is StageNeed.YES) != stops:
        yield FieldError(f"{path}.stages.halt", "Say yes where a level may stop, else no.")
    by_cause = row.stages[Stage.REVIEW] is StageNeed.BY_CAUSE
    if by_cause != (row.review is ReviewDepth.CAPA_BY_CAUSE):
        yield FieldError(f"{path}.review", "By cause in both places, or in neither.")
    for level in plan.levels_with(row.halt_on_report):
        before = plan.halt[level].before_confirmation.get(grade)
        if level != HaltLevel.H0 and before is BeforeConfirmation.BY_DECISION:
            sentence = f"At this grade {level} is left to a decision before the acceptance."
            yield FieldError(f"{path}.halt_on_report", sentence)


def undated_halts(plan: Plan) -> Wrong:
    """Tell levels that a plan leaves to people without a time: nobody would ever be asked.

    No check of `read_plan`: what running incidents pinned is read whatever it lacks. The step of a
    level may say instead that a decision sets its time.
    """
    for grade, row in plan.grades.items():
        level, step = row.halt_by_decision, STEP_OF.get(row.halt_by_decision)
        by_people = step is not None and grade in plan.times[step].on_decision
        if level != HaltLevel.H0 and row.halt_decision_within is None and not by_people:
            sentence = f"Say by when {level} is decided: without a time nobody is asked about it."
            yield FieldError(f"grades.{grade}.halt_decision_within", sentence)


def _times(plan: Plan) -> Wrong:
    for key, step in plan.times.items():
        allowed = COUNTED.get(key, AFTER_ACCEPTANCE)
        if step.counted_from not in allowed:
            sentence = f"{step.counted_from} is no start for this. Choose: {_listed(allowed)}."
            yield FieldError(f"times.{key}.counted_from", sentence)
        if step.then_every and key not in REPEATED:
            yield FieldError(f"times.{key}.then_every", "This step does not come again.")


def _text(kind: str, text: StatementKindPlan) -> Wrong:
    for level, timing in text.timing.items():
        fixed = COUNTED_BY_WHEN.get(timing.when)
        if fixed is not None and text.counted_from is not fixed:
            sentence = f"{timing.when} ({level}) is counted from {fixed}."
            yield FieldError(f"statements.{kind}.counted_from", sentence)


def _listed(words: Iterable[CountedFrom]) -> str:
    return ", ".join(sorted(words))
