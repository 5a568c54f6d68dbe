"""A halt of many channels, of which 30 are ill, while worker and server die in the middle.

The ill ones keep no other up; nothing ends before a channel has confirmed or somebody named answers
for it; every order is one key at its receiver, however often it came.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from temporalio.client import WorkflowExecutionStatus

from domain.state import Incident
from tests.durability.agreement import assert_tree
from tests.durability.counting import at_counts
from tests.durability.processes import Nursery
from tests.durability.sink import HANG, REFUSE, SLOW, IllSink
from tests.durability.site import Running, open_site
from tests.durability.story import CHANNEL_LEAD, Telling
from tests.figures import note
from workflows.ids import halt_workflow

MANY = at_counts(60, 200)
BY_LETTER = "distributor-1"
"""Who is written to, by the same order as the retailers."""

H3 = 3
"""The order that goes to the trade."""


def named(numbers: range) -> set[str]:
    return {f"retailer-{number}" for number in numbers}


ILL = named(HANG) | named(REFUSE) | named(SLOW)


@pytest.mark.slow
@pytest.mark.timeout(at_counts(300, 900))
def test_ill_channels_keep_no_other_up_whatever_dies(tmp_path: Path, nursery: Nursery) -> None:
    asyncio.run(prove(tmp_path / "home", nursery))


async def prove(home: Path, nursery: Nursery) -> None:
    """Order, let worker and server die, let the hanging go on, and settle the rest by hand."""
    sink = IllSink()
    async with open_site(home, nursery, sink=sink, retailers=MANY) as site:
        telling = Telling(site, "many")
        await telling.reports()
        await strike(site, sink)
        retailers = named(range(1, MANY + 1))
        await telling.until("the healthy", standing("confirmed", retailers - ILL))
        sink.released.set()
        await telling.until("those that hung", standing("confirmed", named(HANG)))
        await telling.until("those that refuse", standing("refused", named(REFUSE)))
        state = await telling.until("those that take time", standing("accepted", named(SLOW)))
        assert await status(site, telling) is WorkflowExecutionStatus.RUNNING
        await settle(telling)
        await telling.until("an end", lambda now: not unsettled(now, {*retailers, BY_LETTER}))
        assert await ended(site, telling) is WorkflowExecutionStatus.COMPLETED
        orders = sink.orders(telling.incident)
        assert sorted(order["channel"] for order in orders.values()) == sorted(retailers)
        assert_tree(site, telling.incident)
        note("a halt of many channels", {"channels": len(orders), "repeats": sink.repeats(),
             "attempts": sum(one.attempts for one in state.halt.channels.values())})  # fmt: skip


async def strike(site: Running, sink: IllSink) -> None:
    """Kill worker and server while orders are going out; somebody starts them again."""
    while len(sink.arrived) < MANY // 4:  # noqa: ASYNC110 - a thread of the sink counts
        await asyncio.sleep(0.005)
    for name in ("worker", "temporal"):
        site.programs[name].strike()


def standing(state: str, channels: set[str]) -> Callable[[Incident], bool]:
    """Say whether channels stand so."""
    return lambda now: all(
        name in now.halt.channels and now.halt.channels[name].state == state for name in channels
    )


def unsettled(now: Incident, channels: set[str]) -> list[str]:
    settled = ("confirmed", "taken_over")
    return [name for name in channels if now.halt.channels[name].state not in settled]


async def settle(telling: Telling) -> None:
    """Confirm by telephone who took the order and said no more, and answer for who refuses."""
    for name in (*sorted(named(SLOW)), BY_LETTER):
        proof = "The buyer says that all tills are blocked."
        await telling.does(CHANNEL_LEAD, "confirm_channel", channel=name, proof=proof)
    for name in sorted(named(REFUSE)):
        reason = "I drive there and take it off the shelf."
        await telling.does(CHANNEL_LEAD, "take_over_channel", channel=name, reason=reason)


async def status(site: Running, telling: Telling) -> WorkflowExecutionStatus | None:
    """Say how the workflow stands that carries the order to the trade."""
    temporal = site.house.temporal
    handle = temporal.get_workflow_handle(halt_workflow(telling.incident, H3))
    return (await handle.describe()).status


async def ended(site: Running, telling: Telling) -> WorkflowExecutionStatus | None:
    """Wait until it is over."""
    found = None
    for _ in range(400):
        found = await status(site, telling)
        if found is not WorkflowExecutionStatus.RUNNING:
            break
        await asyncio.sleep(0.05)
    return found
