"""`andon replay` over a recorded story: what it tells of any moment, and between two."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from cli.replay_text import moment_lines, teller
from cli.setting_up import stores
from domain.ledger import read_entry
from integrations.key_ring import KeyRing
from services.company import prepare
from services.moments import By
from services.opening import open_stores
from services.settings import Settings
from tests.services.recorded_ledgers import STORIES, Recording, incidents_of

STORY = STORIES["cluster-invented"]
STREAM = incidents_of(STORY)[0]
Andon = Callable[..., Result]


@pytest.fixture
def andon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Andon:
    """Run `andon` in a home that holds the story."""
    monkeypatch.setenv("ANDON_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ANDON_DEMO", "false")
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    made = Settings(home=tmp_path / "home", demo=False)
    KeyRing.create(made.key_ring_file)
    prepare(made)
    house = open_stores(made)
    Recording(house, STORY, STREAM).record()
    house.engine.dispose()
    house.bulk.dispose()

    def run(*words: str) -> Result:
        told = CliRunner().invoke(app, ("replay", STREAM, *words))
        assert told.exit_code == 0, told.output
        return told

    return run


LEAVES = STORY.stream(STREAM).leaves
HEADINGS = {
    "en": ("What was on sale?", "What did the public texts say?", "What was known?",
           "Who was on the team", "Which clocks ran"),
    "zh": ("琥珀平台",),
}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("by", ["recorded", "happened"])
def test_any_moment_is_told(by: str, language: str, andon: Andon) -> None:
    assert f" {len(LEAVES)}" in andon("--language", language).stdout
    for at in ("0", "1", str(len(LEAVES) // 2), str(len(LEAVES))):
        told = andon("--at", at, "--by", by, "--language", language).stdout
        if at != "0":
            assert all(heading in told for heading in HEADINGS[language]), told
            if language == "zh":
                assert re.search(r"[^,]，第 \d+ 条，共 \d+ 条", told), "no half-width comma"


def test_a_time_without_a_zone_is_the_terminals(andon: Andon) -> None:
    entry = read_entry(LEAVES[30])
    local = entry.recorded_at.astimezone().replace(microsecond=999_999)
    here = json.loads(andon("--at", f"{local:%Y-%m-%d %H:%M:%S.%f%z}", "--json").stdout)
    assert here["size"] >= 31
    assert here["by"] == "recorded"


def test_a_moment_that_has_not_come_is_said(andon: Andon) -> None:
    told = andon("--at", "2099-01-01 00:00", "--language", "en")
    assert "This moment has not come yet: 1 Jan 2099, 00:00:00 (Asia/Shanghai)." in told.stdout
    assert "The record ends at" in " ".join(told.stdout.split()), "however wide the terminal is"
    assert "was read in Asia/Shanghai" in told.stderr
    apart = andon("--at", str(len(LEAVES)), "--to", "2099-01-01 00:00", "--language", "en").stdout
    assert "This moment has not come yet" in apart
    assert "Nothing is different." in apart
    whole = json.loads(andon("--at", "2099-01-01T00:00+08:00", "--json").stdout)
    assert whole["to_come"] == "2098-12-31T16:00:00+00:00"
    assert "was read in" not in andon("--at", "2099-01-01T00:00+08:00").stderr


@pytest.mark.parametrize(("years", "has_year"), [(0, False), (1, True)])
@pytest.mark.usefixtures("andon")
def test_the_year_is_said_where_it_is_not_this_one(years: int, has_year: bool) -> None:
    at = read_entry(LEAVES[30]).recorded_at
    with stores() as house:
        read_at = at + timedelta(days=366 * years, seconds=1)
        reader = teller(replace(house, now=lambda: read_at), "en", width=200, ink=False)
        title = list(moment_lines(reader, STREAM, 31, By.RECORDED))[1]
    assert (str(at.astimezone(ZoneInfo("Asia/Shanghai")).year) in title) is has_year, title
    assert f"{at:%M:%S} (Asia/Shanghai)" in title


def test_two_moments_are_told_apart(andon: Andon) -> None:
    told = andon("--at", "1", "--to", str(len(LEAVES)), "--language", "en").stdout
    assert "Halt" in told
    assert "new  " in told
    assert "Nothing is different." in andon("--at", "3", "--to", "3", "--language", "en").stdout
    whole = json.loads(andon("--at", "0", "--to", "5", "--json").stdout)
    assert [one["seq"] for one in whole["entries"]] == [1, 2, 3, 4, 5]
    happened = json.loads(andon("--at", "5", "--by", "happened", "--json").stdout)
    assert happened["by"] == "happened"
