"""The read log: whatever gives sensitive words away leaves a line, once in ten minutes.

Every address of the house that answers GET is asked for, by people of several roles, in an incident
and a case that are full of private words. Where one of the words is given, the log has grown.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import services
from api.pages.views import page_routers
from domain.errors import NotConfirmed
from domain.stages import Stage
from services.house import House
from storage import company, streams
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, done
from tests.api.serving import Asker, Served
from tests.api.test_incidents import until

pytestmark = pytest.mark.xdist_group("pages")

MARK = "SEALEDWORD"
"""Stands in every private word of the story, and nowhere else."""

FILE = b"%PDF-1.7\n" + MARK.encode() * 3
READERS = ("gao.yuan", "fang.zheng", "su.ran", "mei.lin")
"""Commander, legal, a press lead, a service agent: together they may read every class."""

GIVES_WORDS = frozenset(
    {
        "/incidents/{incident}/{stage}",
        "/incidents/{incident}/at/{seq}/{stage}",
        "/incidents/{incident}/ledger/{seq}",
        "/incidents/{incident}/rooms/{room}",
        "/incidents/{incident}/notice/{duty}/packet",
        "/incidents/{incident}/notice/{duty}/packet.json",
        "/api/incidents/{incident}/ledger",
        "/api/incidents/{incident}/notice/{duty}/packet",
        "/api/cases/{case}",
        "/api/cases/{case}/ledger",
        "/api/blobs/{address}",
    }
)
"""Addresses that give private words to some of them: were it fewer, the story would lack some."""

ALWAYS_NOTED = {
    "/audit": "audit",
    "/incidents/{incident}/audit": "audit",
    "/incidents/{incident}/notice/{duty}/packet.pdf": "packet",
    "/api/incidents/{incident}/notice/{duty}/packet.pdf": "packet",
}
"""What is noted whatever words stand in it."""


@dataclass(frozen=True)
class Told:
    """The story: its numbers, by the name that addresses have for them."""

    names: dict[str, list[str]]

    @property
    def incident(self) -> str:
        return self.names["incident"][0]


@pytest.fixture(scope="module")
def told(served: Served) -> Told:
    """Tell an incident and a case in which every class of private words stands."""
    number = accepted(served, words=f"{MARK} said the customer")
    agent, chief = served.person("mei.lin"), served.person("gao.yuan")
    done(
        agent, number, "report/register_case", outcomes=["hospitalised"], country="CN",
        awareness_at="2026-11-20T01:00:00Z", product="dew-cream", lot="DC2603A",
        person=f"{MARK} Li", account=f"{MARK} swelling",
    )  # fmt: skip
    done(served.person("su.ran"), number, "statement/log_enquiry", medium="press", topic="Lots",
         asked_by=f"{MARK} reporter", question=f"{MARK} why")  # fmt: skip
    done(served.person("qiu.ning"), number, "people/declare_interest", interest=f"{MARK} cousin")
    done(chief, number, "people/open_room", inspector=f"{MARK} Wang", firm="MPA", purpose="Look",
         parts=["timeline"])  # fmt: skip
    kept = served.person("qiu.ning").client.post("/api/blobs", content=FILE)
    assert kept.status_code == 201, kept.text
    seen = until(chief, number, lambda now: now["state"]["notice"]["duties"])
    opened = agent.post(
        "/api/cases",
        {"kind": "adverse_reaction", "hurt": True, "product": "dew-cream", "country": "CN", "received_at": "2026-11-20T01:00:00Z",
         "words": f"{MARK} it burns", "customer": f"{MARK} Zhou"},
    )  # fmt: skip
    assert opened.status_code == 201, opened.text
    case = str(opened.json()["id"])
    until_case(agent, case)
    rows = streams.read_entries(served.database.ledger, number)
    entries = [str(row.seq) for row in rows if b'"commitment"' in row.content]
    duties = [one for one, row in seen["state"]["notice"]["duties"].items() if row["case"]][:2]
    return Told(
        {
            "incident": [number],
            "stage": [*map(str, Stage)],
            "seq": entries,
            "duty": duties,
            "room": ["R1"],
            "case": [case],
            "address": [str(kept.json()["id"])],
            "part": "head now clocks figures halt facts people timeline".split(),
        }
    )


def until_case(asker: Asker, case: str) -> None:
    for _ in range(400):
        if asker.get(f"/api/cases/{case}").json().get("recorded"):
            return
    raise AssertionError(case)


def asked_for(served: Served) -> list[str]:
    """List the addresses that answer GET: pages and programs' alike."""
    pages = {
        route.path  # type: ignore[attr-defined]
        for router in page_routers()
        for route in router.routes
        if "GET" in route.methods  # type: ignore[attr-defined]
    }
    programs = {path for path, acts in served.description()["paths"].items() if "get" in acts}
    return sorted(pages | programs)


def filled(path: str, told: Told) -> Iterator[str]:
    """Give the addresses of a path with what the story has; none where it has nothing for it."""
    names = re.findall(r"\{(\w+)(?::path)?\}", path)
    if not all(name in told.names for name in names):
        return
    values = [told.names[name] for name in names]
    if "seq" in names and "stage" in names:
        values = [
            one[-1:] if name == "seq" else one for name, one in zip(names, values, strict=True)
        ]
    for chosen in product(*values):
        there = path
        for name, value in zip(names, chosen, strict=True):
            there = re.sub(rf"\{{{name}(:path)?\}}", value, there)
        yield there
        if (there.startswith("/api/") and "ledger" in there) or there.startswith("/api/cases/"):
            yield f"{there}?open=1&limit=500" if "ledger" in there else f"{there}?open=1"


def house_of(served: Served) -> House:
    assert served.app is not None
    house: House = served.app.state.house
    return house


def lines(served: Served, person: str) -> list[dict[str, Any]]:
    found = company.lines_of(served.database.ledger, ["SensitiveRead"])
    return [dict(one.body) for one in found if one.body["person"] == person]


LIVE = re.compile(r"/stream$|^/sign-in$")
"""Not asked for here: what never ends, and where nobody is signed in."""


@dataclass(frozen=True)
class Given:
    """Which addresses gave sealed words, which of them silently, and what else was not noted."""

    words: set[str]
    silent: list[str]
    unnoted: list[str]


@pytest.fixture(scope="module")
def given(served: Served, told: Told) -> Given:
    """Let every reader ask for every address."""
    found = Given(set(), [], [])
    for reader, path in product(READERS, asked_for(served)):
        if not LIVE.search(path):
            for there in filled(path, told):
                _ask(served, reader, path, there, found)
    return found


def _ask(served: Served, reader: str, path: str, there: str, found: Given) -> None:
    house_of(served).reads.forget_all()
    ledger = served.database.ledger
    before = next((one.seq for one in company.last_lines(ledger, 1)), 0)
    accepts = {"Accept": "text/html, application/json"}
    answer = served.person(reader).client.get(there, headers=accepts)
    since = company.read_log(ledger, after=before, kind="SensitiveRead")
    noted = {str(one.body.get("what")) for one in since if one.body["person"] == reader}
    if MARK in answer.text:
        found.words.add(path)
        if not noted:
            found.silent.append(f"{reader} {there}")
    if path in ALWAYS_NOTED and answer.status_code == 200 and ALWAYS_NOTED[path] not in noted:
        found.unnoted.append(f"{reader} {there}")


def test_whatever_gives_sealed_words_away_is_noted(given: Given) -> None:
    assert not given.silent


def test_audits_and_reports_are_noted_whatever_stands_in_them(given: Given) -> None:
    assert not given.unnoted


def test_the_story_is_full_of_words(given: Given) -> None:
    """Else it would prove nothing: these addresses are known to give private words."""
    assert given.words >= GIVES_WORDS, GIVES_WORDS - given.words


def test_nothing_but_the_vault_and_the_files_opens_what_is_sealed() -> None:
    """Whoever unseals beside `services.vaulting` and `services.evidence` would pass the log by.

    Finding whose data are to be erased searches words and shows none (a line `PeopleSearched`); the
    privilege log asks of each sealed text which class it is. Verifying asks whether keys are gone and
    opens notes of files and seals alone, and says of none what stands in it.
    """
    folder = Path(services.__file__).parent.parent
    found = set()
    for room in ("services", "api", "cli", "activities", "workflows"):
        for file in (folder / room).rglob("*.py"):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
            names |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
            if names & {"open_sealed", "open_file_sealed", "kept_texts"}:
                found.add(f"{room}/{file.name}")
    found -= {"services/subjects.py", "services/asking.py"}
    found -= {f"services/verifying_{what}.py" for what in ("named", "files", "texts")}
    assert found == {"services/vaulting.py", "services/evidence.py"}


def test_the_same_thing_is_noted_once_in_ten_minutes(
    served: Served, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    chief, house = served.person("gao.yuan"), house_of(served)
    house.reads.forget_all()
    before, where = len(lines(served, "gao.yuan")), f"/incidents/{told.incident}/report"
    for _ in range(3):
        chief.get(where)
    assert len(lines(served, "gao.yuan")) == before + 1
    served.person("mei.lin").get(where)
    assert lines(served, "mei.lin")[-1] == {
        "person": "mei.lin", "what": "stage", "item": "report", "incident": told.incident
    }  # fmt: skip
    later = datetime.now(UTC) + timedelta(minutes=9, seconds=50)
    monkeypatch.setattr(house, "now", lambda: later)
    chief.get(where)
    assert len(lines(served, "gao.yuan")) == before + 1
    monkeypatch.setattr(house, "now", lambda: later + timedelta(seconds=30))
    chief.get(where)
    assert len(lines(served, "gao.yuan")) == before + 2


def test_who_is_shown_no_words_is_not_noted(served: Served, told: Told) -> None:
    house_of(served).reads.forget_all()
    before = len(lines(served, "ren.jia"))
    page = served.person("ren.jia").get(f"/incidents/{told.incident}/report")
    assert MARK not in page.text
    assert len(lines(served, "ren.jia")) == before, "health is not for auditors"


def test_where_the_log_cannot_be_written_the_words_are_not_shown(
    served: Served, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    house_of(served).reads.forget_all()

    def full(*_: object) -> int:
        raise NotConfirmed("The disk is full.", "Free space.")

    monkeypatch.setattr("services.read_log.company.log", full)
    chief = served.person("gao.yuan")
    page = chief.get(f"/incidents/{told.incident}/report")
    assert page.status_code == 200, "the page is there all the same"
    assert MARK not in page.text
    assert "the read log cannot be written now" in page.text
    file = served.person("qiu.ning").get(f"/api/blobs/{told.names['address'][0]}")
    assert (file.status_code, MARK in file.text) == (503, False)
    monkeypatch.undo()
    assert MARK in chief.get(f"/incidents/{told.incident}/report").text, "and then it goes on"


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_line_is_told_in_words(
    language: str, served: Served, told: Told, at: SignedIn
) -> None:
    page = at("ren.jia", language).open("/audit")
    assert "%(" not in page.text
    assert "SensitiveRead" not in page.text
