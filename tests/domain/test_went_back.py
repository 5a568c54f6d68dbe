"""A text that waits for approval and is written again for a fact says that it went back."""

import pytest

from domain.dispatch import Act
from domain.facts import RecordFact, VerifyFact
from domain.incident import effects, mark_for
from domain.people import Role
from domain.statement import StatementDrafted
from domain.values import PublicText
from tests.domain.story import Story, person
from tests.domain.texts import AUTHOR, approved, draft, handed_in, text

QUALITY = person(Role.QUALITY, name="quality")
QSR = person(Role.QUALITY_SAFETY_RESPONSIBLE, name="qsr")


def written_again(stands: str) -> tuple[Story, StatementDrafted]:
    """Have a text that tells a reported fact, and verify the fact."""
    story = Story()
    story.accepted()
    sold = RecordFact(key="units_sold", value=PublicText("1200"), as_of=story.now)
    story.did(QUALITY, sold)
    said = draft("holding", text(body="已售 {{units_sold}} 件。"))
    if stands == "draft":
        story.did(AUTHOR, said)
    else:
        handed_in(story, said)
    if stands == "approved":
        approved(story)
    events = story.did(QSR, VerifyFact(key="units_sold"))
    return story, next(one for one in events if isinstance(one, StatementDrafted))


@pytest.mark.parametrize("stands", ["in review", "approved"])
def test_it_says_to_whom_it_is_handed_in_again_and_tells_both_sides(stands: str) -> None:
    story, made = written_again(stands)
    assert {Role.LEGAL, Role.QUALITY_SAFETY_RESPONSIBLE} <= set(made.again)
    act = Act(command_id="k", actor=QSR, at=story.now, happened_at=story.now, command=None)
    told = effects(story.incident, made, mark_for(story.incident, act))
    kinds = {each.target: each.body["roles"] for each in told if each.name == "tell"}
    assert "pr_officer" in kinds["review_moved"]
    assert "legal" in kinds["review_withdrawn"]
    assert not set(kinds["review_moved"]) & set(kinds["review_withdrawn"])


def test_a_draft_went_nowhere() -> None:
    _, made = written_again("draft")
    assert (made.because, made.again) == (("units_sold",), ())
