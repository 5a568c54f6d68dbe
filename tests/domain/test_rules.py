"""Rules count by the company's calendar, and remember what they counted."""

from datetime import timedelta

import pytest

from domain.clock import due, parse_limit
from domain.rules import REMEMBERED, rules_from_text
from tests.domain.story import START, rules


@pytest.mark.parametrize("limit", ["30 min", "4 h", "3 d", "5 wd"])
def test_a_time_asked_for_again_is_the_one_that_the_calendar_gives(limit: str) -> None:
    pinned, wanted = rules(), parse_limit(limit)
    counted = due(START, wanted, pinned.calendar).due_at
    assert [pinned.due_at(START, wanted) for _ in range(2)] == [counted, counted]


def test_what_is_remembered_is_no_part_of_the_rules_and_has_an_end() -> None:
    pinned = rules_from_text(rules().text)
    pinned.counted.clear()
    limit = parse_limit("1 h")
    for minute in range(REMEMBERED + 3):
        at = START + timedelta(minutes=minute)
        assert pinned.due_at(at, limit) == at + timedelta(hours=1)
    assert len(pinned.counted) <= REMEMBERED
    assert pinned == rules()
