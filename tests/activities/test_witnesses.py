"""Witnesses outside: each is handed what it lacks, and a record put back is found by what they hold."""

import json
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy.engine import Engine

from activities.heads import HeadActivities, Signing
from activities.witnesses import AT_ONCE, DIVERGED, WitnessActivities, stands
from domain.checkpoint import read_checkpoint, read_note
from domain.errors import BrokenSetup, NotConfirmed
from domain.tree import verify_consistency
from integrations.note_keys import NoteSigner, signed_by
from integrations.outgoing import Bounds, Outgoing
from integrations.witnesses import (
    FolderWitness,
    Handed,
    Witness,
    read_witnesses,
)
from storage import company, heads
from storage.engine import write
from storage.ledger import record
from storage.schema import company_log, meta
from storage.schema import heads as heads_table
from tests.database import database, engine, postgres
from tests.integrations.newsrooms import mail_server
from tests.storage.streams import NOON, entries, fold, new_incident

__all__ = ["database", "engine", "postgres"]

ORIGIN = "andon.example/1234"
SIGNER, STRANGER = (NoteSigner(ORIGIN, bytes([seed]) * 32) for seed in (1, 2))
OUTGOING = Outgoing(Bounds(inside_allowed=True))


class Listening:
    """Keeps what it is handed; refuses as often as it is told to."""

    id = "listening"
    every_minutes = 0
    takes_all = True

    def __init__(self, refusals: int = 0) -> None:
        self.seen: list[Handed] = []
        self.refusals = refusals

    def newest(self) -> str:
        return ""

    def take(self, handed: Handed) -> None:
        if self.refusals:
            self.refusals -= 1
            raise NotConfirmed("It is away.", "Again.")
        self.seen.append(handed)


def telling(engine: Engine, *witnesses: Witness) -> WitnessActivities:
    return WitnessActivities(engine, lambda: Signing(ORIGIN, [SIGNER]), lambda: witnesses)


def sign(engine: Engine, signer: NoteSigner = SIGNER) -> None:
    HeadActivities(engine, lambda: Signing(ORIGIN, [signer])).sign_all()


@pytest.fixture
def stream(engine: Engine) -> str:
    """Give an incident with three entries, signed."""
    number = new_incident(engine)
    record(engine, number, 1, entries(number, 1, 3), [], fold)
    sign(engine)
    return number


@pytest.fixture
def folder(tmp_path: Path) -> FolderWitness:
    """Give a folder of another machine."""
    return FolderWitness("vault", tmp_path)


def grow(engine: Engine, stream: str, seq: int) -> None:
    record(engine, stream, seq, entries(stream, seq, seq), [], fold)
    sign(engine)


def newest_in(folder: FolderWitness) -> int:
    return read_checkpoint(read_note(folder.newest()).text).size


def test_each_round_hands_over_what_came_since_with_the_proof_between(
    engine: Engine, stream: str
) -> None:
    one = Listening()
    acts = telling(engine, one)
    acts.tell_all()
    grow(engine, stream, 4)
    acts.tell_all()
    acts.tell_all()
    first, second = one.seen
    assert [(head.stream, head.size) for head in (*first.heads, *second.heads)] == [
        (stream, 3),
        (stream, 4),
    ]
    assert (first.old, second.old) == (0, first.log.size)
    old, new = (read_checkpoint(read_note(each.log.note).text) for each in one.seen)
    path = [bytes.fromhex(each) for each in second.path]
    assert verify_consistency(old.size, new.size, old.root, new.root, path)
    for head in (first.log, *first.heads, *second.heads):
        assert signed_by(read_note(head.note), [SIGNER.key]) == (SIGNER.key,)


def test_one_that_is_away_keeps_no_other_waiting_and_gets_all_of_it_later(
    engine: Engine, stream: str
) -> None:
    away, there = Listening(refusals=2), Listening()
    there.id = "there"
    acts = telling(engine, away, there)
    acts.tell_all()
    grow(engine, stream, 4)
    acts.tell_all()
    assert (len(away.seen), len(there.seen)) == (0, 2)
    assert "It is away." in stands(engine, "listening").fault
    acts.tell_all()
    assert [(head.stream, head.size) for head in away.seen[0].heads] == [(stream, 3), (stream, 4)]
    assert stands(engine, "listening").fault == ""


def test_very_many_heads_go_in_parts_each_under_a_head_of_the_log(engine: Engine) -> None:
    number = new_incident(engine)
    for seq in range(1, AT_ONCE + 21):
        record(engine, number, seq, entries(number, seq, seq), [], fold)
        if seq % 10:
            HeadActivities(engine, lambda: Signing(ORIGIN, [SIGNER])).sign_now(number)
        else:
            sign(engine)
    one = Listening()
    acts = telling(engine, one)
    for _ in range(3):
        acts.tell_all()
    assert [head.size for each in one.seen for head in each.heads] == list(range(1, AT_ONCE + 21))
    assert len(one.seen) == 2
    assert all(len(each.heads) <= AT_ONCE for each in one.seen)


def test_a_folder_gets_a_file_for_each_head_and_tells_where_it_stands(
    engine: Engine, stream: str, folder: FolderWitness
) -> None:
    acts = telling(engine, folder)
    acts.tell_all()
    kept = sorted(str(path.relative_to(folder.folder)) for path in folder.folder.rglob("*.note"))
    size = newest_in(folder)
    assert kept == sorted([f"{stream}/000000000003.note", f"log/{size:012d}.note"])
    named = folder.folder / "keys" / f"{SIGNER.key.id.hex()}.vkey"
    assert named.read_text() == f"{SIGNER.key.text()}\n"
    with write(engine) as connection:
        connection.execute(meta.delete().where(meta.c.key == "witness.vault"))
    grow(engine, stream, 4)
    acts.tell_all()
    assert newest_in(folder) > size, "it says itself where it stands"


def _put_back(engine: Engine, stream: str) -> None:
    with write(engine) as connection:
        connection.execute(company_log.delete())
        connection.execute(meta.delete())
        connection.execute(heads_table.delete())
    company.log(engine, NOON, "SignedIn", {})
    sign(engine)


def _rewritten(engine: Engine, stream: str) -> None:
    with write(engine) as connection:
        connection.execute(
            company_log.update().where(company_log.c.seq == 1).values(leaf="00" * 32)
        )


@pytest.mark.parametrize("attack", [_put_back, _rewritten], ids=["put back", "rewritten"])
def test_a_record_that_does_not_lead_from_what_a_folder_holds_is_found_and_written_down(
    engine: Engine, stream: str, folder: FolderWitness, attack: Callable[[Engine, str], None]
) -> None:
    telling(engine, folder).tell_all()
    held = folder.newest()
    attack(engine, stream)
    grow(engine, stream, 4)
    acts = telling(engine, folder)
    acts.tell_all()
    acts.tell_all()
    [line] = company.lines_of(engine, [DIVERGED])
    assert line.body["witness"] == "vault"
    assert stands(engine, "vault").diverged
    assert folder.newest() == held, "what it holds stays what it was"


def test_a_folder_of_another_record_or_signed_by_a_stranger_is_not_written_over(
    engine: Engine, stream: str, folder: FolderWitness
) -> None:
    telling(engine, folder).tell_all()
    note = read_note(folder.newest())
    [kept] = (folder.folder / "log").glob("*.note")
    kept.write_text(STRANGER.sign(note.text).written())
    grow(engine, stream, 4)
    telling(engine, folder).tell_all()
    assert "no key of ours" in stands(engine, "vault").fault


def test_a_folder_that_can_only_be_added_to_is_enough(
    engine: Engine, stream: str, folder: FolderWitness
) -> None:
    """Nothing that was written is opened for writing again, moved, or taken out."""
    acts = telling(engine, folder)
    acts.tell_all()
    before = {path: path.read_bytes() for path in folder.folder.rglob("*") if path.is_file()}
    for path in before:
        path.chmod(0o400)
    grow(engine, stream, 4)
    acts.tell_all()
    after = {path: path.read_bytes() for path in folder.folder.rglob("*") if path.is_file()}
    assert before.items() < after.items()
    assert stands(engine, "vault").fault == ""


def test_a_folder_that_was_emptied_is_told_and_given_nothing(
    engine: Engine, stream: str, folder: FolderWitness
) -> None:
    acts = telling(engine, folder)
    acts.tell_all()
    shutil.rmtree(folder.folder)
    folder.folder.mkdir()
    grow(engine, stream, 4)
    acts.tell_all()
    assert "holds none" in stands(engine, "vault").fault
    assert list(folder.folder.iterdir()) == []


def test_a_fault_is_forgotten_once_the_folder_answers_again(
    engine: Engine, stream: str, folder: FolderWitness
) -> None:
    acts = telling(engine, folder)
    acts.tell_all()
    aside = folder.folder.rename(folder.folder.with_name("aside"))
    acts.tell_all()
    assert stands(engine, "vault").fault
    aside.rename(folder.folder)
    acts.tell_all()
    assert stands(engine, "vault").fault == ""


def test_very_many_ledgers_signed_at_once_are_all_handed(engine: Engine) -> None:
    for each in range(AT_ONCE + 30):
        number = new_incident(engine, f"report-{each}")
        record(engine, number, 1, entries(number, 1, 1), [], fold)
    sign(engine)
    one = Listening()
    acts = telling(engine, one)
    for _ in range(4):
        acts.tell_all()
    assert len({head.stream for each in one.seen for head in each.heads}) == AT_ONCE + 30


def test_a_folder_that_is_not_mounted_is_said_in_words(engine: Engine, stream: str) -> None:
    gone = FolderWitness("gone", Path("/nowhere/at/all"))
    telling(engine, gone).tell_all()
    assert "The folder of the witness gone cannot be used" in stands(engine, "gone").fault
    assert stands(engine, "gone").size == 0


MAIL = {"id": "notary", "kind": "mail", "to": "heads@notary.example", "host": "127.0.0.1",
        "tls": "none", "from": "andon@maker.example", "name": "Andon"}  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"id": "UPPER", "kind": "folder", "folder": "/a"}], "witnesses.0.id"),
        ([{"id": "a", "kind": "fax"}], "witnesses.0.kind"),
        ([{"id": "a", "kind": "folder", "folder": "here"}], "witnesses.0.folder"),
        ([{"id": "a", "kind": "folder", "folder": "/a", "url": "x"}], "witnesses.0.url"),
        ([{"id": "a", "kind": "webhook", "url": "file:///etc/passwd"}], "witnesses.0.url"),
        ([{"id": "a", "kind": "webhook", "url": "https://[::1"}], "witnesses.0.url"),
        ([{"id": "a", "kind": "webhook", "url": "https://w.example/\n"}], "witnesses.0.url"),
        ([{"id": "a", "kind": "webhook", "url": 5}], "witnesses.0.url"),
        ([MAIL | {"to": "nobody"}], "witnesses.0.to"),
        ([MAIL | {"every_minutes": 0}], "witnesses.0.every_minutes"),
        ([MAIL, MAIL], "witnesses.1.id"),
        ("rows", "witnesses"),
        ([7], "witnesses.0"),
        ([{"id": "a", "kind": ["folder"], "folder": "/a"}], "witnesses.0.kind"),
        ([{"id": 1, "kind": "folder", "folder": "/a"}], "witnesses.0.id"),
        (
            [{"id": "a", "kind": "webhook", "url": "http://w.example/", "token": "t"}],
            "witnesses.0.token",
        ),
    ],
    ids=[
        "id in capitals",
        "no such kind",
        "half a path",
        "a value of another kind",
        "an address of a file",
        "an address that breaks off",
        "two lines",
        "a number",
        "no address",
        "too often",
        "twice",
        "no rows",
        "no row",
        "a list of kinds",
        "a number for a name",
        "a token in the open",
    ],
)
def test_what_is_wrong_with_the_file_of_witnesses_is_said_by_its_line(
    rows: object, said: str
) -> None:
    with pytest.raises(BrokenSetup) as wrong:
        read_witnesses({"witnesses": rows}, OUTGOING)
    assert said in wrong.value.sentence


def _one(row: Mapping[str, Any]) -> Witness:
    [found] = read_witnesses({"witnesses": [row]}, OUTGOING)
    return found


def test_a_mailbox_gets_the_newest_head_of_the_log_and_no_more_than_one_an_hour(
    engine: Engine, stream: str
) -> None:
    with mail_server() as (server, port):
        for seq in range(4, AT_ONCE + 20):
            record(engine, stream, seq, entries(stream, seq, seq), [], fold)
            HeadActivities(engine, lambda: Signing(ORIGIN, [SIGNER])).sign_now(stream)
        sign(engine)
        acts = telling(engine, _one({**MAIL, "port": port}))
        acts.tell_all()
        grow(engine, stream, AT_ONCE + 20)
        acts.tell_all()
        [(_sender, reader, told)] = server.took
    assert reader == "heads@notary.example"
    words = told.get_content().replace("\r\n", "\n")
    note = words[words.index(ORIGIN) : words.index(SIGNER.key.text())].removesuffix("\n")
    assert signed_by(read_note(note), [SIGNER.key]) == (SIGNER.key,), "the note stands in it whole"
    assert SIGNER.key.text() in words
    newest = heads.every(engine, heads.LOG)[-2]
    assert note == newest.note, "however many heads came since the last mail"


def test_a_mail_server_that_is_down_is_tried_again(engine: Engine, stream: str) -> None:
    with mail_server() as (_server, port):
        pass
    telling(engine, _one({**MAIL, "port": port})).tell_all()
    assert "did not go out" in stands(engine, "notary").fault
    with mail_server() as (server, port):
        telling(engine, _one({**MAIL, "port": port})).tell_all()
        assert len(server.took) == 1


@dataclass
class Webhook:
    """A witness of somebody else's: it keeps what it was sent and answers as it is told."""

    status: int = 204
    took: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    port: int = 0


@contextmanager
def webhook(status: int = 204) -> Iterator[Webhook]:
    kept = Webhook(status)

    class Receiving(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = json.loads(self.rfile.read(int(self.headers["content-length"])))
            kept.took.append((dict(self.headers), said))
            self.send_response(kept.status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiving)
    kept.port = cast("tuple[str, int]", server.server_address)[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_webhook_is_sent_heads_and_proof_as_json(engine: Engine, stream: str) -> None:
    with webhook() as there:
        url = f"http://127.0.0.1:{there.port}/heads"
        row = {"id": "w", "kind": "webhook", "url": url, "token": "s3cret"}
        telling(engine, _one(row)).tell_all()
    [(headers, said)] = there.took
    assert headers["authorization"] == "Bearer s3cret"
    assert said["heads"] == [{"stream": stream, "size": 3, "note": said["heads"][0]["note"]}]
    assert said["keys"] == [SIGNER.key.text()]
    assert read_checkpoint(read_note(said["log"]["note"]).text).size == said["log"]["size"]


def test_a_webhook_that_holds_another_record_is_named(engine: Engine, stream: str) -> None:
    with webhook(409) as there:
        url = f"http://127.0.0.1:{there.port}/heads"
        telling(engine, _one({"id": "w", "kind": "webhook", "url": url})).tell_all()
    assert "answered 409" in stands(engine, "w").fault
    assert "find out why" in stands(engine, "w").fault
