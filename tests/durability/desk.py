"""The process that calls services, as the API does: one JSON line in, one out, many at a time.

What belongs here: from a line to a service and back. What never does: pressing again (the person at
the desk does that: site.py). `turn_over_after` and `state_travels_up_to` reach the workflow's input,
so that an incident of a few acts runs over many runs.

    python -m tests.durability.desk HOME
"""

import asyncio
import json
import sys
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import Any

from temporalio.service import RPCError

from domain.errors import AndonError
from domain.people import Actor
from domain.wire import decode
from services import acting, sending
from services.acting import Sent
from services.house import House
from services.opening import open_house
from services.settings import Settings
from workflows.ids import incident_workflow


async def answer(house: House, line: dict[str, Any]) -> dict[str, Any]:
    """Carry out one line; errors of ours are answers, others are faults and told as such."""
    who = decode(Actor, line["who"])
    sent = Sent(line["command"], line["body"], line["key"])
    try:
        if line["command"] == "report_problem":
            return {"incident": await report(house, who, sent, line["more"])}
        done = await acting.act(house, who, line["incident"], sent)
        return {"done": asdict(done)}
    except AndonError as error:
        return {"refused": error.code, "sentence": error.sentence}
    except Exception:  # noqa: BLE001 - the story must hear of every fault
        return {"fault": traceback.format_exc()}


async def report(house: House, who: Actor, sent: Sent, more: dict[str, int]) -> str:
    """Report as services do, with the workflow's limits set lower."""
    if not more:
        return (await acting.report(house, who, sent)).id
    number, start = await asyncio.to_thread(acting._prepare_report, house, who, sent)
    for name, limit in more.items():
        setattr(start, name, limit)
    try:
        await acting._start(house, start, incident_workflow(number.id))
    except RPCError as error:
        raise sending.not_confirmed() from error
    return number.id


async def serve(home: Path) -> None:
    """Answer lines until the input ends."""
    loop = asyncio.get_running_loop()
    lines = asyncio.StreamReader(limit=2**24)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    busy: set[asyncio.Task[None]] = set()
    async with open_house(Settings(home=home), identity="desk") as house:

        async def handle(line: dict[str, Any]) -> None:
            told = await answer(house, line)
            sys.stdout.write(json.dumps({"n": line["n"], **told}) + "\n")
            sys.stdout.flush()

        while text := await lines.readline():
            task = asyncio.create_task(handle(json.loads(text)))
            busy.add(task)
            task.add_done_callback(busy.discard)


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
