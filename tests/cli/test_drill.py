"""`andon drill` as somebody types it: the story, the scorecard, and what is wrong with a file."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.columns import width_of
from cli.drill import CASES, Language, languages_of
from cli.main import app

RUMOUR = (CASES / "rumour.toml").read_text(encoding="utf-8")
SHORT = RUMOUR[: RUMOUR.index("[ends_with]")] + RUMOUR[RUMOUR.index("[report]") :]
SHORT = SHORT[: SHORT.index("[[steps]]")]
SHORT = SHORT.replace('ends_after = "5 d"', 'ends_after = "20 min"')
SHORT = SHORT.replace("closes = true", "closes = false")
SEEN = """
[[steps]]
after = "4 min"
by = "duty_officer"
do = "acknowledge_report"
"""
ACCEPTED = """
[[steps]]
after = "12 min"
by = "duty_officer"
do = "accept_report"
"""
INK = re.compile(r"\x1b\[[0-9;]*m")

Drill = Callable[..., Result]


@pytest.fixture
def drill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Drill:
    """Run `andon drill` in an empty folder; what it may leave behind is looked at."""
    for name in ("home", "tmp"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("ANDON_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.chdir(tmp_path / "home")

    def run(*words: str, case: str = "", columns: int = 80) -> Result:
        monkeypatch.setenv("COLUMNS", str(columns))
        if case:
            (tmp_path / "case.toml").write_text(case, encoding="utf-8")
            words = (str(tmp_path / "case.toml"), *words)
        told = CliRunner().invoke(app, ["drill", *words])
        left = [*(tmp_path / "home").iterdir(), *(tmp_path / "tmp").iterdir()]
        assert left == [], "a drill leaves nothing behind"
        return told

    return run


# ---------------------------------------------------------------- a case that goes as written


@pytest.mark.slow
def test_a_demo_case_is_told_as_a_story_in_both_languages(drill: Drill) -> None:
    told = drill("rumour", "--language", "both", columns=120)
    assert told.exit_code == 0, told.output
    lines = told.stdout.splitlines()
    assert all(width_of(line) <= 120 for line in lines)
    assert not INK.search(told.stdout), "this is no terminal"
    for text in (
        "DRILL 演练",
        "Invented from first to last",
        "Monday 2 March 2026 · day 1",
        "2026年3月2日 星期一 · 第1天",
        "09:24   PR officer · Approve exactly this text",
        "✗ PR officer tried “Approve exactly this text”: You wrote a",
        "09:26   PR lead, Legal counsel, Quality-safety responsible person",
        "Our own times, never law",
        "内部时限（非法律要求）",
        "What the pages show, the fold of the ledger and the replayed history agree.",
    ):
        assert text in told.stdout
    assert not re.search(r"\bNone\b(?! of 63)", told.stdout)
    assert _times(lines) == sorted(_times(lines))


def _times(lines: list[str]) -> list[str]:
    """Give the times of the first day of the story as they stand."""
    days = [n for n, line in enumerate(lines) if line.startswith("───────")]
    first, second = days[1], days[2]
    return [line[:5] for line in lines[first:second] if re.match(r"\d\d:\d\d ", line)]


@pytest.mark.slow
def test_a_short_case_as_json_says_all_of_it(drill: Drill) -> None:
    told = drill("--json", case=SHORT + SEEN + ACCEPTED)
    assert told.exit_code == 0, told.output
    card = json.loads(told.stdout)
    assert (card["agrees"], card["grade"], card["invented"]) == (True, "minor", True)
    assert [beat["kind"] for beat in card["story"]] == ["act", "act", "act"]
    assert [beat["at"][:16] for beat in card["story"]] == [
        "2026-03-02T01:00",
        "2026-03-02T01:04",
        "2026-03-02T01:12",
    ]
    assert [beat["entries"] for beat in card["story"]] == [[2, 3], [4, 4], [5, 5]]
    accepted = next(row for row in card["times"] if row["key"] == "accept_report")
    assert (accepted["verdict"], accepted["verdict_zh"], accepted["late"]) == (
        "in time", "按时", False
    )  # fmt: skip
    assert (accepted["ended_by"], accepted["entry"]) == ("drill.duty_officer", 5)
    assert card["entries"] == len(card["timeline"]) == 5


# ---------------------------------------------------------------- what is told in


LOCALES = {
    "asked for Chinese": (Language.CHINESE, {"LANG": "en_GB.UTF-8"}, ("zh",)),
    "asked for both": (Language.BOTH, {"LANG": "zh_CN.UTF-8"}, ("en", "zh")),
    "a Chinese terminal": (None, {"LANG": "zh_CN.UTF-8"}, ("zh",)),
    "an English one": (None, {"LANG": "en_US.UTF-8"}, ("en",)),
    "another": (None, {"LANG": "de_DE.UTF-8"}, ("en",)),
    "one that says nothing": (None, {"LANG": "C.UTF-8"}, ("en", "zh")),
    "none": (None, {}, ("en", "zh")),
    "the first that is set": (None, {"LC_ALL": "zh_TW", "LANG": "en_US.UTF-8"}, ("zh",)),
    "an empty one": (None, {"LC_ALL": "", "LANG": "en_US.UTF-8"}, ("en",)),
}


@pytest.mark.parametrize(("asked", "locale", "told"), LOCALES.values(), ids=LOCALES.keys())
def test_the_language_is_the_one_asked_for_or_the_terminals(
    asked: Language | None,
    locale: dict[str, str],
    told: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in locale.items():
        monkeypatch.setenv(name, value)
    assert languages_of(asked) == told


# ---------------------------------------------------------------- broken files


def _changed(before: str, after: str) -> str:
    assert before in RUMOUR, before
    return RUMOUR.replace(before, after, 1)


BROKEN = {
    "not TOML": ("id = ", "is not TOML: Invalid value"),
    "no id": (_changed('id = "rumour"', ""), "id: this is needed"),
    "unknown product": (_changed('products = ["', 'products = ["no-'), "report.products.0: There is no product 'no-"),
    "unknown lot": (_changed('lots = ["N', 'lots = ["X'), "There is no lot 'N2601' in this case."),
    "unknown act": (_changed('do = "acknowledge_report"', 'do = "fly"'), "steps.0.do: There is no act called 'fly'."),
    "an act of the clock": (_changed('do = "acknowledge_report"', 'do = "pass_time"'), "steps.0.do: There is no act"),
    "unknown role": (_changed('by = "duty_officer"', 'by = "king"'), "steps.0.by: 'king' is not known here."),
    "unknown key of a step": (_changed('do = "acknowledge_report"', 'do = "acknowledge_report"\nwho = "me"'), "steps.0.who: There is no field called 'who'."),
    "unknown field of a body": (_changed('do = "acknowledge_report"', 'do = "acknowledge_report"\nbody = {why = "x"}'), "steps.0.body.why: There is no field called 'why'."),
    "out of order": (_changed('after = "10 min"', 'after = "13 min"'), "steps.1.after: Steps stand in the order of time"),
    "no length of time": (_changed('after = "10 min"', 'after = "soon"'), "steps.0.after: 'soon' is no length of time"),
    "no time zone": (_changed('zone = "Asia/Shanghai"', 'zone = "Mars/Olympus"'), "zone: 'Mars/Olympus' is no time zone"),
    "real without sources": (_changed("invented = true", "invented = false"), "sources: A real case names its sources."),
    "two problems": (_changed('do = "acknowledge_report"', 'do = "fly"').replace('do = "accept_report"', 'do = "swim"', 1), "has 2 problems:"),
}  # fmt: skip


@pytest.mark.parametrize(("case", "sentence"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_is_bad_input_and_says_where(case: str, sentence: str, drill: Drill) -> None:
    told = drill(case=case)
    assert told.exit_code == 2
    assert sentence in told.stderr
    assert told.stdout == ""
    assert "Traceback" not in told.stderr


def test_a_file_that_is_not_there_is_bad_input_too(drill: Drill) -> None:
    told = drill("no-such-case")
    assert (told.exit_code, told.stdout) == (2, "")
    assert "cannot be read" in told.stderr
    assert "rumour" in told.stderr


# ---------------------------------------------------------------- cases that go otherwise


OTHERWISE = {
    "a wrong role": (ACCEPTED.replace("duty_officer", "scribe"), "steps.0 (accept_report by scribe, after 12 min) was refused (not_allowed)"),
    "a refusal that does not come": (ACCEPTED + 'refused = "not_allowed"\n', "should have been refused (not_allowed) and was not"),
    "another value": (ACCEPTED + 'expect = {"report.grade" = "critical"}\n', 'steps.0.expect: report.grade is "minor", not "critical"'),
    "a path that leads nowhere": (ACCEPTED + 'expect = {"report.colour" = "red"}\n', "report.colour leads nowhere at 'colour'"),
    "nobody to sign": (ACCEPTED + 'sign = ["legal"]\n', "waits for no signature of legal"),
    "another end": (ACCEPTED, "closes: the incident is open at the end."),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("steps", "sentence"), OTHERWISE.values(), ids=OTHERWISE.keys())
def test_a_case_that_goes_otherwise_stops_and_says_where(
    steps: str, sentence: str, drill: Drill
) -> None:
    case = SHORT + steps
    if "closes" in sentence:
        case = case.replace("closes = false", "closes = true")
    told = drill(case=case)
    assert (told.exit_code, told.stdout) == (1, "")
    assert sentence in told.stderr
    assert "Traceback" not in told.stderr
