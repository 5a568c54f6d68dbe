"""What a scope reaches by name: what it moves against the one before, and whom it forgets.

What belongs here: telling, before anybody signs, which markets, lots and receivers a scope adds or
lets go, and receivers whose market it does not name (what it leaves out: scope_left_out.py). What
never does: refusing one: a receiver may well sell in another market than the one it sits in, and a
person says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from api.pages.doubts import Doubts
from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from api.pages.lot_records import market_of, received
from api.pages.scope_left_out import Goods, left_out_now
from api.pages.unruled import unruled
from domain.left_out import reported_markets
from domain.markets import is_within
from domain.message import CommandSpec, command_from_wire
from domain.recall_scope import ReachChange, ScopeDraft, ScopeSet, change_between, change_of
from domain.values import Json

NAMED: Final = 12
"""Names that a line gives before the rest is counted."""

LEFT_OUT: Final = "left_out"
WHY_LEFT_OUT: Final = "left_out_why"
"""Fields of a scope: the page fills in the first by what it showed, a person the second."""


# ---------------------------------------------------------------- where a scope begins


def first_markets(view: View) -> list[str]:
    """Give the markets a first scope begins with: as reported, and where the goods were received.

    Where it was first known and where people were hurt count as reported.
    """
    there = (market_of(view, one) for one in received(view))
    found = (*reported_markets(view.state.report), *there)
    return list(dict.fromkeys(code for code in found if code))


# ---------------------------------------------------------------- whom it forgets


def doubts_of(view: View, spec: CommandSpec, body: Mapping[str, Any]) -> Doubts:
    """Name whom a scope forgets and what it leaves out; nothing for other acts.

    Forgotten are receivers in markets that it does not name; left out are reported markets, and
    consignees that received its lots and that it does not name.
    """
    if not issubclass(spec.type, ScopeDraft):
        return Doubts()
    typed = [one for one in body.get("consignees") or () if isinstance(one, str)]
    kept = _kept(view) if spec.name != "narrow_scope" or not typed else []
    reached, markets = [*kept, *typed], [str(one) for one in body.get("markets") or ()]
    forgotten = _forgotten(view, reached, markets)
    out = left_out_now(view, _goods(body), markets, reached)
    return replace(
        forgotten,
        lines=(*out.lines, *forgotten.lines),
        mark="~".join(filter(None, (forgotten.mark, out.mark))),
        left_out=out.consignees,
        asks_why=bool(out.lines),
    )


def _goods(body: Mapping[str, Any]) -> Goods:
    """Give the products and lots of a scope as typed; None where every lot counts."""
    products = tuple(one for one in body.get("products") or () if isinstance(one, str))
    rows = [row for row in body.get("lots") or () if isinstance(row, Mapping)]
    lots = tuple(str(row.get("lot", "")) for row in rows)
    return products, None if body.get("unbounded") else lots


def _kept(view: View) -> list[str]:
    return [one.id for one in view.state.recall.consignees.values() if one.listed]


def _forgotten(view: View, consignees: Iterable[str], markets: Iterable[str]) -> Doubts:
    lens, named = view.lens, list(markets)
    found: dict[str, list[str]] = {}
    for consignee in dict.fromkeys(consignees):
        market = market_of(view, consignee)
        if market and named and not is_within(market, named):
            found.setdefault(market, []).append(consignee)
    lines = (
        lens.named_line(
            lens.market(market),
            lens(
                "not among the markets of this scope, yet it names consignees there: %(names)s",
                names=_names(lens, (lens.named("consignee", one) for one in there)),
            ),
        )
        for market, there in found.items()
    )
    return Doubts(tuple(lines), ".".join(f"{m}-{'-'.join(there)}" for m, there in found.items()))


def not_asked(doubts: Doubts, spec: CommandSpec, typed: str) -> list[str]:
    """Name the fields of a scope that its form does not show: a reason that nothing asks for.

    What was typed as the reason stays.
    """
    if not issubclass(spec.type, ScopeDraft):
        return []
    return [LEFT_OUT] if doubts.asks_why or typed else [LEFT_OUT, WHY_LEFT_OUT]


# ---------------------------------------------------------------- what it moves


def moved_rows(view: View, wire: Json) -> list[Drawn]:
    """Tell whoever signs a proposed scope what it moves and forgets; nothing for other acts."""
    said = command_from_wire(wire)
    if not isinstance(said, ScopeDraft):
        return []
    change = change_of(view.state, said)
    rows, gone = [moved_row(view, change)], change.consignees_removed
    kept = [one for one in (*_kept(view), *said.consignees) if one not in gone]
    lots = None if said.unbounded else tuple(lot.lot for lot in said.lots)
    out = left_out_now(view, (tuple(said.products), lots), said.markets, kept)
    forgets = (*out.lines, *_forgotten(view, kept, said.markets).lines)
    if forgets:
        label = view.lens("Look at this before you sign")
        rows.append({"label": label, "lines": list(forgets)})
    return rows + unruled(view, said.markets)


def moved_row(view: View, change: ReachChange) -> Drawn:
    """Tell a change against the scope that stands, with who signed that one and when."""
    lens = view.lens
    versions = view.state.recall.versions
    if not versions:
        told = lens("nothing: no scope was signed before this one")
        return {"label": lens("Stood before"), "text": told}
    last = versions[-1]
    event = _version(view, last.seq)
    signers = [one.person for one in event.signers] if event else []
    label = lens(
        "Moved since version %(n)s, signed by %(names)s, %(when)s",
        n=str(last.version),
        names=lens.listed(lens.person(one) for one in (signers or [last.by])),
        when=lens.when(last.at),
    )
    lines = moved_lines(lens, change)
    nothing = lens("No market, lot or consignee moves; only numbers or notes may be new.")
    return {"label": label, "lines": lines or [nothing]}


def moved_lines(lens: Lens, change: ReachChange) -> list[str]:
    """Tell what was added and what was let go by name, a line each; nothing that stayed."""
    moved = change.difference
    labels = lens.each(
        "Markets added", "Markets let go", "Products added", "Products let go",
        "Lots added", "Lots let go", "Consignees added", "Consignees let go",
    )  # fmt: skip
    parts = (
        map(lens.market, moved.markets_added),
        map(lens.market, moved.markets_removed),
        (lens.named("product", one) for one in moved.products_added),
        (lens.named("product", one) for one in moved.products_removed),
        moved.lots_added,
        moved.lots_removed,
        (lens.named("consignee", one) for one in change.consignees_added),
        (lens.named("consignee", one) for one in change.consignees_removed),
    )
    told = ((label, _names(lens, names)) for label, names in zip(labels, parts, strict=True))
    lines = [lens.named_line(label, names) for label, names in told if names]
    if moved.became_unbounded:
        lines.append(lens("Every lot of these products counts now."))
    if moved.became_bounded:
        lines.append(lens("Only the lots that are named count now, no longer every lot."))
    return lines


def versions_moved(view: View) -> dict[int, list[str]]:
    """Tell by version what each scope moved against the one before it; the first has no line."""
    found: dict[int, list[str]] = {}
    before: ScopeSet | None = None
    for one in view.state.recall.versions:
        event = _version(view, one.seq)
        if event is not None and before is not None:
            found[one.version] = moved_lines(view.lens, change_between(before, event))
        before = event
    return found


def _version(view: View, seq: int) -> ScopeSet | None:
    entries = view.entries(seq, seq)
    event = entries[0].event if entries else None
    return event if isinstance(event, ScopeSet) else None


def _names(lens: Lens, names: Iterable[str]) -> str:
    """List names; of many, the rest is counted."""
    every = list(names)
    shown = lens.listed(every[:NAMED])
    if len(every) <= NAMED:
        return shown
    return lens("%(names)s and %(n)s more", names=shown, n=len(every) - NAMED)
