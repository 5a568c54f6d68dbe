"""Stage `report`: the answers and the grade that follows from them.

What belongs here: asking again, raising, lowering. What never does: the severity rules themselves
(domain/severity_rules.py). New answers re-run all rules; every earlier result is kept (rule M8).

The grade never falls by itself. When people lower it by their signatures, they do so knowing the
answers of that hour: what the rules make of those answers, or of milder ones, does not raise it
again. An answer that is worse than theirs ends this, and the rules count in full.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from domain.dispatch import (
    Act,
    decides,
    evolves,
)
from domain.errors import Refused
from domain.message import ask, command, event
from domain.people import TEAM, Role
from domain.severity import Answers, Attention, Evidence, ExpectedClass, Fault, Grade
from domain.severity_assessment import Assessment, assess, may_lower
from domain.severity_rules import DANGEROUS, DOUBTFUL, VULNERABLE, WORD_OF_MOUTH
from domain.stages import Stage
from domain.state import Incident, Mark, Signature, with_stage
from domain.state.investigation import FactStatus, Verdict
from domain.state.report import Assessed
from domain.values import PublicText
from domain.wire import added

QUALITY_ROLES = (Role.QUALITY, Role.QUALITY_SAFETY_RESPONSIBLE)


@event("SeverityAssessed", stage=Stage.REPORT)
@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityAssessed:
    """The rules ran over the answers, or a person raised or lowered the grade.

    `people_counted`: a person said that the number of people hurt has everybody in it whom further
    reports told of besides.
    """

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
    people_counted: bool = added(False)


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
    counts_told_besides: bool = ask(
        "The number of people hurt has everybody in it whom further reports told of",
        default=False,
        added=True,
    )


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
    only_no_new_reports: bool = ask("The only reason is that no new reports came in", default=False)


def assessed(incident: Incident, act: Act, answers: Answers) -> SeverityAssessed:
    """Run the severity rules; a grade that people raised is never lowered by the rules."""
    parameters = incident.rules.plan.severity
    result: Assessment = assess(answers, parameters)
    now = incident.report
    settled = now.lowered_on is not None and not is_worse(answers, now.lowered_on)
    grade = now.grade if settled else max(result.grade, floor_of(incident))
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
        before=now.grade,
        signers=act.signers,
    )


def floor_of(incident: Incident) -> Grade:
    """Give the lowest grade that new answers may lead to: grades fall only by signatures (M5)."""
    return incident.report.grade if incident.report.assessments else Grade.MINOR


@decides(AssessSeverity)
def assess_severity(incident: Incident, act: Act, said: AssessSeverity) -> tuple[Any, ...]:
    """Answer again: all rules run again."""
    result = assessed(incident, act, said.answers)
    return (replace(result, people_counted=_counts_people(incident, said)),)


def _counts_people(incident: Incident, said: AssessSeverity) -> bool:
    """Say whether the number given has everybody in it whom further reports told of.

    Only where a person says so: a figure put right would hide people. Raises Refused without one.
    """
    if not (said.counts_told_besides and incident.report.told_besides):
        return False
    if said.answers.people is None:
        raise Refused(
            "How many people are hurt is not answered.",
            "Give the number that has all of them in it, or leave the box empty.",
            code="no_number",
        )
    if said.answers.people < incident.report.told_besides:
        raise Refused(
            f"Reports tell of {incident.report.told_besides} people besides, and the answers of "
            f"{said.answers.people} in all.",
            "Give the number that has all of them in it, or leave the box empty.",
            code="fewer",
        )
    return True


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
    """Lower the grade: a valid signed hazard evaluation, and more than silence for a day (M5)."""
    now = incident.report
    if said.grade >= now.grade:
        raise Refused(f"The grade is {now.grade}.", "Choose a lower grade, or leave it.")
    verdict = may_lower(
        now.grade,
        said.grade,
        evaluation_signed=incident.investigation.evaluation_holds(act.at),
        hours_since_first=(act.at - (now.received_at or act.at)) // timedelta(hours=1),
        only_no_new_reports=said.only_no_new_reports,
    )
    if not verdict.allowed:
        raise Refused(
            " ".join(reason.sentence_en for reason in verdict.reasons),
            "Until then the grade stands.",
            code=verdict.reasons[0].code,
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
        provisional=now.assessments[-1].provisional if now.assessments else False,
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
        lowered_on=_lowered_on(incident, result),
        told_besides=0 if result.people_counted else incident.report.told_besides,
        assessments=(*incident.report.assessments, kept),
        fault_since=_since(incident, result, "fault", mark),
        evidence_since=_since(incident, result, "evidence", mark),
    )


def _since(incident: Incident, result: SeverityAssessed, name: str, mark: Mark) -> datetime | None:
    """Say since when an answer is what it is; what it was before says nothing of that.

    What the first report told counts from the first knowledge of it.
    """
    now = incident.report
    if not now.assessments:
        return min((each.first_known_at for each in now.reports), default=mark.happened_at)
    if getattr(result.answers, name) == getattr(now.answers, name):
        known: datetime | None = getattr(now, f"{name}_since")
        return known
    return mark.happened_at


def _lowered_on(incident: Incident, result: SeverityAssessed) -> Answers | None:
    """Keep the answers that signatures lowered the grade on, until it rises again."""
    if result.grade < result.before:
        return result.answers
    return None if result.grade > result.before else incident.report.lowered_on


# ---------------------------------------------------------------- what the record answers


def known_evidence(incident: Incident) -> Evidence:
    """Say how we know: as answered, or by a test that was measured where word of mouth stands."""
    told = incident.report.answers.evidence
    conclusive = (Verdict.PASS, Verdict.FAIL)
    tests = incident.investigation.tests.values()
    measured = [test for test in tests if test.verdict in conclusive]
    if told not in WORD_OF_MOUTH or not measured:
        return told
    accredited = any(test.accreditation for test in measured)
    return Evidence.ACCREDITED_LAB if accredited else Evidence.OWN_RECORDS


def is_provisional(incident: Incident) -> bool:
    """Say whether the grade that stands rests on word of mouth alone (M4)."""
    made = incident.report.assessments
    return bool(made) and made[-1].provisional


def has_outgrown_its_grade(incident: Incident) -> bool:
    """Say whether more is known than a provisional grade rests on: nobody was asked again.

    A measured test counts until the answer about evidence says so; what else was found, verified or
    signed counts until the next assessment.
    """
    if not is_provisional(incident):
        return False
    now, since = incident.investigation, incident.report.assessments[-1].seq
    news = [test.result_seq or 0 for test in now.tests.values() if test.verdict is not None]
    news += [fact.seq for fact in now.facts.values() if fact.status is FactStatus.VERIFIED]
    news += [one.seq for one in now.findings]
    unsaid = known_evidence(incident) is not incident.report.answers.evidence
    return unsaid or any(seq > since for seq in news)


# ---------------------------------------------------------------- what counts as worse

RANKED = ("worst_outcome", "whereabouts", "credible_harm", "likelihood")
"""Answers whose lists go from the mildest to the worst."""

NAMED = ("fault", "authority_act", "intent")
"""Answers without an order: another one is news, unless it takes the matter back."""

COUNTED = ("serious_people", "people_in_cluster")
MARKED = ("medical_attention_mentioned", "social_impact_marked", "early_warning")
READ_BY_RULES = frozenset((*RANKED, *NAMED, *COUNTED, *MARKED, "users", "same_lot"))
"""Every answer that a rule or modifier of the grade reads; the others never change it."""


def is_worse(now: Answers, before: Answers) -> bool:
    """Say whether any answer that the rules read may be worse than it was.

    In doubt it is: knowing less, or another fault, counts as worse. What is not worse never leads
    the rules to a higher grade; a test holds this for all answers.
    """
    return (
        any(_ranks_worse(getattr(now, name), getattr(before, name)) for name in RANKED)
        or any(_is_news(getattr(now, name), getattr(before, name)) for name in NAMED)
        or any((getattr(now, n) or 0) > (getattr(before, n) or 0) for n in (*COUNTED, *MARKED))
        or bool((set(now.users) - set(before.users)) & VULNERABLE)
        or (before.same_lot is False and now.same_lot is not False)
    )


def _ranks_worse(now: StrEnum, before: StrEnum) -> bool:
    order = list(type(now))
    if now in (before, order[0]):
        return False
    return "unknown" in (now, before) or order.index(now) > order.index(before)


def _is_news(now: StrEnum, before: StrEnum) -> bool:
    if isinstance(now, Fault):
        harmless = now not in DANGEROUS | DOUBTFUL | {Fault.COUNTERFEIT_SUSPECTED}
        return now != before and not harmless
    return now not in (before, "none")
