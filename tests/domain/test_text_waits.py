"""What a text waits for, from its first draft until it stands out there and is right."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.people import PERFORMER
from domain.previews import SharePreview
from domain.publication import ConfirmPublishedByHand
from domain.statement_approval import AskForReview, RequestChanges
from domain.statement_change import CorrectStatement, FlagStatement
from domain.statement_places import Place
from domain.text_waits import Wait, Waiting, next_rung, unbegun_texts, waiting_texts
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
    like,
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


def seen(story: Story, place: str, words: str) -> None:
    """Say what a person sees at a place."""
    said = ConfirmPublishedByHand(
        statement="S1", place=Place(place), link="seen", text_seen=PublicText(words)
    )
    story.did(PR_LEAD, said)


def brought(story: Story) -> None:
    """It is out on our page, and was handed over for the press."""
    out(story)
    story.did(PR_LEAD, publish(now(story), "press"))
    story.did(PERFORMER, placed(now(story), "press"))


def seen_otherwise(story: Story) -> None:
    brought(story)
    seen(story, "press", "完全是别的话。")


def seen_otherwise_and_wrong(story: Story) -> None:
    seen_otherwise(story)
    story.did(LEGAL, FlagStatement(statement="S1", what=PublicText("批号错了。")))


def being_corrected(story: Story) -> None:
    said_to_be_wrong(story)
    _correction(story)


def corrected_while_handed_over(story: Story) -> None:
    brought(story)
    _correction(story)
    approved(story, "S2")
    story.did(PR_LEAD, publish(now(story, "S2"), "site", "press"))
    story.did(PERFORMER, placed(now(story, "S2"), "site"))


def corrected_and_seen_otherwise(story: Story) -> None:
    corrected_while_handed_over(story)
    seen(story, "press", "完全是别的话。")


def _correction(story: Story) -> None:
    words = {"what_was_wrong": PublicText("批号错了。"), "wrong_since": story.now}
    said = like(draft(), CorrectStatement, statement="S1", **words)
    story.did(AUTHOR, said)
    story.did(AUTHOR, AskForReview(statement="S2", sha256=now(story, "S2").sha256))


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


@pytest.mark.parametrize(
    ("tell", "wait", "acts"),
    [
        (brought, Wait.LOOK, ["confirm_published_by_hand"]),
        (seen_otherwise, Wait.DIFFERS, ["confirm_published_by_hand"]),
        (
            seen_otherwise_and_wrong,
            Wait.DIFFERS,
            ["confirm_published_by_hand", "correct_statement"],
        ),
        (said_to_be_wrong, Wait.MEND, ["correct_statement"]),
        (being_corrected, Wait.CORRECTING, []),
        (corrected_while_handed_over, None, []),
        (corrected_and_seen_otherwise, Wait.DIFFERS, ["confirm_published_by_hand"]),
    ],
    ids=lambda one: one.__name__ if callable(one) else str(one),
)
def test_what_is_out_and_not_right_asks_for_one_thing_first(
    tell: Callable[[Story], object], wait: Wait | None, acts: list[str]
) -> None:
    story = begun()
    tell(story)
    first = next((one for one in waiting(story) if one.text.id == "S1"), None)
    assert (first.wait if first is not None else None) is wait
    if first is not None:
        assert [act for act, _ in first.answers] == acts
        assert [place.place for place in first.places] == (
            ["press"] if wait in (Wait.DIFFERS, Wait.LOOK) else []
        )


def test_what_the_plan_asks_for_and_nobody_has_begun_waits_to_be_written() -> None:
    story = begun()
    asked = unbegun_texts(story.incident)
    assert "holding" in [one.kind for one in asked]
    times = [one.by_at for one in asked if one.by_at is not None]
    assert times == sorted(times)
    holding = next(one for one in asked if one.kind == "holding")
    assert holding.answers == (("draft_statement", "holding"),)
    written(story)
    assert "holding" not in [one.kind for one in unbegun_texts(story.incident)]
