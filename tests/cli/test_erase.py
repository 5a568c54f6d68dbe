"""`andon erase`: found, asked for and confirmed at the terminal; no word of anybody is printed."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from services.house import House
from services.opening import open_stores
from services.settings import Settings
from storage import company, vault
from tests.services.test_erasing import letter, told

UNSAID = ("Li Wei", "swelled", "Garden", "letter")

Andon = Callable[..., Result]


@pytest.fixture
def andon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Andon:
    """Run `andon` in a home of its own with a privacy officer and somebody of legal."""
    monkeypatch.setenv("ANDON_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ANDON_DEMO", "false")

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, words)

    for name, role in (("officer", "privacy_officer"), ("counsel", "legal")):
        assert run("user", "add", name, "--role", role).exit_code == 0
    return run


def with_house(work: Callable[[House], str]) -> str:
    """Do something in the home of the test."""
    house = open_stores(Settings())
    try:
        return work(house)
    finally:
        house.engine.dispose()
        house.bulk.dispose()


def test_a_subject_is_listed_asked_for_and_erased(andon: Andon) -> None:
    subject = with_house(told)
    listed = andon("erase", "list", subject)
    assert listed.exit_code == 0, listed.output
    assert "kept" in listed.output
    asked = andon("erase", "ask", subject, "--as", "officer", "--basis", "objection",
                  "--reason", "By letter.", "--reference", "DSR-1")  # fmt: skip
    assert asked.exit_code == 0, asked.output
    name = asked.output.split()[0]
    [waiting] = json.loads(andon("erase", "list", "--json").output)
    assert (waiting["id"], waiting["state"]) == (name, "asked")
    done = andon("erase", "confirm", name, "--as", "counsel")
    assert done.exit_code == 0, done.output
    assert "erased for ever: 1 keys" in done.output
    [after] = json.loads(andon("erase", "list", subject, "--json").output)
    assert after["erased_for"] == "objection"
    printed = (listed, asked, done, andon("erase", "list"), andon("erase", "due"))
    assert not any(part in one.output for one in printed for part in UNSAID)
    kept = with_house(lambda house: str(vault.wrapped_key(house.engine, subject)))
    assert kept == "None"
    methods = with_house(
        lambda h: str([li.body["method"] for li in company.lines_of(h.engine, ("DataErased",))])
    )
    assert methods == "['terminal']"


def wrote(house: House) -> str:
    """Keep a message to somebody."""
    letter(house, "li@example.com", 1)
    return ""


def test_messages_to_an_address_are_emptied(andon: Andon, tmp_path: Path) -> None:
    with_house(wrote)
    file = tmp_path / "addresses"
    file.write_text("li@example.com\n\n", encoding="utf-8")
    asked = andon("erase", "ask", "--as", "officer", "--basis", "objection", "--reason", "x",
                  "--addresses", str(file))  # fmt: skip
    done = andon("erase", "confirm", asked.output.split()[0], "--as", "counsel")
    assert "1 messages" in done.output


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("list", "INC-2026-0099"), "There is no"),
        (("ask", "--as", "officer", "--basis", "mood", "--reason", "x"), "no ground 'mood'"),
        (("ask", "--as", "officer", "--basis", "objection", "--reason", "x"), "Choose what"),
        (("ask", "--as", "officer", "--basis", "objection", "--reason", "x", "--despite", "hold"),
         "overrules nothing"),
        (("ask", "--as", "nobody", "--basis", "objection", "--reason", "x"), "nobody"),
        (("confirm", "E99", "--as", "counsel"), "no request E99"),
        (("withdraw", "E99", "--as", "officer"), "no request E99"),
    ],
    ids=["no incident", "no ground", "nothing", "a hold", "nobody", "no request", "none to withdraw"],
)  # fmt: skip
def test_what_cannot_be_done_is_said(words: tuple[str, ...], sentence: str, andon: Andon) -> None:
    answer = andon("erase", *words)
    assert answer.exit_code != 0
    assert sentence in answer.output


def test_a_request_is_withdrawn_by_who_may(andon: Andon) -> None:
    subject = with_house(told)
    asked = andon("erase", "ask", subject, "--as", "officer", "--basis", "objection",
                  "--reason", "x")  # fmt: skip
    name = asked.output.split()[0]
    assert andon("erase", "withdraw", name, "--as", "counsel").exit_code == 1
    assert andon("erase", "withdraw", name, "--as", "officer").exit_code == 0
    assert andon("erase", "confirm", name, "--as", "counsel").exit_code == 1
