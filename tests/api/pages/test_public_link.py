"""Where the page of a text leads to what the public reads, and to the press kit."""

import pytest

from api.pages.statement import public_page
from domain.people import PERFORMER
from tests.domain.story import Story
from tests.domain.texts import PR_LEAD, approved, draft, handed_in, now, placed, publish, text


@pytest.mark.parametrize(
    ("place", "leads"), [("site", True), ("press", False)], ids=["at our page", "by hand alone"]
)
def test_only_a_text_that_stands_at_our_own_page_leads_there(place: str, leads: bool) -> None:
    story = Story()
    story.accepted()
    handed_in(story, draft("holding", text(), text("en"), markets=("CN", "US")))
    approved(story)
    assert public_page(story.incident.id, now(story)) == ""
    story.did(PR_LEAD, publish(now(story), place))
    assert public_page(story.incident.id, now(story)) == "", "it is only on its way"
    story.did(PERFORMER, placed(now(story), place))
    path = f"/recalls/{story.incident.id}-S1" if leads else ""
    assert public_page(story.incident.id, now(story)) == path
