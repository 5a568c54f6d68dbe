"""A worker as in production that also reaches channels by webhook inside this machine.

What belongs here: `python -m bench.worker`, with the environment of an installation. What never
does: a limit or option of its own; those are services/working.py's.
"""

import asyncio
import signal
from concurrent.futures import ThreadPoolExecutor

import uvloop

from activities.registry import local_gateways
from integrations.outgoing import Bounds
from integrations.webhook import WebhookGateway
from services.opening import open_house
from services.rounds import keep_rounds
from services.settings import load_settings
from services.working import THREADS, worker_of

SECRET = b"a secret that only the sink would need to know"


async def run() -> None:
    """Work until told to stop."""
    settings = load_settings()
    with ThreadPoolExecutor(THREADS) as threads:
        async with open_house(settings, identity="worker") as house:
            await keep_rounds(house.temporal)
            gateways = {
                **local_gateways(house.engine, house.bulk),
                "webhook": WebhookGateway(SECRET, bounds=Bounds(inside_allowed=True)),
            }
            stop = asyncio.Event()
            for number in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(number, stop.set)
            async with worker_of(house, gateways, threads):
                settings.announce_ready()
                await stop.wait()


if __name__ == "__main__":
    uvloop.run(run())
