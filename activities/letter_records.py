"""Letters of orders in the outbox: written once, claimed by one process at a time.

What belongs here: the port of integrations/letters.py over the database. What never does: the words
(order_letters.py), or a mail server.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.engine import Engine

from activities import moment
from activities.order_letters import OrderLetters
from domain.envelope import ChannelOrder
from domain.errors import NotFound
from domain.wire import instant_text
from integrations.channels import Address
from integrations.letters import Became, KeptLetter, OrderLetter
from storage import outbox
from storage.outbox import Message

AUDIENCE: Final = "channel"

IN_HAND: Final = timedelta(minutes=2)
"""How long a letter is in somebody's hand: it takes 30 seconds, or its process died."""


def letter_row(
    order: ChannelOrder, address: Address, letter: OrderLetter, now: datetime
) -> Message:
    """Give a letter as the outbox keeps it: shown, not sent."""
    return Message(
        effect_key=order.effect_key,
        incident=order.incident,
        audience=AUDIENCE,
        channel="email",
        recipient=address.address or address.name,
        language=address.language,
        created_at=now,
        subject=letter.subject,
        body=letter.body,
    )


class StoredLetters:
    """The letters of one installation."""

    def __init__(
        self, engine: Engine, bulk: Engine, mark: Callable[[str], str] = lambda _key: ""
    ) -> None:
        """Keep the engines of lists and outbox; `mark` is what proves a letter to be ours."""
        self._words = OrderLetters(engine)
        self._bulk = bulk
        self._mark = mark

    def claim(self, order: ChannelOrder, address: Address, message_id: str) -> KeptLetter:
        """Write an order's letter once, and claim it where nobody has it in hand."""
        now = moment.now()
        written = letter_row(order, address, self._words.write(order, address), now)
        row = replace(
            written, state=Became.SENDING, message_id=message_id, reason=instant_text(now)
        )
        is_ours, kept = outbox.claim_letter(self._bulk, row, instant_text(now - IN_HAND))
        return KeptLetter(
            letter=OrderLetter(subject=kept.subject, body=kept.body),
            message_id=kept.message_id or message_id,
            written_at=kept.created_at,
            is_ours=is_ours,
            state=kept.state,
            reason=kept.reason,
            mark=self._mark(order.effect_key),
        )

    def note(self, effect_key: str, state: Became, reason: str) -> None:
        """Note what became of a letter that was claimed."""
        outbox.set_state(self._bulk, effect_key, state, reason)

    def stands(self, effect_key: str) -> tuple[str, str]:
        """Say where a letter stands, and what was noted of it."""
        with suppress(NotFound):
            kept = outbox.message(self._bulk, outbox.id_of(effect_key))
            return kept.state, kept.reason
        return "", ""
