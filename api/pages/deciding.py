"""What a decision for or against a recall rests on: the scope, what it leaves out, what is unknown.

What belongs here: naming, above the form and for everybody who signs after, what would surprise
them later. What never does: a rule; `decide` refuses what may not be decided.
"""

from collections.abc import Iterator
from datetime import datetime

from api.pages.lens import Drawn
from api.pages.looking import View
from api.pages.recall_counts import wanting
from api.pages.scope_left_out import left_out_now, left_out_rows
from api.pages.unplaced_units import nowhere_rows
from api.pages.unruled import unruled
from domain.recall import must_reach_consumers, newest_fact_at
from domain.scope import MADE_OF
from domain.state.recall import Scope


def deciding_rows(view: View) -> list[Drawn]:
    """Give what whoever decides has to know; no row while there is no scope."""
    scope = view.state.recall.scope
    if scope is None:
        return []
    return [
        *_scope(view, scope),
        *_left_out(view, scope),
        *_unknown(view, scope),
        *nowhere_rows(view),
    ]


def news_rows(view: View, proposed_at: datetime) -> list[Drawn]:
    """Say what came in after a decision was proposed: nobody weighed it then."""
    lens, scope = view.lens, view.state.recall.scope
    lines, newest = [], newest_fact_at(view.state)
    if newest is not None and newest > proposed_at:
        lines.append(lens("A report or an answer came in %(when)s.", when=lens.when(newest)))
    if scope is not None and scope.set_at > proposed_at:
        told = lens(
            "The scope was set anew %(when)s: version %(n)s.",
            when=lens.when(scope.set_at),
            n=str(scope.version),
        )
        lines.append(told)
    return [{"label": lens("New since this was proposed"), "lines": lines}] if lines else []


def _scope(view: View, scope: Scope) -> Iterator[Drawn]:
    lens = view.lens
    lots = lens.listed(lot.lot for lot in scope.lots)
    told = lens(
        "%(products)s in %(markets)s: %(lots)s",
        products=lens.products(scope.products),
        markets=lens.listed(map(lens.place, scope.markets)),
        lots=lens("all lots") if scope.unbounded or not lots else lots,
    )
    yield {"label": lens("Scope, version %(n)s", n=str(scope.version)), "text": told}
    if must_reach_consumers(view.state):
        told = lens("Consumers have it and may not notice the fault before use.")
        yield {"label": lens("Consumers"), "text": told}


def _left_out(view: View, scope: Scope) -> list[Drawn]:
    """Tell what the scope leaves out with a reason, and what it leaves out without one."""
    lens = view.lens
    meant = left_out_rows(view, scope)
    rows: list[Drawn] = [{"label": lens("Left out of the scope"), "rows": meant}] if meant else []
    lots = None if scope.unbounded else tuple(lot.lot for lot in scope.lots)
    listed = [one.id for one in view.state.recall.consignees.values() if one.listed]
    found = left_out_now(view, (tuple(scope.products), lots), scope.markets, listed)
    if found.lines:
        label = lens("Left out, and nobody gave a reason")
        rows.append({"label": label, "lines": list(found.lines), "tone": "warning"})
    return rows + unruled(view, scope.markets)


def _unknown(view: View, scope: Scope) -> list[Drawn]:
    lens = view.lens
    lines = [str(gap) for gap in scope.gaps]
    for lot in scope.lots:
        told = wanting(lens, [lot], MADE_OF)
        lines += [lens.named_line(lot.lot, told)] if told else []
    return [{"label": lens("What nobody knows yet"), "lines": lines}] if lines else []
