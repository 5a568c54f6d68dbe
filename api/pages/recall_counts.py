"""What a recall counts, as a reader sees it: goods that came in and were disposed of, and the ends.

What belongs here: each count with its correction, what is counted so far in each market, and how
the recall ends there. What never does: the arithmetic (domain/market_counts.py, domain/scope.py).
"""

from collections.abc import Iterable, Iterator

from api.pages import blocks
from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from api.pages.lot_records import market_of, shipped_to
from api.pages.market_ends import missing_at_end
from api.pages.possible import act_link
from domain.market_counts import MarketCount, market_counts
from domain.recall_end import open_units, recovery
from domain.scope import OUT_OF, RETURN_RATE, LotCount, LotScope, not_given, return_rate
from domain.state.recall import Disposal, GoodsCount, MarketEnd
from domain.termination import letters_within, to_confirm_within


def wanting(lens: Lens, lots: Iterable[LotScope], names: Iterable[str]) -> str:
    """Say which numbers nobody gave, so that a sum of them is unknown; nothing when all are."""
    missing = [lens.words.of("scope_number", name) for name in not_given(lots, names)]
    if not missing:
        return ""
    return lens("not given: %(names)s; enter 0 if there were none", names=lens.listed(missing))


def came_back(view: View) -> list[Drawn]:
    """Give what came back lot by lot, then every count and disposal with its correction."""
    recall = view.state.recall
    found = [_by_lot(view)]
    found += [_counts(view)] if recall.counts else []
    return found + ([_disposals(view)] if recall.disposed else [])


def _by_lot(view: View) -> Drawn:
    lens = view.lens
    rows = [
        [
            one.lot,
            *(lens.number(n) for n in (one.received, one.own_stock, one.remedied, one.disposed)),
        ]
        for one in view.state.recall.tallies
    ]
    columns = lens.each(
        "Lot number", "Came in", "Own stock counted", "Remedied and kept", "Disposed of"
    )
    return blocks.table(
        lens("What came back"),
        columns,
        rows,
        numbers=(1, 2, 3, 4),
        empty=lens("Nothing has been counted in yet."),
        id="goods",
    )


def _counts(view: View) -> Drawn:
    lens = view.lens
    rows: list[list[blocks.Cell]] = [
        [
            {
                "text": f"#{one.id}",
                "href": f"{view.address}/ledger/{one.seq}",
                "acts": act_link(view, "correct_count", one.id),
            },
            one.lot,
            lens.number(one.units),
            {
                "text": lens.word(one.source),
                "sub": lens.named("consignee", one.consignee) if one.consignee else "",
            },
            {"text": one.place, "sub": lens.when(one.at)},
            _corrected_count(lens, one) or "–",
        ]
        for one in reversed(view.state.recall.counts)
    ]
    columns = lens.each("Count no.", "Lot number", "Units", "Where from?", "Place", "Correction")
    return blocks.table(
        lens("Every count, the newest first"), columns, rows, numbers=(2,), id="goods-counts"
    )


def _corrected_count(lens: Lens, one: GoodsCount) -> str:
    """Say what a count said first, and of each correction who made it and why; else nothing."""
    if one.corrected_at is None:
        return ""
    first = lens("First counted: %(n)s.", n=lens.number(one.first))
    return " ".join([first, *_corrections(lens, one)])


def _corrections(lens: Lens, one: GoodsCount) -> Iterator[str]:
    """Give the corrections of a count, the first one first."""
    if not one.corrections and one.corrected_at:  # a page of before each of them was kept
        yield lens(
            "Corrected by %(name)s, %(when)s: %(why)s",
            name=lens.person(one.corrected_by),
            when=lens.when(one.corrected_at),
            why=one.corrected_why,
        )
    for each in one.corrections:
        yield lens(
            "Corrected from %(before)s to %(after)s by %(name)s, %(when)s, counted by %(people)s: "
            "%(why)s",
            before=lens.number(each.before),
            after=lens.number(each.units),
            name=lens.person(each.by),
            when=lens.when(each.at),
            people=lens.listed(map(lens.person, each.counted_by)),
            why=each.why,
        )


def _disposals(view: View) -> Drawn:
    lens = view.lens
    rows: list[list[blocks.Cell]] = [
        [
            {
                "text": one.id,
                "href": f"{view.address}/ledger/{one.seq}",
                "acts": act_link(view, "correct_disposal", one.id),
            },
            units_of(lens, one.lots),
            {"text": lens.word(one.method), "sub": one.place},
            lens.when(one.at),
            _corrected_disposal(lens, one) or "–",
        ]
        for one in reversed(view.state.recall.disposed)
    ]
    columns = lens.each("Disposal", "Units", "Way", "When", "Correction")
    return blocks.table(lens("Disposals"), columns, rows, id="disposals")


def _corrected_disposal(lens: Lens, one: Disposal) -> str:
    """Say what a disposal said first, and of each correction who signed it and why."""
    if one.corrected_at is None:
        return ""
    if not one.corrections:  # a page of before each of them was kept
        return lens(
            "first signed: %(lots)s. Corrected %(when)s: %(why)s",
            lots=units_of(lens, one.first),
            when=lens.when(one.corrected_at),
            why=one.corrected_why,
        )
    first = lens("First signed: %(lots)s.", lots=units_of(lens, one.first))
    corrections = (
        lens(
            "Corrected to %(lots)s, %(when)s, signed by %(people)s: %(why)s",
            lots=units_of(lens, each.lots),
            when=lens.when(each.at),
            people=lens.listed(lens.person(by.person) for by in each.signers),
            why=each.why,
        )
        for each in one.corrections
    )
    return lens.sentences([first, *corrections])


def units_of(lens: Lens, lots: Iterable[LotCount]) -> str:
    """List units lot by lot."""
    return lens.listed(
        lens("%(lot)s: %(units)s units", lot=one.lot, units=lens.number(one.units)) for one in lots
    )


# ---------------------------------------------------------------- market by market, and the ends


def counted_so_far(view: View) -> list[Drawn]:
    """Give by market how many units its consignees got and how many came back from there."""
    lens, recall = view.lens, view.state.recall
    markets = {name: market_of(view, name) for name in recall.consignees}
    counted = market_counts(recall, markets, shipped_to(view))
    if not counted or not recall.consignees:
        return []
    columns = lens.each(
        "Market", "Received there", "Came back so far", "Share that came back", "Last counted"
    )
    note = lens(
        "Received there: by its consignees. Came back: counted in from them, or destroyed there "
        "with proof. What consumers send back is counted by lot, not by market."
    )
    return [
        blocks.table(
            lens("Counted so far, market by market"),
            columns,
            [_market_row(view, one) for one in counted],
            note=note,
            numbers=(1, 2, 3),
            id="markets-counted",
        )
    ]


def _market_row(view: View, one: MarketCount) -> list[blocks.Cell]:
    lens = view.lens
    if not one.consignees:
        return [lens.market(one.market), {"text": lens("no consignee there")}, "–", "–", "–"]
    return [
        lens.market(one.market),
        _received_there(lens, one),
        lens.number(one.came_back),
        None if one.share is None else _percent(one.share),
        lens.moment(one.counted_at) if one.counted_at else lens("nothing is counted yet"),
    ]


def _received_there(lens: Lens, one: MarketCount) -> blocks.Cell:
    """Give what the consignees of a market received, and of how many only the list says it."""
    unknown = one.recalled.unknown_lots
    subs = []
    if one.from_list:
        told = lens.words.ngettext(
            "%(n)s consignee by our own list, not confirmed",
            "%(n)s consignees by our own list, not confirmed",
            one.from_list,
        )
        subs.append(told % {"n": one.from_list})
    if unknown:
        told = lens.words.ngettext(
            "unknown of %(n)s consignee", "unknown of %(n)s consignees", unknown
        )
        subs.append(told % {"n": unknown})
    is_unknown = unknown == one.consignees
    number = lens("unknown") if is_unknown else lens.number(one.recalled.known)
    return {"text": number, "sub": " · ".join(subs)}


def ends(view: View) -> Drawn:
    """Give the end of the recall in each market, and the return rate so far."""
    lens, recall = view.lens, view.state.recall
    open_ones: list[list[blocks.Cell]] = [
        [
            {
                "text": lens.market(market),
                "acts": act_link(view, "complete_recall", market)
                + act_link(view, "record_termination", market),
            },
            {"text": lens("running"), "tone": "information", "icon": "running"},
            _rate_so_far(view),
            lens.sentences(_ended_in_part(view, market)),
        ]
        for market in recall.open_markets
    ]
    columns = lens.each("Market", "State", "Return rate", "What stays open")
    return blocks.table(
        lens("The end, market by market"),
        columns,
        open_ones + [_end(view, one) for one in recall.ends.values()],
        note=" ".join(filter(None, (lens(RETURN_RATE), _no_rate(view)))),
        numbers=(2,),
        id="ends",
    )


def _ended_in_part(view: View, market: str) -> list[str]:
    """Say in which countries of a market the authority ended it, and that the market stays open.

    A letter that nobody confirmed is no act of the authority yet: it is said to wait.
    """
    lens, letters = view.lens, letters_within(view.state.recall, market)
    told = [
        lens(
            "Terminated in %(country)s alone: %(authority)s, letter of %(day)s.",
            country=lens.market(one.market),
            authority=one.authority,
            day=lens.day(one.dated_on),
        )
        for one in letters
    ]
    waiting = [
        lens(
            "A letter for %(country)s alone waits to be confirmed (%(authority)s, %(day)s): it "
            "ends nothing yet.",
            country=lens.market(one.market),
            authority=one.authority,
            day=lens.day(one.dated_on),
        )
        for one in to_confirm_within(view.state.recall, market)
    ]
    stays = lens(
        "%(market)s stays open: once every country of it is terminated, record that for "
        "%(market)s itself.",
        market=lens.market(market),
    )
    return [*told, *waiting, stays] if told else waiting


def _rate_so_far(view: View) -> blocks.Cell:
    """Give the return rate as it would be recorded now; None while a number it needs is unknown."""
    rate = return_rate(recovery(view.state.recall))
    if rate is None:
        return None
    return {"text": _percent(rate), "sub": view.lens("so far, all markets together")}


def _rate_at_end(view: View, one: MarketEnd) -> blocks.Cell:
    """Give the return rate as recorded; where a count was put right since, as the counts say now.

    Then the figure that was recorded stands beside it: it is in letters to authorities.
    """
    lens, was = view.lens, None if one.return_rate is None else _percent(one.return_rate)
    if one.recounted_at is None:
        return was
    now = return_rate(recovery(view.state.recall))
    told = lens(
        "by the counts of now; recorded at the end: %(was)s. A count was put right %(when)s",
        was=was or lens("unknown"),
        when=lens.when(one.recounted_at),
    )
    return {"text": lens("unknown") if now is None else _percent(now), "sub": told}


def _percent(rate: int) -> str:
    return f"{rate // 100}.{rate % 100:02}\u00a0%"


def _no_rate(view: View) -> str:
    """Say why the return rate is unknown, where a number of the scope is missing for it."""
    scope = view.state.recall.scope
    told = wanting(view.lens, scope.lots, OUT_OF) if scope is not None else ""
    return view.lens("The return rate is unknown: %(why)s.", why=told) if told else ""


def _end(view: View, one: MarketEnd) -> list[blocks.Cell]:
    lens = view.lens
    step = one.step
    acts = {
        "completed": act_link(view, "request_termination", one.market)
        + act_link(view, "record_termination", one.market),
        "termination_requested": act_link(view, "record_termination", one.market),
    }.get(step, [])
    units = open_units(recovery(view.state.recall)) if one.recounted_at else one.open_units
    left = [
        lens("lot %(lot)s: %(n)s units", lot=lot.lot, n=lens.number(lot.units) or lens("unknown"))
        for lot in units
        if lot.units != 0
    ]
    told = [*missing_at_end(view, one), *(lens.sentence(text) for text in one.unmet)]
    told += [] if one.granted_on else _ended_in_part(view, one.market)
    return [
        {"text": lens.market(one.market), "acts": acts},
        {
            "text": lens.words.of("EndStep", step),
            "sub": lens.when(one.completed_at),
            "tone": "done",
        },
        _rate_at_end(view, one),
        {
            "text": lens.listed(left) or ("" if told else lens("nothing")),
            "sub": lens.sentences(told),
        },
    ]
