"""More of a lot at a consignee than it received: asked about before the number is recorded.

What belongs here: the question in words, for whoever records it and whoever signs it after. What
never does: the comparison (domain/beyond_received.py), or refusing a number.
"""

from collections.abc import Mapping
from typing import Any

from api.pages.doubts import Doubts
from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from api.pages.lot_records import listed_units
from domain.beyond_received import Beyond, beyond_received
from domain.errors import AndonError
from domain.message import CommandSpec, command_from_wire
from domain.values import Json
from domain.wire import decode
from services import vaulting

ASKED = frozenset({"answer_as_consignee", "receive_goods", "correct_count"})
"""The acts that tell units of a consignee."""


def count_doubts(view: View, spec: CommandSpec, body: Mapping[str, Any]) -> Doubts:
    """Ask about units that a consignee cannot have, by all that is known; nothing of other acts."""
    if spec.name not in ASKED:
        return Doubts()
    try:
        said: Any = decode(spec.type, vaulting.stand_in(spec, body), strict=True)
    except AndonError:
        return Doubts()
    found, lens = _found(view, said), view.lens
    return Doubts(
        lines=tuple(_line(lens, one) for one in found),
        mark="~".join(f"{one.consignee}-{one.lot}-{one.units}-{one.received}" for one in found),
        heading=lens("Look at this before you record it"),
        again=lens("Not recorded yet: look at this first"),
        advice=lens(
            "A typing error, goods from somebody else, or a counterfeit? Ask or count again. Where "
            "it is so, press again: it is recorded as it stands here."
        ),
    )


def count_rows(view: View, wire: Json) -> list[Drawn]:
    """Show whoever signs a count the same question; nothing for other acts."""
    if wire["type"] not in ASKED:
        return []
    lines = [_line(view.lens, one) for one in _found(view, command_from_wire(wire))]
    return [{"label": view.lens("Look at this before you sign"), "lines": lines}] if lines else []


def _found(view: View, said: Any) -> tuple[Beyond, ...]:
    return beyond_received(view.state.recall, said, listed_units(view) or {})


def _line(lens: Lens, one: Beyond) -> str:
    told = {
        "name": lens.named("consignee", one.consignee),
        "units": lens.number(one.units),
        "lot": one.lot,
        "received": lens.number(one.received),
    }
    if not one.counted:
        return lens(
            "%(name)s reports %(units)s units of %(lot)s; by our own list it received "
            "%(received)s.",
            **told,
        )
    if one.by_list:
        return lens(
            "With this, %(units)s units of %(lot)s are counted in from %(name)s; by our own list "
            "it received %(received)s.",
            **told,
        )
    return lens(
        "With this, %(units)s units of %(lot)s are counted in from %(name)s; it says it received "
        "%(received)s.",
        **told,
    )
