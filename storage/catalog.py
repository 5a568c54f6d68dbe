"""The company's own lists: products, lots, channels, consignees, suppliers.

What belongs here: what a command may refer to, and whether it is there. What never does: what
happened to any of it (the ledger), or what a channel sells (storage/shop.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine, Row

from domain.errors import NotFound
from storage.engine import read, write
from storage.inserting import put
from storage.schema import (
    blobs,
    channels,
    consignees,
    incidents,
    lots,
    people,
    products,
    suppliers,
)

AT_ONCE = 1000
"""Lots that one statement asks for by id: databases bound how much it may name."""

LISTS = {
    "product": products,
    "channel": channels,
    "consignee": consignees,
    "supplier": suppliers,
}
"""The plain lists by the word that commands use for one of them."""

REFERENCES: dict[str, sa.Column[Any]] = {
    **{kind: table.c.id for kind, table in LISTS.items()},
    "lot": lots.c.number,
    "person": people.c.id,
    "evidence": blobs.c.sha256,
    "incident": incidents.c.id,
}
"""What each kind of reference in a command points to (domain/values.py)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing on a list: the columns that are asked for, and all that is known as `document`.

    `market` is a country or region code; `kind` is the list's own (a channel: shop, marketplace).
    """

    id: str
    kind: str = ""
    market: str = ""
    name_zh: str = ""
    name_en: str = ""
    document: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """A finished lot 批次: its product and the number printed on the pack 批号.

    Two products may carry the same number, so `id` is the company's own key for the lot.
    """

    id: str
    product: str
    number: str
    kind: str = ""
    market: str = ""
    name_zh: str = ""
    name_en: str = ""
    document: dict[str, Any] = field(default_factory=dict)


def put_items(engine: Engine, kind: str, items: Sequence[Item]) -> None:
    """Add things to the list of their kind, or change those with the same id."""
    with write(engine) as connection:
        put(connection, LISTS[kind], [asdict(item) for item in items])


def put_lots(engine: Engine, of: Sequence[Lot]) -> None:
    """Add lots, or change those with the same id; their products have to be there."""
    with write(engine) as connection:
        put(connection, lots, [asdict(lot) for lot in of])


def item(engine: Engine, kind: str, item_id: str) -> Item:
    """Give one thing.

    Raises:
        NotFound: it is not on the list.
    """
    table = LISTS[kind]
    with read(engine) as connection:
        row = connection.execute(sa.select(table).where(table.c.id == item_id)).first()
    if row is None:
        raise NotFound(f"There is no {kind} {item_id}.", f"See the list of {kind}s.")
    return _item(row)


def items_among(engine: Engine, kind: str, ids: Iterable[str]) -> dict[str, Item]:
    """Give by id those of some things that are on the list, in one look, by id."""
    table = LISTS[kind]
    statement = sa.select(table).where(table.c.id.in_(sorted(set(ids)))).order_by(table.c.id)
    with read(engine) as connection:
        return {row.id: _item(row) for row in connection.execute(statement)}


def list_items(engine: Engine, kind: str, *, market: str | None = None) -> list[Item]:
    """List the things of a kind by id, of one market or of all."""
    table = LISTS[kind]
    statement = sa.select(table).order_by(table.c.id)
    if market is not None:
        statement = statement.where(table.c.market == market)
    with read(engine) as connection:
        return [_item(row) for row in connection.execute(statement)]


def lots_of(engine: Engine, product: str) -> list[Lot]:
    """List a product's lots by number."""
    return _lots(engine, lots.c.product == product)


def lots_among(
    engine: Engine, products: Iterable[str], numbers: Iterable[str] | None, limit: int
) -> list[Lot] | None:
    """List the lots of some products, of these numbers or all; None where they are more."""
    chosen: sa.ColumnElement[bool] = lots.c.product.in_(sorted(set(products)))
    if numbers is not None:
        chosen = sa.and_(chosen, lots.c.number.in_(sorted(set(numbers))))
    found = _lots(engine, chosen, limit + 1)
    return found if len(found) <= limit else None


def lots_numbered(engine: Engine, number: str) -> list[Lot]:
    """Find the lots, of whatever product, that carry a number."""
    return _lots(engine, lots.c.number == number)


def products_of_lots(engine: Engine, numbers: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Give the products of each of some lot numbers; a number that is not on the list is left out.

    Two products may carry one number.
    """
    wanted = sorted(set(numbers))
    found: dict[str, list[str]] = {}
    with read(engine) as connection:
        for at in range(0, len(wanted), AT_ONCE):
            chosen = lots.c.number.in_(wanted[at : at + AT_ONCE])
            statement = sa.select(lots.c.number, lots.c.product).where(chosen)
            for row in connection.execute(statement.order_by(lots.c.product)):
                found.setdefault(row.number, []).append(row.product)
    return {number: tuple(dict.fromkeys(of)) for number, of in found.items()}


def lots_by_id(engine: Engine, ids: Iterable[str]) -> dict[str, Lot]:
    """Give by id those of some lots, however many, that are on the list."""
    wanted = sorted(set(ids))
    parts = (wanted[at : at + AT_ONCE] for at in range(0, len(wanted), AT_ONCE))
    return {lot.id: lot for part in parts for lot in _lots(engine, lots.c.id.in_(part))}


def missing(engine: Engine, kind: str, ids: Iterable[str]) -> tuple[str, ...]:
    """Say which of these references point to nothing, sorted."""
    asked = set(ids)
    if not asked:
        return ()
    column = REFERENCES[kind]
    with read(engine) as connection:
        found = connection.execute(sa.select(column).where(column.in_(sorted(asked)))).scalars()
        return tuple(sorted(asked.difference(found)))


def _item(row: Row[Any]) -> Item:
    return Item(**row._asdict())


def _lots(engine: Engine, chosen: sa.ColumnElement[bool], limit: int | None = None) -> list[Lot]:
    statement = sa.select(lots).where(chosen).order_by(lots.c.number, lots.c.id).limit(limit)
    with read(engine) as connection:
        return [Lot(**row._asdict()) for row in connection.execute(statement)]
