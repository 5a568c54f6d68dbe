"""Stage `halt`: lifting an order, and selling or making again.

What belongs here: the explicit acts that undo a halt, channel by channel. What never does: undoing
by silence or by itself (reference table 4.3: resume needs two signatures), or what becomes of
channels once an order is lifted (domain/lifted_halts.py).
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from domain.dispatch import Act, Effect, causes, decides, evolves
from domain.errors import Refused
from domain.freed_goods import forgotten
from domain.going_back import (
    carried_to,
    ended_at,
    left_to_go_back,
    reached_by,
    resume_of,
    set_resuming,
    stopped_together,
    went_anew,
)
from domain.halt import HALT_ROLES, find_order, stopped_by
from domain.message import ask, command, event, to_wire
from domain.on_sale_already import without_sold
from domain.orders_there import is_all_left, refused_at, standing_beside
from domain.people import TEAM
from domain.resuming_goods import Named, freed_goods, orders_left, orders_of, stood_at
from domain.severity import HaltLevel
from domain.stages import Stage
from domain.state import Incident, Mark, PendingAct, Signature, with_stage
from domain.state.halt import ChannelHalt, HaltOrder
from domain.taken_back import recalled_lots, takes_back_all
from domain.values import ChannelId, LotNumber, ProductId, PublicText
from domain.wire import added


@dataclass(frozen=True, slots=True, kw_only=True)
class GoBackToo:
    """Channels where a lift leaves nothing stopped, and all that then goes back there."""

    channels: tuple[str, ...]
    products: tuple[str, ...]
    lots: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedThere:
    """Orders that a channel refused, and that stay refused while others go out anew to it."""

    channel: str
    orders: tuple[int, ...]


@event("HaltLifted", stage=Stage.HALT)
@dataclass(frozen=True, slots=True, kw_only=True)
class HaltLifted:
    """An order that nobody confirmed was taken back with a reason.

    At `channels` nothing else stops its goods. At those in `partly` another order stands: of its
    goods these `products` and `lots` go back, `kept_lots` stay. Where the other order stops all of
    it nothing goes back; those in `stay` had this order last, and have the other one from now on.
    `too`: of `channels`, those where orders lifted before kept goods back that no order stops now.
    Of those in `stay`, the ones in `taken_over` are left to the person who answers for them, and
    what is `refused`, or could not be brought, stays as it was answered.
    """

    number: int
    by: str
    reason: PublicText
    channels: tuple[str, ...]
    partly: tuple[str, ...] = added(())
    products: tuple[str, ...] = added(())
    lots: tuple[str, ...] = added(())
    kept_lots: tuple[str, ...] = added(())
    stay: tuple[str, ...] = added(())
    too: tuple[GoBackToo, ...] = added(())
    taken_over: tuple[str, ...] = added(())
    refused: tuple[RefusedThere, ...] = added(())


@event("SaleResumed", stage=Stage.HALT)
@dataclass(frozen=True, slots=True, kw_only=True)
class SaleResumed:
    """Selling or production starts again, signed; channels are restored one by one.

    `lots` are those that may be sold again, none means all of the products; `kept_lots` were
    recalled and never are. `part`: the orders go on at the other channels of these levels.
    `orders` are there where some goods alone are freed: those that end at these channels. What is
    left of them goes on in orders of their own, which were given just before.
    """

    number: int
    levels: tuple[HaltLevel, ...]
    basis: PublicText
    channels: tuple[str, ...]
    products: tuple[str, ...]
    lots: tuple[str, ...]
    signers: tuple[Signature, ...]
    kept_lots: tuple[str, ...] = added(())
    part: bool = added(default=False)
    orders: tuple[int, ...] = added(())


# ---------------------------------------------------------------- commands


@command("lift_halt", stage=Stage.HALT, roles=HALT_ROLES, act="lift_halt", title="Lift the halt")
@dataclass(frozen=True, slots=True, kw_only=True)
class LiftHalt:
    """Take back an order that nobody confirmed yet."""

    number: int = ask("Order number")
    reason: PublicText = ask("Why is it safe to go on?", max=2000)


@command("resume_sale", stage=Stage.HALT, roles=TEAM, act="resume_sale", title="Resume sale",
         meaning="It is safe to sell or make this product again")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeSale:
    """Sell or make again: a signed act on a stated basis."""

    basis: PublicText = ask("What shows that it is safe?", max=4000)
    levels: tuple[HaltLevel, ...] = ask(
        "Which levels? (leave empty for all that stand)", default=()
    )
    channels: tuple[ChannelId, ...] = ask(
        "Which channels? (leave empty for all of these levels)", default=(), added=True,
        help="The halt goes on at all others.",
    )  # fmt: skip
    products: tuple[ProductId, ...] = ask(
        "Which products? (leave empty for all)", default=(), added=True,
        help="All lots of them, or those named below.",
    )  # fmt: skip
    lots: tuple[LotNumber, ...] = ask(
        "Which lots? (leave empty for all)", default=(), added=True,
        help="All others stay stopped, as an order with a number of its own.",
    )  # fmt: skip


# ---------------------------------------------------------------- decide


@decides(LiftHalt)
def lift_halt(incident: Incident, act: Act, said: LiftHalt) -> tuple[HaltLifted, ...]:
    """Lift an unconfirmed order; what was confirmed, or recalled, is resumed by signatures."""
    order = find_order(incident, said.number)
    if order.lifted_at is not None:
        raise Refused(f"Order {said.number} is lifted already.", "Look at the halt board.")
    if order.confirmed_at is not None or incident.recall.is_decided:
        raise Refused(
            f"Order {said.number} is confirmed or taken over by the recall.",
            "Use 'Resume sale', which two people sign.",
            code="needs_resume",
        )
    return (_lifting_of(incident, order, act.who, said.reason),)


def _lifting_of(incident: Incident, order: HaltOrder, who: str, reason: PublicText) -> HaltLifted:
    """Say what goes back where: all of it, or what no other order stops there."""
    others = [o for o in incident.halt.orders if not o.lifted_at and o.number != order.number]
    reached = reached_by(incident, [order])
    shared = [now for now in reached if any(now.channel in o.stopped for o in others)]
    names = tuple(now.channel for now in shared)
    beside = [o for o in others if not set(names).isdisjoint(o.stopped)]
    products, lots, kept = left_to_go_back(order, beside) if shared else ((), (), ())
    free = tuple(now.channel for now in reached if now.channel not in names)
    stay = [] if products else [now for now in shared if now.order == order.number]
    return HaltLifted(
        number=order.number,
        by=who,
        reason=reason,
        channels=free,
        too=_kept_back(incident, order, free),
        partly=names if products else (),
        products=products,
        lots=lots,
        kept_lots=kept,
        stay=tuple(now.channel for now in stay),
        taken_over=tuple(
            now.channel for now in stay if is_all_left(incident, now, but=order.number)
        ),
        refused=tuple(_refused_beside(stay, order.number)),
    )


def _refused_beside(stay: Iterable[ChannelHalt], number: int) -> Iterator[RefusedThere]:
    """Give what stays as it was answered once an order is lifted that was the newest there."""
    for now in stay:
        orders = tuple(one for one in refused_at(now) if one != number)
        if orders:
            yield RefusedThere(channel=now.channel, orders=orders)


def _kept_back(
    incident: Incident, order: HaltOrder, channels: tuple[str, ...]
) -> tuple[GoBackToo, ...]:
    """Say where orders lifted before this one kept goods back that go back with it."""
    found: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for channel in channels:
        stopped = stopped_together(incident, [order], {channel})
        if len(stopped) > 1:
            products = tuple(sorted({product for one in stopped for product in one.products}))
            bounded = all(one.lots for one in stopped)
            lots = tuple(sorted({lot for one in stopped for lot in one.lots})) if bounded else ()
            found.setdefault((products, lots), []).append(channel)
    return tuple(
        GoBackToo(channels=tuple(there), products=products, lots=lots)
        for (products, lots), there in found.items()
    )


@decides(ResumeSale)
def resume_sale(incident: Incident, act: Act, said: ResumeSale) -> tuple[Any, ...]:
    """Resume by two signatures, on a stated basis; never while a recall of the lots runs."""
    standing = tuple(HaltLevel(level) for level in incident.halt.levels)
    levels = tuple(said.levels) or standing
    absent = [level for level in levels if level not in standing]
    if not standing or absent:
        raise Refused(
            "Nothing is halted." if not standing else f"{', '.join(absent)} does not stand.",
            "Look at the halt board.",
            code="not_halted",
        )
    if incident.recall.is_running:
        raise Refused(
            "A recall of these lots is running.",
            "Complete the recall in every market first.",
            code="recall_running",
        )
    orders = [o for o in incident.halt.orders if o.level in levels and not o.lifted_at]
    if said.products or said.lots:
        some = _some_resumed(incident, act, said, orders)
        if some:
            return some
    channels, part = _sold_again(incident, orders, said.channels)
    stopped = stopped_by(incident, stopped_together(incident, orders, {*channels}))
    products, left = without_sold(incident, stopped, channels)
    lots, kept = _again(incident, left)
    return (
        SaleResumed(
            number=incident.halt.resumptions + 1,
            levels=levels,
            basis=said.basis,
            channels=channels,
            products=products,
            lots=lots,
            signers=act.signers,
            kept_lots=kept,
            part=part,
        ),
    )


def _some_resumed(
    incident: Incident, act: Act, said: ResumeSale, orders: Sequence[HaltOrder]
) -> tuple[Any, ...]:
    """Free what is named of these orders; no events where that is all that they stop.

    Raises Refused where nothing of it may be sold, and for channels that do not sell yet what was
    freed before: a new order there would end what carries that. Orders given since it was proposed
    are not touched: nobody who signed it first knew of them.
    """
    named = Named(said.products, said.lots)
    meant, _part = _sold_again(incident, orders, said.channels)
    there = [order for order in orders if not set(meant).isdisjoint(order.stopped)]
    stood, later = stood_at(incident, there, _proposed(incident, act, said))
    concerned = orders_of(stood, named, later)
    channels, part = _sold_again(incident, concerned, said.channels)
    left = orders_left(incident, act, concerned, named, channels)
    if not left and concerned == orders:
        return ()
    busy = [name for name in channels if incident.halt.channels[name].state == "resuming"]
    if busy:
        raise Refused(
            f"Sale was resumed before and is not confirmed yet at {', '.join(busy)}.",
            "Confirm that these channels have resumed, or name the other channels.",
            code="still_resuming",
        )
    products, freed = freed_goods(concerned, named)
    lots, kept = _again(incident, freed)
    if freed and not lots:
        raise Refused(
            "Every lot of it was recalled, and is never sold again.",
            "Name other lots or products.",
            code="recalled",
        )
    resumed = SaleResumed(
        number=incident.halt.resumptions + 1,
        levels=tuple(dict.fromkeys(HaltLevel(order.level) for order in concerned)),
        basis=said.basis,
        channels=channels,
        products=products,
        lots=lots,
        signers=act.signers,
        kept_lots=kept,
        part=part,
        orders=tuple(order.number for order in concerned),
    )
    return (*left, resumed)


def _proposed(incident: Incident, act: Act, said: ResumeSale) -> PendingAct | None:
    """Find the act that takes effect with its last signature; None where it is proposed now."""
    waiting = (one for one in incident.pending.values() if one.command == to_wire(said))
    return next((one for one in waiting if one.signatures[0] in act.signers), None)


def _sold_again(
    incident: Incident, orders: Sequence[HaltOrder], named: tuple[ChannelId, ...]
) -> tuple[tuple[str, ...], bool]:
    """Give the channels that may sell again, and whether others stay stopped; raises Refused."""
    stopped = tuple(now.channel for now in reached_by(incident, orders))
    for name in named:
        if name not in stopped:
            raise Refused(
                f"Channel {name:.80} is not stopped at these levels.",
                "Look at the halt board.",
                code="not_halted",
            )
    chosen = tuple(name for name in stopped if not named or name in named)
    return chosen, chosen != stopped


def _again(incident: Incident, stopped: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Say which lots of those stopped may be sold again (none: all others), and which never.

    Raises Refused while nobody can say which lots are taken back.
    """
    if takes_back_all(incident):
        raise Refused(
            "The recall reaches every lot, so that there is none to sell again.",
            "Narrow the scope to the lots that are concerned first; two people sign that.",
            code="unbounded",
        )
    kept = recalled_lots(incident)
    return tuple(lot for lot in stopped if lot not in kept), kept


# ---------------------------------------------------------------- evolve


def _ends(order: HaltOrder, resumed: SaleResumed) -> bool:
    """Say whether an order ends where sale resumes: by its number, or with its level."""
    named = order.number in resumed.orders if resumed.orders else order.level in resumed.levels
    return named and not order.lifted_at


def _order_resumed(
    order: HaltOrder, resumed: SaleResumed, mark: Mark, apart: Collection[str]
) -> HaltOrder:
    """Lift an order, at the channels that are named or at all; at none left it is over.

    At levels in `apart` goods were freed: that all of this order resumed by decision at a channel,
    now or before, stays known too when it is over (domain/freed_goods.py).
    """
    if not resumed.part and not resumed.orders:
        return replace(order, lifted_at=mark.at)
    there = tuple(channel for channel in order.stopped if channel in resumed.channels)
    left = replace(order, resumed=(*order.resumed, *there))
    if resumed.orders or order.level in apart:
        left = replace(left, freed=left.resumed)
    return left if left.stopped else replace(left, lifted_at=mark.at)


@evolves(SaleResumed)
def _resumed(incident: Incident, resumed: SaleResumed, mark: Mark) -> Incident:
    apart = {order.level for order in incident.halt.orders if order.freed}
    orders = tuple(
        _order_resumed(o, resumed, mark, apart) if _ends(o, resumed) else o
        for o in incident.halt.orders
    )
    levels = tuple(sorted({o.level for o in orders if o.lifted_at is None}))
    orders = forgotten(orders, levels)
    one = resume_of(str(resumed.number), (resumed.products, resumed.lots), mark)
    ended = with_stage(incident, "halt", orders=orders)
    channels = _still_open(ended, resumed, set_resuming(ended, resumed.channels, one))
    return with_stage(
        incident,
        "halt",
        orders=orders,
        levels=levels,
        channels=channels,
        resumed_at=None if levels else mark.at,
        resumptions=resumed.number,
    )


def _still_open(
    incident: Incident, resumed: SaleResumed, now: dict[str, ChannelHalt]
) -> dict[str, ChannelHalt]:
    """Keep beside each order to resume the orders that stand there, as they were answered.

    Also those that the channel confirmed: where goods of theirs are found on sale, or it says that
    it cannot after all, that is theirs.
    """
    for name in resumed.channels:
        if now[name].state != "resuming":
            continue
        still = standing_beside(incident, incident.halt.channels[name])
        now[name] = replace(now[name], by_order=still)
    return now


# ---------------------------------------------------------------- what is due, what it causes


@causes(SaleResumed)
def _undo_resumed(incident: Incident, resumed: SaleResumed, mark: Mark) -> Iterable[Effect]:
    ended = resumed.orders
    orders = [
        order
        for order in incident.halt.orders
        if (order.number in ended if ended else order.level in resumed.levels)
    ]
    yield Effect(
        name="resume",
        target=str(resumed.number),
        seq=mark.seq,
        body={
            "carried": carried_to(orders, resumed.channels),
            **went_anew(incident, resumed.channels),
            **ended_at(incident, resumed.channels),
            "products": list(resumed.products),
            "lots": list(resumed.lots),
            "kept": list(resumed.kept_lots),
            "channels": list(resumed.channels),
        },
    )
