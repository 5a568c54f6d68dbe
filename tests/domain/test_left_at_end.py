"""What is still not so when an incident ends: it is said in its last entry, and never as done."""

from dataclasses import replace

import pytest

from domain.facts import RecordFact
from domain.halt import OrderHalt
from domain.left_at_end import NAMED, left_at_end, left_in
from domain.people import Role
from domain.review import CloseIncident, open_items
from domain.scope import LotAnswer
from domain.severity import HaltLevel
from domain.state import Incident, with_stage
from domain.state.recall import ConsigneeState
from domain.statement_demand import demands
from domain.values import LotNumber, PublicText
from tests.domain.recalls import QSR, SHOPS, SUPPLY, answer, running
from tests.domain.story import MILD, SERIOUS, START, Story, person
from tests.domain.test_following import published, records

COMMANDER = person(Role.INCIDENT_COMMANDER, Role.DUTY_OFFICER)
LEGAL = person(Role.LEGAL)


def halted(*states: str) -> Incident:
    """An incident whose first channels stand so; the others have confirmed."""
    story = Story()
    story.accepted(MILD)
    story.did(COMMANDER, OrderHalt(level=HaltLevel.H2, reason=PublicText("To be safe.")))
    now = story.incident
    wanted = [*states, *["confirmed"] * len(now.halt.channels)]
    channels = {
        name: replace(one, state=state)
        for (name, one), state in zip(now.halt.channels.items(), wanted, strict=False)
    }
    return with_stage(now, "halt", channels=channels)


@pytest.mark.parametrize(
    ("states", "said"),
    [
        pytest.param((), (), id="all confirmed"),
        pytest.param(("taken_over", "resumed"), (), id="answered for"),
        pytest.param(("ordered",), ("1 of {n} channels has not confirmed that it stopped",), id="one"),
        pytest.param(
            ("refused", "selling"),
            ("2 of {n} channels have not confirmed that they stopped",),
            id="two",
        ),
    ],
)  # fmt: skip
def test_channels_that_never_confirmed_are_named(
    states: tuple[str, ...], said: tuple[str, ...]
) -> None:
    incident = halted(*states)
    count = len(incident.halt.channels)
    told = tuple(one for one in left_at_end(incident) if "channel" in one)
    assert told == tuple(one.format(n=count) for one in said)
    assert left_in(incident, "halt") == ("left" if said else "stopped")
    lifted = with_stage(incident, "halt", levels={})
    assert left_in(lifted, "halt") == ("left" if said else "")


def test_facts_that_nobody_verified_and_texts_that_never_went_out_are_named() -> None:
    story = running()
    story.did(QSR, RecordFact(key="signs", value=PublicText("redness"), as_of=START))
    told = left_at_end(story.incident)
    assert "1 fact is not verified" in told
    due = {one.kind for one in demands(story.incident) if one.what == "out" and not one.met}
    assert due
    names = "; ".join(story.incident.rules.plan.statement(kind).title_en for kind in sorted(due))
    said = next(one for one in told if "the plan asks for did not go out: " in one)
    assert sorted(said.partition(": ")[2].split("; ")) == sorted(names.split("; "))
    assert left_in(story.incident, "investigation") == "left"


def test_a_text_that_only_had_to_be_ready_never_had_to_go_out() -> None:
    story = Story()
    story.accepted(MILD)
    assert any(not one.met for one in demands(story.incident))
    assert not any("did not go out" in one for one in left_at_end(story.incident))


def test_a_text_that_is_known_to_be_wrong_stays_open_only_with_a_reason() -> None:
    story = Story()
    story.accepted(SERIOUS)
    wrong = "text S1 was called wrong, and nobody corrected it or found it right"
    published(story)
    assert wrong not in open_items(story.incident)
    records(story, "1450")
    assert wrong in open_items(story.incident)
    assert left_in(story.incident, "statement") == "left"


def test_units_that_consignees_left_open_are_named_those_with_most_first() -> None:
    story = running()
    for shop, received in zip(SHOPS, (300, 500), strict=False):
        row = LotAnswer(lot=LotNumber("L1"), received=received, on_hand=100)
        story.did(SUPPLY, answer(shop, lots=(row,)))
    told = [one for one in left_at_end(story.incident) if "does not say where" in one]
    assert told == [
        "shop-2 received 500 units of lot L1 and does not say where 400 of them are",
        "shop-1 received 300 units of lot L1 and does not say where 200 of them are",
    ]


def test_answers_beyond_those_that_are_named_are_counted() -> None:
    story = running()
    rows = {
        f"shop-{n}": ConsigneeState(
            id=f"shop-{n}", answers=1, lots=(LotAnswer(lot=LotNumber("L1"), received=5),)
        )
        for n in range(NAMED + 2)
    }
    now = with_stage(story.incident, "recall", consignees=rows)
    assert left_at_end(now)[-1] == "10 units more are not accounted for, in 2 answers about a lot"


def test_what_came_back_of_each_lot_is_said() -> None:
    told = left_at_end(running().incident)
    assert any(one.startswith("lot L1: 0 ") and "units came back" in one for one in told), told


def test_the_last_entry_names_it_for_ever() -> None:
    story = Story()
    story.accepted(MILD)
    close = CloseIncident(
        summary=PublicText("It is over."), reason_for_open_items=PublicText("The halt stays.")
    )
    story.did(COMMANDER, close)
    story.signed(QSR, LEGAL)
    review = story.incident.review
    assert review.closed_at is not None
    assert review.left == left_at_end(story.incident) != ()
