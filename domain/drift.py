"""Stage `halt`: asking channels again, and finding the goods on sale after all.

What belongs here: looks at channels and what they found, a person's own sighting, ordering anew
what should have stopped. What never does: an order that was not given before (domain/halt.py), what
a channel answers (domain/channels.py), or the look itself (integrations/).

A look is taken on a schedule and on demand. What it finds is an entry once, and again only when it
changed or the channel had said yes anew; every finding orders the channel anew, and rings where it
is news.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from domain.channels import (
    CHASERS,
    NEEDS_SOMEBODY,
    SELLING_AGAIN,
    SETTLED,
    ChannelOutcome,
    chasers,
    news_of,
    ordered_channel,
    standing,
)
from domain.desired import is_held_at
from domain.dispatch import Act, Due, Effect, causes, decides, evolves, watches
from domain.errors import Refused
from domain.halt import HALT_ROLES, confirms_by
from domain.message import ask, command, event
from domain.ordered_anew import opened_again, opened_beside, order_anew, with_anew
from domain.orders_there import ANSWERED_FOR, covers, orders_at
from domain.people import Role
from domain.replacing import replace
from domain.stages import Stage
from domain.state import Incident, Mark, with_stage
from domain.state.halt import ChannelHalt, Drift
from domain.values import ChannelId, PublicText
from domain.wire import added

LOOKERS = (*HALT_ROLES, Role.MARKET_MONITORING)
"""Who may look at a channel, and say what they saw there."""

SAID_YES = frozenset({"accepted", "confirmed", "taken_over", "selling"})
"""Where finding the goods is news: everywhere else the channel has not said that it stopped."""

RINGS_AGAIN = timedelta(hours=1)
"""The very same sight, after a yes in between, alarms people again after so long; its clock, which
runs from the first sight, escalates meanwhile. A look is made every five minutes."""

BY_LOOK = "by the look at the channel itself"

# ---------------------------------------------------------------- events


@event("DriftFound", stage=Stage.HALT)
@dataclass(frozen=True, slots=True, kw_only=True)
class DriftFound:
    """The product is still on sale at a channel that should have stopped.

    `offers`, their `units` and `unshipped` orders were counted by a look at the channel itself.
    `again`: people were alarmed of the very same shortly before, and are not alarmed anew.
    """

    channel: str
    how_seen: PublicText
    units_sold: int | None
    offers: int | None = added(None)
    units: int | None = added(None)
    unshipped: int | None = added(None)
    again: bool = added(default=False)


@event("ChannelsAskedAgain", stage=Stage.HALT)
@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelsAskedAgain:
    """Channels that have not answered were ordered anew."""

    channels: tuple[str, ...]
    by: str


@event("LookOrdered", stage=Stage.HALT)
@dataclass(frozen=True, slots=True, kw_only=True)
class LookOrdered:
    """Somebody wants to know now whether channels have stopped."""

    channels: tuple[str, ...]
    by: str


@event("ChannelsLookedAt", stage=Stage.HALT)
@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelsLookedAt:
    """Channels were looked at on demand; what is still on sale is an entry of its own beside this.

    `clean`: nothing of it runs there. `not_seen`: it could not be reached, or cannot be looked at.
    """

    clean: tuple[str, ...]
    selling: tuple[str, ...]
    not_seen: tuple[str, ...]


# ---------------------------------------------------------------- commands


@command("report_drift", stage=Stage.HALT, roles=[*LOOKERS, Role.PERFORMER],
         title="It is still on sale here", item="channel")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDrift:
    """Somebody saw the product on sale after the halt."""

    channel: ChannelId = ask("Channel")
    how_seen: PublicText = ask("Where and how was it seen?", max=500)
    units_sold: int | None = ask("Units sold meanwhile, if known", default=None)


@command(
    "ask_channels_again",
    stage=Stage.HALT,
    roles=CHASERS,
    title="Ask the silent ones again",
    help="The order goes out anew, as a second request, to every channel that is silent, was not "
    "reached, refused, answered unreadably or still sells. Who is in its time is left in peace.",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class AskChannelsAgain:
    """Order anew whoever somebody has to chase; who is in its time only by name."""

    channels: tuple[ChannelId, ...] = ask(
        "Which channels? (leave empty for all that are silent, refused or still sell)", default=()
    )


@command(
    "look_at_channels",
    stage=Stage.HALT,
    roles=LOOKERS,
    title="Look at the channels now",
    help="Shops that can be looked at are; what is still on sale raises the alarm.",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class LookAtChannels:
    """Look now whether the goods are still on sale."""

    channels: tuple[ChannelId, ...] = ask(
        "Which channels? (leave empty for all that were ordered to stop)", default=()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenChannel:
    """What one look at a channel found; `is_seen` is false where it could not be looked at."""

    channel: str
    is_seen: bool = True
    offers: int = 0
    units: int | None = None
    unshipped: int = 0

    @property
    def is_clean(self) -> bool:
        """Say whether it was looked at and nothing runs there."""
        return self.is_seen and not self.offers and not self.unshipped


@command("report_look", stage=Stage.HALT, roles=[Role.PERFORMER], title="Channels were looked at")
@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLook:
    """What a look found; `on_demand` where a person had asked for it.

    `answers` are those of channels that took their order and answered it later.
    """

    seen: tuple[SeenChannel, ...]
    on_demand: bool = False
    answers: tuple[ChannelOutcome, ...] = added(())


def seen_at(incident: Incident, now: ChannelHalt, number: int) -> datetime | None:
    """Give when goods were last told to be on sale at a channel that an order was to stop there.

    None while nothing is known, and for an order that was given since: nobody saw its goods.
    """
    if now.drift is None:
        return None
    at = max(now.drift.found_at, now.drift.rung_at or now.drift.found_at)
    there = {order.number: order for order in orders_at(incident, now.channel)}
    of_it = there.get(number)
    covered = [each for each, one in there.items() if of_it is not None and covers(of_it, one)]
    since = [_stopped_since(incident, each) for each in {number, *covered}]
    return at if any(one is not None and one <= at for one in since) else None


def _stopped_since(incident: Incident, number: int) -> datetime | None:
    """Give when goods of an order were first to stop: what is left of another goes on with it."""
    there = {order.number: order for order in incident.halt.orders}
    order = there.get(number)
    while order is not None and order.part_of in there:
        order = there[order.part_of]
    return None if order is None else order.ordered_at


def had_said_so(incident: Incident, now: ChannelHalt, number: int) -> bool:
    """Say whether a channel had answered itself that an order holds, and then was seen selling."""
    found_at = seen_at(incident, now, number)
    answers = [one for one in (now.own_answer, *now.older_answers) if one is not None]
    return found_at is not None and any(
        one.order == number and one.answer != "cannot" and one.at <= found_at for one in answers
    )


# ---------------------------------------------------------------- decide


@decides(ReportDrift)
def report_drift(incident: Incident, _act: Act, said: ReportDrift) -> tuple[Any, ...]:
    """Raise the alarm: a channel said yes and sells; raises Refused where it may sell all of it."""
    now = ordered_channel(incident, said.channel)
    if now.state in SELLING_AGAIN and not is_held_at(incident, said.channel):
        raise Refused(
            "Sale was resumed here.",
            "Order the halt again, where it has to stop.",
            code="may_sell",
        )
    return (DriftFound(channel=said.channel, how_seen=said.how_seen, units_sold=said.units_sold),)


@decides(AskChannelsAgain)
def ask_channels_again(incident: Incident, act: Act, said: AskChannelsAgain) -> tuple[Any, ...]:
    """Order anew those named that are to stop, else those that need it; raises Refused for none."""
    named = [ordered_channel(incident, name) for name in said.channels]
    late = [
        now for now in incident.halt.channels.values() if standing(now, act.at) in NEEDS_SOMEBODY
    ]
    asked = [now.channel for now in named or late if now.state not in {*SETTLED, *SELLING_AGAIN}]
    if not asked:
        raise Refused(
            "Every channel that is meant has confirmed, is in its time, is answered for, or may "
            "sell again.",
            "Look at the halt board: who is in its time can be called.",
            code="nobody_to_ask",
        )
    return (ChannelsAskedAgain(channels=tuple(sorted(set(asked))), by=act.who),)


@decides(LookAtChannels)
def look_at_channels(incident: Incident, act: Act, said: LookAtChannels) -> tuple[Any, ...]:
    """Let channels be looked at."""
    named = [ordered_channel(incident, name) for name in said.channels]
    wanted = [
        now.channel
        for now in named or incident.halt.channels.values()
        if now.state not in SELLING_AGAIN
    ]
    if not wanted:
        raise Refused(
            "No channel is to stand still.", "Order a halt first.", code="nothing_to_look_at"
        )
    return (LookOrdered(channels=tuple(sorted(set(wanted))), by=act.who),)


@decides(ReportLook)
def report_look(incident: Incident, act: Act, said: ReportLook) -> Iterator[Any]:
    """Record what is news: late answers, goods at a channel that said yes, how it changed."""
    yield from news_of(incident, act, said.answers, late=True)
    seen = [one for one in said.seen if one.channel in incident.halt.channels]
    if said.on_demand:
        yield ChannelsLookedAt(
            clean=_names(one for one in seen if one.is_clean),
            selling=_names(one for one in seen if one.is_seen and not one.is_clean),
            not_seen=_names(one for one in seen if not one.is_seen),
        )
    else:
        clean = _names(one for one in seen if one.is_clean and _is_found(incident, one))
        if clean:
            yield ChannelsLookedAt(clean=clean, selling=(), not_seen=())
    for one in seen:
        if one.is_seen and not one.is_clean and _is_news(incident, one):
            yield DriftFound(
                channel=one.channel,
                how_seen=PublicText(BY_LOOK),
                units_sold=None,
                offers=one.offers,
                units=one.units,
                unshipped=one.unshipped,
                again=_is_rung(incident, act, one),
            )


def _names(seen: Iterable[SeenChannel]) -> tuple[str, ...]:
    return tuple(sorted(one.channel for one in seen))


def _is_news(incident: Incident, seen: SeenChannel) -> bool:
    now = incident.halt.channels[seen.channel]
    if now.state not in SAID_YES:
        return False
    return now.drift is None or not _is_same(now.drift, seen)


def _is_same(before: Drift, seen: SeenChannel) -> bool:
    counted = (seen.offers, seen.units, seen.unshipped)
    return (before.offers, before.units, before.unshipped) == counted


def _is_found(incident: Incident, seen: SeenChannel) -> bool:
    """Say whether no look was clean since goods were found there."""
    return incident.halt.channels[seen.channel].found is not None


def _is_rung(incident: Incident, act: Act, seen: SeenChannel) -> bool:
    """Say whether people were alarmed of the very same a short while ago."""
    now = incident.halt.channels[seen.channel]
    before = now.drift or now.found
    if before is None or before.rung_at is None or not _is_same(before, seen):
        return False
    return act.at < before.rung_at + RINGS_AGAIN


# ---------------------------------------------------------------- evolve


@evolves(DriftFound)
def _drift(incident: Incident, drift: DriftFound, mark: Mark) -> Incident:
    now = incident.halt.channels[drift.channel]
    before = now.drift or now.found
    found = Drift(
        seq=before.seq if before else mark.seq,
        found_at=before.found_at if before else mark.at,
        rung_at=before.rung_at if before and drift.again else mark.at,
        after_s=int((mark.at - now.ordered_at).total_seconds()),
        offers=drift.offers,
        units=drift.units,
        unshipped=drift.unshipped,
        units_sold=drift.units_sold,
        how_seen=drift.how_seen,
    )
    changed = replace(now, drift=found, found=found)
    if now.state in SELLING_AGAIN:
        changed = opened_beside(incident, changed, "selling", drift.how_seen)
    else:  # what a person answers for too: nobody knows of which order the goods are
        whole = replace(changed, left_to=None)
        changed = opened_again(incident, whole, "selling", drift.how_seen)
    changed = replace(changed, again=with_anew(changed, mark))
    return with_stage(
        incident,
        "halt",
        channels={**incident.halt.channels, drift.channel: changed},
        drifts=incident.halt.drifts + 1,
    )


@evolves(ChannelsAskedAgain)
def _asked_again(incident: Incident, asked: ChannelsAskedAgain, mark: Mark) -> Incident:
    now = incident.halt.channels
    changed = {
        name: replace(now[name], asked_again_at=mark.at, again=with_anew(now[name], mark))
        for name in asked.channels
        if name in now
    }
    return with_stage(incident, "halt", channels={**now, **changed})


@evolves(LookOrdered)
def _look_ordered(incident: Incident, _ordered: LookOrdered, _mark: Mark) -> Incident:
    return incident


@evolves(ChannelsLookedAt)
def _looked_at(incident: Incident, looked: ChannelsLookedAt, mark: Mark) -> Incident:
    now = incident.halt.channels
    seen = {*looked.clean, *looked.selling} & now.keys()
    changed = {name: replace(now[name], looked_at=mark.at) for name in seen}
    changed |= {name: replace(changed[name], found=None) for name in seen & {*looked.clean}}
    return with_stage(incident, "halt", channels={**now, **changed})


# ---------------------------------------------------------------- what is due, what it causes


@watches(Stage.HALT)
def drifts_due(incident: Incident) -> Iterator[Due]:
    """Where goods are on sale after all, somebody stops it in the time of an order.

    That the channel took the order anew ends nothing: it took the first one too. The time runs from
    the first sight, until a look is clean or a person answers for the channel: one that stops and
    sells in turn is late all the same. Where some goods resume, it runs for what still stops there.
    """
    for now in incident.halt.channels.values():
        if now.drift is None or now.state in ANSWERED_FOR:
            continue
        if now.state == "resuming" and not orders_at(incident, now.channel):
            continue
        listed = incident.halt.listed[now.channel]
        due_at = confirms_by(incident, now.drift.found_at, listed)
        if due_at is None:
            continue
        yield Due(
            key=f"drift:{now.channel}:{now.drift.seq}",
            stage=Stage.HALT,
            title=f"{listed.name} still sells it",
            roles=(*chasers(incident, listed.kind), Role.INCIDENT_COMMANDER),
            start_at=now.drift.found_at,
            due_at=due_at,
            act="confirm_channel",
            item=now.channel,
        )


@causes(DriftFound)
def _alarm(_incident: Incident, drift: DriftFound, mark: Mark) -> Iterable[Effect]:
    if drift.again:
        return
    yield Effect(
        name="tell",
        target=f"drift:{drift.channel}",
        seq=mark.seq,
        body={
            "kind": "drift",
            "roles": [Role.CHANNEL_LEAD, Role.INCIDENT_COMMANDER],
            "channel": drift.channel,
            "how_seen": drift.how_seen,
        },
    )


@causes(DriftFound)
def _order_anew(incident: Incident, drift: DriftFound, mark: Mark) -> Iterable[Effect]:
    return order_anew(incident, [incident.halt.channels[drift.channel]], mark.seq)


@causes(ChannelsAskedAgain)
def _ask_again(incident: Incident, asked: ChannelsAskedAgain, mark: Mark) -> Iterable[Effect]:
    now = incident.halt.channels
    return order_anew(incident, [now[name] for name in asked.channels if name in now], mark.seq)


@causes(LookOrdered)
def _look(_incident: Incident, look: LookOrdered, mark: Mark) -> Iterable[Effect]:
    yield Effect(name="look", target="channels", seq=mark.seq, body={"channels": [*look.channels]})
