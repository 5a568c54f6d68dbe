"""A lot that nobody knows: it can be said, is shown as what it is, and can be said later."""

import re
from typing import Any

import pytest

from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import HOSPITAL, done
from tests.api.pages.test_standing import HURT, plain
from tests.api.serving import Served
from tests.api.test_incidents import reported

pytestmark = pytest.mark.xdist_group("pages")

EVERY = "it counts for every lot"


@pytest.mark.parametrize("told", [{"lots_unknown": True}, {}], ids=["said", "left open"])
def test_a_lot_that_nobody_knows_is_shown_as_not_known(
    told: dict[str, bool], served: Served, at: SignedIn
) -> None:
    number, chief = reported(served.person("an.qi"), answers=HOSPITAL, **told), at("gao.yuan")
    assert "lot not known yet" in plain(chief.open(f"/incidents/{number}"))
    assert "lot not known yet" in plain(chief.open("/")).split(number)[1][:200]
    page = chief.open(f"/incidents/{number}/report")
    assert EVERY in plain(page)
    assert page.link("Add a report that names the lot").endswith("/add_report")


def test_a_known_lot_is_not_called_unknown(served: Served, at: SignedIn) -> None:
    number = reported(served.person("an.qi"), answers=HOSPITAL, lots=["DC2603A"])
    chief = at("gao.yuan")
    for path in ("", "/report"):
        head = plain(chief.open(f"/incidents/{number}{path}"))
        assert "lot DC2603A" in head
        assert EVERY not in head


def test_the_report_form_says_what_not_known_means(at: SignedIn) -> None:
    page = at("he.miao").open("/report")
    assert "Then the report counts for every lot of the product" in page.text
    assert "lots_unknown" in page.form("/report").choices


def test_whoever_is_hurt_may_have_a_lot_that_nobody_knows_yet(served: Served, at: SignedIn) -> None:
    number = reported(served.person("an.qi"), answers=HOSPITAL, lots=["DC2603A"])
    done(served.person("gao.yuan"), number, "report/accept_report")
    agent = at("mei.lin")
    page = agent.open(f"/incidents/{number}/report/register_case")
    form = page.form("/register_case")
    assert "" in form.choices["lot"]
    assert "Lot not known yet" in page.text
    case: dict[str, Any] = {**HURT, "awareness_at": "2026-11-20T09:00", "lot": ""}
    assert agent.send(page, form, **case).status == 200
    assert "lot not known" in plain(agent.open(f"/incidents/{number}/report"))
    later = agent.open(f"/incidents/{number}/report/P1/follow_up_case")
    agent.send(later, later.form("/follow_up_case"), outcomes=["hospitalised"], lot="DC2605A")
    assert "DC2605A" in plain(agent.open(f"/incidents/{number}/report"))
    more = agent.open(f"/incidents/{number}/report/P1/follow_up_case")
    agent.send(more, more.form("/follow_up_case"), outcomes=["hospitalised"], lot="")
    told = served.person("mei.lin").get(f"/api/incidents/{number}").json()["state"]["report"]
    assert told["cases"]["P1"]["lot"] == "DC2605A"


NAMED_LATER = {
    "partly": "one report did not know its own: it counts for every lot until the scope says",
    "bounded": "All lots are named. It counts for every lot until the scope is set.",
}


@pytest.mark.parametrize(("lots", "said"), NAMED_LATER.items(), ids=NAMED_LATER)
def test_lots_named_later_are_not_called_unknown(
    lots: str, said: str, served: Served, at: SignedIn
) -> None:
    answers = {**HOSPITAL, "lots": lots}
    number = reported(served.person("an.qi"), answers=answers, lots_unknown=True)
    more = {"first_known_at": "2026-11-20T09:00:00Z", "first_known_country": "CN", "words": "And."}
    done(served.person("an.qi"), number, "report/add_report", **more, lots=["DC2603A"])
    chief = at("gao.yuan")
    page = plain(chief.open(f"/incidents/{number}/report"))
    assert said in page
    assert "Not every lot is known" not in page


def test_a_scope_begins_without_bounds_only_while_lots_are_missing(
    served: Served, at: SignedIn
) -> None:
    ticked = []
    for lots, unknown in (("partly", True), ("bounded", False)):
        answers = {**HOSPITAL, "lots": lots}
        told = {"answers": answers, "lots_unknown": unknown, "lots": ["DC2603A"]}
        number = reported(served.person("an.qi"), **told)
        done(served.person("gao.yuan"), number, "report/accept_report")
        form = at("qiu.ning").open(f"/incidents/{number}/recall/set_scope").form("/set_scope")
        ticked.append(bool(form.values.get("unbounded")))
    assert ticked == [True, False]


def test_a_rule_that_counted_is_told_in_words(served: Served, at: SignedIn) -> None:
    number = reported(served.person("an.qi"), answers=HOSPITAL, lots=["DC2603A"])
    page = at("gao.yuan").open(f"/incidents/{number}/report")
    table = plain(page).split("Every assessment, the last first")[1]
    assert re.search(r"[a-z]{4,} \([A-Z]\d\)", table)
    assert not re.search(r"(?<!\()\b[A-Z]\d, [A-Z]\d", table)
