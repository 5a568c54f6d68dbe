"""The plugin against a real embedded server: honest messages arrive, forged ones are refused alone."""

import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import anyio
import pytest
from temporalio import activity, workflow
from temporalio.api.common.v1 import Payload
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionExecutionStartWorkflow,
    ScheduleActionStartWorkflow,
    ScheduleSpec,
    WithStartWorkflowOperation,
    WorkflowHandle,
    WorkflowHistory,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
)
from temporalio.common import RawValue, WorkflowIDConflictPolicy
from temporalio.exceptions import ApplicationError
from temporalio.plugin import SimplePlugin
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from domain.errors import BrokenSetup
from integrations.key_ring import KeyRing, Purpose
from integrations.temporal_codec import ENCODING
from integrations.temporal_plugin import (
    BELOW_WORKFLOWS,
    PASSED_THROUGH,
    andon_plugin,
    check_messages,
    connect,
)
from tests.integrations.temporal_cases import (
    ACTIVITIES,
    SECRET,
    WORKFLOWS,
    AsksOnce,
    Life,
    Note,
    Relative,
    WholeLife,
)

pytestmark = pytest.mark.anyio

TEMPORAL = str(Path(sys.executable).parent / "temporal")
FOREIGN = KeyRing.from_secret("the secret of another installation altogether")


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """Run this module's tests in one asyncio loop, so that they share one server."""
    return "asyncio"


@dataclass(frozen=True)
class House:
    """A server with our client, and the client of somebody who has no key."""

    client: Client
    forger: Client
    ring: KeyRing
    queue: str

    @property
    def address(self) -> str:
        """The server's host and port."""
        return self.forger.service_client.config.target_host

    def plugin(self, ring: KeyRing | None = None) -> SimplePlugin:
        """Return the plugin with this house's ring, or another."""
        return whole_plugin(ring or self.ring)


def whole_plugin(ring: KeyRing) -> SimplePlugin:
    """Return the plugin with everything that runs here."""
    return andon_plugin(ring, workflows=WORKFLOWS, activities=ACTIVITIES)


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """Run an embedded server with one worker of ours."""
    ring = KeyRing.create(tmp_path_factory.mktemp("keys") / "ring.json")
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=TEMPORAL,
        dev_server_log_level="never",
        dev_server_startup_timeout=timedelta(seconds=30),
    ) as server:
        plugin = whole_plugin(ring)
        address = server.client.service_client.config.target_host
        client = await connect(address, "default", plugin, identity="tests")
        async with Worker(client, task_queue="andon"):
            yield House(client, server.client, ring, "andon")


async def start(house: House, *, runs: int = 1) -> WorkflowHandle[WholeLife, Note]:
    """Start a workflow that waits for messages (one that sends everything when `runs` is 0)."""
    first = Note(text="first", lots=("L1", "L2"))
    return await house.client.start_workflow(
        WholeLife.run,
        Life(first=first, runs=runs),
        id=f"INC-{uuid4()}/1",
        task_queue=house.queue,
        memo={"private": SECRET},
        static_summary=SECRET,
    )


async def seen(handle: WorkflowHandle[WholeLife, Note]) -> tuple[str, ...]:
    """Ask the workflow what it heard."""
    return await handle.query(WholeLife.seen_since, Note(text="all"))


async def history_of(handle: WorkflowHandle[Any, Any]) -> WorkflowHistory:
    """Fetch the whole history."""
    return await handle.fetch_history()


async def until(happened: Callable[[], Awaitable[bool]]) -> None:
    """Wait up to half a minute: a query may first be offered to a worker that is gone."""
    with anyio.fail_after(30):
        for _ in range(3_000):
            if await happened():
                return
            await anyio.sleep(0.01)


async def everything_sent(handle: WorkflowHandle[WholeLife, Note]) -> bool:
    """Say whether the last of its own messages came back to the workflow."""
    return EVERYTHING[-1] in await seen(handle)


def shown_in(history: WorkflowHistory) -> bytes:
    """Return all that a reader of the history without a key can read."""
    return b"".join(event.SerializeToString() for event in history.events)


# ---------------------------------------------------------------- honest messages


EVERYTHING = [
    "answered first 06:30 ('L1', 'L2') 1",
    "answered local",
    f"answered beat, {SECRET}",
    "no_use: first first",
    "told by the child",
    "the child is done",
    "told by the failing child",
    f"no_use: {SECRET} {SECRET}",
]


@pytest.mark.parametrize(
    "cached", [pytest.param(1_000, id="kept in memory"), pytest.param(0, id="replayed every time")]
)
async def test_every_kind_of_message_arrives_and_nothing_of_it_shows(
    house: House, cached: int
) -> None:
    queue = f"queue-{cached}"
    async with Worker(house.client, task_queue=queue, max_cached_workflows=cached):
        handle = await start(replace(house, queue=queue), runs=0)
        first_run = handle.result_run_id
        heard = await handle.execute_update(WholeLife.act, Note(text="told by a person"))
        assert heard.text == "heard told by a person"
        with pytest.raises(WorkflowUpdateFailedError) as refusal:
            await handle.execute_update(WholeLife.act, Note(text="refuse me"))
        assert isinstance(refusal.value.cause, ApplicationError)
        assert refusal.value.cause.message == SECRET
        await handle.signal(WholeLife.tell, Note(text="told by signal"))
        await until(lambda: everything_sent(handle))
        await handle.signal(WholeLife.end, Note(text="turn over"))
        running = house.client.get_workflow_handle_for(WholeLife.run, handle.id)
        await running.execute_update(WholeLife.act_unchecked, Note(text="told after turning over"))
        await running.signal(WholeLife.end, Note(text="for good"))
        ended = await running.result()
    assert set(EVERYTHING) <= set(ended.lots)
    assert ended.lots[-1] == "told after turning over"
    assert ended.count == 1
    description = await house.client.get_workflow_handle(handle.id, run_id=first_run).describe()
    assert await description.memo() == {"private": SECRET}
    assert await description.static_summary() == SECRET
    for each, run in ((handle.id, first_run), (f"{handle.id}/child", None)):
        history = await house.client.get_workflow_handle(each, run_id=run).fetch_history()
        assert not any(word in shown_in(history) for word in (b"hives", b"told", b"done", b".py"))
        await Replayer(workflows=[], plugins=[house.plugin()]).replay_workflow(history)


async def test_update_with_start_arrives(house: House) -> None:
    starting = WithStartWorkflowOperation(
        WholeLife.run,
        Life(first=Note(text="first"), runs=1),
        id=f"INC-{uuid4()}/1",
        task_queue=house.queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
    )
    heard = await house.client.execute_update_with_start_workflow(
        WholeLife.act, Note(text="with the start"), start_workflow_operation=starting
    )
    assert heard.count == 1


async def test_a_schedule_starts_workflows_that_read_their_input(house: House) -> None:
    schedule = await house.client.create_schedule(
        f"schedule-{uuid4()}",
        Schedule(
            action=ScheduleActionStartWorkflow(
                Relative.run, Note(text="sweep"), id=f"sweep-{uuid4()}", task_queue=house.queue
            ),
            spec=ScheduleSpec(),
        ),
    )
    await schedule.trigger()

    async def has_acted() -> bool:
        return bool((await schedule.describe()).info.recent_actions)

    await until(has_acted)
    started = (await schedule.describe()).info.recent_actions[0].action
    assert isinstance(started, ScheduleActionExecutionStartWorkflow)
    handle = house.client.get_workflow_handle_for(Relative.run, started.workflow_id)
    assert await handle.result() == Note(text="the sweep is done")
    await Replayer(workflows=[], plugins=[house.plugin()]).replay_workflow(await history_of(handle))


# ---------------------------------------------------------------- forged messages


async def temporal(house: House, *words: str) -> int:
    """Run the `temporal` command as somebody without a key; return its exit status."""
    command = [TEMPORAL, *words, "--address", house.address]
    return (await anyio.run_process(command, check=False)).returncode


def forged(text: str = "forged") -> list[str]:
    """Return the words that send clear JSON."""
    return ["--input", json.dumps({"text": text})]


async def captured(house: House) -> Payload:
    """Return a payload that we ourselves encrypted, for another incident."""
    other = await start(house)
    await other.execute_update(WholeLife.act, Note(text="forged"))
    for event in (await history_of(other)).events:
        if event.HasField("workflow_execution_update_accepted_event_attributes"):
            accepted = event.workflow_execution_update_accepted_event_attributes
            return accepted.accepted_request.input.args.payloads[0]
    raise AssertionError("the update is not in the history")


async def clear(house: House) -> list[Any]:
    """Send what the CLI sends."""
    return [RawValue(Payload(metadata={"encoding": b"json/plain"}, data=b'{"text":"forged"}'))]


async def nothing(house: House) -> list[Any]:
    """Send no payload."""
    return []


async def stored_elsewhere(house: House) -> list[Any]:
    """Claim to be a reference to the SDK's own external storage."""
    return [
        RawValue(Payload(metadata={"encoding": b"json/external-storage-reference"}, data=b"{}"))
    ]


async def marked_as_stored_elsewhere(house: House) -> list[Any]:
    """Claim the same by its mark."""
    metadata = {"encoding": b"json/plain", "__temporal_external_storage_reference": b"true"}
    return [RawValue(Payload(metadata=metadata, data=b"{}"))]


async def ours_by_name(house: House) -> list[Any]:
    """Claim to be encrypted by us."""
    return [RawValue(Payload(metadata={"encoding": ENCODING, "key": b"0" * 16}, data=b"x" * 60))]


async def of_another_installation(house: House) -> list[Any]:
    """Encrypt with another ring."""
    plugin = andon_plugin(FOREIGN)
    other = await connect(house.address, "default", plugin, identity="forger")
    return [RawValue((await other.data_converter.encode([Note(text="forged")]))[0])]


async def played_back(house: House) -> list[Any]:
    """Send a message of ours to another incident."""
    return [RawValue(await captured(house))]


async def two_of_ours(house: House) -> list[Any]:
    """Send two messages of ours at once."""
    return (await played_back(house)) * 2


FORGERIES = [
    pytest.param(forge, id=forge.__name__)
    for forge in (
        clear,
        nothing,
        stored_elsewhere,
        marked_as_stored_elsewhere,
        ours_by_name,
        of_another_installation,
        played_back,
        two_of_ours,
    )
]
Forge = Callable[[House], Awaitable[list[Any]]]


@pytest.mark.parametrize("update", ["act", "act_unchecked"])
@pytest.mark.parametrize("forge", FORGERIES)
async def test_a_forged_update_is_refused_alone(house: House, forge: Forge, update: str) -> None:
    honest = await start(house)
    unkeyed = house.forger.get_workflow_handle(honest.id)
    with pytest.raises(WorkflowUpdateFailedError):
        await unkeyed.execute_update(update, args=await forge(house))
    assert await honest.execute_update(WholeLife.act, Note(text="honest")) == Note(
        text="heard honest", count=1
    )
    assert await seen(honest) == ("honest",)


@pytest.mark.parametrize("forge", FORGERIES)
async def test_a_forged_signal_is_dropped(house: House, forge: Forge) -> None:
    honest = await start(house)
    await house.forger.get_workflow_handle(honest.id).signal("tell", args=await forge(house))
    await honest.signal(WholeLife.tell, Note(text="honest"))
    await honest.execute_update(WholeLife.act, Note(text="also honest"))
    assert await seen(honest) == ("honest", "also honest")
    history = await history_of(honest)
    await Replayer(workflows=[], plugins=[house.plugin()]).replay_workflow(history)


@pytest.mark.parametrize("forge", FORGERIES)
async def test_a_forged_query_learns_nothing(house: House, forge: Forge) -> None:
    honest = await start(house)
    with pytest.raises((WorkflowQueryFailedError, RuntimeError)):
        await house.forger.get_workflow_handle(honest.id).query(
            "seen_since", args=await forge(house)
        )
    assert await seen(honest) == ()


async def test_the_temporal_command_cannot_act(house: House) -> None:
    honest = await start(house)
    update = ["workflow", "update", "execute", "--workflow-id", honest.id, "--name", "act"]
    signal = ["workflow", "signal", "--workflow-id", honest.id, "--name", "tell"]
    assert await temporal(house, *update, *forged()) == 1
    assert await temporal(house, *update) == 1
    assert await temporal(house, *signal, *forged()) == 0  # the server takes any signal
    assert await temporal(house, *signal) == 0
    await honest.execute_update(WholeLife.act, Note(text="honest"))
    assert await seen(honest) == ("honest",)
    assert "forged" not in str(await seen(honest))


async def test_a_rejected_forgery_leaves_nothing_in_the_history(house: House) -> None:
    honest = await start(house)
    unkeyed = house.forger.get_workflow_handle(honest.id)
    for forge in (clear, nothing, played_back):
        with pytest.raises(WorkflowUpdateFailedError):
            await unkeyed.execute_update("act", args=await forge(house))
    await honest.execute_update(WholeLife.act, Note(text="honest"))
    kinds = [event.WhichOneof("attributes") for event in (await history_of(honest)).events]
    assert kinds.count("workflow_execution_update_accepted_event_attributes") == 1


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["complete", "--result", '{"text":"forged"}'], id="forged result"),
        pytest.param(["fail", "--reason", "forged", "--detail", '{"a":1}'], id="forged failure"),
    ],
)
async def test_an_activity_answered_by_a_forger_is_asked_again(
    house: House, words: list[str]
) -> None:
    note = Note(text=f"asked {uuid4()}")
    handle = await house.client.start_workflow(
        AsksOnce.run, note, id=f"asks-{uuid4()}", task_queue=house.queue
    )
    verb, *answer = words
    asked = ["--activity-id", "asked", "--workflow-id", handle.id]

    async def has_answered() -> bool:
        return (await temporal(house, "activity", verb, *asked, *answer)) == 0

    await until(has_answered)  # once the activity has started
    assert (await handle.result()).text == f"ours: {note.text}"
    await Replayer(workflows=[], plugins=[house.plugin()]).replay_workflow(await history_of(handle))


# ---------------------------------------------------------------- rotation


async def test_a_history_of_an_old_key_is_replayed_with_the_new_ring(house: House) -> None:
    handle = await start(house)
    await handle.execute_update(WholeLife.act, Note(text="before"))
    house.ring.rotate(Purpose.PAYLOAD)
    await handle.execute_update(WholeLife.act, Note(text="after"))
    history = await history_of(handle)
    keys = {key.id for key in house.ring.all(Purpose.PAYLOAD) if key.id in _keys_used(history)}
    assert len(keys) == 2
    await Replayer(workflows=[], plugins=[house.plugin()]).replay_workflow(history)
    alone = Replayer(workflows=[], plugins=[house.plugin(FOREIGN)])
    result = await alone.replay_workflow(history, raise_on_replay_failure=False)
    assert result.replay_failure is not None


def _keys_used(history: WorkflowHistory) -> set[str]:
    """Return the ids of the keys named in a history."""
    accepted = [
        event.workflow_execution_update_accepted_event_attributes.accepted_request.input.args
        for event in history.events
        if event.HasField("workflow_execution_update_accepted_event_attributes")
    ]
    return {each.payloads[0].metadata["key"].decode() for each in accepted}


async def test_a_worker_reads_what_a_process_with_a_newer_ring_sends(house: House) -> None:
    newer = KeyRing.load(house.ring._path)  # type: ignore[arg-type]
    newer.rotate(Purpose.PAYLOAD)
    client = await connect(house.address, "default", house.plugin(newer), identity="newer")
    handle = await start(replace(house, client=client))
    assert (await handle.execute_update(WholeLife.act, Note(text="new key"))).count == 1


# ---------------------------------------------------------------- putting it together


async def test_nothing_answering_is_said_plainly(house: House) -> None:
    with pytest.raises(BrokenSetup, match=r"127\.0\.0\.1:1") as refusal:
        await connect("127.0.0.1:1", "default", andon_plugin(house.ring), identity="tests")
    assert refusal.value.code == "temporal_unreachable"


@pytest.mark.parametrize(
    "passed", [pytest.param(PASSED_THROUGH, id="quick"), pytest.param(BELOW_WORKFLOWS, id="strict")]
)
def test_the_sandbox_shares_the_rooms_it_is_told_to(passed: tuple[str, ...]) -> None:
    plugin = andon_plugin(FOREIGN, sandboxed=passed)
    config = plugin.configure_replayer({"workflow_runner": SandboxedWorkflowRunner()})
    runner = config["workflow_runner"]
    assert isinstance(runner, SandboxedWorkflowRunner)
    rooms = {*PASSED_THROUGH} & runner.restrictions.passthrough_modules
    assert rooms == set(passed)


def test_without_a_word_there_is_no_sandbox() -> None:
    config = andon_plugin(FOREIGN).configure_replayer(
        {"workflow_runner": SandboxedWorkflowRunner()}
    )
    assert isinstance(config["workflow_runner"], UnsandboxedWorkflowRunner)


def test_a_replayer_may_bring_its_own_runner() -> None:
    own = UnsandboxedWorkflowRunner()
    assert (
        andon_plugin(FOREIGN).configure_replayer({"workflow_runner": own})["workflow_runner"] is own
    )


@activity.defn(name="no_type")
async def no_type(note) -> Note:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Take anything."""
    return Note(text=str(note))


@activity.defn(name="a_float")
async def a_float(note: Note) -> float:
    """Give a float."""
    return 1.5


@activity.defn(name="a_union")
async def a_union(either: Note | Life) -> None:
    """Take one of two without saying which."""


@workflow.defn(name="no_message")
class NoMessage:
    """Has a signal that carries nothing."""

    @workflow.run
    async def run(self, note: Note) -> Note:
        """Give the note back."""
        return note

    @workflow.signal(name="empty")
    def empty(self) -> None:
        """Hear nothing."""


@pytest.mark.parametrize(
    ("workflows", "activities", "says"),
    [
        pytest.param((), (no_type,), "'no_type': 'note' has no type", id="no type"),
        pytest.param((), (a_float,), "'a_float': 'return' is <class 'float'>", id="float"),
        pytest.param((), (a_union,), "'a_union': 'either' is .* union", id="union"),
        pytest.param((NoMessage,), (), "signal 'empty': takes 0 values", id="signal of nothing"),
    ],
)
def test_unsafe_messages_are_refused_before_anything_runs(
    workflows: tuple[type, ...], activities: tuple[Callable[..., Any], ...], says: str
) -> None:
    with pytest.raises(TypeError, match=says):
        andon_plugin(FOREIGN, workflows=workflows, activities=activities)


async def test_what_is_given_to_the_worker_itself_is_checked_too(house: House) -> None:
    with pytest.raises(TypeError, match="'a_float'"):
        Worker(house.client, task_queue="unsafe", activities=[a_float])
    with pytest.raises(TypeError, match="'no_message'"):
        Replayer(workflows=[NoMessage], plugins=[house.plugin()])


def test_the_messages_of_these_tests_are_safe() -> None:
    check_messages(WORKFLOWS, ACTIVITIES)
