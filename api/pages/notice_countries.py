"""Each country of an incident in one row: how many duties are open there, and what is due next.

What belongs here: the overview with which the stage Notice begins. What never does: a rule, or the
claim that nothing is to be told where no duty stands (unruled.py says what that means).
"""

from collections.abc import Sequence

from api.pages import blocks
from api.pages.duty_names import clock_of
from api.pages.duty_order import urgency
from api.pages.duty_places import duty_address
from api.pages.duty_unverified import more_unverified, only_unverified
from api.pages.lens import Drawn
from api.pages.looking import View
from api.pages.unruled import places_without_duty
from domain.state.notice import Duty


def overview(view: View, duties: Sequence[Duty]) -> list[Drawn]:
    """Give a row for each country, those without a duty first; none where there is only one."""
    lens, gaps = view.lens, places_without_duty(view)
    by_place: dict[str, list[Duty]] = {}
    for duty in sorted(duties, key=urgency):
        by_place.setdefault(duty.place or duty.market, []).append(duty)
    if len(by_place) + len(gaps) < 2 and not gaps:
        return []
    rows = [_gap(view, place) for place in gaps]
    rows += [_row(view, place, found) for place, found in by_place.items()]
    columns = lens.each("Country", "Open duties", "Next due")
    title = lens("Countries at a glance")
    return [blocks.table(title, columns, rows, numbers=(1,), id="countries")]


def _gap(view: View, place: str) -> list[blocks.Cell]:
    lens = view.lens
    told = lens("no rule here: record what the authority asks")
    country = {"text": lens.market(place), "href": f"{view.address}/notice#without-duty"}
    return [country, lens.number(0), {"text": told, "tone": "warning", "icon": "warned"}]


def _row(view: View, place: str, duties: Sequence[Duty]) -> list[blocks.Cell]:
    lens = view.lens
    still = [one for one in duties if one.is_open]
    cells = [lens.market(place), lens.number(len(still))]
    if not still:
        return [*cells, {"text": lens("nothing is open there"), "tone": "done"}]
    first = still[0]
    if not first.counts:
        told: Drawn = {"text": only_unverified(view, still), "tone": "warning", "icon": "warned"}
        return [*cells, {**told, "acts": [blocks.link(first.id, duty_address(view, first.id))]}]
    when = lens.due(first.due_at, clock_of(first))["text"] if first.due_at else lens("no time set")
    due = {"text": f"{first.id} · {when}", "href": duty_address(view, first.id)}
    return [*cells, {**due, "acts": more_unverified(view, still)}]
