"""Dossiers as they are really made, under both verifiers: whole, whichever kind and whenever made."""

from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from activities.heads import HeadActivities
from integrations.key_ring import Purpose
from services.dossier import Asked
from services.signing_keys import keys_of, signing_of
from storage import heads
from tests.database import database, engine, postgres
from tests.dossier_verifiers import judged
from tests.services.dossiers import AUDITOR, LAWYER, Record, add, recorded

__all__ = ["database", "engine", "postgres"]


@pytest.fixture
def kept(engine: Engine, tmp_path: Path) -> Record:
    """Give a record of nine entries, none of them signed yet."""
    return recorded(engine, tmp_path)


@pytest.mark.parametrize("by_hand", [False, True], ids=["nothing signed", "one head out of turn"])
def test_a_dossier_between_a_new_key_and_its_first_round_is_whole(
    kept: Record, *, by_hand: bool
) -> None:
    """The newest key that the log announces signs; what the new one signed waits for the log."""
    kept.sign()
    before = keys_of(kept.house)
    kept.house.ring.rotate(Purpose.HEAD)
    add(kept, 10, [{"text": "later"}])
    if by_hand:
        HeadActivities(kept.house.engine, lambda: signing_of(kept.house)).sign_now(kept.incident)
    opened = kept.made()
    verdict = judged(opened.zipped, before)
    assert verdict.faults == ()
    assert (verdict.signed, verdict.unsigned) == (9, 1)
    assert opened.members["keys.txt"].decode().split() == [key.text() for key in before]
    kept.sign()
    verdict = judged(kept.made().zipped, keys_of(kept.house)[-1:])
    assert verdict.faults == ()
    assert verdict.unsigned == 0
    add(kept, 11, [{"text": "later still"}])
    kept.sign()
    assert judged(kept.made().zipped, before).faults == (), "the old key vouches for the new one"


@pytest.mark.parametrize(
    "asked",
    [Asked(), Asked(redacted=True), Asked(private=True)],
    ids="default redacted private".split(),
)
@pytest.mark.parametrize("signed", [0, 1, 3])
def test_a_dossier_as_it_is_made_is_whole(kept: Record, asked: Asked, signed: int) -> None:
    for number in range(signed):
        kept.sign()
        add(kept, 10 + number, [{"text": f"later {number}"}])
    content = kept.made(LAWYER if asked.private else AUDITOR, asked).zipped
    newest = heads.newest(kept.house.engine, kept.incident)
    verdict = judged(content, keys_of(kept.house), [newest.note] if newest else [])
    assert verdict.faults == ()
    assert verdict.entries == 9 + signed
    assert verdict.unsigned == (1 if signed else 9)
