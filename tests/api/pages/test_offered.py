"""What pages offer: what makes sense now, by name, to whom it belongs."""

from collections.abc import Callable

import pytest

from tests.api.browsing import Seen
from tests.api.pages.conftest import SignedIn
from tests.api.serving import Asker, Served
from tests.api.test_incidents import reported

pytestmark = pytest.mark.xdist_group("pages")

HOSPITAL = {"worst_outcome": "hospitalised", "people": 1, "whereabouts": "consumers"}


def accepted(served: Served, **more: object) -> str:
    """Report a serious problem and let the commander accept it."""
    number = reported(served.person("an.qi"), answers=HOSPITAL, **more)
    done(served.person("gao.yuan"), number, "report/accept_report")
    return number


_told: dict[tuple[str, Callable[[Served], str]], str] = {}


def told_once(tell: Callable[[Served], str], served: Served) -> str:
    """Give an incident for those who only read: told once, and nobody acts in it."""
    if (served.url, tell) not in _told:
        _told[served.url, tell] = tell(served)
    return _told[served.url, tell]


def done(asker: Asker, number: str, address: str, **body: object) -> None:
    """Do something by the API and insist that it counted."""
    answer = asker.post(f"/api/incidents/{number}/{address}", body)
    assert answer.status_code == 200, answer.text


def words_of(page: Seen) -> list[str]:
    return [said for said, _ in page.links]


def test_nothing_is_offered_too_early_or_again(served: Served, at: SignedIn) -> None:
    number = reported(served.person("an.qi"), answers=HOSPITAL)
    duty = at("zhou.mo")
    before = words_of(duty.open(f"/incidents/{number}/report"))
    assert "I have seen it and look into it" in before
    assert "Add to this case" not in before  # nobody is registered yet
    done(served.person("zhou.mo"), number, "report/acknowledge_report")
    after = words_of(duty.open(f"/incidents/{number}/report"))
    assert "I have seen it and look into it" not in after
    late = duty.open(f"/incidents/{number}/report/acknowledge_report")
    assert "Nothing waits for this act now" in late.text


def test_what_an_act_is_about_is_chosen_by_name(served: Served, at: SignedIn) -> None:
    number, quality = accepted(served), served.person("qiu.ning")
    for method in ("pH", "Plate count"):
        order = {"laboratory": "Own laboratory", "method": method}
        done(quality, number, "investigation/order_test", **order)
    page = at("qiu.ning").open(f"/incidents/{number}/investigation/record_test")
    assert page.form("/record_test").choices["test"] == ["T1", "T2"]
    assert "T2 · Plate count · Own laboratory" in page.text


def test_the_only_thing_an_act_can_be_about_is_filled_in(served: Served, at: SignedIn) -> None:
    number, quality = accepted(served), served.person("qiu.ning")
    done(quality, number, "investigation/order_test", laboratory="Own", method="pH")
    stage = at("qiu.ning").open(f"/incidents/{number}/investigation")
    listed = [href for said, href in stage.links if said.startswith("Record the result")]
    assert set(listed) == {f"/incidents/{number}/investigation/T1/record_test"}
    assert "T1 · pH · Own" in stage.text


def test_a_result_that_is_missing_is_asked_for_and_led_to(served: Served, at: SignedIn) -> None:
    number, quality = accepted(served), at("qiu.ning")
    taken = {"what": "A jar.", "source": "A shop.", "place": "Hefei", "storage": "Room 2"}
    asker, taken_at = served.person("qiu.ning"), "2026-11-20T02:00:00Z"
    done(asker, number, "investigation/collect_evidence", **taken, taken_at=taken_at)
    done(asker, number, "investigation/order_test", laboratory="Own", method="pH")
    to_record = f"/incidents/{number}/investigation/T1/record_test"
    page = quality.open(f"/incidents/{number}")
    assert "Test T1 has no result yet" in page.text
    assert to_record in [href for _words, href in page.links]
    page = quality.open(f"/incidents/{number}/investigation/sign_finding")
    form = page.form("/sign_finding")
    refused = quality.send(
        page, form, outcome="not_found", basis=["T1"], i_released_the_lot="false"
    )
    assert "has no result yet" in refused.text
    assert to_record in [href for _words, href in refused.links]


def test_an_act_that_waits_for_the_record_is_shown_with_its_reason(
    served: Served, at: SignedIn
) -> None:
    number, stage = accepted(served), "halt"
    why = "Not yet possible: No evidence and no test is on the record. Record first"
    for who in ("gao.yuan", "an.qi"):
        page = at(who).open(f"/incidents/{number}/{stage}")
        assert (f"/incidents/{number}/halt/resume_sale") in page.link("Resume sale")
        assert why in page.text
    taken = {"what": "A jar.", "source": "A shop.", "place": "Hefei", "storage": "Room 2"}
    done(served.person("qiu.ning"), number, "investigation/collect_evidence", **taken,
         taken_at="2026-11-20T02:00:00Z")  # fmt: skip
    page = at("gao.yuan").open(f"/incidents/{number}/{stage}")
    assert page.link("Resume sale").endswith("/halt/resume_sale")
    assert "Not yet possible" not in page.text


def test_an_act_that_nobody_proposed_has_no_form(served: Served, at: SignedIn) -> None:
    page = at("gao.yuan").open(f"/incidents/{told_once(accepted, served)}/people/A99/sign_act")
    assert page.status == 404
    assert "There is no act A99 in this incident." in page.text


def test_nobody_is_offered_what_belongs_to_others(served: Served, at: SignedIn) -> None:
    number = told_once(accepted, served)
    agent = at("an.qi").open(f"/incidents/{number}")
    chief = at("gao.yuan").open(f"/incidents/{number}")
    assert "Decide: take it back" not in words_of(agent)
    assert "This channel has stopped" not in words_of(agent)
    assert "Set the scope" in words_of(chief)


def test_a_named_team_waits_for_its_people(served: Served, at: SignedIn) -> None:
    number, chief = accepted(served), at("gao.yuan")
    people = chief.open(f"/incidents/{number}/people")
    chief.send(people, people.form("/people/team"))
    page = chief.open(f"/incidents/{number}")
    assert "The team is named; it is complete when everybody has accepted" in page.text
    assert "13 people have not accepted their role yet" in page.text
    assert "Name the team" not in words_of(page)
    mine = at("lin.wei").open(f"/incidents/{number}")
    assert "I take this role" in words_of(mine)


def test_a_critical_team_invites_the_outside_expert(served: Served, at: SignedIn) -> None:
    number = reported(
        served.person("an.qi"), answers={**HOSPITAL, "worst_outcome": "life_threatening"}
    )
    done(served.person("gao.yuan"), number, "report/accept_report")
    chief = at("gao.yuan")
    people = chief.open(f"/incidents/{number}/people")
    assert "outside_expert" not in people.form("/people/team").choices["roles"]
    named = chief.send(people, people.form("/people/team"))
    assert named.status == 200
    assert "Invite somebody from outside" in words_of(chief.open(f"/incidents/{number}"))


def test_a_text_with_a_gap_is_changed_before_it_is_approved(served: Served, at: SignedIn) -> None:
    number = accepted(served)
    draft = {
        "kind": "holding",
        "markets": ["CN"],
        "texts": [{"language": "en", "title": "First word", "body": "We heard [to fill in: x]."}],
    }
    done(served.person("ye.fan"), number, "statement/draft_statement", **draft)
    author, lead = at("ye.fan"), at("su.ran")
    page = author.open(f"/incidents/{number}")
    assert "it must be changed first" in page.text
    assert "Hand in for approval" not in words_of(page)
    hand_in = author.open(f"/incidents/{number}/statement/S1/ask_for_review")
    refused = author.send(hand_in, hand_in.form("/ask_for_review"))
    assert "Wording rules block this text: “[to fill in: x]”." in refused.text
    waiting = words_of(lead.open(f"/incidents/{number}"))
    assert "Approve exactly this text" not in waiting


def test_a_question_is_answered_with_what_may_be_given_answers_first_the_newest(
    served: Served, at: SignedIn
) -> None:
    number = accepted(served)
    asked = {"medium": "press", "topic": "Burns", "asked_by": "A reporter"}
    done(served.person("su.ran"), number, "statement/log_enquiry", **asked)
    texts = [{"language": "en", "title": "What we say", "body": "We look into it."}]
    wanted = (("qa", "fang.zheng"), ("staff", "gao.yuan"), ("qa", "fang.zheng"), ("qa", ""))
    for n, (kind, second) in enumerate(wanted, start=1):
        draft = {"kind": kind, "markets": ["GB"], "texts": texts, "hand_in": True}
        done(served.person("ye.fan"), number, "statement/draft_statement", **draft)
        state = served.person("su.ran").get(f"/api/incidents/{number}").json()["state"]
        read = {"sha256": state["statement"]["statements"][f"S{n}"]["sha256"]}
        for name in ("su.ran", second) if second else ():
            done(served.person(name), number, f"statement/S{n}/approve_statement", **read)
    page = at("su.ran").open(f"/incidents/{number}/statement/E1/answer_enquiry")
    assert [one for one in page.form("/answer_enquiry").choices["statement"] if one] == ["S3", "S1"]
    assert [one for one in page.form("/answer_enquiry").choices["language"] if one] == ["en"]
    page = at("ye.fan").open(f"/incidents/{number}/statement/comment_statement")
    assert page.form("/comment_statement").choices["statement"] == ["S4", "S3", "S2", "S1"]


def test_whoever_hands_in_or_approves_reads_which_market_cannot_read_it(
    served: Served, at: SignedIn
) -> None:
    number = accepted(served)
    draft = {
        "kind": "holding",
        "markets": ["CN", "DE"],
        "texts": [
            {"language": "zh-CN", "title": "首次说明", "body": "我们已收到反映。"},
            {"language": "en", "title": "First word", "body": "We heard of it."},
        ],
    }
    done(served.person("ye.fan"), number, "statement/draft_statement", **draft)
    told = "This text has no words in the language of Germany, and is held back there"
    page = at("ye.fan").open(f"/incidents/{number}/statement/S1/ask_for_review")
    assert told in page.text
    at("ye.fan").send(page, page.form("/ask_for_review"))
    assert told in at("su.ran").open(f"/incidents/{number}/statement/S1/approve_statement").text


@pytest.mark.parametrize("there", [False, True], ids=["no german", "german is there"])
def test_a_language_is_missing_only_where_no_words_stand_in_it(
    served: Served, at: SignedIn, *, there: bool
) -> None:
    number = reported(served.person("an.qi"), answers={**HOSPITAL, "markets": ["CN", "PL"]})
    done(served.person("gao.yuan"), number, "report/accept_report")
    page = at("ye.fan").open(f"/incidents/{number}/statement/draft_statement?kind=holding")
    form = page.form("/draft_statement")
    if there:
        form.values |= {"texts-1-language": ["pl"], "texts-1-body": ["Badamy sprawę."]}
    again = at("ye.fan").send(page, form, add_row="texts")
    assert ("No text is there in the language of Poland" in again.text) is not there


def test_an_act_about_exact_bytes_is_offered_for_each_text_by_name(
    served: Served, at: SignedIn
) -> None:
    number = accepted(served)
    for kind in ("holding", "staff"):
        draft = {
            "kind": kind,
            "markets": ["CN"],
            "texts": [{"language": "en", "title": f"A word: {kind}", "body": "We heard of it."}],
        }
        done(served.person("ye.fan"), number, "statement/draft_statement", **draft)
    stage = at("ye.fan").open(f"/incidents/{number}/statement")
    hand_in = {href for said, href in stage.links if said.startswith("Hand in for approval")}
    base = f"/incidents/{number}/statement"
    assert hand_in >= {f"{base}/S1/ask_for_review", f"{base}/S2/ask_for_review"}
    assert f"{base}/ask_for_review" not in hand_in


def test_a_missing_language_is_told_before_the_first_draft(served: Served, at: SignedIn) -> None:
    number = reported(served.person("an.qi"), answers={**HOSPITAL, "markets": ["CN", "PL"]})
    done(served.person("gao.yuan"), number, "report/accept_report")
    page = at("ye.fan").open(f"/incidents/{number}/statement/draft_statement?kind=holding")
    assert "No text is there in the language of Poland" in page.text
    other = at("ye.fan").open(f"/incidents/{accepted(served)}/statement/draft_statement")
    assert "No text is there" not in other.text


def test_what_belongs_to_others_is_foreseen_and_not_offered_to_press(
    served: Served, at: SignedIn
) -> None:
    number = accepted(served)
    reader = at("ye.fan")
    page = reader.open(f"/incidents/{number}/halt/order_halt")
    form = page.form("/order_halt")
    seen = reader.send(page, form, button="Show what would follow", level="H3", reason="To see.")
    assert "By the plan this belongs to" in seen.text
    # What Enter presses has no words; it shows again what would follow.
    buttons = seen.form("/order_halt").buttons
    assert {name for name, _ in buttons.values()} <= {"preview", "suggest", "add_row"}, buttons
