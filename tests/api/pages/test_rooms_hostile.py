"""Whoever means ill at an inspector's door: in parallel, with odd signs, and after it is closed."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from services import rooms
from services.people import Attempts
from services.tries import Tries
from storage import company, streams
from tests.api.pages.test_offered import accepted, done
from tests.api.pages.test_rooms import close_all, entered, house_of, opened, path, reads, visitor
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

NUL = "\x00"


@pytest.fixture(autouse=True)
def _nobody_tried(served: Served, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    assert served.app is not None
    monkeypatch.setattr(served.app.state, "attempts", Attempts())
    monkeypatch.setattr(house_of(served), "tries", Tries())
    yield
    close_all()


@pytest.fixture
def number(served: Served) -> str:
    number = accepted(served)
    opened(served, number)
    return number


def acted(served: Served, number: str) -> list[str]:
    """Name what people did, not what the house records by itself meanwhile."""
    rows = streams.read_entries(served.database.ledger, number)
    return [row.type for row in rows if row.actor not in ("performer", "clock")]


def refused(served: Served, number: str) -> list[tuple[str, int]]:
    lines = company.lines_of(served.database.ledger, ["RoomRefused"])
    mine = [one.body for one in lines if one.body["incident"] == number]
    return [(str(one["why"]), int(one["tries"])) for one in mine]


def test_codes_that_are_tried_in_parallel_are_five_in_all(served: Served, number: str) -> None:
    where = path(served, number)
    there = [visitor(served) for _ in range(6)]

    def tries(one: int) -> list[int]:
        client = there[one].client
        codes = [f"{one}{n:07}" for n in range(20)]
        return [client.post(where, data={"code": code}).status_code for code in codes]

    with ThreadPoolExecutor(len(there)) as threads:
        told = [status for part in threads.map(tries, range(len(there))) for status in part]
    assert sorted(set(told)) == [403, 429]
    assert told.count(403) == 5
    found = refused(served, number)
    assert len(found) <= 24, "120 tries, over two minutes at the most"
    assert {why for why, _ in found} == {"wrong_code"}, "none of them was the right one"
    assert reads(served, number) == []


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(lambda code: "1" * 100_000, id="very long"),
        pytest.param(lambda code: code + "0" * 100_000, id="the code, and very much"),
        pytest.param(lambda code: code[:-1], id="one digit short"),
        pytest.param(lambda code: code + code, id="twice"),
        pytest.param(lambda code: "".join(chr(0x2460 + int(d)) for d in code), id="in circles"),
        pytest.param(lambda code: "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(d)] for d in code), id="raised"),
        pytest.param(
            lambda code: "".join("〇一二三四五六七八九"[int(d)] for d in code), id="hanzi"
        ),
        pytest.param(lambda code: "OIZEASGTBP"[int(code[0])] + code[1:], id="a letter like it"),
        pytest.param(lambda code: NUL * 8, id="NUL"),
        pytest.param(lambda code: "' OR 1=1 --", id="SQL"),
        pytest.param(lambda code: "\ud800".encode("utf-8", "surrogatepass"), id="half a sign"),
    ],
)
def test_a_code_that_only_looks_like_it_opens_nothing(
    made: object, served: Served, number: str
) -> None:
    code = rooms.code_of(house_of(served), number, "R1")
    there = visitor(served)
    answer = there.client.post(path(served, number), data={"code": made(code)})  # type: ignore[operator]
    assert answer.status_code in (403, 413, 422), answer.status_code
    assert there.client.get(path(served, number)).text.count("one-time-code") == 1
    assert reads(served, number) == []


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param(lambda right: right + "%00", id="NUL behind"),
        pytest.param(lambda right: right.replace("/rooms/", "/rooms/%00"), id="NUL before"),
        pytest.param(lambda right: right.replace("-R1-", "-R%EF%BC%91-"), id="a wide digit"),
        pytest.param(lambda right: right.replace("INC-", "%D0%86NC-"), id="a Cyrillic letter"),
        pytest.param(lambda right: right.replace("-", "%E2%80%91"), id="another dash"),
        pytest.param(lambda right: right + "%E2%80%8B", id="a space of no width"),
        pytest.param(lambda right: right + "%FF%FE", id="no UTF-8"),
        pytest.param(lambda right: right + "0" * 20_000, id="very long"),
        pytest.param(lambda right: right.replace("-R1-", "-R01-"), id="a nought before"),
        pytest.param(lambda right: right.replace("-R1-", "-R" + "1" * 300 + "-"), id="a huge room"),
    ],
)
def test_an_address_that_only_looks_like_it_leads_nowhere_and_leaves_no_line(
    odd: object, served: Served, number: str
) -> None:
    where = odd(path(served, number))  # type: ignore[operator]
    for answer in (visitor(served).client.get(where), visitor(served).client.post(where)):
        assert answer.status_code in (400, 404, 414)
        assert number not in answer.text
    assert refused(served, number) == []


def test_what_was_sent_in_an_open_room_counts_for_nothing_when_it_is_closed(
    served: Served, number: str
) -> None:
    there, where = entered(served, number), path(served, number)
    code = rooms.code_of(house_of(served), number, "R1")
    question = {"words": "Why these lots?", "key": "k"}
    assert there.client.post(f"{where}/ask", data=question).status_code == 303
    before = acted(served, number)
    done(served.person("gao.yuan"), number, "people/R1/close_room")
    anybody = visitor(served).client
    for way, told in (
        ("", {"code": code}),
        ("/ask", question),
        ("/ask", {**question, "key": "another"}),
    ):
        again, nothing = (
            one.post(f"{at}{way}", data=told)
            for one, at in ((there.client, where), (anybody, "/rooms/x"))
        )
        assert (again.status_code, again.text) == (404, nothing.text)
        assert (question["words"] in again.text) is ("words" in told), "typed words are given back"
    again, nothing = there.client.get(f"{where}/files/ledger.jsonl"), anybody.get("/rooms/x")
    assert (again.status_code, again.text) == (404, nothing.text)
    assert acted(served, number) == [*before, "RoomClosed"]
    assert {why for why, _ in refused(served, number)} == {"closed"}
    assert opened(served, number) == "R2"
    answer = there.client.get(path(served, number, "R2"))
    assert "one-time-code" in answer.text, "the pass of the first opens no other"
    wrong = there.client.post(path(served, number, "R2"), data={"code": code})
    assert wrong.status_code == 403, "nor does its code"
