"""Whether a person who is named for a role has it in the company's list of people.

What belongs here: the list held against a command. What never does: who may name whom (domain).
`decide` knows no list; whoever is named without the role could never take it up.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, Final

from domain.message import CommandSpec
from domain.people import Role
from services.house import House
from storage import people

WITHOUT_ROLE: Final = (
    "This person does not have the role in the company's list of people, and could not take it up: "
    "name somebody who has it, or let an administrator give it."
)
NOT_AMONG: Final = (
    "This person has none of the roles that may do this: name somebody who has one, or let an "
    "administrator give it."
)
NO_DEPUTY: Final = (
    "This person is no deputy for the role in the company's list of people: name somebody who is, "
    "leave it open, or let an administrator add it."
)


def unfit(house: House, spec: CommandSpec, body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give the fields that name somebody for a role they do not have, each with its sentence."""
    yield from _not_among(house, spec, body)
    for each in fields(spec.type):
        carries, stands_in = (each.metadata.get(name) for name in ("carries", "stands_in"))
        asked, named = carries or stands_in, body.get(each.name)
        if not asked or not named:
            continue
        role = asked if isinstance(asked, Role) else body.get(asked)
        person = people.person(house.engine, named)
        if carries and role not in person.roles:
            yield each.name, WITHOUT_ROLE
        elif stands_in and role not in (*person.roles, *person.deputy_for):
            yield each.name, NO_DEPUTY


def _not_among(
    house: House, spec: CommandSpec, body: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """Give the fields that name somebody who has none of the roles that may do it."""
    for each in fields(spec.type):
        among, named = each.metadata.get("among"), body.get(each.name)
        if among and named and not set(among) & set(people.person(house.engine, named).roles):
            yield each.name, NOT_AMONG
