"""Who may start an act, by the plan: what `andon acts` says of it.

What belongs here: reading the plan's rows for an act of the registry, by answer and by grade. What
never does: deciding it (domain/acts.py has the last word, for one incident), or printing.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Final

from api.pages.possible import TURNS_ON
from cli.setting_up import stores
from domain.errors import BrokenSetup
from domain.message import CommandSpec
from domain.people import SYSTEM_ROLES, Role
from domain.rules import Rules
from domain.severity import Grade
from services.company import read_rules
from services.settings import load_settings

TRUE_OR_FALSE: Final = (True, False)


@dataclass(frozen=True)
class Starters:
    """Who may start an act: the roles, with which answer of its, and where a grade has others."""

    roles: tuple[str, ...]
    answers: tuple[str, ...] = ()
    at_grade: tuple[tuple[str, tuple[str, ...]], ...] = ()


def rules_in_force() -> Rules:
    """Give the rules that are adopted here; the files' own where nothing is installed yet."""
    if load_settings().key_ring_file.exists():
        with suppress(BrokenSetup), stores() as house:
            return house.current_rules()
    return read_rules()


def starters(rules: Rules, spec: CommandSpec, properties: dict[str, Any]) -> tuple[Starters, ...]:
    """Say who may start an act; `properties` are its fields as a JSON Schema has them.

    Where the row of the plan turns on an answer, such as a level of halt, the answers with the same
    people stand together.
    """
    found: dict[Starters, list[str]] = {}
    for answer, key in _keys(spec, properties):
        found.setdefault(_of_row(rules, spec, key), []).append(answer)
    return tuple(
        Starters(one.roles, () if len(found) == 1 else tuple(filter(None, answers)), one.at_grade)
        for one, answers in found.items()
    )


def _keys(spec: CommandSpec, properties: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    """Give the keys of the plan's rows for an act, each with the answer that leads to it."""
    name = TURNS_ON.get(spec.name)
    if name is None:
        yield "", spec.act(None)
        return
    for answer in properties[name].get("enum", TRUE_OR_FALSE):
        with suppress(KeyError):  # an answer that no row of the plan is about
            key = spec.act(SimpleNamespace(**{name: answer}))
            yield f"{name}={str(answer).lower() if isinstance(answer, bool) else answer}", key


def _of_row(rules: Rules, spec: CommandSpec, key: str | None) -> Starters:
    if key is None:
        return Starters(_named(spec.roles))
    by_grade = {grade: _named(rules.plan.act(key, grade).proposers) for grade in Grade}
    usual = _named(rules.plan.act(key).proposers) or _named(spec.roles)
    others = tuple((str(grade), own) for grade, own in by_grade.items() if own and own != usual)
    return Starters(usual, at_grade=others)


def _named(roles: Any) -> tuple[str, ...]:
    """Name roles of people, by their ids."""
    return tuple(sorted(str(role) for role in Role if role in roles and role not in SYSTEM_ROLES))
