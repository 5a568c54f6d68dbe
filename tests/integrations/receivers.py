"""Every adapter with a receiver behind it, for the contract that all of them keep.

What belongs here: what the contract needs to know of one adapter; a new adapter is a class here.
What never does: an assertion. Receivers are real: HTTP servers, folders, databases.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from activities.letter_records import StoredLetters
from activities.local_channels import DemoShelf
from activities.registry import AT_HOME, local_gateways
from domain.desired import Hold
from domain.envelope import ChannelOrder, ChannelReply
from integrations.channels import Adapters, Address, ChannelGateway
from integrations.connections import Article, Tools, gateways, read_connections
from integrations.outgoing import Bounds
from integrations.shelves import ShelfGateway
from storage import catalog, outbox, shop
from storage.database import Database, open_database
from tests.integrations.capture_server import Repository, repository
from tests.integrations.fake_shelf import FakeHolds, FakeJournal
from tests.integrations.newsrooms import mail_server
from tests.integrations.servers.serving import Asked, Said, Server, serving
from tests.integrations.servers.shopify import TOKEN, ShopifyShop
from tests.integrations.servers.woocommerce import KEY, SECRET, WooShop

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
ORDERS = "orders@retailer.example"
GTIN, SKU = "06901234567892", "CR-50"
SIGNING = "signing-secret-of-the-warehouse"
KEEP = "Set the goods apart. Do not return or destroy them yet."
BY, LINK = "2026-11-30T16:00:00.000000Z", "https://andon.example/answer/one-time"
PARTS: dict[str, tuple[str, ...]] = {
    "product": ("cream", "Cream A", GTIN),
    "first lot": ("L1",),
    "second lot": ("L2",),
    "title": ("Urgent: stop sale",),
    "text": ("Our own words to trade.",),
    "handling": (KEEP,),
    "contact": ("800-988-0000",),
    "answer by": (BY, "16:00 UTC"),
    "answer link": (LINK,),
}
"""The parts of an order, each in the forms in which it may arrive."""

ORDER = ChannelOrder(
    effect_key="INC-2026-0001/1:2:halt:there", incident="INC-2026-0001", channel="there",
    action="halt", order=2, products=["cream"], lots=["L1", "L2"], level="H3", language="en",
    goods="Cream A (L1, L2)", title="Urgent: stop sale", text="Our own words to trade.",
    handling=KEEP, contact="800-988-0000", answer_by=BY, answer_by_said="16:00 UTC",
    answer_link=LINK,
)  # fmt: skip
RESUME = ChannelOrder(
    effect_key="INC-2026-0001/1:9:resume:there", incident="INC-2026-0001", channel="there",
    action="resume", order=0, products=["cream"], lots=["L1", "L2"], level="H3", language="en",
    goods="Cream A (L1, L2)", contact="800-988-0000",
)  # fmt: skip

FOR_SYSTEMS = frozenset({"product", "first lot", "second lot"})
"""A system of goods is told goods, and nothing to people."""

FOR_PEOPLE = frozenset(PARTS)
WITHOUT_LINK = FOR_PEOPLE - {"answer link"}
"""Whoever has the link may answer: it goes to people, never through a system of others."""

GOODS = frozenset({"product"})
"""A shop knows no lots: while any is held, the product is."""


@dataclass
class Receiver:
    """One adapter and who is behind it.

    `carries` names what arrives of an order; `looks` says whether the adapter can look there;
    `row` is the connection as the file of connections has it, empty where there is none.
    """

    folder: Path
    journal: FakeJournal = field(default_factory=FakeJournal)
    holds: FakeHolds = field(default_factory=FakeHolds)
    name: ClassVar[str] = ""
    carries: ClassVar[frozenset[str]] = FOR_SYSTEMS
    looks: ClassVar[bool] = False
    secrets: ClassVar[tuple[str, ...]] = ()

    @property
    def row(self) -> dict[str, str]:
        """Give the connection."""
        return {}

    def open(self, stack: ExitStack) -> None:
        """Start what is behind it."""

    def gateways(self) -> dict[str, ChannelGateway]:
        """Give the gateways of an installation with this connection, as it makes them."""
        document = {"connections": [{"id": "ours", "adapter": self.name, **self.row}]}
        return gateways(read_connections(document), self.tools())

    def tools(self, **more: Any) -> Tools:
        """Give what an installation lends to adapters."""
        return Tools(
            journal=self.journal, desired=self.holds, bounds=Bounds(inside_allowed=True), now=lambda: NOON,
            articles=lambda ids: {
                one: Article(product=one, numbers=(one, SKU, GTIN), name="Cream A") for one in ids
            },
            **more,
        )  # fmt: skip

    def arrived(self) -> list[str]:
        """Give what counts there of orders to stop, one text an order."""
        raise NotImplementedError

    def resumed(self) -> bool:
        """Say whether what was ordered there is undone, or told as that."""
        raise NotImplementedError

    def troubles(self) -> Mapping[str, Callable[[], object]]:
        """Give what may go wrong there, each by what makes it so."""
        return {}

    # ------------------------------------------------------------ orders

    def address(self, channel: str) -> Address:
        """Give where the channel is: the receiver is the book of addresses, too."""
        return Address(channel=channel, adapter=self.name, address="ours", name="The receiver")

    @property
    def adapters(self) -> Adapters:
        """Give the port, as a process that has just started has it."""
        return Adapters(self, self.gateways(), at_home=AT_HOME)

    def bring(self, order: ChannelOrder = ORDER) -> ChannelReply:
        """Bring an order, with what is held or let go by it."""
        if order.action == "halt":
            self.holds.by[order.incident] = Hold(
                channel="there", order=2, level="H3", products=("cream",), lots=("L1", "L2"),
                since=NOON,
            )  # fmt: skip
        else:
            self.holds.by.pop(order.incident, None)
        return self.adapters.bring(order)


@dataclass
class Webhook(Receiver):
    """A system that takes signed HTTP orders."""

    name = "webhook"
    carries = WITHOUT_LINK
    secrets = (SIGNING,)
    orders: dict[str, bytes] = field(default_factory=dict)

    def open(self, stack: ExitStack) -> None:
        self.server = stack.enter_context(serving(Server(self._answer)))
        self.url = self.server.url

    def _answer(self, asked: Asked) -> Said:
        """Take an order: the same key again is the same order."""
        self.orders.setdefault(asked.headers["idempotency-key"], asked.body)
        return Said(200, {"state": "confirmed", "proof": "blocked at the tills"})

    @property
    def row(self) -> dict[str, str]:
        return {"url": self.url, "secret": SIGNING}

    def arrived(self) -> list[str]:
        told = [json.loads(body) for body in self.orders.values()]
        return [json.dumps(one) for one in told if one["action"] == "halt"]

    def resumed(self) -> bool:
        return b'"action":"resume"' in list(self.orders.values())[-1]

    def troubles(self) -> Mapping[str, Callable[[], object]]:
        refused = {"state": "refused", "error": "no such lot"}
        return http_troubles(self) | {
            "refuses": lambda: setattr(self.server, "instead", lambda _asked: Said(200, refused)),
        }


@dataclass
class FileDrop(Receiver):
    """An old system that reads files from a folder."""

    name = "file_drop"
    carries = WITHOUT_LINK

    def open(self, stack: ExitStack) -> None:
        self.drop = self.folder / "drop"
        self.drop.mkdir()

    @property
    def row(self) -> dict[str, str]:
        return {"folder": str(self.drop)}

    def _files(self, action: str) -> list[str]:
        files = [one.read_bytes().decode() for one in sorted(self.drop.glob("*.csv"))]
        read = [list(csv.DictReader(io.StringIO(text, newline=""))) for text in files]
        return [json.dumps(rows) for rows in read if rows[0].get("action") == action]

    def arrived(self) -> list[str]:
        return self._files("halt")

    def resumed(self) -> bool:
        return bool(self._files("resume"))

    def troubles(self) -> Mapping[str, Callable[[], object]]:
        def answers(text: str) -> None:
            self.bring()
            [order] = self.drop.glob("halt-*.csv")
            order.with_name(f"{order.stem}.answer.csv").write_text(text)

        return {
            "away": lambda: self.drop.rmdir(),  # noqa: PLW0108 - opened later
            "refuses": lambda: answers("state,units,note\nrefused,,No stock moves on Sunday\n"),
            "rubbish": lambda: answers("<html>hello</html>"),
        }


@dataclass
class Epcis(Receiver):
    """A traceability system."""

    name = "epcis"
    secrets = ("secret-token-of-the-trace",)

    def open(self, stack: ExitStack) -> None:
        self.there: Repository = stack.enter_context(repository())
        self.there.token, self.there.running = self.secrets[0], 0
        self.url = self.there.url

    @property
    def row(self) -> dict[str, str]:
        return {"url": self.url, "token": self.secrets[0]}

    def _told(self, disposition: str) -> list[str]:
        events = [one for one in self.there.events.values() if one["disposition"] == disposition]
        return [json.dumps(one) for one in events]

    def arrived(self) -> list[str]:
        return self._told("non_sellable_other")

    def resumed(self) -> bool:
        return bool(self._told("sellable_accessible"))

    def troubles(self) -> Mapping[str, Callable[[], object]]:
        return {
            "away": lambda: setattr(self, "url", "http://127.0.0.1:9/capture"),
            "down": lambda: self.there.trouble.extend([503] * 9),
            "lost": lambda: self.there.trouble.extend(["lost"]),
            "refuses": lambda: setattr(self.there, "fails", True),
            "other key": lambda: setattr(self.there, "token", "another"),
        }


@dataclass
class Shop(Receiver):
    """A shop that is changed item by item; its own contract is test_adapter_contract.py."""

    carries = GOODS
    looks = True

    def state(self) -> bytes:
        """Give all that the shop is."""
        raise NotImplementedError

    def open(self, stack: ExitStack) -> None:
        self.server = stack.enter_context(serving(self.fill()))
        self.before, self.url = self.state(), self.server.url

    def fill(self) -> Server:
        """Open the shop with one product of ours on sale."""
        raise NotImplementedError

    def arrived(self) -> list[str]:
        return [] if self.state() == self.before else ["cream"]

    def resumed(self) -> bool:
        return self.state() == self.before

    def troubles(self) -> Mapping[str, Callable[[], object]]:
        return http_troubles(self)


@dataclass
class Shopify(Shop):
    """A shop at Shopify."""

    name = "shopify"
    secrets = (TOKEN,)

    def fill(self) -> Server:
        self.shop = ShopifyShop(restored=1e6)
        self.shop.product((SKU, "", 5))
        return self.shop.server

    def state(self) -> bytes:
        return self.shop.state()

    @property
    def row(self) -> dict[str, str]:
        return {"shop": self.url, "access_token": TOKEN}


@dataclass
class WooCommerce(Shop):
    """A shop at WooCommerce."""

    name = "woocommerce"
    secrets = (KEY, SECRET)

    def fill(self) -> Server:
        self.shop = WooShop(per_page=2)
        self.shop.product(SKU, "", status="publish", stock=5)
        return self.shop.server

    def state(self) -> bytes:
        return self.shop.state()

    @property
    def row(self) -> dict[str, str]:
        return {"url": self.url, "consumer_key": KEY, "consumer_secret": SECRET}


@dataclass
class AtHome(Receiver):
    """A gateway of the embedded default: nothing leaves the machine."""

    def open(self, stack: ExitStack) -> None:
        self.database: Database = open_database(f"sqlite:///{self.folder / 'andon.db'}")
        self.database.migrate()
        stack.callback(self.database.close)
        items = [catalog.Item(id="cream", name_en="Cream A", name_zh="甲霜")]
        catalog.put_items(self.database.ledger, "product", items)

    def gateways(self) -> dict[str, ChannelGateway]:
        return local_gateways(self.database.ledger, self.database.bulk)


@dataclass
class Outbox(AtHome):
    """Channels without any interface: a message, and a link to answer it."""

    name = "outbox"
    carries = FOR_PEOPLE

    def _letters(self, subject: str) -> list[str]:
        letters = outbox.list_messages(self.database.bulk, incident=ORDER.incident)
        return [f"{one.subject}\n{one.body}" for one in letters if subject in one.subject]

    def arrived(self) -> list[str]:
        return self._letters("Stop sale now")

    def resumed(self) -> bool:
        return bool(self._letters("You may sell again"))


@dataclass
class Email(AtHome):
    """Channels that are written to through a mail server."""

    name = "email"
    carries = FOR_PEOPLE
    secrets = ("word-of-the-mailbox",)
    port: int = 0
    more: dict[str, str] = field(default_factory=dict)

    def open(self, stack: ExitStack) -> None:
        super().open(stack)
        self.server, self.port = stack.enter_context(mail_server())

    @property
    def row(self) -> dict[str, str]:
        return {
            "host": "127.0.0.1", "port": str(self.port), "tls": "none",
            "from": "recall@qinglan.example", "name": "青岚", **self.more,
        }  # fmt: skip

    def gateways(self) -> dict[str, ChannelGateway]:
        return Receiver.gateways(self)

    def tools(self, **more: Any) -> Tools:
        letters = StoredLetters(self.database.ledger, self.database.bulk, lambda _key: "mark")
        return super().tools(letters=letters, **more)

    def address(self, channel: str) -> Address:
        return replace(super().address(channel), address=ORDERS)

    def letters(self) -> list[str]:
        """Give the letters that the mail server took, one a Message-ID."""
        took = {one["Message-ID"]: one for one in self.server.to(ORDERS)}
        return [f"{one['Subject']}\n{one.get_content()}" for one in took.values()]

    def arrived(self) -> list[str]:
        return [one for one in self.letters() if "Stop sale now" in one]

    def resumed(self) -> bool:
        return any("You may sell again" in one for one in self.letters())

    def troubles(self) -> Mapping[str, Callable[[], object]]:
        def says(*answers: str) -> Callable[[], object]:
            return lambda: self.server.answers.update({ORDERS: list(answers)})

        return {
            "away": lambda: setattr(self, "port", 9),
            "down": says("451 4.7.1 Greylisted"),
            "refuses": says("550 5.1.1 no such user"),
            "lost": lambda: self.server.after_data.update({ORDERS: "hang up"}),
            "other key": lambda: self.more.update(user="recall", password=self.secrets[0]),
            "no TLS": lambda: self.more.update(tls="starttls"),
        }


@dataclass
class DemoShop(AtHome):
    """The demo shop: a shelf in our own database."""

    name = "demo_shop"
    carries = GOODS
    looks = True

    def open(self, stack: ExitStack) -> None:
        super().open(stack)
        listing = shop.Listing(channel="there", product="cream", on_sale=True, changed_at=NOON)
        shop.put_listings(self.database.ledger, [listing])

    def gateways(self) -> dict[str, ChannelGateway]:
        shelf = ShelfGateway(DemoShelf(self.database.ledger), self.journal, self.holds)
        return super().gateways() | {"demo_shop": shelf}

    def arrived(self) -> list[str]:
        listed = shop.list_listings(self.database.ledger, channel="there")
        return [one.product for one in listed if not one.on_sale]

    def resumed(self) -> bool:
        return not self.arrived()


KINDS: dict[str, type[Receiver]] = {
    one.name: one
    for one in (Webhook, FileDrop, Epcis, Shopify, WooCommerce, Email, Outbox, DemoShop)
}
"""Every adapter that there is; the contract fails where one is missing."""


def http_troubles(of: Any) -> dict[str, Callable[[], object]]:
    """Give what may go wrong with any system over HTTP."""

    def always(status: int, body: Any) -> Callable[[], None]:
        return lambda: setattr(of.server, "instead", lambda _asked: Said(status, body))

    return {
        "away": lambda: setattr(of, "url", "http://127.0.0.1:9"),
        "down": always(503, b"<h1>Down</h1>"),
        "other key": always(401, b""),
        "cut off": lambda: of.server.trouble.extend(["cut"] * 9),
        "endless": always(200, b"x" * (8 * 1024 * 1024 + 1)),
        "words for people": always(200, b"<html>thank you</html>"),
        "no text": always(200, b"\xff\xfe\x00"),
        "a number": always(200, 7),
    }


@contextmanager
def receiver(name: str, folder: Path) -> Iterator[Receiver]:
    """Open a receiver of one adapter."""
    made = KINDS[name](folder)
    with ExitStack() as stack:
        made.open(stack)
        yield made
