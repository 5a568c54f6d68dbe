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
from tests.api.browsing import read_page
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, done
from tests.api.samples import body_of, item_of
from tests.api.serving import Served
from tests.api.test_incidents import until
from tests.domain.story import person

pytestmark = pytest.mark.xdist_group("pages")

AUDITOR = "ren.jia"
OWN = frozenset({"/sign-out", "/language", "/duties/calendar"})
"""What everybody signed in may send: it concerns nobody but themselves."""

BY_LINK = re.compile(r"^/(calendar|preview|answer|rooms|opened|recalls)(/|$)|^/sign-in$")
"""For whoever has an address, for people from outside, or for everybody."""

NOT_FOR_AUDITORS: frozenset[str] = frozenset()
"""Pages of the console that an auditor is not shown."""


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
        "stage": [*map(str, Stage)],
        "seq": ["1", "5"],
        "duty": list(seen["state"]["notice"]["duties"])[:2],
        "room": ["R1"],
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
    return sorted(path for path in found if not BY_LINK.search(path))


def filled(path: str, names: dict[str, list[str]]) -> Iterator[str]:
    wanted = re.findall(r"\{(\w+)\}", path)
    for chosen in product(*(names.get(one, []) for one in wanted)):
        there = path
        for name, value in zip(wanted, chosen, strict=True):
            there = there.replace(f"{{{name}}}", value)
        yield there


GETS = [path for path in paths("GET") if "{command}" not in path]


@pytest.mark.parametrize("path", GETS)
def test_an_auditor_reads_every_page(
    path: str, served: Served, names: dict[str, list[str]]
) -> None:
    client, looked = served.person(AUDITOR).client, 0
    for there in filled(path, names):
        answer = client.get(there, headers={"accept": "text/html"}, follow_redirects=True)
        assert answer.status_code in ((404,) if path in NOT_FOR_AUDITORS else (200, 409)), there
        looked += 1
        own = [one for one in read_page(answer).forms if one.method == "post"]
        acts = {one.action for one in own} - OWN
        assert not {one for one in acts if not one.endswith("/packet")}, f"{there} offers {acts}"
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


@pytest.mark.parametrize(
    "name", [name for name, one in COMMANDS.items() if not one.roles <= SYSTEM_ROLES]
)
def test_an_auditor_is_offered_no_act_and_may_do_none(
    name: str, served: Served, names: dict[str, list[str]]
) -> None:
    spec, number = COMMANDS[name], names["incident"][0]
    assert Role.AUDITOR not in spec.roles
    if name == "report_problem":
        answer = served.person(AUDITOR).post("/api/incidents", body_of(spec, {}))
        assert answer.status_code in (403, 422), answer.text
        return
    item = f"/{item_of(spec, {})}" if spec.item else ""
    page = served.person(AUDITOR).client.get(f"/incidents/{number}/{spec.stage}{item}/{name}")
    assert page.status_code in (200, 303)
    own = [one for one in read_page(page).forms if one.method == "post"]
    assert {one.action for one in own} <= OWN | {"/report/grade"} or "who can" in page.text.lower()


@pytest.mark.parametrize("name", sorted(CASE_COMMANDS))
def test_no_act_on_a_case_is_an_auditors(name: str) -> None:
    assert Role.AUDITOR not in CASE_COMMANDS[name].roles


POSTS = [path for path in paths("POST") if path not in OWN]


@pytest.mark.parametrize("path", POSTS)
def test_an_auditor_presses_nothing(path: str, served: Served, names: dict[str, list[str]]) -> None:
    auditor, more = served.person(AUDITOR), {"command": ["accept_report"], "item": ["L1"]}
    for there in filled(path, {**names, **more}):
        state = lambda: auditor.get(f"/api/incidents/{names['incident'][0]}").json()["state"]  # noqa: E731
        before = state()
        form = {"csrf": auditor.csrf, "key": "x", "command_id": "auditor-1"}
        answer = auditor.client.post(there, data=form, headers={"accept": "text/html"})
        if path.endswith(("/packet", "/report/grade")):
            assert answer.status_code in (200, 422), "it shows, and records nothing"
        else:
            assert answer.status_code in (403, 404, 409, 422), there
        assert state() == before


@pytest.mark.parametrize("access", Access)
def test_what_of_the_private_words_an_auditor_opens(access: Access) -> None:
    expected = {Access.OPEN, Access.RESTRICTED}
    assert may_open(person(Role.AUDITOR), access) == (access in expected)
