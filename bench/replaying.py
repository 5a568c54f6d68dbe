"""Replay: an incident of 10,000 entries at any minute, and what is different between two.

What belongs here: the service and the page, warm and at the first look, beside bare reading of the
same entries in the same run. What never does: a limit.
"""

import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from activities.ledger import projection
from bench.duties import timed
from bench.figures import Figures, milliseconds, percentile, ratio
from bench.folding import ENTRIES, START, long_ledger
from bench.installation import running
from domain.incident import fold, new_incident
from domain.people import Actor, Role
from domain.rules import Rules, rules_text
from domain.state import Incident, incident_text
from integrations.key_ring import KeyRing
from services import moments
from services.company import read_rules
from services.house import House
from services.moments import By
from storage import incidents, ledger, streams, stretches
from storage import rules as rule_store
from storage.streams import EntryRow, entry_row

RUNS: Final = 100
FIRST_LOOKS: Final = 5
FIRST_MINUTES: Final = 20
BELIEVES_NOTHING: Final = "believes nothing that this house wrote down"
BATCH: Final = 500
AUDITOR: Final = Actor(id="auditor", roles=(Role.AUDITOR,))
MINUTES: Final = random.Random(7)


async def replaying() -> Figures:
    """Measure moments by the service, then the page as a browser asks for it."""
    rules = read_rules()
    leaves, _ = long_ledger(rules, ENTRIES)
    async with running() as place:
        number = keep(place.house, rules, leaves)
        moments.walk_long_ones(place.house)
        first = await timed(place, f"/incidents/{number}/at?at={ENTRIES - 1}", "asof-line")
        pages = [
            await timed(place, f"/incidents/{number}/at?at={_entry()}", "asof-line")
            for _ in range(RUNS)
        ]
        return {
            **_service(place.house, number),
            "replay_10k_page_first_ms": round(1000 * first, 1),
            **milliseconds("replay_10k_page", pages),
        }


def _service(house: House, number: str) -> Figures:
    """Measure the service alone: any minute of an incident that was walked, and the first look."""
    cold = _first_looks(house, number)
    folded = _first_looks(replace(house, ring=KeyRing.from_secret(BELIEVES_NOTHING)), number)
    cold_minute = _seconds(lambda: _first_look(house, number, _minute()), FIRST_MINUTES)
    bare = _seconds(lambda: _bare(house, number), FIRST_LOOKS)
    any_minute = _seconds(lambda: moments.at_moment(house, AUDITOR, number, _minute()))
    told = _seconds(lambda: moments.columns(house, AUDITOR, number, _minute(), By.HAPPENED))
    apart = _seconds(lambda: moments.between(house, AUDITOR, number, _minute(), _minute()))
    return {
        "replay_10k_entries_ms": round(1000 * percentile(any_minute, 95), 1),
        "replay_10k_columns_ms": round(1000 * percentile(told, 95), 1),
        "difference_10k_ms": round(1000 * percentile(apart, 95), 1),
        "replay_10k_first_ms": round(1000 * percentile(cold, 50), 1),
        "replay_10k_first_folded_ms": round(1000 * percentile(folded, 50), 1),
        "replay_10k_first_minute_ms": round(1000 * percentile(cold_minute, 95), 1),
        "stretches_10k_bytes_per_entry": round(_bytes_kept(house, number) / ENTRIES, 1),
        "bare_read_10k_entries_ms": round(1000 * percentile(bare, 50), 1),
        "replay_10k_first_vs_bare": ratio(percentile(cold, 50), percentile(bare, 50)),
    }


def _first_looks(house: House, number: str) -> list[float]:
    """Look at the entry before the last as often as asked for, each time knowing nothing yet."""
    return _seconds(lambda: _first_look(house, number, ENTRIES - 1), FIRST_LOOKS)


def _first_look(house: House, number: str, moment: moments.Moment) -> None:
    house.walks.forget(number)
    moments.at_moment(house, AUDITOR, number, moment)


def _seconds(work: Callable[[], object], runs: int = RUNS) -> list[float]:
    found = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return found


def _bare(house: House, number: str) -> list[object]:
    """Read the same entries and do nothing with them: below it nobody replays a ledger."""
    return [json.loads(content) for content in streams.read_contents(house.engine, number)]


def _bytes_kept(house: House, number: str) -> int:
    kept = (row.content for row in stretches.kept(house.bulk, number))
    return sum(len(content) for content in kept if isinstance(content, bytes))


def _entry() -> int:
    return MINUTES.randrange(1, ENTRIES + 1)


def _minute() -> moments.Moment:
    """Give some instant of the incident: its entries came one a second."""
    return START + timedelta(seconds=_entry(), milliseconds=500)


def keep(house: House, rules: Rules, leaves: Sequence[bytes]) -> str:
    """Record a told ledger as it stands, without a workflow, and give its number."""
    kept = rule_store.keep_rules(house.engine, "incident", rules_text(rules).encode(), START)
    reserved = incidents.Reservation(
        command_id="replaying", digest="d", created_at=START, reported_by="auditor", title="cream",
        rules_hash=kept,
    )  # fmt: skip
    number = incidents.reserve_number(house.engine, START.year, reserved).id
    state = new_incident(number, rules)

    def project(_state: str | None, _hash: str, rows: Sequence[EntryRow]) -> ledger.Projection:
        nonlocal state
        folded: Incident = fold(state, [row.content for row in rows])
        state = folded
        return projection(folded, incident_text(folded))

    for first in range(0, len(leaves), BATCH):
        rows = [entry_row(leaf) for leaf in leaves[first : first + BATCH]]
        ledger.record(house.engine, number, first + 1, rows, [], project)
    return number
