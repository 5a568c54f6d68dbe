"""A notice that is published tells consumers where it speaks to them; nobody counts who read it."""

import pytest

from domain.notifications import in_public, public_is_told
from domain.people import PERFORMER
from domain.publication import ConfirmPublishedByHand
from domain.recall_end import unmet_figures
from domain.recall_scope import WidenScope
from domain.statement_places import Place
from tests.domain.recalls import (
    COMMANDER,
    COUNTED,
    L1,
    PR,
    SHOPS,
    lot,
    public_notice,
    running,
    scope,
    words,
)
from tests.domain.story import Story
from tests.domain.texts import (
    PR_LEAD,
    allow,
    approved,
    draft,
    handed_in,
    now,
    placed,
    publish,
    text,
)

UNTOLD = "Consumers were not told."


ZH = "请立即停止使用该产品。"
JA = "直ちに使用を中止してください。"


def sent(story: Story, kind: str, place: str, *markets: str, japanese: bool = False) -> str:
    """Send a text out to a place."""
    texts = [text("zh-CN", body=ZH)]
    texts += [text("ja", body=JA, title="お知らせ")] if japanese else []
    made = handed_in(story, draft(kind, *texts, markets=markets))
    approved(story, made.id)
    # What else the gate asks of a notice is none of this: the commander lets it go by.
    gap = ("page_live", "authority_told", *(["languages_complete"] if "EU" in markets else []))
    allow(story, made.id, *gap)
    story.did(PR_LEAD, publish(now(story, made.id), place))
    story.did(PERFORMER, placed(now(story, made.id), place))
    return made.id


def published(story: Story, kind: str, *markets: str) -> None:
    """Bring a text to the public notice page."""
    sent(story, kind, "site", *markets)


def seen(story: Story, statement: str, place: str, said: str) -> None:
    """Somebody looks at a place and sees these words."""
    story.did(
        PR_LEAD,
        ConfirmPublishedByHand(
            statement=statement, place=Place(place), link="x", text_seen=words(said)
        ),
    )


@pytest.mark.parametrize(
    ("kind", "told"), [("recall_notice", True), ("holding", False)], ids=["notice", "other text"]
)
def test_a_published_notice_tells_the_consumers_of_its_markets(kind: str, *, told: bool) -> None:
    story = running()
    assert UNTOLD in list(unmet_figures(story.incident, "CN"))
    published(story, kind, "CN")
    assert (UNTOLD in list(unmet_figures(story.incident, "CN"))) is not told
    assert public_is_told(story.incident, "DE") is False
    assert (story.due("consumers_told") is None) is told
    assert [place.place for _, place in in_public(story.incident)] == ["site"] * told


@pytest.mark.parametrize(
    ("market", "told"),
    [
        pytest.param("DE", {"DE"}, id="a country"),
        pytest.param("EU", {"DE", "EU"}, id="a group"),
        pytest.param("", {"CN", "DE", "EU"}, id="no market named"),
    ],
)
def test_readers_that_are_counted_are_told_in_their_market(market: str, told: set[str]) -> None:
    story = running()
    story.did(PR, public_notice(market=market))
    assert {one for one in ("CN", "DE", "EU") if public_is_told(story.incident, one)} == told


@pytest.mark.parametrize(
    ("kind", "place", "told"),
    [
        ("recall_notice", "press", False),
        ("consumer_message", "buyers", False),
        ("recall_notice", "social", True),
    ],
    ids=["press", "buyers", "social media"],
)
def test_only_what_speaks_to_the_public_tells_the_consumers(
    kind: str, place: str, *, told: bool
) -> None:
    story = running()
    seen(story, sent(story, kind, place, "CN"), place, ZH)
    assert public_is_told(story.incident, "CN") is told


def test_a_market_is_told_in_a_language_that_it_reads() -> None:
    story = running(markets=("CN", "JP"))
    notice = sent(story, "recall_notice", "social", "CN", "JP", japanese=True)
    seen(story, notice, "social", ZH)
    assert [public_is_told(story.incident, one) for one in ("CN", "JP", "")] == [True, False, False]
    assert not list(in_public(story.incident, "JP"))
    seen(story, notice, "social", JA)
    assert public_is_told(story.incident)


def test_where_no_language_is_known_all_of_the_text_has_to_stand() -> None:
    story = running(markets=("EU",))
    notice = sent(story, "recall_notice", "social", "EU", japanese=True)
    seen(story, notice, "social", ZH)
    assert not public_is_told(story.incident)
    seen(story, notice, "social", JA)
    assert public_is_told(story.incident)


def test_a_text_from_before_the_scope_grew_tells_of_no_new_lot() -> None:
    story = running()
    notice = sent(story, "recall_notice", "social", "CN")
    wider = scope(consignees=SHOPS, lots=(L1, lot("L2", **COUNTED)))
    story.later(hours=2)
    story.did(COMMANDER, WidenScope(**wider))
    story.later(hours=1)
    seen(story, notice, "social", ZH)
    assert not public_is_told(story.incident, "CN")
