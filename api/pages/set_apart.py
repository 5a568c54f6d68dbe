"""Stage `halt`: the units that are set apart, as the halt board shows them.

What belongs here: by lot over all places, what was counted where goods sell again, and the last
count of each place of ours. What never does: adding up (domain/apart_so_far.py).
"""

from collections.abc import Iterator, Sequence

from api.pages import blocks
from api.pages.channel_rows import name_of
from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from domain.apart_so_far import LotApart, PlaceApart, apart_before, apart_by_lot


def set_apart_blocks(view: View) -> Iterator[Drawn]:
    """Give what is set apart: by lot over all places, what sells again, each place's last count."""
    lens = view.lens
    so_far, before = apart_by_lot(view.state), apart_before(view.state)
    if so_far:
        yield _by_lot(view, so_far, lens("Set apart so far, by lot"), "set-apart")
    if before:
        title = lens("Counted before sale resumed, by lot")
        yield blocks.folded(_by_lot(view, before, title, "apart-before"))
    if view.state.halt.quarantine:
        yield blocks.folded(_quarantine(view))


def _by_lot(view: View, found: Sequence[LotApart], title: str, name: str) -> Drawn:
    lens = view.lens
    lots = [
        [
            one.lot or lens("lots not told apart"),
            one.units,
            {"text": "", "lines": [_place(view, each) for each in one.places]},
        ]
        for one in found
    ]
    whole = sum(one.units for one in found)
    return blocks.table(
        title,
        lens.each("Lot", "Units", "Where it stands"),
        lots,
        numbers=(1,),
        total=(lens("All lots"), whole, "") if len(found) > 1 else (),
        id=name,
    )


def _place(view: View, one: PlaceApart) -> str:
    lens = view.lens
    name = name_of(view, one.channel) if one.channel else one.site
    early = lens("counted before part was freed") if one.before_part else ""
    where = " · ".join(filter(None, (name, lens.quoted(one.where), early)))
    return lens.named_line(where, lens.number(one.units) or "")


def _quarantine(view: View) -> Drawn:
    lens = view.lens
    return blocks.table(
        lens("Stock set apart, the last count of each place"),
        lens.each(
            "Plant or warehouse", "Lot", "Units", "Where it stands", "Counted", "Retained samples"
        ),
        [
            [
                one.site,
                one.lot,
                one.units,
                lens.quoted(one.place),
                lens.moment(one.at),
                retained(lens, secured=one.retained_samples_secured),
            ]
            for one in view.state.halt.quarantine
        ],
        numbers=(2,),
        id="quarantine",
    )


def retained(lens: Lens, *, secured: bool) -> str:
    """Say whether the retained samples are secured."""
    return lens("secured") if secured else lens("not confirmed as secured")
