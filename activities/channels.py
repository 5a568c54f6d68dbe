"""Orders to sales channels: the activity that brings one order to one channel.

What belongs here: choosing the adapter, and what its answer means for Temporal's retries. What
never does: how a channel is spoken to (integrations/), or a list of channels.
"""

from collections.abc import Callable

from temporalio import activity

from activities.translation import translated
from domain.envelope import ChannelOrder, ChannelReply
from integrations.channels import Adapters


class ChannelActivities:
    """Activities over the adapters of one installation."""

    def __init__(
        self, adapters: Adapters, filled: Callable[[ChannelOrder], ChannelOrder] = lambda one: one
    ) -> None:
        """Keep the adapters, and what adds to an order the words that people read.

        In a drill they are drill adapters by construction.
        """
        self._adapters = adapters
        self._filled = filled

    @activity.defn(name="order_channel", no_thread_cancel_exception=True)
    def order_channel(self, order: ChannelOrder) -> ChannelReply:
        """Bring one order; any answer ends the tries, silence and failure do not."""
        with translated():
            return self._adapters.bring(self._filled(order))
