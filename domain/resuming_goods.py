"""Stage `halt`: sale resumes for some goods of an order; the rest goes on as an order of its own.

What belongs here: which orders stop what is named, what of each of them stays, the orders that go
on with that. What never does: the signed act, or the channels that resume (domain/resuming.py), or
what is remembered of freed goods (domain/freed_goods.py).

An order is all its products times all its lots. What is taken out of it leaves two such orders at
most: the other products with all lots, and the named products with the other lots.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from domain.dispatch import Act
from domain.errors import Refused
from domain.goods_in_pairs import Goods
from domain.halt import HaltOrdered, order_level
from domain.replacing import replace
from domain.severity import HaltLevel
from domain.state import Incident, PendingAct
from domain.state.halt import HaltOrder
from domain.taken_back import recalled_lots


@dataclass(frozen=True, slots=True)
class Named:
    """Goods that a person names: these lots of these products; none of a kind are all of it."""

    products: Collection[str]
    lots: Collection[str]

    def is_in(self, order: HaltOrder) -> bool:
        """Say whether an order stops any of it; raises Refused where its lots cannot be named."""
        if self.products and set(self.products).isdisjoint(order.products):
            return False
        if not self.lots:
            return True
        if not order.lots:
            raise Refused(
                f"Order {order.number} stops every lot of its products, so that none can be taken "
                "out of it.",
                "Name products, or resume all and order the halt of the lots that are to stay.",
                code="unbounded",
            )
        return not set(self.lots).isdisjoint(order.lots)

    def of(self, order: HaltOrder) -> Goods:
        """Give what an order stops of it."""
        products, lots = set(self.products), set(self.lots)
        return (
            tuple(one for one in order.products if not products or one in products),
            tuple(lot for lot in order.lots if not lots or lot in lots),
        )

    def left_of(self, order: HaltOrder) -> Iterator[Goods]:
        """Give what an order stops beside it."""
        products, lots = self.of(order)
        others = tuple(one for one in order.products if one not in products)
        if others:
            yield others, order.lots
        freed = set(lots)  # thousands of lots, in a task of the workflow that has two seconds
        stay = tuple(lot for lot in order.lots if lot not in freed)
        if stay:
            yield products, stay


def stood_at(
    incident: Incident, orders: Iterable[HaltOrder], proposed: PendingAct | None
) -> tuple[list[HaltOrder], list[HaltOrder]]:
    """Part orders into those that stood when an act was proposed, and those given since.

    What went on of an order that stood is none that was given since; what was given at the very
    instant of the proposal is. None: it is proposed now.
    """
    numbered = {order.number: order for order in incident.halt.orders}
    stood: list[HaltOrder] = []
    later: list[HaltOrder] = []
    for order in orders:
        whole = order
        while whole.part_of:
            whole = numbered[whole.part_of]
        is_seen = proposed is None or whole.ordered_at < proposed.proposed_at
        (stood if is_seen else later).append(order)
    return stood, later


def orders_of(
    orders: Sequence[HaltOrder], named: Named, later: Iterable[HaltOrder] = ()
) -> list[HaltOrder]:
    """Give the orders that stop what is named; raises Refused for what none of them stops.

    Those given `later` than somebody proposed it are not among them, and stay as they are.
    """
    found = [order for order in orders if named.is_in(order)]
    stopped, since = _names(found), _names(later)
    wanted = [*(("product", one) for one in named.products), *(("lot", one) for one in named.lots)]
    for kind, name in wanted:
        if (kind, name) in stopped:
            continue
        if (kind, name) in since:
            raise Refused(
                f"{name:.80} is stopped only by orders that were given since this was proposed.",
                "Look at the halt board; propose it anew if those are to end too.",
                code="ordered_since",
            )
        if (kind, name) in _names(orders):
            raise Refused(
                f"{name:.80} is stopped at these levels, but not what is named together with it.",
                "Name it by itself, or with what is stopped of it: the halt board says what.",
                code="not_halted",
            )
        raise Refused(
            f"{name:.80} is not stopped at these levels.",
            "Look at the halt board.",
            code="not_halted",
        )
    return found


def _names(orders: Iterable[HaltOrder]) -> set[tuple[str, str]]:
    """Name what orders stop: a lot may be called as a product is."""
    found: set[tuple[str, str]] = set()
    for order in orders:
        found |= {("product", one) for one in order.products}
        found |= {("lot", one) for one in order.lots}
    return found


def freed_goods(orders: Iterable[HaltOrder], named: Named) -> Goods:
    """Give all products and lots that leave these orders."""
    freed = [named.of(order) for order in orders]
    products = tuple(sorted({product for found, _ in freed for product in found}))
    bounded = all(lots for _, lots in freed)
    return products, tuple(sorted({lot for _, lots in freed for lot in lots})) if bounded else ()


def orders_left(
    incident: Incident,
    act: Act,
    orders: Iterable[HaltOrder],
    named: Named,
    channels: Collection[str],
) -> tuple[HaltOrdered, ...]:
    """Give the orders that go on, where goods are freed, with what is left of each order there.

    A second person confirms or lifts one by the time that its whole had; what was confirmed is.
    """
    found: list[HaltOrdered] = []
    for order in orders:
        there = tuple(incident.halt.listed[name] for name in order.stopped if name in channels)
        for goods in named.left_of(order):
            made = order_level(
                incident, act, HaltLevel(order.level), goods,
                reason=f"What is left of order {order.number} stays stopped.",
                offset=len(found), channels=there,
            )  # fmt: skip
            found.append(replace(made, part_of=order.number, confirm_by=order.confirm_by))
    return tuple(found)


def goods_stopped(incident: Incident) -> dict[str, set[str]]:
    """Give the products that orders stop now, with the lots that may be taken out of an order."""
    found: dict[str, set[str]] = {}
    for order in incident.halt.orders:
        for product in () if order.lifted_at else order.products:
            found.setdefault(product, set()).update(order.lots)
    recalled = set(recalled_lots(incident))
    return {product: lots - recalled for product, lots in sorted(found.items())}
