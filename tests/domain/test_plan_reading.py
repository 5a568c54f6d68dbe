"""A plan file is read whole or refused in sentences a plan owner can act on."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.canonical import canonical
from domain.clock import parse_limit
from domain.errors import BrokenSetup
from domain.plan import plan_document, read_plan
from domain.plan_terms import ACT_KEYS, LATER_ACT_KEYS, STEP_KEYS
from domain.severity import Grade
from tests.domain.plans import Change, as_written, changed, drop, put, the_plan

BROKEN = {
    "role that is no role": (put("acts.file_first.proposers", ["regulator"]), "acts.file_first.proposers.0", "'regulator' is not known here. Is 'regulatory_affairs' meant?"),
    "word misspelt": (put("acts.halt_h1.silence", "stay_on"), "acts.halt_h1.silence", "Is 'stays_on' meant?"),
    "limit not readable": (put("times.form_team.within.critical", "half an hour"), "times.form_team.within.critical", "'half an hour' is not a limit."),
    "limit as a number": (put("times.form_team.within.critical", 30), "times.form_team.within.critical", "Write a time as text, such as '30 min'."),
    "limit backwards": (put("times.form_team.within.critical", "-30 min"), "times.form_team.within.critical", "A time of the plan runs forward."),
    "grade misspelt": (put("times.form_team.within.crtical", "30 min"), "times.form_team.within.crtical", "There is no 'crtical' here. Is 'critical' meant?"),
    "act missing": (drop("acts.lift_halt"), "acts.lift_halt", "This is missing, and every plan needs it."),
    "act unknown": (put("acts.lift_hold", {}), "acts.lift_hold", "There is no 'lift_hold' here."),
    "field missing": (drop("grades.serious.review"), "grades.serious.review", "this is needed."),
    "field unknown": (put("grades.serious.colour", "red"), "grades.serious.colour", "There is no field called 'colour'."),
    "title blank": (put("title_zh", " "), "title_zh", "This is blank: write it, or take the line out."),
    "fraction of money": (put("remedies.medical_cost_limit", 5000.5), "remedies.medical_cost_limit", "A whole number is expected here."),
    "money below zero": (put("remedies.medical_cost_limit", -1), "remedies.medical_cost_limit", "A number below zero has no meaning here."),
    "currency": (put("remedies.currency", "yuan"), "remedies.currency", "ISO 4217"),
    "date": (put("review_on", "next year"), "review_on", "A date is expected"),
    "review before adoption": (put("review_on", "2026-01-01"), "review_on", "The review must come after the adoption."),
    "role named twice": (put("acts.halt_h3.proposers", ["incident_commander", "incident_commander"]), "acts.halt_h3.proposers", "'incident_commander' stands here twice."),
    "machine signs": (put("acts.file_first.signers.0.roles", ["clock"]), "acts.file_first.signers.0.roles", "clock never acts under the plan"),
    "auditor approves": (put("statements.update.approvals.0.roles", ["auditor"]), "statements.update.approvals.0.roles", "auditor never acts under the plan"),
    "nobody proposes": (put("acts.file_first.proposers", []), "acts.file_first.proposers", "Name at least one role."),
    "nobody approves": (put("statements.apology.approvals", []), "statements.apology.approvals", "An author never approves: name an approver."),
    "halt falls": (put("grades.serious.halt_on_acceptance", "H0"), "grades.serious.halt_on_acceptance", "A halt never falls"),
    "graver grade halts less": (put("grades.critical.halt_on_report", "H0"), "grades.critical.halt_on_report", "A graver grade never halts less than serious."),
    "graver grade is slower": (put("times.form_team.within.critical", "3 h"), "times.form_team.within.critical", "critical may not take longer (3 h) than serious."),
    "limit and decision": (put("times.legal_hold.on_decision", ["serious"]), "times.legal_hold.on_decision", "serious has a limit and is left to a decision"),
    "statement unknown": (put("grades.serious.statements", ["holding_statement"]), "grades.serious.statements", "There is no text called 'holding_statement'."),
    "deciders differ": (put("halt.H3.deciders", ["incident_commander"]), "halt.H3.deciders", "must be the proposers of acts.halt_h3"),
    "level includes a higher one": (put("halt.H2.includes", ["H3"]), "halt.H2.includes", "A level includes lower levels only."),
    "second person without time": (drop("halt.H3.second_person_within"), "halt.H3.second_person_within", "Give both the roles and the time"),
    "evidence not named": (drop("halt.H3.evidence_enough"), "halt.H3.evidence_enough", "Say which evidence is enough."),
    "channel kind unknown": (put("halt.H3.channels", ["supermarket"]), "halt.H3.channels.0", "'supermarket' is not known here."),
    "channel kind nowhere": (put("halt.H2.channels", ["own_shop"]), "halt", "promotion must stand in exactly one row; now: no row."),
    "channel confirms twice": (put("times.confirm_retailer.confirms", ["retailer", "salon", "duty_free", "export"]), "times", "export must stand in exactly one row; now: times.confirm_retailer, times.confirm_distributor."),
    "step unknown": (put("acts.set_scope.step", "scope"), "acts.set_scope.step", "There is no step 'scope'."),
    "signatures without time": (drop("acts.decide_recall.within"), "acts.decide_recall.within", "Say for every grade how long signatures may take"),
    "rung missing": (lambda plan: plan["ladder"].pop(1), "ladder", "Write each rung once, in this order"),
    "rungs descend": (put("ladder.1.percent", 50), "ladder.1.percent", "Each rung stands above the one before."),
    "critical later": (put("ladder.4.percent_critical", 250), "ladder.4.percent_critical", "A critical incident escalates sooner, never later."),
    "law later": (put("ladder.3.percent_law", 160), "ladder.3.percent_law", "Over a limit of the law escalation comes sooner, never later."),
    "law descends": (put("ladder.3.percent_law", 90), "ladder.3.percent_law", "The rungs must not descend."),
    "deputies not at 100 %": (put("ladder.2.percent", 110), "ladder.2.percent", "Deputies may act when the time is over."),
    "gate question missing": (lambda plan: plan["gate"].pop(), "gate", "Write the twelve questions in order"),
    "share of nothing": (put("grades.critical.internal_target", {"part": 1, "of": 0}), "grades.critical.internal_target", "Write a part of one"),
    "table instead of a list": (put("ladder", {}), "ladder", "A list is expected here."),
    "text instead of a table": (put("acts", "none"), "acts", "An object is expected here."),
}  # fmt: skip


@pytest.mark.parametrize(("change", "path", "sentence"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_plan_is_told_by_path_and_sentence(
    change: Change, path: str, sentence: str
) -> None:
    with pytest.raises(BrokenSetup) as refusal:
        read_plan(changed(change))
    told = [problem.sentence for problem in refusal.value.fields if problem.path == path]
    assert any(sentence in one for one in told), refusal.value.sentence
    assert f"{path}: " in refusal.value.sentence
    name = path.rpartition(".")[2]
    assert f"{name}: {name}: " not in refusal.value.sentence, "the path says it already"


def test_all_problems_are_told_at_once_and_at_most_twenty() -> None:
    def blank_all_titles(plan: dict[str, Any]) -> None:
        for row in plan["acts"].values():
            row["title_en"] = ""

    with pytest.raises(BrokenSetup) as refusal:
        read_plan(changed(blank_all_titles))
    assert len(refusal.value.fields) == 20
    count = len(ACT_KEYS) + len(LATER_ACT_KEYS)
    assert f"{count} problems" in refusal.value.sentence
    assert f"and {count - 20} more" in refusal.value.sentence


def test_an_unknown_act_is_refused_by_name() -> None:
    with pytest.raises(BrokenSetup, match="no act 'fly'"):
        the_plan().act("fly")


# ---------------------------------------------------------------- the canonical form

LIMITS = st.one_of(
    st.builds("{} {}".format, st.integers(0, 120), st.sampled_from(["min", "h", "d", "wd", "mo"])),
    st.builds("{} {}".format, st.integers(0, 99_999), st.sampled_from(["min", "h"])),
    st.just("at once"),
)


@settings(deadline=None, max_examples=40)
@given(
    step=st.sampled_from(STEP_KEYS),
    grade=st.sampled_from(Grade),
    limit=LIMITS,
    amount=st.integers(0, 2**53 - 1),
    title=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1).filter(
        str.strip
    ),
)
def test_a_plan_survives_its_canonical_form(
    step: str, grade: Grade, limit: str, amount: int, title: str
) -> None:
    def change(plan: dict[str, Any]) -> None:
        plan["title_en"] = title
        plan["remedies"]["settlement_limit"] = amount
        plan["times"][step].update(within={str(grade): limit}, on_decision=[])

    plan = read_plan(changed(change))
    assert plan.step(step, grade) == parse_limit(limit)
    document = json.loads(json.dumps(plan_document(plan)))
    assert read_plan(document) == plan
    assert plan_document(read_plan(document)) == document


def test_the_canonical_form_is_fit_for_hashing() -> None:
    assert canonical(plan_document(the_plan())) == canonical(
        plan_document(read_plan(plan_document(the_plan())))
    )


def test_order_and_comments_do_not_change_a_plan() -> None:
    turned = {
        name: dict(reversed(table.items())) if isinstance(table, dict) else table
        for name, table in reversed(as_written().items())
    }
    assert canonical(plan_document(read_plan(turned))) == canonical(plan_document(the_plan()))
