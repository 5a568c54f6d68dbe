"""The vault keeps sealed bytes, and an erased key is gone from the disk."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from domain.errors import KeyReused, NotFound, Refused
from storage.database import open_database
from storage.erasing import erase
from storage.vault import (
    AT_ONCE,
    SealedText,
    discard,
    keep_key,
    keep_sealed,
    keep_texts,
    kept_texts,
    texts_of,
    wrapped_key,
)
from tests.storage.streams import NOON

WRAPPED = b"the wrapped key of subject one \x00\xff"


def sealed(text_id: str, subject: str = "s1", **more: bytes) -> SealedText:
    """Make a sealed text."""
    return SealedText(
        id=text_id,
        subject=subject,
        access="health",
        stored_at=NOON,
        ciphertext=more.get("ciphertext", b"\x00sealed\xff"),
    )


def test_what_was_kept_is_given_with_its_key(engine: Engine) -> None:
    keep_key(engine, "s1", WRAPPED, NOON)
    keep_texts(engine, [sealed("t1"), sealed("t2")])
    given = kept_texts(engine, ["t1", "t2", "t3"])
    assert set(given) == {"t1", "t2"}
    assert (given["t1"].ciphertext, given["t1"].wrapped) == (b"\x00sealed\xff", WRAPPED)
    assert (given["t1"].access, given["t1"].stored_at) == ("health", NOON)
    assert texts_of(engine, "s1") == ["t1", "t2"]
    assert kept_texts(engine, []) == {}


def test_the_first_key_of_a_subject_stays(engine: Engine) -> None:
    assert keep_key(engine, "s1", b"first", NOON) == b"first"
    assert keep_key(engine, "s1", b"second", NOON) == b"first"
    assert wrapped_key(engine, "s1") == b"first"


def test_of_keys_made_at_the_same_moment_one_stays(engine: Engine) -> None:
    with ThreadPoolExecutor(8) as threads:
        given = set(
            threads.map(lambda n: keep_key(engine, "s1", f"key {n}".encode(), NOON), range(8))
        )
    assert given == {wrapped_key(engine, "s1")}


def test_sealing_again_writes_only_what_is_new(engine: Engine) -> None:
    keep_key(engine, "s1", WRAPPED, NOON)
    keep_texts(engine, [sealed("t1")])
    keep_texts(engine, [sealed("t1"), sealed("t2")])
    assert kept_texts(engine, ["t1"])["t1"].ciphertext == b"\x00sealed\xff"
    assert texts_of(engine, "s1") == ["t1", "t2"]


def test_an_id_is_never_given_to_another_text(engine: Engine) -> None:
    keep_key(engine, "s1", WRAPPED, NOON)
    keep_key(engine, "s2", WRAPPED, NOON)
    keep_texts(engine, [sealed("t1")])
    with pytest.raises(KeyReused):
        keep_texts(engine, [sealed("t0"), sealed("t1", "s2")])
    with pytest.raises(KeyReused):
        keep_texts(engine, [replace(sealed("t1"), access="open")])
    with pytest.raises(KeyReused):
        keep_texts(engine, [sealed("t0"), sealed("t1", ciphertext=b"other words")])
    assert texts_of(engine, "s1") == ["t1"]


def test_a_text_that_nobody_could_open_is_not_kept(engine: Engine) -> None:
    with pytest.raises(Refused, match="no key for subject s1"):
        keep_texts(engine, [sealed("t1")])
    assert kept_texts(engine, ["t1"]) == {}


def test_what_is_discarded_is_gone_and_its_key_stays(engine: Engine) -> None:
    keep_key(engine, "s1", WRAPPED, NOON)
    keep_texts(engine, [sealed("t1"), sealed("t2")])
    discard(engine, ["t1", "t2"])
    assert texts_of(engine, "s1") == []
    assert wrapped_key(engine, "s1") == WRAPPED


def test_more_texts_are_given_than_one_statement_names(engine: Engine) -> None:
    keep_key(engine, "s1", WRAPPED, NOON)
    ids = [f"t{number}" for number in range(AT_ONCE + 1)]
    keep_texts(engine, [sealed(each) for each in ids])
    assert set(kept_texts(engine, ids)) == set(ids)


def test_erasing_destroys_the_key_and_nothing_else(engine: Engine) -> None:
    for subject in ("s1", "s2"):
        keep_key(engine, subject, WRAPPED, NOON)
    keep_texts(engine, [sealed("t1"), sealed("t2", "s2")])

    assert erase(engine, "s1", NOON) == NOON
    assert wrapped_key(engine, "s1") is None
    given = kept_texts(engine, ["t1", "t2"])
    assert (given["t1"].wrapped, given["t1"].ciphertext) == (None, b"\x00sealed\xff")
    assert given["t2"].wrapped == WRAPPED
    # The first erasure is the one that counts.
    assert erase(engine, "s1", NOON + timedelta(days=1)) == NOON


def test_an_erased_subject_gets_no_new_key_and_no_new_text(engine: Engine) -> None:
    keep_key(engine, "s1", WRAPPED, NOON)
    erase(engine, "s1", NOON)
    with pytest.raises(Refused) as refusal:
        keep_key(engine, "s1", b"new", NOON)
    assert refusal.value.code == "subject_erased"
    with pytest.raises(Refused):
        keep_texts(engine, [sealed("t1")])


def test_an_unknown_subject_is_not_found(engine: Engine) -> None:
    with pytest.raises(NotFound):
        wrapped_key(engine, "s1")
    with pytest.raises(NotFound):
        erase(engine, "s1", NOON)


def test_an_erased_key_is_gone_from_the_files(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'andon.db'}")
    database.migrate()
    engine = database.ledger

    def on_disk() -> bytes:
        return b"".join(file.read_bytes() for file in sorted(tmp_path.iterdir()))

    for number in range(20):
        keep_key(engine, f"s{number}", f"wrapped key number {number:04}".encode(), NOON)
    assert b"wrapped key number 0007" in on_disk()
    erase(engine, "s7", NOON)
    assert b"wrapped key number 0007" not in on_disk()
    assert b"wrapped key number 0008" in on_disk()
    database.close()


def test_key_and_texts_are_kept_together_or_not_at_all(engine: Engine) -> None:
    seen: list[bytes] = []

    def seal_for(key: bytes) -> list[SealedText]:
        seen.append(key)
        return [sealed("t1")]

    assert keep_sealed(engine, "s1", b"first", NOON, seal_for) == b"first"
    assert keep_sealed(engine, "s1", b"second", NOON, seal_for) == b"first"
    assert seen == [b"first", b"first"]
    assert texts_of(engine, "s1") == ["t1"]

    def fail(_key: bytes) -> list[SealedText]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        keep_sealed(engine, "s2", b"lost", NOON, fail)
    with pytest.raises(NotFound):
        wrapped_key(engine, "s2")
