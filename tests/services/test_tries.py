"""Tries at a door are counted, and whoever tries fills no log."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.room_doors import network_of
from services.tries import LINES_AN_HOUR, REMEMBERED, Tries, is_told

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)


def test_the_counts_that_are_written() -> None:
    assert [n for n in range(1, 1001) if is_told(n)] == [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]


def test_of_one_network_and_minute_the_first_is_written_then_the_count() -> None:
    tries = Tries()
    told = [tries.note("R1", "wrong", "10.0.0.0/24", NOON) for _ in range(10)]
    assert [count for count, _ in told] == [1, 2, 0, 0, 5, 0, 0, 0, 0, 10]
    assert tries.note("R1", "wrong", "10.0.1.0/24", NOON) == (1, "10.0.1.0/24")
    assert tries.note("R1", "closed", "10.0.0.0/24", NOON) == (1, "10.0.0.0/24")
    assert tries.note("R2", "wrong", "10.0.0.0/24", NOON) == (1, "10.0.0.0/24")
    later = NOON + timedelta(minutes=1)
    assert tries.note("R1", "wrong", "10.0.0.0/24", later) == (1, "10.0.0.0/24")


def test_many_networks_write_no_more_than_so_many_lines_an_hour() -> None:
    tries = Tries()
    told = [tries.note("R1", "over", f"net {n}", NOON) for n in range(100_000)]
    lines = [one for one in told if one[0]]
    assert len(lines) <= LINES_AN_HOUR + 17
    assert lines[-1] == (50_000, ""), "behind them only how many there were"
    assert tries.note("R2", "over", "net 1", NOON)[0] == 1, "another room has lines of its own"
    assert tries.note("R1", "over", "net 1", NOON + timedelta(hours=1))[0] == 1
    assert len(tries._counted) <= REMEMBERED


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(-9000, 9000)), max_size=400))
def test_whatever_the_clock_does_an_hour_has_its_limit(tried: list[tuple[int, int]]) -> None:
    tries, written = Tries(), []
    for network, seconds in tried:
        at = NOON + timedelta(seconds=seconds)
        count, told = tries.note("R1", "over", str(network), at)
        written += [at] if count and told else []
    if written == sorted(written):
        for first in written:
            within = [at for at in written if first <= at < first + timedelta(hours=1)]
            assert len(within) <= LINES_AN_HOUR


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("testclient", "unknown"),
        ("", "unknown"),
        ("1" * 5000, "unknown"),
        ("203.0.113.77\x00", "unknown"),
    ],
)
def test_a_line_holds_the_network_alone(address: str, network: str) -> None:
    assert network_of(address) == network
