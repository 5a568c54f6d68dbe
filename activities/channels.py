"""Orders to sales channels: the activities that bring orders, several at once and one alone.

What belongs here: choosing the adapter, and what its answer means for Temporal's retries. What
never does: how a channel is spoken to (integrations/), or a list of channels.
"""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from typing import Final

from temporalio import activity

from activities.translation import translated
from domain.envelope import ChannelOrder, ChannelReply, RecallTold
from domain.errors import AndonError, NotConfirmed
from integrations.channels import Adapters

PATIENCE_S: Final = 4.0
"""Seconds that the first orders of a batch are waited for: who takes longer is carried alone."""

Filling = Callable[[ChannelOrder], ChannelOrder]

STILL_OUT: Final = ChannelReply("")
"""What a batch says of an order that has no answer yet."""

SAID_AT_MOST: Final = 500

log = logging.getLogger(__name__)


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

    @activity.defn(name="tell_recalled", no_thread_cancel_exception=True)
    def tell_recalled(self, told: RecallTold) -> None:
        """Tell whoever keeps books of the goods what a recall takes back now, as it is recorded.

        One that cannot be told now, or refuses, keeps no other waiting; all that are left are tried
        again, until they took it or the company has that channel no more.
        """
        failed: list[str] = []
        filled = self._together()
        for order in _orders(told):
            if not self._adapters.is_listed(order.channel):
                log.warning("channel %s is gone: it is told nothing any more", order.channel)
                continue
            try:
                failed += self._not_booked(filled, order)
            except AndonError as error:
                failed.append(error.sentence)
        if failed:
            said = " ".join(dict.fromkeys(failed))[:SAID_AT_MOST]
            with translated(final=False):
                raise NotConfirmed(said, "It is tried again.")

    def _not_booked(self, filled: Filling, order: ChannelOrder) -> Iterator[str]:
        """Tell one order; say what was answered where it was refused."""
        reply = self._adapters.book(order, filled)
        if reply is not None and reply.state == "refused":
            yield f"It was refused. {reply.error}"


def say_alive() -> None:
    """Tell Temporal that an order still gets on: a shop of many pages takes long and is no silence.

    An order of a batch tells nothing: it is not waited for so long.
    """
    if activity.in_activity():
        activity.heartbeat()


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
