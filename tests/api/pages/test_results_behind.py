"""Whoever lets goods be sold again sees which results stand behind it, and of which there is none."""

import pytest

from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_earlier import plain
from tests.api.pages.test_goods_by_product import LOTION, TONER, two_products
from tests.api.pages.test_offered import done
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

FREE_ALL = {"basis": "All of it is clean."}


def with_test(served: Served, number: str, verdict: str = "") -> None:
    """Order a test of the toner's lot; with a verdict its result is recorded too."""
    asker = served.person("qiu.ning")
    order = {"laboratory": "Own", "method": "Plate count", "lot": TONER}
    done(asker, number, "investigation/order_test", **order)
    if verdict:
        result = {"result": "< 10", "unit": "CFU/g", "limit": "1,000", "verdict": verdict}
        done(asker, number, "investigation/T1/record_test", **result)


def signing(served: Served, at: SignedIn, number: str) -> str:
    """Propose that all sells again; gives the page of whoever signs, from the goods on."""
    done(served.person("gao.yuan"), number, "halt/resume_sale", **FREE_ALL)
    told = plain(at("lin.wei").open(f"/incidents/{number}/people/A1/sign_act"))
    return told[told.index("May be sold again") :]


def test_an_untested_sample_is_told_as_what_it_is(served: Served, at: SignedIn) -> None:
    number = two_products(served)
    told = signing(served, at, number)
    assert "Results behind it No test is ordered." in told
    assert "Kept, with no result E1 A jar." in told
    lotion = f"Cloud Baby Lotion ({LOTION[0]}, {LOTION[1]})"
    assert f"No result is about {lotion}, Spring Toner ({TONER})" in told
    assert "Health hazard evaluation The health hazard is not evaluated yet." in told
    assert "Cause No finding is signed." in told


@pytest.mark.parametrize(
    ("verdict", "says", "also"),
    [
        ("", "no result yet", f"Spring Toner ({TONER})"),
        ("pass", "within the limit", ""),
        ("fail", "outside the limit", "Outside the limit T1"),
    ],
    ids=["ordered", "passed", "failed"],
)
def test_a_result_is_told_with_its_product_and_lot(
    served: Served, at: SignedIn, verdict: str, says: str, also: str
) -> None:
    number = two_products(served)
    with_test(served, number, verdict)
    told = signing(served, at, number)
    line = f"T1 · Plate count · Own · Spring Toner ({TONER}) · "
    assert told[told.index(line) + len(line) :].lower().startswith(says)
    assert also in told
    without = told[told.index("No result is about") :]
    assert f"Cloud Baby Lotion ({LOTION[0]}, {LOTION[1]})" in without
    assert (f"Spring Toner ({TONER})" in without.split("Health hazard")[0]) is (verdict == "")


def test_the_form_says_the_same_before_it_is_proposed(served: Served, at: SignedIn) -> None:
    number, there = two_products(served), at("gao.yuan")
    with_test(served, number, "pass")
    page = there.open(f"/incidents/{number}/halt/resume_sale")
    form = page.form("/resume_sale")
    free = {"reach": "named", "products": ["spring-toner"], "basis": "Clean."}
    told = plain(there.send(page, form, "Show what would follow", **free))
    assert f"Spring Toner ({TONER})" in told[told.index("Results behind it") :]
    assert "No result is about" not in told


def test_orders_that_nobody_confirmed_are_named(served: Served, at: SignedIn) -> None:
    number = two_products(served)
    told = signing(served, at, number)
    state = served.person("gao.yuan").get(f"/api/incidents/{number}").json()["state"]["halt"]
    waiting = [one for one in state["orders"] if one["confirm_by"] and not one["confirmed_at"]]
    assert waiting, "the plan asks for a second person"
    label = "Orders that no second person confirmed"
    assert f"{label} {waiting[0]['number']}. {waiting[0]['level']}" in told
