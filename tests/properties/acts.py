"""Acts made from the registry: any command, any body its types allow, by anybody.

What belongs here: strategies. What never does: a list of commands; what lands is covered by itself.
"""

from dataclasses import MISSING, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

import domain.incident  # noqa: F401 - completes the registry
from domain.message import COMMANDS
from domain.people import SYSTEM_ROLES, Actor, Role
from domain.values import PrivateText, PublicText
from domain.wire import optional_of, travelling
from tests.domain.story import START

IDS = ("cream", "L1", "S1", "D1", "M1", "A1", "A2", "P1", "E1", "T1", "ch-own_shop", "legal")
TEXTS = ("A plain sentence.", "Units are counted again.", "停止使用。")
WHEN = (START, START.replace(day=3))


@cache
def values(tp: Any) -> st.SearchStrategy[Any]:  # noqa: PLR0911 - one line per kind of type
    """Give a strategy for any type that travels."""
    inner = optional_of(tp)
    if inner is not None:
        return st.none() | values(inner)
    if get_origin(tp) is tuple:
        return st.lists(values(get_args(tp)[0]), max_size=2).map(tuple)
    if get_origin(tp) is dict or tp is dict:
        return st.just({})
    if tp is PrivateText:
        return st.just(PrivateText(ref="t1", commitment="c1", subject="s1"))
    if isinstance(tp, type) and is_dataclass(tp):
        return messages(tp)
    if isinstance(tp, type) and issubclass(tp, StrEnum):
        return st.sampled_from(list(tp))
    plain: dict[Any, st.SearchStrategy[Any]] = {
        bool: st.booleans(),
        int: st.integers(min_value=-1, max_value=50),
        datetime: st.sampled_from(WHEN),
        date: st.sampled_from([at.date() for at in WHEN]),
        PublicText: st.sampled_from([PublicText(text) for text in TEXTS]),
    }
    return plain.get(tp, st.sampled_from(IDS))


@cache
def messages(tp: Any) -> st.SearchStrategy[Any]:
    """Give a strategy for a dataclass: needed fields always, others sometimes."""
    hints = get_type_hints(tp)
    always: dict[str, st.SearchStrategy[Any]] = {}
    sometimes: dict[str, st.SearchStrategy[Any]] = {}
    for field in travelling(tp):
        needed = field.default is MISSING and field.default_factory is MISSING
        made = values(hints[field.name])
        if field.metadata.get("some"):
            item = values(get_args(hints[field.name])[0])
            made = st.lists(item, min_size=1, max_size=2).map(tuple)
        (always if needed else sometimes)[field.name] = made
    return st.fixed_dictionaries(always, optional=sometimes).map(lambda made: tp(**made))


def people() -> st.SearchStrategy[Actor]:
    """Give anybody: one to three roles, sometimes a deputy."""
    roles = st.lists(
        st.sampled_from([role for role in Role if role not in SYSTEM_ROLES]),
        min_size=1,
        max_size=3,
        unique=True,
    )
    return st.builds(
        lambda held, name: Actor(id=name, roles=tuple(held)),
        roles,
        st.sampled_from(["ann", "bo", "chen", "dan"]),
    )


def acts() -> st.SearchStrategy[tuple[Actor, Any]]:
    """Give a person with a command, any of those people may give."""
    specs = [spec for spec in COMMANDS.values() if not spec.roles <= SYSTEM_ROLES]
    by_anybody = st.tuples(people(), st.sampled_from(specs).flatmap(lambda s: messages(s.type)))
    fitting = st.sampled_from(specs).flatmap(
        lambda s: st.tuples(
            st.sampled_from(sorted(s.roles - SYSTEM_ROLES)).map(
                lambda role: Actor(id=str(role), roles=(role,))
            ),
            messages(s.type),
        )
    )
    return st.one_of(fitting, fitting, by_anybody)
