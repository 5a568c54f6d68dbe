"""Forms of a person's word about a channel: which goods must stop there, and which may be sold.

What belongs here: wording both by product and lot, with what was seen there and whom to call. What
never does: which orders to resume a word is about (domain/under_way.py).
"""

from collections.abc import Iterator

from api.pages import blocks
from api.pages.channel_rows import IN_TIME, NEEDS, call, drift_told, how_seen
from api.pages.goods_told import goods_apart, goods_line
from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from domain.channels import standing
from domain.goods_in_pairs import Goods
from domain.lots_by_product import products_concerned
from domain.sold_again import goods_still_stopped, sold_again
from domain.state.halt import ChannelHalt
from domain.taken_back import recalled_lots
from domain.under_way import spoken_for


def goods_to_resume(view: View, channel: str) -> list[Drawn]:
    """Give what a channel was told to resume, and what stays stopped there."""
    lens, now = view.lens, view.state.halt.channels.get(channel)
    if now is None:
        return []
    told = [(one.products, one.lots) for one in spoken_for(now) if one.products]
    stand = goods_still_stopped(view.state, {channel})
    again, stays = goods_apart(lens, [told, stand], products_concerned(view.state))
    kept = recalled_lots(view.state)
    rows: list[Drawn] = []
    if again:
        lines = [_line(lens, one, kept) for one in again]
        rows.append({"label": lens("May be resumed there"), "lines": lines})
    if rows or stays:
        left = [goods_line(lens, one) for one in stays] or [lens("nothing")]
        rows.append({"label": lens("Stays stopped there"), "lines": left, "tone": "warning"})
    return [blocks.pairs(lens("What your word is about"), rows)] if rows else []


def goods_to_stop(view: View, channel: str) -> list[Drawn]:
    """Give what a channel must stop, and what may be sold there all the same.

    Before it what was seen there, and whom to call: who records what they say has both at hand.
    """
    lens, now = view.lens, view.state.halt.channels.get(channel)
    if now is None:
        return []
    stand = goods_still_stopped(view.state, {channel})
    [stays] = goods_apart(lens, [stand], products_concerned(view.state))
    rows: list[Drawn] = []
    if stays:
        lines = [goods_line(lens, one) for one in stays]
        rows.append({"label": lens("Must stop there"), "lines": lines, "tone": "warning"})
    free = [one for one in sold_again(view.state) if channel in one.channels]
    if free and rows:
        lines = [_line(lens, (one.products, one.lots), one.but) for one in free]
        label = lens("May be sold there, by decision")
        rows.append({"label": label, "lines": list(dict.fromkeys(lines))})
    rows = [*_seen(lens, now), *rows, *_to_call(view, now)]
    return [blocks.pairs(lens("What your word is about"), rows)] if rows else []


def _seen(lens: Lens, now: ChannelHalt) -> Iterator[Drawn]:
    """Say how the goods were seen on sale there, how much of it, and how long after the order."""
    if now.drift is not None and standing(now, lens.now) == "selling":
        lines = [lens.quoted(how_seen(now)), drift_told(lens, now)]
        yield {"label": lens("Seen on sale there"), "lines": lines, "tone": "warning"}


def _to_call(view: View, now: ChannelHalt) -> Iterator[Drawn]:
    """Say whom to call there, to those who call; nothing where nobody is waited for."""
    lens, stands = view.lens, standing(now, view.lens.now)
    found = call(view, now) if stands in (*NEEDS, *IN_TIME) else None
    if found is None:
        return
    lines = [found["name"]] if found["name"] else []
    acts = [found["left"]] if found["left"] else []
    if found["number"]:
        number = lens("Call %(number)s", number=found["number"])
        acts.insert(0, {"text": number, "href": found["href"]})
    elif not acts:
        lines.insert(0, lens("The channel list names no number to call."))
    yield {"label": lens("Whom to call"), "lines": lines, "acts": acts}


def _line(lens: Lens, goods: Goods, kept: tuple[str, ...]) -> str:
    """Name goods; where all lots are meant, those that a recall takes back are left out."""
    products, lots = goods
    if lots or not kept:
        return goods_line(lens, goods)
    told = lens("all lots but %(lots)s", lots=lens.listed(kept))
    return lens.named_line(lens.products(products), told)
