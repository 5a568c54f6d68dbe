"""The stories that are recorded beside the demo drills, told on a real server.

What belongs here: who does what, so that every path of the workflows and every event that no drill
brings about is on the record once. What never does: the world (tests/replay/scene.py), an
assertion about what came of it (the tests compare). Everybody and everything in them is invented.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from integrations.channels import ChannelGateway
from storage.catalog import Item
from tests.engine.running import shop_channels
from tests.replay.scene import Scene
from tests.replay.stories import (
    adopting,
    authorities,
    case,
    drift,
    edges,
    goods,
    halt,
    incident,
    letters,
    outliving,
    room,
    rounds,
)
from tests.replay.taking import Story


@dataclass(frozen=True, slots=True)
class Told:
    """A story, the channels of its company, and what the server and the channels are like."""

    tell: Callable[[Scene], Awaitable[Story]]
    channels: list[Item]
    settings: tuple[str, ...] = ()
    gateways: Callable[[], dict[str, ChannelGateway]] = dict


TOLD = {
    "adopting": Told(adopting.adopting, shop_channels(2)),
    "authorities": Told(authorities.authorities, shop_channels(1)),
    "incident": Told(incident.whole, incident.SHOPS),
    "cases": Told(case.cases, shop_channels(1)),
    "drift": Told(drift.drift, drift.SHOPS),
    "edges": Told(edges.edges, shop_channels(3)),
    "goods": Told(goods.goods, goods.SHOPS, (), goods.gateways),
    "halt": Told(halt.long_halt, halt.SHOPS, (halt.SUGGESTS_EARLY,), halt.gateways),
    "letters": Told(letters.letters, shop_channels(1)),
    "outliving": Told(outliving.outliving, outliving.SHOPS, (), outliving.gateways),
    "room": Told(room.room, shop_channels(1)),
    "rounds": Told(rounds.rounds, shop_channels(1)),
}
"""Every story by its name."""
