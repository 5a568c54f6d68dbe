"""Shops at WooCommerce: what is theirs alone (test_adapter_contract.py has the rest)."""

from collections.abc import Iterator

import pytest

from domain.errors import BrokenSetup, NotConfirmed
from tests.integrations.fake_shelf import FakeJournal
from tests.integrations.servers.serving import Asked, Said, serving
from tests.integrations.servers.woocommerce import BASIC, KEY, SECRET, WooShop, wrong
from tests.integrations.shop_kinds import SHOP, Place, WooCommerce, always, gateway_of, order


@pytest.fixture
def here() -> Iterator[Place]:
    kind = WooCommerce()
    with serving(kind.shop.server):
        yield Place(kind)


def shop_of(here: Place) -> WooShop:
    assert isinstance(here.kind, WooCommerce)
    return here.kind.shop


def status(here: Place, product: int) -> str:
    return str(shop_of(here).products[product]["status"])


def test_a_variation_goes_alone_and_a_product_with_all_that_is_in_it(here: Place) -> None:
    shop = shop_of(here)
    parent = shop.product("PARENT")
    ours, other = (shop.product(sku, parent=parent) for sku in ("CR-50", "OTHER-9"))
    whole = shop.product("SO-1")
    here.halt("A", "cream", "soap")
    assert [status(here, one) for one in (parent, ours, other, whole)] == [
        "publish", "private", "publish", "draft",
    ]  # fmt: skip


def test_orders_are_found_by_variation_by_parent_and_by_number(here: Place) -> None:
    shop = shop_of(here)
    parent = shop.product("PARENT")
    ours, other = (shop.product(sku, parent=parent) for sku in ("CR-50", "OTHER-9"))
    held = [shop.order((ours, 2)), shop.order((other, 1), (ours, 3))]
    free = [shop.order((other, 1)), shop.order((ours, 1), status="completed")]
    reply = here.halt("A", "cream")
    assert [shop.orders[one]["status"] for one in (*held, *free)] == [
        "on-hold", "on-hold", "processing", "completed",
    ]  # fmt: skip
    assert (reply.orders, reply.order_units) == (2, 5)


def test_every_page_is_read_before_anything_is_changed(here: Place) -> None:
    """An order that waits is on no page any more: the others would move up and be passed over."""
    shop = shop_of(here)
    product = shop.product("CR-50")
    for _number in range(9):
        shop.order((product, 1))
    assert here.halt("A", "cream").orders == 9


def test_an_order_that_moves_to_a_page_already_read_is_found(here: Place) -> None:
    shop = shop_of(here)
    parent = shop.product("PARENT")
    ours, other = (shop.product(sku, parent=parent) for sku in ("CR-50", "OTHER-9"))
    numbers = [shop.order((product, 1)) for product in (other, ours, ours, ours, ours)]
    answers = shop.server.answers

    def sending(asked: Asked) -> Said:
        said = answers(asked)
        page = Said(said.status, said.raw(), said.headers)
        if "/orders?" in asked.path and asked.path.endswith("page=1"):
            shop.orders[numbers[0]]["status"] = "completed"
        return page

    shop.server.answers = sending
    here.halt("A", "cream")
    statuses = [shop.orders[one]["status"] for one in numbers]
    assert statuses == ["completed", *["on-hold"] * 4]


def test_the_shop_reads_why_an_order_waits(here: Place) -> None:
    number = shop_of(here).order((shop_of(here).product("CR-50"), 1))
    here.halt("A", "cream")
    told = "Held back by Andon: a safety check of a product in this order (A)."
    assert shop_of(here).notes == [(number, told)]


def test_an_old_shop_that_knows_no_gtins_loses_nothing_that_is_not_ours(here: Place) -> None:
    shop = shop_of(here)
    shop.knows_gtins = False
    other, ours = shop.product("OTHER-9"), shop.product("CR-50")
    here.halt("A", "cream")
    assert (status(here, other), status(here, ours)) == ("publish", "draft")


def test_what_is_in_the_bin_is_there_no_more(here: Place) -> None:
    number = shop_of(here).product("CR-50")
    here.halt("A", "cream")
    shop_of(here).products[number]["status"] = "trash"
    assert here.resume("A").proof.endswith("Changed by others meanwhile and left so: 1.")
    assert status(here, number) == "trash"


def test_what_was_deleted_is_there_no_more(here: Place) -> None:
    number = shop_of(here).product("CR-50")
    here.halt("A", "cream")
    del shop_of(here).products[number]
    assert here.resume("A").proof.endswith("Changed by others meanwhile and left so: 1.")


def test_what_a_shop_cannot_say_now_is_not_taken_for_deleted(here: Place) -> None:
    number = shop_of(here).product("CR-50")
    here.halt("A", "cream")
    shop_of(here).server.trouble = ["404"]
    assert here.resume("A").proof == "On sale again: 1 offer."
    assert status(here, number) == "publish"


def test_an_order_that_was_sent_in_this_moment_is_not_sent_twice(here: Place) -> None:
    shop = shop_of(here)
    number = shop.order((shop.product("", "4006381333931", status="draft"), 1))
    answers = shop.server.answers

    def sending(asked: Asked) -> Said:
        said = answers(asked)
        listed = Said(said.status, said.raw(), said.headers)
        if "/orders?" in asked.path:
            shop.orders[number]["status"] = "completed"
        return listed

    shop.server.answers = sending
    here.hold("A", "cream")
    with pytest.raises(NotConfirmed, match=f"changed orders/{number} in this moment"):
        here.gateway.bring(order("A", "halt", ["cream"]), SHOP)
    here.halt("A", "cream")
    here.resume("A")
    assert shop.orders[number]["status"] == "completed"


def test_a_key_that_may_only_read_is_said(here: Place) -> None:
    shop_of(here).product("CR-50")
    shop_of(here).may_write = False
    here.hold("A", "cream")
    with pytest.raises(NotConfirmed, match="answered 401: its key is not taken any more, or may"):
        here.gateway.bring(order("A", "halt", ["cream"]), SHOP)


@pytest.mark.parametrize("path", ["", "/shop"])
def test_an_address_that_is_no_shop_says_so(here: Place, path: str) -> None:
    shop = shop_of(here)
    if not path:
        shop.server.instead = always(404, b"<html>not here</html>")
    named = {"url": shop.server.url + path, "consumer_key": KEY, "consumer_secret": SECRET}
    here.hold("A", "cream")
    with pytest.raises(BrokenSetup, match="no WooCommerce shop"):
        gateway_of("woocommerce", named, FakeJournal(), here.holds).look("shop", "", SHOP)


def test_what_the_shop_says_is_quoted_without_our_keys(here: Place) -> None:
    said = wrong(400, "rest_invalid_param", f"Invalid <b>sku</b> {KEY} {SECRET} {BASIC}")
    shop_of(here).server.instead = lambda _asked: said
    here.hold("A", "cream")
    with pytest.raises(NotConfirmed, match="answered 400: Invalid sku … … Basic …") as told:
        here.gateway.look("shop", "", SHOP)
    assert SECRET not in str(told.value)


def test_a_list_without_end_ends(here: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.adapter_woocommerce.PAGES", 3)
    shop_of(here).server.instead = always(200, [], {"x-wp-totalpages": "999999999"})
    here.hold("A", "cream")
    with pytest.raises(NotConfirmed, match="does not end"):
        here.gateway.look("shop", "", SHOP)
