"""An inspector's room: who gets in, what stands in it, what is asked, and what the company sees."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.edge import as_logged
from api.pages.room_parts import page_start
from domain.state.statement import Status
from domain.tree import leaf_hash
from services import rooms
from services.house import House
from services.link_marks import MARK_HEX
from services.people import Attempts
from storage import company, erasing, incidents, streams
from tests.api.browsing import Browser, Seen, browser
from tests.api.markup import faults_of
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_duty_page import SENT, duty_of, hurt
from tests.api.pages.test_offered import accepted, done, told_once
from tests.api.serving import Served
from tests.api.test_incidents import until

pytestmark = pytest.mark.xdist_group("pages")

LEGAL = "fang.zheng"
NAME = "Wang Fang"
FIRM = "Shanghai MPA"
SECRET = "My face swelled up"
EVERYTHING = (
    "timeline report investigation halt recall statement notice review statements filings evidence"
    " ledger proofs".split()
)


_there: list[Browser] = []


def close_all() -> None:
    """Close the browsers of a test that is over."""
    while _there:
        _there.pop().client.close()


def visitor(served: Served, language: str = "en") -> Browser:
    """Give a fresh browser, which is closed when the test is over."""
    _there.append(browser(served.url, language))
    return _there[-1]


def opened(served: Served, number: str, **changes: Any) -> str:
    """Let the commander open a room, and give its number."""
    body = {
        "inspector": NAME,
        "firm": FIRM,
        "purpose": "Inspection of the recall",
        "parts": ["timeline", "ledger", "report", "evidence", "proofs"],
        **changes,
    }
    done(served.person("gao.yuan"), number, "people/open_room", **body)
    state = served.person("gao.yuan").get(f"/api/incidents/{number}").json()["state"]
    return str(state["people"]["rooms"][-1]["id"])


def house_of(served: Served) -> House:
    assert served.app is not None
    house: House = served.app.state.house
    return house


def path(served: Served, number: str, room: str = "R1") -> str:
    return rooms.path_of(house_of(served), number, room)


def entered(served: Served, number: str, room: str = "R1", language: str = "en") -> Browser:
    """Give the browser of somebody who gave the code."""
    there = visitor(served, language)
    door = there.open(path(served, number, room))
    code = rooms.code_of(house_of(served), number, room)
    page = there.send(door, door.form(door.address), code=code)
    assert page.status == 200, page.text
    return there


def reads(served: Served, number: str) -> list[dict[str, Any]]:
    lines = company.lines_of(served.database.ledger, ["RoomRead"])
    return [dict(one.body) for one in lines if one.body["incident"] == number]


def _told(served: Served) -> str:
    number = accepted(served)
    opened(served, number)
    return number


@pytest.fixture
def number(served: Served) -> str:
    """Give an incident with a room that nobody closes."""
    return told_once(_told, served)


@pytest.fixture(autouse=True)
def _nobody_guessed(served: Served, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let every test begin with a house in which nobody has guessed, and leave no browser open."""
    assert served.app is not None
    monkeypatch.setattr(served.app.state, "attempts", Attempts())
    yield
    close_all()


@pytest.fixture
def anyone(served: Served) -> Browser:
    """Give somebody without an account."""
    return visitor(served)


# ---------------------------------------------------------------- opening one


def test_the_form_offers_what_its_reader_may_open_and_never_counsels_papers(
    served: Served, at: SignedIn, number: str
) -> None:
    form = at("gao.yuan").open(f"/incidents/{number}/people/open_room").form("/open_room")
    assert form.choices["parts"] == EVERYTHING
    assert form.choices["classes"] == ["restricted", "health"]
    form = at(LEGAL).open(f"/incidents/{number}/people/open_room").form("/open_room")
    assert form.choices["classes"] == ["restricted", "health", "enquiry", "inside"]


def test_a_room_is_opened_by_the_form(served: Served, at: SignedIn) -> None:
    number, chief = accepted(served), at("gao.yuan")
    page = chief.open(f"/incidents/{number}/people/open_room")
    chief.send(
        page, page.form("/open_room"), inspector=NAME, firm=FIRM, purpose="Look",
        parts=["timeline", "ledger"],
    )  # fmt: skip
    assert entered(served, number).open(f"{path(served, number)}/timeline").status == 200


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"inspector": "x" * 121}, "inspector", id="a name too long"),
        pytest.param({"inspector": "a\x00"}, "inspector", id="no sign"),
        pytest.param({"firm": "x" * 201}, "firm", id="an authority too long"),
        pytest.param({"parts": ["people"]}, "parts", id="no part"),
        pytest.param({"classes": ["secret"]}, "classes", id="no class"),
    ],
)
def test_a_room_that_cannot_be_opened_leaves_nothing(
    changes: dict[str, Any], field: str, served: Served, number: str
) -> None:
    body = {"inspector": NAME, "firm": FIRM, "purpose": "Look", "parts": ["halt"], **changes}
    where = f"/api/incidents/{number}/people/open_room"
    answer = served.unchanged_by(lambda: served.person("gao.yuan").post(where, body))
    assert answer.status_code == 422
    assert [one["field"].partition(".")[0] for one in answer.json()["errors"]] == [field]


# ---------------------------------------------------------------- the door


def test_the_link_alone_shows_nothing_of_the_incident(
    served: Served, number: str, anyone: Browser
) -> None:
    door = anyone.open(path(served, number))
    assert door.status == 200
    for told in (NAME, FIRM, "Inspection", "dew", number):
        assert told not in door.text
    for behind in ("", "/timeline", "/ledger/1", "/files/ledger.jsonl"):
        page = anyone.open(path(served, number) + behind)
        assert page.form().action == path(served, number), "the door again"


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_code_is_asked_once(served: Served, number: str, language: str) -> None:
    there = entered(served, number, language=language)
    page = there.open(path(served, number))
    assert "Inspection of the recall" in page.text
    assert not faults_of(page.html)
    assert not faults_of(visitor(served, language).open(path(served, number)).html)
    assert not page.forbidden
    assert "<script" not in page.html


def test_a_code_is_read_as_people_type_it(served: Served, number: str, anyone: Browser) -> None:
    code = rooms.code_of(house_of(served), number, "R1")
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in f"{code[:4]}") + f" {code[4:]}"
    door = anyone.open(path(served, number))
    assert anyone.send(door, door.form(door.address), code=wide).status == 200


@pytest.mark.parametrize("code", ["", "12345678", "0", "²" * 8, "x" * 5000])
def test_a_wrong_code_opens_nothing(
    code: str, served: Served, number: str, anyone: Browser
) -> None:
    page = anyone.client.post(path(served, number), data={"code": code})
    assert page.status_code == 403
    assert "set-cookie" not in page.headers or rooms.ROOMS not in page.headers["set-cookie"]
    assert "not the code" in page.text
    assert not faults_of(page.text)


def test_guessing_ends_for_all_who_have_the_link(
    served: Served, number: str, anyone: Browser
) -> None:
    where = path(served, number)
    told = [anyone.client.post(where, data={"code": "1"}).status_code for _ in range(7)]
    assert told == [403] * 5 + [429] * 2
    code = rooms.code_of(house_of(served), number, "R1")
    assert anyone.client.post(where, data={"code": code}).status_code == 429, "the right one too"
    assert anyone.client.get(where).status_code == 200


def test_guessing_addresses_is_counted(served: Served, anyone: Browser) -> None:
    told = {
        anyone.client.get(f"/rooms/INC-2026-0001-R{n}-{'0' * 32}").status_code
        for n in range(1, 100)
    }
    assert told == {404}
    assert anyone.client.get(f"/rooms/INC-2026-0001-R1-{'1' * 32}").status_code == 404
    assert anyone.client.get(f"/rooms/INC-2026-0001-R1-{'2' * 32}").status_code == 429


# ---------------------------------------------------------------- addresses that lead nowhere


def wrong_addresses(served: Served, number: str) -> list[str]:
    right = path(served, number)
    mark, other = right[-MARK_HEX:], accepted(served)
    return [
        right[:-1],
        right + "0",
        right[:-1] + ("0" if right[-1] != "0" else "1"),
        right.replace("-R1-", "-R2-"),
        f"/rooms/{other}-R1-{mark}",
        f"/rooms/INC-2026-9999-R1-{mark}",
        right[:7] + right[7:].upper(),
        right + "%0A",
        "/rooms/",
        "/rooms/x",
    ]


def test_forged_addresses_are_all_answered_alike(
    served: Served, number: str, anyone: Browser
) -> None:
    answers = {anyone.client.get(one).text for one in wrong_addresses(served, number)}
    statuses = {anyone.client.get(one).status_code for one in wrong_addresses(served, number)}
    assert statuses == {404}
    assert len(answers) == 1
    assert number not in answers.pop()


def test_a_room_is_over_at_once_when_it_is_closed(served: Served) -> None:
    number = accepted(served)
    opened(served, number)
    there, where = entered(served, number), path(served, number)
    assert there.open(f"{where}/timeline").status == 200
    done(served.person("gao.yuan"), number, "people/R1/close_room")
    nowhere = there.client.get("/rooms/x").text
    for behind in ("", "/timeline", "/ledger/1", "/files/timeline.csv", "/nothing"):
        answer = there.client.get(where + behind)
        assert (answer.status_code, answer.text) == (404, nowhere)
    assert there.client.post(f"{where}/ask", data={"words": "Why?"}).status_code == 404


def test_a_room_is_over_when_its_time_is(
    served: Served, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, house = entered(served, number), house_of(served)
    monkeypatch.setattr(house, "now", lambda: datetime.now(UTC) + timedelta(days=7, seconds=5))
    assert there.open(path(served, number)).status == 404


def test_a_room_that_is_extended_goes_on_under_its_link(served: Served) -> None:
    number = accepted(served)
    opened(served, number)
    there = entered(served, number)
    later = datetime.now(UTC) + timedelta(days=20)
    done(served.person("gao.yuan"), number, "people/R1/extend_room", until_at=later.isoformat())
    assert there.open(path(served, number)).status == 200


def test_a_room_ends_with_its_incident(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    number = accepted(served)
    opened(served, number)
    there, row = entered(served, number), incidents.incident(served.database.ledger, number)
    monkeypatch.setattr("services.rooms.incidents.incident", lambda *_: replace(row, is_open=False))
    assert there.open(path(served, number)).status == 404


def test_a_room_without_its_inspectors_name_shows_nothing(served: Served) -> None:
    number = accepted(served)
    opened(served, number)
    there = entered(served, number)
    state = served.person("gao.yuan").get(f"/api/incidents/{number}").json()["state"]
    subject = state["people"]["rooms"][0]["inspector"]["subject"]
    erasing.erase(served.database.ledger, subject, datetime.now(UTC))
    assert there.open(path(served, number)).status == 404


def test_a_pass_is_of_one_room(served: Served, number: str) -> None:
    other = accepted(served)
    opened(served, other)
    opened(served, other, parts=["halt"])
    found = rooms.find(house_of(served), path(served, number).removeprefix(rooms.ROOMS))
    assert found is not None
    given = rooms.pass_of(house_of(served), found)
    there = visitor(served)
    for room in ("R1", "R2"):
        where = path(served, other, room)
        answer = there.client.get(where, headers={"cookie": f"andon_room={given}"})
        assert "one-time-code" in answer.text, "the door"
    answer = there.client.get(path(served, number), headers={"cookie": f"andon_room={given}"})
    assert "one-time-code" not in answer.text


@pytest.mark.parametrize("given", ["", "0-" + "0" * 32, "99999999999-" + "0" * 32, "x", "1-1-1"])
def test_a_forged_pass_leads_to_the_door(given: str, served: Served, number: str) -> None:
    there = visitor(served)
    answer = there.client.get(path(served, number), headers={"cookie": f"andon_room={given}"})
    assert "one-time-code" in answer.text


def test_a_pass_is_over_after_thirty_days(
    served: Served, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = house_of(served)
    found = rooms.find(house, path(served, number).removeprefix(rooms.ROOMS))
    assert found is not None
    given = rooms.pass_of(house, found)
    monkeypatch.setattr(house, "now", lambda: datetime.now(UTC) + timedelta(days=30))
    assert not rooms.is_pass(house, found, given)
    monkeypatch.setattr(house, "now", lambda: datetime.now(UTC) - timedelta(minutes=1))
    assert not rooms.is_pass(house, found, given), "made in the future"


# ---------------------------------------------------------------- what stands in it


@pytest.mark.parametrize("part", EVERYTHING)
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_each_part_shows_what_was_chosen_and_leads_nowhere_else(
    part: str, language: str, served: Served
) -> None:
    number = told_once(_all_opened, served)
    there = entered(served, number, language=language)
    page = there.open(f"{path(served, number)}/{part}")
    assert page.status == 200
    assert not faults_of(page.html)
    assert not page.forbidden
    home = path(served, number)
    for _said, href in page.links:
        assert href.startswith((home, "#")), href
    assert {one.action for one in page.forms} == {"/language"}
    assert SECRET not in page.text


def _all_opened(served: Served) -> str:
    number = accepted(served)
    opened(served, number, parts=EVERYTHING)
    return number


@pytest.mark.parametrize("part", sorted(set(EVERYTHING) - {"timeline", "ledger"}))
def test_a_part_that_was_not_chosen_is_not_there(part: str, served: Served) -> None:
    number = told_once(_two_parts, served)
    there = entered(served, number)
    assert there.client.get(f"{path(served, number)}/{part}").status_code == 404
    assert part not in {
        href.rpartition("/")[2] for _, href in there.open(path(served, number)).links
    }


def _two_parts(served: Served) -> str:
    number = accepted(served)
    opened(served, number, parts=["timeline", "ledger"])
    return number


@pytest.mark.parametrize(
    "behind",
    ["/people", "/case", "/ledger/0", "/ledger/99999", "/ledger/x", "/ledger/1/2", "/timeline/1",
     "/files/evidence.csv", "/files/proofs.json", "/files/x", "/files", "/ledger//", "/../",
     "/ledger/9999999999"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(behind: str, served: Served) -> None:
    number = told_once(_two_parts, served)
    there = entered(served, number)
    assert there.client.get(path(served, number) + behind).status_code == 404


def test_private_words_are_shown_only_where_their_class_was_chosen(served: Served) -> None:
    number = accepted(served)
    opened(served, number, parts=["report", "ledger"])
    opened(served, number, parts=["report", "ledger"], classes=["health"])
    closed, wide = entered(served, number, "R1"), entered(served, number, "R2")
    (received,) = streams.entries_of_types(served.database.ledger, number, ["ReportReceived"])
    for part in ("report", f"ledger/{received.seq}"):
        assert SECRET not in closed.open(f"{path(served, number)}/{part}").text
        assert SECRET in wide.open(f"{path(served, number, 'R2')}/{part}").text
    assert "not shown in this room" in closed.open(f"{path(served, number)}/report").text


def test_filings_stand_word_for_word(served: Served) -> None:
    number = hurt(served)
    duty, text = duty_of(served, number, "EU-COS-23-SUE"), "The first report, <word> for word."
    done(served.person("bai.lu"), number, f"notice/{duty}/file_first", **SENT, text=text)
    done(served.person("fang.zheng"), number, "people/A1/sign_act")
    opened(served, number, parts=["filings"])
    page = entered(served, number).open(f"{path(served, number)}/filings")
    assert text in page.text
    assert duty in page.text
    assert not faults_of(page.html)


def test_statements_stand_word_for_word_once_they_went_out(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = accepted(served)
    texts = [{"language": "en", "title": "First word", "body": "We look into it."}]
    told: dict[str, Any] = {"kind": "holding", "markets": ["US"], "preliminary": True}
    done(served.person("ye.fan"), number, "statement/draft_statement", **told, texts=texts)
    opened(served, number, parts=["statements"])
    there, where = entered(served, number), f"{path(served, number)}/statements"
    assert "We look into it." not in there.open(where).text, "a draft"
    found = rooms.find(house_of(served), path(served, number).removeprefix(rooms.ROOMS))
    assert found is not None
    draft = found.incident.statement.statements["S1"]
    out = {"S1": replace(draft, published_at=datetime.now(UTC), status=Status.PUBLISHED)}
    state = replace(found.incident, statement=replace(found.incident.statement, statements=out))
    monkeypatch.setattr("services.rooms.kept_state", lambda *_: state)
    page = there.open(where)
    assert "We look into it." in page.text
    assert draft.sha256 in page.text
    assert not faults_of(page.html)


def test_an_entry_shows_its_bytes_as_they_are(served: Served, number: str) -> None:
    page = entered(served, number).open(f"{path(served, number)}/ledger/1")
    (content,) = streams.read_contents(served.database.ledger, number, 1, 1)
    assert leaf_hash(content).hex() in page.text
    assert json.loads(content)["type"] in page.text.partition("The bytes")[2]


@pytest.mark.parametrize(
    "behind", ["", "/timeline", "/ledger", "/ledger/1", "/report", "/evidence", "/proofs"]
)
def test_the_mark_stands_on_every_page_behind_it_and_once_in_words(
    behind: str, served: Served, number: str
) -> None:
    page = entered(served, number).open(path(served, number) + behind)
    today = datetime.now(UTC).strftime("%Y-")
    footer = page.html.partition('<footer class="room-mark">')[2].partition("</footer>")[0]
    for told in (NAME, FIRM, number, "R1", today):
        assert told in footer
    svg = page.html.partition('<svg class="watermark" aria-hidden="true"')[2]
    assert f"{NAME} · {FIRM}" in svg


@pytest.mark.parametrize("name", ["timeline.csv", "evidence.csv", "ledger.jsonl", "proofs.json"])
def test_files_carry_the_mark_in_their_first_line(name: str, served: Served, number: str) -> None:
    answer = entered(served, number).client.get(f"{path(served, number)}/files/{name}")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    first = "\n".join(answer.text.splitlines()[:2])
    for told in (NAME, FIRM, number, "R1"):
        assert told in first
    assert {"part": name.partition(".")[0], "item": name}.items() <= reads(served, number)[
        -1
    ].items()


def test_files_are_whole(served: Served, number: str) -> None:
    there, where = entered(served, number), path(served, number)
    lines = there.client.get(f"{where}/files/ledger.jsonl").content.splitlines()
    kept = streams.read_contents(served.database.ledger, number)
    assert "watermark" in json.loads(lines[0])
    assert lines[1:] == kept
    proofs = there.client.get(f"{where}/files/proofs.json").json()
    assert next(iter(proofs)) == "watermark"
    assert [bytes.fromhex(one) for one in proofs["leaves"]] == [
        leaf_hash(one) for one in kept[: len(proofs["leaves"])]
    ]
    text = there.client.get(f"{where}/files/timeline.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == len(kept) + 2


def test_no_cell_of_a_table_is_a_formula(served: Served) -> None:
    number = accepted(served)
    done(
        served.person("qiu.ning"), number, "investigation/collect_evidence", what="=1+1",
        source="@x", place="＝2+2", storage="-z", taken_at=datetime.now(UTC).isoformat(),
    )  # fmt: skip
    opened(served, number, parts=["evidence"], inspector="=cmd|' /C calc'!A0")
    answer = entered(served, number).client.get(f"{path(served, number)}/files/evidence.csv")
    text = answer.content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert "'=1+1" in cells
    assert "'＝2+2" in cells
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "＝")]


def test_nobody_keeps_what_a_room_shows(served: Served, number: str) -> None:
    answer = entered(served, number).client.get(path(served, number))
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "noindex" in answer.headers["x-robots-tag"]
    assert as_logged(path(served, number)) == "/rooms/…"


def test_a_hostile_name_is_words_alone(served: Served) -> None:
    number = accepted(served)
    name = "</text></svg><script>alert(1)</script>\u202e" + "W" * 60
    opened(served, number, inspector=name, firm='"><img src=x>', parts=["timeline"])
    page = entered(served, number).open(path(served, number))
    assert "<script" not in page.html
    assert "<img" not in page.html
    assert "\u202e" not in page.html, "what turns the direction is told by its number"
    assert not faults_of(page.html)


# ---------------------------------------------------------------- what is noted


def test_what_is_looked_at_is_noted_once_in_ten_minutes(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = accepted(served)
    opened(served, number)
    there, where, house = entered(served, number), path(served, number), house_of(served)
    for _ in range(3):
        there.open(f"{where}/timeline")
        there.open(f"{where}/ledger/2")
    told = [(one["part"], one.get("item")) for one in reads(served, number)]
    assert told == [("entered", None), ("timeline", None), ("ledger", "#2")]
    assert NAME not in json.dumps(reads(served, number)), "by reference, not by name"
    monkeypatch.setattr(house, "now", lambda: datetime.now(UTC) + timedelta(minutes=10))
    there.open(f"{where}/timeline")
    assert len(reads(served, number)) == 4


@pytest.mark.parametrize(
    "behind",
    ["/timeline?after={n}", "/ledger?after={n}", "/ledger/{n}"],
    ids=["timeline", "ledger", "an entry"],
)
def test_what_is_not_there_is_not_noted_as_read(behind: str, served: Served) -> None:
    number = accepted(served)
    opened(served, number)
    there, where = entered(served, number), path(served, number)
    there.open(f"{where}{behind.format(n=0)}")
    first = reads(served, number)
    for n in (1, 7, 99) if "after" in behind else ():
        there.open(f"{where}{behind.format(n=n)}")
    for n in range(999_000_000, 999_000_005):
        status = there.client.get(f"{where}{behind.format(n=n)}").status_code
        assert status == (200 if "after" in behind else 404)
    assert reads(served, number) == first


@pytest.mark.parametrize(
    ("after", "size", "start"),
    [(0, 0, 0), (5, 0, 0), (0, 250, 0), (99, 250, 0), (100, 250, 100), (10**9, 250, 200),
     (100, 100, 0), (100, 101, 100)],
)  # fmt: skip
def test_a_page_begins_where_there_is_something(after: int, size: int, start: int) -> None:
    assert page_start(after, size) == start


def test_a_room_is_not_read_by_a_machine(
    served: Served, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.pages.room.READS_AT_ONCE", 3)
    there, where = entered(served, number), path(served, number)
    behind = ("/timeline", "/ledger/1", "/files/proofs.json", "/report", "/ledger/2")
    answers = [there.client.get(where + one) for one in behind]
    assert [one.status_code for one in answers] == [200, 200, 200, 429, 429]
    assert "Many pages were read within minutes." in answers[-1].text
    assert ("ledger", "#2") not in [
        (one["part"], one.get("item")) for one in reads(served, number)[-3:]
    ]
    assert there.client.get(where).status_code == 200, "questions and answers stay at hand"


def test_a_door_that_stays_shut_notes_nothing(served: Served) -> None:
    number = accepted(served)
    opened(served, number)
    there = visitor(served)
    there.open(f"{path(served, number)}/timeline")
    there.client.post(path(served, number), data={"code": "1"})
    assert reads(served, number) == []


def test_what_cannot_be_noted_is_not_shown(
    served: Served, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, house = entered(served, number), house_of(served)
    house.reads.forget_all()

    def full(*_: object) -> int:
        raise incidents.no_such("disk")

    monkeypatch.setattr("services.read_log.company.log", full)
    assert there.client.get(f"{path(served, number)}/report").status_code == 404


def test_the_company_sees_what_was_looked_at(served: Served, at: SignedIn) -> None:
    number = accepted(served)
    opened(served, number)
    entered(served, number).open(f"{path(served, number)}/timeline")
    people = at("gao.yuan").open(f"/incidents/{number}/people")
    assert NAME in people.text
    page = at("gao.yuan").open(people.link("R1"))
    assert "Timeline" in page.text.partition("What the inspector looked at")[2]
    code = rooms.code_of(house_of(served), number, "R1")
    assert f"{code[:4]} {code[4:]}" in page.text
    assert path(served, number) in page.html
    assert not faults_of(page.html)


@pytest.mark.parametrize("name", ["ren.jia", "qiu.ning", "su.ran"])
def test_link_and_code_are_for_those_who_may_open_rooms(
    name: str, served: Served, at: SignedIn, number: str
) -> None:
    page = at(name).open(f"/incidents/{number}/rooms/R1")
    assert page.status == 200
    assert "/rooms/INC" not in page.html
    code = rooms.code_of(house_of(served), number, "R1")
    assert code[:4] not in page.html
    assert "What the inspector looked at" in page.text


def test_the_link_and_the_code_stand_in_no_record(served: Served, number: str) -> None:
    mark, code = path(served, number)[-MARK_HEX:], rooms.code_of(house_of(served), number, "R1")
    kept = b"".join(streams.read_contents(served.database.ledger, number)).decode()
    log = str([one.body for one in company.read_log(served.database.ledger, limit=10_000)])
    for secret in (mark, code):
        assert secret not in kept
        assert secret not in log
    assert NAME not in kept


# ---------------------------------------------------------------- questions


def questions(page: Seen) -> str:
    return page.html.partition('id="questions"')[2]


def test_a_question_is_recorded_and_its_answer_read_in_the_room(
    served: Served, at: SignedIn
) -> None:
    number = accepted(served)
    opened(served, number)
    there, where = entered(served, number), path(served, number)
    page = there.open(where)
    words = "Why not lot 7?\n<b>Now</b> & \u202ethen"
    by = (datetime.now(UTC) + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    asked = there.send(page, page.form("/ask#questions"), words=words, answer_by=by)
    assert asked.status == 200
    assert "Not answered yet" in asked.text
    assert "&lt;b&gt;Now&lt;/b&gt;" in questions(asked)
    assert "\u202e" not in asked.html
    assert not faults_of(asked.html)
    repeated = there.client.post(
        f"{where}/ask", data=page.form("/ask#questions").filled(words=words, answer_by=by)
    )
    assert repeated.status_code in (200, 303)
    state = served.person("gao.yuan").get(f"/api/incidents/{number}").json()["state"]
    assert [one["id"] for one in state["people"]["room_questions"]] == ["Q1"], "sent twice, once"
    mine = at("bai.lu").open(f"/incidents/{number}")
    assert "Answer the inspector: Q1" in mine.text
    form = at("bai.lu").open(f"/incidents/{number}/people/Q1/answer_in_room")
    at("bai.lu").send(form, form.form("/answer_in_room"), words="Lot 7 never left the plant.")
    assert "Lot 7 never left the plant." in questions(there.open(where))
    people = at("ren.jia").open(f"/incidents/{number}/people")
    assert "Why not lot 7?" in people.text
    assert "Lot 7 never left the plant." in people.text
    kept = b"".join(streams.read_contents(served.database.ledger, number)).decode()
    assert "Lot 7" not in kept


def test_questions_of_one_room_stay_in_it(served: Served) -> None:
    number = accepted(served)
    opened(served, number)
    opened(served, number)
    one, other = entered(served, number, "R1"), entered(served, number, "R2")
    page = one.open(path(served, number, "R1"))
    one.send(page, page.form("/ask#questions"), words="Whose key was it?")
    assert "Whose key" in one.open(path(served, number, "R1")).text
    assert "Whose key" not in other.open(path(served, number, "R2")).text


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        pytest.param({}, {"words"}, id="nothing"),
        pytest.param({"words": "  \n "}, {"words"}, id="blank"),
        pytest.param({"words": "x" * 2001}, {"words"}, id="too long"),
        pytest.param({"words": "x" * 200_000}, {"words"}, id="very long"),
        pytest.param({"words": "a\x00b"}, {"words"}, id="no sign"),
        pytest.param({"words": "Why?", "answer_by": "soon"}, {"answer_by"}, id="no time"),
        pytest.param({"words": "Why?", "answer_by": "2020-01-01T10:00"}, {"answer_by"}, id="past"),
        pytest.param({"words": "Why?", "answer_by": "9999-01-01T10:00"}, {"answer_by"}, id="far"),
    ],
)
def test_a_question_that_cannot_be_taken_is_kept_as_typed(
    typed: dict[str, str], fields: set[str], served: Served, number: str
) -> None:
    there = entered(served, number)
    where = f"{path(served, number)}/ask"
    answer = served.unchanged_by(lambda: there.client.post(where, data=typed))
    assert answer.status_code == 422
    assert {one for one in ("words", "answer_by") if f'id="e-{one}"' in answer.text} == fields
    assert not faults_of(answer.text)
    assert typed.get("words", "")[:100].strip("\x00ab \n") in answer.text


def test_nobody_asks_from_outside_the_door(served: Served, number: str, anyone: Browser) -> None:
    where = f"{path(served, number)}/ask"
    assert anyone.client.post(where, data={"words": "Why?"}).status_code == 404


def test_nobody_asks_by_the_api(served: Served, number: str) -> None:
    answer = served.person("gao.yuan").post(
        f"/api/incidents/{number}/people/ask_in_room", {"room": "R1", "words": "Why?"}
    )
    assert answer.status_code == 404


def test_many_questions_at_once_are_too_many(served: Served) -> None:
    number = accepted(served)
    opened(served, number)
    there, where = entered(served, number), f"{path(served, number)}/ask"
    told = []
    for n in range(11):
        typed = {"words": f"Question {n}?", "key": str(n)}
        told.append(there.client.post(where, data=typed).status_code)
    assert told == [303] * 10 + [429]
    until(
        served.person("gao.yuan"), number,
        lambda seen: len(seen["state"]["people"]["room_questions"]) == 10,
    )  # fmt: skip


# ---------------------------------------------------------------- drills


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_room_of_a_drill_says_so_on_every_page(
    language: str, served: Served, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, where = entered(served, number, language=language), path(served, number)
    assert "EXERCISE" not in there.open(where).text
    row = incidents.incident(served.database.ledger, number)
    monkeypatch.setattr(
        "services.rooms.incidents.incident", lambda *_: replace(row, drill="Autumn exercise")
    )
    for behind in ("", "/timeline", "/ledger/1"):
        page = there.open(where + behind)
        assert "EXERCISE 演练" in page.text
        assert not faults_of(page.html)


def test_the_numbers_of_drills_have_rooms_too(served: Served) -> None:
    house = house_of(served)
    for stream in ("INC-2026-0001", "EXERCISE-2026-0001", "SIMULATION-2026-12345"):
        address = rooms.path_of(house, stream, "R1").removeprefix(rooms.ROOMS)
        assert rooms._ADDRESS.fullmatch(address), stream
