"""Shopify: products and parcels of a shop, over its Admin GraphQL API.

What belongs here: the protocol as Shopify publishes it (shopify.dev/docs/api/admin-graphql,
2026-10). What never does: what is held, or how it is put back (integrations/shelves.py).

A variant cannot be hidden alone, so a product goes as a whole. What is paid and not sent yet are
the shop's open fulfillment orders: they get a hold of ours beside any that others put on them.
"""

import json
import math
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from domain.envelope import ChannelOrder
from domain.errors import BrokenSetup, NotConfirmed
from integrations.channels import Address
from integrations.connections import Connection, Named, Tools
from integrations.outgoing import Bounds, Outgoing, quoted, read_json, understood
from integrations.shelves import Change, Item, ItemKind, Json, ShelfGateway
from integrations.shops import (
    PAGES,
    SHOP_ANSWER,
    Goods,
    batches,
    busy,
    connection_of,
    endless,
    home_of,
    key_of,
    note_of,
    refused,
    unchanged,
)

VERSION: Final = "2026-10"
FIELDS: Final[Mapping[str, Named]] = {
    "shop": Named(True, "the shop's own address, such as example.myshopify.com"),
    "access_token": Named(True, "the Admin API access token of an app of the shop"),
    "api_version": Named(False, f"the version of the Admin API, such as {VERSION}"),
}

ON_SALE: Final = frozenset({"ACTIVE", "UNLISTED"})
"""Both can be bought: an unlisted product by whoever has its address."""

OFF_SALE: Final = "DRAFT"
UNDER_WAY: Final = frozenset({"OPEN", "SCHEDULED", "IN_PROGRESS"})
HANDLE: Final = "andon"
"""How our hold is called among those of our app."""

PATIENCE_S: Final = 10.0
"""Seconds that one request waits for a shop that is busy, before the order is tried anew."""

TRIES: Final = 4
NUMBERS: Final = 15
_VERSION: Final = re.compile(r"[0-9]{4}-[0-9]{2}")
_ID: Final = re.compile(r"gid://shopify/(?:Product|FulfillmentOrder)/[0-9]{1,20}")

# Pages are as large as the cost of one question allows (1000 points).
_PAGE: Final = "pageInfo { hasNextPage endCursor }"
_PARCEL: Final = "id status fulfillmentHolds { id handle heldByRequestingApp }"
_LINES: Final = f"{_PAGE} nodes {{ sku remainingQuantity variant {{ sku barcode }} }}"
VARIANTS: Final = (
    "query Variants($search: String!, $after: String) {"
    f" productVariants(first: 100, after: $after, query: $search) {{ {_PAGE}"
    " nodes { sku barcode inventoryQuantity product { id status } } } }"
)
PARCELS: Final = (
    "query Parcels($after: String) {"
    f" fulfillmentOrders(first: 20, after: $after) {{ {_PAGE}"
    f" nodes {{ {_PARCEL} lineItems(first: 15) {{ {_LINES} }} }} }} }}"
)
LINES: Final = (
    "query Lines($id: ID!, $after: String) { fulfillmentOrder(id: $id) {"
    f" lineItems(first: 100, after: $after) {{ {_LINES} }} }} }}"
)
PRODUCT: Final = "query Product($id: ID!) { product(id: $id) { id status } }"
PARTS: Final = (
    "query Parts($id: ID!, $after: String) { product(id: $id) {"
    f" variants(first: 100, after: $after) {{ {_PAGE} nodes {{ sku barcode }} }} }} }}"
)
PARCEL: Final = f"query Parcel($id: ID!) {{ fulfillmentOrder(id: $id) {{ {_PARCEL} }} }}"
SET_STATUS: Final = (
    "mutation SetStatus($product: ProductUpdateInput!) { productUpdate(product: $product) {"
    " product { id status } userErrors { field message } } }"
)
HOLD: Final = (
    "mutation Hold($id: ID!, $hold: FulfillmentOrderHoldInput!) {"
    " fulfillmentOrderHold(id: $id, fulfillmentHold: $hold) {"
    " fulfillmentHold { id } userErrors { code field message } } }"
)
RELEASE: Final = (
    "mutation Release($id: ID!, $holds: [ID!]) {"
    " fulfillmentOrderReleaseHold(id: $id, holdIds: $holds) {"
    " fulfillmentOrder { id } userErrors { code field message } } }"
)


def gateway(connections: Mapping[str, Connection], tools: Tools) -> ShelfGateway:
    """Give the gateway over all Shopify shops."""
    return ShelfGateway(Shopify(connections, tools), tools.journal, tools.desired)


class Shopify:
    """Shops at Shopify; the address of a channel is the id of its connection."""

    def __init__(
        self,
        connections: Mapping[str, Connection],
        tools: Tools,
        *,
        outgoing: Outgoing | None = None,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        """Keep the connections and what may be used of this installation."""
        self._connections = connections
        self._tools = tools
        self._outgoing = outgoing or Outgoing(
            replace(tools.bounds, at_most=SHOP_ANSWER), alive=tools.alive
        )
        self._wait = wait

    # ------------------------------------------------------------ the shelf

    def items(self, address: Address, products: Sequence[str]) -> Iterator[Item]:
        """Give products of the shop that sell these, then parcels that hold them."""
        goods = self._goods(products)
        if goods.numbers:
            yield from self._offers(address, goods)
            yield from self._parcels(address, goods)

    def item(self, address: Address, change: Change) -> Item | None:
        """Give one product or parcel as it is now."""
        with understood(address.name):
            if change.kind is ItemKind.OFFER:
                found = self._ask(address, PRODUCT, id=_id(change.item))["product"]
                return found and _offer(found, change.product, change.units)
            found = self._ask(address, PARCEL, id=_id(change.item))["fulfillmentOrder"]
            return found and _parcel(found, change.product, change.units)

    def also_in(self, address: Address, change: Change, products: Sequence[str]) -> Sequence[str]:
        """Name those of the products that are in a product or parcel of the shop."""
        goods = self._goods(products)
        with understood(address.name):
            if change.kind is ItemKind.OFFER:
                named = self._pages(address, PARTS, ("product", "variants"), id=_id(change.item))
                found = [one for part in named for one in goods.named(part["sku"], part["barcode"])]
            else:
                where = ("fulfillmentOrder", "lineItems")
                lines = self._pages(address, LINES, where, id=_id(change.item))
                found = [one for line in lines for one in _named(goods, line)]
        return list(dict.fromkeys(found))

    def take_off(self, address: Address, item: Item, order: ChannelOrder) -> Json:
        """Make a product a draft; put a parcel on hold."""
        with understood(address.name):
            if item.kind is ItemKind.OFFER:
                return self._set_status(address, item.id, OFF_SALE)
            hold = {
                "reason": "OTHER",
                "reasonNotes": note_of(order.incident, order.drill),
                "handle": HANDLE,
                "notifyMerchant": False,
            }
            self._change(address, HOLD, "fulfillmentOrderHold", id=_id(item.id), hold=hold)
            return self._held(address, item.id, is_held=True)

    def put_back(self, address: Address, change: Change, _order: ChannelOrder) -> None:
        """Give a product its status of before; take our own hold off a parcel, no other's."""
        with understood(address.name):
            if change.kind is ItemKind.OFFER:
                # Only where it still has the status that we gave it.
                product = self._ask(address, PRODUCT, id=_id(change.item))["product"]
                if product["status"] == OFF_SALE:
                    self._set_status(address, change.item, change.was["status"])
                return
            found = self._ask(address, PARCEL, id=_id(change.item))["fulfillmentOrder"]
            ours = [hold["id"] for hold in _ours(found)]
            if ours:  # an empty list would take off the holds of everybody
                field = "fulfillmentOrderReleaseHold"
                self._change(address, RELEASE, field, id=found["id"], holds=ours)
            self._held(address, change.item, is_held=False)

    # ------------------------------------------------------------ lists

    def _goods(self, products: Sequence[str]) -> Goods:
        return Goods(self._tools.articles(products).values())

    def _offers(self, address: Address, goods: Goods) -> Iterator[Item]:
        found: dict[tuple[str, str], Item] = {}
        for numbers in batches(goods.numbers, NUMBERS):
            search = " OR ".join(f"sku:{_said(one)} OR barcode:{_said(one)}" for one in numbers)
            for variant in self._pages(address, VARIANTS, ("productVariants",), search=search):
                with understood(address.name):
                    # The search of a shop finds more than what was asked for.
                    for product in goods.named(variant["sku"], variant["barcode"]):
                        key = (variant["product"]["id"], product)
                        units = _count(variant["inventoryQuantity"])
                        before = found.get(key)
                        if before is not None and before.units is not None:
                            units = before.units + (units or 0)
                        found[key] = _offer(variant["product"], product, units)
        yield from found.values()

    def _parcels(self, address: Address, goods: Goods) -> Iterator[Item]:
        for parcel in self._pages(address, PARCELS, ("fulfillmentOrders",)):
            with understood(address.name):
                if parcel["lineItems"]["pageInfo"]["hasNextPage"]:
                    where = ("fulfillmentOrder", "lineItems")
                    lines = list(self._pages(address, LINES, where, id=_id(parcel["id"])))
                else:
                    lines = parcel["lineItems"]["nodes"]
                units: dict[str, int] = {}
                for line in lines:
                    for product in _named(goods, line) if line["remainingQuantity"] else ():
                        units[product] = units.get(product, 0) + int(line["remainingQuantity"])
                items = [_parcel(parcel, product, count) for product, count in units.items()]
            yield from items

    def _pages(
        self, address: Address, question: str, where: Sequence[str], **variables: Any
    ) -> Iterator[Json]:
        after: str | None = None
        for _page in range(PAGES):
            answered = self._ask(address, question, after=after, **variables)
            with understood(address.name):
                for name in where:
                    if answered[name] is None:  # not there any more
                        return
                    answered = answered[name]
                nodes = list(answered["nodes"])
                page = answered["pageInfo"]
                is_last, before, after = not page["hasNextPage"], after, page["endCursor"]
            yield from nodes
            if is_last:
                return
            if after is None or after == before:
                break
        raise endless(address.name)

    # ------------------------------------------------------------ changes

    def _set_status(self, address: Address, product: str, status: str) -> Json:
        asked = {"id": _id(product), "status": status}
        changed = self._change(address, SET_STATUS, "productUpdate", product=asked)
        if changed["product"]["status"] != status:
            raise unchanged(address.name, product)
        return {"status": status}

    def _held(self, address: Address, parcel: str, *, is_held: bool) -> Json:
        """Give a parcel's state, once it is seen to have become what it was to become."""
        found = self._ask(address, PARCEL, id=_id(parcel))["fulfillmentOrder"]
        state = _parcel(found, "", None).state
        if state["held"] is not is_held:
            raise unchanged(address.name, parcel)
        return state

    def _change(self, address: Address, question: str, field: str, **variables: Any) -> Json:
        changed: Json = self._ask(address, question, **variables)[field]
        wrong = [one for one in changed["userErrors"] if not _is_done_already(one)]
        if wrong:
            secrets = (key_of(self._connection(address), "access_token"),)
            told = "; ".join(quoted(one["message"], secrets) for one in wrong[:3])
            raise NotConfirmed(f"{address.name} did not take the change: {told}.", "Look there.")
        return changed

    # ------------------------------------------------------------ one question

    def _connection(self, address: Address) -> Connection:
        return connection_of(self._connections, address)

    def _ask(self, address: Address, question: str, **variables: Any) -> Json:
        """Ask one question, again while the shop is busy for a moment. Raises AndonError."""
        left = PATIENCE_S
        for _try in range(TRIES):
            said = self._send(address, question, variables)
            with understood(address.name):
                pause = _pause(said)
            if pause is None:
                return self._answered(address, said)
            if pause > left:
                break
            self._wait(pause)
            left -= pause
        raise busy(address.name)

    def _send(self, address: Address, question: str, variables: Json) -> Json:
        connection = self._connection(address)
        token = key_of(connection, "access_token")
        home = url_of(connection, self._tools.bounds)
        version = connection.value("api_version").strip() or VERSION
        if not _VERSION.fullmatch(version):
            raise BrokenSetup(
                f"Connection {connection.id} names no version of the Admin API.",
                f"Write api_version such as {VERSION}, or leave it out.",
            )
        answer = self._outgoing.send(
            address.name,
            "POST",
            f"{home}/admin/api/{version}/graphql.json",
            {"content-type": "application/json", "x-shopify-access-token": token},
            json.dumps({"query": question, "variables": variables}).encode(),
        )
        if answer.status == 404:
            raise BrokenSetup(
                f"There is no Shopify shop at the address of connection {connection.id}.",
                "Write the shop's own address, which ends in myshopify.com.",
            )
        if answer.status != 200:
            refused(address.name, answer, _STATUS.get(answer.status, ""), (token,))
        said = read_json(address.name, answer)
        return said if isinstance(said, dict) else {}

    def _answered(self, address: Address, said: Json) -> Json:
        with understood(address.name):
            wrong = list(said.get("errors") or ())
            denied = any(_code(one) == "ACCESS_DENIED" for one in wrong)
            told = "; ".join(str(one["message"]) for one in wrong[:3])
            answered: Json = {} if wrong else {**said["data"]}
        if not wrong:
            return answered
        shown = quoted(told, (key_of(self._connection(address), "access_token"),))
        if denied:
            raise BrokenSetup(
                f"The key of {address.name} may not do this: {shown}.",
                "Give the app of the shop the rights that docs/how-to/shops.md names.",
            )
        raise NotConfirmed(f"{address.name} could not answer: {shown}.", "It is tried again.")


_STATUS: Final = {
    402: "the shop is frozen until its bill is paid",
    423: "the shop is locked",
    430: "the shop takes this request for an attack",
}


def url_of(connection: Connection, bounds: Bounds) -> str:
    """Give the web address of a shop. Raises BrokenSetup where nothing may go there."""
    return home_of(connection, "shop", bounds)


def _pause(said: Json) -> float | None:
    """Give the seconds until a busy shop takes the question; None when it took it."""
    if not any(_code(one) == "THROTTLED" for one in said.get("errors") or ()):
        return None
    cost = said["extensions"]["cost"]
    now = cost["throttleStatus"]
    missing = float(cost["requestedQueryCost"]) - float(now["currentlyAvailable"])
    rate = float(now["restoreRate"])
    pause = missing / rate if rate > 0 else math.inf
    return max(pause, 0.1) if math.isfinite(pause) else math.inf


def _code(error: Json) -> str:
    return str((error.get("extensions") or {}).get("code", ""))


def _is_done_already(error: Json) -> bool:
    return error.get("code") == "DUPLICATE_FULFILLMENT_HOLD_HANDLE"


def _id(given: Any) -> str:
    if not isinstance(given, str) or not _ID.fullmatch(given):
        raise ValueError
    return given


def _said(number: str) -> str:
    """Write a number for the search of a shop: nothing in it is a word of the search."""
    return '"' + number.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _count(given: Any) -> int | None:
    return None if given is None else max(int(given), 0)


def _named(goods: Goods, line: Json) -> list[str]:
    variant = line["variant"] or {}  # None once the variant is deleted
    return goods.named(line["sku"], variant.get("sku"), variant.get("barcode"))


def _offer(found: Json, product: str, units: int | None) -> Item:
    status = str(found["status"])
    return Item(
        id=_id(found["id"]),
        kind=ItemKind.OFFER,
        product=product,
        lot="",
        is_running=status in ON_SALE,
        state={"status": status},
        units=units,
    )


def _ours(parcel: Json) -> list[Json]:
    return [
        hold
        for hold in parcel["fulfillmentHolds"]
        if hold["heldByRequestingApp"] and hold["handle"] == HANDLE
    ]


def _parcel(found: Json, product: str, units: int | None) -> Item:
    """Read a parcel; its state is our own hold, so that holds of others stay theirs."""
    return Item(
        id=_id(found["id"]),
        kind=ItemKind.UNSHIPPED,
        product=product,
        lot="",
        is_running=found["status"] in UNDER_WAY,
        state={"held": bool(_ours(found))},
        units=units,
    )
