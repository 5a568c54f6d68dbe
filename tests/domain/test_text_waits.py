"""What a text waits for, from its first draft until it stands out there and is right."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.people import PERFORMER
from domain.previews import SharePreview
from domain.statement_approval import RequestChanges
from domain.statement_change import FlagStatement
from domain.text_waits import Wait, Waiting, next_rung, waiting_texts
from domain.values import PrivateText, PublicText
from tests.domain.story import SERIOUS, Story
from tests.domain.test_releasing import scheduled
from tests.domain.texts import (
    AUTHOR,
    LEGAL,
    PR_LEAD,
    approved,
    draft,
    handed_in,
    now,
    placed,
    publish,
    text,
)


def begun() -> Story:
    """A serious incident."""
    story = Story()
    story.accepted(SERIOUS)
    return story


def written(story: Story) -> None:
    story.did(AUTHOR, draft())


def with_a_gap(story: Story) -> None:
    story.did(AUTHOR, draft("holding", text("zh-CN", "我们收到[待填：数目]例反应。")))


def sent_back(story: Story) -> None:
    handed_in(story)
    words = PublicText("写明电话。")
    story.did(LEGAL, RequestChanges(statement="S1", sha256=now(story).sha256, reason=words))


def signed(story: Story) -> None:
    handed_in(story)
    approved(story)


def embargoed(story: Story) -> None:
    signed(story)
    whom = PrivateText(ref="r", commitment="c", subject="s")
    until = story.now + timedelta(hours=2)
    story.did(
        PR_LEAD,
        SharePreview(statement="S1", sha256=now(story).sha256, whom=whom, until=until),
    )


def timed(story: Story) -> None:
    signed(story)
    story.did(PR_LEAD, scheduled(story, hours=1))


def sent(story: Story) -> None:
    signed(story)
    story.did(PR_LEAD, publish(now(story), "site"))


def out(story: Story) -> None:
    sent(story)
    story.did(PERFORMER, placed(now(story), "site"))


def said_to_be_wrong(story: Story) -> None:
    out(story)
    story.did(LEGAL, FlagStatement(statement="S1", what=PublicText("批号错了。")))


def waiting(story: Story) -> list[Waiting]:
    return list(waiting_texts(story.incident, story.now))


@pytest.mark.parametrize(
    ("tell", "wait"),
    [
        (written, Wait.HAND_IN),
        (with_a_gap, Wait.FILL_IN),
        (handed_in, Wait.APPROVE),
        (sent_back, Wait.CHANGE),
        (signed, Wait.PUBLISH),
        (embargoed, Wait.EMBARGO),
        (timed, Wait.TIME),
        (sent, Wait.SENDING),
        (said_to_be_wrong, Wait.MEND),
    ],
    ids=lambda one: one.__name__ if callable(one) else str(one),
)
def test_a_text_waits_for_one_thing(tell: Callable[[Story], object], wait: Wait) -> None:
    story = begun()
    tell(story)
    assert [one.wait for one in waiting(story)] == [wait]


def test_an_approval_is_waited_for_since_it_was_asked_and_silence_goes_up() -> None:
    story = begun()
    handed_in(story)
    (one,) = waiting(story)
    assert one.since_at == now(story).review_asked_at
    assert one.by_at == now(story).review_due_at
    rung = next_rung(story.incident, one)
    assert rung is not None
    assert one.since_at is not None
    assert one.by_at is not None
    assert one.since_at < rung.at <= one.by_at


def test_what_is_out_and_right_waits_for_nothing() -> None:
    story = begun()
    out(story)
    assert Wait.MEND not in [one.wait for one in waiting(story)]
