"""A request to erase reaches legal by letter: once, with its time, and without a word of anybody."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from activities.watch import WatchActivities
from domain.erasure import Basis, answered_by
from services import erasing
from services.house import House
from storage import outbox, people
from tests.services.test_erasing import LEGAL, OFFICER, WORDS, told, wish

CONSOLE = "https://andon.example.com"
BRUSSELS = ZoneInfo("Europe/Brussels")


def staff(house: House, **roles: str) -> None:
    """Let people hold a role each; who is named `deputy` stands in for legal."""
    for name, role in roles.items():
        is_deputy = name == "deputy"
        person = people.Person(
            id=name, name_zh="值", name_en=name, email=f"{name}@qinglan.example", language="en",
            roles=() if is_deputy else (role,), deputy_for=(role,) if is_deputy else (),
        )  # fmt: skip
        people.save_person(house.engine, person)


def swept(house: House) -> list[outbox.Message]:
    """Let the minute's round look, by a worker that was started now; give what is in the outbox."""
    WatchActivities(house.engine, house.bulk, CONSOLE).sweep_overdue()
    return outbox.list_messages(house.bulk, limit=500)


def test_a_request_reaches_legal_and_the_officer_once(house: House) -> None:
    staff(house, fang="legal", lyu="privacy_officer", deputy="legal", mei="service_agent")
    subject = told(house)
    asked = wish(subject, reference="DSR-7", addresses=("li@example.com",))
    made = erasing.ask(house, OFFICER, asked, "k")
    letters = swept(house)
    assert sorted(one.recipient.partition("@")[0] for one in letters) == ["deputy", "fang", "lyu"]
    assert len(swept(house)) == len(letters), "told by another worker, nobody hears it twice"
    for one in letters:
        assert one.subject.startswith(f"{made.id} · To be decided by end of ")
        assert f"\n{CONSOLE}/privacy/requests/{made.id}\n" in one.body
        assert "GDPR art. 12(3)" in one.body
        assert "Brussels time" in one.body
        for private in (WORDS, subject, "li@example.com", "She asked", "DSR-7", "lyu.an"):
            assert private not in f"{one.subject}\n{one.body}"


def test_what_nobody_asked_for_has_no_day(house: House) -> None:
    staff(house, fang="legal")
    made = erasing.ask(house, OFFICER, wish(told(house), basis=Basis.PERIOD_OVER), "k")
    [letter] = swept(house)
    assert letter.subject == f"{made.id} · To be decided: erase personal data"
    assert "GDPR" not in letter.body


def test_what_was_decided_before_is_not_told(house: House) -> None:
    staff(house, fang="legal")
    first = erasing.ask(house, OFFICER, wish(told(house)), "k")
    second = erasing.ask(house, OFFICER, wish(told(house, key="two")), "m")
    erasing.confirm(house, LEGAL, first.id)
    erasing.withdraw(house, OFFICER, second.id)
    assert swept(house) == []


def test_where_nobody_holds_legal_it_is_told_once_somebody_does(house: House) -> None:
    erasing.ask(house, OFFICER, wish(told(house)), "k")
    watch = WatchActivities(house.engine, house.bulk, CONSOLE)
    watch.sweep_overdue()
    assert outbox.list_messages(house.bulk) == []
    staff(house, fang="legal")
    watch.sweep_overdue()
    assert len(outbox.list_messages(house.bulk)) == 1


@pytest.mark.parametrize(
    ("basis", "asked_at", "last"),
    [
        pytest.param(Basis.OBJECTION, "2026-03-09T12", "2026-04-09T21", id="a month"),
        pytest.param(Basis.OBJECTION, "2026-01-31T12", "2026-02-28T22", id="a short month"),
        pytest.param(Basis.LEGAL_DUTY, "2026-02-28T23", "2026-04-01T21", id="the day there"),
        pytest.param(Basis.PERIOD_OVER, "2026-03-09T12", "", id="nobody asked"),
    ],
)
def test_the_month_is_counted_on_the_days_of_the_market(
    basis: Basis, asked_at: str, last: str
) -> None:
    found = answered_by(basis, datetime.fromisoformat(f"{asked_at}:00+00:00"), BRUSSELS)
    until = datetime.fromisoformat(f"{last}:59:59.999999+00:00") if last else None
    assert found == until
