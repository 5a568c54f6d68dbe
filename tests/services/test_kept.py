"""Answers that are kept: each found once, none in the way of another."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from domain.errors import Busy
from integrations.key_ring import KeyRing
from services.house import House
from services.kept import Kept
from services.settings import Settings
from storage.incidents import ON_A_BOARD


def test_a_slow_answer_makes_nobody_wait_who_asks_something_else() -> None:
    kept, begun, done = Kept(), threading.Event(), threading.Event()
    found: list[str] = []

    def slow() -> str:
        found.append("slow")
        begun.set()
        assert done.wait(10)
        return "slow"

    with ThreadPoolExecutor(3) as people:
        readers = [people.submit(kept.get, "hostile", 1, slow) for _ in range(3)]
        assert begun.wait(10)
        assert kept.get("other", 1, lambda: "at once") == "at once"
        done.set()
        assert [each.result(10) for each in readers] == ["slow"] * 3
    assert found == ["slow"], "found once for all who wait"
    assert not kept._turns


def test_of_more_than_fits_what_nobody_asked_for_longest_is_found_anew() -> None:
    kept, found = Kept(10, len), []

    def ask(name: str, size: int) -> None:
        def find() -> bytes:
            found.append(name)
            return b"x" * size

        assert len(kept.get(name, size, find)) == size

    for name, size in (("a", 4), ("b", 4), ("a", 4), ("c", 2), ("d", 2), ("a", 4), ("b", 4)):
        ask(name, size)
    assert found == ["a", "b", "c", "d", "b"]
    ask("whole", 99)
    ask("whole", 99)
    ask("b", 4)
    assert found[5:] == ["whole", "whole"], "what is larger than all room pushes nothing out"


def test_what_it_depends_on_changed_or_it_failed() -> None:
    kept = Kept()
    assert kept.get("a", 1, lambda: "old") == "old"
    assert kept.get("a", 2, lambda: "new") == "new"
    with pytest.raises(ZeroDivisionError):
        kept.get("a", 3, lambda: 1 / 0)
    assert kept.get("a", 2, lambda: "never") == "new"
    assert not kept._turns


def test_no_more_wait_than_may_and_what_is_kept_is_given_all_the_same() -> None:
    kept, begun, done = Kept(waiting=2), threading.Event(), threading.Event()

    def slow() -> int:
        begun.set()
        assert done.wait(10)
        return 1

    assert kept.get("known", 0, lambda: 7) == 7
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(kept.get, "slow", 0, slow)
        assert begun.wait(10)
        second = threads.submit(kept.get, "slow", 0, slow)
        while kept._turns["slow"].there < 2:
            time.sleep(0.001)
        for question in ("slow", "another"):
            with pytest.raises(Busy):
                kept.get(question, 0, lambda: 2)
        assert kept.get("known", 0, lambda: 8) == 7
        done.set()
        assert (first.result(10), second.result(10)) == (1, 1)
    assert kept.get("another", 0, lambda: 2) == 2


def test_a_walk_through_a_whole_board_finds_every_state_again(tmp_path: Path) -> None:
    nowhere = create_engine("sqlite://")
    house = House(Settings(home=tmp_path), nowhere, nowhere, KeyRing({}))
    found: list[str] = []

    def find(name: str) -> str:
        found.append(name)
        return name

    board = [f"INC-{number}" for number in range(ON_A_BOARD)]
    for name in board * 2:
        house.states.get(name, 1, partial(find, name))
    assert found == board
