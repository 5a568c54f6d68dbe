"""What a channel has confirmed stands on its row still once further goods are ordered to stop."""

from collections.abc import Callable

import pytest

from services.answer_links import path_of
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_earlier import plain
from tests.api.pages.test_left_to_person import row
from tests.api.pages.test_offered import accepted, done, told_once
from tests.api.pages.test_refused import order_at
from tests.api.pages.test_told_to_resume import WRITTEN, until
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

OLDER, NEWER, TAKEN = "BS2604A", "BS2608A", "BS2601A"
SHAMPOO = "brook-shampoo"


def confirmed(served: Served) -> str:
    """Stop a lot at all channels, and let one of them confirm it."""
    number = accepted(served, products=[SHAMPOO], lots=[OLDER])
    until(served, number, lambda there: there["state"] == "accepted")
    done(served.person("gao.yuan"), number, f"halt/{WRITTEN}/confirm_channel", proof="Seen empty.")
    until(served, number, lambda there: there["state"] == "confirmed")
    return number


def ordered(served: Served, number: str, products: list[str], lots: list[str]) -> str:
    done(
        served.person("gao.yuan"), number, "halt/order_halt",
        level="H2", products=products, lots=lots, reason="More of it itches.",
    )  # fmt: skip
    until(served, number, lambda there: there["state"] == "accepted")
    return number


def another_lot(served: Served) -> str:
    return ordered(served, confirmed(served), [SHAMPOO], [NEWER])


def another_product(served: Served) -> str:
    return ordered(served, confirmed(served), ["soft-wipes"], ["SW2609A"])


def both_lots(served: Served) -> str:
    return ordered(served, confirmed(served), [SHAMPOO], [OLDER, NEWER])


def both_confirmed(served: Served) -> str:
    number = another_lot(served)
    done(served.person("gao.yuan"), number, f"halt/{WRITTEN}/confirm_channel", proof="Both gone.")
    return number


def test_lots_of_one_product_are_told_by_their_numbers_alone(served: Served, at: SignedIn) -> None:
    number = told_once(another_lot, served)
    line = row(plain(at("cheng.bo").open(f"/incidents/{number}/halt")))
    assert f"confirmed stopped: lot {OLDER} · asked to stop: lot {NEWER}" in line


def test_other_products_are_named(served: Served, at: SignedIn) -> None:
    number = told_once(another_product, served)
    line = row(plain(at("cheng.bo").open(f"/incidents/{number}/halt")))
    assert f"confirmed stopped: Brook Shampoo: {OLDER} · asked to stop: Soft" in line
    assert "SW2609A" in line


def test_it_is_said_in_chinese_too(served: Served, at: SignedIn) -> None:
    number = told_once(another_lot, served)
    said = plain(at("cheng.bo", "zh").open(f"/incidents/{number}/halt"))
    stopped, asked = said.index("已确认停售："), said.index("要求停售：")
    assert OLDER in said[stopped:asked]
    assert NEWER in said[asked:][:40]


@pytest.mark.parametrize("story", [both_lots, both_confirmed, confirmed])
def test_where_no_goods_differ_nothing_is_told_apart(
    served: Served, at: SignedIn, story: Callable[[Served], str]
) -> None:
    number = told_once(story, served)
    line = row(plain(at("cheng.bo").open(f"/incidents/{number}/halt")))
    assert "confirmed stopped:" not in line
    assert "asked to stop:" not in line


def test_beside_what_a_person_answers_for_a_yes_is_told_as_one(
    served: Served, at: SignedIn
) -> None:
    number = accepted(served, products=[SHAMPOO], lots=[TAKEN])
    until(served, number, lambda there: there["state"] == "accepted")
    lead = served.person("gao.yuan")
    done(lead, number, f"halt/{WRITTEN}/take_over_channel", reason="I drive there now.")
    ordered(served, number, [SHAMPOO], [OLDER])
    answered_by_link(served, number)
    ordered(served, number, [SHAMPOO], [NEWER])
    line = row(plain(at("cheng.bo").open(f"/incidents/{number}/halt")))
    assert f"Gao Yuan answers for Brook Shampoo: {TAKEN}" in line
    assert f"confirmed stopped: lot {OLDER} · asked to stop: lot {NEWER}" in line


def answered_by_link(served: Served, number: str) -> None:
    assert served.app is not None
    path = path_of(served.app.state.house, number, WRITTEN, order_at(served, number))
    with served.visitor() as channel:
        said = {"answer": "stopped", "name": "Sun Li"}
        assert channel.post(path, data=said).status_code == 303
