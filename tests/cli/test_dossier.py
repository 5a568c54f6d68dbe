"""`andon dossier` and `andon drill CASE --dossier FILE` as somebody types them."""

import io
import json
import re
import stat
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from domain import dossier
from domain.canonical import sha256_hex
from domain.dossier import read_manifest
from domain.ledger import read_entry
from domain.publication import StatementPublished
from domain.tree import Tree, leaf_hash
from storage import company
from storage.engine import open_engine
from tests.cli.test_duties import story
from tests.cli.test_verbs import Andon, andon
from tests.services.kept import Recorded

__all__ = ["andon", "story"]

pytestmark = pytest.mark.xdist_group("dossier")


def members_of(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as found:
        assert found.testzip() is None
        return {name: found.read(name) for name in found.namelist()}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in the folder beside the home."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


# ---------------------------------------------------------------- of a drill


@pytest.fixture(scope="module")
def drilled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Drill a demo case once, and give the members of the dossier it left."""
    file = tmp_path_factory.mktemp("drilled") / "rumour.zip"
    told = CliRunner().invoke(app, ["drill", "rumour", "--no-story", "--dossier", str(file)])
    assert told.exit_code == 0, told.output
    assert [one.name for one in file.parent.iterdir()] == ["rumour.zip"], "nothing else is left"
    return members_of(file)


def test_a_drill_leaves_the_record_under_signed_heads(drilled: dict[str, bytes]) -> None:
    manifest = read_manifest(drilled[dossier.MANIFEST])
    leaves = drilled[dossier.LEDGER].splitlines()
    assert manifest.incident.startswith("SIMULATION-")
    assert manifest.signed == manifest.size == len(leaves) > 50
    assert manifest.root == Tree(map(leaf_hash, leaves)).root().hex()
    for one in manifest.members:
        assert one.sha256 == sha256_hex(drilled[one.name])


def test_statements_stand_there_byte_for_byte_as_they_were_published(
    drilled: dict[str, bytes],
) -> None:
    entries = [read_entry(leaf) for leaf in drilled[dossier.LEDGER].splitlines()]
    out = {
        (one.event.statement, one.event.version): one.event.sha256
        for one in entries
        if isinstance(one.event, StatementPublished)
    }
    rows = json.loads(drilled[dossier.STATEMENTS])
    assert out
    assert {(row["statement"], row["version"]) for row in rows} >= out.keys()
    for row in rows:
        content = drilled[row["file"]]
        named = entries[row["entry"] - 1].event
        assert sha256_hex(content) == row["sha256"] == named.sha256
        assert (named.statement, named.version) == (row["statement"], row["version"])
        words = {text["language"]: text for text in json.loads(content)["texts"]}
        read = drilled[row["text"]].decode()
        text = words[row["language"]]
        assert read == f"{text['title']}\n\n{text['body']}\n"


def test_the_rules_are_there_under_their_hash(drilled: dict[str, bytes]) -> None:
    plans = {json.loads(leaf)["plan"] for leaf in drilled[dossier.LEDGER].splitlines()}
    for plan in plans:
        assert sha256_hex(drilled[f"rules/{plan}.json"]) == plan


def test_the_timeline_tells_every_entry_in_both_languages_by_itself(
    drilled: dict[str, bytes],
) -> None:
    page = drilled[dossier.TIMELINE_HTML].decode()
    size = read_manifest(drilled[dossier.MANIFEST]).size
    assert re.findall(r'<tr id="e(\d+)"', page) == [str(n) for n in range(1, size + 1)]
    assert not re.findall(r"<script|<link|<img|https?://|src=", page), "it needs nothing beside it"
    assert "A problem with Night cream was reported." in page
    assert "收到关于晚霜的问题报告。" in page
    assert "cannot be read" not in page
    assert drilled[dossier.TIMELINE_PDF].startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["--dossier", "all.zip"], "Name the case", id="all cases"),
        pytest.param(["rumour", "--dossier", "no/such.zip"], "no such folder", id="no folder"),
    ],
)
def test_a_drill_that_could_leave_no_dossier_does_not_begin(
    words: list[str], said: str, here: Path
) -> None:
    told = CliRunner().invoke(app, ["drill", *words])
    assert (told.exit_code, said in told.stderr) == (2, True), told.stderr
    assert list(here.iterdir()) == []


# ---------------------------------------------------------------- of an incident of this machine


def test_an_incidents_record_becomes_one_file(
    andon: Andon, story: Recorded, tmp_path: Path
) -> None:
    file, number = tmp_path / "record.zip", story.incident.id
    told = andon("dossier", number, "-o", str(file), "--json")
    assert told.exit_code == 0, told.output
    said, members = json.loads(told.stdout), members_of(file)
    manifest = read_manifest(members[dossier.MANIFEST])
    assert said == {
        "file": str(file),
        "incident": number,
        "sha256": sha256_hex(file.read_bytes()),
        "bytes": file.stat().st_size,
        "entries": manifest.size,
        "signed": 0,
        "root": manifest.root,
        "redacted": False,
        "private": False,
        "members": len(manifest.members),
    }
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.glob("*.zip")] == ["record.zip"]
    assert not list(tmp_path.glob(".*")), "nothing half written is left"
    filed = json.loads(members[dossier.FILINGS])
    assert {row["kind"] for row in filed} == {"report", "receipt"}
    for row in filed:
        if row["file"]:
            assert sha256_hex(members[row["file"]]) == row["sha256"]


def test_people_are_told_what_is_not_signed_yet(andon: Andon, story: Recorded, here: Path) -> None:
    told = andon("dossier", story.incident.id, "--redacted")
    assert told.exit_code == 0, told.output
    file = here / f"{story.incident.id}-dossier.zip"
    assert f"SHA-256 {sha256_hex(file.read_bytes())}" in told.stdout
    assert "entries are not under a signed head yet." in told.stdout
    engine = open_engine(f"sqlite:///{here / 'home' / 'andon.db'}")
    [line] = company.read_log(engine, kind="DossierHandedOut")
    engine.dispose()
    assert (line.body["who"], line.body["redacted"]) == ("terminal", True)


def test_a_file_that_is_there_is_replaced_whole(
    andon: Andon, story: Recorded, tmp_path: Path
) -> None:
    file = tmp_path / "record.zip"
    file.write_bytes(b"something else")
    assert andon("dossier", story.incident.id, "-o", str(file)).exit_code == 0
    assert dossier.MANIFEST in members_of(file)


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        pytest.param(["INC-1999-0001"], 1, "There is no INC-1999", id="no such incident"),
        pytest.param(["{}", "-o", "nowhere/a.zip"], 2, "cannot be written", id="no such folder"),
        pytest.param(["{}", "--as", "li.wei"], 1, "administrator", id="not whole"),
        pytest.param(["{}", "--as", "nobody"], 1, "nobody", id="nobody"),
        pytest.param(["{}", "--private", "--redacted"], 2, "not both", id="both at once"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(
    andon: Andon,
    story: Recorded,
    words: list[str],
    status: int,
    said: str,
    here: Path,
) -> None:
    told = andon("dossier", *(word.format(story.incident.id) for word in words))
    assert (told.exit_code, said in told.stderr) == (status, True), told.stderr
    assert [one.name for one in here.iterdir()] == ["home"]
