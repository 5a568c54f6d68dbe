"""Stage `report`: the answers and the grade that follows from them.

What belongs here: asking again, raising, lowering. What never does: the severity rules themselves
(domain/severity_rules.py). New answers re-run all rules; every earlier result is kept (rule M8).
"""

from dataclasses import dataclass
from typing import Any

from domain.dispatch import (
    Act,
    decides,
    evolves,
)
from domain.errors import Refused
from domain.message import ask, command, event
from domain.people import TEAM, Role
from domain.severity import Answers, Attention, ExpectedClass, Grade
from domain.severity_assessment import Assessment, assess
from domain.stages import Stage
from domain.state import Incident, Mark, Signature, with_stage
from domain.state.report import Assessed
from domain.values import PublicText

QUALITY_ROLES = (Role.QUALITY, Role.QUALITY_SAFETY_RESPONSIBLE)


@event("SeverityAssessed", stage=Stage.REPORT)
@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityAssessed:
    """The rules ran over the answers, or a person raised or lowered the grade."""

    answers: Answers
    rule_set: str
    grade: Grade
    attention: Attention
    expected_class: ExpectedClass
    rules: tuple[str, ...]
    provisional: bool
    find_out: tuple[str, ...]
    before: Grade
    reason: PublicText = PublicText("")
    signers: tuple[Signature, ...] = ()


@command(
    "assess_severity",
    stage=Stage.REPORT,
    roles=TEAM,
    title="Answer the severity questions",
    help="The grade follows from the answers; nobody picks it.",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class AssessSeverity:
    """New answers run all rules again; every earlier result is kept."""

    answers: Answers = ask("What do we know?")


@command("raise_grade", stage=Stage.REPORT, roles=TEAM, title="Raise the grade", act="raise_grade")
@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseGrade:
    """Anyone of the team may raise the grade at once (rule M5)."""

    grade: Grade = ask("To which grade?")
    reason: PublicText = ask("Why?", max=2000)


@command("lower_grade", stage=Stage.REPORT, roles=TEAM, title="Lower the grade", act="lower_grade",
         meaning="The signed evaluation supports the lower grade")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class LowerGrade:
    """Lowering needs a signed hazard evaluation, two people and a reason (rule M5)."""

    grade: Grade = ask("To which grade?")
    reason: PublicText = ask("Why?", max=2000)


def assessed(incident: Incident, act: Act, answers: Answers) -> SeverityAssessed:
    """Run the severity rules; a grade that people raised is never lowered by the rules."""
    parameters = incident.rules.plan.severity
    result: Assessment = assess(answers, parameters)
    grade = max(result.grade, floor_of(incident))
    rules = result.rules if grade == result.grade else (*result.rules, "M5")
    return SeverityAssessed(
        answers=answers,
        rule_set=parameters.rule_set,
        grade=grade,
        attention=result.attention,
        expected_class=result.expected_class,
        rules=rules,
        provisional=result.provisional,
        find_out=result.find_out,
        before=incident.report.grade,
        signers=act.signers,
    )


def floor_of(incident: Incident) -> Grade:
    """Give the lowest grade that new answers may lead to: grades fall only by signatures (M5)."""
    return incident.report.grade if incident.report.assessments else Grade.MINOR


@decides(AssessSeverity)
def assess_severity(incident: Incident, act: Act, said: AssessSeverity) -> tuple[Any, ...]:
    """Answer again: all rules run again."""
    return (assessed(incident, act, said.answers),)


@decides(RaiseGrade)
def raise_grade(incident: Incident, act: Act, said: RaiseGrade) -> tuple[Any, ...]:
    """Raise the grade at once."""
    if said.grade <= incident.report.grade:
        raise Refused(
            f"The grade is {incident.report.grade} already.", "Choose a higher grade, or leave it."
        )
    return (_regraded(incident, act, said.grade, said.reason),)


@decides(LowerGrade)
def lower_grade(incident: Incident, act: Act, said: LowerGrade) -> tuple[Any, ...]:
    """Lower the grade, with a signed hazard evaluation only."""
    if said.grade >= incident.report.grade:
        raise Refused(
            f"The grade is {incident.report.grade}.", "Choose a lower grade, or leave it."
        )
    if not incident.investigation.evaluation_signed:
        raise Refused(
            "The grade is lowered only after a signed health hazard evaluation.",
            "Sign the evaluation first (rule M5).",
            code="evaluation_missing",
        )
    return (_regraded(incident, act, said.grade, said.reason),)


def _regraded(incident: Incident, act: Act, grade: Grade, reason: PublicText) -> SeverityAssessed:
    now = incident.report
    return SeverityAssessed(
        answers=now.answers,
        rule_set=incident.rules.plan.severity.rule_set,
        grade=grade,
        attention=now.attention,
        expected_class=now.expected_class,
        rules=("M5",),
        provisional=False,
        find_out=now.find_out,
        before=now.grade,
        reason=reason,
        signers=act.signers,
    )


@evolves(SeverityAssessed)
def _assessed(incident: Incident, result: SeverityAssessed, mark: Mark) -> Incident:
    kept = Assessed(
        seq=mark.seq,
        at=mark.at,
        grade=result.grade,
        attention=result.attention,
        expected_class=result.expected_class,
        rules=result.rules,
        provisional=result.provisional,
        by=mark.actor,
    )
    return with_stage(
        incident,
        "report",
        answers=result.answers,
        grade=result.grade,
        attention=result.attention,
        expected_class=result.expected_class,
        find_out=result.find_out,
        assessed_at=incident.report.assessed_at or mark.at,
        assessments=(*incident.report.assessments, kept),
    )
