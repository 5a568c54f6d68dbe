"""How long data of people are kept: the longest period counts, and a hold beats them all."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.limits import Limit, Unit
from domain.regulation_terms import Obliged, RecordStart
from domain.regulations import Record
from domain.retention import Keeps, KeepUntil, after, keep_until

REPORT, NOTICE, GOODS = RecordStart.REPORT, RecordStart.NOTICE, RecordStart.GOODS
MARKETS = ("AU", "CN", "EU", "TW", "US")
START = date(2026, 11, 30)
EVERYBODY = tuple(Obliged)


def record(
    market: str = "CN",
    months: int | None = 36,
    *,
    of: RecordStart | None = REPORT,
    verified: bool = True,
    obliged: tuple[Obliged, ...] = EVERYBODY,
    name: str = "",
) -> Record:
    """Make a record that must be kept."""
    return Record(
        id=name or f"{market}-REC",
        what_en="records",
        what_zh="记录",
        limit=None if months is None else Limit(months, Unit.MONTHS),
        since_en="the report",
        since_zh="报告之日",
        obliged=obliged,
        citation=f"law of {market}",
        source="a test",
        verified=verified,
        counts_from=of,
        market=market,
    )


def kept(records: list[Record], markets: set[str], **more: object) -> KeepUntil:
    """Ask how long, with reports of one day and no notice."""
    told = {"starts": {REPORT: START}, "firm": ()} | more
    return keep_until(records, markets, **told)  # type: ignore[arg-type]


def reach(found: KeepUntil, on: date) -> date:
    """Give until when nothing may go: for ever where something has no end."""
    endless = {Keeps.HOLD, Keeps.OPEN, Keeps.DOUBT} & set(found.against(on))
    return date.max if endless else found.until or date.min


RECORDS = st.builds(
    record,
    st.sampled_from(MARKETS),
    st.one_of(st.none(), st.integers(1, 120)),
    of=st.sampled_from([REPORT, NOTICE, GOODS, None]),
    verified=st.booleans(),
)
SETS = st.lists(RECORDS, max_size=8)
DAYS = st.dates(date(2020, 1, 1), date(2120, 1, 1))


@given(SETS, st.sets(st.sampled_from(MARKETS)), st.sampled_from(MARKETS), DAYS)
def test_one_market_more_never_shortens(
    records: list[Record], markets: set[str], more: str, on: date
) -> None:
    before, now = kept(records, markets), kept(records, {*markets, more})
    assert reach(now, on) >= reach(before, on)
    assert set(now.against(on)) >= set(before.against(on))


@given(SETS, st.sets(st.sampled_from(MARKETS)), st.lists(st.text(min_size=1), min_size=1), DAYS)
def test_a_hold_never_shortens_and_beats_every_day(
    records: list[Record], markets: set[str], holds: list[str], on: date
) -> None:
    before, now = kept(records, markets), kept(records, markets, holds=holds)
    assert now.until == before.until
    assert Keeps.HOLD in now.against(on)
    assert not now.is_due(on)
    assert reach(now, on) == date.max


@given(SETS, st.sets(st.sampled_from(MARKETS)), RECORDS, DAYS)
def test_one_record_more_never_shortens(
    records: list[Record], markets: set[str], more: Record, on: date
) -> None:
    assert reach(kept([*records, more], markets), on) >= reach(kept(records, markets), on)


@given(SETS, st.sets(st.sampled_from(MARKETS)), st.integers(0, 5000), DAYS)
def test_a_later_report_never_shortens(
    records: list[Record], markets: set[str], days: int, on: date
) -> None:
    later = {REPORT: START + timedelta(days=days)}
    assert reach(kept(records, markets, starts=later), on) >= reach(kept(records, markets), on)


@given(SETS, st.sets(st.sampled_from(MARKETS)), DAYS)
def test_what_is_due_stays_due(records: list[Record], markets: set[str], on: date) -> None:
    found = kept(records, markets)
    if found.is_due(on):
        assert found.is_due(on + timedelta(days=1))


def test_the_longest_period_counts() -> None:
    found = kept([record("CN", 36), record("TW", 60), record("US", 72)], {"CN", "TW"})
    assert found.until == date(2031, 11, 30)
    assert found.last is not None
    assert found.last.record.market == "TW"
    assert found.against(date(2031, 11, 30)) == (Keeps.PERIOD,)
    assert found.is_due(date(2031, 12, 1))


@pytest.mark.parametrize(
    ("one", "against"),
    [
        (record(verified=False), (Keeps.DOUBT,)),
        (record(months=None), (Keeps.DOUBT,)),
        (record(of=None), (Keeps.DOUBT,)),
        (record(of=GOODS), ()),
        (record(of=NOTICE), ()),
        (record(obliged=(Obliged.MARKETPLACE,)), ()),
        (record(), (Keeps.PERIOD,)),
    ],
    ids=[
        "not verified", "no number in the law", "nobody said since when", "of goods alone",
        "no notice was sent", "does not oblige us", "runs",
    ],
)  # fmt: skip
def test_what_is_not_certain_is_named_and_gives_no_day(
    one: Record, against: tuple[Keeps, ...]
) -> None:
    roles = kept([one], {"CN"})
    assert roles.against(START) == against
    assert bool(roles.doubtful) == (Keeps.DOUBT in against)
    if Keeps.PERIOD not in against:
        assert roles.until is None


def test_a_start_that_nobody_knows_is_a_doubt() -> None:
    found = kept([record(of=NOTICE)], {"CN"}, starts={REPORT: START, NOTICE: None})
    assert found.against(START) == (Keeps.DOUBT,)


def test_a_market_without_a_rule_is_named() -> None:
    found = kept([record("CN")], {"CN", "EU"})
    assert found.unruled == ("EU",)
    assert kept([], set()).unruled == ()


def test_what_is_open_is_kept() -> None:
    assert kept([], {"EU"}, is_open=True).against(START) == (Keeps.OPEN,)


@pytest.mark.parametrize(
    ("start", "limit", "day"),
    [
        (date(2026, 11, 30), Limit(3, Unit.MONTHS), date(2027, 2, 28)),
        (date(2027, 11, 30), Limit(3, Unit.MONTHS), date(2028, 2, 29)),
        (date(2026, 12, 31), Limit(72, Unit.MONTHS), date(2032, 12, 31)),
        (date(2026, 12, 31), Limit(10, Unit.CALENDAR_DAYS), date(2027, 1, 10)),
        (date(2026, 12, 31), Limit(10, Unit.WORKING_DAYS), None),
    ],
    ids=["short month", "leap year", "years", "days", "working days are not guessed"],
)
def test_a_period_is_counted_in_whole_months(start: date, limit: Limit, day: date | None) -> None:
    assert after(start, limit) == day
