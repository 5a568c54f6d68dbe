"""What pages say of where an incident stands: people hurt, the grade, the line, what is next."""

import pytest

from tests.api.browsing import Seen
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import HOSPITAL, accepted, done, words_of
from tests.api.serving import Served
from tests.api.test_incidents import reported

pytestmark = pytest.mark.xdist_group("api")

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
