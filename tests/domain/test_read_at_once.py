"""What is plainly right is read at once; the careful reading says the same of everything else."""

import json
from contextlib import suppress
from dataclasses import MISSING, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import domain.incident
import domain.service_case  # noqa: F401 - and a case
from domain.errors import Malformed
from domain.message import CASE_COMMANDS, COMMANDS, EVENTS
from domain.wire import (
    LIST_LIMIT,
    TEXT_LIMIT,
    _at_once,
    _decoder,
    _Reading,
    decode,
    optional_of,
    travelling,
)
from tests.replay.corpus import goldens

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=6),
    st.sampled_from([
        "", "a\x00b", "\ud800", "two\nlines", "tab\there", "2026-11-22", "2026-11-22T14:00:00Z",
        "2026-11-22T14:00:00+08:00", "2026-11-22T14:00:00", "0001-01-01T00:00:00+14:00",
        "x" * (TEXT_LIMIT + 1), ["a"] * (LIST_LIMIT + 1), [], {}, [[]], {"a": {}}, 2**53, -(2**53),
        1.5, "\ufffe", "安灯",
    ]),
)  # fmt: skip

GOOD: dict[Any, st.SearchStrategy[Any]] = {
    bool: st.booleans(),
    int: st.integers(-(2**53) + 1, 2**53 - 1),
    datetime: st.datetimes(timezones=st.timezones(no_cache=True)).map(datetime.isoformat),
    date: st.dates().map(date.isoformat),
}
TYPES: dict[str, Any] = {
    spec.type.__name__: spec.type
    for registry in (EVENTS, COMMANDS, CASE_COMMANDS)
    for spec in registry.values()
}
"""Every type of message, of incidents and of cases."""


@cache
def plain_of(tp: Any, spoiled: int = 0) -> st.SearchStrategy[Any]:
    """Make plain values of a type; with `spoiled`, some of its parts are odd, missing or too many.

    Of so many parts one is odd: 0 of none.
    """
    good = _good(tp, spoiled)
    if not spoiled:
        return good
    return st.integers(1, spoiled).flatmap(lambda which: ODD if which == spoiled else good)


def _good(tp: Any, spoiled: int) -> st.SearchStrategy[Any]:
    inner = optional_of(tp)
    if inner is not None:
        return st.one_of(st.sampled_from([None, ""]), plain_of(inner, spoiled))
    if get_origin(tp) is tuple:
        return st.lists(plain_of(get_args(tp)[0], spoiled), max_size=3)
    if get_origin(tp) is dict or tp is dict or tp is Any:
        args = get_args(tp)
        return st.dictionaries(
            st.text(max_size=5), plain_of(args[1], spoiled) if args else ODD, max_size=3
        )
    if isinstance(tp, type) and is_dataclass(tp):
        return _message(tp, spoiled)
    if isinstance(tp, type) and issubclass(tp, StrEnum):
        return st.sampled_from([one.value for one in tp])
    return GOOD.get(tp, st.text(max_size=70))


def _message(tp: type, spoiled: int) -> st.SearchStrategy[Any]:
    hints = get_type_hints(tp)
    needed: dict[str, st.SearchStrategy[Any]] = {}
    optional: dict[str, st.SearchStrategy[Any]] = {}
    for of in travelling(tp):
        has_default = of.default is not MISSING or of.default_factory is not MISSING
        parts = optional if has_default or spoiled else needed
        parts[of.name] = plain_of(hints[of.name], spoiled)
    more = {"no_such_field": ODD} if spoiled else {}
    return st.fixed_dictionaries(needed, optional={**optional, **more})


@cache
def bodies() -> list[tuple[str, dict[str, Any]]]:
    """Give one recorded body of every type that any recording holds, as large as they come."""
    found: dict[str, dict[str, Any]] = {}
    for golden in goldens():
        for stream in golden.streams:
            for leaf in golden.stream(stream).leaves:
                told = json.loads(leaf)
                if len(leaf) > len(json.dumps(found.get(told["type"], {}))):
                    found[told["type"]] = told["body"]
    return sorted(found.items())


def places(part: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """List where something stands in a plain value."""
    inner = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(
        part, list
    ) else ()  # fmt: skip
    return [path, *(place for key, one in inner for place in places(one, (*path, key)))]


def changed(plain: Any, path: tuple[Any, ...], value: Any) -> Any:
    """Give a copy of a plain value with another thing at a place."""
    if not path:
        return value
    copy = dict(plain) if isinstance(plain, dict) else list(plain)
    copy[path[0]] = changed(copy[path[0]], path[1:], value)
    return copy


def careful(tp: Any, plain: Any) -> Any:
    """Read as a form is read: with what is wrong of each field."""
    reading = _Reading(strict=False)
    value = _decoder(tp)(plain, "", reading)
    return reading.problems or value


def as_read(tp: Any, plain: Any) -> Any:
    """Read as the ledger is read."""
    try:
        return decode(tp, plain)
    except Malformed as error:
        return list(error.fields)


def test_every_recorded_body_is_read_alike() -> None:
    assert len(bodies()) > 100
    for name, body in bodies():
        tp: Any = EVENTS[name].type
        assert as_read(tp, body) == careful(tp, body), name


@settings(max_examples=600)
@given(data=st.data())
def test_whatever_stands_anywhere_is_read_alike(data: st.DataObject) -> None:
    name, body = data.draw(st.sampled_from(bodies()))
    path = data.draw(st.sampled_from(places(body)))
    plain, tp = changed(body, path, data.draw(ODD)), EVENTS[name].type
    kind: Any = tp
    assert as_read(kind, plain) == careful(kind, plain)


def test_every_message_there_is_is_looked_at() -> None:
    assert len(TYPES) > 280
    assert {event.__module__.partition(".")[0] for event in TYPES.values()} == {"domain"}


def test_most_that_is_made_well_is_read_at_once() -> None:
    """Else one reading would only be held against itself."""
    read = 0

    @settings(max_examples=600, database=None, derandomize=True)
    @given(data=st.data())
    def count(data: st.DataObject) -> None:
        nonlocal read
        tp = TYPES[data.draw(st.sampled_from(sorted(TYPES)))]
        with suppress(KeyError, TypeError, ValueError, OverflowError):
            _at_once(tp)(data.draw(plain_of(tp)))
            read += 1

    count()
    assert read > 150, "a quarter of them"


@pytest.mark.parametrize("name", sorted(TYPES))
@settings(max_examples=12)
@given(data=st.data())
def test_what_any_message_may_hold_is_read_alike(name: str, data: st.DataObject) -> None:
    """Values are made from the types: as they should be, and with one part in nine spoiled."""
    tp = TYPES[name]
    plain = data.draw(plain_of(tp, data.draw(st.sampled_from([0, 9]))))
    assert as_read(tp, plain) == careful(tp, plain)
