"""What a room says of private words and of work to be done: true, and meant for who reads it."""

from types import SimpleNamespace
from typing import Any

import pytest

from api.page_words import ACCESS_HOLDS
from api.pages.last_look import _unseen
from api.pages.lens import lens_for
from api.pages.looking import View
from storage import streams
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted
from tests.api.pages.test_rooms import close_all, entered, house_of, opened, path
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")


@pytest.fixture
def number(served: Served) -> str:
    """Give an incident in which people are reported as hurt, with a room for restricted words."""
    number = accepted(served)
    opened(served, number, parts=["report", "ledger"], classes=["restricted"])
    return number


def test_an_entry_says_the_classes_of_its_own_words(
    served: Served, at: SignedIn, number: str
) -> None:
    (received,) = streams.entries_of_types(served.database.ledger, number, ["ReportReceived"])
    there = entered(served, number)
    inside = there.open(f"{path(served, number)}/ledger/{received.seq}").text
    listed = there.open(f"{path(served, number)}/ledger").text
    close_all()
    ours = at("fang.zheng").open(f"/incidents/{number}/ledger/{received.seq}").text
    for page in (inside, ours):
        told = page.partition("Who may open its private text")[2]
        assert told.strip().startswith("Health"), told[:80]
    assert "[not shown in this room]" in inside
    assert "Health" in listed


def test_the_form_says_which_words_belong_to_a_class(at: SignedIn, number: str) -> None:
    form = at("fang.zheng").open(f"/incidents/{number}/people/open_room").text
    for access in ("restricted", "health"):
        assert ACCESS_HOLDS[access] in form


def test_a_room_asks_the_inspector_for_nothing(served: Served, number: str) -> None:
    page = entered(served, number).open(f"{path(served, number)}/report").text
    close_all()
    assert "register each" not in page
    assert "Nobody is registered" in page


def test_whom_nobody_could_look_at_is_to_be_called_by_our_own_people_alone(served: Served) -> None:
    house = house_of(served)
    lens = lens_for(house, None, "en", now=house.now())
    assert _unseen(lens, 2, in_room=True) == "2 channels cannot be looked at."
    assert _unseen(lens, 2, in_room=False) == "2 channels cannot be looked at: call them."


def test_a_page_reads_no_entry_that_its_state_does_not_know(served: Served) -> None:
    """Whether a later one is counsel's hangs on what stands before it: that page would not know."""
    number, house = accepted(served), SimpleNamespace(engine=served.database.ledger)
    visit: Any = SimpleNamespace(house=house)
    row: Any = SimpleNamespace(id=number)
    state: Any = SimpleNamespace(size=3)
    view = View(visit, row, state, 1, "")
    read = [[one.seq for one in found] for found in (view.entries(), view.entries(3, 9))]
    assert [*read, view.entries(4)] == [[1, 2, 3], [3], []]
