"""A market whose law Andon does not know: said on Now, on the notice page first, and in what-if."""

from urllib.parse import urlencode

import pytest

from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, done
from tests.api.pages.test_standing import HURT, plain
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

NONE = "Andon has no rules for New Zealand: legal must check what is to be told there."
OTHERS = "A person was hurt in Canada, and no rule that Andon knows there speaks of such products"
RECALLS = "For South Korea Andon has rules about recalls only, none about a person who was hurt"


@pytest.fixture(scope="module")
def number(served: Served) -> str:
    """Give an incident with a person in hospital in New Zealand, and in South Korea and Canada."""
    found = accepted(served)
    for country in ("NZ", "KR", "CA"):
        done(
            served.person("mei.lin"), found, "report/register_case", **{**HURT, "country": country}
        )
    return found


@pytest.mark.parametrize(
    "said", [NONE, RECALLS, OTHERS], ids=["no rules", "recalls only", "other goods"]
)
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
    assert "no-rules-CA" in page.ids
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


def test_the_notice_page_begins_with_each_country(number: str, at: SignedIn) -> None:
    page = plain(at("bai.lu").open(f"/incidents/{number}/notice"))
    told = page.split("Countries at a glance")[1].split("What Andon has no rules for")[0]
    for country in ("New Zealand", "Canada"):
        assert f"{country} 0 no rule here: record what the authority asks" in told
    assert "China" in told


def test_what_nobody_verified_is_counted_beside_what_is_due_next(
    number: str, served: Served, at: SignedIn
) -> None:
    state = served.person("bai.lu").get(f"/api/incidents/{number}").json()["state"]
    waits = [one for one in state["notice"]["duties"].values() if not one["counts"]]
    opened = [one for one in waits if one["status"] == "open"]
    assert opened, "a rule of the story is not verified"
    page = at("bai.lu").open(f"/incidents/{number}/notice")
    told = plain(page)
    more = "more that is not verified" if len(opened) == 1 else "more that are not verified"
    assert f"and {len(opened)} {more}: legal confirms first" in told.split("Due next")[1]
    for country in {one["place"] or one["market"] for one in opened}:
        own = [one for one in opened if (one["place"] or one["market"]) == country]
        ways = [href for _, href in page.links if href.endswith(f"/notice#duty-{own[0]['id']}")]
        alone = [href for _, href in page.links if href.endswith(f"/notice/{own[0]['id']}")]
        assert ways or alone, country
    for one in opened:
        assert f"duty-{one['id']}" in page.ids
