"""What stands beside the rules of an incident's markets: what does not apply, and what is kept.

What belongs here: the two folded lists of stage `notice`. What never does: a duty (stage_notice.py)
or a reason of its own; both lists are pinned with the rules.
"""

from collections.abc import Iterable

from api.pages import blocks
from api.pages.lens import Drawn
from api.pages.looking import View
from api.pages.whose_market import named_markets
from domain.firm import roles_in
from domain.markets import market_of
from domain.regulations import Record


def beside_rules(view: View) -> list[Drawn]:
    """Give the lists for the markets that are named or in which a duty stands; none where empty."""
    markets = {market_of(one) for one in named_markets(view)}
    markets |= {duty.market for duty in view.state.notice.duties.values()}
    return [*_considered(view, markets), *_kept(view, markets)]


def _considered(view: View, markets: Iterable[str]) -> list[Drawn]:
    lens = view.lens
    rows: list[list[blocks.Cell]] = [
        [
            {"text": row.instrument, "sub": lens.market(row.market)},
            {"text": lens.words.pick(row.because_en, row.because_zh), "sub": row.citation},
        ]
        for row in view.state.rules.beside.considered
        if row.market in markets
    ]
    if not rows:
        return []
    title = lens("Looked at, and does not apply here")
    table = blocks.table(title, lens.each("Rule", "Why not"), rows, id="considered")
    return [blocks.folded(table, brief=str(len(rows)))]


def _kept(view: View, markets: Iterable[str]) -> list[Drawn]:
    """List the records that the company has to keep by what it is in each market."""
    firm = view.state.rules.plan.firm
    rows = [
        _record(view, row)
        for row in view.state.rules.beside.records
        if row.market in markets and set(row.obliged) & roles_in(firm, row.market)
    ]
    if not rows:
        return []
    lens = view.lens
    columns = lens.each("What must be kept", "For how long", "Since when", "By which law")
    note = lens("Nothing of it is deleted by itself here; who keeps it answers for it.")
    table = blocks.table(lens("What must be kept"), columns, rows, note=note, id="records-to-keep")
    return [blocks.folded(table, brief=str(len(rows)))]


def _record(view: View, row: Record) -> list[blocks.Cell]:
    lens = view.lens
    pick = lens.words.pick
    length = lens("the law names no number") if row.limit is None else lens.limit(row.limit)
    doubt = "" if row.verified else lens("Nobody has verified this rule yet.")
    return [
        {"text": pick(row.what_en, row.what_zh), "sub": lens.market(row.market)},
        {"text": length, "sub": pick(row.note_en or "", row.note_zh or "")},
        pick(row.since_en, row.since_zh),
        {"text": row.citation, "sub": doubt},
    ]
