"""Whatever is ordered, freed, reported and recalled: each lot of each product that must stop does.

Goods are told as pairs here, by a book of its own that is kept beside the incident's orders.
"""

from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.acts import ActRefused, SignAct
from domain.desired import covered, holds
from domain.halt import HaltOrdered, OrderHalt, halted_lots, halted_products
from domain.people import Role
from domain.recall_scope import SetScope, WidenScope
from domain.report import AddReport
from domain.resuming import ResumeSale, SaleResumed
from domain.severity import HaltLevel
from domain.values import ChannelId, LotNumber, ProductId
from tests.domain.recalls import ASSESSOR, BOSS, COMMANDER, QSR, QUALITY, evaluation, recall, scope
from tests.domain.recalls import lot as in_scope
from tests.domain.story import SERIOUS, START, Story, person
from tests.domain.test_report import WORDS
from tests.domain.test_resuming_goods import (
    BASIS,
    PROMOTION,
    SHOP,
    freed,
    ordered,
    stopped,
)
from tests.domain.test_resuming_in_part import told_again
from tests.domain.test_two_orders import SEEN, answers

PRODUCTS: Final = (ProductId("cream"), ProductId("soap"))
LOTS: Final = (LotNumber("L1"), LotNumber("L2"), LotNumber("L3"))
ELSE: Final = LotNumber("L8")
"""A lot that nobody ever names: only an order for all lots stops it."""

CHANNELS: Final = (SHOP, PROMOTION)
AGENT: Final = person(Role.SERVICE_AGENT)

some_products = st.lists(st.sampled_from(PRODUCTS), min_size=1, unique=True).map(tuple)
some_lots = st.lists(st.sampled_from(LOTS), min_size=1, unique=True).map(tuple)
no_lots = st.just(())


def pairs(products: Any, lots: Any) -> set[tuple[str, str]]:
    return {(product, lot) for product in products for lot in lots or (*LOTS, ELSE)}


@dataclass
class Book:
    """An incident, and what must be stopped at each channel of H2 by all that was done so far."""

    story: Story = field(default_factory=Story)
    must: dict[ChannelId, set[tuple[str, str]]] = field(
        default_factory=lambda: {channel: set() for channel in CHANNELS}
    )

    def does(self, who: Any, command: Any) -> list[Any]:
        """Let a person act; what is ordered must stop from then on."""
        events = self.story.does(who, command)
        for one in events:
            for channel in CHANNELS:
                if isinstance(one, HaltOrdered) and channel in [c.channel for c in one.channels]:
                    self.must[channel] |= pairs(one.products, one.lots)
        return events

    def orders(self, products: Any, lots: Any) -> None:
        """Order H2 for goods: they must stop, also where that is refused because they do."""
        self.does(
            COMMANDER, OrderHalt(level=HaltLevel.H2, products=products, lots=lots, reason=SEEN)
        )
        for channel in CHANNELS:
            self.must[channel] |= pairs(products, lots or halted_lots(self.story.incident))

    def frees(self, products: Any, lots: Any, channels: Any, meanwhile: Any = ()) -> None:
        """Resume H2 for goods, signed by two: whatever is named need stop no more there.

        What is ordered `meanwhile`, before the second signs, must stop all the same.
        """
        said = ResumeSale(
            basis=BASIS, levels=(HaltLevel.H2,), products=products, lots=lots, channels=channels
        )
        self.story.later(seconds=1)
        if any(isinstance(one, ActRefused) for one in self.story.does(COMMANDER, said)):
            return
        act, given = list(self.story.incident.pending)[-1], len(self.story.incident.halt.orders)
        for goods in meanwhile:
            self.orders(*goods)
        since = self.story.incident.halt.orders[given:]
        events = self.story.does(QSR, SignAct(act=act))
        for resumed in (one for one in events if isinstance(one, SaleResumed)):
            for channel in map(ChannelId, resumed.channels):
                self.must[channel] -= pairs(products or PRODUCTS, lots)
                answers(self.story, "resumed", channel)
        for order in since:
            for channel in set(CHANNELS) & set(order.channels):
                self.must[channel] |= pairs(order.products, order.lots)

    def hears(self, lots: Any) -> None:
        """Let a report come in: a lot that was not known must stop; one that was freed need not."""
        known = self.stopped_or_freed
        report = AddReport(first_known_at=START, first_known_country="CN", words=WORDS, lots=lots)
        self.grew(self.does(AGENT, report), known)

    def bounds(self, products: Any, lots: Any) -> None:
        """Set the scope, or widen it: what it reaches beside what was known must stop."""
        known = self.stopped_or_freed
        before = self.story.incident.recall.scope
        if before is None:
            said = scope(products=products, lots=tuple(map(in_scope, lots)), unbounded=not lots)
            events = self.does(QUALITY, SetScope(**said))
        else:
            whole = before.unbounded or not lots
            more = {*before.coverage.lots, *lots}
            said = scope(
                products=tuple(sorted({*before.products, *products})),
                lots=() if whole else tuple(map(in_scope, sorted(more))),
                unbounded=whole,
            )
            events = self.does(QSR, WidenScope(**said))
        self.grew(events, known)
        self.took_back()

    def recalls(self) -> None:
        """Decide a recall of the scope, signed by two: all that it reaches must stop."""
        recalled = self.story.incident.recall
        if recalled.scope is None or recalled.is_decided:
            return
        self.does(ASSESSOR, evaluation())
        self.does(COMMANDER, recall())
        for signer in (QSR, BOSS):
            self.does(signer, SignAct(act=list(self.story.incident.pending)[-1]))
        assert self.story.incident.recall.is_decided
        self.took_back()

    # ------------------------------------------------------------ what must follow

    ever: dict[ChannelId, set[tuple[str, str]]] = field(
        default_factory=lambda: {channel: set() for channel in CHANNELS}
    )

    @property
    def stopped_or_freed(self) -> dict[ChannelId, set[tuple[str, str]]]:
        """Give what each channel was ever ordered to stop: it stands, or was freed by decision."""
        for channel in CHANNELS:
            self.ever[channel] |= self.must[channel]
        return {channel: set(pairs_ever) for channel, pairs_ever in self.ever.items()}

    def grew(self, events: list[Any], known: dict[ChannelId, set[tuple[str, str]]]) -> None:
        """While the level stands, what the incident is about now and was not before must stop."""
        incident = self.story.incident
        is_refused = any(isinstance(one, ActRefused) for one in events)
        if is_refused or HaltLevel.H2 not in incident.halt.levels:
            return
        for channel in CHANNELS:
            self.must[channel] |= (
                pairs(halted_products(incident), halted_lots(incident)) - known[channel]
            )

    def took_back(self) -> None:
        """What a decided recall reaches must stop, whatever was freed."""
        recalled = self.story.incident.recall
        if recalled.is_decided and recalled.scope is not None:
            lots = () if recalled.scope.unbounded else recalled.coverage.lots
            for channel in CHANNELS:
                self.must[channel] |= pairs(recalled.coverage.products, lots)

    def holds_all(self) -> None:
        """Hold what must stop against the orders that stand."""
        standing = [one for one in holds(self.story.incident) if not one.recalled]
        for channel in CHANNELS:
            there = [one for one in standing if one.channel == channel]
            sold = {(p, lot) for p, lot in self.must[channel] if not covered(there, p, lot)}
            assert not sold, (channel, sold)
        _ = self.stopped_or_freed


@pytest.mark.parametrize(
    ("steps", "again"),
    [
        ([{"lots": (LOTS[0],), "channels": (SHOP,)}, {"channels": (SHOP,)}], LOTS[1]),
        ([{"channels": (SHOP,)}, {"lots": LOTS[:2]}], LOTS[0]),
        ([{"channels": (SHOP,)}, {"lots": LOTS[:2]}], LOTS[1]),
    ],
    ids=["goods, then the rest of a shop", "a shop, then goods", "a shop, then goods, the other"],
)
def test_what_resumed_by_decision_is_not_stopped_by_a_report_of_the_same(
    steps: Any, again: Any
) -> None:
    story = ordered(((PRODUCTS[0],), LOTS[:2]), ((PRODUCTS[1],), (LOTS[2],)))
    for named in steps:
        freed(story, **named)
        for channel in story.incident.halt.channels:
            answers(story, "resumed", channel)
    before = stopped(story)
    new = [one for one in told_again(story, again) if isinstance(one, HaltOrdered)]
    assert not [one for one in new if one.level == HaltLevel.H2]
    assert stopped(story) == before
    assert (PRODUCTS[0], again) not in before


ordering = st.tuples(st.just("orders"), some_products, some_lots | no_lots)
freeing = st.tuples(
    st.just("frees"),
    some_products | st.just(()),
    some_lots | no_lots,
    st.sampled_from([(), (SHOP,)]),
    st.lists(st.tuples(some_products, some_lots | no_lots), max_size=1),
).filter(lambda told: bool(told[1] or told[2]))
hearing = st.tuples(st.just("hears"), some_lots | no_lots)
bounding = st.tuples(st.just("bounds"), some_products, some_lots | no_lots)
recalling = st.just(("recalls",))
anything = st.lists(ordering | freeing | hearing | bounding | recalling, max_size=5)
widened = st.tuples(bounding, recalling, bounding).map(list)
"""A recall that reaches some goods first and then more: chance alone seldom tells that."""


@settings(max_examples=max(100, settings().max_examples))
@given(
    told=st.tuples(
        st.lists(ordering, min_size=1, max_size=3),
        st.lists(freeing, min_size=1, max_size=2),
        anything | widened,
    ).map(lambda parts: [step for part in parts for step in part])
)
def test_each_pair_that_must_stop_is_stopped_by_an_order_at_each_channel(told: Any) -> None:
    book = Book()
    book.story.accepted(SERIOUS)
    book.story.keeps_evidence()
    for channel in CHANNELS:
        book.must[channel] |= pairs(("cream",), ("L1",))
    book.holds_all()
    for name, *goods in told:
        getattr(book, name)(*goods)
        book.holds_all()
