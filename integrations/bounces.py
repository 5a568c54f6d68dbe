"""Delivery reports (RFC 3464): which message one is about, and what it says.

What belongs here: the mark in a return path, which nobody can make for another newsroom, and
reading a report that anybody may have sent. What never does: what is recorded of it
(services/bouncing.py). A report is hostile until its mark is checked: little of it is read, and
nothing of it is shown but one cleaned line.
"""

import base64
import hmac
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from typing import Final

from domain.canonical import sha256_hex
from domain.errors import Malformed
from integrations.key_ring import KeyRing, Purpose
from integrations.press_mail import cleaned

READ_AT_MOST: Final = 256 * 1024
"""Bytes of one mail that are read: what a report says stands before the message it returns."""
PARTS_AT_MOST: Final = 50
ACTIONS: Final = frozenset({"failed", "delayed", "delivered", "relayed", "expanded"})

_KEY_OF: Final = b"andon/bounce/1"
_ID_HEX: Final = 24
_MARK: Final = re.compile(r"[0-9a-f]{24}[a-z2-7]{16}")
_TO_US: Final = ("To", "Delivered-To", "X-Original-To", "Envelope-To")
_HEADERS_READ: Final = 4_000


class Marks:
    """Marks of messages: which one it is, and a proof by a key of the key ring."""

    def __init__(self, ring: KeyRing) -> None:
        """Keep the ring: a mark outlives the rotation of its key."""
        self._ring = ring

    def mark(self, effect_key: str) -> str:
        """Give the mark of a message: the beginning of its id, and 80 bits that prove it."""
        return _marked(self._ring.current(Purpose.LINK).secret, effect_key)

    def is_true(self, mark: str, effect_key: str) -> bool:
        """Say whether a mark is the one of a message, by any key there was."""
        made = (_marked(key.secret, effect_key) for key in self._ring.all(Purpose.LINK))
        return any(hmac.compare_digest(one, mark) for one in made)


def message_of(mark: str) -> str:
    """Give the id of the message in the outbox that a mark names; it proves nothing yet."""
    return mark[:_ID_HEX]


def _marked(secret: bytes, effect_key: str) -> str:
    key = hmac.digest(secret, _KEY_OF, "sha256")
    proof = base64.b32encode(hmac.digest(key, effect_key.encode(), "sha256")[:10])
    return sha256_hex(effect_key.encode())[:_ID_HEX] + proof.decode().lower()


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What a report says of the message of a mark; `said` is one line without any address."""

    mark: str
    action: str
    said: str


def read_report(raw: bytes, sender: str) -> DeliveryReport | None:
    """Read a delivery report about a mail of `sender`; None for whatever else somebody wrote.

    Raises Malformed for a report with a mark that cannot be one, or that says nothing we know.
    """
    try:
        message = message_from_bytes(raw[:READ_AT_MOST], policy=compat32)
        blocks = list(_status_blocks(message))
        mark = _mark_in(message, sender)
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise Malformed(
            f"This mail cannot be read ({type(error).__name__}).", "Look at it by hand."
        ) from error
    if not blocks or mark is None:
        return None
    if not _MARK.fullmatch(mark):
        raise _forged()
    return _summed(mark, blocks)


def _forged() -> Malformed:
    return Malformed(
        "This report carries a mark that is none of ours: it was refused.",
        "Look at it by hand; somebody may have made it up.",
        code="forged",
    )


def require_true(marks: Marks, mark: str, effect_key: str) -> None:
    """Refuse a mark that is not the one of this message. Raises Malformed."""
    if not marks.is_true(mark, effect_key):
        raise _forged()


def _status_blocks(message: Message) -> Iterator[Message]:
    """Give what is said of each reader: the blocks of the delivery-status part after its first."""
    if message.get_content_type() != "multipart/report":
        return
    for part in _parts(message):
        if part.get_content_type() == "message/delivery-status":
            yield from (one for one in _parts(part) if one.get("Action"))


def _parts(message: Message) -> list[Message]:
    """Give the parts of a part, not too many; none where its form is broken."""
    parts = message.get_payload()
    if not isinstance(parts, list):
        return []
    return [one for one in parts[:PARTS_AT_MOST] if isinstance(one, Message)]


def _mark_in(message: Message, sender: str) -> str | None:
    """Find the mark in the address that a report was sent to: our own, with `+mark` in it."""
    local, _, domain = sender.lower().rpartition("@")
    begins, ends = r"(?<![^\s<,:;\"])", r"(?![\w.-])"
    between = rf"{re.escape(local)}\+([^@\s<>+]{{1,80}})@{re.escape(domain)}"
    ours = re.compile(f"{begins}{between}{ends}")
    told = " ".join(
        str(value)[:_HEADERS_READ] for name in _TO_US for value in message.get_all(name, [])[:5]
    )
    found = ours.search(told.lower())
    return found.group(1) if found else None


def _summed(mark: str, blocks: Iterable[Message]) -> DeliveryReport:
    """Take the worst that is said: a mark stands for one newsroom, whoever reads there."""
    said = [(_action(block), block) for block in blocks]
    for action in ("failed", "delayed", "relayed", "expanded", "delivered"):
        for told, block in said:
            if told == action:
                return DeliveryReport(mark, action, _said(block))
    raise Malformed(
        "This report says neither that a mail failed nor that it was delivered.",
        "Look at it by hand.",
    )


def _action(block: Message) -> str:
    """Read the action, a comment behind it left out."""
    word = str(block.get("Action", "")).split("(")[0].strip().lower()
    return word if word in ACTIONS else ""


def _said(block: Message) -> str:
    status = str(block.get("Status", "")).split("(")[0].strip()
    diagnostic = str(block.get("Diagnostic-Code", ""))[:_HEADERS_READ]
    _, _, words = diagnostic.partition(";")
    return cleaned(f"{status} {words or diagnostic}")
