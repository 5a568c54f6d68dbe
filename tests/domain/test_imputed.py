"""From when on a firm knows: 16 CFR 1115.14(d), over the calendar typed by hand."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.clock import Counting, Due, StepKind, due, local, parse_limit, retrace
from domain.clock_words import explain
from domain.imputed import imputed
from tests.domain.test_clock import CN, US, starts

FIVE = parse_limit("5 wd")


def knew(employee: str, officer: str | None = None, counting: Counting | None = None) -> Due:
    """Say from when on the firm knows, by the clock of New York."""
    officer_knew_at = datetime.fromisoformat(officer) if officer else None
    return imputed(datetime.fromisoformat(employee), officer_knew_at, FIVE, US, counting)


@pytest.mark.parametrize(
    ("employee", "officer", "known", "kind"),
    [
        # Monday 9 November: 10, (11 is Veterans Day), 12, 13, 16, 17.
        ("2026-11-09T10:00-05:00", None, "2026-11-17T23:59:59", StepKind.IMPUTED),
        ("2026-11-09T10:00-05:00", "2026-11-20T09:00-05:00", "2026-11-17T23:59:59", StepKind.IMPUTED),
        ("2026-11-09T10:00-05:00", "2026-11-17T23:59:59-05:00", "2026-11-17T23:59:59", StepKind.IMPUTED),
        ("2026-11-09T10:00-05:00", "2026-11-17T23:59:58-05:00", "2026-11-17T23:59:58", StepKind.OFFICER_KNEW),
        ("2026-11-09T10:00-05:00", "2026-11-12T08:30-05:00", "2026-11-12T08:30:00", StepKind.OFFICER_KNEW),
        ("2026-11-09T10:00-05:00", "2026-11-14T22:00+08:00", "2026-11-14T09:00:00", StepKind.OFFICER_KNEW),
        # An officer is who knew first: from then on, although no employee did.
        ("2026-11-09T10:00-05:00", "2026-11-06T17:00-05:00", "2026-11-06T17:00:00", StepKind.OFFICER_KNEW),
        # Friday 20 November: 23, 24, 25, (26 is Thanksgiving), 27, 30.
        ("2026-11-20T16:00-05:00", None, "2026-11-30T23:59:59", StepKind.IMPUTED),
    ],
    ids=[
        "nobody-told-an-officer", "officer-after-the-limit", "officer-in-its-last-second",
        "officer-a-second-before", "officer-on-the-third-day", "officer-on-a-saturday-in-shanghai",
        "officer-before-the-employee", "over-thanksgiving",
    ],
)  # fmt: skip
def test_a_firm_knows_when_its_officer_does_or_when_the_limit_is_over(
    employee: str, officer: str | None, known: str, kind: StepKind
) -> None:
    found = knew(employee, officer)
    assert local(found.due_at, US).isoformat().startswith(known)
    assert found.steps[-1].kind is kind
    assert retrace(found) == found.due_at


def test_the_day_of_the_employee_counts_where_the_counting_says_so() -> None:
    found = knew("2026-11-09T10:00-05:00", counting=Counting.FIRST_DAY_COUNTS)
    assert f"{local(found.due_at, US):%m-%d}" == "11-16"


def test_it_is_told_in_both_languages() -> None:
    officer = knew("2026-11-09T10:00-05:00", "2026-11-12T08:30-05:00")
    assert explain(officer, "en")[-1] == (
        "An officer knew earlier: from Thu 2026-11-12, 08:30, the firm knows."
    )
    assert (
        explain(officer, "zh")[-1] == "负责人更早知悉：自2026-11-12（周四） 08:30起即为企业知悉。"
    )
    nobody = knew("2026-11-09T10:00-05:00")
    assert explain(nobody, "en")[-1] == (
        "The time to reach an officer is over: from Tue 2026-11-17, 23:59, the firm knows."
    )
    assert "视为企业已知悉" in explain(nobody, "zh")[-1]


@pytest.mark.parametrize(
    ("officer", "doubtful"),
    [(None, True), ("2026-12-25T09:00+08:00", False), ("2026-12-30T09:00+08:00", True)],
    ids=["the-limit-decides", "officer-before-any-doubt", "officer-when-the-limit-may-be-over"],
)
def test_days_off_that_may_change_matter_where_they_may_decide(
    officer: str | None, doubtful: bool
) -> None:
    officer_knew_at = datetime.fromisoformat(officer) if officer else None
    start_at = datetime.fromisoformat("2026-12-24T09:00+08:00")
    assert imputed(start_at, officer_knew_at, FIVE, CN).provisional is doubtful


@given(starts(), st.integers(-20 * 86_400, 20 * 86_400))
def test_it_is_always_the_earlier_of_the_two(start_at: datetime, later: int) -> None:
    officer_knew_at = start_at + timedelta(seconds=later)
    found = imputed(start_at, officer_knew_at, FIVE, US)
    assert found.due_at == min(officer_knew_at, due(start_at, FIVE, US).due_at)
    assert found.due_at.tzinfo is UTC
