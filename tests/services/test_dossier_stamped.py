"""Dossiers of a record that an authority stamps: the stamps are in them, and both verifiers say so."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from activities.stamps import StampActivities
from domain.dossier import is_name
from domain.timestamp import read_stamp
from domain.wire import instant_text
from services.dossier import Asked
from services.dossier_stamping import stamp_members
from services.settings import Settings
from services.signing_keys import keys_of
from services.timestamps import authorities_of
from services.verifying_whole import verify_whole
from storage.engine import write
from storage.schema import stamps
from storage.stamps import KeptStamp
from tests.database import database, engine, postgres
from tests.dossier_building import whole
from tests.dossier_verifiers import VERIFIER, judged
from tests.services.dossiers import AUDITOR, WHOLE, Opened, Record, add, recorded
from tests.stamping import OTHER_ROOT, ROOT, Stamping, authorities_file, stamping

__all__ = ["database", "engine", "postgres"]

ROOTS = (ROOT.certificate,)
OPENSSL = shutil.which("openssl")


@pytest.fixture(scope="module")
def server() -> Iterator[Stamping]:
    with stamping() as one:
        yield one


@pytest.fixture
def kept(engine: Engine, tmp_path: Path, server: Stamping) -> Record:
    """Give a record of eleven entries: nine signed and stamped, ten too, and one of no head yet."""
    server.but()
    one = recorded(engine, tmp_path)
    file = authorities_file(tmp_path, server.url, every_s=10)
    settings = Settings(home=tmp_path, timestamps=file, allow_inside="true")
    one.house = replace(one.house, settings=settings)
    for seq, hours in ((10, 0), (11, 1)):
        one.sign()
        stamp(one, server, hours)
        add(one, seq, [{"text": f"later {seq}"}])
    return one


def stamp(kept: Record, server: Stamping, hours: float) -> int:
    server.but(late=timedelta(hours=hours))
    named = authorities_of(kept.house.settings)
    at = datetime.now(UTC) + timedelta(hours=hours)
    return StampActivities(kept.house.engine, lambda: named, 0).stamp_all(lambda: at)


def held(opened: Opened, kept: Record) -> list[tuple[int, bool]]:
    verdict = judged(opened.zipped, keys_of(kept.house), roots=ROOTS)
    assert verdict.faults == ()
    return [(one.entries, one.is_trusted) for one in verdict.stamped]


@pytest.mark.parametrize("asked", [Asked(), Asked(redacted=True)], ids=["default", "redacted"])
def test_the_stamps_of_a_record_are_in_its_dossier(kept: Record, asked: Asked) -> None:
    opened = kept.made(AUDITOR, asked)
    assert held(opened, kept) == [(9, True), (10, True)]
    rows = opened.json("stamps.json")
    assert [row["authority"] for row in rows] == ["tsa", "tsa"]
    assert opened.members["stamps/tsa.pem"] == ROOT.pem
    verdict = judged(opened.zipped, keys_of(kept.house))
    assert [one.is_trusted for one in verdict.stamped] == [False, False]
    assert "stamps" in verdict.left_out
    read = read_stamp(opened.members[rows[0]["file"]])
    assert verdict.stamped[0].at == instant_text(read.at)


def test_an_authority_that_is_called_as_a_device_has_roots_that_can_be_unpacked(
    tmp_path: Path,
) -> None:
    file = authorities_file(tmp_path, "https://tsa.example", name="nul")
    settings = Settings(home=tmp_path, timestamps=file, allow_inside="true")
    kept = KeptStamp(size=3, authority="nul", at=datetime.now(UTC), answer=b"")
    names = [name for name, _ in stamp_members(settings, [kept], {3: "note"})]
    assert names == ["stamps.json", "stamps/3-nul.tsr", "stamps/nul_.pem"]
    assert all(map(is_name, names))


def test_a_record_that_nobody_stamps_has_a_dossier_as_before(
    engine: Engine, tmp_path: Path
) -> None:
    one = recorded(engine, tmp_path)
    one.sign()
    assert not [name for name in one.made(AUDITOR, WHOLE).members if name.startswith("stamps")]


def test_of_many_stamps_those_are_taken_that_cover_a_head_first(
    kept: Record, server: Stamping
) -> None:
    """Stamps of heads that tell of others alone add nothing about this record."""
    for hours in (2, 3, 4):
        kept.made()  # a line of the log, and so another head of it
        kept.sign()
        assert stamp(kept, server, hours) == 1
    assert held(kept.made(), kept) == [(9, True), (10, True), (11, True)]


def test_whatever_became_of_the_settings_the_stamps_stay_in(kept: Record) -> None:
    assert kept.house.settings.timestamps is not None
    kept.house.settings.timestamps.write_text("broken")
    opened = kept.made()
    assert "stamps/tsa.pem" not in opened.members
    assert held(opened, kept) == [(9, True), (10, True)]


@pytest.mark.skipif(OPENSSL is None, reason="there is no openssl here")
def test_the_command_that_the_one_file_gives_is_right(kept: Record, tmp_path: Path) -> None:
    opened = kept.made()
    (tmp_path / "d.zip").write_bytes(opened.zipped)
    done = subprocess.run(
        [sys.executable, str(VERIFIER), "d.zip"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    [line] = [one.strip() for one in done.stdout.splitlines() if "ts -verify" in one]
    assert "10 entries were there" in done.stdout
    (tmp_path / "ROOT.pem").write_bytes(ROOT.pem)
    (tmp_path / "OTHER.pem").write_bytes(OTHER_ROOT.pem)
    for name in opened.json("stamps.json"):
        (tmp_path / name["file"]).parent.mkdir(exist_ok=True)
        (tmp_path / name["file"]).write_bytes(opened.members[name["file"]])
    for words, said in ((line, "Verification: OK"), (line.replace("ROOT", "OTHER"), "FAILED")):
        told = subprocess.run(
            words.split(), cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert said in told.stdout, told.stderr


# ---------------------------------------------------------------- all that is kept


def test_all_that_is_kept_is_held_against_the_root_of_the_settings(kept: Record) -> None:
    whole = verify_whole(kept.house)
    assert (named(kept), whole.stamps, whole.stamps_unheld) == ([], 2, 0)
    assert verify_whole(kept.house, roots=[OTHER_ROOT.certificate]).stamps_unheld == 0
    kept.house = replace(kept.house, settings=Settings(home=kept.house.settings.home))
    assert (named(kept), verify_whole(kept.house).stamps_unheld) == ([], 2)
    assert verify_whole(kept.house, roots=ROOTS).stamps_unheld == 0


def named(kept: Record, *roots: object) -> list[str]:
    """Give what is found of stamps; this record, made up for dossiers, is not whole otherwise."""
    found = verify_whole(kept.house, roots=roots)  # type: ignore[arg-type]
    return [fault.kind for stream, fault in found.faults if fault.kind.startswith("stamp_")]


SPOILED: dict[str, Callable[[Sequence[Any]], dict[str, Any]]] = {
    "stamp_untrusted": lambda rows: {"answer": _flipped(rows[0].answer)},
    "stamp_imprint": lambda rows: {"answer": rows[1].answer},
    "stamp_unreadable": lambda _rows: {"answer": b"0"},
    "stamp_row": lambda rows: {"at": rows[0].at - timedelta(days=1)},
    "stamp_headless": lambda _rows: {"size": 10_000},
}


def _flipped(answer: bytes) -> bytes:
    return answer[:-1] + bytes([answer[-1] ^ 1])


@pytest.mark.parametrize("kind", SPOILED)
def test_a_stamp_that_was_altered_is_named(kept: Record, kind: str) -> None:
    with write(kept.house.engine) as connection:
        rows = connection.execute(stamps.select().order_by(stamps.c.size)).all()
        first = stamps.c.size == rows[0].size
        connection.execute(stamps.update().where(first).values(**SPOILED[kind](rows)))
    assert named(kept) == [kind]


def test_a_stamp_of_another_authority_is_named_by_the_root_that_is_given(kept: Record) -> None:
    assert named(kept, OTHER_ROOT.certificate) == ["stamp_untrusted", "stamp_untrusted"]
    assert named(kept, OTHER_ROOT.certificate, ROOT.certificate) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"This is no dossier. " * 9, "No entry could be read.", id="damaged"),
        pytest.param(whole().packed(), "entries not yet signed.", id="whole"),
    ],
)
def test_what_could_not_be_read_is_not_counted(content: bytes, said: str, tmp_path: Path) -> None:
    file = tmp_path / "d.zip"
    file.write_bytes(content)
    done = subprocess.run(
        [sys.executable, str(VERIFIER), str(file)], capture_output=True, text=True, check=False
    )
    assert said in done.stdout
    assert not any(line.startswith(":") for line in done.stdout.splitlines()), done.stdout
