"""No text is slow to read: each pattern of the table takes time in the measure of the text.

A pattern that tries every beginning against every end takes a hundred times as long for a text ten
times as long. Texts are made from each pattern: what it begins with, then one of its repeated parts
over and over, so that it has the most to try.
"""

import re
import time
from collections.abc import Iterator
from re import _parser  # type: ignore[attr-defined]
from typing import Any, Final

import pytest

from tests.content.test_wording_cases import TABLE

LENGTH: Final = 15_000
SECONDS: Final = 0.8
"""Many times what the slowest pattern takes; one that is not linear takes longer than this."""

_OF_CLASS: Final = {
    "CATEGORY_SPACE": " ", "CATEGORY_DIGIT": "1", "CATEGORY_WORD": "a",
    "CATEGORY_NOT_WORD": " ", "CATEGORY_NOT_DIGIT": "a", "CATEGORY_NOT_SPACE": "a",
}  # fmt: skip

Repeats = list[tuple[str, str]]


def _said(parts: Any, repeats: Repeats, before: str = "") -> str:
    """Give the shortest text of a pattern; note what stood before each repeated part, and it."""
    said = ""
    for kind, told in parts:
        said += _part(str(kind), told, repeats, before + said)
    return said


def _part(kind: str, told: Any, repeats: Repeats, before: str) -> str:
    if kind == "LITERAL":
        return chr(told)
    if kind == "IN":
        return _one_of(told)
    if kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        body = _said(told[2], repeats, before)
        repeats.append((before, body))
        least: int = told[0]
        return body * least
    if kind == "SUBPATTERN":
        return _said(told[-1], repeats, before)
    if kind == "BRANCH":
        return next(iter([_said(way, repeats, before) for way in told[1]]))
    return "a" if kind in ("ANY", "NOT_LITERAL") else ""


def _one_of(told: Any) -> str:
    kind, first = str(told[0][0]), told[0][1]
    if kind == "NEGATE":
        shut = {chr(value) for each, value in told[1:] if str(each) == "LITERAL"}
        return next(one for one in "a1一" if one not in shut)
    if kind == "LITERAL":
        return chr(first)
    return chr(first[0]) if kind == "RANGE" else _OF_CLASS[str(first)]


def worst_texts(pattern: str) -> Iterator[str]:
    """Give long texts in which a pattern has much to try."""
    repeats: Repeats = []
    whole = _said(_parser.parse(pattern), repeats)
    yield whole[:-1] * (LENGTH // max(1, len(whole)))
    for before, body in {(before, body) for before, body in repeats if body}:
        yield before + body * (LENGTH // len(body))
        yield before + " " * LENGTH
        yield before + "ab " * (LENGTH // 3)


PATTERNS: Final = {
    **{rule.id: rule.patterns for rule in TABLE.rules},
    **{one.id: [p for said in one.said for p in said.patterns] for one in TABLE.elements},
}


@pytest.mark.parametrize("rule", PATTERNS)
def test_no_pattern_runs_away(rule: str) -> None:
    slow = []
    for pattern in PATTERNS[rule]:
        compiled = re.compile(pattern, re.IGNORECASE)
        for text in worst_texts(pattern):
            began = time.thread_time()
            list(compiled.finditer(text))
            if time.thread_time() - began > SECONDS:
                slow.append((pattern, text[:60]))
    assert slow == []
