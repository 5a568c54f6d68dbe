"""How many entries of an incident are counsel's, for whoever takes the record away.

What belongs here: counting them. What never does: which are (domain/counsel.py), or their words.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress

from domain.counsel import counsels_acts, counsels_types, is_counsels
from domain.errors import NotWhole
from domain.ledger import Entry, read_numbered
from services.house import House
from storage import streams


def counsels_entries(house: House, incident: str, size: int) -> int:
    """Count counsel's among the first `size` entries; what cannot be read is passed over."""
    rows = streams.entries_of_types(house.engine, incident, counsels_types(), size)
    found = list(_readable(rows))
    acts = counsels_acts(one.event for one in found)
    return sum(is_counsels(one.event, acts) for one in found)


def _readable(rows: Iterable[streams.EntryRow]) -> Iterator[Entry]:
    for row in rows:
        with suppress(NotWhole):
            yield read_numbered(row.stream, row.seq, row.content)
