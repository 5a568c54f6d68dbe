"""Performers that outlive the seal: what they find is held, and told to the run that reopens."""

import threading
from dataclasses import dataclass, field

from domain.envelope import ChannelOrder, ChannelReply
from integrations.channels import Address, ChannelGateway
from storage.schema import publications
from tests.domain.texts import EVERYTHING
from tests.engine.running import shop_channels
from tests.replay.scene import COMMANDER, PR_LEAD, QUALITY, Scene
from tests.replay.stories.incident import approved, closed
from tests.replay.taking import Story
from workflows.ids import halt_workflow, incident_workflow, publish_workflow

SHOPS = shop_channels(1, "retailer", "slow")
MILD = {
    "worst_outcome": "none",
    "people": 0,
    "whereabouts": "own_control",
    "fault": "pack_label_cosmetic",
}


@dataclass(frozen=True)
class Slow:
    """A retailer whose system takes an order and answers when somebody has woken it."""

    woken: threading.Event = field(default_factory=threading.Event)

    def bring(self, _order: ChannelOrder, address: Address) -> ChannelReply:
        """Answer late, and yes."""
        assert self.woken.wait(60), f"nobody woke {address.name}"
        return ChannelReply("confirmed", proof="The till is blocked.")


def gateways() -> dict[str, ChannelGateway]:
    """Give the channels that are not those of every house."""
    return {"slow": Slow()}


async def outliving(on: Scene) -> Story:
    """A shop stops and a text comes out after the seal; both are told once it is reopened."""
    await on.reports(answers=MILD)
    await on.does(COMMANDER, "accept_report", reason="Seen.")
    await on.does(COMMANDER, "order_halt", level="H3", reason="To be sure.")
    order = (await on.state()).halt.orders[-1].number
    text = await approved(on, "我们已停止销售，正在调查。")
    publications.drop(on.house.engine)
    try:
        sha256 = (await on.state()).statement.statements[text].sha256
        told = {"statement": text, "sha256": sha256, "places": ["site"]}
        await on.does(PR_LEAD, "publish_statement", **told, confirmed=list(EVERYTHING))
        await closed(on)
        await on.ended(incident_workflow(on.incident))
    finally:
        publications.create(on.house.engine)
    slow = on.gateways["slow"]
    assert isinstance(slow, Slow)
    slow.woken.set()
    waiting = [halt_workflow(on.incident, order), publish_workflow(on.incident, text, 1)]
    for performer in waiting:
        await on.asked_for(performer, "count_cases")
    await on.does(QUALITY, "reopen_incident", new_fact="Another person called.")
    for performer in waiting:
        await on.ended(performer)
    await on.stands_still()
    begun = (incident_workflow(on.incident, 1), incident_workflow(on.incident, 2))
    return Story((on.incident,), begun)
