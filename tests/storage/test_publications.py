"""What stands at a place is what was approved: kept once, never changed, never a drill's."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from domain.canonical import sha256_hex
from domain.errors import BrokenSetup, Malformed, NotFound
from storage.engine import write
from storage.publications import StoredText, keep_text, list_texts, stored_text
from storage.schema import publications

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def text(statement: str = "S1", **more: object) -> StoredText:
    content = f"bytes of {statement}".encode()
    stands = StoredText(
        incident="INC-2026-0001",
        statement=statement,
        version=1,
        place="site",
        kind="holding",
        drill="",
        sha256=sha256_hex(content),
        at=NOON,
        content=content,
    )
    return replace(stands, **more)  # type: ignore[arg-type]


def test_a_text_is_kept_and_read_back_as_the_bytes_it_is(engine: Engine) -> None:
    assert keep_text(engine, text()) == text()
    assert stored_text(engine, "INC-2026-0001", "S1", 1) == text()


def test_the_same_again_changes_nothing_not_even_the_time(engine: Engine) -> None:
    keep_text(engine, text())
    assert keep_text(engine, text(at=NOON + timedelta(hours=1))) == text()
    assert list_texts(engine) == [text()]


def test_bytes_with_another_hash_are_refused(engine: Engine) -> None:
    with pytest.raises(Malformed) as refusal:
        keep_text(engine, text(content=b"other"))
    assert refusal.value.code == "bytes_differ"
    assert list_texts(engine) == []


def test_other_bytes_never_replace_what_stands(engine: Engine) -> None:
    keep_text(engine, text())
    with pytest.raises(BrokenSetup, match="Other bytes stand"):
        keep_text(engine, text(content=b"other", sha256=sha256_hex(b"other")))
    assert stored_text(engine, "INC-2026-0001", "S1", 1) == text()


def test_what_is_not_there_is_said_so(engine: Engine) -> None:
    with pytest.raises(NotFound):
        stored_text(engine, "INC-2026-0001", "S1", 1)


def test_the_newest_comes_first_and_a_drill_is_never_among_them(engine: Engine) -> None:
    newer = text("S2", at=NOON + timedelta(minutes=1))
    drilled = text("S3", drill="exercise")
    elsewhere = text("S4", incident="INC-2026-0002")
    for each in (text(), newer, drilled, elsewhere):
        keep_text(engine, each)
    assert list_texts(engine) == [newer, text(), elsewhere]
    assert list_texts(engine, incident="INC-2026-0001") == [newer, text()]
    assert list_texts(engine, drill="exercise") == [drilled]


def test_reading_back_shows_what_somebody_did_to_the_row(engine: Engine) -> None:
    keep_text(engine, text())
    with write(engine) as connection:
        connection.execute(sa.update(publications).values(content=b"tampered"))
    stands = stored_text(engine, "INC-2026-0001", "S1", 1)
    assert sha256_hex(stands.content) != stands.sha256
