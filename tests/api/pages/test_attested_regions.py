"""A reviewer's form where two texts are of one language: their own approvals, told apart."""

import pytest

from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_attested import reviewer
from tests.api.pages.test_offered import accepted, done
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

FOUR = {
    "zh-CN": "初步信息：我们正在调查该批次。",
    "en-GB": "Preliminary: we are looking into the lot.",
    "de": "Vorläufig: Wir prüfen die Charge.",
    "en-US": "Preliminary: we look into the lot.",
}


def handed_in(served: Served) -> tuple[str, dict[str, str], str]:
    """A first statement in four languages; gives the incident, the slots by language, the hash."""
    number = accepted(served)
    texts = [{"language": one, "title": f"S {one}", "body": said} for one, said in FOUR.items()]
    body: dict[str, object] = {"kind": "holding", "markets": ["CN", "DE", "GB", "US"]}
    body |= {"texts": texts, "preliminary": True, "hand_in": True}
    done(served.person("su.ran"), number, "statement/draft_statement", **body)
    state = served.person("su.ran").get(f"/api/incidents/{number}").json()["state"]
    text = state["statement"]["statements"]["S1"]
    slots = {one["language"]: one["key"] for one in text["slots"] if one["language"]}
    assert set(slots) == set(FOUR)
    return number, slots, text["sha256"]


def test_a_reviewer_of_two_regions_is_offered_both_by_name_and_presses_one(
    served: Served, at: SignedIn
) -> None:
    number, slots, sha256 = handed_in(served)
    path = f"/incidents/{number}/statement/S1/approve_statement"
    page = at("oliver.hayes").open(path)
    form = page.form("/approve_statement")
    assert form.choices["slot"] == [slots["en-GB"], slots["en-US"]]
    assert "slot" not in form.values
    assert "(English, United Kingdom)" in page.text
    assert "(English, United States)" in page.text
    assert "Leave it open" not in page.text
    refused = served.person("oliver.hayes").post(f"/api{path}", {"sha256": sha256})
    assert refused.status_code == 409, refused.text
    assert "Open for you: en-GB, en-US." in refused.text
    chosen = {"sha256": sha256, "slot": slots["en-US"]}
    done(served.person("oliver.hayes"), number, "statement/S1/approve_statement", **chosen)
    last = at("oliver.hayes").open(path).form("/approve_statement")
    assert last.values["slot"] == [slots["en-GB"]]


def test_a_reviewer_of_one_language_has_it_chosen(served: Served, at: SignedIn) -> None:
    number, slots, sha256 = handed_in(served)
    path = f"/incidents/{number}/statement/S1/approve_statement"
    form = at("lena.vogt").open(path).form("/approve_statement")
    assert (form.choices["slot"], form.values["slot"]) == ([slots["de"]], [slots["de"]])
    refused = reviewer(served, "de").post(f"/api{path}", {"sha256": sha256})
    assert "Open for you: de." in refused.text
    text = at("lena.vogt").open(f"/incidents/{number}/statement").text
    assert "Chinese, English (United Kingdom), German, English (United States)" in text


def test_a_reviewer_of_another_language_hears_whose_it_is(served: Served) -> None:
    number, _, sha256 = handed_in(served)
    path = f"/api/incidents/{number}/statement/S1/approve_statement"
    refused = reviewer(served, "fr").post(path, {"sha256": sha256})
    assert refused.status_code == 403, refused.text
    assert "others answer for that" in refused.text
