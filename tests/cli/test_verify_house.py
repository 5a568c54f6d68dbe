"""`andon verify` without a file: all that is kept here, by a key and a head from elsewhere."""

# ruff: noqa: S608 - the names of columns are our own

import json
import sqlite3
from pathlib import Path

import pytest

from activities.heads import HeadActivities
from domain.errors import NotWhole
from domain.people import Role
from integrations.key_ring import KeyRing
from integrations.note_keys import NoteSigner
from services.house import House
from services.settings import Settings
from services.signing_keys import signing_of
from services.verifying_whole import verify_whole
from storage import company, company_tree, heads
from storage.database import open_database
from tests.cli.test_verbs import Andon, andon
from tests.domain.duties import Notified
from tests.domain.story import MILD, person
from tests.services.kept import recorded

__all__ = ["andon"]

NUMBER = "INC-2026-0001"


def tell(story: Notified) -> None:
    """Tell of somebody with a mild rash."""
    story.reported(MILD)


@pytest.fixture
def home(andon: Andon, tmp_path: Path) -> Path:
    """Give a home with one incident, signed; its key and a head of the log lie beside it."""
    andon("user", "add", "li.wei", "--role", "admin")
    home = tmp_path / "home"
    settings = Settings(home=home)
    database = open_database(settings.sqlalchemy_url)
    reporter = person(Role.SERVICE_AGENT).id
    recorded(database.ledger, "one", tell, by=reporter)
    ring = KeyRing.load(settings.key_ring_file)
    house = House(settings, database.ledger, database.bulk, ring)
    signing = signing_of(house)
    HeadActivities(house.engine, lambda: signing).sign_all()
    newest = heads.newest(house.engine, heads.LOG)
    assert newest is not None
    (tmp_path / "key").write_text(signing.signers[-1].key.text())
    (tmp_path / "head.note").write_text(newest.note)
    company.log(house.engine, newest.signed_at, "SignedIn", {"person": "li.wei"})
    database.close()
    return home


def changed(home: Path, sql: str) -> None:
    """Alter the database as somebody would who has the file."""
    with sqlite3.connect(home / "andon.db") as connection:
        assert connection.execute(sql).rowcount > 0
    connection.close()


def test_a_whole_record_is_said_to_be_and_what_was_not_checked_too(
    andon: Andon, home: Path
) -> None:
    told = andon("verify")
    assert told.exit_code == 0, told.output
    for words in ("Whole 完整", "Ledgers: 1;", "--key names what you were given", "No witness",
                  "log: 1 entries not yet signed"):  # fmt: skip
        assert words in told.output


def test_with_key_and_witness_nothing_is_left_to_say(andon: Andon, home: Path) -> None:
    beside = home.parent
    told = andon(
        "verify", "--key", str(beside / "key"), "--witness", str(beside / "head.note"), "--json"
    )
    assert told.exit_code == 0, told.output
    said = json.loads(told.stdout)
    assert (said["whole"], said["key_given"], said["witnesses"]) == (True, True, 1)


def test_it_is_said_whose_key_was_held_and_up_to_where_a_witness_s_folder_agrees(
    andon: Andon, home: Path
) -> None:
    beside, kept = home.parent, home.parent / "kept" / "log"
    kept.mkdir(parents=True)
    note = (beside / "head.note").read_text()
    (kept / "000000000009.note").write_text(note)
    told = andon("verify", "--key", str(beside / "key"), "--witness", str(kept.parent))
    assert told.exit_code == 0, told.output
    name, key_id, _ = (beside / "key").read_text().split("+", 2)
    size = note.splitlines()[1]
    assert f"Key held: {name}, id {key_id}" in told.output
    assert f"1 in {kept.parent}, the last {kept}/000000000009.note" in told.output
    assert f"up to line {size} of the company's log" in told.output
    changed(home, "DELETE FROM company_log WHERE seq > 1")
    told = andon("verify", "--witness", str(kept.parent))
    assert "witness_beyond: " in told.output
    assert f"({kept}/000000000009.note, " in told.output


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("UPDATE entries SET actor = 'nobody' WHERE seq = 2", f"{NUMBER} #2: column"),
        ("DELETE FROM entries WHERE seq = 2", f"{NUMBER}: gap"),
        ("UPDATE incidents SET grade = 'x'", f"{NUMBER}: row"),
        ("DELETE FROM incidents", f"{NUMBER}: ledger_missing"),
        ("UPDATE company_log SET body = '{}' WHERE seq = 1", "log #1: log_line"),
        ("DELETE FROM heads WHERE stream != 'log'", f"{NUMBER}"),
        ("UPDATE numbering SET last = last + 1 WHERE kind = 'INC'", "installation: number"),
    ],
    ids=["a column", "an entry gone", "the read model", "an incident gone", "the log",
         "a head gone", "a number without a ledger"],
)  # fmt: skip
def test_what_was_altered_is_named(andon: Andon, home: Path, sql: str, named: str) -> None:
    changed(home, sql)
    told = andon("verify")
    assert told.exit_code == 1, told.output
    assert "NOT WHOLE 不完整" in told.output
    assert named in told.output


def test_what_a_witness_saw_and_is_not_here_any_more_is_named(andon: Andon, home: Path) -> None:
    """Whoever has the whole server can put an older one back: then only the witness knows."""
    changed(home, "DELETE FROM company_log WHERE seq > 1")
    changed(home, "DELETE FROM heads WHERE stream = 'log'")
    told = andon("verify", "--witness", str(home.parent / "head.note"))
    assert told.exit_code == 1
    assert "witness_beyond" in told.output


def test_a_stranger_s_key_counts_for_nothing(andon: Andon, home: Path) -> None:
    name = (home.parent / "key").read_text().partition("+")[0]
    stranger = NoteSigner(name, bytes(range(32))).key.text()
    told = andon("verify", "--key", stranger)
    assert told.exit_code == 1
    assert "foreign_key" in told.output
    assert "head_signature" in told.output


@pytest.mark.parametrize("column", ["recorded_at", "created_at"])
def test_a_moment_written_another_way_is_named(andon: Andon, home: Path, column: str) -> None:
    changed(home, f"UPDATE incidents SET {column} = replace({column}, 'T', ' ')")
    told = andon("verify")
    assert told.exit_code == 1
    assert f"{NUMBER}: row" in told.output


@pytest.mark.parametrize("value", ["2", "-1", "'1x'", "x'01'", "''"])
def test_a_yes_that_is_written_another_way_is_named(andon: Andon, home: Path, value: str) -> None:
    """It is read as yes or no, and no list that asks for one finds its row."""
    changed(home, f"UPDATE incidents SET is_open = {value}")
    told = andon("verify")
    assert told.exit_code == 1, told.output
    assert f"{NUMBER}: row" in told.output
    assert "(incidents.is_open)" in told.output


FRONTIERS = ["", "x", "null", "7", "[]", "{}", '{"size": "1", "hashes": []}',
             '{"size": 1, "hashes": 3}', '{"size": 1, "hashes": [4]}', "[" * 100_000,
             '{"size": 1.5, "hashes": []}', '{"size": -1, "hashes": []}']  # fmt: skip


@pytest.mark.parametrize("says", FRONTIERS, ids=[one[:30] or "nothing" for one in FRONTIERS])
def test_where_the_tree_of_the_log_stands_cannot_be_read(home: Path, says: str) -> None:
    settings = Settings(home=home)
    database = open_database(settings.sqlalchemy_url)
    company.set_fact(database.ledger, company_tree.FRONTIER, says)
    ring = KeyRing.load(settings.key_ring_file)
    house = House(settings, database.ledger, database.bulk, ring)
    assert ("log", "log_tree") in {(of, one.kind) for of, one in verify_whole(house).faults}
    with pytest.raises(NotWhole, match="where its tree stands"):
        company.log(house.engine, house.now(), "SignedIn", {"person": "li.wei"})
    with pytest.raises(NotWhole, match="where its tree stands"):
        HeadActivities(house.engine, lambda: signing_of(house)).sign_all()
    database.close()


def test_verifying_begins_where_the_tree_of_the_log_cannot_be_read(
    andon: Andon, home: Path
) -> None:
    changed(home, "UPDATE meta SET value = '' WHERE key = 'company.frontier'")
    told = andon("verify")
    assert (told.exit_code, told.exception.__class__) == (1, SystemExit)
    assert "log: log_tree" in told.output


HOSTILE = "\x1b[2J\x1b[HWhole 完整\n\u202e\x9b8m"


def test_what_stands_in_the_database_reaches_no_terminal_as_it_is(andon: Andon, home: Path) -> None:
    with sqlite3.connect(home / "andon.db") as connection:
        connection.execute(
            "INSERT INTO channel_holds VALUES (?, 'c', 1, 'stop', 0, '', '', '[]', '[]')",
            (HOSTILE,),
        )
        connection.execute("UPDATE heads SET note = replace(note, '/', ?)", (HOSTILE,))
        connection.execute("INSERT INTO heads SELECT ?, size, root, key, signed_at, note FROM"
                           " heads LIMIT 1", (HOSTILE,))  # fmt: skip
        connection.execute("UPDATE rules SET hash = ? WHERE hash = (SELECT max(hash) FROM rules)",
                           (HOSTILE,))  # fmt: skip
        connection.execute("UPDATE meta SET value = ? WHERE key = 'record.origin'", (HOSTILE,))
        connection.execute(f'CREATE TABLE "{HOSTILE}" (a)')
    connection.close()
    told = andon("verify")
    assert told.exit_code == 1
    assert "NOT WHOLE 不完整" in told.output.splitlines()
    assert "Whole 完整" not in told.output.splitlines()
    assert not {*"\x1b\u202e\x9b"} & {*told.output}
    assert "[U+001B][2J" in told.output
    told = andon("verify", "--json")
    assert not {*"\x1b\u202e\x9b"} & {*told.output}
    named = {one["ledger"] for one in json.loads(told.stdout)["faults"]}
    assert any(HOSTILE in one for one in named)
