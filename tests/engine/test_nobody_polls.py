"""Nobody polls the incident's tasks while duties pass: the sweep tells, the clock catches up once.

Deadlines of a law are days away, so that these count our own time: where the law says "without
delay", a day at a critical grade. Three days away stand in test_three_days_away.py.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from activities import moment
from activities.watch import GRACE, WatchActivities
from domain.people import Role
from domain.state import Incident
from domain.state.notice import Duty
from integrations.key_ring import KeyRing
from services.acting import Sent, act, report
from storage import people
from storage.database import Database
from tests.engine.passing import letters, passed, told_overdue
from tests.engine.running import (
    furnish,
    house_of,
    open_client,
    shared_server,
    shop_channels,
    working,
)
from tests.engine.test_report_and_halt import AGENT, Bench, problem

OURS = timedelta(hours=24)
LEFT = timedelta(seconds=5)
RULE, PEOPLE = "UK-23-SUE", 2
OWNERS = (Role.REGULATORY_AFFAIRS, Role.LEGAL, Role.INCIDENT_COMMANDER, Role.DUTY_OFFICER)


def staffed(database: Database) -> None:
    for role in (*OWNERS, Role.LEGAL_REPRESENTATIVE, Role.SERVICE_AGENT):
        one = people.Person(id=role, name_zh=role, name_en=role, roles=(role,), language="en")
        people.save_person(database.ledger, one)


def of_rule(state: Incident) -> list[Duty]:
    return [duty for duty in state.notice.duties.values() if duty.rule == RULE]


def are_due(state: Incident) -> bool:
    return len(of_rule(state)) == PEOPLE and all(duty.due_at for duty in of_rule(state))


def are_overdue(state: Incident) -> bool:
    return are_due(state) and all(duty.overdue_at for duty in of_rule(state))


async def hurt(bench: Bench, incident: str) -> None:
    first = datetime.now(UTC) - OURS + LEFT
    for number in reversed(range(PEOPLE)):
        body = {
            "outcomes": ["life_threatening"],
            "awareness_at": (first + timedelta(milliseconds=400 * number)).isoformat(),
            "country": "GB",
            "product": "cream",
        }
        await act(bench.house, AGENT, incident, Sent("register_case", body, f"p{number}"))


def test_the_sweep_tells_and_the_clock_catches_up_once(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def whole() -> None:
        furnish(database, shop_channels(1))
        staffed(database)
        ring = KeyRing.create(tmp_path / "ring.json")
        async with shared_server() as env:
            client = await open_client(env, ring)
            bench = Bench(env, client, house_of(client, database, ring, tmp_path), ring, database)
            async with working(client, database, ring):
                number = (await report(bench.house, AGENT, problem())).id
                await hurt(bench, number)
                seen = await bench.until(number, are_due)
            assert seen.state is not None
            mine = {duty.id for duty in of_rule(seen.state)}
            await asyncio.sleep((LEFT + timedelta(seconds=2)).total_seconds())
            assert not passed(database, number, mine), "nobody was there to record it"
            watch = WatchActivities(database.ledger, database.bulk, "http://console.test")
            with monkeypatch.context() as later:
                at = datetime.now(UTC) + GRACE
                later.setattr(moment, "now", lambda: at)
                assert number in watch.sweep_overdue().found
                watch.sweep_overdue()
            async with working(client, database, ring):
                await bench.until(number, are_overdue)
                await asyncio.sleep(1)
            recorded = passed(database, number, mine)
            assert {one.duty for one in recorded} == mine
            assert [one.due_at for one in recorded] == sorted(one.due_at for one in recorded)
            assert len(recorded) == PEOPLE
            for duty in mine:
                assert_heard_once(bench, number, duty)

    asyncio.run(whole())


def assert_heard_once(bench: Bench, incident: str, duty: str) -> None:
    """Whoever owns a duty heard of its passing from the sweep, and from nobody else again."""
    swept = letters(bench.database, incident, f"sweep:{incident}:{duty}:")
    assert sorted(one.recipient for one in swept) == sorted(map(str, OWNERS))
    assert not set(told_overdue(bench.database, incident, duty)) & set(map(str, OWNERS))
