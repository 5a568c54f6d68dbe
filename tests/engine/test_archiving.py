"""Histories are kept before a server forgets them, proved from there, and missed when they go."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import temporalio
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import Client

from activities.archive import ROUND
from domain.envelope import Watched
from domain.people import Role
from services.archiving import archiving_soon
from services.histories import clear_histories, own_members
from services.history_bundle import INDEX
from services.history_proving import prove
from services.rounds import keep_rounds
from storage import archive, company
from storage.archive import CONTINUED
from storage.database import Database
from storage.outbox import list_messages
from storage.people import Person, save_person
from tests.engine.running import embedded_server, working
from tests.engine.test_report_and_halt import Bench, all_confirmed, problem
from tests.engine.test_turning_over import QUALITY, bench, fact, press, report
from tests.replay.bundles import rows_of
from workflows.ids import TASK_QUEUE

WORDS = problem().body["words"]
PATIENCE_S = 120
"""The embedded server takes half a minute to forget what it was asked to."""


async def round_of_archive(client: Client, name: str) -> Watched:
    """Do one round of the archive now."""
    found: Watched = await client.execute_workflow(
        "Archive", id=f"{ROUND}archive-{name}", task_queue=TASK_QUEUE, result_type=Watched
    )
    return found


async def grown(here: Bench, acts: int = 10) -> str:
    """Report an incident whose runs turn over often, and act on it."""
    incident = await report(here, turn_over_after=4)
    await here.until(incident, all_confirmed)
    for number in range(acts):
        await press(here, QUALITY, incident, fact(number))
    return incident


async def until(there: Callable[[], bool], why: str) -> None:
    """Wait until something is so."""
    for _ in range(400):
        if await asyncio.to_thread(there):
            return
        await asyncio.sleep(0.1)
    raise AssertionError(why)


def story(told: Callable[[Bench], Awaitable[None]], database: Database, home: Path) -> None:
    """Tell a story with a server of its own and a house; it starts its own workers."""

    async def tell() -> None:
        async with bench(database, home, embedded_server) as here:
            await told(here)

    asyncio.run(tell())


def blobs_of(here: Bench) -> Path:
    """Say where the house keeps files."""
    return here.house.settings.blobs_dir


async def forget(here: Bench, workflow_id: str, run_id: str) -> None:
    """Let the server forget a run, as its retention does."""
    named = WorkflowExecution(workflow_id=workflow_id, run_id=run_id)
    await here.client.workflow_service.delete_workflow_execution(
        DeleteWorkflowExecutionRequest(namespace=here.client.namespace, workflow_execution=named)
    )


def test_runs_that_turned_over_are_archived_with_what_made_them_and_proved_from_there(
    database: Database, tmp_path: Path
) -> None:
    async def told(here: Bench) -> None:
        async with working(here.client, database, here.ring, blobs=blobs_of(here)):
            incident = await grown(here)
            await round_of_archive(here.client, "1")
            kept = archive.runs_of(database.ledger, incident)
            deciding = [run for run in kept if run.kind == "Incident"]
            halts = [run for run in kept if run.kind == "Halt"]
            assert len(deciding) >= 2
            assert halts
            assert {run.status for run in deciding} == {CONTINUED}
            assert {run.status for run in halts} == {"completed"}
            for run in kept:
                assert run.sdk == f"temporal-python {temporalio.service.__version__}"
                assert run.rules == here.house.current_rules().hash
                assert run.build
            assert [run.continued_from for run in deciding] == [
                "", *(run.run_id for run in deciding[:-1])
            ]  # fmt: skip
            assert not [run for run in kept if run.workflow_id.startswith(ROUND)]
            again = await round_of_archive(here.client, "2")
            assert again.looked_at
            assert not set(again.found) & {run.workflow_id for run in kept}
            await _proved(here, incident, deciding)

    story(told, database, tmp_path)


async def _proved(here: Bench, incident: str, deciding: list[Any]) -> None:
    """Prove it, and without the server as far as it is archived; no private word is in it."""
    members = await own_members(here.house, incident)
    proof = await asyncio.to_thread(prove, members)
    assert proof.faults == []
    assert proof.proved == proof.entries
    assert b'"live"' in members["live.json"]
    assert b'"stored"' in members["live.json"]
    alone = await own_members(replace(here.house, client=None), incident)
    assert {row["run"] for row in rows_of(alone)} >= {run.run_id for run in deciding}
    assert all(row["sealed_sha256"] for row in rows_of(alone))
    half = await asyncio.to_thread(prove, alone)
    assert half.faults == []
    assert not half.holds
    assert half.goes_on_from == half.proved + 1
    assert half.proved == max(run.size for run in half.runs)
    content = b"".join(members.values())
    assert incident.encode() in content
    assert WORDS.encode() not in content
    assert str(WORDS).encode("unicode_escape") not in content


def test_the_same_record_gives_the_same_members(database: Database, tmp_path: Path) -> None:
    async def told(here: Bench) -> None:
        async with working(here.client, database, here.ring, blobs=blobs_of(here)):
            incident = await grown(here, 5)
            await round_of_archive(here.client, "1")
        one, other = [
            [each async for each in clear_histories(here.house, incident)] for _ in range(2)
        ]
        assert one == other
        assert [row["name"] for row, _ in one] == [
            f"histories/{n + 1}.json" for n in range(len(one))
        ]

    story(told, database, tmp_path)


def test_a_run_that_ends_is_archived_soon_not_at_the_next_turn(
    database: Database, tmp_path: Path
) -> None:
    async def told(here: Bench) -> None:
        await keep_rounds(here.client)
        async with (
            archiving_soon(here.client, after_s=0.5) as endings,
            working(here.client, database, here.ring, blobs=blobs_of(here), interceptors=[endings]),
        ):
            incident = await grown(here)
            await until(
                lambda: any(
                    run.kind == "Incident" for run in archive.runs_of(database.ledger, incident)
                ),
                "nothing was archived before its turn",
            )

    story(told, database, tmp_path)


@pytest.mark.parametrize("gone", ["file", pytest.param("run", marks=pytest.mark.slow)])
def test_a_history_that_is_gone_is_told_once_and_named_by_the_proof(
    gone: str, database: Database, tmp_path: Path
) -> None:
    async def told(here: Bench) -> None:
        admin = Person(id="admin", name_zh="管", name_en="Admin", roles=(str(Role.ADMIN),))
        save_person(database.ledger, admin)
        async with working(here.client, database, here.ring, blobs=blobs_of(here)):
            incident = await grown(here)
            if gone == "file":
                await round_of_archive(here.client, "1")
        assert not _lost(database)
        lost = await _lose(here, incident, gone)
        for name in ("2", "3"):
            async with working(here.client, database, here.ring, blobs=blobs_of(here)):
                await round_of_archive(here.client, name)
        assert _lost(database) == [{"workflow": f"{incident}/1", "run": lost}]
        letters = [
            each
            for each in list_messages(database.bulk, incident=incident, limit=1000)
            if each.effect_key.startswith("archive:")
        ]
        assert len(letters) == 1
        assert incident in letters[0].subject
        if gone == "run":
            members = await own_members(here.house, incident)
            proof = await asyncio.to_thread(prove, members)
            assert [fault.kind for fault in proof.faults] == ["run_missing"]

    story(told, database, tmp_path)


async def _lose(here: Bench, incident: str, gone: str) -> str:
    """Lose the first run: from the archive's folder, or from the server before it is archived."""
    if gone == "file":
        first = archive.runs_of(here.database.ledger, incident)
        run = next(each for each in first if each.kind == "Incident" and not each.continued_from)
        blobs = blobs_of(here)
        (blobs / run.blob[:2] / run.blob[2:4] / run.blob).unlink()
        return run.run_id
    query = f"WorkflowId = '{incident}/1'"
    runs = [run async for run in here.client.list_workflows(query)]
    oldest = min(runs, key=lambda run: run.start_time)
    await forget(here, oldest.id, oldest.run_id)
    handle = here.client.get_workflow_handle(oldest.id, run_id=oldest.run_id)
    for _ in range(PATIENCE_S):
        try:
            await handle.describe()
        except temporalio.service.RPCError:
            return oldest.run_id
        await asyncio.sleep(1)
    raise AssertionError("the server does not forget")


def _lost(database: Database) -> list[Any]:
    return [line.body for line in company.lines_of(database.ledger, {"history_lost"})]


def test_an_index_names_every_member(database: Database, tmp_path: Path) -> None:
    async def told(here: Bench) -> None:
        async with working(here.client, database, here.ring, blobs=blobs_of(here)):
            incident = await grown(here, 2)
            members = await own_members(here.house, incident)
        named = {row["name"] for row in rows_of(members)}
        assert named == {name for name in members if name.startswith("histories/")}
        assert INDEX in members

    story(told, database, tmp_path)
