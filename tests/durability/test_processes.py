"""Who a forked program is: an id that another process has by now is not it."""

import asyncio
import os
from pathlib import Path

from cli.run_state import start_mark
from tests.durability.processes import Forked, Nursery


def test_another_process_with_its_id_is_neither_it_nor_killed_for_it(tmp_path: Path) -> None:
    program = Forked("worker", tmp_path / "log", starts=1, pid=os.getpid(), began="long ago")
    assert not program.is_alive
    assert program.falls == 1
    program.strike()
    asyncio.run(program.end())
    assert program.strikes == 0


def test_a_program_that_never_began_is_not_alive(tmp_path: Path) -> None:
    assert start_mark(0) is None
    assert not Forked("worker", tmp_path / "log").is_alive


def test_a_forked_program_is_alive_until_it_is_struck(tmp_path: Path, nursery: Nursery) -> None:
    # An api without a home: it lives at least until it has looked for one.
    program = Forked("api", tmp_path / "log", nursery=nursery, home=tmp_path, arguments=(0, 0, 0))

    async def live() -> None:
        await program.start()
        assert program.began is None or program.began == start_mark(program.pid)
        await program.end()
        assert not program.is_alive

    asyncio.run(live())
