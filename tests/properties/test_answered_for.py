"""Whatever is ordered, answered, freed and lifted at a channel: nothing ends without an answer.

An oracle reads the ledger alone, as a careful reader would: of each order that stands there,
whether the channel or a person said that it holds, or a person answers for it.
"""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from domain.acts import SignAct
from domain.channel_answers import AnswerOrder, OwnAnswer
from domain.channels import ChannelOutcome, ConfirmChannel, ReportOutcomes, TakeOverChannel
from domain.drift import AskChannelsAgain, ReportDrift
from domain.errors import AndonError
from domain.halt import OrderHalt
from domain.incident import effects
from domain.ledger import read_entry
from domain.orders_there import covers, left_to, open_at, orders_at
from domain.people import PERFORMER, Actor, channel_actor
from domain.report import AddReport
from domain.resumed_channels import ConfirmResumed
from domain.resuming import LiftHalt, ResumeSale
from domain.severity import HaltLevel
from domain.state.halt import HaltOrder
from domain.under_way import is_resuming, under_way
from domain.values import LotNumber, ProductId
from tests.domain.recalls import COMMANDER, QSR, words
from tests.domain.story import START, Story
from tests.domain.test_channel_answers import NAME
from tests.domain.test_drift import CHANNELS, MONITOR
from tests.domain.test_report import WORDS
from tests.domain.test_resuming_goods import SHOP, ordered
from tests.domain.test_two_orders import SEEN
from tests.figures import FULL
from tests.properties.test_incident import LONG

PRODUCTS = (ProductId("cream"), ProductId("soap"))
LOTS = tuple(LotNumber(f"L{number}") for number in range(1, 5))
OWN = {PERFORMER.id, channel_actor(SHOP).id}
YES, THEIRS, OPEN = "yes", "theirs", "open"

# ---------------------------------------------------------------- the oracle


class Reader:
    """Reads a ledger, entry by entry; `said` is how each order was answered at the shop."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        self.done = 0
        self.said: dict[int, str] = {}

    def read(self, story: Story) -> None:
        """Read what is new; `story` tells what the orders are about, as their entries do."""
        orders = {one.number: one for one in story.incident.halt.orders}
        for leaf in story.leaves[self.done :]:
            entry = json.loads(leaf)
            body = entry["body"]
            match entry["type"]:
                case "HaltOrdered" if any(one["channel"] == SHOP for one in body["channels"]):
                    self._ordered(orders, body)
                case "ChannelAnswered" if body["channel"] == SHOP:
                    self._answered(orders, body, is_own=entry["actor"]["id"] in OWN)
                case "DriftFound" if body["channel"] == SHOP:
                    self.said = dict.fromkeys(self.said, OPEN)
                case _:
                    pass
        self.done = len(story.leaves)

    def _ordered(self, orders: dict[int, HaltOrder], body: dict[str, Any]) -> None:
        number = body["number"]
        is_theirs = self.said.get(body.get("part_of", 0)) == THEIRS
        for older in () if is_theirs else self.said:
            if covers(orders[number], orders[older]) and self.said[older] != THEIRS:
                self.said[older] = OPEN
        self.said[number] = THEIRS if is_theirs else OPEN

    def _answered(
        self, orders: dict[int, HaltOrder], body: dict[str, Any], *, is_own: bool
    ) -> None:
        number, state = body["order"], body["state"]
        if state == "taken_over":
            self.said = dict.fromkeys(self.said, THEIRS)
        elif state == "confirmed" and not is_own:
            self.said = dict.fromkeys(self.said, YES)
        elif state == "confirmed":
            self.said |= {n: YES for n in self.said if covers(orders[number], orders[n])}
        elif state not in ("resuming", "resumed"):
            self.said[number] = OPEN


def is_answered_for(story: Story, reader: Reader) -> None:
    """Insist that the shop stands nowhere better than what was said of its orders."""
    now = story.incident.halt.channels[SHOP]
    there = orders_at(story.incident, SHOP)
    said = {one.number: reader.said[one.number] for one in there}
    least = {number for number in said if said[number] == OPEN and not carried(there, said, number)}
    if now.state == "confirmed":
        assert not least, f"{least} are confirmed by nobody"
        assert THEIRS not in said.values(), "what a person answers for is not confirmed"
    if now.state == "taken_over":
        assert not least, f"nobody answers for {least}"
        assert now.taken_over_by
    if now.state == "resumed":
        assert not there
    assert least <= {one.order for one in open_at(now)}, "each is shown open, and asked for"
    theirs = {*left_to(story.incident, now)}
    assert all(said[number] == THEIRS for number in theirs), "nobody took it over"
    lost = {n for n in said if said[n] == THEIRS and n not in theirs}
    assert not lost, f"the takeover of {lost} is lost"


def went_anew(story: Story, begins: int) -> list[int]:
    """Name the orders that go out anew to the shop by what was entered since."""
    entries = [read_entry(leaf) for leaf in story.leaves[begins:]]
    caused = [one for each in entries for one in effects(story.incident, each.event, each.mark())]
    again = [one for one in caused if one.name == "halt_again" and SHOP in one.body["channels"]]
    return [int(one.target) for one in again]


def carried(there: Sequence[HaltOrder], said: dict[int, str], number: int) -> bool:
    """Say whether a newer order that covers an order carries it: its answer is about both."""
    place = [one.number for one in there].index(number)
    return any(covers(one, there[place]) for one in there[place + 1 :])


# ---------------------------------------------------------------- what people do

Deed = Callable[[Story, int, tuple[ProductId, ...], tuple[LotNumber, ...]], tuple[Actor, Any]]


def _an_order(story: Story, which: int) -> int:
    there = orders_at(story.incident, SHOP)
    return there[which % len(there)].number if there else 1


def _a_resume(story: Story, which: int) -> str:
    there = under_way(story.incident.halt.channels[SHOP])
    return there[which % len(there)].resume if there else "none"


def _outcome(state: str) -> Deed:
    def deed(story: Story, which: int, *_goods: Any) -> tuple[Actor, Any]:
        error = "" if state in ("accepted", "confirmed") else "It did not work."
        one = ChannelOutcome(
            channel=SHOP, order=_an_order(story, which), state=state, attempts=1, error=error
        )
        return PERFORMER, ReportOutcomes(outcomes=(one,))

    return deed


def _resume_comes(state: str) -> Deed:
    def deed(story: Story, which: int, *_goods: Any) -> tuple[Actor, Any]:
        error = "It did not work." if state == "failed" else ""
        one = ChannelOutcome(
            channel=SHOP, order=0, state=state, attempts=1, error=error,
            resume=_a_resume(story, which),
        )  # fmt: skip
        return PERFORMER, ReportOutcomes(outcomes=(one,))

    return deed


def _says(answer: OwnAnswer) -> Deed:
    def deed(story: Story, which: int, *_goods: Any) -> tuple[Actor, Any]:
        said = AnswerOrder(
            channel=SHOP, order=_an_order(story, which), answer=answer, answered_by=NAME,
            reason=words("We have no key." if answer is OwnAnswer.CANNOT else ""),
        )  # fmt: skip
        return channel_actor(SHOP), said

    return deed


def _halts(_story: Story, _which: int, products: Any, lots: Any) -> tuple[Actor, Any]:
    return COMMANDER, OrderHalt(level=HaltLevel.H2, products=products, lots=lots, reason=SEEN)


def _frees(_story: Story, _which: int, products: Any, lots: Any) -> tuple[Actor, Any]:
    levels = (HaltLevel.H2,)
    return COMMANDER, ResumeSale(basis=SEEN, levels=levels, products=products, lots=lots)


def _reports(_story: Story, which: int, *_goods: Any) -> tuple[Actor, Any]:
    lots = (LOTS[which % len(LOTS)],)
    report = AddReport(first_known_at=START, first_known_country="CN", words=WORDS, lots=lots)
    return CHANNELS, report


DEEDS: dict[str, Deed] = {
    "halt": _halts,
    "free": _frees,
    "report": _reports,
    "lift": lambda story, which, *_: (
        COMMANDER,
        LiftHalt(number=_an_order(story, which), reason=SEEN),
    ),
    "take over": lambda *_: (CHANNELS, TakeOverChannel(channel=SHOP, reason=SEEN)),
    "confirm": lambda *_: (CHANNELS, ConfirmChannel(channel=SHOP, proof=SEEN)),
    "confirm resumed": lambda *_: (CHANNELS, ConfirmResumed(channel=SHOP, proof=SEEN)),
    "found": lambda *_: (MONITOR, ReportDrift(channel=SHOP, how_seen=SEEN)),
    "ask again": lambda *_: (CHANNELS, AskChannelsAgain(channels=(SHOP,))),
    **{
        f"comes {state}": _outcome(state)
        for state in ("accepted", "confirmed", "refused", "failed")
    },
    **{f"resume {state}": _resume_comes(state) for state in ("accepted", "resumed", "failed")},
    **{f"says {answer}": _says(answer) for answer in OwnAnswer},
}
OFTEN = ("take over", "halt", "comes confirmed", "says stopped", "free")
RUNS = st.lists(
    st.tuples(
        st.sampled_from([*DEEDS, *OFTEN, *OFTEN]),
        st.integers(0, 5),
        st.sets(st.sampled_from(PRODUCTS), min_size=1).map(lambda found: tuple(sorted(found))),
        st.sets(st.sampled_from(LOTS), max_size=3).map(lambda found: tuple(sorted(found))),
    ),
    min_size=4,
    max_size=14,
)


@cache
def _begun() -> Story:
    return ordered(((PRODUCTS[0],), LOTS[:2]))


def attempt(story: Story, who: Actor, command: Any) -> None:
    """Let somebody act, and a second person sign; what is refused changes nothing."""
    story.later(seconds=1)
    with suppress(AndonError):
        story.does(who, command)
    for pending in list(story.incident.pending):
        with suppress(AndonError):
            story.does(QSR, SignAct(act=pending))


@settings(LONG, max_examples=LONG.max_examples if FULL else 150)
@pytest.mark.timeout(1200 if FULL else 120)
@given(run=RUNS)
def test_nothing_ends_at_a_channel_that_nobody_answered_for(run: list[Any]) -> None:
    begun = _begun()
    story, reader = replace(begun, leaves=[*begun.leaves]), Reader()
    reader.read(story)
    for kind, *chosen in run:
        attempt(story, *DEEDS[kind](story, *chosen))
        begins = reader.done
        reader.read(story)
        is_answered_for(story, reader)
        anew = went_anew(story, begins)
        assert not [n for n in anew if reader.said.get(n) == THEIRS], "that is left to a person"
        assert len({*anew}) == len(anew), "the shop has the same letter twice"
    now = story.incident.halt.channels[SHOP]
    event(f"{now.state}, beside a takeover: {bool(left_to(story.incident, now))}")
    event(f"resuming: {is_resuming(now)}")
