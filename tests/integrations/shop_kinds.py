"""Shops of every adapter, filled from one plain list of goods, for the contract that all keep.

What belongs here: what a test of the contract needs of one adapter; a new adapter is a class here.
What never does: an assertion.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from domain.desired import Hold
from domain.envelope import ChannelOrder, ChannelReply
from domain.errors import NotConfirmed
from integrations.channels import Address, Sighting
from integrations.connections import Article, Connection, Tools, adapter
from integrations.outgoing import Bounds
from integrations.shelves import ItemKind, ShelfGateway
from tests.integrations.fake_shelf import FakeHolds, FakeJournal, FakeShelf
from tests.integrations.servers.serving import Said, Server, serving
from tests.integrations.servers.shopify import TOKEN, ShopifyShop
from tests.integrations.servers.woocommerce import KEY, SECRET, WooShop

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
SHOP = Address(channel="shop", adapter="any", address="ours", name="The shop")
SKUS = {"cream": "CR-50", "soap": "SO-1", "": "OTHER-9"}
GTINS = {"cream": "4006381333931", "soap": "5901234123457", "": "96385074"}
"""Goods of ours, and "" for what is sold beside them."""


def articles(products: Iterable[str]) -> Mapping[str, Article]:
    """Give the numbers of products of ours."""
    return {
        one: Article(product=one, numbers=(one, SKUS[one], GTINS[one]))
        for one in products
        if one in SKUS
    }


@dataclass(frozen=True)
class Stock:
    """What a shop has: offers (product, units, whether on sale) and orders (lines of goods)."""

    offers: Sequence[tuple[str, int, bool]] = ()
    orders: Sequence[Sequence[tuple[str, int]]] = ()


class Kind(Protocol):
    """A shop of one adapter."""

    is_mixed: bool
    server: Server | None

    def fill(self, stock: Stock) -> None:
        """Put it on the shelves."""

    def gateway(self, journal: FakeJournal, holds: FakeHolds, *, key: str = "") -> ShelfGateway:
        """Give what speaks to it; `key` is another key than the right one."""

    def state(self) -> bytes:
        """Give all that it is."""

    def running(self) -> tuple[list[int], list[int]]:
        """Give which offers are on sale and which orders are on their way, by their places."""

    def sell_again(self, offer: int) -> None:
        """Somebody at the shop puts an offer on sale."""

    def archive(self, offer: int) -> None:
        """Somebody at the shop does something else with an offer."""


class Shopify:
    """A shop at Shopify."""

    is_mixed = True

    def __init__(self) -> None:
        self.shop = ShopifyShop(restored=1e6)
        self.server: Server | None = self.shop.server
        self.offers: list[str] = []
        self.parcels: list[str] = []

    def fill(self, stock: Stock) -> None:
        for number, (product, units, is_on_sale) in enumerate(stock.offers):
            # By turns known by its SKU and by its bar code, as in real shops.
            sku, gtin = (SKUS[product], "") if number % 2 else ("", GTINS[product])
            status = "ACTIVE" if is_on_sale else "ARCHIVED"
            self.offers.append(self.shop.product((sku, gtin, units), status=status))
        for lines in stock.orders:
            goods = [(SKUS[product], count) for product, count in lines]
            self.parcels.append(self.shop.parcel(*goods))

    def gateway(self, journal: FakeJournal, holds: FakeHolds, *, key: str = "") -> ShelfGateway:
        values = {"shop": self.shop.server.url, "access_token": key or TOKEN}
        return gateway_of("shopify", values, journal, holds)

    def state(self) -> bytes:
        return self.shop.state()

    def running(self) -> tuple[list[int], list[int]]:
        on_sale = [n for n, one in enumerate(self.offers) if self._status(one) == "ACTIVE"]
        parcels = [self.shop.parcels[one]["status"] for one in self.parcels]
        return on_sale, [n for n, status in enumerate(parcels) if status == "OPEN"]

    def sell_again(self, offer: int) -> None:
        self.shop.products[self.offers[offer]]["status"] = "ACTIVE"

    def archive(self, offer: int) -> None:
        self.shop.products[self.offers[offer]]["status"] = "ARCHIVED"

    def _status(self, gid: str) -> str:
        return str(self.shop.products[gid]["status"])


class WooCommerce:
    """A shop at WooCommerce."""

    is_mixed = True

    def __init__(self) -> None:
        self.shop = WooShop(per_page=2)
        self.server: Server | None = self.shop.server
        self.offers: list[int] = []
        self.orders: list[int] = []

    def fill(self, stock: Stock) -> None:
        for number, (product, units, is_on_sale) in enumerate(stock.offers):
            sku, gtin = (SKUS[product], "") if number % 2 else ("", GTINS[product])
            parent = self.shop.product(f"PARENT-{number}") if number % 3 == 0 else 0
            status = "publish" if is_on_sale else "pending"
            made = self.shop.product(sku, gtin, status=status, stock=units, parent=parent)
            self.offers.append(made)
        extra = {one: self.shop.product("", GTINS[one], status="pending") for one in SKUS}
        for lines in stock.orders:
            self.orders.append(self.shop.order(*((extra[one], count) for one, count in lines)))

    def gateway(self, journal: FakeJournal, holds: FakeHolds, *, key: str = "") -> ShelfGateway:
        values = {
            "url": self.shop.server.url,
            "consumer_key": KEY,
            "consumer_secret": key or SECRET,
        }
        return gateway_of("woocommerce", values, journal, holds)

    def state(self) -> bytes:
        return self.shop.state()

    def running(self) -> tuple[list[int], list[int]]:
        offers = [self.shop.products[one]["status"] for one in self.offers]
        orders = [self.shop.orders[one]["status"] for one in self.orders]
        return (
            [n for n, status in enumerate(offers) if status == "publish"],
            [n for n, status in enumerate(orders) if status == "processing"],
        )

    def sell_again(self, offer: int) -> None:
        self.shop.products[self.offers[offer]]["status"] = "publish"

    def archive(self, offer: int) -> None:
        self.shop.products[self.offers[offer]]["status"] = "pending"


class Fake:
    """The shop in memory."""

    is_mixed = False
    server: Server | None = None

    def __init__(self) -> None:
        self.shelf = FakeShelf({})

    def fill(self, stock: Stock) -> None:
        for number, (product, units, is_on_sale) in enumerate(stock.offers):
            state = {"shown": is_on_sale, "units": units}
            self.shelf.stock[f"p{number}"] = (product, "", ItemKind.OFFER, state)
        for number, lines in enumerate(stock.orders):
            product, count = lines[0]
            state = {"shown": True, "units": count}
            self.shelf.stock[f"o{number}"] = (product, "", ItemKind.UNSHIPPED, state)

    def gateway(self, journal: FakeJournal, holds: FakeHolds, *, key: str = "") -> ShelfGateway:
        return ShelfGateway(self.shelf, journal, holds)

    def state(self) -> bytes:
        return json.dumps(self.shelf.stock, sort_keys=True).encode()

    def running(self) -> tuple[list[int], list[int]]:
        shown = [name for name, row in self.shelf.stock.items() if row[3]["shown"]]
        offers = [int(name[1:]) for name in shown if name[0] == "p"]
        return offers, [int(name[1:]) for name in shown if name[0] == "o"]

    def sell_again(self, offer: int) -> None:
        self.shelf.stock[f"p{offer}"][3]["shown"] = True

    def archive(self, offer: int) -> None:
        self.shelf.stock[f"p{offer}"][3].update(shown=False, why="archived")


KINDS: dict[str, type[Shopify | WooCommerce | Fake]] = {
    "shopify": Shopify,
    "woocommerce": WooCommerce,
    "fake": Fake,
}


def gateway_of(
    name: str, values: Mapping[str, str], journal: FakeJournal, holds: FakeHolds
) -> ShelfGateway:
    """Give an adapter's gateway over one connection, as an installation makes it."""
    made = adapter(name).gateway(
        {"ours": Connection(id="ours", adapter=name, values=values)},
        Tools(
            journal=journal, desired=holds, articles=articles, bounds=Bounds(inside_allowed=True)
        ),
    )
    assert isinstance(made, ShelfGateway)
    return made


@dataclass
class Place:
    """A shop, what is held there, and orders to it."""

    kind: Kind
    journal: FakeJournal = field(default_factory=FakeJournal)
    holds: FakeHolds = field(default_factory=FakeHolds)

    def __post_init__(self) -> None:
        """Connect it."""
        self.gateway = self.kind.gateway(self.journal, self.holds)

    def halt(self, incident: str, *products: str) -> ChannelReply:
        """Hold goods, and order it until it is done."""
        self.hold(incident, *products)
        return self.until_done(order(incident, "halt", products))

    def hold(self, incident: str, *products: str) -> None:
        """Hold goods, and order nothing yet."""
        self.holds.by[incident] = Hold(
            channel="shop", order=1, level="H3", products=products, lots=(), since=NOON
        )

    def resume(self, incident: str) -> ChannelReply:
        """Hold nothing any more, and order it until it is done."""
        products = self.holds.by.pop(incident).products
        return self.until_done(order(incident, "resume", products))

    def until_done(self, wanted: ChannelOrder) -> ChannelReply:
        """Try again as Temporal does."""
        while True:
            try:
                return self.gateway.bring(wanted, SHOP)
            except NotConfirmed:
                continue

    def seen(self) -> Sighting:
        """Look, and again where the shop cannot be had at once."""
        while True:
            try:
                return self.gateway.look("shop", "", SHOP)
            except NotConfirmed:
                continue


def order(incident: str, action: str, products: Sequence[str]) -> ChannelOrder:
    """Give an order."""
    key = f"{incident}:{action}"
    return ChannelOrder(key, incident, "shop", action, 1, list(products), [])


@contextmanager
def place(name: str, stock: Stock) -> Iterator[Place]:
    """Open a shop of one adapter, filled."""
    kind = KINDS[name]()
    server: Any = kind.server
    with serving(server) if server else nullcontext():
        kind.fill(stock)
        yield Place(kind)


def always(status: int, body: Any, headers: Mapping[str, str] | None = None) -> Any:
    """Give what answers everything alike."""
    return lambda _asked: Said(status, body, headers or {})
