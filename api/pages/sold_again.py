"""What may be sold again by decision while other goods of the order stay stopped, in words.

What belongs here: choosing and wording it. What never does: what was freed (domain/sold_again.py).
"""

from collections.abc import Iterator

from api.pages import blocks
from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from domain.resumed_channels import is_asked
from domain.sold_again import SoldAgain, lots_stopped, sold_again
from domain.state import Incident


def sold_again_block(view: View) -> Iterator[Drawn]:
    """Give what may be sold again and what stays stopped; nothing while no goods were freed."""
    lens, found = view.lens, sold_again(view.state)
    if not found:
        return
    rows: list[Drawn] = [
        {"label": _goods(lens, one), "lines": [_where(lens, one), _how_far(view, one)]}
        for one in found
    ]
    there = {name for one in found for name in one.channels}
    stopped = lens.listed(lots_stopped(view.state, there)) or lens("nothing")
    rows.append({"label": lens("Stays stopped there"), "text": stopped, "tone": "warning"})
    yield blocks.pairs(lens("May be sold again, by decision"), rows, id="sold-again")


def again_line(lens: Lens, state: Incident) -> str:
    """Say in a line what may be sold again and what stays stopped; nothing while none was freed."""
    found = sold_again(state)
    if not found:
        return ""
    names = dict.fromkeys(name for one in found for name in one.lots or one.products)
    return lens.sentences(
        [
            lens("May be sold again by decision: %(lots)s.", lots=lens.listed(names)),
            lens("An order still stops: %(lots)s.", lots=lens.listed(lots_stopped(state))),
        ]
    )


def _goods(lens: Lens, one: SoldAgain) -> str:
    lots = lens.listed(one.lots) or lens("all lots")
    if one.but:
        lots = lens("all lots but %(lots)s", lots=lens.listed(one.but))
    return lens.named_line(lens.products(one.products), lots)


def _where(lens: Lens, one: SoldAgain) -> str:
    """Say at how many channels, of which orders, and since when."""
    told = lens(
        "at %(channels)s, freed of order %(orders)s",
        channels=lens.channels(len(one.channels)),
        orders=lens.listed(map(str, one.orders)),
    )
    return told if one.since is None else f"{told} · {lens.when(one.since)}"


def _how_far(view: View, one: SoldAgain) -> str:
    """Say how many of the channels have answered that they sell it again."""
    asked = sum(is_asked(view.state, name) for name in one.channels)
    told = view.lens.number(len(one.channels) - asked)
    return view.lens("have said so: %(told)s · asked: %(asked)s", told=told, asked=asked)
