"""What was signed to sell again comes back, whatever is ordered, resumed or answered meanwhile."""

from typing import Any

import pytest

from domain.agenda import dues
from domain.channel_answers import AnswerOrder, OwnAnswer
from domain.channels import (
    ChannelOutcome,
    ConfirmChannel,
    ReportOutcomes,
    TakeOverChannel,
    standing,
)
from domain.halt import ListChannels, OrderHalt
from domain.people import PERFORMER, channel_actor
from domain.resumed_channels import ConfirmResumed
from domain.resuming import LiftHalt, SaleResumed
from domain.severity import HaltLevel
from domain.state.halt import ChannelHalt
from domain.under_way import is_resuming
from domain.values import LotNumber, PrivateText
from tests.domain.recalls import COMMANDER, QSR, words
from tests.domain.story import Story
from tests.domain.test_drift import CHANNELS, caused
from tests.domain.test_resuming_goods import (
    CREAM,
    L1,
    L2,
    PROMOTION,
    SHOP,
    SOAP,
    freed,
    ordered,
    proposed,
    stopped,
)
from tests.domain.test_resuming_in_part import told_again
from tests.domain.test_two_orders import SEEN, answers

L3 = LotNumber("L3")


def at_shop(story: Story) -> ChannelHalt:
    return story.incident.halt.channels[SHOP]


def told(story: Story, resume: str, state: str, channel: str = SHOP, error: str = "") -> list[Any]:
    """Let whoever carries an order to resume report what came of it."""
    one = ChannelOutcome(
        channel=channel, order=0, state=state, attempts=1, error=error, resume=resume
    )
    return story.did(PERFORMER, ReportOutcomes(outcomes=(one,)))


def halts(story: Story, *lots: LotNumber) -> None:
    """Order H2 for lots of the cream."""
    order = OrderHalt(level=HaltLevel.H2, products=(CREAM,), lots=lots, reason=SEEN)
    story.did(COMMANDER, order)


def freeing(*, named: Any = None) -> tuple[Story, str]:
    """Tell of L2, which may be sold again while L1 stays stopped; gives the order that says so."""
    story = ordered(((CREAM,), (L1, L2)))
    _left, resumed = freed(story, **(named or {"lots": (L2,)}))
    return story, str(resumed.number)


def shop_is_due(story: Story) -> set[str]:
    return {one.key for one in dues(story.incident) if one.item == SHOP}


def test_an_order_for_other_goods_ends_no_order_to_resume() -> None:
    story, resume = freeing()
    told_again(story, "L3")
    [halt] = [one for one in caused(story) if one.name == "halt" and SHOP in one.body["channels"]]
    assert halt.body["undone"] == []
    assert (at_shop(story).state, is_resuming(at_shop(story))) == ("ordered", True)
    assert f"resume:{SHOP}:{resume}" in shop_is_due(story)


@pytest.mark.parametrize("state", ["ordered", "confirmed", "refused"])
def test_its_answer_counts_beside_the_newer_order_whatever_that_was_answered(state: str) -> None:
    story, resume = freeing()
    told_again(story, "L3")
    if state != "ordered":
        answers(story, state, SHOP)
    assert told(story, resume, "resumed")
    assert not is_resuming(at_shop(story))
    assert f"resume:{SHOP}:{resume}" not in shop_is_due(story)
    assert at_shop(story).state == ("refused" if state == "refused" else "ordered")
    anew = [one.body["lots"] for one in caused(story) if one.name == "halt_again"]
    assert anew == [["L1"], ["L3"]], "so that nobody takes the one letter for the end of both"


def test_its_failure_is_told_beside_the_newer_order() -> None:
    story, resume = freeing()
    told_again(story, "L3")
    story.later(minutes=5)
    assert told(story, resume, "failed", error="401")
    assert not told(story, resume, "failed", error="401")
    [due] = [one for one in dues(story.incident) if one.key == f"resume:{SHOP}:{resume}"]
    assert (due.act, due.start_at) == ("confirm_resumed", story.now)
    assert at_shop(story).last_error == ""


def test_a_person_confirms_it_beside_the_newer_order() -> None:
    story, resume = freeing()
    told_again(story, "L3")
    story.did(CHANNELS, ConfirmResumed(channel=SHOP, proof=words("They rang.")))
    assert not is_resuming(at_shop(story))
    [settled] = [one for one in caused(story) if one.name == "settle"]
    assert (settled.body["resume"], settled.body["channel"]) == (resume, SHOP)
    assert at_shop(story).state == "ordered"


def test_a_channel_that_somebody_took_over_is_not_asked_anew_by_itself() -> None:
    story, resume = freeing()
    told_again(story, "L3")
    story.did(CHANNELS, TakeOverChannel(channel=SHOP, reason=words("I drive there.")))
    told(story, resume, "resumed")
    assert at_shop(story).state == "taken_over"


def test_an_order_for_all_of_the_same_goods_ends_it_and_a_late_answer_counts_for_nothing() -> None:
    story, resume = freeing()
    halts(story, L2)
    [halt] = [one for one in caused(story) if one.name == "halt"]
    assert [resume, SHOP] in halt.body["undone"]
    assert not is_resuming(at_shop(story))
    assert not told(story, resume, "resumed")
    assert (CREAM, L2) in stopped(story)


def test_an_order_for_some_of_the_same_goods_ends_it_and_the_rest_is_given_anew() -> None:
    story = ordered(((CREAM, SOAP), (L1, L2, L3)))
    _left, resumed = freed(story, lots=(L2, L3))
    halts(story, L2)
    number = story.incident.halt.orders[-1].number
    [halt] = [one for one in caused(story) if one.name == "halt"]
    assert [str(resumed.number), SHOP] in halt.body["undone"]
    anew = {one.target: one.body for one in caused(story) if one.name == "resume"}
    name = f"{resumed.number}-beside-{number}"
    goods = [(one["products"], one["lots"]) for one in anew.values()]
    assert goods == [(["soap"], ["L2", "L3"]), (["cream"], ["L3"])]
    assert list(anew) == [name, f"{name}-2"]
    assert all(SHOP in one["channels"] for one in anew.values())
    assert not told(story, str(resumed.number), "resumed"), "it said more than may be sold"
    told(story, name, "resumed")
    assert is_resuming(at_shop(story))
    told(story, f"{name}-2", "resumed")
    assert not is_resuming(at_shop(story))


def test_what_was_given_anew_is_ended_by_the_next_order_for_it() -> None:
    story = ordered(((CREAM,), (L1, L2, L3)))
    _left, resumed = freed(story, lots=(L2, L3))
    halts(story, L2)
    name = f"{resumed.number}-beside-{story.incident.halt.orders[-1].number}"
    halts(story, L3)
    [halt] = [one for one in caused(story) if one.name == "halt"]
    assert [name, SHOP] in halt.body["undone"]
    assert not is_resuming(at_shop(story))


# ---------------------------------------------------------------- a second order to resume


def test_a_resume_of_the_rest_names_nothing_that_is_on_its_way_and_leaves_it_there() -> None:
    story, first = freeing()
    _none, resumed = freed(story)
    [effect] = [one for one in caused(story) if one.name == "resume"]
    assert (effect.body["lots"], "undone" in effect.body) == (["L1"], False)
    assert [one.resume for one in at_shop(story).under_way] == [first, str(resumed.number)]
    assert told(story, first, "resumed"), "it is no answer to the second"
    assert told(story, str(resumed.number), "failed", error="401")
    assert f"resume:{SHOP}:{resumed.number}" in shop_is_due(story)


def test_a_lift_while_a_part_resumes_leaves_no_carrier_open() -> None:
    story, first = freeing()
    left = story.incident.halt.orders[-1].number
    story.does(COMMANDER, LiftHalt(number=left, reason=SEEN))
    story.signed(QSR)
    ended = {
        name
        for one in caused(story)
        if one.name == "resume"
        for name, channel in one.body.get("undone", ())
        if channel == SHOP
    }
    going = {one.resume for one in at_shop(story).under_way}
    assert (first in ended) != (first in going)
    story.did(CHANNELS, ConfirmResumed(channel=SHOP, proof=words("They rang.")))
    settled = {one.body["resume"] for one in caused(story) if one.name == "settle"}
    assert settled == going
    assert at_shop(story).state == "resumed"


def test_of_two_under_way_each_answer_counts_for_the_one_it_names() -> None:
    story = ordered(((CREAM,), (L1,)), ((CREAM,), (L2,)))
    _none, first = freed(story, lots=(L1,))
    halts(story, L3)
    _none, second = freed(story, lots=(L2,))
    assert [one.resume for one in at_shop(story).under_way] == [
        str(first.number),
        str(second.number),
    ]
    assert told(story, str(second.number), "failed", error="401")
    assert told(story, str(first.number), "resumed")
    assert (at_shop(story).state, at_shop(story).last_error) == ("resuming", "401")
    assert told(story, str(second.number), "resumed")
    assert at_shop(story).state == "ordered"


@pytest.mark.parametrize("who", ["carrier", "person"])
def test_each_order_to_resume_that_is_over_is_carried_by_nobody(who: str) -> None:
    story = ordered(((CREAM,), (L1,)), ((CREAM,), (L2,)))
    _none, first = freed(story, lots=(L1,))
    halts(story, L3)
    _none, second = freed(story, lots=(L2,))
    names = {str(first.number), str(second.number)}
    if who == "person":
        story.did(CHANNELS, ConfirmResumed(channel=SHOP, proof=words("They rang.")))
        assert {one.body["resume"] for one in caused(story) if one.name == "settle"} == names
    else:
        for name in names:
            told(story, name, "resumed")
    assert not is_resuming(at_shop(story))


# ---------------------------------------------------------------- what was merely handed over


def resume_due(story: Story, resume: str) -> list[Any]:
    return [one for one in dues(story.incident) if one.key == f"resume:{SHOP}:{resume}"]


def test_what_was_handed_over_is_asked_for_since_then_with_and_without_another_order() -> None:
    story = ordered(((CREAM,), (L1, L2)))
    _none, resumed = freed(story)
    resume = str(resumed.number)
    assert not resume_due(story, resume), "whoever carries it tries on"
    story.later(hours=3)
    told(story, resume, "accepted")
    [due] = resume_due(story, resume)
    assert (due.act, due.start_at) == ("confirm_resumed", story.now)
    halts(story, L3)
    assert resume_due(story, resume) == [due]
    story.did(CHANNELS, ConfirmResumed(channel=SHOP, proof=words("They rang.")))
    assert not resume_due(story, resume)
    assert not [one for one in caused(story) if one.name == "halt_again"], "L3 went out behind it"


def test_a_letter_beside_a_newer_order_ends_its_carrier_and_sends_what_stands_anew() -> None:
    story, resume = freeing()
    told_again(story, "L3")
    assert told(story, resume, "accepted")
    assert is_resuming(at_shop(story))
    ended = [one.body["resume"] for one in caused(story) if one.name == "settle"]
    assert ended == [resume]
    anew = [one.body["lots"] for one in caused(story) if one.name == "halt_again"]
    assert anew == [["L1"], ["L3"]]
    assert not told(story, resume, "accepted"), "it is told once"
    told(story, resume, "resumed")
    assert not is_resuming(at_shop(story))
    assert not [one for one in caused(story) if one.name in ("halt_again", "settle")]


def test_of_two_letters_the_last_one_sends_what_stands_anew() -> None:
    story = ordered(((CREAM,), (L1,)), ((CREAM,), (L2,)))
    _none, first = freed(story, lots=(L1,))
    halts(story, L3)
    _none, second = freed(story, lots=(L2,))
    told(story, str(first.number), "accepted")
    assert at_shop(story).state == "resuming"
    told(story, str(second.number), "accepted")
    assert [one.body["lots"] for one in caused(story) if one.name == "halt_again"] == [["L3"]]
    assert (at_shop(story).state, len(at_shop(story).under_way)) == ("ordered", 2)
    story.did(CHANNELS, ConfirmResumed(channel=SHOP, proof=words("They rang.")))
    assert (at_shop(story).state, is_resuming(at_shop(story))) == ("ordered", False)


def test_an_order_for_some_of_what_was_handed_over_tells_the_rest_anew() -> None:
    story = ordered(((CREAM,), (L1, L2, L3)))
    _left, resumed = freed(story, lots=(L2, L3))
    told(story, str(resumed.number), "accepted")
    halts(story, L2)
    [one] = at_shop(story).under_way
    assert (one.lots, one.told_at) == ((L3,), None), "the letter before said more than may be sold"
    assert one.resume in {each.target for each in caused(story) if each.name == "resume"}


# ---------------------------------------------------------------- a refusal of what is left


@pytest.mark.parametrize("way", ["its system", "its link"])
def test_that_a_channel_cannot_stop_what_is_left_is_somebodys_while_the_rest_resumes(
    way: str,
) -> None:
    story, left, resume = refused_beside(way)
    assert (at_shop(story).state, standing(at_shop(story), story.now)) == ("resuming", "refused")
    told(story, resume, "resumed")
    assert (at_shop(story).state, at_shop(story).order) == ("refused", left)


def refused_beside(way: str) -> tuple[Story, int, str]:
    """Tell of L2, which may be sold again, and of a shop that cannot stop L1."""
    story = ordered(((CREAM,), (L1, L2)))
    [left], resumed = freed(story, lots=(L2,))
    by_system = ChannelOutcome(
        channel=SHOP, order=left.number, state="refused", attempts=1, error="No."
    )
    by_link = AnswerOrder(
        channel=SHOP,
        order=left.number,
        answer=OwnAnswer.CANNOT,
        answered_by=PrivateText(ref="a", commitment="b", subject="c"),
        reason=words("No."),
    )
    if way == "its link":
        story.did(channel_actor(SHOP), by_link)
    else:
        assert story.did(PERFORMER, ReportOutcomes(outcomes=(by_system,)))
    assert not story.did(PERFORMER, ReportOutcomes(outcomes=(by_system,))), "it is no news"
    return story, left.number, str(resumed.number)


@pytest.mark.parametrize("way", ["its system", "its link"])
def test_somebody_answers_for_it_before_the_rest_has_resumed(way: str) -> None:
    story, left, resume = refused_beside(way)
    story.did(CHANNELS, ConfirmChannel(channel=SHOP, proof=words("I saw it.")))
    assert standing(at_shop(story), story.now) == "resuming"
    told(story, resume, "resumed")
    assert (at_shop(story).state, at_shop(story).order) == ("ordered", left), "it is told anew"


def two_of_which_one_was_told() -> tuple[Story, int]:
    """Hand one order to resume over, and give another that is on its way still."""
    story = ordered(((CREAM,), (L1, L2, L3)))
    whole = story.incident.halt.orders[-1].number
    first = freed(story, lots=(L2,))[1]
    told(story, str(first.number), "accepted")
    freed(story, lots=(L3,), channels=(SHOP,))
    return story, whole


def by_the_link(story: Story, order: int) -> list[Any]:
    named = PrivateText(ref="who", commitment="c", subject="s")
    said = AnswerOrder(
        channel=SHOP, order=order, answer=OwnAnswer.RESUMED, reason=words(""), answered_by=named
    )
    return list(story.did(channel_actor(SHOP), said))


@pytest.mark.parametrize("who", ["the channel", "a person"])
def test_a_word_is_about_what_was_told_and_loses_nothing_that_is_on_its_way(who: str) -> None:
    story, whole = two_of_which_one_was_told()
    if who == "the channel":
        by_the_link(story, whole)
    else:
        story.did(CHANNELS, ConfirmResumed(channel=SHOP, proof=words("They rang.")))
    [waits] = at_shop(story).under_way
    assert (waits.lots, waits.is_told) == ((L3,), False)
    assert waits.resume not in [one.body["resume"] for one in caused(story) if one.name == "settle"]
    told(story, waits.resume, "accepted")
    assert [one.is_told for one in at_shop(story).under_way] == [True]


def test_the_page_of_an_older_order_asks_nothing_before_the_letter_that_follows_it() -> None:
    story = ordered(((CREAM,), (L1,)))
    first = story.incident.halt.orders[-1].number
    told(story, str(freed(story)[1].number), "accepted")
    by_the_link(story, first)
    halts(story, L1)
    freed(story)
    assert is_resuming(at_shop(story))
    named = PrivateText(ref="who", commitment="c", subject="s")
    said = AnswerOrder(
        channel=SHOP, order=first, answer=OwnAnswer.RESUMED, reason=words(""), answered_by=named
    )
    assert story.refused(channel_actor(SHOP), said).reason == "not_asked"
    assert is_resuming(at_shop(story))


def test_who_was_ordered_to_stop_stays_listed_though_a_later_list_leaves_it_out() -> None:
    """A list may come short where one channel of it cannot be read."""
    story = ordered(((CREAM,), (L1,)))
    listed = tuple(one for one in story.incident.halt.listed.values() if one.id != SHOP)
    story.did(PERFORMER, ListChannels(channels=listed))
    assert SHOP in story.incident.halt.listed
    assert shop_is_due(story)
    resumed = freed(story)[1]
    assert told(story, str(resumed.number), "resumed")
    assert at_shop(story).state == "resumed"


def test_what_is_left_of_an_order_that_held_goods_all_along_ends_no_order_to_resume() -> None:
    story = ordered(((CREAM, SOAP), (L1, L2)))
    proposed(story, lots=(L1, L2))
    halts(story, L1, L3)  # it is given before the second signature, and stays whole
    [resumed] = [one for one in story.signed(QSR) if isinstance(one, SaleResumed)]
    for channel in (SHOP, PROMOTION):
        told(story, str(resumed.number), "accepted", channel=channel)
    _left, second = freed(story, lots=(L3,))
    there = [(one.resume, one.lots, one.is_told) for one in at_shop(story).under_way]
    assert there == [(str(resumed.number), (L1, L2), True), (str(second.number), (L3,), False)]
    went = [one.body["lots"] for one in caused(story) if one.name == "resume"]
    assert went == [["L3"]], "what was told before is not told twice"
    assert (CREAM, L1) in stopped(story)


def test_what_stays_stopped_goes_out_once_where_two_answers_come_together() -> None:
    story, resume = freeing()
    both = tuple(
        ChannelOutcome(channel=SHOP, order=0, state=state, attempts=1, resume=resume)
        for state in ("accepted", "resumed")
    )
    answered = story.did(PERFORMER, ReportOutcomes(outcomes=both))
    assert [bool(one.under) for one in answered] == [True, False]
    assert not is_resuming(at_shop(story))
    assert at_shop(story).state == "ordered"
