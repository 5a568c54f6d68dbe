"""One product of two sells again: nobody is told that lots of the other may be sold."""

import re
from dataclasses import replace

import pytest

from api.event_words import TELLS
from api.pages.telling import variant_of
from domain.channels import ChannelAnswered
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_earlier import plain
from tests.api.pages.test_offered import accepted, done
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

LOTION, TONER = ("CL2602A", "CL2604A"), "ST2603A"
FREED = {"basis": "The toner is of another bulk.", "products": ["spring-toner"]}
STAYS = f"Stays stopped there Cloud Baby Lotion: {LOTION[0]}, {LOTION[1]}"


def two_products(served: Served) -> str:
    """Report lots of two products, and record what makes it possible to sell again."""
    lots = [*LOTION, TONER]
    number = accepted(served, products=["cloud-lotion", "spring-toner"], lots=lots)
    taken = {"what": "A jar.", "source": "A shop.", "place": "Hefei", "storage": "Room 2"}
    asker, taken_at = served.person("qiu.ning"), "2026-11-20T02:00:00Z"
    done(asker, number, "investigation/collect_evidence", **taken, taken_at=taken_at)
    return number


def signed(served: Served, number: str) -> None:
    """Let the other person sign what waits."""
    answer = served.person("lin.wei").get(f"/api/incidents/{number}").json()
    [waits] = answer["state"]["pending"]
    done(served.person("lin.wei"), number, f"people/{waits}/sign_act")


@pytest.fixture
def pages(served: Served, at: SignedIn) -> dict[str, str]:
    """Free one product of two by its name, and read every page on the way and after."""
    number, there = two_products(served), at("gao.yuan")
    page = there.open(f"/incidents/{number}/halt/resume_sale")
    form = page.form("/resume_sale")
    found = {"choices": plain(page)}
    found["form"] = plain(
        there.send(page, form, "Show what would follow", products=["spring-toner"], basis="Clean.")
    )
    done(served.person("gao.yuan"), number, "halt/resume_sale", **FREED)
    found["signing"] = plain(at("lin.wei").open(f"/incidents/{number}/people/A1/sign_act"))
    signed(served, number)
    found["board"] = plain(there.open(f"/incidents/{number}/halt"))
    page = there.open(f"/incidents/{number}/halt/resume_sale")
    found["offered"] = " ".join(page.form("/resume_sale").choices["lots"])
    every = {"reach": "all", "basis": "Clean."}
    following = there.send(page, page.form("/resume_sale"), "Show what would follow", **every)
    found["next"] = plain(following)
    size = served.person("gao.yuan").get(f"/api/incidents/{number}").json()["state"]["size"]
    found["replay"] = plain(there.open(f"/incidents/{number}/at?at={size}"))
    found["question"] = plain(at("ren.jia").open(f"/incidents/{number}/audit/questions/5"))
    return found


def test_each_lot_stands_beside_its_own_product(pages: dict[str, str]) -> None:
    for page in ("form", "signing"):
        told = pages[page][pages[page].index("May be sold again") :]
        assert f"May be sold again Spring Toner: {TONER} Lots: 1 of 3 that are stopped" in told
        assert STAYS in told
        assert f"{LOTION[1]}, {TONER}" not in told
    assert "channels may resume with Spring Toner; what else is stopped stays" in pages["signing"]
    board = pages["board"]
    again = board[board.index("May be sold again, by decision") :]
    assert re.match(rf".{{30}} Spring Toner: {TONER} at \d+ channels", again)
    assert STAYS in board
    assert f"Cloud Baby Lotion: {LOTION[0]}, {LOTION[1]}, {TONER}" not in board
    for page in ("replay", "question"):
        assert f"May be sold again by decision: Spring Toner: {TONER}." in pages[page]
        stays = f"An order still stops: Cloud Baby Lotion: {LOTION[0]}, {LOTION[1]}."
        assert stays in pages[page]


def test_the_next_form_frees_nothing_a_second_time(pages: dict[str, str]) -> None:
    told = pages["next"]
    told = told[told.index("What goes on sale again") :]
    again = told[: told.index("Levels ")]
    assert f"May be sold again Cloud Baby Lotion: {LOTION[0]}, {LOTION[1]}" in again
    assert TONER not in again
    assert "Spring Toner" not in again
    assert pages["offered"] == " ".join(LOTION)


def test_of_what_is_left_the_lots_are_counted_that_are_left(served: Served, at: SignedIn) -> None:
    number, there = two_products(served), at("gao.yuan")
    done(served.person("gao.yuan"), number, "halt/resume_sale", **FREED)
    signed(served, number)
    page = there.open(f"/incidents/{number}/halt/resume_sale")
    form = page.form("/resume_sale")
    told = plain(there.send(page, form, "Show what would follow", lots=[LOTION[0]], basis="Clean."))
    assert f"Cloud Baby Lotion: {LOTION[0]} Lots: 1 of 2 that are stopped" in told


def test_a_lot_that_is_named_is_said_with_its_product(served: Served, at: SignedIn) -> None:
    number, there = two_products(served), at("gao.yuan")
    page = there.open(f"/incidents/{number}/halt/resume_sale")
    form = page.form("/resume_sale")
    told = plain(there.send(page, form, "Show what would follow", lots=[TONER], basis="Clean."))
    assert f"May be sold again Spring Toner: {TONER} Lots: 1 of 3 that are stopped" in told
    assert STAYS in told
    assert f"It means Spring Toner ({TONER}) alone; all else stays stopped." in told


def test_the_form_of_who_has_resumed_names_the_goods_and_what_stays(
    served: Served, at: SignedIn
) -> None:
    number = two_products(served)
    done(served.person("gao.yuan"), number, "halt/resume_sale", **FREED)
    signed(served, number)
    state = served.person("gao.yuan").get(f"/api/incidents/{number}").json()["state"]
    channel = next(name for name, one in state["halt"]["channels"].items() if one["under_way"])
    form = plain(at("gao.yuan").open(f"/incidents/{number}/halt/{channel}/confirm_resumed"))
    about = form[form.index("What your word is about") :]
    assert f"May be resumed there Spring Toner: {TONER} " in about
    assert STAYS in about
    assert f"{LOTION[1]}, {TONER}" not in about


def test_who_sells_some_of_it_again_is_said_to_keep_the_rest_stopped() -> None:
    said = ChannelAnswered(channel="shop", order=0, state="resumed", attempts=1)
    assert variant_of(replace(said, under=3)) == "ChannelAnswered:resumed_part"
    assert variant_of(said) == "ChannelAnswered:resumed"
    assert "{under}" in TELLS["ChannelAnswered:resumed_part"].text
