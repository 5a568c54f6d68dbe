"""What is still open in one market before the recall is completed there, for whoever completes it.

What belongs here: asking the domain about one market, with the consignees that the company's list
puts elsewhere left out. What never does: judging it; `decide` refuses or asks for a reason.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from api.pages.lens import Lens
from api.pages.looking import View
from api.pages.lot_records import market_of, shipped_to
from domain.consignees import silent, untold
from domain.effectiveness import open_checks
from domain.market_counts import market_counts
from domain.markets import is_within
from domain.notifications import in_public
from domain.recall_end import placed, unmet_figures
from domain.state.recall import MarketEnd, RecallState

ELSEWHERE: Final = "elsewhere"
"""The field of a completion that the page fills in: who is in another market by our list."""

NAMED: Final = 5
"""Names that a line gives; of more it says how many."""


def elsewhere(view: View, market: str) -> list[str]:
    """Name the consignees that no notice puts in a market, and our list in another one recalled.

    One that the list puts where nothing is recalled is missing here: nowhere else would ask for it.
    """
    recall = view.state.recall
    rows = recall.consignees.values()
    listed = {row.id: market_of(view, row.id) for row in rows if not row.market}
    return sorted(
        name
        for name, there in listed.items()
        if is_within(there, recall.coverage.markets) and not is_within(there, [market])
    )


def recall_in(view: View, market: str) -> RecallState:
    """Give the recall as it is completed in a market: who is elsewhere counts there."""
    return placed(view.state.recall, elsewhere(view, market))


def is_open_in(view: View, market: str) -> bool:
    """Say whether something is open in a market, so that its completion needs a reason."""
    return bool(open_points(view, market))


def open_points(view: View, market: str) -> list[str]:
    """Say in sentences what is open in a market: criteria, checks, and who has not answered."""
    lens, recall = view.lens, recall_in(view, market)
    lines = [
        lens.sentence(one) for one in unmet_figures(replace(view.state, recall=recall), market)
    ]
    lines += _checks(lens, open_checks(recall, market) if recall.plan else ())
    unheard = [row.id for row in untold(recall, market)]
    asked = [row.id for row in silent(recall, market) if row.id not in unheard]
    return lines + who_is_missing(lens, unheard, asked)


def who_is_missing(lens: Lens, unheard: Iterable[str], asked: Iterable[str]) -> list[str]:
    """Name those that nobody told yet, and apart from them those that have not answered yet."""
    first = lens.listed(lens.named("consignee", one) for one in unheard)
    then = lens.listed(lens.named("consignee", one) for one in asked)
    told = [lens("Not told yet: %(names)s.", names=first)] if first else []
    return told + ([lens("No answer yet: %(names)s.", names=then)] if then else [])


def missing_at_end(view: View, end: MarketEnd) -> list[str]:
    """Name who had not answered when the recall was completed in a market, those not told apart."""
    rows = view.state.recall.consignees

    def was_told(name: str) -> bool:
        row = rows.get(name)
        at = row.first_told_at if row and not row.bounced else None
        return at is not None and at <= end.completed_at

    lens, told = view.lens, [name for name in end.silent if was_told(name)]
    moved = lens.listed(lens.named("consignee", one) for one in end.elsewhere)
    lines = [lens("Counted in another market, by our list: %(names)s.", names=moved)]
    missing = who_is_missing(lens, [one for one in end.silent if one not in told], told)
    return missing + (lines if moved else [])


def figures(view: View, market: str) -> list[str]:
    """Say what the consignees of a market received, what came back, what consumers could read."""
    recall, lens = view.state.recall, view.lens
    markets = {name: market_of(view, name) for name in recall.consignees}
    counted = market_counts(recall, markets, shipped_to(view))
    one = next((row for row in counted if row.market == market and row.consignees), None)
    public = told_in_public(view, market)
    if one is None:
        return [lens("No consignee is known here."), *public]
    known = one.recalled.unknown_lots < one.consignees
    return [
        lens(
            "Consignees here: %(n)s. Units received: %(received)s; came back so far: %(back)s.",
            n=lens.number(one.consignees),
            received=lens.number(one.recalled.known) if known else lens("unknown"),
            back=lens.number(one.came_back),
        ),
        *public,
    ]


def told_in_public(view: View, market: str = "") -> list[str]:
    """Say where a notice for consumers stands, and since when: nobody counts who read it there."""
    lens = view.lens
    return [
        lens(
            "Published for consumers: %(text)s, %(place)s, %(when)s. Who read it there is not "
            "counted.",
            text=text.id,
            place=lens.words.of("Place", place.place),
            when=lens.when(place.at),
        )
        for text, place in in_public(view.state, market)
    ]


def _checks(lens: Lens, ids: Sequence[str]) -> list[str]:
    """Name the consignees whose check is open: the first few, and how many more."""
    if not ids:
        return []
    names = lens.listed(lens.named("consignee", one) for one in ids[:NAMED])
    if len(ids) > NAMED:
        names = lens("%(names)s and %(n)s more", names=names, n=str(len(ids) - NAMED))
    told = lens.words.ngettext(
        "%(n)s effectiveness check is open: %(names)s.",
        "%(n)s effectiveness checks are open: %(names)s.",
        len(ids),
    )
    return [told % {"n": len(ids), "names": names}]
