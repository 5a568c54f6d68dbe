"""What is plainly right is read at once; the careful reading says the same of everything else."""

import json
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import Malformed
from domain.message import EVENTS
from domain.wire import LIST_LIMIT, TEXT_LIMIT, _decoder, _Reading, decode
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
