"""Stage `investigation`: the health hazard evaluation 健康危害评估.

What belongs here: the six factors, the three answers that follow from them, and the new run of the
severity rules. What never does: the rules (domain/severity_rules.py) or lowering a grade
(domain/grading.py): an evaluation gives answers, only people lower.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from domain.dispatch import Act, Due, decides, evolves, follows, watches
from domain.errors import Refused
from domain.grading import assessed
from domain.investigation import investigating_since, plan_due
from domain.message import ask, command, event
from domain.people import Access, Role
from domain.severity import CredibleHarm, Likelihood, Noticeable, Users
from domain.stages import Stage
from domain.state import Incident, Mark, Signature, with_stage
from domain.state.investigation import Evaluation
from domain.values import PrivateText, PublicText

E = TypeVar("E", bound=StrEnum)


@event("HazardEvaluated", stage=Stage.INVESTIGATION, access=Access.RESTRICTED)
@dataclass(frozen=True, slots=True, kw_only=True)
class HazardEvaluated:
    """Somebody competent evaluated the hazard by the six factors of 21 CFR 7.41(a)."""

    number: int
    preliminary: bool
    injuries: PublicText
    conditions: PublicText
    groups_at_risk: PublicText
    seriousness: PublicText
    occurrence: PublicText
    consequences: PublicText
    users: tuple[Users, ...]
    credible_harm: CredibleHarm
    likelihood: Likelihood
    noticeable: Noticeable
    evaluator: str
    credentials: PublicText
    interests: PrivateText | None
    valid_until_at: datetime | None
    signers: tuple[Signature, ...]


@command(
    "evaluate_hazard",
    stage=Stage.INVESTIGATION,
    roles=[Role.SAFETY_ASSESSOR],
    act=lambda said: None if said.preliminary else "sign_hazard_evaluation",
    title="Evaluate the health hazard",
    help="A preliminary evaluation takes one signature, the signed one two. It never waits for "
    "the cause.",
    meaning="This is my evaluation of the health hazard, from what is known now",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluateHazard:
    """The six factors, and what follows from them for questions 4, 12, 13 and 14."""

    preliminary: bool = ask("This is preliminary")
    injuries: PublicText = ask("Has anyone fallen ill or been hurt already?", max=4000)
    conditions: PublicText = ask(
        "Which conditions could make it a hazard to health, and what supports that?", max=4000
    )
    groups_at_risk: PublicText = ask("Who is at risk, and who most of all?", max=4000)
    seriousness: PublicText = ask("How serious is the hazard for them?", max=4000)
    occurrence: PublicText = ask("How likely is it to occur, and why?", max=4000)
    consequences: PublicText = ask("What follows at once, and in the long run?", max=4000)
    credible_harm: CredibleHarm = ask("If someone uses it, what is the worst credible harm?")
    likelihood: Likelihood = ask("How likely is that harm in normal use?")
    noticeable: Noticeable = ask("Would a user notice the fault before use?")
    credentials: PublicText = ask("What qualifies the person who evaluated?", max=1000)
    users: tuple[Users, ...] = ask(
        "Who uses it? (leave empty for what was answered before)", default=()
    )
    interests: PrivateText | None = ask("What ties this person to the matter?", default=None)
    valid_until_at: datetime | None = ask("Until when is it valid?", default=None)


@decides(EvaluateHazard)
def evaluate_hazard(incident: Incident, act: Act, said: EvaluateHazard) -> tuple[Any, ...]:
    """Record an evaluation; a signed one must say how bad and how likely."""
    open_answers = "unknown" in (said.credible_harm, said.likelihood)
    if open_answers and not said.preliminary:
        raise Refused(
            "A signed evaluation says which harm is credible and how likely it is.",
            "Give both answers, or mark it preliminary.",
            code="evaluation_open",
        )
    if said.valid_until_at is not None and said.valid_until_at <= act.at:
        raise Refused(
            "This evaluation would not be valid any more.",
            "Give a time ahead, or none.",
            code="not_valid",
        )
    return (
        HazardEvaluated(
            number=len(incident.investigation.evaluations) + 1,
            preliminary=said.preliminary,
            injuries=said.injuries,
            conditions=said.conditions,
            groups_at_risk=said.groups_at_risk,
            seriousness=said.seriousness,
            occurrence=said.occurrence,
            consequences=said.consequences,
            users=tuple(said.users),
            credible_harm=said.credible_harm,
            likelihood=said.likelihood,
            noticeable=said.noticeable,
            evaluator=act.signers[0].person if act.signers else act.who,
            credentials=said.credentials,
            interests=said.interests,
            valid_until_at=said.valid_until_at,
            signers=act.signers,
        ),
    )


@follows(HazardEvaluated)
def rules_run_again(incident: Incident, told: HazardEvaluated, act: Act) -> tuple[Any, ...]:
    """Let the severity rules run over the new answers (M8); they never lower (M5).

    `unknown` in an evaluation leaves an earlier answer standing: not knowing is no news (M2).
    """
    now = incident.report.answers
    answers = replace(
        now,
        users=told.users or now.users,
        credible_harm=_news(told.credible_harm, now.credible_harm),
        likelihood=_news(told.likelihood, now.likelihood),
        noticeable=_news(told.noticeable, now.noticeable),
    )
    return () if answers == now else (assessed(incident, act, answers),)


def _news(told: E, before: E) -> E:
    return before if told == "unknown" else told


@evolves(HazardEvaluated)
def _evaluated(incident: Incident, told: HazardEvaluated, mark: Mark) -> Incident:
    now = incident.investigation
    evaluation = Evaluation(
        number=told.number,
        seq=mark.seq,
        at=mark.at,
        preliminary=told.preliminary,
        users=told.users,
        credible_harm=told.credible_harm,
        likelihood=told.likelihood,
        noticeable=told.noticeable,
        signers=tuple(signature.person for signature in told.signers),
        valid_until_at=told.valid_until_at,
    )
    signed = not told.preliminary
    return with_stage(
        incident,
        "investigation",
        evaluations=(*now.evaluations, evaluation),
        has_evaluation=True,
        evaluation_signed=now.evaluation_signed or signed,
        evaluation_signed_at=mark.at if signed else now.evaluation_signed_at,
        evaluation_valid_until_at=told.valid_until_at if signed else now.evaluation_valid_until_at,
    )


@watches(Stage.INVESTIGATION)
def evaluations_due(incident: Incident) -> Iterable[Due]:
    """A preliminary evaluation, a signed one, and a new one when the signed one runs out."""
    now, stage = incident.investigation, Stage.INVESTIGATION
    if not now.has_evaluation:
        title = "Evaluate the health hazard, preliminarily"
        yield from plan_due(incident, stage, "hazard_preliminary", title, act="evaluate_hazard")
    if not now.evaluation_signed:
        title = "Sign the health hazard evaluation"
        yield from plan_due(incident, stage, "hazard_signed", title, act="evaluate_hazard")
        return
    since, until = now.evaluation_signed_at, now.evaluation_valid_until_at
    if since and until and investigating_since(incident):
        yield Due(
            key=f"hazard_valid:{len(now.evaluations)}",
            stage=stage,
            title="Evaluate the hazard anew: the evaluation runs out",
            roles=(Role.SAFETY_ASSESSOR,),
            start_at=since,
            due_at=until,
            act="evaluate_hazard",
        )
