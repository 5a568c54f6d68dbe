"""A market whose law Andon does not know: said on Now, on the notice page first, and in what-if."""

from urllib.parse import urlencode

import pytest

from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, done
from tests.api.pages.test_standing import HURT, plain
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

NONE = "Andon has no rules for New Zealand: legal must check what is to be told there."
RECALLS = "For South Korea Andon has rules about recalls only, none about a person who was hurt"


@pytest.fixture(scope="module")
def number(served: Served) -> str:
    """Give an incident with a person in hospital in New Zealand, and one in South Korea."""
    found = accepted(served)
    for country in ("NZ", "KR"):
        done(
            served.person("mei.lin"), found, "report/register_case", **{**HURT, "country": country}
        )
    return found


@pytest.mark.parametrize("said", [NONE, RECALLS], ids=["no rules", "recalls only"])
def test_it_is_said_on_now_and_first_on_the_notice_page(
    number: str, said: str, at: SignedIn
) -> None:
    assert said in plain(at("bai.lu").open(f"/incidents/{number}"))
    page = plain(at("bai.lu").open(f"/incidents/{number}/notice"))
    assert page.index("What Andon has no rules for") < page.index("Due next")
    assert said in page


def test_a_card_of_now_is_for_legal(number: str, at: SignedIn) -> None:
    page = at("bai.lu").open(f"/incidents/{number}")
    assert "no-rules-NZ" in page.ids
    assert f"/incidents/{number}/notice#no-rules" in [href for _, href in page.links]


@pytest.mark.parametrize(
    "told",
    [
        {"hurt_in": "NZ", "outcome": "hospitalised", "hurt_by": "dew-cream"},
        {"authority_in": "NZ", "authority_act": "inquiry"},
    ],
    ids=["hurt", "authority"],
)
def test_what_if_says_so(told: dict[str, str], served: Served, at: SignedIn) -> None:
    other = accepted(served)
    page = at("bai.lu").open(f"/incidents/{other}/notice/what-if?{urlencode(told)}")
    assert NONE in plain(page)
