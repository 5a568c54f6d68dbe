"""Signed heads: every ledger that grew gets one, the company's log tells of it, and keys change."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from activities.heads import KEY_USED, HeadActivities, Signing
from domain.checkpoint import read_checkpoint, read_note
from domain.tree import Tree, leaf_hash
from integrations.note_keys import NoteSigner, signed_by
from storage import company, company_tree, heads
from storage.engine import read
from storage.ledger import record
from storage.schema import company_log
from tests.database import database, engine, postgres
from tests.storage.streams import NOON, entries, fold, new_incident

__all__ = ["database", "engine", "postgres"]

ORIGIN = "andon.example/1234"
OLD, NEW = (NoteSigner(ORIGIN, bytes([seed]) * 32) for seed in (1, 2))


def signing(engine: Engine, *signers: NoteSigner) -> HeadActivities:
    return HeadActivities(engine, lambda: Signing(ORIGIN, signers))


def newest(engine: Engine, stream: str) -> heads.SignedHead:
    found = heads.newest(engine, stream)
    assert found is not None
    return found


@pytest.fixture
def stream(engine: Engine) -> str:
    """Give an incident with three entries."""
    number = new_incident(engine)
    record(engine, number, 1, entries(number, 1, 3), [], fold)
    return number


def test_each_ledger_that_grew_gets_one_head_and_a_line_in_the_companys_log(
    engine: Engine, stream: str
) -> None:
    acts = signing(engine, OLD)
    acts.sign_all()
    own, log = newest(engine, stream), newest(engine, heads.LOG)
    assert (own.stream, own.size, log.stream) == (stream, 3, heads.LOG)
    note = read_note(own.note)
    assert signed_by(note, [OLD.key]) == (OLD.key,)
    told = read_checkpoint(note.text)
    assert (told.origin, told.size) == (f"{ORIGIN}/{stream}", 3)
    [line] = company.lines_of(engine, [heads.SIGNED])
    assert line.body == {"stream": stream, "size": 3, "root": told.root.hex()}
    assert log.size == len(company.read_log(engine)), "the head of the log covers that line"
    acts.sign_all()
    assert [len(heads.every(engine, one)) for one in (stream, heads.LOG)] == [1, 1], "nothing grew"


def test_the_head_of_the_log_is_the_root_over_the_bytes_of_its_lines(
    engine: Engine, stream: str
) -> None:
    company.log(engine, NOON, "SignedIn", {"person": "安琪"})
    acts = signing(engine, OLD)
    acts.sign_all()
    with read(engine) as connection:
        rows = connection.execute(sa.select(company_log).order_by(company_log.c.seq)).all()
    for row in rows:
        assert row.content == company_tree.line_bytes(row.seq, row.at, row.type, row.body)
    tree = Tree(leaf_hash(row.content) for row in rows)
    assert newest(engine, heads.LOG).root == tree.root().hex()
    assert company_tree.leaves(engine) == [leaf_hash(row.content) for row in rows]


def test_an_entry_is_covered_by_the_first_head_after_it(engine: Engine, stream: str) -> None:
    acts = signing(engine, OLD)
    acts.sign_all()
    record(engine, stream, 4, entries(stream, 4, 4), [], fold)
    assert heads.first_with(engine, stream, 4) is None
    acts.sign_now(stream)
    assert [head.size for head in heads.every(engine, stream)] == [3, 4]
    found = heads.first_with(engine, stream, 2)
    assert found is not None
    assert found.size == 3


def test_a_new_key_is_named_under_a_head_that_both_keys_sign(engine: Engine, stream: str) -> None:
    signing(engine, OLD).sign_all()
    acts = signing(engine, OLD, NEW)
    record(engine, stream, 4, entries(stream, 4, 4), [], fold)
    acts.sign_all()
    own, log = (read_note(newest(engine, one).note) for one in (stream, heads.LOG))
    assert signed_by(own, [OLD.key, NEW.key]) == (NEW.key,)
    assert signed_by(log, [OLD.key, NEW.key]) == (OLD.key, NEW.key)
    used = [line.body for line in company.lines_of(engine, [KEY_USED])]
    first, second = OLD.key.text(), NEW.key.text()
    assert used == [{"key": first, "before": ""}, {"key": second, "before": first}]
    company.log(engine, NOON + timedelta(hours=1), "SignedIn", {})
    acts.sign_all()
    assert signed_by(read_note(newest(engine, heads.LOG).note), [OLD.key, NEW.key]) == (NEW.key,)
