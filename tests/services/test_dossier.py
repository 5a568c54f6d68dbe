"""Dossiers as they are made: what stands in them, what never does, who may take them away."""

import hmac
import json
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from domain import dossier
from domain.canonical import canonical, sha256_hex
from domain.checkpoint import read_checkpoint, read_key, read_note
from domain.dossier import read_manifest
from domain.errors import Malformed, NotAllowed, NotFound
from domain.people import Actor, Role
from domain.tree import Tree, leaf_hash, verify_inclusion
from integrations.note_keys import signed_by
from services.dossier import HANDED_OUT, Asked
from storage import blobs, company, erasing, vault
from storage.blobs import BlobDirectory
from storage.engine import write
from storage.schema import entries
from storage.streams import read_contents
from tests.database import database, engine, postgres
from tests.services.dossiers import (
    AUDITOR,
    HEALTH,
    LAWYER,
    NAME_EN,
    NAME_ZH,
    OPEN_FILE,
    PLAIN,
    SECRET,
    Record,
    add,
    recorded,
)
from tests.storage.streams import NOON, new_incident

__all__ = ["database", "engine", "postgres"]

KINDS = [
    pytest.param(Asked(), id="default"),
    pytest.param(Asked(redacted=True), id="redacted"),
    pytest.param(Asked(private=True), id="private"),
]


@pytest.fixture
def kept(engine: Engine, tmp_path: Path) -> Record:
    """Give a record of nine entries, all of them under a signed head."""
    made = recorded(engine, tmp_path)
    made.sign()
    return made


# ---------------------------------------------------------------- one piece, under one signature


@pytest.mark.parametrize("asked", KINDS)
def test_every_member_stands_under_the_signed_manifest(kept: Record, asked: Asked) -> None:
    opened = kept.made(LAWYER, asked)
    *others, last, note = opened.members
    assert (last, note) == (dossier.MANIFEST, dossier.NOTE)
    manifest = read_manifest(opened.members[dossier.MANIFEST])
    assert manifest == opened.made.manifest
    assert [one.name for one in manifest.members] == others
    for one in manifest.members:
        content = opened.members[one.name]
        assert (one.bytes, one.sha256) == (len(content), sha256_hex(content)), one.name
    signed = read_note(opened.members[dossier.NOTE].decode())
    key = read_key(opened.members[dossier.KEYS].decode())
    assert signed.text == manifest.note_text()
    assert signed_by(signed, [key]) == (key,)
    assert (manifest.redacted, manifest.private) == (asked.redacted, asked.private)
    assert sha256_hex(opened.zipped) == opened.made.sha256


@pytest.mark.parametrize("asked", KINDS)
def test_the_same_record_gives_the_same_bytes(kept: Record, asked: Asked) -> None:
    first, now = kept.made(LAWYER, asked), kept.house.now()
    assert kept.made(LAWYER, asked).zipped == first.zipped
    kept.house.now = lambda: now + timedelta(seconds=1)
    later = kept.made(LAWYER, asked)
    differ = {name for name, content in later.members.items() if content != first.members[name]}
    assert differ <= {dossier.README, "viewer/about.js", dossier.MANIFEST, dossier.NOTE}


def test_the_ledger_is_its_stored_bytes_and_the_root_is_theirs(kept: Record) -> None:
    opened = kept.made()
    stored = read_contents(kept.house.engine, kept.incident)
    assert opened.members[dossier.LEDGER] == b"".join(one + b"\n" for one in stored)
    root = Tree(map(leaf_hash, stored)).root().hex()
    manifest = opened.made.manifest
    assert (manifest.size, manifest.root, manifest.signed) == (9, root, 9)
    script = opened.members[dossier.VIEWER_ENTRIES].decode()
    told = json.loads(script.removeprefix("andon.entries=").removesuffix(";\n"))
    assert [one.encode() for one in told] == stored


def test_every_head_is_there_and_the_companys_log_tells_of_it(kept: Record) -> None:
    add(kept, 10, [{"text": "one more"}])
    kept.sign()
    company.log(kept.house.engine, NOON, "SignedIn", {"person": "li"})
    kept.sign()
    add(kept, 11, [{"text": "too young"}])
    opened = kept.made()
    key = read_key(opened.members[dossier.KEYS].decode())
    heads = [json.loads(line) for line in opened.members[dossier.HEADS].splitlines()]
    notes = [read_note(one["note"]) for one in heads]
    assert [signed_by(note, [key]) for note in notes] == [(key,)] * 2
    told = [read_checkpoint(note.text) for note in notes]
    assert [one.size for one in told] == [9, 10]
    assert (opened.made.manifest.size, opened.made.manifest.signed) == (11, 10)

    log = opened.json(dossier.LOG)
    head = read_checkpoint(read_note(log["head"]).text)
    leaves = opened.members[dossier.LOG_LEAVES]
    each = [leaves[at : at + 32] for at in range(0, len(leaves), 32)]
    assert (len(each), Tree(each).root()) == (head.size, head.root)
    assert opened.made.manifest.log_size == head.size
    assert opened.made.manifest.log_root == head.root.hex()
    lines = {line["seq"]: json.loads(line["line"]) for line in log["lines"]}
    for line in log["lines"]:
        path = [bytes.fromhex(one) for one in line["path"]]
        leaf = leaf_hash(line["line"].encode())
        assert verify_inclusion(leaf, line["seq"] - 1, head.size, path, head.root)
    assert {one["type"] for one in lines.values()} == {"HeadSigned", "HeadKeyUsed"}
    for one, checkpoint in zip(heads, told, strict=True):
        body = lines[one["log_seq"]]["body"]
        assert (body["size"], body["root"]) == (checkpoint.size, checkpoint.root.hex())


def test_before_anything_is_signed_a_dossier_is_made_and_says_so(
    engine: Engine, tmp_path: Path
) -> None:
    opened = recorded(engine, tmp_path).made()
    manifest = opened.made.manifest
    assert (manifest.signed, manifest.log_size, manifest.log_root) == (0, 0, "")
    assert opened.members[dossier.HEADS] == b""
    assert opened.json(dossier.LOG) == {"head": "", "lines": []}
    assert "0 stand under a signed head and\n                   9 are too young" in (
        opened.members[dossier.README].decode()
    )


def test_a_record_that_was_cut_short_shows_that_more_was_signed(kept: Record) -> None:
    with write(kept.house.engine) as connection:
        connection.execute(sa.delete(entries).where(entries.c.seq > 7))
    manifest = kept.made().made.manifest
    assert (manifest.size, manifest.signed) == (7, 9)


def test_of_an_incident_that_is_being_recorded_there_is_a_dossier_of_nothing(
    engine: Engine, tmp_path: Path
) -> None:
    kept = recorded(engine, tmp_path)
    kept.incident = new_incident(engine, "report-2")
    opened = kept.made()
    assert (opened.made.manifest.size, opened.members[dossier.LEDGER]) == (0, b"")
    assert opened.members[dossier.VIEWER_ENTRIES] == b"andon.entries=[\n\n];\n"
    assert opened.made.manifest.root == sha256_hex(b"")


def test_a_log_line_of_another_incident_is_not_taken_along(kept: Record) -> None:
    company.log(
        kept.house.engine,
        NOON,
        "HeadSigned",
        {"stream": f"{kept.incident}9", "size": 1, "root": ""},
    )
    kept.sign()
    told = [json.loads(line["line"]) for line in kept.made().json(dossier.LOG)["lines"]]
    streams = {one["body"].get("stream") for one in told}
    assert streams == {None, kept.incident}


# ---------------------------------------------------------------- what is closed stays closed


def everything(opened_members: dict[str, bytes]) -> bytes:
    return b"\n".join(opened_members.values())


@pytest.mark.parametrize(
    "asked",
    [pytest.param(Asked(), id="default"), pytest.param(Asked(redacted=True), id="redacted")],
)
def test_nothing_private_stands_in_it(kept: Record, asked: Asked) -> None:
    members = kept.made(LAWYER, asked).members
    assert dossier.PRIVATE not in members
    assert SECRET.encode() not in everything(members)


def test_private_texts_are_opened_on_demand_each_with_what_proves_it(kept: Record) -> None:
    opened = kept.made(LAWYER, Asked(private=True))
    lines = [json.loads(line) for line in opened.members[dossier.PRIVATE].splitlines()]
    assert [one["ref"] for one in lines] == sorted(one.ref for one in kept.private.values())
    by_ref = {one.ref: one for one in kept.private.values()}
    for one in lines:
        made = hmac.digest(bytes.fromhex(one["salt"]), one["text"].encode(), "sha256").hex()
        assert SECRET in one["text"]
        assert made == one["commitment"] == by_ref[one["ref"]].commitment
    assert "2 here; left out: 0 erased, 0 closed" in opened.members[dossier.README].decode()


def test_an_auditor_opens_no_text_about_health(kept: Record) -> None:
    opened = kept.made(AUDITOR, Asked(private=True))
    lines = [json.loads(line) for line in opened.members[dossier.PRIVATE].splitlines()]
    assert [one["ref"] for one in lines] == [kept.private[PLAIN].ref]
    assert f"as {HEALTH}".encode() not in everything(opened.members)
    assert "1 here; left out: 0 erased, 1 closed" in opened.members[dossier.README].decode()


def test_what_was_erased_is_counted_and_not_there(kept: Record) -> None:
    erasing.erase(kept.house.engine, PLAIN, NOON)
    opened = kept.made(LAWYER, Asked(private=True))
    lines = [json.loads(line) for line in opened.members[dossier.PRIVATE].splitlines()]
    assert [one["ref"] for one in lines] == [kept.private[HEALTH].ref]
    assert "1 here; left out: 1 erased, 0 closed" in opened.members[dossier.README].decode()
    assert "随附 1 处；未附：已删除 1 处" in opened.members[dossier.README].decode()


@pytest.mark.parametrize(
    ("actor", "asked", "here"),
    [
        pytest.param(LAWYER, Asked(), {"open"}, id="default"),
        pytest.param(LAWYER, Asked(redacted=True), set[str](), id="redacted"),
        pytest.param(AUDITOR, Asked(private=True), {"open", "closed"}, id="an auditor"),
        pytest.param(LAWYER, Asked(private=True), {"open", "closed", "health"}, id="a lawyer"),
    ],
)
def test_files_are_there_as_far_as_they_may_be_opened(
    kept: Record, actor: Actor, asked: Asked, here: set[str]
) -> None:
    opened = kept.made(actor, asked)
    rows = {row["sha256"]: row for row in opened.json(dossier.EVIDENCE)}
    assert set(rows) == set(kept.files.values())
    for kind, address in kept.files.items():
        row = rows[address]
        assert (row["file"] is not None) == (kind in here)
        assert row["state"] == ("here" if kind in here else "closed")
        if row["file"]:
            content = opened.members[row["file"]]
            assert sha256_hex(content) == row.get("content_sha256", row["sha256"])
    assert rows[kept.files["open"]]["entry"] == 3
    if "open" in here:
        assert opened.members[rows[kept.files["open"]]["file"]] == OPEN_FILE
    names = [name for name in opened.members if name.startswith(dossier.EVIDENCE_FOLDER)]
    assert len(names) == len(here)


def test_a_file_that_is_damaged_keeps_nobody_from_the_record(kept: Record) -> None:
    address = kept.files["open"]
    path = BlobDirectory(kept.house.settings.blobs_dir).path(address)
    path.write_bytes(b"something else")
    rows = {row["sha256"]: row for row in kept.made().json(dossier.EVIDENCE)}
    assert (rows[address]["state"], rows[address]["file"]) == ("damaged", None)
    path.unlink()
    rows = {row["sha256"]: row for row in kept.made().json(dossier.EVIDENCE)}
    assert (rows[address]["state"], rows[address]["file"]) == ("missing", None)


@pytest.mark.parametrize("bytes_there", [True, False], ids=["bytes left", "bytes gone"])
def test_a_file_whose_key_was_destroyed_is_erased_with_its_bytes_or_without(
    kept: Record, *, bytes_there: bool
) -> None:
    address = kept.files["closed"]
    about = blobs.blob(kept.house.engine, address)
    noted = vault.kept_texts(kept.house.engine, [about.name_ref])[about.name_ref]
    erasing.erase(kept.house.engine, noted.subject, NOON)
    if not bytes_there:
        BlobDirectory(kept.house.settings.blobs_dir).path(address).unlink()
    opened = kept.made(LAWYER, Asked(private=True))
    rows = {row["sha256"]: row for row in opened.json(dossier.EVIDENCE)}
    assert (rows[address]["state"], rows[address]["file"]) == ("erased", None)


def test_people_are_named_unless_it_is_redacted(kept: Record) -> None:
    whole, redacted = kept.made(), kept.made(LAWYER, Asked(redacted=True))
    told = {"name": NAME_EN, "name_zh": NAME_ZH, "roles": ["quality"]}
    assert whole.json(dossier.PEOPLE) == {"li": told}
    unnamed = {"name": "", "name_zh": "", "roles": ["quality"]}
    assert redacted.json(dossier.PEOPLE) == {"li": unnamed}
    for name in (NAME_EN, NAME_ZH):
        assert name.encode() in everything(whole.members)
        assert name.encode() not in everything(redacted.members)
        assert canonical(name)[1:-1] not in everything(redacted.members)


def test_everybody_whom_an_entry_names_is_there_whatever_stands_before_them(kept: Record) -> None:
    words = 'first line\nsecond "line" \\ end'
    add(kept, 10, [{"text": words, "by": "somebody.else"}, {"also": "\t", "by": "the.auditor"}])
    assert set(kept.made().json(dossier.PEOPLE)) == {"li", "somebody.else", "the.auditor"}


def test_who_kept_it_is_named_where_the_company_has_a_name(kept: Record) -> None:
    nameless = kept.made()
    assert f"Kept by          {nameless.made.manifest.origin}\n" in nameless.text(dossier.README)
    about = json.dumps({"name_en": "Lumi Cosmetics", "name_zh": "露美"}, ensure_ascii=False)
    company.set_fact(kept.house.engine, company.COMPANY, about)
    opened = kept.made()
    origin = opened.made.manifest.origin
    assert f"Kept by          Lumi Cosmetics ({origin})\n" in opened.text(dossier.README)
    assert f"保存方           露美 ({origin})\n" in opened.text(dossier.README)
    about = opened.text("viewer/about.js").removeprefix("andon.about=").rstrip(";\n")
    assert json.loads(about)["company"] == {"en": "Lumi Cosmetics", "zh": "露美"}


# ---------------------------------------------------------------- who takes it away

STAFF = Actor(id="li", roles=(Role.STAFF,))
STRANGER = Actor(id="somebody.else", roles=(Role.STAFF,))
ADMIN = Actor(id="the.admin", roles=(Role.ADMIN,))
PRESS = Actor(id="the.press", roles=(Role.PR_OFFICER,))
EXPERT = Actor(id="the.expert", roles=(Role.OUTSIDE_EXPERT,))
MAKERS = [
    Role.AUDITOR,
    Role.LEGAL,
    Role.INCIDENT_COMMANDER,
    Role.QUALITY_SAFETY_RESPONSIBLE,
    Role.PRIVACY_OFFICER,
    Role.REGULATORY_AFFAIRS,
    Role.LEGAL_REPRESENTATIVE,
]


@pytest.mark.parametrize("role", MAKERS)
@pytest.mark.parametrize("asked", KINDS)
def test_these_roles_take_a_record_away(kept: Record, role: Role, asked: Asked) -> None:
    assert kept.made(Actor(id="somebody", roles=(role,)), asked).made.bytes > 1000


@pytest.mark.parametrize(
    ("actor", "asked", "refused"),
    [
        pytest.param(STRANGER, Asked(), NotFound, id="staff who may not see it"),
        pytest.param(STRANGER, Asked(redacted=True), NotFound, id="not redacted either"),
        pytest.param(STAFF, Asked(), NotAllowed, id="who reported it"),
        pytest.param(EXPERT, Asked(), NotFound, id="from outside"),
        pytest.param(PRESS, Asked(redacted=True), NotAllowed, id="who sees it"),
        pytest.param(ADMIN, Asked(), NotAllowed, id="an administrator, all of it"),
        pytest.param(ADMIN, Asked(private=True), NotAllowed, id="an administrator, private"),
        pytest.param(LAWYER, Asked(private=True, redacted=True), Malformed, id="both at once"),
    ],
)
def test_nobody_else_does_and_nothing_is_written(
    kept: Record, actor: Actor, asked: Asked, refused: type[Exception]
) -> None:
    before = len(company.read_log(kept.house.engine))
    with pytest.raises(refused):
        kept.made(actor, asked)
    assert len(company.read_log(kept.house.engine)) == before


def test_an_administrator_takes_it_redacted(kept: Record) -> None:
    assert kept.made(ADMIN, Asked(redacted=True)).made.manifest.made_by == "the.admin"


@pytest.mark.parametrize("asked", KINDS)
def test_the_companys_log_tells_who_took_what(kept: Record, asked: Asked) -> None:
    opened = kept.made(LAWYER, asked)
    [line] = company.read_log(kept.house.engine, kind=HANDED_OUT)
    assert line.body == {
        "incident": kept.incident,
        "who": "the.lawyer",
        "sha256": sha256_hex(opened.zipped),
        "redacted": asked.redacted,
        "private": asked.private,
        "bytes": len(opened.zipped),
    }


@pytest.mark.parametrize(
    "asked",
    [Asked(), Asked(private=True), Asked(redacted=True)],
    ids=["plain", "private", "redacted"],
)
def test_readme_lists_what_is_there_and_nothing_that_is_not(kept: Record, asked: Asked) -> None:
    opened = kept.made(LAWYER if asked.private else AUDITOR, asked)
    here = {*opened.members, dossier.MANIFEST, dossier.NOTE}
    here |= {f"{name.partition('/')[0]}/" for name in here if "/" in name}
    text = opened.members[dossier.README].decode()
    for part in (
        text.partition("WHAT IS IN IT\n\n")[2].partition("\n\n\n")[0],
        text.partition("\n内容\n\n")[2].partition("\n\n\n")[0],
    ):
        listed = [line.split()[0] for line in part.splitlines()]
        assert set(listed) <= here
        assert here - set(listed) <= {dossier.README, "timeline.pdf", "histories/"} | {
            name for name in here if "/" in name and not name.endswith("/")
        }
        assert all(len(line) <= 79 for line in part.splitlines())
