"""Stage `halt`: lifting an order, and selling or making again.

What belongs here: the explicit acts that undo a halt, channel by channel. What never does: undoing
by silence or by itself (reference table 4.3: resume needs two signatures).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from domain.channels import anew_of
from domain.dispatch import Act, Effect, causes, decides, evolves
from domain.errors import Refused
from domain.halt import HALT_ROLES, changed_orders, find_order, halted_lots, halted_products
from domain.message import ask, command, event
from domain.people import TEAM
from domain.recall_terms import RecallAction
from domain.severity import HaltLevel
from domain.stages import Stage
from domain.state import Incident, Mark, Signature, with_stage
from domain.state.halt import ChannelHalt, HaltOrder
from domain.values import PublicText
from domain.wire import added


@event("HaltLifted", stage=Stage.HALT)
@dataclass(frozen=True, slots=True, kw_only=True)
class HaltLifted:
    """An order that nobody confirmed was taken back with a reason."""

    number: int
    by: str
    reason: PublicText
    channels: tuple[str, ...]


@event("SaleResumed", stage=Stage.HALT)
@dataclass(frozen=True, slots=True, kw_only=True)
class SaleResumed:
    """Selling or production starts again, signed; channels are restored one by one.

    `lots` are those that may be sold again, none means all of the products; `kept_lots` were
    recalled and never are.
    """

    number: int
    levels: tuple[HaltLevel, ...]
    basis: PublicText
    channels: tuple[str, ...]
    products: tuple[str, ...]
    lots: tuple[str, ...]
    signers: tuple[Signature, ...]
    kept_lots: tuple[str, ...] = added(())


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
    channels = _under(incident, order.number)
    return (HaltLifted(number=said.number, by=act.who, reason=said.reason, channels=channels),)


def _under(incident: Incident, number: int) -> tuple[str, ...]:
    return tuple(c.channel for c in incident.halt.channels.values() if c.order == number)


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
    lots, kept = _again(incident)
    numbers = {o.number for o in incident.halt.orders if o.level in levels and not o.lifted_at}
    return (
        SaleResumed(
            number=incident.halt.resumptions + 1,
            levels=levels,
            basis=said.basis,
            channels=tuple(
                c.channel for c in incident.halt.channels.values() if c.order in numbers
            ),
            products=halted_products(incident),
            lots=lots,
            signers=act.signers,
            kept_lots=kept,
        ),
    )


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


def _again(incident: Incident) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Say which lots may be sold again (none: all others of the products), and which never.

    Raises Refused while nobody can say which lots were recalled.
    """
    scope = incident.recall.scope
    if incident.recall.is_decided and scope is not None and scope.unbounded:
        raise Refused(
            "The recall reaches every lot, so that there is none to sell again.",
            "Narrow the scope to the lots that are concerned first; two people sign that.",
            code="unbounded",
        )
    kept = recalled_lots(incident)
    return tuple(lot for lot in halted_lots(incident) if lot not in kept), kept


# ---------------------------------------------------------------- evolve


def _resuming(incident: Incident, channels: tuple[str, ...], resume: str) -> dict[str, ChannelHalt]:
    changed = {
        name: replace(incident.halt.channels[name], state="resuming", resume=resume)
        for name in channels
        if name in incident.halt.channels
    }
    return {**incident.halt.channels, **changed}


def _lifting(number: int) -> str:
    """Name the order to resume that follows from lifting a halt."""
    return f"lifted-{number}"


@evolves(HaltLifted)
def _lifted(incident: Incident, lifted: HaltLifted, mark: Mark) -> Incident:
    orders = changed_orders(incident, lifted.number, lifted_at=mark.at)
    return with_stage(
        incident,
        "halt",
        orders=orders,
        levels=tuple(sorted({o.level for o in orders if o.lifted_at is None})),
        channels=_resuming(incident, lifted.channels, _lifting(lifted.number)),
    )


@evolves(SaleResumed)
def _resumed(incident: Incident, resumed: SaleResumed, mark: Mark) -> Incident:
    orders = tuple(
        replace(o, lifted_at=mark.at) if o.level in resumed.levels and not o.lifted_at else o
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
    yield Effect(
        name="resume",
        target=_lifting(lifted.number),
        seq=mark.seq,
        body={
            "carried": _carried([order], lifted.channels),
            **_anew(incident, lifted.channels),
            "products": list(order.products),
            "lots": list(order.lots),
            "channels": list(lifted.channels),
        },
    )


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


def _anew(incident: Incident, channels: Iterable[str]) -> dict[str, list[list[Any]]]:
    """List what went out anew to these channels: nobody need carry that there any more either."""
    now = incident.halt.channels
    found = [one for name in channels if name in now for one in anew_of(now[name])]
    return {"again": found} if found else {}
