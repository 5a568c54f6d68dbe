"""A house with a worker on a real Temporal server: what the engine's tests run against.

What belongs here: starting and stopping. What never does: an assertion.
"""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client, WorkflowHistory
from temporalio.common import SearchAttributeKey
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.heads import Signing
from activities.registry import World, all_activities, local_gateways
from domain.people import Actor, Role
from domain.rules import rules_text
from integrations.channels import ChannelGateway
from integrations.key_ring import KeyRing
from integrations.note_keys import NoteSigner
from integrations.temporal_plugin import andon_plugin
from integrations.timestamps import Authority
from services.house import House
from services.settings import Settings
from services.working import DRAIN, both, patient
from storage import catalog, company, shop
from storage import rules as rule_store
from storage.blobs import BlobDirectory
from storage.database import Database
from tests.domain.story import rules
from workflows.ids import OUTSIDE_QUEUE, TASK_QUEUE
from workflows.incident import GRADE, NEXT_DUE, STAGE
from workflows.registry import ALL_WORKFLOWS

SEARCHED: dict[SearchAttributeKey[Any], IndexedValueType.ValueType] = {
    STAGE: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    GRADE: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    NEXT_DUE: IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
}
BINARY = Path(sys.executable).parent / "temporal"


@asynccontextmanager
async def embedded_server(
    file: Path | None = None, *, settings: Sequence[str] = ()
) -> AsyncIterator[WorkflowEnvironment]:
    """Start a real server on a free port of the loopback, in memory or on a file.

    `settings` are the server's own, such as "limit.historyCount.suggestContinueAsNew=40".
    """
    async with await _started(file, settings) as env:
        yield env


async def _started(file: Path | None, settings: Sequence[str]) -> WorkflowEnvironment:
    pragmas = ["--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=NORMAL"]
    extra = [*(pragmas if file else []), *_each("--dynamic-config-value", settings)]
    return await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(BINARY),
        dev_server_log_level="error",
        dev_server_database_filename=str(file) if file else None,
        dev_server_extra_args=extra,
        dev_server_startup_timeout=timedelta(seconds=30),
        search_attributes=list(SEARCHED),
    )


_ours: list[WorkflowEnvironment] = []
"""The one server of this process, once somebody asked for it."""

_numbers = count(1)
FORGETS_AFTER_S = 7 * 24 * 60 * 60


@asynccontextmanager
async def shared_server() -> AsyncIterator[WorkflowEnvironment]:
    """Give a namespace that nobody else is in, on the one server of this process, in memory.

    Starting a server takes longer than most of what is told on it; a namespace is there at once.
    Whoever stops a server, sets it otherwise, or waits for what it does by its schedules (those of a
    new namespace begin late) starts their own: `embedded_server`.
    """
    if not _ours:
        _ours.append(await _started(None, ()))
    target = _ours[0].client.service_client.config.target_host
    namespace = f"story-{next(_numbers)}"
    client = await Client.connect(target)
    await client.workflow_service.register_namespace(
        RegisterNamespaceRequest(
            namespace=namespace,
            workflow_execution_retention_period=Duration(seconds=FORGETS_AFTER_S),
        )
    )
    listed = {key.name: kind for key, kind in SEARCHED.items()}
    await client.operator_service.add_search_attributes(
        AddSearchAttributesRequest(namespace=namespace, search_attributes=listed)
    )
    yield WorkflowEnvironment.from_client(await Client.connect(target, namespace=namespace))


def stop_shared_server() -> None:
    """Stop the server of this process, if anybody asked for it."""
    while _ours:
        asyncio.run(_ours.pop().shutdown())


def _each(option: str, values: Sequence[str]) -> list[str]:
    return [word for value in values for word in (option, value)]


def furnish(database: Database, channels: list[catalog.Item]) -> None:
    """Put the plan's rules and a very small company into a fresh database."""
    now = datetime.now(UTC)
    stored = rule_store.keep_rules(database.ledger, "incident", rules_text(rules()).encode(), now)
    company.set_fact(database.ledger, company.ADOPTED_RULES, stored)
    catalog.put_items(
        database.ledger, "product", [catalog.Item(id="cream", name_en="Cream", name_zh="面霜")]
    )
    catalog.put_lots(
        database.ledger,
        [catalog.Lot(id=f"cream/{n}", product="cream", number=n) for n in ("L1", "L2")],
    )
    catalog.put_items(database.ledger, "channel", channels)
    shop.put_listings(
        database.ledger,
        [
            shop.Listing(channel=c.id, product="cream", on_sale=True, changed_at=now)
            for c in channels
            if c.document["adapter"] == "demo_shop"
        ],
    )


def shop_channels(
    count: int, kind: str = "own_shop", adapter: str = "demo_shop"
) -> list[catalog.Item]:
    """Give some channels of one kind."""
    return [
        catalog.Item(
            id=f"{kind}-{n}",
            kind=kind,
            market="CN",
            name_en=f"Shop {n}",
            name_zh=f"门店{n}",
            document={"adapter": adapter, "address": ""},
        )
        for n in range(1, count + 1)
    ]


@asynccontextmanager
async def working(
    client: Client,
    database: Database,
    ring: KeyRing,
    channels: Mapping[str, ChannelGateway] = MappingProxyType({}),
    blobs: Path | None = None,
    authorities: Sequence[Authority] = (),
    **more: Any,
) -> AsyncIterator[Worker]:
    """Run a worker in this process over a database; `more` are words of the SDK's `Worker`.

    It drains as the product's does. Without that time the SDK cancels activities in the moment in
    which they end, and one stop in five of `test_hanging_channels` then never returned from the
    SDK's own `finalize_shutdown` (temporalio 1.35.0), with nothing left open anywhere.
    """
    channels = {**local_gateways(database.ledger, database.bulk), **channels}
    files = BlobDirectory(blobs or Path(tempfile.mkdtemp()))
    signing = Signing("andon.example/test", [NoteSigner("andon.example/test", bytes(32))])
    world = World(
        database.ledger, database.bulk, files, client, channels, signing=lambda: signing,
        authorities=authorities, round_s=0,
    )  # fmt: skip
    offered = all_activities(world)
    with ThreadPoolExecutor(16) as threads, ThreadPoolExecutor(16) as waiting:
        made = Worker(
            client,
            task_queue=TASK_QUEUE,
            workflows=ALL_WORKFLOWS,
            activities=offered,
            activity_executor=threads,
            graceful_shutdown_timeout=DRAIN,
            **more,
        )
        outside = Worker(
            client,
            task_queue=OUTSIDE_QUEUE,
            activities=offered,
            activity_executor=waiting,
            graceful_shutdown_timeout=DRAIN,
        )
        async with both(patient(made), outside):
            yield made


async def open_client(env: WorkflowEnvironment, ring: KeyRing) -> Client:
    """Connect with our plugin, as every process does."""
    return await Client.connect(
        env.client.service_client.config.target_host,
        namespace=env.client.namespace,
        plugins=[andon_plugin(ring)],
    )


def house_of(client: Client, database: Database, ring: KeyRing, home: Path) -> House:
    """Give the services' view of it all."""
    settings = Settings(home=home)
    return House(settings, database.ledger, database.bulk, ring, client)


def actor(*roles: Role, name: str = "") -> Actor:
    """A signed-in person with roles."""
    return Actor(id=name or str(roles[0]), roles=roles)


def activities_of(history: WorkflowHistory) -> set[str]:
    """Name the activities that a run called."""
    return {
        event.activity_task_scheduled_event_attributes.activity_type.name
        for event in history.events
        if event.HasField("activity_task_scheduled_event_attributes")
    }
