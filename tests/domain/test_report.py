"""Stage report: receive, grade, accept, close; hurt people."""

from datetime import timedelta
from typing import Any

import pytest

from domain.acts import SignAct
from domain.agenda import dues
from domain.cases import CaseRegistered, FollowUpCase, RegisterCase
from domain.dispatch import Act
from domain.grading import AssessSeverity, RaiseGrade, SeverityAssessed
from domain.incident import decide
from domain.people import Actor, Role
from domain.report import (
    AcceptReport,
    AddReport,
    CloseReport,
    LinkReport,
    ReportDecided,
    ReportProblem,
    ReportReceived,
    ReportReopened,
)
from domain.review import IncidentReopened, ReopenIncident
from domain.severity import Answers, Attention, Fault, Grade, Outcome, Publicity, Whereabouts
from domain.state import with_stage
from domain.values import LotNumber, PrivateText, ProductId, PublicText
from tests.domain.story import CRITICAL, MILD, SERIOUS, START, Story, person

DUTY = person(Role.DUTY_OFFICER)
COMMANDER = person(Role.INCIDENT_COMMANDER)
QUALITY = person(Role.QUALITY)
AGENT = person(Role.SERVICE_AGENT)
WORDS = PrivateText(ref="t1", commitment="c1", subject="s1")


def test_the_first_report_says_who_knew_first_and_derives_the_grade() -> None:
    story = Story()
    events = story.reported(SERIOUS)
    received, result = events[:2]
    assert isinstance(received, ReportReceived)
    assert received.first_known_at == START - timedelta(hours=1)
    assert isinstance(result, SeverityAssessed)
    assert (result.grade, result.rules) == (Grade.SERIOUS, result.rules)
    assert "S1" in result.rules
    assert story.incident.report.status == "received"


@pytest.mark.parametrize(
    ("answers", "who", "may"),
    [
        pytest.param(MILD, DUTY, True, id="general: the duty officer"),
        pytest.param(SERIOUS, DUTY, False, id="serious: not the duty officer"),
        pytest.param(SERIOUS, COMMANDER, True, id="serious: the commander"),
        pytest.param(CRITICAL, COMMANDER, True, id="critical: the commander"),
        pytest.param(CRITICAL, QUALITY, False, id="critical: not quality"),
    ],
)
def test_who_accepts_depends_on_the_grade(answers: Answers, who: Actor, may: bool) -> None:
    story = Story()
    story.reported(answers)
    if may:
        assert isinstance(story.did(who, AcceptReport())[0], ReportDecided)
    else:
        refusal = story.refused(who, AcceptReport())
        assert refusal.reason == "not_allowed"
        assert "incident_commander" in refusal.who_could
        assert story.incident.report.status == "received"


def test_a_minor_report_is_closed_by_two_people_with_a_reason() -> None:
    story = Story()
    story.reported(Answers(fault=Fault.PACK_LABEL_COSMETIC, worst_outcome=Outcome.NONE,
                           whereabouts=Whereabouts.CONSUMERS))  # fmt: skip
    reason = PublicText("A scratched cap; nothing touches the content.")
    story.did(DUTY, CloseReport(reason=reason))
    assert story.incident.report.status == "received"
    story.signed(QUALITY)
    assert (story.incident.report.status, story.incident.report.reason) == ("closed", reason)


def test_nothing_closes_while_a_halt_stands() -> None:
    story = Story()
    story.reported(CRITICAL)
    refusal = story.refused(COMMANDER, CloseReport(reason=PublicText("It was nothing.")))
    assert refusal.reason in ("halt_stands", "not_allowed")


def test_a_report_is_never_linked_to_itself() -> None:
    story = Story()
    story.reported(MILD)
    said = LinkReport(incident=story.incident.id, reason=PublicText("Same."))
    assert story.refused(DUTY, said).reason == "refused"


@pytest.mark.parametrize(
    "ending",
    [
        pytest.param(CloseReport(reason=PublicText("No fault was found.")), id="closed"),
        pytest.param(
            LinkReport(incident="INC-2026-0009", reason=PublicText("The same jar.")), id="linked"
        ),
    ],
)
def test_a_report_without_an_incident_waits_for_its_decision_when_reopened(ending: Any) -> None:
    story = Story()
    story.reported(MILD)
    first = story.due("accept_report")
    story.did(DUTY, ending)
    story.signed(QUALITY)
    story.later(days=30)
    assert not dues(story.incident)
    fact = ReopenIncident(new_fact=PublicText("A second person called."))
    _, reopened = story.did(QUALITY, fact)
    assert isinstance(reopened, ReportReopened)
    again = story.due("accept_report:1")
    assert first is not None
    assert again is not None
    assert (again.roles, again.act, again.silence) == (first.roles, first.act, first.silence)
    # Its time begins anew, with every rung of the ladder before it.
    assert again.start_at == story.incident.report.reopened_at
    assert all(one.start_at >= again.start_at for one in dues(story.incident))
    assert story.incident.report.linked_to is None
    assert story.refused(QUALITY, fact).reason == "open"
    story.did(DUTY, AcceptReport())
    assert story.incident.report.is_accepted


def test_what_was_proposed_before_a_report_was_reopened_does_not_decide_it() -> None:
    story = Story()
    story.reported(MILD)
    story.did(DUTY, CloseReport(reason=PublicText("Only a mild rash.")))
    (closing,) = story.incident.pending
    story.did(DUTY, LinkReport(incident="INC-2026-0009", reason=PublicText("The same jar.")))
    linking = next(one for one in story.incident.pending if one != closing)
    story.did(QUALITY, SignAct(act=linking))
    story.did(QUALITY, ReopenIncident(new_fact=PublicText("Somebody is in hospital.")))
    assert not story.incident.pending
    assert story.due("accept_report:1") is not None


NEWS = [
    pytest.param(
        AddReport(first_known_at=START, first_known_country="CN", words=WORDS), id="a report"
    ),
    pytest.param(
        RaiseGrade(grade=Grade.SERIOUS, reason=PublicText("A customer has a rash.")), id="worse"
    ),
    pytest.param(
        RegisterCase(
            country="CN",
            outcomes=(Outcome.HOSPITALISED,),
            awareness_at=START,
            product=ProductId("cream"),
        ),
        id="a hurt person",
    ),
]


@pytest.mark.parametrize("news", NEWS)
def test_news_opens_a_report_again_that_ended_without_an_incident(news: Any) -> None:
    story = Story()
    story.reported(MILD)
    story.did(DUTY, CloseReport(reason=PublicText("Only a smell.")))
    story.signed(QUALITY)
    assert not dues(story.incident)
    events = story.did(QUALITY, news)
    assert [one.before for one in events if isinstance(one, ReportReopened)] == ["closed"]
    assert story.due("accept_report:1") is not None
    # What the plan stops before anything is confirmed, it stops now.
    row = story.incident.rules.plan.grades[story.incident.grade]
    assert bool(story.incident.halt.orders) == (row.halt_on_report != "H0")
    numbers = [order.number for order in story.incident.halt.orders]
    assert len(numbers) == len(set(numbers))


def test_a_better_grade_opens_nothing_again() -> None:
    story = Story()
    story.reported(MILD)
    story.did(DUTY, CloseReport(reason=PublicText("Only a smell.")))
    story.signed(QUALITY)
    story.did(QUALITY, AssessSeverity(answers=MILD))
    assert story.incident.report.status == "closed"


def test_a_sealed_incident_is_reopened_without_asking_for_acceptance_again() -> None:
    story = Story()
    story.accepted(MILD)
    sealed = with_stage(story.incident, "review", closed_at=story.now)
    act = Act(command_id="k", actor=QUALITY, at=story.now, happened_at=story.now,
              command=ReopenIncident(new_fact=PublicText("A second person called.")))  # fmt: skip
    assert [type(one) for one in decide(sealed, act)] == [IncidentReopened]


def test_the_same_incident_is_not_reported_twice() -> None:
    story = Story()
    story.reported(MILD)
    again = ReportProblem(
        first_known_at=START, first_known_country="CN", products=(ProductId("cream"),)
    )
    assert story.refused(AGENT, again).reason == "open"


def test_a_further_report_adds_its_lots_and_the_halts_reach_them() -> None:
    story = Story()
    story.reported(CRITICAL)
    before = len(story.incident.halt.orders)
    story.did(
        AGENT,
        AddReport(
            first_known_at=START, first_known_country="CN", words=WORDS, lots=(LotNumber("L2"),)
        ),
    )
    assert story.incident.report.lots == ("L1", "L2")
    assert len(story.incident.halt.orders) == before + 3


def test_publicity_moves_attention_and_never_the_grade() -> None:
    story = Story()
    story.accepted(MILD)
    grade = story.incident.report.grade
    louder = Answers(
        worst_outcome=Outcome.MILD,
        people=1,
        whereabouts=Whereabouts.CONSUMERS,
        publicity=Publicity.NATIONAL,
    )
    story.did(COMMANDER, AssessSeverity(answers=louder))
    assert (story.incident.report.grade, story.incident.report.attention) == (
        grade,
        Attention.HIGH,
    )


def test_anyone_of_the_team_raises_the_grade_and_better_answers_do_not_lower_it() -> None:
    story = Story()
    story.accepted(MILD)
    story.did(AGENT, RaiseGrade(grade=Grade.CRITICAL, reason=PublicText("Third call today.")))
    story.did(COMMANDER, AssessSeverity(answers=MILD))
    assert story.incident.report.grade == Grade.CRITICAL


def registered(*outcomes: Outcome) -> RegisterCase:
    return RegisterCase(
        outcomes=outcomes,
        awareness_at=START,
        country="CN",
        product=ProductId("cream"),
        person=WORDS,
    )


def test_two_serious_people_make_it_critical() -> None:
    story = Story()
    story.accepted(MILD)
    grades = []
    for _ in range(2):
        story.did(AGENT, registered(Outcome.HOSPITALISED))
        grades.append(story.incident.report.grade)
    assert grades == [Grade.SERIOUS, Grade.CRITICAL]
    assert set(story.incident.report.cases) == {"P1", "P2"}


def test_follow_ups_are_numbered_and_kept_with_the_person() -> None:
    story = Story()
    story.accepted(MILD)
    story.did(AGENT, registered(Outcome.MILD))
    worse = story.did(AGENT, FollowUpCase(case="P1", outcomes=(Outcome.DISFIGUREMENT,)))[0]
    assert isinstance(worse, CaseRegistered)
    assert (worse.case, worse.follow_up, worse.levels.us) == ("P1", 1, "yes")
    assert story.refused(AGENT, FollowUpCase(case="P9", outcomes=(Outcome.MILD,))).hint
