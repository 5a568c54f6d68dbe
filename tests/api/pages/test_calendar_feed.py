"""The calendar of duties: one secret address for each person, read by calendar programs alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from api.edge import as_logged
from api.pages.calendar_feed import alarms
from domain.canonical import sha256_hex
from domain.severity import Outcome
from storage import people
from storage.duties import Wanted, listed
from storage.engine import read
from storage.schema import calendar_secrets
from tests.api.markup import faults_of
from tests.api.pages.conftest import SignedIn
from tests.api.serving import Served
from tests.domain.duties import Notified
from tests.domain.story import MILD, rules
from tests.services.kept import Recorded, recorded

pytestmark = pytest.mark.xdist_group("pages")

GONE = b"There is nothing at this address.\n"


def tell(story: Notified) -> None:
    story.reported(MILD)
    story.hurt("CN", Outcome.HOSPITALISED)
    story.hurt("DE", Outcome.HOSPITALISED)


@pytest.fixture(scope="module")
def story(served: Served) -> Recorded:
    """Give an incident of today with two people hurt."""
    at = datetime.now(UTC).replace(microsecond=0)
    return recorded(served.database.ledger, "calendar", tell, at=at, by="wen.tao")


def made(at: SignedIn, who: str, language: str = "en") -> str:
    """Make an address on the page of one's own; gives its path."""
    one = at(who, language)
    page = one.open("/duties/calendar")
    form = page.form("/duties/calendar")
    shown = one.send(page, form, act="make")
    assert faults_of(shown.html) == []
    address = next(word for word in shown.text.split() if word.endswith(".ics"))
    assert address not in one.open("/duties/calendar").text
    return "/calendar/" + address.rpartition("/")[2]


def fetched(served: Served, path: str) -> Any:
    with served.visitor() as visitor:
        answer = visitor.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"].startswith("text/calendar")
    return Calendar.from_ical(answer.content)


def events(served: Served, path: str, of: str) -> dict[str, Any]:
    found = fetched(served, path).walk("VEVENT")
    return {
        str(one["uid"]).partition("@")[0].rpartition(".")[2]: one
        for one in found
        if str(one["uid"]).startswith(f"{of}.")
    }


def test_every_open_duty_is_an_event_at_its_due_time(
    story: Recorded, served: Served, at: SignedIn
) -> None:
    found = events(served, made(at, "bai.lu"), story.incident.id)
    duties = {d.id: d for d in story.incident.notice.duties.values() if d.is_open and d.due_at}
    assert set(found) == set(duties)
    for item, event in found.items():
        due_at = duties[item].due_at
        assert due_at is not None
        start = event["dtstart"].dt
        assert (start, start.utcoffset()) == (due_at.replace(microsecond=0), timedelta())
        assert event["dtend"].dt > start
        assert duties[item].title_zh in event["summary"]
        assert f"/incidents/{story.incident.id}/notice/{item}" in event["description"]
        assert event.walk("VALARM")
    sure = next(one for one in duties.values() if not one.possible and one.due_basis == "law")
    assert f"{sure.due_at:%Y-%m}" in found[sure.id]["description"]


def test_a_title_tells_a_duty_from_every_other(
    story: Recorded, served: Served, at: SignedIn
) -> None:
    found = events(served, made(at, "bai.lu"), story.incident.id)
    titles = [str(one["summary"]) for one in found.values()]
    assert len(titles) == len(set(titles))
    german = next(
        one for one in story.incident.notice.duties.values() if one.place == "DE" and one.due_at
    )
    title = str(found[german.id]["summary"])
    for told in (f"{german.id} · ", german.subject, "德国"):
        assert told.removeprefix("incident") in title, title
    by_day = [title for title in titles if "柏林" in title]
    assert by_day
    assert all("当天结束" in title for title in by_day)


def test_a_due_time_that_moves_raises_the_number_and_a_filed_one_is_gone(
    served: Served, at: SignedIn
) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    story = recorded(served.database.ledger, "calendar moves", tell, at=now)
    path, duty = made(at, "bai.lu"), story.duty("CN-ADR-SERIOUS")
    before = events(served, path, story.incident.id)[duty.id]
    story.now += timedelta(minutes=5)
    story.more_of("P1", Outcome.HOSPITALISED, awareness_at=now - timedelta(days=3))
    story.record()
    after = events(served, path, story.incident.id)[duty.id]
    assert after["uid"] == before["uid"]
    assert after["sequence"] > before["sequence"]
    assert after["last-modified"].dt > before["last-modified"].dt
    assert after["dtstart"].dt != before["dtstart"].dt
    story.filed(story.duty("CN-ADR-SERIOUS"))
    story.record()
    assert duty.id not in events(served, path, story.incident.id)


def test_it_speaks_the_persons_language_and_shows_what_they_may_see(
    story: Recorded, served: Served, at: SignedIn
) -> None:
    number = story.incident.id
    one = people.person(served.database.ledger, "bai.lu")
    people.save_person(served.database.ledger, replace(one, language="zh"))
    chinese = events(served, made(at, "bai.lu"), number)
    people.save_person(served.database.ledger, one)
    title = story.duty("CN-ADR-SERIOUS").title_zh
    assert any(title in event["summary"] for event in chinese.values())
    said = "".join(f"{one['summary']}{one['description']}" for one in chinese.values())
    for english in ("overdue, still open", "possible:", "Answer ", "Order to stop", "limit of the"):
        assert english not in said, english
    assert events(served, made(at, "wen.tao"), number)
    others = recorded(served.database.ledger, "calendar of others", tell, at=datetime.now(UTC))
    assert events(served, made(at, "wen.tao"), others.incident.id) == {}


def test_exercises_are_never_in_it(served: Served, at: SignedIn) -> None:
    drill = recorded(
        served.database.ledger, "calendar drill", tell, at=datetime.now(UTC), drill="exercise"
    )
    assert events(served, made(at, "bai.lu"), drill.incident.id) == {}


def test_an_address_is_kept_as_a_hash_voided_by_a_new_one_and_revoked(
    served: Served, at: SignedIn
) -> None:
    first = made(at, "bai.lu")
    second = made(at, "bai.lu")
    with read(served.database.ledger) as connection:
        kept = {row.person: row.hash for row in connection.execute(calendar_secrets.select())}
    secret = second.removeprefix("/calendar/").removesuffix(".ics")
    assert kept["bai.lu"] == sha256_hex(secret.encode())
    one = at("bai.lu")
    page = one.open("/duties/calendar")
    with served.visitor() as visitor:
        assert visitor.get(second).status_code == 200
        one.send(page, page.form("/duties/calendar"), act="revoke")
        wrong = (first, second, "/calendar/x.ics", "/calendar/", "/calendar/x", f"{second}.ics")
        answers = [visitor.get(path) for path in wrong]
    assert {(each.status_code, each.content) for each in answers} == {(404, GONE)}
    alike = [{n: v for n, v in each.headers.items() if n != "date"} for each in answers]
    assert alike == [alike[0]] * len(alike)


def test_its_address_stands_in_no_log_and_outside_people_have_none(at: SignedIn) -> None:
    assert as_logged("/calendar/secret.ics") == "/calendar/…"
    assert at("shao.yi").open("/duties/calendar").status == 404


def test_alarms_ring_at_the_plans_shares_and_a_day_before(served: Served, story: Recorded) -> None:
    (one,) = [
        one
        for one in listed(served.database.ledger, Wanted(incident=story.incident.id))
        if one.duty.rule == "CN-ADR-SERIOUS"
    ]
    before = alarms(rules().plan, one)
    assert timedelta(days=1) in before
    assert before == sorted(before, reverse=True)
    assert all(timedelta() < each < one.duty.by_at - one.duty.start_at for each in before)
