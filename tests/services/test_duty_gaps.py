"""What files in order still lack: markets without rules, rules that end, checks that are old."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from activities.calendars import build_calendar
from domain.clock import Calendar
from domain.errors import Malformed
from services import calendar_codes
from services.company import PLANS
from services.duty_gaps import gaps, sold_by_adopted, sold_by_file
from services.house import House
from services.plan_checks import Kind, Problem, check_paths
from storage import catalog
from tests.services.test_plan_checks import CN, EU, PLAN, Change, line_of, said

TODAY = date(2026, 11, 29)
COMPANY = "demo/company.toml"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """Give a copy of the plan folder, in which nothing is left to warn of."""
    folder = Path(shutil.copytree(PLANS, tmp_path / "plan"))
    for file in (folder / "regulations").glob("*.toml"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("verified = false", "verified = true"), encoding="utf-8")
    return folder


def found(plan: Path, today: date = TODAY) -> list[Problem]:
    checked = check_paths(plan, plan / COMPANY)
    assert checked.problems == ()
    (company,) = checked.of_kind(Kind.COMPANY)
    return gaps(checked, sold_by_file(company), today)


def unverified(plan: Path) -> None:
    text = (plan / CN).read_text(encoding="utf-8")
    (plan / CN).write_text(text.replace("verified = true", "verified = false"), encoding="utf-8")


def without_us(plan: Path) -> None:
    (plan / "regulations" / "us.toml").unlink()


EFFECTIVE = "effective_from = 2024-12-13"
GAPS: dict[str, tuple[Change, str, str, str, str]] = {
    # what is done; the file, where its line is found, the field, and what is said
    "a market without rules": (without_us, COMPANY, '"US"', "products.0.markets", "We sell in US, and no rule is written"),
    "only unverified rules": (unverified, CN, "[[rules]]", "rules", "no rule of CN is verified"),
    "not in force yet": (said(EU, EFFECTIVE, "effective_from = 2027-01-01"), EU, "2027-01-01", ".effective_from", "not in force yet: it begins on 2027-01-01"),
    "not in force any more": (said(EU, EFFECTIVE, "effective_to = 2026-11-28"), EU, "2026-11-28", ".effective_to", "it ended on 2026-11-28"),
    "ends today": (said(EU, EFFECTIVE, "effective_to = 2026-11-29"), EU, "2026-11-29", ".effective_to", "ends on 2026-11-29"),
    "ends in 60 days": (said(EU, EFFECTIVE, "effective_to = 2027-01-28"), EU, "2027-01-28", ".effective_to", "ends on 2027-01-28"),
    "checked long ago": (said(EU, "checked_on = ", "checked_on = 2025-11-28 # "), EU, "checked_on", "checked_on", "last checked on 2025-11-28"),
    "a template of another version": (said(PLAN, 'language = "fr", sha256 = "c', 'language = "fr", sha256 = "d'), PLAN, 'language = "fr"', "statements.holding.pre_approved.3.sha256", "not the one approved beforehand"),
}  # fmt: skip


@pytest.mark.parametrize("gap", GAPS.values(), ids=GAPS.keys())
def test_a_gap_is_a_warning_with_its_place(
    gap: tuple[Change, str, str, str, str], plan: Path
) -> None:
    change, file, stands, field, sentence = gap
    before = found(plan)
    change(plan)
    new = [each for each in found(plan) if each not in before]
    told = [each for each in new if sentence in each.detail]
    assert len(told) == 1, new
    assert told[0].file == plan / file
    assert field in told[0].field
    assert told[0].line >= line_of(plan, file, stands)
    assert told[0].expected


NO_GAPS: dict[str, Change] = {
    "ends in 61 days": said(EU, EFFECTIVE, "effective_to = 2027-01-29"),
    "checked a year ago": said(EU, "checked_on = ", "checked_on = 2025-11-29 # "),
    "nothing": lambda _plan: None,
}


@pytest.mark.parametrize("change", NO_GAPS.values(), ids=NO_GAPS.keys())
def test_what_is_no_gap_is_not_told(change: Callable[[Path], None], plan: Path) -> None:
    before = found(plan)
    change(plan)
    assert [each.detail for each in found(plan)] == [each.detail for each in before]


def test_the_demo_company_sells_nowhere_without_rules() -> None:
    assert [each.detail for each in found(PLANS) if "no rule is written" in each.detail] == []


def test_a_folder_of_one_market_says_where_else_goods_are_sold(plan: Path) -> None:
    for name in ("eu", "gb", "us"):
        for file in (plan / "regulations").glob(f"{name}*.toml"):
            file.unlink()
    told = [each.found for each in found(plan) if "no rule is written" in each.detail]
    assert {"'DE'", "'GB'", "'US'"} <= set(told)
    (company,) = check_paths(PLANS / CN, PLANS / COMPANY).of_kind(Kind.COMPANY)
    alone = gaps(check_paths(PLANS / CN), sold_by_file(company), TODAY)
    assert [each for each in alone if "no rule is written" in each.detail] == []


def test_without_a_company_no_market_is_missed(plan: Path) -> None:
    without_us(plan)
    unverified(plan)
    told = [each.field for each in gaps(check_paths(plan), None, TODAY)]
    assert set(told) <= {"rules.0.calendar"}  # the countries of the Union without a calendar


def test_a_country_without_a_calendar_is_told_where_goods_are_sold(
    plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_france(code: str, years: tuple[int, ...]) -> Calendar:
        if code == "FR":
            raise Malformed("There is no calendar 'FR'.")
        return build_calendar(code, years)

    monkeypatch.setattr(calendar_codes, "build_calendar", without_france)
    told = [each for each in found(plan) if "No calendar can be built" in each.detail]
    assert [(each.file, each.line) for each in told] == [
        (plan / EU, line_of(plan, EU, "calendar ="))
    ]
    assert "for FR: a duty there has no due time until a person sets it." in told[0].detail


def test_the_company_of_the_database_is_asked(house: House, plan: Path) -> None:
    item = catalog.Item(id="dew", document={"markets": ["CN", "BR"]})
    catalog.put_items(house.engine, "product", [item])
    catalog.put_items(house.engine, "channel", [catalog.Item(id="c", kind="own_web", market="FR")])
    sold = sold_by_adopted(house)
    assert set(sold) == {"CN", "BR", "FR"}
    told = gaps(check_paths(plan), sold, TODAY)
    assert [(each.file, each.found, each.expected) for each in told] == [
        (None, "BR", "a rule file for BR")
    ]
