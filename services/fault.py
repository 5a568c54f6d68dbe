"""One thing of the record that does not agree with another.

What belongs here: the value, and going on where a row cannot be read. What never does: finding one
(verifying*.py), or its words.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from domain.errors import Malformed


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that does not agree: `kind`, the entry it is about (0: none), and what of it."""

    kind: str
    seq: int = 0
    what: str = ""


def as_far_as_read(faults: Iterable[Fault]) -> Iterator[Fault]:
    """Give what is found; a row that cannot be read ends it, is a fault, and hides no other part.

    A database keeps what somebody writes into it: text where bytes should stand, a day that is
    none. Whoever writes that must not keep the rest from being verified.
    """
    try:
        yield from faults
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError, Malformed):
        yield Fault(kind="rows_unreadable")
