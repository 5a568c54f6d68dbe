"""Channels that hang: the next incident's orders go out beside them, and nothing is kept waiting."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from domain.envelope import ChannelOrder, ChannelReply
from integrations.channels import Address, ChannelGateway
from integrations.key_ring import KeyRing
from services.acting import report
from storage import catalog
from storage.database import Database
from tests.engine.running import furnish, house_of, open_client, shared_server, working
from tests.engine.running import shop_channels as channels
from tests.engine.test_report_and_halt import AGENT, Bench, problem

HANGING = 24
"""More than a worker of these tests has threads for either of its two kinds of work."""


@dataclass
class Deaf:
    """Takes an order and says nothing until it is let go."""

    let_go: threading.Event = field(default_factory=threading.Event)
    brought: list[str] = field(default_factory=list)
    more: threading.Condition = field(default_factory=threading.Condition)

    def bring(self, order: ChannelOrder, _address: Address) -> ChannelReply:
        """Hang."""
        with self.more:
            self.brought.append(order.channel)
            self.more.notify_all()
        self.let_go.wait(60)
        return ChannelReply("confirmed", proof="at last")

    def hang(self, orders: int) -> bool:
        """Wait until so many orders hang; False when they never do."""
        with self.more:
            return self.more.wait_for(lambda: len(self.brought) >= orders, 60)


@dataclass
class Prompt:
    """Confirms at once."""

    def bring(self, order: ChannelOrder, _address: Address) -> ChannelReply:
        """Confirm."""
        return ChannelReply("confirmed", proof=f"stopped by order {order.order}")


@contextmanager
def hanging(deaf: Deaf) -> Iterator[None]:
    """Let channels that hang go however the story ends.

    Within the story: a worker waits for its threads, so that what failed would be told as a hang.
    """
    try:
        yield
    finally:
        deaf.let_go.set()


async def carried_beside(bench: Bench, deaf: Deaf) -> None:
    """Report one incident whose shops hang, and see the next one carried to its end beside it."""
    await report(bench.house, AGENT, problem("first"))
    # Each comes once with the others and once alone: then all threads for it hang.
    assert await asyncio.to_thread(deaf.hang, HANGING + 16)
    catalog.put_items(bench.database.ledger, "channel", channels(20, "retailer", "prompt"))
    second = await report(bench.house, AGENT, problem("second"))
    await bench.until(
        second.id,
        lambda seen: sum(now.state == "confirmed" for now in seen.halt.channels.values()) == 20,
    )
    assert not deaf.let_go.is_set()


def test_the_next_incident_is_carried_while_shops_of_the_first_hang(
    database: Database, tmp_path: Path
) -> None:
    async def story() -> None:
        furnish(database, channels(HANGING, "own_shop", "deaf"))
        ring = KeyRing.create(tmp_path / "ring.json")
        async with shared_server() as env:
            client = await open_client(env, ring)
            bench = Bench(env, client, house_of(client, database, ring, tmp_path), ring, database)
            deaf = Deaf()
            gateways: dict[str, ChannelGateway] = {"deaf": deaf, "prompt": Prompt()}
            async with working(client, database, ring, gateways):
                with hanging(deaf):
                    await carried_beside(bench, deaf)

    asyncio.run(story())
