"""The page of personal data: who sees it, asking and confirming, holds, what is due."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.pages import company_log
from api.pages.incident import LIVE_STAGES
from api.pages.lens import lens_for
from api.pages.stages import MODULES
from domain.erasure import Request
from domain.retention import Keeps
from services import erasing, retention, subjects
from services.house import House
from services.opening import open_stores
from storage import company
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_no_codes import CODE
from tests.api.pages.test_offered import accepted, done
from tests.api.pages.test_standing import LABEL
from tests.api.serving import Served
from tests.api.test_incidents import reported

pytestmark = pytest.mark.xdist_group("pages")

WHO = "Zhao Xiaomei, Qingdao, 138 0000 4711"


def told(served: Served) -> str:
    """Report something with a person in it, and close it without an incident."""
    number = reported(served.person("an.qi"), words=f"{WHO}: my cheeks burn.")
    done(served.person("gao.yuan"), number, "report/close_report", reason="No fault was found.")
    done(served.person("lin.wei"), number, "people/A1/sign_act")
    return number


def asked(served: Served, at: SignedIn, number: str, **more: Any) -> str:
    """Ask to erase all that is told in a stream; give the address of the request."""
    page = at("lyu.an").open(f"/privacy/of/{number}")
    form = page.form("/privacy/ask")
    values: dict[str, Any] = {
        "subjects": form.choices["subjects"],
        "basis": "consent_withdrawn",
        "reason": "By letter.",
        "despite": form.choices.get("despite", []),
        **more,
    }
    answer = at("lyu.an").send(page, form, **values)
    assert answer.status == 200, answer.text
    assert answer.address.startswith("/privacy/requests/E")
    return answer.address


@contextlib.contextmanager
def years_later(served: Served, years: int) -> Iterator[None]:
    """Let the house's clock stand years ahead."""
    assert served.app is not None
    house = served.app.state.house
    before = house.now
    house.now = lambda: datetime.now(UTC) + timedelta(days=366 * years)
    try:
        yield
    finally:
        house.now = before


# ---------------------------------------------------------------- who


@pytest.mark.parametrize(
    ("reader", "status", "asks"),
    [("lyu.an", 200, True), ("fang.zheng", 200, False), ("ren.jia", 200, False),
     ("gao.yuan", 403, False), ("an.qi", 403, False), ("he.miao", 403, False)],
    ids=["privacy officer", "legal", "auditor", "commander", "service agent", "staff"],
)  # fmt: skip
def test_who_sees_the_page(
    reader: str, status: int, asks: bool, served: Served, at: SignedIn
) -> None:
    number = told(served)
    assert at(reader).open("/privacy").status == status
    page = at(reader).open(f"/privacy/of/{number}")
    assert page.status == status
    assert any(f.action == "/privacy/ask" for f in page.forms) is asks
    assert (WHO in page.text) is (reader in ("lyu.an", "fang.zheng"))


def test_the_audit_leads_there_for_those_who_may(at: SignedIn) -> None:
    assert at("lyu.an").open("/audit").link("Personal data") == "/privacy"
    assert "/privacy" not in [href for _, href in at("gao.yuan").open("/audit").links]


def test_looking_through_what_people_told_is_noted(served: Served, at: SignedIn) -> None:
    number = told(served)
    at("lyu.an").open(f"/privacy/of/{number}")
    lines = company.lines_of(served.database.ledger, ("SubjectsRead",))
    assert (lines[-1].body["person"], lines[-1].body["stream"]) == ("lyu.an", number)


# ---------------------------------------------------------------- asking and confirming


def test_asked_by_one_and_confirmed_by_another_it_is_gone(served: Served, at: SignedIn) -> None:
    number = told(served)
    request = asked(served, at, number, reference="DSR-2026-4")
    own = at("lyu.an").open(request)
    assert "Legal confirms it." in own.text
    assert WHO in own.text
    page = at("fang.zheng").open(request)
    assert "By letter." in page.text
    after = at("fang.zheng").send(page, page.form("/privacy/requests/" + request.split("/")[-1]),
                                  "Erase it for ever")  # fmt: skip
    assert WHO not in after.text
    assert "erased" in after.text
    assert "consent was withdrawn" in at("fang.zheng").open(f"/incidents/{number}/report").text
    assert WHO not in at("fang.zheng").open("/privacy").text
    assert "DSR-2026-4" in at("fang.zheng").open("/privacy").text


def test_what_must_be_kept_is_refused_until_both_say_by_name_that_it_does_not_cover(
    served: Served, at: SignedIn
) -> None:
    number = told(served)
    page = at("lyu.an").open(f"/privacy/of/{number}")
    assert "Kept until" in page.text
    form = page.form("/privacy/ask")
    chosen: dict[str, Any] = {
        "subjects": form.choices["subjects"],
        "basis": "objection",
        "reason": "By phone.",
    }
    refused = at("lyu.an").send(page, form, **chosen)
    assert refused.status == 422
    assert "It must be kept" in refused.text
    again = refused.form("/privacy/ask")
    assert again.values["reason"] == ["By phone."]
    assert again.values["subjects"] == form.choices["subjects"]
    taken = at("lyu.an").send(refused, again, despite=again.choices["despite"])
    assert taken.address.startswith("/privacy/requests/")
    assert "Overrules" in taken.text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"subjects": None}, "Choose what is erased."),
        ({"basis": ""}, "Choose a ground."),
        ({"reason": " "}, "Say why it is erased."),
        ({"reference": "Mrs. Zhao"}, "The number of a request has"),
    ],
    ids=["nothing ticked", "no ground", "no reason", "a name as number"],
)
def test_what_is_not_filled_in_is_said_and_changes_nothing(
    typed: dict[str, Any], sentence: str, served: Served, at: SignedIn
) -> None:
    number = told(served)
    page = at("lyu.an").open(f"/privacy/of/{number}")
    form = page.form("/privacy/ask")
    whole: dict[str, Any] = {"subjects": form.choices["subjects"], "basis": "objection", "reason": "By phone.",
             "despite": form.choices["despite"]}  # fmt: skip
    before = len(company.lines_of(served.database.ledger, ("ErasureAsked",)))
    answer = at("lyu.an").send(page, form, **{**whole, **typed})
    assert answer.status == 422
    assert sentence in answer.text
    assert len(company.lines_of(served.database.ledger, ("ErasureAsked",))) == before


def test_somebody_else_may_neither_ask_nor_confirm(served: Served, at: SignedIn) -> None:
    number = told(served)
    request = asked(served, at, number)
    name = request.rpartition("/")[2]
    token = next(f for f in at("gao.yuan").open("/outbox").forms).values["csrf"][0]
    chief = at("gao.yuan").client
    for path, body in (
        (request, {"act": "confirm"}),
        ("/privacy/confirm", {"requests": name}),
        ("/privacy/ask", {"subjects": f"{number}@x", "basis": "objection", "reason": "x"}),
        ("/privacy/holds", {"stream": number, "matter": "M-1"}),
        ("/privacy/find", {"words": "Zhao"}),
    ):
        answer = chief.post(path, data={"csrf": token, **body})
        assert answer.status_code == 403, (path, answer.text[:500])
        assert "did not come from a page" not in answer.text, "it is the role that is refused"
    assert any(one.erased_at is None for one in subjects.of_stream(_house(served), number))


def _house(served: Served) -> House:
    assert served.app is not None
    house: House = served.app.state.house
    return house


# ---------------------------------------------------------------- finding


def test_a_person_is_found_by_their_words_and_the_words_stand_in_no_address_and_no_log(
    served: Served, at: SignedIn
) -> None:
    number = told(served)
    page = at("lyu.an").open("/privacy")
    found = at("lyu.an").send(page, page.form("/privacy/find"), words="0000 4711")
    assert found.address == "/privacy/find"
    assert number in found.text
    lines = company.read_log(served.database.ledger, limit=100_000)
    assert lines[-1].type in ("PeopleSearched", "SubjectsRead")
    assert not any("4711" in str(line.body) for line in lines)


@pytest.mark.parametrize("reference", ["INC-2026-9999", "no number", "INC-2026-9999/P1", "a" * 64])
def test_what_is_not_there_is_said(reference: str, at: SignedIn) -> None:
    page = at("lyu.an").open("/privacy")
    answer = at("lyu.an").send(page, page.form("/privacy/find"), number=reference)
    assert answer.status == 422
    assert "There is no" in answer.text or "Nothing is kept" in answer.text


def test_a_registered_person_without_private_words_is_said_to_be_there(
    served: Served, at: SignedIn
) -> None:
    number = accepted(served)
    done(
        served.person("mei.lin"), number, "report/register_case", outcomes=["hospitalised"],
        country="CN", awareness_at="2026-11-20T01:00:00Z", product="dew-cream", lot="DC2603A",
    )  # fmt: skip
    page = at("lyu.an").open("/privacy")
    for person, says in (("P1", "is registered, and no private words"), ("P2", "Nothing is kept")):
        answer = at("lyu.an").send(page, page.form("/privacy/find"), number=f"{number}/{person}")
        assert answer.status == 422
        assert says in answer.text


def test_what_is_found_leads_to_its_page_with_it_ticked(served: Served, at: SignedIn) -> None:
    number = told(served)
    page = at("lyu.an").open("/privacy")
    found = at("lyu.an").send(page, page.form("/privacy/find"), words="0000 4711")
    there = at("lyu.an").open(found.link(f"All of {number}"))
    [ticked] = there.form("/privacy/ask").values["subjects"]
    assert ticked.startswith(f"{number}@subject-")


def test_messages_to_an_address_are_asked_for_by_themselves(served: Served, at: SignedIn) -> None:
    page = at("lyu.an").open("/privacy")
    assert "Where an incident or case of the messages must be kept" in page.text
    answer = at("lyu.an").send(page, page.form("/privacy/ask"), basis="objection",
                               despite="open", reason="By letter.", addresses="nobody@example.com")  # fmt: skip
    assert "messages: 0" in answer.text or "keys: 0" in answer.text
    legal = at("fang.zheng").open(answer.address)
    done_by_legal = at("fang.zheng").send(legal, legal.form(answer.address), "Erase it for ever")
    assert "erased" in done_by_legal.text
    assert "nobody@example.com" not in at("fang.zheng").open("/audit").text


def test_a_number_leads_to_its_page(served: Served, at: SignedIn) -> None:
    number = told(served)
    page = at("fang.zheng").open("/privacy")
    answer = at("fang.zheng").send(page, page.form("/privacy/find"), number=number)
    assert f"Personal data of {number}" in answer.text


# ---------------------------------------------------------------- holds


def test_a_hold_of_an_incident_stops_every_erasure(served: Served, at: SignedIn) -> None:
    number = accepted(served)
    request = asked(served, at, number)
    done(served.person("fang.zheng"), number, "people/place_legal_hold",
         scope="Everything about this cream", custodians=["gao.yuan"])  # fmt: skip
    page = at("fang.zheng").open(request)
    refused = at("fang.zheng").send(page, page.form(request), "Erase it for ever")
    assert refused.status == 409
    assert "A legal hold stands" in refused.text
    stream = at("lyu.an").open(f"/privacy/of/{number}")
    assert "Nothing here is erased before it is released." in stream.text
    assert not any(f.action == "/privacy/ask" for f in stream.forms)
    people = at("gao.yuan").open(f"/incidents/{number}/people").text
    assert "nothing that people told in this incident is erased" in people
    assert not retention.of(_house(served), number).kept.is_due(datetime.now(UTC).date())


def test_a_hold_over_something_closed_is_placed_by_one_and_released_by_another(
    served: Served, at: SignedIn
) -> None:
    number = told(served)
    page = at("fang.zheng").open("/privacy")
    placed = at("fang.zheng").send(page, page.form("/privacy/holds"), stream=number, matter="M-17")
    assert "M-17" in placed.text
    held = at("lyu.an").open(f"/privacy/of/{number}")
    assert not any(f.action == "/privacy/ask" for f in held.forms)
    [name] = _holds_of(served, number)
    assert f"Release {name}" not in placed.text
    other = at("ji.ruo").open("/privacy")
    form = next(f for f in other.forms if any(name in words for words in f.buttons))
    at("ji.ruo").send(other, form, f"Release {name}")
    assert any(f.action == "/privacy/ask" for f in at("lyu.an").open(f"/privacy/of/{number}").forms)


def _holds_of(served: Served, number: str) -> list[str]:
    lines = company.lines_of(served.database.ledger, ("HoldPlaced",))
    return [f"H{line.seq}" for line in lines if line.body["stream"] == number]


# ---------------------------------------------------------------- what is due


def test_what_is_closed_is_listed_with_its_day_and_its_law(served: Served, at: SignedIn) -> None:
    number = told(served)
    kept = retention.of(_house(served), number).kept
    assert kept.last is not None
    assert kept.last.record.id == "CN-REC-ADR"
    page = at("lyu.an").open("/privacy")
    assert number in page.text
    assert "化妆品不良反应监测管理办法" in page.text
    assert "The law's time for keeping it runs" in page.text


def test_an_incident_that_is_sealed_says_until_when_it_is_kept(
    served: Served, at: SignedIn
) -> None:
    number = reported(served.person("an.qi"), products=["spring-toner"], answers=LABEL)
    done(served.person("gao.yuan"), number, "report/accept_report")
    closing = {"summary": "A label was crooked.", "reason_for_open_items": "Nothing is."}
    done(served.person("gao.yuan"), number, "review/close_incident", **closing)
    for name in ("lin.wei", "fang.zheng"):
        done(served.person(name), number, "people/A1/sign_act")
    page = at("gao.yuan").open(f"/incidents/{number}/review")
    assert "Kept until" in page.text
    assert "化妆品不良反应监测管理办法" in page.text
    kept = retention.of(_house(served), number)
    assert kept.closed_at is not None
    assert kept.kept.against(datetime.now(UTC).date()) == (Keeps.PERIOD,)


def test_what_is_due_is_asked_for_together_and_confirmed_together(
    served: Served, at: SignedIn
) -> None:
    one, other = told(served), told(served)
    with years_later(served, 4):
        page = at("lyu.an").open("/privacy")
        form = page.form("/privacy/due")
        assert {one, other} <= set(form.choices["streams"])
        at("lyu.an").send(page, form, streams=[one, other])
        house = _house(served)
        assert all(s.erased_at is None for s in subjects.of_stream(house, one)), "only asked for"
        names = [r.id for r in _requests(served) if r.stream in (one, other)]
        assert len(names) == 2
        legal = at("fang.zheng").open("/privacy")
        after = at("fang.zheng").send(legal, legal.form("/privacy/confirm"), requests=names)
        assert after.status == 200
        for number in (one, other):
            assert all(s.erased_at for s in subjects.of_stream(house, number))
        listed = [k.stream for k in retention.closed(house, erasing.emptied(house))]
        assert not {one, other} & set(listed), "what is empty stands in nobody's way"


def _requests(served: Served) -> list[Request]:
    return erasing.requests(_house(served))


# ---------------------------------------------------------------- words


def test_the_page_speaks_chinese(served: Served, at: SignedIn) -> None:
    number = told(served)
    page = at("lyu.an", "zh-CN").open(f"/privacy/of/{number}")
    assert page.status == 200
    assert 'lang="zh-CN"' in page.html


def test_no_page_names_two_things_alike(served: Served, at: SignedIn) -> None:
    number = told(served)
    page = at("lyu.an").open("/privacy")
    found = at("lyu.an").send(page, page.form("/privacy/find"), words="0000 4711")
    request = at("fang.zheng").open(asked(served, at, number))
    legal = at("fang.zheng").open("/privacy")
    for one in (page, found, request, legal, at("lyu.an").open(f"/privacy/of/{number}")):
        assert len(one.ids) == len(set(one.ids)), one.address
        assert not one.forbidden


def test_nothing_on_these_pages_is_kept_by_a_browser(served: Served, at: SignedIn) -> None:
    for path in ("/privacy", f"/privacy/of/{told(served)}"):
        answer = at("lyu.an").client.get(path)
        assert answer.headers["cache-control"] == "no-store"


def test_a_part_that_is_kept_for_many_readers_holds_no_private_words() -> None:
    for stage in LIVE_STAGES:
        assert MODULES[stage].private_texts(None) == []


def test_every_line_of_the_log_is_a_sentence(served: Served) -> None:
    lens = lens_for(open_stores(served.settings), None, "en", now=datetime.now(UTC))
    lines: dict[str, dict[str, Any]] = {
        "SubjectsRead": {"person": "lyu.an", "stream": "INC-2026-0001"},
        "PeopleSearched": {"person": "lyu.an", "found": 2},
        "ErasureAsked": {"by": "lyu.an", "stream": "INC-2026-0001", "reference": "DSR-1"},
        "ErasureWithdrawn": {"by": "lyu.an", "erasure": "E7"},
        "DataErased": {"by": "fang.zheng", "erasure": "E7", "stream": ""},
        "ErasedAgain": {"subjects": ["subject-1"], "files": 0, "letters": 0},
        "HoldPlaced": {"by": "fang.zheng", "stream": "INC-2026-0001", "matter": "M-1"},
        "HoldReleased": {"by": "ji.ruo", "stream": "INC-2026-0001", "hold": "H3"},
    }
    for kind, body in lines.items():
        said = company_log.told(lens, kind, body)
        assert kind not in said
        assert not CODE.search(said)
        assert "subject-" not in said
