"""Looks at channels: what is still on sale of the goods that are held there.

What belongs here: looking at several channels at once, each by itself, and which incidents hear of
what was found. What never does: what a finding means (domain/drift.py), or how a shop is looked at
(integrations/).
"""

import json
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, Final, TypeVar

from sqlalchemy.engine import Engine
from temporalio import activity

from activities.held_goods import HeldGoods
from domain.canonical import sha256_hex
from domain.channels import SELLING_AGAIN, SETTLED, UNREADABLE, ChannelOutcome
from domain.desired import Hold, covered
from domain.drift import SeenChannel
from domain.envelope import Drift, Drifted, Looked, LookRequest, Wire
from domain.errors import AndonError
from domain.wire import encode
from integrations.channels import Adapters, LateAnswer, Sighting
from storage import company, holds, incidents

AT_ONCE: Final = 64
"""Channels that are looked at at the same moment: one that hangs holds no other up."""

WAITED_S: Final = 40.0
"""Seconds that all looks of a round are waited for: a shop that hangs, or has a thousand pages, is
not seen in this round, and keeps what the others showed from nobody."""

_T = TypeVar("_T")

log = logging.getLogger(__name__)


class LookActivities:
    """Activities over the adapters and what is held."""

    def __init__(self, engine: Engine, adapters: Adapters, held: HeldGoods) -> None:
        """Keep the engine, the adapters, and who tells what no incident can be told."""
        self._engine = engine
        self._adapters = adapters
        self._held = held

    @activity.defn(name="look_at_channels", no_thread_cancel_exception=True)
    def look_at_channels(self, wanted: LookRequest) -> Looked:
        """Look at channels of one incident now; one that cannot be seen is told as such."""
        places = [(channel, wanted.drill) for channel in wanted.channels]
        held = holds.of_incident(self._engine, wanted.incident)
        found = [
            _told(channel, seen, [hold for hold in held if hold.channel == channel])
            for channel, seen in zip(wanted.channels, self._look(places), strict=True)
        ]
        answers = self._answers(places)[wanted.incident]
        return Looked([encode(SeenChannel, one) for one in found], answers)

    @activity.defn(name="find_drift", no_thread_cancel_exception=True)
    def find_drift(self) -> Drifted:
        """Look at every channel at which anything is held; give what its incidents hear."""
        places = holds.channels(self._engine)
        told: dict[str, list[Wire]] = defaultdict(list)
        looks = [
            (_told(place[0], seen, held), incident)
            for place, seen in zip(places, self._look(places), strict=True)
            for incident, held in self._holders(*place).items()
        ]
        for found_there, incident in looks:
            if found_there.is_seen and (
                not found_there.is_clean or self._was_found(incident, found_there.channel)
            ):
                told[incident].append(encode(SeenChannel, found_there))
        self._held.note(looks)
        answers = self._answers(places)
        names = list(dict.fromkeys([*told, *answers]))
        found = [Drift(name, self._run(name), told[name], answers[name]) for name in names]
        listed, listed_as = self._new_list()
        real = [channel for channel, drill in places if listed and not drill]
        holding = {name: self._run(name) for c in real for name in self._holders(c, "")}
        return Drifted(len(places), found, listed, listed_as, holding)

    @activity.defn(name="note_channels_told", no_thread_cancel_exception=True)
    def note_channels_told(self, listed_as: str) -> None:
        """Note that open incidents have heard of a list."""
        company.set_fact(self._engine, company.CHANNELS_TOLD, listed_as)

    def _new_list(self) -> tuple[list[Wire], str]:
        """Give the channels of a list that incidents have not heard of, and its hash."""
        text = company.fact(self._engine, company.CHANNELS_LISTED)
        if text is None:
            return [], ""
        listed_as = sha256_hex(text.encode())
        if company.fact(self._engine, company.CHANNELS_TOLD) == listed_as:
            return [], ""
        return json.loads(text), listed_as

    def _run(self, incident: str) -> int:
        return incidents.incident(self._engine, incident).run

    def _look(self, places: Sequence[tuple[str, str]]) -> list[Sighting | None]:
        return _each(places, self._seen, lambda _channel, _drill: None)

    def _seen(self, channel: str, drill: str) -> Sighting | None:
        try:
            return self._adapters.look(channel, drill)
        except AndonError as error:
            log.warning("channel %s could not be looked at: %s", channel, error.code)
            return None

    def _answers(self, places: Sequence[tuple[str, str]]) -> dict[str, list[Wire]]:
        """Give what channels answered later, by incident: what it does not know yet."""
        found: dict[str, list[Wire]] = defaultdict(list)
        answered = _each(places, self._late, lambda _channel, _drill: ())
        for (channel, _drill), late in zip(places, answered, strict=True):
            for one in late:
                if self._is_awaited(channel, one):
                    outcome = _outcome(channel, one)
                    found[one.incident].append(encode(ChannelOutcome, outcome))
        return found

    def _late(self, channel: str, drill: str) -> Sequence[LateAnswer]:
        try:
            return self._adapters.answers(channel, drill)
        except AndonError as error:
            log.warning("answers of channel %s could not be read: %s", channel, error.code)
            return ()

    def _is_awaited(self, channel: str, late: LateAnswer) -> bool:
        """Say whether an incident waits for an answer: it would be told of it in every round."""
        now = self._channel(late.incident, channel)
        if not now or now["state"] in SELLING_AGAIN:
            return False
        older = {one["order"]: (one["state"], one["error"]) for one in now.get("by_order", ())}
        newest = (now["state"], now["last_error"])
        if late.order not in {now["order"], *older}:
            return False
        state, error = older.get(late.order, newest)
        if state == late.reply.state == UNREADABLE:
            return bool(error != late.reply.error)
        return state not in {*SETTLED, late.reply.state}

    def _was_found(self, incident: str, channel: str) -> bool:
        """Say whether goods were found on sale there last: that they are gone is news then."""
        return bool(self._channel(incident, channel).get("found"))

    def _channel(self, incident: str, channel: str) -> Mapping[str, Any]:
        """Give where a channel stands in an incident, as recorded; nothing where it does not."""
        stored = incidents.load_state(self._engine, incident)
        channels = json.loads(stored.state)["halt"]["channels"] if stored else {}
        told: Mapping[str, Any] = channels.get(channel) or {}
        return told

    def _holders(self, channel: str, drill: str) -> Mapping[str, Sequence[Hold]]:
        """Give the incidents that hold goods there, each with what it holds."""
        held: dict[str, list[Hold]] = defaultdict(list)
        for one in holds.at_channel(self._engine, channel, drill):
            held[one.incident].append(one.hold)
        return held


def _each(
    places: Sequence[tuple[str, str]],
    ask: Callable[[str, str], _T],
    instead: Callable[[str, str], _T],
) -> list[_T]:
    """Ask every place at once; who has not answered in time is given as `instead`, this time."""
    threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="look")
    asked = [threads.submit(ask, *place) for place in places]
    wait(asked, WAITED_S)
    threads.shutdown(wait=False, cancel_futures=True)
    return [
        one.result() if _is_told(one, *place) else instead(*place)
        for one, place in zip(asked, places, strict=True)
    ]


def _told(channel: str, seen: Sighting | None, held: Sequence[Hold]) -> SeenChannel:
    """Give what an incident hears of a look: of its own goods alone."""
    if seen is None:
        return SeenChannel(channel=channel, is_seen=False)
    own = seen.of(lambda product, lot: covered(held, product, lot))
    return SeenChannel(channel=channel, offers=own.offers, units=own.units, unshipped=own.unshipped)


def _is_told(asked: Future[_T], channel: str, drill: str) -> bool:
    """Say whether a place answered; whatever went wrong at one is logged and stays with it."""
    if not asked.done() or asked.cancelled():
        return False
    error = asked.exception()
    if error is None:
        return True
    if not isinstance(error, Exception):
        raise error
    # What such an error says may hold a key: only its kind is told.
    log.error("channel %s (%s) broke a look: %s", channel, drill or "real", type(error).__name__)
    return False


def _outcome(channel: str, late: LateAnswer) -> ChannelOutcome:
    reply = late.reply
    return ChannelOutcome(
        channel=channel,
        order=late.order,
        state=reply.state,
        attempts=1,
        proof=reply.proof,
        error=reply.error,
        units=reply.units,
        orders=reply.orders,
        order_units=reply.order_units,
    )
