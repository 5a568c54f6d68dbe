"""Private text: sealed per subject, proved by its commitment, gone with its key."""

import hmac
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BrokenSetup, Malformed
from integrations.key_ring import KeyRing, Purpose
from integrations.seal import (
    commitment,
    new_subject_key,
    open_sealed,
    salt_for,
    seal,
    sealed_id,
    unwrap_key,
    wrap_key,
)

RING = KeyRing.from_secret("a secret of the settings, long enough to be one")
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
IDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
KEYS = st.binary(min_size=32, max_size=32)


@given(TEXTS, KEYS, IDS)
def test_a_sealed_text_opens_with_its_key(text: str, key: bytes, text_id: str) -> None:
    opened = open_sealed(seal(text, key, text_id), key, text_id)
    assert opened.text == text
    assert opened.salt == salt_for(key, text_id)
    assert opened.commitment == commitment(salt_for(key, text_id), text)


@given(TEXTS, KEYS, IDS)
def test_sealing_twice_writes_the_same_row(text: str, key: bytes, text_id: str) -> None:
    assert seal(text, key, text_id) == seal(text, key, text_id)


@given(TEXTS, TEXTS, KEYS)
def test_another_text_under_the_same_id_is_another_row_with_another_nonce(
    text: str, other: str, key: bytes
) -> None:
    sealed, changed = seal(text, key, "id"), seal(other, key, "id")
    assert (sealed == changed) is (text == other)
    assert (sealed[:13] == changed[:13]) is (text == other)


@given(TEXTS, KEYS, st.data())
def test_any_altered_bit_is_noticed(text: str, key: bytes, data: st.DataObject) -> None:
    sealed = seal(text, key, "id")
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    altered = (int.from_bytes(sealed) ^ (1 << bit)).to_bytes(len(sealed))
    with pytest.raises(BrokenSetup, match="does not open"):
        open_sealed(altered, key, "id")


@given(st.binary(max_size=80))
def test_bytes_that_were_never_sealed_are_refused(junk: bytes) -> None:
    with pytest.raises(BrokenSetup) as refusal:
        open_sealed(junk, bytes(32), "id")
    assert refusal.value.code == "unsealable"


def test_a_sealed_text_opens_in_its_own_row_and_with_its_own_key_only() -> None:
    key = new_subject_key()
    sealed = seal("皮疹", key, "id")
    with pytest.raises(BrokenSetup):
        open_sealed(sealed, key, "another id")
    with pytest.raises(BrokenSetup):
        open_sealed(sealed, new_subject_key(), "id")


@pytest.mark.parametrize(
    "sealing",
    [
        pytest.param(lambda: seal("a\ud800", bytes(32), "id"), id="sealing"),
        pytest.param(lambda: commitment(bytes(32), "a\ud800"), id="committing"),
    ],
)
def test_half_a_character_is_the_senders_mistake(sealing: Callable[[], object]) -> None:
    with pytest.raises(Malformed, match="position 1"):
        sealing()


def test_nothing_of_the_text_or_salt_shows_in_the_sealed_bytes() -> None:
    key = new_subject_key()
    sealed = seal("rash on both hands", key, "id")
    assert b"rash" not in sealed
    assert salt_for(key, "id") not in sealed


@given(TEXTS, TEXTS, st.binary(min_size=32, max_size=32))
def test_a_commitment_is_stable_and_tells_texts_apart(text: str, other: str, salt: bytes) -> None:
    assert commitment(salt, text) == hmac.new(salt, text.encode(), "sha256").hexdigest()
    assert (commitment(salt, text) == commitment(salt, other)) is (text == other)


@given(IDS, IDS, KEYS, KEYS)
def test_salts_differ_by_id_and_by_subject(
    text_id: str, other_id: str, key: bytes, other_key: bytes
) -> None:
    assert (salt_for(key, text_id) == salt_for(key, other_id)) is (text_id == other_id)
    assert (salt_for(key, text_id) == salt_for(other_key, text_id)) is (key == other_key)


@given(IDS, IDS, IDS, IDS, KEYS)
def test_an_id_is_that_of_one_place_in_one_command(
    command: str, path: str, other_command: str, other_path: str, key: bytes
) -> None:
    same = (command, path) == (other_command, other_path)
    assert (sealed_id(key, command, path) == sealed_id(key, other_command, other_path)) is same
    assert len(sealed_id(key, command, path)) == 32


def test_an_id_is_not_guessed_without_the_subjects_key() -> None:
    ids = {sealed_id(new_subject_key(), "command", "body.text") for _ in range(3)}
    assert len(ids) == 3


def test_the_uses_of_a_subject_key_are_kept_apart() -> None:
    key = new_subject_key()
    assert not salt_for(key, "a").hex().startswith(sealed_id(key, "a", ""))


@given(KEYS, IDS)
def test_a_wrapped_key_is_unwrapped_for_its_subject(key: bytes, subject: str) -> None:
    wrapped = wrap_key(RING, key, subject)
    assert unwrap_key(RING, wrapped, subject) == key
    assert key not in wrapped


@given(st.data())
def test_an_altered_or_exchanged_wrapped_key_is_noticed(data: st.DataObject) -> None:
    wrapped = wrap_key(RING, bytes(32), "subject")
    bit = data.draw(st.integers(0, len(wrapped) * 8 - 1))
    with pytest.raises(BrokenSetup):
        unwrap_key(RING, (int.from_bytes(wrapped) ^ (1 << bit)).to_bytes(len(wrapped)), "subject")
    with pytest.raises(BrokenSetup, match="another subject"):
        unwrap_key(RING, wrapped, "another")


@given(st.binary(max_size=80))
def test_bytes_that_were_never_wrapped_are_refused(junk: bytes) -> None:
    with pytest.raises(BrokenSetup):
        unwrap_key(RING, junk, "subject")


def test_a_truncated_wrapped_key_is_refused() -> None:
    wrapped = wrap_key(RING, bytes(32), "subject")
    for length in range(len(wrapped)):
        with pytest.raises(BrokenSetup):
            unwrap_key(RING, wrapped[:length], "subject")


def test_rotation_of_the_vault_key_keeps_old_subjects_and_wraps_new_ones(tmp_path: Path) -> None:
    ring = KeyRing.create(tmp_path / "ring.json")
    old = wrap_key(ring, b"o" * 32, "old")
    ring.rotate(Purpose.VAULT)
    new = wrap_key(ring, b"n" * 32, "new")
    assert unwrap_key(ring, old, "old") == b"o" * 32
    assert unwrap_key(ring, new, "new") == b"n" * 32
    assert old[1:9] != new[1:9]


def test_a_foreign_ring_says_which_key_is_missing() -> None:
    wrapped = wrap_key(RING, bytes(32), "subject")
    foreign = KeyRing.from_secret("the secret of another installation altogether")
    with pytest.raises(BrokenSetup) as refusal:
        unwrap_key(foreign, wrapped, "subject")
    assert refusal.value.code == "vault_key_missing"
    assert RING.current(Purpose.VAULT).id in refusal.value.sentence
