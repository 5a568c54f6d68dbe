"""`andon replay --proof` over a dossier's file: it holds, or what does not agree is named."""

import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from services.history_bundle import INDEX, LEDGER
from tests.replay.bundles import Members, members_of, rows_of
from tests.replay.corpus import goldens

STREAM = "INC-2026-0001"


@pytest.fixture
def members() -> Members:
    """Give a small recorded incident."""
    golden = next(each for each in goldens() if each.folder.name == "edges")
    return members_of(golden, STREAM)


def packed(members: Mapping[str, bytes], file: Path) -> Path:
    """Write members into a zip file."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file


def test_a_dossier_that_agrees_holds(members: Members, tmp_path: Path) -> None:
    file = packed(members, tmp_path / "dossier.zip")
    told = CliRunner().invoke(app, ["replay", "--proof", str(file)])
    assert told.exit_code == 0, told.output
    assert f"{STREAM}: 22 entries, 6 histories" in told.stdout
    assert "It holds: fold and replay agree after each of 22 entries (22 compared)." in told.stdout


def test_what_does_not_agree_is_named_for_people_and_for_programs(
    members: Members, tmp_path: Path
) -> None:
    lines = members[LEDGER].splitlines()
    entry = json.loads(lines[9])
    lines[9] = json.dumps({**entry, "command_id": "forged"}).encode()
    members[LEDGER] = b"".join(line + b"\n" for line in lines)
    file = packed(members, tmp_path / "dossier.zip")
    told = CliRunner().invoke(app, ["replay", "--proof", str(file)])
    assert told.exit_code == 1
    assert "entry_differs: The history decides entry 10 otherwise" in told.stdout
    assert "first at command_id" in told.stdout
    assert f"[{STREAM}/1, run " in told.stdout
    assert "Everything agrees up to entry 9." in told.stdout
    told = CliRunner().invoke(app, ["replay", "--proof", "--json", str(file)])
    assert told.exit_code == 1
    document = json.loads(told.stdout)
    assert document["holds"] is False
    assert document["faults"][0]["entry"] == 10


def test_a_file_that_is_no_dossier_is_bad_input(tmp_path: Path) -> None:
    file = tmp_path / "letter.zip"
    file.write_bytes(b"PK\x03\x04 and then a letter")
    told = CliRunner().invoke(app, ["replay", "--proof", str(file)])
    assert told.exit_code == 2
    assert "cannot be read" in told.stderr


def test_a_bomb_is_not_inflated(tmp_path: Path) -> None:
    file = tmp_path / "bomb.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(40):
            archive.writestr(f"{number}.json", b"\0" * (32 * 1024 * 1024))
    told = CliRunner().invoke(app, ["replay", "--proof", str(file)])
    assert told.exit_code == 2
    assert "more than" in told.stderr


def test_a_number_that_is_none_is_bad_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANDON_HOME", str(tmp_path))
    told = CliRunner().invoke(app, ["replay", "--proof", "INC-2026-0404"])
    assert told.exit_code == 2
    assert "There is no INC-2026-0404." in told.stderr


def test_what_is_no_dossier_is_bad_input(tmp_path: Path) -> None:
    nothing = tmp_path / "nothing.zip"
    nothing.write_bytes(b"PK")
    told = CliRunner().invoke(app, ["replay", str(nothing)])
    assert told.exit_code == 2
    assert "cannot be read" in told.stderr


# ---------------------------------------------------------------- an incident that is still open


def archived(members: Members) -> Members:
    """Give members as the archive alone has them: without the run that decides now."""
    rows = rows_of(members)
    deciding = [row for row in rows if row["type"] == "Incident"]
    last = max(deciding, key=lambda row: int(re.sub(r"\D", "", str(row["name"]))))
    kept = [{**row, "status": "continued_as_new"} for row in rows if row != last]
    return {**members, INDEX: json.dumps(kept).encode()}


def told_of(story: str) -> Members:
    golden = next(each for each in goldens() if each.folder.name == story)
    return archived(members_of(golden, STREAM))


def test_the_run_that_goes_on_is_no_fault_and_no_proof(tmp_path: Path) -> None:
    file = packed(told_of("halt"), tmp_path / "dossier.zip")
    told = CliRunner().invoke(app, ["replay", "--proof", str(file)])
    assert told.exit_code == 3, told.output
    assert "run_missing" not in told.stdout
    assert "The run that goes on is not here, since the record was taken without" in told.stdout
    assert re.search(r"Nothing differs\. \d+ of \d+ entries are proved", told.stdout)
    assert "It holds" not in told.stdout
    document = json.loads(CliRunner().invoke(app, ["replay", "--json", str(file)]).stdout)
    assert (document["faults"], document["holds"]) == ([], False)
    assert document["goes_on_from"] == document["proved"] + 1 <= document["entries"]


def test_what_differs_before_it_is_a_fault_all_the_same(tmp_path: Path) -> None:
    members = told_of("halt")
    lines = members[LEDGER].splitlines()
    lines[9] = json.dumps({**json.loads(lines[9]), "command_id": "forged"}).encode()
    members[LEDGER] = b"".join(line + b"\n" for line in lines)
    file = packed(members, tmp_path / "dossier.zip")
    told = CliRunner().invoke(app, ["replay", "--proof", str(file)])
    assert told.exit_code == 1
    assert "entry_differs" in told.stdout


def test_of_a_closed_incident_no_run_may_be_missing(tmp_path: Path) -> None:
    file = packed(told_of("incident"), tmp_path / "dossier.zip")
    told = CliRunner().invoke(app, ["replay", "--proof", str(file)])
    assert told.exit_code == 1
    assert "run_missing" in told.stdout
