"""Who is told: of a thing in a market its people first, and never nobody."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from activities.messages import MessageActivities, readers_of
from domain.agenda import dues
from domain.envelope import Told
from domain.filing import FileFull
from domain.incident import effects
from domain.ledger import read_entry
from domain.regulation_terms import FilingKind
from storage import company, people
from storage.database import open_database
from tests.domain.duties import REGULATORY, Notified, recalled_in_the_us, sent

MARKETS = {"bai": ["CN"], "jonas": ["DE", "FR"], "emily": ["US"], "anna": ["FR"]}


def person(name: str, *roles: str, deputy_for: tuple[str, ...] = ()) -> people.Person:
    return people.Person(
        id=name, name_zh=name, name_en=name, roles=roles, deputy_for=deputy_for, language="en"
    )


EVERYBODY = (
    person("bai", "regulatory_affairs"),
    person("jonas", "regulatory_affairs"),
    person("emily", "regulatory_affairs"),
    person("fang", "legal"),
    person("anna", "responsible_person_eu", deputy_for=("regulatory_affairs",)),
    person("gao", "incident_commander"),
)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        pytest.param({"in_market": "US"}, ["emily"], id="those of the market"),
        pytest.param({"in_market": "DE"}, ["jonas"], id="one of several markets"),
        pytest.param(
            {"in_market": "IT"}, ["jonas"], id="of the Union where nobody has the country"
        ),
        pytest.param({"in_market": "JP"}, ["bai", "jonas", "emily"], id="all where nobody has it"),
        pytest.param({}, ["bai", "jonas", "emily"], id="all where there is no market"),
        pytest.param(
            {"in_market": "US", "roles": ["regulatory_affairs", "legal"]},
            ["emily", "fang"],
            id="each role by itself, and who is bound to no market",
        ),
        pytest.param(
            {"in_market": "US", "roles": ["regulatory_affairs", "incident_commander"]},
            ["emily", "gao"],
            id="the ladder goes on to the commander",
        ),
        pytest.param(
            {"in_market": "US", "deputies": True},
            ["emily", "anna"],
            id="the deputy, though elsewhere",
        ),
        pytest.param({"in_market": "US", "person": "bai"}, ["bai", "emily"], id="and who is named"),
    ],
)
def test_people_of_the_market_are_told_first(body: dict[str, Any], told: list[str]) -> None:
    asked = {"roles": ["regulatory_affairs"], **body}
    assert [one.id for one in readers_of(asked, EVERYBODY, MARKETS)] == told


@pytest.fixture
def engines(tmp_path: Path) -> Iterator[tuple[Engine, Engine]]:
    database = open_database(f"sqlite:///{tmp_path / 'andon.db'}")
    database.migrate()
    yield database.ledger, database.bulk
    database.close()


@pytest.mark.parametrize(
    ("markets", "letters"),
    [pytest.param(MARKETS, 1, id="bound"), pytest.param(None, 3, id="nobody is bound")],
)
def test_the_letters_follow_the_companys_file(
    engines: tuple[Engine, Engine], markets: dict[str, list[str]] | None, letters: int
) -> None:
    engine, bulk = engines
    for one in EVERYBODY:
        people.save_person(engine, one)
    company.set_fact(engine, company.COMPANY, json.dumps({"markets": markets}))
    acts = MessageActivities(engine, bulk, "http://console")
    body = {
        "kind": "duty_arisen",
        "roles": ["regulatory_affairs"],
        "title": "Notice of a recall to the FDA",
        "duty": "D1",
        "rule": "US-CFR-7-46",
        "subject": "incident",
        "possible": False,
        "in_market": "US",
    }
    assert acts.tell([Told("key", "INC-2026-0001", "", body)]) == letters


# ---------------------------------------------------------------- what carries a market


def markets_told(story: Notified) -> dict[str, set[str]]:
    """Give by kind of message the markets that it carries, of everything that was told."""
    found: dict[str, set[str]] = {}
    for leaf in story.leaves:
        entry = read_entry(leaf)
        for effect in effects(story.incident, entry.event, entry.mark()):
            if effect.name == "tell":
                market = str(effect.body.get("in_market", ""))
                found.setdefault(str(effect.body["kind"]), set()).add(market)
    return found


def test_a_duty_and_its_clocks_carry_their_market() -> None:
    story = recalled_in_the_us()
    story.later(days=12)
    told = markets_told(story)
    assert told["duty_arisen"] == {"CN", "US"}
    assert told["reminder"] >= {"US"}
    duties = story.incident.notice.duties
    asked = [due for due in dues(story.incident) if due.item in duties]
    assert asked
    assert all(due.market == duties[due.item].place for due in asked)


def test_a_filing_that_waits_for_a_signature_carries_it_too() -> None:
    story = recalled_in_the_us()
    duty = story.duty("US-CFR-7-53")
    story.did(REGULATORY, FileFull(**sent(story, duty), kind=FilingKind.FOLLOW_UP))
    (waiting,) = [due for due in dues(story.incident) if due.act == "sign_act"]
    assert waiting.market == "US"
