"""Signed notes: the published example verifies, and nothing that was changed does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.checkpoint import Checkpoint, VerifierKey, read_checkpoint, read_key, read_note
from domain.errors import Malformed
from integrations.note_keys import NoteSigner, signed_by

KNOWN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
EXAMPLE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZ"
    "b6KE6RyyBwJnAM=\n"
)
"""The example of Go's golang.org/x/mod/sumdb/note, from which the C2SP format comes."""

SIGNER = NoteSigner("andon.example", bytes(range(32)))
HEAD = Checkpoint(origin="andon.example/INC-2026-0001", size=7, root=bytes(range(32)))


def test_the_published_example_verifies() -> None:
    key = read_key(KNOWN)
    assert key.text() == KNOWN
    assert signed_by(read_note(EXAMPLE), [key]) == (key,)


def test_a_head_is_written_signed_and_read_back() -> None:
    written = SIGNER.sign(HEAD.text()).written()
    note = read_note(written)
    assert note.written() == written
    assert read_checkpoint(note.text) == HEAD
    assert signed_by(note, [SIGNER.key]) == (SIGNER.key,)


def test_while_a_key_changes_both_sign_and_either_is_enough() -> None:
    newer = NoteSigner("andon.example", bytes(range(1, 33)))
    note = newer.also(SIGNER.sign(HEAD.text()))
    for known in ([SIGNER.key], [newer.key]):
        assert signed_by(note, known) == tuple(known)


def test_what_an_unknown_key_says_counts_for_nothing() -> None:
    stranger = NoteSigner("andon.example", bytes(32))
    assert signed_by(stranger.sign(HEAD.text()), [SIGNER.key]) == ()


@given(st.data())
def test_no_changed_byte_verifies(data: st.DataObject) -> None:
    written = SIGNER.sign(HEAD.text()).written().encode()
    place = data.draw(st.integers(0, len(written) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != written[place]))
    changed = written[:place] + bytes([other]) + written[place + 1 :]
    try:
        note = read_note(changed.decode())
    except (Malformed, UnicodeDecodeError):
        return
    assert signed_by(note, [SIGNER.key]) == ()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("a\n7\n", id="no root"),
        pytest.param(f"a\n07\n{'A' * 43}=\n", id="a number with a zero in front"),
        pytest.param(f"a\n-1\n{'A' * 43}=\n", id="fewer than none"),
        pytest.param(f"a\n\u0667\n{'A' * 43}=\n", id="digits of another script"),
        pytest.param(f"\n7\n{'A' * 43}=\n", id="nobody's"),
        pytest.param(f"a\n7\n{'A' * 42}B=\n", id="spare bits in the root"),
        pytest.param(f"a\n7\n{'A' * 40}\n", id="a short root"),
        pytest.param(f"a\n7\n{'A' * 43}=", id="no newline at the end"),
        pytest.param(f"a\n7\n{'A' * 43}=\n\nmore\n", id="an empty line among further ones"),
    ],
)
def test_what_is_no_head_is_refused(text: str) -> None:
    with pytest.raises(Malformed, match="not a head of a ledger"):
        read_checkpoint(text)


@pytest.mark.parametrize(
    "word",
    [
        "",
        "a",
        "a+c74f20a3",
        KNOWN.replace("c74f20a3", "c74f20a4"),
        KNOWN.replace("+AR", "+AB"),
        KNOWN[:-4],
        KNOWN.replace("Peter", "Pe ter"),
    ],
)
def test_what_is_no_key_is_refused(word: str) -> None:
    with pytest.raises(Malformed, match="not a key"):
        read_key(word)


def test_a_key_is_known_by_name_and_bytes_together() -> None:
    other = VerifierKey(name="andon.other", public=SIGNER.key.public)
    assert other.id != SIGNER.key.id
    assert signed_by(SIGNER.sign(HEAD.text()), [other]) == ()
