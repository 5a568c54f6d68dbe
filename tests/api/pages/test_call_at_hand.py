"""Who records what a channel says has at hand what was seen there, and whom to call."""

import re

import pytest

from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_earlier import plain
from tests.api.pages.test_halt_board import IN_TIME, NUMBER, sold
from tests.api.pages.test_offered import accepted, told_once
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

NO_NUMBER = "The channel list names no number to call."
ABOUT = "What your word is about"


@pytest.mark.parametrize("act", ["confirm_channel", "take_over_channel"])
def test_the_form_of_a_channel_that_still_sells_says_what_was_seen_and_whom_to_call(
    served: Served, at: SignedIn, act: str
) -> None:
    page = at("cheng.bo").open(f"/incidents/{told_once(sold, served)}/halt/wh-east/{act}")
    about = plain(page).partition(ABOUT)[2]
    seen, _, stays = about.partition("Must stop there")
    assert re.fullmatch(r" Seen on sale there On show seen \d+ minutes? after the order ", seen)
    assert "Moon Dew Face Cream: all lots" in stays
    assert re.search(rf"Whom to call Duty desk \S+ Call {re.escape(NUMBER)}", stays)
    assert dict(page.links)[f"Call {NUMBER}"] == "tel:+862100000101"


def test_the_form_says_where_the_list_has_no_number(served: Served, at: SignedIn) -> None:
    number = told_once(sold, served)
    form = f"/incidents/{number}/halt/influencer-links/confirm_channel"
    about = plain(at("cheng.bo").open(form)).partition(ABOUT)[2]
    assert NO_NUMBER in about
    assert "Call +" not in about


def test_a_channel_where_nothing_was_seen_has_the_number_alone(
    served: Served, at: SignedIn
) -> None:
    number = told_once(accepted, served)
    form = f"/incidents/{number}/halt/wh-east/confirm_channel"
    about = plain(at("cheng.bo").open(form)).partition(ABOUT)[2]
    assert "Seen on sale there" not in about
    assert f"Call {NUMBER}" in about


def test_a_line_in_its_time_says_that_there_is_no_number_to_the_team_alone(
    served: Served, at: SignedIn
) -> None:
    number = told_once(accepted, served)
    said = plain(at("cheng.bo").open(f"/incidents/{number}/halt"))
    line = said[said.index(IN_TIME) :].partition("Influencer link pool")[2]
    assert NO_NUMBER in line[:300]
    auditor = plain(at("ren.jia").open(f"/incidents/{number}/halt"))
    assert "Influencer link pool" in auditor
    assert NO_NUMBER not in auditor
