"""The default plan says what the tables say, and no plan may break the principle of silence.

Rows quote the reference tables 4.1 to 4.7 and 6.3; a changed number must be changed there too.
"""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import BrokenSetup
from domain.people import EVERYONE, TEAM, Role
from domain.plan import PLAN_ROLES, read_plan
from domain.plan_terms import (
    ACT_KEYS,
    NEVER_OVERRIDDEN,
    SAFE_SILENCE,
    SILENT_OUTSIDE,
    SPEAKS_OUTSIDE,
    STATEMENT_KINDS,
    STEP_KEYS,
    TWO_PEOPLE,
    Applies,
    Audience,
    ChannelKind,
    CountedFrom,
    Need,
    Silence,
    StageNeed,
    StatementLevel,
)
from domain.severity import Attention, Grade, HaltLevel
from domain.stages import SEVEN_STAGES
from tests.domain.plans import changed, put, text, the_plan

GRADES = {str(grade): grade for grade in Grade}


def roles(names: str) -> set[Role]:
    short = {
        "commander": Role.INCIDENT_COMMANDER,
        "qsr": Role.QUALITY_SAFETY_RESPONSIBLE,
        "legal_rep": Role.LEGAL_REPRESENTATIVE,
        "duty": Role.DUTY_OFFICER,
        "rp_eu": Role.RESPONSIBLE_PERSON_EU,
        "rp_us": Role.RESPONSIBLE_PERSON_US,
        "dr_cn": Role.DOMESTIC_RESPONSIBLE_CN,
        "regulatory": Role.REGULATORY_AFFAIRS,
        "assessor": Role.SAFETY_ASSESSOR,
        "pr": Role.PR_LEAD,
    }
    return {short.get(name) or Role(name) for name in names.split()}


# ---------------------------------------------------------------- 4.1 roles


def test_every_role_of_the_company_has_a_duty_in_both_languages() -> None:
    assert set(the_plan().roles) == set(PLAN_ROLES)
    assert all(row.duty_en and row.duty_zh for row in the_plan().roles.values())


def test_who_must_have_a_deputy() -> None:
    needed = {name for name, row in the_plan().roles.items() if row.deputy_needed}
    assert needed == roles("duty commander qsr pr")


# ---------------------------------------------------------------- 4.2 grades


@pytest.mark.parametrize(
    ("grade", "on_report", "on_acceptance", "by_decision", "within"),
    [
        ("minor", "H0", "H0", "H0", "-"),
        ("general", "H0", "H1", "H2", "-"),
        ("serious", "H1", "H2", "H3", "4 h"),
        ("critical", "H3", "H3", "H4", "4 h"),
    ],
)
def test_what_a_grade_halts(
    grade: str, on_report: str, on_acceptance: str, by_decision: str, within: str
) -> None:
    row = the_plan().grades[grade]
    assert (row.halt_on_report, row.halt_on_acceptance, row.halt_by_decision) == (
        on_report,
        on_acceptance,
        by_decision,
    )
    assert text(row.halt_decision_within) == within


@pytest.mark.parametrize(
    ("grade", "needs"),
    [
        ("minor", "report yes, investigation yes, halt no, recall no, statement by_attention, notice by_rule, review yes"),
        ("general", "report yes, investigation yes, halt yes, recall decision, statement prepared, notice by_rule, review by_cause"),
        ("serious", "report yes, investigation yes, halt yes, recall decision, statement yes, notice by_rule, review yes"),
        ("critical", "report yes, investigation yes, halt yes, recall decision, statement yes, notice by_rule, review yes"),
    ],
)  # fmt: skip
def test_which_stages_a_grade_needs(grade: str, needs: str) -> None:
    told = dict(part.split(" ") for part in needs.split(", "))
    assert the_plan().grades[grade].stages == {
        stage: StageNeed(told[stage]) for stage in SEVEN_STAGES
    }


@pytest.mark.parametrize(
    ("grade", "first", "every", "report", "review"),
    [
        ("minor", "-", "-", "-", "note"),
        ("general", "2 wd", "-", "7 d", "capa_by_cause"),
        ("serious", "4 h", "24 h", "24 h", "full"),
        ("critical", "1 h", "12 h", "12 h", "full_and_board"),
    ],
)
def test_meetings_reports_and_review(
    grade: str, first: str, every: str, report: str, review: str
) -> None:
    row = the_plan().grades[grade]
    assert (text(row.first_meeting_within), text(row.meeting_every)) == (first, every)
    assert (text(row.situation_report_every), row.review) == (report, review)


def test_teams_grow_with_the_grade() -> None:
    teams = {grade: set(the_plan().grades[grade].team) for grade in Grade}
    assert teams[Grade.MINOR] == set()
    assert teams[Grade.GENERAL] == roles("quality service_lead market_monitoring")
    assert teams[Grade.SERIOUS] > teams[Grade.GENERAL] | roles("legal plant_manager assessor")
    assert teams[Grade.CRITICAL] - teams[Grade.SERIOUS] == roles("outside_expert")


def test_quiet_hours_never_apply_to_serious_and_critical() -> None:
    assert [grade for grade in Grade if the_plan().grades[grade].quiet_hours] == [
        Grade.MINOR,
        Grade.GENERAL,
    ]


# ---------------------------------------------------------------- 4.3 acts

ACT_ROWS = [
    # act, grade or None, who proposes, further signatures, silence leads to
    ("accept_report", "minor", "duty commander", [], "accepted_by_plan"),
    ("accept_report", "general", "duty commander", [], "accepted_by_plan"),
    ("accept_report", "serious", "commander", [], "accepted_by_plan"),
    ("accept_report", "critical", "commander", [], "accepted_by_plan"),
    ("close_report", "general", "duty commander", ["quality qsr"], "accepted_by_plan"),
    ("halt_h1", None, "duty quality plant_manager supply_chain service_lead commander qsr", [], "stays_on"),
    ("halt_h2", None, "duty quality commander qsr", [], "stays_on"),
    ("halt_h3", None, "commander qsr", [], "stays_on"),
    ("halt_h4", None, "plant_manager qsr", [], "stays_on"),
    ("lower_grade", None, "commander", ["qsr"], "old_stands"),
    ("sign_hazard_evaluation", None, "assessor", ["qsr"], "escalates"),
    ("decide_recall", None, "commander", ["qsr", "legal_rep"], "escalates"),
    ("decide_no_recall", None, "commander", ["qsr", "legal"], "escalates"),
    ("widen_scope", None, "commander qsr", [], "old_stands"),
    ("narrow_scope", None, "commander", ["qsr"], "old_stands"),
    ("file_first", None, "regulatory", ["legal rp_eu rp_us dr_cn"], "escalates"),
    ("file_full", None, "regulatory", ["qsr rp_eu rp_us dr_cn"], "escalates"),
    ("determine_not_reportable", None, "regulatory", ["legal"], "duty_stays_open"),
    ("override_wording_house", None, "legal", [], "not_published"),
    ("override_wording_law", None, "legal", ["commander"], "not_published"),
    ("refund_within_policy", None, "service_agent service_lead", [], "given"),
    ("medical_cost", None, "service_lead", [], "escalates"),
    ("damages", None, "legal", ["finance"], "escalates"),
    ("resume_sale", None, "commander", ["qsr"], "stays_stopped"),
    ("dispose_goods", None, "qsr", ["legal finance regulatory assessor scribe"], "goods_locked"),
    ("complete_recall", None, "commander", ["regulatory"], "stays_open"),
    ("request_termination", None, "commander", ["regulatory"], "escalates"),
    ("close_incident", None, "commander", ["qsr", "legal"], "stays_open"),
    ("adopt_plan", None, "qsr", ["legal_rep"], "old_stands"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "grade", "proposers", "signers", "silence"),
    ACT_ROWS,
    ids=[f"{row[0]}-{row[1]}" for row in ACT_ROWS],
)
def test_who_decides_and_what_silence_leads_to(
    key: str, grade: str | None, proposers: str, signers: list[str], silence: str
) -> None:
    rule = the_plan().act(key, GRADES[grade] if grade else None)
    assert set(rule.proposers) == roles(proposers)
    assert [set(slot.roles) for slot in rule.signers] == [roles(names) for names in signers]
    assert rule.silence == silence
    assert rule.approvals == 1 + len(signers)


def test_anyone_reports_and_anyone_of_the_team_raises_the_grade() -> None:
    assert set(the_plan().act("report").proposers) == EVERYONE
    assert set(the_plan().act("raise_grade").proposers) == TEAM


def test_a_recall_waits_for_evaluation_and_scope_and_never_for_the_cause() -> None:
    for key in ("decide_recall", "decide_no_recall"):
        assert set(the_plan().act(key).needs) == {Need.HAZARD_EVALUATION, Need.SCOPE}
    assert text(the_plan().act("decide_no_recall").review_within) == "7 d"


@pytest.mark.parametrize(
    ("grade", "every"),
    [("critical", "30 min"), ("serious", "2 h"), ("general", "-"), ("minor", "-")],
)
def test_an_unsigned_recall_escalates_again_and_again(grade: str, every: str) -> None:
    assert text(the_plan().act("decide_recall").escalate_every.get(grade)) == every


@pytest.mark.parametrize(
    ("key", "amount", "above"),
    [("medical_cost", 500_000, "legal"), ("damages", 5_000_000, "legal_rep commander")],
)
def test_amounts_above_the_limits_take_more_people(key: str, amount: int, above: str) -> None:
    rule = the_plan().act(key).above
    assert rule is not None
    assert the_plan().remedies.amount(rule.limit) == amount
    assert set(rule.signers[0].roles) == roles(above)


# ---------------------------------------------------------------- 4.4 times

TIME_ROWS = [
    # step, counted from, critical, serious, general, minor
    ("acknowledge_report", "receipt", "5 min", "15 min", "4 h", "1 wd"),
    ("grade_and_accept", "receipt", "15 min", "30 min", "1 wd", "3 wd"),
    ("order_own_channels", "acceptance", "at once", "at once", "-", "-"),
    ("order_trade", "acceptance", "at once", "1 h", "-", "-"),
    ("stop_promotion", "acceptance", "30 min", "2 h", "-", "-"),
    ("confirm_own", "order", "5 min", "30 min", "3 wd", "-"),
    ("confirm_marketplace", "order", "2 h", "4 h", "3 wd", "-"),
    ("confirm_retailer", "order", "4 h", "24 h", "3 wd", "-"),
    ("confirm_distributor", "order", "24 h", "48 h", "3 wd", "-"),
    ("form_team", "acceptance", "30 min", "2 h", "1 wd", "-"),
    ("legal_hold", "acceptance", "2 h", "4 h", "-", "-"),
    ("scope_first", "acceptance", "4 h", "4 h", "1 wd", "-"),
    ("hazard_preliminary", "acceptance", "4 h", "24 h", "3 wd", "-"),
    ("hazard_signed", "acceptance", "24 h", "72 h", "10 wd", "-"),
    ("recall_decision", "acceptance", "24 h", "72 h", "10 wd", "-"),
    ("consignees_told", "decision", "24 h", "24 h", "72 h", "-"),
    ("consumers_told", "decision", "24 h", "48 h", "5 wd", "-"),
    ("authority_phone", "knowledge", "4 h", "24 h", "2 wd", "-"),
    ("authority_written", "knowledge", "24 h", "48 h", "2 wd", "-"),
    ("return_done", "receipt", "48 h", "48 h", "48 h", "48 h"),
    ("first_answer", "receipt", "30 min", "2 h", "4 h", "1 wd"),
    ("cause_finding", "acceptance", "7 d", "14 d", "30 d", "-"),
    ("capa_verified", "acceptance", "90 d", "90 d", "180 d", "-"),
    ("find_out", "receipt", "4 h", "4 h", "1 wd", "1 wd"),
]


@pytest.mark.parametrize("row", TIME_ROWS, ids=[row[0] for row in TIME_ROWS])
def test_how_long_a_step_may_take(row: tuple[str, ...]) -> None:
    step, counted_from, *limits = row
    assert the_plan().times[step].counted_from == CountedFrom(counted_from)
    assert [text(the_plan().step(step, grade)) for grade in reversed(Grade)] == limits


def test_the_table_of_times_is_quoted_whole() -> None:
    assert {row[0] for row in TIME_ROWS} == set(STEP_KEYS)


@pytest.mark.parametrize(
    "step", ["order_own_channels", "order_trade", "stop_promotion", "legal_hold"]
)
def test_general_waits_for_a_decision(step: str) -> None:
    assert the_plan().times[step].on_decision == (Grade.GENERAL,)


def test_the_cause_is_told_again_every_week_while_critical() -> None:
    assert text(the_plan().times["cause_finding"].then_every["critical"]) == "7 d"


@pytest.mark.parametrize(
    ("grade", "part", "of"), [("critical", 1, 2), ("serious", 1, 2), ("general", 2, 3)]
)
def test_internal_target_of_a_numbered_limit(grade: str, part: int, of: int) -> None:
    share = the_plan().grades[grade].internal_target
    assert share is not None
    assert (share.part, share.of) == (part, of)


@pytest.mark.parametrize("kind", ChannelKind)
def test_every_channel_must_confirm_in_a_known_time(kind: ChannelKind) -> None:
    assert the_plan().confirmation(kind, Grade.CRITICAL) is not None


# ---------------------------------------------------------------- 4.5 halt levels


@pytest.mark.parametrize(
    ("level", "adds", "before", "second", "within"),
    [
        ("H0", "", "", "", "-"),
        ("H1", "warehouse carrier samples", "on_one_report on_one_report on_one_report on_one_report", "quality qsr commander", "4 h"),
        ("H2", "own_shop promotion", "by_decision by_decision on_one_report on_one_report", "", "-"),
        ("H3", "retailer marketplace distributor salon duty_free cross_border export", "by_decision by_decision on_evidence on_one_report", "commander qsr", "2 h"),
        ("H4", "plant supplier_material", "on_fault on_fault on_fault on_fault", "", "-"),
    ],
)  # fmt: skip
def test_what_a_level_stops(level: str, adds: str, before: str, second: str, within: str) -> None:
    row = the_plan().level(level)
    assert set(row.channels) == set(adds.split())
    assert [row.before_confirmation[grade] for grade in Grade if before] == before.split()
    assert set(row.second_person_roles) == roles(second)
    assert text(row.second_person_within) == within


def test_h3_takes_the_lower_levels_along_and_h4_stands_beside_it() -> None:
    assert the_plan().levels_with("H3") == (HaltLevel.H1, HaltLevel.H2, HaltLevel.H3)
    assert the_plan().levels_with("H4") == (HaltLevel.H1, HaltLevel.H4)
    assert ChannelKind.RETAILER not in the_plan().kinds_at("H4")
    assert {ChannelKind.WAREHOUSE, ChannelKind.OWN_SHOP, ChannelKind.RETAILER} < set(
        the_plan().kinds_at("H3")
    )


@pytest.mark.parametrize("kind", ChannelKind)
def test_every_channel_is_reached_by_one_level(kind: ChannelKind) -> None:
    assert kind in the_plan().level(the_plan().level_of(kind)).channels


def test_h3_at_serious_needs_evidence_and_its_texts() -> None:
    row = the_plan().level("H3")
    assert {*row.evidence_enough} == {
        "several",
        "own_records",
        "accredited_lab",
        "authority",
        "elsewhere",
    }
    assert row.texts_ready == ("trade_hold", "staff", "hotline_script")


# ---------------------------------------------------------------- 4.6 and 6.1 statements

STATEMENT_ROWS = [
    # kind, (ready, out) at critical or high, serious or rising, general, approvals
    ("holding", ("30 min", "1 h"), ("2 h", "4 h"), ("1 wd", "-"), ["pr", "legal", "qsr", "regulatory rp_eu rp_us dr_cn", "language_reviewer"]),
    ("trade_hold", ("at once", "at once"), ("at once", "at once"), ("-", "-"), ["legal"]),
    ("staff", ("-", "-"), ("-", "-"), ("-", "-"), ["pr", "commander"]),
    ("hotline_script", ("2 h", "-"), ("4 h", "-"), ("2 wd", "-"), ["pr", "legal", "assessor"]),
    ("qa", ("2 h", "-"), ("4 h", "-"), ("2 wd", "-"), ["pr", "legal", "assessor"]),
    ("management_brief", ("1 h", "-"), ("4 h", "-"), ("7 d", "-"), ["commander"]),
    ("recall_notice", ("-", "24 h"), ("-", "48 h"), ("-", "5 wd"), ["pr", "legal", "qsr", "regulatory rp_eu rp_us dr_cn", "language_reviewer"]),
    ("apology", ("-", "24 h"), ("-", "48 h"), ("-", "-"), ["pr", "legal", "legal_rep"]),
    ("press_brief", ("-", "48 h"), ("-", "-"), ("-", "-"), ["spokesperson", "legal", "qsr"]),
    ("update", ("-", "-"), ("-", "-"), ("-", "-"), ["pr", "legal"]),
    ("correction", ("-", "2 h"), ("-", "4 h"), ("-", "1 wd"), []),
    ("closing", ("-", "-"), ("-", "-"), ("-", "-"), ["pr", "legal", "qsr"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "critical", "serious", "general", "approvals"),
    STATEMENT_ROWS,
    ids=[row[0] for row in STATEMENT_ROWS],
)
def test_when_a_text_is_ready_and_out_and_who_approves(
    kind: str,
    critical: tuple[str, str],
    serious: tuple[str, str],
    general: tuple[str, str],
    approvals: list[str],
) -> None:
    row = the_plan().statement(kind)
    times = {
        level: (text(row.timing[level].ready), text(row.timing[level].out))
        for level in StatementLevel
    }
    assert list(times.values()) == [critical, serious, general]
    own = [slot for slot in row.approvals if slot.applies is not Applies.EACH_OTHER_LANGUAGE]
    assert [set(slot.roles) for slot in own] == [roles(names) for names in approvals]


def test_nothing_leaves_in_a_language_that_nobody_attests() -> None:
    inside = {Audience.STAFF, Audience.BOARD}
    attested = {Applies.EACH_LANGUAGE, Applies.EACH_OTHER_LANGUAGE}
    unattested = {
        kind
        for kind, row in the_plan().statements.items()
        if not row.as_original and not set(row.audience) <= inside
        if not attested & {slot.applies for slot in row.approvals}
    }
    assert not unattested


def test_updates_come_daily_then_weekly() -> None:
    first = the_plan().timing("update", Grade.CRITICAL, Attention.LOW)
    assert first is not None
    assert (text(first.every), text(first.later_every)) == ("24 h", "7 d")


def test_an_unchanged_first_statement_takes_the_fast_lane() -> None:
    fast = the_plan().act("approve_statement.holding.fast")
    assert [set(slot.roles) for slot in fast.signers] == [roles("legal"), roles("pr")]
    assert the_plan().act("approve_statement.trade_hold.fast").signers == ()


def test_a_text_without_fast_lane_keeps_its_approvals() -> None:
    plan = the_plan()
    assert (
        plan.act("approve_statement.apology.fast").signers
        == plan.act("approve_statement.apology").signers
    )


def test_a_correction_is_approved_by_the_roles_of_its_original() -> None:
    plan = the_plan()
    assert (
        plan.act("approve_statement.correction.update").signers
        == plan.statement("update").approvals
    )
    assert (
        plan.act("approve_statement.correction").signers
        == plan.statement("recall_notice").approvals
    )


def test_medical_lines_and_languages_have_their_own_approvers() -> None:
    slots = the_plan().statement("qa").approvals
    assert [slot.applies for slot in slots[-2:]] == [
        Applies.MEDICAL_TEXT,
        Applies.EACH_OTHER_LANGUAGE,
    ]
    assert the_plan().statement("recall_notice").approvals[-1].applies is Applies.EACH_LANGUAGE


def test_responsibility_only_after_a_finding_or_decision() -> None:
    assert set(the_plan().statement("apology").only_after) == {
        Need.FINDING,
        Need.RECALL_DECISION,
        Need.HARM_CONFIRMED,
    }
    assert the_plan().statement("closing").needs_finding
    assert not the_plan().statement("recall_notice").needs_finding


@pytest.mark.parametrize(
    ("grade", "attention", "level"),
    [
        ("minor", "low", None),
        ("minor", "rising", "serious_or_rising"),
        ("minor", "high", "critical_or_high"),
        ("general", "low", "general"),
        ("serious", "low", "serious_or_rising"),
        ("serious", "high", "critical_or_high"),
        ("critical", "low", "critical_or_high"),
    ],
)
def test_the_graver_of_grade_and_attention_sets_the_times(
    grade: str, attention: str, level: str | None
) -> None:
    assert the_plan().statement_level(GRADES[grade], Attention(attention)) == level


def test_a_trending_rumour_without_a_case_gets_its_first_statement_in_an_hour() -> None:
    assert "holding" in the_plan().demanded(Grade.MINOR, Attention.HIGH)
    timing = the_plan().timing("holding", Grade.MINOR, Attention.HIGH)
    assert timing is not None
    assert text(timing.out) == "1 h"


def test_demands_grow_with_the_grade() -> None:
    demands = [set(the_plan().demanded(grade, Attention.LOW)) for grade in Grade]
    assert demands[0] == set()
    assert demands == sorted(demands, key=len)
    assert all(milder <= graver for milder, graver in pairwise(demands))
    assert {"holding", "recall_notice", "closing", "qa"} <= demands[2]


# ---------------------------------------------------------------- 4.7 ladder, 6.3 gate


@pytest.mark.parametrize(
    ("grade", "rungs"),
    [
        ("serious", "50 remind, 80 remind_loud, 100 deputy_may_act, 150 commander, 200 legal_representative"),
        ("critical", "50 remind, 80 remind_loud, 100 deputy_may_act, 150 commander, 150 legal_representative"),
    ],
)  # fmt: skip
def test_the_ladder(grade: str, rungs: str) -> None:
    ladder = the_plan().ladder_for(GRADES[grade])
    assert ", ".join(f"{rung.percent} {rung.act}" for rung in ladder) == rungs


def test_an_unacknowledged_critical_report_climbs_by_the_minute() -> None:
    assert the_plan().acknowledge_minutes == (3, 5, 8, 10)


def test_the_gate_has_twelve_questions_and_two_that_nobody_overrides() -> None:
    gate = the_plan().gate
    fixed = [number for number, item in enumerate(gate, 1) if not item.may_be_overridden]
    assert (len(gate), fixed) == (12, [1, 11])
    assert text(gate[1].fresh_within) == "4 h"


def test_numbers_of_the_severity_rules() -> None:
    severity = the_plan().severity
    assert (severity.critical_serious_cases, severity.cluster_people, severity.cluster_days) == (
        2,
        3,
        7,
    )


def test_refund_and_exchange_in_48_hours() -> None:
    remedies = the_plan().remedies
    assert (text(remedies.refund_within), text(remedies.exchange_within)) == ("48 h", "48 h")


# ---------------------------------------------------------------- the principle


@pytest.mark.parametrize("key", sorted(SPEAKS_OUTSIDE))
def test_silence_never_speaks_to_the_outside(key: str) -> None:
    assert the_plan().act(key).silence in SILENT_OUTSIDE
    assert {silence for silence, acts in SAFE_SILENCE.items() if key in acts} <= SILENT_OUTSIDE


@pytest.mark.parametrize("kind", STATEMENT_KINDS)
def test_a_statement_is_never_published_by_silence(kind: str) -> None:
    rule = the_plan().act(f"approve_statement.{kind}")
    assert rule.silence is Silence.NOT_PUBLISHED
    assert rule.signers
    assert set(rule.within) == set(Grade)


@pytest.mark.parametrize("key", ACT_KEYS)
def test_whoever_waits_for_signatures_waits_no_longer_than_the_plan_says(key: str) -> None:
    rule = the_plan().act(key)
    assert not rule.signers or all(rule.within_for(grade) for grade in Grade)


@settings(deadline=None, max_examples=40)
@given(key=st.sampled_from(ACT_KEYS), silence=st.sampled_from(Silence))
def test_a_plan_may_choose_a_safe_silence_and_no_other(key: str, silence: Silence) -> None:
    document = changed(put(f"acts.{key}.silence", str(silence)))
    if key in SAFE_SILENCE[silence]:
        assert read_plan(document).act(key).silence is silence
    else:
        with pytest.raises(BrokenSetup, match="is not safe here"):
            read_plan(document)


@pytest.mark.parametrize("key", sorted(TWO_PEOPLE))
def test_one_person_alone_never_decides_the_gravest_acts(key: str) -> None:
    with pytest.raises(BrokenSetup, match="One person alone never decides this"):
        read_plan(changed(put(f"acts.{key}.signers", [])))


@pytest.mark.parametrize("key", NEVER_OVERRIDDEN)
def test_a_plan_cannot_let_a_commander_pass_approval_or_personal_data(key: str) -> None:
    def open_the_gate(plan: dict[str, Any]) -> None:
        next(item for item in plan["gate"] if item["key"] == key)["may_be_overridden"] = True

    with pytest.raises(BrokenSetup, match="No commander may go on without this one"):
        read_plan(changed(open_the_gate))
