"""A consumer is erased: their words stand nowhere any more, and the record still verifies.

A marker is typed into every private field that the acts of a played incident and of an after-sales
case have. Before it is erased, only whoever may open it reads it; afterwards nobody does, from no
page, answer, file, table, history or log.
"""

import asyncio
import json
import logging
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_type_hints

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL, Engine
from temporalio.client import WorkflowHistory

import domain.incident  # noqa: F401 - completes the registry
from api.routes.acts import given_by_people, path_of
from api.routes.cases import given_by_people as given_in_cases
from api.routes.cases import path_of as path_in_cases
from cli.setting_up import TERMINAL
from domain.message import CASE_COMMANDS, COMMANDS, CommandSpec
from domain.packets import packet_bytes
from domain.people import Role
from domain.values import PrivateText
from domain.wire import optional_of
from integrations.erasure_register import ErasureRegister
from integrations.seal import open_sealed, unwrap_key
from services import packets, reading, subjects, vaulting
from services.house import House
from services.questions.asking import answer
from services.read_log import Read
from services.replaying import replay
from services.verifying import verify
from storage import company, vault
from storage import erasing as rows
from storage.engine import read
from storage.schema import BULK, LEDGER
from tests.api.browsing import browser
from tests.api.erased_telling import shown_in_the_room, tell_the_rest
from tests.api.samples import item_of, whole_body_of
from tests.api.serving import Served, serving
from tests.api.test_cases import opened, rash
from tests.api.test_incidents import reported
from tests.database import new_database
from tests.engine.running import actor
from tests.replay.opened import open_history

pytestmark = pytest.mark.xdist_group("erased")

MARK = "qZmarker81xk"
"""Stands in nothing that anybody else writes; in a search, a log or a file it is this person's."""

PLANTED = {
    "report_problem.words", "report_problem.first_known_by", "add_report.words",
    "register_case.person", "register_case.account", "follow_up_case.account",
    "collect_evidence.taken_by", "hand_over_evidence.received_by", "evaluate_hazard.interests",
    "answer_as_consignee.answered_by", "log_enquiry.asked_by", "log_enquiry.question",
    "declare_interest.interest",
    "open_case.words", "open_case.customer", "open_case.purchase", "open_case.use",
    "add_to_case.words", "answer_case.note", "record_finding.details", "call_back.note",
    "rate_satisfaction.words",
    "answer_enquiry.transcript", "share_preview.whom", "answer_order.answered_by",
    "open_room.inspector", "ask_in_room.words", "answer_in_room.words",
    "determine_not_reportable.legal_view",
}  # fmt: skip
REASON = "The person asked for it in a letter."
EVIDENCE = f"%PDF-1.7 the receipt of {MARK}".encode()


@dataclass
class Played:
    """What was played: an incident, a case, the fields that a marker went into, the files."""

    served: Served
    engine: str
    incident: str = ""
    case: str = ""
    fields: set[str] = field(default_factory=set)
    files: list[str] = field(default_factory=list)

    @property
    def house(self) -> House:
        """Give the API's own house."""
        assert self.served.app is not None
        house: House = self.served.app.state.house
        return house


def private_fields(spec: CommandSpec) -> list[str]:
    """Name the private fields of a command."""
    hints = get_type_hints(spec.type)
    return [n for n, tp in hints.items() if tp is PrivateText or optional_of(tp) is PrivateText]


def marked(spec: CommandSpec, known: dict[str, str]) -> dict[str, Any]:
    """Fill a command with the marker in every private field."""
    body = whole_body_of(spec, known)
    return body | {name: f"{MARK} in {spec.name}" for name in private_fields(spec)
                   if name in body}  # fmt: skip


def _by(served: Served, spec: CommandSpec) -> Any:
    """Give somebody of the demo company who may give a command."""
    holders = {"quality": "xu.lan", "service_agent": "an.qi", "service_lead": "mei.lin",
               "safety_assessor": "pan.shu", "legal": "fang.zheng", "pr_lead": "su.ran",
               "supply_chain": "tang.jie", "regulatory_affairs": "bai.lu"}  # fmt: skip
    return served.person(next(p for role, p in holders.items() if Role(role) in spec.roles))


def play(played: Played) -> None:
    """Play an incident and a case with the marker in every private field that can be filled."""
    served = played.served
    agent = served.person("an.qi")
    for content, public in ((EVIDENCE, "true"), (b"%PDF open " + MARK.encode(), "false")):
        kept = agent.client.post(
            "/api/blobs", content=content, params={"name": f"{MARK}.pdf", "private": public}
        )
        played.files.append(kept.json()["id"])
    known = {"evidence": played.files[0], "channel": served.demo_channels()[0]}
    report = marked(COMMANDS["report_problem"], known) | {
        "products": ["dew-cream"], "lots": [], "channel": "phone", "drill": "",
        "first_known_at": "2026-11-20T01:00:00Z", "evidence": played.files,
        "answers": {"worst_outcome": "mild", "people": 1, "whereabouts": "consumers"},
    }  # fmt: skip
    report.pop("drill")
    played.incident = reported(agent, **report)
    played.fields |= {f"report_problem.{n}" for n in private_fields(COMMANDS["report_problem"])}
    order = ["register_case", "collect_evidence", "log_enquiry"]  # what others speak of
    specs = sorted(given_by_people(), key=lambda spec: order.index(spec.name)
                   if spec.name in order else len(order))  # fmt: skip
    items = {"case": "P1", "evidence": "E1", "enquiry": "E1"}
    for spec in specs:
        if private_fields(spec):
            item = items.get(spec.item or "", "") or item_of(spec, known)
            where = path_of(spec).format(incident=played.incident, item=item)
            _give(played, spec, where, _mended(spec, marked(spec, known)))
    opening = dict.fromkeys(private_fields(CASE_COMMANDS["open_case"]), f"{MARK} of the customer")
    played.case = opened(
        agent, **rash(**opening, incident=played.incident, photos=played.files[:1])
    )
    played.fields |= {f"open_case.{name}" for name in opening}
    for spec in given_in_cases():
        if private_fields(spec):
            where = path_in_cases(spec).format(case=played.case, item=item_of(spec, known))
            _give(played, spec, where, _mended(spec, marked(spec, known)))
    _keep_reports(played)
    played.fields |= tell_the_rest(served, played.house, played.incident, MARK)
    served.settled()


def _keep_reports(played: Played) -> None:
    """Keep the reports to authorities that quote the person, as somebody does before filing."""
    officer = actor(Role.REGULATORY_AFFAIRS)
    state = reading.see(played.house, officer, played.incident).state
    assert state is not None
    about = [duty for duty in state.notice.duties.values() if duty.case == "P1"]
    for duty in about:
        made = packets.prepare(played.house, officer, state, duty, packets.Asked())
        content = packet_bytes(made)
        assert MARK.encode() in content, "the report quotes what the person told"
        played.files.append(packets.keep(played.house, officer, made, content, "json"))
    assert about


def _mended(spec: CommandSpec, body: dict[str, Any]) -> dict[str, Any]:
    """Put values that the plan takes where the generic ones make no sense."""
    mended: dict[str, dict[str, Any]] = {
        "register_case": {"outcomes": ["treated"], "lot": None, "told_before": False},
        "follow_up_case": {"outcomes": ["treated"], "lot": None},
        "add_report": {"lots": [], "people_hurt": None},
        "answer_as_consignee": {"lots": [], "never_had": True},
        "answer_case": {"call_back_at": None},
        "call_back": {"next_at": None},
        "evaluate_hazard": {"valid_until_at": None},
    }
    body = {**body, **mended.get(spec.name, {})}
    return {name: value for name, value in body.items() if name != spec.item}


def _give(played: Played, spec: CommandSpec, where: str, body: dict[str, Any]) -> None:
    answer = _by(played.served, spec).post(where, body)
    if answer.status_code == 200:
        played.fields |= {f"{spec.name}.{name}" for name in private_fields(spec)}


EMBEDDED, SERVER = "embedded database", "database server"
"""The story is told on both, whole: its tests stand on each other."""


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(EMBEDDED, id="embedded"),
        pytest.param(SERVER, id="server", marks=pytest.mark.postgres),
    ],
)
def played(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Played]:
    """Give an installation in which an incident was played; on each database."""
    home = tmp_path_factory.mktemp("erased")
    with ExitStack() as stack:
        url = ""
        if request.param == SERVER:
            server: URL = request.getfixturevalue("postgres")
            made = stack.enter_context(new_database(server))
            url = made.render_as_string(hide_password=False)
        stack.enter_context(logged(home / "logs"))
        served = stack.enter_context(serving(home, url, keeps_histories=True))
        told = Played(served, request.param)
        play(told)
        yield told


@contextmanager
def logged(folder: Path) -> Iterator[None]:
    """Write into the home what all parts log, down to the last detail."""
    folder.mkdir()
    root, before = logging.getLogger(), logging.getLogger().level
    handler = logging.FileHandler(folder / "api.log", encoding="utf-8")
    # Our own browsers log what they ask for; that is no log of the installation.
    handler.addFilter(lambda told: not told.name.startswith(("httpx2", "httpcore2")))
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.setLevel(before)
        root.removeHandler(handler)
        handler.close()


# ---------------------------------------------------------------- looking everywhere


def on_the_disk(home: Path) -> set[str]:
    """Name the files of the home in which the marker stands in the clear."""
    files = [file for file in home.rglob("*") if file.is_file()]
    assert {"ring.json", "temporal.db", "api.log"} <= {file.name for file in files}
    assert (home / "logs" / "api.log").stat().st_size > 0
    return {str(file.relative_to(home)) for file in files if MARK.encode() in file.read_bytes()}


def in_tables(engine: Engine, tables: sa.MetaData) -> set[str]:
    """Name the tables in which the marker stands in the clear."""
    found = set()
    with read(engine) as connection:
        for table in tables.sorted_tables:
            for row in connection.execute(sa.select(table)):
                told = b"".join(v if isinstance(v, bytes) else repr(v).encode() for v in row)
                if MARK.encode() in told:
                    found.add(table.name)
    return found


def opened_in_vault(house: House) -> int:
    """Count the texts of the vault that open to the marker, with the ring at hand."""
    count, last = 0, ""
    while ids := rows.every_text(house.engine, last, 500):
        for kept in vault.kept_texts(house.engine, ids).values():
            if kept.wrapped is not None:
                key = unwrap_key(house.ring, kept.wrapped, kept.subject)
                count += MARK in open_sealed(kept.ciphertext, key, kept.id).text
        last = ids[-1]
    return count


def histories(played: Played) -> dict[str, WorkflowHistory]:
    """Fetch every history that Temporal holds."""

    async def fetch() -> dict[str, WorkflowHistory]:
        client = played.served.client
        assert client is not None
        found = {}
        async for run in client.list_workflows():
            handle = client.get_workflow_handle(run.id, run_id=run.run_id)
            found[f"{run.id} {run.run_id}"] = await handle.fetch_history()
        return found

    return played.served.run(fetch())


def in_histories(played: Played) -> set[str]:
    """Name the histories in which the marker stands, every message opened with the ring."""
    found = set()
    for name, history in histories(played).items():
        events = asyncio.run(open_history(history, played.house.ring, set()))
        assert "$sealed" in json.dumps(events) or name.startswith("temporal")
        if MARK in json.dumps(events, ensure_ascii=False):
            found.add(name)
    return found


READERS = ("fang.zheng", "lyu.an", "mei.lin")
"""Legal, the privacy officer, service: between them they may open nearly everything."""


def in_answers(played: Played) -> set[str]:
    """Name every address that gives the marker to one of those who read most."""
    served, found = played.served, set()
    here = f"/api/incidents/{played.incident}"
    paths = [f"{here}/ledger?open=1&limit=500", here, f"/api/cases/{played.case}?open=1",
             f"/api/cases/{played.case}/ledger?open=1&limit=500", "/api/cases", "/api/incidents",
             *(f"/api/blobs/{address}" for address in played.files)]  # fmt: skip
    duties = served.person("gao.yuan").get(here).json()["state"]["notice"]["duties"]
    paths += [f"{here}/notice/{duty}/packet" for duty in duties]
    for reader in READERS:
        for path in paths:
            answer = served.person(reader).get(path)
            if MARK.encode() in answer.content:
                found.add(path.replace(played.incident, "INC").replace(played.case, "CASE"))
    lines = served.person("gao.yuan").get(f"{here}/ledger", headers={"Accept": "application/jsonl"})
    assert lines.content.count(b"\n") > 5
    if MARK.encode() in lines.content:
        found.add("jsonl")
    return found


def in_pages(played: Played) -> set[str]:
    """Name every page that shows the marker to somebody."""
    served, found = played.served, set()
    base = f"/incidents/{played.incident}"
    size = served.person("gao.yuan").get(f"/api{base}").json()["size"]
    pages = ["", "/report", "/investigation", "/halt", "/recall", "/statement", "/notice",
             "/review", "/people", "/ledger", "/audit", f"/at/{size}", f"/at/{size}/report",
             f"/at/{size}/people", f"/at/{size}/statement",
             *(f"/ledger/{seq}" for seq in range(1, size + 1))]  # fmt: skip
    for reader in ("fang.zheng", "lyu.an"):
        one = browser(served.url, "en")
        one.client.headers["Origin"] = served.url
        assert one.sign_in(reader, served.passwords[reader]).status == 200
        privacy = ["/privacy", f"/privacy/of/{played.incident}", f"/privacy/of/{played.case}"]
        for path in [*(f"{base}{page}" for page in pages), "/", "/audit", "/outbox", *privacy]:
            answer = one.client.get(path)
            assert answer.status_code == 200, (path, answer.text[:300])
            if MARK in answer.text:
                found.add(path.replace(played.incident, "INC").replace(played.case, "CASE"))
        one.client.close()
    if MARK in shown_in_the_room(served, played.house, played.incident):
        found.add("room")
    return found


# ---------------------------------------------------------------- the story, in order


def test_every_private_field_that_there_is_has_its_place_here() -> None:
    every = (*COMMANDS.values(), *CASE_COMMANDS.values())
    named = {f"{spec.name}.{name}" for spec in every for name in private_fields(spec)}
    assert named == PLANTED


def test_before_it_is_erased_it_is_read_by_those_who_may_and_stands_nowhere_in_clear(
    played: Played,
) -> None:
    assert played.fields >= PLANTED
    assert on_the_disk(played.served.settings.home) == {
        str((played.house.settings.blobs_dir / f[:2] / f[2:4] / f).relative_to(
            played.served.settings.home)) for f in played.files[1:2]  # the file that is open to all
    }  # fmt: skip
    assert in_tables(played.house.engine, LEDGER) | in_tables(played.house.bulk, BULK) == set()
    assert in_histories(played) == set()
    assert opened_in_vault(played.house) >= len(PLANTED)
    answers, pages = in_answers(played), in_pages(played)
    assert {"/api/incidents/INC/ledger?open=1&limit=500", "/api/cases/CASE?open=1"} <= answers
    assert any(path.endswith("/packet") for path in answers)
    theirs = {one.person for one in subjects.of_stream(played.house, played.incident)
              if set(one.files) & set(played.files[2:])}  # fmt: skip
    assert theirs == {"P1"}, "a report that was kept and never filed is found with its person"
    assert {
        "/incidents/INC/report", "/incidents/INC/people", "/privacy/of/INC", "room",
    } <= pages  # fmt: skip


def test_erasing_leaves_it_nowhere(played: Played) -> None:
    _erase(played, played.incident)
    _erase(played, played.case)
    home = played.served.settings.home
    assert on_the_disk(home) == set()
    assert in_tables(played.house.engine, LEDGER) | in_tables(played.house.bulk, BULK) == set()
    assert in_histories(played) == set()
    assert opened_in_vault(played.house) == 0
    assert in_answers(played) == set()
    assert in_pages(played) == set()


def _erase(played: Played, stream: str) -> None:
    """Erase everybody of a stream as two people do: at their browsers, without script."""
    served = played.served
    officer, legal = served.person("lyu.an"), served.person("fang.zheng")
    here = [one for one in subjects.of_stream(played.house, stream) if one.erased_at is None]
    asked = officer.client.post(
        "/privacy/ask",
        data={
            "csrf": officer.csrf,
            "command_id": uuid.uuid4().hex,
            "subjects": [f"{stream}@{one.id}" for one in here],
            "basis": "objection",
            "reason": REASON,
            "reference": "DSR-2026-17",
            "despite": ["open", "period", "doubt"],
        },
    )
    assert asked.status_code == 303, asked.text
    where = asked.headers["location"]
    done = legal.client.post(where, data={"csrf": legal.csrf, "act": "confirm"})
    assert done.status_code == 303, done.text
    told = officer.get(where).text
    assert "erased" in told


def test_the_record_still_verifies_and_histories_replay(played: Played) -> None:
    verdict = verify(played.house, played.incident)
    assert verdict.faults == ()
    assert verdict.computed == verdict.stored
    for name, history in histories(played).items():
        if name.startswith(("INC-", "CASE-")) and "/" in name.split()[0]:
            asyncio.run(replay(history, played.house.ring))


def test_what_is_shown_says_since_when_and_why(played: Played) -> None:
    told = played.served.person("fang.zheng").get(
        f"/api/incidents/{played.incident}/ledger?open=1&limit=500"
    ).json()["texts"]  # fmt: skip
    shown = {text for text in told.values() if text.startswith("[erased")}
    assert shown == {f"[erased on {played.house.now().date()}: objection]"}
    page = played.served.person("fang.zheng").get(f"/incidents/{played.incident}/report").text
    assert "the person objected" in page
    for reader in ("ren.jia", "fang.zheng"):
        asked = f"/incidents/{played.incident}/audit/questions/1"
        audit = played.served.person(reader).get(asked).text
        assert "the person objected] knew first" in audit
        assert "stored encrypted" not in audit
    closed = answer(played.house, TERMINAL, played.incident, 1).closed()
    assert set(closed.opened.values()) == shown, "the terminal says it, and opens nothing"
    gone = played.served.person("an.qi").get(f"/api/blobs/{played.files[0]}")
    assert (gone.status_code, gone.json()["code"]) == (404, "erased")


def test_the_log_tells_it_without_a_word_about_the_person(played: Played) -> None:
    lines = company.lines_of(played.house.engine, ("DataErased", "ErasureAsked"))
    assert [line.body["stream"] for line in lines if line.type == "DataErased"] == [
        played.incident, played.case,
    ]  # fmt: skip
    told = json.dumps([line.body for line in lines])
    assert REASON not in told
    assert MARK not in told
    register = ErasureRegister(played.house.settings.erasure_register_file).read()
    erased = {name for line in lines if line.type == "DataErased" for name in line.body["subjects"]}
    assert erased <= {line.name for line in register.lines}
    assert REASON not in played.house.settings.erasure_register_file.read_text()


def test_a_follow_up_of_somebody_who_was_erased_has_a_key_of_its_own(played: Played) -> None:
    spec = COMMANDS["follow_up_case"]
    where = path_of(spec).format(incident=played.incident, item="P1")
    body = _mended(spec, marked(spec, {})) | {"account": "What is told after the erasure."}
    answer = _by(played.served, spec).post(where, body)
    assert answer.status_code == 200, answer.text
    kept = [one for one in subjects.of_stream(played.house, played.incident) if not one.erased_at]
    assert len(kept) == 1
    texts = vaulting.open_texts(
        played.house, actor(Role.LEGAL), kept[0].words, Read(what="entry", item="1")
    )
    assert list(texts.values()) == ["What is told after the erasure."]
