"""A channel answers its order itself: what it may say, for which order, and what counts."""

from typing import Any

import pytest

from domain.channel_answers import AnswerOrder, LotSetApart, OrderAnswered, OwnAnswer
from domain.channels import ChannelAnswered, ChannelOutcome, ConfirmChannel, ReportOutcomes
from domain.drift import ReportLook
from domain.halt import OrderHalt
from domain.incident import effects
from domain.ledger import read_entry
from domain.people import EVERYONE, PERFORMER, SEES_INCIDENTS, Role, channel_actor
from domain.resuming import LiftHalt
from domain.severity import HaltLevel
from domain.state.halt import ChannelHalt
from domain.values import ChannelId, PrivateText, ProductId, PublicText
from tests.domain.story import SERIOUS, Story, person

SUPPLY = person(Role.SUPPLY_CHAIN)
SHOP = "ch-warehouse"
NAME = PrivateText(ref="r", commitment="c", subject="s")


def ordered() -> Story:
    """Tell an incident whose own stock is ordered to stop."""
    story = Story()
    story.reported(SERIOUS)
    return story


def there(story: Story) -> ChannelHalt:
    return story.incident.halt.channels[SHOP]


def said(story: Story, answer: OwnAnswer = OwnAnswer.STOPPED, **more: Any) -> AnswerOrder:
    whole: dict[str, Any] = {
        "channel": SHOP,
        "order": there(story).order,
        "answered_by": NAME,
    } | more
    return AnswerOrder(answer=answer, **whole)


APART = (LotSetApart(lot="L1", units=12), LotSetApart(lot="L2", units=3))


@pytest.mark.parametrize(
    ("answer", "more", "state", "units"),
    [
        pytest.param(OwnAnswer.STOPPED, {"set_apart": APART}, "confirmed", 15, id="by lot"),
        pytest.param(OwnAnswer.STOPPED, {}, "confirmed", None, id="uncounted"),
        pytest.param(OwnAnswer.NONE_HERE, {}, "confirmed", 0, id="none of it"),
        pytest.param(OwnAnswer.CANNOT, {"reason": PublicText("No key.")}, "refused", None, id="no"),
    ],
)
def test_a_channel_answers_itself(
    answer: OwnAnswer, more: dict[str, Any], state: str, units: int | None
) -> None:
    story = ordered()
    story.did(channel_actor(SHOP), said(story, answer, **more))
    now = there(story)
    assert (now.state, now.units) == (state, units)
    assert now.own_answer is not None
    assert now.own_answer.answer == answer
    assert now.last_error == more.get("reason", "")
    assert [(one.lot, one.units) for one in now.own_answer.set_apart] == [
        (one.lot, one.units) for one in more.get("set_apart", ())
    ]


def test_who_carries_the_order_hears_that_it_is_settled() -> None:
    story = ordered()
    story.did(channel_actor(SHOP), said(story))
    entries = [read_entry(leaf) for leaf in story.leaves]
    entry = [one for one in entries if isinstance(one.event, ChannelAnswered)][-1]
    settled = [
        one for one in effects(story.incident, entry.event, entry.mark()) if one.name == "settle"
    ]
    assert [one.target for one in settled] == [SHOP]


def test_an_answer_is_corrected_by_another_and_both_stay() -> None:
    story = ordered()
    story.did(channel_actor(SHOP), said(story, set_apart=APART))
    story.did(channel_actor(SHOP), said(story, OwnAnswer.CANNOT, reason=PublicText("No key.")))
    assert there(story).state == "refused"
    kept = [leaf for leaf in story.leaves if isinstance(read_entry(leaf).event, OrderAnswered)]
    assert len(kept) == 2


@pytest.mark.parametrize(
    ("more", "units"),
    [
        pytest.param({}, 15, id="no number says nothing of the one before"),
        pytest.param({"uncounted": True}, None, id="taken back"),
        pytest.param({"uncounted": True, "set_apart": APART[:1]}, APART[0].units, id="a new number"),
        pytest.param({"uncounted": True, "answer": OwnAnswer.CANNOT, "reason": PublicText("No.")},
                     15, id="beside another answer it takes nothing back"),
    ],
)  # fmt: skip
def test_units_that_were_counted_are_taken_back_on_purpose_alone(
    more: dict[str, Any], units: int | None
) -> None:
    story = ordered()
    story.did(channel_actor(SHOP), said(story, set_apart=APART))
    assert there(story).units == 15
    story.did(channel_actor(SHOP), said(story, **more))
    assert there(story).units == units


@pytest.mark.parametrize(
    ("more", "code"),
    [
        pytest.param({"order": 99}, "newer_order", id="another order"),
        pytest.param({"answer": OwnAnswer.CANNOT, "reason": PublicText(" ")}, "reason_missing",
                     id="no reason"),
        pytest.param({"set_apart": (LotSetApart(lot="L1", units=-1),)}, "bad_count", id="negative"),
        pytest.param({"set_apart": (*APART, APART[0])}, "bad_count", id="a lot twice"),
        pytest.param({"set_apart": (LotSetApart(lot="", units=10**12),)}, "bad_count", id="huge"),
        pytest.param({"channel": "ch-carrier"}, "not_allowed", id="for another channel"),
    ],
)  # fmt: skip
def test_what_is_refused(more: dict[str, Any], code: str) -> None:
    story = ordered()
    assert story.refused(channel_actor(SHOP), said(story, **more)).reason == code


@pytest.mark.parametrize("who", [SUPPLY, person(Role.CHANNEL_LEAD)], ids=lambda who: who.id)
def test_nobody_of_the_company_answers_in_its_place(who: Any) -> None:
    story = ordered()
    assert story.refused(who, said(story)).reason == "not_allowed"


def test_a_channel_does_nothing_else() -> None:
    story = ordered()
    act = ConfirmChannel(channel=ChannelId(SHOP), proof=PublicText("x"))
    for command in (act, OrderHalt(level=HaltLevel.H2)):
        assert story.refused(channel_actor(SHOP), command).reason == "not_allowed"
    assert Role.CHANNEL not in EVERYONE | SEES_INCIDENTS


def test_a_lifted_order_is_answered_no_more() -> None:
    story = ordered()
    answer = said(story)
    story.keeps_evidence()
    story.did(
        person(Role.QUALITY), LiftHalt(number=there(story).order, reason=PublicText("An error."))
    )
    story.signed(person(Role.QUALITY_SAFETY_RESPONSIBLE))
    assert story.refused(channel_actor(SHOP), answer).reason == "lifted"


def twice() -> Story:
    """Tell the same, and the stock of another product is ordered to stop too."""
    story = ordered()
    more = OrderHalt(level=HaltLevel.H1, products=(ProductId("other"),), reason=PublicText("Too."))
    story.did(SUPPLY, more)
    return story


def test_an_older_order_that_stands_is_answered_beside_the_newest() -> None:
    story = twice()
    newest = there(story)
    stands, answered = story.did(channel_actor(SHOP), said(story, order=1, set_apart=APART))
    assert isinstance(stands, ChannelAnswered)
    assert isinstance(answered, OrderAnswered)
    now = there(story)
    assert (now.state, now.units, now.own_answer) == (newest.state, None, None)
    [older] = now.older_answers
    assert (older.order, older.answer, older.units) == (1, "stopped", 15)
    story.did(channel_actor(SHOP), said(story, OwnAnswer.NONE_HERE, order=1))
    [older] = there(story).older_answers
    assert (older.answer, older.units) == ("none_here", 0), "the last one counts"


def test_a_channel_that_cannot_stop_older_goods_has_not_stopped() -> None:
    story = twice()
    story.did(channel_actor(SHOP), said(story))
    assert there(story).state == "ordered", "the older order is not answered yet"
    story.did(channel_actor(SHOP), said(story, order=1))
    assert there(story).state == "confirmed"
    cannot = said(story, OwnAnswer.CANNOT, order=1, reason=PublicText("No key."))
    story.did(channel_actor(SHOP), cannot)
    now = there(story)
    assert (now.state, now.last_error, now.older_answers[0].reason) == (
        "refused", "No key.", "No key.",
    )  # fmt: skip
    assert now.own_answer is not None
    assert now.own_answer.answer == "stopped", "of the newest it said otherwise"


def test_what_was_answered_outlives_a_newer_order() -> None:
    story = ordered()
    story.did(channel_actor(SHOP), said(story, set_apart=APART))
    more = OrderHalt(level=HaltLevel.H1, products=(ProductId("other"),), reason=PublicText("Too."))
    story.did(SUPPLY, more)
    now = there(story)
    assert now.own_answer is None
    [older] = now.older_answers
    assert (older.order, older.units) == (1, 15)


def test_an_older_order_is_answered_until_it_is_lifted() -> None:
    story = twice()
    story.keeps_evidence()
    story.did(person(Role.QUALITY), LiftHalt(number=1, reason=PublicText("An error.")))
    story.signed(person(Role.QUALITY_SAFETY_RESPONSIBLE))
    assert story.refused(channel_actor(SHOP), said(story, order=1)).reason == "lifted"
    assert story.did(channel_actor(SHOP), said(story)), "the newest stands"


def test_an_older_order_stands_when_the_newest_is_lifted() -> None:
    story = twice()
    story.keeps_evidence()
    newest = there(story).order
    story.did(person(Role.QUALITY), LiftHalt(number=newest, reason=PublicText("An error.")))
    story.signed(person(Role.QUALITY_SAFETY_RESPONSIBLE))
    assert story.refused(channel_actor(SHOP), said(story, order=newest)).reason == "lifted"
    cannot = said(story, OwnAnswer.CANNOT, order=1, reason=PublicText("No key."))
    story.did(channel_actor(SHOP), cannot)
    assert there(story).older_answers[0].reason == "No key."
    assert there(story).state == "resuming"


def test_an_answer_that_is_found_later_settles_the_order_once() -> None:
    story = ordered()
    order = there(story).order

    def outcome(state: str) -> ChannelOutcome:
        return ChannelOutcome(channel=SHOP, order=order, state=state, attempts=1, units=12)

    story.did(PERFORMER, ReportOutcomes(outcomes=(outcome("accepted"),)))
    found = ReportLook(seen=(), answers=(outcome("confirmed"),))
    (answered,) = story.did(PERFORMER, found)
    assert (answered.state, answered.units, answered.late) == ("confirmed", 12, True)
    entry = read_entry(story.leaves[-1])
    (settled,) = effects(story.incident, entry.event, entry.mark())
    assert (settled.name, settled.target) == ("settle", SHOP)
    assert not story.did(PERFORMER, found), "it is found in every round"
