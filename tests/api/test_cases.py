"""After-sales cases over HTTP: opened, acted on by every registered command, listed, looked back at."""

import time
from typing import Any

import pytest

from api.routes.cases import given_by_people, path_of
from domain.message import CASE_COMMANDS, CommandSpec, command_schema
from domain.people import SYSTEM_ROLES
from tests.api.samples import body_of, item_of, wrong_body
from tests.api.serving import Asker, Served
from tests.api.test_incidents import reported

pytestmark = pytest.mark.xdist_group("api")

ACTS = list(given_by_people())
each_act = pytest.mark.parametrize("spec", ACTS, ids=[spec.name for spec in ACTS])


def rash(**changes: Any) -> dict[str, Any]:
    """What is typed of a rash after the demo company's cream."""
    body = {
        "kind": "adverse_reaction",
        "hurt": True,
        "product": "dew-cream",
        "country": "CN",
        "received_at": "2026-01-22T01:00:00Z",
        "words": "My cheeks burn.",
        "asks_for": ["refund"],
    }
    return {**body, **changes}


def opened(who: Asker, **changes: Any) -> str:
    """Open a case and wait until it is recorded; gives its number."""
    answer = who.post("/api/cases", rash(**changes))
    assert answer.status_code == 201, answer.text
    number: str = answer.json()["id"]
    assert answer.headers["location"] == f"/api/cases/{number}"
    for _ in range(200):
        if who.get(f"/api/cases/{number}").json()["recorded"]:
            return number
        time.sleep(0.05)
    raise AssertionError(f"{number} was never recorded")


@pytest.fixture(scope="module")
def case(served: Served) -> str:
    """Give a case that nobody acts on meanwhile."""
    number = opened(served.person("an.qi"))
    served.settled()
    return number


@pytest.fixture(scope="module")
def known(served: Served) -> dict[str, str]:
    """Give what commands may refer to."""
    kept = served.person("an.qi").client.post("/api/blobs", content=b"%PDF-1.7 a bill")
    assert kept.status_code == 201, kept.text
    return {"evidence": kept.json()["id"]}


def path(spec: CommandSpec, number: str, known: dict[str, str]) -> str:
    """Give the address of an act on a case."""
    return path_of(spec).format(case=number, item=item_of(spec, known))


@each_act
def test_who_never_acts_is_told_who_could(
    spec: CommandSpec, served: Served, case: str, known: dict[str, str]
) -> None:
    body = body_of(spec, known)
    if spec.name == "link_case":
        body = {"incident": reported(served.person("an.qi"))}
    answer = served.person("ren.jia").post(path(spec, case, known), body)
    assert answer.status_code == 403, answer.text
    assert answer.json()["who_could"]


@each_act
def test_a_case_that_is_not_there_is_not_found(
    spec: CommandSpec, served: Served, known: dict[str, str]
) -> None:
    where = path(spec, "CASE-2026-999999", known)
    answer = served.person("gao.yuan").post(where, body_of(spec, known))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@each_act
def test_what_cannot_be_read_changes_nothing(
    spec: CommandSpec, served: Served, case: str, known: dict[str, str]
) -> None:
    desk, where = served.person("gao.yuan"), path(spec, case, known)
    answer = served.unchanged_by(lambda: desk.post(where, wrong_body(spec)))
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


@each_act
def test_the_description_has_it(spec: CommandSpec, served: Served) -> None:
    described = served.description()["paths"][path_of(spec)]["post"]
    assert described["summary"] == spec.title
    assert described["x-andon-roles"] == sorted(str(role) for role in spec.roles - SYSTEM_ROLES)
    body = described["requestBody"]["content"]["application/json"]["schema"]
    assert body["properties"].keys() == command_schema(spec)["properties"].keys()


def test_the_description_has_every_operation_once(served: Served) -> None:
    operations = [
        operation["operationId"]
        for methods in served.description()["paths"].values()
        for operation in methods.values()
    ]
    assert len(operations) == len(set(operations))
    assert {"open_case", "settle_case", "case_sign_act", "sign_act"} <= set(operations)
    assert "/api/cases/{case}/pass_time" not in served.description()["paths"]
    assert set(CASE_COMMANDS) >= {spec.name for spec in ACTS}


def test_a_case_is_opened_answered_and_looked_back_at(served: Served) -> None:
    agent = served.person("an.qi")
    number = opened(agent)
    said = {"medium": "phone", "text": "Please stop using it and see a doctor."}
    answer = agent.post(f"/api/cases/{number}/answer_case", said, Idempotency_Key="k1")
    assert (answer.status_code, answer.json()["events"]) == (200, ["CaseAnswered"])
    assert answer.json()["case"]["answers"][0]["late"] is True
    again = agent.post(f"/api/cases/{number}/answer_case", said, Idempotency_Key="k1")
    assert again.json()["seq"] == answer.json()["seq"]
    now = agent.get(f"/api/cases/{number}", params={"open": 1})
    assert now.json()["status"] == "answered"
    assert now.json()["texts"][now.json()["state"]["file"]["words"][0]["ref"]] == "My cheeks burn."
    seen = agent.get(f"/api/cases/{number}", headers={"If-None-Match": now.headers["etag"]})
    assert seen.status_code == 304
    before = agent.get(f"/api/cases/{number}", params={"at": "1"}).json()
    assert (before["size"], before["state"]["answers"]) == (1, [])
    told = agent.get(f"/api/cases/{number}/ledger").json()
    assert told["entries"][0]["type"] == "CaseOpened"
    lines = agent.get(f"/api/cases/{number}/ledger", headers={"Accept": "application/jsonl"})
    assert len(lines.text.splitlines()) == told["size"]


def test_forbidden_words_are_told_with_a_way_out(served: Served, case: str) -> None:
    said = {"medium": "chat", "text": "这是正常反应，请继续使用。"}
    answer = served.person("an.qi").post(f"/api/cases/{case}/answer_case", said)
    assert (answer.status_code, answer.json()["code"]) == (409, "wording")
    assert answer.json()["hint"]


def test_cases_are_listed_by_incident_and_by_who_may_see(served: Served) -> None:
    agent = served.person("an.qi")
    incident = reported(agent)
    number = opened(agent, incident=incident)
    listed = agent.get("/api/cases", params={"incident": incident}).json()["cases"]
    assert [row["id"] for row in listed] == [number]
    assert number in [row["id"] for row in agent.get("/api/cases").json()["cases"]]
    assert agent.get("/api/cases", params={"incident": "INC-2026-9999"}).status_code == 404
    with served.visitor() as visitor:
        assert visitor.get(f"/api/cases/{number}").status_code == 401


@pytest.mark.parametrize("at", ["0", "9999999999", "yesterday", "77"])
def test_an_odd_moment_is_answered_and_never_a_fault(served: Served, case: str, at: str) -> None:
    answer = served.person("an.qi").get(f"/api/cases/{case}", params={"at": at})
    assert answer.status_code in (200, 404, 422)
