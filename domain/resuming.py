"""Stage `halt`: lifting an order, and selling or making again.

What belongs here: the explicit acts that undo a halt, channel by channel. What never does: undoing
by silence or by itself (reference table 4.3: resume needs two signatures).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from domain.dispatch import Act, Effect, causes, decides, evolves
from domain.errors import Refused
from domain.halt import HALT_ROLES, changed_orders, find_order, stopped_by
from domain.message import ask, command, event
from domain.ordered_anew import anew_of, order_anew, ordered_anew
from domain.orders_there import answers_of, open_at, with_answers
from domain.people import TEAM
from domain.recall_terms import RecallAction
from domain.severity import HaltLevel
from domain.stages import Stage
from domain.state import Incident, Mark, Signature, with_stage
from domain.state.halt import ChannelHalt, HaltOrder
from domain.values import ChannelId, PublicText
from domain.wire import added


@dataclass(frozen=True, slots=True, kw_only=True)
class GoBackToo:
    """Channels where a lift leaves nothing stopped, and all that then goes back there."""

    channels: tuple[str, ...]
    products: tuple[str, ...]
    lots: tuple[str, ...]


@event("HaltLifted", stage=Stage.HALT)
@dataclass(frozen=True, slots=True, kw_only=True)
class HaltLifted:
    """An order that nobody confirmed was taken back with a reason.

    At `channels` nothing else stops its goods. At those in `partly` another order stands: of its
    goods these `products` and `lots` go back, `kept_lots` stay. Where the other order stops all of
    it nothing goes back; those in `stay` had this order last, and have the other one from now on.
    `too`: of `channels`, those where orders lifted before kept goods back that no order stops now.
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


@event("SaleResumed", stage=Stage.HALT)
@dataclass(frozen=True, slots=True, kw_only=True)
class SaleResumed:
    """Selling or production starts again, signed; channels are restored one by one.

    `lots` are those that may be sold again, none means all of the products; `kept_lots` were
    recalled and never are. `part`: the orders go on at the other channels of these levels.
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
    reached = _reached(incident, [order])
    shared = [now for now in reached if any(now.channel in o.stopped for o in others)]
    names = tuple(now.channel for now in shared)
    beside = [o for o in others if not set(names).isdisjoint(o.stopped)]
    products, lots, kept = _left_to_go_back(order, beside) if shared else ((), (), ())
    free = tuple(now.channel for now in reached if now.channel not in names)
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
        stay=() if products else tuple(now.channel for now in shared if now.order == order.number),
    )


def _kept_back(
    incident: Incident, order: HaltOrder, channels: tuple[str, ...]
) -> tuple[GoBackToo, ...]:
    """Say where orders lifted before this one kept goods back that go back with it."""
    found: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for channel in channels:
        stopped = _stopped_together(incident, [order], {channel})
        if len(stopped) > 1:
            products = tuple(sorted({product for one in stopped for product in one.products}))
            bounded = all(one.lots for one in stopped)
            lots = tuple(sorted({lot for one in stopped for lot in one.lots})) if bounded else ()
            found.setdefault((products, lots), []).append(channel)
    return tuple(
        GoBackToo(channels=tuple(there), products=products, lots=lots)
        for (products, lots), there in found.items()
    )


def _stopped_together(
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


def _reached(incident: Incident, orders: Iterable[HaltOrder]) -> list[ChannelHalt]:
    """Give the channels that orders went to, whichever order each of them heard last."""
    names = {channel for order in orders for channel in order.stopped}
    return [now for now in incident.halt.channels.values() if now.channel in names]


def _left_to_go_back(
    order: HaltOrder, others: Iterable[HaltOrder]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Give the products and lots of an order that no other stops, and the lots that stay.

    No products: there is nothing. A lot that is stopped for one product stays for all, but where
    that leaves none: then the products that no other order names go back.
    """
    same = [other for other in others if not set(other.products).isdisjoint(order.products)]
    whole = {product for other in same if not other.lots for product in other.products}
    products = tuple(one for one in order.products if one not in whole)
    kept = tuple(sorted({lot for other in same for lot in other.lots}))
    lots = tuple(lot for lot in order.lots if lot not in kept)
    if lots or not order.lots:
        return products, lots, kept
    named = {product for other in same for product in other.products}
    return tuple(one for one in order.products if one not in named), order.lots, ()


@decides(ResumeSale)
def resume_sale(incident: Incident, act: Act, said: ResumeSale) -> tuple[SaleResumed, ...]:
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
    channels, part = _sold_again(incident, orders, said.channels)
    products, stopped = stopped_by(incident, _stopped_together(incident, orders, {*channels}))
    lots, kept = _again(incident, stopped)
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


def _sold_again(
    incident: Incident, orders: Sequence[HaltOrder], named: tuple[ChannelId, ...]
) -> tuple[tuple[str, ...], bool]:
    """Give the channels that may sell again, and whether others stay stopped; raises Refused."""
    stopped = tuple(now.channel for now in _reached(incident, orders))
    for name in named:
        if name not in stopped:
            raise Refused(
                f"Channel {name} is not stopped at these levels.",
                "Look at the halt board.",
                code="not_halted",
            )
    chosen = tuple(name for name in stopped if not named or name in named)
    return chosen, chosen != stopped


def recalled_lots(incident: Incident) -> tuple[str, ...]:
    """Give the lots that a decided recall takes back: they never go on sale again.

    What is corrected where it stands is sold again once that is done.
    """
    scope = incident.recall.scope
    return scope.coverage.lots if scope is not None and _takes_back(incident) else ()


def takes_back_all(incident: Incident) -> bool:
    """Say whether a decided recall takes back every lot, because nobody can bound them."""
    scope = incident.recall.scope
    return scope is not None and scope.unbounded and _takes_back(incident)


def _takes_back(incident: Incident) -> bool:
    return incident.recall.is_decided and incident.recall.decision != RecallAction.CORRECT_IN_PLACE


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


def _resuming(incident: Incident, channels: tuple[str, ...], resume: str) -> dict[str, ChannelHalt]:
    changed = {
        name: replace(
            incident.halt.channels[name],
            state="resuming",
            resume=resume,
            last_error="",
            by_order=(),
            resume_failed_at=None,
        )
        for name in channels
        if name in incident.halt.channels
    }
    return {**incident.halt.channels, **changed}


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
    changed = with_stage(incident, "halt", orders=orders, levels=levels)
    gone = lifted.number
    before = {name: _without(one, gone) for name, one in incident.halt.channels.items()}
    rest = with_stage(changed, "halt", channels=before)
    now = _resuming(rest, lifted.channels, _lifting(gone))
    for place, more in enumerate(lifted.too, start=1):
        for name in more.channels:
            now[name] = replace(now[name], resume=_lifting_too(gone, place))
    part = _resuming(rest, lifted.partly, _lifting_part(gone))
    now |= {name: replace(part[name], by_order=open_at(before[name])) for name in lifted.partly}
    # Who hears the other order from now on answers it in the time of the one that ended.
    now |= {
        name: ordered_anew(changed, before[name], mark, before[name].answer_due_at)
        for name in lifted.stay
    }
    return with_stage(changed, "halt", channels=now)


def _without(now: ChannelHalt, number: int) -> ChannelHalt:
    """Give a channel without an older order that was open there and is lifted."""
    if now.order == number or all(one.order != number for one in now.by_order):
        return now
    return with_answers(now, [one for one in answers_of(now) if one.order != number])


def _order_resumed(order: HaltOrder, resumed: SaleResumed, mark: Mark) -> HaltOrder:
    """Lift an order, at the channels that are named or at all; at none left it is over."""
    if not resumed.part:
        return replace(order, lifted_at=mark.at)
    there = tuple(channel for channel in order.stopped if channel in resumed.channels)
    left = replace(order, resumed=(*order.resumed, *there))
    return left if left.stopped else replace(left, lifted_at=mark.at)


@evolves(SaleResumed)
def _resumed(incident: Incident, resumed: SaleResumed, mark: Mark) -> Incident:
    orders = tuple(
        _order_resumed(o, resumed, mark) if o.level in resumed.levels and not o.lifted_at else o
        for o in incident.halt.orders
    )
    levels = tuple(sorted({o.level for o in orders if o.lifted_at is None}))
    return with_stage(
        incident,
        "halt",
        orders=orders,
        levels=levels,
        channels=_resuming(incident, resumed.channels, str(resumed.number)),
        resumed_at=None if levels else mark.at,
        resumptions=resumed.number,
    )


# ---------------------------------------------------------------- what is due, what it causes


@causes(HaltLifted)
def _undo_lifted(incident: Incident, lifted: HaltLifted, mark: Mark) -> Iterable[Effect]:
    order = find_order(incident, lifted.number)
    ended = (*lifted.channels, *lifted.stay)
    others = {name for more in lifted.too for name in more.channels}
    yield Effect(
        name="resume",
        target=_lifting(lifted.number),
        seq=mark.seq,
        body={
            "carried": _carried([order], ended),
            **_anew(incident, ended, but=mark.seq),
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
                "carried": _carried([order], lifted.partly),
                **_anew(incident, lifted.partly),
                "products": list(lifted.products),
                "lots": list(lifted.lots),
                "channels": list(lifted.partly),
            },
        )


@causes(HaltLifted)
def _order_what_stays(incident: Incident, lifted: HaltLifted, mark: Mark) -> Iterable[Effect]:
    now = incident.halt.channels
    return order_anew(incident, [now[name] for name in lifted.stay], mark.seq)


@causes(SaleResumed)
def _undo_resumed(incident: Incident, resumed: SaleResumed, mark: Mark) -> Iterable[Effect]:
    orders = [order for order in incident.halt.orders if order.level in resumed.levels]
    yield Effect(
        name="resume",
        target=str(resumed.number),
        seq=mark.seq,
        body={
            "carried": _carried(orders, resumed.channels),
            **_anew(incident, resumed.channels),
            "products": list(resumed.products),
            "lots": list(resumed.lots),
            "kept": list(resumed.kept_lots),
            "channels": list(resumed.channels),
        },
    )


def _carried(orders: Iterable[HaltOrder], channels: Iterable[str]) -> list[list[Any]]:
    """List the channels that each order was carried to: nobody need carry it there any more."""
    ended = set(channels)
    return [[o.number, [c for c in o.channels if c in ended]] for o in orders]


def _anew(
    incident: Incident, channels: Iterable[str], *, but: int = 0
) -> dict[str, list[list[Any]]]:
    """List what went out anew to these channels: nobody need carry that there any more either.

    What goes out by entry `but` itself only begins.
    """
    now = incident.halt.channels
    found = [one for name in channels if name in now for one in anew_of(now[name], but=but)]
    return {"again": found} if found else {}
