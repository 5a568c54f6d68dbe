"""Orders that were passed on and are answered later: noted in the journal until nobody waits.

What belongs here: noting such an order, and ending the note once its goods may go again. What never
does: where its answer is found (an adapter's own file).
"""

from domain.envelope import ChannelOrder
from integrations.shelves import Change, Desired, Item, ItemKind, Journal, Outcome


def awaited(order: ChannelOrder, name: str) -> Item:
    """Give an order as the journal notes it, under the name of what was passed on."""
    return Item(
        id=name,
        kind=ItemKind.OFFER,
        product=order.products[0] if order.products else "",
        lot="",
        is_running=True,
        state={"incident": order.incident, "order": order.order},
    )


def asked_by(change: Change) -> tuple[str, int]:
    """Give the incident and the order that a note is about."""
    return str(change.was["incident"]), int(change.was["order"])


def end_awaited(journal: Journal, desired: Desired, order: ChannelOrder) -> None:
    """End the notes of an incident whose goods may go again: they need no answer any more."""
    held = desired.at(order.channel, order.drill)
    standing = {one.order for one in held if not one.recalled}
    for change in journal.standing(order.channel, order.drill):
        if change.was["incident"] == order.incident and change.was["order"] not in standing:
            journal.end(change, Outcome.RESTORED, order)
