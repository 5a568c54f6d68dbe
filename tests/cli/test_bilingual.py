"""Pairs of texts: amounts of time and lists as each language says them."""

from datetime import timedelta

import pytest

from cli.bilingual import NOTHING, Both, counted, length_of, listed


@pytest.mark.parametrize(
    ("time", "told"),
    [
        (timedelta(0), ("under 1 min", "不到1分钟")),
        (timedelta(seconds=59), ("under 1 min", "不到1分钟")),
        (timedelta(minutes=1), ("1 min", "1分钟")),
        (timedelta(minutes=59, seconds=58), ("1 h", "1小时")),
        (timedelta(hours=3, minutes=20), ("3 h 20 min", "3小时20分钟")),
        (timedelta(hours=23, minutes=59, seconds=57), ("1 d", "1天")),
        (timedelta(days=59, hours=23, minutes=59, seconds=58), ("60 d", "60天")),
        (timedelta(days=2, hours=4, minutes=29), ("2 d 4 h", "2天4小时")),
    ],
)
def test_an_amount_of_time_is_told_in_its_two_largest_units(
    time: timedelta, told: tuple[str, str]
) -> None:
    assert length_of(time) == told


def test_of_a_long_list_all_but_the_first_are_counted() -> None:
    names = [Both(letter, letter.upper()) for letter in "abcde"]
    assert listed(names) == ("a, b, c, d, e", "A、B、C、D、E")
    assert listed(names, 5) == ("a, b, c, d, e", "A、B、C、D、E")
    assert listed(names, 3) == ("a, b and 3 more", "A、B等5个")
    assert listed([NOTHING, names[0]]) == ("a", "A")


def test_one_thing_and_many_are_said_differently() -> None:
    one, many = Both("{count} thing", "{count}项"), Both("{count} things", "{count}项")
    assert [counted(n, one, many).en for n in (1, 2)] == ["1 thing", "2 things"]


def test_a_pair_may_stand_in_a_hole() -> None:
    assert Both("by {who}", "由{who}").filled(who=Both("us", "我们")) == ("by us", "由我们")
    assert not NOTHING
