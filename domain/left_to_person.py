"""Stage `halt`: the orders at a channel that a named person answers for, beside others.

What belongs here: what becomes of a takeover where a newer order comes, the channel answers, or
orders end. What never does: taking a channel over (domain/channels.py), or where a channel stands
by its open orders (domain/orders_there.py).

A takeover ends by a yes of the channel to that very order, or one that covers it, by its no to that
order, by a person's word about the channel, where goods are found on sale, or with the order
itself.
"""

from collections.abc import Collection

from domain.orders_there import answers_of, covers, last_at, left_to, orders_at
from domain.replacing import replace
from domain.state import Incident
from domain.state.halt import ChannelHalt, HaltOrder, LeftToPerson


def _theirs(now: ChannelHalt, orders: Collection[int]) -> LeftToPerson | None:
    """Give what a person answers for, of these orders; None where there was never anybody.

    Where none is left of them, they are none: without this, all would be.
    """
    if now.left_to is not None:
        return replace(now.left_to, orders=tuple(orders))
    if now.state != "taken_over":
        return None
    return LeftToPerson(
        orders=tuple(orders), by=now.taken_over_by or "", reason=now.proof, at=now.answered_at
    )


def left_for(incident: Incident, before: ChannelHalt, order: HaltOrder) -> LeftToPerson | None:
    """Give what a person answers for at a channel beside a new order.

    Also what the new one covers, until the channel says yes to that; and of what is left of an
    order of theirs, that too.
    """
    theirs = left_to(incident, before)
    return _theirs(before, [*theirs, *([order.number] if order.part_of in theirs else [])])


def as_before(
    incident: Incident, now: ChannelHalt, before: ChannelHalt | None, order: HaltOrder
) -> ChannelHalt:
    """Give a channel under a new order, and beside it what it answered for others.

    What a named person answers for is left to them, also what is left of it. What was refused
    stays so: that a part of it sells again answers for nothing that is left.
    """
    if before is None:
        return now
    left = left_for(incident, before, order)
    if left is not None:
        now = replace(now, left_to=left, taken_over_by=left.by if left.orders else None)
    if not order.part_of:
        return now
    if left is not None and order.number in left.orders:
        return replace(now, state="taken_over", proof=before.proof)
    parts = {one.number for one in incident.halt.orders if one.part_of and covers(order, one)}
    refused = (one for one in answers_of(before) if one.state == "refused")
    said = next((one for one in refused if one.order in {order.part_of, *parts}), None)
    return now if said is None else replace(now, state="refused", last_error=said.error)


def left_after(
    incident: Incident, now: ChannelHalt, number: int, *, is_yes: bool
) -> LeftToPerson | None:
    """Give what a person answers for still once a channel itself answered one of its orders.

    A yes is about all that the order covers, anything else about that order.
    """
    there = {order.number: order for order in incident.halt.orders}
    said = there.get(number)
    theirs = [
        each
        for each in left_to(incident, now)
        if each != number and not (is_yes and said and covers(said, there[each]))
    ]
    return _theirs(now, theirs)


def still_left(incident: Incident, now: ChannelHalt) -> ChannelHalt:
    """Give a channel with what a person answers for there, of the orders that stand there now."""
    if now.left_to is None:
        return now
    return replace(now, left_to=_theirs(now, left_to(incident, now)))


def left_whole(incident: Incident, now: ChannelHalt) -> ChannelHalt:
    """Give a channel at which a named person answers for all that stands there."""
    left = still_left(incident, now).left_to
    there = orders_at(incident, now.channel)
    return replace(
        now,
        state="taken_over",
        order=last_at(incident, now.channel),
        ordered_at=there[-1].ordered_at if there else now.ordered_at,
        last_error="",
        by_order=(),
        left_to=left,
        taken_over_by=left.by if left else now.taken_over_by,
    )
