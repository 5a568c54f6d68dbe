"""Stage `halt`: the units that are set apart so far, by lot, over all places and channels.

What belongs here: adding up what places of ours counted and what channels said. What never does:
recording a count (domain/set_apart.py) or an answer (domain/channel_answers.py).

A warehouse of ours is a place that counts, and a channel that answers: it is counted once, and the
later of its two numbers counts. What no order stops there any more, and no recall takes back, was
counted before sale resumed: that holds for places and channels alike, and is told by itself.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.state import Incident
from domain.state.halt import (
    ChannelHalt,
    CountedThere,
    HaltOrder,
    HaltState,
    LinkAnswer,
    LotUnits,
    Quarantine,
)
from domain.taken_back import recalled_lots, takes_back_all


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceApart:
    """Units of one lot at a place of ours (`site`) or at a channel; `where` is as it was told.

    `before_part`: they were counted before part of them was freed, and nobody can say how many of
    them stay stopped.
    """

    units: int
    at: datetime
    site: str = ""
    channel: str = ""
    where: str = ""
    before_part: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LotApart:
    """Units of one lot that are set apart so far; `lot` is "" where lots were not told apart."""

    lot: str
    places: tuple[PlaceApart, ...]

    @property
    def units(self) -> int:
        """Add up the places."""
        return sum(one.units for one in self.places)


def units_by_lot(now: ChannelHalt) -> tuple[LotUnits, ...]:
    """Give what a channel set apart by lot, as far as the last word on it told lots apart."""
    apart = now.apart or (now.own_answer.set_apart if now.own_answer else ())
    if apart and sum(one.units for one in apart) == now.units:
        return apart
    return (LotUnits(lot="", units=now.units),) if now.units else ()


def units_held(incident: Incident, now: ChannelHalt) -> tuple[LotUnits, ...]:
    """Give what a channel set apart by lot, as far as something still stops that there."""
    orders, is_recalled = _orders(incident.halt, now.channel), _held_for_good(incident)
    last = [
        one for one in units_by_lot(now) if not _is_over(orders, now.channel, one.lot, is_recalled)
    ]
    known = {one.lot for one in last if one.lot}
    before = (
        LotUnits(lot=lot, units=said.units)
        for lot, said, is_over, _ in _counted_before(incident, now)
        if not is_over and lot not in known
    )
    return (*last, *before)


def apart_by_lot(incident: Incident) -> tuple[LotApart, ...]:
    """Give the units that are set apart so far by lot, those that nobody told apart last."""
    return _added_up(incident, is_over=False)


def apart_before(incident: Incident) -> tuple[LotApart, ...]:
    """Give the units by lot that were counted where nothing stops them any more."""
    return _added_up(incident, is_over=True)


def _added_up(incident: Incident, *, is_over: bool) -> tuple[LotApart, ...]:
    """Add up the last count of each place, where it is over or where it is not."""
    halt = incident.halt
    found: dict[str, dict[str, PlaceApart]] = defaultdict(dict)
    channel_of = _channels_by_name(halt)
    counted = {channel_of.get(one.site.casefold()) for one in halt.quarantine}
    for one in halt.quarantine:
        channel = channel_of.get(one.site.casefold(), "")
        if _is_over(_orders(halt, channel), channel, one.lot, _held_for_good(incident)) == is_over:
            _keep_later(found[one.lot], channel or one.site, _counted(one))
    for now in halt.channels.values():
        for lot, said, is_said_over, name in _said_there(incident, now):
            if is_said_over == is_over and (lot or now.channel not in counted):
                _keep_later(found[lot], name, said)
    lots = sorted(found, key=lambda lot: (not lot, lot))
    whole = (LotApart(lot=lot, places=_holding(found[lot])) for lot in lots)
    return tuple(one for one in whole if one.units)


def _held_for_good(incident: Incident) -> Callable[[str], bool]:
    """Give what says of a lot whether a recall takes it back: no order need stop it."""
    every, lots = takes_back_all(incident), frozenset(recalled_lots(incident))
    return lambda lot: every or lot in lots


def _orders(halt: HaltState, channel: str) -> list[HaltOrder]:
    """Give the orders that went to a channel; all of them for a place that is none ("")."""
    return [one for one in halt.orders if not channel or channel in one.channels]


def _stand(orders: Iterable[HaltOrder], channel: str) -> list[HaltOrder]:
    return [one for one in orders if not one.lifted_at and (not channel or channel in one.stopped)]


def _is_over(
    orders: Sequence[HaltOrder], channel: str, lot: str, is_recalled: Callable[[str], bool]
) -> bool:
    """Say whether orders stopped a lot at a place, and neither they nor a recall hold it now.

    A lot that no order names is held as long as anything is stopped there.
    """
    stand = _stand(orders, channel)
    if is_recalled(lot) or not orders:
        return False
    return not stand or (_names(orders, lot) and not _names(stand, lot))


def _names(orders: Iterable[HaltOrder], lot: str) -> bool:
    return any(not lot or not one.lots or lot in one.lots for one in orders)


def plant_channel(halt: HaltState, site: str) -> str:
    """Name the channel of a plant as a stop was recorded there; empty where it is not certain.

    The desk of a plant may be listed under the plant's name and more: that of one plant alone.
    """
    name = site.strip().casefold()
    plants = [
        one for one in halt.listed.values() if one.kind == "plant" and one.id in halt.channels
    ]
    meant = [
        one.id
        for one in plants
        if name
        and any(known.casefold().startswith(name) for known in (one.id, one.name, one.name_zh))
    ]
    return meant[0] if len(meant) == 1 else ""


def _channels_by_name(halt: HaltState) -> dict[str, str]:
    """Give the channels that stand in the halt by every name that a place may be written with."""
    return {
        name.casefold(): one.id
        for one in halt.listed.values()
        if one.id in halt.channels
        for name in (one.id, one.name, one.name_zh)
    }


def _counted(one: Quarantine) -> PlaceApart:
    return PlaceApart(units=one.units, at=one.at, site=one.site, where=one.place)


Said = tuple[str, PlaceApart, bool, str]
"""A lot, what was said of it, whether nothing stops that any more, and who said it."""


def _said_there(incident: Incident, now: ChannelHalt) -> Iterator[Said]:
    """Give what a channel set apart by lot, and whether nothing stops that there any more."""
    orders, is_recalled = _orders(incident.halt, now.channel), _held_for_good(incident)
    counted_at = {one.order: one.at for one in now.counted if one.units is not None}
    for own in now.older_answers:
        if own.order in counted_at and own.at < counted_at[own.order]:
            continue
        parts = _going_on(orders, now.channel, own.order)
        for lot, said in _said_before(now, own, parts):
            over = _is_told_over(incident, now.channel, own, lot)
            yield lot, said, over, _named(now, said)
    yield from _counted_before(incident, now)
    own_order = now.own_answer.order if now.own_answer else 0
    for lot, said in _said(now):
        over = _is_over(orders, now.channel, lot, is_recalled)
        if own_order and not lot:
            over = not _going_on(orders, now.channel, own_order)
        yield lot, said, over, _named(now, said)


def _named(now: ChannelHalt, said: PlaceApart) -> str:
    return f"{now.channel} before" if said.before_part else now.channel


def _is_told_over(
    incident: Incident, channel: str, told: LinkAnswer | CountedThere, lot: str
) -> bool:
    """Say whether nothing stops at a channel any more what was counted for an older order."""
    if told.is_over and not _held_for_good(incident)(lot):
        return True
    orders = _orders(incident.halt, channel)
    if not lot:
        return not _going_on(orders, channel, told.order)
    of_it = next((one for one in orders if one.number == told.order), None)
    alike = [one for one in orders if of_it and not set(of_it.products).isdisjoint(one.products)]
    return _is_over(alike, channel, lot, _held_for_good(incident))


def _counted_before(incident: Incident, now: ChannelHalt) -> Iterator[Said]:
    """Give what was counted for orders before: where lots were not told apart, each by itself."""
    for told in now.counted:
        rows = told.apart or ((LotUnits(lot="", units=told.units),) if told.units else ())
        for one in rows:
            said = PlaceApart(units=one.units, at=told.at, channel=now.channel)
            name = now.channel if one.lot else f"{now.channel} {told.order} {told.at}"
            yield one.lot, said, _is_told_over(incident, now.channel, told, one.lot), name


def _said(now: ChannelHalt) -> Iterator[tuple[str, PlaceApart]]:
    """Give what a channel set apart, by its own last word or somebody's for it."""
    own = now.own_answer
    at = (own.at if own else None) or now.answered_at or now.ordered_at
    for one in units_by_lot(now):
        yield (
            one.lot,
            PlaceApart(
                units=one.units,
                at=at,
                channel=now.channel,
                where=own.where if own and own.set_apart else "",
                before_part=_is_carried(now) and not one.lot,
            ),
        )


def _is_carried(now: ChannelHalt) -> bool:
    """Say whether units of which nobody told the lots were counted for an order before."""
    return any(not one.lot for one in now.apart)


def _said_before(
    now: ChannelHalt, own: LinkAnswer, parts: Mapping[int, Sequence[int]]
) -> Iterator[tuple[str, PlaceApart]]:
    """Give what a channel set apart by an older order, which these orders go on with.

    Of units of which nobody told the lots those are left out that were counted anew since.
    """
    is_freed = bool(parts) and own.order not in parts
    apart = own.set_apart
    if own.units is not None and sum(one.units for one in apart) != own.units:
        counted = any(one.lot for one in now.apart)  # somebody told them by lot since
        apart = () if counted else (LotUnits(lot="", units=own.units),)
    for one in apart:
        is_open = is_freed and not one.lot
        left = one.units - (_counted_anew(now, parts, one.units) if is_open else 0)
        yield (
            one.lot,
            PlaceApart(
                units=left, at=own.at, channel=now.channel, where=own.where, before_part=is_open
            ),
        )


def _going_on(orders: Iterable[HaltOrder], channel: str, number: int) -> dict[int, list[int]]:
    """Give the orders that stop a channel still and go on with one, each with those between.

    An order that stands itself goes on with itself.
    """
    orders = list(orders)
    part_of = {one.number: one.part_of for one in orders}
    found = {}
    for one in _stand(orders, channel):
        line = [one.number]
        while line[-1] != number and part_of.get(line[-1]):
            line.append(part_of[line[-1]])
        if line[-1] == number:
            found[one.number] = line[:-1]
    return found


def _counted_anew(now: ChannelHalt, parts: Mapping[int, Sequence[int]], most: int) -> int:
    """Give how many of so many units were counted anew, for orders that go on with theirs.

    Where each of them was counted, that is all of them.
    """
    anew = {one.order: one.units for one in now.older_answers if one.units is not None}
    if now.units is not None and not _is_carried(now):
        anew[now.order] = now.units
    if all(any(number in anew for number in line) for line in parts.values()):
        return most
    between = {number for line in parts.values() for number in line}
    return min(most, sum(anew.get(number, 0) for number in between))


def _keep_later(places: dict[str, PlaceApart], name: str, one: PlaceApart) -> None:
    before = places.get(name)
    if before is None or before.at < one.at:
        places[name] = one


def _holding(places: Mapping[str, PlaceApart]) -> tuple[PlaceApart, ...]:
    """Leave out places that hold none of it; the most stands first."""
    held = [one for one in places.values() if one.units]
    return tuple(sorted(held, key=lambda one: (-one.units, one.site, one.channel)))
