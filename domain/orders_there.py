"""Stage `halt`: orders that stand at one channel beside each other, and how each was answered.

What belongs here: which orders stop a channel, which of them nobody has answered for, and that the
worst of them is where the channel stands. What never does: giving orders (domain/halt.py), what a
channel answers (domain/channels.py) or what becomes of a takeover (domain/left_to_person.py).

An order that a newer one names whole is carried by the newer one: its answer is about both.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from domain.replacing import replace
from domain.state import Incident
from domain.state.halt import ChannelHalt, HaltOrder, LinkAnswer, LotUnits, OrderThere

ANSWERED_FOR: Final = frozenset({"confirmed", "taken_over"})
"""Where an order holds at a channel, or a named person answers for it."""

WORST_FIRST: Final = ("selling", "refused", "failed", "unreadable", "ordered", "accepted")


def orders_at(incident: Incident, channel: str) -> tuple[HaltOrder, ...]:
    """Give the orders that stop a channel now."""
    orders = incident.halt.orders
    return tuple(o for o in orders if o.lifted_at is None and channel in o.stopped)


def last_at(incident: Incident, channel: str) -> int:
    """Give the last order that stops a channel now; 0 for none."""
    return max((order.number for order in orders_at(incident, channel)), default=0)


def covers(order: HaltOrder, other: HaltOrder) -> bool:
    """Say whether an order stops all that another one stops."""
    lots = not order.lots or (bool(other.lots) and set(other.lots) <= set(order.lots))
    return lots and set(other.products) <= set(order.products)


def told_at(incident: Incident, channel: str, *, but: int = 0) -> tuple[HaltOrder, ...]:
    """Give the orders that together say all that a channel must stop: none that a newer covers.

    Without one, `but`, as if it were lifted.
    """
    there = tuple(order for order in orders_at(incident, channel) if order.number != but)
    newer = {one.number: there[place + 1 :] for place, one in enumerate(there)}
    return tuple(o for o in there if not any(covers(one, o) for one in newer[o.number]))


def left_to(incident: Incident, now: ChannelHalt) -> tuple[int, ...]:
    """Name the orders that stand at a channel and that a named person answers for."""
    there = tuple(order.number for order in orders_at(incident, now.channel))
    if now.left_to is None:
        return there if now.state == "taken_over" else ()
    return tuple(number for number in there if number in now.left_to.orders)


def is_all_left(incident: Incident, now: ChannelHalt, *, but: int = 0) -> bool:
    """Say whether a named person answers for all that a channel must stop: nobody else is asked.

    Without one order, `but`, as if it were lifted.
    """
    there = {order.number for order in told_at(incident, now.channel, but=but)}
    return bool(there) and there <= {*left_to(incident, now)}


def is_confirmed(
    incident: Incident, now: ChannelHalt, orders: Iterable[HaltOrder] | None = None
) -> bool:
    """Say whether a channel was confirmed to have stopped what orders stop there, or these do."""
    there = orders_at(incident, now.channel)
    asked = {one.number for one in (there if orders is None else orders) if one in there}
    left = {*(one.order for one in open_at(now)), *left_to(incident, now)}
    return now.state not in ("resuming", "resumed") and not asked & {*left, *_carried(now, there)}


def _carried(now: ChannelHalt, there: Sequence[HaltOrder]) -> Iterator[int]:
    """Name the orders that open ones carry."""
    carriers = [one for one in there if one.number in {each.order for each in open_at(now)}]
    for one in there:
        if any(each.number > one.number and covers(each, one) for each in carriers):
            yield one.number


def answers_of(now: ChannelHalt) -> tuple[OrderThere, ...]:
    """Give how the orders there were answered: the newest one, and older ones that are open."""
    is_beside = now.state == "taken_over" and now.left_to is not None
    state = "confirmed" if is_beside and now.order not in _left_orders(now) else now.state
    newest = OrderThere(
        order=now.order, state=state, answer_due_at=now.answer_due_at, error=now.last_error
    )
    return now.by_order or (newest,)


def _left_orders(now: ChannelHalt) -> tuple[int, ...]:
    return now.left_to.orders if now.left_to else ()


def open_at(now: ChannelHalt) -> tuple[OrderThere, ...]:
    """Give the orders there that nobody has answered for."""
    return tuple(one for one in answers_of(now) if one.state in WORST_FIRST)


def answer_due_of(now: ChannelHalt, number: int) -> datetime | None:
    """Give by when an order there is to be answered: its own time, whatever else is open."""
    known = {one.order: one.answer_due_at for one in answers_of(now)}
    return known.get(number, now.answer_due_at)


def refused_at(now: ChannelHalt) -> tuple[int, ...]:
    """Name the orders there that stay as they are answered while others go out anew.

    A refusal is taken back by nobody else. Beside what resumes all else is asked for after it.
    """
    if now.state == "resuming":
        return tuple(one.order for one in now.by_order if one.state == "refused")
    return tuple(one.order for one in open_at(now) if one.state not in ("ordered", "accepted"))


def standing_beside(incident: Incident, now: ChannelHalt) -> tuple[OrderThere, ...]:
    """Give the orders that stand at a channel beside one to resume, as they were answered.

    Also those that it confirmed: goods of theirs may be found on sale, or it cannot after all. What
    a named person answers for is asked of nobody, and is none of them.
    """
    stand = {order.number for order in orders_at(incident, now.channel)}
    still = tuple(one for one in open_at(now) if one.order in stand)
    known = {*(one.order for one in still), *left_to(incident, now)}
    others = (one for one in told_at(incident, now.channel) if one.number not in known)
    return (*still, *(_as_carried(incident, now, one) for one in others))


def _as_carried(incident: Incident, now: ChannelHalt, order: HaltOrder) -> OrderThere:
    """Give an order that is open since one that covered it was; without such it was confirmed.

    Nobody carries it: it is to go out by itself. A refusal of what covered it stands.
    """
    there = {one.number: one for one in incident.halt.orders}
    newer = [one for one in open_at(now) if one.order > order.number]
    carriers = [one for one in newer if covers(there[one.order], order)]
    if not carriers:
        return OrderThere(order=order.number, state="confirmed")
    worst = min(carriers, key=lambda one: WORST_FIRST.index(one.state))
    if worst.state == "refused":
        return replace(worst, order=order.number)
    return replace(worst, order=order.number, state="ordered", error="")


def carried_before(incident: Incident, now: ChannelHalt, number: int) -> tuple[OrderThere, ...]:
    """Give the orders that an open one, which is lifted, covered: each is asked for by itself."""
    if all(one.order != number for one in open_at(now)):
        return ()
    known = {*(one.order for one in answers_of(now)), *left_to(incident, now)}
    others = [one for one in told_at(incident, now.channel) if one.number not in known]
    found = (_as_carried(incident, now, one) for one in others)
    return tuple(one for one in found if one.state in WORST_FIRST)


def stops_beside(now: ChannelHalt) -> bool:
    """Say whether a channel that is told to resume has an order to stop other goods beside that."""
    return now.state == "resuming" and bool(now.by_order)


def with_answers(now: ChannelHalt, answers: Iterable[OrderThere]) -> ChannelHalt:
    """Give a channel with how its orders were answered: it stands where the worst of them does.

    With none of them open it stands where a named person answers for any.
    """
    of_each = {one.order: one for one in answers}
    if now.order in _left_orders(now):
        theirs = OrderThere(order=now.order, state="taken_over")
        of_each.setdefault(now.order, theirs)
    still = [one for one in of_each.values() if one.state in WORST_FIRST]
    newest = of_each.get(now.order)
    if not still and now.left_to is not None and now.left_to.orders:
        due_at = newest.answer_due_at if newest else now.answer_due_at
        theirs = OrderThere(order=now.order, state="taken_over", answer_due_at=due_at)
        return replace(_standing_as(now, theirs, ()), taken_over_by=now.left_to.by)
    if all(one.order == now.order for one in still):
        return now if newest is None else _standing_as(now, newest, ())
    worst = min(still, key=lambda one: WORST_FIRST.index(one.state))
    dues = [one.answer_due_at for one in still if one.answer_due_at]
    shown = replace(worst, answer_due_at=min(dues, default=None))
    kept = tuple(o for o in of_each.values() if o in still or o.order == now.order)
    return _standing_as(now, shown, kept)


def _standing_as(
    now: ChannelHalt, shown: OrderThere, by_order: tuple[OrderThere, ...]
) -> ChannelHalt:
    return replace(
        now,
        state=shown.state,
        answer_due_at=shown.answer_due_at,
        last_error=shown.error,
        by_order=by_order,
    )


def beside_newer(
    incident: Incident, before: ChannelHalt | None, order: HaltOrder, due_at: datetime | None
) -> tuple[OrderThere, ...]:
    """Give the orders that stay open at a channel beside a new one, which covers none of them.

    What had no time of its own, since the rest was to resume first, has that of the new one.
    """
    if before is None:
        return ()
    apart = {o.number for o in orders_at(incident, before.channel) if not covers(order, o)}
    return tuple(with_due(one, due_at) for one in open_at(before) if one.order in apart)


def with_due(one: OrderThere, due_at: datetime | None) -> OrderThere:
    """Give an order with a time to answer by, where it has none."""
    return replace(one, answer_due_at=one.answer_due_at or due_at)


def answers_so_far(now: ChannelHalt | None) -> tuple[LinkAnswer, ...]:
    """Give what a channel answered to the orders before a newer one."""
    if now is None or now.own_answer is None:
        return now.older_answers if now else ()
    kept = replace(now.own_answer, units=now.units, reason=now.last_error)
    return with_answer(now.older_answers, kept)


def with_answer(kept: tuple[LinkAnswer, ...], answer: LinkAnswer) -> tuple[LinkAnswer, ...]:
    """Give answers with one more; of each order the last one counts."""
    return (*(one for one in kept if one.order != answer.order), answer)


def kept_apart(
    incident: Incident, before: ChannelHalt | None, order: HaltOrder
) -> tuple[LotUnits, ...]:
    """Give what people counted of the lots that stay stopped, where an order is what is left.

    Units of which nobody told the lots stay whole (lot ""): nobody knows how many of them are free.
    What the channel answered itself stands among its older answers (domain/apart_so_far.py).
    """
    if before is None or not order.part_of:
        return ()
    own = before.own_answer
    if own and (own.set_apart == before.apart or not before.apart):
        return ()
    if sum(one.units for one in before.apart) != (before.units or 0):
        return (LotUnits(lot="", units=before.units),) if before.units else ()
    there = [one for one in orders_at(incident, before.channel) if one.part_of == order.part_of]
    lots = {lot for one in (*there, order) for lot in one.lots}
    return tuple(one for one in before.apart if not one.lot or one.lot in lots)


def left_beside(incident: Incident, now: ChannelHalt, number: int) -> tuple[int, ...]:
    """Name the orders there that are still open once one of them was answered for."""
    there = {order.number: order for order in incident.halt.orders}
    answered = there.get(number)
    return tuple(
        one.order
        for one in open_at(now)
        if one.order != number and not (answered and covers(answered, there[one.order]))
    )
