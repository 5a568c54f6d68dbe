"""Numbers that cannot be, typed into the form of an act: told at the field, and nothing is lost."""

import pytest

from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, told_once
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

PROOF = "Photo of cage 3."


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        pytest.param("units", "1000000000000", "A number above 1,000,000,000 cannot be right.",
                     id="in all"),
        pytest.param("set_apart-0-units", "3,000,000,000,000,000",
                     "A number above 1,000,000,000 cannot be right.", id="by lot"),
        pytest.param("units", "99999999999999999999", "This number is too large.", id="huge"),
        pytest.param("units", "-99999999999999999999", "This number is too far below zero.",
                     id="hugely below"),
        pytest.param("units", "1.5", "A whole number is expected here.", id="no whole number"),
        pytest.param("units", "-5", "A number below zero cannot be right.", id="below zero"),
    ],
)  # fmt: skip
def test_a_count_that_cannot_be_is_refused_at_its_field_and_nothing_typed_is_lost(
    served: Served, at: SignedIn, field: str, typed: str, said: str
) -> None:
    number, lead = told_once(accepted, served), at("cheng.bo")
    form = lead.open(f"/incidents/{number}/halt/wh-east/confirm_channel")
    more = {"set_apart-0-lot": "DC2603A"} if field != "units" else {}
    page = lead.send(form, form.form("/confirm_channel"), proof=PROOF, **more, **{field: typed})
    assert page.status == 422
    assert page.text.count(said) >= 1
    again = page.form("/confirm_channel").values
    assert (again[field], again["proof"]) == ([typed], [PROOF])
    taken = lead.send(page, page.form("/confirm_channel"), "what would follow", **{field: "880"})
    assert (taken.status, said in taken.text) == (200, False)
