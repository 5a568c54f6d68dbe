"""Stage `report`: the minimal case register, one record per hurt person.

What belongs here: registering a person and what becomes known later. What never does: the law of
a market (domain/case_levels.py), or the after-sales case (domain/service_case.py).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.case_levels import CaseLevels, case_levels, serious_in
from domain.dispatch import (
    Act,
    decides,
    evolves,
    follows,
)
from domain.errors import Refused
from domain.grading import QUALITY_ROLES, assessed
from domain.message import ask, command, event
from domain.people import Access, Role
from domain.severity import Outcome
from domain.stages import Stage
from domain.state import Incident, Mark, with_stage
from domain.state.report import Case
from domain.values import LotNumber, PrivateText, ProductId
from domain.wire import added

CASE_ROLES = (
    Role.SERVICE_AGENT,
    Role.SERVICE_LEAD,
    Role.REGULATORY_AFFAIRS,
    Role.SAFETY_ASSESSOR,
    Role.DUTY_OFFICER,
    *QUALITY_ROLES,
)


@event("CaseRegistered", stage=Stage.REPORT, access=Access.HEALTH)
@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRegistered:
    """One hurt person, or what became known of them later (numbered follow-ups).

    `told_before`: one of those that a further report told of besides.
    """

    case: str
    follow_up: int
    outcomes: tuple[Outcome, ...]
    levels: CaseLevels
    awareness_at: datetime
    country: str
    product: str
    lot: str | None
    person: PrivateText | None
    account: PrivateText | None
    counterfeit: bool
    judged_by: str | None = None
    told_before: bool = added(False)


@command("register_case", stage=Stage.REPORT, roles=CASE_ROLES, title="Register a hurt person")
@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterCase:
    """One record per hurt person; seriousness is judged by each market's law (table 3.4)."""

    outcomes: tuple[Outcome, ...] = ask("What happened to the person?", some=True)
    awareness_at: datetime = ask("When did our company learn of this person?", past=True)
    country: str = ask("In which country or region does the person live?", max=2, country=True)
    product: ProductId = ask("Which product?")
    lot: LotNumber | None = ask("Which lot, if known?", default=None)
    person: PrivateText | None = ask(
        "Who is it, and how can we reach them?", default=None, access=Access.HEALTH
    )
    account: PrivateText | None = ask(
        "What happened, in their words?", default=None, access=Access.HEALTH
    )
    counterfeit: bool = ask("It may be a counterfeit", default=False)
    told_before: bool = ask(
        "A further report told of this person already",
        default=False,
        help="Then this person no longer counts among those told of besides.",
        added=True,
    )


@command("follow_up_case", stage=Stage.REPORT, roles=CASE_ROLES, title="Add to this case",
         item="case")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpCase:
    """What became known of a hurt person later."""

    case: str = ask("Case", max=20)
    outcomes: tuple[Outcome, ...] = ask("What happened to the person?", some=True)
    account: PrivateText | None = ask(
        "What is new, in their words?", default=None, access=Access.HEALTH
    )
    counterfeit: bool = ask("It may be a counterfeit", default=False)
    awareness_at: datetime | None = ask(
        "If our company knew of the person earlier than recorded: since when?",
        default=None,
        past=True,
        help="Any employee, whatever the role: the clocks of the law start there.",
    )
    lot: LotNumber | None = ask(
        "Which lot, if it is known by now?",
        default=None,
        help="Not known leaves the lot as it was recorded.",
        added=True,
    )


@decides(RegisterCase)
def register_case(incident: Incident, act: Act, said: RegisterCase) -> tuple[Any, ...]:
    """Register one hurt person, judged by each market's law."""
    number = len(incident.report.cases) + 1
    return (
        CaseRegistered(
            case=f"P{number}",
            follow_up=0,
            outcomes=tuple(said.outcomes),
            levels=case_levels(tuple(said.outcomes), counterfeit=said.counterfeit),
            awareness_at=said.awareness_at,
            country=said.country,
            product=said.product,
            lot=said.lot,
            person=said.person,
            account=said.account,
            counterfeit=said.counterfeit,
            told_before=said.told_before and incident.report.told_besides > 0,
        ),
    )


@decides(FollowUpCase)
def follow_up_case(incident: Incident, act: Act, said: FollowUpCase) -> tuple[Any, ...]:
    """Add what became known later, as a numbered follow-up."""
    case = incident.report.cases.get(said.case)
    if case is None:
        known = ", ".join(incident.report.cases) or "none yet"
        raise Refused(f"There is no case {said.case}.", f"Known cases: {known}.", code="no_case")
    outcomes = tuple(said.outcomes)
    return (
        CaseRegistered(
            case=case.id,
            follow_up=case.follow_ups + 1,
            outcomes=outcomes,
            levels=case_levels(outcomes, counterfeit=said.counterfeit),
            awareness_at=min(case.awareness_at, said.awareness_at or case.awareness_at),
            country=case.country,
            product=case.product,
            lot=said.lot or case.lot,
            person=case.person,
            account=said.account,
            counterfeit=said.counterfeit,
        ),
    )


@follows(CaseRegistered)
def case_raises_grade(incident: Incident, happened: CaseRegistered, act: Act) -> tuple[Any, ...]:
    """A worse outcome of a registered person is a new answer: the rules run again (M8)."""
    answers = incident.report.answers
    worst = max((answers.worst_outcome, *happened.outcomes), key=_badness)
    serious = sum(1 for c in incident.report.cases.values() if is_serious(c.levels))
    people = _people(incident, happened)
    changed = replace(
        answers,
        worst_outcome=worst,
        people=people,
        serious_people=max(answers.serious_people or 0, serious),
    )
    return () if changed == answers else (assessed(incident, act, changed),)


def _people(incident: Incident, happened: CaseRegistered) -> int | None:
    """Give how many are hurt by now; whom a report told of besides comes to those known before."""
    report = incident.report
    if not happened.told_before:
        return report.people_hurt
    return max(report.answers.people or 0, len(report.cases) - 1) + 1


def _badness(outcome: Outcome) -> int:
    """Rank outcomes; `unknown` stands below all that is known, so that it hides nothing."""
    return -1 if outcome == Outcome.UNKNOWN else list(Outcome).index(outcome)


def is_serious(levels: CaseLevels) -> bool:
    """Say whether any market's law calls the case serious."""
    return bool(serious_in(levels))


@evolves(CaseRegistered)
def _case(incident: Incident, happened: CaseRegistered, mark: Mark) -> Incident:
    case = Case(
        id=happened.case,
        seq=mark.seq,
        outcomes=happened.outcomes,
        levels=happened.levels,
        awareness_at=happened.awareness_at,
        country=happened.country,
        product=happened.product,
        lot=happened.lot,
        person=happened.person,
        counterfeit=happened.counterfeit,
        follow_ups=happened.follow_up,
    )
    report = incident.report
    return with_stage(
        incident,
        "report",
        cases={**report.cases, happened.case: case},
        told_besides=report.told_besides - happened.told_before,
    )
