"""Channels of the embedded default: the demo shop, and channels reached by a message.

What belongs here: gateways that keep what they do in this installation's own database. What never
does: anything that leaves the machine (integrations/).
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy.engine import Engine

from activities import moment
from activities.letter_records import letter_row
from activities.order_letters import OrderLetters
from domain.envelope import ChannelOrder, ChannelReply
from domain.wire import instant_text, read_instant
from integrations.channels import ALL_HELD, BEHIND, Address
from integrations.shelves import Change, Item, ItemKind
from storage import catalog, outbox, shop

REACHES_NOBODY: Final = "Andon sends nothing to this channel: call them."
"""What an order by the outbox comes to where real goods are on sale (api/title_words.py)."""


class CatalogBook:
    """Addresses from the company's own list of channels."""

    def __init__(self, engine: Engine) -> None:
        """Keep the engine."""
        self._engine = engine

    def address(self, channel: str) -> Address:
        """Give a channel's address. Raises NotFound."""
        item = catalog.item(self._engine, "channel", channel)
        return Address(
            channel=channel,
            adapter=str(item.document["adapter"]),
            address=str(item.document.get("address", "")),
            name=item.name_en,
            language="zh" if item.market == "CN" else "en",
            kind=item.kind,
        )


class DemoShelf:
    """The demo shop: a shelf in this database (integrations/shelves.py says what is done there)."""

    def __init__(self, engine: Engine) -> None:
        """Keep the engine."""
        self._engine = engine

    def items(self, address: Address, products: Sequence[str]) -> Iterator[Item]:
        """Give what the channel sells of these products."""
        for product in products:
            listed = shop.list_listings(self._engine, channel=address.channel, product=product)
            yield from map(_item, listed)

    def item(self, address: Address, change: Change) -> Item | None:
        """Give one listing as it is now."""
        listed = shop.list_listings(self._engine, channel=address.channel, product=change.product)
        return next((_item(one) for one in listed if one.lot == change.lot), None)

    def take_off(self, address: Address, item: Item, order: ChannelOrder) -> dict[str, Any]:
        """Take a listing off sale."""
        listing = shop.Listing(
            channel=address.channel,
            product=item.product,
            lot=item.lot,
            on_sale=False,
            changed_at=moment.now(),
            effect_key=order.effect_key,
        )
        shop.put_listings(self._engine, [listing])
        return _item(listing).state

    def put_back(self, address: Address, change: Change, _order: ChannelOrder) -> None:
        """Bring a listing back to what it was."""
        was = change.was
        listing = shop.Listing(
            channel=address.channel,
            product=change.product,
            lot=change.lot,
            on_sale=was["on_sale"],
            changed_at=read_instant(was["changed_at"]),
            effect_key=was["effect_key"],
        )
        shop.put_listings(self._engine, [listing])


def _item(listing: shop.Listing) -> Item:
    return Item(
        id=f"{listing.product}/{listing.lot}",
        kind=ItemKind.OFFER,
        product=listing.product,
        lot=listing.lot,
        is_running=listing.on_sale,
        state={
            "on_sale": listing.on_sale,
            "changed_at": instant_text(listing.changed_at),
            "effect_key": listing.effect_key,
        },
    )


class OutboxGateway:
    """Channels that are written to: the message stands in the outbox, a person confirms later.

    The demo takes that for a letter that was sent. Anywhere else nobody outside reads it, and an
    order that went to nobody must not look taken; a drill is played by people of the house.
    """

    def __init__(self, engine: Engine, bulk: Engine, *, is_demo: bool = True) -> None:
        """Keep the engine of the company's lists, and that of the outbox's database."""
        self._letters = OrderLetters(engine)
        self._bulk = bulk
        self._is_demo = is_demo

    def bring(self, order: ChannelOrder, address: Address) -> ChannelReply:
        """Put the order's message into the outbox once; none where nothing may be sold again."""
        if order.is_all_held:
            return ALL_HELD
        if order.behind:
            return BEHIND[order.behind]
        letter = self._letters.write(order, address)
        outbox.keep_messages(self._bulk, [letter_row(order, address, letter, moment.now())])
        if self._is_demo or order.drill:
            return ChannelReply("accepted", proof="message in the outbox")
        return ChannelReply("failed", error=REACHES_NOBODY)
