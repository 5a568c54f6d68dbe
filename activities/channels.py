"""Orders to sales channels: the activities that bring orders, several at once and one alone.

What belongs here: choosing the adapter, and what its answer means for Temporal's retries. What
never does: how a channel is spoken to (integrations/), or a list of channels.
"""

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from typing import Final

from temporalio import activity

from activities.translation import translated
from domain.envelope import ChannelOrder, ChannelReply
from domain.errors import AndonError
from integrations.channels import Adapters

PATIENCE_S: Final = 4.0
"""Seconds that the first orders of a batch are waited for: who takes longer is carried alone."""

Filling = Callable[[ChannelOrder], ChannelOrder]

STILL_OUT: Final = ChannelReply("")
"""What a batch says of an order that has no answer yet."""


class ChannelActivities:
    """Activities over the adapters of one installation."""

    def __init__(
        self, adapters: Adapters, together: Callable[[], Filling] = lambda: lambda one: one
    ) -> None:
        """Keep the adapters, and what gives the words that people read to orders of one moment.

        In a drill they are drill adapters by construction.
        """
        self._adapters = adapters
        self._together = together

    @activity.defn(name="order_channel", no_thread_cancel_exception=True)
    def order_channel(self, order: ChannelOrder) -> ChannelReply:
        """Bring one order; any answer ends the tries, silence and failure do not."""
        with translated():
            return self._adapters.bring(self._together()(order))

    @activity.defn(name="order_channels", no_thread_cancel_exception=True)
    def order_channels(self, orders: list[ChannelOrder]) -> list[ChannelReply]:
        """Bring the first orders of a halt together, each in a thread of its own.

        A channel that cannot be reached, or has not answered after some seconds, keeps no other
        waiting: its reply is `failed`, or empty, and it is carried alone. The same order comes to
        it again then, and counts once.
        """
        filled = self._together()
        threads = ThreadPoolExecutor(max(len(orders), 1), thread_name_prefix="orders")
        brought = [self._bring_soon(threads, filled, order) for order in orders]
        threads.shutdown(wait=False)
        wait(brought, PATIENCE_S)
        return [_reply(each) for each in brought]

    def _bring_soon(
        self, threads: Executor, filled: Filling, order: ChannelOrder
    ) -> Future[ChannelReply]:
        """Let one order leave; what it lacks fails it alone."""
        try:
            return threads.submit(self._adapters.bring, filled(order))
        except AndonError as error:
            lacking: Future[ChannelReply] = Future()
            lacking.set_exception(error)
            return lacking


def say_alive() -> None:
    """Tell Temporal that an order still gets on: a shop of many pages takes long and is no silence.

    An order of a batch tells nothing: it is not waited for so long.
    """
    if activity.in_activity():
        activity.heartbeat()


def _reply(brought: Future[ChannelReply]) -> ChannelReply:
    if not brought.done():
        return STILL_OUT
    error = brought.exception()
    if error is None:
        return brought.result()
    if isinstance(error, AndonError):
        return ChannelReply("failed", error=error.sentence)
    raise error
