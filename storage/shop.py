"""The demo company's channels: what each has on sale. A fake that a person can read.

What belongs here: the shelves as rows, and taking things off them once per order. What never does:
the real adapters (integrations), or the decision to halt.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from storage.effects import Effect, Performed, perform_once
from storage.engine import read, write
from storage.inserting import put
from storage.schema import channel_listings


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Something a channel sells: `lot` is a lot number, '' where it sells without knowing lots."""

    channel: str
    product: str
    on_sale: bool
    changed_at: datetime
    lot: str = ""
    effect_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleOrder:
    """An order to a channel: these products (all their lots), or only these lots; on sale or off.

    `lots` are lot numbers; a channel that does not know lots takes the whole product off. `kept`
    are recalled lots, which an order to sell again leaves off sale.
    """

    effect_key: str
    channel: str
    products: tuple[str, ...]
    on_sale: bool
    at: datetime
    lots: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def put_listings(engine: Engine, listings: Sequence[Listing]) -> None:
    """Put things on the shelves as told, whatever stood there."""
    with write(engine) as connection:
        put(connection, channel_listings, [asdict(listing) for listing in listings])


def carry_out(engine: Engine, order: SaleOrder) -> Performed:
    """Carry an order out once; its outcome tells `outcome` and how many `listings` changed."""
    effect = Effect(
        key=order.effect_key,
        kind="resume_sale" if order.on_sale else "halt_sale",
        target=order.channel,
        at=order.at,
    )
    return perform_once(engine, effect, lambda connection: _change(connection, order))


def list_listings(
    engine: Engine, *, channel: str | None = None, product: str | None = None
) -> list[Listing]:
    """List what stands on the shelves, of one channel, one product, or all."""
    columns = [channel_listings.c[name] for name in Listing.__dataclass_fields__]
    statement = sa.select(*columns).order_by(
        channel_listings.c.channel, channel_listings.c.product, channel_listings.c.lot
    )
    if channel is not None:
        statement = statement.where(channel_listings.c.channel == channel)
    if product is not None:
        statement = statement.where(channel_listings.c.product == product)
    with read(engine) as connection:
        return [Listing(**row._asdict()) for row in connection.execute(statement)]


def _change(connection: Connection, order: SaleOrder) -> dict[str, Any]:
    """Flip the listings that the order means and that stand otherwise."""
    meant = sa.and_(
        channel_listings.c.channel == order.channel,
        channel_listings.c.product.in_(order.products),
        channel_listings.c.on_sale.is_(not order.on_sale),
    )
    if order.lots:
        meant = sa.and_(meant, channel_listings.c.lot.in_(["", *order.lots]))
    if order.kept:
        meant = sa.and_(meant, channel_listings.c.lot.not_in(order.kept))
    if order.kept and not order.lots:
        # Every lot that was halted is recalled: a listing of another lot was never stopped by us.
        meant = sa.and_(meant, channel_listings.c.lot == "")
    changed = connection.execute(
        sa.update(channel_listings)
        .where(meant)
        .values(on_sale=order.on_sale, changed_at=order.at, effect_key=order.effect_key)
    ).rowcount
    return {"outcome": "accepted", "listings": changed}
