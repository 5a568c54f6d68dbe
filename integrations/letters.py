"""Letters of orders: what an adapter may ask of this installation to write to a channel.

What belongs here: the port to the words and to the outbox, where every letter stands. What never
does: the words (activities/order_letters.py), or a mail server (adapter_email.py).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.envelope import ChannelOrder
from domain.errors import BrokenSetup
from integrations.channels import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLetter:
    """An order in words, for a channel that is written to."""

    subject: str
    body: str


class Became(StrEnum):
    """Where a letter stands in the outbox, by the words of its page."""

    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    LATER = "later"
    UNSURE = "unsure"
    BOUNCED = "bounced"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLetter:
    """A letter as it was written the first time, so that it is the same each time it goes out.

    `is_ours`: it is to be handed over now, and nobody else does it at this moment. Otherwise
    `state` says where it stands, and `reason` what was noted of it. `mark` stands in the address to
    which mail servers report that it did not arrive.
    """

    letter: OrderLetter
    message_id: str
    written_at: datetime
    is_ours: bool
    state: str
    reason: str = ""
    mark: str = ""


class Letters(Protocol):
    """The letters of one installation."""

    def claim(self, order: ChannelOrder, address: Address, message_id: str) -> KeptLetter:
        """Write an order's letter once, and claim it for sending where nobody has it in hand."""

    def note(self, effect_key: str, state: Became, reason: str) -> None:
        """Note what became of a letter that was claimed."""

    def stands(self, effect_key: str) -> tuple[str, str]:
        """Say where a letter stands, and what was noted of it; nothing where there is none."""


class NoLetters:
    """An installation that writes none."""

    def claim(self, _order: ChannelOrder, _address: Address, _message_id: str) -> KeptLetter:
        """Refuse: there is no outbox."""
        raise BrokenSetup("No letter can be written here.", "Use another adapter.")

    def note(self, effect_key: str, state: Became, reason: str) -> None:
        """Note nothing."""

    def stands(self, _effect_key: str) -> tuple[str, str]:
        """Know of none."""
        return "", ""
