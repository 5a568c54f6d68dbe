"""More of a lot at a consignee than it received, or less: asked about before it is recorded.

What belongs here: the question in words, for whoever records it and whoever signs it after. What
never does: the comparison (domain/beyond_received.py,
domain/unplaced.py), or refusing a number.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from api.pages.doubts import Doubts
from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from api.pages.lot_records import listed_units
from api.pages.unplaced_units import left_open_line
from domain.beyond_received import Beyond, beyond_received
from domain.consignees import AnswerAsConsignee
from domain.errors import AndonError
from domain.message import CommandSpec, command_from_wire
from domain.unplaced import LeftOpen, left_open
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
    answered = said if isinstance(said, AnswerAsConsignee) else None
    rest = left_open(answered.consignee, answered.lots) if answered else []
    empty = [str(row.lot) for row in (answered.lots if answered else ()) if not row.tells_units]
    beyond = lens(
        "A typing error, goods from somebody else, or a counterfeit? Ask or count again. Where "
        "it is so, press again: it is recorded as it stands here."
    )
    short = lens(
        "Ask where the rest is. Where nobody knows it yet, press again: the answer is recorded, "
        "and these units stay named as not accounted for."
    )
    unsaid = lens(
        "Enter its numbers, 0 where there were none, or empty the row. Where they could say "
        "nothing of it, press again: that lot counts as not answered."
    )
    asked = (beyond if found else "", short if rest else "", unsaid if empty else "")
    return Doubts(
        lines=(
            *(_line(lens, one) for one in found),
            *(left_open_line(lens, one) for one in rest),
            *(lens("No number stands beside lot %(lot)s.", lot=lot) for lot in empty),
        ),
        mark=_mark(found, rest, empty),
        heading=lens("Look at this before you record it"),
        again=lens("Not recorded yet: look at this first"),
        advice=lens.sentences(asked),
    )


def _mark(found: Iterable[Beyond], rest: Iterable[LeftOpen], empty: Iterable[str]) -> str:
    told = [f"{one.consignee}-{one.lot}-{one.units}-{one.received}" for one in found]
    told += [f"{one.consignee}-{one.lot}-{one.units}-open" for one in rest]
    return "~".join(told + [f"{lot}-empty" for lot in empty])


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
