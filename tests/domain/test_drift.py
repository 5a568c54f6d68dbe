"""Stage halt: asking again, looking, finding the goods on sale after all; levels reach new places."""

import pytest

from domain.agenda import RungReached, dues
from domain.channels import (
    ChannelOutcome,
    ConfirmChannel,
    ReportOutcomes,
    standing,
    times_asked,
)
from domain.desired import Hold, holds
from domain.dispatch import Due, Effect
from domain.drift import (
    AskChannelsAgain,
    ChannelsAskedAgain,
    ChannelsLookedAt,
    DriftFound,
    LookAtChannels,
    LookOrdered,
    ReportDrift,
    ReportLook,
    SeenChannel,
)
from domain.halt import HaltOrdered, ListChannels, OrderHalt
from domain.incident import effects
from domain.ledger import read_entry
from domain.people import PERFORMER, Role
from domain.resuming import LiftHalt
from domain.severity import HaltLevel
from domain.state.halt import ListedChannel
from domain.values import ChannelId, LotNumber, ProductId, PublicText
from tests.domain.story import CRITICAL, MILD, SERIOUS, Story, person

COMMANDER = person(Role.INCIDENT_COMMANDER)
CHANNELS = person(Role.CHANNEL_LEAD)
MONITOR = person(Role.MARKET_MONITORING)
SUPPLY = person(Role.SUPPLY_CHAIN)
SHOP, WAREHOUSE = ChannelId("ch-own_shop"), ChannelId("ch-warehouse")
SEEN = PublicText("A friend bought it there today.")


def halted(state: str = "confirmed") -> Story:
    """Tell an incident in which every level but production stands, and its shop has answered."""
    story = Story()
    story.reported(CRITICAL)
    now = story.incident.halt.channels[SHOP]
    answered = ChannelOutcome(channel=SHOP, order=now.order, state=state, attempts=1)
    story.did(PERFORMER, ReportOutcomes(outcomes=(answered,)))
    return story


def caused(story: Story) -> list[Effect]:
    """Give what the last act of a person or performer is to do in the world."""
    last = [
        entry for entry in map(read_entry, story.leaves) if entry.command_id == f"k{story.acts}"
    ]
    return [one for entry in last for one in effects(story.incident, entry.event, entry.mark())]


def seen(offers: int = 2, unshipped: int = 0) -> ReportLook:
    return ReportLook(
        seen=(SeenChannel(channel=SHOP, offers=offers, units=14, unshipped=unshipped),)
    )


# ---------------------------------------------------------------- drift


@pytest.mark.parametrize("state", ["confirmed", "accepted"])
def test_a_shop_that_said_yes_and_sells_rings_and_is_ordered_anew(state: str) -> None:
    story = halted(state)
    story.later(minutes=40)
    [found] = story.did(PERFORMER, seen())
    assert isinstance(found, DriftFound)
    now = story.incident.halt.channels[SHOP]
    assert now.state == "selling"
    assert now.drift is not None
    assert (now.drift.after_s, now.drift.offers, now.drift.units) == (2400, 2, 14)
    done = {effect.name: effect for effect in caused(story)}
    assert set(done) == {"tell", "halt_again"}
    assert done["halt_again"].body["channels"] == [SHOP]
    assert done["halt_again"].target == str(now.order)


@pytest.mark.parametrize("state", ["ordered", "failed", "refused"])
def test_a_shop_that_never_said_yes_is_no_news(state: str) -> None:
    story = halted(state)
    assert story.did(PERFORMER, seen()) == []


def test_the_same_sight_again_is_no_news_and_another_is() -> None:
    story = halted()
    story.did(PERFORMER, seen())
    first = story.incident.halt.channels[SHOP].drift
    assert story.did(PERFORMER, seen()) == []
    story.later(minutes=5)
    assert story.did(PERFORMER, seen(offers=1))
    now = story.incident.halt.channels[SHOP].drift
    assert first is not None
    assert now is not None
    assert (now.found_at, now.offers) == (first.found_at, 1), "it is found since the first sight"


def test_a_clean_look_or_one_that_saw_nothing_is_no_entry_of_the_round() -> None:
    story = halted()
    nothing = SeenChannel(channel=SHOP), SeenChannel(channel=WAREHOUSE, is_seen=False)
    assert story.did(PERFORMER, ReportLook(seen=nothing)) == []
    assert (
        story.did(PERFORMER, ReportLook(seen=(SeenChannel(channel="elsewhere", offers=1),))) == []
    )


def test_drift_has_a_clock_of_its_own_until_the_channel_stops() -> None:
    story = halted()
    story.did(MONITOR, ReportDrift(channel=SHOP, how_seen=SEEN))
    [due] = [due for due in dues(story.incident) if due.key.startswith("drift:")]
    assert (due.item, due.act) == (SHOP, "confirm_channel")
    assert due.due_at > due.start_at
    assert not [due for due in dues(story.incident) if due.key.startswith(f"channel:{SHOP}:")]
    story.did(CHANNELS, ConfirmChannel(channel=SHOP, proof=PublicText("I called them.")))
    assert story.incident.halt.channels[SHOP].drift is None
    assert not [due for due in dues(story.incident) if due.key.startswith("drift:")]


# ---------------------------------------------------------------- on demand


def test_a_look_on_demand_is_ordered_and_what_it_saw_is_on_record() -> None:
    story = halted()
    [ordered] = story.did(MONITOR, LookAtChannels())
    assert isinstance(ordered, LookOrdered)
    assert set(ordered.channels) == set(story.incident.halt.channels)
    [look] = caused(story)
    assert look.name == "look"
    looked = ReportLook(
        seen=(*seen().seen, SeenChannel(channel=WAREHOUSE, is_seen=False)), on_demand=True
    )
    told, found = story.did(PERFORMER, looked)
    assert told == ChannelsLookedAt(clean=(), selling=(SHOP,), not_seen=(WAREHOUSE,))
    assert isinstance(found, DriftFound)
    assert story.incident.halt.channels[SHOP].looked_at is not None
    assert story.incident.halt.channels[WAREHOUSE].looked_at is None


def test_where_nothing_is_to_stand_still_there_is_nothing_to_look_at() -> None:
    story = Story()
    story.reported(MILD)
    assert story.refused(MONITOR, LookAtChannels()).reason == "nothing_to_look_at"


# ---------------------------------------------------------------- asking again


def test_the_silent_ones_are_asked_again_by_their_own_orders() -> None:
    story = halted()
    assert story.refused(CHANNELS, AskChannelsAgain()).reason == "nobody_to_ask", "all in time"
    story.later(hours=24 * 9)
    [asked] = story.did(CHANNELS, AskChannelsAgain())
    assert isinstance(asked, ChannelsAskedAgain)
    now = story.incident.halt.channels
    silent = {name for name, one in now.items() if one.answer_due_at} - {SHOP}
    assert set(asked.channels) == silent
    again = [effect for effect in caused(story) if effect.name == "halt_again"]
    assert {name for effect in again for name in effect.body["channels"]} == silent
    for effect in again:
        order = story.incident.halt.orders[int(effect.target) - 1]
        assert set(effect.body["channels"]) <= set(order.channels)


def test_whoever_carries_what_went_out_anew_hears_of_its_end() -> None:
    story = halted()
    story.did(PERFORMER, seen())
    story.did(CHANNELS, AskChannelsAgain(channels=(SHOP,)))
    now = story.incident.halt.channels[SHOP]
    anew = [[one.order, one.seq, SHOP] for one in now.again]
    assert len(anew) == 2
    answered = ChannelOutcome(channel=SHOP, order=now.order, state="confirmed", attempts=1)
    story.did(PERFORMER, ReportOutcomes(outcomes=(answered,)))
    [settle] = caused(story)
    assert (settle.name, settle.body["again"]) == ("settle", anew)
    story.keeps_evidence()
    story.does(COMMANDER, LiftHalt(number=now.order, reason=PublicText("A false alarm.")))
    story.signed(person(Role.QUALITY_SAFETY_RESPONSIBLE))
    [resume] = [effect for effect in caused(story) if effect.name == "resume"]
    assert resume.body["again"] == anew


def test_a_refusal_outlives_that_the_message_went_out_again() -> None:
    story = halted("refused")
    order = story.incident.halt.channels[SHOP].order
    [asked] = story.did(CHANNELS, AskChannelsAgain())
    assert asked.channels == (SHOP,)
    took = ChannelOutcome(channel=SHOP, order=order, state="accepted", attempts=1)
    assert story.did(PERFORMER, ReportOutcomes(outcomes=(took,))) == []
    now = story.incident.halt.channels[SHOP]
    assert (standing(now, story.now), times_asked(story.incident, now)) == ("refused", 2)
    stopped = ChannelOutcome(channel=SHOP, order=order, state="confirmed", attempts=1)
    story.did(PERFORMER, ReportOutcomes(outcomes=(stopped,)))
    assert story.incident.halt.channels[SHOP].state == "confirmed"


def test_one_in_its_time_is_asked_by_name_alone() -> None:
    story = halted()
    [asked] = story.did(CHANNELS, AskChannelsAgain(channels=(WAREHOUSE,)))
    assert asked.channels == (WAREHOUSE,)


def test_nobody_is_asked_who_has_confirmed() -> None:
    story = halted()
    refusal = story.refused(CHANNELS, AskChannelsAgain(channels=(SHOP,)))
    assert refusal.reason == "nobody_to_ask"


# ---------------------------------------------------------------- new places


def new_channel(level: str = "H1") -> ListChannels:
    return ListChannels(
        channels=(
            ListedChannel(
                id="wh-new", kind="warehouse", level=level, name="New", name_zh="新仓", market="CN"
            ),
        )
    )


def test_a_channel_that_is_added_inherits_the_level_that_stands() -> None:
    story = Story()
    story.reported(SERIOUS)
    first = story.incident.halt.orders[0]
    _listed, ordered = story.did(PERFORMER, new_channel())
    assert isinstance(ordered, HaltOrdered)
    assert [one.channel for one in ordered.channels] == ["wh-new"]
    assert (ordered.products, ordered.lots) == (first.products, first.lots)
    assert story.did(PERFORMER, new_channel())[1:] == [], "it is ordered once"


def test_a_channel_that_is_added_stops_what_any_order_of_the_level_stops() -> None:
    story = Story()
    story.reported(SERIOUS)
    soap = OrderHalt(
        level=HaltLevel.H1, products=(ProductId("soap"),), lots=(LotNumber("L9"),), reason=SEEN
    )
    story.did(COMMANDER, soap)
    _listed, ordered = story.did(PERFORMER, new_channel())
    assert (ordered.products, ordered.lots) == (("cream", "soap"), ("L1", "L9"))


def test_a_channel_of_a_level_that_does_not_stand_is_only_listed() -> None:
    story = Story()
    story.reported(SERIOUS)
    assert len(story.did(PERFORMER, new_channel("H3"))) == 1


# ---------------------------------------------------------------- what is held


def test_what_is_held_is_every_order_that_stands() -> None:
    story = Story()
    story.reported(SERIOUS)
    order = story.incident.halt.orders[0]
    assert {hold.channel for hold in holds(story.incident)} == set(order.channels)
    assert {(hold.order, hold.level) for hold in holds(story.incident)} == {(1, "H1")}
    story.keeps_evidence()
    story.does(COMMANDER, LiftHalt(number=1, reason=PublicText("A false alarm.")))
    story.signed(person(Role.QUALITY_SAFETY_RESPONSIBLE))
    assert holds(story.incident) == ()


@pytest.mark.parametrize(
    ("lots", "recalled", "lot", "is_held"),
    [
        pytest.param((), False, "", True, id="whole product, no lots known"),
        pytest.param((), False, "L9", True, id="whole product, any lot"),
        pytest.param(("L1",), False, "L1", True, id="the lot"),
        pytest.param(("L1",), False, "L2", False, id="another lot"),
        pytest.param(("L1",), False, "", True, id="no lots known: none is sold"),
        pytest.param(("L1",), True, "L1", True, id="a recalled lot"),
        pytest.param(("L1",), True, "", False, id="no lots known, only recalled ones are left"),
    ],
)
def test_a_hold_covers_what_it_means(
    lots: tuple[str, ...], recalled: bool, lot: str, is_held: bool
) -> None:
    story = Story()
    hold = Hold(
        channel=SHOP, order=1, level="H2", products=("cream",), lots=lots, since=story.now,
        recalled=recalled,
    )  # fmt: skip
    assert hold.covers("cream", lot) is is_held
    assert not hold.covers("soap", lot)


def test_another_fault_in_an_unreadable_answer_is_news_and_the_same_one_is_not() -> None:
    story = halted("accepted")
    order = story.incident.halt.channels[SHOP].order

    def told(error: str) -> int:
        late = ChannelOutcome(
            channel=SHOP, order=order, state="unreadable", attempts=1, error=error
        )
        return len(story.did(PERFORMER, ReportLook(seen=(), answers=(late,))))

    assert [told("no table"), told("no table"), told("two lines")] == [1, 0, 1]
    assert story.incident.halt.channels[SHOP].last_error == "two lines"


@pytest.mark.parametrize(
    ("answer", "stands"),
    [
        pytest.param("accepted", "selling", id="takes the order anew"),
        pytest.param("confirmed", "confirmed", id="confirms"),
    ],
)
def test_goods_found_on_sale_are_so_until_the_channel_confirms(answer: str, stands: str) -> None:
    story = halted()
    story.did(PERFORMER, seen())
    now = story.incident.halt.channels[SHOP]
    said = ChannelOutcome(channel=SHOP, order=now.order, state=answer, attempts=1)
    story.did(PERFORMER, ReportOutcomes(outcomes=(said,)))
    assert standing(story.incident.halt.channels[SHOP], story.now) == stands


# ---------------------------------------------------------------- stopping and selling in turn


def stops_and_sells(story: Story, times: int) -> list[bool]:
    """Tell looks that find the same, each after the channel had said yes anew; say who was rung."""
    rung = []
    for _ in range(times):
        story.did(PERFORMER, seen())
        names = {one.name for one in caused(story)}
        assert "halt_again" in names
        rung.append("tell" in names)
        now = story.incident.halt.channels[SHOP]
        answered = ChannelOutcome(channel=SHOP, order=now.order, state="confirmed", attempts=1)
        story.did(PERFORMER, ReportOutcomes(outcomes=(answered,)))
        story.later(minutes=5)
    return rung


def sight(story: Story) -> Due:
    story.did(PERFORMER, seen())
    [due] = [due for due in dues(story.incident) if due.key.startswith("drift:")]
    return due


def test_a_shop_that_stops_and_sells_in_turn_is_late_since_the_first_sight() -> None:
    story = halted()
    first = story.now
    assert stops_and_sells(story, 3) == [True, False, False]
    story.later(days=1)
    due = sight(story)
    assert due.start_at == first
    assert due.due_at < story.now
    rung = [one for one in story.later(seconds=1) if isinstance(one, RungReached)]
    assert due.key in [one.due for one in rung], "it escalates though the shop had said yes"


def test_the_same_sight_rings_again_once_its_time_is_over() -> None:
    story = halted()
    stops_and_sells(story, 1)
    story.later(days=1)
    assert stops_and_sells(story, 2) == [True, False]


@pytest.mark.parametrize("end", ["clean look", "person"])
def test_a_clean_look_or_a_person_s_word_ends_it(end: str) -> None:
    story = halted()
    stops_and_sells(story, 1)
    if end == "person":
        story.did(CHANNELS, ConfirmChannel(channel=SHOP, proof=PublicText("I was there.")))
    else:
        clean = ReportLook(seen=(SeenChannel(channel=SHOP),))
        assert story.did(PERFORMER, clean), "it is news where goods were found"
        assert story.did(PERFORMER, clean) == []
    since = story.now
    assert sight(story).start_at == since
