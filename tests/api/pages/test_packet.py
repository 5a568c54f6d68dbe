"""The report of a duty is prepared from the record, shows what it lacks, and is filed as a file."""

import json
from typing import Any

import pytest

from domain.canonical import sha256_hex
from tests.api.browsing import Seen
from tests.api.markup import faults_of
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, done
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

HURT = {
    "outcomes": ["hospitalised"],
    "awareness_at": "2026-11-20T01:00:00Z",
    "product": "dew-cream",
    "lot": "DC2603A",
    "person": "Emilia Sealed, Hamburg",
    "account": "Her face burned <b>at once</b> \u202e.",
}
HOSTILE = '</textarea><script>x()</script> #read("/etc/passwd") ", "x": \u202e 面霜'


def hurt_in(served: Served, country: str) -> tuple[str, str]:
    """Register a hurt person in a country; gives the incident and the duty of its own law."""
    number = accepted(served)
    done(served.person("zhou.mo"), number, "report/register_case", country=country, **HURT)
    state = served.person("bai.lu").get(f"/api/incidents/{number}").json()["state"]
    duties = state["notice"]["duties"].values()
    rules = {"CN": "CN-ADR-SERIOUS", "DE": "EU-COS-23-SUE", "US": "US-MOCRA-SAER"}
    return number, next(one["id"] for one in duties if one["rule"] == rules[country])


def page_of(served: Served, at: SignedIn, who: str = "bai.lu") -> tuple[str, str, Seen]:
    number, duty = hurt_in(served, "DE")
    return number, duty, at(who).open(f"/incidents/{number}/notice/{duty}/packet")


def twice(served: Served, address: str) -> tuple[dict[str, Any], bytes]:
    """Ask twice, until no entry came between: then the bytes are the same."""
    for _ in range(20):
        first, second = (served.person("bai.lu").get(address) for _ in range(2))
        if first.json()["entries"] == second.json()["entries"]:
            assert first.content == second.content
            return first.json(), second.content
    raise AssertionError("The incident never rests.")


def test_the_duty_leads_to_its_report(served: Served, at: SignedIn) -> None:
    number, duty = hurt_in(served, "DE")
    stage = at("bai.lu").open(f"/incidents/{number}/notice")
    address = f"/incidents/{number}/notice/{duty}/packet"
    assert ("Prepare the report", address) in stage.links
    page = at("bai.lu").open(address)
    assert page.status == 200
    assert "Andon's own layout" in page.text
    assert "DC2603A" in page.text
    assert "Date of onset" in page.text.split("What you fill in yourself")[0]


def test_what_a_person_fills_in_stays_and_is_filed(served: Served, at: SignedIn) -> None:
    number, _, page = page_of(served, at)
    regulatory = at("bai.lu")
    long = "x" * 100_000
    form = page.form("/packet")
    told = regulatory.send(page, form, **{"a-onset": long, "a-address": HOSTILE, "look": "1"})
    assert told.status == 422
    again = told.form("/packet")
    assert again.values["a-onset"][0].strip() == long
    assert again.values["a-address"][0].strip() == HOSTILE
    shown = regulatory.send(told, again, **{"a-onset": "19 November", "pdf": "1"})
    assert shown.status == 200, shown.text
    filing = regulatory.send(told, again, **{"a-onset": "19 November", "file": "1"})
    assert filing.status == 200, filing.text
    document = filing.form("/file_first").values["document"]
    assert f"{number}-P1-DE-eu-sue-form-a.pdf kept already" in filing.text
    kept = served.person("bai.lu").client.get(f"/api/blobs/{document[0]}")
    assert kept.content.startswith(b"%PDF-1.7")
    sent = {"channel": "Form A by mail", "sent_at": "2026-11-21T09:00"}
    filed = regulatory.send(filing, filing.form("/file_first"), **sent)
    assert filed.status == 200, filed.text
    pending = served.person("bai.lu").get(f"/api/incidents/{number}").json()["state"]["pending"]
    assert [one["command"]["body"]["document"] for one in pending.values()] == document


def test_the_ledger_holds_the_hash_of_the_very_bytes(served: Served) -> None:
    number, duty = hurt_in(served, "DE")
    bai, lin = served.person("bai.lu"), served.person("fang.zheng")
    report, receipt = b"%PDF-1.7 the report", b"%PDF-1.7 the receipt"
    kept, proof = (bai.client.post("/api/blobs", content=c).json()["id"] for c in (report, receipt))
    told = {"channel": "Mail", "sent_at": "2026-11-20T09:00:00Z", "document": kept,
            "receipt_document": proof, "late_reason": "Weekend."}  # fmt: skip
    address = f"/api/incidents/{number}/notice/{duty}/file_first"
    wrong = bai.post(address, {**told, "content_sha256": kept})
    assert wrong.status_code == 422
    assert "not the SHA-256 of the file" in wrong.text
    guess = served.person("cheng.bo").post(address, {**told, "content_sha256": sha256_hex(report)})
    other = served.person("cheng.bo").post(address, {**told, "content_sha256": kept})
    assert guess.status_code == other.status_code == 403
    assert bai.post(address, told).status_code == 200
    for act in bai.get(f"/api/incidents/{number}").json()["state"]["pending"]:
        done(lin, number, f"people/{act}/sign_act")
    state = bai.get(f"/api/incidents/{number}").json()["state"]["notice"]["duties"][duty]
    [filing] = state["filings"]
    read = bai.get(f"/api/blobs/{kept}").content
    assert filing["content_sha256"] == sha256_hex(read) == sha256_hex(report) != kept
    entry = bai.get(f"/api/incidents/{number}/ledger?after={filing['seq'] - 1}")
    assert filing["content_sha256"] in entry.text
    assert sha256_hex(receipt) in entry.text
    for page in (f"/incidents/{number}/notice/{duty}", f"/incidents/{number}/notice/{duty}/packet"):
        assert filing["content_sha256"] in bai.get(page).text


def test_one_strange_sign_keeps_no_report_from_paper(served: Served, at: SignedIn) -> None:
    _, _, page = page_of(served, at)
    regulatory, form = at("bai.lu"), page.form("/packet")
    strange = {"a-onset": "Monday 😀 \u202e"}
    told = regulatory.send(page, form, **strange, look="1")
    assert told.form("/packet").values["a-onset"][0].strip() == strange["a-onset"]
    assert "Monday 😀 [U+202E]" in told.text
    exact = regulatory.send(page, form, **strange, json="1")
    assert json.dumps(strange["a-onset"])[1:-1] in exact.text or strange["a-onset"] in exact.text
    filing = regulatory.send(page, form, **strange, file="1")
    document = filing.form("/file_first").values["document"][0]
    kept = served.person("bai.lu").client.get(f"/api/blobs/{document}").content
    assert kept.startswith(b"%PDF-1.7")
    assert served.person("cheng.bo").get(f"/api/blobs/{document}").status_code == 404


def test_the_written_report_after_a_call_is_the_first(served: Served, at: SignedIn) -> None:
    number, duty = hurt_in(served, "DE")
    told = {"channel": "Phone", "sent_at": "2026-11-20T09:00:00Z", "text": "One person.",
            "spoken": True, "late_reason": "Weekend."}  # fmt: skip
    done(served.person("bai.lu"), number, f"notice/{duty}/file_first", **told)
    state = served.person("bai.lu").get(f"/api/incidents/{number}").json()["state"]
    for act in state["pending"]:
        done(served.person("fang.zheng"), number, f"people/{act}/sign_act")
    form = at("bai.lu").open(f"/incidents/{number}/notice/{duty}/packet").form("/packet")
    assert form.values["kind"] == ["initial"]


def test_a_packet_names_what_it_lacks_and_has_one_hash(served: Served) -> None:
    number, duty = hurt_in(served, "DE")
    address = f"/api/incidents/{number}/notice/{duty}/packet"
    told, content = twice(served, address)
    answer = served.person("bai.lu").get(address)
    assert answer.headers["etag"] == f'"{sha256_hex(answer.content)}"'
    assert json.loads(content) == told
    assert told["official_form_seen"] is False
    assert {one["field"] for one in told["missing"]} == {"address", "reporter", "onset"}
    assert served.person("bai.lu").get(f"{address}.pdf").content.startswith(b"%PDF-1.7")
    assert served.person("bai.lu").get(f"{address}?lang=tlh").status_code == 422
    assert served.person("bai.lu").get(f"{address[:-8]}9/packet").status_code == 404


def test_another_form_of_the_market_may_be_taken(served: Served, at: SignedIn) -> None:
    number, duty = hurt_in(served, "US")
    regulatory, address = at("bai.lu"), f"/incidents/{number}/notice/{duty}/packet"
    page = regulatory.open(address)
    form = page.form("/packet")
    assert form.values["on"] == ["us-saer-3500a"]
    assert {"us-mocra-record", "us-termination-request", "generic"} <= set(form.choices["on"])
    record = regulatory.send(page, form, on="us-mocra-record", look="1")
    assert record.form("/packet").values["on"] == ["us-mocra-record"]
    api = f"/api{address}?form="
    assert served.person("bai.lu").get(f"{api}us-mocra-record").json()["form"] == "us-mocra-record"
    assert served.person("bai.lu").get(f"{api}cn-recall-report").status_code == 422


@pytest.mark.parametrize(("who", "opens"), [("bai.lu", True), ("cheng.bo", False)])
def test_sealed_words_are_for_those_who_may(
    served: Served, at: SignedIn, who: str, *, opens: bool
) -> None:
    number, duty, page = page_of(served, at, who)
    told = served.person(who).get(f"/api/incidents/{number}/notice/{duty}/packet").text
    assert ("Her face burned" in told) is opens
    assert ("Her face burned" in page.text) is opens
    fields = {f["key"]: f for s in json.loads(told)["sections"] for f in s["fields"]}
    assert fields["account"]["standing"] == ("known" if opens else "sealed")


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_page_is_sound(served: Served, at: SignedIn, language: str) -> None:
    number, duty = hurt_in(served, "CN")
    page = at("bai.lu", language).open(f"/incidents/{number}/notice/{duty}/packet")
    assert page.status == 200
    assert "化妆品不良反应报告" in page.text
    assert faults_of(page.html) == []
    assert page.forbidden == []
