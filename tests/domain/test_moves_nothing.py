"""Stage `statement`: what changes no word of a text gives it no new version, gap or flag."""

from typing import Any

import pytest

from domain.fact_values import ValueKind
from domain.facts import FactWords, RecordFact
from domain.people import Role
from domain.recall_scope import SetScope, WidenScope
from domain.state.statement import Status
from domain.statement_gate import fact_faults
from domain.values import PublicText
from tests.domain.recalls import COMMANDER, COUNTED, lot, scope
from tests.domain.story import SERIOUS, Story, person
from tests.domain.test_publishing import out
from tests.domain.texts import approved, draft, handed_in, now, text

QUALITY = person(Role.QUALITY, name="quality")


def sold_in(*markets: str) -> dict[str, Any]:
    """The same markets, written down in some order."""
    value = PublicText("\n".join(markets))
    return {"key": "sold_in", "kind": ValueKind.ROW, "value": value}


def hours(**said: str) -> dict[str, Any]:
    """The hours of the phone line, in some languages."""
    words = tuple(FactWords(language=each, value=PublicText(told)) for each, told in said.items())
    return {"key": "hours", "value": PublicText("9 to 17"), "said_in": words}


@pytest.mark.parametrize(
    ("first", "again", "body"),
    [
        pytest.param(
            sold_in("FR", "DE"), sold_in("DE", "FR"), "在售：{{sold_in}}。", id="another order"
        ),
        pytest.param(
            hours(zh="九点到十七点"),
            hours(ko="9시부터"),
            "热线：{{hours}}。",
            id="another language",
        ),
    ],
)
def test_what_changes_no_word_of_a_text_moves_nothing(
    first: dict[str, Any], again: dict[str, Any], body: str
) -> None:
    story = Story()
    story.accepted(SERIOUS)
    story.did(QUALITY, RecordFact(as_of=story.now, **first))
    handed_in(story, draft("holding", text(body=body)))
    approved(story)
    story.did(QUALITY, RecordFact(as_of=story.now, **again))
    assert (now(story).version, now(story).status) == (1, Status.APPROVED)
    assert not fact_faults(story.incident, now(story), story.now, None)
    out(story)
    story.did(QUALITY, RecordFact(as_of=story.now, **first))
    assert not now(story).flags


def test_the_same_lots_again_in_a_wider_scope_move_no_text() -> None:
    story = Story()
    story.accepted(SERIOUS)
    story.did(QUALITY, SetScope(**scope(lots=(lot("L2", **COUNTED), lot("L1", **COUNTED)))))
    handed_in(story, draft("holding", text(body="批次：{{lots}}。")))
    approved(story)
    wider = scope(lots=(lot("L1", **COUNTED), lot("L2", **COUNTED)), markets=("CN", "DE"))
    story.did(COMMANDER, WidenScope(**wider))
    assert (now(story).version, now(story).status) == (1, Status.APPROVED)
