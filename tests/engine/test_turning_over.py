"""An incident over many runs, and many people at once: nothing is lost, nothing counts twice."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from temporalio.client import WorkflowHistory
from temporalio.testing import WorkflowEnvironment

from domain.envelope import Answer, Envelope
from domain.errors import AndonError, NotConfirmed
from domain.people import Actor, Role
from domain.state import incident_text
from domain.wire import encode
from integrations.key_ring import KeyRing
from services import acting
from services.acting import Sent, act
from services.reading import at_entry, see
from services.replaying import replay, runs_of
from services.replaying_beside import Beside
from services.simulating import replayed_runs
from storage import streams
from storage.database import Database
from storage.engine import write
from storage.outbox import count_messages
from storage.people import Person, save_person
from storage.schema import entries, outbox
from tests.engine.running import (
    activities_of,
    actor,
    furnish,
    house_of,
    open_client,
    shared_server,
    shop_channels,
    working,
)
from tests.engine.test_report_and_halt import AGENT, COMMANDER, Bench, all_confirmed, problem
from workflows.ids import incident_workflow

QUALITY = actor(Role.QUALITY)
Server = Callable[[], AbstractAsyncContextManager[WorkflowEnvironment]]


@asynccontextmanager
async def bench(
    database: Database, home: Path, server: Server = shared_server
) -> AsyncIterator[Bench]:
    """A server and a house, without a worker."""
    furnish(database, shop_channels(2))
    ring = KeyRing.create(home / "ring.json")
    async with server() as env:
        client = await open_client(env, ring)
        yield Bench(env, client, house_of(client, database, ring, home), ring, database)


async def report(here: Bench, **limits: int) -> str:
    """Report as services do, with the workflow's limits set lower."""
    number, start = acting._prepare_report(here.house, AGENT, problem())
    for name, limit in limits.items():
        setattr(start, name, limit)
    await acting._start(here.house, start, incident_workflow(number.id))
    return number.id


@asynccontextmanager
async def halted(database: Database, home: Path, **limits: int) -> AsyncIterator[tuple[Bench, str]]:
    """A house at work with one incident, all of whose channels have confirmed."""
    async with bench(database, home) as here, working(here.client, database, here.ring):
        incident = await report(here, **limits)
        await here.until(incident, all_confirmed)
        yield here, incident


def fact(number: int, value: str = "12000") -> Sent:
    """A fact that somebody tells, under a key of its own."""
    body = {"key": f"fact.{number}", "value": value, "as_of": "2026-11-22T02:00:00Z"}
    return Sent("record_fact", body, f"f{number}")


async def press(here: Bench, who: Actor, incident: str, sent: Sent) -> Answer:
    """Press until there is an answer, as a person does who is told to press again."""
    for _ in range(20):
        try:
            return await act(here.house, who, incident, sent)
        except NotConfirmed:
            await asyncio.sleep(0.1)
    raise AssertionError(f"{sent.command_id} was never answered")


async def runs(here: Bench, incident: str) -> list[WorkflowHistory]:
    """Give the histories of an incident's runs, the first one first."""
    return await runs_of(here.client, incident_workflow(incident))


async def agree(here: Bench, incident: str) -> int:
    """Hold each replayed run, the page and the fold against each other; gives how many runs."""
    histories = await _standing_still(here, incident)
    for history in histories:
        replayed = await replay(history, here.ring)
        folded = incident_text(at_entry(here.house, COMMANDER, incident, replayed.size))
        assert replayed.sha256 == hashlib.sha256(folded.encode()).hexdigest()
    page = see(here.house, COMMANDER, incident)
    assert page.state is not None
    whole = at_entry(here.house, COMMANDER, incident, page.row.size)
    assert incident_text(page.state) == incident_text(whole)
    return len(histories)


async def _standing_still(here: Bench, incident: str) -> list[WorkflowHistory]:
    """Wait until the last run, which may just have begun, has recorded what the page shows."""
    for _ in range(100):
        histories = await runs(here, incident)
        last = await replay(histories[-1], here.ring)
        if last.tasks and last.size == see(here.house, COMMANDER, incident).row.size:
            return histories
        await asyncio.sleep(0.1)
    raise AssertionError(f"{incident} never stood still")


def entries_of(here: Bench, incident: str, key: str) -> int:
    found = streams.read_entries(here.database.ledger, incident)
    return sum(entry.command_id == key for entry in found)


@pytest.mark.parametrize(
    "limits",
    [
        pytest.param({}, id="state-travels"),
        pytest.param({"state_travels_up_to": 10}, id="state-by-reference"),
    ],
)
def test_an_incident_over_many_runs_loses_nothing(
    limits: dict[str, int], database: Database, tmp_path: Path
) -> None:
    async def story() -> None:
        async with (
            bench(database, tmp_path) as here,
            working(here.client, database, here.ring),
        ):
            incident = await report(here, turn_over_after=4, **limits)
            await here.until(incident, all_confirmed)
            answers = [await press(here, QUALITY, incident, fact(n)) for n in range(14)]
            # Past services, which know every recorded key: the run itself must remember.
            for number in (0, 7, 13):
                assert await _update(here, incident, fact(number)) == answers[number]
                assert entries_of(here, incident, f"f{number}") == 1
            assert await agree(here, incident) >= 4
            read_back = "read_state" in set.union(*map(activities_of, await runs(here, incident)))
            assert read_back == bool(limits)

    asyncio.run(story())


def test_each_run_is_held_against_the_entries_that_it_came_to(
    database: Database, tmp_path: Path
) -> None:
    async def story() -> None:
        async with halted(database, tmp_path, turn_over_after=4) as (here, incident):
            for number in range(12):
                await press(here, QUALITY, incident, fact(number))
            count = await agree(here, incident)
            assert await replayed_runs(here.house, incident, 1) == [True] * count
            falsify(here, incident, "f6")
            told = await replayed_runs(here.house, incident, 1)
            assert told == sorted(told, reverse=True)
            assert 0 < sum(told) < count - 1

    asyncio.run(story())


def test_runs_that_ended_are_replayed_in_a_second_process(
    database: Database, tmp_path: Path
) -> None:
    async def story() -> None:
        async with halted(database, tmp_path, turn_over_after=4) as (here, incident):
            for number in range(8):
                await press(here, QUALITY, incident, fact(number))
            count = await agree(here, incident)
            histories = await runs(here, incident)
            beside = Beside(tmp_path / "ring.json")
            for history in histories:
                beside.take_up(history)
            told = [await beside.replayed(history) for history in histories]
            own = [await replay(history, here.ring) for history in histories]
            assert told == [replace(each, state="") for each in own]
            assert await replayed_runs(here.house, incident, 1, beside) == [True] * count
            await beside.close()

    asyncio.run(story())


def test_a_run_that_does_not_replay_is_told_and_a_lost_process_tells_nothing(
    database: Database, tmp_path: Path
) -> None:
    async def story() -> None:
        async with halted(database, tmp_path) as (here, incident):
            (history,) = await runs(here, incident)
            beside, strangers = Beside(tmp_path / "ring.json"), tmp_path / "others.json"
            KeyRing.create(strangers)
            keyless = Beside(strangers)
            nobody_asked = Beside(tmp_path / "ring.json")
            lost = Beside(tmp_path / "no-ring.json")
            for each in (beside, keyless, lost):
                each.take_up(history)
            told, unread = await beside.replayed(history), await keyless.replayed(history)
            assert told is not None
            assert not told.failures
            assert unread is not None
            assert unread.failures
            assert await lost.replayed(history) is None
            assert await nobody_asked.replayed(history) is None
            for each in (beside, keyless, lost, nobody_asked):
                await each.close()

    asyncio.run(story())


def falsify(here: Bench, incident: str, key: str) -> None:
    """Write other figures into the entry of an act, as nobody can but over the database."""
    chosen = (entries.c.stream == incident) & (entries.c.command_id == key)
    with write(here.database.ledger) as connection:
        content = connection.execute(sa.select(entries.c.content).where(chosen)).scalar_one()
        altered = content.replace(b'"value":"', b'"value":"9')
        assert altered != content
        connection.execute(sa.update(entries).where(chosen).values(content=altered))


async def _update(here: Bench, incident: str, sent: Sent) -> Answer:
    envelope = Envelope(
        sent.command_id,
        incident,
        encode(Actor, QUALITY),
        "",
        {"type": sent.command, "v": 1, "body": dict(sent.body)},
    )
    handle = here.client.get_workflow_handle(incident_workflow(incident))
    told: Answer = await handle.execute_update(
        "act", envelope, id=f"late:{sent.command_id}", result_type=Answer
    )
    return told


def test_a_state_is_read_back_in_several_parts(database: Database, tmp_path: Path) -> None:
    async def story() -> None:
        async with (
            bench(database, tmp_path) as here,
            working(here.client, database, here.ring),
        ):
            incident = await report(here, turn_over_after=300, state_travels_up_to=10)
            for ten in range(31):
                told = [fact(10 * ten + n, "x" * 2_000) for n in range(10)]
                await asyncio.gather(*(press(here, QUALITY, incident, sent) for sent in told))
            assert await agree(here, incident) >= 2

    asyncio.run(story())


def test_ten_people_at_once_while_runs_turn_over(database: Database, tmp_path: Path) -> None:
    async def story() -> None:
        async with (
            bench(database, tmp_path) as here,
            working(here.client, database, here.ring),
        ):
            incident = await report(here, turn_over_after=3)
            await here.until(incident, all_confirmed)
            for moment in range(3):
                acts = [fact(10 * moment + n) for n in range(10)]
                answers = await asyncio.gather(
                    *(press(here, QUALITY, incident, sent) for sent in acts)
                )
                assert len({answer.last for answer in answers}) == 10
            for number in range(30):
                assert entries_of(here, incident, f"f{number}") == 1
            assert await agree(here, incident) >= 3

    asyncio.run(story())


def test_fourteen_at_once_without_a_worker_are_told_to_press_again(
    database: Database, tmp_path: Path
) -> None:
    """Ten may be on their way (the server's limit); nobody gets anything but `not confirmed`."""

    async def story() -> None:
        async with bench(database, tmp_path) as here:
            async with working(here.client, database, here.ring):
                incident = await report(here)
                await here.until(incident, all_confirmed)
            acts = [fact(n) for n in range(14)]
            told = await asyncio.gather(
                *(act(here.house, QUALITY, incident, sent) for sent in acts),
                return_exceptions=True,
            )
            assert [each for each in told if not isinstance(each, NotConfirmed)] == []
            async with working(here.client, database, here.ring):
                await asyncio.gather(*(press(here, QUALITY, incident, sent) for sent in acts))
                for sent in acts:
                    assert entries_of(here, incident, sent.command_id) == 1
                await agree(here, incident)

    asyncio.run(story())


def test_what_cannot_reach_its_receiver_is_carried_over(database: Database, tmp_path: Path) -> None:
    async def story() -> None:
        save_person(
            database.ledger,
            Person(id="li", name_zh="李", name_en="Li", roles=(str(Role.INCIDENT_COMMANDER),)),
        )
        async with (
            bench(database, tmp_path) as here,
            working(here.client, database, here.ring),
        ):
            outbox.drop(database.bulk)
            try:
                incident = await report(here, turn_over_after=4)
                for number in range(8):
                    await press(here, QUALITY, incident, fact(number))
                assert len(await runs(here, incident)) >= 2
            finally:
                outbox.create(database.bulk)
            for _ in range(400):
                if count_messages(database.bulk, incident):
                    break
                await asyncio.sleep(0.05)
            assert count_messages(database.bulk, incident)

    asyncio.run(story())


def test_another_body_under_an_old_key_is_refused_in_every_run(
    database: Database, tmp_path: Path
) -> None:
    async def story() -> None:
        async with (
            bench(database, tmp_path) as here,
            working(here.client, database, here.ring),
        ):
            incident = await report(here, turn_over_after=2)
            for number in range(6):
                await press(here, QUALITY, incident, fact(number))
            with pytest.raises(AndonError, match="another content"):
                await act(here.house, QUALITY, incident, fact(0, "other"))

    asyncio.run(story())
