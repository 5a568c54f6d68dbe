"""Dates beyond every calendar: no clock is lost, none is late, and no incident stands still."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.agenda import dues, next_ring
from domain.arising import OURS_EN, PAST_EN
from domain.cases import RegisterCase
from domain.clock_reach import FAR, plainly, share
from domain.duties import DutyDue
from domain.enquiries import LogEnquiry
from domain.errors import Malformed
from domain.limits import Limit, Unit, parse_limit
from domain.people import Role
from domain.severity import Outcome
from domain.values import PrivateText, ProductId, PublicText
from tests.domain.story import CRITICAL, Story, person, rules

ANY_TIME = st.datetimes(
    min_value=datetime(1, 1, 2),  # noqa: DTZ001 - the zone is drawn
    max_value=datetime(9999, 12, 30),  # noqa: DTZ001 - the zone is drawn
    timezones=st.just(UTC),
)
LIMITS = st.sampled_from(["30 min", "4 h", "1 d", "3 wd", "2 mo", "120 mo", "-24 h"])


@given(start_at=ANY_TIME, text=LIMITS)
def test_every_limit_of_the_plan_has_a_due_time_whatever_the_start(
    start_at: datetime, text: str
) -> None:
    assert rules().due_at(start_at, parse_limit(text)) <= max(FAR, start_at)


@given(
    days=st.integers(min_value=0, max_value=300),
    text=st.sampled_from(["4 h", "2 d", "3 wd", "2 mo"]),
)
def test_without_a_calendar_a_limit_comes_out_early_never_late(days: int, text: str) -> None:
    start_at, limit = datetime(2026, 1, 5, 1, tzinfo=UTC) + timedelta(days=days), parse_limit(text)
    assert plainly(start_at, limit) <= rules().due_at(start_at, limit)


@given(start_at=ANY_TIME, due_at=ANY_TIME, percent=st.integers(min_value=0, max_value=1000))
def test_a_share_of_any_time_is_an_instant(
    start_at: datetime, due_at: datetime, percent: int
) -> None:
    assert share(start_at, due_at, percent) <= FAR


@pytest.mark.parametrize("limit", ["9999 mo", "121 mo", "3661 d", "99999 wd"], ids=str)
def test_a_limit_of_more_than_ten_years_is_a_slip_of_the_pen(limit: str) -> None:
    with pytest.raises(Malformed, match="is not a limit"):
        parse_limit(limit)
    assert Limit(120, Unit.MONTHS).text == "120 mo"


def test_a_person_who_was_hurt_long_before_any_calendar_stops_no_clock() -> None:
    story = Story()
    story.accepted(CRITICAL)
    hurt = RegisterCase(
        outcomes=(Outcome.HOSPITALISED,),
        awareness_at=datetime(2016, 5, 4, tzinfo=UTC),
        country="CN",
        product=ProductId("cream"),
    )
    story.did(person(Role.SERVICE_LEAD), hurt)
    assert not [due for due in dues(story.incident) if due.key.startswith("no_time")]
    assert next_ring(story.incident) is not None
    story.later(days=3)


def test_what_was_to_be_reported_at_once_before_any_calendar_is_long_past() -> None:
    story = Story()
    story.accepted(CRITICAL)
    knew_at = datetime(2016, 5, 4, tzinfo=UTC)
    hurt = RegisterCase(
        outcomes=(Outcome.HOSPITALISED,),
        awareness_at=knew_at,
        country="CN",
        product=ProductId("cream"),
    )
    events = story.did(person(Role.SERVICE_LEAD), hurt)
    (duty,) = [d for d in story.incident.notice.duties.values() if d.rule == "CN-RECALL-STOP"]
    in_force_at = datetime(2020, 12, 31, 16, tzinfo=UTC)  # 1 January 2021 begins in Beijing.
    assert (duty.start_at, duty.no_due_why) == (in_force_at, "")
    assert duty.due_at is not None
    assert duty.due_at.year == 2021
    told = [one.steps_en for one in events if isinstance(one, DutyDue) and one.duty == duty.id]
    assert told == [(OURS_EN, PAST_EN)]
    assert not [due for due in dues(story.incident) if due.act == "set_due_by_hand"]


def test_an_answer_promised_for_the_end_of_time_stops_no_clock() -> None:
    story = Story()
    story.accepted(CRITICAL)
    asked = LogEnquiry(
        medium="press",
        topic=PublicText("The cream"),
        asked_by=PrivateText("v1", "c" * 64, "asker"),
        answer_by=datetime(9999, 12, 30, tzinfo=UTC),
    )
    story.did(person(Role.PR_LEAD), asked)
    assert next_ring(story.incident) is not None
    story.later(days=3)


def test_an_incident_outlives_its_calendar() -> None:
    story = Story(now=datetime(2031, 6, 2, 1, 0, tzinfo=UTC))
    story.accepted(CRITICAL)
    assert next_ring(story.incident) is not None
    story.later(days=30)
    assert story.incident.report.is_accepted
