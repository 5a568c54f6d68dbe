"""What is kept beside the entries, as it is kept: read to be held against them.

What belongs here: whole tables, unread. What never does: a verdict (services/verifying_named.py).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from domain.values import is_case
from storage.engine import read
from storage.incidents import no_such
from storage.schema import (
    archive,
    blobs,
    cases,
    channel_holds,
    commands,
    duties,
    entries,
    incidents,
    numbering,
    publications,
    rules,
    vault_keys,
)
from storage.types import Instant

_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")

AT_ONCE: Final = 200
"""Rows that are held at once: a document of rules may have a megabyte."""

ASTRAY_TOLD: Final = 20
"""Rows that an index does not lead to, of which the database tells."""

Raw = Mapping[str, Any]


def streams(engine: Engine) -> list[str]:
    """Name every incident and every case that has a row."""
    with read(engine) as connection:
        found = [
            str(name)
            for table in (incidents, cases)
            for name in connection.execute(sa.select(_raw(table, "id"))).scalars()
        ]
    return sorted(found)


def astray(engine: Engine) -> list[str]:
    """Tell where an index does not lead to the rows that stand; SQLite alone looks for that.

    What such an index leaves out is in no list and on no page, though every row is as it was.
    """
    if engine.dialect.name != "sqlite":
        return []
    with read(engine) as connection:
        found = connection.exec_driver_sql(f"PRAGMA integrity_check({ASTRAY_TOLD})").scalars()
        return [str(one) for one in found if one != "ok"]


def named_beside(engine: Engine) -> set[str]:
    """Name every ledger that rows beside say they are of, whether it is there or not.

    Such rows act by themselves: a published text is shown, a hold empties shelves.
    """
    found: set[str] = set()
    with read(engine) as connection:
        for table, key in (
            (entries, "stream"),
            (commands, "stream"),
            (duties, "incident"),
            (channel_holds, "incident"),
            (publications, "incident"),
        ):
            names = connection.execute(sa.select(_raw(table, key)).distinct()).scalars()
            found.update(map(str, names))
    return found


def commands_of(engine: Engine, stream: str) -> list[Raw]:
    """Give what is kept of the commands of a ledger."""
    return list(_rows(engine, commands, commands.c.stream == stream))


def publications_of(engine: Engine, incident: str) -> Iterator[Raw]:
    """Give what stands at places of this installation for an incident."""
    return _rows(engine, publications, publications.c.incident == incident)


def row_of(engine: Engine, stream: str) -> Raw:
    """Give the row of a ledger: what was reserved with its number, and its read model.

    Raises:
        NotFound: there is none.
    """
    table = cases if is_case(stream) else incidents
    found = list(_rows(engine, table, table.c.id == stream))
    if not found:
        raise no_such(stream)
    return found[0]


def odd_values(engine: Engine, stream: str) -> list[str]:
    """Name columns of a ledger's rows whose value is not written as its kind is kept.

    Another way of writing the same moment would sort elsewhere; a 2 is read as yes, and no list
    that asks for a yes finds its row. Either says that somebody wrote it.
    """
    found = []
    for table, key in (
        (incidents, "id"),
        (cases, "id"),
        (duties, "incident"),
        (channel_holds, "incident"),
    ):
        for row in _rows(engine, table, table.c[key] == stream):
            found += [
                f"{table.name}.{column.name}"
                for column in table.c
                if row[column.name] is not None and not _is_kind(column.type, row[column.name])
            ]
    return found


def _is_kind(kind: sa.types.TypeEngine[Any], value: object) -> bool:
    """Say whether an instant, a yes or no, or a whole number is written as such."""
    if isinstance(kind, Instant):
        return isinstance(value, str) and _INSTANT.fullmatch(value) is not None
    if isinstance(kind, sa.Boolean):  # SQLite keeps 0 and 1
        return isinstance(value, int) and value in {0, 1}
    return not isinstance(kind, sa.Integer) or isinstance(value, int)


def every_rule(engine: Engine) -> Iterator[Raw]:
    """Give every document of rules."""
    return _rows(engine, rules)


def blob_names(engine: Engine) -> set[str]:
    """Name every file that is known."""
    with read(engine) as connection:
        return {
            str(name) for name in connection.execute(sa.select(_raw(blobs, "sha256"))).scalars()
        }


def every_blob(engine: Engine) -> Iterator[Raw]:
    """Give what is known of every file."""
    return _rows(engine, blobs)


def every_key(engine: Engine) -> Iterator[Raw]:
    """Give the wrapped key of every subject; None where it was destroyed."""
    return _rows(engine, vault_keys)


def every_history(engine: Engine) -> Iterator[Raw]:
    """Give what is known of every archived history."""
    return _rows(engine, archive)


def last_numbers(engine: Engine) -> list[Raw]:
    """Give the last number that was given, by kind and year."""
    return list(_rows(engine, numbering))


def _raw(table: sa.Table, name: str) -> sa.ColumnElement[Any]:
    return sa.type_coerce(table.c[name], sa.types.NullType()).label(name)


def _rows(
    engine: Engine, table: sa.Table, chosen: sa.ColumnElement[bool] | None = None
) -> Iterator[Raw]:
    columns = [_raw(table, column.name) for column in table.c]
    statement = sa.select(*columns).order_by(*table.primary_key.columns)
    if chosen is not None:
        statement = statement.where(chosen)
    with read(engine) as connection:
        found = connection.execution_options(yield_per=AT_ONCE).execute(statement)
        for row in found:
            yield row._asdict()
