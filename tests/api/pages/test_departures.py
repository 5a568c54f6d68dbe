"""Where an incident departed from the plan: five kinds, each with its entries or with "none"."""

from datetime import UTC, datetime

import pytest

from api.event_words import TELLS
from api.pages.departures import DEPARTURES, refused_acts
from api.word_lists import LISTS
from domain.acts import ActRefused
from domain.ledger import Entry
from domain.people import CLOCK
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, done
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

HOLDING = {
    "kind": "holding",
    "markets": ["CN"],
    "preliminary": True,
    "texts": [
        {"language": "en", "title": "First word", "body": "We look into reports."},
        {"language": "zh-CN", "title": "情况说明", "body": "我们正在核实有关反映。"},
    ],
}


def test_every_departure_is_an_entry_that_can_happen() -> None:
    named = {name for of in DEPARTURES.values() for name in of}
    assert named <= set(TELLS)


def test_what_lapsed_because_its_figures_moved_is_not_called_silence() -> None:
    assert "ActLapsed" not in DEPARTURES["silence"]
    assert "ActLapsed" in DEPARTURES["lapsed"]


def test_question_nine_leads_to_every_kind_of_departure(served: Served, at: SignedIn) -> None:
    number = accepted(served)
    done(served.person("ye.fan"), number, "statement/draft_statement", **HOLDING)
    texts = served.person("ye.fan").get(f"/api/incidents/{number}").json()["state"]["statement"]
    words = texts["statements"]["S1"]["sha256"]
    done(served.person("ye.fan"), number, "statement/S1/ask_for_review", sha256=words)
    reason = "The hotline opens at noon."
    done(
        served.person("gao.yuan"), number, "statement/S1/allow_gaps",
        items=["phone_answers"], reason=reason, sha256=words,
    )  # fmt: skip
    refused = served.person("an.qi").post(
        f"/api/incidents/{number}/halt/resume_sale", {"basis": "?"}
    )
    assert refused.status_code == 403
    page = at("ren.jia").open(f"/incidents/{number}/audit")
    assert page.link("Where did you depart from the plan").endswith("/audit#departures")
    assert "departures" in page.ids
    late, overridden, silence, lapsed, acts = (
        page.text.index(LISTS["departure"][kind]) for kind in DEPARTURES
    )
    said = page.text[late:overridden]  # the clock of the installation runs: a time may be over
    assert ("Late 0 none" in said) != ("verdue" in said)
    assert reason in page.text[overridden:silence]
    assert "none" in page.text[silence:lapsed]
    assert "none" in page.text[lapsed:acts]
    assert "An Qi tried" in page.text[acts:]
    assert "what was malformed never reached it" in page.text


def test_refusals_without_an_entry_of_their_own_are_counted() -> None:
    def refused(more: int) -> Entry:
        now = datetime(2026, 11, 20, tzinfo=UTC)
        event = ActRefused(
            command="publish_statement", by="su.ran", reason="gate", sentence="No.", hint="",
            who_could=(), more=more,
        )  # fmt: skip
        return Entry(
            incident="INC-2026-0001", seq=1, command_id="c", actor=CLOCK, happened_at=now, at=now,
            recorded_at=now, plan="", build="", event=event,
        )  # fmt: skip

    assert refused_acts([refused(0), refused(3)]) == 5
