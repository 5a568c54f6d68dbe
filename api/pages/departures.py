"""Where an incident departed from the plan: late, let pass, by silence, lapsed, refused.

What belongs here: which entries are a departure, and of which kind. What never does: judging one.
"""

from collections.abc import Sequence
from typing import Final

from api.pages.lens import Drawn
from api.pages.looking import View
from api.pages.telling import ledger_entry, variant_of
from domain.acts import ActRefused
from domain.ledger import Entry

DEPARTURES: Final[dict[str, frozenset[str]]] = {
    "late": frozenset(
        {
            "DutyOverdue",
            "RungReached:overdue",
            "RungReached:longer",
            "RungReached:commander",
            "RungReached:legal_representative",
        }
    ),
    "overridden": frozenset({"GapsAllowed", "FindingOverridden"}),
    "silence": frozenset({"ReportDecided:silence"}),
    "lapsed": frozenset({"ActLapsed"}),
    "refused": frozenset({"ActRefused", "ActDeclined", "ActDeclined:veto"}),
}
"""What an auditor asks by question 9, and the entries (with their variant) that answer it."""


def departures(view: View, entries: Sequence[Entry]) -> list[Drawn]:
    """Give every kind of departure with its entries, oldest first; a kind may have none."""
    lens = view.lens
    return [
        {
            "title": lens.words.of("departure", kind),
            "entries": [
                {**ledger_entry(lens, one), "on": lens.moment(one.recorded_at)}
                for one in entries
                if variant_of(one.event) in of
            ],
        }
        for kind, of in DEPARTURES.items()
    ]


def refused_acts(entries: Sequence[Entry]) -> int:
    """Count the refusals: each entry, and those that it says came before it unrecorded."""
    return sum(1 + one.event.more for one in entries if isinstance(one.event, ActRefused))
