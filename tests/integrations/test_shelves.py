"""Shops changed item by item: what is held is stopped, and put back exactly as it was."""

from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.desired import Hold
from domain.envelope import ChannelOrder, ChannelReply
from domain.errors import NotConfirmed
from integrations.channels import Address
from integrations.shelves import NOTHING_AGAIN, ItemKind, ShelfGateway
from tests.integrations.fake_shelf import FakeHolds, FakeJournal, FakeShelf, PowerCut, State

SHOP = Address(channel="shop", adapter="fake", address="", name="The shop")
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
OFFER, UNSHIPPED = ItemKind.OFFER, ItemKind.UNSHIPPED
PRODUCTS, LOTS = ("cream", "soap"), ("", "L1", "L2")


class Place:
    """A shop, what is held there, and orders to it."""

    def __init__(self, stock: dict[str, tuple[str, str, ItemKind, State]]) -> None:
        """Fill the shelves."""
        self.shelf, self.holds, self.journal = FakeShelf(stock), FakeHolds(), FakeJournal()
        self.gateway = ShelfGateway(self.shelf, self.journal, self.holds)
        self.goods: dict[str, tuple[str, ...]] = {}

    def order(self, incident: str, action: str) -> ChannelOrder:
        """Give an order about what an incident holds, or held."""
        products = list(self.goods.get(incident, PRODUCTS))
        return ChannelOrder(f"{incident}:{action}", incident, "shop", action, 1, products, [])

    def halt(self, incident: str, *products: str, lots: tuple[str, ...] = ()) -> ChannelReply:
        """Hold goods, and order it until it is done."""
        self.holds.by[incident] = Hold(
            channel="shop", order=1, level="H3", products=products, lots=lots, since=NOON
        )
        self.goods[incident] = products
        return self.until_done(self.order(incident, "halt"))

    def resume(self, incident: str) -> ChannelReply:
        """Hold nothing any more, and order it until it is done."""
        del self.holds.by[incident]
        return self.until_done(self.order(incident, "resume"))

    def until_done(self, order: ChannelOrder) -> ChannelReply:
        """Try again as Temporal does, also after a power cut."""
        while True:
            try:
                return self.gateway.bring(order, SHOP)
            except (NotConfirmed, PowerCut):
                continue

    def shown(self) -> set[str]:
        """Give what runs."""
        return {name for name, (_p, _l, _k, state) in self.shelf.stock.items() if state["shown"]}


def stock() -> dict[str, tuple[str, str, ItemKind, State]]:
    return {
        "1": ("cream", "", OFFER, {"shown": True, "price": 90, "units": 5}),
        "2": ("cream", "L1", OFFER, {"shown": True}),
        "3": ("cream", "L2", OFFER, {"shown": False, "why": "sold out"}),
        "4": ("soap", "", OFFER, {"shown": True, "units": 7}),
        "o1": ("cream", "", UNSHIPPED, {"shown": True, "units": 2}),
    }


# ---------------------------------------------------------------- halt


@pytest.mark.parametrize(
    ("products", "lots", "left", "told"),
    [
        pytest.param(("cream",), (), {"4"}, (2, 5, 1, 2), id="whole product"),
        pytest.param(("cream",), ("L1",), {"4"}, (2, 5, 1, 2), id="one lot, and where no lot is known"),
        pytest.param(("cream",), ("L2",), {"2", "4"}, (1, 5, 1, 2), id="another lot"),
        pytest.param(PRODUCTS, (), set(), (3, 12, 1, 2), id="two products"),
    ],
)  # fmt: skip
def test_what_is_held_is_stopped_and_counted(
    products: tuple[str, ...], lots: tuple[str, ...], left: set[str], told: tuple[int, ...]
) -> None:
    place = Place(stock())
    reply = place.halt("A", *products, lots=lots)
    offers, units, orders, order_units = told
    assert place.shown() == left
    assert reply.state == "confirmed"
    assert reply.proof.startswith(f"Taken off sale: {offers} offer")
    assert (reply.units, reply.orders, reply.order_units) == (units, orders, order_units)


def test_nothing_of_it_is_sold_here() -> None:
    reply = Place({}).halt("A", "cream")
    assert reply == ChannelReply("confirmed", proof="Nothing of it was on sale here.")


def test_the_same_order_again_is_answered_alike_and_hides_nothing_that_somebody_put_back() -> None:
    place = Place(stock())
    first = place.halt("A", "cream")
    place.shelf.stock["1"] = stock()["1"]
    assert place.until_done(place.order("A", "halt")) == first
    assert "1" in place.shown(), "a repeat of what was done is no new order: the look finds it"


def test_what_could_be_done_is_done_and_the_rest_is_named() -> None:
    place = Place(stock())
    place.holds.by["A"] = Hold(
        channel="shop", order=1, level="H3", products=("cream",), lots=(), since=NOON
    )
    place.shelf.trouble = ["refused"]
    with pytest.raises(
        NotConfirmed, match=r"The shop could not change 1 of its items: 1: The shop"
    ):
        place.gateway.bring(place.order("A", "halt"), SHOP)
    assert place.shown() == {"1", "4"}


def test_an_order_that_comes_late_stops_nothing_that_is_not_held_any_more() -> None:
    place = Place(stock())
    reply = place.until_done(place.order("A", "halt"))
    assert place.shown() == {"1", "2", "4", "o1"}
    assert reply.proof == "Nothing of it was on sale here."


# ---------------------------------------------------------------- two orders at work at once


def test_what_is_lifted_while_it_is_being_stopped_is_put_back() -> None:
    place = Place(stock())
    place.shelf.meanwhile = [lambda: None, lambda: place.resume("A")]
    place.halt("A", "cream")
    assert place.shelf.stock == stock()
    place.halt("B", "cream")
    place.resume("B")
    assert place.shelf.stock == stock(), "nor does a later halt find anything left of it"


def test_what_is_halted_anew_while_it_is_being_put_back_stays_off() -> None:
    place = Place(stock())
    place.halt("A", "cream")
    place.shelf.meanwhile = [lambda: None, lambda: place.halt("B", "cream")]
    place.resume("A")
    assert place.shown() == {"4"}
    place.resume("B")
    assert place.shelf.stock == stock()


@given(st.data())
def test_orders_that_meet_leave_what_is_held_and_give_every_byte_back(data: st.DataObject) -> None:
    place = Place(stock())

    def act(deep: int) -> None:
        names = [name for name in "ABC" if name not in busy]
        if not names:
            return
        name = data.draw(st.sampled_from(names))
        busy.add(name)
        nested = data.draw(st.lists(st.booleans(), max_size=4)) if deep else []
        place.shelf.meanwhile = [
            (lambda: act(deep - 1)) if one else (lambda: None) for one in nested
        ]
        if name in place.holds.by:
            del place.holds.by[name]
            place.until_done(replace(place.order(name, "resume"), effect_key=f"{next(keys)}"))
        else:
            goods = data.draw(st.sampled_from([("cream",), ("soap",), PRODUCTS]))
            place.goods[name] = goods
            place.holds.by[name] = Hold(
                channel="shop", order=1, level="H3", products=goods, lots=(), since=NOON
            )
            place.until_done(replace(place.order(name, "halt"), effect_key=f"{next(keys)}"))
        busy.discard(name)

    keys, busy = count(), set[str]()
    for _ in range(data.draw(st.integers(1, 5))):
        act(2)
        held = {product for hold in place.holds.by.values() for product in hold.products}
        for name, (product, _lot, _kind, state) in place.shelf.stock.items():
            was_on = stock()[name][3]["shown"]
            assert state["shown"] == (was_on and product not in held), (name, held)
    place.shelf.meanwhile = []
    for name in list(place.holds.by):
        del place.holds.by[name]
        place.until_done(replace(place.order(name, "resume"), effect_key=f"{next(keys)}"))
    assert place.shelf.stock == stock()


# ---------------------------------------------------------------- resume


def test_what_was_off_before_stays_off() -> None:
    place = Place(stock())
    place.halt("A", *PRODUCTS)
    proof = "On sale again: 3 offers. Sent on: 1 paid and unshipped."
    answered = place.resume("A")
    assert (answered.proof, answered.all_held) == (proof, False)
    assert place.shelf.stock == stock()


def test_goods_that_another_incident_holds_come_back_with_the_last_of_them() -> None:
    place = Place(stock())
    place.halt("A", "cream")
    place.halt("B", *PRODUCTS)
    answered = place.resume("A")
    assert (answered.proof, answered.all_held) == (f"{NOTHING_AGAIN} Still held: 3.", True)
    assert place.shown() == set()
    place.resume("B")
    assert place.shelf.stock == stock()


def test_recalled_lots_never_come_back() -> None:
    place = Place(stock())
    place.halt("A", "cream")
    place.holds.by["recall"] = Hold(
        channel="shop", order=0, level="", products=("cream",), lots=("L1",), since=NOON,
        recalled=True,
    )  # fmt: skip
    place.resume("A")
    assert place.shown() == {"1", "4", "o1"}


@pytest.mark.parametrize(
    ("now", "proof", "left"),
    [
        pytest.param({"shown": False, "price": 50, "units": 5}, "left so: 1.", False, id="changed"),
        pytest.param(None, "left so: 1.", None, id="deleted"),
        pytest.param(
            {"shown": True, "price": 90, "units": 5}, "On sale again: 1 offer. Sent on: 1 paid and unshipped.", True,
            id="put back by hand already",
        ),
    ],
)  # fmt: skip
def test_what_somebody_else_did_meanwhile_is_left_so(
    now: State | None, proof: str, left: bool | None
) -> None:
    place = Place(stock())
    place.halt("A", "cream")
    if now is None:
        del place.shelf.stock["1"]
    else:
        place.shelf.stock["1"] = ("cream", "", OFFER, now)
    assert place.resume("A").proof.endswith(proof)
    assert (place.shelf.stock["1"][3]["shown"] if now else None) is left


# ---------------------------------------------------------------- looking


def test_a_look_finds_what_runs_although_it_is_held() -> None:
    place = Place(stock())
    place.halt("A", "cream")
    assert place.gateway.look("shop", "", SHOP).is_clean
    place.shelf.stock["1"] = stock()["1"]
    place.shelf.stock["o2"] = ("cream", "", UNSHIPPED, {"shown": True, "units": 1})
    seen = place.gateway.look("shop", "", SHOP)
    assert (seen.offers, seen.units, seen.unshipped, list(seen.items)) == (1, 5, 1, ["1", "o2"])


# ---------------------------------------------------------------- whatever happens

STATES = st.fixed_dictionaries(
    {"shown": st.booleans()}, optional={"price": st.integers(0, 9), "units": st.integers(0, 9)}
)
STOCK = st.dictionaries(
    st.text("abc", min_size=1, max_size=3),
    st.tuples(st.sampled_from(PRODUCTS), st.sampled_from(LOTS), st.sampled_from(ItemKind), STATES),
    max_size=8,
)
GOODS = st.tuples(
    st.lists(st.sampled_from(PRODUCTS), min_size=1, unique=True),
    st.lists(st.sampled_from(LOTS[1:]), unique=True),
)
TROUBLE = st.lists(st.sampled_from(["ok", "refused", "lost", "dies before", "dies after"]))


@given(STOCK, st.lists(st.tuples(st.sampled_from("ABC"), GOODS), max_size=8), TROUBLE, st.randoms())
def test_whatever_is_halted_and_dies_meanwhile_resuming_all_gives_every_byte_back(
    made: dict[str, tuple[str, str, ItemKind, State]],
    acts: list[tuple[str, tuple[list[str], list[str]]]],
    trouble: list[str],
    order: object,
) -> None:
    place = Place(deepcopy(made))
    place.shelf.trouble = list(trouble)
    for number, (incident, (products, lots)) in enumerate(acts):
        name = f"{incident}{number}"
        standing = [one for one in place.holds.by if one.startswith(incident)]
        if standing and number % 2:
            place.resume(standing[0])
        else:
            place.halt(name, *products, lots=tuple(lots))
        assert_held(place, made)
    for name in list(place.holds.by):
        place.resume(name)
    assert place.shelf.stock == made


def assert_held(place: Place, made: dict[str, tuple[str, str, ItemKind, State]]) -> None:
    """What runs is what ran before, without what is held now."""
    held = place.holds.by.values()
    free = {
        name
        for name, (product, lot, _kind, state) in made.items()
        if state["shown"] and not any(hold.covers(product, lot) for hold in held)
    }
    assert place.shown() == free


@given(STOCK, TROUBLE)
def test_no_item_is_stopped_twice_by_one_order_unless_the_shop_lost_the_first(
    made: dict[str, tuple[str, str, ItemKind, State]], trouble: list[str]
) -> None:
    place = Place(deepcopy(made))
    place.shelf.trouble = list(trouble)
    place.halt("A", *PRODUCTS)
    written = [name for name, _state in place.shelf.writes]
    assert len(written) == len(set(written))


def test_an_order_that_a_fake_repeats_with_other_goods_is_another_order() -> None:
    place = Place(stock())
    place.halt("A", "soap")
    place.holds.by["A"] = replace(place.holds.by["A"], products=PRODUCTS)
    place.until_done(replace(place.order("A", "halt"), effect_key="A:halt:2", products=[*PRODUCTS]))
    assert place.shown() == set()
