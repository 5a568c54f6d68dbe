"""What a named person answers for stays theirs, whatever is ordered beside it afterwards."""

from typing import Any

import pytest

from domain.agenda import dues
from domain.channel_answers import AnswerOrder, OwnAnswer
from domain.channels import ChannelOutcome, ConfirmChannel, ReportOutcomes, TakeOverChannel
from domain.drift import AskChannelsAgain, ReportDrift, seen_at
from domain.halt import OrderHalt
from domain.orders_there import answer_due_of, left_to, open_at, orders_at
from domain.people import PERFORMER, channel_actor
from domain.resuming import LiftHalt
from domain.severity import HaltLevel
from domain.under_way import is_resuming
from domain.values import LotNumber, ProductId
from tests.domain.recalls import COMMANDER, QSR, words
from tests.domain.story import Story
from tests.domain.test_channel_answers import NAME
from tests.domain.test_drift import CHANNELS, MONITOR, caused
from tests.domain.test_left_as_answered import DRIVES, part_freed
from tests.domain.test_resuming_goods import CREAM, L1, L2, SHOP, SOAP, freed, ordered
from tests.domain.test_resuming_in_part import told_again
from tests.domain.test_two_orders import SEEN
from tests.domain.test_under_way import at_shop, told

L3 = LotNumber("L3")


def halts(story: Story, *lots: LotNumber, products: tuple[ProductId, ...] = (CREAM,)) -> int:
    """Order H2 for goods; gives the number of the order."""
    order = OrderHalt(level=HaltLevel.H2, products=products, lots=lots, reason=SEEN)
    story.did(COMMANDER, order)
    return story.incident.halt.orders[-1].number


def comes(story: Story, number: int, state: str, error: str = "") -> list[Any]:
    """Let whoever carries an order report what came of it."""
    outcome = ChannelOutcome(channel=SHOP, order=number, state=state, attempts=1, error=error)
    return story.did(PERFORMER, ReportOutcomes(outcomes=(outcome,)))


def says(story: Story, number: int, answer: OwnAnswer, reason: str = "") -> None:
    """Let the shop answer on the page of an order."""
    said = AnswerOrder(
        channel=SHOP, order=number, answer=answer, answered_by=NAME, reason=words(reason)
    )
    story.does(channel_actor(SHOP), said)


def anew(story: Story) -> list[Any]:
    """Give the lots of the orders that go out anew to the shop."""
    again = [one for one in caused(story) if one.name == "halt_again"]
    return [one.body["lots"] for one in again if SHOP in one.body["channels"]]


def by_commander(story: Story) -> int:
    return halts(story, L3)


def by_report(story: Story) -> int:
    told_again(story, "L3")
    return story.incident.halt.orders[-1].number


@pytest.fixture
def taken() -> Story:
    """L1 and L2 of the cream are stopped, and a person answers for the shop."""
    story = ordered(((CREAM,), (L1, L2)))
    story.did(CHANNELS, DRIVES)
    return story


def first(story: Story) -> int:
    return story.incident.halt.orders[0].number


def stands(story: Story) -> tuple[str, str | None, tuple[int, ...]]:
    """Give where the shop stands, who answers for it, and for which orders."""
    now = at_shop(story)
    return now.state, now.taken_over_by, left_to(story.incident, now)


@pytest.mark.parametrize("newer", [by_commander, by_report], ids=["by-person", "by-report"])
def test_a_newer_order_for_other_goods_is_open_beside_what_a_person_answers_for(
    taken: Story, newer: Any
) -> None:
    shop_order = at_shop(taken).order
    number = newer(taken)
    assert stands(taken) == ("ordered", CHANNELS.id, (shop_order,))
    assert [one.order for one in open_at(at_shop(taken))] == [number]


@pytest.mark.parametrize("newer", [by_commander, by_report], ids=["by-person", "by-report"])
def test_its_yes_to_the_newer_order_confirms_nothing_of_what_a_person_answers_for(
    taken: Story, newer: Any
) -> None:
    shop_order = at_shop(taken).order
    comes(taken, newer(taken), "confirmed")
    assert stands(taken) == ("taken_over", CHANNELS.id, (shop_order,))
    theirs = at_shop(taken).left_to
    assert theirs is not None
    assert theirs.reason == DRIVES.reason


def test_of_two_orders_that_were_taken_over_its_yes_confirms_its_own_alone() -> None:
    story = ordered(((CREAM,), (L1,)), ((SOAP,), ()))
    story.did(CHANNELS, DRIVES)
    cream, soap = left_to(story.incident, at_shop(story))
    says(story, soap, OwnAnswer.STOPPED)
    assert stands(story) == ("taken_over", CHANNELS.id, (cream,))
    says(story, cream, OwnAnswer.STOPPED)
    assert (at_shop(story).state, left_to(story.incident, at_shop(story))) == ("confirmed", ())


def test_its_own_yes_to_the_older_order_confirms_that_while_the_newer_is_open(
    taken: Story,
) -> None:
    older = at_shop(taken).order
    newer = halts(taken, L3)
    says(taken, older, OwnAnswer.STOPPED)
    assert left_to(taken.incident, at_shop(taken)) == ()
    comes(taken, newer, "confirmed")
    assert at_shop(taken).state == "confirmed"


def test_that_it_cannot_stop_what_a_person_answers_for_needs_somebody_again(taken: Story) -> None:
    older = at_shop(taken).order
    newer = halts(taken, L3)
    comes(taken, newer, "confirmed")
    says(taken, older, OwnAnswer.CANNOT, "We have no key.")
    assert stands(taken)[0::2] == ("refused", ())
    says(taken, older, OwnAnswer.STOPPED)
    assert at_shop(taken).state == "confirmed"


def test_its_yes_to_a_newer_order_for_all_of_it_and_more_is_a_yes_to_all_of_it(
    taken: Story,
) -> None:
    older, newer = at_shop(taken).order, halts(taken, L1, L2, L3)
    assert stands(taken) == ("ordered", CHANNELS.id, (older,))
    assert [one.order for one in open_at(at_shop(taken))] == [newer]
    comes(taken, newer, "confirmed")
    assert (at_shop(taken).state, left_to(taken.incident, at_shop(taken))) == ("confirmed", ())


def test_where_the_wider_order_ends_without_a_yes_the_first_is_still_theirs(taken: Story) -> None:
    older, newer = at_shop(taken).order, halts(taken, L1, L2, L3)
    lift(taken, newer)
    assert stands(taken) == ("taken_over", CHANNELS.id, (older,))
    assert is_resuming(at_shop(taken)), "L3 may be sold again"


def test_since_when_they_answer_for_it_stays_known(taken: Story) -> None:
    since = at_shop(taken).answered_at
    taken.later(minutes=7)
    comes(taken, halts(taken, L3), "confirmed")
    now = at_shop(taken)
    assert now.left_to is not None
    assert (now.left_to.by, now.left_to.reason) == (CHANNELS.id, DRIVES.reason)
    assert now.left_to.at == since
    assert now.answered_at != since


def test_a_persons_word_that_it_stopped_is_about_all_of_it(taken: Story) -> None:
    halts(taken, L3)
    taken.did(CHANNELS, ConfirmChannel(channel=SHOP, proof=words("I was there.")))
    assert (at_shop(taken).state, left_to(taken.incident, at_shop(taken))) == ("confirmed", ())


def test_whoever_takes_the_newer_order_over_answers_for_both(taken: Story) -> None:
    older = at_shop(taken).order
    newer = halts(taken, L3)
    taken.did(COMMANDER, TakeOverChannel(channel=SHOP, reason=words("I ring them.")))
    assert stands(taken) == ("taken_over", COMMANDER.id, (older, newer))


@pytest.mark.parametrize("state", ["refused", "failed", "unreadable", "accepted"])
def test_only_what_is_open_is_asked_for_again(taken: Story, state: str) -> None:
    number = halts(taken, L3)
    comes(taken, number, state, "We have no time." if state != "accepted" else "")
    taken.did(CHANNELS, AskChannelsAgain(channels=(SHOP,)))
    assert anew(taken) == [[L3]]
    assert at_shop(taken).state == state
    comes(taken, number, "confirmed")
    assert at_shop(taken).state == "taken_over"


def test_no_clock_runs_for_what_a_person_answers_for(taken: Story) -> None:
    number = halts(taken, L3)
    asked = {one.key for one in dues(taken.incident) if one.item == SHOP}
    assert asked == {f"channel:{SHOP}:{number}"}


def test_goods_found_on_sale_end_what_a_person_answers_for(taken: Story) -> None:
    """Nobody knows which goods they are: each order is asked for anew, and for itself."""
    older, newer = at_shop(taken).order, halts(taken, L3)
    comes(taken, newer, "confirmed")
    taken.did(MONITOR, ReportDrift(channel=SHOP, how_seen=SEEN))
    assert {one.order for one in open_at(at_shop(taken))} == {older, newer}
    comes(taken, newer, "confirmed")
    assert at_shop(taken).state == "selling"
    comes(taken, older, "confirmed")
    assert at_shop(taken).state == "confirmed"


# ---------------------------------------------------------------- while other goods resume


@pytest.mark.parametrize("came", ["accepted", "resumed"])
def test_the_newer_order_goes_out_anew_behind_what_resumes_and_nothing_else(
    taken: Story, came: str
) -> None:
    resume = part_freed(taken)
    told_again(taken, "L3")
    left, newer = (one.number for one in orders_at(taken.incident, SHOP))
    assert stands(taken) == ("ordered", CHANNELS.id, (left,))
    told(taken, resume, came)
    assert anew(taken) == [[L3]]
    assert stands(taken) == ("ordered", CHANNELS.id, (left,))
    comes(taken, newer, "confirmed")
    assert stands(taken) == ("taken_over", CHANNELS.id, (left,))


def test_what_is_left_of_a_confirmed_order_is_asked_for_anew_beside_it(taken: Story) -> None:
    older = at_shop(taken).order
    newer = halts(taken, L3, LotNumber("L4"))
    comes(taken, newer, "confirmed")
    _left, resumed = freed(taken, lots=(LotNumber("L4"),))
    assert left_to(taken.incident, at_shop(taken)) == (older,)
    told(taken, str(resumed.number), "accepted")
    assert anew(taken) == [[L3]]
    comes(taken, taken.incident.halt.orders[-1].number, "confirmed")
    assert stands(taken) == ("taken_over", CHANNELS.id, (older,))


def test_what_is_left_of_what_they_answer_for_is_theirs_while_the_newer_is_open(
    taken: Story,
) -> None:
    newer = halts(taken, L3)
    resume = part_freed(taken)
    left = taken.incident.halt.orders[-1].number
    assert stands(taken) == ("resuming", CHANNELS.id, (left,))
    told(taken, resume, "accepted")
    assert anew(taken) == [[L3]]
    comes(taken, newer, "confirmed")
    assert stands(taken) == ("taken_over", CHANNELS.id, (left,))


@pytest.mark.parametrize("came", ["", "confirmed"])
def test_where_the_newer_order_ends_the_rest_is_left_to_the_person(taken: Story, came: str) -> None:
    older, newer = at_shop(taken).order, halts(taken, products=(SOAP,))
    if came:
        comes(taken, newer, came)
    _left, resumed = freed(taken, products=(SOAP,))
    assert stands(taken) == ("taken_over", CHANNELS.id, (older,))
    assert is_resuming(at_shop(taken))
    [order] = orders_at(taken.incident, SHOP)
    assert at_shop(taken).ordered_at == order.ordered_at, (
        "the time of what stands, not of what ended"
    )
    told(taken, str(resumed.number), "resumed")
    assert anew(taken) == []
    assert stands(taken) == ("taken_over", CHANNELS.id, (older,))


def test_a_third_order_goes_out_anew_behind_the_second_and_the_first_is_left_to_them(
    taken: Story,
) -> None:
    older, soap, third = at_shop(taken).order, halts(taken, products=(SOAP,)), halts(taken, L3)
    comes(taken, soap, "confirmed")
    comes(taken, third, "confirmed")
    _left, resumed = freed(taken, products=(SOAP,))
    assert (at_shop(taken).state, left_to(taken.incident, at_shop(taken))) == ("resuming", (older,))
    told(taken, str(resumed.number), "accepted")
    assert anew(taken) == [[L3]]
    comes(taken, third, "confirmed")
    assert stands(taken) == ("taken_over", CHANNELS.id, (older,))


# ---------------------------------------------------------------- where orders are lifted


def lift(story: Story, number: int) -> None:
    story.does(COMMANDER, LiftHalt(number=number, reason=SEEN))
    story.signed(QSR)


@pytest.mark.parametrize("came", ["", "confirmed", "refused"])
def test_where_the_newer_order_is_lifted_the_older_is_left_to_the_person(
    taken: Story, came: str
) -> None:
    older, newer = at_shop(taken).order, halts(taken, L3)
    if came:
        comes(taken, newer, came, "No." if came == "refused" else "")
    lift(taken, newer)
    assert stands(taken) == ("taken_over", CHANNELS.id, (older,))
    assert anew(taken) == []


def test_where_what_they_answer_for_is_lifted_the_newer_ones_stay_as_they_were_answered(
    taken: Story,
) -> None:
    """The newer two stop all that the first one does."""
    older, second, third = at_shop(taken).order, halts(taken, L2, L3), halts(taken, L3, L1)
    comes(taken, second, "confirmed")
    comes(taken, third, "confirmed")
    assert stands(taken) == ("taken_over", CHANNELS.id, (older,))
    lift(taken, older)
    assert (at_shop(taken).state, left_to(taken.incident, at_shop(taken))) == ("confirmed", ())


def test_where_the_newest_is_lifted_the_second_is_asked_for_anew_and_the_first_is_theirs(
    taken: Story,
) -> None:
    older, second, third = at_shop(taken).order, halts(taken, L2, L3), halts(taken, L3, L1)
    comes(taken, second, "confirmed")
    comes(taken, third, "confirmed")
    lift(taken, third)
    assert stands(taken) == ("ordered", CHANNELS.id, (older,))
    assert [one.order for one in open_at(at_shop(taken))] == [second]
    assert anew(taken) == [[L2, L3]]


def test_nothing_is_left_to_a_person_where_nothing_stands(taken: Story) -> None:
    older, newer = at_shop(taken).order, halts(taken, L3)
    comes(taken, newer, "confirmed")
    lift(taken, newer)
    lift(taken, older)
    assert (at_shop(taken).state, left_to(taken.incident, at_shop(taken))) == ("resuming", ())


# ---------------------------------------------------------------- what a newer order carried


def test_an_order_that_a_lifted_one_carried_is_open_for_itself() -> None:
    """Nobody ever confirmed the first order: the second one covered it, and is lifted."""
    story = ordered(((CREAM,), (L1, L2)))
    first = at_shop(story).order
    wider = halts(story, L1, L2, L3)
    lift(story, wider)
    assert at_shop(story).state == "resuming"
    assert [(one.order, one.state) for one in at_shop(story).by_order] == [(first, "ordered")]
    soap = halts(story, products=(SOAP,))
    comes(story, soap, "confirmed")
    assert at_shop(story).state == "ordered"


def test_where_the_carrying_order_was_confirmed_so_was_the_other() -> None:
    story = ordered(((CREAM,), (L1, L2)))
    first = at_shop(story).order
    wider = halts(story, L1, L2, L3)
    comes(story, wider, "confirmed")
    lift(story, wider)
    assert [(one.order, one.state) for one in at_shop(story).by_order] == [(first, "confirmed")]


def test_goods_found_while_others_resume_open_what_was_confirmed_and_what_is_theirs(
    taken: Story,
) -> None:
    older, soap, third = at_shop(taken).order, halts(taken, products=(SOAP,)), halts(taken, L3)
    comes(taken, soap, "confirmed")
    comes(taken, third, "confirmed")
    freed(taken, products=(SOAP,))
    taken.did(MONITOR, ReportDrift(channel=SHOP, how_seen=SEEN))
    assert {one.order for one in open_at(at_shop(taken))} == {older, third}
    fourth = halts(taken, products=(SOAP,))
    comes(taken, fourth, "confirmed")
    assert at_shop(taken).drift is not None, "nobody said anything of what was found"


def test_what_is_left_of_a_wider_order_ends_no_takeover() -> None:
    """Both were taken over; what is left of the second covers the first, and is lifted."""
    story = ordered(((CREAM,), (L1, L2)))
    first, wider = at_shop(story).order, halts(story, L1, L2, L3)
    story.did(CHANNELS, DRIVES)
    [left], resumed = freed(story, lots=(L3,))
    told(story, str(resumed.number), "resumed")
    soap = halts(story, products=(SOAP,))
    comes(story, soap, "confirmed")
    lift(story, left.number)
    assert wider not in {one.number for one in orders_at(story.incident, SHOP)}
    assert stands(story) == ("taken_over", CHANNELS.id, (first,))


def test_no_takeover_is_made_up_of_what_the_channel_said_yes_to() -> None:
    story = ordered(((CREAM,), (L1, L2)))
    first, third = at_shop(story).order, halts(story, L3)
    story.did(CHANNELS, DRIVES)
    says(story, first, OwnAnswer.STOPPED)
    assert stands(story) == ("taken_over", CHANNELS.id, (third,))
    lift(story, third)
    assert (at_shop(story).state, left_to(story.incident, at_shop(story))) == ("resuming", ())
    assert [(one.order, one.state) for one in at_shop(story).by_order] == [(first, "confirmed")]


@pytest.mark.parametrize("is_taken", [True, False], ids=["taken over", "asked"])
def test_a_yes_to_an_older_order_that_covers_the_newest_is_a_yes_to_both(is_taken: bool) -> None:
    story = ordered(((CREAM,), (L1, L2)))
    halts(story, L1, products=(CREAM, SOAP))
    both = at_shop(story).order
    _left, resumed = freed(story, products=(CREAM,), lots=(L2,))
    told(story, str(resumed.number), "resumed")
    assert at_shop(story).order != both, "what is left of the first is the newest"
    if is_taken:
        story.did(CHANNELS, DRIVES)
    says(story, both, OwnAnswer.STOPPED)
    assert (at_shop(story).state, left_to(story.incident, at_shop(story))) == ("confirmed", ())


def test_what_somebody_would_do_there_proves_nothing(taken: Story) -> None:
    older, newer = at_shop(taken).order, halts(taken, L3)
    comes(taken, newer, "confirmed")
    says(taken, older, OwnAnswer.CANNOT, "We have no key.")
    says(taken, older, OwnAnswer.STOPPED)
    assert at_shop(taken).state == "confirmed"
    assert at_shop(taken).proof != DRIVES.reason


# ---------------------------------------------------------------- who carries what


def test_a_yes_to_the_older_order_leaves_on_its_way_what_is_still_open(taken: Story) -> None:
    older, soap, third = at_shop(taken).order, halts(taken, products=(SOAP,)), halts(taken, L3)
    comes(taken, soap, "confirmed")
    comes(taken, third, "confirmed")
    _left, resumed = freed(taken, products=(SOAP,))
    told(taken, str(resumed.number), "accepted")
    assert anew(taken) == [[L3]]
    says(taken, older, OwnAnswer.STOPPED)
    settled = [one.body for one in caused(taken) if one.name == "settle"]
    assert all(number != third for one in settled for number, *_ in one.get("again", ()))
    assert at_shop(taken).state == "ordered"


def test_whoever_takes_over_ends_what_is_on_its_way_of_every_order() -> None:
    story = ordered(((CREAM,), (L1, L2)))
    first, newer = at_shop(story).order, halts(story, L3)
    story.did(CHANNELS, DRIVES)
    settled = {one.body["order"] for one in caused(story) if one.name == "settle"}
    assert settled == {one.number for one in orders_at(story.incident, SHOP)} >= {first, newer}


def test_an_order_that_a_lifted_one_carried_goes_out_by_itself() -> None:
    story = ordered(((CREAM,), (L1,)))
    first, second = at_shop(story).order, halts(story, L2)
    both = halts(story, L1, L2)
    third = halts(story, L3)
    comes(story, third, "confirmed")
    lift(story, both)
    assert [(one.order, one.state) for one in open_at(at_shop(story))] == [
        (first, "ordered"),
        (second, "ordered"),
    ]
    assert anew(story) == [[L1], [L2]]
    [carried] = [one.body["carried"] for one in caused(story) if one.name == "resume"]
    assert [both, True] in [[number, SHOP in there] for number, there in carried]


def test_what_was_to_go_out_behind_a_resume_goes_out_once_that_is_ended() -> None:
    story = ordered(((CREAM,), (L1, L2)))
    wider = halts(story, L1, L2, L3)
    lift(story, wider)
    assert is_resuming(at_shop(story)), "L3 may be sold again, and is halted again"
    halts(story, L3)
    assert anew(story) == [[L1, L2]]


def test_a_yes_that_comes_while_other_goods_resume_stands_where_that_is_ended() -> None:
    story = ordered(((CREAM,), (L1, L2)), ((SOAP,), ()))
    cream, soap = (one.number for one in orders_at(story.incident, SHOP))
    comes(story, soap, "confirmed")
    freed(story, products=(SOAP,))
    says(story, cream, OwnAnswer.STOPPED)
    assert [(one.order, one.state) for one in at_shop(story).by_order] == [(cream, "confirmed")]
    again = halts(story, products=(SOAP,))
    assert [one.order for one in open_at(at_shop(story))] == [again]
    assert anew(story) == []


@pytest.mark.parametrize("answer", [OwnAnswer.STOPPED, OwnAnswer.CANNOT])
def test_its_own_answer_ends_a_takeover_while_other_goods_resume(
    taken: Story, answer: OwnAnswer
) -> None:
    older, soap, third = at_shop(taken).order, halts(taken, products=(SOAP,)), halts(taken, L3)
    comes(taken, soap, "confirmed")
    comes(taken, third, "confirmed")
    freed(taken, products=(SOAP,))
    says(taken, older, answer, "We have no key." if answer is OwnAnswer.CANNOT else "")
    assert left_to(taken.incident, at_shop(taken)) == ()
    state = "refused" if answer is OwnAnswer.CANNOT else "confirmed"
    beside = {one.order: one.state for one in at_shop(taken).by_order}
    assert beside == {third: "confirmed", older: state}


def test_a_persons_word_ends_a_takeover_while_other_goods_resume(taken: Story) -> None:
    older, soap, third = at_shop(taken).order, halts(taken, products=(SOAP,)), halts(taken, L3)
    comes(taken, soap, "confirmed")
    comes(taken, third, "refused", "No.")
    freed(taken, products=(SOAP,))
    taken.did(CHANNELS, ConfirmChannel(channel=SHOP, proof=words("I was there.")))
    assert left_to(taken.incident, at_shop(taken)) == ()
    beside = {one.order: one.state for one in at_shop(taken).by_order}
    assert beside == {third: "confirmed", older: "confirmed"}


@pytest.mark.parametrize("came", ["accepted", "failed", "unreadable"])
def test_what_a_lifted_order_carried_goes_out_however_that_was_answered(came: str) -> None:
    story = ordered(((CREAM,), (L1, L2)))
    first = at_shop(story).order
    wider = halts(story, L1, L2, L3)
    comes(story, wider, came, "" if came == "accepted" else "It did not work.")
    lift(story, wider)
    assert [(one.order, one.state) for one in at_shop(story).by_order] == [(first, "ordered")]
    halts(story, L3)
    assert anew(story) == [[L1, L2]]


@pytest.mark.parametrize("state", ["failed", "unreadable", "accepted"])
@pytest.mark.parametrize("wider", [False, True], ids=["alone", "beside-a-wider-order"])
def test_a_message_that_got_lost_takes_nothing_from_whoever_answers_for_it(
    taken: Story, state: str, wider: bool
) -> None:
    older = at_shop(taken).order
    if wider:
        halts(taken, L1, L2, L3)
    before = stands(taken)
    assert not comes(taken, older, state, "No answer in time.")
    assert stands(taken) == before
    assert left_to(taken.incident, at_shop(taken)) == (older,)


@pytest.mark.parametrize("beside", [False, True], ids=["alone", "beside-a-newer-order"])
def test_the_yes_of_its_own_system_counts_as_the_one_on_its_page(
    taken: Story, beside: bool
) -> None:
    older = at_shop(taken).order
    if beside:
        comes(taken, halts(taken, L3), "confirmed")
    assert comes(taken, older, "confirmed")
    assert (at_shop(taken).state, left_to(taken.incident, at_shop(taken))) == ("confirmed", ())


@pytest.mark.parametrize("then", ["resumed", "a newer order"])
def test_a_refusal_beside_what_resumes_is_asked_for_in_time(then: str) -> None:
    story = ordered(((CREAM,), (L1, L2)), ((SOAP,), (L3,)))
    cream, soap = (order.number for order in orders_at(story.incident, SHOP))
    says(story, soap, OwnAnswer.STOPPED)
    says(story, cream, OwnAnswer.STOPPED)
    freed(story, products=(CREAM,))
    says(story, soap, OwnAnswer.CANNOT, "We have no key.")
    if then == "resumed":
        name = at_shop(story).under_way[-1].resume
        done = ChannelOutcome(channel=SHOP, order=0, state="resumed", attempts=1, resume=name)
        story.did(PERFORMER, ReportOutcomes(outcomes=(done,)))
    else:
        halts(story, LotNumber("L9"))
    [refused] = [one for one in open_at(at_shop(story)) if one.order == soap]
    assert (refused.state, refused.error) == ("refused", "We have no key.")
    assert refused.answer_due_at is not None
    assert f"channel:{SHOP}:{soap}" in {due.key for due in dues(story.incident)}


def test_each_order_has_its_own_time_to_answer() -> None:
    story = ordered(((CREAM,), (L1, L2)))
    older = at_shop(story).order
    story.later(minutes=40)
    newer = halts(story, L3)
    now = at_shop(story)
    first_due, second_due = answer_due_of(now, older), answer_due_of(now, newer)
    assert first_due is not None
    assert second_due is not None
    assert first_due < story.now < second_due


def test_a_sighting_is_said_of_a_wider_order_that_names_what_was_seen_and_of_no_other() -> None:
    story = ordered(((CREAM,), (L1,)))
    older = at_shop(story).order
    story.did(CHANNELS, ReportDrift(channel=SHOP, how_seen=SEEN))
    story.later(minutes=1)
    other = halts(story, L3)
    wider = halts(story, L1, L3)
    now = at_shop(story)
    said = {number: seen_at(story.incident, now, number) for number in (older, other, wider, 99)}
    assert said[older] is not None
    assert (said[other], said[wider], said[99]) == (None, said[older], None)
