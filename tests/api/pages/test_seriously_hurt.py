"""By whose law a person counts as seriously hurt, and what the person's own market says."""

import pytest

from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, done
from tests.api.pages.test_standing import HURT, plain
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

US_ALONE = "serious by the law of the United States"


@pytest.mark.parametrize(
    ("outcome", "country", "said"),
    [
        pytest.param(
            "infection",
            "DE",
            f"{US_ALONE} · by that of the European Union a person decides",
            id="by-another-law-alone",
        ),
        pytest.param("infection", "US", f"{US_ALONE} ", id="by-the-law-of-the-own-market"),
        pytest.param("mild", "DE", "", id="by-no-law"),
    ],
)
def test_the_page_says_by_whose_law_a_person_is_seriously_hurt(
    served: Served, at: SignedIn, outcome: str, country: str, said: str
) -> None:
    number = accepted(served)
    told = {**HURT, "outcomes": [outcome], "country": country}
    done(served.person("mei.lin"), number, "report/register_case", **told)
    page = plain(at("gao.yuan").open(f"/incidents/{number}/report"))
    assert said in page
    assert ("serious by the law" in page) is bool(said)
    assert ("a person decides" in page) is ("a person decides" in said)
    assert "what a market has to be told follows its own law" in page
