"""Dossiers as they are really made, under both verifiers: whole, whichever kind and whenever made."""

from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from services.dossier import Asked
from services.signing_keys import keys_of
from storage import heads
from tests.database import database, engine, postgres
from tests.dossier_verifiers import judged
from tests.services.dossiers import AUDITOR, LAWYER, Record, add, recorded

__all__ = ["database", "engine", "postgres"]


@pytest.fixture
def kept(engine: Engine, tmp_path: Path) -> Record:
    """Give a record of nine entries, none of them signed yet."""
    return recorded(engine, tmp_path)


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
