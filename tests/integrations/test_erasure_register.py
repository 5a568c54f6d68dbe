"""The register of erasures: appended to, never rewritten, and readable after a power cut."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.errors import BrokenSetup
from integrations.erasure_register import ErasedLine, ErasureRegister, Of

AT = datetime(2026, 11, 30, 8, 0, 0, 123456, tzinfo=UTC)


def line(name: str, of: Of = Of.SUBJECT) -> ErasedLine:
    """Make a line."""
    return ErasedLine(of=of, name=name, erased_at=AT, ground="objection")


@pytest.fixture
def register(tmp_path: Path) -> ErasureRegister:
    """Give a register that is not there yet."""
    return ErasureRegister(tmp_path / "keys" / "erased.jsonl")


def test_what_is_added_is_read_back_in_order(register: ErasureRegister) -> None:
    assert register.read().lines == ()
    assert register.add([line("subject-1"), line("m1", Of.ADDRESS)]) == 2
    assert register.add([line("subject-2")]) == 1
    told = register.read()
    assert [one.name for one in told.lines] == ["subject-1", "m1", "subject-2"]
    assert told.named(Of.SUBJECT)["subject-1"] == line("subject-1")
    assert set(told.named(Of.ADDRESS)) == {"m1"}


def test_a_line_stands_once_and_the_first_one_counts(register: ErasureRegister) -> None:
    register.add([line("subject-1"), line("subject-1")])
    before = register.path.read_bytes()
    assert register.add([line("subject-1")]) == 0
    assert register.path.read_bytes() == before


def test_it_is_for_its_owner_alone(register: ErasureRegister) -> None:
    register.add([line("subject-1")])
    assert register.path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("cut", [2, 10, 40])
def test_a_line_that_a_power_cut_cut_off_is_passed_over_and_told(
    register: ErasureRegister, cut: int
) -> None:
    register.add([line("subject-1"), line("subject-2")])
    whole = register.path.read_bytes()
    register.path.write_bytes(whole[:-cut])
    told = register.read()
    assert [one.name for one in told.lines] == ["subject-1"]
    assert told.broken == (2,)
    register.add([line("subject-3")])
    assert [one.name for one in register.read().lines] == ["subject-1", "subject-3"]


def test_a_last_line_that_lacks_only_its_end_counts(register: ErasureRegister) -> None:
    register.add([line("subject-1"), line("subject-2")])
    register.path.write_bytes(register.path.read_bytes()[:-1])
    told = register.read()
    assert ([one.name for one in told.lines], told.broken) == (["subject-1", "subject-2"], ())
    register.add([line("subject-3")])
    assert len(register.read().lines) == 3


def test_the_latest_time_of_an_address_counts(register: ErasureRegister) -> None:
    later = replace(line("m1", Of.ADDRESS), erased_at=AT + timedelta(days=1))
    register.add([line("m1", Of.ADDRESS)])
    assert register.add([later]) == 1
    assert register.read().named(Of.ADDRESS) == {"m1": later}
    assert register.add([line("m1", Of.ADDRESS), later]) == 0


def test_what_the_database_alone_says_gives_way_to_what_is_told(
    register: ErasureRegister,
) -> None:
    register.add([replace(line("subject-1"), untold=True)])
    assert register.read().named(Of.SUBJECT)["subject-1"].untold
    assert register.add([line("subject-1")]) == 1
    assert register.read().named(Of.SUBJECT)["subject-1"] == line("subject-1")
    assert register.add([replace(line("subject-1"), untold=True)]) == 0


def test_a_damaged_line_is_numbered_and_keeps_no_other_back(register: ErasureRegister) -> None:
    register.add([line("subject-1"), line("subject-2"), line("subject-3")])
    lines = register.path.read_bytes().split(b"\n")
    lines[1] = b"\xff not a line"
    register.path.write_bytes(b"\n".join(lines))
    told = register.read()
    assert [one.name for one in told.lines] == ["subject-1", "subject-3"]
    assert told.broken == (2,)


@pytest.mark.parametrize(
    "written",
    [
        '{"v":2,"subject":"s","at":"2026-11-30T00:00:00Z","ground":""}',
        '{"v":1,"at":"2026-11-30T00:00:00Z","ground":""}',
        '{"v":1,"subject":"a name with spaces","at":"2026-11-30T00:00:00Z","ground":""}',
        '{"v":1,"subject":7,"at":"2026-11-30T00:00:00Z","ground":""}',
        '{"v":1,"subject":"s","at":"yesterday","ground":""}',
        "[1]",
        '{"v":1,"subject":"s","at":"2026-11-30T00:00:00Z","ground":{}}',
        "[" * 100_000,
        '{"v":1,"subject":' + "[" * 100_000,
    ],
    ids="version nobody name number date list ground deep deeper".split(),
)
def test_what_is_no_line_is_none(register: ErasureRegister, written: str) -> None:
    register.path.parent.mkdir()
    register.path.write_text(written + "\n", encoding="utf-8")
    assert register.read().broken == (1,)


def test_writers_at_the_same_moment_lose_nothing(register: ErasureRegister) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: register.add([line(f"subject-{n}")]), range(40)))
    told = register.read()
    assert {one.name for one in told.lines} == {f"subject-{n}" for n in range(40)}
    assert told.broken == ()


def test_a_register_that_cannot_be_written_says_so(register: ErasureRegister) -> None:
    register.path.parent.write_text("a file where its folder should be")
    with pytest.raises(BrokenSetup, match="register of erasures"):
        register.add([line("subject-1")])


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_register_that_cannot_be_read_says_so(register: ErasureRegister) -> None:
    register.add([line("subject-1")])
    register.path.chmod(0)
    with pytest.raises(BrokenSetup):
        register.read()
