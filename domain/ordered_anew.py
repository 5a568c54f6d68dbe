"""Stage `halt`: orders that go out anew to a channel where they stand already.

What belongs here: which orders go out anew, that a channel has to answer each of them again, and
who carries them. What never does: why (domain/channels.py, domain/drift.py, domain/resuming.py).
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from domain.dispatch import Effect
from domain.envelope import FOLLOWED, WAITS
from domain.orders_there import (
    answers_of,
    last_at,
    left_to,
    open_at,
    told_at,
    with_answers,
)
from domain.replacing import replace
from domain.state import Incident, Mark
from domain.state.halt import Anew, ChannelHalt, OrderThere
from domain.under_way import under_way


def ordered_anew(
    incident: Incident,
    now: ChannelHalt,
    mark: Mark,
    due_at: datetime | None,
    *,
    still: Collection[int] = (),
) -> ChannelHalt:
    """Give a channel as the orders that stand there beside the one that ended have it anew.

    Those in `still` are open as they were answered; what a named person answers for is left to
    them.
    """
    kept = {one.order: one for one in answers_of(now) if one.order in still}
    there = replace(
        now,
        state="ordered",
        order=last_at(incident, now.channel),
        ordered_at=mark.at,
        answer_due_at=due_at,
        asked_again_at=mark.at,
        by_order=(),
    )
    there = opened_again(incident, there, "ordered")
    if kept:
        there = with_answers(there, [kept.get(one.order, one) for one in answers_of(there)])
    return replace(there, again=with_anew(there, mark))


def opened_again(incident: Incident, now: ChannelHalt, state: str, error: str = "") -> ChannelHalt:
    """Give a channel at which every order that stands is open, whatever was answered before.

    But for those that a named person answers for beside others.
    """
    due_at = {one.order: one.answer_due_at for one in answers_of(now)}
    theirs = left_to(incident, replace(now, state=state))
    return with_answers(
        replace(now, state=state, last_error=error, by_order=()),
        [
            OrderThere(
                order=order.number,
                state=state,
                answer_due_at=due_at.get(order.number, now.answer_due_at),
                error=error,
            )
            for order in told_at(incident, now.channel)
            if order.number not in theirs
        ],
    )


def opened_beside(incident: Incident, now: ChannelHalt, state: str, error: str) -> ChannelHalt:
    """Give a channel at which no order beside what resumes is answered for any more."""
    still = {one.order: one for one in now.by_order if one.state != "confirmed"}
    opened = (
        OrderThere(order=order.number, state=state, error=error)
        for order in told_at(incident, now.channel)
        if order.number not in still
    )
    return replace(now, by_order=(*still.values(), *opened), left_to=None)


def with_anew(now: ChannelHalt, mark: Mark) -> tuple[Anew, ...]:
    """Note that the open orders of a channel go out anew by an entry."""
    return (*now.again, *(Anew(order=one.order, seq=mark.seq) for one in open_at(now)))


def reminders(incident: Incident, now: ChannelHalt, number: int, *, until: int = 0) -> int:
    """Count how often a channel was asked for an order again, up to an entry where one is named.

    What is left of an order goes out anew once its channel sells the rest: that reminds of nothing.
    """
    anew = sum(one.order == number and (not until or one.seq <= until) for one in now.again)
    left = any(one.number == number and one.part_of for one in incident.halt.orders)
    return max(0, anew - 1) if left else anew


def behind_resume(incident: Incident, now: ChannelHalt, number: int, seq: int) -> str:
    """Say whether what is left of an order, leaving by entry `seq`, waits for one to resume.

    WAITS: it goes out anew behind the order to sell the rest again; sent ahead of that too, a
    person would read the same letter twice. FOLLOWED: it went out so. Nothing, and it leaves
    itself, where no such order is on its way any more, whatever ended that, and where somebody
    answers for it: it goes out to nobody anew.
    """
    if not any(one.number == number and one.part_of for one in incident.halt.orders):
        return ""
    anew = [one.seq for one in now.again if one.order == number]
    if any(each <= seq for each in anew):
        return ""
    if anew:
        return FOLLOWED
    is_theirs = number in left_to(incident, now)
    waits = not is_theirs and any(one.told_at is None for one in under_way(now))
    return WAITS if waits else ""


def anew_of(now: ChannelHalt, *, but: int = 0) -> list[list[Any]]:
    """List the orders that went out anew to a channel, as an effect carries them.

    What goes out by entry `but` itself only begins; who carries one that is still open goes on.
    """
    still = {one.order for one in now.by_order if one in open_at(now)}
    return [
        [one.order, one.seq, now.channel]
        for one in now.again
        if one.seq != but and one.order not in still
    ]


def order_anew(incident: Incident, asked: Sequence[ChannelHalt], seq: int) -> Iterator[Effect]:
    """Order channels anew: each order that stands and is open there goes out by itself."""
    numbers = {now.channel: {one.order for one in open_at(now)} for now in asked}
    for order in incident.halt.orders:
        channels = [
            name for name, of in numbers.items() if order.number in of and name in order.stopped
        ]
        if channels and order.lifted_at is None:
            yield Effect(
                name="halt_again",
                target=str(order.number),
                seq=seq,
                body={
                    "level": order.level,
                    "products": list(order.products),
                    "lots": list(order.lots),
                    "channels": channels,
                },
            )
