"""Held goods that were seen on sale where no order stops them, as the company's log has them.

What belongs here: reading the last line about each incident and channel. What never does: writing
one (activities/held_goods.py), or a table of its own: the log is the record.
"""

from sqlalchemy.engine import Engine

from storage import company
from storage.company import LogLine

SEEN = "HeldGoodsSeen"
GONE = "HeldGoodsGone"


def last_lines(engine: Engine) -> dict[tuple[str, str], LogLine]:
    """Give the last line about each incident and channel: seen, or gone again."""
    lines = company.lines_of(engine, (SEEN, GONE))
    return {(line.body["incident"], line.body["channel"]): line for line in lines}


def on_sale(engine: Engine, incident: str) -> list[LogLine]:
    """List what was seen on sale of one incident's goods and not gone since, by channel."""
    last = last_lines(engine)
    return [last[key] for key in sorted(last) if key[0] == incident and last[key].type == SEEN]
