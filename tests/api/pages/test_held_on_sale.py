"""Held goods seen on sale after the end: the page says so, with the way on for who may act."""

from datetime import UTC, datetime

import pytest

from storage import company, held_goods, holds
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_earlier import plain
from tests.api.pages.test_offered import done, words_of
from tests.api.pages.test_standing import LABEL
from tests.api.serving import Served
from tests.api.test_incidents import reported

pytestmark = pytest.mark.xdist_group("pages")

SEEN = "Goods that are held were seen on sale, and no order stops them any more"


def test_a_sealed_incident_says_what_is_sold_and_leads_to_its_reopening(
    served: Served, at: SignedIn
) -> None:
    chief, engine = served.person("gao.yuan"), served.database.ledger
    number = reported(served.person("an.qi"), answers=LABEL, products=["dew-cream"], lots=[])
    done(chief, number, "report/accept_report")
    done(chief, number, "halt/order_halt", level="H2", reason="To be safe.")
    done(chief, number, "review/close_incident", summary="Done.", reason_for_open_items="Stays.")
    for name in ("lin.wei", "fang.zheng"):
        done(served.person(name), number, "people/A1/sign_act")
    assert SEEN not in plain(at("gao.yuan").open(f"/incidents/{number}"))
    channel = holds.of_incident(engine, number)[0].channel
    where = {"incident": number, "channel": channel}
    line = {**where, "offers": 3, "units": 8, "unshipped": 1}
    company.log(engine, datetime.now(UTC), held_goods.SEEN, line)
    page = at("gao.yuan").open(f"/incidents/{number}")
    assert SEEN in plain(page)
    assert "offers 3, paid and unshipped orders 1" in plain(page)
    assert channel not in plain(page), "it is named as people name it"
    assert "Reopen the incident" in words_of(page)
    assert f"sells goods that {number} still holds" in plain(at("fang.zheng").open("/audit"))
    company.log(engine, datetime.now(UTC), held_goods.GONE, where)
    assert SEEN not in plain(at("gao.yuan").open(f"/incidents/{number}"))
