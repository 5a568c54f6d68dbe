"""The demo shop: a product that has stopped is put back on sale past the order, to try a drift."""

from dataclasses import replace

import pytest

from storage import shop
from storage.shop import Listing
from tests.api.pages.conftest import SignedIn
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

BUTTON = "Put back on sale, to try a drift"


@pytest.fixture
def stopped(served: Served) -> Listing:
    """Take something off its shelf."""
    one = replace(shop.list_listings(served.database.ledger)[0], on_sale=False)
    shop.put_listings(served.database.ledger, [one])
    return one


def now(served: Served, one: Listing) -> Listing:
    listed = shop.list_listings(served.database.ledger, channel=one.channel, product=one.product)
    return next(each for each in listed if each.lot == one.lot)


def test_what_has_stopped_is_put_back_on_sale_by_the_page(
    served: Served, at: SignedIn, stopped: Listing
) -> None:
    there = at("cheng.bo")
    page = there.open("/demo-shop")
    assert BUTTON in page.text
    form = next(
        one
        for one in page.forms
        if one.action.endswith("/sell-again")
        and one.values["channel"] == [stopped.channel]
        and one.values["product"] == [stopped.product]
        and one.values["lot"] == [stopped.lot]
    )
    assert there.send(page, form).address.endswith("/demo-shop")
    seen = now(served, stopped)
    assert seen.on_sale
    assert seen.changed_at > stopped.changed_at
    assert not seen.effect_key, "no order did it"


@pytest.mark.parametrize("who", ["ren.jia", "he.miao"])
def test_who_has_no_duty_under_the_plan_tries_nothing(
    served: Served, at: SignedIn, stopped: Listing, who: str
) -> None:
    assert BUTTON not in at(who).open("/demo-shop").text
    asker = served.person(who)
    form = {"csrf": asker.csrf, "channel": stopped.channel, "product": stopped.product}
    answer = asker.client.post("/demo-shop/sell-again", data=form | {"lot": stopped.lot})
    assert answer.status_code == 403
    assert not now(served, stopped).on_sale


def test_what_the_shop_does_not_list_is_not_found(served: Served) -> None:
    asker = served.person("cheng.bo")
    form = {"csrf": asker.csrf, "channel": "nowhere", "product": "dew-cream", "lot": ""}
    assert asker.client.post("/demo-shop/sell-again", data=form).status_code == 404
