"""What a running recall has counted: by market, count by count, and put right where it was wrong."""

import pytest

from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_beginnings import SCOPE
from tests.api.pages.test_offered import accepted, done, told_once, words_of
from tests.api.pages.test_standing import plain, plan_signed
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

CAME_IN = {
    "place": "Hall 3",
    "lot": "DC2603A",
    "units": 30,
    "counted_by": "cheng.bo",
    "counted_again_by": "qiu.ning",
    "condition": "opened",
    "source": "consignee",
    "consignee": "hemu",
}


def test_a_wrong_count_is_put_right_beside_it_and_totals_follow(
    served: Served, at: SignedIn
) -> None:
    number, supply = plan_signed(served), at("cheng.bo")
    done(served.person("cheng.bo"), number, "recall/receive_goods", **CAME_IN)
    stage = supply.open(f"/incidents/{number}/recall")
    assert "Every count, the newest first" in stage.text
    link = stage.link("Correct this count")
    state = served.person("gao.yuan").get(f"/api/incidents/{number}").json()["state"]
    count = state["recall"]["counts"][0]["id"]
    assert link == f"/incidents/{number}/recall/{count}/correct_count"
    page = supply.open(link)
    for outsider in ("Ren Jia", "Shao Yi", "Jin Shi", "Gao Yuan"):
        assert f"{outsider} " not in plain(page)
    assert f"#{count} · DC2603A: 30 units · Hall 3" in plain(page)
    why = "A nought too many; the delivery note says 3."
    again = {"counted_by": "cheng.bo", "counted_again_by": "qiu.ning"}
    sent = supply.send(page, page.form("/correct_count"), units="3", reason=why, **again)
    assert f"Cheng Bo corrected count #{count}" not in plain(sent)
    quality = at("qiu.ning")
    sign = quality.open(f"/incidents/{number}/people/A3/sign_act")
    sent = quality.send(sign, sign.form("/sign_act"))
    assert f"corrected count #{count} of lot DC2603A: 3 units, not 30." in plain(sent)
    stage = supply.open(f"/incidents/{number}/recall")
    assert "First counted: 30. Corrected from 30 to 3 by Cheng Bo" in plain(stage)
    tallies = served.person("gao.yuan").get(f"/api/incidents/{number}").json()["state"]["recall"]
    assert [one["received"] for one in tallies["tallies"]] == [3]
    # Beside the count and among the acts of the stage; to others it is only named as others' act.
    assert words_of(stage).count("Correct this count") == 2
    other = at("ye.fan").open(f"/incidents/{number}/recall")
    assert words_of(other).count("Correct this count") == 1


@pytest.fixture(scope="module")
def counted(served: Served) -> tuple[str, str]:
    """Give an incident with goods that came in, and the count of them."""
    number, supply = plan_signed(served), served.person("cheng.bo")
    done(supply, number, "recall/receive_goods", **CAME_IN)
    state = supply.get(f"/api/incidents/{number}").json()["state"]
    return number, state["recall"]["counts"][0]["id"]


@pytest.mark.parametrize(
    ("again", "wrong"),
    [
        pytest.param("qiu.ning", "", id="quality"),
        pytest.param("he.miao", "has none of the roles", id="staff"),
        pytest.param("an.qi", "has none of the roles", id="service-agent"),
        pytest.param("ren.jia", "has none of the roles", id="auditor"),
        pytest.param("shao.yi", "has none of the roles", id="outside-expert"),
        pytest.param("jin.shi", "has none of the roles", id="administrator"),
        pytest.param("gao.yuan", "has none of the roles", id="commander"),
        pytest.param("cheng.bo", "The same person counted twice.", id="the-first-counter"),
    ],
)
def test_who_may_count_again_is_the_same_for_a_count_and_its_correction(
    served: Served, counted: tuple[str, str], again: str, wrong: str
) -> None:
    (number, count), supply = counted, served.person("cheng.bo")
    told = {"counted_by": "cheng.bo", "counted_again_by": again}
    fixed = {"units": 3, "reason": "Typed wrong.", **told}
    for path, body in (
        ("receive_goods", {**CAME_IN, **told}),
        (f"{count}/correct_count", fixed),
    ):
        answer = supply.post(f"/api/incidents/{number}/recall/{path}", body)
        assert answer.is_success is not bool(wrong), answer.text
        assert wrong in answer.text


def test_more_than_a_consignee_received_is_asked_about_and_shown_to_who_signs(
    served: Served, at: SignedIn
) -> None:
    number, supply = plan_signed(served), at("cheng.bo")
    page = supply.open(f"/incidents/{number}/recall/firefly-mall/answer_as_consignee")
    told = {"lots-0-lot": "DC2603A", "lots-0-received": "2075", "proof": "By telephone."}
    asked = supply.send(page, page.form("/answer_as_consignee"), **told)
    assert asked.status == 409
    question = "reports 2,075 units of DC2603A; by our own list it received 2,064."
    assert f"Firefly Mall flagship store {question}" in plain(asked)
    assert "Not recorded yet: look at this first" in plain(asked)
    answer = {"lots": [{"lot": "DC2603A", "received": 60}], "proof": "Told by telephone."}
    done(served.person("cheng.bo"), number, "recall/hemu/answer_as_consignee", **answer)
    done(served.person("cheng.bo"), number, "recall/receive_goods", **CAME_IN)
    page = supply.open(supply.open(f"/incidents/{number}/recall").link("Correct this count"))
    again = {"counted_by": "cheng.bo", "counted_again_by": "qiu.ning"}
    form = page.form("/correct_count")
    asked = supply.send(page, form, units="70", reason="Counted again.", **again)
    assert asked.status == 409
    assert supply.send(asked, asked.form("/correct_count")).status == 200
    sign = plain(at("qiu.ning").open(f"/incidents/{number}/people/A3/sign_act"))
    counted = "With this, 70 units of DC2603A are counted in from Hemu"
    assert counted in sign
    assert "; it says it received 60." in sign


def test_an_answer_that_leaves_units_open_is_asked_about_and_stays_named(
    served: Served, at: SignedIn
) -> None:
    number, supply = plan_signed(served), at("cheng.bo")
    page = supply.open(f"/incidents/{number}/recall/hemu/answer_as_consignee")
    told = {"lots-0-lot": "DC2603A", "lots-0-received": "60", "lots-0-sold_on": "45"}
    asked = supply.send(page, page.form("/answer_as_consignee"), **told, proof="By telephone.")
    assert asked.status == 409
    said = "received 60 units of DC2603A and does not say where 15 of them are."
    assert said in plain(asked)
    assert "Ask where the rest is." in plain(asked)
    assert supply.send(asked, asked.form("/answer_as_consignee")).status == 200
    assert "15 units not accounted for" in plain(supply.open(f"/incidents/{number}/recall"))
    ending = at("gao.yuan").open(f"/incidents/{number}/recall/CN/complete_recall")
    assert said in plain(ending)


def test_a_running_recall_says_what_is_counted_in_each_market(served: Served, at: SignedIn) -> None:
    number, supply = plan_signed(served), served.person("cheng.bo")
    page = plain(at("gao.yuan").open(f"/incidents/{number}/recall"))
    assert "Counted so far, market by market" in page
    assert "nothing is counted yet" in page
    answer = {"lots": [{"lot": "DC2603A", "received": 60}], "proof": "Told by telephone."}
    done(supply, number, "recall/hemu/answer_as_consignee", **answer)
    done(supply, number, "recall/receive_goods", **CAME_IN)
    page = plain(at("gao.yuan").open(f"/incidents/{number}/recall"))
    assert "unknown of 1 consignee" in page
    assert "nothing is counted yet" not in page
    done(supply, number, "recall/fenghe/answer_as_consignee", **{**answer, "lots": [
        {"lot": "DC2603A", "received": 40}]})  # fmt: skip
    page = plain(at("gao.yuan").open(f"/incidents/{number}/recall"))
    assert "100 30 30.00 %" in page


def test_a_completion_is_told_market_by_market_and_who_was_not_told_apart(
    served: Served, at: SignedIn
) -> None:
    number, chief = plan_signed(served), at("gao.yuan")
    page = plain(chief.open(f"/incidents/{number}/recall/CN/complete_recall"))
    assert "Consignees here: " in page
    assert "Units received: " in page
    assert "Not told yet: " in page
    assert "No answer yet: " not in page
    assert "told.," not in page
    form = chief.open(f"/incidents/{number}/recall/CN/complete_recall")
    refused = plain(chief.send(form, form.form("/complete_recall"), reason=""))
    assert "hemu" not in refused
    assert "Consignees of other markets" not in refused


def test_an_incident_without_a_scope_counts_nothing(served: Served, at: SignedIn) -> None:
    number = told_once(accepted, served)
    page = plain(at("gao.yuan").open(f"/incidents/{number}/recall"))
    assert "Counted so far" not in page


def test_what_was_recorded_at_the_end_is_shown_corrected_after_a_count_was(
    served: Served, at: SignedIn
) -> None:
    number, supply = plan_signed(served), served.person("cheng.bo")
    done(supply, number, "recall/receive_goods", **CAME_IN)
    chief = served.person("gao.yuan")
    done(chief, number, "recall/CN/complete_recall", reason="Nothing more comes back.")
    done(served.person("bai.lu"), number, "people/A3/sign_act")
    page = plain(at("gao.yuan").open(f"/incidents/{number}/recall"))
    assert "by the counts of now" not in page
    count = chief.get(f"/api/incidents/{number}").json()["state"]["recall"]["counts"][0]["id"]
    again = {"counted_by": "cheng.bo", "counted_again_by": "qiu.ning"}
    why = {"units": 3, "reason": "A nought too many; the delivery note says 3."}
    done(supply, number, f"recall/{count}/correct_count", **again, **why)
    done(served.person("qiu.ning"), number, "people/A4/sign_act")
    page = plain(at("gao.yuan").open(f"/incidents/{number}/recall"))
    assert "by the counts of now; recorded at the end: " in page
    assert "A count was put right " in page


def test_units_shipped_that_no_consignee_of_the_scope_received_are_named(
    served: Served, at: SignedIn
) -> None:
    lots = [{"lot": "DC2603A", "product": "dew-cream", "made": 22000, "shipped": 20171}]
    number, chief = accepted(served), at("gao.yuan")
    why = {"left_out": ["thistledown"], "left_out_why": "It never opened the parcels."}
    scope = {**SCOPE, "lots": lots, "consignees": ["maple-vine", "firefly-mall"], **why}
    done(served.person("qiu.ning"), number, "recall/set_scope", **scope)
    told = "lot DC2603A: 10,332 units (shipped 20,171, received by the consignees of the scope "
    told += "6,204, sold by our own shops 3,635)"
    assert told in plain(chief.open(f"/incidents/{number}/recall"))
    assert told in plain(chief.open(f"/incidents/{number}/recall/decide_recall"))


def test_whether_it_came_back_before_is_asked_until_somebody_says_so(
    served: Served, at: SignedIn
) -> None:
    number, quality = accepted(served), at("qiu.ning")
    asks = "Find out whether it came back before: complaints, returns or recalls"
    page = quality.open(f"/incidents/{number}")
    assert asks in plain(page)
    form = quality.open(f"/incidents/{number}/investigation/record_fact?key=came_back_before")
    said = {"value": "Two complaints in May, no recall."}
    sent = quality.send(form, form.form("/record_fact"), **said)
    assert sent.status == 200
    text = plain(quality.open(f"/incidents/{number}"))
    assert asks not in text
    assert "Complaints, returns and recalls of it before" in text
