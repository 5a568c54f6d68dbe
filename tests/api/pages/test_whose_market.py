"""Who is asked about a thing of one market: those who answer for it, others only where nobody does."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.severity import Outcome
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_beginnings import SCOPE
from tests.api.pages.test_offered import accepted, done, told_once, words_of
from tests.api.pages.test_standing import plain
from tests.api.serving import Served
from tests.api.test_evidence import PDF
from tests.domain.duties import Notified
from tests.domain.story import MILD
from tests.services.kept import recorded

pytestmark = pytest.mark.xdist_group("pages")


def test_nobody_of_another_market_is_asked_about_a_rule(served: Served, at: SignedIn) -> None:
    number = told_once(accepted, served)
    page = plain(at("fang.zheng").open(f"/incidents/{number}"))
    asked = page.split("Not verified: does Regulation (EC) No 1223/2009")[1]
    asked = asked.split("Others who can:")[1].split("To decide")[0]
    assert "Jonas Brandt" in asked
    assert "Emily Carter" not in asked
    assert "Bai Lu" not in asked
    american = at("emily.carter").open(f"/incidents/{number}")
    assert "Does this rule apply here?" not in words_of(american)


def test_a_form_about_a_duty_names_those_of_its_market(served: Served, at: SignedIn) -> None:
    number = told_once(accepted, served)
    form = at("an.qi").open(f"/incidents/{number}/notice/D3/confirm_reportable")
    said = plain(form)
    assert "Jonas Brandt" in said
    assert "Emily Carter" not in said


def test_a_team_is_proposed_from_the_markets_of_the_incident(served: Served, at: SignedIn) -> None:
    number = accepted(served)
    affairs = {
        **SCOPE,
        "markets": ["DE"],
        "consignees": [],
        "left_out_why": "The lot was sold elsewhere.",
    }
    before = plain(at("gao.yuan").open(f"/incidents/{number}/people"))
    assert "Regulatory affairs Bai Lu" in before
    done(served.person("gao.yuan"), number, "recall/set_scope", **affairs)
    after = plain(at("gao.yuan").open(f"/incidents/{number}/people"))
    assert "Regulatory affairs Jonas Brandt" in after
    assert "Bai Lu" not in after


def test_consignees_are_told_market_by_market(served: Served, at: SignedIn) -> None:
    number = accepted(served)
    both = {**SCOPE, "markets": ["CN", "DE"], "consignees": ["fenghe", "hemu", "kornblume"]}
    done(served.person("gao.yuan"), number, "recall/set_scope", **both)
    address = f"/incidents/{number}/recall/record_notification"
    page = at("cheng.bo").open(address)
    form = page.form("/record_notification")
    assert (form.values["market"], form.values["recipients"]) == (["CN"], ["fenghe", "hemu"])
    assert "" in form.choices["market"], "its help says to leave it empty for several markets"
    wrong = at("cheng.bo").send(
        page,
        form,
        files={"text": ("letter.pdf", PDF, "application/pdf")},
        channel="letter",
        language="de",
        recipients=["kornblume"],
    )
    assert wrong.status == 422
    assert "Kornblume Drogerie GmbH is of market DE, not of CN" in plain(wrong)


def test_all_consignees_of_another_market_are_named_and_the_reason_is_kept(served: Served) -> None:
    number, supply = accepted(served), served.person("cheng.bo")
    text = supply.client.post("/api/blobs", content=PDF).json()["id"]
    notice = {"reader": "consignee", "channel": "letter", "language": "de", "text": text,
              "market": "DE", "recipients": ["fenghe", "hemu", "kornblume"]}  # fmt: skip
    act = f"/api/incidents/{number}/recall/record_notification"
    assert "no such country" in supply.post(act, {**notice, "market": "ZZ"}).json()["detail"]
    refused = supply.post(act, notice)
    assert "not of market DE: fenghe, hemu. Tell each" in refused.json()["detail"]
    why = "Both moved to Germany last year."
    done(supply, number, "recall/record_notification", **notice, moved_because=why)
    ledger = supply.get(f"/api/incidents/{number}/ledger").text
    assert why in ledger


def hurt_abroad(story: Notified) -> None:
    """Somebody is hurt in a country that nobody of the company answers for."""
    story.reported(MILD)
    story.hurt("JP", Outcome.HOSPITALISED)


@pytest.mark.parametrize("name", ["bai.lu", "fang.zheng", "an.qi"])
def test_the_list_of_own_duties_and_now_name_the_same_people(
    name: str, served: Served, at: SignedIn
) -> None:
    began = datetime.now(UTC).replace(microsecond=0) - timedelta(days=30)
    story = recorded(served.database.ledger, f"abroad {name}", hurt_abroad, at=began)
    duties = [
        one for one in story.incident.notice.duties.values() if one.place == "JP" and one.possible
    ]
    assert duties
    page = at(name).open(f"/duties?incident={story.incident.id}&mine=own").html
    now = at(name).open(f"/incidents/{story.incident.id}").html
    for duty in duties:
        is_asked = name != "an.qi"
        assert (f">{duty.id} · " in page.partition("duties-open")[2]) is is_asked
        assert (f"/notice/{duty.id}/confirm_reportable" in now) is is_asked
