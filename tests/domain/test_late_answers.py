"""However late orders get through and are answered: what stands stopped is not sold, freed goods come back.

A world of its own carries what the entries cause, order by order, whenever chance lets it: the goods
of an order to sell again are what is not held at that moment, as adapters and letters have it.
"""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from domain.acts import ActRefused, SignAct
from domain.agenda import dues
from domain.channels import ChannelOutcome, ReportOutcomes
from domain.desired import covered, holds
from domain.halt import ListChannels
from domain.incident import effects, fold, new_incident
from domain.ledger import read_entry
from domain.people import PERFORMER
from domain.resumed_channels import ConfirmResumed
from domain.resuming import HaltLifted, LiftHalt, ResumeSale
from domain.severity import HaltLevel
from domain.under_way import under_way
from domain.values import ChannelId
from tests.domain.recalls import COMMANDER, QSR, words
from tests.domain.story import SERIOUS, channels, rules
from tests.domain.test_drift import CHANNELS as LEAD
from tests.domain.test_freed_pairs import (
    CHANNELS,
    ELSE,
    LOTS,
    PRODUCTS,
    Book,
    bounding,
    hearing,
    no_lots,
    ordering,
    pairs,
    recalling,
    some_lots,
    some_products,
)
from tests.domain.test_resuming_goods import BASIS, PROMOTION, SHOP
from tests.domain.test_two_orders import SEEN

EVERY = pairs(PRODUCTS, (*LOTS, ELSE))


@dataclass
class Carrier:
    """Whoever carries one order to one channel; `report` is what nobody has heard yet."""

    name: str
    channel: ChannelId
    goods: set[tuple[str, str]]
    resumes: bool
    is_over: bool = False
    report: str = ""


@dataclass
class World(Book):
    """A book, and what each channel sells by all that reached it."""

    carriers: list[Carrier] = field(default_factory=list)
    sells: dict[str, set[tuple[str, str]]] = field(
        default_factory=lambda: {channel: set(EVERY) for channel in CHANNELS}
    )
    seen: int = 0
    state: Any = field(default_factory=lambda: new_incident("INC-2026-0001", rules()))

    def catch_up(self) -> None:
        """Begin and end carriers as the entries say that are new."""
        for leaf in self.story.leaves[self.seen :]:
            self.state, entry = fold(self.state, [leaf]), read_entry(leaf)
            for one in effects(self.state, entry.event, entry.mark()):
                self.take(one.name, one.target, one.seq, one.body)
        self.seen = len(self.story.leaves)

    def take(self, name: str, target: str, seq: int, body: Any) -> None:
        for resume, channel in body.get("undone", ()):
            self.end(f"resume/{resume}", channel)
        for order, entry, channel in body.get("again", ()):
            self.end(f"halt/{order}/again/{entry}", channel)
        for order, there in body.get("carried", ()):
            for channel in there:
                self.end(f"halt/{order}", channel)
        if name == "settle":
            resume, order = body["resume"], body["order"]
            self.end(f"resume/{resume}" if resume else f"halt/{order}", body["channel"])
        if name in ("halt", "halt_again", "resume"):
            again = f"/again/{seq}" if name == "halt_again" else ""
            for channel in set(CHANNELS) & set(body["channels"]):
                goods = pairs(body["products"], body["lots"])
                goods -= pairs(PRODUCTS, body["kept"]) if body.get("kept") else set()
                kind = f"{'resume' if name == 'resume' else 'halt'}/{target}{again}"
                self.carriers.append(Carrier(kind, channel, goods, resumes=name == "resume"))

    def end(self, name: str, channel: str) -> None:
        for one in self.carriers:
            if (one.name, one.channel) == (name, channel):
                one.is_over = True

    @property
    def open(self) -> list[Carrier]:
        return [one for one in self.carriers if not one.is_over]

    def held(self, channel: str, *, ordered: bool = False) -> set[tuple[str, str]]:
        """Give what must not be sold at a channel; `ordered`: by orders, not for a recall alone."""
        there = [
            one
            for one in holds(self.story.incident)
            if one.channel == channel and not (ordered and one.recalled)
        ]
        return {pair for pair in EVERY if covered(there, *pair)}

    # ------------------------------------------------------------ what chance does

    def bring(self, which: int) -> None:
        """Let one order get through; nobody hears of it yet."""
        waiting = [one for one in self.open if not one.report]
        if not waiting:
            return
        one = waiting[which % len(waiting)]
        if one.resumes:
            self.sells[one.channel] |= one.goods - self.held(one.channel)
            one.report = "resumed"
            return
        number = int(one.name.split("/")[1])
        order = self.story.incident.halt.orders[number - 1]
        if order.lifted_at is None and one.channel in order.stopped:
            self.sells[one.channel] -= one.goods
        one.report = "confirmed"

    def hand_over(self, which: int) -> None:
        """Let an order to sell again get through as a letter: that it is followed says nobody."""
        waiting = [one for one in self.open if one.resumes and not one.report]
        if waiting:
            one = waiting[which % len(waiting)]
            self.sells[one.channel] |= one.goods - self.held(one.channel)
            self.report(one, "accepted")

    def hear(self, which: int) -> None:
        """Let one answer arrive, however late."""
        told = [one for one in self.carriers if one.report]
        if not told:
            return
        one = told[which % len(told)]
        self.report(one, one.report)
        one.report, one.is_over = "", True

    def report(self, one: Carrier, state: str) -> None:
        _kind, name = one.name.split("/")[:2]
        said = ChannelOutcome(
            channel=one.channel,
            order=0 if one.resumes else int(name),
            state=state,
            attempts=1,
            resume=name if one.resumes else "",
        )
        self.story.did(PERFORMER, ReportOutcomes(outcomes=(said,)))

    def fail(self, which: int, state: str) -> None:
        """Let one order fail; it goes on being carried."""
        waiting = [one for one in self.open if not one.report]
        if waiting:
            self.report(waiting[which % len(waiting)], state)

    def confirm(self, channel: ChannelId) -> None:
        """Let a person say that a channel sells again; all that may be sold there is."""
        said = ConfirmResumed(channel=channel, proof=words("They rang."))
        events = self.story.does(LEAD, said)
        if not isinstance(events[0], ActRefused):
            for one in self.carriers:
                if one.resumes and one.channel == channel and not one.is_over:
                    self.sells[channel] |= one.goods - self.held(channel)

    def free(self, products: Any, lots: Any, there: Any) -> None:
        """Resume H2 for goods, or for all: signed by two, and carried when chance lets it."""
        self.story.later(seconds=1)
        said = ResumeSale(
            basis=BASIS, levels=(HaltLevel.H2,), products=products, lots=lots, channels=there
        )
        if not isinstance(self.story.does(COMMANDER, said)[0], ActRefused):
            self.story.does(QSR, SignAct(act=list(self.story.incident.pending)[-1]))

    def lift(self, which: int) -> None:
        """Lift an order that stands and that nobody confirmed."""
        stand = [one for one in self.story.incident.halt.orders if not one.lifted_at]
        if not stand:
            return
        number = stand[which % len(stand)].number
        proposed = self.story.does(COMMANDER, LiftHalt(number=number, reason=SEEN))
        if not isinstance(proposed[0], ActRefused) and self.story.incident.pending:
            self.story.does(QSR, SignAct(act=list(self.story.incident.pending)[-1]))

    def drain(self) -> None:
        """Let all get through in the end, and each answer arrive."""
        for _ in range(200):
            if not self.open:
                return
            self.bring(0)
            self.hear(0)
            self.catch_up()
        raise AssertionError(f"carried for ever: {self.open}")

    # ------------------------------------------------------------ what must be so

    def holds_now(self) -> None:
        """Whoever carries an order to resume is known, and each that is under way is carried."""
        for channel in CHANNELS:
            now = self.story.incident.halt.channels.get(channel)
            there = under_way(now) if now else ()
            known = {f"resume/{one.resume}" for one in there}
            told = {f"resume/{one.resume}" for one in there if one.told_at}
            carried = {one.name for one in self.open if one.resumes and one.channel == channel} | {
                one.name for one in self.carriers if one.report and one.channel == channel
            }
            assert known - told <= carried, (channel, known, carried)
            assert told.isdisjoint({one.name for one in self.open if one.channel == channel})
            loose = {
                one.name
                for one in self.open
                if one.resumes and one.channel == channel and not one.report
            }
            assert loose <= known, (channel, "carried, and nobody knows of it", loose, known)
            shown = {one.key for one in dues(self.story.incident)}
            is_beside = now is not None and now.state != "resuming"
            for one in there:
                if one.told_at or is_beside:
                    assert f"resume:{channel}:{one.resume}" in shown

    def holds_in_the_end(self) -> None:
        for channel in CHANNELS:
            sold = self.sells[channel] & self.held(channel, ordered=True)
            assert not sold, (channel, "stopped, and sold", sold)
            away = EVERY - self.held(channel) - self.sells[channel]
            # A lift keeps lots back for all products beside another order, until that ends too.
            is_kept = any(
                isinstance(read_entry(one).event, HaltLifted) for one in self.story.leaves
            )
            assert not away or is_kept, (channel, "freed, and never came back", away)


which = st.integers(min_value=0, max_value=9)
step = st.one_of(
    ordering,
    hearing,
    bounding,
    recalling,
    st.tuples(
        st.just("free"),
        some_products | st.just(()),
        some_lots | no_lots,
        st.sampled_from([(), (SHOP,), (PROMOTION,)]),
    ),
    st.tuples(st.just("lift"), which),
    st.tuples(st.just("bring"), which),
    st.tuples(st.just("bring"), which),
    st.tuples(st.just("hand_over"), which),
    st.tuples(st.just("hear"), which),
    st.tuples(st.just("hear"), which),
    st.tuples(st.just("fail"), which, st.sampled_from(["failed", "refused"])),
    st.tuples(st.just("confirm"), st.sampled_from(CHANNELS)),
)
begins = st.tuples(st.just("orders"), some_products, some_lots)
frees = st.tuples(st.just("free"), st.just(()), some_lots, st.just(()))


@settings(max_examples=max(150, settings().max_examples), deadline=None)
@given(first=begins, freed=frees, told=st.lists(step, max_size=12))
def test_nothing_that_is_stopped_is_sold_and_all_that_is_freed_comes_back_or_is_due(
    first: Any, freed: Any, told: Any
) -> None:
    world = World()
    world.story.accepted(SERIOUS)
    world.story.keeps_evidence()
    world.story.did(PERFORMER, ListChannels(channels=channels()))
    world.catch_up()
    for name, *goods in (first, freed, *told):
        getattr(world, name)(*goods)
        world.catch_up()
        world.holds_now()
    waits = [one for now in world.story.incident.halt.channels.values() for one in now.under_way]
    event(f"under way in the end: {min(len(waits), 3)}")
    event(f"of them handed over: {min(sum(one.is_told for one in waits), 2)}")
    world.drain()
    world.holds_in_the_end()
