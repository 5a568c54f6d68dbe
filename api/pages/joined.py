"""What joined two incidents: where a linked report went, and what was linked to an incident.

What belongs here: both sides as their pages show them. What never does: linking them
(domain/report.py), or asking for it (api/pages/joining.py).
"""

from contextlib import suppress
from typing import Final

from api.pages.earlier import LOOKED_AT, past_seen
from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from api.pages.possible import act_link
from domain.errors import NotFound
from services.earlier import Past, may_be_linked
from services.reading import may_see, visible
from storage import incidents

ADD: Final = "add_report"


def belongs_to(view: View) -> Drawn | None:
    """Say of a linked report to which incident it belongs; a link for those who may see that."""
    linked_to = view.state.report.linked_to
    if view.state.report.status != "linked" or not linked_to:
        return None
    guest, href = view.visit, ""
    with suppress(NotFound):
        href = f"/incidents/{visible(guest.house, guest.who.actor, linked_to).id}"
    lens, report = view.lens, view.state.report
    why = lens(
        "%(name)s linked it %(when)s: %(why)s",
        name=lens.person(report.decided_by or ""),
        when=lens.when(report.decided_at) if report.decided_at else "",
        why=lens.quoted(report.reason),
    )
    return {"id": linked_to, "href": href, "why": why}


def also_reported(view: View) -> list[Drawn]:
    """List the reports that were linked to this incident, the newest first, to who may see them."""
    guest, lens = view.visit, view.lens
    rows = incidents.of_drill(guest.house.engine, view.row.drill, limit=LOOKED_AT)
    found = []
    for row in rows:
        near = may_be_linked(row) and may_see(guest.who.actor, row)
        past = past_seen(guest, row) if near else None
        if past is None or past.status != "linked" or past.linked_to != view.row.id:
            continue
        goods = [
            lens.products(sorted(past.products)),
            lens.listed(sorted({lot for _, lot in past.lots})),
        ]
        on = lens.day_of(past.ended_at) if past.ended_at else ""
        found.append(
            {
                "id": past.id,
                "href": f"/incidents/{past.id}",
                "goods": " · ".join(filter(None, goods)),
                "linked": lens("linked on %(day)s", day=on) if on else "",
                "hurt": _hurt_there(lens, past),
                "acts": _counting_here(view, past),
            }
        )
    return found


def _hurt_there(lens: Lens, past: Past) -> str:
    """Say how many a linked report tells of: whether they are among those here it cannot say."""
    people = past.hurt or past.told_besides
    if not people:
        return ""
    if past.hurt and past.told_besides:
        return lens(
            "People hurt that it tells of: %(n)s; more that its further reports tell of, maybe the "
            "same: %(more)s. They are not counted here by the link: unless a report here tells of "
            "them, add one.",
            n=lens.number(past.hurt),
            more=lens.number(past.told_besides),
        )
    told = lens.words.ngettext(
        "It tells of %(n)s person hurt, who is not counted here by the link. Unless a report here "
        "tells of the same person, add one.",
        "It tells of %(n)s people hurt, who are not counted here by the link. Unless a report here "
        "tells of the same people, add one.",
        people,
    )
    return told % {"n": lens.number(people)}


def _counting_here(view: View, past: Past) -> list[Drawn]:
    return act_link(view, ADD) if past.hurt or past.told_besides else []
