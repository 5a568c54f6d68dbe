"""A language is attested by its reviewer alone, whatever the page of somebody else sends."""

import pytest

from tests.api.pages.test_offered import accepted, done
from tests.api.serving import Asker, Served

pytestmark = pytest.mark.xdist_group("pages")

TEXT = {
    "kind": "update",
    "markets": ["DE"],
    "preliminary": True,
    "hand_in": True,
    "texts": [
        {"language": "de", "title": "Neuer Stand", "body": "Vorläufig: Wir prüfen die Charge."},
        {"language": "fr", "title": "Point", "body": "Provisoire : nous examinons le lot."},
    ],
}


def handed_in(served: Served) -> tuple[str, dict[str, str]]:
    """A text in German and French; gives the incident and each language's slot."""
    number = accepted(served)
    done(served.person("su.ran"), number, "statement/draft_statement", **TEXT)
    text = served.person("su.ran").get(f"/api/incidents/{number}").json()["state"]["statement"]
    slots = text["statements"]["S1"]["slots"]
    return number, {one["language"]: one["key"] for one in slots if one["language"]} | {
        "sha256": text["statements"]["S1"]["sha256"]
    }


def reviewer(served: Served, language: str) -> Asker:
    """The demo company's reviewer of a language."""
    return served.person({"de": "lena.vogt", "fr": "claire.moreau"}[language])


@pytest.mark.parametrize("named", [True, False], ids=["the language named", "none named"])
def test_another_languages_reviewer_attests_nothing(served: Served, named: bool) -> None:
    number, slots = handed_in(served)
    body = {"sha256": slots["sha256"]}
    if not named:
        first = {**body, "slot": slots["fr"]}
        done(reviewer(served, "fr"), number, "statement/S1/approve_statement", **first)
    body["slot"] = slots["de"] if named else ""
    told = reviewer(served, "fr").post(
        f"/api/incidents/{number}/statement/S1/approve_statement", body
    )
    assert told.status_code in (403, 422), told.text
    theirs = {**body, "slot": slots["de"]}
    done(reviewer(served, "de"), number, "statement/S1/approve_statement", **theirs)
