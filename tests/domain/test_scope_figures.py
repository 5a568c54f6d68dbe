"""Figures of a scope move the facts that texts tell of the same thing."""

from dataclasses import replace
from typing import Any

import pytest

from domain.facts import RecordFact, VerifyFact, all_facts
from domain.people import PERFORMER, Role
from domain.recall_scope import SetScope
from domain.state.investigation import FactStatus
from domain.values import PublicText
from tests.domain.recalls import lot, scope
from tests.domain.story import SERIOUS, Story, person
from tests.domain.texts import (
    AUTHOR,
    PR_LEAD,
    approved,
    draft,
    handed_in,
    now,
    placed,
    publish,
    text,
)

QUALITY = person(Role.QUALITY, name="quality")
QSR = person(Role.QUALITY_SAFETY_RESPONSIBLE, name="qsr")
WHOLE: dict[str, Any] = {"made": 42_000, "on_hand": 7_000, "shipped": 34_373, "sold": 30_000}
TOLD = text(body="涉及{{units_affected}}。")


@pytest.fixture
def story() -> Story:
    """Twelve thousand units, as somebody told who called."""
    told = Story()
    told.accepted(replace(SERIOUS, units=12_000))
    return told


def scoped(story: Story, **counts: Any) -> None:
    story.did(QUALITY, SetScope(**scope(lots=(lot(**counts),))))


def units(story: Story) -> dict[str, str]:
    return {
        key.removeprefix("units_"): fact.value
        for key, fact in all_facts(story.incident).items()
        if key.startswith("units_")
    }


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        (
            WHOLE,
            {"affected": "34373", "made": "42000", "shipped": "34373", "sold": "30000"},
        ),
        ({"made": 42_000}, {"affected": "42000", "made": "42000"}),
        ({"sold": 10}, {"affected": "12000", "sold": "10"}),
        ({}, {"affected": "12000"}),
    ],
    ids=["all known", "only those made", "only those sold", "no number"],
)
def test_the_scope_says_how_many_once_it_knows(
    story: Story, counts: dict[str, int], told: dict[str, str]
) -> None:
    assert units(story) == {"affected": "12000"}
    scoped(story, **counts)
    assert units(story) == told


def test_a_lot_without_a_number_leaves_what_was_reported(story: Story) -> None:
    lots = (lot("L1", **WHOLE), lot("L2", made=5))
    story.did(QUALITY, SetScope(**scope(lots=lots)))
    assert units(story) == {"affected": "42005", "made": "42005"}


def test_what_is_out_with_the_reported_figure_is_flagged(story: Story) -> None:
    handed_in(story, draft("holding", TOLD))
    approved(story)
    story.did(PR_LEAD, publish(now(story), "site"))
    story.did(PERFORMER, placed(now(story), "site"))
    scoped(story, **WHOLE)
    (flag,) = now(story).flags
    assert (flag.fact, flag.now) == ("units_affected", "34373")


def test_what_is_not_out_is_written_again(story: Story) -> None:
    story.did(AUTHOR, draft("holding", TOLD))
    scoped(story, **WHOLE)
    assert "34,373" in now(story).texts[0].body


@pytest.mark.parametrize(
    ("verified", "told"), [(False, "34373"), (True, "20000")], ids=["told", "verified"]
)
def test_a_figure_of_one_person_gives_way_and_a_verified_one_stands(
    story: Story, verified: bool, told: str
) -> None:
    said = RecordFact(
        key="units_affected", value=PublicText("20000"), unit="units", as_of=story.now
    )
    story.did(QUALITY, said)
    if verified:
        story.did(QSR, VerifyFact(key="units_affected"))
    assert units(story)["affected"] == "20000"
    scoped(story, **WHOLE)
    fact = all_facts(story.incident)["units_affected"]
    assert (fact.value, fact.status) == (told, FactStatus.VERIFIED)
