"""Having the newest head stamped: patiently, once a minute at most, and nothing waits for it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from activities.heads import HeadActivities, Signing
from activities.stamps import PATIENCE, REFUSED, StampActivities, stands
from domain.timestamp import read_stamp
from domain.wire import instant_text
from integrations.note_keys import NoteSigner
from integrations.outgoing import Bounds, Outgoing
from integrations.stamp_proofs import verified
from integrations.timestamps import HttpAuthority
from storage import company, heads, stamps
from storage.ledger import record
from storage.stamps import KeptStamp
from tests.database import database, engine, postgres
from tests.stamping import ROOT, Stamping, stamping
from tests.storage.streams import entries, fold, new_incident

__all__ = ["database", "engine", "postgres"]

ORIGIN = "andon.example/1234"
SIGNER = NoteSigner(ORIGIN, bytes([1]) * 32)


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.at

    def wait(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def server() -> Iterator[Stamping]:
    with stamping() as one:
        yield one


@pytest.fixture
def there(server: Stamping) -> Stamping:
    server.but()
    server.status, server.raw = 200, None
    server.asked.clear()
    return server


@pytest.fixture
def stream(engine: Engine) -> str:
    """Give an incident with three entries, signed."""
    number = new_incident(engine)
    record(engine, number, 1, entries(number, 1, 3), [], fold)
    sign(engine)
    return number


def sign(engine: Engine) -> None:
    HeadActivities(engine, lambda: Signing(ORIGIN, [SIGNER])).sign_all()


def grow(engine: Engine, stream: str, seq: int) -> None:
    record(engine, stream, seq, entries(stream, seq, seq), [], fold)
    sign(engine)


def authority(there: Stamping, name: str = "tsa", **more: Any) -> HttpAuthority:
    outgoing = Outgoing(Bounds(inside_allowed=True, plain_allowed=True, within_s=5))
    return HttpAuthority(
        id=name, outgoing=outgoing, url=there.url, roots=(ROOT.certificate,), **more
    )


def acts(engine: Engine, *authorities: HttpAuthority) -> StampActivities:
    return StampActivities(engine, lambda: authorities, round_s=0)


def every(engine: Engine) -> list[KeptStamp]:
    return stamps.between(engine, 0, 10**9)


def newest(engine: Engine) -> heads.SignedHead:
    found = heads.newest(engine, heads.LOG)
    assert found is not None
    return found


def test_the_newest_head_of_the_log_is_stamped_and_the_stamp_kept(
    engine: Engine, stream: str, there: Stamping, clock: Clock
) -> None:
    assert acts(engine, authority(there)).stamp_all(clock) == 1
    [kept] = every(engine)
    head = newest(engine)
    assert (kept.size, kept.authority) == (head.size, "tsa")
    assert verified(kept.answer, head.note.encode(), [ROOT.certificate]).at == kept.at
    assert stamps.behind(engine, kept.size).count == 0


def test_nobody_is_asked_where_nobody_is_named(engine: Engine, stream: str) -> None:
    assert acts(engine).stamp_heads().looked_at == 0
    assert every(engine) == []


def test_a_record_that_rests_is_stamped_once_and_its_log_rests_too(
    engine: Engine, stream: str, there: Stamping, clock: Clock
) -> None:
    one = acts(engine, authority(there))
    for _ in range(5):
        one.stamp_all(clock)
        sign(engine)
        clock.wait(3600)
    assert len(there.asked) == 1
    assert newest(engine).size == every(engine)[0].size


def test_of_many_heads_one_a_minute_is_stamped_and_the_last_one_always(
    engine: Engine, stream: str, there: Stamping, clock: Clock
) -> None:
    one = acts(engine, authority(there, every_s=60))
    for seq in range(4, 16):
        there.but(at=clock())  # as late as ours
        one.stamp_all(clock)
        grow(engine, stream, seq)
        clock.wait(20)
    clock.wait(60)
    there.but(at=clock())
    one.stamp_all(clock)
    assert [len(there.asked), len(every(engine))] == [5, 5]
    assert every(engine)[-1].size == newest(engine).size


def test_lines_that_tell_of_no_ledger_are_stamped_once_an_hour(
    engine: Engine, stream: str, there: Stamping, clock: Clock
) -> None:
    one, stamped = acts(engine, authority(there)), []
    for minute in range(130):
        company.log(engine, clock.at, "SignedIn", {"person": "li"})
        sign(engine)
        if minute == 65:
            grow(engine, stream, 4)
        there.but(late=clock.at - datetime.now(UTC))
        stamped += [minute] * one.stamp_all(clock)
        clock.wait(60)
    assert stamped == [0, 60, 65, 125]


def test_a_clock_that_was_put_back_keeps_nobody_waiting(
    engine: Engine, stream: str, there: Stamping, clock: Clock
) -> None:
    one = acts(engine, authority(there))
    there.but(late=timedelta(days=400))
    clock.wait(400 * 86_400)
    assert one.stamp_all(clock) == 1
    clock.wait(-400 * 86_400)
    grow(engine, stream, 4)
    there.but()
    assert one.stamp_all(clock) == 1


def test_one_that_is_down_holds_up_neither_signing_nor_the_others(
    engine: Engine, stream: str, there: Stamping, clock: Clock
) -> None:
    with stamping() as gone:
        pass
    one = acts(engine, authority(gone, "gone"), authority(there, "there"))
    assert one.stamp_all(clock) == 1
    before = newest(engine)
    grow(engine, stream, 4)
    assert newest(engine).size > before.size
    found = stands(engine, "gone")
    assert "cannot be reached" in found.fault
    behind = stamps.behind(engine, 0)
    assert (behind.count, behind.since) == (2, heads.every(engine, heads.LOG)[0].signed_at)


def test_one_that_fails_is_asked_again_with_growing_pauses_and_then_for_the_newest(
    engine: Engine, stream: str, there: Stamping, clock: Clock
) -> None:
    there.status = 500
    one, began, asked = acts(engine, authority(there)), clock.at, []
    while clock.at - began < timedelta(hours=2):
        before = len(there.asked)
        one.stamp_all(clock)
        asked += [clock.at] * (len(there.asked) - before)
        clock.wait(10)
    pauses = [later - earlier for earlier, later in pairwise(asked)]
    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(minutes=2)
    assert pauses[-1] == PATIENCE
    found = stands(engine, "tsa")
    assert (found.failures, found.failed_at) == (len(asked), instant_text(began))
    grow(engine, stream, 4)
    there.status = 200
    clock.wait(PATIENCE.total_seconds())
    there.but(late=clock.at - datetime.now(UTC))
    assert one.stamp_all(clock) == 1
    assert every(engine)[0].size == newest(engine).size
    assert stands(engine, "tsa").fault == ""


def test_an_answer_that_cannot_be_believed_is_written_down_once_and_kept_nowhere(
    engine: Engine, stream: str, there: Stamping, clock: Clock
) -> None:
    there.but(sound=False)
    one = acts(engine, authority(there))
    for _ in range(6):
        one.stamp_all(clock)
        sign(engine)
        clock.wait(3600)
        there.but(sound=False, late=clock.at - datetime.now(UTC))
    [line] = company.lines_of(engine, [REFUSED])
    assert line.body["authority"] == "tsa"
    assert "leads to a root" in line.body["why"]
    assert every(engine) == []
    there.but(late=clock.at - datetime.now(UTC))
    assert one.stamp_all(clock) == 1
    there.but(nonce=1, late=clock.at - datetime.now(UTC))
    grow(engine, stream, 4)
    clock.wait(100)
    one.stamp_all(clock)
    assert len(company.lines_of(engine, [REFUSED])) == 2, "it was well between the two"


def test_one_that_is_only_away_is_no_line_of_the_log(
    engine: Engine, stream: str, there: Stamping, clock: Clock
) -> None:
    there.status = 503
    acts(engine, authority(there)).stamp_all(clock)
    assert company.lines_of(engine, [REFUSED]) == []
    assert "answered 503" in stands(engine, "tsa").fault


def test_whoever_dies_between_answer_and_keeping_asks_again(
    engine: Engine, stream: str, there: Stamping, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is remembered before the stamp is kept; what is asked twice is kept once."""

    def power_cut(*_about: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr(stamps, "keep", power_cut)
        with pytest.raises(KeyboardInterrupt):
            acts(engine, authority(there)).stamp_all(clock)
    assert every(engine) == []
    with monkeypatch.context() as cut:
        cut.setattr(company, "set_fact", power_cut)
        with pytest.raises(KeyboardInterrupt):
            acts(engine, authority(there)).stamp_all(clock)
    assert acts(engine, authority(there)).stamp_all(clock) == 0
    assert [kept.size for kept in every(engine)] == [newest(engine).size]
    assert len(there.asked) == 2


def test_a_stamp_that_is_there_is_never_written_over(engine: Engine) -> None:
    first = KeptStamp(size=7, authority="tsa", at=datetime.now(UTC), answer=b"first")
    assert stamps.keep(engine, first)
    again = KeptStamp(size=7, authority="tsa", at=datetime.now(UTC), answer=b"second")
    assert not stamps.keep(engine, again)
    assert [one.answer for one in every(engine)] == [b"first"]


def test_each_line_is_covered_by_the_first_stamp_behind_it(engine: Engine) -> None:
    at = datetime.now(UTC)
    for size, name in ((10, "a"), (20, "a"), (30, "a"), (15, "b"), (40, "b")):
        stamps.keep(engine, KeptStamp(size=size, authority=name, at=at, answer=b"x"))
    found = stamps.covering(engine, [3, 9, 12, 20, 29], 30)
    assert [(one.size, one.authority) for one in found] == [
        (10, "a"), (15, "b"), (20, "a"), (30, "a"),
    ]  # fmt: skip
    assert stamps.covering(engine, [31], 30) == []
    assert stamps.covering(engine, [], 30) == []


def test_what_a_stamp_says_is_what_its_row_says(
    engine: Engine, stream: str, there: Stamping, clock: Clock
) -> None:
    there.but(fraction=".25")
    acts(engine, authority(there)).stamp_all(clock)
    [kept] = every(engine)
    assert read_stamp(kept.answer).at == kept.at
    assert kept.at.microsecond == 250_000
