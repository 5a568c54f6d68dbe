"""Stage `halt`: what goes back where when orders end, and who carries them there no more.

What belongs here: what lifting an order and selling again have in common. What never does: the acts
themselves (domain/resuming.py).
"""

from collections.abc import Iterable, Sequence
from typing import Any

from domain.goods_in_pairs import Goods
from domain.left_to_person import left_whole, still_left
from domain.ordered_anew import anew_of, with_anew
from domain.orders_there import (
    answers_of,
    carried_before,
    is_all_left,
    with_answers,
)
from domain.replacing import replace
from domain.state import Incident, Mark
from domain.state.halt import ChannelHalt, HaltOrder, ResumeThere
from domain.under_way import begun, begun_beside, undone


def stopped_together(
    incident: Incident, orders: Sequence[HaltOrder], channels: set[str]
) -> list[HaltOrder]:
    """Give orders, and those before that were lifted at these channels while one of them stood.

    Of their goods some may have been kept back for the others.
    """
    found = list(orders)
    left = [o for o in incident.halt.orders if o.lifted_at and not channels.isdisjoint(o.channels)]
    while more := [one for one in left if one not in found and _stood_with(one, found)]:
        found += more
    return found


def _stood_with(one: HaltOrder, others: Iterable[HaltOrder]) -> bool:
    """Say whether a lifted order was lifted when one of others had been given."""
    since = min((each.ordered_at for each in others), default=None)
    return one.lifted_at is not None and since is not None and one.lifted_at >= since


def reached_by(incident: Incident, orders: Iterable[HaltOrder]) -> list[ChannelHalt]:
    """Give the channels that orders went to, whichever order each of them heard last."""
    names = {channel for order in orders for channel in order.stopped}
    return [now for now in incident.halt.channels.values() if now.channel in names]


def left_to_go_back(
    order: HaltOrder, others: Iterable[HaltOrder]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Give the products and lots of an order that no other stops, and the lots that stay.

    No products: there is nothing. A lot that is stopped for one product stays for all, but where
    that leaves none: then the products that no other order names go back; where there are none,
    those of which most lots are free, with these.
    """
    same = [other for other in others if not set(other.products).isdisjoint(order.products)]
    whole = {product for other in same if not other.lots for product in other.products}
    products = tuple(one for one in order.products if one not in whole)
    kept = tuple(sorted({lot for other in same for lot in other.lots}))
    lots = tuple(lot for lot in order.lots if lot not in kept)
    if lots or not order.lots:
        return products, lots, kept
    named = {product for other in same for product in other.products}
    apart = tuple(one for one in order.products if one not in named)
    return (apart, order.lots, ()) if apart else _most_free(order, same)


def _most_free(
    order: HaltOrder, others: Sequence[HaltOrder]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Give products of an order that have the same lots free, the most of them, and what stays."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for product in order.products:
        mine = [other for other in others if product in other.products]
        stopped = {lot for other in mine for lot in other.lots}
        if all(other.lots for other in mine):
            free = tuple(lot for lot in order.lots if lot not in stopped)
            alike.setdefault(free, []).append(product)
    alike.pop((), None)
    if not alike:
        return (), (), ()
    lots = max(alike, key=lambda one: len(one) * len(alike[one]))
    return tuple(alike[lots]), lots, tuple(sorted({*order.lots} - {*lots}))


def set_resuming(
    incident: Incident, channels: tuple[str, ...], one: ResumeThere
) -> dict[str, ChannelHalt]:
    """Give all channels, these as they are told to resume by an order; orders that ended are over.

    Where a named person answers for all that still stands, the channel is left to them.
    """
    now = incident.halt.channels
    there = [now[name] for name in channels if name in now]
    told: dict[str, ChannelHalt] = {}
    for each in there:
        if is_all_left(incident, each):
            told[each.channel] = begun_beside(left_whole(incident, each), one)
        else:
            told[each.channel] = begun(still_left(incident, each), one)
    return {**now, **told}


def resume_of(name: str, goods: Goods, mark: Mark) -> ResumeThere:
    """Give an order to resume as it begins."""
    return ResumeThere(resume=name, products=goods[0], lots=goods[1], since=mark.at)


def ended_at(incident: Incident, channels: Iterable[str]) -> dict[str, list[list[str]]]:
    """List what these channels were told to resume before, and a newer order does as well."""
    now = incident.halt.channels
    found = undone([now[name] for name in channels if name in now])
    return {"undone": found} if found else {}


def carried_to(orders: Iterable[HaltOrder], channels: Iterable[str]) -> list[list[Any]]:
    """List the channels that each order was carried to: nobody need carry it there any more."""
    ended = set(channels)
    return [[o.number, [c for c in o.channels if c in ended]] for o in orders]


def went_anew(
    incident: Incident,
    channels: Iterable[str],
    *,
    but: int = 0,
    over: tuple[int, Iterable[str]] = (0, ()),
) -> dict[str, list[list[Any]]]:
    """List what went out anew to these channels: nobody need carry that there any more either.

    What goes out by entry `but` itself only begins. `over` is an order that is over at others too.
    """
    now = incident.halt.channels
    found = [one for name in channels if name in now for one in anew_of(now[name], but=but)]
    number, others = over
    found += [
        [number, one.seq, name] for name in others for one in now[name].again if one.order == number
    ]
    return {"again": found} if found else {}


def without(incident: Incident, now: ChannelHalt, number: int, mark: Mark) -> ChannelHalt:
    """Give a channel without an older order that was there and is lifted, whoever answers for it.

    Those that it carried are asked for by themselves. Beside what resumes the others stay as they
    were answered: they go out anew behind it.
    """
    left = still_left(incident, now)
    known = {one.order for one in now.by_order}
    if now.order == number or (left.left_to == now.left_to and number not in known):
        return left
    rest = tuple(one for one in answers_of(now) if one.order != number)
    carried = carried_before(incident, now, number)
    if now.state == "resuming":
        if is_all_left(incident, left):
            return left_whole(incident, left)
        return replace(left, by_order=(*rest, *carried))
    left = with_answers(left, (*rest, *carried))
    return replace(left, again=with_anew(left, mark, {one.order for one in carried}, behind=True))
