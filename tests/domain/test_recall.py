"""Stage recall: which goods, yes or no, and the plan that is signed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.acts import ActLapsed, ActProposed, ActRefused, DeclineAct
from domain.cases import RegisterCase
from domain.effectiveness import drawn_for_checks
from domain.grading import RaiseGrade
from domain.halt import HaltOrdered
from domain.recall import RecallDecided, RecallReopened
from domain.recall_scope import NarrowScope, ScopeSet, SetScope, WidenScope, change_of
from domain.recall_terms import (
    Depth,
    NeighbourKind,
    NeighbourVerdict,
    RecallAction,
    Remedy,
    ReturnMethod,
)
from domain.report import AddReport
from domain.scope import Neighbour
from domain.severity import Grade, Outcome, Whereabouts
from domain.state.recall import ReturnWay
from domain.values import (
    ConsigneeId,
    PrivateText,
    ProductId,
)
from tests.domain.recalls import (
    ASSESSOR,
    BOSS,
    COMMANDER,
    CREAM,
    FILE,
    L1,
    LEGAL,
    QSR,
    QUALITY,
    SERVICE,
    SHOPS,
    decided,
    evaluation,
    lot,
    no_recall,
    plan,
    recall,
    running,
    scope,
    scoped,
    words,
)
from tests.domain.story import SERIOUS, Story

# ---------------------------------------------------------------- the scope


def test_a_first_scope_is_due_four_hours_after_acceptance() -> None:
    story = Story()
    story.accepted()
    due = story.due("scope_first")
    assert due is not None
    assert (due.due_at - story.now, due.act) == (timedelta(hours=4), "set_scope")
    made: ScopeSet = story.did(QUALITY, SetScope(**scope()))[0]
    assert (made.version, made.step, made.balances[0].unexplained, made.balances[0].out) == (
        1,
        "first",
        5,
        790,
    )
    assert story.due("scope_first") is None
    assert story.incident.recall.word == "waiting"


def test_a_scope_says_what_it_does_not_know() -> None:
    story = Story()
    story.accepted()
    made: ScopeSet = story.did(QUALITY, SetScope(**scope(lots=(lot("L2", made=100),))))[0]
    assert made.balances[0].unexplained is None
    assert made.balances[0].unknown == ("on_hand", "shipped", "sold", "returned", "scrapped")
    assert made.reported_left_out == ("L1",)
    assert len(made.not_looked_at) == 9


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"lots": ()}, "no_lots", id="no-lot"),
        pytest.param({"lots": (L1, L1)}, "twice", id="a-lot-twice"),
        pytest.param(
            {"lots": (lot(made=5, shipped=9),)}, "contradiction", id="more-shipped-than-made"
        ),
        pytest.param({"lots": (lot(made=-5),)}, "contradiction", id="negative"),
        pytest.param(
            {"products": (ProductId("soap"),)}, "contradiction", id="lot-of-another-product"
        ),
        pytest.param({"markets": ("china",)}, "bad_market", id="market-in-words"),
    ],
)
def test_a_scope_that_cannot_be_is_refused(changes: dict[str, Any], code: str) -> None:
    story = Story()
    story.accepted()
    assert story.refused(QUALITY, SetScope(**scope(**changes))).reason == code


def test_halts_cover_whatever_the_scope_reaches() -> None:
    story = Story()
    story.accepted()
    events = story.did(QUALITY, SetScope(**scope(lots=(L1, lot("L2")))))
    ordered = [event for event in events if isinstance(event, HaltOrdered)]
    assert {(o.level, o.lots) for o in ordered} == {("H1", ("L1", "L2")), ("H2", ("L1", "L2"))}
    events = story.did(
        COMMANDER, WidenScope(**scope(products=(CREAM, ProductId("set")), lots=(), unbounded=True))
    )
    ordered = [event for event in events if isinstance(event, HaltOrdered)]
    assert {(o.products, o.lots) for o in ordered} == {(("cream", "set"), ())}


def test_unknown_lots_are_bounded_by_a_scope_for_new_orders_only() -> None:
    story = Story()
    story.accepted()
    story.did(
        SERVICE,
        AddReport(
            first_known_at=story.now, first_known_country="CN", words=PrivateText("w", "c", "s")
        ),
    )
    assert [order for order in story.incident.halt.orders if order.level == "H1"][-1].lots == ()
    events = story.did(QUALITY, SetScope(**scope()))
    assert not [event for event in events if isinstance(event, HaltOrdered)]


def test_one_person_widens_and_nothing_is_let_go() -> None:
    story = scoped(lots=(L1, lot("L2")))
    assert story.refused(QSR, WidenScope(**scope(lots=(L1, lot("L3"))))).reason == "would_narrow"
    assert story.refused(QSR, WidenScope(**scope(lots=(L1, lot("L2"))))).reason == "no_change"
    made: ScopeSet = story.did(QSR, WidenScope(**scope(lots=(L1, lot("L2"), lot("L3")))))[0]
    assert (made.version, made.difference.lots_added) == (2, ("L3",))
    better: ScopeSet = story.did(
        QSR, WidenScope(**scope(lots=(L1, lot("L2", made=70), lot("L3"))))
    )[0]
    assert (better.version, better.grows, better.difference.recounted) == (3, False, ("L2",))
    assert story.incident.recall.grew == 2


def test_widening_forgets_no_answer_about_what_else_may_share_the_fault() -> None:
    story = scoped()
    bulk = Neighbour(kind=NeighbourKind.SAME_BULK, verdict=NeighbourVerdict.NONE_EXIST)
    story.did(QSR, WidenScope(**scope(neighbours=(bulk,))))
    sets = Neighbour(kind=NeighbourKind.SETS, verdict=NeighbourVerdict.INCLUDED)
    made: ScopeSet = story.did(QSR, WidenScope(**scope(neighbours=(sets,))))[0]
    assert made.neighbours == (bulk, sets)
    assert NeighbourKind.SAME_BULK not in made.not_looked_at
    other = replace(bulk, verdict=NeighbourVerdict.INCLUDED)
    made = story.did(QSR, WidenScope(**scope(neighbours=(other,))))[0]
    assert set(made.neighbours) == {other, sets}, "what is said anew counts"


def test_narrowing_takes_two_people_and_evidence() -> None:
    story = scoped(lots=(L1, lot("L2")))
    narrower = NarrowScope(**scope(evidence=(FILE,)))
    assert story.refused(QUALITY, narrower).reason == "not_allowed"
    assert isinstance(story.did(COMMANDER, narrower)[0], ActProposed)
    assert story.incident.recall.coverage.lots == ("L1", "L2")
    made: ScopeSet = story.signed(QSR)[1]
    assert (made.step, made.difference.lots_removed, len(made.signers)) == ("narrowed", ("L2",), 2)
    assert story.refused(COMMANDER, NarrowScope(**scope(evidence=(FILE,)))).reason == "not_narrower"


def test_saying_which_lots_after_all_is_narrowing() -> None:
    story = scoped(lots=(), unbounded=True)
    refusal = story.refused(QSR, WidenScope(**scope()))
    assert "Every lot that is not named" in refusal.sentence


# ---------------------------------------------------------------- yes or no


def test_a_recall_needs_an_evaluation_and_a_scope_and_never_the_cause() -> None:
    story = Story()
    story.accepted()
    assert story.refused(COMMANDER, recall()).reason == "evaluation_missing"
    story.did(ASSESSOR, evaluation())
    assert story.refused(COMMANDER, recall()).reason == "scope_missing"
    story.did(QUALITY, SetScope(**scope()))
    assert not story.incident.investigation.findings
    assert isinstance(
        story.did(COMMANDER, recall(basis=(1, 3), dissent=words("Sales: too early.")))[0],
        ActProposed,
    )
    assert story.incident.recall.word == "waiting"
    made: RecallDecided = story.signed(QSR, BOSS)[1]
    assert (made.kind, made.depth, made.basis, made.rules) == (
        "recall",
        "consumer",
        (1, 3),
        ("M7",),
    )
    assert [s.role for s in made.signers] == [
        "incident_commander",
        "quality_safety_responsible",
        "legal_representative",
    ]
    assert story.incident.recall.is_running
    assert story.incident.recall.word == "running"


def test_silence_never_starts_a_recall_and_never_refuses_one() -> None:
    story = scoped()
    story.did(COMMANDER, recall())
    story.later(days=20)
    assert story.incident.recall.decision == ""
    due = story.due("recall_decision")
    assert due is not None
    assert due.due_at < story.now


def test_what_a_consumer_may_not_notice_is_recalled_from_consumers() -> None:
    story = scoped()
    shallow = story.refused(COMMANDER, recall(depth=Depth.RETAIL))
    assert (shallow.reason, "may not notice" in shallow.sentence) == ("depth_too_shallow", True)
    withdrawal = recall(action=RecallAction.WITHDRAWAL, depth=Depth.CONSUMER)
    assert story.refused(COMMANDER, withdrawal).reason == "not_a_withdrawal"
    assert story.refused(COMMANDER, recall(basis=(999,))).reason == "no_entry"


@pytest.mark.parametrize(
    ("sold", "refused"),
    [pytest.param(0, False, id="none-sold"), pytest.param(1, True, id="one-sold")],
)
def test_units_counted_as_sold_are_with_consumers_whatever_was_answered(
    sold: int, refused: bool
) -> None:
    story = scoped(replace(SERIOUS, whereabouts=Whereabouts.TRADE), lots=(lot(sold=sold),))
    events = story.does(COMMANDER, recall(depth=Depth.RETAIL))
    assert isinstance(events[0], ActRefused if refused else ActProposed)


def test_a_decided_recall_is_deepened_and_never_made_milder() -> None:
    story = decided()
    assert story.refused(COMMANDER, recall()).reason == "decided"
    assert story.refused(COMMANDER, recall(action=RecallAction.CORRECT_IN_PLACE)).reason == "milder"
    assert story.refused(COMMANDER, no_recall(story)).reason == "decided"


def test_a_decided_recall_covers_the_lots_of_a_wider_scope() -> None:
    story = running()
    story.did(QSR, WidenScope(**scope(lots=(L1, lot("L2")), consignees=(ConsigneeId("shop-11"),))))
    assert story.incident.recall.is_running
    assert story.incident.recall.coverage.lots == ("L1", "L2")
    assert len(story.incident.recall.consignees) == 11
    assert story.due("consignees_told:sign_recall_plan") is not None


def test_the_quality_head_may_decline_either_way() -> None:
    story = scoped()
    story.did(COMMANDER, no_recall(story))
    pending = next(iter(story.incident.pending))
    declined = story.did(QSR, DeclineAct(act=pending, reason=words("Two people are hurt.")))[0]
    assert declined.veto
    assert story.incident.recall.decision == ""


def not_recalled() -> Story:
    story = scoped()
    story.did(COMMANDER, no_recall(story, dissent=words("Quality would recall.")))
    made: RecallDecided = story.signed(QSR, LEGAL)[1]
    assert (made.kind, made.dissent, len(made.signers)) == ("no_recall", "Quality would recall.", 3)
    return story


def test_not_to_recall_is_looked_at_again_within_a_week() -> None:
    story = scoped()
    late = no_recall(story, review_at=story.now + timedelta(days=8))
    assert story.refused(COMMANDER, late).reason == "review_date"
    assert story.refused(COMMANDER, no_recall(story, review_at=story.now)).reason == "review_date"
    story = not_recalled()
    due = story.due("recall_review")
    assert due is not None
    assert due.due_at == story.now + timedelta(days=5)
    assert story.incident.recall.word == "not_needed"
    assert story.due("recall_decision") is None
    story.later(days=5)
    story.did(COMMANDER, no_recall(story))
    story.signed(QSR, LEGAL)
    assert len(story.incident.recall.decisions) == 2


def serious_case(story: Story, outcome: Outcome = Outcome.HOSPITALISED) -> RegisterCase:
    return RegisterCase(outcomes=(outcome,), awareness_at=story.now, country="CN", product=CREAM)


@pytest.mark.parametrize(
    ("who", "new_fact", "why"),
    [
        pytest.param(
            SERVICE,
            lambda s: AddReport(
                first_known_at=s.now, first_known_country="CN", words=PrivateText("w", "c", "s")
            ),
            "report",
            id="report",
        ),
        pytest.param(SERVICE, serious_case, "serious_case", id="serious-case"),
        pytest.param(
            SERVICE,
            lambda s: serious_case(s, Outcome.DEATH),
            "serious_case",
            id="case-that-raises-the-grade",
        ),
        pytest.param(
            QUALITY,
            lambda s: RaiseGrade(grade=Grade.CRITICAL, reason=words("A pathogen.")),
            "grade",
            id="higher-grade",
        ),
    ],
)
def test_a_new_fact_opens_it_again_once(who: Any, new_fact: Any, why: str) -> None:
    story = not_recalled()
    story.later(hours=2)
    events = story.did(who, new_fact(story))
    assert [event.why for event in events if isinstance(event, RecallReopened)] == [why]
    assert story.incident.recall.decision == ""
    due = story.due("recall_decision")
    assert due is not None
    assert due.start_at == story.now
    assert story.incident.recall.word == "waiting"


def test_a_mild_case_does_not_open_it_again() -> None:
    story = not_recalled()
    events = story.did(SERVICE, serious_case(story, Outcome.MILD))
    assert not [event for event in events if isinstance(event, RecallReopened)]


def test_a_proposal_that_did_not_weigh_a_new_fact_lapses() -> None:
    story = scoped()
    story.did(COMMANDER, no_recall(story))
    pending = next(iter(story.incident.pending))
    story.later(minutes=10)
    story.did(SERVICE, serious_case(story))
    assert list(story.incident.pending) == [pending]
    events = story.signed(QSR, LEGAL)
    assert isinstance(events[1], ActLapsed)
    assert story.incident.recall.decision == ""


# ---------------------------------------------------------------- the plan of the recall


def test_a_plan_is_signed_by_two_and_draws_its_own_sample() -> None:
    story = decided(consignees=SHOPS)
    assert story.due("consignees_told:sign_recall_plan") is not None
    story.did(COMMANDER, plan(story))
    story.signed(QSR)
    signed = story.incident.recall.plan
    assert signed is not None
    assert (signed.version, signed.scope_version, signed.percent, len(signed.seed)) == (
        1,
        1,
        20,
        64,
    )
    assert len(drawn_for_checks(story.incident.recall)) == 2
    due = story.due("recall_time_limit:1:CN")
    assert due is not None
    assert (due.due_at, due.act, due.item) == (signed.finish_at, "complete_recall", "CN")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"depth": Depth.RETAIL}, "depth_too_shallow", id="shallower-than-decided"),
        pytest.param({"remedies": ()}, "no_remedy", id="nothing-offered"),
        pytest.param({"remedies": (Remedy.REFUND,)}, "one_remedy", id="no-choice-and-no-reason"),
        pytest.param({"remedies": (Remedy.DAMAGES,)}, "not_a_choice", id="damages-are-owed"),
        pytest.param({"returns": ()}, "returns", id="no-way-back"),
        pytest.param(
            {
                "returns": (
                    ReturnWay(
                        product=CREAM, method=ReturnMethod.PREPAID_POST, dangerous_goods=True
                    ),
                )
            },
            "dangerous_goods",
            id="aerosols-by-post",
        ),
        pytest.param({"percent": 10}, "bad_level", id="level-B-with-ten-percent"),
        pytest.param({"answered_percent": 101}, "bad_share", id="more-than-all"),
        pytest.param({"budget_minor": -1}, "bad_count", id="budget-below-zero"),
    ],
)
def test_a_plan_that_cannot_work_is_refused(changes: dict[str, Any], code: str) -> None:
    story = decided()
    assert story.refused(COMMANDER, plan(story, **changes)).reason == code


def test_a_plan_has_time_ahead_and_follows_a_decision() -> None:
    story = scoped()
    assert story.refused(COMMANDER, plan(story)).reason == "not_decided"
    story = decided()
    assert story.refused(COMMANDER, plan(story, finish_at=story.now)).reason == "time_limit"


def test_what_a_proposed_scope_moves_is_told_before_it_is_signed() -> None:
    story = scoped(lots=(L1, lot("L2")))
    before = {row.id for row in story.incident.recall.consignees.values() if row.listed}
    said = WidenScope(**scope(lots=(L1, lot("L2")), consignees=(ConsigneeId("new"),)))
    wider = change_of(story.incident, said)
    assert (wider.consignees_added, wider.consignees_removed) == (("new",), ())
    assert not wider.difference.grows
    narrower = NarrowScope(**scope(consignees=(ConsigneeId("new"),), evidence=(FILE,)))
    moved = change_of(story.incident, narrower)
    assert moved.difference.lots_removed == ("L2",)
    assert set(moved.consignees_removed) == before
