"""An incident adopts another version of the plan, from the pages alone."""

import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.plan import read_plan
from domain.rules import Rules, rules_from_text, rules_of
from services.company import PLAN_FILE
from storage import company
from storage import rules as rule_store
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, done, words_of
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

QSR, BOSS, CHIEF = "lin.wei", "shen.anlan", "gao.yuan"
OFFER = "Adopt another version of the plan here"


@pytest.fixture
def newer(served: Served) -> Iterator[Rules]:
    """A version that the company adopts while the test runs."""
    engine = served.database.ledger
    before = company.fact(engine, company.ADOPTED_RULES)
    assert before is not None
    own = rules_from_text(rule_store.load_rules(engine, before).decode())
    document: dict[str, Any] = tomllib.loads(PLAN_FILE.read_text(encoding="utf-8"))
    document.update(version="2026.2", adopted_on=date(2026, 12, 1), review_on=date(2027, 12, 1))
    document["times"]["legal_hold"]["within"]["serious"] = "3 h"
    new = rules_of(read_plan(document), own.calendar, own.wording, own.regulations, own.beside)
    yield new
    company.set_fact(engine, company.ADOPTED_RULES, before)


def adopted_by_company(served: Served, new: Rules) -> None:
    """Do what `andon plan adopt` does."""
    engine = served.database.ledger
    rule_store.keep_rules(engine, "incident", new.text.encode(), datetime.now(UTC))
    company.set_fact(engine, company.ADOPTED_RULES, new.hash)


def test_the_incident_goes_on_by_the_newer_version(
    served: Served, at: SignedIn, newer: Rules
) -> None:
    number = accepted(served)
    here = f"/incidents/{number}"
    first = at(QSR).open(here)
    assert "Runs by version 2026.1 of the plan." in first.text
    assert OFFER not in words_of(first), "nothing newer is there"
    adopted_by_company(served, newer)
    people = at(QSR).open(f"{here}/people")
    assert "What version 2026.2 would change here" in people.text
    page = at(QSR).open(here)
    assert "The company has version 2026.2." in page.text
    assert OFFER in words_of(page)
    assert OFFER not in words_of(at("an.qi").open(here)), "it is nobody else's"
    form = at(QSR).open(f"{here}/people/adopt_plan")
    assert form.form("/adopt_plan").choices["rules"] == [newer.hash]
    assert "legal hold" in form.text.lower()
    assert "3 h" in form.text
    done(
        served.person(QSR), number, "people/adopt_plan", rules=newer.hash, reason="After the drill."
    )
    card = at(BOSS).open(here)
    assert "What changes" in card.text
    assert "Sign or decline: Adopt another version of the plan here" in card.text
    done(served.person(BOSS), number, "people/A1/sign_act")
    after = at(CHIEF).open(here)
    assert "Runs by version 2026.2 of the plan." in after.text
    assert "From here on version 2026.2 of the plan holds, until here 2026.1" in after.text
    assert OFFER not in words_of(at(QSR).open(here))
    people = at(CHIEF).open(f"{here}/people")
    assert "Versions that held here" in people.text
    assert newer.hash in people.text


def test_the_page_as_it_was_shows_the_version_that_held_then(
    served: Served, at: SignedIn, newer: Rules
) -> None:
    number = accepted(served)
    adopted_by_company(served, newer)
    done(
        served.person(QSR), number, "people/adopt_plan", rules=newer.hash, reason="After the drill."
    )
    done(served.person(BOSS), number, "people/A1/sign_act")
    was = at(CHIEF).open(f"/incidents/{number}/at/3")
    assert "Runs by version 2026.1 of the plan." in was.text
    answer = served.person(CHIEF).get(f"/api/incidents/{number}", params={"at": "3"})
    assert answer.status_code == 200


def test_a_reader_of_chinese_is_told_in_chinese(served: Served, at: SignedIn, newer: Rules) -> None:
    number = accepted(served)
    adopted_by_company(served, newer)
    here = f"/incidents/{number}"
    assert "公司现行版本为 2026.2" in at(QSR, "zh").open(here).text
    done(served.person(QSR), number, "people/adopt_plan", rules=newer.hash, reason="演练之后。")
    done(served.person(BOSS), number, "people/A1/sign_act")
    after = at(CHIEF, "zh").open(here)
    assert "按 2026.2 版预案处置" in after.text
    assert "自此起适用 2026.2 版预案，此前为 2026.1 版" in after.text
    audit = at(CHIEF, "zh").open(f"{here}/audit?show=100")
    assert "改用预案版本" in audit.text


def test_who_wants_what_cannot_be_is_told_why(served: Served, newer: Rules) -> None:
    number = accepted(served)
    address = f"/api/incidents/{number}/people/adopt_plan"
    unknown = served.person(QSR).post(address, {"rules": "f" * 64, "reason": "Why."})
    assert unknown.status_code == 409
    assert unknown.json()["code"] == "unknown_rules"
    adopted_by_company(served, newer)
    foreign = served.person(CHIEF).post(address, {"rules": newer.hash, "reason": "Why."})
    assert foreign.status_code == 403
