"""Counts and disposals that were recorded wrong: put right by two people, and both stand."""

from dataclasses import replace
from typing import Any

import pytest

from domain.acts import DeclineAct, SignAct
from domain.errors import BrokenSetup
from domain.goods import held, tally_of
from domain.incident import fold
from domain.people import Role
from domain.plan import plan_document, read_plan
from domain.recall_end import (
    CompleteRecall,
    recovery,
)
from domain.recall_terms import (
    GoodsSource,
)
from domain.recounts import CorrectCount, CorrectDisposal, DisposalCorrected, GoodsCountCorrected
from domain.remedies import counted_in
from domain.scope import LotCount, return_rate
from domain.values import (
    LotNumber,
    PersonId,
)
from tests.domain.plans import the_plan
from tests.domain.recalls import (
    COMMANDER,
    COUNTERS,
    LEGAL,
    QSR,
    QUALITY,
    REGULATORY,
    SUPPLY,
    disposal,
    goods,
    running,
    words,
)
from tests.domain.story import person

WRONG = words("Typed a nought too many; the delivery note says 30.")


def test_a_wrong_count_is_put_right_and_both_stand() -> None:
    story = running()
    story.did(SUPPLY, goods(300))
    before = story.incident.recall.counts[0]
    said = CorrectCount(count=before.id, units=30, reason=WRONG, **COUNTERS)
    assert story.refused(LEGAL, said).reason == "not_allowed"
    story.did(SUPPLY, said)
    made: GoodsCountCorrected = story.signed(QUALITY)[1]
    assert (made.before, made.units, made.too_many) == (300, 30, 0)
    after = story.incident.recall.counts[0]
    assert (before.units, after.units, after.first) == (300, 30, 300)
    assert after.corrected_by == SUPPLY.id
    assert [one.person for one in made.signers] == [SUPPLY.id, QUALITY.id]
    assert tally_of(story.incident.recall, "L1").received == 30
    assert held(story.incident.recall, "L1") == 230


def test_only_the_two_who_counted_correct_and_sign_it() -> None:
    story = running()
    story.did(SUPPLY, goods(300))
    said = CorrectCount(
        count=story.incident.recall.counts[0].id, units=30, reason=WRONG, **COUNTERS
    )
    plant = person(Role.PLANT_MANAGER)
    assert story.refused(plant, said).reason == "not_named"
    story.did(SUPPLY, said)
    (waiting,) = story.incident.pending
    assert story.refused(plant, SignAct(act=waiting)).reason == "not_named"
    reminded = story.due(f"sign:{waiting}")
    assert reminded is not None
    assert reminded.person == QUALITY.id
    assert story.refused(SUPPLY, SignAct(act=waiting)).reason == "four_eyes"
    assert story.refused(SUPPLY, replace(said, units=3)).reason == "correction_waits"
    assert story.incident.recall.counts[0].units == 300
    story.signed(QUALITY)
    assert story.incident.recall.counts[0].units == 30


def test_a_plan_of_before_asks_for_no_second_signature() -> None:
    old = dict(the_plan().acts)
    del old["correct_count"]
    story = running()
    story.did(SUPPLY, goods(300))
    rules = replace(story.incident.rules, plan=replace(the_plan(), acts=old))
    story.incident = replace(story.incident, rules=rules)
    one = story.incident.recall.counts[0]
    made = story.did(SUPPLY, CorrectCount(count=one.id, units=30, reason=WRONG, **COUNTERS))
    assert [type(each) for each in made] == [GoodsCountCorrected]
    assert made[0].signers == ()
    assert read_plan(plan_document(rules.plan)).acts == old


def test_every_correction_of_a_count_is_kept() -> None:
    story = running()
    story.did(SUPPLY, goods(300))
    for units in (30, 31):
        one = story.incident.recall.counts[0]
        story.did(SUPPLY, CorrectCount(count=one.id, units=units, reason=WRONG, **COUNTERS))
        story.signed(QUALITY)
    one = story.incident.recall.counts[0]
    assert one.first == 300
    assert [(each.before, each.units, each.by) for each in one.corrections] == [
        (300, 30, SUPPLY.id),
        (30, 31, SUPPLY.id),
    ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"count": "1"}, "no_count", id="no-such-count"),
        pytest.param({"units": -1}, "bad_count", id="below-zero"),
        pytest.param({"counted_again_by": PersonId(SUPPLY.id)}, "four_eyes", id="counted-by-one"),
        pytest.param({"units": 30}, "no_change", id="as-it-stands"),
        pytest.param({"units": 10_000}, "more_than_made", id="more-than-made"),
        pytest.param({"units": 0}, "more_than_held", id="disposed-of-since"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(changes: dict[str, Any], code: str) -> None:
    story = running()
    story.did(SUPPLY, goods(30))
    one = story.incident.recall.counts[0]
    story.did(QSR, disposal(230))
    story.signed(LEGAL)
    told: dict[str, Any] = {"count": one.id, "units": 20, "reason": WRONG}
    told |= COUNTERS | changes
    assert story.refused(SUPPLY, CorrectCount(**told)).reason == code


def test_own_stock_that_was_counted_wrong_is_no_return() -> None:
    story = running()
    story.did(SUPPLY, goods(250, source=GoodsSource.OWN_STOCK))
    one = story.incident.recall.counts[0]
    story.did(SUPPLY, CorrectCount(count=one.id, units=210, reason=WRONG, **COUNTERS))
    made: GoodsCountCorrected = story.signed(QUALITY)[1]
    assert made.too_many == 10
    assert tally_of(story.incident.recall, "L1").own_stock == 210
    assert tally_of(story.incident.recall, "L1").received == 0


def test_a_disposal_is_put_right_by_two_as_it_was_signed() -> None:
    story = running()
    story.did(QSR, disposal(200))
    story.signed(LEGAL)
    fewer = (LotCount(lot=LotNumber("L1"), units=150),)
    more = (LotCount(lot=LotNumber("L1"), units=201),)
    assert (
        story.refused(QSR, CorrectDisposal(disposal="1", lots=more, reason=WRONG)).reason
        == "more_than_held"
    )
    story.did(QSR, CorrectDisposal(disposal="1", lots=fewer, reason=WRONG))
    assert held(story.incident.recall, "L1") == 0
    made: DisposalCorrected = story.signed(LEGAL)[1]
    assert len(made.signers) == 2
    assert held(story.incident.recall, "L1") == 50
    one = story.incident.recall.disposed[0]
    assert (one.lots, one.first[0].units) == (fewer, 200)


def test_where_the_numbers_do_not_fit_either_may_be_put_right_first() -> None:
    """Less own stock than was disposed of: a count that brings the two nearer is taken."""
    story = running()
    story.did(SUPPLY, goods(30))
    one = story.incident.recall.counts[0]
    story.did(QSR, disposal(230))
    story.signed(LEGAL)
    fewer = replace(story.incident.recall, tallies=counted_in(
        story.incident.recall.tallies, disposed={"L1": 40}
    ))  # fmt: skip
    story.incident = replace(story.incident, recall=fewer)
    assert held(story.incident.recall, "L1") < 0
    worse = CorrectCount(count=one.id, units=20, reason=WRONG, **COUNTERS)
    assert story.refused(SUPPLY, worse).reason == "more_than_held"
    story.did(SUPPLY, replace(worse, units=50))


def test_a_correction_folds_into_a_state_that_knows_no_counts() -> None:
    """A read model of before counts were kept one by one: the totals are right all the same."""
    story = running()
    story.did(SUPPLY, goods(300))
    one = story.incident.recall.counts[0]
    before = replace(story.incident, recall=replace(story.incident.recall, counts=()))
    story.did(SUPPLY, CorrectCount(count=one.id, units=30, reason=WRONG, **COUNTERS))
    story.signed(QUALITY)
    after = fold(before, story.leaves[-3:])
    assert tally_of(after.recall, "L1") == tally_of(story.incident.recall, "L1")


def correction(units: int, disposal: str = "1") -> CorrectDisposal:
    lots = (LotCount(lot=LotNumber("L1"), units=units),)
    return CorrectDisposal(disposal=disposal, lots=lots, reason=WRONG)


def test_while_a_correction_waits_the_next_of_the_same_disposal_is_refused() -> None:
    story = running()
    for _ in range(2):
        story.did(QSR, disposal(80))
        story.signed(LEGAL)
    story.did(QSR, correction(70))
    waiting = list(story.incident.pending)[-1]
    refused = story.refused(QSR, correction(60))
    assert refused.reason == "correction_waits"
    assert refused.sentence == f"A correction of disposal 1 waits for its signature as {waiting}."
    # Of another disposal it may; and once this one is settled, what stands may be corrected again.
    story.did(QSR, correction(75, "2"))
    assert isinstance(story.did(LEGAL, SignAct(act=waiting))[1], DisposalCorrected)
    story.did(QSR, correction(60))


def test_every_correction_of_a_disposal_stays_and_the_last_one_counts() -> None:
    story = running()
    story.did(QSR, disposal(80))
    story.signed(LEGAL)
    for units in (70, 60):
        story.did(QSR, correction(units))
        story.signed(LEGAL)
    (one,) = story.incident.recall.disposed
    moved = [(each.before[0].units, each.lots[0].units) for each in one.corrections]
    assert moved == [(80, 70), (70, 60)]
    assert [len(each.signers) for each in one.corrections] == [2, 2]
    assert (one.first[0].units, one.lots[0].units) == (80, 60)
    assert tally_of(story.incident.recall, "L1").disposed == 60


def test_a_declined_correction_makes_room_for_the_next() -> None:
    story = running()
    story.did(QSR, disposal(80))
    story.signed(LEGAL)
    story.did(QSR, correction(70))
    waiting = list(story.incident.pending)[-1]
    story.did(LEGAL, DeclineAct(act=waiting, reason=words("Count again.")))
    story.did(QSR, correction(60))


def test_a_count_put_right_after_the_end_marks_what_was_recorded_there() -> None:
    story = running()
    story.did(SUPPLY, goods(300))
    one = story.incident.recall.counts[0]
    story.did(COMMANDER, CompleteRecall(market="CN", reason=words("Nothing more comes back.")))
    story.signed(REGULATORY)
    end = story.incident.recall.ends["CN"]
    assert end.recounted_at is None
    assert end.return_rate is not None
    story.later(days=1)
    story.did(SUPPLY, CorrectCount(count=one.id, units=30, reason=WRONG, **COUNTERS))
    story.signed(QUALITY)
    marked = story.incident.recall.ends["CN"]
    assert marked.recounted_at == story.now
    assert marked.return_rate == end.return_rate
    assert return_rate(recovery(story.incident.recall)) == end.return_rate // 10


@pytest.mark.parametrize("roles", [["legal"], ["quality"]], ids=["others", "one of them"])
def test_a_plan_lets_all_those_sign_who_count(roles: list[str]) -> None:
    document = plan_document(the_plan())
    document["acts"]["correct_count"]["signers"][0]["roles"] = roles
    with pytest.raises(BrokenSetup, match="The second of the two who counted signs"):
        read_plan(document)
