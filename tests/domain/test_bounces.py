"""Newsrooms that an e-mail did not reach: on the record once, told to PR, counted out."""

from typing import Any

import pytest

from domain.bounces import MailNotArrived, ReportBounces
from domain.dispatch import Effect
from domain.ledger import read_entry
from domain.mailed import Fate, NotMailed
from domain.people import PERFORMER
from domain.plot import effects
from domain.publication import Placed, ReportPublication
from domain.statement_places import Place
from tests.domain.story import Story
from tests.domain.texts import PR_LEAD, approved, draft, handed_in, now, publish

UNKNOWN = "550 5.1.1 User unknown"


@pytest.fixture
def story() -> Story:
    """A text that is on its way to the press."""
    told = Story()
    told.accepted()
    handed_in(told, draft())
    told.did(PR_LEAD, publish(approved(told), "press"))
    return told


def went(*mailed: str, missed: tuple[NotMailed, ...] = ()) -> ReportPublication:
    placed = Placed(
        place="press", link="", read_back="", error="", mailed=mailed, not_mailed=missed
    )
    return ReportPublication(statement="S1", version=1, places=(placed,))


def bounced(*newsrooms: str, version: int = 1, statement: str = "S1") -> ReportBounces:
    missed = tuple(NotMailed(newsroom=one, fate=Fate.BOUNCED, why=UNKNOWN) for one in newsrooms)
    return ReportBounces(statement=statement, version=version, place=Place.PRESS, newsrooms=missed)


def caused(story: Story, event: Any) -> list[Effect]:
    return list(effects(story.incident, event, read_entry(story.leaves[-1]).mark()))


def standing(story: Story) -> tuple[tuple[str, ...], dict[str, Fate]]:
    place = now(story).places["press"]
    return place.mailed, {one.newsroom: one.fate for one in place.not_mailed}


def test_who_has_a_text_and_who_lacks_it_is_kept_and_told_to_pr(story: Story) -> None:
    refused = NotMailed(newsroom="Night Paper", fate=Fate.REFUSED, why=UNKNOWN)
    (handed,) = story.did(PERFORMER, went("Daily", "Radio", missed=(refused,)))
    assert standing(story) == (("Daily", "Radio"), {"Night Paper": Fate.REFUSED})
    told = {one.body["kind"]: one.body for one in caused(story, handed)}
    assert set(told) == {"publish_by_hand", "newsrooms_missed"}
    assert told["newsrooms_missed"]["newsrooms"] == "Night Paper"


def test_a_report_takes_a_newsroom_out_of_those_that_have_it_once(story: Story) -> None:
    story.did(PERFORMER, went("Daily", "Radio"))
    (event,) = story.did(PERFORMER, bounced("Radio"))
    assert isinstance(event, MailNotArrived)
    assert standing(story) == (("Daily",), {"Radio": Fate.BOUNCED})
    assert [one.body["kind"] for one in caused(story, event)] == ["newsrooms_missed"]
    assert not story.did(PERFORMER, bounced("Radio"))
    (second,) = story.did(PERFORMER, bounced("Radio", "Daily"))
    assert [one.newsroom for one in second.newsrooms] == ["Daily"]


def test_a_report_that_is_quicker_than_the_publisher_is_not_lost(story: Story) -> None:
    story.did(PERFORMER, bounced("Radio"))
    story.did(PERFORMER, went("Daily", "Radio"))
    assert standing(story) == (("Daily",), {"Radio": Fate.BOUNCED})


def test_a_report_about_another_version_changes_nothing_of_this_one(story: Story) -> None:
    story.did(PERFORMER, went("Radio"))
    story.did(PERFORMER, bounced("Radio", version=7))
    assert standing(story) == (("Radio",), {})
    assert not story.did(PERFORMER, bounced("Radio", statement="S9"))


def test_no_person_reports_a_bounce(story: Story) -> None:
    assert story.refused(PR_LEAD, bounced("Radio")).reason == "not_allowed"
