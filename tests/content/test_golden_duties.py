"""The golden table, told through the real path: facts, decision, duty, calendar, due time."""

from collections import Counter

import pytest

from tests.content.golden_duties import ROWS
from tests.content.golden_facts import (
    Golden,
    calendar_of,
    computed,
    played,
    rule_of,
    shown,
    zone_of,
)
from tests.domain.story import regulations

LEAST = 150


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_facts_lead_to_the_time_that_was_counted_by_hand(row: Golden) -> None:
    told = played(row)
    assert shown(told.duty, zone_of(calendar_of(row))) == row.expected
    assert computed(rule_of(row.rule), told) == row.expected, "the short way says something else"


def test_there_are_enough_rows_and_no_row_stands_twice() -> None:
    assert len(ROWS) >= LEAST
    assert [
        row for row, count in Counter(r.facts + r.rule for r in ROWS).items() if count > 1
    ] == []


def test_every_rule_has_a_row() -> None:
    assert {rule.id for rule in regulations()} - {row.rule for row in ROWS} == set()
