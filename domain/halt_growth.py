"""Stage `halt`: levels that stand reach what is new, lots and products and channels.

What belongs here: the orders that follow when the scope or the company's list of channels grows.
What never does: a first order of a level (domain/halt.py).
"""

from collections.abc import Iterator
from typing import Any

from domain.dispatch import Act, follows
from domain.halt import (
    ChannelsListed,
    HaltOrdered,
    halted_lots,
    halted_products,
    order_level,
    stands,
    stopped_by,
)
from domain.report import ReportReceived
from domain.severity import HaltLevel
from domain.state import Incident
from domain.state.halt import HaltOrder


@follows(ReportReceived)
def halts_inherit(incident: Incident, _received: ReportReceived, act: Act) -> tuple[Any, ...]:
    """New lots and products inherit every level that stands (4.5)."""
    return inherit_levels(incident, act)


def inherit_levels(incident: Incident, act: Act) -> tuple[HaltOrdered, ...]:
    """Order every standing level for the products and lots it does not reach yet."""
    what = (halted_products(incident), halted_lots(incident))
    missing = [
        HaltLevel(level) for level in incident.halt.levels if not stands(incident, level, *what)
    ]
    return tuple(
        order_level(incident, act, level, what, reason=f"{level} stands; the scope grew.",
               by_plan="New lots inherit the level.", offset=offset)
        for offset, level in enumerate(missing)
    )  # fmt: skip


@follows(ChannelsListed)
def new_channels_inherit(
    incident: Incident, listed: ChannelsListed, act: Act
) -> tuple[HaltOrdered, ...]:
    """New channels inherit every level that stands (4.5): all that any of its orders stops."""
    found: list[HaltOrdered] = []
    for level in map(HaltLevel, incident.halt.levels):
        standing = tuple(_standing(incident, level))
        reached = {c for order in standing for c in order.channels}
        new = tuple(c for c in listed.channels if c.level == level and c.id not in reached)
        if new:
            found.append(
                order_level(
                    incident,
                    act,
                    level,
                    stopped_by(incident, standing),
                    reason=f"{level} stands; channels were added.",
                    by_plan="New channels inherit the level.",
                    offset=len(found),
                    channels=new,
                )
            )
    return tuple(found)


def _standing(incident: Incident, level: str) -> Iterator[HaltOrder]:
    """Give the orders of a level that are not lifted."""
    return (o for o in incident.halt.orders if o.level == level and o.lifted_at is None)
