"""Entry point of a worker: settings, client, Worker. Nobody imports it."""

import asyncio
import signal
import sys
from concurrent.futures import ThreadPoolExecutor

import uvloop

from domain.errors import AndonError, BrokenSetup
from services.archiving import archiving_soon
from services.connections import gateways_of
from services.opening import open_house
from services.rounds import keep_rounds
from services.settings import load_settings
from services.team_mail import team_mail_of
from services.working import THREADS, worker_of


async def run() -> None:
    """Work until told to stop, then finish what is under way."""
    settings = load_settings()
    with ThreadPoolExecutor(THREADS, thread_name_prefix="activity") as threads:
        async with open_house(settings, identity="worker") as house:
            await keep_rounds(house.temporal)
            stop = asyncio.Event()
            for number in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(number, stop.set)
            async with archiving_soon(house.temporal) as endings:
                gateways, mail = gateways_of(house), team_mail_of(house)
                async with worker_of(house, gateways, threads, mail=mail, interceptors=[endings]):
                    settings.announce_ready()
                    await stop.wait()


def main() -> int:
    """Run; give the exit status. What is wrong with the setup is one sentence, as everywhere."""
    try:
        uvloop.run(run())
    except AndonError as error:
        sys.stderr.write(f"{error.sentence}\n{error.hint}\n")
        return 2 if isinstance(error, BrokenSetup) else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
