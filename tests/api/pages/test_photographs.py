"""A photograph of what a product did to somebody, brought with a report at the console."""

import pytest

from tests.api.markup import faults_of
from tests.api.pages.conftest import SignedIn
from tests.api.serving import Served
from tests.api.test_evidence import PNG
from tests.api.test_incidents import until

pytestmark = pytest.mark.xdist_group("pages")


def test_a_photograph_beside_a_report_is_read_by_those_who_look_after_it(
    served: Served, at: SignedIn
) -> None:
    chief, press = served.person("gao.yuan"), served.person("su.ran")
    agent = at("an.qi")
    page = agent.open("/report")
    sent = agent.send(
        page,
        page.form("/report"),
        files={"evidence": ("arm.png", PNG, "image/png")},
        first_known_at="2026-11-20T09:00",
        first_known_country="CN",
        products=["dew-cream"],
    )
    assert sent.status == 200, sent.text
    number = sent.address.split("/")[2].partition("?")[0]
    until(chief, number, lambda told: told["recorded"])
    state = chief.get(f"/api/incidents/{number}").json()["state"]
    (address,) = state["report"]["reports"][0]["evidence"]
    assert chief.client.get(f"/api/blobs/{address}").content == PNG
    assert press.client.get(f"/api/blobs/{address}").status_code == 404


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_blank_product_or_lot_is_no_box_without_words(
    served: Served, at: SignedIn, blank: str
) -> None:
    reader = at("an.qi")
    page = reader.open("/report")
    form = page.form("/report")
    sent = {"products": [blank], "lots": [blank]}
    again = reader.send(page, form, **sent)  # type: ignore[arg-type]
    assert again.status == 422
    assert faults_of(again.html) == []
