"""Proofs over the record, verified as somebody would who holds the key and one head."""

from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from activities.heads import HeadActivities, Signing
from domain.checkpoint import read_checkpoint, read_note
from domain.errors import NotFound, Refused
from domain.tree import verify_consistency, verify_inclusion
from integrations.key_ring import KeyRing
from integrations.note_keys import NoteSigner, signed_by
from services import proving
from services.house import House
from services.settings import Settings
from storage import heads
from storage.ledger import record
from tests.database import database, engine, postgres
from tests.storage.streams import entries, fold, new_incident

__all__ = ["database", "engine", "postgres"]

SIGNER = NoteSigner("andon.example/1234", bytes(range(32)))


@pytest.fixture
def house(engine: Engine, tmp_path: Path) -> House:
    """Give an incident of nine entries whose heads were signed after 4, 7 and 8 of them."""
    made = House(Settings(home=tmp_path), engine, engine, KeyRing.create(tmp_path / "ring.json"))
    number = new_incident(engine)
    signs = HeadActivities(engine, lambda: Signing("andon.example/1234", [SIGNER]))
    for first, last in ((1, 4), (5, 7), (8, 8), (9, 9)):
        record(engine, number, first, entries(number, first, last), [], fold)
        if last < 9:
            signs.sign_all()
    return made


NUMBER = "INC-2026-0001"


@pytest.mark.parametrize("seq", range(1, 9))
def test_every_entry_under_a_head_is_proved(house: House, seq: int) -> None:
    proof = proving.inclusion(house, NUMBER, seq)
    note = read_note(proof.head.note)
    assert signed_by(note, [SIGNER.key])
    told = read_checkpoint(note.text)
    path = [bytes.fromhex(one) for one in proof.path]
    leaf = bytes.fromhex(proof.leaf)
    assert verify_inclusion(leaf, seq - 1, told.size, path, told.root)
    assert not verify_inclusion(leaf, seq % told.size, told.size, path, told.root)


@pytest.mark.parametrize("stream", [NUMBER, heads.LOG])
def test_a_later_head_goes_on_from_an_earlier_one(house: House, stream: str) -> None:
    sizes = [head.size for head in heads.every(house.engine, stream)]
    assert len(sizes) == 3
    for first in sizes:
        for second in sizes:
            if first <= second:
                proof = proving.consistency(house, stream, first, second)
                one, other = (bytes.fromhex(head.root) for head in (proof.first, proof.second))
                path = [bytes.fromhex(each) for each in proof.path]
                assert verify_consistency(first, second, one, other, path)


def test_what_is_too_young_is_counted_and_said(house: House) -> None:
    assert proving.unsigned(house, NUMBER) == 1
    with pytest.raises(Refused, match="Entry 9 is not under a signed head yet"):
        proving.inclusion(house, NUMBER, 9)


@pytest.mark.parametrize("seq", [0, -1, 10])
def test_there_is_no_such_entry(house: House, seq: int) -> None:
    with pytest.raises(NotFound, match="has no entry"):
        proving.inclusion(house, NUMBER, seq)


def test_heads_are_named_by_sizes_that_were_signed(house: House) -> None:
    with pytest.raises(NotFound, match="no signed head of 5 entries"):
        proving.consistency(house, NUMBER, 5, 7)
    with pytest.raises(Refused, match="The first head is the larger one"):
        proving.consistency(house, NUMBER, 7, 4)
