"""The ten questions as pages and files: the answer first, rows linked, closed to who sees nothing."""

import csv
import io
import json
import zipfile
from datetime import UTC, datetime

import pytest

from api.pages.audit import FAULTS
from api.pages.lens import lens_for
from api.pages.question_cells import _BY_KIND, departed_what, duty_status, text_of
from api.word_lists import LISTS, STAGE
from domain.regulation_terms import DutyStatus
from domain.wire import instant_text
from services import ledgers
from services.questions.asking import QUESTIONS
from storage import erasing
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, done, told_once
from tests.api.pages.test_rooms import house_of
from tests.api.serving import Served
from tests.api.test_incidents import until
from tests.services.test_questions import CLUSTER, ask

pytestmark = pytest.mark.xdist_group("pages")

SECRET = "Counsel thinks that it is not reportable."
BEHIND = {"known", "value", "fact_value", "duty_status", "departed"}
"""Kinds that a whole row is needed for."""


def played(served: Served) -> str:
    """An incident with a text under way, a gap let pass, a refusal, a duty judged away."""
    number = accepted(served)
    text = {
        "kind": "holding",
        "markets": ["CN"],
        "preliminary": True,
        "texts": [{"language": "en", "title": "=First word", "body": "We look into reports."}],
    }
    done(served.person("ye.fan"), number, "statement/draft_statement", **text)
    refused = served.person("an.qi").post(
        f"/api/incidents/{number}/halt/resume_sale", {"basis": "?"}
    )
    assert refused.status_code == 403
    return number


@pytest.fixture
def number(served: Served) -> str:
    return told_once(played, served)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_has_a_page_that_answers_first(
    at: SignedIn, number: str, question: int, language: str
) -> None:
    page = at("ren.jia", language).open(f"/incidents/{number}/audit/questions/{question}")
    assert page.status == 200
    assert not page.forbidden
    assert len(page.ids) == len(set(page.ids))
    links = {href: said for said, href in page.links}
    assert f"/api/incidents/{number}/questions?format=zip" in links
    assert all(f"/incidents/{number}/audit/questions/{other}" in links for other in QUESTIONS)


def test_the_audit_leads_to_all_ten(at: SignedIn, number: str) -> None:
    page = at("ren.jia").open(f"/incidents/{number}/audit")
    found = [href for _, href in page.links if "/audit/questions/" in href]
    assert found == [f"/incidents/{number}/audit/questions/{one}" for one in QUESTIONS]


def test_rows_lead_to_their_entries(at: SignedIn, number: str) -> None:
    page = at("ren.jia").open(f"/incidents/{number}/audit/questions/1")
    entries = [href for said, href in page.links if said.startswith("#")]
    assert f"/incidents/{number}/ledger/1" in entries or f"/incidents/{number}/ledger/2" in entries
    for href in set(entries[:3]):
        assert at("ren.jia").open(href).status == 200


@pytest.mark.parametrize("question", QUESTIONS)
def test_programs_get_facts_tables_and_entries(served: Served, number: str, question: int) -> None:
    told = served.person("ren.jia").get(f"/api/incidents/{number}/questions/{question}").json()
    assert told["question"] == question
    assert told["said"]
    for table in told["tables"]:
        for row in table["rows"]:
            assert set(row) == {*table["columns"], "entries"}


def test_all_ten_come_as_one_document_and_as_one_archive(served: Served, number: str) -> None:
    asker = served.person("ren.jia")
    every = asker.get(f"/api/incidents/{number}/questions").json()["questions"]
    assert [one["question"] for one in every] == list(QUESTIONS)
    answer = asker.get(f"/api/incidents/{number}/questions?format=zip")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = archive.namelist()
        for one in QUESTIONS:
            assert f"{number}/{one:02}.csv" in names
        for name in names:
            rows = list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"))))
            assert rows, name
    tables = {
        f"{number}/{one['question']:02}-{table['table']}.csv"
        for one in every
        for table in one["tables"]
    }
    assert tables <= set(names)


def test_a_table_is_a_file_of_its_own_and_nothing_in_it_is_a_formula(
    served: Served, number: str
) -> None:
    answer = served.person("ren.jia").get(
        f"/api/incidents/{number}/questions/8?format=csv&table=words",
        headers={"Accept-Language": "en"},
    )
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.content.startswith("\ufeff".encode())
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:3] == ["Language", "Title", "Words"]
    assert rows[1][1] == "'=First word"
    wrong = served.person("ren.jia").get(
        f"/api/incidents/{number}/questions/8?format=csv&table=nothing"
    )
    assert wrong.status_code == 404
    assert "words" in wrong.json()["hint"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("questions/0", 404),
        ("questions/11", 404),
        ("questions/100", 422),
        ("questions/x", 422),
        ("questions/5?at=soon", 422),
        ("questions/5?at=2026-11-22T14:00%2B08:00", 200),
        ("questions/7?consignee=nobody", 200),
        ("questions/8?statement=S99&version=7&language=xx&sentence=%00", 200),
        ("questions/1?format=pdf", 422),
        ("departures?format=csv", 200),
        ("departures", 200),
        ("privilege-log", 200),
        ("privilege-log?format=csv", 200),
    ],
)
def test_what_is_asked_wrongly_is_refused(
    served: Served, number: str, path: str, status: int
) -> None:
    answer = served.person("ren.jia").get(f"/api/incidents/{number}/{path}")
    assert answer.status_code == status, answer.text


def test_a_moment_that_is_none_is_said_beside_its_field_and_the_page_stands(
    at: SignedIn, number: str
) -> None:
    page = at("ren.jia").open(f"/incidents/{number}/audit/questions/5?at=soon")
    assert page.status == 200
    assert "is no time" in page.text


def test_at_an_earlier_minute_less_is_known(served: Served, number: str) -> None:
    asker = served.person("ren.jia")
    first = asker.get(f"/api/incidents/{number}/ledger?limit=1").json()["entries"][0]
    told = asker.get(
        f"/api/incidents/{number}/questions/5", params={"at": first["recorded_at"]}
    ).json()
    now = asker.get(f"/api/incidents/{number}/questions/5").json()
    assert 0 < told["answer"]["size"] < now["answer"]["size"]


@pytest.mark.parametrize(
    "path",
    ["questions", "questions/1", "questions/10?format=csv", "departures", "privilege-log"],
)
def test_what_one_may_not_see_is_not_there(served: Served, number: str, path: str) -> None:
    for place in (f"/api/incidents/{number}/{path}", f"/api/incidents/INC-2020-0001/{path}"):
        answer = served.person("he.miao").get(place)
        assert answer.status_code == 404
        assert "INC-2020-0001" not in answer.text or "INC-2020-0001" in place


def test_departures_tell_kind_reason_and_rule(served: Served, number: str) -> None:
    told = served.person("ren.jia").get(f"/api/incidents/{number}/departures").json()
    refused = [row for row in told["rows"] if row["kind"] == "refused"]
    assert refused
    assert refused[0]["rule"] == "command:resume_sale"
    assert refused[0]["reason"]
    assert refused[0]["entries"]


@pytest.mark.parametrize(
    ("what", "rule", "told"),
    [
        ("RungReached", "due:Accept the report.", "Deadline missed: Accept the report."),
        ("DutyOverdue", "rule:CN-ADR-SERIOUS", "Duty overdue"),
    ],
)
def test_a_departure_names_the_deadline_that_was_missed(
    served: Served, what: str, rule: str, told: str
) -> None:
    lens = lens_for(house_of(served), None, "en", now=datetime.now(UTC))
    assert departed_what(lens, what, rule) == told


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("entry:17", "Private words of an entry: 17"),
        ("stage:notice", f"Private words on the page of a stage: {STAGE['notice']}"),
        ("dossier", "Private words, taken away in a dossier"),
        ("in_room:entered", "In an inspector’s room: the room, with the right code"),
        ("in_room:proofs", "In an inspector’s room: Proofs of the ledger"),
    ],
)
def test_what_was_read_is_said(served: Served, value: str, told: str) -> None:
    lens = lens_for(house_of(served), None, "en", now=datetime.now(UTC))
    assert text_of(lens, "read", value, {}) == told


# ---------------------------------------------------------------- words for everything


def columns() -> list[tuple[str, str, str]]:
    """List table, key and kind of every column of the ten answers."""
    told = [ask(CLUSTER, n, consignee="bailu", sentence="a") for n in QUESTIONS]
    return [
        (table.key, column.key, column.kind)
        for answer in told
        for table in answer.tables
        for column in table.columns
    ]


def test_every_column_table_and_kind_has_words() -> None:
    for table, key, kind in columns():
        assert table in LISTS["question_table"], table
        assert key in LISTS["question_column"], key
        assert not kind or kind in _BY_KIND or kind in BEHIND, kind


def test_answers_are_json_without_a_value_of_another_kind(served: Served, number: str) -> None:
    text = served.person("ren.jia").get(f"/api/incidents/{number}/questions").text
    assert "PrivateText" not in text
    assert "Signature(" not in text
    json.loads(text)


# ---------------------------------------------------------------- privileged, erased


def test_counsels_view_is_in_the_privilege_log_and_none_of_its_words(
    served: Served, at: SignedIn
) -> None:
    number = accepted(served)
    asker = served.person("bai.lu")
    duties = asker.get(f"/api/incidents/{number}").json()["state"]["notice"]["duties"]
    duty = next(iter(duties))
    done(
        asker, number, f"notice/{duty}/determine_not_reportable",
        reason="Somebody else placed it on the market.", legal_view=SECRET,
    )  # fmt: skip
    told = served.person("ren.jia").get(f"/api/incidents/{number}/privilege-log")
    rows = told.json()["rows"]
    assert any("text" in row["held"] for row in rows)
    assert {role for row in rows for role in row["visible_to"]} == {
        "legal", "incident_commander", "legal_representative",
    }  # fmt: skip
    for one in (
        "privilege-log",
        "privilege-log?format=csv",
        "questions/10",
        "questions?format=json",
    ):
        assert SECRET not in served.person("ren.jia").get(f"/api/incidents/{number}/{one}").text
    page = at("ren.jia").open(f"/incidents/{number}/audit")
    assert SECRET not in page.text
    assert "Somebody else placed it" not in page.text[page.text.index("Privilege log") :][:600]
    found = served.person("ren.jia").get("/api/search", params={"q": SECRET, "incident": number})
    assert found.json()["hits"] == []


def test_an_erased_text_is_told_with_its_time_and_the_record_stays_whole(served: Served) -> None:
    number = accepted(served)
    asker = served.person("ren.jia")
    entries = asker.get(f"/api/incidents/{number}/ledger?limit=20").json()["entries"]
    found = {
        (entry["seq"], text.subject) for entry in entries for text in ledgers.private_in(entry)
    }
    assert found
    seq, subject = min(found)
    erased_at = erasing.erase(served.database.ledger, subject, datetime.now(UTC))
    told = asker.get(f"/api/incidents/{number}/questions/10").json()
    (table,) = (one for one in told["tables"] if one["table"] == "erased")
    assert [row["at"] for row in table["rows"]] == [instant_text(erased_at)]
    assert seq in table["rows"][0]["entries"]
    assert told["answer"]["whole"] is True
    assert told["answer"]["erased"] == 1


def test_every_fault_that_is_found_has_words_in_the_tenth_answer() -> None:
    assert {*FAULTS, "fold"} <= set(LISTS["question_fault"])


# ---------------------------------------------------------------- a duty that may be none


@pytest.mark.parametrize(
    ("value", "possible", "told"),
    [
        (DutyStatus.OPEN, True, "possible: is it reportable?"),
        (DutyStatus.OPEN, False, "to be filed"),
        (DutyStatus.FILED, False, "filed"),
    ],
)
def test_a_duty_to_be_judged_is_not_said_to_be_filed(
    served: Served, value: DutyStatus, possible: bool, told: str
) -> None:
    lens = lens_for(house_of(served), None, "en", now=datetime.now(UTC))
    assert duty_status(lens, value, possible) == told


def test_page_and_file_of_the_sixth_answer_ask_whether_it_is_reportable(
    served: Served, at: SignedIn
) -> None:
    number = accepted(served)
    asker = served.person("ren.jia")
    until(asker, number, lambda now: now["state"]["notice"]["duties"])
    answer = asker.get(f"/api/incidents/{number}/questions/6").json()
    (table,) = (one for one in answer["tables"] if one["table"] == "duties")
    assert any(row["possible"] for row in table["rows"])
    page = at("ren.jia").open(f"/incidents/{number}/audit/questions/6").text
    file = asker.get(f"/api/incidents/{number}/questions/6?format=csv").text
    for shown in (page, file):
        assert "possible: is it reportable?" in shown
        assert "no time set" not in shown


def test_a_file_of_an_answer_has_one_clock_and_every_year(served: Served, number: str) -> None:
    """A sentence in the reader's own time, without year or zone, stood beside instants in UTC."""
    asker = served.person("ren.jia")
    content = asker.get(f"/api/incidents/{number}/questions/5?format=csv").content
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0][3] == "all times in UTC"
    told = asker.get(f"/api/incidents/{number}/questions/5").json()
    at = datetime.fromisoformat(told["answer"]["at"])
    assert rows[1][0].startswith(f"{at.day} {at:%b %Y, %H:%M}, after entry"), rows[1]
