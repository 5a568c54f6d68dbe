"""The pure middle: folding a ledger, working out what is due.

What belongs here: processor time of this process alone, without a server's. What never does: a
database in the measured part.
"""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

from bench.acting import CRITICAL
from bench.figures import Figures, percentile
from bench.installation import webhook_channels
from domain.agenda import dues, next_ring
from domain.channels import ChannelOutcome, ReportOutcomes
from domain.dispatch import Act
from domain.drift import ReportDrift
from domain.halt import ListChannels
from domain.incident import INCIDENT, new_incident
from domain.ledger import Entry
from domain.message import command_from_wire
from domain.people import PERFORMER, Actor, Role
from domain.plan_terms import ChannelKind
from domain.plot import evolve, fold
from domain.rules import Rules
from domain.state import Incident
from domain.state.halt import ListedChannel
from domain.values import ChannelId, PublicText
from services.company import read_rules

ENTRIES = 10_000
RUNS = 20
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SEEN = PublicText("Seen on the shelf.")
MONITOR = Actor(id="monitor", roles=(Role.MARKET_MONITORING,))


async def folding() -> Figures:
    """Measure the fold and the plan's own rules."""
    rules = read_rules()
    leaves, state = long_ledger(rules, ENTRIES)
    empty = new_incident("INC-2026-0001", rules)
    folds = [_seconds(lambda: fold(empty, leaves)) for _ in range(RUNS)]
    looks = [_seconds(lambda: (dues(state), next_ring(state))) for _ in range(RUNS)]
    return {
        "fold_10k_entries_ms": round(1000 * percentile(folds, 50), 1),
        "dues_per_incident_ms": round(1000 * percentile(looks, 50), 2),
    }


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


# ---------------------------------------------------------------- a long ledger


def long_ledger(rules: Rules, size: int) -> tuple[list[bytes], Incident]:
    """Tell a critical incident with 50 channels whose goods keep coming back on sale.

    Half of the entries are answers of channels, half are sightings; every one is decided.
    """
    incident, leaves = new_incident("INC-2026-0001", rules), list[bytes]()
    for number, (actor, command) in enumerate(_commands(rules), 1):
        at = START + timedelta(seconds=number)
        act = Act(command_id=f"c{number}", actor=actor, at=at, happened_at=at, command=command)
        for event in INCIDENT.decide(incident, act):
            entry = Entry(
                incident=incident.id,
                seq=incident.size + 1,
                command_id=act.command_id,
                actor=actor,
                happened_at=at,
                at=at,
                recorded_at=at,
                plan=rules.hash,
                build="bench",
                event=event,
            )
            incident = evolve(incident, event, entry.mark())
            leaves.append(entry.leaf())
            if len(leaves) == size:
                return leaves, incident
    raise AssertionError("the commands never end")


def _commands(rules: Rules) -> Iterator[tuple[Actor, object]]:
    listed = tuple(_listed(rules))
    yield PERFORMER, ListChannels(channels=listed)
    body = {
        "first_known_at": "2026-03-02T00:50:00Z",
        "first_known_country": "CN",
        "products": ["cream"],
        "lots": ["L1"],
        "answers": CRITICAL,
    }
    report_problem = {"type": "report_problem", "v": 1, "body": body}
    yield Actor(id="agent", roles=(Role.SERVICE_AGENT,)), command_from_wire(report_problem)
    for _ in count():
        for level, row in rules.plan.halt.items():
            order = {"H1": 1, "H2": 2, "H3": 3}.get(level, 0)
            for channel in (c for c in listed if c.kind in row.channels and order):
                answer = ChannelOutcome(
                    channel=channel.id, order=order, state="confirmed", attempts=1, proof="noted"
                )
                yield PERFORMER, ReportOutcomes(outcomes=(answer,))
                yield MONITOR, ReportDrift(channel=ChannelId(channel.id), how_seen=SEEN)


def _listed(rules: Rules) -> Iterator[ListedChannel]:
    for channel in webhook_channels(rules.plan, ""):
        yield ListedChannel(
            id=channel.id,
            kind=str(channel.kind),
            level=str(rules.plan.level_of(ChannelKind(channel.kind))),
            name=channel.name_en,
            name_zh=channel.name_zh,
            market=channel.market,
        )
