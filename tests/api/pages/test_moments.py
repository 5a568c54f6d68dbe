"""Replay on the console: one moment by both times, what is different between two, and no act."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, done
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

FORMS = re.compile(r'<form[^>]*method="post"[^>]*action="([^"]*)"')
OF_EVERY_PAGE = {"/language", "/sign-out"}
OUT_OF_THE_WORLD = ["-1", "9999999999", "yesterday", "0001-01-01T00:00Z", "9999-12-31T23:59:59Z",
                    "2026-13-01T00:00", "%00", "1e3", "٣", "x" * 300]  # fmt: skip


@pytest.fixture(scope="module")
def incident(served: Served) -> str:
    """Give an incident in which somebody tells ten minutes later what they saw."""
    number = accepted(served)
    told_at = (datetime.now(UTC) - timedelta(minutes=10)).isoformat()
    fact = {"key": "units_in_shops", "value": "1240", "as_of": told_at}
    answer = served.person("qiu.ning").post(
        f"/api/incidents/{number}/investigation/record_fact", fact, Andon_Happened_At=told_at
    )
    assert answer.status_code == 200, answer.text
    served.settled()
    return number


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize(
    "rest", ["/at", "/at?at=0", "/at?at=3", "/difference", "/difference?from=2"]
)
def test_a_page_of_the_past_acts_nowhere(
    rest: str, language: str, incident: str, at: SignedIn
) -> None:
    page = at("ren.jia", language).open(f"/incidents/{incident}{rest}")
    assert page.status == 200
    assert set(FORMS.findall(page.html)) <= OF_EVERY_PAGE


def test_what_was_known_only_later_stands_beside_what_was_known(
    incident: str, served: Served, at: SignedIn
) -> None:
    told = served.person("ren.jia").get(f"/api/incidents/{incident}/ledger?limit=500").json()
    late = next(one for one in told["entries"] if one["type"] == "FactRecorded")
    page = at("ren.jia").open(f"/incidents/{incident}/at?at={late['seq'] - 1}").text
    assert "As recorded by then" in page
    assert "As known now about then" in page
    assert "Had happened by then, recorded only afterwards" in page
    known = page.partition("What was known?")[2]
    then, now = known.split("As known now about then", 1)
    assert "1,240" not in then
    assert "1,240" in now
    after = at("ren.jia").open(f"/incidents/{incident}/at?at={late['seq']}").text
    assert "1,240" in after.partition("What was known?")[2]


def test_the_page_says_all_over_that_it_is_not_now(incident: str, at: SignedIn) -> None:
    page = at("ren.jia").open(f"/incidents/{incident}/at?at=3")
    assert 'class="asof-line"' in page.html
    assert "not now" in page.text
    assert page.link("Go to now") == f"/incidents/{incident}"


def test_a_time_is_read_by_the_readers_clock(incident: str, served: Served, at: SignedIn) -> None:
    browser = at("ren.jia")
    long_ago = browser.open(f"/incidents/{incident}/at?when=2020-01-01T08:00")
    assert "Before the first entry" in long_ago.text
    last = served.person("ren.jia").get(f"/api/incidents/{incident}").json()["size"]
    page = browser.open(f"/incidents/{incident}/at")
    when = re.search(r'name="when"[^>]*value="([^"]+)"', page.html)
    assert when is not None
    again = browser.open(f"/incidents/{incident}/at?when={when[1]}")
    assert f"entry {last} of {last}" in again.text


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "This moment has not come yet"), ("zh-CN", "1月1日")],
)
def test_a_moment_that_has_not_come_is_said_with_where_the_record_ends(
    language: str, told: str, incident: str, at: SignedIn
) -> None:
    browser = at("ren.jia", language)
    newest = browser.open(f"/incidents/{incident}/at").text
    page = browser.open(f"/incidents/{incident}/at?when=2099-01-01T00:00")
    assert page.status == 200
    assert told in page.text
    assert "2099" in page.text
    assert page.text.partition("What was on sale?")[2] == newest.partition("What was on sale?")[2]
    apart = browser.open(f"/incidents/{incident}/difference?to=2099-01-01T00:00").text
    asked = browser.open(f"/incidents/{incident}/audit/questions/5?at=2099-01-01T00:00").text
    for other in (apart, asked):
        assert told in other
        assert "2099" in other


def test_a_program_is_told_of_a_moment_that_has_not_come(incident: str, served: Served) -> None:
    api, at = served.person("ren.jia"), "2099-01-01T00:00:00+00:00"
    last = api.get(f"/api/incidents/{incident}").json()["size"]
    for by in ("", "&by=happened"):
        told = api.get(f"/api/incidents/{incident}?at=2099-01-01T00:00:00Z{by}").json()
        assert (told["to_come"], told["instant"] < at) == (at, True)
        assert api.get(f"/api/incidents/{incident}?at={last}{by}").json()["to_come"] is None
    apart = api.get(f"/api/incidents/{incident}/difference?from={last}&to=2099-01-01T00:00:00Z")
    assert apart.json()["to"]["to_come"] == at
    assert apart.json()["things"] == []
    told = api.get(f"/api/incidents/{incident}/questions/5?at=2099-01-01T00:00:00Z").json()
    assert "2099" in told["answer"]["to_come"]
    assert any("has not come yet" in line for line in told["said"])


def test_seconds_tell_entries_apart(incident: str, served: Served, at: SignedIn) -> None:
    told = served.person("ren.jia").get(f"/api/incidents/{incident}/ledger?limit=500").json()
    page = at("ren.jia").open(f"/incidents/{incident}/at?at=3")
    recorded = datetime.fromisoformat(told["entries"][2]["recorded_at"])
    to_the_second = f"{recorded.astimezone(ZoneInfo('Asia/Shanghai')):%H:%M:%S}"
    assert f"{to_the_second} (Beijing" in page.text
    assert to_the_second in page.text.partition("around this moment")[2]
    slider = re.search(r'id="scrub-range"[^>]*aria-valuetext="([^"]+)"', page.html)
    assert slider is not None
    assert slider[1].startswith("entry 3 of ")
    assert to_the_second in slider[1]


def test_after_the_last_entry_nothing_is_said_to_be_past(incident: str, at: SignedIn) -> None:
    line = at("ren.jia").open(f"/incidents/{incident}/at").text
    assert "not now" not in line.partition("What was on sale?")[0]
    assert "nothing was recorded since" in line


def test_the_slider_asks_for_the_inside_alone(incident: str, at: SignedIn) -> None:
    browser = at("ren.jia")
    answer = browser.client.get(f"/incidents/{incident}/at?at=2", headers={"X-Fragment": "1"})
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div class="asof-line"')
    assert "<html" not in answer.text


def test_without_the_slider_every_entry_is_one_step_away(incident: str, at: SignedIn) -> None:
    browser = at("ren.jia")
    page = browser.open(f"/incidents/{incident}/at?at=2").html
    for to in (1, 3):
        assert f'href="/incidents/{incident}/at?at={to}"' in page
    assert 'rel="prev"' not in browser.open(f"/incidents/{incident}/at?at=0").html
    led = browser.client.get(f"/incidents/{incident}/at?seq=4", follow_redirects=False)
    assert (led.status_code, led.headers["location"]) == (303, f"/incidents/{incident}/at/4")


def test_two_moments_are_told_apart_by_stage_with_the_entries(incident: str, at: SignedIn) -> None:
    browser = at("ren.jia")
    page = browser.open(f"/incidents/{incident}/difference")
    assert "Units in shops" in page.text
    assert "entries in between" in page.text
    assert f'href="/incidents/{incident}/ledger/' in page.html
    same = browser.open(f"/incidents/{incident}/difference?from=3&to=3").text
    assert "Nothing is different." in same


@pytest.mark.parametrize("typed", OUT_OF_THE_WORLD)
def test_what_is_no_moment_is_refused_in_words(typed: str, incident: str, at: SignedIn) -> None:
    browser = at("ren.jia")
    for rest in ("/at?at=", "/at?when=", "/difference?from=", "/difference?to="):
        page = browser.open(f"/incidents/{incident}{rest}{typed}")
        assert page.status == 422, rest
        assert "such as 2026-11-22T14:00" in page.text


def test_who_may_not_see_it_finds_nothing(incident: str, at: SignedIn) -> None:
    for rest in ("/at", "/at?at=2", "/difference"):
        assert at("he.miao").open(f"/incidents/{incident}{rest}").status == 404


@pytest.mark.parametrize("seq", [2, 5])
def test_the_day_and_time_are_those_of_the_entry_that_is_shown(
    incident: str, at: SignedIn, seq: int
) -> None:
    """Without script the form comes with the page; the slider reads it from the inside alone."""
    browser = at("ren.jia")
    page = browser.open(f"/incidents/{incident}/at?at={seq}").html
    typed = re.search(r'name="when"[^>]*value="([^"]+)"', page)
    inside = browser.client.get(
        f"/incidents/{incident}/at?at={seq}", headers={"X-Fragment": "1"}
    ).text
    told = re.search(r'data-at="([^"]+)"', inside)
    assert typed is not None
    assert told is not None
    assert told[1] == typed[1]
    when = browser.open(f"/incidents/{incident}/at?when={typed[1]}").html
    again = re.search(r'name="when"[^>]*value="([^"]+)"', when)
    assert again is not None
    assert again[1] == typed[1]


def test_who_is_named_and_has_not_accepted_is_marked(served: Served, at: SignedIn) -> None:
    number = accepted(served)
    before = served.person("ren.jia").get(f"/api/incidents/{number}").json()["size"]
    done(served.person("gao.yuan"), number, "people/assign_role", role="quality", person="xu.lan")
    page = at("ren.jia").open(f"/incidents/{number}/at")
    assert "Xu Lan (not accepted yet)" in page.text
    earlier = at("ren.jia").open(f"/incidents/{number}/at?at={before}").text
    team = earlier.partition("Who was on the team")[2].partition("Which clocks ran")[0]
    assert "Xu Lan" not in team, "who could act by the company's list is not on the team"
