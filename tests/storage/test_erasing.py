"""Destroying several keys and their line in one transaction, and sweeping the bytes off the disk."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from storage import company
from storage.engine import read
from storage.erasing import (
    LogLineToCome,
    erase_all,
    erased,
    every_text,
    kept_of,
    sweep,
    with_key,
)
from storage.vault import SealedText, keep_key, keep_texts, wrapped_key
from tests.storage.streams import NOON

LINE = LogLineToCome(kind="DataErased", body={"erasure": "E1", "subjects": ["s1"]})


def keys(engine: Engine, *names: str) -> None:
    """Keep a key and a text for each."""
    for name in names:
        keep_key(engine, name, f"wrapped key of {name}".encode(), NOON)
        text = SealedText(
            id=f"t-{name}", subject=name, access="health", stored_at=NOON, ciphertext=b"\x00sealed"
        )
        keep_texts(engine, [text])


def test_keys_go_together_with_the_line_that_tells_of_it(engine: Engine) -> None:
    keys(engine, "s1", "s2", "s3")
    assert erase_all(engine, ["s2", "s1", "nobody"], NOON, "objection", LINE) == ["s1", "s2"]
    assert [wrapped_key(engine, name) for name in ("s1", "s2")] == [None, None]
    assert wrapped_key(engine, "s3") is not None
    assert erased(engine) == {"s1": (NOON, "objection"), "s2": (NOON, "objection")}
    assert [line.body for line in company.lines_of(engine, ("DataErased",))] == [LINE.body]
    assert erase_all(engine, ["s1"], NOON, "other") == []
    assert erased(engine)["s1"] == (NOON, "objection"), "the first erasure is the one that counts"


def test_a_line_that_cannot_be_written_leaves_the_keys(engine: Engine) -> None:
    keys(engine, "s1")
    broken = LogLineToCome(kind="DataErased", body={"not": object()})
    with pytest.raises(Exception, match="object"):
        erase_all(engine, ["s1"], NOON, "objection", broken)
    assert wrapped_key(engine, "s1") is not None


def test_more_subjects_than_one_statement_names(engine: Engine) -> None:
    names = [f"s{number:04}" for number in range(1100)]
    for name in names[:3] + names[-3:]:
        keep_key(engine, name, b"key", NOON)
    assert len(erase_all(engine, names, NOON, "period_over")) == 6
    assert with_key(engine, names) == []


def test_what_is_kept_of_a_subject_is_counted_by_who_may_open_it(engine: Engine) -> None:
    keys(engine, "s1", "s2")
    erase_all(engine, ["s2"], NOON, "objection")
    found = kept_of(engine, ["s1", "s2", "s3"])
    assert {name: dict(one.texts) for name, one in found.items()} == {
        "s1": {"health": 1}, "s2": {"health": 1},
    }  # fmt: skip
    assert (found["s1"].erased_at, found["s2"].erased_at) == (None, NOON)
    assert with_key(engine, ["s1", "s2", "s3"]) == ["s1"]


def test_every_text_is_walked_once(engine: Engine) -> None:
    keys(engine, "s1", "s2", "s3")
    walked, last = [], ""
    while part := every_text(engine, last, 2):
        walked += part
        last = part[-1]
    assert walked == ["t-s1", "t-s2", "t-s3"]


def test_the_bytes_of_a_destroyed_key_are_gone_from_the_files(engine: Engine) -> None:
    keys(engine, "s1", "s2")
    assert sweep(engine) is True
    assert b"wrapped key of s1" in _on_disk(engine)
    erase_all(engine, ["s1"], NOON, "objection", LINE)
    assert sweep(engine) is True
    there = _on_disk(engine)
    assert b"wrapped key of s1" not in there
    assert b"wrapped key of s2" in there


def _on_disk(engine: Engine) -> bytes:
    """Give the bytes of the database's files; of PostgreSQL those of the table of keys."""
    if engine.dialect.name == "sqlite":
        file = Path(str(engine.url.database))
        return b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*"))
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(sa.text("CHECKPOINT"))
    with read(engine) as connection:
        folder = connection.execute(sa.text("SHOW data_directory")).scalar_one()
        place = connection.execute(sa.text("SELECT pg_relation_filepath('vault_keys')"))
        found = Path(str(folder)) / str(place.scalar_one())
    if not found.exists():
        pytest.skip("the server's files are not on this machine")
    return found.read_bytes()


def test_a_table_that_others_hold_is_swept_later(engine: Engine) -> None:
    keys(engine, "s1")
    if engine.dialect.name == "sqlite":
        with read(engine) as reader:
            reader.execute(sa.text("SELECT count(*) FROM vault_keys")).scalar_one()
            erase_all(engine, ["s1"], NOON, "objection")
            assert sweep(engine) is False
    else:
        with read(engine) as reader:
            reader.execute(sa.text("SET LOCAL lock_timeout = 0"))
            reader.execute(sa.text("LOCK TABLE vault_keys IN ACCESS SHARE MODE"))
            assert sweep(engine) is False
    assert sweep(engine) is True
