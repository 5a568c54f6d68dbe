"""The default plan for tests: as its file says it, as it is read, and with something changed."""

import copy
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from domain.clock import Limit
from domain.plan import Plan, read_plan

DEFAULT = Path(__file__).parents[2] / "plan" / "default.toml"
Change = Callable[[dict[str, Any]], object]


@cache
def as_written() -> dict[str, Any]:
    """Give what the file holds; not to be changed."""
    return tomllib.loads(DEFAULT.read_text(encoding="utf-8"))


@cache
def the_plan() -> Plan:
    """Give the default plan."""
    return read_plan(as_written())


def changed(change: Change) -> dict[str, Any]:
    """Give a copy of the file's document with something changed."""
    document = copy.deepcopy(as_written())
    change(document)
    return document


def put(path: str, value: Any) -> Change:
    """Set one value, by its path as sentences write it."""

    def change(document: Any) -> None:
        place, last = _place(document, path)
        place[last] = value

    return change


def drop(path: str) -> Change:
    """Take one value out, by its path."""

    def change(document: Any) -> None:
        place, last = _place(document, path)
        del place[last]

    return change


def _place(document: Any, path: str) -> tuple[Any, Any]:
    *parents, last = path.split(".")
    for name in parents:
        document = document[int(name) if isinstance(document, list) else name]
    return document, int(last) if isinstance(document, list) else last


def text(limit: Limit | None) -> str:
    """Write a limit as the tables do; a dash where there is none."""
    return "-" if limit is None else limit.text
