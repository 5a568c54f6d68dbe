"""Stage `halt`: a second person confirms that an order stays (table 4.5).

What belongs here: who may, by when, and that silence leaves the order on. What never does: giving
an order (domain/halt.py), or lifting one (domain/resuming.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.acts import require
from domain.dispatch import Act, Due, decides, evolves, watches
from domain.errors import Refused
from domain.halt import HALT_ROLES, changed_orders, find_order
from domain.message import ask, command, event
from domain.people import Role
from domain.stages import Stage
from domain.state import Incident, Mark, with_stage


@event("HaltConfirmed", stage=Stage.HALT)
@dataclass(frozen=True, slots=True, kw_only=True)
class HaltConfirmed:
    """A second person confirmed that an order stays."""

    number: int
    by: str


@command("confirm_halt", stage=Stage.HALT, roles=HALT_ROLES, act="confirm_halt",
         title="Confirm: the halt stays", own_hand=True)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmHalt:
    """A second person confirms an order."""

    number: int = ask("Order number")


def second_people(incident: Incident, level: str) -> tuple[Role, ...]:
    """Give the roles whose second look the plan asks for at a level (table 4.5)."""
    plan = incident.rules.plan
    return plan.level(level).second_person_roles or tuple(plan.act("confirm_halt").proposers)


@decides(ConfirmHalt)
def confirm_halt(incident: Incident, act: Act, said: ConfirmHalt) -> tuple[HaltConfirmed, ...]:
    """Confirm an order: one of the level's second people, and never who gave it (`barred`)."""
    order = find_order(incident, said.number)
    if order.confirmed_at or order.lifted_at:
        raise Refused(f"Order {said.number} is settled already.", "Look at the halt board.")
    require(incident, act, second_people(incident, order.level))
    return (HaltConfirmed(number=said.number, by=act.who),)


@evolves(HaltConfirmed)
def _confirmed(incident: Incident, confirmed: HaltConfirmed, mark: Mark) -> Incident:
    orders = changed_orders(
        incident, confirmed.number, confirmed_at=mark.at, confirmed_by=confirmed.by
    )
    return with_stage(incident, "halt", orders=orders)


@watches(Stage.HALT)
def confirmations_due(incident: Incident) -> Iterator[Due]:
    """Orders wait for a second person; silence leaves them on."""
    for order in incident.halt.orders:
        if order.confirm_by is None or order.confirmed_at or order.lifted_at:
            continue
        yield Due(
            key=f"confirm_halt:{order.number}",
            stage=Stage.HALT,
            title=f"Confirm or lift halt {order.level}",
            roles=second_people(incident, order.level),
            start_at=order.ordered_at,
            due_at=order.confirm_by,
            act="confirm_halt",
            item=str(order.number),
        )
