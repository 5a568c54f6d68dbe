"""What a form to sell again, or to lift an order, and whoever signs it, are shown before.

What belongs here: the goods, levels and channels that it reaches as things stand. What never does:
what may be sold (domain/resuming.py).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from api.pages import blocks
from api.pages.earlier import halted_elsewhere
from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from domain.errors import Refused
from domain.halt import stopped_by
from domain.resuming_goods import Named, freed_goods, orders_of, stood_at
from domain.state import PendingAct
from domain.state.halt import HaltOrder
from domain.taken_back import recalled_lots

ALL: Final = Named((), ())
"""No goods are named: it is about all of them."""


def resuming(
    view: View, levels: Sequence[str], channels: Sequence[str], named: Named = ALL
) -> list[Drawn]:
    """Give what is shown on the form to sell again, by what is ticked on it."""
    rows = resuming_rows(view, levels, channels, named)
    return [blocks.pairs(view.lens("What goes on sale again"), rows)]


def resuming_rows(
    view: View,
    levels: Sequence[str] = (),
    channels: Sequence[str] = (),
    named: Named = ALL,
    proposed: PendingAct | None = None,
) -> list[Drawn]:
    """Say which lots and channels an order to sell again reaches, before anybody signs it.

    Without `levels` it is about all that stand, without `channels` about all of those levels, and
    where no goods are `named` about all of them. Named goods are freed only of orders that stood
    when it was `proposed`; others may have been given since.
    """
    if named == ALL:
        reached = list(levels) or list(view.state.halt.levels)
        orders = [one for one in _standing(view) if one.level in reached]
        return [*_goods_again(view), *_places_again(view, reached, channels, orders)]
    standing = [
        one
        for one in _standing(view)
        if (not levels or one.level in levels)
        and (not channels or not set(channels).isdisjoint(one.stopped))
    ]
    stood, later = stood_at(view.state, standing, proposed)
    try:
        freed = orders_of(stood, named, later)
    except Refused as refusal:
        lens = view.lens
        told = lens.sentences([lens.sentence(refusal.sentence), lens.sentence(refusal.hint)])
        return [{"label": lens("May be sold again"), "text": told, "tone": "critical"}]
    reached = sorted({one.level for one in freed})
    goods = _some_again(view, standing, freed, named)
    return [*goods, *_places_again(view, reached, channels, freed)]


def _standing(view: View) -> list[HaltOrder]:
    return [one for one in view.state.halt.orders if one.lifted_at is None]


def _some_again(
    view: View, standing: Sequence[HaltOrder], freed: Sequence[HaltOrder], named: Named
) -> list[Drawn]:
    """Say which of the goods may be sold again, of how many lots, and which stay stopped."""
    lens = view.lens
    kept = recalled_lots(view.state)
    products, lots = freed_goods(freed, named)
    again = tuple(lot for lot in lots if lot not in kept)
    every = {lot for one in standing for lot in one.lots}
    count = lens("Lots: %(n)s of %(all)s that are stopped", n=len(again), all=len(every))
    lines = [_goods(lens, products, again)] if again or not lots else [lens("none")]
    rows: list[Drawn] = [
        {"label": lens("May be sold again"), "lines": [*lines, *([count] if lots else ())]}
    ]
    left = [
        _goods(lens, *goods)
        for one in standing
        for goods in (named.left_of(one) if one in freed else [(one.products, one.lots)])
    ]
    if left:
        stays = list(dict.fromkeys(left))
        rows.append({"label": lens("Stays stopped there"), "lines": stays, "tone": "warning"})
    return rows + _recalled(lens, kept) + halted_elsewhere(view, "resume_sale")


def goods_named(lens: Lens, body: Mapping[str, Any]) -> str:
    """Name the goods that an act to sell again names; nothing where it is about all."""
    products, lots = body.get("products", ()), body.get("lots", ())
    return lens.listed([*([lens.products(products)] if products else []), *lots])


def goods_meant(lens: Lens, body: Mapping[str, Any]) -> str:
    """Say of which goods a signature means that they are safe; nothing where it is all."""
    goods = goods_named(lens, body)
    return lens("It means %(goods)s alone; all else stays stopped.", goods=goods) if goods else ""


def _goods(lens: Lens, products: Sequence[str], lots: Sequence[str]) -> str:
    return lens.named_line(lens.products(products), lens.listed(lots) or lens("all lots"))


def _recalled(lens: Lens, kept: Sequence[str]) -> list[Drawn]:
    if not kept:
        return []
    told = lens("%(lots)s: recalled, never sold again", lots=lens.listed(kept))
    return [{"label": lens("Stays off sale"), "text": told, "tone": "critical"}]


def _places_again(
    view: View, levels: Sequence[str], channels: Sequence[str], orders: Sequence[HaltOrder]
) -> list[Drawn]:
    """Say at which levels and channels of these orders, and which of them were never stopped."""
    lens, halt = view.lens, view.state.halt
    stopped = list(dict.fromkeys(name for one in orders for name in one.stopped))
    there = [name for name in stopped if not channels or name in channels]
    rows: list[Drawn] = [
        {"label": lens("Levels"), "lines": [lens.level(one) for one in levels]},
        {
            "label": lens("Channels that may sell again"),
            "lines": [
                _how_many(lens, len(there), len(stopped), named=bool(channels)),
                *[lens.named("channel", name) for name in there],
            ],
        },
    ]
    now = halt.channels
    for label, lacking in (
        (lens("Still on sale there, after all"), [n for n in there if now[n].drift is not None]),
        (
            lens("Never confirmed that they stopped"),
            [n for n in there if now[n].state != "confirmed"],
        ),
    ):
        if lacking:
            lines = [lens.named("channel", name) for name in lacking]
            rows.append({"label": label, "lines": lines, "tone": "warning"})
    return rows


def _how_many(lens: Lens, there: int, stopped: int, *, named: bool) -> str:
    """Count the channels that are named; where none is, say that all are meant."""
    every = lens.channels(stopped)
    if not named:
        return lens("all that are stopped there, because none is chosen: %(all)s", all=every)
    return lens("%(n)s of %(all)s; the halt goes on at the others", n=there, all=every)


def _goods_again(view: View) -> list[Drawn]:
    lens, state = view.lens, view.state
    kept = recalled_lots(state)
    standing = [order for order in state.halt.orders if order.lifted_at is None]
    named, stopped = stopped_by(state, standing)
    again = [lot for lot in stopped if lot not in kept]
    products = lens.products(named)
    every = lens("all other lots") if kept else lens("all lots")
    goods = lens.listed(again) or every
    rows = [{"label": lens("May be sold again"), "text": lens.named_line(products, goods)}]
    return rows + _recalled(lens, kept) + halted_elsewhere(view, "resume_sale")


def lifting_rows(view: View, number: int) -> list[Drawn]:
    """Say which order is lifted, and where, before anybody signs it."""
    lens = view.lens
    order = next((one for one in view.state.halt.orders if one.number == number), None)
    if order is None:
        return halted_elsewhere(view, "lift_halt")
    told = lens.named_line(lens.level(order.level), lens.products(order.products))
    lines = [lens.named("channel", name) for name in order.stopped]
    return [
        {"label": lens("The order that is lifted"), "text": told},
        {"label": lens("Channels of this order"), "lines": lines or [lens("none")]},
        *halted_elsewhere(view, "lift_halt"),
    ]


def lifting(view: View) -> list[Drawn]:
    """Give what is shown on the form to lift an order."""
    rows = halted_elsewhere(view, "lift_halt")
    return [blocks.pairs(view.lens("Before you lift it"), rows)] if rows else []
