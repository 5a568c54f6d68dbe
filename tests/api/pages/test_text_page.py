"""The page of a text: the reader's next decision first, why it is not theirs, what a change undoes."""

import re

import pytest

from tests.api.markup import faults_of
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_attested import handed_in
from tests.api.pages.test_offered import accepted, done, told_once, words_of
from tests.api.pages.test_standing import plain
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

WORDS = {"language": "en", "title": "First word", "body": "Preliminary: we look into it."}


def written(served: Served, by: str = "ye.fan", **more: object) -> str:
    """Write a first statement; give its incident."""
    number = accepted(served)
    draft = {"kind": "holding", "markets": ["CN"], "texts": [WORDS], "preliminary": True, **more}
    done(served.person(by), number, "statement/draft_statement", **draft)
    return number


def sha256(served: Served, number: str) -> str:
    state = served.person("gao.yuan").get(f"/api/incidents/{number}").json()["state"]
    told: str = state["statement"]["statements"]["S1"]["sha256"]
    return told


def text_of(number: str) -> str:
    return f"/incidents/{number}/statement/texts/S1"


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        ("su.ran", "You wrote a version of this text, and nobody approves their own words."),
        ("oliver.hayes", "Others answer for the languages or markets whose approval is missing."),
        ("tang.jie", "The approvals that are missing are not those of your roles."),
    ],
    ids=["its author", "another language's reviewer", "another role"],
)
def test_whoever_may_not_approve_is_told_why_and_who_can(
    who: str, reason: str, served: Served, at: SignedIn
) -> None:
    number, _ = handed_in(served)
    form = f"/incidents/{number}/statement/S1/approve_statement"
    for page in map(at(who).open, (text_of(number), form)):
        assert faults_of(page.html) == []
        assert f"{reason} It waits for: " in page.text
        assert "Fang Zheng (Legal counsel)" in page.text
        assert "Nothing waits for this act now" not in page.text
        assert "Approve exactly this text" not in words_of(page)
    buttons = at(who).open(form).form("/approve_statement").buttons
    assert "Approve exactly this text" not in buttons
    own = at("fang.zheng").open(text_of(number))
    assert "It waits for: " not in own.text


def test_whose_language_is_attested_already_is_offered_it_no_more(
    served: Served, at: SignedIn
) -> None:
    number, slots = handed_in(served)
    body = {"sha256": slots["sha256"], "slot": slots["fr"]}
    done(served.person("claire.moreau"), number, "statement/S1/approve_statement", **body)
    for address in (text_of(number), f"/incidents/{number}/statement", f"/incidents/{number}"):
        assert "Approve exactly this text" not in words_of(at("claire.moreau").open(address))
    assert "You have approved it" in at("claire.moreau").open(text_of(number)).text


def test_who_will_have_to_approve_is_told_before_a_text_is_handed_in(
    served: Served, at: SignedIn
) -> None:
    page = at("ye.fan").open(text_of(told_once(written, served)))
    told = plain(page).split("Who will have to approve it")[-1]
    assert "Su Ran" in told
    assert "Fang Zheng" in told
    assert "is asked once it is handed in" in told


def test_a_change_shows_what_it_undoes_and_no_old_approval(served: Served, at: SignedIn) -> None:
    number = written(served)
    same = {"sha256": sha256(served, number)}
    done(served.person("ye.fan"), number, "statement/S1/ask_for_review", **same)
    done(served.person("su.ran"), number, "statement/S1/approve_statement", **same)
    page = at("ye.fan").open(f"/incidents/{number}/statement/S1/revise_statement")
    assert faults_of(page.html) == []
    assert "What a change undoes" in page.text
    told = plain(page).split("Approvals that no longer count")[1]
    assert told.strip().startswith("Su Ran (")
    assert "Approvals of version" not in page.text
    assert "I approve exactly this text" not in page.text


def test_the_next_decision_stands_before_the_words_and_the_words_before_the_rest(
    served: Served, at: SignedIn
) -> None:
    number = written(served, hand_in=True)
    page = at("su.ran").open(text_of(number))
    assert faults_of(page.html) == []
    marks = ("What comes next", "/approve_statement", 'href="#words"', 'id="words"', WORDS["body"],
             'id="findings"', 'id="approvals"', 'id="facts"')  # fmt: skip
    found = [page.html.index(mark) for mark in marks]
    assert found == sorted(found)
    jumps = [href for _, href in page.links if href.startswith("#") and href != "#main"]
    assert {"#words", "#findings", "#approvals", "#facts"} <= set(jumps)
    assert {href[1:] for href in jumps} <= set(page.ids)


def test_of_many_languages_those_stand_open_that_the_reader_needs(
    served: Served, at: SignedIn
) -> None:
    every = [{**WORDS, "language": one} for one in ("zh-CN", "en", "de", "fr")]
    number = written(served, texts=every, markets=["DE", "FR"], hand_in=True)
    page = at("lena.vogt").open(text_of(number)).html
    assert page.count('<article class="text" lang=') == 2
    assert '<article class="text" lang="de">' in page
    assert '<article class="text" lang="en">' in page
    assert page.count(WORDS["body"]) >= 4
    step = page.split('id="step"')[1].split("</section>")[0]
    assert re.search(r"and \d+ (person|people) more", step), "more are asked than are named"
    words = page.split('id="words"')[1]
    assert words.index('lang="de"') < words.index('lang="en"'), "what the reader attests is first"
    assert 'class="texts by-two"' in words


def test_a_number_that_nobody_answered_leads_to_a_test_call(served: Served, at: SignedIn) -> None:
    words = {"language": "zh-CN", "title": "首次回应", "body": "初步信息。请拨打 {{hotline}}。"}
    incident = written(served, texts=[words], hand_in=True)
    state = served.person("gao.yuan").get(f"/api/incidents/{incident}").json()["state"]
    (fact,) = state["statement"]["statements"]["S1"]["facts"]
    called = {"number": fact["value"], "answered": False, "found": "Busy."}
    address = f"/api/incidents/{incident}/statement/record_hotline_call"
    assert served.person("mei.lin").post(address, called).status_code == 200
    lead, to_call = at("su.ran"), "Record a test call to the hotline"
    href = lead.open(text_of(incident)).link(to_call)
    form = lead.open(href).form("/record_hotline_call")
    assert form.values["number"] == [fact["value"]]
    for approver in ("su.ran", "fang.zheng", "gao.yuan"):
        body = {"sha256": sha256(served, incident)}
        served.person(approver).post(
            f"/api/incidents/{incident}/statement/S1/approve_statement", body
        )
    page = lead.open(f"/incidents/{incident}/statement/S1/publish_statement")
    refused = lead.send(page, page.form("/publish_statement"))
    assert refused.status == 409
    assert refused.html.index('id="refused"') < refused.html.index(to_call)
    assert refused.link(to_call) == href


def test_a_fact_stands_as_each_language_of_the_text_tells_it(served: Served, at: SignedIn) -> None:
    number = accepted(served)
    fact = {"key": "sold", "kind": "number", "value": "12500", "as_of": "2026-11-20T01:00:00Z"}
    done(served.person("qiu.ning"), number, "investigation/record_fact", **fact)
    texts = [
        {"language": one, "title": "First word", "body": f"{mark}: {{{{sold}}}}."}
        for one, mark in (("en", "Preliminary"), ("de", "Vorläufig"))
    ]
    draft = {"kind": "holding", "markets": ["DE"], "preliminary": True, "texts": texts}
    done(served.person("ye.fan"), number, "statement/draft_statement", **draft)
    told = plain(at("ye.fan").open(text_of(number))).split("Facts it tells")[-1]
    assert "English: 12,500 German: 12.500" in told


def test_a_draft_has_no_approvals_of_nothing(served: Served, at: SignedIn) -> None:
    told = plain(at("ye.fan").open(f"/incidents/{told_once(written, served)}/statement"))
    assert "of –" not in told


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_whom_something_waits_for_stands_in_one_pair_of_brackets(
    language: str, served: Served, at: SignedIn
) -> None:
    told = at("ye.fan", language).open(f"/incidents/{told_once(written, served)}").text
    nested = re.findall(r"[(（][^()（）]{0,60}[(（][^()（）]*[)）][^()（）]{0,20}[)）]", told)
    assert [one for one in nested if "24" in one] == []
