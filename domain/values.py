"""The typed values that messages are made of: texts, identifiers, references.

What belongs here: a value that says what it is wherever it travels. What never does: a message,
a rule, or a store.
"""

from dataclasses import dataclass
from typing import Any, NewType


class PublicText(str):
    """Text that may be shown to anyone who may see the incident; stored in the ledger as it is."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class PrivateText:
    """Text about a person: the ledger holds its vault id and a salted commitment, never the words.

    `subject` is the pseudonym whose key opens it; destroying that key erases the words while the
    tree still verifies.
    """

    ref: str
    commitment: str
    subject: str


Json = dict[str, Any]
"""A JSON object that is carried as it is (a proposed command inside an event)."""

ProductId = NewType("ProductId", str)
LotNumber = NewType("LotNumber", str)
ChannelId = NewType("ChannelId", str)
ConsigneeId = NewType("ConsigneeId", str)
PersonId = NewType("PersonId", str)
BlobId = NewType("BlobId", str)
"""SHA-256 of evidence bytes, hexadecimal."""

EVERY_LOT = "ALL"
"""How a list in a file says that every lot is meant: no lot is numbered so."""

REFERENCES: dict[object, str] = {
    ProductId: "product",
    LotNumber: "lot",
    ChannelId: "channel",
    ConsigneeId: "consignee",
    PersonId: "person",
    BlobId: "evidence",
}
"""Which identifiers must exist in the company's own lists before a command leaves the API."""

UNITS_AT_MOST = 1_000_000_000
"""More of one lot was never made: a count beyond it is a slip of the finger. It is held against
what comes in, from a person, a channel or a file, never against what is recorded already."""

CASE_MARK = "CASE-"
"""Stands in the number of every after-sales case, in exercises too, and in no incident's."""


def is_case(stream_id: str) -> bool:
    """Say whether a number is that of an after-sales case, not of an incident."""
    return CASE_MARK in stream_id


def stream_of(workflow_id: str) -> str:
    """Give the number whose family a workflow is of: `INC-2026-0007/halt/3` → INC-2026-0007."""
    return workflow_id.partition("/")[0]
