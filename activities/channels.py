"""Orders to sales channels: the activities that bring orders, several at once and one alone.

What belongs here: choosing the adapter, and what its answer means for Temporal's retries. What
never does: how a channel is spoken to (integrations/), or a list of channels.
"""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Final

from temporalio import activity

from activities.translation import translated
from domain.envelope import ChannelOrder, ChannelReply, RecallTold
from domain.errors import AndonError, NotConfirmed, NotFound
from integrations.channels import Adapters

PATIENCE_S: Final = 4.0
"""Seconds that the first orders of a batch are waited for: who takes longer is carried alone."""

STILL_OUT: Final = ChannelReply("")
"""What a batch says of an order that has no answer yet."""

SAID_AT_MOST: Final = 500

log = logging.getLogger(__name__)


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
            return self._bring(order)

    @activity.defn(name="order_channels", no_thread_cancel_exception=True)
    def order_channels(self, orders: list[ChannelOrder]) -> list[ChannelReply]:
        """Bring the first orders of a halt together, each in a thread of its own.

        A channel that cannot be reached, or has not answered after some seconds, keeps no other
        waiting: its reply is `failed`, or empty, and it is carried alone. The same order comes to
        it again then, and counts once.
        """
        threads = ThreadPoolExecutor(max(len(orders), 1), thread_name_prefix="orders")
        brought = [threads.submit(self._bring, order) for order in orders]
        threads.shutdown(wait=False)
        wait(brought, PATIENCE_S)
        return [_reply(each) for each in brought]

    @activity.defn(name="tell_recalled", no_thread_cancel_exception=True)
    def tell_recalled(self, told: RecallTold) -> None:
        """Tell whoever keeps books of the goods what a recall takes back now, as it is recorded.

        One that cannot be told now keeps no other waiting; all that are left are tried again.
        """
        failed = []
        for order in _orders(told):
            try:
                self._book(order)
            except NotFound as gone:
                log.warning("channel %s is told nothing any more: %s", order.channel, gone.code)
            except AndonError as error:
                failed.append(f"{order.channel}: {error.sentence}")
        if failed:
            with translated(final=False):
                raise NotConfirmed(" ".join(failed)[:SAID_AT_MOST], "It is tried again.")

    def _book(self, order: ChannelOrder) -> None:
        reply = self._adapters.book(order, self._filled)
        if reply is not None and reply.state == "refused":
            log.warning("channel %s did not take what is recalled: %s", order.channel, reply.error)

    def _bring(self, order: ChannelOrder) -> ChannelReply:
        return self._adapters.bring(self._filled(order))


def _orders(told: RecallTold) -> Iterator[ChannelOrder]:
    """Give each order that stands to each of its channels, under a key of its own."""
    for one in told.orders:
        for channel in one["channels"]:
            yield ChannelOrder(
                effect_key=f"{told.key}:{one['number']}:{channel}",
                incident=told.incident,
                channel=channel,
                action="halt",
                order=one["number"],
                products=one["products"],
                lots=one["lots"],
                drill=told.drill,
                level=one["level"],
            )


def _reply(brought: Future[ChannelReply]) -> ChannelReply:
    if not brought.done():
        return STILL_OUT
    error = brought.exception()
    if error is None:
        return brought.result()
    if isinstance(error, AndonError):
        return ChannelReply("failed", error=error.sentence)
    raise error
