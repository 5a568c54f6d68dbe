"""What people type and what a command takes: amounts, and back again."""

import pytest

from api.typed import in_minor, in_whole


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("99", "CNY", 9900),
        ("99.5", "CNY", 9950),
        ("1,299.00", "EUR", 129900),
        ("0.05", "", 5),
        ("1500", "JPY", 1500),
        ("0", "CNY", 0),
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
