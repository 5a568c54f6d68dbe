"""A running incident goes on by another version of the plan: live state, ledger and replay agree."""

import asyncio
import hashlib
import time
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.worker import Worker

from cli.drill import demo_cases, read_case
from domain.adopting import RulesAdopted
from domain.agenda import RungReached, dues, next_ring
from domain.envelope import Answer
from domain.errors import Malformed, NotAllowed, Refused
from domain.ledger import read_entry
from domain.people import Role
from domain.rules import Rules, rules_text
from domain.state import incident_text
from services.acting import Sent, act, report
from services.drill_clock import settle, skip_to, skipped_time
from services.drilling import Drill
from services.house import House
from services.reading import at_entry, see
from services.replaying import replay, runs_of
from services.simulating import ready, server_binary, with_build
from services.versions import adoptable, kept
from storage import rules as rule_store
from storage import streams
from storage.database import Database
from tests.domain.plans import put
from tests.domain.story import rules
from tests.domain.versions import WHY, other_signer, version, within
from tests.engine.running import actor, working
from tests.engine.test_reopening import Act, told
from tests.engine.test_report_and_halt import AGENT, COMMANDER, Bench, all_confirmed, problem
from tests.engine.test_turning_over import agree, bench, fact, press, runs
from tests.engine.test_turning_over import report as reported
from workflows.ids import incident_workflow

QSR = actor(Role.QUALITY_SAFETY_RESPONSIBLE)
BOSS = actor(Role.LEGAL_REPRESENTATIVE)
QUALITY = actor(Role.QUALITY)


def keep(house: House, *others: Rules) -> None:
    """Keep versions as `andon plan adopt` does."""
    for each in others:
        rule_store.keep_rules(house.engine, "incident", rules_text(each).encode(), house.now())


def adopt(new: Rules, key: str = "a1") -> Sent:
    """The act that proposes it."""
    return Sent("adopt_plan", {"rules": new.hash, "reason": str(WHY)}, key)


def sign(key: str = "a2", pending: str = "A1") -> Sent:
    """The act that signs it."""
    return Sent("sign_act", {"act": pending}, key)


# ---------------------------------------------------------------- over runs


@pytest.mark.parametrize(
    "limits",
    [
        pytest.param({}, id="state-travels"),
        pytest.param({"state_travels_up_to": 10}, id="state-by-reference"),
    ],
)
def test_proposed_in_one_run_and_signed_in_a_later_one(
    limits: dict[str, int], database: Database, tmp_path: Path
) -> None:
    new = version(other_signer, within("times.legal_hold", "10 min"))

    async def story() -> None:
        async with bench(database, tmp_path) as here, working_on(here, database):
            keep(here.house, new)
            incident = await reported(here, turn_over_after=4, **limits)
            await here.until(incident, all_confirmed)
            await press(here, QSR, incident, adopt(new))
            for number in range(9):
                await press(here, QUALITY, incident, fact(number))
            before = await runs(here, incident)
            assert len(before) >= 2, "the proposal stayed in the run that it was made in"
            assert see(here.house, COMMANDER, incident).row.rules_hash == rules().hash
            signed: Answer = await press(here, BOSS, incident, sign())
            assert "RulesAdopted" in signed.events
            for number in range(10, 19):
                await press(here, QUALITY, incident, fact(number))
            assert await agree(here, incident) >= 4
            page = see(here.house, COMMANDER, incident)
            assert page.state is not None
            assert page.state.rules.hash == page.row.rules_hash == new.hash
            assert streams.first_rules(here.house.engine, incident) == rules().hash
            assert at_entry(here.house, COMMANDER, incident, 1).rules.hash == rules().hash
            assert _plans(here.house, incident, signed) == (rules().hash, new.hash)
            assert adoptable(here.house, page.state) == []

    asyncio.run(story())


def working_on(here: Bench, database: Database) -> AbstractAsyncContextManager[Worker]:
    """Give a worker over the bench's database."""
    return working(here.client, database, here.ring)


def _plans(house: House, incident: str, signed: Answer) -> tuple[str, str]:
    """Give the rules by which the adoption itself and the next entry were decided."""
    entries = [read_entry(leaf) for leaf in streams.read_contents(house.engine, incident)]
    adopted = next(entry for entry in entries if isinstance(entry.event, RulesAdopted))
    return adopted.plan, entries[signed.last].plan


def test_what_cannot_be_adopted_is_refused_with_a_sentence(
    database: Database, tmp_path: Path
) -> None:
    new = version()

    async def story() -> None:
        async with bench(database, tmp_path) as here, working_on(here, database):
            keep(here.house, new)
            incident = await reported(here)
            await here.until(incident, all_confirmed)
            nobodys = Sent("adopt_plan", {"rules": "f" * 64, "reason": "Why."}, "u1")
            with pytest.raises(Refused, match="No version of the plan") as unknown:
                await act(here.house, QSR, incident, nobodys)
            assert unknown.value.code == "unknown_rules"
            with pytest.raises(Refused, match="already"):
                await act(here.house, QSR, incident, adopt(rules(), "s1"))
            with pytest.raises(NotAllowed, match="other roles"):
                await act(here.house, COMMANDER, incident, adopt(new, "c1"))
            broken = rule_store.keep_rules(
                here.house.engine, "incident", b'{"calendar":{},"plan":{}}', here.house.now()
            )
            told = Sent("adopt_plan", {"rules": broken, "reason": "Why."}, "b1")
            with pytest.raises(Malformed, match="is broken"):
                await act(here.house, QSR, incident, told)
            assert [each.rules.hash for each in kept(here.house)] == [new.hash, rules().hash]
            await agree(here, incident)

    asyncio.run(story())


# ---------------------------------------------------------------- beyond the seal


def test_what_was_proposed_before_the_seal_is_signed_after_a_reopening(
    database: Database, tmp_path: Path
) -> None:
    new, newer = version(), version(put("version", "2026.3"))

    async def story(acts: Act) -> None:
        keep(acts.bench.house, new, newer)
        await acts(COMMANDER, "accept_report")
        await acts(QSR, "adopt_plan", rules=new.hash, reason=str(WHY))
        await acts.closes()
        with pytest.raises(Refused, match="sealed"):
            await acts(BOSS, "sign_act", act="A1")
        await acts(QUALITY, "reopen_incident", new_fact="Another person called.")
        await acts(BOSS, "sign_act", act="A1")
        await acts(QSR, "adopt_plan", rules=newer.hash, reason=str(WHY))
        await acts.signs(BOSS)
        await acts.closes()
        await acts(QUALITY, "reopen_incident", new_fact="And another.")
        await acts(QUALITY, "record_lesson", text="Adopt it sooner.")
        state = see(acts.bench.house, COMMANDER, acts.incident).state
        assert state is not None
        assert [each.version for each in state.people.adoptions] == ["2026.2", "2026.3"]
        assert state.rules.hash == newer.hash
        assert acts.run() == 3

    told(story, database, tmp_path)


# ---------------------------------------------------------------- on skipped time


def test_on_skipped_time_the_clock_rings_by_the_new_plan() -> None:
    async def story() -> None:
        case = next(read_case(path) for path in demo_cases() if path.stem == "rumour")
        async with (
            skipped_time(server_binary()) as env,
            ready(env, case, rules(), time.monotonic) as (drill, began_at),
        ):
            house = drill.house
            house.now = lambda: began_at
            new = version(
                within("times.legal_hold", "3 h"), calendar=house.current_rules().calendar
            )
            keep(house, new)
            told = problem(products=["night-cream"], lots=["N2601"],
                           first_known_at=began_at.isoformat())  # fmt: skip
            drill.played.incident = (await report(house, AGENT, told)).id
            await settle(env)
            await acts(drill, COMMANDER, Sent("accept_report", {"reason": "Seen."}, "k1"))
            old = next_due(drill)
            await acts(drill, QSR, adopt(new))
            await acts(drill, BOSS, sign())
            due = next_due(drill)
            assert due - old == timedelta(hours=1), (old, due)
            await skip_to(env, due + timedelta(minutes=1))
            await settle(env)
            assert_rang_at(drill, due)
            await assert_all_agree(drill)

    asyncio.run(story())


async def acts(drill: Drill, who: Any, sent: Sent) -> None:
    """Act, and let happen what it started."""
    await act(drill.house, who, drill.played.incident, sent)
    await settle(drill.env)


def _seen(drill: Drill) -> Any:
    seen = see(drill.house, COMMANDER, drill.played.incident)
    assert seen.state is not None
    return seen.state


def next_due(drill: Drill) -> Any:
    """Say until when evidence must be put under a hold."""
    return next(due.due_at for due in dues(_seen(drill)) if due.key == "legal_hold")


def assert_rang_at(drill: Drill, due_at: Any) -> None:
    """The last rungs below the full time were reached by the time of the new plan."""
    leaves = streams.read_contents(drill.house.engine, drill.played.incident)
    entries = [read_entry(leaf) for leaf in leaves]
    rung = [e for e in entries if isinstance(e.event, RungReached) and e.event.due == "legal_hold"]
    full = next(entry for entry in rung if entry.event.percent == 100)
    assert full.event.due_at == due_at
    assert abs(full.at - due_at) < timedelta(seconds=1)
    ring = next_ring(_seen(drill))
    assert ring is None or ring > full.at


async def assert_all_agree(drill: Drill) -> None:
    """Live state, page, ledger and replay come to the same."""
    house, incident = drill.house, drill.played.incident
    page = see(house, COMMANDER, incident)
    assert page.state is not None
    folded = at_entry(house, COMMANDER, incident, page.row.size)
    handle = house.temporal.get_workflow_handle(incident_workflow(incident))
    live = await handle.query("state", result_type=dict)
    first = read_entry(streams.read_contents(house.engine, incident, 1, 1)[0])
    history = with_build((await runs_of(house.temporal, incident_workflow(incident)))[-1],
                         first.build)  # fmt: skip
    replayed = await replay(history, house.ring)
    text = incident_text(folded)
    assert text == incident_text(page.state) == live["state"]
    assert replayed.sha256 == live["sha256"] == hashlib.sha256(text.encode()).hexdigest()
    assert folded.rules.plan.version == "2026.2"
