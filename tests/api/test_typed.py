"""What people type and what a command takes: amounts, and back again."""

import pytest

from api.typed import Raw, compact, in_minor, in_whole, rows_in
from domain.goods import DisposeGoods


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("99", "CNY", 9900),
        ("99.5", "CNY", 9950),
        ("1,299.00", "EUR", 129900),
        ("0.05", "", 5),
        ("1500", "JPY", 1500),
        ("0", "CNY", 0),
        ("9" * 20, "CNY", 10**22 - 100),
    ],
)
def test_amounts_are_typed_in_whole_units(typed: str, currency: str, minor: int) -> None:
    assert in_minor(typed, currency) == minor
    assert in_minor(in_whole(minor, currency), currency) == minor


@pytest.mark.parametrize(
    ("typed", "currency"),
    [("99.999", "CNY"), ("1.5", "JPY"), ("-3", "CNY"), ("ten", "CNY"), ("", "CNY")],
)
def test_what_is_no_amount_stays_as_it_was_typed(typed: str, currency: str) -> None:
    assert in_minor(typed, currency) == typed


def test_what_is_no_field_of_a_row_makes_no_row() -> None:
    """Ten thousand rows on a page, for one name that nobody knows, is a page that nobody gets."""
    raw: Raw = {
        "lots-0-lot": ["A"],
        "lots-9999-x": ["NaN"],
        "lots-7-lot": ["B"],
        "lots-3-units": [" "],
    }
    kept = compact(DisposeGoods, raw)
    assert kept == {"lots-0-lot": ["A"], "lots-1-lot": ["B"]}
    assert rows_in(kept, "lots") == 2
