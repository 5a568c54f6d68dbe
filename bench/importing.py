"""An import that never ends: invented traceability events, written as an import writes them.

What belongs here: `python -m bench.importing HOME FIRST`, until it is stopped. What never does:
another way to write than storage.bulk's own.
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from services.settings import Settings
from storage.bulk import TraceEvent, append_events
from storage.database import open_database


def endless(first: int) -> Iterator[TraceEvent]:
    """Give shipping events, each with the size that such an event has (some 600 bytes)."""
    now = datetime.now(UTC)
    for n in count(first):
        packs = [f"urn:epc:id:sgtin:9521234.{n % 100000:05}.{serial}" for serial in range(8)]
        yield TraceEvent(
            event_id=f"ni:///sha-256;{n:064x}",
            kind="ObjectEvent",
            happened_at=now,
            body={"action": "OBSERVE", "bizStep": "shipping", "epcList": packs, "number": n},
        )


if __name__ == "__main__":
    database = open_database(Settings(home=Path(sys.argv[1])).sqlalchemy_url)
    append_events(database.bulk, endless(int(sys.argv[2])))
