"""What a named person answers for stands on the board beside what a channel is asked, or said."""

import pytest

from services.answer_links import path_of
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_earlier import plain
from tests.api.pages.test_offered import accepted, done, told_once
from tests.api.pages.test_refused import order_at
from tests.api.pages.test_told_to_resume import WRITTEN, until
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

LINE = "Influencer link pool"


def asked(served: Served) -> str:
    """Take a channel over, and then stop another lot of the product there."""
    number = accepted(served, products=["brook-shampoo"], lots=["BS2601A"])
    until(served, number, lambda there: there["state"] == "accepted")
    lead = served.person("gao.yuan")
    done(lead, number, f"halt/{WRITTEN}/take_over_channel", reason="I drive there now.")
    done(
        served.person("gao.yuan"), number, "halt/order_halt",
        level="H2", products=["brook-shampoo"], lots=["BS2608A"], reason="A second lot itches.",
    )  # fmt: skip
    until(served, number, lambda there: there["state"] == "accepted")
    return number


def answered(served: Served) -> str:
    """The same, and the channel answers for that lot by its link."""
    number = asked(served)
    assert served.app is not None
    path = path_of(served.app.state.house, number, WRITTEN, order_at(served, number))
    said = {"answer": "stopped", "name": "Sun Li", "set_apart": "BS2608A 12"}
    with served.visitor() as channel:
        assert channel.post(path, data=said).status_code == 303
    return number


def row(said: str) -> str:
    """Give the line of the channel in the list of channels."""
    lists = said[said.index("Channels that need somebody") :]
    return lists[lists.index(LINE) :][:420]


def test_while_it_is_asked_the_board_says_who_answers_for_which_goods(
    served: Served, at: SignedIn
) -> None:
    number = told_once(asked, served)
    line = row(plain(at("cheng.bo").open(f"/incidents/{number}/halt")))
    assert "answer due" in line
    assert "Gao Yuan answers for Brook Shampoo: BS2601A" in line
    assert "with Gao Yuan" not in line, "not for all of it"


def test_its_yes_is_told_as_a_yes_to_that_order_alone(served: Served, at: SignedIn) -> None:
    number = told_once(answered, served)
    said = plain(at("cheng.bo").open(f"/incidents/{number}/halt"))
    taken = said[said.index("Taken over: a named person answers for them") :]
    line = taken[taken.index(LINE) :][:420]
    assert "Gao Yuan answers for Brook Shampoo: BS2601A" in line
    assert "confirmed stopped: Brook Shampoo: BS2608A" in line
    assert "what they will do: I drive there now." in line
    ledger = plain(at("cheng.bo").open(f"/incidents/{number}/ledger"))
    assert "names; a named person still answers for other orders there." in ledger
