"""Whatever people do in whatever order: the middle answers, and every fold agrees."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.acts import ActRefused
from domain.agenda import dues, next_ring, rungs_of
from domain.dispatch import APPOINTMENTS
from domain.errors import AndonError
from domain.incident import fold, new_incident
from domain.overview import stage_words
from domain.people import Actor
from domain.severity import Answers
from domain.state import Incident, incident_document, incident_text, read_incident_text
from domain.state.stream import StateWriter
from tests.domain.story import CRITICAL, MILD, SERIOUS, Story, rules
from tests.figures import FULL
from tests.properties.acts import acts

Run = list[tuple[tuple[Actor, Any], int]]
STARTS = st.sampled_from([MILD, SERIOUS, CRITICAL])
RUNS = st.lists(st.tuples(acts(), st.integers(min_value=0, max_value=300)), max_size=8)
NOBODY = Actor(id="nobody", roles=())
LONG = settings(
    max_examples=settings().max_examples if FULL else 15,
    suppress_health_check=[HealthCheck.too_slow],
    deadline=None,
)
"""Each example plays a whole incident; `make prove` plays as many as it does of anything."""


def without_bookkeeping(incident: Incident) -> str:
    """Give the incident as text, leaving out what a refusal itself writes down."""
    return incident_text(replace(incident, refusals={}, refusals_counted=0, size=0, last_at=None))


def played(answers: Answers, run: Run) -> Story:
    """Play a run of acts on an accepted incident, with time passing in between."""
    story = Story()
    story.accepted(answers)
    for (who, command), minutes in run:
        before = without_bookkeeping(story.incident)
        try:
            events = story.does(who, command)
        except AndonError:
            continue
        if events and all(isinstance(event, ActRefused) for event in events):
            assert without_bookkeeping(story.incident) == before
        story.later(minutes=minutes)
    return story


def soonest_of_all(incident: Incident) -> datetime | None:
    """Look at every rung over everything due, and at every appointment."""
    rungs = [rung.at for _, rung in rungs_of(incident, dues(incident))]
    appointed = [
        at for of, times, _ in APPOINTMENTS if isinstance(incident, of) for at in times(incident)
    ]
    return min(rungs + appointed, default=None)


@LONG
@given(answers=STARTS, run=RUNS)
def test_every_prefix_folds_and_travels(answers: Answers, run: Run) -> None:
    story = played(answers, run)
    folded = new_incident(story.incident.id, rules())
    writer = StateWriter(Incident)
    for leaf in story.leaves:
        folded = fold(folded, [leaf])
        assert next_ring(folded) == soonest_of_all(folded)
        plain = incident_document(folded)
        assert writer.text(folded) == json.dumps(plain, sort_keys=True, separators=(",", ":"))
    assert incident_text(folded) == incident_text(story.incident)
    assert read_incident_text(incident_text(folded), rules()) == folded
    assert set(stage_words(folded).values()) <= {"none", "waiting", "running", "done", "not_needed"}


@LONG
@given(answers=STARTS, run=RUNS)
def test_the_clock_always_comes_to_rest(answers: Answers, run: Run) -> None:
    story = played(answers, run)
    bell = next_ring(story.incident)
    assert bell is None or bell > story.now


@LONG
@given(run=RUNS)
def test_nobody_without_a_role_changes_anything(
    run: Run,
) -> None:
    story = Story()
    story.accepted(SERIOUS)
    before = without_bookkeeping(story.incident)
    for (_, command), _minutes in run:
        try:
            story.does(NOBODY, command)
        except AndonError:
            continue
    assert without_bookkeeping(story.incident) == before
