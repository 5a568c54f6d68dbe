"""Somebody from outside is invited: they read what is opened to them, and nothing else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.stages import SEVEN_STAGES
from storage import outbox, people
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, done
from tests.api.serving import Served
from tests.api.test_incidents import reported, until

pytestmark = pytest.mark.xdist_group("pages")

EXPERT = "shao.yi"
QUESTION = "Can this germ harm eyes?"
REPORT = b"%PDF-1.7\n" + b"plate count 12 000" * 20


def invite(served: Served, number: str, *stages: str, days: float = 3) -> None:
    """Let the commander invite the expert to some stages."""
    until = datetime.now(UTC) + timedelta(days=days)
    body = {"person": EXPERT, "scope": QUESTION, "opened": stages, "until_at": until.isoformat()}
    done(
        served.person("gao.yuan"), number, "people/invite_outsider", **body,
        confidentiality_signed=True,
    )  # fmt: skip


def evidence(served: Served, number: str) -> str:
    """Keep a laboratory's report as evidence and give its address."""
    quality = served.person("qiu.ning")
    kept = quality.client.post("/api/blobs", content=REPORT, params={"name": "report.pdf"})
    address = str(kept.json()["id"])
    taken = {"what": "Report", "source": "Laboratory", "place": "Shanghai", "storage": "Safe"}
    done(
        quality, number, "investigation/collect_evidence", **taken, blob=address,
        taken_at=datetime.now(UTC).isoformat(),
    )  # fmt: skip
    return address


def test_the_file_of_evidence_opens_from_the_page(served: Served, at: SignedIn) -> None:
    number = accepted(served)
    evidence(served, number)
    page = at("qiu.ning").open(f"/incidents/{number}/investigation")
    file = next(href for said, href in page.links if said.startswith("E1"))
    assert at("qiu.ning").client.get(file).content == REPORT


def test_an_invited_expert_reads_the_opened_stage_and_its_files(
    served: Served, at: SignedIn
) -> None:
    number = accepted(served)
    address = evidence(served, number)
    invite(served, number, "investigation", "statement")
    expert = at(EXPERT)
    board = expert.open("/")
    assert QUESTION in board.text
    assert f"/opened/{number}" in [href for _, href in board.links]
    page = expert.open(f"/opened/{number}")
    for words in (QUESTION, "Health hazard evaluation", "Gao Yuan"):
        assert words in page.text
    file = next(href for said, href in page.links if said.startswith("E1"))
    assert file == f"/opened/{number}/files/{address}"
    assert expert.client.get(file).content == REPORT
    ways = [href for _, href in page.links if "incidents" in href or "/api/" in href]
    assert ways == []
    assert page.forbidden == []
    assert expert.open(f"/opened/{number}/statement").status == 200


def test_the_incidents_own_address_leads_an_expert_to_what_is_opened(
    served: Served, at: SignedIn
) -> None:
    number = accepted(served)
    invite(served, number, "investigation")
    page = at(EXPERT).open(f"/incidents/{number}")
    assert (page.status, QUESTION in page.text) == (200, True)


def test_the_invited_person_is_told(served: Served) -> None:
    number = accepted(served)
    invite(served, number, "investigation")
    served.settled()
    found = outbox.list_messages(served.database.bulk, incident=number, limit=50, offset=0)
    mine = [one for one in found if one.recipient == "shao.yi@example.com"]
    assert [QUESTION in one.body for one in mine] == [True]
    assert f"/incidents/{number}" in mine[0].body


CLOSED = {
    "another stage": "/opened/{number}/recall",
    "not a stage": "/opened/{number}/nonsense",
    "the ledger": "/incidents/{number}/ledger",
    "a stage of the incident": "/incidents/{number}/investigation",
    "a live part": "/incidents/{number}/parts/now",
    "as it was": "/incidents/{number}/at/1",
    "the incident by the API": "/api/incidents/{number}",
    "its ledger by the API": "/api/incidents/{number}/ledger",
    "its stream": "/api/incidents/{number}/stream",
    "a file by the API": "/api/blobs/{address}",
    "a file nobody names": "/opened/{number}/files/" + "0" * 64,
    "a form": "/incidents/{number}/investigation/record_fact",
    "the outbox": "/outbox",
    "the outbox of the incident": "/outbox?incident={number}",
    "the plan": "/plan",
    "the report form": "/report",
    "the audit": "/audit",
    "the demo shop": "/demo-shop",
}


@pytest.mark.parametrize("address", CLOSED.values(), ids=CLOSED.keys())
def test_everything_else_is_closed_to_an_expert(
    address: str, served: Served, at: SignedIn, invited: tuple[str, str]
) -> None:
    number, file = invited
    where = address.format(number=number, address=file)
    assert at(EXPERT).client.get(where, headers={"Accept": "text/html"}).status_code == 404


@pytest.fixture(scope="module")
def invited(served: Served) -> tuple[str, str]:
    """Give an incident that the expert is invited to, and a file in it."""
    number = accepted(served)
    address = evidence(served, number)
    invite(served, number, "investigation")
    return number, address


def test_nothing_is_open_without_an_invitation_or_after_it(served: Served, at: SignedIn) -> None:
    number = accepted(served)
    address = evidence(served, number)
    client = at(EXPERT).client
    asked = [f"/opened/{number}", f"/api/opened/{number}", f"/opened/{number}/files/{address}"]
    assert {client.get(one).status_code for one in asked} == {404}
    invite(served, number, "investigation")
    assert {client.get(one).status_code for one in asked} == {200}
    done(served.person("gao.yuan"), number, f"people/{EXPERT}/end_invitation")
    assert {client.get(one).status_code for one in asked} == {404}
    assert number not in client.get("/").text


def test_an_invitation_ends_with_the_incident(served: Served, at: SignedIn) -> None:
    number = reported(served.person("an.qi"), answers={"worst_outcome": "mild", "people": 1})
    invite(served, number, "investigation")
    client = at(EXPERT).client
    assert client.get(f"/opened/{number}").status_code == 200
    done(served.person("gao.yuan"), number, "report/close_report", reason="Another maker's jar.")
    done(served.person("qiu.ning"), number, "people/A1/sign_act")
    until(served.person("gao.yuan"), number, lambda told: not told["open"])
    assert client.get(f"/opened/{number}").status_code == 404


def test_words_that_fill_texts_stand_apart_from_the_facts(served: Served, at: SignedIn) -> None:
    number = accepted(served)
    for key, value in (("units_sold", "1200"), ("hotline_hours", "8 to 22")):
        body = {"key": key, "value": value, "as_of": "2026-11-20T02:00:00Z"}
        done(served.person("qiu.ning"), number, "investigation/record_fact", **body)
    page = at("qiu.ning").open(f"/incidents/{number}/investigation").text
    assert page.index("Words for our texts") < page.index("8 to 22")
    assert page.index("1,200") < page.index("Words for our texts")


def test_a_file_of_a_stage_that_is_not_opened_stays_closed(served: Served, at: SignedIn) -> None:
    number = accepted(served)
    address = evidence(served, number)
    invite(served, number, "halt")
    assert at(EXPERT).client.get(f"/opened/{number}/files/{address}").status_code == 404


def test_programs_get_the_opened_stages_alone(served: Served, invited: tuple[str, str]) -> None:
    number, _ = invited
    expert = served.person(EXPERT)
    listed = expert.get("/api/opened").json()["incidents"]
    whole = expert.get(f"/api/opened/{number}").json()
    assert number in [one["id"] for one in listed]
    assert (list(whole["state"]), whole["stages"]) == (["investigation"], ["investigation"])
    assert "E1" in whole["state"]["investigation"]["evidence"]


def test_the_companys_own_people_are_not_invited(served: Served, invited: tuple[str, str]) -> None:
    number, _ = invited
    assert served.person("gao.yuan").get(f"/api/opened/{number}").status_code == 404
    assert served.person("gao.yuan").get("/api/opened").json() == {"incidents": []}


def test_photographs_of_a_report_stay_closed_whatever_their_class(
    served: Served, at: SignedIn
) -> None:
    agent = served.person("an.qi")
    photo = agent.client.post("/api/blobs", content=REPORT).json()["id"]
    number = accepted(served, evidence=[photo])
    invite(served, number, "report")
    client = at(EXPERT).client
    assert client.get(f"/opened/{number}/report").status_code == 200
    assert client.get(f"/opened/{number}/files/{photo}").status_code == 404


@pytest.mark.parametrize("stage", ["people", "case"])
def test_only_the_seven_stages_can_be_opened(stage: str, served: Served) -> None:
    number = accepted(served)
    body = {
        "person": EXPERT,
        "scope": QUESTION,
        "opened": ["report", stage],
        "until_at": (datetime.now(UTC) + timedelta(days=1)).isoformat(),
        "confidentiality_signed": True,
    }
    address = f"/api/incidents/{number}/people/invite_outsider"
    answer = served.person("gao.yuan").post(address, body)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_opened")


def test_the_form_offers_no_other_stage(served: Served, at: SignedIn) -> None:
    number = accepted(served)
    form = (
        at("gao.yuan").open(f"/incidents/{number}/people/invite_outsider").form("/invite_outsider")
    )
    assert form.choices["opened"] == [*map(str, SEVEN_STAGES)]


def test_remarks_and_reasons_on_a_text_stay_in_the_house(served: Served, at: SignedIn) -> None:
    number, author = accepted(served), served.person("ye.fan")
    texts = [{"language": "en", "title": "First word", "body": "We look into it."}]
    told = {"kind": "holding", "markets": ["US"], "preliminary": True, "texts": texts}
    done(author, number, "statement/draft_statement", **told)
    state = author.get(f"/api/incidents/{number}").json()["state"]
    sha = state["statement"]["statements"]["S1"]["sha256"]
    remark = {"sha256": sha, "place": "en/1", "words": "Counsel says we knew in May."}
    done(served.person("lin.wei"), number, "statement/S1/comment_statement", **remark)
    invite(served, number, "statement")
    client = at(EXPERT).client
    for address in (f"/api/opened/{number}", f"/opened/{number}"):
        seen = client.get(address).text
        assert "We look into it." in seen
        assert "in May" not in seen


def test_who_was_of_the_company_and_is_not_any_more_sees_nothing_old(served: Served) -> None:
    ring, now = served.database.ledger, people.person(served.database.ledger, "wen.tao")
    number = reported(served.person("wen.tao"))
    assert served.person("wen.tao").get(f"/api/incidents/{number}").status_code == 200
    people.save_person(ring, replace(now, roles=("outside_expert",), deputy_for=()))
    try:
        for address in (f"/api/incidents/{number}", f"/incidents/{number}", "/outbox"):
            assert served.person("wen.tao").get(address).status_code == 404
        assert served.person("wen.tao").get("/api/incidents").json() == {"incidents": []}
    finally:
        people.save_person(ring, now)
