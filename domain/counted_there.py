"""Stage `halt`: what was counted at a channel, kept while newer orders and answers come.

What belongs here: which counts an order or an answer leaves, and which it replaces. What never
does: adding them up (domain/apart_so_far.py), or what a channel says on its page
(domain/channel_answers.py).

A count is about the order it was given for, and one by a person of ours about all that stands at
the channel. It ends by a later count of the same goods, and by nothing else.
"""

from collections.abc import Iterator

from domain.orders_there import answers_so_far, covers, orders_at
from domain.replacing import replace
from domain.state import Incident
from domain.state.halt import ChannelHalt, CountedThere, HaltOrder, LinkAnswer, LotUnits


def counted_before(
    incident: Incident, before: ChannelHalt | None, order: HaltOrder, kept: tuple[LotUnits, ...]
) -> tuple[CountedThere, ...]:
    """Give what was counted at a channel before a new order, but for what it has `kept` itself."""
    if before is None:
        return ()
    counts = (*before.counted, *_last_count(before, kept))
    return tuple(
        each for one in counts for each in _as_it_stands(incident, before.channel, one, order)
    )


def _as_it_stands(
    incident: Incident, channel: str, one: CountedThere, order: HaltOrder
) -> Iterator[CountedThere]:
    """Give a count apart from those of its lots that nothing stops when a new order comes."""
    if one.is_over or _is_over(incident, channel, one.order, order):
        yield replace(one, is_over=True)
        return
    stand = orders_at(incident, channel)
    ended = {lot for each in incident.halt.orders if channel in each.channels for lot in each.lots}
    if not order.part_of and all(each.lots for each in stand):
        ended -= {lot for each in stand for lot in each.lots}
    else:
        ended = set()
    freed = tuple(row for row in one.apart if row.lot in ended)
    if not freed:
        yield one
        return
    stays = tuple(row for row in one.apart if row.lot not in ended)
    yield replace(one, apart=stays, units=sum(row.units for row in stays) if stays else None)
    units = sum(row.units for row in freed)
    yield replace(one, apart=freed, units=units, orders=None, is_over=True)


def answers_before(
    incident: Incident, before: ChannelHalt | None, order: HaltOrder
) -> tuple[LinkAnswer, ...]:
    """Give what a channel itself answered before a new order."""
    if before is None:
        return ()
    return tuple(
        replace(one, is_over=one.is_over or _is_over(incident, before.channel, one.order, order))
        for one in answers_so_far(before)
    )


def _last_count(before: ChannelHalt, kept: tuple[LotUnits, ...]) -> Iterator[CountedThere]:
    """Give the last count, unless it stands with the channel or with its own answer."""
    units, apart = before.units, before.apart
    if any(not one.lot for one in kept) or (before.own_answer and not apart):
        units, apart = None, ()
    elif kept:
        lots = {one.lot for one in kept}
        apart = tuple(one for one in apart if one.lot not in lots)
        units = sum(one.units for one in apart) if apart else None
    if units is not None or before.orders is not None:
        yield CountedThere(
            order=before.order,
            at=before.answered_at or before.ordered_at,
            units=units,
            apart=apart,
            orders=before.orders,
        )


def _is_over(incident: Incident, channel: str, number: int, order: HaltOrder) -> bool:
    """Say whether nothing stops at a channel what was counted for an order, when a new one comes.

    What is left of an order goes on with it.
    """
    of_it = next((one for one in incident.halt.orders if one.number == number), None)
    if of_it is None or order.part_of:
        return False
    return not any(_meet(of_it, one) for one in orders_at(incident, channel))


def _meet(one: HaltOrder, other: HaltOrder) -> bool:
    is_lot_of_both = not one.lots or not other.lots or not set(one.lots).isdisjoint(other.lots)
    return is_lot_of_both and not set(one.products).isdisjoint(other.products)


def recounted(
    incident: Incident, now: ChannelHalt, number: int, *, is_ours: bool
) -> tuple[CountedThere, ...]:
    """Give the counts for orders before that stand after a new count for an order.

    One by a person of ours is about all there; another one about all that its order covers. What
    was counted before sale resumed stays that.
    """
    there = {order.number: order for order in incident.halt.orders}
    of_it = there.get(number)

    def is_anew(one: CountedThere) -> bool:
        is_covered = of_it is not None and one.order in there and covers(of_it, there[one.order])
        return is_ours or one.order == number or is_covered

    # Paid orders are held back whoever counts the goods.
    stay = (
        one if one.is_over or not is_anew(one) else replace(one, units=None, apart=())
        for one in now.counted
    )
    return tuple(one for one in stay if one.units is not None or one.orders is not None)


def orders_held_back(now: ChannelHalt) -> int:
    """Add up the paid orders that are held back at a channel, by all its counts."""
    before = (one.orders for one in now.counted if not one.is_over)
    return sum(filter(None, (now.orders, *before)))
