"""Two starts at the same moment, two people who press at once: each thing stands in the log once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any, TypeVar

import pytest

from activities.heads import KEY_USED, HeadActivities
from domain.erasure import Request
from domain.errors import NotConfirmed, Refused
from integrations.erasure_register import ErasureRegister
from integrations.key_ring import KeyRing
from services import company as first_setup
from services import erased_files, erasing, holding
from services.erased_again import erase_again
from services.house import House
from services.settings import Settings
from services.signing_keys import signing_of
from storage import company, vault
from storage import erasing as rows
from storage import rules as rule_store
from storage.database import Database
from tests.database import database, postgres
from tests.services.test_erasing import LEGAL, OFFICER, SECOND, letter, told, wish
from tests.services.test_erasing_for_others import DESPITE, incident

__all__ = ["database", "postgres"]

T = TypeVar("T")


@pytest.fixture
def house(database: Database, tmp_path: Path) -> House:
    made = Settings(home=tmp_path / "home", demo=False)
    return House(made, database.ledger, database.bulk, KeyRing.create(made.key_ring_file))


def at_once(*asked: Callable[[], T]) -> list[T | Exception]:
    """Do things in threads that begin together; give what came of each."""
    barrier = Barrier(len(asked))

    def begin(one: Callable[[], T]) -> T | Exception:
        barrier.wait()
        try:
            return one()
        except (NotConfirmed, Refused) as error:
            return error

    with ThreadPoolExecutor(len(asked)) as threads:
        return list(threads.map(begin, asked))


def meet(patch: pytest.MonkeyPatch, where: Any, name: str) -> None:
    """Let two threads go on from a call of ours together: the moment in which both have looked."""
    barrier, really = Barrier(2), getattr(where, name)

    def met(*args: Any, **more: Any) -> Any:
        barrier.wait(timeout=20)
        return really(*args, **more)

    patch.setattr(where, name, met)


def kinds(house: House, *names: str) -> list[str]:
    return [line.type for line in company.lines_of(house.engine, names)]


# ---------------------------------------------------------------- starts


def test_two_starts_complete_an_erasure_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A power cut came behind the register's line, and two processes start."""
    subject = told(house)
    made = erasing.ask(house, OFFICER, wish(subject), "k")
    with monkeypatch.context() as cut:
        cut.setattr(rows, "_erased_now", _power_cut)
        with pytest.raises(NotConfirmed):
            erasing.confirm(house, LEGAL, made.id)
    assert vault.wrapped_key(house.engine, subject) is not None
    meet(monkeypatch, erased_files, "part")
    at_once(lambda: erase_again(house), lambda: erase_again(house))
    assert kinds(house, "DataErased", "ErasedAgain") == ["DataErased"]
    assert vault.wrapped_key(house.engine, subject) is None
    assert erasing.request(house, made.id).state == "done"


def _power_cut(*_: object) -> list[str]:
    raise NotConfirmed("The power is gone.", "Start again.")


def test_two_starts_adopt_the_first_plan_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    meet(monkeypatch, rule_store, "keep_rules")
    rules = first_setup.read_rules()
    found = at_once(*(lambda: first_setup.adopt(house, rules, "first start"),) * 2)
    assert {one.hash for one in found} == {rules.hash}  # type: ignore[union-attr]
    assert kinds(house, "PlanAdopted") == ["PlanAdopted"]


def test_two_workers_announce_a_key_once(house: House) -> None:
    signing = signing_of(house)

    def start() -> int:
        return HeadActivities(house.engine, lambda: signing).sign_all()

    at_once(*(start,) * 4)
    assert kinds(house, KEY_USED) == [KEY_USED] * len(signing.signers)


# ---------------------------------------------------------------- people


def test_two_of_legal_confirm_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    made = erasing.ask(house, OFFICER, wish(told(house)), "k")
    meet(monkeypatch, erased_files, "part")
    found = at_once(
        lambda: erasing.confirm(house, LEGAL, made.id),
        lambda: erasing.confirm(house, SECOND, made.id),
    )
    assert sorted(type(one).__name__ for one in found) == ["Confirmed", "Refused"]
    assert kinds(house, "DataErased") == ["DataErased"]


def test_one_subject_is_asked_for_once_by_whoever_asks(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = told(house)
    meet(monkeypatch, erasing, "_sealed")
    ways: list[Callable[[], Request]] = [
        lambda: erasing.ask(house, OFFICER, wish(subject), "k"),
        lambda: erasing.ask(house, OFFICER, wish(subject), "m"),
    ]
    found = at_once(*ways)
    assert sorted(type(one).__name__ for one in found) == ["Refused", "Request"]
    assert len(erasing.requests(house)) == 1


# ---------------------------------------------------------------- a hold that comes meanwhile


def test_a_hold_that_comes_before_the_register_stops_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = incident(house, "one")
    made, subject = _asked_of(house, number)
    really = erased_files.part

    def held(*args: Any) -> Any:
        holding.place(house, SECOND, number, "M-1")
        return really(*args)

    monkeypatch.setattr(erased_files, "part", held)
    with pytest.raises(Refused) as refused:
        erasing.confirm(house, LEGAL, made)
    assert refused.value.code == "legal_hold"
    assert vault.wrapped_key(house.engine, subject) is not None
    assert ErasureRegister(house.settings.erasure_register_file).read().lines == ()
    assert erasing.request(house, made).state == "asked"


def test_a_hold_that_comes_after_it_waits_until_the_keys_are_gone(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = incident(house, "one")
    made, subject = _asked_of(house, number)
    really = erasing._register
    with ThreadPoolExecutor(1) as thread:

        def registered(*args: Any) -> None:
            really(*args)
            placed = thread.submit(holding.place, house, SECOND, number, "M-1")
            with pytest.raises(TimeoutError):
                placed.result(timeout=0.4)

        monkeypatch.setattr(erasing, "_register", registered)
        erasing.confirm(house, LEGAL, made)
    assert kinds(house, "DataErased", "HoldPlaced") == ["DataErased", "HoldPlaced"]
    assert vault.wrapped_key(house.engine, subject) is None


def _asked_of(house: House, number: str) -> tuple[str, str]:
    """Ask to erase a subject, and a letter of an incident to it; give request and subject."""
    first_setup.adopt(house, first_setup.read_rules(), "first start")
    subject = told(house)
    letter(house, "li@example.com", 1, incident=number)
    wanted = wish(subject, addresses=("li@example.com",), despite=DESPITE)
    return erasing.ask(house, OFFICER, wanted, "k").id, subject
