"""After-sales cases through every room: services, workflow, recorder, ledger, read model, incident."""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from domain.errors import KeyReused, Malformed, NotAllowed, NotFound, Refused
from domain.ledger import read_entry
from domain.people import Actor, Role
from domain.state.service_case import ServiceCase, case_text
from services import cases
from services.acting import Sent, report
from services.cases import act_on_case, case_at_entry, open_case, see_case
from services.replaying import replay
from services.sending import start_stream
from storage import streams
from storage.cases import list_cases
from storage.database import Database
from storage.outbox import list_messages
from tests.engine.running import actor, working
from tests.engine.test_going_on import bench
from tests.engine.test_report_and_halt import AGENT, COMMANDER, Bench, problem, run
from workflows.case import CaseWorkflow
from workflows.ids import case_workflow

LEAD = actor(Role.SERVICE_LEAD)
LEGAL = actor(Role.LEGAL)
QUALITY = actor(Role.QUALITY)
FINANCE = actor(Role.FINANCE)
COUNTER = Actor(id="counter", roles=(Role.STAFF,))
STRANGER = Actor(id="stranger", roles=(Role.STAFF,))
RASH = "My cheeks burn since Tuesday."
KIND_WORDS = "We are sorry. Please stop using it and see a doctor or a pharmacist."


def rash(key: str = "c1", **changes: Any) -> Sent:
    """What a service agent types: a rash after the cream, and a refund is asked for."""
    body = {
        "kind": "adverse_reaction",
        "hurt": True,
        "outcomes": ["mild"],
        "product": "cream",
        "lot": "L1",
        "country": "CN",
        "received_at": "2026-01-22T01:00:00Z",
        "words": RASH,
        "customer": "Wang Fang, 138 0000 0000",
        "asks_for": ["refund"],
    }
    return Sent("open_case", {**body, **changes}, key)


def refund(key: str = "s1") -> Sent:
    """A refund of 128.00 yuan; nothing has to be shown, for somebody is hurt."""
    body = {"taken": "refund", "amount_minor": 12800, "given_at": "2026-01-23T01:00:00Z"}
    return Sent("settle_case", body, key)


async def until(here: Bench, case_id: str, there: Callable[[ServiceCase], bool]) -> ServiceCase:
    """Wait until the recorded state is as asked."""
    for _ in range(400):
        seen = await asyncio.to_thread(see_case, here.house, LEAD, case_id)
        if seen.state is not None and there(seen.state):
            return seen.state
        await asyncio.sleep(0.05)
    raise AssertionError(f"{case_id} never came to what was awaited")


async def led(here: Bench, case_id: str) -> None:
    """Lead a case from the first answer to its end."""
    steps: list[tuple[Actor, str, dict[str, Any]]] = [
        (AGENT, "answer_case", {"medium": "phone", "text": KIND_WORDS}),
        (AGENT, "advise", {"steps": ["stop_using", "keep_product"]}),
        (QUALITY, "record_finding", {"cause": "not_found", "basis": "The samples are clean."}),
        (AGENT, "settle_case", dict(refund().body)),
        (AGENT, "rate_satisfaction", {"score": 5, "words": "Thank you."}),
        (AGENT, "close_case", {}),
    ]
    for place, (who, command, body) in enumerate(steps):
        await act_on_case(here.house, who, case_id, Sent(command, body, f"k{place}"))


def test_live_state_ledger_read_model_and_replay_agree(database: Database, tmp_path: Path) -> None:
    async def story(here: Bench) -> None:
        number = await open_case(here.house, COUNTER, rash())
        assert number.id == "CASE-2026-000001"
        await until(here, number.id, lambda case: case.opened_at is not None)
        await led(here, number.id)
        handle = here.client.get_workflow_handle(case_workflow(number.id))
        assert await handle.result() == "closed"
        page = see_case(here.house, COUNTER, number.id)
        assert page.state is not None
        folded = case_at_entry(here.house, LEAD, number.id, page.row.size)
        replayed = await replay(await handle.fetch_history(), here.ring)
        assert case_text(page.state) == case_text(folded) == replayed.state
        assert replayed.recorded == page.row.size
        assert (page.row.status, page.row.is_open, page.row.level) == ("closed", False, "general")
        assert page.row.title == "adverse reaction: cream"
        with pytest.raises(Refused) as refusal:
            await act_on_case(here.house, AGENT, number.id, refund("late"))
        assert refusal.value.code == "closed"

    run(story, database, tmp_path)


def test_pressing_twice_counts_once(database: Database, tmp_path: Path) -> None:
    async def story(here: Bench) -> None:
        first = await open_case(here.house, AGENT, rash())
        again = await open_case(here.house, AGENT, rash())
        assert (first.id, again.repeated) == (again.id, True)
        with pytest.raises(KeyReused):
            await open_case(here.house, AGENT, rash(country="DE"))
        await until(here, first.id, lambda case: case.opened_at is not None)
        paid = await act_on_case(here.house, AGENT, first.id, refund())
        assert await act_on_case(here.house, AGENT, first.id, refund()) == paid
        state = await until(here, first.id, lambda case: case.status == "settled")
        assert len(state.given) == 1

    run(story, database, tmp_path)


def test_what_would_be_refused_is_given_no_number(database: Database, tmp_path: Path) -> None:
    async def story(here: Bench) -> None:
        tries = [
            (AGENT, rash(product="", lot=""), Refused),
            (AGENT, rash(product="mousse"), Malformed),
            (AGENT, rash(incident="INC-2026-0404"), Malformed),
            (AGENT, rash(earlier=["CASE-2026-000404"]), Malformed),
            (AGENT, rash(words=7), Malformed),
            (AGENT, rash(received_at="2149-01-01T00:00:00Z"), Refused),
            (AGENT, rash(received_at="2999-01-01T00:00:00Z"), Malformed),
            (actor(Role.AUDITOR), rash(), NotAllowed),
        ]
        for who, sent, kind in tries:
            with pytest.raises(kind):
                await open_case(here.house, who, sent)
        assert list_cases(database.ledger) == []

    run(story, database, tmp_path)


def test_only_references_leave_the_api_and_few_may_read_the_words(
    database: Database, tmp_path: Path
) -> None:
    async def story(here: Bench) -> None:
        number = await open_case(here.house, AGENT, rash())
        state = await until(here, number.id, lambda case: case.opened_at is not None)
        assert set(cases.texts_of(here.house, AGENT, state).values()) == {
            RASH,
            "Wang Fang, 138 0000 0000",
        }
        assert RASH not in cases.texts_of(here.house, FINANCE, state).values()
        added = {"words": "It spread to the neck.", "outcomes": ["treated"]}
        await act_on_case(here.house, AGENT, number.id, Sent("add_to_case", added, "k1"))
        state = await until(here, number.id, lambda case: len(case.file.words) == 2)
        assert len({text.subject for text in state.file.words}) == 1, "one key for one person"
        for leaf in streams.read_contents(database.ledger, number.id):
            assert RASH.encode() not in leaf
            assert b"Wang" not in leaf

    run(story, database, tmp_path)


def test_a_refusal_is_an_entry_and_strangers_see_nothing(
    database: Database, tmp_path: Path
) -> None:
    async def story(here: Bench) -> None:
        number = await open_case(here.house, COUNTER, rash())
        await until(here, number.id, lambda case: case.opened_at is not None)
        wrong = {"medium": "chat", "text": "This is a normal reaction."}
        with pytest.raises(Refused) as refusal:
            await act_on_case(here.house, AGENT, number.id, Sent("answer_case", wrong, "k1"))
        assert refusal.value.code == "wording"
        with pytest.raises(NotAllowed):
            await act_on_case(here.house, COUNTER, number.id, refund("k2"))
        with pytest.raises(NotFound):
            await act_on_case(here.house, AGENT, number.id, Sent("order_halt", {}, "k3"))
        for case_id in (number.id, "CASE-2026-000404"):
            with pytest.raises(NotFound) as unseen:
                see_case(here.house, STRANGER, case_id)
            assert unseen.value.code == "not_found"
        page = cases.case_page(here.house, LEAD, number.id, after=0, limit=50)
        # The case was received on a fixed day: what the clock adds by itself is not asked here.
        by_clock = ("RungReached", "RemedyDue")
        told = [entry["type"] for entry in page.entries if entry["type"] not in by_clock]
        assert told[:3] == ["CaseOpened", "ActRefused", "ActRefused"]
        assert page.entries[0]["stage"] == "case"

    run(story, database, tmp_path)


def test_more_than_the_limit_waits_for_counsel(database: Database, tmp_path: Path) -> None:
    async def story(here: Bench) -> None:
        number = await open_case(here.house, AGENT, rash())
        await until(here, number.id, lambda case: case.opened_at is not None)
        bill = {
            "taken": "medical_cost",
            "amount_minor": 600_000,
            "given_at": "2026-01-23T01:00:00Z",
        }
        proposed = await act_on_case(here.house, LEAD, number.id, Sent("settle_case", bill, "k1"))
        assert proposed.events == ["ActProposed"]
        signed = await act_on_case(
            here.house, LEGAL, number.id, Sent("sign_act", {"act": "A1"}, "k2")
        )
        assert signed.events == ["ActSigned", "RemedyGiven"]

    run(story, database, tmp_path)


def test_the_incident_hears_of_its_cases_in_one_counted_batch(
    database: Database, tmp_path: Path
) -> None:
    async def story(here: Bench) -> None:
        incident = await report(here.house, AGENT, problem())
        await here.until(incident.id, lambda state: state.size > 0)
        await asyncio.sleep(0)
        numbers = [
            (await open_case(here.house, AGENT, rash(f"c{n}", incident=incident.id))).id
            for n in range(3)
        ]
        seen = await here.until(incident.id, lambda state: _counted(state) == (3, 0, 3))
        assert seen.state is not None
        assert seen.state.report.after_sales is not None
        listed = "".join(f"{number}\n" for number in numbers)
        expected = hashlib.sha256(listed.encode()).hexdigest()
        assert seen.state.report.after_sales.sha256 == expected
        await act_on_case(here.house, AGENT, numbers[0], refund())
        seen = await here.until(incident.id, lambda state: _counted(state) == (3, 1, 3))
        entries = streams.read_entries(database.ledger, incident.id)
        counted = [read_entry(each.content) for each in entries if each.type == "CasesCounted"]
        assert 2 <= len(counted) <= 3, "not one entry for each case"
        assert {entry.actor.id for entry in counted} == {"performer"}
        rows = cases.list_cases(here.house, COMMANDER, incident.id)
        assert sorted(row.id for row in rows) == numbers

    run(story, database, tmp_path)


def _counted(state: Any) -> tuple[int, int, int] | None:
    count = state.report.after_sales
    return None if count is None else (count.count, count.settled, count.hurt)


def test_a_case_opened_while_no_worker_runs_is_recorded_later_and_late(
    database: Database, tmp_path: Path
) -> None:
    async def story() -> None:
        async with bench(database, tmp_path) as here:
            number = await open_case(here.house, AGENT, rash())
            assert see_case(here.house, AGENT, number.id).state is None, "received, not recorded"
            async with working(here.client, database, here.ring):
                state = await until(here, number.id, lambda case: bool(case.rungs))
                assert state.rungs["first_answer"] == 5, "it was due long ago: the clock says so"
                assert state.promise is not None
                assert state.promise.owed_since is not None
        titles = [message.subject for message in list_messages(database.bulk)]
        assert titles == [], "there is nobody in this company to tell"

    asyncio.run(story())


def test_a_case_goes_on_over_many_runs(database: Database, tmp_path: Path) -> None:
    async def story(here: Bench) -> None:
        number, start = cases._prepare_opening(here.house, AGENT, rash())
        turning = replace(start, turn_over_after=2)
        await start_stream(here.house, CaseWorkflow.run, turning, case_workflow(number.id))
        await until(here, number.id, lambda case: case.opened_at is not None)
        await led(here, number.id)
        runs = [each async for each in here.client.list_workflows('WorkflowType = "Case"')]
        assert len(runs) >= 3
        page = see_case(here.house, LEAD, number.id)
        assert page.state == case_at_entry(here.house, LEAD, number.id, page.row.size)

    run(story, database, tmp_path)
