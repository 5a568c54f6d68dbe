"""Stage `halt`: orders that go out anew to a channel where they stand already.

What belongs here: which orders go out anew, that a channel has to answer each of them again, and
who carries them. What never does: why (domain/channels.py, domain/drift.py, domain/resuming.py).
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

from domain.dispatch import Effect
from domain.envelope import FOLLOWED, WAITS
from domain.left_to_person import still_left
from domain.orders_there import (
    answers_of,
    last_at,
    left_to,
    open_at,
    told_at,
    with_answers,
    with_due,
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

    Those in `still` are open as they were answered, with a time if they had none; what a named
    person answers for is left to them.
    """
    kept = {one.order: with_due(one, due_at) for one in answers_of(now) if one.order in still}
    there = replace(
        still_left(incident, now),
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
    return replace(there, again=with_anew(there, mark, behind=True))


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


def with_anew(
    now: ChannelHalt,
    mark: Mark,
    orders: Collection[int] | None = None,
    *,
    behind: bool = False,
) -> tuple[Anew, ...]:
    """Note that the open orders of a channel, or these of them, go out anew by an entry."""
    found = [one.order for one in open_at(now) if orders is None or one.order in orders]
    new = (Anew(order=number, seq=mark.seq, behind=behind) for number in found)
    return (*now.again, *new)


def reminders(incident: Incident, now: ChannelHalt, number: int, *, until: int = 0) -> int:
    """Count how often a channel was asked for an order again, up to an entry where one is named.

    What goes out anew behind what may be sold again reminds of nothing; nor does the first letter
    about what is left of an order, whichever way it leaves.
    """
    anew = [one for one in now.again if one.order == number and (not until or one.seq <= until)]
    reminding = sum(not one.behind for one in anew)
    left = any(one.number == number and one.part_of for one in incident.halt.orders)
    return max(0, reminding - 1) if left and reminding == len(anew) else reminding


def is_behind(now: ChannelHalt, number: int, seq: int) -> bool:
    """Say whether an order that leaves by an entry says what stays, behind what may be sold."""
    return any((one.order, one.seq) == (number, seq) and one.behind for one in now.again)


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


def behind_nothing(before: ChannelHalt | None, now: ChannelHalt, mark: Mark) -> ChannelHalt:
    """Give a channel under a new order that ended all it was told to resume.

    What was to go out anew behind that, and reached nobody yet, does so now; what is left of an
    order leaves by itself (`behind_resume`).
    """
    if before is None or before.state != "resuming" or under_way(now):
        return now
    waited = {one.order for one in before.by_order if one.state == "ordered"}
    return replace(now, again=with_anew(now, mark, waited, behind=True))


def anew_of(
    now: ChannelHalt, *, but: int = 0, still: Collection[int] | None = None
) -> list[list[Any]]:
    """List the orders that went out anew to a channel, as an effect carries them.

    What goes out by entry `but` itself only begins; who carries one that is `still` open goes on,
    unnamed those beside others.
    """
    if still is None:
        still = {one.order for one in now.by_order if one in open_at(now)}
    return [
        [one.order, one.seq, now.channel]
        for one in now.again
        if one.seq != but and one.order not in still
    ]


def order_anew(incident: Incident, asked: Iterable[ChannelHalt], seq: int) -> Iterator[Effect]:
    """Order channels anew: each order that goes out there by this entry does so by itself."""
    numbers = {now.channel: {one.order for one in now.again if one.seq == seq} for now in asked}
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
