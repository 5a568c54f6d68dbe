"""Whatever people do before and after an incident adopts another plan: every fold agrees."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.acts import SignAct
from domain.adopting import AdoptPlan
from domain.agenda import dues
from domain.errors import AndonError
from domain.incident import fold, new_incident
from domain.people import Role
from domain.rules import Shelf
from domain.severity import Answers, Grade
from domain.state import Incident, incident_text, read_incident_text
from tests.domain.plans import put
from tests.domain.story import Story, person, rules
from tests.domain.test_adopting import BOSS, QSR, adopts, story_knowing
from tests.domain.versions import WHY, milder_halts, other_signer, version, within
from tests.properties.test_incident import LONG, RUNS, STARTS, Run, without_bookkeeping

VERSIONS = {
    "as it is": version(),
    "milder halts": version(milder_halts, put("version", "2026.3")),
    "another signer": version(other_signer, within("times.legal_hold", "10 min")),
    "of 2027, no regulations": version(
        put("adopted_on", date(2027, 1, 1)), put("review_on", date(2028, 1, 1)), regulations=()
    ),
}
CHOSEN = st.sampled_from(sorted(VERSIONS))
"""By name: a whole version in the report of a failure would hide what failed."""
STANDING = {
    role: person(role)
    for role in Role
    if role
    not in (Role.CLOCK, Role.PERFORMER, Role.QUALITY_SAFETY_RESPONSIBLE, Role.LEGAL_REPRESENTATIVE)
}


def goes_on(story: Story, run: Run) -> None:
    """Play a run of acts, with time passing in between; what is malformed is left out."""
    for (who, command), minutes in run:
        try:
            story.does(who, command)
        except AndonError:
            continue
        story.later(minutes=minutes)


def with_adoption(answers: Answers, before: Run, new: str, after: Run) -> tuple[Story, int]:
    """Play, adopt, and go on; gives how many entries stood before the adoption was proposed."""
    story = story_knowing(*VERSIONS.values())
    story.accepted(answers)
    goes_on(story, before)
    size = story.incident.size
    if story.incident.review.closed_at is None:
        adopts(story, VERSIONS[new])
    goes_on(story, after)
    return story, size


@LONG
@given(answers=STARTS, before=RUNS, new=CHOSEN, after=RUNS)
def test_every_prefix_folds_and_travels_across_an_adoption(
    answers: Answers, before: Run, new: str, after: Run
) -> None:
    story, _ = with_adoption(answers, before, new, after)
    folded = story_knowing(*VERSIONS.values()).incident
    for leaf in story.leaves:
        folded = fold(folded, [leaf])
        dues(folded)
        assert read_incident_text(incident_text(folded), folded.rules) == folded
    assert folded == story.incident
    assert folded.rules.hash in {rules().hash, VERSIONS[new].hash}


def _halts(incident: Incident) -> Any:
    orders = {order.number: order.lifted_at for order in incident.halt.orders}
    return incident.halt.levels, orders, incident.halt.channels


@LONG
@given(answers=STARTS, before=RUNS, new=CHOSEN)
def test_adopting_lowers_no_grade_ends_no_halt_and_takes_no_duty_back(
    answers: Answers, before: Run, new: str
) -> None:
    story = story_knowing(*VERSIONS.values())
    story.accepted(answers)
    goes_on(story, before)
    if story.incident.review.closed_at is not None:
        return
    was = story.incident
    adopts(story, VERSIONS[new])
    assert list(Grade).index(story.incident.grade) >= list(Grade).index(was.grade)
    assert _halts(story.incident) == _halts(was)
    assert story.incident.notice.duties.keys() >= was.notice.duties.keys()
    assert story.incident.rules.hash == VERSIONS[new].hash


@LONG
@given(who=st.sampled_from(list(STANDING.values())), new=CHOSEN, proposed=st.booleans())
def test_a_wrong_role_neither_proposes_nor_signs(who: Any, new: str, proposed: bool) -> None:
    story = story_knowing(*VERSIONS.values())
    story.accepted()
    if proposed:
        story.did(QSR, AdoptPlan(rules=VERSIONS[new].hash, reason=WHY))
    before = without_bookkeeping(story.incident)
    command = SignAct(act="A1") if proposed else AdoptPlan(rules=VERSIONS[new].hash, reason=WHY)
    story.refused(who, command)
    assert without_bookkeeping(story.incident) == before
    assert story.incident.rules.hash == rules().hash


@LONG
@given(answers=STARTS, before=RUNS, new=CHOSEN)
def test_what_nobody_signed_decides_nothing(answers: Answers, before: Run, new: str) -> None:
    story = story_knowing(*VERSIONS.values())
    story.accepted(answers)
    goes_on(story, before)
    story.does(QSR, AdoptPlan(rules=VERSIONS[new].hash, reason=WHY))
    assert story.incident.rules.hash == rules().hash
    assert BOSS.id not in {each.by for each in story.incident.people.adoptions}
    bare = new_incident(story.incident.id, rules())
    assert fold(bare, story.leaves).rules.hash == rules().hash
    assert isinstance(story.incident.find_rules, Shelf)
