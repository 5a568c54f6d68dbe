"""What the files of single shops share: whose goods a number means, which connection, which answer.

What belongs here: what is the same whatever the shop's own protocol. What never does: a protocol.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Never
from urllib.parse import urlsplit

from domain.errors import BrokenSetup, NotConfirmed
from domain.gtin import LENGTHS
from integrations.channels import Address
from integrations.connections import Article, Connection
from integrations.outgoing import Answer, Bounds, checked_url, quoted

PAGES: Final = 1000
"""Pages of one list that are read; a list that goes on after them has no end."""

SHOP_ANSWER: Final = 8 * 1024 * 1024
"""Bytes of one page of a shop that are read."""

NOTE: Final = "Held back by Andon: a safety check of a product in this order ({incident}{drill})."
_KEY: Final = re.compile(r"[\x21-\x7e]{1,500}")
_BUSY: Final = "It is busy; tried again."


class Goods:
    """Products of ours, by the numbers under which a shop may list them."""

    def __init__(self, articles: Iterable[Article]) -> None:
        """Keep whose each number is; two products may share one."""
        self._of: dict[str, list[str]] = {}
        self.numbers: tuple[str, ...] = ()
        found: dict[str, None] = {}
        for article in articles:
            for number in article.numbers:
                found.update(dict.fromkeys(spellings(number)))
                self._of.setdefault(_plain(number), []).append(article.product)
        self.numbers = tuple(found)

    def named(self, *numbers: object) -> list[str]:
        """Give the products that any of these numbers means."""
        found = [
            product
            for number in numbers
            if isinstance(number, str) and number.strip()
            for product in self._of.get(_plain(number), ())
        ]
        return list(dict.fromkeys(found))


def spellings(number: str) -> Iterator[str]:
    """Give a number as shops write it: a GTIN with and without the zeros in front."""
    yield number
    if _is_gtin(number):
        digits = number.lstrip("0")
        yield from (digits.zfill(length) for length in LENGTHS if len(digits) <= length)


def _plain(number: str) -> str:
    text = number.strip().casefold()
    return text.zfill(max(LENGTHS)) if _is_gtin(text) else text


def _is_gtin(number: str) -> bool:
    return number.isascii() and number.isdigit() and len(number) in LENGTHS


def connection_of(connections: Mapping[str, Connection], address: Address) -> Connection:
    """Give the connection that a channel names. Raises BrokenSetup when there is none."""
    found = connections.get(address.address)
    if found is None:
        raise BrokenSetup(
            f"{address.name} names the connection {address.address!r:.60}, which is not there.",
            "Write its id from the file of connections as the channel's address.",
        )
    return found


def key_of(connection: Connection, name: str) -> str:
    """Give a key. Raises BrokenSetup, without it, when it has signs that no key has."""
    key = connection.value(name).strip()
    if not _KEY.fullmatch(key):
        raise BrokenSetup(
            f"Connection {connection.id} has signs in {name} that no key has.",
            "Copy it again from the shop into the file of connections.",
        )
    return key


def home_of(connection: Connection, name: str, bounds: Bounds) -> str:
    """Give a shop's web address without a slash at its end; a bare name is an https address.

    It takes a key along: plain HTTP is for systems inside, where those are allowed. Raises
    BrokenSetup.
    """
    plain_allowed = bool(bounds.inside_allowed)
    text = connection.value(name).strip()
    url = checked_url(text if "://" in text else f"https://{text}", plain_allowed=plain_allowed)
    parts = urlsplit(url)
    if parts.query or parts.fragment:
        raise BrokenSetup(
            f"Connection {connection.id} has more than an address in {name}.",
            "Write the address of the shop without ? and #.",
        )
    return url.rstrip("/")


def batches(numbers: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Give numbers in groups that fit into one question."""
    for start in range(0, len(numbers), size):
        yield numbers[start : start + size]


def refused(name: str, answer: Answer, said: object, secrets: Iterable[str]) -> Never:
    """Raise what a status other than success means, in words for people; a key is in none."""
    status = answer.status
    if status in (401, 403):
        raise BrokenSetup(
            f"{name} answered {status}: its key is not taken any more, or may not do this.",
            "Give a new one in the file of connections.",
        )
    if status == 429:
        raise busy(name)
    if 300 <= status < 400:
        raise BrokenSetup(
            f"{name} sends requests elsewhere ({status}); none is sent on.",
            "Write the shop's own address in the file of connections.",
        )
    told = quoted(said, secrets)
    raise NotConfirmed(
        f"{name} answered {status}{': ' if told else ''}{told}.", "It is tried again."
    )


def busy(name: str) -> NotConfirmed:
    """Give the error of a shop that takes no more requests for now."""
    return NotConfirmed(f"{name} takes no more requests now.", _BUSY)


def endless(name: str) -> NotConfirmed:
    """Give the error of a list that does not end."""
    return NotConfirmed(
        f"{name} gave a list that does not end.", "Its system is at fault: call the channel."
    )


def unchanged(name: str, item: str) -> NotConfirmed:
    """Give the error of a change that a shop said it made, and did not."""
    return NotConfirmed(
        f"{name} took the change of {item} and did not make it.", "It is tried again."
    )


def moved(name: str, item: str) -> NotConfirmed:
    """Give the error of an item that became another while it was looked at."""
    return NotConfirmed(f"{name} changed {item} in this moment.", "It is looked at anew.")


def note_of(incident: str, drill: str) -> str:
    """Give the words that people of the shop find beside an order that was held back."""
    return NOTE.format(incident=incident, drill=f", drill {drill}" if drill else "")
