"""What stands on the record behind goods that are to be sold again: results, and where none is.

What belongs here: choosing and wording it, for the form and for whoever signs. What never does: a
rule; the plan asks for evidence, and people judge what it shows (reference 4.3).
"""

from collections.abc import Iterable, Iterator
from typing import Final

from api.pages.goods_told import goods_in_brackets
from api.pages.lens import Drawn
from api.pages.looking import View
from domain.goods_in_pairs import Goods
from domain.lots_by_product import products_concerned
from domain.state.investigation import InvestigationState, LabTest, Verdict

NAMED: Final = 6
"""Things kept and not tested that are named; more of them are counted."""


def results_rows(view: View, again: Iterable[Goods]) -> list[Drawn]:
    """Say which results stand behind goods, lot by lot, and of which of them there is none."""
    goods = tuple(again)
    if not goods:
        return []
    return [
        *_results(view),
        *_untested(view),
        *_without(view, goods),
        *_judged(view),
        *_unconfirmed(view),
    ]


def _results(view: View) -> Iterator[Drawn]:
    """Give every test with its lot and what came of it; those that failed stand apart."""
    lens, known = view.lens, view.state.investigation
    lines = [_line(view, one) for one in known.tests.values()]
    yield {
        "label": lens("Results behind it"),
        "lines": lines or [lens("No test is ordered.")],
        "tone": "" if any(one.verdict is not None for one in known.tests.values()) else "warning",
    }
    failed = [one for one in known.tests.values() if one.verdict is Verdict.FAIL]
    if failed:
        told = lens.listed(one.id for one in failed)
        yield {"label": lens("Outside the limit"), "text": told, "tone": "critical"}


def _line(view: View, one: LabTest) -> str:
    lens, lot = view.lens, _lot(view.state.investigation, one)
    found = lens.word(one.verdict) if one.verdict is not None else lens("no result yet")
    about = _of_product(view, lot) if lot else lens("names no lot")
    return f"{one.id} · {one.method} · {one.laboratory} · {about} · {found}"


def _lot(known: InvestigationState, one: LabTest) -> str:
    """Give the lot of a test: its own, or that of the sample that was tested."""
    sample = known.evidence.get(one.sample)
    return one.lot or (sample.lot if sample is not None else None) or ""


def _of_product(view: View, lot: str) -> str:
    """Name a lot with its products, of those that the incident is about."""
    of = view.lens.names.products_of([lot]).get(lot, ())
    about = tuple(one for one in of if one in products_concerned(view.state))
    return goods_in_brackets(view.lens, [(about, (lot,))])


def _untested(view: View) -> Iterator[Drawn]:
    """Name what is kept as evidence and was not tested: that it is kept shows nothing of goods."""
    lens, known = view.lens, view.state.investigation
    tested = {one.sample for one in known.tests.values() if one.verdict is not None}
    kept = [f"{one.id} {one.what}" for one in known.evidence.values() if one.id not in tested]
    if kept:
        more = len(kept) - NAMED
        told = [*kept[:NAMED], *([lens("%(n)s more", n=str(more))] if more > 0 else [])]
        yield {"label": lens("Kept, with no result"), "lines": told}


def _without(view: View, goods: Iterable[Goods]) -> Iterator[Drawn]:
    """Name the goods that no result is about."""
    lens, known = view.lens, view.state.investigation
    tested = {_lot(known, one) for one in known.tests.values() if one.verdict is not None} - {""}
    of = lens.names.products_of(tested)
    shown = {product for lot in tested for product in of.get(lot, ())}
    left = [
        ((product,), tuple(lot for lot in lots if lot not in tested))
        for products, lots in goods
        for product in products
        if (not set(lots) <= tested if lots else product not in shown)
    ]
    if left:
        told = goods_in_brackets(lens, left)
        yield {"label": lens("No result is about"), "text": told, "tone": "warning"}


def _judged(view: View) -> Iterator[Drawn]:
    """Say what people signed of the hazard and of the cause."""
    lens, known = view.lens, view.state.investigation
    hazard = (
        lens("signed")
        if known.evaluation_signed
        else lens("preliminary")
        if known.has_evaluation
        else lens("The health hazard is not evaluated yet.")
    )
    yield {
        "label": lens("Health hazard evaluation"),
        "text": hazard,
        "tone": "" if known.evaluation_signed else "warning",
    }
    finding = known.finding
    cause = lens.word(finding.outcome) if finding is not None else lens("No finding is signed.")
    yield {"label": lens("Cause"), "text": cause, "tone": "" if finding else "warning"}


def _unconfirmed(view: View) -> Iterator[Drawn]:
    """Name the orders that wait for a second person: their end confirms nothing."""
    lens = view.lens
    waiting = [
        f"{one.number}. {lens.level(one.level)}"
        for one in view.state.halt.orders
        if one.confirm_by and not one.confirmed_at and not one.lifted_at
    ]
    if waiting:
        label = lens("Orders that no second person confirmed")
        yield {"label": label, "lines": waiting, "tone": "warning"}
