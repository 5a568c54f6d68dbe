"""Replaying in a second process those runs that ended while their case is still being played.

What belongs here: that process, what it is given and what it answers. What never does: a verdict
(services/simulating.py), or how a replay is done (services/replaying.py).

A long drill turns over to new runs; replaying all of them at the end would take as long again as a
fifth of the drill, with one of two processors idle before. A short one starts no second process.

On the wire: one line of JSON for each history, one for each answer, in the same order. Histories
stay sealed; the key ring is read from its file.
"""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from temporalio.api.history.v1 import History
from temporalio.client import Client, WorkflowHistory
from temporalio.service import RPCError

from integrations.key_ring import KeyRing
from services.replaying import Replayed, replay, started

LOOK_EVERY_S = 1.0
"""How often somebody looks whether a run has turned over to the next."""

GONE_WITHIN_S = 5

ANSWERED_WITHIN_S = 300
"""A run replays in seconds, on a busy computer in a minute: a process that is silent for this long
hangs. It is ended, and the run replayed in this one."""

Alter = Callable[[WorkflowHistory], WorkflowHistory]
"""What is put right in a history before it is replayed."""


class Beside:
    """What was replayed, or is being replayed, in the second process, by run."""

    def __init__(self, ring_file: Path) -> None:
        """Start nothing yet."""
        self._ring_file = ring_file
        self._process: Process | None = None
        self._answers: dict[str, asyncio.Task[Replayed]] = {}
        self._turn = asyncio.Lock()

    def take_up(self, history: WorkflowHistory) -> None:
        """Have a run that ended replayed; once, however often it is asked for."""
        run = run_of(history)
        if run not in self._answers:
            self._answers[run] = asyncio.create_task(self._asked(history))

    async def replayed(self, history: WorkflowHistory) -> Replayed | None:
        """Give what a run came to, or None when nobody began it here, or the process was lost."""
        answer = self._answers.get(run_of(history))
        with suppress(OSError, ValueError):
            return await answer if answer is not None else None
        return None

    async def close(self) -> None:
        """Let the process go, with what it still does."""
        for answer in self._answers.values():
            answer.cancel()
        await asyncio.gather(*self._answers.values(), return_exceptions=True)
        if self._process is None or self._process.stdin is None:
            return
        self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), GONE_WITHIN_S)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    async def _asked(self, history: WorkflowHistory) -> Replayed:
        """Raises OSError or ValueError when the process is lost, or ended here: it hung.

        It is not begun again: what waits for its turn is lost with it, and at once.
        """
        async with self._turn:
            if self._process is None:
                self._process = await self._begun()
            try:
                async with asyncio.timeout(ANSWERED_WITHIN_S):
                    return await _answer_of(self._process, history)
            except TimeoutError:
                self._process.kill()
                await self._process.wait()
                raise

    async def _begun(self) -> Process:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", __name__, str(self._ring_file)),
            stdin=PIPE,
            stdout=PIPE,
            cwd=Path(__file__).parents[1],
        )


async def _answer_of(process: Process, history: WorkflowHistory) -> Replayed:
    question, answers = process.stdin, process.stdout
    assert question is not None
    assert answers is not None
    events = History(events=history.events).SerializeToString()
    line = {"workflow": history.workflow_id, "events": b64encode(events).decode()}
    question.write(json.dumps(line).encode() + b"\n")
    await question.drain()
    return Replayed(**json.loads(await answers.readline()))


def run_of(history: WorkflowHistory) -> str:
    """Name the run of a history."""
    return started(history).original_execution_run_id


@asynccontextmanager
async def replaying_beside(
    client: Client, ring_file: Path, workflow: Callable[[], str], alter: Callable[[], Alter]
) -> AsyncIterator[Beside]:
    """Follow a workflow, which has no id before it is begun, and replay what turned over."""
    beside = Beside(ring_file)
    following = asyncio.create_task(_follow(client, beside, workflow, alter))
    try:
        yield beside
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        await beside.close()


async def _follow(
    client: Client, beside: Beside, workflow: Callable[[], str], alter: Callable[[], Alter]
) -> None:
    now = ""
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        workflow_id = workflow()
        if not workflow_id:
            continue
        # Whoever cannot be asked now is asked again; at the end everything is replayed anyway.
        with suppress(RPCError):
            told = await client.get_workflow_handle(workflow_id).describe()
            before, now = now, told.run_id
            if before and before != now:
                ended = client.get_workflow_handle(workflow_id, run_id=before)
                beside.take_up(alter()(await ended.fetch_history()))


# ---------------------------------------------------------------- the second process


def answer_all(ring_file: Path, questions: IO[str], answers: IO[str]) -> None:
    """Replay what is asked, line by line, until nobody asks any more."""
    ring = KeyRing.load(ring_file)
    for question in questions:
        told = asyncio.run(_answer(ring, json.loads(question)))
        answers.write(json.dumps(asdict(told)) + "\n")
        answers.flush()


async def _answer(ring: KeyRing, asked: dict[str, Any]) -> Replayed:
    """Replay one history; what went wrong is told, never raised: it is a verdict like another."""
    events = History.FromString(b64decode(asked["events"])).events
    try:
        told = await replay(WorkflowHistory(asked["workflow"], events), ring)
    except Exception as error:  # noqa: BLE001 - whatever it is, the replay did not come out
        return Replayed(tasks=1, failures=[f"{type(error).__name__}: {error}"])
    told.state = ""
    return told


def main() -> None:
    """Answer on standard output, which the SDK's core must not write its log into."""
    own = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    answer_all(Path(sys.argv[1]), sys.stdin, own)


if __name__ == "__main__":
    main()
