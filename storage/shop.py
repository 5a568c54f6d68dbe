"""The demo company's channels: what each has on sale. A fake that a person can read.

What belongs here: the shelves as rows. What never does: what an order does to them
(integrations/shelves.py), or the decision to halt.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from storage.engine import read, write
from storage.inserting import insert_missing, put
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


def put_listings(engine: Engine, listings: Sequence[Listing]) -> None:
    """Put things on the shelves as told, whatever stood there."""
    with write(engine) as connection:
        put(connection, channel_listings, [asdict(listing) for listing in listings])


def add_listings(engine: Engine, listings: Sequence[Listing]) -> None:
    """Put things on the shelves that do not stand there yet."""
    with write(engine) as connection:
        insert_missing(connection, channel_listings, [asdict(listing) for listing in listings])


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
