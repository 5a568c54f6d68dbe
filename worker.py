"""Entry point of a worker: settings, client, Worker. Nobody imports it."""

import asyncio
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from temporalio.worker import Worker

from activities.registry import World, all_activities, local_gateways
from services.opening import open_house
from services.rounds import keep_rounds
from services.settings import load_settings
from storage.blobs import BlobDirectory
from workflows.ids import TASK_QUEUE
from workflows.registry import ALL_WORKFLOWS

THREADS = 32
DRAIN = timedelta(seconds=25)


async def run() -> None:
    """Work until told to stop, then finish what is under way."""
    settings = load_settings()
    with ThreadPoolExecutor(THREADS, thread_name_prefix="activity") as threads:
        async with open_house(settings, identity="worker") as house:
            world = World(
                house.engine,
                house.bulk,
                BlobDirectory(settings.blobs_dir),
                house.temporal,
                local_gateways(house.engine, house.bulk),
            )
            await keep_rounds(house.temporal)
            worker = Worker(
                house.temporal,
                task_queue=TASK_QUEUE,
                workflows=ALL_WORKFLOWS,
                activities=all_activities(world),
                activity_executor=threads,
                max_concurrent_activities=THREADS,
                graceful_shutdown_timeout=DRAIN,
            )
            stop = asyncio.Event()
            for number in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(number, stop.set)
            async with worker:
                settings.announce_ready()
                await stop.wait()


if __name__ == "__main__":
    asyncio.run(run())
