"""An auditor reads what an auditor should, and acts on nothing: a table over every address."""

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from api.pages.views import page_routers
from domain.message import CASE_COMMANDS, COMMANDS
from domain.people import SYSTEM_ROLES, Access, Role, may_open
from domain.stages import Stage
from storage import streams
from tests.api.browsing import read_page
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, done
from tests.api.serving import Served
from tests.api.test_incidents import until
from tests.domain.story import person

pytestmark = pytest.mark.xdist_group("pages")

AUDITOR = "ren.jia"
OWN = frozenset({"/sign-out", "/language", "/duties/calendar"})
"""What everybody signed in may send: it concerns nobody but themselves."""

BY_LINK = re.compile(r"^/(calendar|preview|answer|rooms|opened|recalls)(/|$)|^/sign-in$")
"""For whoever has an address, for people from outside, or for everybody."""

SHOWS_ONLY = ("/packet", "/report/grade")
"""What is pressed to be shown something: a report filled in, a grade; nothing of it is recorded."""

ELSEWHERE = "/privacy/requests/{name}"
"""A request to erase: that an auditor reads it and confirms nothing is in test_privacy.py."""

INVENTED = frozenset({"/components", "/demo-shop", "/parts/demo-shop"})
"""Samples of buttons, and a shop of invented goods: no incident hears of them."""

READS_ONLY = "You read here and do not act"
"""What a page says above a form that is there for others."""


@pytest.fixture(scope="module")
def names(served: Served) -> dict[str, list[str]]:
    """Tell an incident with something of each kind that addresses name."""
    number, chief = accepted(served), served.person("gao.yuan")
    case = {"outcomes": ["mild"], "country": "CN", "awareness_at": "2026-11-20T01:00:00Z"}
    done(served.person("mei.lin"), number, "report/register_case", **case, product="dew-cream",
         lot="DC2603A", person="Li", account="It burns.")  # fmt: skip
    texts = [{"language": "en", "title": "First word", "body": "We look into it."}]
    told: dict[str, Any] = {"kind": "holding", "markets": ["US"], "preliminary": True}
    done(served.person("ye.fan"), number, "statement/draft_statement", **told, texts=texts)
    done(chief, number, "people/open_room", inspector="Wang", firm="MPA", purpose="Look",
         parts=["timeline"])  # fmt: skip
    seen = until(chief, number, lambda now: now["state"]["notice"]["duties"])
    messages = re.findall(r'href="/outbox/([^"?#]+)"', chief.get("/outbox").text)
    return {
        "incident": [number],
        "stage": [str(stage) for stage in Stage if stage is not Stage.CASE],
        "seq": ["1", "5"],
        "duty": list(seen["state"]["notice"]["duties"])[:2],
        "room": ["R1"],
        "number": ["1", "10"],
        "stream": [number],
        "statement": ["S1"],
        "part": "head now clocks figures halt facts people timeline".split(),
        "message": messages[:1],
    }


def paths(method: str) -> list[str]:
    """List the addresses of pages that answer a method."""
    found = {
        route.path  # type: ignore[attr-defined]
        for router in page_routers()
        for route in router.routes
        if method in route.methods  # type: ignore[attr-defined]
    }
    return sorted(path for path in found if not BY_LINK.search(path) and path != ELSEWHERE)


def filled(path: str, names: dict[str, list[str]]) -> Iterator[str]:
    wanted = re.findall(r"\{(\w+)\}", path)
    for chosen in product(*(names.get(one, []) for one in wanted)):
        there = path
        for name, value in zip(wanted, chosen, strict=True):
            there = there.replace(f"{{{name}}}", value)
        yield there


GETS = [path for path in paths("GET") if "{command}" not in path]


@pytest.mark.parametrize("path", GETS)
def test_an_auditor_reads_every_page_and_is_offered_nothing(
    path: str, served: Served, names: dict[str, list[str]]
) -> None:
    client, looked = served.person(AUDITOR).client, 0
    for there in filled(path, names):
        answer = client.get(there, headers={"accept": "text/html"}, follow_redirects=True)
        # A report that cannot be set as PDF is told as 409; nothing is kept from an auditor.
        assert answer.status_code in (200, 409), there
        looked += 1
        acts = {one.action for one in read_page(answer).forms if one.method == "post"} - OWN
        acts = {one for one in acts if not one.endswith(SHOWS_ONLY)}
        assert not acts or READS_ONLY in answer.text or path in INVENTED, f"{there} offers {acts}"
    assert looked, f"{path}: the story has nothing for it"


@pytest.mark.parametrize(
    "path",
    ["/api/incidents", "/api/incidents/{incident}", "/api/incidents/{incident}/ledger",
     "/api/incidents/{incident}/ledger?open=1", "/api/duties", "/api/texts", "/api/cases",
     "/api/incidents/{incident}/notice/{duty}", "/api/incidents/{incident}/notice/{duty}/packet"],
)  # fmt: skip
def test_an_auditor_reads_by_programs_too(
    path: str, served: Served, names: dict[str, list[str]]
) -> None:
    for there in filled(path, names):
        assert served.person(AUDITOR).get(there).status_code == 200, there


def test_an_auditor_reads_the_companys_log(at: SignedIn, names: dict[str, list[str]]) -> None:
    page = at(AUDITOR).open("/audit")
    assert "Company log" in page.text


def given_by_people() -> list[str]:
    return [name for name, one in COMMANDS.items() if not one.roles <= SYSTEM_ROLES]


@pytest.mark.parametrize("name", given_by_people())
def test_no_act_on_an_incident_is_an_auditors(name: str) -> None:
    """That each is refused to one over HTTP is in tests/api/test_every_command.py."""
    assert Role.AUDITOR not in COMMANDS[name].roles


@pytest.mark.parametrize("name", sorted(CASE_COMMANDS))
def test_no_act_on_a_case_is_an_auditors(name: str) -> None:
    assert Role.AUDITOR not in CASE_COMMANDS[name].roles


POSTS = [path for path in paths("POST") if path not in OWN]


@pytest.mark.parametrize("path", POSTS)
def test_an_auditor_presses_nothing(path: str, served: Served, names: dict[str, list[str]]) -> None:
    auditor = served.person(AUDITOR)
    there = next(filled(path, {**names, "stage": ["report"], "command": ["accept_report"],
                               "item": ["L1"]}))  # fmt: skip
    before = recorded(served, names)
    form = {"csrf": auditor.csrf, "command_id": "auditor-1", "roles": "legal"}
    answer = auditor.client.post(there, data=form, headers={"accept": "text/html"})
    if path.endswith(SHOWS_ONLY):
        assert answer.status_code in (200, 422), "it shows, and records nothing"
    elif path == "/privacy/find":
        assert answer.status_code == 200, "an auditor looks, and the log says so"
    elif path in ("/incidents/{incident}/people/team", "/privacy/confirm", "/privacy/due"):
        assert "done=" not in answer.headers.get("location", ""), "nobody and nothing was named"
    else:
        assert answer.status_code in (403, 404, 409, 422), there
    assert recorded(served, names) == before


def recorded(served: Served, names: dict[str, list[str]]) -> list[str]:
    """List the entries of the incident that an auditor's act came to; its refusals stand apart."""
    rows = streams.read_entries(served.database.ledger, names["incident"][0])
    return [row.type for row in rows if row.actor == AUDITOR and row.type != "ActRefused"]


@pytest.mark.parametrize("access", Access)
def test_what_of_the_private_words_an_auditor_opens(access: Access) -> None:
    expected = {Access.OPEN, Access.RESTRICTED}
    assert may_open(person(Role.AUDITOR), access) == (access in expected)


@pytest.mark.parametrize(("asked", "rows"), [("", 15), ("?show=100", 16)], ids=["first", "more"])
def test_few_entries_stand_at_first_and_lead_to_the_rest(
    served: Served, at: SignedIn, asked: str, rows: int
) -> None:
    number = accepted(served)
    page = at(AUDITOR).open(f"/incidents/{number}/audit{asked}")
    entries = page.html[page.html.index('id="entries"') :]
    listed = set(re.findall(rf'href="/incidents/{number}/ledger/(\d+)"', entries))
    assert len(listed) >= rows if asked else len(listed) == rows
    ways = [href for _, href in page.links if "show=100" in href]
    assert bool(ways) is not bool(asked)
