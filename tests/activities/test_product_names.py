"""A text that refers to the products names them, and stays as it is while nothing moves."""

from dataclasses import replace

import pytest

from activities.derived import Desk
from activities.drafting import listed
from domain.dispatch import Act
from domain.facts import RecordFact
from domain.incident import decide, evolve, mark_for
from domain.people import Role
from domain.statement_gate import FactFault, fact_faults
from domain.values import PublicText
from storage import catalog
from storage.database import Database
from tests.database import embedded
from tests.domain.story import Story, person
from tests.domain.texts import AUTHOR, draft, now, text

__all__ = ["embedded"]

TOLD = "{{products}}"
QUALITY = person(Role.QUALITY, name="quality")


@pytest.fixture
def story(embedded: Database) -> Story:
    """A draft in two languages that tells which products are concerned, written as people do."""
    cream = catalog.Item(id="cream", name_zh="露华面霜", name_en="Dew Cream")
    catalog.put_items(embedded.ledger, "product", [cream])
    story = Story()
    story.accepted()
    story.did(QUALITY, RecordFact(key="sold", value=PublicText("12"), as_of=story.now))
    said = draft("holding", text(body=f"{TOLD}：{{{{sold}}}}"), text("en", body=f"About {TOLD}."))
    quotes = listed(Desk(embedded.ledger), story.incident, said.texts, story.now)
    act = Act(command_id="k", actor=AUTHOR, at=story.now, happened_at=story.now, command=said)
    act = replace(act, listed=quotes)
    for event in decide(story.incident, act):
        story.incident = evolve(story.incident, event, mark_for(story.incident, act))
    return story


def bodies(story: Story) -> list[str]:
    return [one.body for one in now(story).texts]


def test_it_names_them_in_its_language_and_keeps_the_names(story: Story) -> None:
    assert bodies(story) == [
        "露华面霜（初步）：12（初步）",
        "About Dew Cream (preliminary).",
    ]
    faults = fact_faults(story.incident, now(story), story.now, None)
    assert FactFault.CHANGED not in {fault for _, fault, _ in faults}
    story.did(QUALITY, RecordFact(key="sold", value=PublicText("13"), as_of=story.now))
    assert now(story).version == 2, "written again once, for the figure that moved"
    assert bodies(story)[0] == "露华面霜（初步）：13（初步）"
