"""The dossier over HTTP and on the audit page: who is handed it, and that nothing private is in it."""

import base64
import io
import json
import zipfile

import httpx2
import pytest

from domain import dossier
from domain.canonical import sha256_hex
from domain.dossier import read_manifest
from services.dossier import HANDED_OUT
from storage import company
from tests.api.serving import Served
from tests.api.test_incidents import reported

pytestmark = pytest.mark.xdist_group("api")

SECRET = "only-in-her-own-words"
AUDITOR, STAFF, ADMIN, PRESS, COMMANDER = "ren.jia", "he.miao", "jin.shi", "ye.fan", "gao.yuan"


@pytest.fixture(scope="module")
def incident(served: Served) -> str:
    """Give an incident with a private account and a closed file."""
    agent = served.person("an.qi")
    kept = agent.client.post("/api/blobs", content=f"%PDF-1.7 {SECRET}".encode())
    number = reported(agent, words=f"Her face: {SECRET}.", evidence=[kept.json()["id"]])
    served.settled()
    return number


def opened(answer: httpx2.Response) -> dict[str, bytes]:
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as found:
        assert found.testzip() is None
        return {name: found.read(name) for name in found.namelist()}


@pytest.mark.parametrize("asked", ["", "?redacted=true"])
def test_an_auditor_is_handed_the_record_without_private_words(
    served: Served, incident: str, asked: str
) -> None:
    answer = served.person(AUDITOR).get(f"/api/incidents/{incident}/dossier{asked}")
    members = opened(answer)
    manifest = read_manifest(members[dossier.MANIFEST])
    assert (manifest.incident, manifest.redacted) == (incident, bool(asked))
    assert manifest.size == len(members[dossier.LEDGER].splitlines()) > 2
    kind = "-redacted" if asked else ""
    named = f'attachment; filename="{incident}-dossier{kind}.zip"'
    assert answer.headers["content-disposition"] == named
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["cache-control"] == "no-store"
    digest = sha256_hex(answer.content)
    told = base64.b64encode(bytes.fromhex(digest)).decode()
    assert answer.headers["repr-digest"] == f"sha-256=:{told}:"
    assert SECRET.encode() not in b"\n".join(members.values())
    line = company.lines_of(served.database.ledger, [HANDED_OUT])[-1]
    assert (line.body["who"], line.body["sha256"]) == (AUDITOR, digest)


def test_the_histories_are_those_of_the_running_workflow(served: Served, incident: str) -> None:
    members = opened(served.person(AUDITOR).get(f"/api/incidents/{incident}/dossier"))
    rows = json.loads(members[dossier.HISTORIES])
    assert rows[0]["workflow"] == f"{incident}/1"
    for row in rows:
        content = members[row["file"]]
        assert sha256_hex(content) == row["sha256"]
        assert len(json.loads(content)["events"]) == row["events"]


def test_the_timeline_names_people_unless_it_is_redacted(served: Served, incident: str) -> None:
    auditor = served.person(AUDITOR)
    whole = opened(auditor.get(f"/api/incidents/{incident}/dossier"))
    redacted = opened(auditor.get(f"/api/incidents/{incident}/dossier?redacted=true"))
    agent = json.loads(whole[dossier.PEOPLE])["an.qi"]
    assert agent["name"]
    assert agent["name_zh"]
    for name in (agent["name"], agent["name_zh"]):
        assert name in whole[dossier.TIMELINE_HTML].decode()
        assert name.encode() not in b"\n".join(redacted.values())
    page = redacted[dossier.TIMELINE_HTML].decode()
    assert "an.qi" in page
    assert "people stand here by their ids" in page


def test_private_words_are_handed_to_who_may_open_them(served: Served, incident: str) -> None:
    answer = served.person(COMMANDER).get(f"/api/incidents/{incident}/dossier?private=true")
    members = opened(answer)
    lines = [json.loads(line) for line in members[dossier.PRIVATE].splitlines()]
    assert any(SECRET in one["text"] for one in lines)
    [row] = [row for row in json.loads(members[dossier.EVIDENCE]) if row["sealed"]]
    assert SECRET.encode() in members[row["file"]]


@pytest.mark.parametrize(
    ("person", "asked", "status"),
    [
        pytest.param(STAFF, "", 404, id="staff"),
        pytest.param(STAFF, "?redacted=true", 404, id="staff, redacted"),
        pytest.param(PRESS, "", 403, id="who only sees it"),
        pytest.param(ADMIN, "", 403, id="an administrator"),
        pytest.param(ADMIN, "?redacted=true", 200, id="an administrator, redacted"),
        pytest.param(AUDITOR, "?redacted=true&private=true", 422, id="both at once"),
        pytest.param(AUDITOR, "?redacted=perhaps", 422, id="no word for it"),
    ],
)
def test_who_is_handed_it(
    served: Served, incident: str, person: str, asked: str, status: int
) -> None:
    answer = served.person(person).get(f"/api/incidents/{incident}/dossier{asked}")
    assert answer.status_code == status
    if status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "asked", ["", "?private=true", "?redacted=%ED%A0%BD", "?private=1&private=0&redacted=1"]
)
def test_what_is_refused_writes_nothing(served: Served, incident: str, asked: str) -> None:
    press, address = served.person(PRESS), f"/api/incidents/{incident}/dossier{asked}"
    answer = served.unchanged_by(lambda: press.get(address))
    assert answer.status_code in (403, 422)


def test_nobody_unknown_is_handed_anything(served: Served, incident: str) -> None:
    with served.visitor() as nobody:
        assert nobody.get(f"/api/incidents/{incident}/dossier").status_code == 401


def test_there_is_none_of_what_is_not_there(served: Served) -> None:
    auditor = served.person(AUDITOR)
    assert auditor.get("/api/incidents/INC-1999-0001/dossier").status_code == 404
    assert auditor.get("/api/incidents/CASE-2026-000001/dossier").status_code == 404


def test_the_audit_page_offers_it_to_who_may_take_it(served: Served, incident: str) -> None:
    page = served.person(AUDITOR).get(f"/incidents/{incident}/audit").text
    for asked in ("", "?redacted=true", "?private=true"):
        assert f'href="/api/incidents/{incident}/dossier{asked}"' in page
    assert "/dossier" not in served.person(PRESS).get(f"/incidents/{incident}/audit").text


def test_the_companys_log_is_told_in_words(served: Served, incident: str) -> None:
    opened(served.person(AUDITOR).get(f"/api/incidents/{incident}/dossier"))
    page = served.person(AUDITOR).get("/audit").text
    assert f"took the record of {incident} away; SHA-256" in page


def test_what_a_person_typed_is_no_markup_and_turns_nothing(served: Served) -> None:
    """What turns the reading direction is written by its number, as on the console."""
    number = reported(served.person("an.qi"))
    typed = {"laboratory": "<script>alert(1)</script> \u202eexe", "method": "as they do"}
    done = served.person("qiu.ning").post(
        f"/api/incidents/{number}/investigation/order_test", typed
    )
    assert done.status_code == 200, done.text
    page = opened(served.person(AUDITOR).get(f"/api/incidents/{number}/dossier"))
    told = page[dossier.TIMELINE_HTML].decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; [U+202E]exe" in told
    assert "<script" not in told
    assert page[dossier.TIMELINE_PDF].startswith(b"%PDF-")
