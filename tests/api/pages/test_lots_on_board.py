"""The board drops no lot in silence, and a phone leads to the duties."""

import re

import pytest

from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_earlier import plain
from tests.api.pages.test_offered import told_once
from tests.api.pages.test_selling_again import LOTS, three_lots
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")


def test_the_board_says_how_many_lots_it_does_not_name(served: Served, at: SignedIn) -> None:
    told_once(three_lots, served)
    assert f"{LOTS[0]}, {LOTS[1]} + 1 more" in plain(at("gao.yuan").open("/"))


def test_the_bar_of_a_phone_leads_to_the_duties_and_the_menu_to_the_demo_shop(
    at: SignedIn,
) -> None:
    html = at("gao.yuan").open("/").html
    bar = re.findall(r'<li(?: class="([^"]*)")?><a href="([^"]+)"', html)
    places = {href: cls for cls, href in bar if href in ("/duties", "/demo-shop")}
    assert places == {"/duties": "", "/demo-shop": "wide-only"}
    menu = html[html.index('class="menu-body"') :]
    assert '<p class="narrow-only"><a href="/demo-shop">' in menu


def test_sources_of_severity_rules_are_said_in_chinese(served: Served, at: SignedIn) -> None:
    number = told_once(three_lots, served)
    page = at("ren.jia", "zh").open(f"/incidents/{number}/audit/questions/2")
    assert "行业惯例" in page.text
    assert "practice" not in page.text
    assert "logic of" not in page.text
