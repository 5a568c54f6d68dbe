"""Stage `halt`: what was already on its way to people when a channel was told to stop.

What belongs here: what a channel may count of it, where the last count of each kind stands, and the
one tally of what channels and our own people counted. What never does: the rest of a channel's
answer (domain/channel_answers.py), or what our own people record (domain/set_apart.py).

A channel counts for each of its orders by kind, in all or by lot; what it says later of a kind
replaces what it said before, and a kind that it leaves out stays as it was. Nothing is counted
twice: of two orders of which one stops all that the other does, the wider one's count holds; of one
lot under two orders, or under one and what is left of it, the later count; and where our people
recorded the same kind at the same channel, the one of the two that accounts for more units.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from domain.errors import Refused
from domain.message import ask
from domain.orders_there import covers
from domain.plan_terms import ChannelKind
from domain.set_apart import OnItsWay
from domain.state.halt import HaltOrder, HaltState, Intercepted, OnItsWayThere
from domain.values import UNITS_AT_MOST

ROWS_AT_MOST: Final = 500

_TO_PEOPLE: Final = (OnItsWay.UNSHIPPED, OnItsWay.PARCELS, OnItsWay.GIFTS)
_OVER_THE_COUNTER: Final = (OnItsWay.SAMPLES, OnItsWay.TESTERS)
_TO_TRADE: Final = (OnItsWay.UNSHIPPED, OnItsWay.PARCELS, *_OVER_THE_COUNTER)

_KINDS: Final[Mapping[str, tuple[OnItsWay, ...]]] = {
    ChannelKind.WAREHOUSE: tuple(OnItsWay),
    ChannelKind.CARRIER: (OnItsWay.PARCELS,),
    ChannelKind.SAMPLES: (*_OVER_THE_COUNTER, OnItsWay.GIFTS),
    ChannelKind.OWN_SHOP: _TO_PEOPLE,
    ChannelKind.MARKETPLACE: _TO_PEOPLE,
    ChannelKind.CROSS_BORDER: _TO_PEOPLE,
    ChannelKind.RETAILER: _OVER_THE_COUNTER,
    ChannelKind.DUTY_FREE: _OVER_THE_COUNTER,
    ChannelKind.SALON: _OVER_THE_COUNTER,
    ChannelKind.DISTRIBUTOR: _TO_TRADE,
    ChannelKind.EXPORT: _TO_TRADE,
}
"""Promotion sends nothing; plants and suppliers of raw material send nothing to people."""


def kinds_at(channel_kind: str) -> tuple[OnItsWay, ...]:
    """Give what a kind of channel may have on its way to people; none for most that sell none."""
    return _KINDS.get(channel_kind, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedOnItsWay:
    """Units of one kind that a channel stopped on their way, and that got through.

    `lot` is "" where lots are not told apart; a number that is None is not known.
    """

    kind: OnItsWay = ask("What was on its way?")
    lot: str = ask("Lot", default="", max=80)
    stopped: int | None = ask("Units stopped", default=None)
    got_through: int | None = ask("Units that got through", default=None)


# ---------------------------------------------------------------- what a channel may count


def require_counts(counts: Sequence[CountedOnItsWay], order: HaltOrder, channel_kind: str) -> None:
    """Refuse counts that cannot be: of other lots or kinds, twice, or no number that fits."""
    told = [(one.kind, one.lot) for one in counts]
    if len(set(told)) < len(told) or len(told) > ROWS_AT_MOST:
        raise Refused("A lot stands there twice.", "Write each lot once.", code="bad_count")
    in_all = {kind for kind, lot in told if not lot}
    if any(lot and kind in in_all for kind, lot in told):
        raise Refused(
            "Units on their way are counted in all and by lot.",
            "Write one number in all, or the numbers by lot.",
            code="bad_count",
        )
    if not {kind for kind, _lot in told} <= set(kinds_at(channel_kind)):
        raise Refused(
            "This kind of channel has no such goods on their way.",
            "Leave them out, or call us.",
            code="other_kind",
        )
    if not {lot for _kind, lot in told if lot} <= set(order.lots):
        raise Refused(
            "This order does not name that lot.", "Count the lots that it names.", code="other_lot"
        )
    if not all(_is_number(one) for one in counts):
        raise Refused(
            "A number of units cannot be right.", "Correct the numbers.", code="bad_count"
        )


def _is_number(one: CountedOnItsWay) -> bool:
    known = [units for units in (one.stopped, one.got_through) if units is not None]
    return bool(known) and all(0 <= units <= UNITS_AT_MOST for units in known)


def with_counts(
    halt: HaltState, channel: str, order: int, counts: Iterable[CountedOnItsWay], seq: int
) -> tuple[OnItsWayThere, ...]:
    """Give what channels counted, with one more answer: each kind that it names is said anew."""
    new = tuple(
        OnItsWayThere(
            seq=seq,
            channel=channel,
            order=order,
            kind=str(one.kind),
            lot=one.lot,
            stopped=one.stopped,
            got_through=one.got_through,
        )
        for one in counts
    )
    said_anew = {(channel, order, one.kind) for one in new}
    kept = (o for o in halt.on_its_way if (o.channel, o.order, o.kind) not in said_anew)
    return (*kept, *new)


# ---------------------------------------------------------------- the tally


@dataclass(frozen=True, slots=True, kw_only=True)
class WayTally:
    """What was stopped on its way, in units: in all, by kind, and what got through.

    `by_channels` are those of the `units` that only channels themselves counted.
    """

    units: int
    got_through: int
    by_kind: tuple[Intercepted, ...]
    by_channels: int


def way_tally(halt: HaltState) -> WayTally:
    """Add up what our people recorded and what channels counted themselves, nothing twice."""
    by_kind = {one.kind: one.units for one in halt.intercepted_by_kind}
    ours = {(one.channel, one.kind): (one.units, one.got_through) for one in halt.intercepted_at}
    more = through = 0
    for place, said in said_by_channels(halt).items():
        recorded = ours.get(place, (0, 0))
        stopped, out = (r if s is None else s for s, r in zip(said, recorded, strict=True))
        if stopped + out < sum(recorded):
            continue
        more += stopped - recorded[0]
        through += out - recorded[1]
        by_kind[place[1]] = by_kind.get(place[1], 0) + stopped - recorded[0]
    return WayTally(
        units=halt.intercepted_units + more,
        got_through=halt.not_intercepted_units + through,
        by_kind=tuple(Intercepted(kind=kind, units=n) for kind, n in sorted(by_kind.items()) if n),
        by_channels=max(more, 0),
    )


def said_by_channels(
    halt: HaltState, channel: str = ""
) -> dict[tuple[str, str], tuple[int | None, int | None]]:
    """Give by channel and kind the units that it stopped and that got through; None: not told.

    Of one `channel` alone where it is named.
    """
    orders = {one.number: one for one in halt.orders}
    rows: dict[tuple[str, str], list[OnItsWayThere]] = defaultdict(list)
    for one in halt.on_its_way:
        if channel and one.channel != channel:
            continue
        rows[one.channel, one.kind].append(one)
    found = {}
    for place, told in rows.items():
        counted = _counting(told, orders)
        stopped = _added_up(one.stopped for one in counted)
        found[place] = (stopped, _added_up(one.got_through for one in counted))
    return found


def _added_up(numbers: Iterable[int | None]) -> int | None:
    known = [units for units in numbers if units is not None]
    return sum(known) if known else None


def _counting(
    told: Sequence[OnItsWayThere], orders: Mapping[int, HaltOrder]
) -> list[OnItsWayThere]:
    """Leave out of one channel and kind what is counted in the answer to another order as well."""
    numbers = {one.order for one in told}
    by_lot = numbers - {one.order for one in told if not one.lot}
    within = {
        n
        for n in numbers
        for o in numbers - {n}
        if _is_within(orders[n], orders[o]) and not ({n, o} <= by_lot and _is_left_of(orders, n, o))
    }
    rows = [one for one in told if one.order not in within]
    last: dict[str, int] = {}
    for one in rows:
        last[one.lot] = max(one.seq, last.get(one.lot, 0))
    return [one for one in rows if not one.lot or one.seq == last[one.lot]]


def _is_within(order: HaltOrder, other: HaltOrder) -> bool:
    """Say whether another order stops all that this one does; of two alike the later one counts."""
    return covers(other, order) and (not covers(order, other) or other.number > order.number)


def _is_left_of(orders: Mapping[int, HaltOrder], number: int, whole: int) -> bool:
    """Say whether an order goes on with what is left of another: what is said of it is said later.

    Told by lot, its lots are told anew, and those that were freed stay as they were said before.
    """
    while number and number != whole:
        number = orders[number].part_of
    return bool(number)
