"""A signed head that was kept outside, and up to where a record agrees with it.

What belongs here: the two values. What never does: holding one against a record
(services/dossier_heads.py, services/verifying_heads.py), or words for people (cli/).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

LOG: Final = "log"
"""The ledger that is the company's log."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A head that was kept outside: what the reader calls it, its text, and the folder it is from.

    A folder holds heads of many ledgers: those of others are passed over, and of one ledger the
    first that disagrees is named. Without `folder` it was named by itself.
    """

    name: str
    text: str
    folder: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """A witness that agrees: of which ledger, up to which entry."""

    name: str
    ledger: str
    size: int
    folder: str = ""


def furthest(agreed: Iterable[Agreed]) -> list[tuple[Agreed, int]]:
    """Give the furthest of each witness or folder and ledger, and how many of it agree."""
    found: dict[tuple[str, str], list[Agreed]] = {}
    for one in agreed:
        found.setdefault((one.folder or one.name, one.ledger), []).append(one)
    return [(max(many, key=lambda one: one.size), len(many)) for many in found.values()]
