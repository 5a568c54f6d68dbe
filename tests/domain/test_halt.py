"""Stage halt: levels, confirmation, channels, drift, resuming."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.apart_so_far import plant_channel, units_by_lot
from domain.channels import (
    ChannelOutcome,
    ConfirmChannel,
    ReportOutcomes,
    TakeOverChannel,
    standing,
)
from domain.dispatch import Effect
from domain.drift import ReportDrift
from domain.grading import AssessSeverity
from domain.halt import HaltOrdered, OrderHalt
from domain.halt_confirming import ConfirmHalt
from domain.halt_decisions import DecideAgainstHalt
from domain.incident import effects
from domain.ledger import read_entry
from domain.people import PERFORMER, Actor, Role
from domain.plan import read_plan
from domain.report import AcceptReport
from domain.resumed_channels import ConfirmResumed
from domain.resuming import LiftHalt, ResumeSale, SaleResumed
from domain.scope import LotCount
from domain.set_apart import RecordInterception, RecordProductionStop
from domain.severity import Answers, Evidence, Fault, HaltLevel, Outcome
from domain.state.halt import ChannelHalt
from domain.values import ChannelId, LotNumber, PublicText
from tests.domain.plans import changed, put
from tests.domain.story import CRITICAL, MILD, SERIOUS, Story, person, ruled_by

COMMANDER = person(Role.INCIDENT_COMMANDER)
QUALITY_HEAD = person(Role.QUALITY_SAFETY_RESPONSIBLE)
SUPPLY = person(Role.SUPPLY_CHAIN)
CHANNELS = person(Role.CHANNEL_LEAD)
PLANT = person(Role.PLANT_MANAGER)
SHOP = ChannelId("ch-own_shop")
SEEN = PublicText("Three shops sent pictures of it.")


def levels(events: list[object]) -> list[str]:
    return [str(event.level) for event in events if isinstance(event, HaltOrdered)]


@pytest.mark.parametrize(
    ("answers", "on_report", "on_acceptance"),
    [
        pytest.param(MILD, [], ["H1"], id="general"),
        pytest.param(SERIOUS, ["H1"], ["H2"], id="serious"),
        pytest.param(CRITICAL, ["H1", "H2", "H3"], [], id="critical"),
    ],
)
def test_the_plan_stops_what_its_row_allows(
    answers: Answers, on_report: list[str], on_acceptance: list[str]
) -> None:
    story = Story()
    assert levels(story.reported(answers)) == on_report
    leader = person(Role.INCIDENT_COMMANDER, Role.DUTY_OFFICER)
    assert levels(story.did(leader, AcceptReport())) == on_acceptance


def test_an_order_reaches_every_channel_of_its_level_and_no_other() -> None:
    story = Story()
    story.reported(SERIOUS)
    reached = {halt.channel for halt in story.incident.halt.channels.values()}
    plan = story.incident.rules.plan
    assert reached == {f"ch-{kind}" for kind in plan.halt["H1"].channels}


def test_anybody_with_the_role_pulls_the_cord_before_anything_is_proven() -> None:
    story = Story()
    story.reported(MILD)
    ordered = story.did(SUPPLY, OrderHalt(level=HaltLevel.H1))[0]
    assert isinstance(ordered, HaltOrdered)
    assert (ordered.before_confirmation, ordered.by_plan) == (True, False)


def test_the_trade_is_stopped_only_by_commander_or_quality_head() -> None:
    story = Story()
    story.accepted(MILD)
    refusal = story.refused(SUPPLY, OrderHalt(level=HaltLevel.H3))
    assert set(refusal.who_could) == {"incident_commander", "quality_safety_responsible"}
    story.did(QUALITY_HEAD, OrderHalt(level=HaltLevel.H3))


def test_who_reported_does_not_confirm_what_the_plan_stopped_by_it() -> None:
    story = Story()
    story.reported(CRITICAL)
    order = next(one for one in story.incident.halt.orders if one.level == "H3")
    reporter = story.incident.report.reports[0].reporter
    herself = Actor(id=reporter, roles=(Role.QUALITY_SAFETY_RESPONSIBLE,))
    assert story.refused(herself, ConfirmHalt(number=order.number)).reason == "four_eyes"
    story.did(QUALITY_HEAD, ConfirmHalt(number=order.number))


def test_nothing_is_no_level_of_a_halt() -> None:
    story = Story()
    story.reported(MILD)
    assert story.refused(COMMANDER, OrderHalt(level=HaltLevel.H0)).reason == "no_level"


def test_the_same_halt_is_not_ordered_twice() -> None:
    story = Story()
    story.reported(CRITICAL)
    assert story.refused(COMMANDER, OrderHalt(level=HaltLevel.H2)).reason == "halt_stands"


def test_a_second_person_confirms() -> None:
    story = Story()
    story.reported(MILD)
    story.did(COMMANDER, OrderHalt(level=HaltLevel.H3, reason=SEEN))
    assert story.refused(COMMANDER, ConfirmHalt(number=3)).reason == "four_eyes"
    story.did(QUALITY_HEAD, ConfirmHalt(number=3))
    assert story.incident.halt.orders[2].confirmed_by == QUALITY_HEAD.id


def test_an_order_puts_on_the_levels_that_go_with_it() -> None:
    story = Story()
    story.reported(MILD)
    story.did(SUPPLY, OrderHalt(level=HaltLevel.H1))
    assert levels(story.did(COMMANDER, OrderHalt(level=HaltLevel.H3, reason=SEEN))) == ["H2", "H3"]
    assert levels(story.did(PLANT, OrderHalt(level=HaltLevel.H4, reason=SEEN))) == ["H4"]
    assert story.incident.halt.levels == ("H1", "H2", "H3", "H4")


# ---------------------------------------------------------------- before confirmation

PATHOGEN = replace(SERIOUS, fault=Fault.PATHOGEN)


@pytest.mark.parametrize(
    ("answers", "who", "level", "ground"),
    [
        pytest.param(MILD, SUPPLY, "H1", "on_one_report", id="H1:general:on-one-report"),
        pytest.param(MILD, COMMANDER, "H2", "", id="H2:general:by-decision"),
        pytest.param(SERIOUS, COMMANDER, "H2", "on_one_report", id="H2:serious:on-one-report"),
        pytest.param(MILD, COMMANDER, "H3", "", id="H3:general:by-decision"),
        pytest.param(SERIOUS, COMMANDER, "H3", "", id="H3:serious:no-evidence"),
        pytest.param(replace(SERIOUS, evidence=Evidence.ALLEGATION), COMMANDER, "H3", "", id="H3:serious:one-allegation"),
        pytest.param(replace(SERIOUS, evidence=Evidence.SEVERAL), COMMANDER, "H3", "on_evidence", id="H3:serious:several"),
        pytest.param(replace(SERIOUS, evidence=Evidence.ACCREDITED_LAB), COMMANDER, "H3", "on_evidence", id="H3:serious:laboratory"),
        pytest.param(SERIOUS, PLANT, "H4", "", id="H4:changed-content"),
        pytest.param(PATHOGEN, PLANT, "H4", "on_fault", id="H4:pathogen"),
        pytest.param(replace(SERIOUS, evidence=Evidence.OWN_RECORDS), PLANT, "H4", "on_fault", id="H4:self-inspection"),
    ],
)  # fmt: skip
def test_what_the_plan_leaves_to_people_before_the_acceptance_they_give_a_reason_for(
    answers: Answers, who: Actor, level: str, ground: str
) -> None:
    story = Story()
    story.reported(answers)
    if not ground:
        refusal = story.refused(who, OrderHalt(level=HaltLevel(level)))
        assert refusal.reason == "reason_missing"
        assert level in refusal.sentence
    reason = SEEN if not ground else PublicText("")
    last = story.did(who, OrderHalt(level=HaltLevel(level), reason=reason))[-1]
    assert (last.level, last.rule, last.by_plan) == (level, ground, False)


def _at_serious_stop_the_trade(document: dict[str, Any]) -> None:
    for when in ("halt_on_report", "halt_on_acceptance"):
        put(f"grades.serious.{when}", "H3")(document)


def test_the_plan_itself_stops_before_the_acceptance_only_on_its_own_ground() -> None:
    braver = read_plan(changed(_at_serious_stop_the_trade))
    doubtful = replace(SERIOUS, evidence=Evidence.ALLEGATION)
    for answers, stopped in (
        (doubtful, ("H1", "H2")),
        (replace(SERIOUS, evidence=Evidence.AUTHORITY), ("H1", "H2", "H3")),
    ):
        story = ruled_by(braver)
        story.reported(answers)
        assert story.incident.halt.levels == stopped


# ---------------------------------------------------------------- the level that is asked about


@pytest.mark.parametrize(
    ("answers", "level", "within"),
    [
        pytest.param(SERIOUS, "H3", timedelta(hours=4), id="serious:doubtful:4h"),
        pytest.param(replace(SERIOUS, evidence=Evidence.SEVERAL), "H3", timedelta(hours=1), id="serious:several:1h"),
        pytest.param(MILD, None, None, id="general:no-time"),
        pytest.param(CRITICAL, "H4", timedelta(hours=4), id="critical:production:4h"),
    ],
)  # fmt: skip
def test_the_plan_asks_for_its_next_level_in_its_time(
    answers: Answers, level: str | None, within: timedelta | None
) -> None:
    story = Story()
    story.accepted(answers)
    due = story.due("order_halt:")
    assert (due.item if due else None) == level
    assert (due.due_at - story.now if due else None) == within


def test_silence_orders_no_halt_of_trade() -> None:
    """Retailers would read it: silence never speaks to the outside."""
    story = Story()
    story.accepted(SERIOUS)
    story.later(days=3)
    assert story.incident.halt.levels == ("H1", "H2")
    assert story.due("order_halt:H3") is not None


def test_a_no_stays_on_the_record_until_it_gets_worse() -> None:
    story = Story()
    story.accepted(SERIOUS)
    no = DecideAgainstHalt(level=HaltLevel.H3, reason=PublicText("One jar, opened by hand."))
    assert story.refused(SUPPLY, no).reason == "not_allowed"
    story.did(COMMANDER, no)
    assert story.due("order_halt:") is None
    assert story.refused(COMMANDER, no).reason == "not_asked"
    quality = person(Role.QUALITY)
    story.did(quality, AssessSeverity(answers=replace(SERIOUS, evidence=Evidence.SEVERAL)))
    assert story.due("order_halt:H3") is not None, "several say so now"
    story.did(COMMANDER, no)
    story.did(quality, AssessSeverity(answers=replace(SERIOUS, worst_outcome=Outcome.DEATH)))
    assert "H3" in story.incident.halt.levels, "critical: the plan itself"
    due = story.due("order_halt:")
    assert due is not None
    assert due.item == "H4", "production is asked about next"


def test_promotion_is_silenced_by_the_pr_lead_in_the_time_after_acceptance() -> None:
    story = Story()
    story.accepted(SERIOUS)
    due = story.due("channel:ch-promotion")
    assert due is not None
    assert due.due_at == story.now + timedelta(hours=2)
    assert due.roles[0] == Role.PR_LEAD
    quiet = PublicText("All scheduled posts are off.")
    story.did(person(Role.PR_LEAD), ConfirmChannel(channel=ChannelId("ch-promotion"), proof=quiet))


def test_silence_leaves_a_halt_on() -> None:
    story = Story()
    story.accepted(CRITICAL)
    story.later(days=30)
    assert story.incident.halt.levels == ("H1", "H2", "H3")


def test_an_unconfirmed_order_is_lifted_a_confirmed_one_resumed() -> None:
    story = Story()
    story.reported(MILD)
    story.did(COMMANDER, OrderHalt(level=HaltLevel.H3, reason=SEEN))
    story.did(QUALITY_HEAD, ConfirmHalt(number=3))
    story.keeps_evidence()
    reason = PublicText("Wrong product named by mistake.")
    pending = story.does(COMMANDER, LiftHalt(number=3, reason=reason))
    assert getattr(pending[0], "reason", "") == "needs_resume"


def answered(state: str, channel: str = SHOP, order: int = 2) -> ReportOutcomes:
    outcome = ChannelOutcome(channel=channel, order=order, state=state, attempts=1)
    return ReportOutcomes(outcomes=(outcome,))


def test_a_late_answer_never_undoes_a_confirmation() -> None:
    story = Story()
    story.reported(CRITICAL)
    story.did(PERFORMER, answered("confirmed"))
    assert story.did(PERFORMER, answered("failed")) == []
    assert story.incident.halt.channels[SHOP].state == "confirmed"


def test_silent_channels_become_a_task_and_a_named_person_takes_over() -> None:
    story = Story()
    story.accepted(CRITICAL)
    story.did(PERFORMER, answered("refused"))
    assert story.due(f"channel:{SHOP}") is not None
    story.did(CHANNELS, TakeOverChannel(channel=SHOP, reason=PublicText("I drive there now.")))
    assert story.due(f"channel:{SHOP}") is None
    assert story.incident.halt.channels[SHOP].taken_over_by == CHANNELS.id


def test_drift_makes_a_confirmed_channel_a_task_again() -> None:
    story = Story()
    story.reported(CRITICAL)
    proof = PublicText("Photo of the empty shelf.")
    story.did(CHANNELS, ConfirmChannel(channel=SHOP, proof=proof, units=12))
    seen = PublicText("Bought one at 14:10, receipt kept.")
    story.did(CHANNELS, ReportDrift(channel=SHOP, how_seen=seen))
    assert story.incident.halt.channels[SHOP].state == "selling"
    assert story.due(f"drift:{SHOP}") is not None


@pytest.mark.parametrize(
    ("state", "after", "stands"),
    [
        ("ordered", -1, "ordered"),
        ("ordered", 1, "silent"),
        ("accepted", 1, "silent"),
        ("refused", 1, "refused"),
        ("confirmed", 1, "confirmed"),
        ("taken_over", 1, "taken_over"),
    ],
)
def test_a_channel_that_let_its_time_pass_is_silent(state: str, after: int, stands: str) -> None:
    due = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
    one = ChannelHalt(channel=SHOP, order=1, state=state, ordered_at=due, answer_due_at=due)
    assert standing(one, due + timedelta(minutes=after)) == stands


def test_a_channel_without_a_due_time_is_never_silent() -> None:
    asked = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
    one = ChannelHalt(channel=SHOP, order=1, state="ordered", ordered_at=asked)
    assert standing(one, asked + timedelta(days=9)) == "ordered"


def test_production_and_parcels_are_counted() -> None:
    story = Story()
    story.accepted(CRITICAL)
    plant = person(Role.PLANT_MANAGER)
    story.did(plant, RecordProductionStop(site="Suzhou", line="3", units_set_apart=None))
    assert story.incident.halt.lines[0].units_set_apart is None
    parcels = RecordInterception(carrier="SF", orders=4, units=9, outcome=PublicText("Returned."))
    story.did(SUPPLY, parcels)
    assert story.incident.halt.intercepted_units == 9


def test_a_person_tells_lots_apart_by_telephone() -> None:
    story = Story()
    story.accepted(CRITICAL)
    lots = (LotCount(lot=LotNumber("L1"), units=7), LotCount(lot=LotNumber("L2"), units=5))
    wrong = ConfirmChannel(channel=SHOP, proof=SEEN, units=9, set_apart=lots)
    assert story.refused(CHANNELS, wrong).reason == "bad_count"
    story.did(CHANNELS, ConfirmChannel(channel=SHOP, proof=SEEN, set_apart=lots))
    now = story.incident.halt.channels[SHOP]
    assert now.units == 12
    assert [(one.lot, one.units) for one in units_by_lot(now)] == [("L1", 7), ("L2", 5)]
    story.did(CHANNELS, ConfirmChannel(channel=SHOP, proof=SEEN, units=3))
    assert [one.lot for one in units_by_lot(story.incident.halt.channels[SHOP])] == [""]


def test_a_count_beyond_all_that_is_taken_today_stays_as_it_was_recorded() -> None:
    """What came in before there was a limit is decided and folded again as it was."""
    story = Story()
    story.accepted(CRITICAL)
    story.did(CHANNELS, ConfirmChannel(channel=SHOP, proof=SEEN, units=10**12))
    assert story.incident.halt.channels[SHOP].units == 10**12


@pytest.mark.parametrize(
    ("site", "channel"),
    [("ch-plant", "ch-plant"), ("CH-PLA", "ch-plant"), ("Elsewhere", ""), (" ", "")],
    ids=["its-name", "the-plant-of-the-desk", "another", "blank"],
)
def test_a_stop_of_production_is_that_of_its_plant(site: str, channel: str) -> None:
    story = Story()
    story.accepted(CRITICAL)
    story.did(PLANT, OrderHalt(level=HaltLevel.H4, reason=SEEN))
    assert plant_channel(story.incident.halt, site) == channel


def test_two_people_sign_before_anything_is_sold_again() -> None:
    story = Story()
    story.accepted(CRITICAL)
    story.keeps_evidence()
    resume = ResumeSale(basis=PublicText("Three laboratories found nothing."))
    story.did(COMMANDER, resume)
    assert story.incident.halt.levels
    resumed = story.signed(QUALITY_HEAD)[-1]
    assert isinstance(resumed, SaleResumed)
    assert {signer.person for signer in resumed.signers} == {QUALITY_HEAD.id, COMMANDER.id}
    assert story.incident.halt.levels == ()


# ---------------------------------------------------------------- who carries an order


def effects_of(story: Story, before: int) -> list[Effect]:
    """Give what the entries after number `before` do in the world."""
    entries = [read_entry(leaf) for leaf in story.leaves[before:]]
    return [
        effect for entry in entries for effect in effects(story.incident, entry.event, entry.mark())
    ]


def carrying(story: Story, before: int, name: str) -> Effect:
    """Give the one effect of this name."""
    (found,) = [each for each in effects_of(story, before) if each.name == name]
    return found


def test_who_carries_an_order_hears_what_a_person_settled_and_not_what_it_told_itself() -> None:
    story = Story()
    story.accepted(SERIOUS)
    before = len(story.leaves)
    outcome = ChannelOutcome(channel=SHOP, order=2, state="confirmed", attempts=1)
    story.did(PERFORMER, ReportOutcomes(outcomes=(outcome,)))
    assert [each.name for each in effects_of(story, before)] == []
    before = len(story.leaves)
    promotion = ChannelId("ch-promotion")
    story.did(CHANNELS, ConfirmChannel(channel=promotion, proof=PublicText("Looked.")))
    settle = carrying(story, before, "settle")
    assert (settle.target, settle.body["order"], settle.body["resume"]) == ("ch-promotion", 2, "")


def resuming() -> Story:
    """A serious incident in which sale goes on, and no channel has answered to that."""
    story = Story()
    story.accepted(SERIOUS)
    story.keeps_evidence()
    story.did(COMMANDER, ResumeSale(basis=PublicText("Three laboratories found nothing.")))
    story.signed(QUALITY_HEAD)
    assert story.incident.halt.channels[SHOP].state == "resuming"
    return story


def test_when_sale_resumes_every_order_hears_of_its_own_channels_alone() -> None:
    story = resuming()
    orders = {order.number: list(order.channels) for order in story.incident.halt.orders}
    assert len(orders) == 2
    assert dict(carrying(story, 0, "resume").body["carried"]) == orders


def test_a_person_settles_the_order_to_sell_again() -> None:
    story = resuming()
    before = len(story.leaves)
    story.did(CHANNELS, ConfirmResumed(channel=SHOP, proof=PublicText("I was there.")))
    assert story.incident.halt.channels[SHOP].state == "resumed"
    settle = carrying(story, before, "settle")
    assert (settle.target, settle.body["resume"]) == (SHOP, "1")
    again = ConfirmResumed(channel=SHOP, proof=PublicText("Still."))
    assert story.refused(CHANNELS, again).reason == "refused"


def test_what_is_halted_does_not_sell_again_and_what_sells_again_has_not_stopped() -> None:
    story = Story()
    story.accepted(SERIOUS)
    proof = PublicText("I was there.")
    sells = ConfirmResumed(channel=SHOP, proof=proof)
    assert story.refused(CHANNELS, sells).reason == "needs_resume"
    story = resuming()
    assert story.refused(CHANNELS, ConfirmChannel(channel=SHOP, proof=proof)).reason == "may_sell"
    assert story.refused(CHANNELS, TakeOverChannel(channel=SHOP, reason=proof)).reason == "may_sell"


def test_a_new_halt_undoes_the_order_to_sell_again_where_it_is_still_carried() -> None:
    story = resuming()
    promotion = ChannelId("ch-promotion")
    story.did(CHANNELS, ConfirmResumed(channel=promotion, proof=PublicText("I was there.")))
    before = len(story.leaves)
    story.did(COMMANDER, OrderHalt(level=HaltLevel.H2, reason=SEEN))
    halts = [each.body for each in effects_of(story, before) if each.name == "halt"]
    undone = [pair for body in halts for pair in body["undone"]]
    assert ["1", SHOP] in undone
    assert ["1", promotion] not in undone


def test_each_order_of_the_plan_says_its_own_level() -> None:
    story = Story()
    orders = [e for e in story.reported(CRITICAL) if isinstance(e, HaltOrdered)]
    assert len(orders) > 1
    for order in orders:
        said = f"The plan orders {order.level} at grade critical."
        assert (order.reason, order.rule) == (said, said)
