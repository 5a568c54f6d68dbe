"""A log that was written anew is neither signed nor passed, where its newest head is kept here."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from activities.heads import HeadActivities
from domain.canonical import canonical
from domain.errors import BrokenSetup, NotWhole
from domain.tree import Frontier, leaf_hash
from services.house import House
from services.signing_keys import newest_of, origin_of, signing_of
from services.verifying_whole import verify_whole
from storage import company, company_tree, heads
from storage.engine import write
from storage.schema import company_log, meta, numbering
from storage.schema import heads as head_rows
from storage.types import instant_column

Act = Callable[[], int]


def wrote(house: House, *people: str) -> None:
    for person in people:
        company.log(house.engine, house.now(), "SignedIn", {"person": person})


def rewritten(house: House, *, keeps: int, drops: int = 0) -> None:
    """Write the log anew from a line on, as whoever can write to the database alone would."""
    with write(house.engine) as connection:
        rows = connection.execute(sa.select(company_log).order_by(company_log.c.seq)).all()
        rows = rows[: len(rows) - drops]
        connection.execute(sa.delete(company_log))
        connection.execute(sa.delete(head_rows).where(head_rows.c.size > keeps))
        tree = Frontier()
        for row in rows:
            body = row.body if row.seq <= keeps else {**row.body, "forged": True}
            content = company_tree.line_bytes(row.seq, row.at, row.type, body)
            tree = tree.append(leaf := leaf_hash(content))
            said = row._asdict() | {"body": body, "content": content, "leaf": leaf.hex()}
            connection.execute(sa.insert(company_log).values(said))
        told = canonical({"hashes": list(tree.to_hex()), "size": tree.size}).decode()
        is_frontier = meta.c.key == company_tree.FRONTIER
        connection.execute(sa.update(meta).where(is_frontier).values(value=told))
        counted = numbering.c.kind == company_tree.COUNTED
        connection.execute(sa.update(numbering).where(counted).values(last=len(rows)))


def signer(house: House) -> HeadActivities:
    return HeadActivities(house.engine, lambda: signing_of(house))


def named(house: House) -> set[str]:
    key = signing_of(house).signers[-1].key
    return {fault.kind for _, fault in verify_whole(house, [key]).faults}


def sizes(house: House) -> list[int]:
    return [one.size for one in heads.every(house.engine, heads.LOG)]


@pytest.mark.parametrize("anew", [True, False], ids=["a new process", "the same process"])
@pytest.mark.parametrize(
    ("drops", "kind"), [(0, "newest_root"), (2, "newest_beyond")], ids=["rewritten", "cut short"]
)
def test_a_log_that_was_written_anew_is_named_and_not_signed(
    drops: int, kind: str, anew: bool, house: House
) -> None:
    signs = signer(house)
    signs.sign_all()
    [early] = sizes(house)
    wrote(house, "li.wei", "an.qi")
    signs.sign_all()
    assert named(house) == set()
    rewritten(house, keeps=early, drops=drops)
    assert kind in named(house)
    signs = signer(house) if anew else signs
    before = len(company.read_log(house.engine))
    with pytest.raises(NotWhole, match="does not lead on"):
        signs.sign_all()
    signs.sign_now("INC-2026-0001")
    assert sizes(house) == [early]
    assert len(company.read_log(house.engine)) == before, "nothing is written either"


def test_what_was_rewritten_between_two_rounds_and_went_on_is_not_signed(house: House) -> None:
    signs = signer(house)
    signs.sign_all()
    wrote(house, "li.wei")
    signs.sign_all()
    last = sizes(house)[-1]
    wrote(house, "an.qi", "fang.zheng")
    signs.sign_all()
    rewritten(house, keeps=last)
    wrote(house, "ji.ruo", "lyu.an")
    with pytest.raises(NotWhole):
        signs.sign_all()


def test_a_log_that_leads_on_is_signed_by_whoever_comes(house: House) -> None:
    for person in ("li.wei", "an.qi", "fang.zheng"):
        wrote(house, person)
        signer(house).sign_all()
    assert len(sizes(house)) == 3
    whole = verify_whole(house)
    assert (whole.faults, whole.unsigned, whole.newest) == ((), {}, True)


def test_where_no_head_is_kept_it_is_said_and_nothing_named(house: House) -> None:
    """A copy of the database that was put back elsewhere has no head beside it."""
    signer(house).sign_all()
    kept = newest_of(house.settings, origin_of(house))
    kept.path.unlink()
    whole = verify_whole(house)
    assert (whole.faults, whole.newest) == ((), False)
    wrote(house, "li.wei")
    signer(house).sign_all()
    assert verify_whole(house).newest


def test_an_older_head_beside_the_ring_is_led_on_from(house: House) -> None:
    """Keys that were put back from an older copy, or a second machine with a folder of its own."""
    signer(house).sign_all()
    kept = newest_of(house.settings, origin_of(house))
    older = kept.read()
    assert older is not None
    wrote(house, "li.wei")
    signer(house).sign_all()
    kept.keep(older)
    assert verify_whole(house).faults == ()
    wrote(house, "an.qi")
    signer(house).sign_all()
    assert verify_whole(house).faults == ()


@pytest.mark.parametrize(
    "said", ["", "x", "andon.example/log\n1\n\n"], ids=["nothing", "a word", "cut"]
)
def test_what_is_no_head_is_named_and_nothing_is_signed(said: str, house: House) -> None:
    signer(house).sign_all()
    newest_of(house.settings, origin_of(house)).keep(said)
    assert named(house) == {"newest_unreadable"}
    wrote(house, "li.wei")
    with pytest.raises(NotWhole, match="is none"):
        signer(house).sign_all()


def test_a_head_that_cannot_be_read_stops_signing_and_is_named(house: House) -> None:
    kept = newest_of(house.settings, origin_of(house))
    kept.path.mkdir(parents=True)
    with pytest.raises(BrokenSetup, match="newest signed head"):
        signer(house).sign_all()
    assert "newest_unreadable" in named(house)


def test_where_it_cannot_be_written_signing_goes_on(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    folder = house.settings.newest_heads_dir
    folder.parent.mkdir(exist_ok=True)
    folder.symlink_to(folder.parent / "nowhere" / "else")
    signer(house).sign_all()
    assert len(sizes(house)) == 1
    assert "cannot be written" in caplog.text


def test_lines_that_are_older_than_the_newest_head_and_not_under_it_are_named(
    house: House,
) -> None:
    """So it is where every later head was taken out, also where none is kept beside the ring."""
    signer(house).sign_all()
    wrote(house, "li.wei")
    assert named(house) == set()
    company.log(house.engine, house.now() - timedelta(hours=2), "SignedIn", {"person": "an.qi"})
    assert named(house) == {"log_unsigned"}


def test_it_is_said_since_when_entries_are_not_signed(house: House) -> None:
    signer(house).sign_all()
    at = house.now()
    company.log(house.engine, at, "SignedIn", {"person": "an.qi"})
    wrote(house, "li.wei")
    whole = verify_whole(house)
    assert whole.unsigned == {"log": 2}
    assert whole.unsigned_since == {"log": instant_column(at)}
