"""Every answer in its place: which rule each single answer calls, written out a second time."""

from dataclasses import replace
from typing import Any

import pytest

from domain.severity import (
    Answers,
    Attention,
    AuthorityAct,
    CredibleHarm,
    Evidence,
    Fault,
    HaltLevel,
    Intent,
    Likelihood,
    Outcome,
    Publicity,
    Users,
    Whereabouts,
)
from domain.severity_assessment import assess, attention
from domain.severity_rules import Parameters

QUIET = Answers(
    worst_outcome=Outcome.NONE,
    fault=Fault.REPUTATION_ONLY,
    users=(Users.GENERAL,),
    whereabouts=Whereabouts.CONSUMERS,
    authority_act=AuthorityAct.NONE,
)


def made_by(**known: Any) -> tuple[str, ...]:
    """Give the rules that make the grade when only `known` is out of the ordinary."""
    return assess(replace(QUIET, **known), Parameters()).made_by


SERIOUS_HARM = {
    "infection",
    "intervention",
    "temporary_incapacity",
    "disfigurement",
    "disability",
    "hospitalised",
    "systemic",
    "congenital",
}
CAN_INJURE = {
    "pathogen",
    "forbidden_ingredient",
    "toxic_contaminant",
    "corrosive",
    "foreign_body_sharp",
    "pack_injury",
    "safety_label",
}
MAY_AFFECT = {"microbial_limit", "restricted_excess", "content_changed", "unknown"}


@pytest.mark.parametrize("outcome", Outcome)
def test_each_outcome_calls_its_rule(outcome: Outcome) -> None:
    if outcome == Outcome.NONE:
        expected = "N1"
    elif outcome in {Outcome.LIFE_THREATENING, Outcome.DEATH}:
        expected = "K1"
    else:
        expected = "S1" if outcome in SERIOUS_HARM else "G1"
    assert made_by(worst_outcome=outcome) == (expected,)


@pytest.mark.parametrize("whereabouts", Whereabouts)
@pytest.mark.parametrize("fault", Fault)
def test_each_fault_calls_its_rule_by_where_the_product_is(
    fault: Fault, whereabouts: Whereabouts
) -> None:
    if fault in CAN_INJURE:
        expected = "G2" if whereabouts == Whereabouts.OWN_CONTROL else "S2"
    elif fault in MAY_AFFECT:
        expected = "G3"
    else:
        expected = "G5" if fault == Fault.COUNTERFEIT_SUSPECTED else "N1"
    assert made_by(fault=fault, whereabouts=whereabouts) == (expected,)


@pytest.mark.parametrize("fault", Fault)
@pytest.mark.parametrize("whereabouts", Whereabouts)
def test_germs_and_burning_products_are_critical_with_people_who_are_hurt_more_easily(
    fault: Fault, whereabouts: Whereabouts
) -> None:
    at_home_or_unknown = whereabouts in {Whereabouts.CONSUMERS, Whereabouts.UNKNOWN}
    worst_faults = {Fault.PATHOGEN, Fault.CORROSIVE}
    rules = made_by(fault=fault, whereabouts=whereabouts, users=(Users.PREGNANT,))
    assert ("K4" in rules) == (fault in worst_faults and at_home_or_unknown)


@pytest.mark.parametrize("users", Users)
def test_five_groups_of_users_are_hurt_more_easily(users: Users) -> None:
    expected = "G1" if users in {Users.GENERAL, Users.UNKNOWN} else "M1"
    assert made_by(worst_outcome=Outcome.MILD, users=(users,)) == (expected,)


AUTHORITY = {
    AuthorityAct.NONE: "N1",
    AuthorityAct.UNKNOWN: "N1",
    AuthorityAct.INQUIRY: "G4",
    AuthorityAct.SAMPLING_OTHER: "G4",
    AuthorityAct.SAMPLING_SAFETY: "S3",
    AuthorityAct.ORDER_STOP: "S3",
    AuthorityAct.ORDER_RECALL: "S3",
    AuthorityAct.FOREIGN_RECALL: "S3",
}


@pytest.mark.parametrize("act", AuthorityAct)
def test_each_act_of_an_authority_calls_its_rule(act: AuthorityAct) -> None:
    assert made_by(authority_act=act) == (AUTHORITY[act],)


@pytest.mark.parametrize("whereabouts", Whereabouts)
@pytest.mark.parametrize("intent", Intent)
def test_tampering_and_threats_are_critical_once_it_left_our_control(
    intent: Intent, whereabouts: Whereabouts
) -> None:
    out = whereabouts != Whereabouts.OWN_CONTROL
    on_purpose = intent in {Intent.TAMPERING, Intent.THREAT}
    expected = "G5" if intent == Intent.COUNTERFEIT else "N1"
    rules = made_by(intent=intent, whereabouts=whereabouts)
    assert rules == (("K5",) if on_purpose and out else (expected,))


HAZARD = {
    CredibleHarm.FATAL_OR_IRREVERSIBLE: {"reasonable": "K3", "remote": "S5", "unknown": "K3"},
    CredibleHarm.SERIOUS_TREATABLE: {"reasonable": "K3", "remote": "S5", "unknown": "S5"},
    CredibleHarm.REVERSIBLE: {"reasonable": "G3", "remote": "G3", "unknown": "G3"},
    CredibleHarm.NONE: {"reasonable": "N1", "remote": "N1", "unknown": "N1"},
    CredibleHarm.UNKNOWN: {"reasonable": "N1", "remote": "N1", "unknown": "N1"},
}


@pytest.mark.parametrize("likelihood", Likelihood)
@pytest.mark.parametrize("harm", CredibleHarm)
def test_each_hazard_calls_its_rule_by_how_likely_it_is(
    harm: CredibleHarm, likelihood: Likelihood
) -> None:
    some = harm not in {CredibleHarm.NONE, CredibleHarm.UNKNOWN}
    not_likely = "G3" if some else "N1"
    out = HAZARD[harm].get(likelihood, not_likely)
    hazard = {"credible_harm": harm, "likelihood": likelihood}
    assert made_by(**hazard) == (out,)
    assert made_by(**hazard, whereabouts=Whereabouts.UNKNOWN) == (out,)
    assert made_by(**hazard, whereabouts=Whereabouts.OWN_CONTROL) == (not_likely,)


ATTENTION = {
    Publicity.NONE: Attention.LOW,
    Publicity.POSTS: Attention.RISING,
    Publicity.ASKED: Attention.RISING,
    Publicity.SPREADING: Attention.HIGH,
    Publicity.NATIONAL: Attention.HIGH,
    Publicity.UNKNOWN: Attention.LOW,
}


@pytest.mark.parametrize("publicity", Publicity)
def test_each_degree_of_publicity_has_its_attention(publicity: Publicity) -> None:
    assert attention(publicity) == ATTENTION[publicity]


@pytest.mark.parametrize("evidence", Evidence)
def test_a_grade_is_provisional_while_nothing_is_measured(evidence: Evidence) -> None:
    told_only = {Evidence.UNKNOWN, Evidence.ALLEGATION, Evidence.SEVERAL}
    found = assess(replace(QUIET, evidence=evidence), Parameters())
    assert found.provisional == ("M4" in found.rules) == (evidence in told_only)


@pytest.mark.parametrize("fault", Fault)
def test_our_own_finding_in_china_stops_production_when_it_may_affect_people(fault: Fault) -> None:
    found = assess(
        replace(QUIET, fault=fault, evidence=Evidence.OWN_RECORDS, markets=("CN",)), Parameters()
    )
    stops = fault in CAN_INJURE | MAY_AFFECT and fault != Fault.UNKNOWN
    assert (HaltLevel.H4 in found.halt_levels) == stops
