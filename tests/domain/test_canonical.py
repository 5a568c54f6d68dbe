"""Canonical bytes: equal to RFC 8785 within the limits, and a refusal that names the place outside."""

import hashlib
import json
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from domain.canonical import DEEPEST, LARGEST_INTEGER, canonical, sha256_hex
from domain.errors import Malformed

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
KEYS = st.text(st.characters(min_codepoint=1, max_codepoint=127))
INTEGERS = st.integers(-LARGEST_INTEGER, LARGEST_INTEGER)
VALUES = st.recursive(
    st.none() | st.booleans() | INTEGERS | TEXTS,
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(KEYS, inner),
    max_leaves=30,
)


class _Level(StrEnum):
    H1 = "h1"


class _Count(IntEnum):
    TWO = 2


@given(VALUES)
def test_canonical_bytes_are_rfc_8785(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@given(VALUES)
def test_canonical_bytes_read_back_give_the_same_bytes(value: Any) -> None:
    assert canonical(json.loads(canonical(value))) == canonical(value)


@given(st.dictionaries(KEYS, INTEGERS, min_size=2))
def test_order_of_insertion_does_not_matter(value: dict[str, int]) -> None:
    assert canonical(dict(reversed(value.items()))) == canonical(value)


def test_text_is_kept_as_it_is_written() -> None:
    value = {"name": "停售 é 😀 \u2028 \x7f \x1f"}
    assert canonical(value) == '{"name":"停售 é 😀 \u2028 \x7f \\u001f"}'.encode()


@pytest.mark.parametrize(
    ("value", "same_as"),
    [
        pytest.param((1, (2,)), [1, [2]], id="tuple is a list"),
        pytest.param(_Level.H1, "h1", id="text enumeration is its text"),
        pytest.param(_Count.TWO, 2, id="integer enumeration is its number"),
    ],
)
def test_python_forms_have_one_wire_form(value: Any, same_as: Any) -> None:
    assert canonical(value) == canonical(same_as)


def _nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "path", "why"),
    [
        pytest.param(1.0, "", "floating-point", id="float"),
        pytest.param(float("nan"), "", "floating-point", id="not a number"),
        pytest.param({"a": {"b": [1, 2.5]}}, "a.b[1]", "floating-point", id="float deep inside"),
        pytest.param({"n": 2**53}, "n", "2^53", id="large integer"),
        pytest.param({"n": -(2**53)}, "n", "2^53", id="large negative integer"),
        pytest.param({"t": "a\0b"}, "t", "NUL", id="NUL in text"),
        pytest.param(["ok", "x\ud800"], "[1]", "lone surrogate", id="lone surrogate"),
        pytest.param({"停售": 1}, "", "key '停售'", id="key beyond ASCII"),
        pytest.param({"a": {1: 1}}, "a", "key 1", id="key that is a number"),
        pytest.param({"a\0": 1}, "", "key 'a\\x00'", id="NUL in key"),
        pytest.param({"lots": {"L1"}}, "lots", "set", id="set"),
        pytest.param(frozenset({1}), "", "frozenset", id="frozen set"),
        pytest.param({"b": b"x"}, "b", "bytes", id="bytes"),
        pytest.param([Decimal("1.5")], "[0]", "Decimal", id="decimal"),
        pytest.param(_nested(DEEPEST + 1), "[0]" * DEEPEST, "deep", id="nested too deep"),
        pytest.param(_nested(100_000), "[0]" * DEEPEST, "deep", id="nested far too deep"),
    ],
)
def test_what_has_no_canonical_form_is_refused_by_place(value: Any, path: str, why: str) -> None:
    with pytest.raises(Malformed) as refusal:
        canonical(value)
    assert refusal.value.fields[0].path == path
    assert why in refusal.value.sentence
    assert refusal.value.hint


def test_the_limits_themselves_are_allowed() -> None:
    assert canonical(LARGEST_INTEGER) == b"9007199254740991"
    assert canonical(_nested(DEEPEST)).startswith(b"[[")


def test_a_circle_is_refused() -> None:
    circle: list[Any] = []
    circle.append(circle)
    with pytest.raises(Malformed, match="deep"):
        canonical(circle)


@given(st.binary())
def test_hash_is_sha_256_in_lower_case_hex(content: bytes) -> None:
    assert sha256_hex(content) == hashlib.sha256(content).hexdigest()
