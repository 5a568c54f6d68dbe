"""Checking files under plan/: each kind of bad file is told by file, line, field and expectation."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.errors import BrokenSetup
from services.calendar_codes import countries_of, countries_without
from services.company import COMPANY_FILE, PLANS
from services.plan_checks import Checked, Kind, check_paths

Change = Callable[[Path], None]


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """Give a copy of the plan folder."""
    return Path(shutil.copytree(PLANS, tmp_path / "plan"))


def said(file: str, old: str, new: str) -> Change:
    """Write something else in a file, once."""

    def change(plan: Path) -> None:
        text = (plan / file).read_text(encoding="utf-8")
        assert old in text
        (plan / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def line_of(plan: Path, file: str, text: str) -> int:
    """Say on which line a text stands first."""
    return (plan / file).read_text(encoding="utf-8").partition(text)[0].count("\n") + 1


CN, EU, PLAN, WORDING = (
    "regulations/cn.toml",
    "regulations/eu.toml",
    "default.toml",
    "wording/first.toml",
)
FIRST_WORDING = 'severity = "block"'

Bad = tuple[str, tuple[str, str], str, str, str, str]
BAD: dict[str, Bad] = {
    # file, (what stood, what stands), where the line is found, field, detail, expected
    "unknown field": (EU, ('force = "guideline"\n', 'force = "guideline"\nlimits = 3\n'), "limits = 3",
        "rules.0.limits", "There is no field called 'limits'.", "one of the fields id, version"),
    "missing field": (EU, ('limit = "20 d"\n', ""), "[[rules]]",
        "rules.0.limit", "this is needed", "a time, such as"),
    "unreadable limit": (EU, ('limit = "20 d"', 'limit = "20 days"'), "20 days",
        "rules.0.limit", "'20 days' is not a limit.", "'3 wd'"),
    "word in a list of a row in brackets": (EU, ('case = ["serious"]', 'case = [\n "serious",\n "grave"]'), '"grave"',
        "rules.0.when.0.case.1", "'grave' is not known here.", "one of general, review, serious"),
    "unknown condition": (EU, ("possible = true", "probable = true"), "probable",
        "rules.0.when.1.probable", "no field called", "one of the fields case, outcome"),
    "wrong type": (EU, ("each_country = true", 'each_country = "yes"'), 'each_country = "yes"',
        "rules.0.each_country", "", "true or false"),
    "impossible date": (EU, ('force = "guideline"\n', 'force = "guideline"\neffective_from = "2024-13-12"\n'), "2024-13-12",
        "rules.0.effective_from", "A date is expected", "a date, such as 2026-11-02"),
    "what does not fit": (EU, ('counting = "day_after"', 'counting = "elapsed"'), 'counting = "elapsed"',
        "rules.0.counting", "is not counted so", "one of elapsed"),
    "unknown calendar": (CN, ('calendar = "CN"', 'calendar = "ZZ"'), 'calendar = "ZZ"',
        "rules.0.calendar", "There is no calendar 'ZZ'.", "a country (CN, US"),
    "no calendar at all": (CN, ('calendar = "CN"', 'calendar = "china"'), 'calendar = "china"',
        "rules.0.calendar", "'china' is no calendar", "a country (CN, US"),
    "unknown follow-up": (EU, ('["EU-COS-23-SUE-FU"]', '["EU-NONE"]'), "EU-NONE",
        "rules.0.follow_ups", "There is no rule 'EU-NONE'.", "ids of other rules of this file"),
    "follow-up in another file": (EU, ('["EU-COS-23-SUE-FU"]', '["CN-ADR-SERIOUS"]'), "CN-ADR-SERIOUS",
        "rules.0.follow_ups", "stands in another file (cn.toml:", "ids of other rules of this file"),
    "a plan's unknown calendar": (PLAN, ('calendar = "CN"', 'calendar = "ZZ"'), 'calendar = "ZZ"',
        "calendar", "There is no calendar 'ZZ'.", "a country (CN, US"),
    "a halt that nobody is asked for": (PLAN, ('halt_decision_within = "4 h" #', "#"), "[grades.critical]",
        "grades.critical.halt_decision_within", "Say by when H4 is decided", "a time, such as"),
    "a plan's unknown role": (PLAN, ("[roles.duty_officer]", "[roles.duty_oficer]"), "[roles.duty_oficer]",
        "roles.duty_oficer", "Is 'duty_officer' meant?", "one of the fields"),
    "wording of an unknown severity": (WORDING, (FIRST_WORDING, 'severity = "forbid"'), 'severity = "forbid"',
        "rules.0.severity", "is not known here", "one of block, warn"),
}  # fmt: skip


@pytest.mark.parametrize("whole", [True, False], ids=["folder", "file"])
@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_a_bad_file(bad: Bad, plan: Path, *, whole: bool) -> None:
    file, written, stands, path, detail, expected = bad
    said(file, *written)(plan)
    if "another file" in detail and not whole:
        detail = "There is no rule"
    checked = check_paths(plan if whole else plan / file)
    told = [each for each in checked.problems if each.field == path]
    assert [each.file for each in told] == [plan / file], checked.problems
    assert told[0].line == line_of(plan, file, stands)
    assert detail in told[0].detail
    assert expected in told[0].expected
    assert {each.file for each in checked.problems} == {plan / file}
    assert checked.is_readable


def test_what_stands_there_is_shown(plan: Path) -> None:
    said(EU, 'limit = "20 d"', 'limit = "20 days"')(plan)
    said(EU, 'force = "guideline"\n', "")(plan)
    told = {each.field: each.found for each in check_paths(plan / EU).problems}
    assert told == {"rules.0.limit": "'20 days'", "rules.0.force": "nothing"}


UNREADABLE: dict[str, tuple[str, int]] = {
    "a quote too few": ('market = "EU"\ntitle_en = "x\nrules = 1\n', 2),
    "impossible date of TOML": ("a = 1\nchecked_on = 2026-02-31\n", 2),
    "cut off": ("a = 1\n\nb = [1,\n", 3),
}


@pytest.mark.parametrize(("text", "line"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_is_no_toml_is_told_with_its_line_beside_what_else_is_wrong(
    text: str, line: int, plan: Path
) -> None:
    (plan / EU).write_text(text, encoding="utf-8")
    said(CN, 'calendar = "CN"', 'calendar = "ZZ"')(plan)
    checked = check_paths(plan)
    assert [(each.file, each.line) for each in checked.problems] == [
        (plan / CN, line_of(plan, CN, 'calendar = "ZZ"')),
        (plan / EU, line),
    ]
    assert not checked.is_readable


# ---------------------------------------------------------------- between files and rows


def circle(plan: Path) -> None:
    said(EU, "when = [{ new_information = true }]", 'when = [{ new_information = true }]\nfollow_ups = ["EU-COS-23-SUE"]')(plan)  # fmt: skip


def twice(plan: Path) -> None:
    said(EU, 'id = "EU-COS-23-SUE-FU"', 'id = "EU-COS-23-SUE"')(plan)
    said(EU, 'follow_ups = ["EU-COS-23-SUE-FU"]\n', "")(plan)


def copied(plan: Path) -> None:
    shutil.copy(plan / EU, plan / "regulations" / "eu-2.toml")


def borrowed(plan: Path) -> None:
    said(EU, 'id = "EU-COS-23-SUE-FU"', 'id = "CN-ADR-SERIOUS"')(plan)
    said(EU, 'follow_ups = ["EU-COS-23-SUE-FU"]', 'follow_ups = ["CN-ADR-SERIOUS"]')(plan)


def over_two(plan: Path) -> None:
    said(EU, '["EU-COS-23-SUE-FU"]', '["CN-ADR-SERIOUS"]')(plan)
    said(CN, 'id = "CN-ADR-SERIOUS"', 'id = "CN-ADR-SERIOUS"\nfollow_ups = ["EU-COS-23-SUE"]')(plan)


BETWEEN: dict[str, tuple[Change, list[tuple[str, str, str]], str]] = {
    "a circle": (circle, [(EU, "rules.0.follow_ups", 'follow_ups = ["EU-COS-23-SUE-FU"]'),
                          (EU, "rules.1.follow_ups", 'follow_ups = ["EU-COS-23-SUE"]')], "follows itself over"),
    "a circle over two files": (over_two, [(CN, "rules.4.follow_ups", '["EU-COS-23-SUE"]'),
                                           (EU, "rules.0.follow_ups", '["CN-ADR-SERIOUS"]')], "stands in another file"),
    "an id twice in a file": (twice, [(EU, "rules.0.id", 'id = "EU-COS-23-SUE"'), (EU, "rules.1.id", "")],
                              "stands here twice"),
    "an id in two files": (borrowed, [(CN, "rules.4.id", 'id = "CN-ADR-SERIOUS"'), (EU, "rules.1.id", 'id = "CN-ADR-SERIOUS"')],
                           "in more than one file (cn.toml:"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "places", "detail"), BETWEEN.values(), ids=BETWEEN.keys())
def test_what_does_not_fit_together_names_each_place(
    change: Change, places: list[tuple[str, str, str]], detail: str, plan: Path
) -> None:
    change(plan)
    told = [each for each in check_paths(plan).problems if detail in each.detail]
    assert [(each.file, each.field) for each in told] == [(plan / f, path) for f, path, _ in places]
    for problem, (file, _, stands) in zip(told, places, strict=True):
        if stands:
            assert problem.line == line_of(plan, file, stands)


def test_a_market_in_two_files_is_told_in_both(plan: Path) -> None:
    copied(plan)
    told = [each for each in check_paths(plan).problems if each.field == "market"]
    assert [each.file and each.file.name for each in told] == ["eu-2.toml", "eu.toml"]
    line = line_of(plan, EU, 'market = "EU"')
    assert all(f"(eu-2.toml:{line}, eu.toml:{line})" in each.detail for each in told)


def test_a_company_that_lacks_something_is_told_with_the_plan(plan: Path) -> None:
    company = plan / "demo" / "company.toml"
    said("demo/company.toml", '"legal_representative"', '"staff"')(plan)
    told = check_paths(plan / PLAN, company).problems
    assert {(each.file, each.field) for each in told} == {(company, "people")}
    assert "Nobody holds the role legal_representative" in told[0].detail


# ---------------------------------------------------------------- which files


@pytest.mark.parametrize(
    ("path", "kinds"),
    [
        (None, {Kind.PLAN, Kind.WORDING, Kind.REGULATIONS}),
        (PLANS, {Kind.PLAN, Kind.WORDING, Kind.REGULATIONS}),
        (PLANS / "regulations", {Kind.REGULATIONS}),
        (PLANS / EU, {Kind.REGULATIONS}),
        (PLANS / WORDING, {Kind.WORDING}),
        (PLANS / PLAN, {Kind.PLAN}),
    ],
    ids=["everything", "the folder", "all rules", "a rule file", "wording", "the plan"],
)
def test_the_files_here_are_in_order(path: Path | None, kinds: set[Kind]) -> None:
    checked = check_paths(path, COMPANY_FILE)
    assert checked.problems == ()
    assert {each.kind for each in checked.files} == {*kinds, Kind.COMPANY}


def test_a_plan_that_is_gone_is_told_beside_the_rest(plan: Path) -> None:
    (plan / PLAN).unlink()
    checked = check_paths(plan)
    assert [(each.file, each.line) for each in checked.problems] == [(plan / PLAN, 0)]
    assert "cannot be read" in checked.problems[0].detail
    assert len(checked.of_kind(Kind.REGULATIONS)) > 1


@pytest.mark.parametrize("file", [CN, WORDING, PLAN, "demo/company.toml"])
def test_a_file_elsewhere_is_known_by_what_stands_in_it(file: str, tmp_path: Path) -> None:
    elsewhere = Path(shutil.copy(PLANS / file, tmp_path / "x.toml"))
    checked: Checked = check_paths(elsewhere)
    assert (checked.problems, checked.files[0].kind) == (
        (),
        check_paths(PLANS / file).files[0].kind,
    )


def test_a_folder_without_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenSetup, match="no TOML file in it"):
        check_paths(tmp_path)


def test_the_country_decides_only_where_it_may_stand() -> None:
    assert {"DE", "FR"} <= set(countries_of("EU")) - set(countries_without("EU"))
    assert countries_of("GB") == ("GB",)
