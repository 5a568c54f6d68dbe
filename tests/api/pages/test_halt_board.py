"""The halt board: whom to chase and whom to call first, the rest in one line, and what is apart."""

import pytest

from tests.api.browsing import Seen
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, done, told_once
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

IN_TIME = "In their time to answer"
NUMBER = "+86 21 0000 0101"


def plain(page: Seen) -> str:
    return " ".join(page.text.split())


def sold(served: Served) -> str:
    """Tell an incident in which goods are seen on sale at one with a number, and one without."""
    number = accepted(served)
    for channel in ("wh-east", "influencer-links"):
        done(served.person("cheng.bo"), number, f"halt/{channel}/report_drift", how_seen="On show")
    return number


def test_who_needs_somebody_stands_first_with_whom_to_call(served: Served, at: SignedIn) -> None:
    page = at("cheng.bo").open(f"/incidents/{told_once(sold, served)}/halt")
    said = plain(page)
    needed = said[said.index("Channels that need somebody") : said.index(IN_TIME)]
    assert "East warehouse" in needed
    assert "still on sale" in needed
    assert f"Call {NUMBER} Duty desk" in needed
    assert dict(page.links)[f"Call {NUMBER}"] == "tel:+862100000101"
    assert "The channel list names no number to call." in needed
    assert "contact_name and phone of the channel" in needed
    assert "South warehouse" not in needed
    assert "South warehouse" in said[said.index(IN_TIME) :]


def test_an_auditor_sees_no_number_and_neither_does_the_past(served: Served, at: SignedIn) -> None:
    number = told_once(sold, served)
    page = at("ren.jia").open(f"/incidents/{number}/halt")
    assert page.status == 200
    assert "East warehouse" in page.text
    assert NUMBER not in page.text
    past = at("cheng.bo").open(f"/incidents/{number}/at/30/halt")
    assert NUMBER not in past.text, "the list is of today"


def test_the_board_is_asked_for_again_in_parts(served: Served, at: SignedIn) -> None:
    number = told_once(sold, served)
    lead = at("cheng.bo")
    whole = lead.client.get(f"/incidents/{number}/halt").text
    for part, says in (("halt-now", "have not confirmed"), ("halt-blocks", "Still on sale")):
        assert f'data-live="/incidents/{number}/parts/{part}"' in whole
        answer = lead.client.get(f"/incidents/{number}/parts/{part}")
        assert answer.status_code == 200
        assert says in answer.text
    assert "Load it again to see what has changed since." in whole
    past = lead.client.get(f"/incidents/{number}/at/30/halt").text
    assert "data-live" not in past
