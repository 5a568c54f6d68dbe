"""The parts of an incident's page that are kept up to date, each drawn from the view alone.

What belongs here: which parts there are and what each is given. What never does: HTML, or a rule.
A part is drawn alike for the whole page and for the fragment that the script asks for.
"""

from collections.abc import Callable
from typing import Final

from api.pages import blocks, channel_rows, duty_order, now, plan, recall_counts, stage_halt
from api.pages.drawing import story
from api.pages.lens import Drawn
from api.pages.looking import View
from api.pages.people_told import told_besides
from api.pages.possible import act_link
from api.pages.stage_investigation import fact
from api.pages.telling import at_a_glance
from api.pages.whose_market import own_markets
from domain.scope import OUT_OF

RECENT: Final = 15
"""Rows of the timeline on the incident's page; the rest stands on the page of the ledger."""

LOOKED_AT: Final = 80
"""Entries that are looked at for those rows: what came together is one row."""

CHANNELS_SHOWN: Final = 5
HOLDERS_SHOWN: Final = 2
CLOCKS_SHOWN: Final = 6


def head(view: View) -> Drawn:
    """Give nothing of its own: the head is part of every page's view."""
    return {}


def agenda(view: View) -> Drawn:
    """Give what must be decided now."""
    return now.agenda(view)


def clocks(view: View) -> Drawn:
    """Give the clocks that run; with the incident closed none does."""
    running = () if view.state.review.closed_at else view.due()
    led = [group[0] for group in duty_order.gathered(view.state, running)]
    groups = now.by_the_dozen(led, view.visit.who.id)
    return {
        "items": now.clocks(view, groups[:CLOCKS_SHOWN]),
        "more": now.clocks(view, groups[CLOCKS_SHOWN:]),
        "empty": view.lens("No clock is running."),
    }


def figures(view: View) -> Drawn:
    """Give the figures of the state: hurt people, channels, units."""
    lens, state = view.lens, view.state
    at = lens.moment(state.last_at)
    found = stage_halt.tally(view)
    channels, open_ones = stage_halt.whole(found), stage_halt.open_ones(found)
    resumed = bool(found) and not channels
    silent = lens("%(n)s of them silent", n=found["silent"]) if found["silent"] else ""
    items = [
        _hurt(view),
        blocks.figure(
            lens("Channels not confirmed"), open_ones, at=at,
            tone="critical" if open_ones else "done" if channels else "",
            **({"unit": stage_halt.unit(lens, channels), "of": channels} if channels else {}),
            note=silent or (stage_halt.resumed_note(lens, found) if resumed else ""),
        ),
    ]  # fmt: skip
    return {"items": items + _units(view)}


def _hurt(view: View) -> Drawn:
    """Give the people hurt, never fewer than reported, and how many of them are registered."""
    lens, report = view.lens, view.state.report
    hurt, registered = report.people_hurt, len(report.cases)
    note = lens("registered cases") if registered else lens("as reported")
    if hurt and 0 < registered < hurt:
        note = lens("%(n)s of them registered", n=str(registered))
    besides = told_besides(lens, report)
    note = " · ".join(filter(None, (note, besides)))
    tone = "warning" if hurt or besides else ""
    at = lens.moment(view.state.last_at)
    return blocks.figure(lens("People hurt"), hurt, at=at, tone=tone, note=note)


def _units(view: View) -> list[Drawn]:
    """Give the units outside our control, as far as known, and those that came back."""
    lens, recall = view.lens, view.state.recall
    if recall.scope is None:
        units = view.state.report.answers.units
        label = lens("Units concerned")
        return [blocks.figure(label, lens.number(units), note=lens("as reported; no scope yet"))]
    out = [one.out for one in recall.scope.balances]
    known = sum(number for number in out if number is not None)
    unknown = sum(number is None for number in out)
    told = lens.words.ngettext(
        "and %(n)s lot of which nobody knows", "and %(n)s lots of which nobody knows", unknown
    )
    why = recall_counts.wanting(lens, recall.scope.lots, OUT_OF)
    value = None if not out or unknown == len(out) else lens.number(known)
    beside = told % {"n": unknown} if unknown and value is not None else ""
    note = "; ".join(filter(None, (beside, why)))
    found = [blocks.figure(lens("Units outside our control"), value, note=note)]
    if recall.tallies:
        back = sum(one.received for one in recall.tallies)
        found.append(blocks.figure(lens("Units back"), lens.number(back)))
    return found


def halt(view: View) -> Drawn:
    """Give the channels that need somebody, and how many are settled."""
    lens, found, channels = view.lens, stage_halt.tally(view), len(view.state.halt.channels)
    return {
        "items": channel_rows.rows(view, CHANNELS_SHOWN),
        "stopped": found["confirmed"],
        "silent": found["silent"],
        "whole": stage_halt.whole(found),
        "resumed": stage_halt.resumed_note(lens, found),
        "all": channels,
        "more": max(0, channels - CHANNELS_SHOWN),
        "href": f"{view.address}/halt",
        "levels": [view.lens.level(level) for level in view.state.halt.levels],
    }


def facts(view: View) -> Drawn:
    """Give the facts at hand."""
    found = [fact(view, one) for one in view.state.investigation.facts.values()]
    return {
        "items": found,
        "acts": act_link(view, "verify_facts")
        + act_link(view, "record_facts")
        + act_link(view, "record_fact"),
    }


def people(view: View) -> Drawn:
    """Give who carries which role here, the roles of the plan's team first."""
    lens, state = view.lens, view.state
    wanted = [str(role) for role in state.rules.plan.grades[state.report.grade].team]
    named = state.people.roles
    items = []
    for role in dict.fromkeys([*wanted, *named]):
        one = named.get(role)
        carried = one.carried_by if one else None
        listed = [carried] if carried else lens.of_markets(role, own_markets(view))
        listed = sorted(listed, key=lambda one: one != view.visit.who.id)[:HOLDERS_SHOWN]
        chips = [lens.chip(one, role) for one in listed]
        if role in state.people.absences:
            chips = [{**chip, "away": True} for chip in chips]
        chips = [{**chip, "role": ""} for chip in chips]  # the label says it
        items.append({"label": lens.role(role), "chips": chips})
    return {"items": items, "href": f"{view.address}/people", "plan": plan.line(view)}


def timeline(view: View) -> Drawn:
    """Give the last entries, newest first, by day."""
    last = view.state.size
    entries = view.entries(max(1, last - LOOKED_AT + 1), last)
    days = at_a_glance(view.lens, entries, RECENT)
    return {
        "days": days,
        "shown": sum(1 + len(row.get("alike", ())) for day in days for row in day["entries"]),
        "size": last,
        "picture": story(view),
        "href": f"{view.address}/ledger",
    }


PARTS: Final[dict[str, Callable[[View], Drawn]]] = {
    "head": head,
    "now": agenda,
    "figures": figures,
    "clocks": clocks,
    "halt": halt,
    "facts": facts,
    "people": people,
    "timeline": timeline,
}
"""Each part by its name in the address `/incidents/{id}/parts/{part}`."""
