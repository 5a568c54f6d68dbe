"""What a named person answers for stands on the board beside what a channel is asked, or said."""

import re

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


def test_it_is_counted_beside_those_that_are_taken_over_whole(served: Served, at: SignedIn) -> None:
    number = told_once(asked, served)
    said = plain(at("cheng.bo").open(f"/incidents/{number}/halt"))
    assert "Taken over 0 channels a named person answers for them" in said
    assert "at 1 more for a part of the goods" in said
    group = said[said.index("Taken over, some for a part of the goods: a named person answers") :]
    line = group[group.index(LINE) :][:420]
    assert "what they will do: I drive there now." in line
    assert "asked to stop: Brook Shampoo: BS2608A" in line


def test_a_channel_at_which_several_orders_are_open_is_one_channel(
    served: Served, at: SignedIn
) -> None:
    number = told_once(asked, served)
    halt = served.person("gao.yuan").get(f"/api/incidents/{number}").json()["state"]["halt"]
    told = re.findall(
        r"(\d+) channels have not confirmed that they stopped",
        plain(at("cheng.bo").open(f"/incidents/{number}")),
    )
    assert told
    assert all(int(count) <= len(halt["channels"]) for count in told)
    several = [one for one in halt["channels"].values() if len(one.get("by_order", ())) > 1]
    assert several, "else there is nothing to count twice"


def test_an_order_that_waits_for_a_second_person_says_what_it_stops(
    served: Served, at: SignedIn
) -> None:
    number = told_once(asked, served)
    said = plain(at("lin.wei").open(f"/incidents/{number}"))
    for lot in ("BS2601A", "BS2608A"):
        assert f"Confirm or lift halt H1 (Brook Shampoo: {lot})" in said


@pytest.mark.parametrize("act", ["take_over_channel", "confirm_channel", "report_drift"])
def test_the_forms_name_the_goods_that_must_stop_there(
    served: Served, at: SignedIn, act: str
) -> None:
    number = told_once(asked, served)
    said = plain(at("cheng.bo").open(f"/incidents/{number}/halt/{WRITTEN}/{act}"))
    about = said.partition("What your word is about")[2]
    assert "Must stop there Brook Shampoo: BS2601A, BS2608A" in about


def test_question_5_says_since_when_a_person_answers(served: Served, at: SignedIn) -> None:
    number = told_once(answered, served)
    halt = served.person("gao.yuan").get(f"/api/incidents/{number}").json()["state"]["halt"]
    now = halt["channels"][WRITTEN]
    told = served.person("ren.jia").get(f"/api/incidents/{number}/questions/5").json()
    [sale] = [one for one in told["tables"] if one["table"] == "on_sale"]
    [line] = [one for one in sale["rows"] if one["channel"] == WRITTEN]
    assert (line["state"], line["since"]) == ("taken_over", now["left_to"]["at"])
    assert now["answered_at"] > line["since"], "it answered for other goods since"


def test_the_page_of_a_lifted_order_says_what_other_orders_stop_there(served: Served) -> None:
    number = asked(served)
    assert served.app is not None
    order = order_at(served, number)
    path = path_of(served.app.state.house, number, WRITTEN, order)
    taken = {"what": "A jar.", "source": "A shop.", "place": "Hefei", "storage": "Room 2"}
    done(served.person("qiu.ning"), number, "investigation/collect_evidence", **taken,
         taken_at="2026-11-20T02:00:00Z")  # fmt: skip
    lift = {"number": order, "reason": "A mistake."}
    lifted = served.person("gao.yuan").post(f"/api/incidents/{number}/halt/lift_halt", lift)
    assert lifted.status_code == 200, lifted.text
    pending = served.person("lin.wei").get(f"/api/incidents/{number}").json()["state"]["pending"]
    for one in pending:
        done(served.person("lin.wei"), number, f"people/{one}/sign_act")
    with served.visitor() as channel:
        page = channel.get(path)
    assert "该停售指令已解除" in page.text
    stays = page.text.partition("以下货品仍须停止：")[2]
    assert "BS2601A" in stays
    assert "BS2608A" not in stays.partition("</p>")[0]
