"""The installation itself: its log of what belongs to no incident, and its few facts.

What belongs here: sign-ins, erasures, dossiers taken away, settings that the database must know
(demo or not). What never does: anything that belongs to an incident's ledger.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from storage.company_tree import append, hold_still
from storage.engine import read, write
from storage.inserting import insert_new, put
from storage.schema import company_log, meta

_LINE = (company_log.c.seq, company_log.c.at, company_log.c.type, company_log.c.body)

DEMO = "demo"
"""The fact that this database holds the demo company; set once, when it is made."""


ADOPTED_RULES = "rules.adopted"
"""Under this fact stands the hash of the rules that new incidents start with."""

CHANNELS_LISTED = "channels.listed"
"""The channels of the list that was adopted last, as incidents hear of them."""

CHANNELS_TOLD = "channels.told"
"""The hash of the list that open incidents have heard of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One line of the company's log."""

    seq: int
    at: datetime
    type: str
    body: Any


def log(engine: Engine, at: datetime, kind: str, body: dict[str, Any]) -> int:
    """Append a line and give its number; numbers run without gaps."""
    with write(engine) as connection:
        return append(connection, at, kind, body)


def log_if(
    engine: Engine, at: datetime, kind: str, body: dict[str, Any], still: Callable[[], bool]
) -> int | None:
    """Append a line where `still` says so while nobody else appends; None where it does not.

    Of two who start at once, and both find that a line is missing, one writes it. `still` reads
    and never writes; what it raises leaves everything as it was.
    """
    with write(engine) as connection:
        hold_still(connection)
        return append(connection, at, kind, body) if still() else None


def change_fact(
    engine: Engine, key: str, values: tuple[str | None, str], at: datetime, kind: str, body: Any
) -> bool:
    """Set a fact with the line that tells of it, in one transaction; say whether that was done.

    `values` are what it is before and after: where somebody else has set it, nothing is done.
    """
    before, value = values
    with write(engine) as connection:
        hold_still(connection)
        now = connection.execute(sa.select(meta.c.value).where(meta.c.key == key)).scalar()
        if now != before:
            return False
        put(connection, meta, [{"key": key, "value": value}])
        append(connection, at, kind, body)
        return True


def read_log(
    engine: Engine, *, after: int = 0, kind: str | None = None, limit: int = 200
) -> list[LogLine]:
    """Give lines after a number, in order, of one type or all.

    A number is a safe cursor here: the counter's lock makes lines commit in their order.
    """
    statement = (
        sa.select(*_LINE).where(company_log.c.seq > after).order_by(company_log.c.seq).limit(limit)
    )
    if kind is not None:
        statement = statement.where(company_log.c.type == kind)
    with read(engine) as connection:
        return [LogLine(**row._asdict()) for row in connection.execute(statement)]


def lines_of(
    engine: Engine, kinds: Collection[str], *, naming: str = "", since: datetime | None = None
) -> list[LogLine]:
    """Give every line of some types, in order: for types of which there are few.

    `naming` leaves out in the database what does not name something (an incident's number) as a
    whole text anywhere in its body; of what is there already the caller looks where it stands.
    `since` leaves out what was written before.
    """
    statement = sa.select(*_LINE).where(company_log.c.type.in_(kinds)).order_by(company_log.c.seq)
    if since is not None:
        statement = statement.where(company_log.c.at >= since)
    if naming:
        # The bodies are JSON on both databases, and a number has no sign that JSON escapes.
        said = sa.cast(company_log.c.body, sa.Text)
        statement = statement.where(said.contains(f'"{naming}"', autoescape=True))
    with read(engine) as connection:
        return [LogLine(**row._asdict()) for row in connection.execute(statement)]


COMPANY: Final = "company"
"""What no list holds, as JSON: names, hotline, website, home market, own sites."""


ARCHIVED: Final = "history_archived"
"""A line for each run that ended: that its history was kept."""


def last_lines(engine: Engine, limit: int, *, but: Collection[str] = ()) -> list[LogLine]:
    """Give the last lines, the newest first, without those of the types `but`."""
    statement = sa.select(*_LINE).where(company_log.c.type.not_in(but))
    with read(engine) as connection:
        rows = connection.execute(statement.order_by(company_log.c.seq.desc()).limit(limit))
        return [LogLine(**row._asdict()) for row in rows]


def fact(engine: Engine, key: str) -> str | None:
    """Give a fact about the installation."""
    with read(engine) as connection:
        found: str | None = connection.execute(
            sa.select(meta.c.value).where(meta.c.key == key)
        ).scalar()
    return found


def set_fact(engine: Engine, key: str, value: str) -> None:
    """Set a fact, whatever it was."""
    with write(engine) as connection:
        put(connection, meta, [{"key": key, "value": value}])


def set_fact_once(engine: Engine, key: str, value: str) -> str:
    """Set a fact unless it is set, and give what it is (an installation's id, a first start)."""
    with write(engine) as connection:
        insert_new(connection, meta, {"key": key, "value": value})
        kept = connection.execute(sa.select(meta.c.value).where(meta.c.key == key)).scalar_one()
    return str(kept)


def is_demo(engine: Engine) -> bool:
    """Say whether this database holds the demo company."""
    return fact(engine, DEMO) == "yes"


def mark_demo(engine: Engine) -> None:
    """Mark a new database as the demo company's; there is no way to unmark it."""
    set_fact(engine, DEMO, "yes")
