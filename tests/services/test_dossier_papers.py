"""What left the house, in a dossier: filings, receipts and answers as they were sent; texts as they stand."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from domain import dossier
from domain.authorities import AuthorityAnswered
from domain.canonical import sha256_hex
from domain.filing import DutyFiled, ReceiptAttached
from domain.ledger import Entry
from domain.people import Access, Actor, Role
from domain.regulation_terms import FilingKind
from domain.values import PublicText
from services import dossier_papers
from services.dossier_papers import Files, Papers
from services.dossier_record import Found
from tests.database import database, engine, postgres
from tests.services.dossiers import OPEN_FILE, Record, recorded
from tests.storage.streams import NOON

__all__ = ["database", "engine", "postgres"]

WORDS = PublicText("One person, cream, lot L1.")
RECEIPT = PublicText("No. 2026-17")
NOTHING = PublicText("")
CLOSED = sha256_hex(b"the clear bytes of a closed file")

FILED = DutyFiled(
    duty="D3",
    number=1,
    kind=FilingKind.INITIAL,
    spoken=False,
    closes=True,
    text=WORDS,
    document=None,
    sha256=sha256_hex(WORDS.encode()),
    channel=PublicText("by post"),
    sent_at=NOON,
    receipt=PublicText(""),
    receipt_document=None,
    due_at=None,
    late=False,
    late_reason=PublicText(""),
    by="li",
    signers=(),
    case_follow_ups=0,
    covered_by="",
    signed_meaning="",
    signed_hash="",
)
ANSWERED = AuthorityAnswered(
    act="AU1",
    text=WORDS,
    document=None,
    sha256=sha256_hex(WORDS.encode()),
    channel=PublicText("by post"),
    sent_at=NOON,
    receipt=PublicText(""),
    late=False,
    late_reason=PublicText(""),
    by="li",
)


READER = Actor(id="ren.jia", roles=(Role.AUDITOR,))


@pytest.fixture
def kept(engine: Engine, tmp_path: Path) -> Record:
    """Give a record with an open and two closed files."""
    return recorded(engine, tmp_path)


def filings(kept: Record, *happened: Any, classes: Sequence[Access] = (Access.OPEN,)) -> Papers:
    named = Found(named=dict.fromkeys(kept.files.values(), 1))
    files: Files = dossier_papers.files(kept.house, READER, named, frozenset(classes))
    entries = [
        Entry(
            incident=kept.incident,
            seq=seq,
            command_id=f"c{seq}",
            actor=Actor(id="li", roles=(Role.REGULATORY_AFFAIRS,)),
            happened_at=NOON,
            at=NOON,
            recorded_at=NOON,
            plan="r1",
            build="b1",
            event=event,
        )
        for seq, event in enumerate(happened, 1)
    ]
    return dossier_papers.filings(entries, files)


def test_words_that_were_sent_are_a_member_under_the_hash_that_was_signed(kept: Record) -> None:
    made = filings(kept, FILED, ANSWERED)
    assert dict(made.members) == {
        "filings/D3-1.txt": WORDS.encode(),
        "filings/AU1-2.txt": WORDS.encode(),
    }
    report, answer = made.rows
    assert (report["kind"], report["duty"], report["number"]) == ("report", "D3", 1)
    assert (answer["kind"], answer["act"]) == ("answer", "AU1")
    for row, event in ((report, FILED), (answer, ANSWERED)):
        assert row["sha256"] == event.sha256 == sha256_hex(dict(made.members)[row["file"]])
        assert row["document"] is None


def test_an_open_file_that_was_sent_stands_among_the_evidence(kept: Record) -> None:
    address = kept.files["open"]
    [row] = filings(kept, replace(FILED, text=NOTHING, document=address, sha256=address)).rows
    assert row["file"] == f"{dossier.EVIDENCE_FOLDER}{address}.pdf"
    assert row["sha256"] == row["document"] == address == sha256_hex(OPEN_FILE)


def test_of_a_closed_file_the_hash_over_its_clear_bytes_is_told_alone(kept: Record) -> None:
    address = kept.files["closed"]
    filed = replace(FILED, text=NOTHING, document=address, sha256=address, content_sha256=CLOSED)
    [row] = filings(kept, filed).rows
    assert (row["file"], row["sha256"], row["document"]) == (None, CLOSED, address)
    assert row["access"] == "restricted"
    opened = filings(kept, filed, classes=[Access.OPEN, Access.RESTRICTED])
    assert opened.rows[0]["file"] == f"{dossier.EVIDENCE_FOLDER}{address}.pdf"


def test_receipts_follow_their_reports_whenever_they_came(kept: Record) -> None:
    address = kept.files["open"]
    filed = replace(FILED, receipt=RECEIPT)
    later = ReceiptAttached(duty="D3", filing=1, receipt=RECEIPT, document=address, by="li")
    made = filings(kept, filed, later)
    kinds = [(row["kind"], row["entry"], row["file"]) for row in made.rows]
    assert kinds == [
        ("report", 1, "filings/D3-1.txt"),
        ("receipt", 1, "filings/D3-1-receipt.txt"),
        ("receipt", 2, f"{dossier.EVIDENCE_FOLDER}{address}.pdf"),
    ]
    assert dict(made.members)["filings/D3-1-receipt.txt"] == RECEIPT.encode()
    assert made.rows[1]["sha256"] == sha256_hex(RECEIPT.encode())


def test_every_name_may_stand_in_a_dossier_whatever_a_duty_is_called(kept: Record) -> None:
    made = filings(kept, replace(FILED, duty="../..\\D 3/§"), replace(FILED, duty="义务"))
    assert len({name for name, _content in made.members}) == 2
    for name, _content in made.members:
        assert dossier.is_name(name), name
