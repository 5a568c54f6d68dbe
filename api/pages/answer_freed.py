"""The page of an order that ended: what of it may be sold again there, and what stays stopped.

What belongs here: naming both, by product and lot, as the letters do. What never does: which goods
an order stops (domain/orders_there.py), or the rest of the page (order_answer.py).
"""

from collections.abc import Sequence

from activities.goods_said import BETWEEN, goods_by_product, goods_said
from activities.order_filling import Filled
from activities.speaking import Speech
from api.pages.lens import Drawn
from domain.channel_answers import is_over
from domain.envelope import ChannelOrder
from domain.goods_in_pairs import Goods, goods_of, lots_named, pairs_of
from domain.orders_there import orders_at
from domain.state.halt import HaltOrder
from domain.taken_back import recalled_lots, takes_back_all
from services.answer_links import Asked
from services.house import House


def lifted_goods(house: House, asked: Asked, speech: Speech) -> str:
    """Name the goods of an order that ended, all of them."""
    return goods_said(speech, goods_by_product(house.engine, [_whole(asked)], asked.incident))


def left(house: House, asked: Asked, speech: Speech, filled: Filled) -> Drawn | None:
    """Name what newer orders go on to stop of an order that ended there, and what was freed.

    None where nothing goes on.
    """
    orders, channel = asked.incident.halt.orders, asked.now.channel
    stay = [
        one
        for one in orders
        if not is_over(channel, one) and channel in one.channels and _is_part(orders, one, asked)
    ]
    if not stay:
        return None
    goods = [(one.products, one.lots) for one in stay]
    told = goods_by_product(house.engine, goods, asked.incident, [_whole(asked)])
    return {
        "goods": goods_said(speech, told),
        "freed": _freed(asked, speech, filled),
        "references": [f"{asked.incident.id} · {one.number}" for one in stay],
    }


def stays(house: House, asked: Asked, speech: Speech) -> str:
    """Name what other orders stop at a channel where this one is lifted; nothing for none."""
    there = orders_at(asked.incident, asked.now.channel)
    goods = [(one.products, one.lots) for one in there]
    return goods_said(speech, goods_by_product(house.engine, goods, asked.incident))


def _whole(asked: Asked) -> Goods:
    return asked.order.products, asked.order.lots


def _freed(asked: Asked, speech: Speech, filled: Filled) -> str:
    """Name what no order stops there any more, in the words of a letter to sell again.

    Nothing where other incidents or a recall hold all of it.
    """
    incident, named = asked.incident, lots_named(asked.incident)
    stopped = {
        pair
        for one in orders_at(incident, asked.now.channel)
        for pair in pairs_of(one.products, one.lots, named)
    }
    if takes_back_all(incident):
        return ""
    kept = recalled_lots(incident)
    free = {p for p in pairs_of(*_whole(asked), named) - stopped if p[1] not in kept}
    orders = [
        ChannelOrder(
            effect_key="",
            incident=incident.id,
            channel=asked.now.channel,
            action="resume",
            order=asked.order.number,
            products=list(products),
            lots=list(lots),
            drill=incident.drill,
            kept=list(kept),
        )
        for products, lots in goods_of(free)
    ]
    told = (filled.free(one, incident, speech) for one in orders)
    return BETWEEN[speech.words.is_chinese].join(filter(None, told))


def _is_part(orders: Sequence[HaltOrder], one: HaltOrder, asked: Asked) -> bool:
    """Say whether an order goes on with what is left of the one that was asked for."""
    part_of = {each.number: each.part_of for each in orders}
    number = one.part_of
    while number and number != asked.order.number:
        number = part_of[number]
    return bool(number)
