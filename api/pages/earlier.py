"""What a page says of earlier incidents about the same product: while one reports and decides.

What belongs here: the words, the links for those who may see it, and the acts that join the two.
What never does: finding them (services/earlier.py), what joined them (api/pages/joined.py), or a
grade: it follows from the answers alone, and nothing is answered here.
"""

import itertools
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Final
from urllib.parse import quote

from api.pages.frame import Visit
from api.pages.keeping import Kept
from api.pages.lens import Drawn, Lens
from api.pages.looking import View, look
from api.pages.possible import act_link, form_address, is_offered, may_now, roles_of
from api.typed import Raw, raw_of
from domain.errors import NotFound, NotWhole
from domain.message import COMMANDS, CommandSpec
from domain.recall_terms import NO_RECALL
from services.earlier import (
    Earlier,
    Goods,
    Kin,
    Past,
    beside,
    is_earlier,
    lots_in,
    may_be_target,
    may_concern,
    nearest_first,
    past_of,
    suggested,
)
from services.reading import Seen, may_see
from storage import incidents
from storage.incidents import IncidentRow

SHOWN: Final = 3
"""Earlier incidents that are shown at once, the nearest first; the rest is folded away."""

FOLDED: Final = 50
"""Up to so many are listed; a product with more of them is looked up on the board."""

LOOKED_AT: Final = 1000
"""The latest incidents that are looked at: more than this many live cases no company has open."""

LOTS_SHOWN: Final = 5
BEARS_ON: Final = frozenset(
    "accept_report close_report link_report assess_severity raise_grade lower_grade".split()
)
"""Forms on which an earlier incident is shown first: those who accept, close and grade."""

ASSESS: Final = "assess_severity"
LINK: Final = "link_report"
REOPEN: Final = "reopen_incident"
CLOSE: Final = "close_incident"

_pasts = Kept(4000)


def found_before(guest: Visit, goods: Goods, row: IncidentRow | None = None) -> list[Earlier]:
    """Find the earlier incidents about some goods, the nearest first; before one, or all there are.

    An exercise is held against exercises, a real incident against real ones.
    """
    drill = row.drill if row is not None else guest.house.drill
    listed = _of_drill(guest, goods, drill)
    return _held(guest, goods, [one for one in listed if row is None or is_earlier(one, row)])


def _of_drill(guest: Visit, goods: Goods, drill: str) -> list[IncidentRow]:
    """Give the incidents that goods are held against: an exercise's own, or the real ones."""
    if not goods.products:
        return []
    return incidents.of_drill(guest.house.engine, drill, limit=LOOKED_AT)


def _held(guest: Visit, goods: Goods, rows: Iterable[IncidentRow]) -> list[Earlier]:
    found = []
    for one in rows:
        past = past_seen(guest, one) if may_concern(one, goods.products) else None
        if past is not None:
            held = beside(goods, past, visible=may_see(guest.who.actor, one))
            found += [held] if held is not None else []
    return nearest_first(found)


def past_seen(guest: Visit, row: IncidentRow) -> Past | None:
    """Read an incident in short, once for each of its versions; None where it cannot be read.

    What is wrong with an old record is told on its own pages, and stands in no new report's way.
    """
    key = (str(guest.house.engine.url), row.id, row.version)
    with suppress(NotFound, NotWhole):
        return _pasts.get(key, lambda: past_of(guest.house, row))
    return None


# ---------------------------------------------------------------- the pages of an incident


def earlier_of(view: View) -> Drawn | None:
    """Say which earlier incidents were about the same goods; nothing where a page is as it was."""
    if view.as_of is not None or view.state.review.closed_at is not None:
        return None
    drawn = _note(view.visit, _found_before(view), here=view)
    if drawn is not None:
        drawn["acts"] = act_link(view, ASSESS)
        drawn["first"] = view.state.report.status == "received"
    return drawn


def _found_before(view: View) -> list[Earlier]:
    return found_before(view.visit, _goods_of(view), view.row)


def _goods_of(view: View) -> Goods:
    report, scope = view.state.report, view.state.recall.scope
    return Goods(
        products=frozenset(report.products),
        lots=lots_in(view.visit.house, view.state, people=False),
        lots_unknown=scope.unbounded if scope else report.lots_unknown,
    )


def linking_begins(view: View, spec: CommandSpec, _item: str) -> Raw:
    """Begin to link with the one open incident that the same goods suggest; else with none."""
    found = suggested(_found_before(view))
    return raw_of(spec.type, {"incident": found} if found else {}, view.lens.zone)


def to_link_to(view: View) -> list[str]:
    """Name the open incidents that a report may be linked to by its goods, the nearest first."""
    return [one.past.id for one in may_be_target(_found_before(view))][:SHOWN]


def newer_reports(view: View) -> list[str]:
    """Name the later reports of the same goods that a reader may see, the nearest first."""
    rows = _of_drill(view.visit, _goods_of(view), view.row.drill)
    later = [one for one in rows if is_earlier(view.row, one)]
    found = [one for one in _held(view.visit, _goods_of(view), later) if one.visible]
    near = [one for one in found if one.kin is not Kin.OTHER_LOTS]
    return [one.past.id for one in near if one.past.status in ("received", "linked")][:FOLDED]


def earlier_on_form(view: View, command: str) -> Drawn | None:
    """Say it on the forms of those who accept, close and grade; nothing on the others."""
    drawn = earlier_of(view) if command in BEARS_ON else None
    return drawn and {**drawn, "acts": []}


def earlier_told(guest: Visit, goods: Goods) -> Drawn | None:
    """Say which incidents were about the goods of a report that is still being written."""
    return _note(guest, found_before(guest, goods))


def _note(guest: Visit, found: list[Earlier], here: View | None = None) -> Drawn | None:
    if not found:
        return None
    lens, seen = guest.lens, _in_groups(found)
    titles = _group_titles(lens, seen)
    shown = [_item(guest, one, here) | titles.get(one.past.id, {}) for one in seen[:SHOWN]]
    folded = [_item(guest, one, None) | titles.get(one.past.id, {}) for one in seen[SHOWN:FOLDED]]
    return {
        "title": _title(lens, found),
        "items": shown,
        "rest": folded,
        "hidden": len(seen) < len(found),
        "asks": here is None or here.state.report.status in ("received", "accepted"),
        "acts": [],
        "first": True,
    }


def _in_groups(found: list[Earlier]) -> list[Earlier]:
    """Give those a reader may see: open ones together and ended ones, as the title begins."""
    first = _is_open(found)
    seen = [one for one in found if one.visible]
    return sorted(seen, key=lambda one: (one.past.ended_at is None) != first)


def _group_titles(lens: Lens, seen: list[Earlier]) -> dict[str, Drawn]:
    """Give the second group its own title: what is ended never stands under what is open."""
    for before, one in itertools.pairwise(seen):
        is_open = one.past.ended_at is None
        if is_open != (before.past.ended_at is None):
            return {one.past.id: {"group": lens("Still open") if is_open else lens("Ended before")}}
    return {}


def _is_open(found: list[Earlier]) -> bool:
    """Say whether one of the nearest, of those the reader may see, is open."""
    nearest = [one for one in found if one.kin is found[0].kin]
    return any(one.visible and one.past.ended_at is None for one in nearest)


def _title(lens: Lens, found: list[Earlier]) -> str:
    """Say in one line how near it is; what is open and nearest counts first."""
    is_open = _is_open(found)
    if not any(one.visible for one in found):
        # Which lots it came to reach, and whether it is over, is for those who may see it.
        return lens("The same product is or was in another incident")
    if found[0].kin is Kin.SAME_LOT:
        if is_open:
            return lens("The very same lot is in an incident that is open")
        return lens("The very same lot was in an incident before")
    if is_open:
        return lens("The same product is in an incident that is open")
    return lens("The same product was in an incident before")


def _item(guest: Visit, one: Earlier, here: View | None) -> Drawn:
    return {
        "id": one.past.id,
        "group": "",
        "href": f"/incidents/{one.past.id}",
        "goods": _goods(guest.lens, one),
        "outcome": outcome(guest.lens, one.past),
        "acts": _joining(guest, one, here) if here is not None else [],
        "why_not": _why_no_link(one, here) if here is not None else "",
    }


def _goods(lens: Lens, one: Earlier) -> str:
    """Say which product and lots it was about there, against what is told here."""
    products, lots = lens.products(one.products), _lots(lens, one)
    if one.kin is Kin.SAME_LOT:
        return lens("%(products)s, the same lot: %(lots)s", products=products, lots=lots)
    if one.kin is Kin.OTHER_LOTS:
        return lens("%(products)s, other lots there: %(lots)s", products=products, lots=lots)
    if one.past.every_lot:
        return lens("%(products)s, every lot of it", products=products)
    if not lots:
        return lens("%(products)s; no lot was known there", products=products)
    return lens(
        "%(products)s; lots there: %(lots)s, here the lot is not known yet",
        products=products,
        lots=lots,
    )


def _lots(lens: Lens, one: Earlier) -> str:
    more = len(one.lots) - LOTS_SHOWN
    told = lens.listed(one.lots[:LOTS_SHOWN])
    return lens("%(lots)s and %(n)s more", lots=told, n=str(more)) if more > 0 else told


def outcome(lens: Lens, past: Past) -> str:
    """Say what came of an incident: what was decided, how deep, which class, and when it ended."""
    return " · ".join(filter(None, (*_decided(lens, past), _ended(lens, past))))


def _decided(lens: Lens, past: Past) -> list[str]:
    words = lens.words
    if past.status != "accepted":
        if past.linked_to:
            return [lens("linked to %(id)s", id=past.linked_to)]
        return [words.of("report_status", past.status)]
    if not past.decision:
        return [lens("no recall was decided")]
    told = [words.of("RecallAction", past.decision)]
    if past.decision != NO_RECALL and past.depth:
        told.append(words.of("Depth", past.depth))
    if past.classes:
        listed = lens.listed(past.classes)
        told.append(lens("class %(classes)s by the authority", classes=listed))
    return told


def _ended(lens: Lens, past: Past) -> str:
    if past.ended_at is None:
        return lens("still open")
    return lens("closed on %(day)s", day=lens.day_of(past.ended_at))


# ---------------------------------------------------------------- joining the two


def _joining(guest: Visit, one: Earlier, here: View) -> list[Drawn]:
    """Offer what joins the two to who may: reopen what is closed, or link to what is open."""
    if one.kin is Kin.OTHER_LOTS:
        return []
    if one.past.ended_at is None:
        return _linking(here, one.past.id)
    there = look(guest, one.past.id)
    if isinstance(there, Seen):
        return []
    lens = guest.lens
    links = act_link(there, REOPEN, text=lens("Reopen this incident with the new report"))
    fact = lens("Reported again: %(id)s.", id=here.row.id)
    return [{**link, "href": f"{link['href']}?new_fact={quote(fact)}"} for link in links]


def _linking(here: View, other: str) -> list[Drawn]:
    spec = COMMANDS[LINK]
    if not is_offered(here, spec):
        return []
    address = f"{form_address(here, spec)}?incident={quote(other)}"
    return [{"text": here.lens("Link the new report to %(id)s", id=other), "href": address}]


def _why_no_link(one: Earlier, here: View) -> str:
    """Say why a report cannot be linked while a halt stands here, and what to do instead.

    To lift the halt for the link would be the worse way: channels know no incidents, and would sell
    again what the other one keeps stopped.
    """
    lens, report, levels = here.lens, here.state.report, here.state.halt.levels
    if report.status != "received" or not levels or one.past.ended_at is not None:
        return ""
    if one.kin is Kin.OTHER_LOTS:
        return ""
    return lens(
        "It cannot be linked to %(id)s while a halt stands here (%(levels)s). Do not lift it only "
        "for that: channels would be told to sell again, whatever %(id)s stops. Accept this "
        "report, and add what it tells to %(id)s as a further report: both halts stay on.",
        id=one.past.id,
        levels=lens.listed(map(lens.level, levels)),
    )


# ---------------------------------------------------------------- what goes on about the same goods


def halted_elsewhere(view: View, command: str) -> list[Drawn]:
    """Name the other incidents whose halts may reach the same lots, before sale resumes here.

    Channels know no incidents: the order to sell again from here undoes what was stopped there. The
    same is said on the form of each of two, so it says too what comes first: neither waits for the
    other's order, only for what is decided there.
    """
    lens = view.lens
    others = [one for one in _others(view, command) if one.kin is not Kin.OTHER_LOTS]
    halted = [one for one in others if one.past.halts]
    open_now = [one for one in halted if one.past.ended_at is None]
    over = [one for one in halted if one.past.ended_at is not None]
    note = lens(
        "Channels would be told to sell again what these keep stopped. First it must be decided in "
        "each incident, by itself, that its goods may be sold; until then leave it stopped here. "
        "No incident waits for the halt of another: it can be decided and closed with its halt "
        "standing, with that as the reason. The last one lifts."
    )
    left = lens(
        "These are closed, and their halt was left standing. Read why before channels are told to "
        "sell again; where they stopped more than is stopped here, it is lifted there, after "
        "reopening."
    )
    rows = [
        (lens("Also stopped by another incident"), open_now, note),
        (lens("Left stopped by a closed incident"), over, left),
    ]
    return [_others_row(lens, label, found, note, _levels) for label, found, note in rows if found]


def open_elsewhere(view: View) -> list[Drawn]:
    """Name the open incidents about the same goods beside the end of this one, as they stand now.

    Other lots of the same product count too: what was found here may hold there.
    """
    if view.as_of is not None:
        return []
    lens = view.lens
    others = [one for one in _others(view, CLOSE) if one.past.ended_at is None]
    found = [one for one in others if one.visible or one.kin is not Kin.OTHER_LOTS]
    note = lens("The seal closes this incident alone. Nothing is settled or lifted there by it.")
    label = lens("Other open incidents about the same goods")
    return [_others_row(lens, label, found, note, _standing)] if found else []


def _others(view: View, command: str) -> list[Earlier]:
    """Give the other incidents about the same goods, of those a reader is told of.

    Who may give the command is told of incidents too that they may not see, and nobody else is:
    that there is one is for those who may see it.
    """
    guest, goods = view.visit, _goods_of(view)
    is_warned = may_now(view, roles_of(view, COMMANDS[command]))
    return [
        one
        for one in _held(guest, goods, _of_drill(guest, goods, view.row.drill))
        if one.past.id != view.row.id and (one.visible or is_warned)
    ]


def _others_row(
    lens: Lens, label: str, found: list[Earlier], note: str, told: Callable[[Lens, Earlier], str]
) -> Drawn:
    seen = [one.past.id for one in found if one.visible]
    lines = [
        lens.named_line(one.past.id, told(lens, one))
        if one.visible
        else lens("in an incident that you may not see")
        for one in found
    ]
    links = [{"text": lens("Go to %(id)s", id=one), "href": f"/incidents/{one}"} for one in seen]
    return {"label": label, "lines": lines, "note": note, "tone": "critical", "acts": links}


def _levels(lens: Lens, one: Earlier) -> str:
    return lens.listed(map(lens.level, one.past.halts))


def _standing(lens: Lens, one: Earlier) -> str:
    """Say of which lots it is, and what stands stopped there."""
    stopped = _levels(lens, one) or lens("nothing")
    return f"{_goods(lens, one)} · {lens('Stopped there: %(levels)s', levels=stopped)}"


# ---------------------------------------------------------------- the board


def board_notes(guest: Visit, undecided: Iterable[tuple[IncidentRow, Goods]]) -> dict[str, Drawn]:
    """Say on the board which incidents were about the same goods, by the id of each new report."""
    listed: dict[str, list[IncidentRow]] = {}
    notes = {}
    for row, goods in undecided:
        if row.drill not in listed:
            engine = guest.house.engine
            listed[row.drill] = incidents.of_drill(engine, row.drill, limit=LOOKED_AT)
        before = [one for one in listed[row.drill] if is_earlier(one, row)]
        found = [one for one in _held(guest, goods, before) if one.visible]
        if found:
            notes[row.id] = _board_note(guest.lens, found[0])
    return notes


def _board_note(lens: Lens, one: Earlier) -> Drawn:
    told = (
        lens("The very same lot: %(what)s", what=outcome(lens, one.past))
        if one.kin is Kin.SAME_LOT
        else lens("The same product: %(what)s", what=outcome(lens, one.past))
    )
    return {"id": one.past.id, "href": f"/incidents/{one.past.id}", "text": told}
