"""Where an incident departed from its plan, as a reader sees it: kind by kind, reason and rule.

What belongs here: drawing what services/questions/departures.py finds. What never does: which
entries are a departure, or judging one.
"""

from collections.abc import Iterable, Sequence

from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from api.pages.question_cells import text_of
from api.pages.telling import ledger_entry, quoted
from domain.acts import ActRefused
from domain.ledger import Entry
from services.questions.asking import moved_times_of
from services.questions.departures import KINDS, Departure
from services.questions.departures import departures as found_in


def departures(view: View, entries: Sequence[Entry]) -> list[Drawn]:
    """Give every kind of departure with its entries, oldest first; a kind may have none."""
    moved = moved_times_of(view.visit.house, view.actor, view.row.id, entries)
    found = list(found_in(entries, moved))
    return [
        {
            "title": view.lens.words.of("departure", kind),
            "entries": [_drawn(view.lens, one) for one in found if one.kind == kind],
        }
        for kind in KINDS
    ]


def _drawn(lens: Lens, one: Departure) -> Drawn:
    """Draw one departure; a reason that its sentence tells already is not told twice."""
    entry = ledger_entry(lens, one.entry)
    reason = quoted(lens, one.reason).strip("“”").rstrip(".。")
    rule = text_of(lens, "departed_from", one.rule, {})
    return {
        **entry,
        "on": lens.moment(one.entry.recorded_at),
        "rule": "" if rule.rstrip(".。") in entry["sentence"] else rule,
        "reason": "" if reason in entry["sentence"] else reason,
    }


def refused_acts(entries: Iterable[Entry]) -> int:
    """Count the refusals: each entry, and those that it says came before it unrecorded."""
    return sum(1 + one.event.more for one in entries if isinstance(one.event, ActRefused))
