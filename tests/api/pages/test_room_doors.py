"""Who was not let into a room: a line of the company's log, and a row on the room's page."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from services import rooms
from services.people import Attempts
from services.tries import Tries
from storage import company
from tests.api.markup import faults_of
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, done
from tests.api.pages.test_rooms import close_all, house_of, opened, path, visitor
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")


@pytest.fixture(autouse=True)
def _nobody_tried(served: Served, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    assert served.app is not None
    monkeypatch.setattr(served.app.state, "attempts", Attempts())
    monkeypatch.setattr(house_of(served), "tries", Tries())
    yield
    close_all()


@pytest.fixture
def number(served: Served) -> str:
    """Give an incident with a room of its own."""
    number = accepted(served)
    opened(served, number)
    return number


def refused(served: Served, number: str) -> list[dict[str, Any]]:
    lines = company.lines_of(served.database.ledger, ["RoomRefused"])
    return [dict(one.body) for one in lines if one.body["incident"] == number]


def gives(served: Served, number: str, code: str) -> int:
    answer = visitor(served).client.post(path(served, number), data={"code": code})
    return answer.status_code


def test_a_wrong_code_is_a_line_and_the_code_stands_in_none(served: Served, number: str) -> None:
    assert gives(served, number, "73915264") == 403
    [line] = refused(served, number)
    assert line == {
        "incident": number, "room": "R1", "why": "wrong_code", "from": "127.0.0.0/24", "tries": 1,
    }  # fmt: skip
    assert "73915264" not in str(line)


def test_many_codes_are_few_lines(served: Served, number: str) -> None:
    told = [gives(served, number, "1") for _ in range(30)]
    assert told == [403] * 5 + [429] * 25
    found = [(one["why"], one["tries"]) for one in refused(served, number)]
    assert {why for why, _ in found} == {"wrong_code"}
    assert max(tries for _, tries in found) >= 10, "those at the shut door count as well"
    assert len(found) <= 16, "at the most, where a minute passes meanwhile"


def test_at_the_shut_door_the_right_code_is_told_apart_in_the_log_alone(
    served: Served, number: str
) -> None:
    for _ in range(5):
        gives(served, number, "1")
    code, where = rooms.code_of(house_of(served), number, "R1"), path(served, number)
    right = visitor(served).client.post(where, data={"code": code})
    wrong = visitor(served).client.post(where, data={"code": "1"})
    assert right.status_code == wrong.status_code == 429
    until = re.compile(r"The door is shut until [^<]*\d\d:\d\d")
    assert until.search(right.text)
    assert until.findall(right.text) == until.findall(wrong.text)
    found = [one["why"] for one in refused(served, number)]
    assert found.count("door_shut") == 1


def test_the_right_code_is_no_line(served: Served, number: str) -> None:
    assert gives(served, number, rooms.code_of(house_of(served), number, "R1")) == 303
    assert refused(served, number) == []


def test_a_link_to_a_closed_room_is_a_line_and_answered_as_ever(
    served: Served, number: str
) -> None:
    where = path(served, number)
    done(served.person("gao.yuan"), number, "people/R1/close_room")
    nothing = visitor(served).client.get("/rooms/x")
    for _ in range(3):
        answer = visitor(served).client.get(where)
        assert (answer.status_code, answer.text) == (404, nothing.text)
    assert visitor(served).client.post(where, data={"code": "1"}).status_code == 404
    assert {one["why"] for one in refused(served, number)} == {"closed"}


def test_a_made_up_link_leaves_no_line(served: Served, number: str) -> None:
    for wrong in (f"{number}-R1-{'0' * 32}", f"{number}-R7-{'0' * 32}", "x"):
        assert visitor(served).client.get(f"/rooms/{wrong}").status_code == 404
    assert refused(served, number) == []


def test_the_page_of_the_room_says_who_was_not_let_in(
    served: Served, at: SignedIn, number: str
) -> None:
    there = at("gao.yuan")
    assert "Nobody was turned away." in there.open(f"/incidents/{number}/rooms/R1").text
    gives(served, number, "1")
    page = there.open(f"/incidents/{number}/rooms/R1")
    assert "127.0.0.0/24" in page.text.partition("Who was not let in")[2]
    assert "a wrong code" in page.text
    assert not faults_of(page.html)
    assert "1 in that minute so far" in page.text
    log = at("ren.jia").open("/audit").text
    assert f"not let into room R1 of {number}, from 127.0.0.0/24: 1 in that minute so far" in log
