"""A shop at WooCommerce, as its REST API of version 3 is published.

What belongs here: products, variations, orders and their notes, Basic authentication, pages,
errors of WordPress. What never does: an assertion.
"""

import json
import re
from base64 import b64encode
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.integrations.servers.serving import Asked, Json, Said, Server

KEY, SECRET = "ck_" + "1" * 40, "cs_" + "2" * 40
BASIC = "Basic " + b64encode(f"{KEY}:{SECRET}".encode()).decode()
ROOT = "/wp-json/wc/v3/"


def wrong(status: int, code: str, message: str) -> Said:
    """Give an error as WordPress words it."""
    return Said(status, {"code": code, "message": message, "data": {"status": status}})


class WooShop:
    """A shop's own state, and how it answers."""

    def __init__(self, *, per_page: int = 100, knows_gtins: bool = True) -> None:
        """Open an empty shop; `per_page` caps what a page may hold."""
        self.products: dict[int, Json] = {}
        self.orders: dict[int, Json] = {}
        self.notes: list[tuple[int, str]] = []
        self.per_page, self.knows_gtins = per_page, knows_gtins
        self.may_write = True
        self.server = Server(self._answer)

    # ------------------------------------------------------------ filling it

    def product(
        self, sku: str, gtin: str = "", *, status: str = "publish", stock: int | None = None,
        parent: int = 0,
    ) -> int:  # fmt: skip
        """Put a product on the shelf, or a variation of `parent`; give its number."""
        number = 10 + len(self.products)
        self.products[number] = {
            "id": number,
            "name": "Goods",
            "type": "variation" if parent else "simple",
            "status": status,
            "sku": sku,
            "global_unique_id": gtin,
            "manage_stock": stock is not None,
            "stock_quantity": stock,
            "parent_id": parent,
        }
        return number

    def order(self, *lines: tuple[int, int], status: str = "processing") -> int:
        """Take an order: (number of a product or variation, count) of each line."""
        number = 500 + len(self.orders)
        made = []
        for line, (product, count) in enumerate(lines):
            of = self.products[product]
            parent = of["parent_id"]
            made.append(
                {
                    "id": number * 100 + line,
                    "product_id": parent or product,
                    "variation_id": product if parent else 0,
                    "quantity": count,
                    "sku": of["sku"],
                }
            )
        self.orders[number] = {"id": number, "status": status, "line_items": made}
        return number

    def state(self) -> bytes:
        """Give all that a shop is, as bytes; notes are a log and stay."""
        kept = [*self.products.values(), *self.orders.values()]
        return json.dumps(kept, sort_keys=True).encode()

    # ------------------------------------------------------------ answering

    def _answer(self, asked: Asked) -> Said:
        parts = urlsplit(asked.path)
        if not parts.path.startswith(ROOT):
            return wrong(404, "rest_no_route", "No route was found matching the URL.")
        if asked.headers.get("authorization") != BASIC:
            return wrong(401, "woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")
        path = parts.path.removeprefix(ROOT)
        if asked.method == "GET":
            return self._get(path, dict(parse_qsl(parts.query)))
        if not self.may_write:
            told = "Sorry, you are not allowed to edit this resource."
            return wrong(401, "woocommerce_rest_cannot_edit", told)
        sent = json.loads(asked.body)
        if asked.method == "POST" and (found := re.fullmatch(r"orders/(\d+)/notes", path)):
            self.notes.append((int(found[1]), sent["note"]))
            return Said(201, {"id": len(self.notes), "note": sent["note"]})
        return self._put(path, sent)

    def _get(self, path: str, query: dict[str, str]) -> Said:
        if path == "products":
            return self._page(self._listed(query), query)
        if path == "orders":
            found = [
                one
                for one in self.orders.values()
                if one["status"] == query["status"]
                and any(str(line["product_id"]) == query["product"] for line in one["line_items"])
            ]
            return self._page(found, query)
        return self._one(path)

    def _listed(self, query: dict[str, str]) -> list[Json]:
        found = [one for one in self.products.values() if one["status"] != "trash"]
        if "sku" in query:
            asked = {*query["sku"].split(","), query["sku"]}
            return [one for one in found if one["sku"] in asked]
        if "global_unique_id" in query and self.knows_gtins:
            ids = query["global_unique_id"].split(",")
            return [one for one in found if one["global_unique_id"] in ids]
        # A filter that an old shop does not know changes nothing; variations are not listed then.
        return [one for one in found if not one["parent_id"]]

    def _page(self, found: list[Json], query: dict[str, str]) -> Said:
        size = min(int(query["per_page"]), self.per_page)
        start = (int(query["page"]) - 1) * size
        pages = -(-len(found) // size)
        headers = {"X-WP-Total": str(len(found)), "X-WP-TotalPages": str(pages)}
        return Said(200, found[start : start + size], headers)

    def _found(self, path: str) -> tuple[Json | None, str]:
        if found := re.fullmatch(r"orders/(\d+)", path):
            return self.orders.get(int(found[1])), "woocommerce_rest_shop_order_invalid_id"
        if found := re.fullmatch(r"products/(\d+)/variations/(\d+)", path):
            one = self.products.get(int(found[2]))
            is_one = one is not None and one["parent_id"] == int(found[1])
            return (one if is_one else None), "woocommerce_rest_product_variation_invalid_id"
        if found := re.fullmatch(r"products/(\d+)", path):
            return self.products.get(int(found[1])), "woocommerce_rest_product_invalid_id"
        return None, "rest_no_route"

    def _one(self, path: str) -> Said:
        found, code = self._found(path)
        return wrong(404, code, "Invalid ID.") if found is None else Said(200, found)

    def _put(self, path: str, sent: dict[str, Any]) -> Said:
        found, code = self._found(path)
        if found is None:
            return wrong(404, code, "Invalid ID.")
        if found.get("type") == "variation" and "/variations/" not in path:
            return wrong(404, "woocommerce_rest_invalid_product_id", "Use the other endpoint.")
        found.update(sent)
        return Said(200, found)
