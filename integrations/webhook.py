"""Orders by signed webhook: for shops and warehouses that take HTTP.

What belongs here: one request, its signature, and how its answer is read. What never does:
retries (Temporal's), or a redirect followed: an order goes where the plan says or nowhere.

The body is canonical JSON: what must stop, for systems, and what is said to people there. The page
where an order is answered is not in it: whoever has its address may answer, and a body may travel
unencrypted. `Andon-Signature: t=<unix seconds>,v1=<hex>` is HMAC-SHA256 over
`<t>.<body>` with the channel's secret; `Idempotency-Key` is the effect key. The receiver answers
2xx with `{"state": "accepted" | "confirmed" | "refused", "proof": "...", "error": "..."}`.
"""

import hashlib
import hmac
import json
import time
from dataclasses import replace
from typing import Final

from domain.canonical import canonical
from domain.envelope import ChannelOrder, ChannelReply
from domain.errors import NotConfirmed
from integrations.channels import ALL_HELD, Address
from integrations.outgoing import Bounds, Outgoing

ANSWER_LIMIT: Final = 64 * 1024
"""Bytes of an answer that are read."""

STATES = frozenset({"accepted", "confirmed", "refused"})


def way_out(bounds: Bounds) -> Outgoing:
    """Give the way on which orders go; it reads the machine's certificates, so one serves all."""
    # An order holds no key, and its signature none either: plain HTTP changes nothing of that.
    return Outgoing(replace(bounds, plain_allowed=True, at_most=ANSWER_LIMIT))


class WebhookGateway:
    """Speaks to channels that take signed HTTP orders."""

    def __init__(
        self, secret: bytes, *, bounds: Bounds | None = None, outgoing: Outgoing | None = None
    ) -> None:
        """Keep the signing secret, and how requests are bounded."""
        self._secret = secret
        self._outgoing = outgoing or way_out(bounds or Bounds())

    def bring(self, order: ChannelOrder, address: Address) -> ChannelReply:
        """Send one order. Raises NotConfirmed when the channel is not to be had now.

        Of goods that may be sold again it names none that something else still stops there.
        """
        if order.is_all_held:
            return ALL_HELD
        stay = {*order.kept, *order.held}
        body = canonical(
            {
                "action": order.action,
                "answer_by": order.answer_by,
                "channel": order.channel,
                "contact": order.contact,
                "drill": order.drill,
                "goods": order.goods,
                "handling": order.handling,
                "incident": order.incident,
                "kept_lots": sorted(stay),
                "language": order.language,
                "level": order.level,
                "lots": [lot for lot in order.lots if lot not in stay],
                "order": order.order,
                "products": [one for one in order.products if one not in order.held_products],
                "text": order.text,
                "title": order.title,
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
        answer = self._outgoing.send(address.name, "POST", address.address, headers, body)
        return answer.status, answer.body


def _read(address: Address, status: int, said: bytes) -> ChannelReply:
    if status >= 500 or status == 429:
        raise NotConfirmed(f"{address.name} answered {status}.", "It is tried again.")
    if not 200 <= status < 300:
        return ChannelReply("refused", error=f"{address.name} answered {status}.")
    try:
        answer = json.loads(said or b"{}")
        state = answer.get("state", "accepted")
        proof, error = str(answer.get("proof", ""))[:300], str(answer.get("error", ""))[:300]
    except (ValueError, AttributeError, RecursionError):
        return ChannelReply("accepted", proof=f"answered {status}")
    if not isinstance(state, str) or state not in STATES:
        return ChannelReply("refused", error=f"{address.name} answered {state!r:.40}.")
    return ChannelReply(state, proof or f"answered {status}", error)
