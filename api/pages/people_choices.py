"""Whom a form offers by name: the people of the company, and only those who may do what follows.

What belongs here: who is offered for a field and in which order. What never does: who may act
(`decide` has the last word).
"""

from collections.abc import Iterable
from dataclasses import fields
from typing import Final

from api.forms import Option
from api.pages.lens import Lens
from api.pages.looking import View
from domain.message import COMMANDS
from domain.people import EVERYONE, TEAM, Role

WITNESSES: Final = ("dispose_goods", "witnesses")
"""The field of those before whom goods are disposed of: one of them signs as the witness."""

CUSTODIANS: Final = ("place_legal_hold", "custodians")
"""The field of those who then confirm that they keep everything."""


def offered_people(lens: Lens, view: View | None, command: str, name: str) -> list[Option]:
    """Offer people with their roles, the team of the incident first.

    Who is named to sign or to confirm afterwards is somebody who may.
    """
    wanted = _roles_named(view, command, name)
    is_witness = (command, name) == WITNESSES
    me = view.visit.who.id if view and is_witness else ""

    def may(roles: Iterable[str]) -> bool:
        return wanted is None or bool(wanted & set(roles))

    people = sorted(
        (
            one
            for one in lens.names.people.values()
            # Whoever was there can be named as present; who may sign as a witness comes first.
            if one.active and one.id != me and (is_witness or may(one.roles))
        ),
        key=lambda one: (
            not may(one.roles),
            _distance(view, one.id, one.roles),
            lens.person(one.id),
        ),
    )
    return [
        {"value": one.id, "label": lens.person(one.id), "help": lens.roles(one.roles[:2])}
        for one in people
    ]


def _roles_named(view: View | None, command: str, name: str) -> frozenset[str] | None:
    """Give the roles of which whoever is named here must have one; None where any will do."""
    if (command, name) == WITNESSES and view is not None:
        signers = view.state.rules.plan.act(command, view.state.report.grade).signers
        return frozenset(str(role) for slot in signers for role in slot.roles)
    if (command, name) == CUSTODIANS:
        return frozenset(map(str, EVERYONE))
    spec = COMMANDS.get(command)
    for each in fields(spec.type) if spec else ():
        carries = each.metadata.get("carries")
        among = {carries} if isinstance(carries, Role) else each.metadata.get("among", ())
        if each.name == name and among:
            return frozenset(map(str, among))
    return None


def _distance(view: View | None, person: str, roles: Iterable[str]) -> int:
    """Say how far somebody is from the incident: team, company, those who only look on."""
    named = view.state.people.roles.values() if view else ()
    if any(person in (one.person, one.deputy) for one in named):
        return 0
    held = {Role(role) for role in roles}
    return 1 if held & TEAM else 2 if held & EVERYONE else 3
