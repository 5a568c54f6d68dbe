"""Time stamps of signed heads of the company's log, as authorities gave them.

What belongs here: keeping and giving back. What never does: asking for one (activities/stamps.py),
or believing one (integrations/stamp_proofs.py).

No line of the company's log tells of a stamp: the log would grow by being stamped, and never rest.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from storage.engine import read, write
from storage.heads import LOG
from storage.inserting import insert_new
from storage.schema import heads, stamps


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptStamp:
    """A stamp of the log's head over `size` lines: whose, when by its own clock, the answer."""

    size: int
    authority: str
    at: datetime
    answer: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """How many heads of the log are younger than the last stamp, and since when the first is."""

    count: int
    since: datetime | None


def keep(engine: Engine, stamp: KeptStamp) -> bool:
    """Keep a stamp; where the authority stamped that head already, that one stays."""
    with write(engine) as connection:
        return insert_new(connection, stamps, asdict(stamp))


def newest(engine: Engine, authority: str) -> KeptStamp | None:
    """Give an authority's stamp over the most lines."""
    statement = (
        sa.select(stamps)
        .where(stamps.c.authority == authority)
        .order_by(stamps.c.size.desc())
        .limit(1)
    )
    with read(engine) as connection:
        row = connection.execute(statement).first()
    return KeptStamp(**row._asdict()) if row is not None else None


def behind(engine: Engine, after: int) -> Behind:
    """Count the log's heads over more than `after` lines."""
    statement = sa.select(sa.func.count(), sa.func.min(heads.c.signed_at)).where(
        heads.c.stream == LOG, heads.c.size > after
    )
    with read(engine) as connection:
        count, since = connection.execute(statement).one()
    return Behind(count=count, since=since)


def is_any(engine: Engine) -> bool:
    """Say whether anything was ever stamped."""
    with read(engine) as connection:
        return connection.execute(sa.select(stamps.c.size).limit(1)).first() is not None


def between(engine: Engine, first: int, last: int) -> list[KeptStamp]:
    """Give the stamps of heads over `first` to `last` lines, by size."""
    statement = sa.select(stamps).order_by(stamps.c.size, stamps.c.authority)
    chosen = statement.where(stamps.c.size >= first, stamps.c.size <= last)
    with read(engine) as connection:
        return [KeptStamp(**row._asdict()) for row in connection.execute(chosen)]


def covering(engine: Engine, lines: Collection[int], up_to: int | None = None) -> list[KeptStamp]:
    """Give, for lines of the log, each authority's first stamp that covers one; each stamp once.

    Of heads over at most `up_to` lines where that is given, by size.
    """
    listed = sa.select(stamps.c.size, stamps.c.authority)
    if up_to is not None:
        listed = listed.where(stamps.c.size <= up_to)
    with read(engine) as connection:
        there = connection.execute(listed.order_by(stamps.c.size)).all()
        by: dict[str, list[int]] = {}
        for size, authority in there:
            by.setdefault(authority, []).append(size)
        wanted = {
            (size, authority)
            for authority, sizes in by.items()
            for size in _firsts(sizes, sorted(lines))
        }
        found = []
        for size, authority in sorted(wanted):
            one = sa.select(stamps).where(stamps.c.size == size, stamps.c.authority == authority)
            found += [KeptStamp(**row._asdict()) for row in connection.execute(one)]
    return found


def notes_of(engine: Engine, sizes: Collection[int]) -> dict[int, str]:
    """Give the signed notes of the log's heads over so many lines, by the number of lines."""
    found = {}
    with read(engine) as connection:
        for size in sorted(set(sizes)):
            one = sa.select(heads.c.note).where(heads.c.stream == LOG, heads.c.size == size)
            note = connection.execute(one).scalar()
            if note is not None:
                found[size] = note
    return found


def _firsts(sizes: list[int], lines: list[int]) -> set[int]:
    """Give the first of the sizes that reaches each of the lines; both in order."""
    found, place = set(), 0
    for line in lines:
        while place < len(sizes) and sizes[place] < line:
            place += 1
        if place < len(sizes):
            found.add(sizes[place])
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class RawStamp:
    """A stamp as it is kept, unread: what stands in its columns is whatever somebody put there."""

    size: int
    authority: object
    at: object
    answer: object


def raw_stamps(engine: Engine) -> list[RawStamp]:
    """Give all that is kept of stamps, to be held against the heads they are over."""
    names = RawStamp.__dataclass_fields__
    raw = [sa.type_coerce(stamps.c[name], sa.types.NullType()).label(name) for name in names]
    statement = sa.select(*raw).order_by(stamps.c.size, stamps.c.authority)
    with read(engine) as connection:
        return [RawStamp(**row._asdict()) for row in connection.execute(statement)]
