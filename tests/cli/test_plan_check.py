"""`andon plan check` on the terminal: exit status, text and JSON; nothing is adopted by it."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from services import company
from services.company import COMPANY_FILE, PLANS
from tests.services.test_plan_checks import CN, EU, line_of, said

Andon = Callable[..., Result]


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """Give a copy of the plan folder."""
    return Path(shutil.copytree(PLANS, tmp_path / "plan"))


@pytest.fixture
def andon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Andon:
    """Give the command line with a home of its own."""
    monkeypatch.setenv("ANDON_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ANDON_DEMO", "false")
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


def test_everything_under_plan_is_in_order(andon: Andon, tmp_path: Path) -> None:
    told = andon("plan", "check", "--company", COMPANY_FILE)
    assert (told.exit_code, told.stdout) == (0, f"{PLANS}: {counted()} files in order.\n")
    assert not (tmp_path / "home").exists()


def test_channels_that_no_order_reaches_are_warned_of_where_they_stand(
    andon: Andon, plan: Path, tmp_path: Path
) -> None:
    file = plan / "demo" / "company.toml"
    text = file.read_text(encoding="utf-8").replace("demo = true", "demo = false", 1)
    file.write_text(text.replace('adapter = "outbox"', 'adapter = "email"', 1), encoding="utf-8")
    told = andon("plan", "check", file)
    assert told.exit_code == 0
    assert (
        "channels.0.adapter: Channel wh-east names adapter email, and no connection" in told.stderr
    )
    assert "Their adapter is outbox, and nothing is sent" in told.stderr


def counted() -> int:
    """Count plan, company, wording and rule files."""
    return 2 + sum(len(list((PLANS / name).glob("*.toml"))) for name in ("wording", "regulations"))


def test_a_problem_is_told_with_file_line_field_and_what_was_expected(
    andon: Andon, plan: Path
) -> None:
    said(EU, 'limit = "20 d"', 'limit = "20 days"')(plan)
    line = line_of(plan, EU, "20 days")
    told = andon("plan", "check", plan)
    assert (told.exit_code, told.stdout) == (1, "")
    assert f"  {plan / EU}:{line}:1: rules.0.limit: '20 days' is not a limit." in told.stderr
    assert "    stands there: '20 days'; expected: a time, such as '30 min'" in told.stderr
    as_json = andon("plan", "check", plan / EU, "--json")
    (problem,) = json.loads(as_json.stdout)["problems"]
    assert as_json.exit_code == 1
    assert {name: problem[name] for name in ("file", "line", "column", "field", "found")} == {
        "file": str(plan / EU), "line": line, "column": 1, "field": "rules.0.limit",
        "found": "'20 days'",
    }  # fmt: skip
    assert problem["detail"].startswith("'20 days' is not a limit.")
    assert problem["expected"].startswith("a time, such as '30 min'")


def test_a_file_that_is_no_toml_is_bad_input(andon: Andon, plan: Path) -> None:
    (plan / EU).write_text('market = "EU"\nrules = [\n', encoding="utf-8")
    told = andon("plan", "check", plan, "--json")
    assert told.exit_code == 2
    assert [(p["file"], p["line"]) for p in json.loads(told.stdout)["problems"]] == [
        (str(plan / EU), 2)
    ]


def test_a_warning_changes_no_status(andon: Andon, plan: Path) -> None:
    (plan / "regulations" / "us.toml").unlink()
    said(CN, "checked_on = ", "checked_on = 2020-01-01 # ")(plan)
    told = andon("plan", "check", plan, "--company", COMPANY_FILE)
    assert told.exit_code == 0
    assert "warning: " in told.stderr
    assert "We sell in US, and no rule is written for it" in told.stderr
    as_json = json.loads(andon("plan", "check", plan, "--company", COMPANY_FILE, "--json").stdout)
    assert as_json["problems"] == []
    assert {(w["file"], w["field"]) for w in as_json["warnings"]} >= {
        (str(plan / CN), "checked_on"),
        (str(COMPANY_FILE), "products.0.markets.3"),
    }


def test_what_would_change_is_told_and_nothing_is_adopted(andon: Andon, plan: Path) -> None:
    said(EU, 'limit = "20 d"', 'limit = "10 d"')(plan)
    before = andon("plan", "list", "--json").stdout
    told = andon("plan", "check", plan, "--against", "adopted")
    assert told.exit_code == 0, told.output
    assert "1 rule(s) would be others." in told.stdout
    assert "  changed  EU-COS-23-SUE  " in told.stdout
    assert "    limit: 20 d → 10 d" in told.stdout
    assert "until two people adopt the new ones there." in told.stdout
    as_json = andon("plan", "check", plan / EU, "--against", PLANS, "--json")
    (rule,) = json.loads(as_json.stdout)["changes"]["rules"]
    assert rule["fields"] == [{"field": "limit", "old": "20 d", "new": "10 d"}]
    assert andon("plan", "list", "--json").stdout == before


def test_the_company_of_this_machine_is_asked(andon: Andon) -> None:
    told = andon("plan", "check", "--adopted", "--json")
    assert (told.exit_code, json.loads(told.stdout)["problems"]) == (0, [])


def test_what_nobody_keeps_is_no_comparison(andon: Andon) -> None:
    told = andon("plan", "check", "--against", "ffffffffffff")
    assert (told.exit_code, "names no version of the plan" in told.stderr) == (1, True)


def test_broken_files_keep_no_other_verb_from_its_work(
    andon: Andon, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = andon("plan", "list", "--json").stdout
    monkeypatch.setattr(company, "REGULATIONS", plan / "regulations")
    said(CN, 'calendar = "CN"', 'calendar = "ZZ"')(plan)
    refused = andon("plan", "adopt")
    assert (refused.exit_code, "There is no calendar 'ZZ'." in refused.stderr) == (2, True)
    assert "nothing was changed" in refused.stderr
    said(EU, 'limit = "20 d"', 'limit = "20 days"')(plan)
    refused = andon("plan", "adopt")
    assert [name in refused.stderr for name in ("cn.toml", "eu.toml")] == [True, True]
    assert andon("status").stdout == "Nothing is open.\n"
    assert andon("plan", "list", "--json").stdout == before
    assert andon("plan", "check", "--against", "adopted").exit_code == 1
