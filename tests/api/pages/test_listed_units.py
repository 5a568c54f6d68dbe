"""What the company's own list says of a consignee stands beside what nobody confirmed."""

import re
from dataclasses import replace
from typing import Any

import pytest

from services.company import COMPANY_FILE, read_company_file
from storage import catalog
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, done
from tests.api.pages.test_standing import plain
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

COMPANY = read_company_file(COMPANY_FILE)
SCOPE = {
    "products": ["dew-cream"],
    "lots": [{"lot": "DC2603A", "product": "dew-cream"}],
    "markets": ["CN", "FR"],
    "consignees": ["belle-aubepine", "hemu"],
    "reason": "The lot of the first case.",
}


def test_the_list_says_what_a_consignee_received_until_it_answers(
    served: Served, at: SignedIn
) -> None:
    number = accepted(served)
    done(served.person("qiu.ning"), number, "recall/set_scope", **SCOPE)
    lot = next(lot for lot in COMPANY.lots if lot.id == "DC2603A")
    units = sum(part.units for part in lot.shipped if part.consignee == "belle-aubepine")
    page = plain(at("gao.yuan").open(f"/incidents/{number}/recall"))
    assert f"{units:,} by our own list; not confirmed by the consignee" in page
    form = at("cheng.bo").open(f"/incidents/{number}/recall/belle-aubepine/answer_as_consignee")
    assert f"received DC2603A: {units:,} units" in plain(form)
    assert not any("".join(form.form("/answer_as_consignee").values["lots-0-received"]))
    state = served.person("gao.yuan").get(f"/api/incidents/{number}").json()["state"]
    assert state["recall"]["consignees"]["belle-aubepine"]["lots"] == []
    answer = {"lots": [{"lot": "DC2603A", "received": 40}], "proof": "Told by telephone."}
    cheng = served.person("cheng.bo")
    done(cheng, number, "recall/belle-aubepine/answer_as_consignee", **answer)
    page = plain(at("gao.yuan").open(f"/incidents/{number}/recall"))
    assert "not confirmed by the consignee" not in page


def test_a_list_that_cannot_be_read_says_nothing_of_where_units_are(
    served: Served, at: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = accepted(served)
    lots = [{"lot": "DC2603A", "product": "dew-cream", "made": 90_000, "shipped": 80_000}]
    done(served.person("qiu.ning"), number, "recall/set_scope", **{**SCOPE, "lots": lots})
    told = "Shipped, and at nobody we know"
    for page in ("recall", "review/close_incident"):
        assert told in plain(at("gao.yuan").open(f"/incidents/{number}/{page}"))
    monkeypatch.setattr("api.pages.lot_records.LOOKED_AT", 0)
    assert told not in plain(at("gao.yuan").open(f"/incidents/{number}/recall"))


def test_what_our_shops_sold_beyond_all_that_was_sold_is_named(
    served: Served, at: SignedIn
) -> None:
    number = accepted(served)
    direct = sum(
        part.units for lot in COMPANY.lots if lot.id == "DC2603A" for part in lot.sold_direct
    )
    told = f"lot DC2603A: 7 sold to consumers by the scope, {direct:,} by our own shops alone"
    for sold, is_told in ((7, True), (80_000, False)):
        counted = {"made": 90_000, "shipped": 80_000, "sold": sold}
        lots = [{"lot": "DC2603A", "product": "dew-cream", **counted}]
        act, who = ("set_scope", "qiu.ning") if is_told else ("widen_scope", "gao.yuan")
        done(served.person(who), number, f"recall/{act}", **{**SCOPE, "lots": lots})
        page = plain(at("gao.yuan").open(f"/incidents/{number}/recall"))
        assert (told in page, "Numbers that do not fit" in page) == (is_told, is_told)


def test_the_lots_of_an_incident_are_read_once_for_a_page(
    served: Served, at: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = accepted(served)
    lots = [{"lot": "DC2603A", "product": "dew-cream", "made": 90_000, "shipped": 80_000}]
    done(served.person("qiu.ning"), number, "recall/set_scope", **{**SCOPE, "lots": lots})
    listed, read = catalog.lots_among, []

    def noted(engine: Any, products: Any, numbers: Any, most: int) -> Any:
        read.append((tuple(products), numbers))
        return listed(engine, products, numbers, most)

    monkeypatch.setattr("api.pages.lot_records.catalog.lots_among", noted)
    at("gao.yuan").open(f"/incidents/{number}/recall")
    assert len(read) == len({str(one) for one in read}), read


def test_a_number_of_two_products_is_the_one_that_the_scope_names(
    served: Served, at: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = accepted(served)
    lots = [{"lot": "DC2603A", "product": "dew-cream", "made": 90_000, "shipped": 80_000}]
    done(served.person("qiu.ning"), number, "recall/set_scope", **{**SCOPE, "lots": lots})
    told = plain(at("gao.yuan").open(f"/incidents/{number}/recall"))
    listed = catalog.lots_among

    def twice(*asked: Any) -> list[catalog.Lot]:
        found = listed(*asked) or []
        return found + [replace(one, id=f"{one.id}-2", product="soft-wipes") for one in found]

    monkeypatch.setattr(catalog, "lots_among", twice)
    assert plain(at("gao.yuan").open(f"/incidents/{number}/recall")) == told


def test_the_answer_begins_with_the_lots_it_had_and_an_empty_row_takes_nothing_from_the_others(
    served: Served, at: SignedIn
) -> None:
    number = accepted(served)
    first = next(lot for lot in COMPANY.lots if lot.id == "DC2603A")
    of = {lot.id: {part.consignee for part in lot.shipped} for lot in COMPANY.lots}
    other = next(
        lot for lot in COMPANY.lots if lot.id != "DC2603A" and "belle-aubepine" not in of[lot.id]
    )
    lots = [{"lot": one.id, "product": one.product} for one in (first, other)]
    products = sorted({first.product, other.product})
    scope = {**SCOPE, "products": products, "lots": lots, "consignees": ["belle-aubepine"]}
    done(served.person("qiu.ning"), number, "recall/set_scope", **scope)
    cheng = at("cheng.bo")
    page = cheng.open(f"/incidents/{number}/recall/belle-aubepine/answer_as_consignee")
    form = page.form("/answer_as_consignee")
    assert form.values["lots-0-lot"] == ["DC2603A"]
    assert other.id not in form.values.get("lots-1-lot", [])
    told = {"lots-0-received": "40", "lots-0-on_hand": "40", "lots-1-lot": other.id}
    asked = cheng.send(page, form, **told, proof="By telephone.")
    assert asked.status == 409
    assert f"No number stands beside lot {other.id}." in plain(asked)
    assert cheng.send(asked, asked.form("/answer_as_consignee")).status == 200
    recall = plain(at("gao.yuan").open(f"/incidents/{number}/recall"))
    assert "not confirmed by the consignee" not in recall
    assert re.search(r"\banswered 40 40\b", recall), recall
