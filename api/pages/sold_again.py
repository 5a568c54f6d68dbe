"""What may be sold again by decision while other goods of the order stay stopped, in words.

What belongs here: choosing and wording it. What never does: what was freed (domain/sold_again.py).
"""

from collections.abc import Iterable, Iterator, Sequence

from api.pages import blocks
from api.pages.goods_told import goods_apart, goods_line, listed_goods
from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from domain.goods_in_pairs import Goods
from domain.lots_by_product import products_concerned
from domain.sold_again import SoldAgain, goods_still_stopped, sold_again
from domain.state import Incident
from domain.under_way import is_resuming


def sold_again_block(view: View) -> Iterator[Drawn]:
    """Give what may be sold again and what stays stopped; nothing while no goods were freed."""
    lens, found = view.lens, sold_again(view.state)
    if not found:
        return
    there = {name for one in found for name in one.channels}
    *again, stays = _told(lens, view.state, found, goods_still_stopped(view.state, there))
    rows: list[Drawn] = [
        {"label": listed_goods(lens, goods), "lines": [_where(lens, one), _how_far(view, one)]}
        for one, goods in zip(found, again, strict=True)
    ]
    lines = stays or [lens("nothing")]
    rows.append({"label": lens("Stays stopped there"), "lines": lines, "tone": "warning"})
    yield blocks.pairs(lens("May be sold again, by decision"), rows, id="sold-again")


def again_line(lens: Lens, state: Incident) -> str:
    """Say in a line what may be sold again and what stays stopped; nothing while none was freed."""
    found = sold_again(state)
    if not found:
        return ""
    *again, stays = _told(lens, state, found, goods_still_stopped(state))
    every = dict.fromkeys(line for goods in again for line in goods)
    return lens.sentences(
        [
            lens("May be sold again by decision: %(lots)s.", lots=listed_goods(lens, every)),
            lens(
                "An order still stops: %(lots)s.",
                lots=listed_goods(lens, stays) or lens("nothing"),
            ),
        ]
    )


def _told(
    lens: Lens, state: Incident, found: Sequence[SoldAgain], stopped: Iterable[Goods]
) -> list[list[str]]:
    """Give the lines of each that was freed, and last those of what is still stopped."""
    parts = [[(one.products, one.lots)] for one in found]
    *again, stays = goods_apart(lens, [*parts, stopped], products_concerned(state))
    lines = [
        [_line(lens, goods, one) for goods in of] for one, of in zip(found, again, strict=True)
    ]
    return [*lines, [goods_line(lens, one) for one in stays]]


def _line(lens: Lens, goods: Goods, one: SoldAgain) -> str:
    """Name goods that were freed; where all lots are, those that something still stops."""
    if not one.but:
        return goods_line(lens, goods)
    told = lens("all lots but %(lots)s", lots=lens.listed(one.but))
    return lens.named_line(lens.products(goods[0]), told)


def _where(lens: Lens, one: SoldAgain) -> str:
    """Say at how many channels, of which orders, and since when."""
    told = lens(
        "at %(channels)s, freed of order %(orders)s",
        channels=lens.channels(len(one.channels)),
        orders=lens.listed(map(str, one.orders)),
    )
    return told if one.since is None else f"{told} · {lens.when(one.since)}"


def _how_far(view: View, one: SoldAgain) -> str:
    """Say how many of the channels have answered that they sell it again, and who has no need."""
    there = [view.state.halt.channels[name] for name in one.channels]
    asked = sum(is_resuming(now) for now in there)
    held = sum(bool(now.all_held) and not is_resuming(now) for now in there)
    said = view.lens.number(len(there) - asked - held)
    told = view.lens("have said so: %(told)s · asked: %(asked)s", told=said, asked=asked)
    return " · ".join(filter(None, (told, held_by_others(view.lens, held))))


def held_by_others(lens: Lens, count: int) -> str:
    """Say how many channels have nothing to say, since others hold all of it; nothing for none."""
    if not count:
        return ""
    return lens(
        "nothing to say, since other orders still stop all of it: %(n)s", n=lens.number(count)
    )
