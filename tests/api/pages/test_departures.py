"""Where an incident departed from the plan: six kinds, each with its entries or with "none"."""

from datetime import UTC, datetime

import pytest

from api.pages.departures import refused_acts
from api.word_lists import LISTS
from domain.acts import ActRefused
from domain.ledger import Entry
from domain.people import CLOCK
from services.questions.departures import KINDS
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


def test_every_kind_of_departure_has_a_word() -> None:
    assert set(KINDS) == set(LISTS["departure"])


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
    assert page.link("Was the plan approved, trained and drilled").endswith("/audit/questions/9")
    assert "departures" in page.ids
    heads = page.text[page.text.index("Where the plan was departed from") :]
    places = [heads.index(LISTS["departure"][kind]) for kind in KINDS]
    assert places == sorted(places)
    late, overridden, silence, filled, lapsed, acts = places
    said = heads[late:overridden]  # the clock of the installation runs: a time may be over
    assert ("Late 0 none" in said) != ("verdue" in said)
    assert reason in heads[overridden:silence]
    assert "none" in heads[silence:filled]
    assert "none" in heads[lapsed:acts]
    assert "An Qi tried" in heads[acts:]
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
