"""What was merely handed over is never told as answered: to sell again as to stop."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_earlier import plain
from tests.api.pages.test_offered import accepted, done, told_once
from tests.api.pages.test_selling_again import three_lots
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

WRITTEN = "influencer-links"
"""A channel of the demo that is written to: its letters stand in the outbox."""

WAITED_S = 60

# Goods that no other test of this installation stops: where another incident holds all that is
# freed, nothing is sent, and these stories are about what is sent.
SPRAY = (["shade-spray"], ["SS2604A", "SS2607A", "SS2610A"])
LIPSTICK = (["petal-lipstick"], ["PL2606A", "PL2608A"])
TWO = (["cloud-lotion", "petal-lipstick"], ["CL2608A", "PL2610A"])


def stopped(served: Served, goods: tuple[list[str], list[str]]) -> str:
    """Report some lots, and record what makes it possible to sell them again."""
    products, lots = goods
    number = accepted(served, products=products, lots=lots)
    taken = {"what": "A jar.", "source": "A shop.", "place": "Hefei", "storage": "Room 2"}
    asker, taken_at = served.person("qiu.ning"), "2026-11-20T02:00:00Z"
    done(asker, number, "investigation/collect_evidence", **taken, taken_at=taken_at)
    until(served, number, lambda there: there["state"] == "accepted")
    return number


def channel(served: Served, number: str) -> dict[str, Any]:
    halt = served.person("gao.yuan").get(f"/api/incidents/{number}").json()["state"]["halt"]
    there: dict[str, Any] = halt["channels"][WRITTEN]
    return there


def until(served: Served, number: str, is_there: Callable[[dict[str, Any]], bool]) -> None:
    """Wait until what is carried has brought a channel there."""
    for _ in range(WAITED_S * 10):
        if is_there(channel(served, number)):
            return
        time.sleep(0.1)
    pytest.fail(f"it stands {channel(served, number)}")


def all_told(served: Served) -> str:
    """Stop an order's channels, and tell one that is written to that it may go on."""
    return resumed(served, stopped(served, SPRAY))


def some_told(served: Served) -> str:
    """The same for one lot of two."""
    return resumed(served, stopped(served, LIPSTICK), lots=[LIPSTICK[1][0]])


def resumed(served: Served, number: str, **named: object) -> str:
    body = {"basis": "Clean.", "levels": ["H2"], "channels": [WRITTEN], **named}
    done(served.person("gao.yuan"), number, "halt/resume_sale", **body)
    pending = served.person("lin.wei").get(f"/api/incidents/{number}").json()["state"]["pending"]
    done(served.person("lin.wei"), number, f"people/{list(pending)[-1]}/sign_act")
    until(
        served, number, lambda there: any(one.get("told_at") for one in there.get("under_way", ()))
    )
    return number


def test_a_letter_to_stop_is_told_as_handed_over(served: Served, at: SignedIn) -> None:
    number = told_once(all_told, served)
    ledger = plain(at("gao.yuan").open(f"/incidents/{number}/ledger"))
    assert "accepted the order" not in ledger
    assert "The order to stop was handed over to" in ledger
    board = plain(at("gao.yuan").open(f"/incidents/{number}/halt"))
    assert re.search(r"handed over [^·]*: message in the outbox", board)
    assert "proof: message in the outbox" not in board
    assert "took the order" not in board


def test_told_and_have_said_so_are_counted_apart(served: Served, at: SignedIn) -> None:
    number = told_once(all_told, served)
    board = plain(at("gao.yuan").open(f"/incidents/{number}/halt"))
    assert "Told that they may resume 1 channel have said so: 0" in board
    ledger = plain(at("gao.yuan").open(f"/incidents/{number}/ledger"))
    assert "The order to resume was handed over to" in ledger
    assert ", by decision." not in ledger


def test_one_that_stops_other_goods_is_waited_for_beside_that(served: Served, at: SignedIn) -> None:
    number = some_told(served)
    page = at("gao.yuan").open(f"/incidents/{number}/halt")
    assert "Told that they may resume 1 channel have said so: 0" in plain(page)
    assert "told what may resume here; it has not said that it does" in plain(page)
    links = [href for _, href in page.links if "confirm_resumed" in href]
    assert links
    assert WRITTEN in links[0]
    lead = served.person("gao.yuan")
    done(lead, number, f"halt/{WRITTEN}/confirm_resumed", proof="Mr Zhou said so.")
    told = plain(at("gao.yuan").open(f"/incidents/{number}/halt"))
    assert "told what may resume here" not in told
    assert "Told that they may resume 1 channel have said so: 1" in told
    assert "have said so: 1 · asked: 0" in told


def one_product_told(served: Served) -> str:
    """The same for one product of two."""
    return resumed(served, stopped(served, TWO), products=[TWO[0][0]])


def test_no_lot_of_another_product_is_named_as_what_may_resume(
    served: Served, at: SignedIn
) -> None:
    page = plain(at("gao.yuan").open(f"/incidents/{told_once(one_product_told, served)}/halt"))
    told = page.partition("told what may resume here; it has not said that it does: ")[2]
    assert told.startswith("Cloud Baby Lotion: CL2608A")
    assert "PL2610A" not in told[:40]


def taken(served: Served) -> str:
    """Let a named person answer for a channel that is written to."""
    number = three_lots(served)
    until(served, number, lambda there: there["state"] == "accepted")
    lead = served.person("gao.yuan")
    done(lead, number, f"halt/{WRITTEN}/take_over_channel", reason="I drive there now.")
    return number


def test_what_somebody_will_do_is_no_proof_and_may_fail(served: Served, at: SignedIn) -> None:
    page = at("cheng.bo").open(f"/incidents/{told_once(taken, served)}/halt")
    assert "what they will do: I drive there now." in plain(page)
    assert "proof: I drive" not in plain(page)
    assert [href for _, href in page.links if f"{WRITTEN}/report_drift" in href]


def held_by_another(served: Served) -> str:
    """Resume where another incident stops all of it at a channel that is written to."""
    number, _other = three_lots(served), three_lots(served)
    until(served, number, lambda there: there["state"] == "accepted")
    until(served, _other, lambda there: there["state"] == "accepted")
    body = {"basis": "Clean.", "levels": ["H2"], "channels": [WRITTEN]}
    done(served.person("gao.yuan"), number, "halt/resume_sale", **body)
    pending = served.person("lin.wei").get(f"/api/incidents/{number}").json()["state"]["pending"]
    done(served.person("lin.wei"), number, f"people/{list(pending)[-1]}/sign_act")
    until(served, number, lambda there: there["state"] == "resumed")
    return number


def test_where_another_stops_all_of_it_nobody_has_said_so(served: Served, at: SignedIn) -> None:
    number = told_once(held_by_another, served)
    board = plain(at("gao.yuan").open(f"/incidents/{number}/halt"))
    assert "Told that they may resume" not in board
    assert "Nothing to say 1 channel other orders still stop all that may be sold again" in board
    assert "nothing to say: other orders still stop all of it: 1" in board
    assert "selling again, by decision" not in board
    assert "proof: Nothing goes on sale here" not in board
