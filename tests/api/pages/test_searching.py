"""The search as a page and as JSON: what is found stands under its incident, marked, and nothing leaks."""

from datetime import UTC, datetime

import pytest

from api.event_words import TELLS
from api.pages.lens import lens_for
from api.pages.searching import found_words, marked, question_of, sentences_with, types_of
from domain.ledger import Entry
from domain.people import CLOCK
from domain.report import ReportAcknowledged
from services.searching import Hit, Kind
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import told_once
from tests.api.pages.test_questions import played
from tests.api.pages.test_rooms import house_of
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")


@pytest.fixture
def number(served: Served) -> str:
    return told_once(played, served)


def test_the_way_to_the_search_stands_on_every_page(at: SignedIn) -> None:
    assert ("Search", "/search") in at("ren.jia").open("/").links
    page = at("ren.jia").open("/search")
    assert page.status == 200
    assert not page.forbidden


@pytest.mark.parametrize(
    ("words", "within"),
    [
        ("look into reports", "text"),
        ("look into reports", "all"),
        ("Report received", "decision"),
        ("收到报告", "all"),
        ("An Qi", "person"),
        ("an.qi", "all"),
    ],
)
def test_what_an_incident_holds_is_found(
    served: Served, at: SignedIn, number: str, words: str, within: str
) -> None:
    told = (
        served.person("ren.jia")
        .get("/api/search", params={"q": words, "in": within, "incident": number})
        .json()
    )
    if words == "收到报告":
        assert "hits" in told  # the name in Chinese is the catalogue's to say
        return
    assert told["hits"]
    assert {one["incident"] for one in told["hits"]} == {number}
    page = at("ren.jia").open(f"/search?q={words}&in={within}&incident={number}")
    assert page.status == 200
    assert number in page.text
    assert f"/incidents/{number}/ledger/{told['hits'][0]['seq']}" in [h for _, h in page.links]


@pytest.mark.parametrize(
    ("typed", "told", "other"),
    [
        ("still on sale", "DriftFound", "HaltOrdered"),
        ("Still on sale at", "DriftFound", "HaltOrdered"),
        ("仍在销售", "DriftFound", "HaltOrdered"),
        ("answers for", "ChannelAnswered:taken_over", "ChannelAnswered:confirmed"),
    ],
)
def test_a_phrase_of_a_sentence_of_the_ledger_is_found(typed: str, told: str, other: str) -> None:
    found = sentences_with(typed)
    assert told in found
    assert other not in found
    question = question_of(typed, "all")
    assert told.partition(":")[0] in question.said


@pytest.mark.parametrize("typed", ["sale", "the", "", "…", "召回", "{channel", "%"])
def test_a_word_alone_asks_for_no_sentence(typed: str) -> None:
    assert not sentences_with(typed)


def test_a_sentence_is_found_where_the_entry_does_not_hold_its_words(
    served: Served, at: SignedIn, number: str
) -> None:
    """What its page says stands there alone; the bytes have the type and the names."""
    ledger = served.person("ren.jia").get(f"/api/incidents/{number}/ledger?limit=500").json()
    phrase = "A problem with"
    assert TELLS["ReportReceived"].text.startswith(phrase)
    seqs = {one["seq"] for one in ledger["entries"] if one["type"] == "ReportReceived"}
    query = {"q": phrase, "in": "decision", "incident": number}
    hits = served.person("ren.jia").get("/api/search", params=query).json()["hits"]
    assert {one["seq"] for one in hits} == seqs
    page = at("ren.jia").open(f"/search?q={phrase}&in=decision&incident={number}")
    assert f"/incidents/{number}/ledger/{min(seqs)}" in [href for _, href in page.links]


def test_staff_find_only_what_they_reported(served: Served, at: SignedIn, number: str) -> None:
    for within in ("all", "text", "person"):
        told = (
            served.person("he.miao")
            .get("/api/search", params={"q": "look into reports", "in": within, "incident": number})
            .json()
        )
        assert told["hits"] == []
        assert told["next"] is None
        assert told["behind"] == 0


def test_private_words_are_never_found(served: Served, number: str) -> None:
    ledger = served.person("ren.jia").get(f"/api/incidents/{number}/ledger?open=1&limit=50").json()
    private = [text for text in ledger.get("texts", {}).values() if not text.startswith("[")]
    for text in private:
        told = (
            served.person("ren.jia")
            .get("/api/search", params={"q": text[:150], "in": "text", "incident": number})
            .json()
        )
        assert told["hits"] == [], text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("q=a&in=nothing", 422),
        ("q=a&after=x", 422),
        ("q=a&after=1-1", 200),
        (f"q={'a' * 1001}", 422),
        ("q=%00", 200),
        ("q=%ED%A0%80", 200),
        ("q=%27%20OR%201%3D1", 200),
        ("", 200),
    ],
)
def test_hostile_questions_are_answered_plainly(
    served: Served, at: SignedIn, query: str, status: int
) -> None:
    assert served.person("ren.jia").get(f"/api/search?{query}").status_code == status
    assert at("ren.jia").open(f"/search?{query}").status in (200, 422)


def test_nothing_typed_becomes_markup(at: SignedIn) -> None:
    page = at("ren.jia").open("/search?q=<script>alert(1)</script>")
    assert "<script>alert" not in page.html
    assert not page.forbidden


def test_what_was_found_is_marked_and_long_texts_are_cut_around_it() -> None:
    text = "x " * 200 + "The Recall begins" + " y" * 200
    pieces = marked(text, "recall")
    assert [one["text"] for one in pieces if one["mark"]] == ["Recall"]
    assert len("".join(one["text"] for one in pieces)) < 250
    assert marked("nothing here", "recall") == [{"text": "nothing here", "mark": False}]
    assert [one["text"] for one in marked("产品召回公告", "召回") if one["mark"]] == ["召回"]


def test_kinds_of_acts_are_known_by_their_names_alone() -> None:
    assert "RecallDecided" in types_of("recall decided")
    assert types_of("a") == []
    assert types_of("") == []
    assert types_of("%") == []


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ("gao.yuan", "Gao Yuan"),
        ("channel:wh-east", "East warehouse"),
        ("dew-cream", "Moon Dew Face Cream"),
        ("We look into reports.", "We look into reports."),
    ],
)
def test_what_was_found_is_told_by_its_name(served: Served, found: str, told: str) -> None:
    lens = lens_for(house_of(served), None, "en", now=datetime.now(UTC))
    entry = Entry(
        incident="INC-2026-0001", seq=1, command_id="c", actor=CLOCK, happened_at=lens.now,
        at=lens.now, recorded_at=lens.now, plan="", build="", event=ReportAcknowledged(by="an.qi"),
    )  # fmt: skip
    assert found_words(lens, Hit(entry=entry, why=Kind.TEXT, text=found)) == told
