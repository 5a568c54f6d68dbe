"""Stage `halt`: what becomes of channels once an order is lifted, and who hears of it.

What belongs here: what goes back where, where others stop it, and who carries an order no more, or
anew. What never does: who may lift an order, and which (domain/resuming.py).
"""

from collections.abc import Iterable

from domain.dispatch import Effect, causes, evolves
from domain.freed_goods import forgotten
from domain.going_back import carried_to, ended_at, resume_of, set_resuming, went_anew, without
from domain.halt import changed_orders, find_order
from domain.left_to_person import left_whole, still_left
from domain.ordered_anew import order_anew, ordered_anew
from domain.orders_there import standing_beside
from domain.replacing import replace
from domain.resuming import HaltLifted
from domain.state import Incident, Mark, with_stage
from domain.state.halt import ChannelHalt
from domain.under_way import begun


def _lifting(number: int) -> str:
    """Name the order to resume that follows from lifting a halt."""
    return f"lifted-{number}"


def _lifting_too(number: int, place: int) -> str:
    """Name the same where goods of orders before go back too."""
    return f"{_lifting(number)}-too-{place}"


def _lifting_part(number: int) -> str:
    """Name the same where only a part of its goods goes back."""
    return f"{_lifting(number)}-part"


@evolves(HaltLifted)
def _lifted(incident: Incident, lifted: HaltLifted, mark: Mark) -> Incident:
    orders = changed_orders(incident, lifted.number, lifted_at=mark.at)
    levels = tuple(sorted({o.level for o in orders if o.lifted_at is None}))
    orders = forgotten(orders, levels)
    changed = with_stage(incident, "halt", orders=orders, levels=levels)
    gone = lifted.number
    ends = {*lifted.channels, *lifted.partly, *lifted.stay}
    before = {
        name: one if name in ends else without(changed, one, gone, mark)
        for name, one in incident.halt.channels.items()
    }
    rest = with_stage(changed, "halt", channels=before)
    order = find_order(incident, gone)
    all_of = resume_of(_lifting(gone), (order.products, order.lots), mark)
    others = {name for more in lifted.too for name in more.channels}
    now = set_resuming(rest, tuple(c for c in lifted.channels if c not in others), all_of)
    for place, more in enumerate(lifted.too, start=1):
        one = resume_of(_lifting_too(gone, place), (more.products, more.lots), mark)
        now |= {name: begun(still_left(rest, before[name]), one) for name in more.channels}
    some = resume_of(_lifting_part(gone), (lifted.products, lifted.lots), mark)
    part = set_resuming(rest, lifted.partly, some)
    for name in lifted.partly:
        still = standing_beside(rest, incident.halt.channels[name])
        is_left_to_somebody = part[name].state == "taken_over"
        now[name] = part[name] if is_left_to_somebody else replace(part[name], by_order=still)
    now |= {name: _under_others(changed, lifted, before[name], mark) for name in lifted.stay}
    return with_stage(changed, "halt", channels=now)


def _under_others(
    incident: Incident, lifted: HaltLifted, now: ChannelHalt, mark: Mark
) -> ChannelHalt:
    """Give a channel that has other orders from now on, which stop all that the lifted one did.

    Who hears them now answers in the time of the one that ended; what a named person answers for
    is asked of nobody else, and a refusal is taken back by nobody else.
    """
    if now.channel in lifted.taken_over:
        return left_whole(incident, now)
    still = [
        one for there in lifted.refused if there.channel == now.channel for one in there.orders
    ]
    return ordered_anew(incident, now, mark, now.answer_due_at, still=still)


# ---------------------------------------------------------------- what it causes


@causes(HaltLifted)
def _undo_lifted(incident: Incident, lifted: HaltLifted, mark: Mark) -> Iterable[Effect]:
    order = find_order(incident, lifted.number)
    ended = (*lifted.channels, *lifted.stay)
    # Where nothing goes back, and another order is the newest, it is carried no more either.
    over = [name for name in order.channels if name not in {*ended, *lifted.partly}]
    others = {name for more in lifted.too for name in more.channels}
    yield Effect(
        name="resume",
        target=_lifting(lifted.number),
        seq=mark.seq,
        body={
            "carried": carried_to([order], (*ended, *over)),
            **went_anew(incident, ended, but=mark.seq, over=(lifted.number, over)),
            **ended_at(incident, lifted.channels),
            "products": list(order.products),
            "lots": list(order.lots),
            "channels": [name for name in lifted.channels if name not in others],
        },
    )
    for place, more in enumerate(lifted.too, start=1):
        yield Effect(
            name="resume",
            target=_lifting_too(lifted.number, place),
            seq=mark.seq,
            body={
                "carried": [],
                "products": list(more.products),
                "lots": list(more.lots),
                "channels": list(more.channels),
            },
        )
    if lifted.partly:
        yield Effect(
            name="resume",
            target=_lifting_part(lifted.number),
            seq=mark.seq,
            body={
                "carried": carried_to([order], lifted.partly),
                **went_anew(incident, lifted.partly),
                **ended_at(incident, lifted.partly),
                "products": list(lifted.products),
                "lots": list(lifted.lots),
                "channels": list(lifted.partly),
            },
        )


@causes(HaltLifted)
def _order_what_stays(incident: Incident, lifted: HaltLifted, mark: Mark) -> Iterable[Effect]:
    return order_anew(incident, incident.halt.channels.values(), mark.seq)
