"""Orders by signed webhook, over real HTTP to a shop that answers well, badly, or not at all."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from domain.envelope import ChannelOrder
from domain.errors import BrokenSetup, NotConfirmed
from integrations.adapter_webhook import gateway as gateway_of
from integrations.channels import Address
from integrations.connections import Connection, Tools
from integrations.outgoing import Bounds, Outgoing
from integrations.webhook import ANSWER_LIMIT, WebhookGateway
from tests.integrations.fake_shelf import FakeHolds, FakeJournal

SECRET = b"a secret of the shop and us"
ORDER = ChannelOrder(
    "INC-2026-0001/1:5:halt:shop", "INC-2026-0001", "shop", "halt", 1, ["cream"], []
)


@dataclass
class Shop:
    """A shop that answers as it is told, and keeps what it was sent."""

    status: int = 200
    said: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    orders: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def shop() -> Iterator[Shop]:
    shop = Shop()

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            shop.orders.append(({k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(shop.status)
            for name, value in shop.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(shop.said)))
            self.end_headers()
            self.wfile.write(shop.said)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        shop.url = f"http://127.0.0.1:{server.server_port}/orders"
        yield shop
        server.shutdown()
        thread.join()


@pytest.fixture
def gateway() -> WebhookGateway:
    return WebhookGateway(SECRET, bounds=Bounds(inside_allowed=True))


def at(url: str) -> Address:
    return Address(channel="shop", adapter="webhook", address=url, name="The shop")


def test_an_order_is_signed_and_keyed(shop: Shop, gateway: WebhookGateway) -> None:
    gateway.bring(ORDER, at(shop.url))
    ((headers, body),) = shop.orders
    assert headers["idempotency-key"] == ORDER.effect_key
    signed_at, signature = (part.split("=")[1] for part in headers["andon-signature"].split(","))
    expected = hmac.new(SECRET, f"{signed_at}.".encode() + body, hashlib.sha256).hexdigest()
    assert signature == expected
    assert json.loads(body)["products"] == ["cream"]


RESUME = replace(ORDER, action="resume", order=0, lots=["L1", "L2"])


@pytest.mark.parametrize(
    "order",
    [replace(RESUME, kept=["L1"]), replace(RESUME, held=["L1"])],
    ids=["recalled", "stopped by another order"],
)
def test_an_order_to_sell_again_names_no_lot_that_stays_off_sale(
    shop: Shop, gateway: WebhookGateway, order: ChannelOrder
) -> None:
    gateway.bring(order, at(shop.url))
    body = json.loads(shop.orders[0][1])
    assert (body["lots"], body["kept_lots"]) == (["L2"], ["L1"])


@pytest.mark.parametrize(
    ("status", "said", "state"),
    [
        pytest.param(200, b'{"state": "confirmed", "proof": "p1"}', "confirmed", id="confirmed"),
        pytest.param(202, b"", "accepted", id="nothing said"),
        pytest.param(200, b"<p>thank you</p>", "accepted", id="words for people"),
        pytest.param(200, b"[1]", "accepted", id="a list"),
        pytest.param(200, b'{"state": "refused", "error": "no such lot"}', "refused", id="refused"),
        pytest.param(200, b'{"state": "perhaps"}', "refused", id="a state nobody knows"),
        pytest.param(200, b'{"state": ["confirmed"]}', "refused", id="a state that is none"),
        pytest.param(404, b"", "refused", id="not found"),
        pytest.param(302, b"", "refused", id="sent elsewhere"),
    ],
)
def test_what_a_shop_says_is_read(
    shop: Shop, gateway: WebhookGateway, status: int, said: bytes, state: str
) -> None:
    shop.status, shop.said = status, said
    shop.headers = {"location": shop.url} if status == 302 else {}
    assert gateway.bring(ORDER, at(shop.url)).state == state
    assert len(shop.orders) == 1, "an order goes where the plan says, once"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        pytest.param(503, b"", id="away"),
        pytest.param(429, b"", id="too many"),
        pytest.param(200, b"x" * (ANSWER_LIMIT + 1), id="an endless answer"),
    ],
)
def test_what_may_go_better_later_is_not_confirmed(
    shop: Shop, gateway: WebhookGateway, status: int, said: bytes
) -> None:
    shop.status, shop.said = status, said
    with pytest.raises(NotConfirmed):
        gateway.bring(ORDER, at(shop.url))


@pytest.mark.parametrize(
    "url",
    ["http://[", "http://shop:99999/", "ftp://shop/", "http://", "shop", "javascript:alert(1)"],
)
def test_what_is_no_address_says_so(gateway: WebhookGateway, url: str) -> None:
    with pytest.raises(BrokenSetup, match="no web address"):
        gateway.bring(ORDER, at(url))


def test_nobody_there_is_not_confirmed(gateway: WebhookGateway) -> None:
    with pytest.raises(NotConfirmed, match="cannot be reached"):
        gateway.bring(ORDER, at("http://127.0.0.1:9/"))


@pytest.mark.parametrize("inside", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fd00::1"])
def test_no_order_goes_inside_unless_that_is_allowed(shop: Shop, inside: str) -> None:
    found = ["93.184.216.34", inside]
    guarded = WebhookGateway(
        SECRET,
        outgoing=Outgoing(Bounds(plain_allowed=True), resolve=lambda _host, _port: found),
    )
    with pytest.raises(BrokenSetup, match=r"inside this network|hand out keys"):
        guarded.bring(ORDER, at(shop.url))
    assert shop.orders == []


def test_each_connection_has_its_own_address_and_secret(shop: Shop) -> None:
    shop.said = b'{"state": "confirmed", "proof": "till blocked"}'
    connections = {
        name: Connection(id=name, adapter="webhook", values={"url": url, "secret": f"of {name}"})
        for name, url in (("wms", shop.url), ("other", "http://127.0.0.1:9/"))
    }
    tools = Tools(
        journal=FakeJournal(),
        desired=FakeHolds(),
        articles=lambda _ids: {},
        bounds=Bounds(inside_allowed=True),
    )
    named = replace(at("wms"), adapter="webhook")
    assert gateway_of(connections, tools).bring(ORDER, named).state == "confirmed"
    ((headers, body),) = shop.orders
    signed_at, signature = (part.split("=")[1] for part in headers["andon-signature"].split(","))
    expected = hmac.new(b"of wms", f"{signed_at}.".encode() + body, hashlib.sha256).hexdigest()
    assert signature == expected
    with pytest.raises(BrokenSetup, match="nowhere"):
        gateway_of(connections, tools).bring(ORDER, replace(named, address="nowhere"))
