"""Shops at Shopify: what is theirs alone (tests/integrations/test_adapter_contract.py has the rest)."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from domain.errors import AndonError, BrokenSetup, NotConfirmed
from integrations.adapter_shopify import PATIENCE_S, Shopify
from integrations.connections import Connection, Tools
from integrations.outgoing import Bounds
from integrations.shelves import NOTHING_AGAIN, ShelfGateway
from tests.integrations.fake_shelf import FakeHolds, FakeJournal
from tests.integrations.servers.serving import Said, serving
from tests.integrations.servers.shopify import TOKEN, ShopifyShop
from tests.integrations.shop_kinds import SHOP, Place, always, articles, gateway_of, order
from tests.integrations.shop_kinds import Shopify as Kind


@pytest.fixture
def here() -> Iterator[Place]:
    kind = Kind()
    with serving(kind.shop.server):
        yield Place(kind)


def shop_of(here: Place) -> ShopifyShop:
    assert isinstance(here.kind, Kind)
    return here.kind.shop


def test_a_product_goes_as_a_whole_and_what_is_of_ours_in_it_is_counted(here: Place) -> None:
    shop = shop_of(here)
    gid = shop.product(("CR-50", "", 5), ("CR-50", "", 4), ("OTHER-9", "", 9), ("", "x", None))
    reply = here.halt("A", "cream")
    assert shop.products[gid]["status"] == "DRAFT"
    assert (reply.proof, reply.units) == ("Taken off sale: 1 offer.", 9)


def test_a_product_of_two_of_ours_comes_back_with_the_last_of_them(here: Place) -> None:
    shop = shop_of(here)
    gid = shop.product(("CR-50", "", 5), ("SO-1", "", 4))
    assert here.halt("A", "cream", "soap").proof == "Taken off sale: 1 offer."
    here.halt("B", "soap")
    assert here.resume("A").proof == f"{NOTHING_AGAIN} Still held: 1."
    assert shop.products[gid]["status"] == "DRAFT"
    assert here.resume("B").proof == "On sale again: 1 offer."
    assert shop.products[gid]["status"] == "ACTIVE"


def test_a_look_counts_what_holds_two_of_ours_once(here: Place) -> None:
    shop_of(here).product(("CR-50", "", 5), ("SO-1", "", 4))
    here.hold("A", "cream", "soap")
    seen = here.gateway.look("shop", "", SHOP)
    assert (seen.offers, seen.units) == (1, 9)


@pytest.mark.parametrize(
    ("sku", "barcode", "is_ours"),
    [
        pytest.param("CR-50", "", True, id="sku"),
        pytest.param(" cr-50", "", False, id="a space in front is another word to the search"),
        pytest.param("cr-50", "", True, id="small letters"),
        pytest.param("", "4006381333931", True, id="bar code"),
        pytest.param("", "04006381333931", True, id="bar code of fourteen digits"),
        pytest.param("CR-500", "", False, id="begins alike"),
        pytest.param("", "40063813339310", False, id="a longer number"),
    ],
)
def test_goods_are_known_by_their_numbers(
    here: Place, sku: str, barcode: str, is_ours: bool
) -> None:
    gid = shop_of(here).product((sku, barcode, 1))
    here.halt("A", "cream")
    assert (shop_of(here).products[gid]["status"] == "DRAFT") is is_ours


def test_every_page_is_read(here: Place) -> None:
    shop = shop_of(here)
    for _number in range(130):
        shop.product(("CR-50", "", 1))
    for number in range(45):
        shop.parcel(*[("OTHER-9", 1)] * (number % 40), ("CR-50", 1))
    reply = here.halt("A", "cream")
    assert (reply.units, reply.orders, reply.order_units) == (130, 45, 45)
    assert here.gateway.look("shop", "", SHOP).is_clean


def test_an_unlisted_product_is_on_sale_too_and_becomes_unlisted_again(here: Place) -> None:
    shop = shop_of(here)
    gid = shop.product(("CR-50", "", 1), status="UNLISTED")
    here.halt("A", "cream")
    assert shop.products[gid]["status"] == "DRAFT"
    here.resume("A")
    assert shop.products[gid]["status"] == "UNLISTED"


def test_what_somebody_archived_before_our_change_came_stays_archived(here: Place) -> None:
    shop = shop_of(here)
    gid = shop.product(("CR-50", "", 1))
    shop.server.trouble = ["ok", "cut"]  # the change is cut off on its way
    here.hold("A", "cream")
    with pytest.raises(NotConfirmed):
        here.gateway.bring(order("A", "halt", ["cream"]), SHOP)
    shop.products[gid]["status"] = "ARCHIVED"
    here.halt("A", "cream")
    here.resume("A")
    assert shop.products[gid]["status"] == "ARCHIVED"


def test_holds_of_others_stay_theirs(here: Place) -> None:
    shop = shop_of(here)
    gid = shop.parcel(("CR-50", 2), status="SCHEDULED")
    here.halt("A", "cream")
    shop.hold_by_another(gid)
    here.resume("A")
    assert [one["handle"] for one in shop.parcels[gid]["fulfillmentHolds"]] == ["fraud"]
    assert shop.parcels[gid]["status"] == "ON_HOLD"


def test_the_shop_reads_why_a_parcel_waits(here: Place) -> None:
    gid = shop_of(here).parcel(("CR-50", 2))
    here.halt("A", "cream")
    (hold,) = shop_of(here).parcels[gid]["fulfillmentHolds"]
    assert hold["reason"] == "OTHER"
    assert hold["reasonNotes"] == (
        "Held back by Andon: a safety check of a product in this order (A)."
    )


def test_a_variant_that_was_deleted_is_still_known_in_a_parcel(here: Place) -> None:
    gid = shop_of(here).parcel(("CR-50", 2))
    shop_of(here).parcels[gid]["lineItems"][0]["variant"] = None
    assert here.halt("A", "cream").orders == 1


def test_a_parcel_in_somebodys_hands_is_named(here: Place) -> None:
    shop_of(here).parcel(("CR-50", 2), status="IN_PROGRESS")
    here.hold("A", "cream")
    with pytest.raises(NotConfirmed, match=r"FulfillmentOrder/1: The shop did not take the change"):
        here.gateway.bring(order("A", "halt", ["cream"]), SHOP)


def test_a_change_that_the_shop_does_not_take_is_named_and_tried_again(here: Place) -> None:
    shop = shop_of(here)
    shop.product(("CR-50", "", 1))
    shop.user_errors = [f"Cannot do this with {TOKEN}"]
    here.hold("A", "cream")
    with pytest.raises(NotConfirmed, match="did not take the change: Cannot do this with …"):
        here.gateway.bring(order("A", "halt", ["cream"]), SHOP)
    assert here.halt("A", "cream").units == 1


def test_a_change_that_was_said_and_not_made_is_no_confirmation(here: Place) -> None:
    shop = shop_of(here)
    gid = shop.product(("CR-50", "", 1))
    answers = shop.server.answers

    def lying(asked: object) -> Said:
        said = answers(asked)  # type: ignore[arg-type]
        shop.products[gid]["status"] = "ACTIVE"
        return said if b"productUpdate" not in said.raw() else Said(
            200, {"data": {"productUpdate": {"product": {"id": gid, "status": "ACTIVE"},
                                             "userErrors": []}}},
        )  # fmt: skip

    shop.server.answers = lying
    here.hold("A", "cream")
    with pytest.raises(NotConfirmed, match=r"took the change of .* and did not make it"):
        here.gateway.bring(order("A", "halt", ["cream"]), SHOP)


# ---------------------------------------------------------------- busy


def test_a_busy_shop_is_waited_for(here: Place) -> None:
    shop = shop_of(here)
    shop.points, shop.most, shop.restored = 500, 700, 600
    for _number in range(3):
        shop.product(("CR-50", "", 1))
        shop.parcel(("CR-50", 1))
    here.hold("A", "cream")
    reply = here.gateway.bring(order("A", "halt", ["cream"]), SHOP)
    assert (reply.units, reply.orders) == (3, 3)
    assert shop.throttled > 0


@pytest.mark.parametrize("rate", [1.0, 0.0, -1.0, float("nan")])
def test_a_shop_that_stays_busy_is_tried_again_later(here: Place, rate: float) -> None:
    shop = shop_of(here)
    throttled = {
        "errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}],
        "extensions": {
            "cost": {
                "requestedQueryCost": 642,
                "actualQueryCost": None,
                "throttleStatus": {
                    "maximumAvailable": 1000.0, "currentlyAvailable": 600, "restoreRate": rate,
                },
            }
        },
    }  # fmt: skip
    shop.server.instead = always(200, throttled)
    waited: list[float] = []
    tools = Tools(
        journal=FakeJournal(),
        desired=here.holds,
        articles=articles,
        bounds=Bounds(inside_allowed=True),
    )
    shelf = Shopify({"ours": connection(here)}, tools, wait=waited.append)
    here.hold("A", "cream")
    with pytest.raises(NotConfirmed, match="takes no more requests now") as told:
        ShelfGateway(shelf, tools.journal, here.holds).look("shop", "", SHOP)
    assert told.value.hint == "It is busy; tried again."
    assert sum(waited) <= PATIENCE_S


# ---------------------------------------------------------------- keys and addresses


def connection(here: Place, **values: str) -> Connection:
    named = {"shop": shop_of(here).server.url, "access_token": TOKEN, **values}
    return Connection(id="ours", adapter="shopify", values=named)


def test_a_right_that_the_key_does_not_have_is_named(here: Place) -> None:
    shop_of(here).denied = True
    here.hold("A", "cream")
    with pytest.raises(BrokenSetup, match="may not do this: Access denied for fulfillmentOrders"):
        here.gateway.look("shop", "", SHOP)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        pytest.param({"access_token": "two\nlines"}, "has signs in access_token", id="two lines"),
        pytest.param({"access_token": "schlüssel"}, "has signs in access_token", id="no key"),
        pytest.param({"api_version": "../../evil"}, "names no version", id="version"),
        pytest.param({"shop": "https://a:b@shop.example"}, "no web address", id="a password"),
        pytest.param({"shop": "https://shop.example/?a=1"}, "more than an address", id="a query"),
        pytest.param({"shop": "http://127.0.0.1:9/none"}, "cannot be reached", id="nobody there"),
    ],
)
def test_a_connection_that_cannot_be_used_says_why_without_its_values(
    here: Place, values: dict[str, str], sentence: str
) -> None:
    here.hold("A", "cream")
    named = dict(connection(here, **values).values)
    with pytest.raises(AndonError, match=sentence) as told:
        gateway_of("shopify", named, FakeJournal(), here.holds).look("shop", "", SHOP)
    assert values.get("access_token", "-----") not in str(told.value)


def test_an_address_that_is_no_shop_says_so(here: Place) -> None:
    named = {"shop": f"{shop_of(here).server.url}/blog", "access_token": TOKEN}
    here.hold("A", "cream")
    with pytest.raises(BrokenSetup, match="no Shopify shop"):
        gateway_of("shopify", named, FakeJournal(), here.holds).look("shop", "", SHOP)


def test_a_channel_that_names_no_connection_says_so(here: Place) -> None:
    here.hold("A", "cream")
    with pytest.raises(BrokenSetup, match="names the connection 'gone'"):
        here.gateway.look("shop", "", replace(SHOP, address="gone"))


def test_a_key_stands_in_no_repr(here: Place) -> None:
    assert TOKEN not in repr(connection(here))


def test_a_list_without_end_ends(here: Place) -> None:
    page = {"nodes": [], "pageInfo": {"hasNextPage": True, "endCursor": "same"}}
    shop_of(here).server.instead = always(200, {"data": {"productVariants": page}})
    here.hold("A", "cream")
    with pytest.raises(NotConfirmed, match="does not end"):
        here.gateway.look("shop", "", SHOP)


def test_nothing_inside_is_asked_unless_that_is_allowed(here: Place) -> None:
    holds = FakeHolds()
    tools = Tools(journal=FakeJournal(), desired=holds, articles=articles)
    url = shop_of(here).server.url.replace("http:", "https:")
    here.hold("A", "cream")
    shelf = Shopify({"ours": connection(here, shop=url)}, tools)
    with pytest.raises(BrokenSetup, match="inside this network"):
        ShelfGateway(shelf, tools.journal, here.holds).look("shop", "", SHOP)
    assert shop_of(here).server.asked == []
