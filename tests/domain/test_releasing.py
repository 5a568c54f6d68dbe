"""Stage `statement`: approved words that wait for their time."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.facts import RecordFact
from domain.publication import StatementPublished
from domain.publishing import PublishStatement, StatementPublishing
from domain.releasing import LiftSchedule, ReleaseHeld
from domain.severity import Publicity
from domain.state.statement import Status
from domain.statement_approval import ApproveStatement, AskForReview, RequestChanges
from domain.statement_text import Rendition
from domain.values import PublicText
from tests.domain.story import SERIOUS, Story
from tests.domain.test_following import records
from tests.domain.texts import (
    AUTHOR,
    LEGAL,
    PR_LEAD,
    approved,
    draft,
    handed_in,
    now,
    publish,
    revised,
    text,
)


@pytest.fixture
def story() -> Story:
    """A serious incident with an approved text."""
    told = Story()
    told.accepted(SERIOUS)
    handed_in(told)
    approved(told)
    return told


def scheduled(story: Story, **ahead: float) -> PublishStatement:
    """Let the text go out in two hours, or when told."""
    at = story.now + timedelta(**(ahead or {"hours": 2}))
    return publish(now(story), "site", release_at=at)


def of(kind: type, events: list[object]) -> list[object]:
    return [event for event in events if isinstance(event, kind)]


def test_a_text_goes_out_at_its_time_and_not_before(story: Story) -> None:
    story.did(PR_LEAD, scheduled(story))
    assert now(story).status is Status.SCHEDULED
    assert not of(StatementPublishing, story.later(hours=1, minutes=59))
    (sent,) = of(StatementPublishing, story.later(minutes=1))
    assert (sent.by, sent.sha256) == (PR_LEAD.id, now(story).sha256)  # type: ignore[attr-defined]
    assert now(story).status is Status.PUBLISHING
    assert not of(StatementPublishing, story.later(hours=5))


def test_a_worker_that_comes_back_late_sends_it_once(story: Story) -> None:
    story.did(PR_LEAD, scheduled(story))
    assert len(of(StatementPublishing, story.later(days=1))) == 1


@pytest.mark.parametrize(
    ("hours", "asked"), [(2, False), (20 * 24, True)], ids=["in time", "too late"]
)
def test_nobody_is_asked_to_publish_what_goes_out_in_time(hours: int, asked: bool) -> None:
    told = Story()
    told.accepted(replace(SERIOUS, publicity=Publicity.POSTS))
    handed_in(told)
    approved(told)
    assert told.due("statement:holding:out") is not None
    told.did(PR_LEAD, scheduled(told, hours=hours))
    assert (told.due("statement:holding:out") is not None) == asked


@pytest.mark.parametrize(
    "ahead",
    [{"hours": -1}, {"hours": 0}, {"days": 31}],
    ids=["past", "now", "too far"],
)
def test_only_a_time_ahead_can_be_given(story: Story, ahead: dict[str, float]) -> None:
    at = story.now + timedelta(**ahead)
    refused = story.refused(PR_LEAD, publish(now(story), "site", release_at=at))
    assert refused.reason == "not_ahead"


def test_a_text_that_could_not_go_out_now_cannot_be_scheduled(story: Story) -> None:
    at = story.now + timedelta(hours=1)
    refused = story.refused(PR_LEAD, publish(now(story), "site", release_at=at, confirmed=()))
    assert refused.reason == "gate"


def test_whoever_may_stop_it_takes_the_time_away(story: Story) -> None:
    story.did(PR_LEAD, scheduled(story))
    story.did(LEGAL, LiftSchedule(statement="S1", reason=PublicText("Not before the filing.")))
    assert now(story).status is Status.APPROVED
    assert not of(StatementPublishing, story.later(hours=3))
    story.did(PR_LEAD, publish(now(story), "site"))


def test_it_can_go_out_at_once_although_it_is_scheduled(story: Story) -> None:
    story.did(PR_LEAD, scheduled(story))
    story.did(PR_LEAD, publish(now(story), "site"))
    assert now(story).status is Status.PUBLISHING
    assert not of(StatementPublishing, story.later(hours=3))


def test_another_time_can_be_given(story: Story) -> None:
    story.did(PR_LEAD, scheduled(story))
    story.did(PR_LEAD, scheduled(story, hours=5))
    assert not of(StatementPublishing, story.later(hours=4))
    assert of(StatementPublishing, story.later(hours=1))


@pytest.mark.parametrize("how", ["revised", "changes asked for"])
def test_a_text_that_is_changed_loses_its_time(story: Story, how: str) -> None:
    story.did(PR_LEAD, scheduled(story))
    if how == "revised":
        events = story.did(AUTHOR, revised(now(story), text(body="换了说法。")))
    else:
        said = RequestChanges(statement="S1", sha256=now(story).sha256, reason=PublicText("太早。"))
        events = story.did(LEGAL, said)
    assert len(of(ReleaseHeld, events)) == 1
    assert now(story).release is None
    assert not of(StatementPublishing, story.later(hours=3))


def test_a_fact_that_moves_before_the_time_holds_the_text(story: Story) -> None:
    records(story)
    told = text(body="已售出 {{units_sold}} 件。")
    handed_in(story, draft("holding", told))
    approved(story, "S2")
    at = story.now + timedelta(hours=2)
    story.did(PR_LEAD, publish(now(story, "S2"), "site", release_at=at))
    records(story, "1450")
    assert now(story, "S2").status is Status.DRAFT
    assert not of(StatementPublishing, story.later(hours=3))


def test_a_text_with_a_typed_value_that_moved_is_held_at_its_time(story: Story) -> None:
    records(story)
    handed_in(story, draft("holding", Rendition(
        language="zh-CN", title=PublicText("回应"), body=PublicText("已售出 1200 件。")
    ), facts=("units_sold",)))  # fmt: skip
    approved(story, "S2")
    at = story.now + timedelta(hours=2)
    story.did(PR_LEAD, publish(now(story, "S2"), "site", release_at=at))
    story.did(LEGAL, RecordFact(key="units_sold", value=PublicText("1500"), as_of=story.now))
    (held,) = of(ReleaseHeld, story.later(hours=3))
    assert "gate" in held.why.lower()  # type: ignore[attr-defined]
    assert now(story, "S2").status is Status.APPROVED
    assert not of(StatementPublished, story.later(hours=1))


def test_who_has_not_to_decide_it_schedules_nothing(story: Story) -> None:
    assert story.refused(AUTHOR, scheduled(story)).reason == "not_allowed"


def test_approvals_are_asked_again_for_other_words(story: Story) -> None:
    story.did(PR_LEAD, scheduled(story))
    before = now(story)
    story.did(AUTHOR, revised(before, text(body="换了说法。")))
    story.did(AUTHOR, AskForReview(statement="S1", sha256=now(story).sha256))
    old = ApproveStatement(statement="S1", sha256=before.sha256)
    assert story.refused(LEGAL, old).reason == "text_changed"
