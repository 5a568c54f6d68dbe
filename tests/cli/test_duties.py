"""`andon duties INCIDENT`: one incident's legal clocks, each with the law and every step."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.agenda import dues
from domain.open_duties import open_duties
from domain.severity import Outcome
from domain.state.notice import Duty
from storage.engine import open_engine
from tests.cli.test_verbs import Andon, andon
from tests.domain.duties import LEGAL, REGULATORY, Notified, determine
from tests.domain.story import MILD
from tests.services.kept import Recorded, recorded

__all__ = ["andon"]


def tell(story: Notified) -> None:
    """Two people were hurt; one duty was filed, of another two people say it is not ours."""
    story.reported(MILD)
    story.hurt("CN", Outcome.HOSPITALISED)
    story.hurt("DE", Outcome.HOSPITALISED)
    story.filed(story.duty("CN-ADR-SERIOUS"))
    story.did(REGULATORY, determine(story, "EU-COS-23-SUE"))
    story.signed(LEGAL)


@pytest.fixture
def story(andon: Andon, tmp_path: Path) -> Recorded:
    """Give an incident in the home's own database."""
    andon("user", "add", "li.wei", "--role", "admin")
    engine = open_engine(f"sqlite:///{tmp_path / 'home' / 'andon.db'}")
    kept = recorded(engine, "one", tell)
    engine.dispose()
    return kept


def test_programs_read_every_step_and_citation(andon: Andon, story: Recorded) -> None:
    told = json.loads(andon("duties", story.incident.id, "--json").stdout)
    duties: dict[str, Duty] = story.incident.notice.duties
    assert [one["id"] for one in told["duties"]] == list(duties)
    filed = next(one for one in told["duties"] if one["rule"] == "CN-ADR-SERIOUS")
    assert filed["status"] == "filed"
    assert filed["filings"][0]["receipt"] == "No. 2026-17"
    assert filed["due_basis"] == "law"
    assert filed["law"] is True
    assert filed["citation"]
    assert [set(step) for step in filed["steps"]] == [{"en", "zh"}] * len(filed["steps"])
    met = next(one for one in told["duties"] if one["rule"] == "EU-COS-23-SUE")
    assert met["determinations"][0]["signers"]


def test_people_read_it_in_the_terminal(andon: Andon, story: Recorded) -> None:
    told = andon("duties", story.incident.id)
    assert told.exit_code == 0, told.output
    for words in (
        f"{story.incident.id}: {len(story.incident.notice.duties)} duties",
        "CN-ADR-SERIOUS, version",
        "(law)",
        "counted:",
        "      1. ",
        "receipt No. 2026-17",
        "nothing to file",
        "not verified: legal confirms first",
    ):
        assert words in told.stdout, words


def test_our_own_target_is_not_overdue_in_the_terminal(andon: Andon, story: Recorded) -> None:
    """The story is of March: every time is over, of the law and of ours."""
    told = json.loads(andon("duties", story.incident.id, "--json").stdout)["duties"]
    late = [one["id"] for one in told if one["overdue"]]
    ours = [one["id"] for one in told if one["own_target_passed"]]
    rows = {row.item: row for row in open_duties(story.incident)}
    now = datetime.now(UTC)
    assert late == [item for item, row in rows.items() if row.is_overdue(now)]
    assert ours == [item for item, row in rows.items() if row.is_past_ours(now)]
    assert ours
    read = andon("duties", story.incident.id).stdout
    assert read.count("overdue") == len(late)
    assert read.count("our own target passed") == len(ours)
    every = andon("duties").stdout.splitlines()
    assert [line for line in every if "our own target passed" in line]
    assert not [line for line in every if "overdue" in line and "(our own earlier target)" in line]


def test_times_stand_by_the_terminals_clock_and_the_authoritys(
    andon: Andon, story: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        one, every = andon("duties", story.incident.id).stdout, andon("duties").stdout
    finally:
        monkeypatch.undo()
        time.tzset()
    for told in (one, every):
        assert "+0900 (" in told
        assert "Berlin)" in told
    assert "+0900 (end of " in one
    assert "Beijing)" in one


def test_what_is_due_stands_under_heads_and_by_name(andon: Andon, story: Recorded) -> None:
    every = andon("duties").stdout
    assert every.startswith("To authorities, as on the page Duties\ndue, ")
    first, _, rest = every.partition("The plan's other times\n")
    owed = {row.item for row in open_duties(story.incident)}
    clocks = dues(story.incident)
    told = [one for one in clocks if one.item in owed]
    assert first.count(story.incident.id) == len(told) > 0
    assert rest.count(story.incident.id) == len(clocks) - len(told) > 0
    assert "()" not in every
    assert "Regulatory affairs" in every
    assert "regulatory_affairs" not in every
    whole = json.loads(andon("duties", "--json").stdout)
    assert sum(one["to_authority"] for one in whole) == len(told)


def test_where_an_incident_stands_is_said_as_on_its_page(andon: Andon, story: Recorded) -> None:
    board = andon("status").stdout.splitlines()
    assert board[0].split()[0] == "incident"
    assert "what" in board[0]
    one = andon("status", story.incident.id).stdout
    assert "stage           stands" in one
    assert "not begun" in one
    assert "due, " in one
    assert "none" not in one.partition("due, ")[0]
    for told in (board[1], one.splitlines()[0]):
        assert story.incident.id in told
        assert "Serious" in told or "Critical" in told
        assert f", lot {story.incident.report.lots[0]}" in told


def test_an_incident_that_is_not_there_is_said(andon: Andon) -> None:
    missing = andon("duties", "INC-2026-0404")
    assert (missing.exit_code, "There is no INC-2026-0404." in missing.stderr) == (1, True)
