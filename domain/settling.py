"""Stage `halt`: who hears that a channel answered: who carries what it answered, and what stands.

What belongs here: what an answer of a channel causes. What never does: the answer itself
(domain/channels.py), or carrying an order (workflows/halt.py).
"""

from collections.abc import Iterable

from domain.channels import SETTLED, ChannelAnswered
from domain.dispatch import Effect, causes
from domain.ordered_anew import anew_of, order_anew
from domain.orders_there import covers, open_at, orders_at
from domain.people import PERFORMER
from domain.state import Incident, Mark
from domain.state.halt import ChannelHalt


@causes(ChannelAnswered)
def _settle(incident: Incident, answered: ChannelAnswered, mark: Mark) -> Iterable[Effect]:
    """Tell who carries the order that a person settled it; what it reported itself, it knows.

    An order that went out anew is carried by others too, who know nothing of each other.
    """
    now, is_resumed = incident.halt.channels[answered.channel], answered.state == "resumed"
    if answered.state not in SETTLED:
        return
    again = anew_of(now, but=mark.seq)
    first, *more = (answered.resumes or (now.resume,)) if is_resumed else ("",)
    if answered.late or mark.actor != PERFORMER.id or again:
        yield Effect(
            name="settle",
            target=answered.channel,
            seq=mark.seq,
            body={
                "order": answered.order,
                "resume": first,
                "channel": answered.channel,
                **({"again": again} if again else {}),
            },
        )
    for name in more:
        yield _settles(f"{answered.channel}:{name}", answered, name, mark)
    for number in () if is_resumed else _answered_with(incident, now, answered.order, mark):
        yield _settles(f"{answered.channel}:{number}", answered, "", mark, number)


def _settles(
    target: str, answered: ChannelAnswered, resume: str, mark: Mark, number: int = 0
) -> Effect:
    body = {"order": number, "resume": resume, "channel": answered.channel}
    return Effect(name="settle", target=target, seq=mark.seq, body=body)


def _answered_with(incident: Incident, now: ChannelHalt, number: int, mark: Mark) -> list[int]:
    """Name the other orders there that this answer is about too: all by a person's word."""
    still = {one.order for one in open_at(now)}
    there = {order.number: order for order in orders_at(incident, now.channel)}
    answered = there.get(number)
    return [
        other
        for other, order in there.items()
        if other != number and other not in still
        if mark.actor != PERFORMER.id or (answered and covers(answered, order))
    ]


@causes(ChannelAnswered)
def _order_what_stands(
    incident: Incident, answered: ChannelAnswered, mark: Mark
) -> Iterable[Effect]:
    """Order anew what another order still stops there."""
    now = incident.halt.channels[answered.channel]
    return order_anew(incident, [now] if answered.under else [], mark.seq)
