"""The verbs of `andon` as somebody types them: what they print, and the exit status."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from services.company import COMPANY_FILE, PLAN_FILE
from storage.engine import open_engine
from tests.storage.streams import new_incident

Andon = Callable[..., Result]


@pytest.fixture
def andon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Andon:
    """Run `andon` in a home of its own, without the demo company."""
    monkeypatch.setenv("ANDON_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ANDON_DEMO", "false")

    def run(*words: str, typed: str | None = None) -> Result:
        return CliRunner().invoke(app, words, input=typed)

    return run


def test_the_first_person_of_a_new_home(andon: Andon) -> None:
    added = andon("user", "add", "li.wei", "--role", "admin", "--role", "staff")
    assert added.exit_code == 0, added.output
    password = added.stdout.rpartition(": ")[2].strip()
    assert len(password) >= 12
    listed = json.loads(andon("user", "list", "--json").stdout)
    assert [(person["id"], person["roles"]) for person in listed] == [
        ("li.wei", ["admin", "staff"])
    ]


def test_a_password_may_be_typed(andon: Andon) -> None:
    typed = "four words of mine\n"
    added = andon("user", "add", "li.wei", "--role", "admin", "--ask", typed=typed * 2)
    assert added.exit_code == 0, added.output
    assert "four words" not in added.stdout
    short = andon("user", "password", "li.wei", "--ask", typed="short\nshort\n")
    assert (short.exit_code, "12 to 500 characters" in short.stderr) == (2, True)


def test_a_token_is_printed_once(andon: Andon) -> None:
    andon("user", "add", "li.wei", "--role", "admin")
    token = andon("user", "token", "li.wei", "--called", "hotline")
    assert (token.exit_code, token.stdout[:6]) == (0, "andon_")


def test_a_report_that_never_reached_the_plan_is_named(andon: Andon, tmp_path: Path) -> None:
    """Its number was given while nothing could record it, and nobody pressed again."""
    andon("user", "add", "li.wei", "--role", "admin")
    assert "Not recorded" not in andon("status").stdout
    engine = open_engine(f"sqlite:///{tmp_path / 'home' / 'andon.db'}")
    number = new_incident(engine)
    engine.dispose()
    told = andon("status")
    assert (told.exit_code, f"Not recorded: {number}." in told.stdout) == (0, True), told.output


WRONG = {
    "no such role": (("user", "add", "li.wei", "--role", "king"), "no role 'king'"),
    "a machine's role": (("user", "add", "li.wei", "--role", "clock"), "no role 'clock'"),
    "a machine's name": (("user", "add", "clock", "--role", "staff"), "name of a machine"),
    "a name with capitals": (("user", "add", "Li Wei", "--role", "staff"), "small letters"),
    "a plan that is not there": (("plan", "check", "no/such.toml"), "cannot be read"),
    "a report that is not there": (("report", "no/such.json", "--as", "x"), "cannot be read"),
}


@pytest.mark.parametrize(("words", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_bad_input_is_told_on_stderr(words: tuple[str, ...], sentence: str, andon: Andon) -> None:
    told = andon(*words)
    assert told.exit_code == 2
    assert sentence in told.stderr
    assert "Traceback" not in told.output


def test_who_is_not_there_has_no_token(andon: Andon) -> None:
    told = andon("user", "token", "nobody")
    assert (told.exit_code, "nobody called nobody" in told.stderr) == (1, True)


def test_nothing_is_open_in_a_new_home(andon: Andon) -> None:
    assert andon("status").stdout == "Nothing is open.\n"
    assert andon("duties").stdout == "Nothing is due.\n"
    assert json.loads(andon("status", "--json").stdout) == []
    missing = andon("status", "INC-2026-0001")
    assert (missing.exit_code, missing.stderr) == (
        1,
        "There is no INC-2026-0001.\nCheck the number.\n",
    )


def test_the_default_plan_is_in_order_and_filled(andon: Andon) -> None:
    told = andon("plan", "check", str(PLAN_FILE), "--company", str(COMPANY_FILE))
    assert (told.exit_code, told.stdout) == (0, f"{PLAN_FILE}: in order.\n")


def test_a_plan_with_a_hole_is_told_line_by_line(andon: Andon, tmp_path: Path) -> None:
    broken = tmp_path / "plan.toml"
    text = PLAN_FILE.read_text(encoding="utf-8")
    broken.write_text(text.replace('calendar = "CN"', 'calender = "CN"'), encoding="utf-8")
    told = andon("plan", "check", str(broken), "--json")
    assert told.exit_code == 1
    assert {each["field"] for each in json.loads(told.stdout)["problems"]} >= {"calender"}


def test_a_changed_plan_is_adopted_only_when_asked(andon: Andon, tmp_path: Path) -> None:
    assert "already" in andon("plan", "adopt").stdout
    changed = tmp_path / "plan.toml"
    text = PLAN_FILE.read_text(encoding="utf-8")
    old = text.partition("\nversion = ")[2].partition("\n")[0]
    changed.write_text(text.replace(f"version = {old}", 'version = "next"', 1), encoding="utf-8")
    told = json.loads(andon("plan", "adopt", str(changed), "--json").stdout)
    assert (told["version"], told["changed"]) == ("next", True)
    assert "Version next is adopted already" in andon("plan", "adopt", str(changed)).stdout


def test_a_report_needs_a_temporal_service(andon: Andon, tmp_path: Path) -> None:
    andon("user", "add", "li.wei", "--role", "staff")
    report = tmp_path / "report.json"
    report.write_text("{}")
    told = andon("report", str(report), "--as", "li.wei")
    assert (told.exit_code, "No Temporal server is known" in told.stderr) == (2, True)


def test_serving_needs_a_temporal_service(andon: Andon) -> None:
    told = andon("serve", "--port", "8099")
    assert (told.exit_code, "No Temporal server is known" in told.stderr) == (2, True)


def test_notices_are_exported_and_left_where_nothing_changed(andon: Andon, tmp_path: Path) -> None:
    site = tmp_path / "site"
    first = andon("export-notices", str(site))
    assert first.exit_code == 0, first.output
    assert first.stdout.startswith("0 notice(s), ")
    assert (site / "recalls" / "index.html").is_file()
    assert json.loads(andon("export-notices", str(site), "--json").stdout)["changed"] is False
    assert "nothing has changed" in andon("export-notices", str(site)).stdout
    wrong = tmp_path / "other" / "recalls"
    wrong.mkdir(parents=True)
    (wrong / "mine.txt").write_text("mine", encoding="utf-8")
    refused = andon("export-notices", str(wrong.parent))
    assert (refused.exit_code, "nothing was changed" in refused.stderr) == (2, True)


MOMENTS = {
    "no such incident": (("INC-1999-0001",), 1, "no INC-1999-0001"),
    "no moment": (("{}", "--at", "yesterday"), 2, "is no moment"),
    "an entry to come": (("{}", "--at", "7"), 1, "entries 1 to 0"),
    "no way to look": (("{}", "--by", "then"), 2, "recorded or happened"),
    "another moment that is none": (("{}", "--to", "-1"), 2, "is no moment"),
    "a file that is not there": (("dossier.zip",), 2, "Name an incident"),
}


@pytest.mark.parametrize(("words", "status", "sentence"), MOMENTS.values(), ids=MOMENTS.keys())
def test_a_moment_that_is_none_is_told_on_stderr(
    words: tuple[str, ...], status: int, sentence: str, andon: Andon, tmp_path: Path
) -> None:
    andon("user", "add", "li.wei", "--role", "admin")
    engine = open_engine(f"sqlite:///{tmp_path / 'home' / 'andon.db'}")
    number = new_incident(engine)
    engine.dispose()
    told = andon("replay", *(word.format(number) for word in words))
    assert told.exit_code == status, told.output
    assert sentence in told.stderr
    assert "Traceback" not in told.output
