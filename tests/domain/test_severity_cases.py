"""Case levels by market, and the rule for lowering a grade."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.case_levels import (
    BY_OUTCOME,
    CaseLevels,
    CnSeriousness,
    Seriousness,
    case_levels,
)
from domain.severity import Grade, Outcome
from domain.severity_assessment import LOWERED_BY, may_lower
from domain.wire import decode, encode

TABLE = {
    Outcome.NONE: ("no", "no", "no"),
    Outcome.MILD: ("no", "no", "general"),
    Outcome.TREATED: ("no", "no", "general"),
    Outcome.INFECTION: ("review", "yes", "review"),
    Outcome.INTERVENTION: ("review", "yes", "review"),
    Outcome.TEMPORARY_INCAPACITY: ("yes", "review", "serious"),
    Outcome.DISFIGUREMENT: ("review", "yes", "serious"),
    Outcome.DISABILITY: ("yes", "yes", "serious"),
    Outcome.HOSPITALISED: ("yes", "yes", "serious"),
    Outcome.SYSTEMIC: ("review", "review", "serious"),
    Outcome.CONGENITAL: ("yes", "yes", "serious"),
    Outcome.LIFE_THREATENING: ("yes", "yes", "serious"),
    Outcome.DEATH: ("yes", "yes", "serious"),
    Outcome.UNKNOWN: ("review", "review", "review"),
}
OUTCOMES = st.lists(st.sampled_from(Outcome), max_size=4).map(tuple)
EU_US = list(Seriousness)
CN = list(CnSeriousness)


@pytest.mark.parametrize("outcome", Outcome)
def test_each_outcome_is_serious_where_the_law_of_the_market_says_so(outcome: Outcome) -> None:
    levels = case_levels((outcome,))
    assert (levels.eu, levels.us, levels.cn) == TABLE[outcome]


@pytest.mark.parametrize("outcome", Outcome)
def test_greater_social_impact_is_asked_after_death_or_danger_to_life(outcome: Outcome) -> None:
    fatal = outcome in {Outcome.DEATH, Outcome.LIFE_THREATENING}
    assert case_levels((outcome,)).social_impact_asked == fatal


def test_no_outcome_given_is_an_outcome_not_known() -> None:
    assert case_levels(()) == case_levels((Outcome.UNKNOWN,))


def test_sepsis_in_hospital_is_serious_everywhere() -> None:
    levels = case_levels((Outcome.INFECTION, Outcome.SYSTEMIC, Outcome.HOSPITALISED))
    assert (levels.eu, levels.us, levels.cn) == ("yes", "yes", "serious")


@given(outcomes=OUTCOMES, more=st.sampled_from(Outcome))
def test_one_more_outcome_never_makes_a_case_less_serious(
    outcomes: tuple[Outcome, ...], more: Outcome
) -> None:
    # Nothing said counts as unknown, so the first outcome may also settle the question.
    fewer = case_levels(outcomes or (Outcome.NONE,))
    all_of_them = case_levels((*outcomes, more))
    assert EU_US.index(fewer.eu) <= EU_US.index(all_of_them.eu)
    assert EU_US.index(fewer.us) <= EU_US.index(all_of_them.us)
    assert CN.index(fewer.cn) <= CN.index(all_of_them.cn)
    assert fewer.social_impact_asked <= all_of_them.social_impact_asked


@given(outcomes=OUTCOMES, data=st.data())
def test_the_order_of_outcomes_does_not_matter(
    outcomes: tuple[Outcome, ...], data: st.DataObject
) -> None:
    shuffled = tuple(data.draw(st.permutations(outcomes)))
    assert case_levels(shuffled) == case_levels(outcomes)


@given(outcomes=OUTCOMES)
def test_a_counterfeit_never_makes_a_case_vanish_and_touches_china_alone(
    outcomes: tuple[Outcome, ...],
) -> None:
    genuine, fake = case_levels(outcomes), case_levels(outcomes, counterfeit=True)
    assert (genuine.eu, genuine.us) == (fake.eu, fake.us)
    assert fake.cn == ("no" if genuine.cn == "no" else "review")
    assert genuine.social_impact_asked == fake.social_impact_asked


@given(outcomes=OUTCOMES, counterfeit=st.booleans())
def test_case_levels_travel_unchanged(outcomes: tuple[Outcome, ...], counterfeit: bool) -> None:
    levels = case_levels(outcomes, counterfeit=counterfeit)
    assert decode(CaseLevels, encode(CaseLevels, levels), strict=True) == levels


def test_the_table_knows_every_outcome() -> None:
    assert set(BY_OUTCOME) == set(Outcome)


# ---------------------------------------------------------------- lowering a grade (M5)

LOWERING = (
    ("evaluation signed, new facts", True, 3, False, ()),
    ("evaluation not signed", False, 3, False, ("evaluation_not_signed",)),
    ("quiet for 23 hours", True, 23, True, ("only_no_new_reports",)),
    ("quiet for 24 hours", True, 24, True, ()),
    ("quiet and unsigned", False, 1, True, ("evaluation_not_signed", "only_no_new_reports")),
    ("quiet for a week, unsigned", False, 168, True, ("evaluation_not_signed",)),
)


@pytest.mark.parametrize(
    ("signed", "hours", "only_silence", "missing"),
    [row[1:] for row in LOWERING],
    ids=[row[0] for row in LOWERING],
)
def test_lowering_names_everything_that_is_missing(
    signed: bool, hours: int, only_silence: bool, missing: tuple[str, ...]
) -> None:
    verdict = may_lower(
        Grade.CRITICAL,
        Grade.GENERAL,
        evaluation_signed=signed,
        hours_since_first=hours,
        only_no_new_reports=only_silence,
    )
    assert verdict.allowed == (missing == ())
    assert tuple(r.code for r in verdict.reasons) == (missing or ("ready_to_sign",))
    assert verdict.signers == LOWERED_BY


@given(
    grades=st.tuples(st.sampled_from(Grade), st.sampled_from(Grade)),
    signed=st.booleans(),
    hours=st.integers(0, 400),
    only_silence=st.booleans(),
)
def test_raising_is_always_allowed_and_takes_no_signature(
    grades: tuple[Grade, Grade], signed: bool, hours: int, only_silence: bool
) -> None:
    lower, higher = sorted(grades)
    verdict = may_lower(
        lower,
        higher,
        evaluation_signed=signed,
        hours_since_first=hours,
        only_no_new_reports=only_silence,
    )
    assert verdict.allowed
    assert verdict.signers == ()
    assert all(reason.sentence_en and reason.sentence_zh for reason in verdict.reasons)
