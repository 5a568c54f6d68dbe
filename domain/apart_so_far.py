"""Stage `halt`: the units that are set apart so far, by lot, over all places and channels.

What belongs here: adding up what places of ours counted and what channels said. What never does:
recording a count (domain/set_apart.py) or an answer (domain/channel_answers.py).

A warehouse of ours is a place that counts, and a channel that answers: it is counted once, and the
later of its two numbers counts.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.channels import SELLING_AGAIN
from domain.state.halt import ChannelHalt, HaltOrder, HaltState, LotUnits, Quarantine


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceApart:
    """Units of one lot at a place of ours (`site`) or at a channel; `where` is as it was told."""

    units: int
    at: datetime
    site: str = ""
    channel: str = ""
    where: str = ""


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


def apart_by_lot(halt: HaltState) -> tuple[LotApart, ...]:
    """Give the units that are set apart so far by lot, those that nobody told apart last."""
    found: dict[str, dict[str, PlaceApart]] = defaultdict(dict)
    channel_of = _channels_by_name(halt)
    counted = {channel_of.get(one.site.casefold()) for one in halt.quarantine}
    for one in halt.quarantine:
        place = channel_of.get(one.site.casefold(), one.site)
        _keep_later(found[one.lot], place, _counted(one))
    for now in halt.channels.values():
        for lot, said in (*_said_before(halt, now), *_said(now)):
            if lot or now.channel not in counted:
                _keep_later(found[lot], now.channel, said)
    lots = sorted(found, key=lambda lot: (not lot, lot))
    whole = (LotApart(lot=lot, places=_holding(found[lot])) for lot in lots)
    return tuple(one for one in whole if one.units)


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


def _said(now: ChannelHalt) -> Iterator[tuple[str, PlaceApart]]:
    """Give what a channel set apart; one that may sell again holds nothing back."""
    if now.state in SELLING_AGAIN:
        return
    own = now.own_answer
    at = (own.at if own else None) or now.answered_at or now.ordered_at
    for one in units_by_lot(now):
        where = own.where if own and own.set_apart else ""
        yield one.lot, PlaceApart(units=one.units, at=at, channel=now.channel, where=where)


def _said_before(halt: HaltState, now: ChannelHalt) -> Iterator[tuple[str, PlaceApart]]:
    """Give what a channel set apart by older orders that stop it still: of other lots, mostly.

    Where some lots of an order were freed, what was told to it counts for the lots that stay.
    """
    stand = [one for one in halt.orders if not one.lifted_at and now.channel in one.stopped]
    whole = {one.number for one in stand}
    stay = _lots_that_stay(halt, stand)
    for own in now.older_answers:
        for one in own.set_apart:
            if own.order in whole or one.lot in stay.get(own.order, ()):
                yield (
                    one.lot,
                    PlaceApart(units=one.units, at=own.at, channel=now.channel, where=own.where),
                )


def _lots_that_stay(halt: HaltState, stand: Iterable[HaltOrder]) -> dict[int, set[str]]:
    """Give, by each order that ended, the lots of it that orders of what is left of it stop."""
    part_of = {one.number: one.part_of for one in halt.orders}
    found: dict[int, set[str]] = defaultdict(set)
    for one in stand:
        before = one.part_of
        while before:
            found[before].update(one.lots)
            before = part_of[before]
    return found


def _keep_later(places: dict[str, PlaceApart], name: str, one: PlaceApart) -> None:
    before = places.get(name)
    if before is None or before.at < one.at:
        places[name] = one


def _holding(places: Mapping[str, PlaceApart]) -> tuple[PlaceApart, ...]:
    """Leave out places that hold none of it; the most stands first."""
    held = [one for one in places.values() if one.units]
    return tuple(sorted(held, key=lambda one: (-one.units, one.site, one.channel)))
