"""What is owed to authorities, over all incidents: due next first, as a list and as a month."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from activities.words import ends_day
from api.pages.duty_order import urgency
from domain.authorities import RecordAuthorityAct
from domain.open_duties import open_duties
from domain.regulation_terms import AuthorityActKind, DueBasis
from domain.severity import Outcome
from storage import duties as rows_of_duties
from tests.api.markup import faults_of
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_standing import plain
from tests.api.serving import Served
from tests.domain.duties import REGULATORY, Notified, words
from tests.domain.story import MILD
from tests.services.kept import Recorded, recorded

pytestmark = pytest.mark.xdist_group("pages")

ITEMS = re.compile(r'<h3 class="incident-name"><a[^>]*>(\w+) · ')
TIMES = re.compile(r'datetime="([^"]+)"[^>]*data-relative="due"')


def tell(story: Notified) -> None:
    """Somebody was hurt in China, somebody in Germany, and an authority asked."""
    story.reported(MILD)
    story.hurt("CN", Outcome.HOSPITALISED)
    story.hurt("DE", Outcome.HOSPITALISED)
    story.did(
        REGULATORY,
        RecordAuthorityAct(
            authority=words("Shanghai MPA"),
            market="CN",
            kind=AuthorityActKind.INQUIRY,
            received_at=story.now,
            words=words("Send the file."),
            number="2026-7",
            answer_due_at=story.now + timedelta(days=400),
        ),
    )


@pytest.fixture(scope="module")
def story(served: Served) -> Recorded:
    """Give an incident of last month with duties in two markets, most of them overdue."""
    began = datetime.now(UTC).replace(microsecond=0) - timedelta(days=40)
    return recorded(served.database.ledger, "duties page", tell, at=began)


def row_of(page: str, words: str) -> str:
    """Give the row of the list that holds some words."""
    before, _, after = page.partition(words)
    return before.rpartition("<li")[2] + words + after.partition("</li>")[0]


def number_of(item: str) -> int:
    return int(item.lstrip("AUD"))


def of(story: Recorded, **more: str) -> str:
    kept = "".join(f"&{name}={value}" for name, value in more.items())
    return f"/duties?incident={story.incident.id}{kept}"


def test_what_is_due_next_stands_first_with_all_that_a_row_says(
    story: Recorded, at: SignedIn
) -> None:
    page = at("bai.lu").open(of(story))
    assert faults_of(page.html) == []
    rows = {row.item: row for row in open_duties(story.incident)}
    shown = [rows[item] for item in ITEMS.findall(page.html.partition("duties-open")[2])]
    assert shown == sorted(
        rows.values(), key=lambda r: (r.tier, r.by_at, r.item.startswith("AU"), number_of(r.item))
    )
    assert len(TIMES.findall(page.html)) == len(shown)
    said = plain(page)
    for told in (
        "overdue, still open",
        "waits for our answer",
        "Shanghai MPA: Inquiry 2026-7",
        "the time that the authority set",
        story.incident.id,
        "Regulation (EC) No 1223/2009",
        "Berlin",
    ):
        assert told in said, told
    stage = f"/incidents/{story.incident.id}/notice"
    led = [href for _, href in page.links if stage in href]
    assert led == [
        f"{stage}#authority-acts" if item.startswith("AU") else f"{stage}/{item}"
        for item in ITEMS.findall(page.html)
    ]
    assert "authority-acts" in at("bai.lu").open(stage).ids
    assert at("bai.lu").open(f"{stage}/D1").status == 200


def test_a_target_of_ours_that_passed_is_told_as_ours(story: Recorded, at: SignedIn) -> None:
    duties = story.incident.notice.duties.values()
    ours = [one for one in duties if one.is_open and one.due_basis is DueBasis.COMPANY]
    assert ours
    page = at("bai.lu").open(of(story)).html
    for one in ours:
        row = row_of(page, f">{one.id} · ")
        assert "our own target passed, still open" in row
        assert "overdue" not in row
        assert "tone-critical" not in row.partition('class="grade')[0]
    assert re.search(r"\d+ of them ha\w+ no fixed limit, and our own target", page)
    only = at("bai.lu").open(of(story, time="passed")).html
    assert ITEMS.findall(only) == [one.id for one in sorted(ours, key=urgency)]


@pytest.mark.parametrize(
    ("chosen", "stands", "not_there"),
    [
        ({"market": "DE"}, "Germany", "Shanghai MPA"),
        ({"market": "CN"}, "Shanghai MPA", "Germany"),
        ({"time": "overdue"}, "overdue, still open", "Shanghai MPA"),
        ({"mine": "own"}, "Shanghai MPA", "Germany"),
    ],
    ids=["Germany", "China", "overdue", "mine"],
)
def test_filters_are_plain_addresses(
    chosen: dict[str, str], stands: str, not_there: str, story: Recorded, at: SignedIn
) -> None:
    page = at("bai.lu").open(of(story, **chosen))
    rows = page.html.partition("duties-open")[2]
    assert stands in rows
    assert not_there not in rows
    form = page.form("/duties")
    assert form.method == "get"
    for name, value in chosen.items():
        assert form.values[name] == [value]


def test_a_month_is_a_table_of_days_from_monday(story: Recorded, at: SignedIn) -> None:
    begun = f"{story.incident.notice.duties['D1'].start_at:%Y-%m}"
    page = at("bai.lu").open(of(story, view="month", month="2027-02", market="CN"))
    assert faults_of(page.html) == []
    table = page.html.partition('<table class="month"')[2]
    assert re.findall(r'<th scope="col"[^>]*>([^<]+)<', table) == [
        "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun",
    ]  # fmt: skip
    assert "<caption>February 2027" in table
    assert "day off: Chinese New Year" in table
    assert len(re.findall(r'<td role="cell" class="is-inside', table)) == 28
    month = at("bai.lu").open(of(story, view="month", month=begun))
    assert "Choose a market" in month.text
    shown = month.html.partition('<table class="month"')[2]
    assert story.incident.id in shown or "Nothing is due in this month." in month.text
    assert [href for said, href in page.links if said.startswith("←")]


def test_a_full_day_leads_to_the_list_of_that_day(story: Recorded, at: SignedIn) -> None:
    on = min(d.due_at for d in story.incident.notice.duties.values() if d.due_at and d.law)
    day = f"{on + timedelta(hours=8):%Y-%m-%d}"
    page = at("bai.lu").open(of(story, day=day))
    assert plain(page).count("overdue, still open") >= 1
    assert "Shanghai MPA" not in page.text
    assert "on this day." in page.text


def test_a_month_reads_the_rows_that_it_shows_and_no_more(
    served: Served, at: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = datetime.now(UTC).replace(microsecond=0, day=1)
    crowded = recorded(served.database.ledger, "crowded", crowd, at=began)
    whole: list[str] = []
    read = rows_of_duties._listed

    def heard(row: Any) -> Any:
        whole.append(row.item)
        return read(row)

    monkeypatch.setattr(rows_of_duties, "_listed", heard)
    page = at("bai.lu").open(of(crowded, view="month", month=f"{began:%Y-%m}"))
    table = page.html.partition('<table class="month"')[2]
    assert re.search(r"and \d+ more", table)
    assert len(whole) == table.count("/notice/D")
    assert len(whole) < len(crowded.incident.notice.open_duties)


def test_what_is_due_at_one_time_stands_by_number(served: Served, at: SignedIn) -> None:
    began = datetime.now(UTC).replace(microsecond=0) - timedelta(days=3)
    crowded = recorded(served.database.ledger, "by number", crowd, at=began)
    rows = {row.item: row for row in open_duties(crowded.incident)}
    assert {"D9", "D10"} <= set(rows)
    by_number = sorted(rows, key=lambda item: (rows[item].tier, rows[item].by_at, rows[item].seq))
    assert by_number == sorted(
        rows, key=lambda item: (rows[item].tier, rows[item].by_at, number_of(item))
    )
    assert ITEMS.findall(at("bai.lu").open(of(crowded)).html) == by_number
    told = served.person("bai.lu").get(f"/api/duties?incident={crowded.incident.id}").json()
    assert [one["item"] for one in told["duties"]] == by_number


def crowd(story: Notified) -> None:
    """Many people are hurt in one country: more duties on a day than a month shows."""
    story.reported(MILD)
    for _ in range(8):
        story.hurt("CN", Outcome.HOSPITALISED)


HOSTILE = ["2026-02-31", "yesterday", "9999-12-31", "0001-01-01", "0000-00-00", "2026-12-31%00",
           "%D9%A2%D9%A0%D9%A2%D9%A6-01-01"]  # fmt: skip


@pytest.mark.parametrize("day", HOSTILE)
def test_a_day_that_is_none_is_said(day: str, at: SignedIn, served: Served) -> None:
    page = at("bai.lu").open(f"/duties?day={day}")
    assert (page.status, "was not understood. Shown instead: All days." in page.text) == (200, True)
    assert served.person("bai.lu").get(f"/api/duties?day={day}").status_code == 422


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("market=ASEANS", "Market: “ASEANS” was not understood. Shown instead: All markets."),
        ("page=-1", "Page: “-1” was not understood. Shown instead: the first page."),
        ("time=zzz", "Which: “zzz” was not understood. Shown instead: All that are open."),
        ("mine=zzz", "Whose: “zzz” was not understood. Shown instead: All."),
        ("incident=a%20b", "Incident: “a b” was not understood. Shown instead: All incidents."),
        ("view=year", "View: “year” was not understood. Shown instead: List."),
        ("page=999", "There are not so many pages: this is the last one."),
    ],
)
def test_what_is_not_understood_is_said_in_a_line_and_the_rest_shown(
    asked: str, told: str, story: Recorded, at: SignedIn
) -> None:
    page = at("bai.lu").open(f"/duties?{asked}")
    assert (page.status, faults_of(page.html)) == (200, [])
    assert told in plain(page)
    assert ITEMS.findall(page.html)


@pytest.mark.parametrize("month", ["2026-1", "2026-13", "9999-12", "0001-01"])
def test_a_month_that_is_none_is_said(month: str, story: Recorded, at: SignedIn) -> None:
    page = at("bai.lu").open(of(story, view="month", month=month))
    today = datetime.now(ZoneInfo("Asia/Shanghai"))  # the company's own day begins before ours
    assert f"Month: “{month}” was not understood. Shown instead: {today:%B %Y}." in plain(page)
    assert page.html.count('aria-current="date"') == page.html.count("is-today") == 1
    for beside in [href for told, href in page.links if "view=month" in href and told[:1] in "←→"]:
        assert "is-today" not in at("bai.lu").open(beside).html


def test_a_group_of_markets_is_a_market(story: Recorded, at: SignedIn, served: Served) -> None:
    page = at("bai.lu").open("/duties?market=ASEAN")
    assert (page.status, "not understood" in page.text) == (200, False)
    assert served.person("bai.lu").get("/api/duties?market=ASEAN").status_code == 200


@pytest.mark.parametrize("value", ["%00", "%FF", "'--", "%F0%9F%92%A5", "9999-12", "0000-00"])
@pytest.mark.parametrize("name", ["mine", "market", "incident", "time", "view", "month", "page"])
def test_no_filter_breaks_the_page(name: str, value: str, at: SignedIn, served: Served) -> None:
    assert at("bai.lu").open(f"/duties?{name}={value}").status in (200, 422)
    assert served.person("bai.lu").get(f"/api/duties?{name}={value}").status_code in (200, 422)


def test_an_authoritys_day_holds_its_limit_and_says_so(story: Recorded, at: SignedIn) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    duties = story.incident.notice.duties.values()
    duty = next(d for d in duties if d.due_at and d.place == "DE" and ends_day(d.due_at, berlin))
    assert duty.due_at is not None
    on = duty.due_at.astimezone(berlin).date()
    page = at("bai.lu").open(of(story, view="month", month=f"{on:%Y-%m}", market="DE"))
    assert faults_of(page.html) == []
    cell = page.html.partition(f'<time datetime="{on}"')[2].partition("</td>")[0]
    assert f"{duty.id} · " in cell
    assert "end of the day, Berlin" in cell
    assert "here " in cell
    assert "in this month." in page.text
    assert f"{duty.id} · " in at("bai.lu").open(of(story, day=f"{on}", market="DE")).text
    after = at("bai.lu").open(of(story, day=f"{on + timedelta(days=1)}", market="DE"))
    assert f"{duty.id} · " not in after.text


def test_a_limit_that_ends_our_own_day_says_so_in_the_month(story: Recorded, at: SignedIn) -> None:
    duties = story.incident.notice.duties.values()
    duty = next(one for one in duties if one.place == "CN" and one.law and one.due_at)
    assert duty.due_at is not None
    on = duty.due_at.astimezone(ZoneInfo("Asia/Shanghai")).date()
    page = at("bai.lu").open(of(story, view="month", month=f"{on:%Y-%m}"))
    row = row_of(page.html, f">{duty.id} · ")
    assert ">end of the day<" in row
    assert "23:59" not in row
    assert duty.authority_en not in row
    assert story.incident.id not in row.partition("</a>")[2]


def test_what_nobody_verified_is_no_report_that_is_due(story: Recorded, at: SignedIn) -> None:
    duties = story.incident.notice.duties.values()
    doubtful = [one for one in duties if one.is_open and not one.counts]
    assert doubtful
    page = at("bai.lu").open(of(story))
    for one in doubtful:
        row = row_of(page.html, f"{one.id} · Say whether it applies: ")
        assert "not verified: legal confirms first" in row
        assert "the clock runs" not in row
    assert "no clock runs yet; legal reads the law by" in page.text


def test_the_page_reads_in_chinese(story: Recorded, at: SignedIn) -> None:
    page = at("bai.lu", "zh").open(of(story))
    assert faults_of(page.html) == []
    assert "国家药品监督管理局" in page.text or "药品" in page.text


def test_nobody_finds_what_they_may_not_see(story: Recorded, at: SignedIn) -> None:
    page = at("he.miao").open("/duties")
    assert story.incident.id not in page.html
    assert "is not said here" in page.text
    assert at("shao.yi").open("/duties").status == 404


def test_the_board_leads_there(at: SignedIn) -> None:
    page = at("bai.lu").open("/")
    assert ("Duties to authorities, of all incidents", "/duties") in page.links
    main = page.html.partition("<main")[2]
    assert main.index('href="/duties"') < main.index('id="open"'), "above the first incident"


def test_an_exercise_stands_apart_and_says_so(served: Served, at: SignedIn) -> None:
    exercise = recorded(
        served.database.ledger, "duties exercise", tell, at=datetime.now(UTC), drill="exercise"
    )
    page = at("bai.lu").open(of(exercise))
    assert 'id="drills"' in page.html
    assert 'id="next"' not in page.html
    assert "EXERCISE 演练" in page.text


def test_programs_read_the_same_rows_by_page(story: Recorded, served: Served) -> None:
    person = served.person("bai.lu")
    address = f"/api/duties?incident={story.incident.id}"
    whole = person.get(address).json()
    assert whole["count"] == len(whole["duties"])
    assert whole["next_offset"] is None
    found = []
    after: int | None = 0
    while after is not None:
        part = person.get(f"{address}&limit=2&offset={after}").json()
        found += part["duties"]
        after = part["next_offset"]
    assert found == whole["duties"]
    tiers = [one["tier"] for one in found]
    assert tiers == sorted(tiers)
    row = next(one for one in found if one["place"] == "CN" and one["law"] and one["due_at"])
    assert row["authority_en"]
    assert (row["overdue"], row["own_target_passed"]) == (True, False)
    ours = next(one for one in found if one["basis"] == "company")
    assert (ours["overdue"], ours["own_target_passed"]) == (False, True)
    assert whole["own_target_passed"] == sum(one["own_target_passed"] for one in found)
    own = person.get(f"{address}&mine=true&overdue=true").json()
    assert {one["place"] for one in own["duties"]} == {"CN"}
    assert served.person("he.miao").get("/api/duties").json()["count"] == 0
    with served.visitor() as visitor:
        assert visitor.get("/api/duties").status_code == 401
    assert "/api/duties" in served.description()["paths"]
