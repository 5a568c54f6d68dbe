"""WooCommerce: products, variations and orders of a shop, over its REST API of version 3.

What belongs here: the protocol as WooCommerce publishes it
(woocommerce.github.io/woocommerce-rest-api-docs). What never does: what is held, or how it is put
back (integrations/shelves.py).

A product that is held becomes a draft, a variation private: that is how a shop of its own hides
them. An order that is paid and not sent yet ("processing") waits "on hold", with a note.
"""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, Never
from urllib.parse import urlencode

from domain.envelope import ChannelOrder
from domain.errors import BrokenSetup
from integrations.channels import Address
from integrations.connections import Connection, Named, Tools
from integrations.outgoing import Answer, Bounds, Outgoing, read_json, understood
from integrations.shelves import Change, Item, ItemKind, Json, ShelfGateway
from integrations.shops import (
    PAGES,
    SHOP_ANSWER,
    Goods,
    batches,
    connection_of,
    endless,
    home_of,
    key_of,
    moved,
    note_of,
    refused,
    unchanged,
)

FIELDS: Final[Mapping[str, Named]] = {
    "url": Named(True, "the shop's web address, such as https://shop.example.com"),
    "consumer_key": Named(True, "the consumer key of the REST API, which may read and write"),
    "consumer_secret": Named(True, "the consumer secret that belongs to it"),
}

PER_PAGE: Final = 100
PASSES: Final = 4
"""Times that orders are listed: one that is sent meanwhile moves others to a page already read."""

NUMBERS: Final = 50
ON_SALE: Final = "publish"
OFF_SALE: Final = {"product": "draft", "variation": "private"}
UNDER_WAY, HELD_BACK = "processing", "on-hold"


def gateway(connections: Mapping[str, Connection], tools: Tools) -> ShelfGateway:
    """Give the gateway over all WooCommerce shops."""
    return ShelfGateway(WooCommerce(connections, tools), tools.journal, tools.desired)


class WooCommerce:
    """Shops at WooCommerce; the address of a channel is the id of its connection."""

    def __init__(
        self,
        connections: Mapping[str, Connection],
        tools: Tools,
        *,
        outgoing: Outgoing | None = None,
    ) -> None:
        """Keep the connections and what may be used of this installation."""
        self._connections = connections
        self._tools = tools
        self._outgoing = outgoing or Outgoing(
            replace(tools.bounds, at_most=SHOP_ANSWER), alive=tools.alive
        )

    # ------------------------------------------------------------ the shelf

    def items(self, address: Address, products: Sequence[str]) -> Iterator[Item]:
        """Give products and variations of the shop that sell these, then orders with them."""
        goods = self._goods(products)
        listed = self._listed(address, goods) if goods.numbers else []
        for found in listed:
            with understood(address.name):
                offers = [_offer(_path(found), found, product) for product in _named(goods, found)]
            yield from offers
        yield from self._orders(address, goods, listed)

    def item(self, address: Address, change: Change) -> Item | None:
        """Give one product, variation or order as it is now; one in the bin is there no more."""
        found = self._one(address, change.item)
        with understood(address.name):
            if found is None or found["status"] == "trash":
                return None
            if change.kind is ItemKind.OFFER:
                return _offer(change.item, found, change.product)
            return _order(found, change.product, change.units)

    def also_in(self, address: Address, change: Change, products: Sequence[str]) -> Sequence[str]:
        """Name those of the products that are in a product, variation or order of the shop."""
        goods = self._goods(products)
        found = self._one(address, change.item)
        with understood(address.name):
            if found is None:
                return []
            if change.kind is ItemKind.OFFER:
                return _named(goods, found)
            listed = self._listed(address, goods) if goods.numbers else []
            return list(_units(goods, listed, found))

    def take_off(self, address: Address, item: Item, order: ChannelOrder) -> Json:
        """Hide a product or variation; hold an order back, with a note beside it."""
        if item.kind is ItemKind.OFFER:
            return self._set_status(address, item.id, OFF_SALE[_kind(item.id)])
        found = self._one(address, item.id)
        with understood(address.name):
            # Sent since it was listed: what is put on hold now would be sent a second time later.
            if found is None or found["status"] not in (UNDER_WAY, HELD_BACK):
                raise moved(address.name, item.id)
        state = self._set_status(address, item.id, HELD_BACK)
        note = {"note": note_of(order.incident, order.drill), "customer_note": False}
        answer = self._send(address, "POST", f"{item.id}/notes", body=note)
        if answer.status not in (200, 201):
            self._refused(address, answer)
        return state

    def put_back(self, address: Address, change: Change, _order: ChannelOrder) -> None:
        """Give it its status of before, where it still has the one that we gave it."""
        is_offer = change.kind is ItemKind.OFFER
        found = self._one(address, change.item)
        with understood(address.name):
            given = OFF_SALE[_kind(change.item)] if is_offer else HELD_BACK
            is_ours = found is not None and found["status"] == given
        if is_ours:
            self._set_status(address, change.item, change.was["status"])

    # ------------------------------------------------------------ lists

    def _goods(self, products: Sequence[str]) -> Goods:
        return Goods(self._tools.articles(products).values())

    def _listed(self, address: Address, goods: Goods) -> list[Json]:
        """List products and variations that bear one of the numbers."""
        found: dict[int, Json] = {}
        # A comma parts numbers: one that has a comma itself is asked for alone.
        plain = [number for number in goods.numbers if "," not in number]
        asked = [*batches(plain, NUMBERS), *([one] for one in goods.numbers if "," in one)]
        for numbers in asked:
            for name in ("sku", "global_unique_id"):
                query = {name: ",".join(numbers), "status": "any"}
                for one in self._pages(address, "products", query):
                    with understood(address.name):
                        # A shop that does not know a filter gives all that it has.
                        if _named(goods, one):
                            found[int(one["id"])] = one
        return list(found.values())

    def _orders(self, address: Address, goods: Goods, listed: Sequence[Json]) -> Iterator[Item]:
        with understood(address.name):
            parents = {int(one["parent_id"]) or int(one["id"]) for one in listed}
        seen: set[int] = set()
        for _pass in range(PASSES):
            found = self._under_way(address, parents)
            new = [one for number, one in found.items() if number not in seen]
            if not new:
                return
            seen.update(found)
            for one in new:
                with understood(address.name):
                    units = _units(goods, listed, one)
                    items = [_order(one, product, count) for product, count in units.items()]
                yield from items

    def _under_way(self, address: Address, parents: Iterable[int]) -> dict[int, Json]:
        """Read all pages before the first change: an order that waits is on none of them."""
        found: dict[int, Json] = {}
        for parent in sorted(parents):
            query = {"status": UNDER_WAY, "product": str(parent)}
            for one in self._pages(address, "orders", query):
                with understood(address.name):
                    found[int(one["id"])] = one
        return found

    def _pages(self, address: Address, what: str, query: Mapping[str, str]) -> Iterator[Json]:
        for page in range(1, PAGES + 1):
            asked = {**query, "orderby": "id", "order": "asc", "per_page": str(PER_PAGE)}
            answer = self._send(address, "GET", what, query={**asked, "page": str(page)})
            if answer.status != 200:
                self._refused(address, answer)
            with understood(address.name):
                listed = [dict(one) for one in read_json(address.name, answer)]
                pages = int(answer.headers["x-wp-totalpages"])
            yield from listed
            if page >= pages:
                return
        raise endless(address.name)

    # ------------------------------------------------------------ one thing

    def _one(self, address: Address, item: str) -> Json | None:
        answer = self._send(address, "GET", item)
        # A 404 of whatever stands before the shop is no word on what the shop has.
        if answer.status == 404 and _code(answer).endswith("_invalid_id"):
            return None
        if answer.status != 200:
            self._refused(address, answer)
        with understood(address.name):
            return dict(read_json(address.name, answer))

    def _set_status(self, address: Address, item: str, status: str) -> Json:
        answer = self._send(address, "PUT", item, body={"status": status})
        if answer.status != 200:
            self._refused(address, answer)
        with understood(address.name):
            is_done = read_json(address.name, answer)["status"] == status
        if not is_done:
            raise unchanged(address.name, item)
        return {"status": status}

    def _refused(self, address: Address, answer: Answer) -> Never:
        if answer.status == 404:
            raise BrokenSetup(
                f"There is no WooCommerce shop at the address of {address.name}.",
                "Write the shop's address as url in the file of connections.",
            )
        refused(address.name, answer, _message(answer), self._secrets(address))

    # ------------------------------------------------------------ one request

    def _secrets(self, address: Address) -> tuple[str, ...]:
        connection = connection_of(self._connections, address)
        key, secret = (key_of(connection, name) for name in ("consumer_key", "consumer_secret"))
        return key, secret, b64encode(f"{key}:{secret}".encode()).decode()

    def _send(
        self,
        address: Address,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Json | None = None,
    ) -> Answer:
        connection = connection_of(self._connections, address)
        home = url_of(connection, self._tools.bounds)
        headers = {"authorization": f"Basic {self._secrets(address)[2]}"}
        if body is not None:
            headers["content-type"] = "application/json"
        return self._outgoing.send(
            address.name,
            method,
            f"{home}/wp-json/wc/v3/{path}{'?' if query else ''}{urlencode(query or {})}",
            headers,
            b"" if body is None else json.dumps(body).encode(),
        )


def url_of(connection: Connection, bounds: Bounds) -> str:
    """Give the web address of a shop. Raises BrokenSetup where nothing may go there."""
    return home_of(connection, "url", bounds)


def _kind(item: str) -> str:
    return "variation" if "/variations/" in item else "product"


def _said(answer: Answer) -> Json:
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _code(answer: Answer) -> str:
    return str(_said(answer).get("code", ""))


def _message(answer: Answer) -> str:
    return str(_said(answer).get("message", ""))


def _named(goods: Goods, found: Json) -> list[str]:
    return goods.named(found["sku"], found.get("global_unique_id"))


def _path(found: Json) -> str:
    number, parent = int(found["id"]), int(found["parent_id"])
    return f"products/{parent}/variations/{number}" if parent else f"products/{number}"


def _offer(item: str, found: Json, product: str) -> Item:
    status = str(found["status"])
    # A variation that shares its parent's stock says "parent": its own count is not known.
    counted = found["stock_quantity"] if found["manage_stock"] is True else None
    return Item(
        id=item,
        kind=ItemKind.OFFER,
        product=product,
        lot="",
        is_running=status == ON_SALE,
        state={"status": status},
        units=None if counted is None else max(int(counted), 0),
    )


def _order(found: Json, product: str, units: int | None) -> Item:
    status = str(found["status"])
    return Item(
        id=f"orders/{int(found['id'])}",
        kind=ItemKind.UNSHIPPED,
        product=product,
        lot="",
        is_running=status == UNDER_WAY,
        state={"status": status},
        units=units,
    )


def _units(goods: Goods, listed: Sequence[Json], order: Json) -> dict[str, int]:
    """Count each product of ours in an order, by what its lines name or say themselves."""
    of = {int(one["id"]): _named(goods, one) for one in listed}
    units: dict[str, int] = {}
    for line in order["line_items"]:
        ids: list[Any] = [line["product_id"], line.get("variation_id") or 0]
        named = [product for number in ids for product in of.get(int(number), ())]
        own = goods.named(line.get("sku"), line.get("global_unique_id"))
        for product in dict.fromkeys([*named, *own]):
            units[product] = units.get(product, 0) + int(line["quantity"])
    return units
