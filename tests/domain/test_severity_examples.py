"""The golden examples: what the rules must say about cases that people agree on."""

from dataclasses import dataclass
from typing import Any

import pytest

from domain.case_levels import CaseLevels, CnSeriousness, Seriousness, case_levels
from domain.people import Role
from domain.severity import (
    Answers,
    Attention,
    AuthorityAct,
    CredibleHarm,
    Evidence,
    ExpectedClass,
    Fault,
    Grade,
    HaltLevel,
    Intent,
    Likelihood,
    Outcome,
    Publicity,
    Users,
    Whereabouts,
)
from domain.severity_assessment import assess, may_lower
from domain.severity_rules import Parameters

MINOR, GENERAL, SERIOUS, CRITICAL = Grade
LOW, RISING, HIGH = Attention
H0, H1, H2, H3, H4 = HaltLevel
NO, REVIEW, YES = Seriousness


def told(**what_matters: Any) -> Answers:
    """Fill the answers a reporter of an ordinary case gives, with those that matter here."""
    ordinary: dict[str, Any] = {
        "worst_outcome": Outcome.NONE,
        "fault": Fault.REPUTATION_ONLY,
        "users": (Users.GENERAL,),
        "whereabouts": Whereabouts.CONSUMERS,
        "authority_act": AuthorityAct.NONE,
        "publicity": Publicity.NONE,
        "intent": Intent.NONE,
    }
    return Answers(**{**ordinary, **what_matters})


BENZENE = told(
    fault=Fault.TOXIC_CONTAMINANT,
    users=(Users.INHALED,),
    evidence=Evidence.OWN_RECORDS,
    credible_harm=CredibleHarm.FATAL_OR_IRREVERSIBLE,
    likelihood=Likelihood.UNKNOWN,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One row: the answers that matter, and what must come out of them."""

    id: str
    answers: Answers
    grade: Grade
    made_by: tuple[str, ...]
    attention: Attention = LOW
    halts: tuple[HaltLevel, ...] = ()
    asked: bool = False
    expected: ExpectedClass = ExpectedClass.NONE_YET


EXAMPLES = (
    Example(
        id="loose pump, 40 returns",
        answers=told(fault=Fault.PACK_LABEL_COSMETIC),
        grade=MINOR,
        made_by=("N1",),
    ),
    Example(
        id="expiry printed two years too long",
        answers=told(fault=Fault.SAFETY_LABEL),
        grade=SERIOUS,
        made_by=("S2",),
        halts=(H1, H2, H4),
    ),
    Example(
        id="expiry printed too short",
        answers=told(fault=Fault.PACK_LABEL_COSMETIC),
        grade=MINOR,
        made_by=("N1",),
    ),
    Example(
        id="one rash, gone after stopping",
        answers=told(worst_outcome=Outcome.MILD, people=1),
        grade=GENERAL,
        made_by=("G1",),
        halts=(H1,),
    ),
    Example(
        id="the same rash, baby lotion",
        answers=told(worst_outcome=Outcome.MILD, people=1, users=(Users.INFANTS_CHILDREN,)),
        grade=SERIOUS,
        made_by=("M1",),
        halts=(H1, H2),
    ),
    Example(
        id="one person two days in hospital",
        answers=told(worst_outcome=Outcome.HOSPITALISED, people=1, serious_people=1),
        grade=SERIOUS,
        made_by=("S1",),
        halts=(H1, H2),
    ),
    Example(
        id="two in hospital, same lot, one city",
        answers=told(
            worst_outcome=Outcome.HOSPITALISED,
            people=2,
            serious_people=2,
            same_lot=True,
            regions=("Chengdu",),
            people_in_cluster=2,
        ),
        grade=CRITICAL,
        made_by=("K2",),
        halts=(H1, H2, H3),
        asked=True,
    ),
    Example(
        id="second-degree burn, no hospital",
        answers=told(worst_outcome=Outcome.DISFIGUREMENT, people=1, serious_people=1),
        grade=SERIOUS,
        made_by=("S1",),
        halts=(H1, H2),
    ),
    Example(
        id="fragrance allergen not on the label, sold",
        answers=told(fault=Fault.SAFETY_LABEL, evidence=Evidence.OWN_RECORDS),
        grade=SERIOUS,
        made_by=("S2",),
        halts=(H1, H2, H3, H4),
    ),
    Example(
        id="plate count too high, NMPA notice",
        answers=told(
            fault=Fault.MICROBIAL_LIMIT,
            authority_act=AuthorityAct.SAMPLING_SAFETY,
            evidence=Evidence.AUTHORITY,
            publicity=Publicity.NATIONAL,
        ),
        grade=SERIOUS,
        made_by=("S3",),
        attention=HIGH,
        halts=(H1, H2, H3),
    ),
    Example(
        id="Pseudomonas in baby wipes, sold",
        answers=told(fault=Fault.PATHOGEN, users=(Users.INFANTS_CHILDREN,)),
        grade=CRITICAL,
        made_by=("K4",),
        halts=(H1, H2, H3, H4),
    ),
    Example(
        id="benzene in aerosol, own test, sold, before evaluation",
        answers=BENZENE,
        grade=CRITICAL,
        made_by=("K3",),
        halts=(H1, H2, H3, H4),
    ),
    Example(
        id="the same benzene after evaluation: remote",
        answers=told(
            fault=Fault.TOXIC_CONTAMINANT,
            users=(Users.INHALED,),
            evidence=Evidence.OWN_RECORDS,
            credible_harm=CredibleHarm.FATAL_OR_IRREVERSIBLE,
            likelihood=Likelihood.REMOTE,
        ),
        grade=SERIOUS,
        made_by=("S2", "S5"),
        halts=(H1, H2, H3, H4),
        expected=ExpectedClass.II,
    ),
    Example(
        id="the same benzene, found before shipping",
        answers=told(
            fault=Fault.TOXIC_CONTAMINANT,
            users=(Users.INHALED,),
            evidence=Evidence.OWN_RECORDS,
            whereabouts=Whereabouts.OWN_CONTROL,
        ),
        grade=GENERAL,
        made_by=("G2",),
        halts=(H1, H4),
    ),
    Example(
        id="glass splinter in one jar",
        answers=told(fault=Fault.FOREIGN_BODY_SHARP),
        grade=SERIOUS,
        made_by=("S2",),
        halts=(H1, H2, H4),
    ),
    Example(
        id="counterfeit burns two people",
        answers=told(
            worst_outcome=Outcome.DISFIGUREMENT,
            people=2,
            serious_people=2,
            fault=Fault.COUNTERFEIT_SUSPECTED,
            intent=Intent.COUNTERFEIT,
            publicity=Publicity.POSTS,
        ),
        grade=CRITICAL,
        made_by=("K2",),
        attention=RISING,
        halts=(H1, H2, H3),
        asked=True,
    ),
    Example(
        id="e-mail threat to poison stock in shops",
        answers=told(fault=Fault.UNKNOWN, intent=Intent.THREAT, whereabouts=Whereabouts.TRADE),
        grade=CRITICAL,
        made_by=("K5",),
        halts=(H1, H2, H3),
    ),
    Example(
        id="rumour trending, no case, no fault",
        answers=told(fault=Fault.REPUTATION_ONLY, publicity=Publicity.SPREADING),
        grade=MINOR,
        made_by=("N1",),
        attention=HIGH,
    ),
)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.id)
def test_the_rules_say_what_people_agreed_on(example: Example) -> None:
    found = assess(example.answers, Parameters())
    assert found.grade == example.grade
    assert found.made_by == example.made_by
    assert found.attention == example.attention
    assert found.expected_class == example.expected
    assert found.halt_levels == example.halts
    assert found.social_impact_asked == example.asked


CASES = (
    ("one rash, gone after stopping", Outcome.MILD, (NO, NO, "general")),
    ("one person two days in hospital", Outcome.HOSPITALISED, (YES, YES, "serious")),
    ("second-degree burn, no hospital", Outcome.DISFIGUREMENT, (REVIEW, YES, "serious")),
)


@pytest.mark.parametrize(
    ("outcome", "levels"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_each_hurt_person_is_judged_by_each_market(
    outcome: Outcome, levels: tuple[Seriousness, Seriousness, str]
) -> None:
    eu, us, cn = levels
    assert case_levels((outcome,)) == CaseLevels(
        eu=eu, us=us, cn=CnSeriousness(cn), social_impact_asked=False
    )


def test_a_counterfeit_case_is_registered_and_a_person_decides_whether_china_counts_it() -> None:
    assert case_levels((Outcome.DISFIGUREMENT,), counterfeit=True) == CaseLevels(
        eu=REVIEW, us=YES, cn=CnSeriousness.REVIEW, social_impact_asked=False
    )


def test_benzene_comes_down_only_with_the_signed_evaluation_and_two_signatures() -> None:
    remote = next(e for e in EXAMPLES if e.id == "the same benzene after evaluation: remote")
    before = assess(BENZENE, Parameters()).grade
    after = assess(remote.answers, Parameters()).grade
    assert (before, after) == (CRITICAL, SERIOUS)

    unsigned = may_lower(
        before, after, evaluation_signed=False, hours_since_first=6, only_no_new_reports=False
    )
    signed = may_lower(
        before, after, evaluation_signed=True, hours_since_first=6, only_no_new_reports=False
    )
    assert not unsigned.allowed
    assert [reason.code for reason in unsigned.reasons] == ["evaluation_not_signed"]
    assert signed.allowed
    assert signed.signers == (Role.INCIDENT_COMMANDER, Role.QUALITY_SAFETY_RESPONSIBLE)


def test_benzene_before_evaluation_asks_for_the_likelihood_first() -> None:
    found = assess(BENZENE, Parameters())
    assert found.find_out == ("likelihood",)
    assert "M2" in found.rules
