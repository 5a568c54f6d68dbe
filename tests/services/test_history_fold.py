"""Differences are found at the first place where they are, and equal things are not looked at."""

from dataclasses import replace

import pytest

from domain.state import incident_text
from services.history_fold import Comparing, Folded, drill_of, first_difference
from tests.replay.corpus import goldens

STORY = next(each for each in goldens() if each.folder.name == "halt")
STREAM = "INC-2026-0001"


@pytest.fixture
def folded() -> Folded:
    """Give a recorded ledger."""
    return Folded(STREAM, STORY.stream(STREAM).leaves, STORY.rule_texts)


@pytest.mark.parametrize(
    ("one", "other", "path"),
    [
        ({"a": 1}, {"a": 1}, ""),
        ({"a": 1}, {"a": 2}, ".a"),
        ({"a": 1}, {"a": 1, "b": 2}, ".b"),
        ({"a": [1, {"b": "x"}]}, {"a": [1, {"b": "y"}]}, ".a[1].b"),
        ({"a": [1, 2]}, {"a": [1, 2, 3]}, ".a[2]"),
        ({"a": {"b": 1}}, {"a": None}, ".a"),
        ([], {}, ""),
    ],
)
def test_the_first_difference_is_named(one: object, other: object, path: str) -> None:
    assert first_difference(one, other) == path


def test_the_fold_goes_on_and_back(folded: Folded) -> None:
    last = folded.at(len(folded))
    assert last.size == len(folded) == 46
    text = incident_text(folded.at(20))  # type: ignore[arg-type]
    again = Folded(STREAM, STORY.stream(STREAM).leaves, STORY.rule_texts)
    assert incident_text(again.at(20)) == text  # type: ignore[arg-type]
    assert folded.at(0).size == 0
    assert folded.sha256_at(46) == folded.sha256_at(46) != folded.sha256_at(45)


def test_a_part_that_changed_on_one_side_is_found_whenever_it_changed(folded: Folded) -> None:
    comparing = Comparing(type(folded.at(0)))
    state = folded.at(10)
    assert comparing.difference(state, folded.at(10)) == ""
    other = replace(folded.at(11), refusals_counted=7)
    assert comparing.difference(folded.at(11), other) == "refusals_counted"
    assert comparing.difference(folded.at(11), replace(other, refusals_counted=0)) == ""
    assert comparing.difference(folded.at(12), folded.at(11)) != ""


@pytest.mark.parametrize(
    ("stream", "drill"),
    [
        ("INC-2026-0001", ""),
        ("CASE-2026-000001", ""),
        ("EXERCISE-2026-0001", "exercise"),
        ("SIMULATION-CASE-2026-000001", "simulation"),
    ],
)
def test_a_number_says_whether_it_is_real(stream: str, drill: str) -> None:
    assert drill_of(stream) == drill
