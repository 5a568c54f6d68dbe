"""Taking out of a running world what a story left in it: histories, ledgers, the rules.

What belongs here: reading. What never does: playing, or writing files (tests/replay/corpus.py).
"""

import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

from temporalio.client import Client, WorkflowHistory

from services.build import build_id
from services.house import House
from services.replaying import runs_of, started
from services.simulating import with_build
from storage import rules as rule_store
from storage import streams
from tests.replay.corpus import Run, Stream, Taken
from tests.replay.opened import corpus_ring, open_history, seal_history


@dataclass(frozen=True, slots=True)
class Story:
    """What a story left: its streams, the workflows it began with, one run to keep sealed too."""

    streams: tuple[str, ...]
    workflows: tuple[str, ...]
    sealed: str = ""


async def take(house: House, story: Story, *, keeps_build: bool = True) -> Taken:
    """Take what a story left.

    `keeps_build` is False for the time-skipping server, which forgets the name of the build.
    """
    told = [_stream(house, stream) for stream in story.streams]
    rules = {
        sha256: rule_store.load_rules(house.engine, sha256).decode()
        for sha256 in sorted({held for stream in told for held in _rules_of(stream)})
    }
    runs, sealed = [], None
    async for history in _histories(house.temporal, story.workflows):
        if not keeps_build:
            with_build(history, build_id())
        events = await open_history(history, house.ring, set(rules))
        kind = started(history).workflow_type.name
        runs.append(Run(history.workflow_id, kind, events))
        if history.workflow_id == story.sealed:
            again = await seal_history(history.workflow_id, events, corpus_ring(), rules)
            sealed = (history.workflow_id, again.to_json())
    return Taken(told, runs, rules, sealed)


def _stream(house: House, stream: str) -> Stream:
    leaves = streams.read_contents(house.engine, stream, 1)
    rules, root = streams.first_rules(house.engine, stream), streams.head(house.engine, stream).root
    return Stream(stream, rules, streams.drill_of(house.engine, stream), list(leaves), root)


def _rules_of(stream: Stream) -> set[str]:
    """Name the rules by which entries of a stream were decided, and those adopted last."""
    entries = [json.loads(leaf) for leaf in stream.leaves]
    adopted = {each["body"]["rules"] for each in entries if each["type"] == "RulesAdopted"}
    return {stream.rules, *(each["plan"] for each in entries), *adopted}


async def _histories(client: Client, begun: Iterable[str]) -> AsyncIterator[WorkflowHistory]:
    """Give the runs of these workflows and of all that they started, in the order of starting."""
    waiting, seen = list(begun), set()
    while waiting:
        workflow_id = waiting.pop(0)
        if workflow_id in seen:
            continue
        seen.add(workflow_id)
        for history in await runs_of(client, workflow_id):
            yield history
            waiting += [
                event.start_child_workflow_execution_initiated_event_attributes.workflow_id
                for event in history.events
                if event.HasField("start_child_workflow_execution_initiated_event_attributes")
            ]
