"""Whatever is sent, for every registered command and every page: an answer in words, never a 500.

The commands and the pages come from the registry and the routers: what is registered tomorrow is
tested tomorrow. After a refusal every row and file is what it was; where the plan itself refused,
its refusal is the one entry that came. `make test` sends a few to each, `make prove` many.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import httpx2
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from api.routes import acts, cases
from domain.message import COMMANDS, CommandSpec
from tests import figures
from tests.api import nonsense
from tests.api.browsing import Browser, browser, read_page
from tests.api.markup import faults_of
from tests.api.samples import item_of
from tests.api.serving import Served
from tests.api.test_cases import opened
from tests.api.test_incidents import reported

pytestmark = [pytest.mark.slow]
if not figures.FULL:  # at full counts every processor takes part, each with an installation
    pytestmark.append(pytest.mark.xdist_group("hostile"))

CALLERS: Final = ("gao.yuan", "an.qi", "ren.jia", "zhou.mo")
OF_AN_INCIDENT: Final = list(acts.given_by_people())
OF_A_CASE: Final = list(cases.given_by_people())
EVERY: Final = {
    f"{'case' if of_case else 'incident'}-{spec.name}": (spec, of_case)
    for of_case, specs in ((False, OF_AN_INCIDENT), (True, OF_A_CASE))
    for spec in specs
} | {"report_problem": (COMMANDS["report_problem"], False)}
ALLOWED: Final = {400, 401, 403, 404, 405, 409, 413, 415, 422, 429}
WHAT: Final = "nonsense sent: answered in words, and nothing changed"


def examples(quick: int, full: int) -> settings:
    """Send a few in `make test`, many in `make prove`."""
    return settings(
        max_examples=full if figures.FULL else quick,
        deadline=None,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.large_base_example,
        ],
    )


@dataclass
class Scene:
    """Where it is sent: an incident and a case that are open, and what bodies may refer to."""

    served: Served
    incident: str
    case: str
    known: dict[str, str]
    browsers: dict[str, Browser]
    csrf: dict[str, list[str]]

    def path(self, spec: CommandSpec, *, of_case: bool) -> str:
        """Give the address of a command, its item still open."""
        if spec.name == "report_problem":
            return "/api/incidents"
        if of_case:
            return cases.path_of(spec).replace("{case}", self.case)
        return acts.path_of(spec).replace("{incident}", self.incident)


@pytest.fixture(scope="module")
def scene(served: Served) -> Iterator[Scene]:
    """Give an incident and a case that nobody else acts on."""
    agent = served.person("an.qi")
    kept = agent.client.post("/api/blobs", content=b"%PDF-1.7 a report").json()
    incident, case = reported(agent), opened(agent)
    browsers = {
        name: browser(served.url, "en" if n % 2 else "zh") for n, name in enumerate(CALLERS)
    }
    csrf = {}
    for name, there in browsers.items():
        there.sign_in(name, served.passwords[name])
        csrf[name] = there.open("/report").form("/report").values["csrf"]
    served.settled()
    yield Scene(served, incident, case, {"evidence": kept["id"]}, browsers, csrf)
    for there in browsers.values():
        there.client.close()


each = pytest.mark.parametrize(("spec", "of_case"), EVERY.values(), ids=EVERY.keys())


# ---------------------------------------------------------------- programs


@each
def test_no_body_for_a_command_is_an_error_of_ours(
    spec: CommandSpec, of_case: bool, scene: Scene
) -> None:
    path, item = scene.path(spec, of_case=of_case), item_of(spec, scene.known)

    @examples(2, 60)
    @given(sent=nonsense.requests(spec, path, item, scene.known), caller=st.sampled_from(CALLERS))
    def send(sent: nonsense.Sent, caller: str) -> None:
        client = scene.served.person(caller).client
        answer = scene.served.held(
            lambda: client.post(sent.path, content=sent.content, headers=sent.headers)
        )
        _assert_told(answer)

    send()


def _assert_told(answer: httpx2.Response) -> None:
    """Insist on an answer in words that a program can read."""
    if answer.is_success:
        return
    assert answer.status_code in ALLOWED, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == answer.status_code
    assert told["code"]
    assert told["detail"].strip()
    assert told["hint"].strip()
    assert all(one["detail"].strip() for one in told.get("errors", ()))
    figures.note(WHAT, {"requests_refused": 1})


# ---------------------------------------------------------------- forms


FORMS: Final = {name: spec for name, (spec, of_case) in EVERY.items() if not of_case}


@pytest.mark.parametrize("spec", FORMS.values(), ids=FORMS.keys())
def test_no_form_of_a_command_is_an_error_of_ours(spec: CommandSpec, scene: Scene) -> None:
    path = scene.path(spec, of_case=False).removeprefix("/api")
    path = "/report" if spec.name == "report_problem" else path
    item = item_of(spec, scene.known)

    @examples(1, 60)
    @given(
        typed=nonsense.forms(spec, scene.known),
        where=st.sampled_from((item,) * 12 + nonsense.ITEMS),
        caller=st.sampled_from(CALLERS),
        with_files=st.booleans(),
    )
    def press(typed: dict[str, list[str]], where: str, caller: str, with_files: bool) -> None:
        sent = {"csrf": scene.csrf[caller], **typed}
        content, kind = nonsense.sent_form(sent, with_files=with_files)
        client = scene.browsers[caller].client
        answer = scene.served.held(
            lambda: client.post(
                path.format(item=where), content=content, headers={"Content-Type": kind}
            )
        )
        _assert_shown(answer)

    press()


def _assert_shown(answer: httpx2.Response) -> None:
    """Insist on a page that a person can read, or a way on."""
    assert answer.status_code in ALLOWED | {200, 303}, answer.text[:2000]
    if answer.status_code == 303:
        return
    assert answer.headers["content-type"].startswith("text/html")
    page = read_page(answer)
    assert page.text
    assert faults_of(page.html) == []
    if answer.status_code >= 400:
        assert "data-errors" in page.html or 'class="banner' in page.html
        figures.note(WHAT, {"forms_refused": 1})


# ---------------------------------------------------------------- reading


PAGES: Final = nonsense.pages()
FOUND: Final[defaultdict[str, str]] = defaultdict(lambda: "one")


@pytest.mark.parametrize("pattern", PAGES)
def test_no_address_of_a_page_is_an_error_of_ours(pattern: str, scene: Scene) -> None:
    real = {
        "incident": [scene.incident],
        "stage": ["report", "halt", "recall", "statement", "notice", "people", "review"],
        "command": [spec.name for spec in OF_AN_INCIDENT],
        "seq": ["1", "2"],
    }

    @examples(5, 200)
    @given(
        address=nonsense.addresses(pattern, real),
        headers=nonsense.headers(),
        caller=st.sampled_from((*CALLERS, "nobody")),
    )
    @example(pattern.replace(":path", "").format_map(FOUND), {b"Referer": b"http://["}, "nobody")
    def read(address: str, headers: dict[bytes, bytes], caller: str) -> None:
        visitor = scene.browsers.get(caller)
        client = visitor.client if visitor else anonymous
        answer = scene.served.unchanged_by(lambda: client.get(address, headers=headers))
        assert answer.status_code in ALLOWED | {200, 204, 206, 303, 304}, answer.text[:2000]
        is_page = answer.headers.get("content-type", "").startswith("text/html")
        if answer.status_code >= 400 and answer.text and is_page:
            assert faults_of(answer.text) == []
            figures.note(WHAT, {"pages_refused": 1})

    with scene.served.visitor() as anonymous:
        read()


def api_reads(scene: Scene) -> list[str]:
    """List the addresses that programs read, but for two.

    Event streams do not end; who takes a dossier is written down (tests/api/test_dossier.py).
    """
    paths = scene.served.description()["paths"]
    others = ("/stream", "/dossier")
    return sorted(p for p, of in paths.items() if "get" in of and not p.endswith(others))


def test_no_address_of_the_api_is_an_error_of_ours(scene: Scene) -> None:
    real = {
        "incident": [scene.incident],
        "case": [scene.case],
        "address": [scene.known["evidence"]],
    }

    patterns = api_reads(scene)

    @examples(80, 2_000)
    @given(data=st.data(), caller=st.sampled_from(CALLERS))
    def read(data: Any, caller: str) -> None:
        pattern = data.draw(st.sampled_from(patterns))
        address = data.draw(nonsense.addresses(pattern, real))
        client, beside = scene.served.person(caller).client, data.draw(nonsense.headers())
        answer = scene.served.unchanged_by(lambda: client.get(address, headers=beside))
        if answer.status_code not in (200, 206, 304):
            _assert_told(answer)

    read()
