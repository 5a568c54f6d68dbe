"""Orders by signed webhook: for shops and warehouses that take HTTP.

What belongs here: one request, its signature, and how its answer is read. What never does:
retries (Temporal's), or a redirect followed: an order goes where the plan says or nowhere.

The body is canonical JSON. `Andon-Signature: t=<unix seconds>,v1=<hex>` is HMAC-SHA256 over
`<t>.<body>` with the channel's secret; `Idempotency-Key` is the effect key. The receiver answers
2xx with `{"state": "accepted" | "confirmed" | "refused", "proof": "...", "error": "..."}`.
"""

import hashlib
import hmac
import ipaddress
import json
import socket
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx2

from domain.canonical import canonical
from domain.envelope import ChannelOrder, ChannelReply
from domain.errors import BrokenSetup, NotConfirmed
from integrations.channels import Address

ANSWER_LIMIT = 64 * 1024
"""Bytes of an answer that are read."""

TIMEOUT_S = 20
STATES = frozenset({"accepted", "confirmed", "refused"})


def _resolve(host: str, port: int) -> list[str]:
    return sorted({str(info[4][0]) for info in socket.getaddrinfo(host, port)})


class WebhookGateway:
    """Speaks to channels that take signed HTTP orders."""

    def __init__(
        self,
        secret: bytes,
        *,
        inside_allowed: bool = False,
        client: httpx2.Client | None = None,
        resolve: Callable[[str, int], list[str]] = _resolve,
    ) -> None:
        """Keep the signing secret; `inside_allowed` lets addresses of this network pass."""
        self._secret = secret
        self._inside_allowed = inside_allowed
        self._client = client or httpx2.Client(timeout=TIMEOUT_S, follow_redirects=False)
        self._resolve = resolve

    def bring(self, order: ChannelOrder, address: Address) -> ChannelReply:
        """Send one order. Raises NotConfirmed when the channel is not to be had now."""
        self._check(address.address)
        body = canonical(
            {
                "action": order.action,
                "channel": order.channel,
                "drill": order.drill,
                "incident": order.incident,
                "kept_lots": list(order.kept),
                "level": order.level,
                "lots": list(order.lots),
                "order": order.order,
                "products": list(order.products),
            }
        )
        return _read(address, *self._send(address, body, order.effect_key))

    def _send(self, address: Address, body: bytes, effect_key: str) -> tuple[int, bytes]:
        at = str(int(time.time()))
        signature = hmac.new(self._secret, at.encode() + b"." + body, hashlib.sha256).hexdigest()
        headers = {
            "content-type": "application/json",
            "idempotency-key": effect_key,
            "andon-signature": f"t={at},v1={signature}",
        }
        try:
            with self._client.stream(
                "POST", address.address, content=body, headers=headers
            ) as answer:
                said = b""
                for part in answer.iter_bytes():
                    said += part
                    if len(said) > ANSWER_LIMIT:
                        raise NotConfirmed(
                            f"{address.name} answered with more than {ANSWER_LIMIT} bytes.",
                            "Its webhook is at fault: call the channel.",
                        )
                return answer.status_code, said
        except httpx2.HTTPError as error:
            raise NotConfirmed(
                f"{address.name} cannot be reached ({type(error).__name__}).",
                "It is tried again; call the channel if it stays so.",
            ) from error

    def _check(self, url: str) -> None:
        host, port = _host_of(url)
        if self._inside_allowed:
            return
        try:
            found = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise NotConfirmed(
                f"{host} has no address now.", "Check the name; it is tried again."
            ) from error
        for text in found:
            if not ipaddress.ip_address(text).is_global:
                raise BrokenSetup(
                    f"{host} leads to {text}, which is inside this network.",
                    "Orders go outside only, unless ANDON_ALLOW_INSIDE is set.",
                )


def _host_of(url: str) -> tuple[str, int]:
    """Give host and port of a web address. Raises BrokenSetup when it is none."""
    try:
        parts = urlsplit(url)
        if parts.scheme in ("https", "http") and parts.hostname:
            return parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        pass  # a bracket left open, a port out of range: told below
    raise BrokenSetup(f"{url!r:.80} is no web address.", "Correct the channel's address.")


def _read(address: Address, status: int, said: bytes) -> ChannelReply:
    if status >= 500 or status == 429:
        raise NotConfirmed(f"{address.name} answered {status}.", "It is tried again.")
    if not 200 <= status < 300:
        return ChannelReply("refused", error=f"{address.name} answered {status}.")
    try:
        answer = json.loads(said or b"{}")
        state = answer.get("state", "accepted")
        proof, error = str(answer.get("proof", ""))[:300], str(answer.get("error", ""))[:300]
    except (ValueError, AttributeError):
        return ChannelReply("accepted", proof=f"answered {status}")
    if not isinstance(state, str) or state not in STATES:
        return ChannelReply("refused", error=f"{address.name} answered {state!r:.40}.")
    return ChannelReply(state, proof or f"answered {status}", error)
