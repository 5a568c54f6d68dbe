"""The units that a channel set apart, on the page of its order: the fields, and what it said.

What belongs here: which lots have a number of their own, what the form is filled with where the
channel answered already, and reading it. What never does: what a count means
(domain/channel_answers.py), or the rest of the page (order_answer.py).

A lot is asked where it is the order's own by the company's list, and where the channel counted it.
A field is named by the lot's place in the order: a list that changes meanwhile moves no number.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from activities.goods_said import goods_beside, goods_by_product, lots_of_goods
from activities.speaking import Speech
from api.pages.answer_way import Numbers
from domain.channel_answers import OwnAnswer
from domain.goods_in_pairs import Goods
from services.answer_links import Asked
from services.house import House

ROWS: Final = 60
"""So many lots have a number of their own on the page; of more, one number in all is asked."""

COUNTED: Final = "counted"
"""The field that says what of the answer before stood in a form: its `units`, or its `where`."""


def goods_asked(house: House, asked: Asked) -> tuple[Goods, ...]:
    """Give the goods of an order, beside each product its own lots."""
    order, incident = asked.order, asked.incident
    beside = goods_beside(incident, "halt", order.number)
    return goods_by_product(house.engine, [(order.products, order.lots)], incident, beside)


def lots_asked(house: House, asked: Asked) -> tuple[str, ...]:
    """Give the lots that are asked for, in the order's own sequence; none are all of them."""
    own = {*lots_of_goods(goods_asked(house, asked))}
    counted = {one.lot for one in asked.own.set_apart} if asked.own else set()
    return tuple(lot for lot in asked.order.lots if lot in own or lot in counted)


def products_by_lot(speech: Speech, goods: Sequence[Goods]) -> dict[str, str]:
    """Give the names of the products of each lot; of an order for one product it goes without."""
    if len(goods) < 2:
        return {}
    found: dict[str, list[str]] = {}
    for products, lots in goods:
        for lot in lots:
            found.setdefault(lot, []).extend(speech.named("product", one) for one in products)
    return {lot: speech.words.listed(names) for lot, names in found.items()}


def unit_fields(asked: Asked, lots: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Give the names of the number fields with their lots: one a lot, or one for all (lot "")."""
    if not lots or len(lots) > ROWS:
        yield "units", ""
        return
    for lot in lots:
        yield f"units-{asked.order.lots.index(lot)}", lot


def said_before(asked: Asked, fields: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Give what a form is filled with: what the channel answered before, but who it was."""
    own = asked.own
    if own is None:
        return {}
    apart = {one.lot: one.units for one in own.set_apart}
    numbers = {name: str(apart[lot]) for name, lot in fields if lot in apart}
    refused = own.answer == OwnAnswer.CANNOT
    told = {"answer": own.answer, "where": own.where, "reason": own.reason if refused else ""}
    stood = "units" if numbers else "where" if own.where else ""
    return {**told, **numbers, COUNTED: stood}


def with_said_before(
    asked: Asked, body: dict[str, Any], typed: Mapping[str, str]
) -> dict[str, Any]:
    """Give a body of `answer_order`: what stood in its form is as it is there, emptied or not.

    A form in which nothing stood, as one that was opened before another answer came, empties
    nothing by being empty.
    """
    own = asked.own
    if own is None or body["answer"] != OwnAnswer.STOPPED or body["set_apart"]:
        return body
    stood = typed.get(COUNTED, "")
    if stood == "units":
        return {**body, "uncounted": True}
    kept = [{"lot": one.lot, "units": one.units} for one in own.set_apart]
    return {**body, "set_apart": kept, "where": body["where"] or ("" if stood else own.where)}


def read_units(
    fields: Sequence[tuple[str, str]], typed: Mapping[str, str], units: Numbers
) -> list[dict[str, Any]]:
    """Read the numbers as the body of `answer_order` has them; what is empty is not there."""
    counted = ((lot, units(typed.get(name, ""))) for name, lot in fields)
    return [{"lot": lot, "units": one} for lot, one in counted if one is not None]
