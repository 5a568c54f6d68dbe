"""What pages say of where an incident stands: people hurt, the grade, the line, what is next."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from api.pages.telling import sentence_of
from domain.agenda import RungReached
from tests.api.browsing import Seen
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_beginnings import DRAFT, SCOPE
from tests.api.pages.test_offered import HOSPITAL, accepted, done, words_of
from tests.api.serving import Served
from tests.api.test_incidents import reported, until
from tests.api.test_lens import lens

pytestmark = pytest.mark.xdist_group("pages")

HURT = {
    "outcomes": ["hospitalised"],
    "awareness_at": "2026-11-20T01:00:00Z",
    "country": "CN",
    "product": "dew-cream",
}


def plain(page: Seen) -> str:
    return " ".join(page.text.split())


def test_nobody_who_was_reported_as_hurt_is_left_out(served: Served, at: SignedIn) -> None:
    number = reported(served.person("an.qi"), answers={**HOSPITAL, "people": 2})
    chief = at("gao.yuan")
    before = plain(chief.open(f"/incidents/{number}"))
    assert "2 people hurt" in before
    assert "registered" not in before.split("2 people hurt")[1][:20]
    done(served.person("mei.lin"), number, "report/register_case", **HURT)
    page = plain(chief.open(f"/incidents/{number}"))
    assert "2 people hurt (1 registered)" in page
    assert "1 of them registered" in page
    assert "1 person hurt" not in page
    done(served.person("mei.lin"), number, "report/register_case", **HURT)
    page = plain(chief.open(f"/incidents/{number}"))
    assert "2 people hurt" in page
    assert "(1 registered)" not in page


def test_what_is_asked_by_name_is_not_hidden_behind_others(served: Served, at: SignedIn) -> None:
    number = accepted(served)
    hold = {"scope": "All of lot DC2603A.", "custodians": ["gao.yuan", "lin.wei", "qiu.ning"]}
    done(served.person("fang.zheng"), number, "people/place_legal_hold", **hold)
    for name in ("gao.yuan", "lin.wei", "qiu.ning"):
        page = at(name).open(f"/incidents/{number}")
        assert "I keep everything that this hold names" in words_of(page), name


def test_a_measured_test_leads_to_a_better_grade(served: Served, at: SignedIn) -> None:
    number, quality = accepted(served), served.person("qiu.ning")
    page = at("qiu.ning").open(f"/incidents/{number}")
    assert "Keep what can be tested: no evidence is recorded yet" in plain(page)
    assert "The grade is provisional" in plain(page)
    order = {"laboratory": "CTI", "method": "pH", "accreditation": "CNAS L1"}
    done(quality, number, "investigation/order_test", **order)
    done(quality, number, "investigation/T1/record_test", result="11.8", verdict="fail")
    page = at("qiu.ning").open(f"/incidents/{number}")
    assert "What is known has changed: grade it again" in plain(page)
    href = dict(page.links)["Answer the severity questions"]
    form = at("qiu.ning").open(href)
    again = form.form("/assess_severity")
    assert again.values["answers-evidence"] == ["accredited_lab"]
    assert again.values["answers-worst_outcome"] == ["hospitalised"]
    told = plain(at("qiu.ning").send(form, again))
    assert "grade it again" not in told
    assert "The grade is provisional" not in told


LABEL = {
    "worst_outcome": "none",
    "people": 0,
    "whereabouts": "own_control",
    "fault": "pack_label_cosmetic",
}


def test_a_sealed_grade_is_told_as_it_was(served: Served, at: SignedIn) -> None:
    number = reported(served.person("an.qi"), answers=LABEL)
    chief = served.person("gao.yuan")
    done(chief, number, "report/accept_report")
    closing = {"summary": "A label was crooked.", "reason_for_open_items": "Nothing is."}
    assert "The grade is provisional" in plain(at("gao.yuan").open(f"/incidents/{number}"))
    done(chief, number, "review/close_incident", **closing)
    for name in ("lin.wei", "fang.zheng"):
        done(served.person(name), number, "people/A1/sign_act")
    page = plain(at("gao.yuan").open(f"/incidents/{number}"))
    assert "The grade was provisional when the incident was closed." in page
    assert "The grade is provisional" not in page


LOT = {"lot": "DC2603A", "product": "dew-cream", "made": 4800, "on_hand": 240, "shipped": 4560}


def test_a_number_that_is_unknown_says_what_is_missing(served: Served, at: SignedIn) -> None:
    number, chief = accepted(served), at("gao.yuan")
    form = plain(chief.open(f"/incidents/{number}/recall/set_scope"))
    assert "Empty means unknown; enter 0 if there were none." in form
    scope = {
        "products": ["dew-cream"],
        "lots": [LOT],
        "markets": ["CN"],
        "consignees": ["hemu"],
        "reason": "The lot of the first case.",
    }
    done(served.person("qiu.ning"), number, "recall/set_scope", **scope)
    missing = "not given: Came back before; enter 0 if there were none"
    stage = plain(chief.open(f"/incidents/{number}/recall"))
    assert missing in stage
    assert "not given: Scrapped; enter 0 if there were none" in stage
    assert missing in plain(chief.open(f"/incidents/{number}"))
    whole = {**scope, "lots": [{**LOT, "returned": 0, "scrapped": 0}]}
    done(served.person("gao.yuan"), number, "recall/widen_scope", **whole)
    assert "not given" not in plain(chief.open(f"/incidents/{number}/recall"))
    page = plain(chief.open(f"/incidents/{number}"))
    assert "not given" not in page
    assert "4,560" in page


def test_a_line_agreed_in_a_meeting_stands_with_the_texts(served: Served, at: SignedIn) -> None:
    number, chief = accepted(served), served.person("gao.yuan")
    meeting = {
        "kind": "kick_off",
        "started_at": "2026-11-20T01:00:00Z",
        "ended_at": "2026-11-20T01:30:00Z",
        "attendees": ["gao.yuan", "su.ran"],
    }
    line = "We take it back and we pay."
    done(chief, number, "people/hold_meeting", agreed_line=line, decisions=[1], **meeting)
    told = plain(at("su.ran").open(f"/incidents/{number}/people"))
    assert "#1 The incident knows" in told, "what was decided is told, not numbered alone"
    page = plain(at("su.ran").open(f"/incidents/{number}/statement"))
    assert line in page
    assert "No line is agreed yet." not in page
    later = "We take all of it back."
    done(served.person("su.ran"), number, "statement/set_agreed_line", messages=[later])
    for stage in ("statement", "people"):
        page = plain(at("su.ran").open(f"/incidents/{number}/{stage}"))
        assert later in page, stage
        assert line not in page, stage


@pytest.mark.parametrize(
    ("applies", "told"),
    [
        pytest.param(
            True, "judged that Regulation (EC) No 1223/2009 · art. 5(2) applies here.", id="applies"
        ),
        pytest.param(
            False,
            "judged that Regulation (EC) No 1223/2009 · art. 5(2) does not apply here.",
            id="not",
        ),
    ],
)
def test_who_judged_a_rule_is_named_and_how(
    served: Served, at: SignedIn, *, applies: bool, told: str
) -> None:
    number = reported(served.person("an.qi"), answers={**HOSPITAL, "markets": ["DE"]})
    done(served.person("gao.yuan"), number, "report/accept_report")
    judged = {"applies": applies, "citation": "Article 5(2)", "reason": "Burns of the skin."}
    done(served.person("bai.lu"), number, "notice/EU-COS-5-2/confirm_rule_applies", **judged)
    if not applies:  # the answer that lets a duty go takes two
        done(served.person("fang.zheng"), number, "people/A1/sign_act")
    page = plain(at("gao.yuan").open(f"/incidents/{number}/ledger"))
    assert told in page
    before = page.split(told)[0][-120:]
    assert "Bai Lu (Regulatory affairs)" in before
    assert "Legal judged" not in page


def asked_of(page: Seen, title: str) -> str:
    """Give what a page says from a card's title on, as far as its names reach."""
    told = plain(page)
    assert title in told, told
    return told.split(title, 1)[1][:400]


def test_who_wrote_a_text_is_not_asked_to_approve_it(served: Served, at: SignedIn) -> None:
    number = accepted(served)
    done(served.person("su.ran"), number, "statement/draft_statement", **DRAFT)
    page = at("su.ran").open(f"/incidents/{number}/statement/S1/ask_for_review")
    at("su.ran").send(page, page.form("/ask_for_review"))
    page = at("su.ran").open(f"/incidents/{number}")
    assert "Ask for changes" not in words_of(page)
    named = asked_of(page, "Approve S1")
    assert "Su Ran" not in named
    assert "Han Yue" in named
    assert "Approve exactly this text" in words_of(at("han.yue").open(f"/incidents/{number}"))


def test_who_ordered_a_halt_is_not_named_to_confirm_it(served: Served, at: SignedIn) -> None:
    number, chief = accepted(served), at("gao.yuan")
    done(served.person("gao.yuan"), number, "halt/order_halt", level="H3", reason="Burns.")
    state = served.person("gao.yuan").get(f"/api/incidents/{number}").json()["state"]
    order = next(one for one in state["halt"]["orders"] if one["level"] == "H3")["number"]
    form = chief.open(f"/incidents/{number}/halt/confirm_halt?number={order}")
    page = chief.send(form, form.form("/confirm_halt"), number=str(order))
    assert page.status == 403
    assert "gave this order, or reported" in plain(page)
    assert "Gao Yuan" not in asked_of(page, "gave this order, or reported")
    named = asked_of(at("an.qi").open(f"/incidents/{number}"), "Confirm or lift halt H3")
    named = named.split("Confirm or lift")[0]
    assert "Gao Yuan" not in named
    assert "Lin Wei" in named


WEIGHED = {"reason": "People are hurt.", "options": "Else it stays with consumers."}
SIX = ("injuries", "conditions", "groups_at_risk", "seriousness", "occurrence", "consequences")
HAZARD = {
    **dict.fromkeys((*SIX, "credentials"), "As far as known."),
    "preliminary": True,
    "credible_harm": "serious_treatable",
    "likelihood": "remote",
    "noticeable": "no",
}


def plan_signed(served: Served) -> str:
    """Decide a recall and sign its plan; nobody was told yet."""
    number, chief = accepted(served), served.person("gao.yuan")
    done(served.person("pan.shu"), number, "investigation/evaluate_hazard", **HAZARD)
    done(served.person("qiu.ning"), number, "recall/set_scope", **SCOPE)
    decision = {"action": "recall", "depth": "consumer", **WEIGHED}
    done(chief, number, "recall/decide_recall", **decision)
    for name in ("lin.wei", "shen.anlan"):
        done(served.person(name), number, "people/A1/sign_act")
    until = chief.get(f"/api/incidents/{number}").json()["state"]["last_at"]
    finish = (datetime.fromisoformat(until) + timedelta(days=30)).strftime("%Y-%m-%dT%H:%M:%SZ")
    plan = {
        "depth": "consumer",
        "methods": ["letter", "own_channels"],
        "finish_at": finish,
        "remedies": ["refund", "exchange"],
        "returns": [{"product": "dew-cream", "method": "collection", "dangerous_goods": False}],
        "level": "E",
        "criteria": "Every consignee answered.",
    }
    done(chief, number, "recall/sign_recall_plan", **plan)
    done(served.person("lin.wei"), number, "people/A2/sign_act")
    return number


def test_a_recall_that_just_began_is_not_offered_its_end(served: Served, at: SignedIn) -> None:
    number = plan_signed(served)
    page = at("gao.yuan").open(f"/incidents/{number}")
    assert "The recall is completed here" not in words_of(page)
    told = asked_of(page, "Complete the recall in China")
    assert "Still open: Not every consignee was told." in told
    assert "The recall is completed here" in at("gao.yuan").open(f"/incidents/{number}/recall").text


def test_whom_further_reports_tell_of_stands_beside_those_registered(
    served: Served, at: SignedIn
) -> None:
    number = reported(served.person("an.qi"), answers={"people": 1}, lots=["DC2603A"])
    done(served.person("gao.yuan"), number, "report/accept_report")
    done(served.person("mei.lin"), number, "report/register_case", **HURT)
    more = {
        "first_known_at": "2026-11-20T02:00:00Z", "first_known_country": "CN",
        "words": "Three of the family have it.", "people_hurt": 3,
    }  # fmt: skip
    done(served.person("an.qi"), number, "report/add_report", **more)
    chief = at("gao.yuan")
    besides = "reports tell of 3 more who are not registered"
    page = plain(chief.open(f"/incidents/{number}"))
    assert f"1 person hurt · {besides}" in page
    assert f"registered cases · {besides}" in page
    assert besides in plain(chief.open(f"/incidents/{number}/report"))
    duty = plain(chief.open(f"/incidents/{number}/notice"))
    assert f"registered: 1 · {besides} The two are not added up" in duty


def test_behind_the_seal_nothing_is_called_done_or_overdue_that_is_not(
    served: Served, at: SignedIn
) -> None:
    number = reported(served.person("an.qi"), answers=LABEL, lots=["DC2603A"])
    chief = served.person("gao.yuan")
    done(chief, number, "report/accept_report")
    done(chief, number, "halt/order_halt", level="H2", reason="To be safe.")
    closing = {"summary": "A label was crooked.", "reason_for_open_items": "The halt stays."}
    done(chief, number, "review/close_incident", **closing)
    left = re.compile(r"\d+ of \d+ channels have not confirmed that they stopped")
    sign = plain(at("lin.wei").open(f"/incidents/{number}/people/A1/sign_act"))
    for name in ("lin.wei", "fang.zheng"):
        done(served.person(name), number, "people/A1/sign_act")
    review = plain(at("gao.yuan").open(f"/incidents/{number}/review"))
    for seen in (sign, review):
        assert "Not confirmed, and what came back" in seen
        assert left.search(seen)
    page = plain(at("gao.yuan").open(f"/incidents/{number}"))
    assert "Halt ended, not all confirmed" in page
    html = at("gao.yuan").open(f"/incidents/{number}").html
    assert "0 of 7 stages are running" in html
    assert "overdue" not in page.split("Now People")[0]


def is_reckoned(notice: dict[str, Any]) -> bool:
    """Say whether the report of the reaction has its deadline: the calendar answers after the act."""
    duties = notice["duties"].values()
    return any(one["due_at"] for one in duties if one["rule"] == "CN-ADR-SERIOUS")


def test_a_time_that_counts_from_before_the_report_is_not_asked_for_since_then(
    served: Served, at: SignedIn
) -> None:
    number = reported(served.person("an.qi"), answers=HOSPITAL, lots=["DC2603A"])
    done(served.person("gao.yuan"), number, "report/accept_report")
    done(served.person("mei.lin"), number, "report/register_case", **HURT)
    until(served.person("gao.yuan"), number, lambda told: is_reckoned(told["state"]["notice"]))
    page = plain(at("bai.lu").open(f"/incidents/{number}"))
    assert "Asked for since Fri 20 Nov" not in page
    assert "Its time counts since Fri 20 Nov, 09:00, before the report came in" in page


def test_two_rungs_of_one_share_are_told_apart() -> None:
    due_at = datetime.fromisoformat("2026-11-20T01:00:00+00:00")
    reached = [
        RungReached(due="d", rung=n, percent=150, act=act, title="Accept it",
                    due_at=due_at, roles=(), overdue=True)
        for n, act in ((4, "commander"), (5, "legal_representative"))
    ]  # fmt: skip
    said = [sentence_of(lens("en"), one) for one in reached]
    assert said == [
        "Overdue, 150 % of the time, told to the commander: Accept it.",
        "Still overdue, 150 % of the time, told to the legal representative: Accept it.",
    ]
