"""Whatever is altered in the database of a played incident, verifying finds it and names it.

A drill is played, its heads are signed, and one earlier head of the log is kept elsewhere. Then the
file of the database is altered at random, in ways of somebody careless and of somebody who knows
how it is made, and verified by who holds the company's key and that head. See "It must show" of the
record: no alteration passes, and nothing is named that was not altered.
"""

# ruff: noqa: S608 - the names of tables and columns are our own

import asyncio
import json
import random
import shutil
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pytest

from activities.heads import HeadActivities
from cli.drill import demo_cases, read_case
from domain.checkpoint import VerifierKey, read_note
from domain.errors import BrokenSetup
from domain.tree import Frontier, leaf_hash
from domain.witness import Witness
from integrations.key_ring import KeyRing
from integrations.note_keys import NoteSigner
from services.drill_clock import skipped_time
from services.drilling import play
from services.fault import Fault
from services.house import House
from services.settings import Settings
from services.signing_keys import origin_of, signing_of
from services.simulating import ready, server_binary
from services.verifying_whole import Whole, verify_whole
from storage import heads
from storage.company import log
from storage.database import open_database
from tests import figures
from tests.domain.story import rules

CASE: Final = "rumour"
TIMES: Final = 10_000 if figures.FULL else 60
FORGER: Final = bytes(range(1, 33))


@dataclass
class Kept:
    """A folder of an installation as it was played, the company's key, and an earlier head."""

    folder: Path
    ring: KeyRing
    key: VerifierKey
    witness: str
    origin: str

    file: Path
    """The database of ledger and read model."""

    def verified(self, *, keys: bool = True, witness: bool = True) -> Whole:
        """Verify what lies there now, as a process would that only reads."""
        database = open_database(f"sqlite:///{self.file}")
        house = House(Settings(home=self.folder), database.ledger, database.bulk, self.ring)
        try:
            return verify_whole(
                house,
                [self.key] if keys else [],
                [Witness("kept", self.witness)] if witness else [],
            )
        finally:
            database.close()


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Play a drill, sign it twice with entries between, and keep the first head of the log."""
    folder = tmp_path_factory.mktemp("record")

    async def story() -> Kept:
        case = next(read_case(path) for path in demo_cases() if path.stem == CASE)
        async with (
            skipped_time(server_binary()) as env,
            ready(env, case, rules(), time.monotonic) as (drill, began_at),
        ):
            await play(drill, began_at)
            return _signed(drill.house, folder)

    return asyncio.run(story())


def _signed(house: House, folder: Path) -> Kept:
    signing = signing_of(house)
    acts = HeadActivities(house.engine, lambda: signing)
    acts.sign_all()
    witness = heads.newest(house.engine, heads.LOG)
    assert witness is not None
    log(house.engine, house.now(), "SignedIn", {"person": "安琪", "method": "password"})
    log(house.engine, house.now(), "SensitiveRead", {"person": "ren.jia", "incident": "x"})
    acts.sign_all()
    with sqlite3.connect(house.settings.home / "drill.db") as source:
        source.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copytree(house.settings.home, folder, dirs_exist_ok=True)
    key = signing.signers[-1].key
    return Kept(folder, house.ring, key, witness.note, origin_of(house), folder / "drill.db")


@pytest.fixture
def record(played: Kept, tmp_path: Path) -> Kept:
    """Give a copy of the record that may be altered."""
    return copied(played, tmp_path, 0)


def copied(kept: Kept, folder: Path, turn: int) -> Kept:
    """Copy the database; what the copy before left beside it goes."""
    for old in folder.glob("turn-*"):
        old.unlink()
    file = folder / f"turn-{turn}.db"
    shutil.copy(kept.file, file)
    return replace(kept, file=file)


def found(whole: Whole) -> set[str]:
    return {fault.kind for _stream, fault in whole.faults}


# ---------------------------------------------------------------- nothing altered


def test_what_was_played_is_whole(record: Kept) -> None:
    verdict = record.verified()
    assert verdict.faults == ()
    assert verdict.given
    assert verdict.witnesses == 1
    assert verdict.unsigned == {}
    assert verdict.heads >= 4


def test_entries_younger_than_the_last_head_are_counted_and_no_fault(record: Kept) -> None:
    with sqlite3.connect(record.file) as connection:
        size = connection.execute("SELECT max(size) FROM heads WHERE stream = 'log'").fetchone()[0]
        connection.execute("DELETE FROM heads WHERE stream = 'log' AND size = ?", (size,))
    verdict = record.verified()
    assert verdict.faults == ()
    assert verdict.unsigned["log"] > 0


# ---------------------------------------------------------------- what is altered at random

Change = Callable[[sqlite3.Connection, random.Random], str]

LEFT_OUT: Final = {
    "incidents": {"version", "run", "created_at", "digest", "next_due_at_"},
    "cases": {"version", "run", "created_at", "digest"},
    "commands": {"digest", "outcome"},
    "rules": {"kind", "stored_at"},
    "blobs": {"media_type", "stored_at"},
    "publications": {"kind", "at"},
    "vault_texts": {"stored_at"},
}
"""Columns that no entry says anything of (docs/reference/verifying.md names them)."""

TABLES: Final = (
    "entries", "entries", "entries", "incidents", "duties", "channel_holds", "commands",
    "publications", "rules", "blobs", "company_log", "heads", "numbering", "vault_texts",
)  # fmt: skip


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    named = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    return [name for name in named if name not in LEFT_OUT.get(table, ())]


def _row(connection: sqlite3.Connection, chance: random.Random) -> tuple[str, int] | None:
    """Choose a row: its table, and its row id."""
    table = chance.choice(TABLES)
    rows = [row[0] for row in connection.execute(f"SELECT rowid FROM {table}")]
    return (table, chance.choice(rows)) if rows else None


def _other(value: Any, chance: random.Random) -> Any:
    """Give another value of the same kind, one step away where there are steps."""
    if value is None:
        return "2026-01-01T00:00:00.000000Z"
    if isinstance(value, int):
        return value + chance.choice((-1, 1))
    if isinstance(value, bytes):
        at = chance.randrange(len(value))
        return value[:at] + bytes([value[at] ^ (1 << chance.randrange(8))]) + value[at + 1 :]
    if not value:
        return "x"
    at = chance.randrange(len(value))
    new = chance.choice([sign for sign in "0aZ. 界" if sign != value[at]])
    return value[:at] + new + value[at + 1 :]


def flip(connection: sqlite3.Connection, chance: random.Random) -> str:
    """Change one value of one row."""
    chosen = _row(connection, chance)
    if chosen is None:
        return ""
    table, row = chosen
    column = chance.choice(_columns(connection, table))
    value = connection.execute(f"SELECT {column} FROM {table} WHERE rowid = ?", (row,)).fetchone()[
        0
    ]
    try:
        connection.execute(
            f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (_other(value, chance), row)
        )
    except sqlite3.IntegrityError:
        return ""
    return f"{table}.{column} of row {row}, {value!r:.60}"


def drop(connection: sqlite3.Connection, chance: random.Random) -> str:
    """Take one row out."""
    chosen = _row(connection, chance)
    if chosen is None or chosen[0] == "numbering" or _is_named_nowhere(connection, *chosen):
        return ""
    connection.execute(f"DELETE FROM {chosen[0]} WHERE rowid = ?", (chosen[1],))
    return f"{chosen[0]} row {chosen[1]}"


def _is_named_nowhere(connection: sqlite3.Connection, table: str, row: int) -> bool:
    """Say whether a row is that of a file which no entry names: it belongs to no record."""
    if table != "blobs":
        return False
    named = "SELECT 1 FROM entries, blobs WHERE blobs.rowid = ? AND instr(content, sha256) > 0"
    return connection.execute(named, (row,)).fetchone() is None


def swap(connection: sqlite3.Connection, chance: random.Random) -> str:
    """Let two entries, or two lines of the log, change places with all that they say."""
    table, key = chance.choice((("entries", "seq"), ("company_log", "seq")))
    names = [name for name in _columns(connection, table) if name not in (key, "stream")]
    rows = connection.execute(f"SELECT rowid, {', '.join(names)} FROM {table}").fetchall()
    one, other = chance.sample(rows, 2)
    if one[1:] == other[1:]:
        return ""
    sets = ", ".join(f"{name} = ?" for name in names)
    connection.execute(f"UPDATE {table} SET {sets} WHERE rowid = ?", (*other[1:], one[0]))
    connection.execute(f"UPDATE {table} SET {sets} WHERE rowid = ?", (*one[1:], other[0]))
    return "done"


def duplicate(connection: sqlite3.Connection, chance: random.Random) -> str:
    """Let an entry, or a line of the log, stand once more behind the last."""
    table = chance.choice(("entries", "company_log"))
    names = [name for name in _columns(connection, table) if name != "seq"]
    chosen = ", ".join(names)
    row = chance.choice(connection.execute(f"SELECT {chosen} FROM {table}").fetchall())
    last = connection.execute(f"SELECT max(seq) FROM {table}").fetchone()[0]
    marks = ", ".join("?" * (len(names) + 1))
    connection.execute(f"INSERT INTO {table} (seq, {chosen}) VALUES ({marks})", (last + 1, *row))
    return "done"


def truncate(connection: sqlite3.Connection, chance: random.Random) -> str:
    """Cut off the last entries, and set size, root and frontier to what is left."""
    stream, size = connection.execute("SELECT id, size FROM incidents WHERE size > 1").fetchone()
    left = size - chance.randint(1, min(size - 1, 9))
    connection.execute("DELETE FROM entries WHERE stream = ? AND seq > ?", (stream, left))
    _set_tree(connection, stream)
    return "done"


def _set_tree(connection: sqlite3.Connection, stream: str) -> None:
    contents = connection.execute(
        "SELECT content FROM entries WHERE stream = ? ORDER BY seq", (stream,)
    ).fetchall()
    grown = Frontier()
    for (content,) in contents:
        grown = grown.append(leaf_hash(content))
    connection.execute(
        "UPDATE incidents SET size = ?, root = ?, frontier = ? WHERE id = ?",
        (grown.size, grown.root().hex(), json.dumps(grown.to_hex(), separators=(",", ":")), stream),
    )


def rewrite(connection: sqlite3.Connection, chance: random.Random) -> str:
    """Alter the words of an entry and compute leaf and tree anew, as the program would."""
    rows = connection.execute("SELECT rowid, stream, content FROM entries").fetchall()
    row, stream, content = chance.choice(rows)
    told = json.loads(content)
    told["actor"]["id"] += "x"
    altered = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    connection.execute(
        "UPDATE entries SET content = ?, leaf = ?, actor = ? WHERE rowid = ?",
        (altered, leaf_hash(altered).hex(), told["actor"]["id"], row),
    )
    _set_tree(connection, stream)
    return "done"


def sign_again(connection: sqlite3.Connection, chance: random.Random) -> str:
    """Sign a head with another key, under the name of the company's."""
    row, note = chance.choice(connection.execute("SELECT rowid, note FROM heads").fetchall())
    old = read_note(note)
    signer = NoteSigner(old.signatures[0].name, FORGER)
    new = signer.sign(old.text)
    connection.execute(
        "UPDATE heads SET note = ?, key = ? WHERE rowid = ?",
        (new.written(), signer.key.text(), row),
    )
    return "done"


def old_head(connection: sqlite3.Connection, chance: random.Random) -> str:
    """Put the note of an older head of the log in the place of a newer one."""
    rows = connection.execute("SELECT rowid, note FROM heads ORDER BY size").fetchall()
    (_, old), (newer, _) = rows[0], rows[-1]
    connection.execute("UPDATE heads SET note = ? WHERE rowid = ?", (old, newer))
    return "done"


def incident_gone(connection: sqlite3.Connection, chance: random.Random) -> str:
    """Take a whole incident out of every table, and its number too."""
    stream = connection.execute("SELECT id FROM incidents").fetchone()[0]
    connection.execute("DELETE FROM incidents WHERE id = ?", (stream,))
    for table, column in (
        ("entries", "stream"), ("commands", "stream"), ("duties", "incident"), ("heads", "stream"),
        ("channel_holds", "incident"), ("publications", "incident"),
    ):  # fmt: skip
        connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (stream,))
    connection.execute("UPDATE numbering SET last = 0 WHERE kind != 'company_log'")
    if chance.random() < 0.5:
        _rebuild_log(connection, lambda body: body.get("stream") != stream)
    return "done"


def rolled_back(connection: sqlite3.Connection, chance: random.Random) -> str:
    """Take back the end of the log with its heads, and go on as if it had never been."""
    kept = connection.execute("SELECT count(*) FROM company_log").fetchone()[0]
    left = kept - chance.randint(3, max(3, kept - 1))
    _rebuild_log(connection, lambda _body: True, left)
    return "done"


def _rebuild_log(
    connection: sqlite3.Connection, stays: Callable[[dict[str, Any]], bool], first: int = 10**9
) -> None:
    """Write the log anew with some of its lines, without any head of it."""
    rows = connection.execute("SELECT at, type, body FROM company_log ORDER BY seq").fetchall()
    connection.execute("DELETE FROM company_log")
    connection.execute("DELETE FROM heads WHERE stream = 'log'")
    grown, seq = Frontier(), 0
    for at, kind, body in rows[:first]:
        if not stays(json.loads(body)):
            continue
        seq += 1
        told = {"at": at, "body": json.loads(body), "seq": seq, "type": kind, "v": 1}
        content = json.dumps(
            told, ensure_ascii=False, sort_keys=True, separators=(",", ":")
        ).encode()
        leaf = leaf_hash(content)
        grown = grown.append(leaf)
        connection.execute(
            "INSERT INTO company_log (seq, at, type, body, content, leaf) VALUES (?, ?, ?, ?, ?, ?)",
            (seq, at, kind, body, content, leaf.hex()),
        )
    told = {"hashes": list(grown.to_hex()), "size": grown.size}
    text = json.dumps(told, sort_keys=True, separators=(",", ":"))
    connection.execute("UPDATE meta SET value = ? WHERE key = 'company.frontier'", (text,))
    connection.execute("UPDATE numbering SET last = ? WHERE kind = 'company_log'", (seq,))


CHANGES: Final[tuple[Change, ...]] = (
    flip, flip, flip, flip, drop, drop, swap, duplicate, truncate, rewrite, sign_again, old_head,
    incident_gone, rolled_back,
)  # fmt: skip


def _altered(connection: sqlite3.Connection, chance: random.Random) -> tuple[str, str]:
    """Alter the record once; a change that finds nothing to take hold of gives way to another."""
    for _attempt in range(100):
        change = chance.choice(CHANGES)
        if altered := change(connection, chance):
            return change.__name__, altered
    raise AssertionError("no change took hold in a hundred attempts")


def test_a_name_that_no_state_has_is_an_alteration_though_reading_passes_over_it(
    record: Kept,
) -> None:
    """A field that says nothing beside its default, under another name, reads as the same state."""
    with sqlite3.connect(record.file) as connection:
        told = connection.execute("SELECT id, state FROM incidents").fetchone()
        altered = told[1].replace('"acts_proposed":', '"acts_pr0posed":0,"acts_proposed":', 1)
        assert altered != told[1]
        connection.execute("UPDATE incidents SET state = ? WHERE id = ?", (altered, told[0]))
    connection.close()
    assert [(one, fault.kind) for one, fault in record.verified().faults] == [(told[0], "state")]


def _names_in(told: Any) -> set[str]:
    """Give every name of a document, however deep."""
    if isinstance(told, dict):
        return set(told).union(*map(_names_in, told.values()))
    return set[str]().union(*map(_names_in, told)) if isinstance(told, list) else set()


@pytest.mark.in_turn("manner")
@pytest.mark.parametrize(
    ("table", "kinds"),
    [("entries", {"unreadable", "leaf"}), ("company_log", {"log_line", "log_leaf"})],
    ids=("entries", "lines of the log"),
)
@pytest.mark.parametrize(
    "manner",
    [b'"%sx":', b'"%s":null,"x":', b'"%s":[[]],"x":'],
    ids=("other name", "nothing", "list"),
)
def test_whatever_is_altered_in_any_bytes_verifying_goes_on_and_names_it(
    played: Kept, tmp_path: Path, table: str, kinds: set[str], manner: bytes
) -> None:
    """Of each type one, of each one member in a turn: who reads it later asks for that name."""
    place, altered = 0, {0}
    while altered:
        record = copied(played, tmp_path, place)
        altered = set()
        with sqlite3.connect(record.file) as connection:
            first = f"SELECT seq, content FROM {table} GROUP BY type HAVING seq = min(seq)"
            for seq, content in connection.execute(first).fetchall():
                names = sorted(_names_in(json.loads(content)))
                if place < len(names):
                    name = names[place].encode()
                    other = content.replace(b'"%s":' % name, manner % name)
                    connection.execute(
                        f"UPDATE {table} SET content = ? WHERE seq = ?", (other, seq)
                    )
                    altered.add(seq)
        connection.close()
        named = {fault.seq for _stream, fault in record.verified().faults if fault.kind in kinds}
        assert named >= altered, place
        place += 1
    assert place > 5


@pytest.mark.parametrize(
    ("table", "key"),
    [("entries", "stream"), ("commands", "stream"), ("publications", "incident")],
)
@pytest.mark.parametrize("ledger", ["INC-2026-0999", "log"])
def test_rows_of_a_ledger_that_never_was_are_named(
    table: str, key: str, ledger: str, record: Kept
) -> None:
    """A text that stands in public acts by itself, though no ledger tells of it."""
    with sqlite3.connect(record.file) as connection:
        names = ["?" if name == key else name for name in _columns(connection, table)]
        all_of = ", ".join(name if name != "?" else key for name in names)
        left = ", ".join(LEFT_OUT.get(table, ()))
        connection.execute(
            f"INSERT INTO {table} ({all_of}{', ' if left else ''}{left})"
            f" SELECT {', '.join(names)}{', ' if left else ''}{left} FROM {table} LIMIT 1",
            (ledger,),
        )
    connection.close()
    assert record.verified().faults == ((ledger, Fault(kind="ledger_missing")),)


def test_an_index_that_leaves_rows_out_is_named(record: Kept) -> None:
    """Every row stands as it did, and no notice is listed for the public any more."""
    name = "ix_publications_place_at"
    with sqlite3.connect(record.file) as connection:
        connection.execute("PRAGMA writable_schema = 1")
        told = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,))
        sql = told.fetchone()[0]
        connection.execute(f"DROP INDEX {name}")
        connection.execute(f"{sql} WHERE 0")
        connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = ?", (sql, name))
    connection.close()
    assert found(record.verified()) == {"index"}


SWALLOWS: Final = (
    "CREATE TRIGGER t BEFORE INSERT ON company_log WHEN new.type = 'SensitiveRead'"
    " BEGIN SELECT raise(IGNORE); END"
)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (SWALLOWS, {"trigger t"}),
        ("CREATE TABLE extra (a)", {"table extra"}),
        ("CREATE VIEW v AS SELECT * FROM entries", {"view v"}),
        ("ALTER TABLE entries ADD COLUMN more TEXT DEFAULT 'x'", {"table entries"}),
        ("CREATE INDEX more ON entries (leaf)", {"index more", "table entries"}),
        ("CREATE UNIQUE INDEX more ON people (language)", {"index more", "table people"}),
        ("DROP INDEX ix_incidents_is_open", {"index ix_incidents_is_open", "table incidents"}),
    ],
    ids=["a trigger", "a table", "a view", "a column", "an index", "no second", "an index gone"],
)
def test_what_acts_beside_the_tables_is_named(change: str, named: set[str], record: Kept) -> None:
    """A trigger swallows what people read; no row says that it does."""
    with sqlite3.connect(record.file) as connection:
        connection.execute("DELETE FROM people")
        connection.execute(change)
    connection.close()
    assert {(one.kind, one.what) for _, one in record.verified().faults} == {
        ("schema", one) for one in named
    }


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("entries", "command_id TEXT", "command_id TEXT COLLATE NOCASE"),
        ("entries", "type TEXT NOT NULL", "type TEXT NOT NULL CHECK (type <> 'x')"),
        ("publications", "kind TEXT NOT NULL", "kind BLOB NOT NULL"),
        ("ix_publications_place_at", "(place, at)", "(place, at) WHERE kind = 'x'"),
        ("ix_publications_place_at", "(place, at)", "(place COLLATE NOCASE, at)"),
        ("ix_publications_place_at", "(place, at)", "(place, kind)"),
        ("vault_texts", "REFERENCES vault_keys", "REFERENCES people"),
    ],
    ids=["a collation", "a check", "a type", "a part", "its collation", "its columns", "a key"],
)
def test_what_a_table_or_an_index_is_made_of_is_named(
    name: str, before: str, after: str, record: Kept
) -> None:
    """The words in which SQLite keeps it are altered: the same question finds less from then on."""
    with sqlite3.connect(record.file) as connection:
        connection.execute("PRAGMA writable_schema = 1")
        told = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,))
        sql = told.fetchone()[0]
        assert before in sql
        connection.execute(
            "UPDATE sqlite_master SET sql = ? WHERE name = ?", (sql.replace(before, after), name)
        )
    connection.close()
    assert "schema" in found(record.verified())


def test_a_view_in_the_place_of_a_table_is_named(record: Kept) -> None:
    with sqlite3.connect(record.file) as connection:
        connection.execute("ALTER TABLE duties RENAME TO kept")
        connection.execute("CREATE VIEW duties AS SELECT * FROM kept")
    connection.close()
    assert found(record.verified()) == {"schema"}


def test_a_text_stands_nowhere_but_where_somebody_sent_it(record: Kept) -> None:
    """Every draft has its hash in the ledger; it was not sent out by that."""
    with sqlite3.connect(record.file) as connection:
        names = [row[1] for row in connection.execute("PRAGMA table_info(publications)")]
        other = ", ".join("'elsewhere'" if name == "place" else name for name in names)
        connection.execute(f"INSERT INTO publications SELECT {other} FROM publications LIMIT 1")
    connection.close()
    assert found(record.verified()) == {"published"}


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        ("UPDATE numbering SET last = 1 << 62 WHERE kind != 'company_log'", {"number"}),
        ("UPDATE numbering SET year = 'x' WHERE kind != 'company_log'", {"rows_unreadable"}),
        ("UPDATE rules SET document = CAST(document AS TEXT)", {"rows_unreadable"}),
        ("UPDATE vault_texts SET stored_at = 'once'", {"rows_unreadable"}),
        ("UPDATE vault_texts SET ciphertext = 1.5", {"rows_unreadable"}),
        ("UPDATE blobs SET name_ref = CAST(x'6100' AS TEXT)", {"rows_unreadable"}),
        ("UPDATE heads SET size = 'x' WHERE stream = 'log' AND size < 10", {"head_row"}),
    ],
    ids=["a huge number", "no year", "rules as text", "no instant", "no seal", "a zero", "no size"],
)
def test_a_value_that_cannot_be_read_is_named_and_hides_nothing(
    change: str, kinds: set[str], record: Kept
) -> None:
    with sqlite3.connect(record.file) as connection:
        connection.execute(change)
        connection.execute("UPDATE entries SET leaf = 'x' WHERE seq = 3")
    connection.close()
    assert found(record.verified()) >= {*kinds, "leaf"}


# ---------------------------------------------------------------- keys of private texts

ONE_KEY: Final = "rowid = (SELECT min(rowid) FROM vault_keys)"


@pytest.mark.parametrize(
    "altered",
    [
        "X'02' || substr(wrapped, 2)",
        "substr(wrapped, 1, 1) || X'0000000000000000' || substr(wrapped, 10)",
        "substr(wrapped, 1, 20) || X'00000000' || substr(wrapped, 25)",
        "substr(wrapped, 1, 5)",
        "X''",
    ],
    ids=["another version", "a key that no ring has", "some bytes", "cut off", "nothing"],
)
def test_a_key_that_was_altered_is_a_fault_of_its_texts_and_hides_nothing(
    altered: str, record: Kept
) -> None:
    with sqlite3.connect(record.file) as connection:
        connection.execute(
            f"UPDATE vault_keys SET wrapped = CAST({altered} AS BLOB) WHERE {ONE_KEY}"
        )
        connection.execute("UPDATE entries SET leaf = 'x' WHERE seq = 3")
    connection.close()
    assert found(record.verified()) == {"private", "leaf"}


@pytest.mark.parametrize("access", ["open", "health", "privileged", "counsel", ""])
@pytest.mark.parametrize("kept", ["restricted", "health", "enquiry"])
def test_who_may_open_a_private_text_is_what_its_field_says(
    kept: str, access: str, record: Kept
) -> None:
    """The database alone would let anybody read what somebody's body suffered."""
    chosen = "FROM vault_texts WHERE access = ?"
    with sqlite3.connect(record.file) as connection:
        texts = [row[0] for row in connection.execute(f"SELECT id {chosen}", (kept,))]
        named = {
            (stream, seq)
            for text in texts
            for stream, seq in connection.execute(
                "SELECT stream, seq FROM entries WHERE instr(content, ?) > 0", (text.encode(),)
            )
        }
        connection.execute("UPDATE vault_texts SET access = ? WHERE access = ?", (access, kept))
    connection.close()
    assert named
    told = {(stream, fault.seq) for stream, fault in record.verified().faults}
    assert told == (named if access != kept else set())
    assert found(record.verified()) == ({"access"} if access != kept else set())


def test_where_no_key_of_the_ring_opens_anything_the_ring_is_another(
    record: Kept, tmp_path: Path
) -> None:
    """Every text would be called altered, and none was."""
    other = replace(record, ring=KeyRing.create(tmp_path / "other.json"))
    with pytest.raises(BrokenSetup, match="needs the vault key") as refusal:
        other.verified()
    assert refusal.value.hint == "Put back the key ring that belongs to this database."


@pytest.mark.timeout(7200 if figures.FULL else 240)
def test_whatever_is_altered_is_found_and_named(played: Kept, tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(2**32)
    chance = random.Random(seed)
    counted, passed = dict[str, int](), list[str]()
    for turn in range(TIMES):
        record = copied(played, tmp_path, turn)
        with sqlite3.connect(record.file) as connection:
            change, altered = _altered(connection, chance)
        connection.close()
        counted[change] = counted.get(change, 0) + 1
        verdict = record.verified()
        # Without its last head a ledger is younger than what is signed of it, and is said to be.
        if not verdict.faults and not verdict.unsigned:
            passed.append(f"turn {turn}: {change} {altered}")
    assert passed == [], "\n".join([f"seed {seed}", *passed])
    assert copied(played, tmp_path, TIMES).verified().faults == (), "nothing else was altered"
    figures.note("alterations of a database, each found", counted, f"seed {seed}")
