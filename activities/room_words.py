"""Words of inspector rooms: their parts, and how one acts by a link.

What belongs here: one word or short phrase per code. What never does: what a
part shows (api/pages/).
"""

from typing import Final

ROOM_PART: Final[dict[str, str]] = {
    "timeline": "Timeline",
    "report": "Report",
    "investigation": "Investigation",
    "halt": "Halt",
    "recall": "Recall",
    "statement": "Statements: how each came about",
    "notice": "Duties to authorities",
    "review": "Review",
    "statements": "Statements, word for word",
    "filings": "Filings to authorities, word for word",
    "evidence": "List of evidence",
    "ledger": "Ledger entries",
    "proofs": "Proofs of the ledger",
}

BY_LINK_METHOD: Final[dict[str, str]] = {
    "answer_link": "by the link of an order",
    "room_link": "by the link of a room",
}
