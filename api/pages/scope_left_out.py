"""What a scope leaves out: reported markets, and consignees that received its lots.

What belongs here: naming them before anybody signs, from the report and the company's own list.
What never does: refusing one, or asking again for what was left out with a reason before.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from api.pages import blocks
from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from api.pages.lot_records import market_of, received_of
from domain.left_out import markets_left_out
from domain.state.recall import Scope

NAMED: Final = 60
"""Consignees of one market that a line names before the rest is counted."""

Goods = tuple[tuple[str, ...], tuple[str, ...] | None]
"""Products, and of these the lots; None for every lot."""


@dataclass(frozen=True)
class Left:
    """What is left out: a line for each market, the consignees, and what tells it from other."""

    lines: tuple[str, ...] = ()
    consignees: tuple[str, ...] = ()
    mark: str = ""


def left_out_now(view: View, goods: Goods, markets: Iterable[str], reached: Iterable[str]) -> Left:
    """Name what a scope would leave out and nobody has given a reason for yet.

    Nothing is told while no market and no lot is named: then nobody has said anything yet.
    """
    named, products, lots = tuple(markets), *goods
    if not named or (lots is not None and not any(lots)):
        return Left()
    meant_markets, meant = _meant(view.state.recall.scope)
    gone = [one for one in markets_left_out(view.state.report, named) if one not in meant_markets]
    there: dict[str, list[str]] = {one: [] for one in gone}
    for consignee in received_of(view, products, lots):
        if consignee not in meant and consignee not in set(reached):
            there.setdefault(market_of(view, consignee), []).append(consignee)
    return Left(
        lines=tuple(
            _line(view.lens, one, names, reported=one in gone) for one, names in there.items()
        ),
        consignees=tuple(sorted(name for names in there.values() for name in names)),
        mark=".".join(f"{one}-out-{'-'.join(names)}" for one, names in there.items()),
    )


def _meant(scope: Scope | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the markets and consignees that the scope that stands leaves out with a reason."""
    if scope is None or not scope.left_out_why.strip():
        return (), ()
    return scope.markets_left_out, scope.consignees_left_out


def left_out_block(view: View, scope: Scope) -> list[Drawn]:
    """Tell what a scope that stands leaves out and why; no block where it leaves out nothing."""
    rows = left_out_rows(view, scope)
    return [blocks.pairs(view.lens("Left out of the scope"), rows, id="left-out")] if rows else []


def left_out_rows(view: View, scope: Scope) -> list[Drawn]:
    """Give the same as rows."""
    lens = view.lens
    if not (scope.markets_left_out or scope.consignees_left_out):
        return []
    names = [lens.named("consignee", one) for one in scope.consignees_left_out]
    rows: list[Drawn] = [
        {
            "label": lens("Reported markets"),
            "text": lens.listed(map(lens.market, scope.markets_left_out)),
        },
        {"label": lens("Consignees"), "text": _names(lens, names)},
        {"label": lens("Why"), "text": scope.left_out_why or lens("nothing says why")},
    ]
    return [row for row in rows if row["text"]]


def _line(lens: Lens, market: str, names: list[str], *, reported: bool) -> str:
    """Tell of one market that it was reported and is left out, and which consignees with it."""
    shown = _names(lens, [lens.named("consignee", one) for one in names])
    if reported and names:
        told = lens(
            "reported, and left out of this scope; so are these consignees that received the "
            "goods: %(names)s",
            names=shown,
        )
    elif reported:
        told = lens("reported, and left out of this scope")
    else:
        told = lens("these consignees received the goods and are left out: %(names)s", names=shown)
    return lens.named_line(lens.market(market) if market else lens("Market unknown"), told)


def _names(lens: Lens, every: list[str]) -> str:
    shown = lens.listed(every[:NAMED])
    if len(every) <= NAMED:
        return shown
    return lens("%(names)s and %(n)s more", names=shown, n=len(every) - NAMED)
