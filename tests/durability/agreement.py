"""What must be true of an incident or case whatever died on the way: the five tellings are one.

What belongs here: looking, and assertions. What never does: pressing, waiting for the story, or a
rule of the plan: what should have happened is worked out from the ledger alone.

1. live state == fold of the ledger == read model == state of the replayed histories, run by run;
2. entries are numbered without a gap, their times never go back, their root is RFC 6962's;
3. every keyed effect that the entries imply arrived under its one key, saying what the entry says,
   and nothing else did;
4. every performer that the entries imply ran to its end, and its history replays;
5. every act that was answered stands in the ledger exactly once, with the answer that was given;
   what was typed in confidence, and every file that was brought, opens word for word.
"""

import asyncio
import hashlib
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from temporalio.client import Client, WorkflowExecution, WorkflowExecutionStatus

from domain.open_duties import open_duties
from domain.people import Actor, Role
from domain.plot import fold
from domain.state import Incident
from domain.streams import plot_of
from domain.values import PrivateText, is_case
from services.evidence import open_evidence
from services.read_log import Read
from services.replaying import replay
from services.vaulting import open_texts
from storage import cases, duties, streams
from tests.durability.arrivals import (
    assert_arrived,
    assert_due_times_came_back,
    children_of,
    owed_by,
)
from tests.durability.home import Installation
from tests.durability.pressing import EVIDENCE, OPENINGS, Pressed
from tests.durability.story import WORDS, content_of

READER = Actor(id="reader", roles=(Role.QUALITY, Role.SERVICE_AGENT))
SETTLES_WITHIN_S = 90.0
"""Effects are tried again until they arrive; a dead worker is noticed within a few seconds."""

ENDED = {WorkflowExecutionStatus.COMPLETED, WorkflowExecutionStatus.CONTINUED_AS_NEW}
"""How the runs of a story end: it is told to the seal, and each case is closed."""


@dataclass
class Agreed:
    """What was looked at, for the figures of a proof."""

    incidents: int = 0
    cases: int = 0
    entries: int = 0
    runs: int = 0
    performers: int = 0
    keys: int = 0
    acts: int = 0
    presses: int = 0

    def add(self, other: "Agreed") -> None:
        """Count another incident in."""
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


async def assert_agreement(kept: Installation, stream: str) -> Agreed:
    """Hold everything that is known of an incident, or of a case, against its ledger."""
    await eventually(lambda: _assert_settled(kept, stream))
    states = ledger_states(kept, stream)
    runs = await assert_runs(kept, stream, states)
    performers = await assert_performers(kept, stream, states)
    assert_tree(kept, stream)
    acts = [pressed for pressed in kept.pressed if pressed.stream == stream]
    for pressed in acts:
        assert_counted_once(kept, pressed)
    return Agreed(
        incidents=int(not is_case(stream)),
        cases=int(is_case(stream)),
        entries=len(states) - 1,
        runs=runs,
        performers=performers,
        keys=assert_arrived(kept, stream, states),
        acts=len(acts),
        presses=sum(pressed.presses for pressed in acts),
    )


def cases_of(kept: Installation, incident: str) -> list[str]:
    """Name the cases of an incident, which has heard of all of them."""
    marks = cases.marks_of(kept.database.ledger, incident)
    heard = ledger_states(kept, incident)[-1].report.after_sales
    names = [mark.id for mark in marks]
    listed = "".join(f"{name}\n" for name in names)
    assert heard is not None
    assert heard.sha256 == hashlib.sha256(listed.encode()).hexdigest()
    return names


async def _assert_settled(kept: Installation, stream: str) -> None:
    """What is owed has arrived; folded anew each time, for outcomes may still come in."""
    states = ledger_states(kept, stream)
    assert_arrived(kept, stream, states)
    assert_due_times_came_back(kept, stream, states)
    await assert_ended(kept, stream, states)
    assert len(states) == len(ledger_states(kept, stream)), "it is still moving"


async def eventually(check: Callable[[], Awaitable[None]]) -> None:
    """Hold a check again and again until it holds, or its time is over."""
    until = time.monotonic() + SETTLES_WITHIN_S
    while True:
        try:
            await check()
        except AssertionError:
            if time.monotonic() > until:
                raise
            await asyncio.sleep(0.4)
        else:
            return


# ---------------------------------------------------------------- the ledger


def ledger_states(kept: Installation, stream: str) -> list[Any]:
    """Fold the ledger alone; gives the state after 0, 1, 2, ... entries."""
    engine, house = kept.database.ledger, kept.house
    rules = house.rules(streams.first_rules(engine, stream))
    new = plot_of(stream).new(stream, rules, drill=streams.drill_of(engine, stream))
    states = [replace(new, find_rules=house.rules)]
    for content in streams.read_contents(engine, stream):
        states.append(fold(states[-1], [content]))
    return states


def assert_tree(kept: Installation, stream: str) -> None:
    """Entries follow each other without a gap, and the stored root is the tree's."""
    entries = streams.read_entries(kept.database.ledger, stream)
    head = streams.head(kept.database.ledger, stream)
    assert [entry.seq for entry in entries] == list(range(1, head.size + 1))
    times = [entry.recorded_at for entry in entries]
    assert times == sorted(times)
    assert all(entry.at <= entry.recorded_at for entry in entries)
    assert root_of([entry.content for entry in entries]).hex() == head.root


def root_of(leaves: list[bytes]) -> bytes:
    """Work out the root as RFC 6962, section 2.1 words it; slowly, and not with our own tree."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return hashlib.sha256(b"\x01" + root_of(leaves[:half]) + root_of(leaves[half:])).digest()


# ---------------------------------------------------------------- runs and performers


async def assert_runs(kept: Installation, stream: str, states: list[Any]) -> int:
    """Live state, read model and every replayed run say what the fold says; counts the runs."""
    assert kept.client is not None
    text = plot_of(stream).text
    stored = streams.stream_state(kept.database.ledger, stream)
    assert stored is not None
    assert stored.size == len(states) - 1
    assert stored.state == text(states[-1]), "read model and fold differ"
    if isinstance(states[-1], Incident):
        listed = duties.of_incident(kept.database.ledger, stream)
        assert listed == open_duties(states[-1]), "list of duties and fold differ"
    runs = await runs_of(kept.client, stream, kind_of(stream))
    for run in runs:
        handle = kept.client.get_workflow_handle(run.id, run_id=run.run_id)
        replayed = await replay(await handle.fetch_history(), kept.ring)
        if not replayed.tasks:
            continue  # this run begins in the second that the server lets pass between two runs
        assert not replayed.failures, replayed.failures
        folded = text(states[replayed.size])
        assert replayed.sha256 == hashlib.sha256(folded.encode()).hexdigest(), "replay differs"
    live = await kept.client.get_workflow_handle(runs[-1].id).query("state", result_type=dict)
    assert live["size"] == live["recorded"] == stored.size
    assert live["sha256"] == hashlib.sha256(stored.state.encode()).hexdigest(), "live state differs"
    return len(runs)


def kind_of(stream: str) -> str:
    """Name the type of workflow that decides a stream."""
    return "Case" if is_case(stream) else "Incident"


async def runs_of(client: Client, stream: str, kind: str) -> list[WorkflowExecution]:
    """List the runs of a stream's workflows of one type, in order."""
    named = f"= '{stream}'" if is_case(stream) else f"STARTS_WITH '{stream}/'"
    query = f"WorkflowId {named} AND WorkflowType = '{kind}'"
    runs = [run async for run in client.list_workflows(query)]
    return sorted(runs, key=lambda run: run.start_time)


async def assert_ended(kept: Installation, stream: str, states: list[Any]) -> None:
    """The stream's own runs, and every performer that its entries imply, ran to their end.

    A run may be turning over still: this is asked again until it holds.
    """
    assert kept.client is not None
    implied = children_of(stream, owed_by(kept, stream, states))
    found = [
        run
        for kind in ("Halt", "Publish")
        for run in await runs_of(kept.client, stream, kind)
        if run.status != WorkflowExecutionStatus.CONTINUED_AS_NEW
    ]
    assert sorted(run.id for run in found) == sorted(implied)
    open_runs = [run.id for run in found if run.status != WorkflowExecutionStatus.COMPLETED]
    assert not open_runs, f"still carrying, or failed: {open_runs}"
    unlike = {
        f"{run.id}: {run.status.name if run.status else '?'}"
        for run in await runs_of(kept.client, stream, kind_of(stream))
        if run.status not in ENDED
    }
    assert not unlike, f"a run goes on, failed, or was ended: {unlike}"


async def assert_performers(kept: Installation, stream: str, states: list[Any]) -> int:
    """The histories of the performers replay; counts them."""
    assert kept.client is not None
    implied = sorted(children_of(stream, owed_by(kept, stream, states)))
    for workflow_id in implied:
        handle = kept.client.get_workflow_handle(workflow_id)
        await replay(await handle.fetch_history(), kept.ring)
    return len(implied)


# ---------------------------------------------------------------- acts


def assert_counted_once(kept: Installation, pressed: Pressed) -> None:
    """An act that was answered stands in the ledger once, as it was answered."""
    if pressed.command == EVIDENCE:
        opened = open_evidence(kept.house, READER, pressed.told["id"])
        assert opened.content.decode() == content_of(opened.name)
        return
    entries = streams.read_entries(kept.database.ledger, pressed.stream)
    made = [entry.seq for entry in entries if entry.command_id == pressed.key]
    known = streams.known_command(kept.database.ledger, pressed.stream, pressed.key)
    if known is None and pressed.told.get("code") == "closed":
        # The run had ended: nobody was there to record it.
        assert not made
        return
    assert known is not None, f"{pressed.key} was answered {pressed.told} and is not in the ledger"
    assert known.first_seq is not None
    assert known.last_seq is not None
    assert made == list(range(known.first_seq, known.last_seq + 1)), pressed.key
    outcome = json.loads(known.outcome)
    if pressed.command in OPENINGS:
        assert_words_are_readable(kept, entries[known.first_seq - 1].content)
    elif pressed.is_done:
        assert pressed.told["seq"] == known.last_seq
        assert pressed.told["events"] == outcome["events"]
        assert outcome["refused"] is None
    else:
        assert pressed.told["code"] == outcome["refused"]["code"]


def assert_words_are_readable(kept: Installation, content: bytes) -> None:
    """What the reporter or the customer told in confidence opens, word for word."""
    words = PrivateText(**json.loads(content)["body"]["words"])
    read = Read(what="entry", item="1")
    assert open_texts(kept.house, READER, [words], read) == {words.ref: WORDS}
