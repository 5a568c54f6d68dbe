"""Channels that may sell again: goods reported there after all, and orders to resume that fail."""

import pytest

from domain.agenda import dues
from domain.channels import (
    RESUME_FAILED,
    ChannelOutcome,
    ConfirmChannel,
    ReportOutcomes,
    TakeOverChannel,
    standing,
)
from domain.drift import ReportDrift
from domain.people import PERFORMER, Role
from domain.recall_end import CompleteRecall
from domain.recall_terms import Depth, RecallAction
from domain.resumed_channels import ConfirmResumed
from domain.resuming import ResumeSale
from domain.state.halt import ChannelHalt
from domain.values import ChannelId, PublicText
from tests.domain.recalls import BOSS, COMMANDER, QSR, REGULATORY, decided, recall, scoped, words
from tests.domain.story import CRITICAL, Story
from tests.domain.test_drift import CHANNELS, MONITOR, SEEN, caused

SHOP, ELSEWHERE = ChannelId("ch-own_shop"), ChannelId("ch-retailer")
REPORTED = ReportDrift(channel=SHOP, how_seen=SEEN)


def stopped() -> Story:
    story = Story()
    story.accepted(CRITICAL)
    story.keeps_evidence()
    for name, now in list(story.incident.halt.channels.items()):
        hears(story, "confirmed", now.order, channel=name)
    return story


def resuming(*channels: ChannelId) -> Story:
    """Tell that all stopped, and that two people signed that sale resumes."""
    story = stopped()
    story.did(COMMANDER, ResumeSale(basis=words("All tests passed."), channels=channels))
    story.signed(QSR)
    return story


def hears(
    story: Story, state: str, order: int = 0, error: str = "", channel: str = SHOP
) -> list[object]:
    one = ChannelOutcome(channel=channel, order=order, state=state, attempts=1, error=error)
    return story.did(PERFORMER, ReportOutcomes(outcomes=(one,)))


def there(story: Story) -> ChannelHalt:
    return story.incident.halt.channels[SHOP]


@pytest.mark.parametrize("channels", [(), (SHOP,)], ids=["everywhere", "in part"])
@pytest.mark.parametrize("answered", [False, True], ids=["resuming", "resumed"])
def test_where_sale_was_resumed_by_signature_nothing_is_still_on_sale(
    channels: tuple[ChannelId, ...], *, answered: bool
) -> None:
    story = resuming(*channels)
    if answered:
        hears(story, "resumed")
    refusal = story.refused(MONITOR, REPORTED)
    assert (refusal.reason, refusal.sentence) == ("may_sell", "Sale was resumed here.")
    if not answered:
        assert hears(story, "resumed")
    assert there(story).state == "resumed"


def recalled_there() -> Story:
    """Tell that the shop sells again, but for the lot that a recall took back."""
    story = decided()
    story.keeps_evidence()
    story.did(COMMANDER, CompleteRecall(market="CN", reason=words("Done here.")))
    story.signed(REGULATORY)
    story.did(COMMANDER, ResumeSale(basis=words("All other lots are sound.")))
    story.signed(QSR)
    hears(story, "resumed")
    return story


@pytest.mark.parametrize(
    "word",
    [
        ConfirmChannel(channel=SHOP, proof=PublicText("They took it off.")),
        TakeOverChannel(channel=SHOP, reason=PublicText("I drive there.")),
    ],
    ids=["confirmed", "taken over"],
)
def test_recalled_goods_found_where_others_sell_again_are_somebody_s(word: object) -> None:
    story = recalled_there()
    story.did(MONITOR, REPORTED)
    assert [one.name for one in caused(story)] == ["tell"]
    assert (there(story).state, standing(there(story), story.now)) == ("resumed", "selling")
    assert [due.item for due in dues(story.incident) if due.key.startswith("drift:")] == [SHOP]
    story.did(CHANNELS, word)
    assert (there(story).state, there(story).drift) == ("resumed", None)
    assert story.refused(CHANNELS, word).reason == "may_sell"


@pytest.mark.parametrize("state", ["failed", "refused", "unreadable"])
def test_an_order_to_resume_that_does_not_get_through_is_somebody_s(state: str) -> None:
    story = resuming()
    assert hears(story, state, error="401: the key is wrong")
    assert hears(story, state, error="401: the key is wrong") == [], "once"
    now = there(story)
    assert (now.state, now.last_error) == ("resuming", "401: the key is wrong")
    assert standing(now, story.now) == RESUME_FAILED
    [due] = [one for one in dues(story.incident) if one.key.startswith("resume:")]
    assert (due.item, due.act) == (SHOP, "confirm_resumed")
    assert {Role.CHANNEL_LEAD, Role.INCIDENT_COMMANDER} <= set(due.roles)
    story.did(CHANNELS, ConfirmResumed(channel=SHOP, proof=PublicText("I called them.")))
    assert (there(story).state, there(story).resume_failed_at) == ("resumed", None)
    assert not [one for one in dues(story.incident) if one.key.startswith("resume:")]


def test_what_is_corrected_where_it_stands_is_sold_again_though_nobody_bounds_it() -> None:
    story = scoped(lots=(), unbounded=True)
    story.did(COMMANDER, recall(action=RecallAction.CORRECT_IN_PLACE, depth=Depth.CONSUMER))
    story.signed(QSR, BOSS)
    story.keeps_evidence()
    story.did(COMMANDER, CompleteRecall(market="CN", reason=words("Done here.")))
    story.signed(REGULATORY)
    story.did(COMMANDER, ResumeSale(basis=words("The labels are corrected.")))
    story.signed(QSR)
    assert there(story).state == "resuming"
