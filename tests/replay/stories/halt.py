"""A halt that no quick answer ends: channels that are ill, refuse, or never answer; many runs."""

from dataclasses import dataclass, field

from domain.envelope import ChannelOrder, ChannelReply
from domain.errors import NotConfirmed, NotFound
from domain.state import Incident
from integrations.channels import Address, ChannelGateway
from tests.engine.running import shop_channels
from tests.replay.scene import CHANNELS, COMMANDER, QUALITY, QUALITY_HEAD, Scene, now
from tests.replay.taking import Story
from workflows.calls import ORDER_CHANNEL
from workflows.ids import incident_workflow

SUGGESTS_EARLY = "limit.historyCount.suggestContinueAsNew=60"
"""So that the server suggests a new run long before its usual 4,096 events."""

SHOPS = [
    *shop_channels(6),
    *shop_channels(2, "retailer", "outbox"),
    *shop_channels(1, "marketplace", "ill"),
    *shop_channels(1, "distributor", "unknown"),
    *shop_channels(1, "salon", "deaf"),
]


@dataclass
class Ill:
    """A channel that is away for a whole round of tries, and then does what it is told."""

    orders: list[str] = field(default_factory=list)

    def bring(self, order: ChannelOrder, address: Address) -> ChannelReply:
        """Fail as often as Temporal tries in one round, then confirm."""
        self.orders.append(order.effect_key)
        if len(self.orders) <= ORDER_CHANNEL.retry.maximum_attempts:
            raise NotConfirmed(f"{address.name} is away.", "Try again.")
        return ChannelReply("confirmed", proof="Done.")


@dataclass(frozen=True)
class Deaf:
    """A channel that takes no order at all."""

    def bring(self, order: ChannelOrder, address: Address) -> ChannelReply:
        """Refuse."""
        return ChannelReply("refused", error=f"{address.name} does not work today.")


@dataclass(frozen=True)
class Unknown:
    """A channel whose receiver says that it was never heard of, until it sells again."""

    def bring(self, order: ChannelOrder, address: Address) -> ChannelReply:
        """Fail for good: trying again cannot help."""
        if order.action == "resume":
            return ChannelReply("accepted")
        raise NotFound(f"Nobody knows {address.name}.", "Correct the channel's address.")


def gateways() -> dict[str, ChannelGateway]:
    """Give the channels that are not those of every house."""
    return {"ill": Ill(), "deaf": Deaf(), "unknown": Unknown()}


async def long_halt(on: Scene) -> Story:
    """Ten channels in all states; those that nobody reaches are taken over; then sale goes on."""
    await on.reports()
    await on.does(COMMANDER, "accept_report", reason="Seen.")
    state = await on.until(lambda s: s.halt.channels["marketplace-1"].state == "confirmed")
    for channel, halt in state.halt.channels.items():
        if halt.state == "accepted":
            await on.does(CHANNELS, "confirm_channel", channel=channel, proof="By telephone.")
    for channel in ("distributor-1", "salon-1"):
        taken = {"channel": channel, "reason": "I go there myself."}
        await on.does(CHANNELS, "take_over_channel", **taken)
    await on.ended(f"{on.incident}/halt/1")
    sample = {"what": "Jar of lot L1", "source": "Shelf", "taken_at": now(), "place": "Shop 1"}
    await on.does(QUALITY, "collect_evidence", **sample, storage="Fridge 2")
    await on.does(COMMANDER, "resume_sale", basis="The laboratory found nothing.")
    await on.signs(QUALITY_HEAD)
    resumed = f"{on.incident}/resume/1"
    await on.until(lambda s: {"salon-1"} == _resuming(s))
    seen = {"channel": "salon-1", "proof": "I saw it on the shelf."}
    await on.does(CHANNELS, "confirm_resumed", **seen)
    await on.until(lambda s: not _resuming(s))
    await on.ended(resumed)
    await on.stands_still()
    return Story((on.incident,), (incident_workflow(on.incident),))


def _resuming(state: Incident) -> set[str]:
    channels = state.halt.channels.items()
    return {name for name, h in channels if h.state != "resumed" and not h.is_handed_over}
