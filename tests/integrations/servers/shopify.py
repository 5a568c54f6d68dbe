"""A shop at Shopify, as its Admin GraphQL API is published (shopify.dev, version 2026-10).

What belongs here: products, variants, fulfillment orders and their holds, the key, pages, costs,
errors. What never does: an assertion.
"""

import json
import re
import time
from copy import deepcopy
from typing import Any

from tests.integrations.servers.graphql import Field, cost, picked, read
from tests.integrations.servers.serving import Asked, Json, Said, Server

TOKEN = "shpat_0123456789abcdef0123456789abcdef"
PATH = re.compile(r"/admin/api/\d{4}-\d{2}/graphql\.json")
STATUSES = ("ACTIVE", "ARCHIVED", "DRAFT", "UNLISTED")
PER_APP = 10
_TERM = re.compile(r'(sku|barcode):"((?:[^"\\]|\\.)*)"')


class ShopifyShop:
    """A shop's own state, and how it answers."""

    def __init__(self, *, points: float = 1000.0, restored: float = 100.0) -> None:
        """Open an empty shop with a bucket of points."""
        self.products: dict[str, Json] = {}
        self.parcels: dict[str, Json] = {}
        self.points, self.most, self.restored = points, points, restored
        self.user_errors: list[str] = []
        self.denied = False
        self.throttled = 0
        self._at = time.monotonic()
        self._holds = 0
        self.server = Server(self._answer)

    # ------------------------------------------------------------ filling it

    def product(self, *variants: tuple[str, str, int | None], status: str = "ACTIVE") -> str:
        """Put a product on the shelf: (sku, barcode, count) of each variant; give its id."""
        gid = f"gid://shopify/Product/{len(self.products) + 1}"
        made: Json = {"id": gid, "title": "Goods", "status": status}
        made["variants"] = [
            {
                "id": f"gid://shopify/ProductVariant/{len(self.products) + 1}{number:02}",
                "sku": sku or None,
                "barcode": barcode or None,
                "inventoryQuantity": count,
                "product": made,
            }
            for number, (sku, barcode, count) in enumerate(variants)
        ]
        self.products[gid] = made
        return gid

    def parcel(self, *lines: tuple[str, int], status: str = "OPEN") -> str:
        """Take an order: (sku, count) of each line; give the id of its fulfillment order."""
        gid = f"gid://shopify/FulfillmentOrder/{len(self.parcels) + 1}"
        variants = {one["sku"]: one for made in self.products.values() for one in made["variants"]}
        self.parcels[gid] = {
            "id": gid,
            "status": status,
            "fulfillmentHolds": [],
            "lineItems": [
                {
                    "sku": sku,
                    "totalQuantity": count,
                    "remainingQuantity": count,
                    "variant": variants.get(sku),
                }
                for sku, count in lines
            ],
        }
        return gid

    def hold_by_another(self, gid: str) -> None:
        """Another app puts a hold on a fulfillment order."""
        self._hold(gid, {"reason": "OTHER", "handle": "fraud"}, is_ours=False)

    def state(self) -> bytes:
        """Give all that a shop is, as bytes."""
        kept = deepcopy([*self.products.values(), *self.parcels.values()])
        for one in kept:
            for variant in one.get("variants", ()):
                variant["product"] = variant["product"]["id"]
            for line in one.get("lineItems", ()):
                line["variant"] = line["variant"] and line["variant"]["id"]
            for hold in one.get("fulfillmentHolds", ()):
                del hold["id"]
        return json.dumps(kept, sort_keys=True).encode()

    # ------------------------------------------------------------ answering

    def _answer(self, asked: Asked) -> Said:
        if not PATH.fullmatch(asked.path) or asked.method != "POST":
            return Said(404, {"errors": "Not Found"})
        if asked.headers.get("x-shopify-access-token") != TOKEN:
            wrong = "[API] Invalid API key or access token (unrecognized login or wrong password)"
            return Said(401, {"errors": wrong})
        sent = json.loads(asked.body)
        kind, fields = read(sent["query"], sent["variables"])
        points = 10 if kind == "mutation" else max(cost(fields), 1)
        limited = self._limited(points)
        if limited is not None:
            return Said(200, limited)
        if self.denied:
            denied = {"code": "ACCESS_DENIED", "documentation": "https://shopify.dev/api"}
            message = "Access denied for fulfillmentOrders field."
            return Said(200, {"errors": [{"message": message, "extensions": denied}], "data": None})
        data = {one.name: self._field(one) for one in fields}
        took = points if kind == "mutation" else min(points, _objects(data))
        self.points += points - took  # what a question did not use is given back
        return Said(200, {"data": data, "extensions": {"cost": self._cost(points, took)}})

    def _limited(self, points: int) -> Json | None:
        now = time.monotonic()
        self.points = min(self.most, self.points + (now - self._at) * self.restored)
        self._at = now
        if points > 1000:
            error = {
                "message": "Query cost is too high",
                "extensions": {"code": "MAX_COST_EXCEEDED"},
            }
            return {"errors": [error]}
        if points > self.points:
            self.throttled += 1
            error = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
            return {"errors": [error], "extensions": {"cost": self._cost(points, None)}}
        self.points -= points
        return None

    def _cost(self, asked: int, took: int | None) -> Json:
        return {
            "requestedQueryCost": asked,
            "actualQueryCost": took,
            "throttleStatus": {
                "maximumAvailable": self.most,
                "currentlyAvailable": int(self.points),
                "restoreRate": self.restored,
            },
        }

    def _field(self, asked: Field) -> Any:
        arguments = asked.arguments
        found: Any
        match asked.name:
            case "productVariants":
                found = self._searched(arguments["query"])
            case "fulfillmentOrders":
                found = [one for one in self.parcels.values() if one["status"] != "CLOSED"]
            case "product":
                found = self.products.get(arguments["id"])
            case "fulfillmentOrder":
                found = self.parcels.get(arguments["id"])
            case "productUpdate":
                found = self._update(arguments["product"])
            case "fulfillmentOrderHold":
                found = self._hold(arguments["id"], arguments["fulfillmentHold"], is_ours=True)
            case "fulfillmentOrderReleaseHold":
                found = self._release(arguments["id"], arguments.get("holdIds"))
            case _:
                raise KeyError(asked.name)
        return picked({asked.name: found}, [asked])[asked.name]

    def _searched(self, search: str) -> list[Json]:
        """Search as a shop does: any case, and words that only begin so are found too."""
        terms = [
            (name, text.replace('\\"', '"').replace("\\\\", "\\").casefold())
            for name, text in _TERM.findall(search)
        ]
        return [
            variant
            for product in self.products.values()
            for variant in product["variants"]
            if any((variant[name] or "").casefold().startswith(text) for name, text in terms)
        ]

    def _wrong(self, message: str, code: str | None = None) -> Json:
        error = {"field": ["id"], "message": message, "code": code}
        return {
            "product": None,
            "fulfillmentHold": None,
            "fulfillmentOrder": None,
            "userErrors": [error],
        }

    def _update(self, sent: Json) -> Json:
        if self.user_errors:
            return self._wrong(self.user_errors.pop(0))
        product = self.products.get(sent["id"])
        if product is None or sent["status"] not in STATUSES:
            return self._wrong("Product does not exist")
        product["status"] = sent["status"]
        return {"product": product, "userErrors": []}

    def _hold(self, gid: str, sent: Json, *, is_ours: bool) -> Json:
        parcel = self.parcels.get(gid)
        if parcel is None:
            return self._wrong("Fulfillment order not found", "FULFILLMENT_ORDER_NOT_FOUND")
        if parcel["status"] not in ("OPEN", "SCHEDULED", "ON_HOLD"):
            return self._wrong("The fulfillment order is not in a state that can be held.")
        own = [one for one in parcel["fulfillmentHolds"] if one["heldByRequestingApp"] is is_ours]
        if any(one["handle"] == sent.get("handle") for one in own):
            taken = "The handle provided for the fulfillment hold is already in use"
            return self._wrong(taken, "DUPLICATE_FULFILLMENT_HOLD_HANDLE")
        if len(own) >= PER_APP:
            return self._wrong("Too many holds", "FULFILLMENT_ORDER_HOLD_LIMIT_REACHED")
        self._holds += 1
        hold = {
            "id": f"gid://shopify/FulfillmentHold/{self._holds}",
            "handle": sent.get("handle"),
            "reason": sent["reason"],
            "reasonNotes": sent.get("reasonNotes"),
            "heldByRequestingApp": is_ours,
        }
        parcel.setdefault("before", parcel["status"])
        parcel["fulfillmentHolds"].append(hold)
        parcel["status"] = "ON_HOLD"
        return {"fulfillmentHold": hold, "fulfillmentOrder": parcel, "userErrors": []}

    def _release(self, gid: str, ids: list[str] | None) -> Json:
        parcel = self.parcels[gid]
        parcel["fulfillmentHolds"] = [
            one for one in parcel["fulfillmentHolds"] if ids and one["id"] not in ids
        ]
        if not parcel["fulfillmentHolds"]:
            parcel["status"] = parcel.pop("before", "OPEN")
        return {"fulfillmentOrder": parcel, "userErrors": []}


def _objects(data: Any) -> int:
    if isinstance(data, list):
        return sum(_objects(one) for one in data)
    if isinstance(data, dict):
        return 1 + sum(_objects(one) for one in data.values())
    return 0
