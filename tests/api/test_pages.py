"""Every type of page, for people who act and people who read, in both languages: sound HTML.

The story below brings an incident so far that each page has something to show. What a page should
say stands in the tests of its own; here it must be a page that browsers and screen readers take as
it was meant, say nothing by a code, and lead on.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from api.routes.acts import given_by_people
from api.word_lists import LISTS
from domain.message import EVENTS
from services.company import COMPANY_FILE, read_company_file
from tests.api.browsing import Browser, Seen, browser
from tests.api.markup import faults_of
from tests.api.serving import Served
from tests.api.test_incidents import problem, until

pytestmark = pytest.mark.xdist_group("api")

LANGUAGES = {"en": "en", "zh": "zh-CN"}
TEXTS = [
    {"language": "en", "title": "What we know", "body": "We are looking into reports."},
    {"language": "zh-CN", "title": "情况说明", "body": "我们正在核实有关反映。"},
]

STORY: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("zhou.mo", "report/acknowledge_report", {}),
    ("gao.yuan", "report/accept_report", {"commander": "gao.yuan", "reason": "Two people hurt."}),
    (
        "mei.lin",
        "report/register_case",
        {
            "outcomes": ["hospitalised"], "awareness_at": "2026-11-20T02:00:00Z", "country": "CN",
            "product": "dew-cream", "lot": "DC2603A", "person": "Ms A.", "account": "A rash.",
        },
    ),
    ("gao.yuan", "people/assign_role", {"role": "legal", "person": "fang.zheng"}),
    ("cheng.bo", "halt/{channel}/confirm_channel", {"proof": "Looked at the shelf.", "units": 12}),
    ("cheng.bo", "halt/{other}/take_over_channel", {"reason": "I go there now."}),
    ("cheng.bo", "halt/{channel}/report_drift", {"how_seen": "Bought one at 14:10."}),
    ("lei.gang", "halt/record_production_stop", {"site": "Linhu plant", "line": "cream-1"}),
    (
        "qiu.ning",
        "investigation/record_fact",
        {"key": "units_sold", "value": "1200", "unit": "units", "as_of": "2026-11-20T02:00:00Z"},
    ),
    ("xu.lan", "investigation/units_sold/verify_fact", {"how": "Counted again."}),
    (
        "qiu.ning",
        "investigation/collect_evidence",
        {
            "what": "The jar", "source": "Ms A.", "taken_at": "2026-11-20T03:00:00Z",
            "place": "Hangzhou", "storage": "Safe 2", "seal_number": "77",
        },
    ),
    ("qiu.ning", "investigation/order_test",
     {"laboratory": "City centre", "method": "pH", "sample": "E1", "lot": "DC2603A"}),
    ("fang.zheng", "people/place_legal_hold",
     {"scope": "All records of the lot", "custodians": ["xu.lan"]}),
    ("su.ran", "statement/log_enquiry",
     {"medium": "press", "topic": "Burns", "asked_by": "A reporter"}),
    ("tian.ye", "statement/record_mention",
     {"medium": "A forum", "what": "A photo of a rash", "publicity": "posts"}),
    ("su.ran", "statement/set_agreed_line", {"messages": ["We look into it."]}),
    (
        "ye.fan",
        "statement/draft_statement",
        {"kind": "holding", "markets": ["CN"], "texts": TEXTS, "preliminary": True},
    ),
    ("ye.fan", "statement/S1/ask_for_review", {"sha256": "{text}"}),
    (
        "bai.lu",
        "notice/record_authority_act",
        {
            "authority": "The provincial authority", "market": "CN", "kind": "inquiry",
            "received_at": "2026-11-20T04:00:00Z", "words": "What happened?",
        },
    ),
    (
        "lin.wei",
        "recall/set_scope",
        {
            "products": ["dew-cream"], "markets": ["CN"], "reason": "One bulk.",
            "lots": [{"lot": "DC2603A", "product": "dew-cream", "made": 9000, "shipped": 7000}],
            "consignees": ["hemu"],
        },
    ),
    ("qiu.ning", "review/record_lesson", {"text": "Ask the shops sooner."}),
)  # fmt: skip
"""Who does what, in order; each act must be taken."""


@pytest.fixture(scope="module")
def incident(served: Served) -> str:
    """Bring an incident far enough that every page has something to show."""
    answers = {
        "worst_outcome": "hospitalised", "people": 2, "serious_people": 1, "fault": "corrosive",
        "users": ["general"], "whereabouts": "consumers", "markets": ["CN"], "units": 7000,
    }  # fmt: skip
    first = served.person("an.qi").post(
        "/api/incidents", problem(lots=["DC2603A"], answers=answers)
    )
    number: str = first.json()["id"]
    until(served.person("an.qi"), number, lambda told: told["recorded"])
    chief = served.person("gao.yuan")
    told = until(chief, number, lambda told: len(told["state"]["halt"]["channels"]) > 1)
    names = dict(zip(("channel", "other"), sorted(told["state"]["halt"]["channels"]), strict=False))
    for who, act, body in STORY:
        path, sent = f"/api/incidents/{number}/{act.format(**names)}", dict(body)
        if "sha256" in body:
            texts = chief.get(f"/api/incidents/{number}").json()["state"]["statement"]
            sent["sha256"] = texts["statements"]["S1"]["sha256"]
        answer = served.person(who).post(path, sent)
        assert answer.status_code == 200, f"{who} {act}: {answer.text}"
    refused = served.person("an.qi").post(
        f"/api/incidents/{number}/halt/resume_sale", {"basis": "?"}
    )
    assert refused.status_code == 403
    served.settled()
    return number


@pytest.fixture(scope="module")
def readers(served: Served) -> Iterator[dict[tuple[str, str], Browser]]:
    """Give signed-in browsers by person and language."""
    found = {}
    for person in ("gao.yuan", "ren.jia"):
        for language, asked in LANGUAGES.items():
            one = browser(served.url, asked)
            one.sign_in(person, served.passwords[person])
            found[person, language] = one
    yield found
    for one in found.values():
        one.client.close()


NOT_THERE = ("/nothing", "/incidents/{incident}/nowhere", "/incidents/INC-2026-9999")
PAGES = [
    "/",
    "/report",
    "/texts?incident={incident}",
    "/outbox",
    "/demo-shop",
    "/audit",
    "/plan",
    "/components",
    "/incidents/{incident}",
    *(
        f"/incidents/{{incident}}/{stage}"
        for stage in (
            "report investigation halt recall statement notice review people ledger audit".split()
        )
    ),
    "/incidents/{incident}/ledger?kind=decision&stage=report",
    "/incidents/{incident}/ledger?q=nothing%20has%20this",
    "/incidents/{incident}/ledger/2",
    "/incidents/{incident}/ledger/5",
    "/incidents/{incident}/at",
    "/incidents/{incident}/at?at=3",
    "/incidents/{incident}/difference",
    "/incidents/{incident}/at/3",
    "/incidents/{incident}/at/20/halt",
    "/incidents/{incident}/statement/texts/S1",
    "/incidents/{incident}/notice/D1",
    "/incidents/{incident}/notice/what-if",
    "/incidents/{incident}/notice/what-if?hurt_in=DE&outcome=death&hurt_by=dew-cream",
    "/incidents/{incident}/notice/what-if?recall=recall&recall_at=never",
    "/incidents/{incident}/notice/D1/packet",
    "/recalls",
    "/sign-in",
    *NOT_THERE,
]
FORMS = [f"/incidents/{{incident}}/{spec.stage}/{spec.name}" for spec in given_by_people()]

CODE = re.compile(r"\b[a-z]+_[a-z_]+\b")
"""How codes and names of fields look; no reader should meet one."""

TYPED = {"units_sold", "own_shop"}
"""What somebody typed in the story, or a help names as an example; a channel of stories that other
tests put on the board."""


def visible(html: str) -> str:
    """Give the words of a page, without the bytes of an entry that an auditor may unfold."""
    return re.sub(r"<pre.*?</pre>|<[^>]+>", " ", html, flags=re.DOTALL)


_seen: dict[tuple[str, int], Seen] = {}


def opened(page: str, incident: str, by: Browser) -> Seen:
    """Open a page of the incident; once for all that look at it by this browser."""
    address = page.format(incident=incident)
    if (address, id(by)) not in _seen:
        _seen[address, id(by)] = by.open(address)
    return _seen[address, id(by)]


@pytest.mark.in_turn("language", "person")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("person", ["gao.yuan", "ren.jia"], ids=["commander", "auditor"])
@pytest.mark.parametrize("page", [*PAGES, *FORMS])
def test_page_is_sound_and_says_nothing_by_a_code(
    page: str,
    person: str,
    language: str,
    incident: str,
    readers: dict[tuple[str, str], Browser],
) -> None:
    seen = opened(page, incident, readers[person, language])
    assert seen.status in (200, 404) or (seen.status == 422 and "never" in page)
    assert (seen.status == 404) == (page in NOT_THERE)
    assert faults_of(seen.html) == []
    assert seen.forbidden == []
    assert set(CODE.findall(visible(seen.html))) <= TYPED


@pytest.mark.parametrize(
    "page", ["/audit", "/incidents/{incident}/audit", "/incidents/{incident}/halt"]
)
def test_on_a_phone_every_table_is_a_list_of_records(
    page: str, incident: str, readers: dict[tuple[str, str], Browser]
) -> None:
    tables = re.findall(r"<table[^>]*>", opened(page, incident, readers["ren.jia", "en"]).html)
    assert tables
    assert {"stacking" in one for one in tables} == {True}


@pytest.mark.parametrize("page", ["/", "/audit"])
def test_a_page_is_called_as_the_bar_calls_it(
    page: str, incident: str, readers: dict[tuple[str, str], Browser]
) -> None:
    html = opened(page, incident, readers["gao.yuan", "zh"]).html
    here = re.search(r'<a[^>]*aria-current="page"[^>]*>(.*?)</a>', html, re.DOTALL)
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)
    assert here
    assert heading
    assert visible(here.group(1)).strip() == visible(heading.group(1)).strip()


@pytest.mark.parametrize(
    ("page", "marked"),
    [("/incidents/{incident}", "/"), ("/incidents/{incident}/audit", "/audit"),
     ("/audit", "/audit"), ("/outbox", "/outbox")],
    ids=["an incident", "its audit", "the audit", "the outbox"],
)  # fmt: skip
def test_the_bar_marks_the_place_that_one_is_in(
    page: str, marked: str, incident: str, readers: dict[tuple[str, str], Browser]
) -> None:
    html = opened(page, incident, readers["gao.yuan", "en"]).html
    bar = html.split('<nav class="places"')[1].split("</nav>")[0]
    assert re.findall(r'href="([^"]*)" aria-current', bar) == [marked]


ENGLISH = re.compile(r"[A-Za-z][A-Za-z',;:.() -]{5,}[A-Za-z.]")
"""Runs of Latin letters long enough to be words and not the number of a thing."""

SAID_ALIKE = {"English", "Andon", "DUTY", "Shanghai"}
"""Names that stand in Chinese pages as they are."""


def typed_in(value: Any) -> list[str]:
    """List what people typed in the story."""
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value
    return [] if isinstance(value, int) else [text for part in parts for text in typed_in(part)]


DESKS = {one.contact_name for one in read_company_file(COMPANY_FILE).channels if one.contact_name}
"""Whom to call, as the company's list has it in one language."""

BY_PEOPLE = sorted(
    {text for _who, _act, body in STORY for text in typed_in(body)} | {problem()["words"]} | DESKS,
    key=len,
    reverse=True,
)


@pytest.mark.parametrize(
    "page", [p for p in [*PAGES, *FORMS] if p not in ("/outbox", "/components", "/plan")]
)
def test_a_chinese_page_says_nothing_in_english_but_what_people_typed(
    page: str, incident: str, readers: dict[tuple[str, str], Browser]
) -> None:
    """But the outbox tells each in their language, components are invented, the plan cites."""
    html = opened(page, incident, readers["gao.yuan", "zh"]).html
    words = visible(re.sub(r'<q lang="en">.*?</q>', " ", html, flags=re.DOTALL))
    for text in BY_PEOPLE:
        words = words.replace(text, " ").replace(text.rstrip("."), " ")
    # The head of a ledger is hexadecimal; now and then a run of it has no digit.
    words = re.sub(r"[0-9a-f]{12,}", " ", words)
    words = re.sub(r"\b[0-9a-f]{4}( [0-9a-f]{4}){3,}\b", " ", words)
    said = {run.strip() for run in ENGLISH.findall(words)}
    sentences = {run for run in said if re.search(r"[a-z]{3} [a-z]{2}|^[A-Z]?[a-z]{5,}$", run)}
    assert {run for run in sentences if run not in SAID_ALIKE} == set()


def test_every_type_of_entry_has_a_name() -> None:
    assert set(LISTS["event"]) == set(EVENTS)
