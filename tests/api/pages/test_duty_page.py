"""The page of one duty, and the same as JSON: next act, due time, derivation, what was done."""

from typing import Any

import pytest

from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, done, told_once
from tests.api.pages.test_standing import HURT, plain
from tests.api.serving import Served
from tests.api.test_incidents import until

pytestmark = pytest.mark.xdist_group("pages")


def hurt(served: Served, **more: object) -> str:
    """Give a serious incident with one hurt person in Germany."""
    number = accepted(served)
    told = {**HURT, "country": "DE", "product": "dew-cream", **more}
    done(served.person("mei.lin"), number, "report/register_case", **told)
    return number


def duty_of(served: Served, number: str, rule: str) -> str:
    """Give the number of the duty of a rule, once its calendar has answered."""

    def there(told: dict[str, Any]) -> list[str]:
        duties = told["state"]["notice"]["duties"].values()
        return [d["id"] for d in duties if d["rule"] == rule and d["due_at"]]

    found = there(until(served.person("gao.yuan"), number, there))
    return found[0]


def test_the_page_begins_with_the_next_act_and_tells_the_whole_count(
    served: Served, at: SignedIn
) -> None:
    number = told_once(hurt, served)
    duty = duty_of(served, number, "EU-COS-23-SUE")
    page = at("bai.lu").open(f"/incidents/{number}/notice/{duty}")
    said = plain(page)
    assert page.status == 200
    assert said.index("What comes next") < said.index("When it is due")
    assert "guideline of the authority" in said
    assert "SUE Form A to the national authority" in said
    assert "identifiable reporter" in said
    assert "the date at which any employee of the company" in said
    assert "Responsible person" in said
    assert "The clock starts on" in said
    assert "Reminders and escalation" in said
    assert "This clock over time" in said
    assert any(f"/notice/{duty}/file_first" in href for _said, href in page.links)
    assert any("/ledger/" in href for _said, href in page.links)


def test_who_may_not_is_told_whose_it_is(served: Served, at: SignedIn) -> None:
    number = told_once(hurt, served)
    duty = duty_of(served, number, "EU-COS-23-SUE")
    page = at("an.qi").open(f"/incidents/{number}/notice/{duty}")
    assert "By the plan this belongs to:" in plain(page)
    assert not any("file_first" in href for _said, href in page.links)


def test_the_page_is_reached_from_the_stage_the_cards_and_the_entry(
    served: Served, at: SignedIn
) -> None:
    number = told_once(hurt, served)
    duty = duty_of(served, number, "EU-COS-23-SUE")
    place = f"/incidents/{number}/notice/{duty}"
    bai, entry = (
        at("bai.lu"),
        served.person("bai.lu").get(f"/api{place}").json()["counted"]["entry"],
    )
    for address in ("", "/notice", f"/ledger/{entry}", f"/notice/{duty}/file_first"):
        links = bai.open(f"/incidents/{number}{address}").links
        assert place in [href for _said, href in links], address


def test_json_has_the_same(served: Served) -> None:
    number = told_once(hurt, served)
    duty = duty_of(served, number, "EU-COS-23-SUE")
    told = served.person("bai.lu").get(f"/api/incidents/{number}/notice/{duty}").json()
    assert told["duty"] == duty
    assert told["due"]["basis"] == "guideline"
    assert told["due"]["law"] is False
    assert told["due"]["due_at"] == told["due_times"][-1]["due_at"]
    assert told["counted"]["calendar"]["code"] == "DE"
    assert told["counted"]["calendar"]["steps"]["zh"]
    assert told["next"]["waits"][0]["act"] == "file_first"
    assert told["reminders"]["to_come"]
    assert told["will_open"] == ["EU-COS-23-SUE-FU"]


def test_an_earlier_due_time_stays_with_why_it_moved(served: Served, at: SignedIn) -> None:
    number = hurt(served)
    duty = duty_of(served, number, "EU-COS-23-SUE")
    told = {"outcomes": ["hospitalised"], "awareness_at": "2026-11-10T01:00:00Z"}
    done(served.person("mei.lin"), number, "report/P1/follow_up_case", **told)
    address = f"/incidents/{number}/notice/{duty}"
    asker = served.person("bai.lu")
    until(asker, number, lambda state: state["state"]["notice"]["duties"][duty]["dues"] == 2)
    first, second = asker.get(f"/api{address}").json()["due_times"]
    assert second["due_at"] < first["due_at"]
    page = plain(at("bai.lu").open(address))
    assert "Every due time it had" in page
    assert "was due before" in page
    assert "P1" in page.split("Every due time it had")[-1].split("Filed")[0]


@pytest.mark.parametrize("duty", ["D999", "D0", "D1234567890", "d1", "D", "D1x"])
def test_what_is_no_duty_is_not_found(served: Served, at: SignedIn, duty: str) -> None:
    number = told_once(hurt, served)
    assert at("bai.lu").open(f"/incidents/{number}/notice/{duty}").status == 404
    assert served.person("bai.lu").get(f"/api/incidents/{number}/notice/{duty}").status_code == 404


def test_who_may_not_see_the_incident_finds_no_duty(served: Served) -> None:
    number = told_once(hurt, served)
    duty = duty_of(served, number, "EU-COS-23-SUE")
    address = f"/api/incidents/{number}/notice/{duty}"
    assert served.person("he.miao").get(address).status_code == 404
    with served.visitor() as visitor:
        assert visitor.get(address).status_code == 401


SENT = {"channel": "Mail", "sent_at": "2026-11-20T09:00:00Z", "late_reason": "Weekend."}


def test_a_filed_duty_begins_with_how_it_ended_and_names_everybody(
    served: Served, at: SignedIn
) -> None:
    number = hurt(served)
    duty = duty_of(served, number, "EU-COS-23-SUE")
    address, bai = f"/incidents/{number}/notice/{duty}", served.person("bai.lu")
    for text in ("The first report.", "The same \u202eonce more."):
        done(bai, number, f"notice/{duty}/file_first", **SENT, text=text)
    form = plain(at("bai.lu").open(f"{address}/file_first"))
    assert "Waits for signatures already" in form
    first, second = bai.get(f"/api/incidents/{number}").json()["state"]["pending"]
    sign = f"/incidents/{number}/people/{second}/sign_act"
    signing = plain(at("fang.zheng").open(sign))
    assert f"{first} about the same duty waits" in signing
    assert "The same [U+202E]once more." in signing
    done(served.person("fang.zheng"), number, f"people/{first}/sign_act")
    assert f"{duty} was filed meanwhile" in plain(at("fang.zheng").open(sign))
    done(served.person("fang.zheng"), number, f"people/{second}/sign_act")
    page = plain(at("bai.lu").open(address))
    ended = page.split("How it ended")[1].split("What comes next")[0]
    for told in ("Filed by Bai Lu", "Countersigned by Fang Zheng", "The first report.", "Was due"):
        assert told in ended
    assert "before" in ended.split("Was due")[1]
    when = page.split("When it is due")[1].split("This clock over time")[0]
    assert " left" not in when
    assert " in " not in when.split("Was due")[1].split("It rests on")[0]
    record = page.split("Everything on record about it", 1)[1]
    assert record.count("Bai Lu proposed") == 2
    assert record.count("Fang Zheng signed") == 2
    assert "lapsed" in record
    told = bai.get(f"/api{address}").json()
    assert [one["person"] for one in told["filings"][0]["signers"]] == ["bai.lu", "fang.zheng"]
    assert told["due"]["seconds_left"] is None


def test_a_determined_duty_begins_with_why_and_who_signed(served: Served, at: SignedIn) -> None:
    number = hurt(served)
    duty = duty_of(served, number, "EU-COS-23-SUE")
    bai = served.person("bai.lu")
    done(bai, number, f"notice/{duty}/determine_not_reportable", reason="It was another cream.")
    for act in bai.get(f"/api/incidents/{number}").json()["state"]["pending"]:
        done(served.person("fang.zheng"), number, f"people/{act}/sign_act")
    page = plain(at("bai.lu").open(f"/incidents/{number}/notice/{duty}"))
    ended = page.split("How it ended")[1].split("What comes next")[0]
    assert "It was another cream." in ended
    assert "Bai Lu" in ended.split("Signed by")[1]
    assert "Fang Zheng" in ended.split("Signed by")[1]
    assert " left" not in page.split("When it is due")[1].split("This clock over time")[0]


def test_a_duty_in_the_address_of_a_rule_leads_to_its_rule(served: Served, at: SignedIn) -> None:
    number = hurt(served)
    duty = duty_of(served, number, "EU-COS-23-SUE")
    page = at("fang.zheng").open(f"/incidents/{number}/notice/{duty}/confirm_rule_applies")
    assert "EU-COS-23-SUE" in str(page.form("/confirm_rule_applies").action)
    wrong = at("fang.zheng").open(f"/incidents/{number}/notice/D999/confirm_rule_applies")
    assert wrong.status == 404


def test_an_entry_names_open_signatures_as_people_do(served: Served, at: SignedIn) -> None:
    number = hurt(served)
    duty, bai = duty_of(served, number, "EU-COS-23-SUE"), served.person("bai.lu")
    done(bai, number, f"notice/{duty}/file_first", **SENT, text="The first report.")
    entries = bai.get(f"/api{f'/incidents/{number}/notice/{duty}'}").json()["entries"]
    seq = next(one["seq"] for one in entries if one["type"] == "ActProposed")
    page = plain(at("bai.lu").open(f"/incidents/{number}/ledger/{seq}"))
    slots = page.split("Open signatures")[1][:60]
    assert "Role." not in slots
    assert "Legal" in slots


def test_beyond_five_decisions_the_rest_is_folded_and_counted(served: Served, at: SignedIn) -> None:
    number = hurt(served)
    for country in ("US", "JP"):
        done(served.person("mei.lin"), number, "report/register_case",
             **{**HURT, "country": country, "product": "dew-cream"})  # fmt: skip
    page = at("fang.zheng").open(f"/incidents/{number}")
    assert "more-mine" in page.ids
    folded = plain(page).split("more decision")[1]
    assert "duties" in folded[:200] or "rules to check" in folded[:200]
