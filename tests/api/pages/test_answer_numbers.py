"""Numbers as channels type them on the page of an order, and what is said of one that is none."""

import pytest

from api.pages.answer_numbers import units_in, why_not
from api.words import words_of
from domain.values import UNITS_AT_MOST

NONE = "Write a whole number, such as 120."
ABOVE = "A number above 1,000,000,000 cannot be right."
BELOW = "A number below zero cannot be right."


@pytest.mark.parametrize(
    ("typed", "units"),
    [
        ("0", 0),
        (" 120 ", 120),
        ("1,200", 1200),
        ("1 200", 1200),
        ("１２０", 120),
        ("²", 2),
        ("000", 0),
        ("00000000000120", 120),
        (str(UNITS_AT_MOST), UNITS_AT_MOST),
    ],
)
def test_a_number_is_read_however_it_is_written(typed: str, units: int) -> None:
    assert units_in(typed) == units


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (str(UNITS_AT_MOST + 1), ABOVE),
        ("1000000000000", ABOVE),
        ("9" * 10_000, ABOVE),
        ("-5", BELOW),
        ("−5", BELOW),
        ("－1,200", BELOW),
        ("-" + "9" * 10_000, BELOW),
        ("1.5", NONE),
        ("--5", NONE),
        ("-", NONE),
        ("1e3", NONE),
        ("a lot", NONE),
        ("", NONE),
    ],
    ids=lambda text: text[:14],
)
def test_what_is_no_count_of_units_is_told_by_what_is_wrong_with_it(typed: str, said: str) -> None:
    assert units_in(typed) is None
    assert why_not(words_of("en"), typed) == said


def test_chinese_channels_are_told_in_chinese() -> None:
    chinese = {why_not(words_of("zh_CN"), typed) for typed in ("1000000000000", "-5", "1.5")}
    assert chinese == {
        "数字不可能大于 1,000,000,000。", "数字不能小于零。", "请填写整数，例如 120。",
    }  # fmt: skip
