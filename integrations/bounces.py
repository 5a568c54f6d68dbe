"""Delivery reports (RFC 3464): which message one is about, and what it says.

What belongs here: the mark in a return path, which nobody can make for another newsroom, and
reading a report that anybody may have sent. What never does: what is recorded of it
(services/bouncing.py). A report is hostile until its mark is checked: little of it is read, and
nothing of it is shown but one cleaned line. Python's parser meets its heads alone: of parts within
parts it takes time that grows with their square, and no report of ours has any.
"""

import base64
import hmac
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from typing import Final

from domain.canonical import sha256_hex
from domain.errors import Malformed
from integrations.key_ring import KeyRing, Purpose
from integrations.press_mail import cleaned

READ_AT_MOST: Final = 256 * 1024
"""Bytes of one mail that are read: what a report says stands before the message it returns."""
PARTS_AT_MOST: Final = 50
"""Parts of a mail that are looked at, and of its report the blocks, one for each reader."""
ACTIONS: Final = frozenset({"failed", "delayed", "delivered", "relayed", "expanded"})

_KEY_OF: Final = b"andon/bounce/1"
_ID_HEX: Final = 24
_MARK: Final = re.compile(r"[0-9a-f]{24}[a-z2-7]{16}")
_TO_US: Final = ("To", "Delivered-To", "X-Original-To", "Envelope-To")
_HEADERS_READ: Final = 4_000
_HEAD_AT_MOST: Final = 64 * 1024
_FORM_AT_MOST: Final = 1_000
"""Characters of a Content-Type: Python reads its quotation marks in the square of their number."""


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
        head, body = _parted(raw[:READ_AT_MOST].splitlines())
        blocks = list(_status_blocks(head, body))
        mark = _mark_in(head, sender)
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


Lines = list[bytes]


def _parted(lines: Lines) -> tuple[Message, Lines]:
    """Read the head before the first empty line, and give the lines behind it."""
    ends = next((number for number, line in enumerate(lines) if not line), len(lines))
    return _head(lines[:ends]), lines[ends + 1 :]


def _head(lines: Lines) -> Message:
    return BytesHeaderParser(policy=compat32).parsebytes(b"\n".join(lines)[:_HEAD_AT_MOST])


def _form(head: Message) -> str:
    """Give the type of a part. Raises Malformed where it is longer than any program writes it."""
    if len(str(head.get("Content-Type", ""))) > _FORM_AT_MOST:
        raise Malformed(
            f"A part of this mail says what it is in more than {_FORM_AT_MOST} characters.",
            "Look at it by hand; somebody may have made it up.",
        )
    return head.get_content_type()


def _status_blocks(head: Message, body: Lines) -> Iterator[Message]:
    """Give what is said of each reader: the blocks of the delivery-status part after its first."""
    if _form(head) != "multipart/report":
        return
    for part in _parts(body, str(head.get_boundary("")).encode("utf-8", "surrogateescape")):
        of, inside = _parted(part)
        if _form(of) == "message/delivery-status":
            yield from (one for one in map(_head, _blocks(inside)) if one.get("Action"))


def _parts(body: Lines, boundary: bytes) -> list[Lines]:
    """Give the parts between the lines of a boundary, not too many; none without a boundary."""
    begins, ends = b"--" + boundary, b"--" + boundary + b"--"
    found: list[Lines] = []
    for line in body:
        if boundary and line.startswith(begins):
            if line.rstrip() == ends or len(found) == PARTS_AT_MOST:
                break
            if line.rstrip() == begins:
                found.append([])
                continue
        if found:
            found[-1].append(line)
    return found


def _blocks(lines: Lines) -> list[Lines]:
    """Give the blocks between empty lines, not too many."""
    found: list[Lines] = [[]]
    for line in lines:
        if line:
            found[-1].append(line)
        elif len(found) == PARTS_AT_MOST:
            break
        elif found[-1]:
            found.append([])
    return found


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
