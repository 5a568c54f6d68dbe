"""What-if: what is supposed is what happens when it is done then, and nothing is changed by it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.acts import SignAct
from domain.agenda import dues, rungs_of
from domain.authorities import RecordAuthorityAct
from domain.cases import FollowUpCase, RegisterCase
from domain.determining import DetermineNotReportable
from domain.dispatch import Act
from domain.duties import with_duty
from domain.errors import Malformed
from domain.filing import FileFirst
from domain.grading import AssessSeverity
from domain.people import Actor
from domain.product_class import ClassProduct
from domain.recall_scope import SetScope
from domain.recall_start import PlanRecallStart
from domain.regulation_terms import AuthorityActKind, DueBasis, ProductClass
from domain.report import AcceptReport
from domain.severity import Evidence, Fault, Outcome
from domain.state import incident_text
from domain.state.notice import Duty
from domain.urgency import tier
from domain.values import ProductId
from domain.what_if import Moves, Step, Supposed, act_at, compared, first_due, what_if
from tests.domain.duties import (
    AGENT_EU,
    COMMANDER,
    LEGAL,
    REGULATORY,
    SERVICE,
    Notified,
    answer_to,
    recalled_in_the_us,
    sent,
    story_of,
    words,
)
from tests.domain.recalls import ASSESSOR, BOSS, QSR, QUALITY, evaluation, recall, scope
from tests.domain.story import MILD, SERIOUS

Doing = tuple[Actor, Callable[[Notified], Any], tuple[Actor, ...]]


def supposed(story: Notified, who: Actor, command: Any, **later: float) -> Supposed:
    """Suppose an act, some time from now."""
    act = Act(command_id="w", actor=who, at=story.now, happened_at=story.now, command=command)
    step = Step(act=act_at(act, story.now + timedelta(**later)))
    return what_if(story.incident, [step], answer_to)


def duties(incident: Any) -> dict[str, Any]:
    """Give the duties without the numbers of entries, and without who signed: nobody is supposed."""
    return {duty.id: _told(duty) for duty in incident.notice.duties.values()}


def _told(duty: Duty) -> Duty:
    return replace(
        duty,
        seq=0,
        due_seq=None if duty.due_seq is None else 0,
        filings=tuple(replace(one, seq=0, by="") for one in duty.filings),
        determinations=tuple(replace(one, seq=0, signers=()) for one in duty.determinations),
    )


def person_hurt(country: str, outcome: Outcome = Outcome.HOSPITALISED) -> Callable[..., Any]:
    return lambda story: RegisterCase(
        outcomes=(outcome,),
        awareness_at=story.now - timedelta(hours=3),
        country=country,
        product=ProductId("cream"),
    )


def earlier(story: Notified) -> Any:
    known = story.now - timedelta(days=2)
    return FollowUpCase(case="P1", outcomes=(Outcome.DEATH,), awareness_at=known)


def authority(kind: AuthorityActKind, market: str = "CN") -> Callable[..., Any]:
    return lambda story: RecordAuthorityAct(
        authority=words("NMPA"),
        market=market,
        kind=kind,
        received_at=story.now,
        words=words("Stop."),
    )


def assessed(**more: Any) -> Callable[..., Any]:
    return lambda story: AssessSeverity(answers=replace(SERIOUS, **more))


def drug(story: Notified) -> Any:
    return ClassProduct(
        product=ProductId("cream"),
        market="US",
        product_class=ProductClass.DRUG,
        reason=words("A monograph."),
    )


def starts(story: Notified) -> Any:
    begins = story.now + timedelta(days=3)
    return PlanRecallStart(market="SG", starts_at=begins, reason=words("The carrier."))


def not_ours(story: Notified) -> Any:
    duty = next(iter(story.incident.notice.duties.values()))
    return DetermineNotReportable(duty=duty.id, reason=words("It was no product of ours."))


DOINGS: dict[str, Doing] = {
    "hurt in China": (SERVICE, person_hurt("CN"), ()),
    "hurt in Germany": (SERVICE, person_hurt("DE"), ()),
    "hurt in the US, mildly": (SERVICE, person_hurt("US", Outcome.MILD), ()),
    "died in Britain": (SERVICE, person_hurt("GB", Outcome.DEATH), ()),
    "known earlier, and worse": (SERVICE, earlier, ()),
    "assessed as serious": (COMMANDER, assessed(), ()),
    "assessed as content changed": (
        COMMANDER,
        assessed(fault=Fault.CONTENT_CHANGED, evidence=Evidence.ACCREDITED_LAB),
        (),
    ),
    "ordered to stop": (REGULATORY, authority(AuthorityActKind.ORDER_STOP), ()),
    "asked in the US": (REGULATORY, authority(AuthorityActKind.INQUIRY, "US"), ()),
    "a drug": (REGULATORY, drug, ()),
    "the first duty is filed": (
        REGULATORY,
        lambda story: FileFirst(**sent(story, next(iter(story.incident.notice.duties.values())))),
        (LEGAL,),
    ),
    "nothing to file": (REGULATORY, not_ours, (LEGAL,)),
    "recalled": (COMMANDER, lambda _story: recall(), (QSR, BOSS)),
}
"""Acts over an incident: who, what, and whose signatures make it take effect."""


def begun(country: str, market: str) -> Notified:
    """Give a story of a hurt person, accepted, with all that a recall needs on the record."""
    story = Notified()
    story.reported(MILD)
    story.hurt(country)
    story.did(COMMANDER, AcceptReport())
    story.did(QUALITY, SetScope(**scope(markets=tuple(sorted({country, market})))))
    story.did(ASSESSOR, evaluation())
    return story


@settings(max_examples=60, deadline=None)
@given(
    country=st.sampled_from(["CN", "DE", "US", "GB"]),
    market=st.sampled_from(["CN", "US", "FR"]),
    names=st.lists(st.sampled_from(list(DOINGS)), min_size=1, max_size=3),
    wait=st.integers(min_value=0, max_value=100),
)
def test_what_is_supposed_is_what_happens(
    country: str, market: str, names: list[str], wait: int
) -> None:
    story = begun(country, market)
    for name in names:
        who, make, signers = DOINGS[name]
        story.now += timedelta(hours=wait)
        command, before = make(story), incident_text(story.incident)
        foreseen = supposed(story, who, command)
        assert incident_text(story.incident) == before
        was = story.incident
        story.does(who, command)
        if signers and foreseen.refused is None:
            for signer in signers:
                story.does(signer, SignAct(act=list(story.incident.pending)[-1]))
        if foreseen.refused is not None:
            assert duties(story.incident) == duties(was)
            continue
        assert duties(foreseen.incident) == duties(story.incident)
        told = {one.after.id for one in foreseen.changes}
        now, then = duties(was), duties(story.incident)
        assert {one for one in then if now.get(one) != then[one]} >= told


@pytest.mark.parametrize("hours", [0, 5, 24 * 30])
def test_a_time_to_come_is_when_the_act_is_done(hours: int) -> None:
    story = begun("DE", "FR")
    foreseen = supposed(story, COMMANDER, recall(), hours=hours)
    story.now += timedelta(hours=hours)
    story.did(COMMANDER, recall())
    story.signed(QSR, BOSS)
    assert duties(foreseen.incident) == duties(story.incident)


def test_a_new_duty_comes_with_its_derivation() -> None:
    story = Notified()
    story.reported(MILD)
    found = supposed(story, SERVICE, person_hurt("DE")(story)).changes
    duty = next(one for one in found if one.after.rule == "EU-COS-23-SUE")
    assert duty.moves == (Moves.ARISES,)
    assert duty.before is None
    assert duty.due is not None
    assert duty.due.due_at == duty.after.due_at
    assert duty.due.steps_en[0].startswith("The clock starts")
    assert duty.due.calendar == "DE"


def test_an_earlier_knowledge_moves_and_a_worse_outcome_makes_certain() -> None:
    story = story_of("DE", Outcome.UNKNOWN)
    found = supposed(story, SERVICE, earlier(story)).changes
    moved = {one.after.rule: one for one in found}["EU-COS-23-SUE"]
    assert Moves.MOVES in moved.moves
    assert moved.before is not None
    assert moved.before.due_at is not None
    assert moved.after.due_at is not None
    assert moved.after.due_at < moved.before.due_at


def test_a_planned_start_moves_what_is_due_before_it() -> None:
    story = recalled_in_the_us()
    found = supposed(story, COMMANDER, starts(story))
    assert found.refused is None


def test_what_is_not_on_the_record_is_said() -> None:
    story = Notified()
    story.reported(SERIOUS)
    found = supposed(story, COMMANDER, recall())
    assert found.refused is not None
    assert found.changes == ()
    assert found.incident is story.incident


def test_who_may_not_do_it_is_told_the_clocks_all_the_same() -> None:
    story = Notified()
    story.reported(MILD)
    mine = supposed(story, AGENT_EU, person_hurt("CN")(story))
    theirs = supposed(story, SERVICE, person_hurt("CN")(story))
    assert [one.after for one in mine.changes] == [one.after for one in theirs.changes]


@pytest.mark.parametrize("days", [-10_000, 400, 100_000])
def test_a_time_that_nobody_means_is_refused(days: int) -> None:
    story = story_of("CN")
    with pytest.raises(Malformed, match="too far away"):
        supposed(story, SERVICE, person_hurt("CN")(story), days=days)


def test_twenty_hurt_people_cost_little() -> None:
    story = Notified()
    story.reported(MILD)
    for number in range(20):
        story.hurt(["CN", "DE", "US", "GB"][number % 4])
    command = person_hurt("FR")(story)
    supposed(story, SERVICE, command)  # calendars are built once for a process
    took = []
    for _ in range(5):
        began = perf_counter()
        supposed(story, SERVICE, command)
        took.append(perf_counter() - began)
    assert min(took) < 0.25, took


def test_what_the_law_limits_is_due_before_what_is_ours() -> None:
    story = recalled_in_the_us()
    found = sorted(
        (one for one in story.incident.notice.duties.values() if one.is_open and one.due_at),
        key=lambda one: (tier(one), one.due_at),
    )
    assert first_due(story.incident) == found[0]
    ours = replace(found[-1], due_at=story.now, due_basis=DueBasis.COMPANY, possible=True)
    assert first_due(with_duty(story.incident, ours)) == found[0]


def test_a_start_that_moves_no_due_time_is_no_move() -> None:
    story = story_of("DE", Outcome.UNKNOWN)
    now = story.incident
    duty = next(iter(now.notice.duties.values()))
    then = with_duty(now, replace(duty, start_at=duty.start_at - timedelta(hours=1)))
    assert compared(now, then, {}) == ()


def test_the_commander_hears_of_a_limit_of_the_law_when_it_passes() -> None:
    story = story_of("US")
    duty = next(one for one in story.incident.notice.duties.values() if one.law and one.due_at)
    told = [
        (rung.act, rung.at)
        for due, rung in rungs_of(story.incident, dues(story.incident))
        if due.key.startswith(f"duty:{duty.id}:") and due.law
    ]
    assert dict(told)["commander"] == duty.due_at
    assert dict(told)["legal_representative"] > duty.due_at
