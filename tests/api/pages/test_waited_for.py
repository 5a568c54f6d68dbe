"""Who was told that it may resume is waited for, in one card and in words that reproach nobody."""

from datetime import timedelta

import pytest

from domain.channels import RESUME, ChannelOutcome, ReportOutcomes
from domain.people import PERFORMER
from domain.report import AcceptReport
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_earlier import plain
from tests.api.serving import Served
from tests.api.test_order_answer import Kept
from tests.domain.recalls import COMMANDER
from tests.domain.story import Story
from tests.domain.test_resuming_goods import L1, L2, PROMOTION, SHOP, freed
from tests.domain.test_under_way import halts

pytestmark = pytest.mark.xdist_group("pages")

REPROACH = "has not resumed as ordered"


def resumed(served: Served, name: str, *channels: str, age: timedelta, error: str = "") -> str:
    """Tell an incident whose channels were told that they may resume, so long ago."""
    kept = Kept(served, name, age=age)
    story = kept.story
    story.did(COMMANDER, AcceptReport())
    story.keeps_evidence()
    halts(story, L1, L2)
    _left, resume = freed(story, channels=channels)
    carried(story, str(resume.number), channels, error)
    kept.record()
    return story.incident.id


def carried(story: Story, resume: str, channels: tuple[str, ...], error: str) -> None:
    came = tuple(
        ChannelOutcome(
            channel=one, order=RESUME, state="failed" if error else "accepted", attempts=1,
            proof="" if error else "message in the outbox", error=error, resume=resume,
        )
        for one in channels
    )  # fmt: skip
    story.did(PERFORMER, ReportOutcomes(outcomes=came))


BOTH = (SHOP, PROMOTION)


@pytest.mark.parametrize(
    ("channels", "minutes", "says"),
    [
        ((SHOP,), 5, "was told that it may resume, and is to say that it does"),
        ((SHOP,), 2000, "has not said in time that it has resumed"),
        (BOTH, 5, "2 channels were told that they may resume, and are to say so"),
        (BOTH, 2000, "2 channels were told that they may resume, and are to say so: 2 late"),
    ],
    ids=["one in time", "one late", "two in time", "two late"],
)
def test_a_card_says_what_is_waited_for_and_reproaches_nobody_in_time(
    served: Served, at: SignedIn, channels: tuple[str, ...], minutes: int, says: str
) -> None:
    age = timedelta(minutes=minutes)
    number = resumed(served, f"waited-{len(channels)}-{minutes}", *channels, age=age)
    page = at("cheng.bo").open(f"/incidents/{number}")
    assert says in plain(page)
    assert REPROACH not in plain(page)
    assert ("; an answer is due by" in plain(page)) is (minutes == 5)
    assert ("; the answer was due by" in plain(page)) is (minutes == 2000)


def test_those_of_many_lead_to_the_board_which_says_when_each_was_told(
    served: Served, at: SignedIn
) -> None:
    number = resumed(served, "waited-board", *BOTH, age=timedelta(minutes=5))
    page = at("cheng.bo").open(f"/incidents/{number}")
    [way] = {href for _text, href in page.links if "halt#halt-settled" in href}
    board = plain(at("cheng.bo").open(way.partition("#")[0]))
    settled = board[board.index("Stopped, or selling again by decision") :]
    assert settled.count("answer due:") >= 2
    assert ": message in the outbox" in settled
    assert "It has not said in time" not in board


def test_what_failed_is_no_waiting(served: Served, at: SignedIn) -> None:
    number = resumed(served, "not-told", *BOTH, age=timedelta(minutes=5), error="Away.")
    page = plain(at("cheng.bo").open(f"/incidents/{number}"))
    assert "2 channels could not be told to resume, or refused" in page
    assert "were told that they may resume" not in page
