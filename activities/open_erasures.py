"""Requests to erase that wait for legal: told by letter, once each.

What belongs here: reading the open requests out of the company's log, and the message about one.
What never does: a rule (domain/erasure.py), or confirming anything. A letter holds the number of
the request and its times, and not a word about the person: what is erased stands on the page alone.

The round tells it and not whoever asked: a process that dies after the line was written, or a
request that is filed on the terminal, reaches legal all the same.
"""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Engine

from domain.envelope import Told, Wire
from domain.erasure import (
    ASKED,
    ASKS,
    CONFIRMS,
    ENDS,
    TIMELY_IN,
    Basis,
    answered_by,
)
from domain.market_clocks import MARKET_ZONES
from domain.wire import instant_text
from storage import company
from storage.company import LogLine

KIND = "erasure_asked"


def open_erasures(engine: Engine) -> Iterator[Told]:
    """Give the message about each request that nobody confirmed or withdrew, the oldest first."""
    waiting: dict[str, LogLine] = {}
    for line in company.lines_of(engine, (ASKED, *ENDS)):
        if line.type == ASKED:
            waiting[f"E{line.seq}"] = line
        else:
            waiting.pop(str(line.body["erasure"]), None)
    for name, line in waiting.items():
        yield _told(name, line)


def _told(name: str, line: LogLine) -> Told:
    body: Wire = {
        "kind": KIND,
        "roles": [str(role) for role in (*CONFIRMS, *ASKS)],
        "deputies": True,
        "request": name,
    }
    zone = ZoneInfo(MARKET_ZONES[TIMELY_IN])
    due_at = answered_by(Basis(line.body["basis"]), line.at, zone)
    if due_at is not None:
        body |= {"due_at": instant_text(due_at), "in_market": TIMELY_IN}
    return Told(f"erasure:{name}:asked", "", "", body)
