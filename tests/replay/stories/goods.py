"""One lot of a halt sells again, what is left goes on; a channel counts what was on its way."""

from dataclasses import dataclass

from domain.envelope import ChannelOrder, ChannelReply
from domain.people import channel_actor
from integrations.channels import Address, ChannelGateway
from services.acting import Sent, answer_by_link
from tests.engine.running import shop_channels
from tests.replay.scene import COMMANDER, QUALITY, QUALITY_HEAD, Scene, now
from tests.replay.taking import Story
from workflows.ids import incident_workflow

SHOPS = [*shop_channels(1), *shop_channels(1, "retailer", "obedient")]
LOTS = ["L1", "L2"]
RETAILER = "retailer-1"


@dataclass(frozen=True)
class Obedient:
    """A retailer that does at once what it is told."""

    def bring(self, order: ChannelOrder, address: Address) -> ChannelReply:
        """Do it."""
        done = "confirmed" if order.action == "halt" else "resumed"
        return ChannelReply(done, proof=f"{address.name}: done.")


def gateways() -> dict[str, ChannelGateway]:
    """Give the channels that are not those of every house."""
    return {"obedient": Obedient()}


async def goods(on: Scene) -> Story:
    """Halt two lots, hear what was on its way, free one of them, and take what is left over."""
    await on.reports(lots=LOTS)
    await on.does(COMMANDER, "accept_report", reason="Seen.")
    state = await on.until(lambda s: s.halt.channels[RETAILER].state == "confirmed")
    await _counts(on, state.halt.channels[RETAILER].order)
    sample = {"what": "Jar of lot L1", "source": "Shelf", "taken_at": now(), "place": "Shop 1"}
    await on.does(QUALITY, "collect_evidence", **sample, storage="Fridge 2")
    freed = {"basis": "L1 is of another bulk.", "levels": ["H3"], "lots": ["L1"]}
    await on.does(COMMANDER, "resume_sale", **freed)
    await on.signs(QUALITY_HEAD)
    await on.until(lambda s: s.halt.channels[RETAILER].state == "confirmed")
    await on.ended(f"{on.incident}/resume/1")
    await on.stands_still()
    return Story((on.incident,), (incident_workflow(on.incident),))


async def _counts(on: Scene, order: int) -> None:
    """Answer the order as the channel does, by its link, with what was already on its way."""
    said = {
        "channel": RETAILER,
        "order": order,
        "answer": "stopped",
        "answered_by": "Somebody at the till, invented",
        "on_its_way": [{"kind": "samples", "lot": "L1", "stopped": 12, "got_through": 3}],
    }
    actor = channel_actor(RETAILER)
    await answer_by_link(on.house, actor, on.incident, Sent("answer_order", said, "counted"))
