"""What every test shares. Never here: what one room alone needs (its own conftest), or a mock."""

import gc
import os
import sys
from collections.abc import Iterator
from typing import Any
from zlib import crc32

import pytest
from hypothesis import settings

from tests import figures, sharing
from tests.database import (
    SQLITE,
    dialect_of,
    postgres_of_worker,  # noqa: F401 - a fixture of all rooms
)
from tests.turns import in_turn

# How long an example takes says nothing about it on a desk that others share.
settings.register_profile("desk", max_examples=40, deadline=None)
settings.register_profile("prove", max_examples=2000, deadline=None)

settings.load_profile("prove" if os.environ.get("ANDON_PROVE") else "desk")

# Servers that tests start take memory rather than time, like the product's (half as much of it, for
# several run at once; cli/embedded_temporal.py).
os.environ.setdefault("GOGC", "400")

IN_TURN = ("tests/activities/", "tests/engine/", "tests/api/", "tests/services/")
"""Where a story that runs on either database runs on one of them, in turn: what differs between
the two is tested on both in tests/storage. `make prove` runs all on both."""


@pytest.hookimpl(optionalhook=True)  # pytest-xdist may be switched off
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> sharing.LongestFirst | None:
    """Share tests out to workers: what takes longest begins first."""
    return (
        sharing.LongestFirst(config, log) if config.getoption("dist", "") == "loadgroup" else None
    )


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Collect tests without looking for garbage, and look for none among them ever after.

    Some hundred thousand objects are made and all of them stay: looking through them again and
    again is a fifth of the time that collecting takes, and a twentieth of what tests take.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def pytest_sessionfinish() -> None:
    """Stop what a worker started once for all that it ran."""
    engine = sys.modules.get("tests.engine.running")
    if engine:
        engine.stop_shared_server()


def pytest_report_header() -> str:
    """Say how often things run."""
    return (
        "Full counts; every story on SQLite and on PostgreSQL."
        if figures.FULL
        else "Reduced counts; stories of tests/activities, tests/engine, tests/api and tests/services"
        " run on SQLite or PostgreSQL in turn, those of tests/storage on both; what is marked `in_turn` runs in one"
        " of its ways. `make prove` runs all in full."
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave each story on one database, and in one of its ways, where they take turns.

    The same ones on every run; `make prove` runs all.
    """
    if figures.FULL:
        return
    kept = in_turn([item for item in items if not _is_the_others_turn(item)])
    staying = set(kept)
    left_out = [item for item in items if item not in staying]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


def _is_the_others_turn(item: pytest.Item) -> bool:
    dialect = dialect_of(item)
    if not dialect or not item.nodeid.startswith(IN_TURN):
        return False
    story = item.nodeid.replace(dialect, "")
    return (dialect == SQLITE) == bool(crc32(story.encode()) % 2)
