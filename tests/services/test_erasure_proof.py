"""Which lines prove an erasure: one that somebody wrote into the database alone proves nothing."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from domain.erasure import ASKED, DONE, WITHDRAWN
from integrations.key_ring import Purpose
from services import erasing
from services.erased_again import erase_again
from services.erasure_proof import MARK
from services.house import House
from services.verifying_named import named_faults
from storage import company, vault
from storage import erasing as rows
from storage.engine import write
from storage.erasing import LogLineToCome
from storage.schema import vault_keys
from tests.services.test_erasing import LEGAL, OFFICER, erased, told, wish

Said = dict[str, Any]


def line_of(house: House, kind: str) -> Said:
    """Give what the last line of a kind says."""
    return dict(company.lines_of(house.engine, (kind,))[-1].body)


def forged(house: House, subject: str, said: Said) -> None:
    """Destroy a key, and write the line of the log as whoever has the database alone would."""
    line = LogLineToCome(kind=DONE, body=said)
    rows.erase_all(house.engine, [subject], house.now(), "objection", line)


def never_asked(house: House, subject: str) -> Said:
    return {"erasure": "E9", "subjects": [subject], "asked_by": "lyu.an", "by": "fang.zheng",
            "stream": "", "files": 0}  # fmt: skip


def asked_too(house: House, subject: str) -> Said:
    """Forge the request, too, with the words of one that was."""
    made = erasing.ask(house, OFFICER, wish(told(house, key="other")), "k")
    erasing.confirm(house, LEGAL, made.id)
    real = {**line_of(house, ASKED), "subjects": [subject], "key": "x"}
    seq = company.log(house.engine, house.now(), ASKED, real)
    return {**line_of(house, DONE), "erasure": f"E{seq}", "subjects": [subject]}


def asked_and_unmarked(house: House, subject: str) -> Said:
    return {name: part for name, part in asked_too(house, subject).items() if name != MARK}


def asked_and_withdrawn(house: House, subject: str) -> Said:
    said = asked_too(house, subject)
    told_by = {"erasure": said["erasure"], "by": "lyu.an"}
    company.log(house.engine, house.now(), WITHDRAWN, told_by)
    return said


def asked_by_a_person(house: House, subject: str) -> Said:
    """Forge the second word under a request that a person made and nobody confirmed."""
    made = erasing.ask(house, OFFICER, wish(subject), "k")
    return never_asked(house, subject) | {"erasure": made.id}


def of_odd_kind(house: House, subject: str) -> Said:
    made = erasing.ask(house, OFFICER, wish(subject), "k")
    return {"erasure": made.id, "subjects": {"a": subject}, "by": 3, MARK: 7}


FORGED: dict[str, Callable[[House, str], Said]] = {
    "never asked for": never_asked,
    "with a request, the mark of another": asked_too,
    "with a request, no mark": asked_and_unmarked,
    "with a request that was withdrawn": asked_and_withdrawn,
    "a request that nobody confirmed": asked_by_a_person,
    "what no line says": of_odd_kind,
}


@pytest.mark.parametrize("starts", [0, 2], ids=["at once", "after two starts"])
@pytest.mark.parametrize("how", FORGED)
def test_a_line_that_nobody_wrote_here_proves_no_erasure(
    how: str, starts: int, house: House
) -> None:
    subject = told(house)
    forged(house, subject, FORGED[how](house, subject))
    for _ in range(starts):
        erase_again(house)
    assert ("erased_untold", subject) in {(one.kind, one.what) for one in named_faults(house)}


@pytest.mark.parametrize("name", ["subjects", "by", "asked_by", "erased_at", "files", "basis"])
def test_the_mark_is_over_all_that_the_line_says(name: str, house: House) -> None:
    subject = told(house)
    erased(house, subject)
    house.settings.erasure_register_file.unlink()
    assert list(named_faults(house)) == []
    assert subject in erasing.told_of(house)
    said = line_of(house, DONE)
    asked = line_of(house, ASKED) | {"key": "x"}
    seq = company.log(house.engine, house.now(), ASKED, asked)
    for altered in ({"erasure": f"E{seq}"}, {name: f"{said[name]}x"}):
        other = told(house, key=str(altered))
        forged(house, other, said | altered | {"subjects": [other]})
        faults = {(one.kind, one.what) for one in named_faults(house)}
        assert ("erased_untold", other) in faults


def test_where_the_register_is_not_there_or_of_before_the_mark_proves_it(house: House) -> None:
    """A copy elsewhere has no register, or an older one; a second machine has its own."""
    erased(house, told(house), addresses=("li@example.com",))
    register = house.settings.erasure_register_file
    before = register.read_bytes()
    erased(house, told(house, key="two"))
    for stands in (before, b""):
        register.write_bytes(stands)
        assert list(named_faults(house)) == []
    register.unlink()
    assert list(named_faults(house)) == []


def test_a_mark_counts_after_the_keys_were_changed(house: House) -> None:
    erased(house, told(house))
    house.settings.erasure_register_file.unlink()
    house.ring.rotate(Purpose.LINK)
    assert list(named_faults(house)) == []


@pytest.mark.parametrize("registered", [True, False], ids=["registered", "not registered"])
def test_a_line_of_before_marks_counts_where_the_register_names_it(
    registered: bool, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.erasure_proof.marked", lambda house, body, subjects: body)
    subject = told(house)
    erased(house, subject)
    assert MARK not in line_of(house, DONE)
    if not registered:
        house.settings.erasure_register_file.unlink()
    assert (subject in erasing.told_of(house)) == registered


@pytest.mark.parametrize(
    "altered",
    [{"erased_at": datetime(2020, 1, 1, tzinfo=UTC)}, {"erased_for": "consent"},
     {"erased_at": None}, {"erased_for": None}],
    ids=["another time", "another ground", "no time", "no ground"],
)  # fmt: skip
@pytest.mark.parametrize("registered", [True, False], ids=["registered", "not registered"])
def test_when_and_why_a_key_went_is_what_its_line_says(
    registered: bool, altered: Said, house: House
) -> None:
    subject = told(house)
    erased(house, subject)
    if not registered:
        house.settings.erasure_register_file.unlink()
    assert list(named_faults(house)) == []
    with write(house.engine) as connection:
        chosen = sa.update(vault_keys).where(vault_keys.c.subject == subject)
        connection.execute(chosen.values(altered))
    assert [(one.kind, one.what) for one in named_faults(house)] == [("erased_row", subject)]


def test_a_key_that_is_there_was_not_erased(house: House) -> None:
    subject = told(house)
    with write(house.engine) as connection:
        connection.execute(sa.update(vault_keys).values(erased_at=house.now()))
    assert [(one.kind, one.what) for one in named_faults(house)] == [("erased_row", subject)]


@pytest.mark.parametrize("how", ["a line nobody wrote here", "a key that was put back"])
def test_what_the_log_says_was_erased_has_no_key(how: str, house: House) -> None:
    """So nobody lets a request look done that never was, or puts one key back."""
    subject = told(house)
    wrapped = vault.wrapped_key(house.engine, subject)
    if how == "a line nobody wrote here":
        said = asked_by_a_person(house, subject)
        company.log(house.engine, house.now(), DONE, said)
        assert [one.state for one in erasing.requests(house)] == ["done"]
    else:
        erased(house, subject)
        back = {"wrapped": wrapped, "erased_at": None, "erased_for": None}
        with write(house.engine) as connection:
            chosen = sa.update(vault_keys).where(vault_keys.c.subject == subject)
            connection.execute(chosen.values(back))
    assert [(one.kind, one.what) for one in named_faults(house)] == [("erased_row", subject)]
