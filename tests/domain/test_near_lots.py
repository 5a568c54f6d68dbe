"""A number one step away from an affected lot is never told to be off the list."""

import random
import time
from collections.abc import Iterator

import pytest

from domain.lot_check import LotAnswer, LotIndex, LotVerdict, index_of
from domain.pack_marks import marks_of
from tests.figures import FULL

FLAT_NO = {LotVerdict.NOT_ON_THE_LIST, LotVerdict.OTHER_CODE, LotVerdict.NO_NUMBER}
DIGITS, LETTERS, SIGNS = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0O1IL8B5S2Z6GQD9AKX７é批"
PATTERNS = (
    "A999", "99A9", "AA999", "A9999", "99A9999", "AA9999A", "AA999999", "9999999", "LA99-9999",
    "99 AA 9999", "AA999999999A", "9999999999999", "AAAA", "A0009", "B0000", "AA9A9A9A9A9A9A9A9A9A",
)  # fmt: skip
"""How lots are usually made up: A a letter, 9 a digit, any other sign itself."""
LOTS_OF_A_PATTERN = 9 if FULL else 1


def drawn(chance: random.Random, pattern: str) -> str:
    """Make a lot after a pattern."""
    kinds = {"A": LETTERS, "9": DIGITS}
    return "".join(chance.choice(kinds.get(sign, sign)) for sign in pattern)


def steps_from(lot: str) -> Iterator[str]:
    """Give every number that is one step away from a lot."""
    for at in range(len(lot) + 1):
        head, tail = lot[:at], lot[at:]
        yield from (head + sign + tail for sign in SIGNS)
        if tail:
            yield head + tail[1:]
            yield from (head + sign + tail[1:] for sign in SIGNS)
            yield head + tail[1:2] + tail[0] + tail[2:]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_no_single_step_from_an_affected_lot_is_a_flat_no(pattern: str) -> None:
    chance = random.Random(pattern)
    marks = marks_of(["9521000000100"], every_code=True, dated=[])
    lots = [drawn(chance, pattern) for _ in range(LOTS_OF_A_PATTERN)]
    index = index_of([*lots, "DC2603A", "X4"], marks=marks)
    told_off = [
        typed for lot in lots for typed in steps_from(lot) if index.check(typed).verdict in FLAT_NO
    ]
    assert not told_off


@pytest.mark.parametrize(
    ("lot", "typed"),
    [
        ("24A0117", "24B0117"), ("BX2047", "BX047"), ("A1002", "A002"), ("19H0934", "19Z0934"),
        ("CN240301", "CN40301"), ("CN240301", "CN420301"), ("A123", "A12"), ("A" * 20, "A" * 21),
    ],
)  # fmt: skip
def test_signs_that_are_read_for_others_hide_no_step(lot: str, typed: str) -> None:
    index = index_of([lot, "QQ77777"])
    assert index.check(typed) == LotAnswer(LotVerdict.NEAR, lot)
    assert index_of([typed]).check(lot) == LotAnswer(LotVerdict.NEAR, typed)


def shortest(index: LotIndex, typed: str) -> float:
    """Give how long an answer takes."""
    took = []
    for _ in range(3):
        began = time.perf_counter()
        index.check(typed)
        took.append(time.perf_counter() - began)
    return min(took)


@pytest.mark.parametrize(
    "lots",
    [
        [f"{chr(0x4E00 + n)}{n:04}" for n in range(20_000)],
        [f"{n:04}{chr(0x4E00 + n)}" for n in range(20_000)],
        [chr(0x4E00 + n) + chr(0x4E00 + n * 7 % 20_000) * 5 for n in range(20_000)],
        [f"{chr(0x4E00 + n)}0001" for n in range(20_000)],
        [f"ABCDE{n:05}" for n in range(50_000)] + [f"{n:05}VWXYZ" for n in range(50_000)],
    ],
    ids=["first sign", "last sign", "every sign", "all near", "two crowds"],
)
def test_lots_in_any_signs_make_nobody_wait(lots: list[str]) -> None:
    index = index_of(lots)
    for typed in ("A0001", "LOT 批号 0001A EXP 2029-03", "ABCDEVWXYZ", "字0001"):
        assert shortest(index, typed) < 0.2, typed
