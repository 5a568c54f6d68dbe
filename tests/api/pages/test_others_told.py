"""Who is no authority and must be told: what the stage shows, offers, and keeps closed."""

import pytest

from tests.api.markup import faults_of
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import done, words_of
from tests.api.pages.test_standing import plain, plan_signed
from tests.api.serving import Served
from tests.api.test_evidence import PDF

pytestmark = pytest.mark.xdist_group("pages")


def test_the_stage_shows_who_must_be_told_until_they_are(served: Served, at: SignedIn) -> None:
    number, legal = plan_signed(served), served.person("fang.zheng")
    address = f"/incidents/{number}/notice"
    page = at("fang.zheng").open(address)
    assert faults_of(page.html) == []
    assert "Who else must be told" in plain(page)
    assert "Certification body of the plant" in plain(page)
    assert "None of this is law" in plain(page)
    assert "Need not be told here" in words_of(page)
    form = at("fang.zheng").open(f"{address}/inform_partner?plan_row=certification_body")
    assert "Certification body of the plant" in plain(form)
    told_at = legal.get(f"/api/incidents/{number}").json()["state"]["last_at"]
    said = {
        "name": "Harbour Insurance",
        "channel": "e-mail",
        "told_at": told_at,
        "text": "We recall.",
    }
    done(legal, number, "notice/inform_partner", kind="insurer", plan_row="insurer", **said)
    done(legal, number, "notice/contract_partner/tell_not_needed", reason="No contract asks.")
    after = plain(at("fang.zheng").open(address))
    assert "not needed here" in after
    assert "No contract asks." in after
    chinese = at("fang.zheng", "zh").open(address)
    assert "工厂的认证机构" in plain(chinese)
    ledger = plain(at("fang.zheng").open(f"/incidents/{number}/ledger"))
    assert "found that they need not be told: Partners whose contract" in ledger


def test_what_the_exchange_was_sent_opens_to_legal_and_finance_alone(served: Served) -> None:
    number, legal = plan_signed(served), served.person("fang.zheng")
    file = legal.client.post("/api/blobs?access=inside", content=PDF + b"inside").json()["id"]
    told_at = legal.get(f"/api/incidents/{number}").json()["state"]["last_at"]
    done(legal, number, "notice/inform_partner", kind="exchange", name="Exchange", channel="portal",
         told_at=told_at, inside=file)  # fmt: skip
    assert legal.get(f"/api/blobs/{file}").status_code == 200
    assert served.person("gao.yuan").get(f"/api/blobs/{file}").status_code in (403, 404)
