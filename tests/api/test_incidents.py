"""Reporting over HTTP, and reading an incident now, as it was, and as its ledger."""

import json
import time
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from storage import streams
from tests.api.serving import Asker, Served

pytestmark = pytest.mark.xdist_group("api")


MILD = {"worst_outcome": "mild", "people": 1, "whereabouts": "consumers"}
CRITICAL = {**MILD, "worst_outcome": "life_threatening"}


def problem(**changes: Any) -> dict[str, Any]:
    """What a service agent types."""
    return {
        "first_known_at": "2026-11-20T01:00:00Z",
        "first_known_country": "CN",
        "products": ["dew-cream"],
        "words": "My face swelled up an hour after I used it.",
        "answers": MILD,
        **changes,
    }


def reported(asker: Asker, **changes: Any) -> str:
    """Report a problem and give its number once the report is recorded."""
    answer = asker.post("/api/incidents", problem(**changes))
    assert answer.status_code == 201, answer.text
    number: str = answer.json()["id"]
    until(asker, number, lambda told: told["recorded"])
    return number


def until(asker: Asker, number: str, there: Any) -> dict[str, Any]:
    """Ask for an incident until it is as wanted."""
    told: dict[str, Any] = {}
    for _ in range(400):
        told = asker.get(f"/api/incidents/{number}").json()
        if there(told):
            return told
        time.sleep(0.03)
    raise AssertionError(f"{number} never came there: {told}")


def test_a_report_is_answered_with_its_number(served: Served) -> None:
    answer = served.person("an.qi").post("/api/incidents", problem())
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/incidents/{answer.json()['id']}"
    assert answer.json()["received"] is True


def test_the_same_report_sent_twice_is_one(served: Served) -> None:
    agent = served.person("an.qi")
    first = agent.post("/api/incidents", problem(), Idempotency_Key="report-1")
    again = agent.post("/api/incidents", problem(), Idempotency_Key="report-1")
    other = agent.post(
        "/api/incidents", problem(first_known_country="DE"), Idempotency_Key="report-1"
    )
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again.headers["location"] == first.headers["location"]
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")


def test_two_people_may_use_the_same_key(served: Served) -> None:
    first = served.person("an.qi").post("/api/incidents", problem(), Idempotency_Key="1")
    second = served.person("du.juan").post("/api/incidents", problem(), Idempotency_Key="1")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] != second.json()["id"]


def test_the_same_act_sent_twice_is_one(served: Served) -> None:
    number, chief = reported(served.person("an.qi")), served.person("gao.yuan")
    address = f"/api/incidents/{number}/report/accept_report"
    reason = {"reason": "Two calls to the clinic."}
    first = chief.post(address, reason, Idempotency_Key="accept")
    again = chief.post(address, reason, Idempotency_Key="accept")
    other = chief.post(address, {"reason": "Another reason."}, Idempotency_Key="accept")
    assert first.status_code == 200, first.text
    assert (again.json()["seq"], again.json()["events"]) == (
        first.json()["seq"],
        first.json()["events"],
    )
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")


def test_an_act_is_answered_with_the_new_state_of_its_stage(served: Served) -> None:
    number = reported(served.person("an.qi"))
    answer = served.person("gao.yuan").post(f"/api/incidents/{number}/report/accept_report", {})
    told = answer.json()
    assert told["events"][0] == "ReportDecided"
    assert told["stage"]["status"] == "accepted"
    assert told["pending"] == {}
    ledger = served.person("gao.yuan").get(f"/api/incidents/{number}/ledger?limit=500").json()
    assert told["seq"] <= ledger["size"]


def test_a_key_that_nobody_sent_is_told_in_the_answer(served: Served) -> None:
    agent = served.person("an.qi")
    first = agent.post("/api/incidents", problem())
    again = agent.post(
        "/api/incidents", problem(), Idempotency_Key=first.headers["idempotency-key"]
    )
    assert again.json() == first.json()


@pytest.mark.parametrize("key", ["", "x" * 201, "two words", "schl\u00fcssel"], ids=repr)
def test_a_key_that_cannot_be_kept_is_refused(key: str, served: Served) -> None:
    agent, headers = served.person("an.qi").client, {b"Idempotency-Key": key.encode("latin-1")}
    answer = served.unchanged_by(
        lambda: agent.post("/api/incidents", json=problem(), headers=headers)
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_key")


def test_an_incident_as_it_was(served: Served) -> None:
    number, chief = reported(served.person("an.qi"), answers=CRITICAL), served.person("gao.yuan")
    before = until(chief, number, lambda told: told["stages"]["halt"] == "running")
    chief.post(f"/api/incidents/{number}/report/accept_report", {})
    now = chief.get(f"/api/incidents/{number}").json()
    then = chief.get(f"/api/incidents/{number}", params={"at": before["size"]}).json()
    by_time = chief.get(f"/api/incidents/{number}", params={"at": before["recorded_at"]}).json()
    last = chief.get(f"/api/incidents/{number}", params={"at": now["size"]}).json()
    assert now["state"]["report"]["status"] == "accepted"
    assert then["state"]["report"]["status"] == "received"
    assert (then["state"], then["root"]) == (by_time["state"], by_time["root"])
    assert (last["root"], last["state"]) == (now["root"], now["state"])
    nothing = chief.get(f"/api/incidents/{number}", params={"at": "2020-01-01T00:00Z"}).json()
    assert (nothing["recorded"], nothing["size"]) == (False, 0)


@pytest.mark.parametrize(
    ("at", "status"),
    [
        ("999999", 404),
        ("9" * 40, 422),
        ("-1", 422),
        ("yesterday", 422),
        ("2026-11-22", 422),
        ("0001-01-01T00:00:00+23:59", 422),
        ("2026-11-22T14:00 08:00", 200),
    ],
)
def test_at_names_an_entry_or_an_instant(at: str, status: int, served: Served) -> None:
    chief = served.person("gao.yuan")
    number = chief.get("/api/board").json()["incidents"][0]["id"]
    assert chief.get(f"/api/incidents/{number}", params={"at": at}).status_code == status


def test_who_did_not_report_it_and_has_no_duty_sees_nothing(served: Served) -> None:
    number = reported(served.person("an.qi"))
    outsider = served.person("he.miao")
    own = reported(outsider)
    assert outsider.get(f"/api/incidents/{number}").status_code == 404
    assert outsider.get(f"/api/incidents/{number}/ledger").status_code == 404
    assert outsider.get(f"/api/incidents/{number}/stream").status_code == 404
    assert outsider.get(f"/api/incidents/{own}").status_code == 200
    listed = {row["id"] for row in outsider.get("/api/incidents").json()["incidents"]}
    assert own in listed
    assert number not in listed


def test_news_are_asked_for_by_version(served: Served) -> None:
    number, chief = reported(served.person("an.qi")), served.person("gao.yuan")
    served.settled()
    for address in (f"/api/incidents/{number}", "/api/board"):
        etag = chief.get(address).headers["etag"]
        assert chief.get(address, headers={"If-None-Match": etag}).status_code == 304


def test_the_ledger_by_page_and_as_the_bytes_it_is(served: Served) -> None:
    number, chief = reported(served.person("an.qi")), served.person("gao.yuan")
    served.settled()
    address = f"/api/incidents/{number}/ledger"
    entries: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        page = chief.get(address, params={"after": after, "limit": 3}).json()
        entries.extend(page["entries"])
        after = page["next_after"]
    lines = chief.get(address, headers={"Accept": "application/jsonl"}).content.splitlines()
    assert [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1))
    assert [json.loads(line) for line in lines][: len(entries)] == entries
    stored = streams.read_contents(served.database.ledger, number)
    assert lines == stored


def test_private_words_are_references_until_somebody_may_open_them(served: Served) -> None:
    number = reported(served.person("an.qi"), words="A rash on both hands.")
    address = f"/api/incidents/{number}/ledger"
    closed = served.person("gao.yuan").get(address)
    opened = served.person("gao.yuan").get(address, params={"open": 1}).json()
    bytes_asked = served.person("gao.yuan").get(
        address, params={"open": 1}, headers={"Accept": "application/jsonl"}
    )
    assert "rash" not in closed.text
    assert "A rash on both hands." in opened["texts"].values()
    assert bytes_asked.status_code == 422


@pytest.mark.parametrize(
    ("reader", "reads"),
    [
        pytest.param("gao.yuan", ("words", "name"), id="commander"),
        pytest.param("qiu.ning", ("words", "name"), id="quality"),
        pytest.param("mei.lin", ("words", "name"), id="service"),
        pytest.param("su.ran", ("name",), id="pr: a name of our own house, no health"),
        pytest.param("ren.jia", ("name",), id="auditor: who knew first, no health"),
        pytest.param("tian.ye", ("name",), id="monitoring"),
    ],
)
def test_what_happened_to_a_person_is_read_by_those_who_look_after_it(
    served: Served, reader: str, reads: tuple[str, ...]
) -> None:
    told = {"words": "A rash on both hands.", "name": "Wang Fang of the store in Suzhou"}
    number = reported(served.person("an.qi"), words=told["words"], first_known_by=told["name"])
    page = served.person(reader).get(f"/api/incidents/{number}/ledger", params={"open": 1})
    opened = page.json()["texts"].values()
    assert [what for what, words in told.items() if words in opened] == list(reads)


def test_a_scribe_records_for_somebody_and_says_so(served: Served) -> None:
    number, scribe = reported(served.person("an.qi")), served.person("ning.ke")
    accepted = scribe.post(
        f"/api/incidents/{number}/report/accept_report",
        {},
        Andon_On_Behalf_Of="gao.yuan",
        Andon_Happened_At="2026-11-21T23:00+08:00",
    )
    assert accepted.status_code == 200, accepted.text
    entries = scribe.get(f"/api/incidents/{number}/ledger?limit=500").json()["entries"]
    told = next(entry for entry in entries if entry["type"] == "ReportDecided")
    assert told["actor"]["id"] == "ning.ke"
    assert told["actor"]["on_behalf_of"] == "gao.yuan"
    assert told["actor"]["method"] == "scribe"
    assert told["happened_at"].startswith("2026-11-21T15:00")


@pytest.mark.parametrize(
    ("who", "principal", "status"),
    [("an.qi", "gao.yuan", 403), ("ning.ke", "nobody", 422), ("ning.ke", "he.miao", 404)],
    ids=["not a scribe", "nobody of that name", "who may not see it"],
)
def test_only_a_scribe_and_only_with_the_principals_roles(
    who: str, principal: str, status: int, served: Served
) -> None:
    number = reported(served.person("an.qi"))
    answer = served.person(who).post(
        f"/api/incidents/{number}/report/accept_report", {}, Andon_On_Behalf_Of=principal
    )
    assert answer.status_code == status


@pytest.mark.parametrize("told", ["soon", "2026-11-22T14:00", "9999-12-31T23:59:59-23:59"])
def test_a_time_that_cannot_be_read_changes_nothing(told: str, served: Served) -> None:
    agent = served.person("an.qi")
    answer = served.unchanged_by(
        lambda: agent.post("/api/incidents", problem(), Andon_Happened_At=told)
    )
    assert answer.status_code == 422


def test_a_report_is_taken_while_the_worker_is_away(served: Served) -> None:
    number, chief = reported(served.person("an.qi")), served.person("gao.yuan")
    accept = f"/api/incidents/{number}/report/accept_report"
    with served.worker_away():
        taken = served.person("an.qi").post("/api/incidents", problem())
        assert taken.status_code == 201
        shown = chief.get(taken.headers["location"]).json()
        assert shown["recorded"] is False
        assert "state" not in shown
        begun = time.monotonic()
        waiting = chief.post(accept, {}, Idempotency_Key="away")
        assert time.monotonic() - begun < 9
        assert (waiting.status_code, waiting.json()["code"]) == (503, "not_confirmed")
        assert "once" in waiting.json()["hint"]
    again = chief.post(accept, {}, Idempotency_Key="away")
    assert again.status_code == 200, again.text
    entries = chief.get(f"/api/incidents/{number}/ledger?limit=500").json()["entries"]
    assert [entry["type"] for entry in entries].count("ReportDecided") == 1
    until(chief, taken.json()["id"], lambda told: told["recorded"])


def test_the_terminal_takes_the_same_way(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """An act typed at the machine stands in the same ledger, counts once, and is refused alike."""
    incident = reported(served.person("an.qi"))
    assert served.client is not None
    monkeypatch.setenv("ANDON_HOME", str(served.settings.home))
    monkeypatch.setenv("TEMPORAL_ADDRESS", served.client.service_client.config.target_host)
    line = ("act", incident, "accept_report", "reason=Two calls.", "--key", "once", "--json")
    first = CliRunner().invoke(app, [*line, "--as", "gao.yuan"])
    again = CliRunner().invoke(app, [*line, "--as", "gao.yuan"])
    assert first.exit_code == 0, first.output
    assert "ReportDecided" in json.loads(first.stdout)["events"]
    assert again.stdout == first.stdout
    other = CliRunner().invoke(app, [*line[:3], "reason=Other.", *line[4:], "--as", "gao.yuan"])
    assert (other.exit_code, "used before" in other.stderr) == (2, True)
    auditor = CliRunner().invoke(app, [*line[:3], "--as", "ren.jia"])
    assert (auditor.exit_code, "belongs to other roles" in auditor.stderr) == (1, True)
