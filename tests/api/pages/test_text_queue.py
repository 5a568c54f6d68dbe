"""The texts of all incidents that wait: each reader's own decision first, and nobody else's."""

import re

import pytest

from tests.api.markup import faults_of
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_attested import handed_in
from tests.api.pages.test_offered import accepted, done, told_once
from tests.api.serving import Served
from tests.api.test_previews import Kept

pytestmark = pytest.mark.xdist_group("pages")

PART = re.compile(r'<h2 id="(\w+)">')


def parts(html: str) -> dict[str, str]:
    """Give the words of each part of the queue by its name, in their order."""
    found = PART.split(html.split("<main")[1])
    return dict(zip(found[1::2], found[2::2], strict=True))


@pytest.fixture(scope="module")
def attested(served: Served) -> tuple[str, dict[str, str]]:
    """Give an incident with a text in German and French that was handed in."""
    return handed_in(served)


def of(number: str) -> str:
    return f"/texts?incident={number}"


@pytest.mark.parametrize(
    ("who", "part", "act"),
    [
        ("lena.vogt", "approve", "Read and approve"),
        ("fang.zheng", "approve", "Read and approve"),
        ("su.ran", "others", "Read it"),
        ("oliver.hayes", "others", "Read it"),
        ("ren.jia", "others", "Read it"),
    ],
    ids=["its language", "its lawyer", "its author", "another language", "an auditor"],
)
def test_a_text_stands_where_it_is_the_readers_to_approve(
    who: str, part: str, act: str, attested: tuple[str, dict[str, str]], at: SignedIn
) -> None:
    page = at(who).open(of(attested[0]))
    assert faults_of(page.html) == []
    found = parts(page.html)
    others = found.get("others", "")
    assert "S1 · " in found[part]
    assert ("S1 · " in others) is (part == "others")
    assert "nobody has begun it" in others or who == "su.ran"
    own = [href for said, href in page.links if said.startswith(act)]
    assert own[:1] == [f"/incidents/{attested[0]}/statement/texts/S1"]


def test_a_row_says_whom_it_waits_for_and_when_silence_goes_up(
    attested: tuple[str, dict[str, str]], at: SignedIn
) -> None:
    told = at("su.ran").open(of(attested[0])).text
    assert "approvals are missing" in told
    assert "Fang Zheng" in told
    assert "If nobody answers: Reminder" in told


def test_whoever_attested_their_language_is_not_asked_again(served: Served, at: SignedIn) -> None:
    number, slots = handed_in(served)
    body = {"sha256": slots["sha256"], "slot": slots["fr"]}
    done(served.person("claire.moreau"), number, "statement/S1/approve_statement", **body)
    reviewer = at("claire.moreau")
    assert "approve" not in parts(reviewer.open(of(number)).html)
    page = reviewer.open(f"/incidents/{number}/statement/texts/S1")
    assert "Approve exactly this text" not in [said for said, _ in page.links]


def test_what_is_said_to_be_wrong_stands_first_and_drafts_last(
    served: Served, at: SignedIn
) -> None:
    number = accepted(served)
    text = {"language": "en", "title": "First word", "body": "Preliminary: we look into it."}
    gap = {**text, "body": "We heard [to fill in: x]."}
    for each in (gap, text):
        draft = {"kind": "holding", "markets": ["CN"], "texts": [each], "preliminary": True}
        done(served.person("ye.fan"), number, "statement/draft_statement", **draft)
    state = served.person("ye.fan").get(f"/api/incidents/{number}").json()["state"]
    sha256 = state["statement"]["statements"]["S2"]["sha256"]
    done(served.person("ye.fan"), number, "statement/S2/ask_for_review", sha256=sha256)
    page = at("su.ran").open(of(number))
    assert list(parts(page.html)) == ["approve", "others", "drafts"]
    assert "First word" in parts(page.html)["drafts"]
    mine = at("ye.fan").open(f"{of(number)}&mine=own")
    assert list(parts(mine.html)) == ["write", "drafts"]
    form = page.form("/texts")
    assert form.choices["mine"] == ["all", "own"]
    chosen = at("ye.fan").send(page, form, mine="own", incident=number)
    assert list(parts(chosen.html)) == ["write", "drafts"]


def test_nobody_finds_a_text_of_what_they_may_not_see(
    attested: tuple[str, dict[str, str]], at: SignedIn
) -> None:
    page = at("he.miao").open("/texts")
    assert attested[0] not in page.html
    assert "is not said here" in page.text
    assert at("shao.yi").open("/texts").status == 404


def test_programs_read_the_same_list_in_the_same_order(
    attested: tuple[str, dict[str, str]], served: Served
) -> None:
    told = served.person("lena.vogt").get(f"/api/texts?incident={attested[0]}").json()
    here = [one for one in told["texts"] if one["incident"] == attested[0]]
    own = [one for one in here if one["statement"]]
    asked = [one for one in here if one["waits_for"] == "write"]
    assert asked
    assert not any(one["mine"] for one in asked)
    assert [(one["waits_for"], one["mine"], one["statement"]) for one in own] == [
        ("approve", True, "S1")
    ]
    assert [one["mine"] for one in told["texts"]].index(True) == 0
    assert served.person("he.miao").get("/api/texts").json() == {"count": 0, "texts": []}


@pytest.mark.parametrize(
    ("who", "led"), [("ye.fan", True), ("lena.vogt", True), ("lei.gang", False)]
)
def test_the_board_leads_whose_work_are_texts_to_them(who: str, led: bool, at: SignedIn) -> None:
    words = [said for said, _ in at(who).open("/").links]
    assert ("Texts that wait for something, of all incidents" in words) is led


def test_a_text_of_an_exercise_says_so_and_an_embargo_has_its_end(
    served: Served, at: SignedIn
) -> None:
    number = Kept(served, "exercise in the queue", drill="exercise").story.incident.id
    page = at("ye.fan").open(of(number))
    assert list(parts(page.html)) == ["write", "timed"]
    assert "EXERCISE 演练" in page.text
    assert "readers outside have it under embargo" in page.text
    assert re.search(r"1 h \d+ min left", page.text)


def test_what_the_plan_asks_for_and_nobody_has_begun_leads_to_its_form(
    served: Served, at: SignedIn
) -> None:
    number = told_once(accepted, served)
    page = at("ye.fan").open(of(number))
    own = parts(page.html)["write"]
    assert "The plan asks for it, and nobody has begun it" in own
    times = re.findall(r'datetime="([^"]+)"[^>]*data-due', own)
    assert times == sorted(times)
    led = [href for said, href in page.links if said.startswith("Write a text")]
    assert f"/incidents/{number}/statement/draft_statement?kind=holding" in led
    assert "(you" in own
    reader = at("ren.jia").open(of(number))
    assert list(parts(reader.html)) == ["others"]
    assert "Write a text" not in [said for said, _ in reader.links]


def drafted(served: Served) -> str:
    """Have a first draft that nobody handed in."""
    number = accepted(served)
    text = {"language": "en", "title": "First word", "body": "Preliminary: we look into it."}
    draft = {"kind": "holding", "markets": ["CN"], "texts": [text], "preliminary": True}
    done(served.person("su.ran"), number, "statement/draft_statement", **draft)
    return number


@pytest.mark.parametrize("who", ["ye.fan", "su.ran", "gao.yuan", "fang.zheng", "luo.xi", "zhou.mo"])
def test_a_row_names_the_reader_when_it_counts_as_theirs_and_only_then(
    who: str, served: Served, at: SignedIn
) -> None:
    number = told_once(drafted, served)
    reader = at(who)
    page = reader.open(of(number))
    (row,) = [one for one in page.html.split("<li class=") if "S1 · First word" in one]
    named, mine = "(you" in row, "Read and hand in" in row
    assert named is mine
    shown = reader.open(f"{of(number)}&mine=own").html
    assert ("S1 · First word" in shown) is mine
    own = reader.open(f"/incidents/{number}/statement/texts/S1").html.split('id="step"')[1]
    assert ("button primary" in own.split("</section>")[0]) is mine


def test_a_deputy_is_named_as_deputy(attested: tuple[str, dict[str, str]], at: SignedIn) -> None:
    row = at("ye.fan").open(of(attested[0])).html.split("S1 · ")[1].split("</li>")[0]
    assert "(you, deputy of the " in row
