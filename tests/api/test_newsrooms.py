"""Newsrooms on the page of a text: how many have it, which lack it and why."""

import pytest

from api.pages.newsrooms import lacking, mailed_to
from domain.mailed import Fate, NotMailed
from domain.people import PERFORMER
from domain.publication import Placed, ReportPublication
from domain.state.statement import Statement
from tests.api.test_lens import lens
from tests.domain.story import Story
from tests.domain.texts import PR_LEAD, approved, draft, handed_in, now, publish

REFUSED = NotMailed(newsroom="Night Paper", fate=Fate.REFUSED, why="550 5.1.1 User unknown")
TWO_AND_ONE = "sent by e-mail to 2 newsrooms · 1 newsroom lacks it or may lack it, see below"
GONE = NotMailed(newsroom="Radio", fate=Fate.UNLISTED)


def published(*mailed: str, missed: tuple[NotMailed, ...] = ()) -> Statement:
    story = Story()
    story.accepted()
    handed_in(story, draft())
    story.did(PR_LEAD, publish(approved(story), "press"))
    placed = Placed(
        place="press", link="", read_back="", error="", mailed=mailed, not_mailed=missed
    )
    story.did(PERFORMER, ReportPublication(statement="S1", version=1, places=(placed,)))
    return now(story)


@pytest.mark.parametrize(
    ("mailed", "missed", "told"),
    [
        (("Daily",), (), "sent by e-mail to 1 newsroom"),
        (("Daily", "Weekly"), (REFUSED,), TWO_AND_ONE),
        ((), (REFUSED, GONE), "2 newsrooms lack it or may lack it, see below"),
        ((), (), ""),
    ],
    ids=["one", "two and one lacks it", "none", "no press list"],
)  # fmt: skip
def test_a_place_says_how_many_newsrooms_have_a_text(
    mailed: tuple[str, ...], missed: tuple[NotMailed, ...], told: str
) -> None:
    assert mailed_to(lens("en"), published(*mailed, missed=missed).places["press"]) == told


def test_newsrooms_that_lack_a_text_stand_with_the_reason() -> None:
    (table,) = lacking(lens("en"), published("Daily", missed=(REFUSED, GONE)))
    assert table["rows"] == [
        ["Night Paper", "refused by the mail server", "550 5.1.1 User unknown"],
        ["Radio", "no longer on the press list", "–"],
    ]
    assert lacking(lens("en"), published("Daily")) == []
