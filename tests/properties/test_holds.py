"""Whatever becomes of halts in several incidents: the holds are the ledgers', the shelf the holds'.

An oracle reads the ledgers alone, as a careful reader would. The shelf is a shop that carries out
whatever effects the entries have, and answers as real ones do.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from activities.ledger import projection
from activities.shelf_records import StoredHolds
from domain.acts import SignAct
from domain.channels import (
    SELLING_AGAIN,
    ChannelOutcome,
    ReportOutcomes,
    TakeOverChannel,
)
from domain.desired import covered
from domain.drift import ReportLook, SeenChannel
from domain.envelope import ChannelOrder
from domain.errors import AndonError
from domain.halt import ListChannels, OrderHalt
from domain.halt_confirming import ConfirmHalt
from domain.incident import effects, new_incident
from domain.ledger import read_entry
from domain.people import PERFORMER, Actor, Role
from domain.recall_end import CompleteRecall
from domain.recall_scope import SetScope
from domain.report import AddReport
from domain.resuming import LiftHalt, ResumeSale
from domain.review import CloseIncident, ReopenIncident
from domain.severity import Answers, HaltLevel
from domain.state import Incident, incident_text
from domain.state.halt import ListedChannel
from domain.values import ChannelId, LotNumber, ProductId
from integrations.shelves import ItemKind, ShelfGateway
from storage import holds
from storage.database import Database, open_database
from storage.engine import write
from tests import figures
from tests.domain.recalls import (
    ASSESSOR,
    BOSS,
    COMMANDER,
    LEGAL,
    QSR,
    QUALITY,
    REGULATORY,
    evaluation,
    recall,
    scope,
    words,
)
from tests.domain.story import MILD, SERIOUS, START, Story, channels, person, rules
from tests.domain.test_report import WORDS
from tests.integrations.fake_shelf import FakeJournal, FakeShelf, State
from tests.integrations.test_shelves import SHOP as ADDRESS
from tests.properties.test_incident import LONG

CREAM, SOAP = ProductId("cream"), ProductId("soap")
L1, L2, L9 = LotNumber("L1"), LotNumber("L2"), LotNumber("L9")
SHOP, PROMOTION = ChannelId("ch-own_shop"), ChannelId("ch-promotion")
INCIDENTS = 2
GOODS = ((("cream",), ("L1",)), (("cream",), ("L1", "L2")), (("soap",), ("L9",)), (("cream", "soap"), ("L2", "L9")))  # fmt: skip
STOCK = (("cream", ""), ("cream", "L1"), ("cream", "L2"), ("soap", ""), ("soap", "L9"))
SIGNERS = (QSR, LEGAL, BOSS, REGULATORY, COMMANDER)
WHY = words("As far as known.")
_examples = count(1)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Give the table of holds; each example has its own name there."""
    path: Path = tmp_path_factory.mktemp("holds") / "andon.db"
    one = open_database(f"sqlite:///{path}")
    one.migrate()
    yield one
    one.close()


# ---------------------------------------------------------------- the oracle


def told_held(leaves: Sequence[bytes]) -> set[tuple[str, int, tuple[str, ...], tuple[str, ...]]]:
    """Read off a ledger what is held: channel, order (0: recalled), products, lots."""
    orders: dict[int, dict[str, Any]] = {}
    lots: tuple[str, ...] = ()
    listed: list[dict[str, Any]] = []
    taken_back = False
    for leaf in leaves:
        entry = json.loads(leaf)
        body = entry["body"]
        read_order(orders, entry["type"], body)
        match entry["type"]:
            case "ChannelsListed":
                listed = body["channels"]
            case "ScopeSet":
                lots = tuple(sorted(one["lot"] for one in body["lots"]))
            case "RecallDecided":
                taken_back = body["kind"] not in ("no_recall", "correct_in_place")
            case _:
                pass
    found = {
        (channel, number, tuple(one["products"]), tuple(one["lots"]))
        for number, one in orders.items()
        for channel in one["at"]
    }
    if taken_back and lots:
        products = tuple(sorted({p for one in orders.values() for p in one["products"]}))
        found |= {(channel, 0, products, lots) for channel in ever_stopped(orders.values(), listed)}
    return found


def read_order(orders: dict[int, dict[str, Any]], kind: str, body: dict[str, Any]) -> None:
    """Read off an entry which orders stand, and where."""
    match kind:
        case "HaltOrdered":
            there = {one["channel"] for one in body["channels"]}
            orders[body["number"]] = {**body, "at": set(there), "ever": there}
        case "HaltLifted":
            orders[body["number"]]["at"] = set()
        case "SaleResumed":
            ended = set(body.get("orders", ()))
            for one in orders.values():
                if one["number"] in ended or (not ended and one["level"] in body["levels"]):
                    one["at"] -= set(body["channels"])
        case _:
            pass


def ever_stopped(orders: Collection[dict[str, Any]], listed: Iterable[dict[str, Any]]) -> set[str]:
    """Name whom orders ever reached; who joins their level sells no recalled lot either."""
    levels = {one["level"] for one in orders}
    joined = {one["id"] for one in listed if one["level"] in levels}
    return joined.union(*(one["ever"] for one in orders))


# ---------------------------------------------------------------- the company


@dataclass
class Company:
    """Several incidents over one shop whose shelf can be looked at; `was` is how it began."""

    database: Database
    name: str
    stories: list[Story]
    was: tuple[State, ...]
    carried: list[int] = field(default_factory=lambda: [0] * INCIDENTS)
    before: list[Incident | None] = field(default_factory=lambda: [None] * INCIDENTS)

    def __post_init__(self) -> None:
        """Fill the shelf."""
        goods = zip(STOCK, self.was, strict=True)
        self.shelf = FakeShelf(
            {f"{p}/{lot}": (p, lot, ItemKind.OFFER, dict(state)) for (p, lot), state in goods}
        )
        desired = StoredHolds(self.database.ledger)
        self.gateway = ShelfGateway(self.shelf, FakeJournal(), desired)
        self.desired = desired
        self.settle()

    def settle(self) -> None:
        """Record what was told and carry what it causes, until nothing is left to do."""
        while any(
            len(one.leaves) > done for one, done in zip(self.stories, self.carried, strict=True)
        ):
            for which, story in enumerate(self.stories):
                self._record(which, story)
            for which, story in enumerate(self.stories):
                self._carry(which, story)

    def _record(self, which: int, story: Story) -> None:
        state = story.incident
        made = projection(state, incident_text(state), before=self.before[which])
        self.before[which] = state
        if made.holds is not None:
            with write(self.database.ledger) as connection:
                holds.keep(connection, f"{self.name}-{which}", self.name, made.holds)

    def _carry(self, which: int, story: Story) -> None:
        done, self.carried[which] = self.carried[which], len(story.leaves)
        for leaf in story.leaves[done : self.carried[which]]:
            entry = read_entry(leaf)
            for one in effects(story.incident, entry.event, entry.mark()):
                if one.name in ("halt", "halt_again", "resume") and SHOP in one.body["channels"]:
                    self._bring(which, story, one)

    def _bring(self, which: int, story: Story, effect: Any) -> None:
        is_resume = effect.name == "resume"
        order = ChannelOrder(
            f"{which}:{effect.seq}:{effect.target}", f"{self.name}-{which}", SHOP,
            "resume" if is_resume else "halt", 0 if is_resume else int(effect.target),
            effect.body["products"], effect.body["lots"], self.name,
        )  # fmt: skip
        self.gateway.bring(order, ADDRESS)
        outcome = ChannelOutcome(
            channel=SHOP, order=order.order, state="resumed" if is_resume else "confirmed", attempts=1
        )  # fmt: skip
        attempt(story, PERFORMER, ReportOutcomes(outcomes=(outcome,)))

    def is_as_told(self) -> None:
        """Insist that the table, the states and the shelf say what the ledgers say."""
        for which, story in enumerate(self.stories):
            kept = holds.of_incident(self.database.ledger, f"{self.name}-{which}")
            rows = {(one.channel, one.order, one.products, one.lots) for one in kept}
            assert rows == told_held(story.leaves)
            at = {one.channel for one in kept if not one.recalled}
            for now in story.incident.halt.channels.values():
                assert now.state != "resumed" or now.channel not in at, "released while it is held"
                assert now.state in SELLING_AGAIN or now.channel in at, "stopped by nothing"
        held = self.desired.at(SHOP, self.name)
        self.is_off_sale({(p, lot) for p, lot in STOCK if covered(held, p, lot)})

    def is_off_sale(self, off: set[tuple[str, str]]) -> None:
        """Insist that these items are off sale, and all others to the byte as they were."""
        for (product, lot, _kind, state), was in zip(
            self.shelf.stock.values(), self.was, strict=True
        ):
            as_it_is = {**was, "shown": False} if (product, lot) in off else was
            assert json.dumps(state) == json.dumps(as_it_is), (product, lot)


def attempt(story: Story, who: Actor, command: Any) -> None:
    """Let somebody act and everybody sign what is proposed; what is refused changes nothing."""
    with suppress(AndonError):
        story.does(who, command)
    for signer in SIGNERS:
        for pending in list(story.incident.pending):
            with suppress(AndonError):
                story.does(signer, SignAct(act=pending))


# ---------------------------------------------------------------- what people do

Deed = tuple[Actor, Any]
Named = tuple[tuple[ProductId, ...], tuple[LotNumber, ...]]


def _deeds(
    goods: int, order: int, lot: str, part: tuple[ChannelId, ...], named: Named = ((), ())
) -> dict[str, list[Deed]]:
    products, lots = GOODS[goods]
    free = ResumeSale(basis=WHY, channels=part, products=named[0], lots=named[1])
    new = ListedChannel(
        id="shop-new", kind="own_shop", level="H2", name="New", name_zh="新店", market="CN"
    )
    return {
        "halt": [
            (COMMANDER, OrderHalt(
                level=HaltLevel.H2, products=tuple(map(ProductId, products)),
                lots=tuple(map(LotNumber, lots)), reason=WHY,
            )),
        ],
        "confirm": [(QSR, ConfirmHalt(number=order))],
        "lift": [(COMMANDER, LiftHalt(number=order, reason=WHY))],
        "resume": [(COMMANDER, ResumeSale(basis=WHY))],
        "resume in part": [(COMMANDER, ResumeSale(basis=WHY, channels=part))],
        "free": [(COMMANDER, free)],
        "halt and free": [
            (COMMANDER, OrderHalt(
                level=HaltLevel.H2, products=(CREAM, SOAP), lots=(L1, L2, L9), reason=WHY)),
            (COMMANDER, free),
        ],
        "report": [(person(Role.SERVICE_AGENT), AddReport(
            first_known_at=START, first_known_country="CN", words=WORDS, lots=(LotNumber(lot),)))],
        "take over": [(COMMANDER, TakeOverChannel(channel=SHOP, reason=WHY))],
        "new channel": [(PERFORMER, ListChannels(channels=(*channels(), new)))],
        "look": [(PERFORMER, ReportLook(seen=(SeenChannel(channel=SHOP, offers=1),)))],
        "recall": [
            (COMMANDER, OrderHalt(level=HaltLevel.H2, reason=WHY)),
            (QUALITY, SetScope(**scope())),
            (ASSESSOR, evaluation()),
            (COMMANDER, recall()),
            (COMMANDER, CompleteRecall(market="CN", reason=WHY)),
        ],
        "close": [(COMMANDER, CloseIncident(summary=WHY, reason_for_open_items=WHY))],
        "reopen": [(COMMANDER, ReopenIncident(new_fact=WHY))],
    }  # fmt: skip


def _some(*names: Any, least: int = 0) -> st.SearchStrategy[tuple[Any, ...]]:
    """Name some of these, or none."""
    return st.sets(st.sampled_from(names), min_size=least).map(lambda found: tuple(sorted(found)))


KINDS = tuple(_deeds(0, 1, "L1", (SHOP,)))
STEPS = st.tuples(
    st.integers(0, INCIDENTS - 1),
    st.sampled_from(KINDS),
    st.integers(0, len(GOODS) - 1),
    st.integers(1, 6),
    st.sampled_from(("L1", "L2")),
    st.sampled_from(((SHOP,), (PROMOTION,), (SHOP, PROMOTION))),
    st.tuples(_some(CREAM, SOAP), _some(L1, L2, L9)),
)
SHELVES = st.tuples(
    *[st.fixed_dictionaries({"shown": st.booleans(), "units": st.integers(0, 9)})] * len(STOCK)
)


GRADES = st.tuples(*[st.sampled_from([MILD, SERIOUS])] * INCIDENTS)


def a_company(database: Database, grades: tuple[Answers, ...], was: tuple[State, ...]) -> Company:
    """Open the company with its incidents, both accepted."""
    stories = []
    for which, answers in enumerate(grades):
        story = Story(incident=new_incident(f"INC-2026-000{which + 1}", rules()))
        story.accepted(answers)
        story.keeps_evidence()
        stories.append(story)
    return Company(database, f"example-{next(_examples)}", stories, was)


@LONG
@pytest.mark.timeout(1200 if figures.FULL else 120)
@given(grades=GRADES, was=SHELVES, run=st.lists(STEPS, max_size=12))
def test_holds_are_what_the_ledgers_say_and_the_shelf_is_what_is_held(
    database: Database, grades: tuple[Answers, ...], was: tuple[State, ...], run: list[Any]
) -> None:
    company = a_company(database, grades, was)
    company.is_as_told()
    for which, kind, *chosen in run:
        for who, command in _deeds(*chosen)[kind]:
            attempt(company.stories[which], who, command)
            company.settle()
        company.is_as_told()


NOTHING: Named = ((ProductId("no product"),), ())


def stays(orders: Sequence[tuple[Any, Any]], named: Named) -> set[tuple[str, str]]:
    """Say which items stay off sale, of orders for products and lots, once what is named is freed.

    A shelf that tells no lots apart sells a product once none of its lots is stopped.
    """
    products, lots = named
    left = {
        (product, lot)
        for of, its in orders
        for product in of
        for lot in its
        if (products and product not in products) or (lots and lot not in lots)
    }
    return left | {(product, "") for product, _lot in left}


@settings(LONG, max_examples=LONG.max_examples if figures.FULL else 60)
@pytest.mark.timeout(1200 if figures.FULL else 120)
@given(
    grades=GRADES,
    was=SHELVES,
    here=st.lists(st.sampled_from(GOODS), min_size=1, max_size=3),
    elsewhere=st.lists(st.sampled_from(GOODS), max_size=2),
    named=st.tuples(_some(CREAM, SOAP), _some(L1, L2, L9, least=1))
    | st.tuples(_some(CREAM, SOAP, least=1), st.just(())),
)
def test_what_is_freed_is_as_it_was_and_all_else_stays_off_sale(
    database: Database, grades: Any, was: Any, here: Any, elsewhere: Any, named: Named
) -> None:
    company = a_company(database, grades, was)
    for which, orders in enumerate((here, elsewhere)):
        attempt(company.stories[which], COMMANDER, ResumeSale(basis=WHY))
        company.settle()
        for products, lots in orders:
            told = OrderHalt(level=HaltLevel.H2, products=products, lots=lots, reason=WHY)
            attempt(company.stories[which], COMMANDER, told)
            company.settle()
    free = ResumeSale(
        basis=WHY, levels=(HaltLevel.H2,), channels=(SHOP,), products=named[0], lots=named[1]
    )
    before = len(company.stories[0].leaves)
    attempt(company.stories[0], COMMANDER, free)
    is_done = any(
        json.loads(leaf)["type"] == "SaleResumed" for leaf in company.stories[0].leaves[before:]
    )
    company.settle()
    company.is_as_told()
    company.is_off_sale(stays(here, named if is_done else NOTHING) | stays(elsewhere, NOTHING))
    event(f"freed: {is_done}")
    attempt(company.stories[0], COMMANDER, ResumeSale(basis=WHY))
    attempt(company.stories[1], COMMANDER, ResumeSale(basis=WHY))
    company.settle()
    company.is_off_sale(set())
