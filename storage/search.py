"""The index of the search: which terms stand in which blocks of which ledgers.

What belongs here: keeping rows, and finding blocks by ranges of terms. What never does: what a term
is (services/search_terms.py), or whether an entry fits: the index is a hint, and nothing is shown
that was not found again in the bytes of an entry.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from storage.bulk import BulkWriter
from storage.derived_tables import search_streams, search_words
from storage.engine import read, write
from storage.inserting import insert_missing_at_once, insert_new
from storage.schema import cases, incidents

BLOCK = 16
"""Entries of one block: fewer make more rows, more make more entries to read for one hit."""

HIGHEST = "\U0010ffff"
"""Sorts behind every sign of a term: the end of the range of a beginning."""

IDS_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """How far a ledger is indexed, under its number here, and by which way of making terms."""

    id: int
    stream: str
    size: int
    made_by: int


@dataclass(frozen=True, slots=True)
class Term:
    """A term that must stand in a block; `begins`: any that begins so."""

    text: str
    begins: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Block:
    """A block of a ledger, by the ledger's number here."""

    stream: int
    block: int

    @property
    def first(self) -> int:
        """Give the number of its first entry."""
        return self.block * BLOCK + 1

    @property
    def last(self) -> int:
        """Give the number of its last entry, if it is full."""
        return (self.block + 1) * BLOCK


def block_of(seq: int) -> int:
    """Say in which block an entry stands."""
    return (seq - 1) // BLOCK


def reached(engine: Engine) -> dict[str, Reached]:
    """Give how far each ledger is indexed."""
    with read(engine) as connection:
        rows = connection.execute(sa.select(search_streams)).all()
    return {row.stream: Reached(**row._asdict()) for row in rows}


def sizes(engine: Engine) -> dict[str, int]:
    """Give the size of every ledger of an incident or case, the oldest first."""
    found: dict[str, int] = {}
    with read(engine) as connection:
        for table in (incidents, cases):
            chosen = sa.select(table.c.id, table.c.size).where(table.c.size > 0)
            rows = connection.execute(chosen.order_by(table.c.created_at, table.c.id))
            found.update({str(row.id): int(row.size) for row in rows})
    return found


def number_for(engine: Engine, stream: str, made_by: int) -> Reached:
    """Give a ledger its number here, unless it has one."""
    with write(engine) as connection:
        row = {"stream": stream, "size": 0, "made_by": made_by}
        insert_new(connection, search_streams, row)
        found = connection.execute(
            sa.select(search_streams).where(search_streams.c.stream == stream)
        ).one()
    return Reached(**found._asdict())


def keep(engine: Engine, about: Reached, terms: Mapping[int, Iterable[str]], size: int) -> int:
    """Keep the terms of blocks of one ledger, then that it is indexed up to `size`.

    In small commits with pauses; after a crash the same rows are sent again, and pass. Gives how
    many rows were sent.
    """
    rows = (
        {"term": term, "stream": about.id, "block": block}
        for block, each in sorted(terms.items())
        for term in each
    )
    sent = BulkWriter(engine, search_words, insert=insert_missing_at_once).write(rows)
    with write(engine) as connection:
        connection.execute(
            sa.update(search_streams)
            .where(search_streams.c.id == about.id, search_streams.c.size < size)
            .values(size=size, made_by=about.made_by)
        )
    return sent


def forget(engine: Engine, ids: Collection[int] | None = None) -> None:
    """Throw the index away, of some ledgers or of all; it is made anew from the entries."""
    with write(engine) as connection:
        if ids is None:
            connection.execute(sa.delete(search_words))
            connection.execute(sa.delete(search_streams))
            return
        for part in _parts(sorted(ids)):
            connection.execute(sa.delete(search_words).where(search_words.c.stream.in_(part)))
            connection.execute(sa.delete(search_streams).where(search_streams.c.id.in_(part)))


def _parts(ids: Iterable[int]) -> Iterable[list[int]]:
    rest = iter(ids)
    while part := list(islice(rest, IDS_AT_ONCE)):
        yield part


# ---------------------------------------------------------------- finding


def blocks_with(
    engine: Engine,
    any_of: Sequence[Sequence[Term]],
    *,
    streams: Collection[int] | None = None,
    before: Block | None = None,
    limit: int,
) -> list[Block]:
    """Give blocks in which all terms of one of several choices stand, the newest ledger first.

    `streams` are the ledgers that may be looked at, None for all; `before` leaves out that block
    and those ahead of it.
    """
    choices = [_all_of(terms, streams) for terms in any_of if terms]
    if not choices or (streams is not None and not streams):
        return []
    found = (choices[0] if len(choices) == 1 else sa.union(*choices)).subquery()
    statement = sa.select(found.c.stream, found.c.block).distinct()
    if before is not None:
        statement = statement.where(
            sa.or_(
                found.c.stream < before.stream,
                sa.and_(found.c.stream == before.stream, found.c.block < before.block),
            )
        )
    statement = statement.order_by(found.c.stream.desc(), found.c.block.desc()).limit(limit)
    with read(engine) as connection:
        return [Block(row.stream, row.block) for row in connection.execute(statement)]


def _all_of(terms: Sequence[Term], streams: Collection[int] | None) -> sa.Select[tuple[int, int]]:
    """Choose blocks in which every term stands."""
    parts = [_with(term, streams) for term in terms]
    if len(parts) == 1:
        return parts[0]
    both = sa.intersect(*parts).subquery()
    return sa.select(both.c.stream, both.c.block)


def _with(term: Term, streams: Collection[int] | None) -> sa.Select[tuple[int, int]]:
    column = search_words.c.term
    if term.begins:
        fits = sa.and_(column >= term.text, column < term.text + HIGHEST)
    else:
        fits = column == term.text
    statement = sa.select(search_words.c.stream, search_words.c.block).where(fits)
    if streams is not None:
        statement = statement.where(search_words.c.stream.in_(sorted(streams)))
    return statement
