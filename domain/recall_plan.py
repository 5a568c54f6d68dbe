"""Stage `recall`: the signed plan of the recall: how, by when, with which remedies, ended when.

What belongs here: one command and its event, and the time limit that follows from it. What never
does: the emergency plan itself (domain/plan.py), or carrying the recall out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from domain.canonical import sha256_hex
from domain.dispatch import Act, Due, decides, evolves, watches
from domain.errors import Refused
from domain.message import ask, command, event
from domain.people import Role
from domain.recall_scope import require_scope, step_due
from domain.recall_terms import (
    CHOICES,
    Depth,
    EffectivenessLevel,
    RecallAction,
    RecallMethod,
    Remedy,
    ReturnMethod,
    is_milder,
)
from domain.scope import percent_of
from domain.stages import Stage
from domain.state import Incident, Mark, Signature, with_stage
from domain.state.recall import ReturnWay, SignedPlan
from domain.values import PublicText


@event("RecallPlanSigned", stage=Stage.RECALL)
@dataclass(frozen=True, slots=True, kw_only=True)
class RecallPlanSigned:
    """A version of the recall plan, with the seed that draws the effectiveness checks."""

    version: int
    scope_version: int
    depth: Depth
    methods: tuple[RecallMethod, ...]
    finish_at: datetime
    remedies: tuple[Remedy, ...]
    one_remedy_because: PublicText
    returns: tuple[ReturnWay, ...]
    level: EffectivenessLevel
    percent: int
    seed: str
    answered_percent: int
    recovered_percent: int | None
    criteria: PublicText
    budget_minor: int | None
    currency: str
    signers: tuple[Signature, ...]


@command("sign_recall_plan", stage=Stage.RECALL,
         roles=[Role.INCIDENT_COMMANDER, Role.QUALITY_SAFETY_RESPONSIBLE], act="sign_recall_plan",
         title="Sign the recall plan",
         meaning="The recall is carried out by this plan")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class SignRecallPlan:
    """Depth, methods, time limit, remedies, ways back, checks, and when it is over."""

    depth: Depth = ask("How far does it reach?")
    methods: tuple[RecallMethod, ...] = ask("How are people reached?", some=True)
    finish_at: datetime = ask("By when must it be done?")
    remedies: tuple[Remedy, ...] = ask(
        "What may people choose?",
        default=(),
        help="Refund and exchange, if nothing speaks against.",
    )
    one_remedy_because: PublicText = ask(
        "If there is only one: why no choice?", default=PublicText(""), max=1000
    )
    returns: tuple[ReturnWay, ...] = ask("How does each product come back?", some=True)
    level: EffectivenessLevel = ask(
        "How many consignees are checked?", help="A all, B a share, C 10 %, D 2 %, E none."
    )
    percent: int | None = ask("Which share, in percent? (level B)", default=None)
    answered_percent: int = ask("Percent of consignees that must have answered", default=100)
    recovered_percent: int | None = ask("Return rate that must be reached, percent", default=None)
    criteria: PublicText = ask("What else must be true at the end?", max=4000)
    budget_minor: int | None = ask("Budget in our currency", default=None, minor=True)


# ---------------------------------------------------------------- decide


@decides(SignRecallPlan)
def sign_recall_plan(
    incident: Incident, act: Act, said: SignRecallPlan
) -> tuple[RecallPlanSigned, ...]:
    """Sign a plan for the decided action and the scope that stands."""
    scope = require_scope(incident)
    _check_depth(incident, said)
    _check_remedies(said)
    _check_returns(said, scope.products)
    percent = _check_numbers(act, said)
    version = incident.recall.plans + 1
    return (
        RecallPlanSigned(
            version=version,
            scope_version=scope.version,
            depth=said.depth,
            methods=tuple(said.methods),
            finish_at=said.finish_at,
            remedies=tuple(said.remedies),
            one_remedy_because=said.one_remedy_because,
            returns=tuple(said.returns),
            level=said.level,
            percent=percent,
            # Nobody picks the sample: the seed exists only once the plan is signed.
            seed=sha256_hex(f"{incident.id}/{version}/{act.command_id}".encode()),
            answered_percent=said.answered_percent,
            recovered_percent=said.recovered_percent,
            criteria=said.criteria,
            budget_minor=said.budget_minor,
            currency=incident.rules.plan.remedies.currency,
            signers=act.signers,
        ),
    )


def _check_depth(incident: Incident, said: SignRecallPlan) -> None:
    now = incident.recall
    if not now.is_running or now.depth is None:
        raise Refused(
            "No recall is running.", "Decide it first; the plan follows.", code="not_decided"
        )
    action = RecallAction(now.decision)
    if is_milder(action, said.depth, (action, now.depth)):
        raise Refused(
            f"The decision reaches down to {now.depth}.",
            "The plan reaches at least as far.",
            code="depth_too_shallow",
        )


def _check_remedies(said: SignRecallPlan) -> None:
    """A choice by default (GPSR art. 37); medical cost and damages are owed beside it."""
    wrong = [str(remedy) for remedy in said.remedies if remedy not in CHOICES]
    if wrong:
        raise Refused(
            f"{wrong[0].replace('_', ' ').capitalize()} is nobody's choice: it is owed beside one.",
            "Name refund, exchange or repair here.",
            code="not_a_choice",
        )
    if said.depth is Depth.CONSUMER and not said.remedies:
        raise Refused(
            "Consumers are reached and nothing is offered.", "Name the remedies.", code="no_remedy"
        )
    if len(set(said.remedies)) == 1 and not said.one_remedy_because:
        raise Refused(
            "There is one remedy only.",
            "Offer a choice, or say why another is impossible or out of proportion.",
            code="one_remedy",
        )


def _check_returns(said: SignRecallPlan, products: tuple[str, ...]) -> None:
    named = [row.product for row in said.returns]
    missing = sorted(set(products) - set(named))
    if missing or len(set(named)) != len(named):
        raise Refused(
            f"Not said once for each product how it comes back: {', '.join(missing or named)}.",
            "Write one line for each product of the scope.",
            code="returns",
        )
    for row in said.returns:
        if row.dangerous_goods and row.method is ReturnMethod.PREPAID_POST:
            raise Refused(
                f"{row.product} is dangerous goods: it does not go by post.",
                "Choose collection by a carrier, the shop, disposal with proof, or keeping it.",
                code="dangerous_goods",
            )


def _check_numbers(act: Act, said: SignRecallPlan) -> int:
    """Give the percentage of consignees to check; raises Refused for numbers that cannot be."""
    if said.finish_at <= act.at:
        raise Refused("This time limit is over already.", "Name a later one.", code="time_limit")
    for share in (said.answered_percent, said.recovered_percent):
        if share is not None and not 0 <= share <= 100:
            raise Refused(f"{share} percent is no share.", "Write 0 to 100.", code="bad_share")
    if said.budget_minor is not None and said.budget_minor < 0:
        raise Refused("A budget is not below zero.", "Correct it.", code="bad_count")
    percent = percent_of(said.level, said.percent)
    if percent is None:
        raise Refused(
            "The share does not fit the level.",
            "Level A is 100, B more than 10 and less than 100, C 10, D 2, E none.",
            code="bad_level",
        )
    return percent


# ---------------------------------------------------------------- evolve


@evolves(RecallPlanSigned)
def _signed(incident: Incident, signed: RecallPlanSigned, mark: Mark) -> Incident:
    plan = SignedPlan(
        version=signed.version,
        seq=mark.seq,
        at=mark.at,
        scope_version=signed.scope_version,
        depth=signed.depth,
        methods=signed.methods,
        finish_at=signed.finish_at,
        remedies=signed.remedies,
        return_ways=signed.returns,
        level=signed.level,
        percent=signed.percent,
        seed=signed.seed,
        answered_percent=signed.answered_percent,
        recovered_percent=signed.recovered_percent,
        criteria=signed.criteria,
        budget_minor=signed.budget_minor,
    )
    return with_stage(incident, "recall", plan=plan, plans=signed.version)


# ---------------------------------------------------------------- what is due


@watches(Stage.RECALL)
def plan_due(incident: Incident) -> Iterator[Due]:
    """A plan for the scope that stands, by when consignees must be told; then its time limit."""
    recall = incident.recall
    if not recall.is_running or recall.decided_at is None:
        return
    plan = recall.plan
    if plan is None or plan.scope_version < recall.grew:
        start_at = max(recall.decided_at, recall.grew_at or recall.decided_at)
        yield from step_due(
            incident, "consignees_told", start_at, "sign_recall_plan", "Sign the recall plan"
        )
        return
    for market in recall.open_markets:
        yield Due(
            key=f"recall_time_limit:{plan.version}:{market}",
            stage=Stage.RECALL,
            title=f"Complete the recall in {market}",
            roles=tuple(incident.rules.plan.act("complete_recall").proposers),
            start_at=plan.at,
            due_at=plan.finish_at,
            act="complete_recall",
            item=market,
        )
