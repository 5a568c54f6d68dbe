"""A simulation: its own server, database and outbox, made for one case file and thrown away.

What belongs here: putting that world together and comparing what it came to. What never does: a
channel that leads outside; only drill adapters are constructed here.
"""

import asyncio
import gc
import hashlib
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import Client, WorkflowHistory
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

from activities.calendars import build_calendar
from activities.heads import HeadActivities
from activities.registry import local_gateways
from domain.case_file import CaseFile
from domain.incident import fold
from domain.open_duties import open_duties
from domain.rules import Rules, rules_of
from domain.state import Incident, incident_text
from integrations.key_ring import KeyRing
from integrations.temporal_plugin import andon_plugin
from services.drill_archive import archive_drilled
from services.drilling import COMMANDER, Drill, Played, begin, play
from services.furnishing import furnish
from services.house import House
from services.reading import at_entry, empty_incident, see
from services.replaying import replay, runs_of
from services.replaying_beside import Beside, replaying_beside
from services.settings import Settings
from services.signing_keys import signing_of
from services.working import THREADS, worker_of
from storage import duties, incidents, outbox, streams
from storage.blobs import BlobDirectory, BlobLabel, put_blob
from storage.database import Database, open_database
from storage.streams import read_contents
from workflows.ids import incident_workflow
from workflows.incident import GRADE, NEXT_DUE, STAGE

SIMULATION = "simulation"
YEARS_AHEAD = 4
"""How many years of working days a drill may need: the longest case and its last deadlines."""

ALL_MESSAGES = 100_000
SELDOM = (50_000, 20, 100)
"""New objects before Python looks for garbage among them, and how often among the older ones."""


@dataclass
class Simulated:
    """What a case came to: its story, the ledger's entries, every message, and three folds."""

    case: CaseFile
    played: Played
    state: Incident
    entries: list[streams.EntryRow]
    messages: list[outbox.Message]
    root: str
    agrees: bool
    took: timedelta


@contextmanager
def own_world(case: CaseFile, rules: Rules) -> Iterator[tuple[Database, KeyRing, Path]]:
    """Make database and keys in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="andon-drill-") as folder:
        home = Path(folder)
        database = open_database(f"sqlite:///{home / 'drill.db'}", for_good=False)
        database.migrate()
        try:
            furnish(database, case, rules)
            yield database, KeyRing.create(_ring_file(home)), home
        finally:
            database.close()


def rules_for(rules: Rules, began_at: datetime) -> Rules:
    """Give the same plan, wording and regulations with the calendar of the years of the drill."""
    years = (began_at.year - 1, began_at.year + YEARS_AHEAD)
    calendar = build_calendar(rules.plan.calendar, years)
    return rules_of(rules.plan, calendar, rules.wording, rules.regulations, rules.beside)


def _put_files(house: House, case: CaseFile) -> dict[str, str]:
    """Keep the case's files as evidence; gives the address of each by its name."""
    directory = BlobDirectory(house.settings.blobs_dir)
    return {
        document.id: put_blob(
            house.engine,
            directory,
            document.text.encode(),
            BlobLabel(media_type="text/plain; charset=utf-8", stored_at=case.starts_at),
        ).sha256
        for document in case.files
    }


async def connect(env: WorkflowEnvironment, namespace: str, ring: KeyRing) -> Client:
    """Connect to the time-skipping server, in a namespace of the case's own.

    So that several cases, with the same incident number, can be played on one server.
    """
    await _name_attributes(env)
    config = env.client.service_client.config
    return await Client.connect(
        config.target_host,
        namespace=namespace,
        plugins=[andon_plugin(ring)],
        runtime=config.runtime,
    )


async def _name_attributes(env: WorkflowEnvironment) -> None:
    """Tell the server our search attributes, once; it knows none by itself."""
    kinds = {
        STAGE.name: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
        GRADE.name: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
        NEXT_DUE.name: IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
    }
    request = AddSearchAttributesRequest(namespace=env.client.namespace, search_attributes=kinds)
    try:
        await env.client.operator_service.add_search_attributes(request)
    except RPCError as error:
        if error.status is not RPCStatusCode.ALREADY_EXISTS:
            raise


Leave = Callable[[House, str], None]
"""Takes from a world what shall outlive it; is given the house and the drilled incident."""


async def simulate(
    env: WorkflowEnvironment,
    case: CaseFile,
    rules: Rules,
    clock: Callable[[], float],
    leave: Leave | None = None,
) -> Simulated:
    """Play a case on a time-skipping server and compare live state, ledger and replay.

    `clock` is the host's, for how long it took. Before the world is thrown away its heads are
    signed, its histories archived, and `leave` takes from it what it wants. Raises WentOtherwise
    when it goes otherwise than the case file says.
    """
    began = clock()
    with _seldom_collected():
        async with ready(env, case, rules, clock) as (drill, began_at), _beside(drill) as beside:
            await play(drill, began_at)
            simulated = await _compared(drill, began, beside)
            if leave is not None:
                house, incident = drill.house, drill.played.incident
                named = partial(with_build, build=_build(house, incident))
                await archive_drilled(house, incident, named)
                await asyncio.to_thread(_sign, house)
                await asyncio.to_thread(leave, house, incident)
            return simulated


def _sign(house: House) -> None:
    """Sign what is not signed yet, as an installation does within the minute."""
    HeadActivities(house.engine, lambda: signing_of(house)).sign_all()


def _beside(drill: Drill) -> AbstractAsyncContextManager[Beside]:
    """Replay what ends while the case is played."""
    house, played = drill.house, drill.played
    return replaying_beside(
        house.temporal,
        _ring_file(house.settings.home),
        lambda: incident_workflow(played.incident) if played.incident else "",
        lambda: partial(with_build, build=_build(house, played.incident)),
    )


def _ring_file(home: Path) -> Path:
    return home / "ring.json"


def _build(house: House, incident: str) -> str:
    """Name the build that recorded an incident's first entry."""
    first: str = json.loads(read_contents(house.engine, incident)[0])["build"]
    return first


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Let Python look for garbage less often: nearly all that a drill makes it keeps to its end."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


@asynccontextmanager
async def ready(
    env: WorkflowEnvironment, case: CaseFile, rules: Rules, clock: Callable[[], float]
) -> AsyncIterator[tuple[Drill, datetime]]:
    """Put the world of a case together, with a worker; gives its drill and when that begins."""
    began_at = await begin(env, case)
    with own_world(case, rules_for(rules, began_at)) as (database, ring, home):
        client, settings = await connect(env, f"drill-{case.id}", ring), Settings(home=home)
        house = House(settings, database.ledger, database.bulk, ring, client, drill=SIMULATION)
        gateways = local_gateways(database.ledger, database.bulk)
        with ThreadPoolExecutor(THREADS) as threads:
            # Who waits long for a decision is a busy machine, no fault of a drill; and decided in
            # the loop's own thread, a task is not handed to another and back.
            async with worker_of(house, gateways, threads, debug_mode=True):
                yield Drill(house, env, case, _put_files(house, case), clock), began_at


async def _compared(drill: Drill, started: float, beside: Beside) -> Simulated:
    house, played = drill.house, drill.played
    seen = see(house, COMMANDER, played.incident)
    assert seen.state is not None
    entries = streams.read_entries(house.engine, played.incident)
    folded = at_entry(house, COMMANDER, played.incident, len(entries))
    replayed = await replayed_runs(house, played.incident, seen.row.run, beside)
    return Simulated(
        case=drill.case,
        played=played,
        state=seen.state,
        entries=entries,
        messages=outbox.list_messages(house.bulk, incident=played.incident, limit=ALL_MESSAGES),
        root=seen.root,
        agrees=incident_text(seen.state) == incident_text(folded)
        and duties.of_incident(house.engine, played.incident) == open_duties(folded)
        and all(replayed),
        took=timedelta(seconds=drill.clock() - started),
    )


async def replayed_runs(
    house: House, incident: str, runs: int, beside: Beside | None = None
) -> list[bool]:
    """Say of each run whether its history replays to the fold of the entries that it came to.

    An incident that was opened again has `runs` under several ids, a long one several under one id.
    What was replayed `beside` it already is not replayed again.
    """
    leaves = read_contents(house.engine, incident)
    state = empty_incident(house, incidents.incident(house.engine, incident))
    build, found = _build(house, incident), []
    for run in range(1, runs + 1):
        for history in await runs_of(house.temporal, incident_workflow(incident, run)):
            told = await beside.replayed(history) if beside is not None else None
            if told is None:
                told = await replay(with_build(history, build), house.ring)
            if not told.tasks:
                continue  # it has only just begun
            state = fold(state, leaves[state.size : told.size])
            is_same = told.sha256 == hashlib.sha256(incident_text(state).encode()).hexdigest()
            found.append(is_same and not told.failures)
    return found


def with_build(history: WorkflowHistory, build: str) -> WorkflowHistory:
    """Put the name of the build back into a history: the time-skipping server does not keep it."""
    for event in history.events:
        if event.HasField("workflow_task_completed_event_attributes"):
            event.workflow_task_completed_event_attributes.worker_version.build_id = build
    return history


def server_binary() -> str:
    """Give the path of the time-skipping server that came with its wheel."""
    return str(Path(sys.executable).parent / "temporal-test-server")
