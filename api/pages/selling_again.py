"""What a form to sell again, or to lift an order, and whoever signs it, are shown before.

What belongs here: the goods, levels and channels that it reaches as things stand. What never does:
what may be sold (domain/resuming.py).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from api.pages import blocks
from api.pages.all_or_named import RESUME
from api.pages.earlier import halted_elsewhere
from api.pages.goods_told import goods_apart, goods_in_brackets, goods_line, goods_lines
from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from api.pages.results_behind import results_rows
from domain.errors import Refused
from domain.goods_in_pairs import Goods
from domain.halt import stopped_by
from domain.lots_by_product import products_concerned
from domain.on_sale_already import without_sold
from domain.orders_there import is_confirmed
from domain.resuming import SaleResumed
from domain.resuming_goods import Named, orders_of, stood_at
from domain.state import PendingAct
from domain.state.halt import HaltOrder
from domain.taken_back import recalled_lots

ALL: Final = Named((), ())
"""No goods are named: it is about all of them."""


def resuming(
    view: View, levels: Sequence[str], channels: Sequence[str], named: Named = ALL
) -> list[Drawn]:
    """Give what is shown on the form to sell again, by what is ticked on it."""
    if not _standing(view):
        return []
    rows = resuming_rows(view, levels, channels, named)
    return [blocks.pairs(view.lens("What goes on sale again"), rows)]


def why_none(view: View, command: str) -> str:
    """Say why nothing can go on sale again now, on its form; nothing on another, or where it can.

    The sentences are those of the refusals (domain/resuming.py).
    """
    lens, state = view.lens, view.state
    if command != RESUME or view.state.review.closed_at is not None:
        return ""
    if not state.halt.levels and state.halt.resumed_at is not None:
        when = lens.when(state.halt.resumed_at)
        return lens("Nothing is stopped any more: it was resumed, or lifted, %(when)s.", when=when)
    told = ("Nothing is halted.", "Look at the halt board.") if not state.halt.levels else ()
    if state.halt.levels and state.recall.is_running:
        told = ("A recall of these lots is running.", "Complete the recall in every market first.")
    return lens.sentences(map(lens.sentence, told))


def resuming_none(view: View) -> list[Drawn]:
    """Give what is shown while neither all nor anything is chosen; nothing where nothing stands."""
    lens, standing = view.lens, _standing(view)
    if not standing:
        return []
    goods = [(one.products, one.lots) for one in standing]
    rows: list[Drawn] = [
        {"label": lens("May be sold again"), "text": lens("nothing chosen yet")},
        {
            "label": lens("Stopped now"),
            "lines": goods_lines(lens, goods, products_concerned(view.state)),
        },
        {"label": lens("Levels"), "lines": [lens.level(one) for one in view.state.halt.levels]},
    ]
    rows += _recalled(lens, recalled_lots(view.state)) + halted_elsewhere(view, RESUME)
    return [blocks.pairs(lens("What goes on sale again"), rows)]


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
        return [
            *_goods_again(view, orders, channels),
            *_places_again(view, reached, channels, orders),
        ]
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
    again, stays = goods_apart(
        lens,
        [
            _without([named.of(one) for one in freed], kept),
            [
                goods
                for one in standing
                for goods in (named.left_of(one) if one in freed else [(one.products, one.lots)])
            ],
        ],
        products_concerned(view.state),
    )
    every = {lot for _, lots in (*again, *stays) for lot in lots}
    every |= {lot for one in standing for lot in one.lots if lot in kept}
    n = len({lot for _, lots in again for lot in lots})
    lines = [goods_line(lens, one) for one in again] or [lens("none")]
    if all(lots for _, lots in again):
        lines.append(lens("Lots: %(n)s of %(all)s that are stopped", n=n, all=len(every)))
    rows: list[Drawn] = [{"label": lens("May be sold again"), "lines": lines}]
    if stays:
        lines = [goods_line(lens, one) for one in stays]
        rows.append({"label": lens("Stays stopped there"), "lines": lines, "tone": "warning"})
    rows += _recalled(lens, kept) + results_rows(view, again)
    return rows + halted_elsewhere(view, RESUME)


def _without(goods: Iterable[Goods], kept: Sequence[str]) -> list[Goods]:
    """Leave recalled lots out of goods; nothing is left of those of which every lot was."""
    free = [
        (products, lots, tuple(lot for lot in lots if lot not in kept)) for products, lots in goods
    ]
    return [(products, left) for products, lots, left in free if left or not lots]


def goods_named(view: View, body: Mapping[str, Any]) -> str:
    """Name the goods that an act to sell again names; nothing where it is about all."""
    products, lots = tuple(body.get("products", ())), tuple(body.get("lots", ()))
    if lots and not products:
        stop = (one for one in _standing(view) if not set(lots).isdisjoint(one.lots))
        products = tuple(sorted({product for one in stop for product in one.products}))
    beside = [(one.products, one.lots) for one in _standing(view)]
    told = goods_apart(view.lens, [[(products, lots)], beside], products_concerned(view.state))
    goods = told[0] if products else [((), lots)]
    return goods_in_brackets(view.lens, goods)


def goods_meant(view: View, body: Mapping[str, Any]) -> str:
    """Say of which goods a signature means that they are safe; nothing where it is all."""
    goods, lens = goods_named(view, body), view.lens
    return lens("It means %(goods)s alone; all else stays stopped.", goods=goods) if goods else ""


def goods_freed(view: View, resumed: SaleResumed) -> str:
    """Name what an act would free: a product, and its lots where others of it stay stopped."""
    lens = view.lens
    if not resumed.orders:
        return lens.products(resumed.products)
    goods = [[(resumed.products, resumed.lots)], [(o.products, o.lots) for o in _standing(view)]]
    again, every = goods_apart(lens, goods, products_concerned(view.state))
    all_of = {product: set(lots) for products, lots in every for product in products}
    return goods_in_brackets(
        lens,
        [
            ((one,), () if all_of.get(one) == set(lots) else lots)
            for products, lots in again
            for one in products
        ],
    )


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
            "label": lens("Channels that may resume"),
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
            lens("Have not confirmed the order that stands there"),
            [n for n in there if not is_confirmed(view.state, now[n], orders)],
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
        return lens("all that were told to stop there, because none is chosen: %(all)s", all=every)
    return lens("%(n)s of %(all)s; the halt goes on at the others", n=there, all=every)


def _goods_again(view: View, orders: Sequence[HaltOrder], channels: Sequence[str]) -> list[Drawn]:
    """Say which goods the end of these orders puts back; none that is on sale there already."""
    lens, state = view.lens, view.state
    kept = recalled_lots(state)
    there = [name for one in orders for name in one.stopped if not channels or name in channels]
    products, stopped = without_sold(state, stopped_by(state, orders), there)
    again = tuple(lot for lot in stopped if lot not in kept)
    [goods] = goods_apart(lens, [[(products, again)]], products_concerned(state))
    if again or not kept:
        lines = [goods_line(lens, one) for one in goods]
    else:
        lines = [lens.named_line(lens.products(products), lens("all other lots"))]
    rows: list[Drawn] = [{"label": lens("May be sold again"), "lines": lines}]
    rows += _recalled(lens, kept) + results_rows(view, goods)
    return rows + halted_elsewhere(view, RESUME)


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
