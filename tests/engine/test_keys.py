"""One key counts for one content: whoever sends another under it is told so, at any moment."""

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from temporalio.client import WorkflowUpdateFailedError

from domain.envelope import Answer
from domain.errors import KeyReused, NotAllowed, NotConfirmed
from domain.people import Role
from services import acting
from services.acting import Sent, act
from services.ledgers import private_in
from services.read_log import Read
from services.vaulting import ALTERED, altered_texts, open_texts
from storage import streams
from storage.database import Database
from storage.engine import read, write
from storage.erasing import erase
from storage.schema import vault_texts
from tests.engine.running import actor, working
from tests.engine.test_report_and_halt import AGENT, COMMANDER, Bench, problem
from tests.engine.test_turning_over import (
    QUALITY,
    agree,
    bench,
    entries_of,
    fact,
    press,
    report,
)
from workflows import deciding
from workflows.ids import incident_workflow

READ = Read(what="entry", incident="INC-2026-0001", item="1")
FINANCE = actor(Role.FINANCE)


async def told(calls: Sequence[Awaitable[Answer]]) -> Counter[str]:
    """Wait for calls made at once, and count what each was told."""
    found = await asyncio.gather(*calls, return_exceptions=True)
    return Counter(type(each).__name__ for each in found)


async def value_of(here: Bench, incident: str, key: str) -> str:
    """Give the value of the one fact that is recorded under a key."""
    seen = await here.until(incident, lambda state: key in state.investigation.facts)
    assert seen.state is not None
    return seen.state.investigation.facts[key].value


def test_of_contents_sent_at_once_under_one_key_one_counts(
    database: Database, tmp_path: Path
) -> None:
    async def story() -> None:
        async with bench(database, tmp_path) as here, working(here.client, database, here.ring):
            incident = await report(here)
            for number in range(3):
                sent = [fact(number, f"v{n}") for n in range(4)]
                assert await told([act(here.house, QUALITY, incident, one) for one in sent]) == {
                    "Answer": 1,
                    "KeyReused": 3,
                }
                assert entries_of(here, incident, f"f{number}") == 1

    asyncio.run(story())


def test_another_act_under_a_key_on_its_way_is_refused(database: Database, tmp_path: Path) -> None:
    async def story() -> None:
        async with bench(database, tmp_path) as here, working(here.client, database, here.ring):
            incident = await report(here)
            accepting = Sent("accept_report", {"reason": "Two calls."}, "f1")
            both = [(QUALITY, fact(1)), (COMMANDER, accepting)]
            assert await told([act(here.house, who, incident, one) for who, one in both]) == {
                "Answer": 1,
                "KeyReused": 1,
            }

    asyncio.run(story())


def test_a_form_sent_again_with_another_value_is_not_said_to_count(
    database: Database, tmp_path: Path
) -> None:
    """The worker was down: the first sending may wait with the server, or be gone with its caller.

    Either way one of the two contents counts, and whoever sent the other one is told so.
    """

    async def story() -> None:
        async with bench(database, tmp_path) as here:
            async with working(here.client, database, here.ring):
                incident = await report(here)
                await press(here, QUALITY, incident, fact(0))
            with pytest.raises(NotConfirmed):
                await act(here.house, QUALITY, incident, fact(1, "4560"))
            async with working(here.client, database, here.ring):
                counted = []
                for value in ("9999", "4560"):
                    with suppress(KeyReused):
                        await press(here, QUALITY, incident, fact(1, value))
                        counted.append(value)
                assert counted == [await value_of(here, incident, "fact.1")]

    asyncio.run(story())


def test_a_key_is_known_in_the_runs_that_follow(database: Database, tmp_path: Path) -> None:
    async def story() -> None:
        async with bench(database, tmp_path) as here, working(here.client, database, here.ring):
            incident = await report(here, turn_over_after=2)
            for number in range(5):
                sent = [fact(number, f"v{n}") for n in range(3)]
                found = await told([press(here, QUALITY, incident, one) for one in sent])
                assert found == {"Answer": 1, "KeyReused": 2}
                assert entries_of(here, incident, f"f{number}") == 1

    asyncio.run(story())


# ---------------------------------------------------------------- private words


def open_words(here: Bench, stream: str, key: str) -> list[str]:
    """Open the private texts of the entries under a key, as somebody who may read them all."""
    rows = [r for r in streams.read_entries(here.database.ledger, stream) if r.command_id == key]
    texts = [text for row in rows for text in private_in(json.loads(row.content))]
    opened = open_texts(here.house, COMMANDER, texts, READ)
    assert altered_texts(here.house, texts) == []
    return [opened[text.ref] for text in texts]


def kept_texts_of(here: Bench) -> int:
    with read(here.database.ledger) as connection:
        count = sa.select(sa.func.count()).select_from(vault_texts)
        return int(connection.execute(count).scalar_one())


def evidence(taken_by: str, key: str = "e1") -> Sent:
    """A sample, with the name of who took it as its private words."""
    body = {
        "what": "jar",
        "source": "customer",
        "taken_at": "2026-11-22T01:30:00Z",
        "place": "Hangzhou",
        "storage": "cool",
        "taken_by": taken_by,
    }
    return Sent("collect_evidence", body, key)


async def words_recorded(here: Bench, incident: str, key: str) -> list[str]:
    await here.until(incident, lambda state: state.size > 0)
    return await asyncio.to_thread(open_words, here, incident, key)


def test_of_reports_at_once_under_one_key_the_recorded_words_are_read(
    database: Database, tmp_path: Path
) -> None:
    async def story() -> None:
        async with bench(database, tmp_path) as here, working(here.client, database, here.ring):
            for number in range(3):
                key, words = f"r{number}", [f"words {number}-{n}" for n in range(4)]
                sent = [problem(key, words=each) for each in words]
                given = await asyncio.gather(
                    *(acting.report(here.house, AGENT, one) for one in sent),
                    return_exceptions=True,
                )
                taken = [n for n, each in enumerate(given) if isinstance(each, acting.Reported)]
                assert len(taken) == 1, given
                incident = next(each.id for each in given if isinstance(each, acting.Reported))
                assert await words_recorded(here, incident, key) == [words[taken[0]]]
                assert kept_texts_of(here) == number + 1

    asyncio.run(story())


def test_words_that_never_arrived_are_not_read_in_place_of_those_that_did(
    database: Database, tmp_path: Path
) -> None:
    async def story() -> None:
        async with bench(database, tmp_path) as here, working(here.client, database, here.ring):
            incident = await report(here)
            await here.until(incident, lambda state: state.size > 0)
            lost = evidence("Mrs First")
            await asyncio.to_thread(acting._prepare, here.house, QUALITY, incident, lost)
            answer = await press(here, QUALITY, incident, evidence("Mrs Second"))
            assert answer.events == ["EvidenceCollected"]
            assert await words_recorded(here, incident, "e1") == ["Mrs Second"]
            with pytest.raises(KeyReused):
                await press(here, QUALITY, incident, lost)
            assert await words_recorded(here, incident, "e1") == ["Mrs Second"]

    asyncio.run(story())


def test_a_refused_act_with_private_words_is_refused_alike_again(
    database: Database, tmp_path: Path
) -> None:
    async def story() -> None:
        async with bench(database, tmp_path) as here, working(here.client, database, here.ring):
            incident = await report(here)
            await here.until(incident, lambda state: state.size > 0)
            before = kept_texts_of(here)
            for key in ("e1", "e1", "e2", "e2"):  # the second key is refused without an entry
                with pytest.raises(NotAllowed):
                    await press(here, FINANCE, incident, evidence("Mr Secret", key))
                assert kept_texts_of(here) == before
            with pytest.raises(KeyReused):
                await press(here, FINANCE, incident, evidence("Mr Other"))
            assert kept_texts_of(here) == before

    asyncio.run(story())


def test_a_text_that_is_not_the_recorded_one_is_not_shown(
    database: Database, tmp_path: Path
) -> None:
    async def story() -> None:
        async with bench(database, tmp_path) as here, working(here.client, database, here.ring):
            incident = await report(here)
            await here.until(incident, lambda state: state.size > 0)
            rows = streams.read_entries(database.ledger, incident)
            (text,) = (t for row in rows for t in private_in(json.loads(row.content)))
            assert altered_texts(here.house, [text]) == []
            other = replace(text, commitment="0" * 64)
            assert open_texts(here.house, COMMANDER, [other], READ) == {text.ref: ALTERED}
            assert open_texts(here.house, COMMANDER, [text, other], READ) == {text.ref: ALTERED}
            assert altered_texts(here.house, [other]) == [text.ref]
            missing = replace(text, ref="0" * 32)
            assert altered_texts(here.house, [text, missing]) == [missing.ref]
            spoil(database, text.ref)
            assert altered_texts(here.house, [text]) == [text.ref]
            erase(database.ledger, text.subject, here.house.now())
            assert altered_texts(here.house, [text]) == []

    asyncio.run(story())


def spoil(database: Database, text_id: str) -> None:
    """Change the sealed bytes of a text, as nobody can but over the database."""
    with write(database.ledger) as connection:
        row = vault_texts.c.id == text_id
        connection.execute(sa.update(vault_texts).where(row).values(ciphertext=b"\x01" + bytes(80)))


def test_a_message_played_back_when_its_key_is_forgotten_is_refused_alone(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever reaches the server can send the same bytes again; the incident goes on."""
    monkeypatch.setattr(deciding, "REMEMBERED", 5)

    async def story() -> None:
        async with bench(database, tmp_path) as here, working(here.client, database, here.ring):
            incident = await report(here)
            first = await asyncio.to_thread(acting._prepare, here.house, QUALITY, incident, fact(0))
            handle = here.client.get_workflow_handle(incident_workflow(incident))
            for again in ("a", "b"):
                await handle.execute_update("act", first.envelope, id=again, result_type=Answer)
            for number in range(1, 8):
                await press(here, QUALITY, incident, fact(number))
            with pytest.raises(WorkflowUpdateFailedError):
                await handle.execute_update("act", first.envelope, id="c", result_type=Answer)
            assert (await press(here, QUALITY, incident, fact(8))).events
            assert entries_of(here, incident, "f0") == 1
            await agree(here, incident)

    asyncio.run(story())
