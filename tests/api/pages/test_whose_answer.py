"""Answers that belong to another role, and people who are named to sign: said before, not after."""

import pytest

from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_beginnings import SCOPE
from tests.api.pages.test_offered import accepted, done, told_once, words_of
from tests.api.pages.test_standing import plain
from tests.api.serving import Served
from tests.api.test_evidence import PDF

pytestmark = pytest.mark.xdist_group("pages")

NOT_YOURS = "Not yours to answer: it is for"


def test_who_may_say_yes_alone_is_told_who_says_no(served: Served, at: SignedIn) -> None:
    number = told_once(accepted, served)
    address = f"/incidents/{number}/notice/EU-COS-5-2/confirm_rule_applies"
    lawyer = plain(at("fang.zheng").open(address))
    assert lawyer.split("It applies here")[1].split("Law and article")[0].strip() == (
        f"Yes No {NOT_YOURS} Regulatory affairs."
    )
    assert NOT_YOURS not in plain(at("bai.lu").open(address))


def test_a_level_says_who_orders_it_and_is_offered_to_nobody_else(
    served: Served, at: SignedIn
) -> None:
    number = told_once(accepted, served)
    address = f"/incidents/{number}/halt/order_halt"
    chief = plain(at("gao.yuan").open(address))
    assert chief.count(NOT_YOURS) == 1  # production is stopped by others
    assert NOT_YOURS not in plain(at("lin.wei").open(address))
    assert "Halt now" in words_of(at("gao.yuan").open(f"/incidents/{number}/halt"))
    mine, _, others = plain(at("ye.fan").open(f"/incidents/{number}/halt")).partition(
        "What others can do here"
    )
    assert "Halt now" in others
    assert "Halt now" not in mine
    quality = words_of(at("qiu.ning").open(f"/incidents/{number}/halt"))
    assert "Halt now" in quality, (
        "other lots may have to stop at a level that is quality's to order"
    )


def test_who_is_named_as_a_witness_may_sign(served: Served, at: SignedIn) -> None:
    number = accepted(served)
    done(served.person("qiu.ning"), number, "recall/set_scope", **SCOPE)
    goods = {
        "place": "East warehouse",
        "lot": "DC2603A",
        "units": 10,
        "counted_by": "qiu.ning",
        "counted_again_by": "xu.lan",
        "condition": "unopened",
        "source": "own_stock",
    }
    done(served.person("qiu.ning"), number, "recall/receive_goods", **goods)
    keeper = at("lin.wei")
    page = keeper.open(f"/incidents/{number}/recall/dispose_goods")
    offered = page.form("/dispose_goods").choices["witnesses"]
    assert {"fang.zheng", "ning.ke", "qian.cheng"} <= set(offered[:8]), "who may sign comes first"
    assert {"tang.jie", "qiu.ning"} <= set(offered), "whoever was there can be named"
    assert "lin.wei" not in offered, "the reader is no witness"
    told = keeper.send(
        page,
        page.form("/dispose_goods"),
        files={"certificate": ("burnt.pdf", PDF, "application/pdf")},
        **{"lots-0-lot": "DC2603A", "lots-0-units": "10"},
        method="destroyed",
        place="Linhu plant",
        witnesses=["ning.ke"],
        samples_kept="true",
    )
    assert told.status == 200, told.text
    card = plain(at("ning.ke").open(f"/incidents/{number}"))
    assert "Sign or decline: Dispose of goods" in card
    assert "Fang Zheng" not in card.split("Sign or decline: Dispose of goods")[1][:400]
    done(served.person("ning.ke"), number, "people/A1/sign_act")


def test_who_is_named_to_keep_things_can_confirm_it(served: Served, at: SignedIn) -> None:
    number = told_once(accepted, served)
    page = at("fang.zheng").open(f"/incidents/{number}/people/place_legal_hold")
    offered = page.form("/place_legal_hold").choices["custodians"]
    assert "wen.tao" in offered
    assert not {"ren.jia", "jin.shi", "shao.yi"} & set(offered)
