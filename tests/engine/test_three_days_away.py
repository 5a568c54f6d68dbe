"""Three days without any worker, on skipped time: what passed is recorded once, in order, told once.

The server's own clock goes on for 72 hours while nobody works: the incident's timers fire, and
nobody takes what they lead to. Then a new worker comes, over a new connection, that has never seen
the incident. Which deadlines should have passed is worked out from the due times that stood in the
ledger when the first worker stopped, and from the server's clock; not by the incident's own clock.

Two things that the time-skipping server does not do, and a real server does:
- it does not give the tasks of a worker that has gone to another: what the first worker would take
  from memory waits for it for ever. So that one keeps nothing in memory (`LEAVES_NOTHING`).
- it forgets the name of the build, which is part of every entry: an incident that is decided again
  from its history would be in conflict with its ledger. So nobody's build has a name (`NAMELESS`).
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.testservice.v1 import LockTimeSkippingRequest, UnlockTimeSkippingRequest
from temporalio.testing import WorkflowEnvironment

from domain.agenda import RungReached, dues, next_ring, rungs_of
from domain.duties import DutyOverdue
from domain.envelope import Answer
from domain.errors import NotConfirmed
from domain.people import Role
from domain.state import Incident
from domain.state.notice import Duty
from integrations.key_ring import KeyRing
from services.acting import Sent, act, report
from services.drill_clock import settle, skipped_time
from services.drilling import CLEAR
from services.reading import see
from services.simulating import connect, server_binary
from storage import people
from storage.database import Database
from tests.engine.passing import assert_told_once, entries_of, passed
from tests.engine.running import furnish, house_of, shop_channels, working
from tests.engine.test_report_and_halt import AGENT, COMMANDER, Bench, problem
from tests.engine.test_turning_over import agree
from tests.figures import FULL, note

AWAY = timedelta(hours=72)
NAMELESS: dict[str, Any] = {"build_id": "unnamed"}
LEAVES_NOTHING: dict[str, Any] = {"max_cached_workflows": 0}
LOOK_S = 0.3


@dataclass(frozen=True)
class Hurt:
    """A person who was hurt: where, how, and how many days ago we knew."""

    country: str
    outcome: str
    days_ago: int = 0

    def told(self, now: datetime, key: str) -> Sent:
        """Give the act that registers them."""
        body = {
            "outcomes": [self.outcome],
            "awareness_at": (now - timedelta(days=self.days_ago)).isoformat(),
            "country": self.country,
            "product": "cream",
        }
        return Sent("register_case", body, key)


FEW = (
    Hurt("GB", "life_threatening"),  # at once: a day of ours
    Hurt("CN", "hospitalised", 13),  # 15 days: in two days
    Hurt("CN", "hospitalised", 6),  # in nine days; a reminder and our own target before
    Hurt("DE", "hospitalised"),  # 20 days; and perhaps at once
    Hurt("FR", "death", 18),  # 20 days: in two days
    Hurt("US", "hospitalised"),  # 15 working days
)
MANY = (
    *FEW,
    Hurt("GB", "hospitalised"),
    Hurt("US", "hospitalised", 19),  # on either side, as weekends and holidays fall
    Hurt("US", "death", 20),
    Hurt("CN", "death", 12),
    Hurt("IT", "life_threatening", 17),
    *(Hurt(country, "hospitalised") for country in ("CA", "AU", "JP", "KR", "SG", "TW")),
)
WHO = MANY if FULL else FEW
SURELY = {("UK-23-SUE", "GB"), ("CN-ADR-SERIOUS", "CN"), ("EU-COS-23-SUE", "FR")}
"""What passes within three days whatever day it is; and of two of them another is due later."""


@asynccontextmanager
async def staffed(database: Database, home: Path) -> AsyncIterator[Bench]:
    """A house with a person in every role, on a server that skips time; no worker."""
    furnish(database, shop_channels(1))
    for role in Role:
        one = people.Person(id=role, name_zh=role, name_en=role, roles=(role,), language="en")
        people.save_person(database.ledger, one)
    ring = KeyRing.create(home / "ring.json")
    async with skipped_time(server_binary()) as env:
        yield await connected(env, database, ring, home)


async def connected(
    env: WorkflowEnvironment, database: Database, ring: KeyRing, home: Path
) -> Bench:
    """Connect anew, as a process does that has just started."""
    client = await connect(env, "away", ring)
    return Bench(env, client, house_of(client, database, ring, home), ring, database)


async def settled(bench: Bench) -> datetime:
    """Let happen what was started; gives the server's time, by which the house then acts."""
    at = await settle(bench.env)
    bench.house.now = lambda: at
    return at


async def pressed(bench: Bench, number: str, sent: Sent) -> Answer:
    """Press as people do: what a busy machine did not confirm in time is pressed again."""
    while True:
        with suppress(NotConfirmed):
            return await act(bench.house, AGENT, number, sent)


async def begun(bench: Bench) -> str:
    """Report and register everybody; gives the incident, all of whose due times are known."""
    now = await settled(bench)
    number = (await report(bench.house, AGENT, problem(first_known_at=now.isoformat()))).id
    for nth, hurt in enumerate(WHO):
        now = await settled(bench)
        await pressed(bench, number, hurt.told(now, f"p{nth}"))
    await settled(bench)
    return number


def is_at_rest(state: Incident, now: datetime) -> bool:
    """Say whether all due times are known, and no clock rings now or soon."""
    counted = [duty for duty in state.notice.duties.values() if duty.counts]
    is_dated = all(duty.due_at or duty.no_due_why for duty in counted)
    rings_at = next_ring(state)
    is_quiet = rings_at is None or rings_at > now + CLEAR
    return len(state.report.cases) == len(WHO) and is_dated and is_quiet


async def nobody_works(env: WorkflowEnvironment) -> int:
    """Let the server's time go on with no worker; gives for how many tasks it would have stood.

    A task that nobody takes holds the time, as if somebody worked on it. It is let go by hand, and
    held again after, so that time stands as before when the next worker has taken the task.
    """
    asleep, let_go = asyncio.create_task(env.sleep(AWAY)), 0
    while not asleep.done():
        seen_at = await env.get_current_time()
        await asyncio.wait({asleep}, timeout=LOOK_S)
        stands = await env.get_current_time() - seen_at < timedelta(seconds=10 * LOOK_S)
        if not asleep.done() and stands:
            await env.client.test_service.unlock_time_skipping(UnlockTimeSkippingRequest())
            let_go += 1
    await asleep
    for _ in range(let_go):
        await env.client.test_service.lock_time_skipping(LockTimeSkippingRequest())
    return let_go


@dataclass(frozen=True)
class Left:
    """The incident as the first worker left it, and how long nobody worked."""

    state: Incident
    entries: int
    left_at: datetime
    back_at: datetime

    def due(self) -> list[Duty]:
        """Give the duties with a due time that was still to come."""
        duties = self.state.notice.duties.values()
        return [duty for duty in duties if duty.due_at and duty.due_at > self.left_at]

    def passed(self) -> list[Duty]:
        """Give those of them whose due time came while nobody worked."""
        return [duty for duty in self.due() if duty.due_at and duty.due_at <= self.back_at]

    def later(self) -> list[Duty]:
        """Give the others."""
        return [duty for duty in self.due() if duty.due_at and duty.due_at > self.back_at]

    def rungs(self) -> set[tuple[str, int]]:
        """Give every rung, of whatever clock, that was reached while nobody worked."""
        ahead = rungs_of(self.state, dues(self.state), self.back_at)
        return {(due.key, rung.number) for due, rung in ahead if rung.at <= self.back_at}


async def left_alone(bench: Bench, number: str) -> Left:
    """Let three days go by; nothing is recorded meanwhile."""
    state = see(bench.house, COMMANDER, number).state
    assert state is not None
    before, left_at = entries_of(bench.database, number), await bench.env.get_current_time()
    assert await nobody_works(bench.env) == 1, "no clock rang while nobody worked"
    back_at = await bench.env.get_current_time()
    assert AWAY <= back_at - left_at < AWAY + timedelta(minutes=1)
    assert entries_of(bench.database, number) == before, "somebody was there to record it"
    return Left(state, len(before), left_at, back_at)


@pytest.mark.timeout(600 if FULL else 120)
def test_what_passed_in_three_days_without_a_worker_counts_once(
    database: Database, tmp_path: Path
) -> None:
    async def whole() -> None:
        async with staffed(database, tmp_path) as first:
            async with working(first.client, database, first.ring, **NAMELESS, **LEAVES_NOTHING):
                number = await begun(first)
                await first.until(number, lambda state: is_at_rest(state, first.house.now()))
                await settled(first)
            left = await left_alone(first, number)
            again = await connected(first.env, database, first.ring, tmp_path)
            async with working(again.client, database, again.ring, **NAMELESS):
                mine = {duty.id for duty in left.passed()}
                await again.until(
                    number,
                    lambda state: all(state.notice.duties[one].overdue_at for one in mine),
                )
                await settled(again)
                assert_caught_up(database, number, left)
                await goes_on(again, number)
                assert_caught_up(database, number, left)
                await agree(again, number)
            note("three days without a worker", {"duties": len(mine), "rungs": len(left.rungs())})

    asyncio.run(whole())


def assert_caught_up(database: Database, number: str, left: Left) -> None:
    """What passed, and nothing else, is recorded once, in order, and told once to each."""
    mine, later = left.passed(), left.later()
    assert {(duty.rule, duty.place) for duty in mine} >= SURELY
    assert {duty.market for duty in later} >= {"CN", "EU", "US"}
    assert_told_once(database, number, [duty.id for duty in mine])
    assert not passed(database, number, [duty.id for duty in later])
    since = entries_of(database, number)[left.entries :]
    overdue = [one for one in since if isinstance(one.event, DutyOverdue)]
    assert all(one.at >= left.back_at for one in overdue)
    assert {one.event.duty for one in overdue} == {duty.id for duty in mine}
    assert_climbed_once(left, [one.event for one in since if isinstance(one.event, RungReached)])


def assert_climbed_once(left: Left, reached: list[RungReached]) -> None:
    """Every reminder and every target of our own that came up meanwhile is one entry, too."""
    count = Counter((rung.due, rung.rung) for rung in reached)
    assert left.rungs() <= set(count)
    assert set(count.values()) == {1}, count
    later = {clock_of(rung, duty) for rung in reached for duty in left.later()}
    assert later >= {"duty", "duty_target"}, "no reminder, or no target, of a duty due later"
    for duty in left.passed():
        over = [rung for rung in reached if clock_of(rung, duty) and rung.overdue]
        assert [rung.due for rung in over if not rung.quiet] == [f"duty:{duty.id}:{duty.dues}"]


def clock_of(rung: RungReached, duty: Duty) -> str:
    """Name which of a duty's clocks reached a rung: its deadline, our target, the phone; or none."""
    clock, _, rest = rung.due.partition(":")
    return clock if rest == f"{duty.id}:{duty.dues}" else ""


async def goes_on(bench: Bench, number: str) -> None:
    """A further person is registered, whose duty gets its due time."""
    now = await settled(bench)
    answer = await pressed(bench, number, Hurt("GB", "hospitalised").told(now, "late"))
    assert answer.events
    await settled(bench)
    await bench.until(
        number,
        lambda state: any(
            duty.rule == "UK-23-SUE" and duty.due_at and duty.due_at > now
            for duty in state.notice.duties.values()
        ),
    )
