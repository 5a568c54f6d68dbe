"""Rows that take turns: at reduced counts each runs in one of its ways, in full in all of them.

What belongs here: which way is a row's turn. What never does: what is tested.

A page is looked at in each language, by each kind of reader, on each device. What differs between
these ways is the frame, which every page shares; so at reduced counts each page is looked at in one
of its ways, and all ways are still walked, by one page or another. The choice hangs on the row's
name alone: the same on every run and machine.
"""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from typing import Any, TypeVar
from zlib import crc32

import pytest

T = TypeVar("T")


def in_turn(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Keep of each row that is marked `in_turn("language", ...)` the way whose turn it is."""
    rows: dict[Hashable, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if item.get_closest_marker("in_turn"):
            rows[_row(item)].append(item)
    kept = {id(turn_of(ways[0].nodeid, ways)) for ways in rows.values()}
    return [one for one in items if not one.get_closest_marker("in_turn") or id(one) in kept]


def turn_of(row: str, ways: Sequence[T]) -> T:
    """Choose the way of a row: by its name alone, spread evenly over many rows."""
    return ways[crc32(row.encode()) % len(ways)]


def _row(item: pytest.Item) -> Hashable:
    """Tell a row from others: the test, and which values all its other parameters have."""
    marker = item.get_closest_marker("in_turn")
    spec: Any = getattr(item, "callspec", None)
    assert marker is not None
    assert marker.args, f"{item.nodeid}: name the parameters that take turns"
    absent = set(marker.args) - set(spec.params if spec else ())
    assert not absent, f"{item.nodeid} has no parameter {sorted(absent)}"
    others = sorted((name, id(value)) for name, value in spec.params.items()
                    if name not in marker.args)  # fmt: skip
    return item.nodeid.partition("[")[0], *others
