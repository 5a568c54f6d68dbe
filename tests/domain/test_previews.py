"""Stage `statement`: approved words that somebody outside reads under embargo."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.dispatch import Act
from domain.enquiries import SetAgreedLine
from domain.incident import effects, mark_for
from domain.message import COMMANDS, private_access
from domain.people import PERFORMER, Access, Actor, Role
from domain.previews import (
    AT_MOST,
    PreviewsClosed,
    SharePreview,
    Shows,
    WithdrawPreview,
    embargo_of,
    open_previews,
    shows,
)
from domain.releasing import LiftSchedule
from domain.state.statement import OUT, SENDABLE
from domain.statement import DropStatement
from domain.statement_approval import ApproveStatement, AskForReview, RequestChanges
from domain.values import PrivateText, PublicText
from tests.domain.story import SERIOUS, Story, person
from tests.domain.texts import (
    AUTHOR,
    COMMANDER,
    LEGAL,
    PR_LEAD,
    approved,
    approvers,
    draft,
    handed_in,
    now,
    placed,
    publish,
    revised,
    text,
)

SECRET = PrivateText(ref="r", commitment="c", subject="s")
SCRIBED = Actor(id="scribe", roles=(Role.PR_LEAD,), on_behalf_of="pr.lead")


@pytest.fixture
def story() -> Story:
    """A serious incident with an approved text."""
    told = Story()
    told.accepted(SERIOUS)
    handed_in(told)
    approved(told)
    return told


def share(story: Story, statement: str = "S1", /, **ahead: float) -> SharePreview:
    """Share it for two hours, or as long as told."""
    until = story.now + timedelta(**(ahead or {"hours": 2}))
    return SharePreview(
        statement=statement, sha256=now(story, statement).sha256, whom=SECRET, until=until
    )


def withdraw(number: int = 1) -> WithdrawPreview:
    return WithdrawPreview(statement="S1", number=number, reason=PublicText("已泄露。"))


def told(story: Story, number: int = 1) -> Shows:
    """Say what a preview shows now."""
    one = now(story).previews[number - 1]
    return shows(story.incident, now(story), one, story.now)


def test_what_was_approved_is_shared_until_the_embargo_ends(story: Story) -> None:
    (event,) = story.did(PR_LEAD, share(story))
    assert (event.number, event.version, event.sha256) == (1, 1, now(story).sha256)
    assert (event.whom, event.by) == (SECRET, PR_LEAD.id)
    story.later(hours=1, minutes=59)
    assert told(story) is Shows.OPEN
    story.later(minutes=1)
    assert told(story) is Shows.ENDED
    assert open_previews(story.incident, now(story), story.now) == ()


@pytest.mark.parametrize("who", [AUTHOR, LEGAL, COMMANDER], ids=lambda one: one.id)
def test_only_who_may_publish_shares(story: Story, who: Actor) -> None:
    assert story.refused(who, share(story)).reason == "not_allowed"
    story.did(person(Role.SPOKESPERSON), share(story))


def test_nobody_shares_for_somebody_else(story: Story) -> None:
    assert story.refused(SCRIBED, share(story)).reason == "own_hand"


@pytest.mark.parametrize(
    ("ahead", "why"),
    [
        ({"seconds": 0}, "not_ahead"),
        ({"hours": -1}, "not_ahead"),
        ({"days": 14, "seconds": 1}, "not_ahead"),
    ],
    ids=["now", "past", "too long"],
)
def test_an_embargo_ends_ahead_and_within_14_days(
    story: Story, ahead: dict[str, float], why: str
) -> None:
    assert story.refused(PR_LEAD, share(story, **ahead)).reason == why
    story.did(PR_LEAD, share(story, days=14))


def test_an_embargo_ends_at_latest_when_the_text_goes_out(story: Story) -> None:
    story.did(PR_LEAD, publish(now(story), "site", release_at=story.now + timedelta(hours=2)))
    assert story.refused(PR_LEAD, share(story, hours=3)).reason == "after_release"
    story.did(PR_LEAD, share(story, hours=1))
    (one,) = now(story).previews
    assert embargo_of(now(story), one) == story.now + timedelta(hours=2)
    story.did(PR_LEAD, LiftSchedule(statement="S1", reason=PublicText("等一等。")))
    assert embargo_of(now(story), one) == one.until


def unfit(story: Story, case: str) -> SharePreview:
    """Bring the text where nobody may share it, and try."""
    given = share(story)
    if case == "draft":
        story.did(AUTHOR, revised(now(story), text(body="改过的文本。")))
        return replace(given, sha256=now(story).sha256)
    if case == "other bytes":
        return replace(given, sha256="0" * 64)
    if case == "blocked":
        line = (PublicText("已停止销售"),)
        told = SetAgreedLine(messages=line, do_not_say=(PublicText("正在调查"),))
        story.did(PR_LEAD, told)
        return given
    if case == "inside":
        inside = handed_in(story, draft("staff"))
        return share(story, approved(story, inside.id).id)
    return replace(given, statement="S9")


@pytest.mark.parametrize(
    ("case", "why"),
    [
        ("draft", "wrong_status"),
        ("other bytes", "text_changed"),
        ("blocked", "not_clean"),
        ("inside", "not_for_outside"),
        ("nowhere", "no_statement"),
    ],
)
def test_what_may_not_go_out_is_not_shared(story: Story, case: str, why: str) -> None:
    assert story.refused(PR_LEAD, unfit(story, case)).reason == why


def test_an_embargo_has_few_readers(story: Story) -> None:
    for _ in range(AT_MOST):
        story.did(PR_LEAD, share(story))
    assert story.refused(PR_LEAD, share(story)).reason == "too_many"


# ---------------------------------------------------------------- closing


@pytest.mark.parametrize("who", [PR_LEAD, LEGAL, COMMANDER], ids=lambda one: one.id)
def test_a_preview_is_withdrawn_alone_and_once(story: Story, who: Actor) -> None:
    for _ in range(2):
        story.did(PR_LEAD, share(story))
    story.did(who, withdraw(1))
    assert [told(story, 1), told(story, 2)] == [Shows.WITHDRAWN, Shows.OPEN]
    assert now(story).previews[0].reason == "已泄露。"
    assert story.refused(who, withdraw(1)).reason == "no_preview"
    assert story.refused(who, withdraw(9)).reason == "no_preview"


CLOSING: dict[str, tuple[Actor, Any]] = {
    "a new version": (AUTHOR, lambda s: revised(now(s), text(body="改过的文本。"))),
    "changes asked for": (
        LEGAL,
        lambda s: RequestChanges(
            statement="S1", sha256=now(s).sha256, reason=PublicText("太笼统。")
        ),
    ),
    "laid aside": (
        PR_LEAD,
        lambda _s: DropStatement(statement="S1", reason=PublicText("不用了。")),
    ),
}


@pytest.mark.parametrize("case", CLOSING)
def test_a_text_that_changes_closes_its_previews_and_pr_is_told(story: Story, case: str) -> None:
    for hours in (1, 5, 5):
        story.did(PR_LEAD, share(story, hours=hours))
    story.did(PR_LEAD, withdraw(3))
    story.later(hours=2)
    who, make = CLOSING[case]
    events = story.did(who, make(story))
    (closed,) = [one for one in events if isinstance(one, PreviewsClosed)]
    assert closed.numbers == (2,), "what is over or withdrawn is no news"
    assert told(story, 2) is Shows.CHANGED
    act = Act(command_id="k", actor=who, at=story.now, happened_at=story.now, command=None)
    (effect,) = effects(story.incident, closed, mark_for(story.incident, act))
    assert effect.body["kind"] == "previews_closed"
    assert effect.body["roles"] == ["pr_lead", "spokesperson"]
    assert effect.body["previews"] == "2"


def test_a_new_version_opens_no_earlier_preview_again(story: Story) -> None:
    story.did(PR_LEAD, share(story, days=9))
    story.did(AUTHOR, revised(now(story), text(body="改过的文本。")))
    story.did(AUTHOR, AskForReview(statement="S1", sha256=now(story).sha256))
    approved(story)
    assert told(story) is Shows.CHANGED
    story.did(PR_LEAD, share(story))
    assert [told(story, 1), told(story, 2)] == [Shows.CHANGED, Shows.OPEN]


def test_words_that_a_rule_blocks_since_are_not_shown(story: Story) -> None:
    story.did(PR_LEAD, share(story))
    line = (PublicText("已停止销售"),)
    story.did(PR_LEAD, SetAgreedLine(messages=line, do_not_say=(PublicText("正在调查"),)))
    assert told(story) is Shows.BLOCKED


def test_after_publication_it_leads_to_what_is_public(story: Story) -> None:
    story.did(PR_LEAD, share(story))
    story.did(PR_LEAD, publish(now(story), "site"))
    story.did(PERFORMER, placed(now(story), "site"))
    assert told(story) is Shows.OUT
    story.later(hours=2)
    assert told(story) is Shows.OUT


ACTS = st.lists(
    st.sampled_from("share revise hand_in approve changes publish placed drop later".split()),
    max_size=14,
)


@settings(max_examples=60, deadline=None)
@given(steps=ACTS)
def test_no_preview_is_open_for_bytes_that_are_not_approved(steps: list[str]) -> None:
    story = Story()
    story.accepted(SERIOUS)
    handed_in(story)
    approved(story)
    for number, step in enumerate(("share", *steps)):
        _step(story, step, number)
        one = now(story)
        for each in open_previews(story.incident, one, story.now):
            assert each.sha256 == one.sha256
            assert one.is_approved
            assert one.status in SENDABLE
            assert story.now < each.until
        for each in one.previews:
            if shows(story.incident, one, each, story.now) is Shows.OUT:
                assert one.status in OUT
                assert each.sha256 == one.sha256


def _step(story: Story, step: str, number: int) -> None:
    """Try one act; a refusal is an answer too."""
    one = now(story)
    acts: dict[str, tuple[Actor, Any]] = {
        "share": (PR_LEAD, share(story, hours=3)),
        "revise": (AUTHOR, revised(one, text(body=f"改过的文本，第{number}版。"))),
        "hand_in": (AUTHOR, AskForReview(statement="S1", sha256=one.sha256)),
        "changes": (
            LEGAL,
            RequestChanges(statement="S1", sha256=one.sha256, reason=PublicText("太笼统。")),
        ),
        "publish": (PR_LEAD, publish(one, "site")),
        "placed": (PERFORMER, placed(one, "site")),
        "drop": (PR_LEAD, DropStatement(statement="S1", reason=PublicText("不用了。"))),
    }
    if step == "later":
        story.later(hours=1)
    elif step == "approve":
        for who, act in approvers(one):
            story.does(who, act)
    else:
        story.does(*acts[step])


def test_an_approval_alone_opens_nothing(story: Story) -> None:
    one = handed_in(story)
    for who, act in approvers(one)[:-1]:
        assert isinstance(act, ApproveStatement)
        story.did(who, act)
        refused = story.refused(PR_LEAD, share(story, one.id))
        assert refused.reason == "wrong_status"


@pytest.mark.parametrize("kind", ["qa", "staff", "hotline_script"])
def test_what_is_written_for_staff_is_shared_with_nobody_outside(story: Story, kind: str) -> None:
    handed_in(story, draft(kind))
    approved(story, "S2")
    assert story.refused(PR_LEAD, share(story, "S2")).reason == "not_for_outside"


def test_with_whom_it_was_shared_opens_to_those_who_answer() -> None:
    assert private_access(COMMANDS["share_preview"])["whom"] is Access.ENQUIRY
