"""What every adapter of a shop keeps: the same tests for each, over real HTTP where it speaks it."""

import logging
import traceback
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import AndonError, BrokenSetup, NotConfirmed
from tests import figures
from tests.integrations.shop_kinds import KINDS, SHOP, Stock, always, order, place

EVERY = pytest.mark.parametrize("name", KINDS)
SPOKEN_TO = pytest.mark.parametrize("name", [one for one in KINDS if KINDS[one]().server])
STOCK = Stock(
    offers=[("cream", 5, True), ("cream", 7, True), ("soap", 3, True), ("cream", 1, False),
            ("", 9, True)],
    orders=[[("cream", 2)], [("soap", 1)], [("", 4)]],
)  # fmt: skip
WRONG_KEY = "shpat_of_somebody_else_0123456789"


@EVERY
def test_a_halt_stops_what_is_held_nothing_else_and_counts_it(name: str) -> None:
    with place(name, STOCK) as here:
        reply = here.halt("A", "cream")
        assert here.kind.running() == ([2, 4], [1, 2])
        assert reply.proof == "Taken off sale: 2 offers. Held back: 1 paid and unshipped."
        assert (reply.units, reply.orders, reply.order_units) == (12, 1, 2)


@EVERY
def test_what_the_shop_does_not_have_is_said(name: str) -> None:
    with place(name, Stock(offers=[("", 9, True)])) as here:
        assert here.halt("A", "cream").proof == "Nothing of it was on sale here."
        assert here.kind.running() == ([0], [])


@EVERY
def test_the_same_order_again_changes_nothing(name: str) -> None:
    with place(name, STOCK) as here:
        first = here.halt("A", "cream")
        before = here.kind.state()
        assert here.until_done(order("A", "halt", ["cream"])) == first
        here.halt("B", "cream")
        assert here.kind.state() == before


@SPOKEN_TO
@pytest.mark.parametrize("word", ["503", "500", "429", "cut", "lost", "lost 500"])
def test_whatever_breaks_in_the_middle_is_done_in_the_end_and_put_back(
    name: str, word: str
) -> None:
    with place(name, STOCK) as here:
        before = here.kind.state()
        assert here.kind.server is not None
        here.kind.server.trouble = [word, "ok", "ok", word, "ok", "ok", "ok", word] * 3
        reply = here.halt("A", "cream")
        assert here.kind.running() == ([2, 4], [1, 2])
        assert (reply.units, reply.orders, reply.order_units) == (12, 1, 2)
        here.kind.server.trouble = ["ok", word, "ok", "ok", word] * 3
        here.resume("A")
        assert here.kind.state() == before


@SPOKEN_TO
@pytest.mark.parametrize("action", ["halt", "look"])
def test_a_wrong_key_is_said_in_plain_words_and_shown_nowhere(
    name: str, action: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with place(name, STOCK) as here:
        gateway = here.kind.gateway(here.journal, here.holds, key=WRONG_KEY)
        here.hold("A", "cream")
        ask: dict[str, Callable[[], object]] = {
            "halt": lambda: gateway.bring(order("A", "halt", ["cream"]), SHOP),
            "look": lambda: gateway.look("shop", "", SHOP),
        }
        with pytest.raises(BrokenSetup, match="The shop answered 401: its key is not") as told:
            ask[action]()
        assert told.value.hint == "Give a new one in the file of connections."
        shown = "".join(traceback.format_exception(told.value)) + caplog.text
        assert WRONG_KEY not in shown


@EVERY
def test_a_look_finds_what_was_put_on_sale_again(name: str) -> None:
    with place(name, STOCK) as here:
        here.halt("A", "cream")
        assert here.gateway.look("shop", "", SHOP).is_clean
        here.kind.sell_again(1)
        seen = here.gateway.look("shop", "", SHOP)
        assert (seen.offers, seen.units, seen.unshipped, len(seen.items)) == (1, 7, 0, 1)


@EVERY
def test_what_others_changed_meanwhile_is_left_so(name: str) -> None:
    with place(name, STOCK) as here:
        here.halt("A", "cream")
        here.kind.archive(0)
        told = here.resume("A").proof
        assert told.startswith("On sale again: 1 offer. Sent on: 1 paid and unshipped. ")
        assert told.endswith("Changed by others meanwhile and left so: 1.")
        assert here.kind.running()[0] == [1, 2, 4]


@pytest.mark.parametrize("name", [one for one in KINDS if KINDS[one].is_mixed])
@pytest.mark.parametrize("first", ["A", "B"])
def test_an_order_of_two_products_goes_on_when_neither_is_held(name: str, first: str) -> None:
    stock = Stock(offers=[("cream", 5, True)], orders=[[("soap", 1), ("cream", 2)]])
    with place(name, stock) as here:
        before = here.kind.state()
        here.halt("A", "cream")
        here.halt("B", "soap")
        here.resume(first)
        assert here.kind.running()[1] == []
        here.resume("B" if first == "A" else "A")
        assert here.kind.state() == before


HOSTILE: list[Any] = [
    pytest.param(always(200, b"x" * (8 * 1024 * 1024 + 1)), NotConfirmed, id="an endless answer"),
    pytest.param(always(200, b"<html>hello</html>"), NotConfirmed, id="words for people"),
    pytest.param(always(200, b"\xff\xfe"), NotConfirmed, id="no text"),
    pytest.param(always(200, b"[" * 100_000), NotConfirmed, id="brackets without end"),
    pytest.param(always(200, b"9" * 5000), NotConfirmed, id="a number without end"),
    pytest.param(always(200, None), NotConfirmed, id="nothing"),
    pytest.param(always(200, []), NotConfirmed, id="a list without its pages"),
    pytest.param(always(200, {"data": None}), NotConfirmed, id="no data"),
    pytest.param(
        always(200, {"data": {"productVariants": {"nodes": [7], "pageInfo": None}}}), NotConfirmed,
        id="a number for a product",
    ),
    pytest.param(always(200, [7], {"x-wp-totalpages": "1"}), NotConfirmed, id="a number for goods"),
    pytest.param(
        always(302, b"", {"location": "http://169.254.169.254/"}), BrokenSetup, id="sent elsewhere"
    ),
    pytest.param(always(402, b""), NotConfirmed, id="not paid"),
    pytest.param(always(423, b""), NotConfirmed, id="locked"),
]  # fmt: skip


@SPOKEN_TO
@pytest.mark.parametrize(("instead", "error"), HOSTILE)
def test_a_hostile_answer_is_no_confirmation(
    name: str, instead: Any, error: type[AndonError]
) -> None:
    with place(name, STOCK) as here:
        assert here.kind.server is not None
        here.kind.server.instead = instead
        here.hold("A", "cream")
        with pytest.raises(error, match="The shop"):
            here.gateway.bring(order("A", "halt", ["cream"]), SHOP)
        assert here.journal.changes == []


GOODS = st.sampled_from(["cream", "soap", ""])
STOCKS = st.builds(
    Stock,
    offers=st.lists(st.tuples(GOODS, st.integers(0, 9), st.booleans()), max_size=6),
    orders=st.lists(
        st.lists(st.tuples(GOODS, st.integers(1, 3)), min_size=1, max_size=3), max_size=4
    ),
)
ACTS = st.lists(st.sampled_from([("cream",), ("soap",), ("cream", "soap")]), max_size=3)
TROUBLE = st.lists(st.sampled_from(["ok", "ok", "503", "cut", "lost", "lost 500"]), max_size=20)


@EVERY
@given(stock=STOCKS, acts=ACTS, trouble=TROUBLE, back=st.randoms(use_true_random=False))
@settings(max_examples=100 if figures.FULL else 12)
def test_whatever_was_held_and_broke_ending_it_all_gives_every_byte_back(
    name: str, stock: Stock, acts: list[tuple[str, ...]], trouble: list[str], back: Any
) -> None:
    with place(name, stock) as here:
        before = here.kind.state()
        if here.kind.server is not None:
            here.kind.server.trouble = list(trouble)
        for number, products in enumerate(acts):
            here.halt(f"I{number}", *products)
        ending = list(here.holds.by)
        back.shuffle(ending)
        for incident in ending:
            here.resume(incident)
            assert here.seen().is_clean
        assert here.kind.state() == before
