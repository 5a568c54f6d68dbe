"""The line of the company's log about a room's page says what was really shown there."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services import rooms
from storage import company
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted
from tests.api.pages.test_rooms import house_of, opened
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

KEYS = "looked at the link and code of room R1"
PAGE = "looked at the page of room R1"


def noted(served: Served, number: str, person: str) -> set[Any]:
    lines = company.lines_of(served.database.ledger, ["SensitiveRead"], naming=number)
    found = [one.body for one in lines if one.body.get("person") == person]
    return {one["what"] for one in found if one.get("item") == "R1"}


@pytest.mark.parametrize(
    ("person", "keys"), [("fang.zheng", True), ("ren.jia", False)], ids=["legal", "auditor"]
)
def test_link_and_code_are_noted_where_they_were_shown(
    served: Served, at: SignedIn, person: str, keys: bool
) -> None:
    number = accepted(served)
    opened(served, number)
    house_of(served).reads.forget_all()
    page = at(person).open(f"/incidents/{number}/rooms/R1")
    code = rooms.code_of(house_of(served), number, "R1")
    assert (code[:4] in page.text and code[4:] in page.text) is keys
    assert ("room_keys" in noted(served, number, person)) is keys
    log = at("ren.jia").open("/audit").text
    assert (f"{KEYS} of {number}" in log) is keys
    assert (f"{PAGE} of {number}" in log) is ("room" in noted(served, number, person))


def test_the_log_says_which_numbers_it_leaves_out(served: Served, at: SignedIn) -> None:
    accepted(served)
    page = at("ren.jia").open("/audit").text
    assert "Numbers that are not here are lines that tell of signed heads" in page


def test_kept_histories_do_not_fill_the_log_and_are_shown_when_asked_for(
    served: Served, at: SignedIn
) -> None:
    engine, browser = house_of(served).engine, at("ren.jia")
    told = {"workflow": "INC-2026-0001/halt/1/again/72"}
    for _ in range(3):
        company.log(engine, datetime.now(UTC), company.ARCHIVED, told)
    said = "The history of a finished workflow was kept"
    page = browser.open("/audit")
    assert said not in page.text
    assert "and of histories that were kept" in page.text
    whole = browser.open(page.link("With kept histories too"))
    assert said in whole.text
    assert "and of histories that were kept" not in whole.text
    assert said not in browser.open(whole.link("Without kept histories")).text


def test_that_nobody_keeps_heads_outside_is_a_warning_under_its_heading(at: SignedIn) -> None:
    page = at("ren.jia").open("/audit").html
    start = page.index("Nobody. Until a signed head is kept elsewhere")
    before = page[:start].rpartition("<section")[2]
    assert "tone-warning" in before
    assert "<h2>Who keeps signed heads outside</h2>" in before
