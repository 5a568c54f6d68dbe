"""Stage `recall`: effectiveness checks 有效性核查: were consignees told, and did they act?

What belongs here: checking drawn consignees, and recording the authority's own audit checks. What
never does: drawing (domain/scope.py), or the overall evaluation of a recall 效果评价
(domain/recall_end.py). Which consignees are checked follows from the seed of the signed plan.
"""

from dataclasses import dataclass, replace

from domain.consignees import CHASERS, known_consignee
from domain.dispatch import Act, decides, evolves
from domain.errors import Refused
from domain.markets import is_within
from domain.message import ask, command, event
from domain.people import Role
from domain.recall_terms import CheckMethod, EffectivenessLevel
from domain.scope import sample
from domain.stages import Stage
from domain.state import Incident, Mark, with_stage
from domain.state.recall import RecallState
from domain.values import BlobId, ConsigneeId, PublicText

CHECKERS = (*CHASERS, Role.QUALITY, Role.MARKET_MONITORING, Role.REGULATORY_AFFAIRS)


@event("EffectivenessChecked", stage=Stage.RECALL)
@dataclass(frozen=True, slots=True, kw_only=True)
class EffectivenessChecked:
    """A consignee was checked; `drawn` says whether the seed drew it, `number` counts re-checks.

    `level`, `percent` and `seed` are those of the signed plan, or empty before one is signed.
    """

    consignee: str
    number: int
    level: EffectivenessLevel | None
    percent: int | None
    seed: str
    drawn: bool
    sample_size: int
    method: CheckMethod
    told: bool
    acted: bool
    by_authority: bool
    authority: str
    checker: str
    note: PublicText
    evidence: tuple[str, ...]


@command("check_effectiveness", stage=Stage.RECALL, roles=CHECKERS, item="consignee",
         title="Record an effectiveness check")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class CheckEffectiveness:
    """Whether a consignee got the word and acted on it, as we, or the authority, saw it."""

    consignee: ConsigneeId = ask("Consignee")
    method: CheckMethod = ask("How was it checked?")
    told: bool = ask("They were told")
    acted: bool = ask("They did what was asked")
    by_authority: bool = ask("The authority checked, not we", default=False)
    authority: str = ask("Which authority?", default="", max=120)
    note: PublicText = ask("What was seen?", default=PublicText(""), max=1000)
    evidence: tuple[BlobId, ...] = ask("Photo or form", default=())


@decides(CheckEffectiveness)
def check_effectiveness(
    incident: Incident, act: Act, said: CheckEffectiveness
) -> tuple[EffectivenessChecked, ...]:
    """Record a check; ours need the signed plan, the authority's own need nothing of us."""
    row = known_consignee(incident, said.consignee)
    plan = incident.recall.plan
    if plan is None and not said.by_authority:
        raise Refused(
            "No recall plan is signed: nobody is drawn yet.",
            "Sign the plan; it says how many are checked.",
            code="plan_missing",
        )
    if said.by_authority != bool(said.authority):
        raise Refused(
            "The authority is named when it checked, and only then.",
            "Correct who checked.",
            code="authority",
        )
    if said.acted and not said.told:
        raise Refused(
            "They cannot have acted on what they were not told.",
            "Correct the answers.",
            code="contradiction",
        )
    drawn = drawn_for_checks(incident.recall)
    return (
        EffectivenessChecked(
            consignee=row.id,
            number=row.checks + 1,
            level=None if plan is None else plan.level,
            percent=None if plan is None else plan.percent,
            seed="" if plan is None else plan.seed,
            drawn=row.id in drawn,
            sample_size=len(drawn),
            method=said.method,
            told=said.told,
            acted=said.acted,
            by_authority=said.by_authority,
            authority=said.authority,
            checker=act.who,
            note=said.note,
            evidence=tuple(said.evidence),
        ),
    )


@evolves(EffectivenessChecked)
def _checked(incident: Incident, checked: EffectivenessChecked, _mark: Mark) -> Incident:
    rows = incident.recall.consignees
    row = replace(
        rows[checked.consignee], checks=checked.number, knew=checked.told, acted=checked.acted
    )
    return with_stage(incident, "recall", consignees={**rows, row.id: row})


def drawn_for_checks(recall: RecallState, market: str = "") -> tuple[str, ...]:
    """Name the consignees that the signed plan's seed draws, in a market or everywhere."""
    if recall.plan is None:
        return ()
    concerned = (row.id for row in recall.consignees.values() if not row.let_go)
    return tuple(
        name
        for name in sample(concerned, recall.plan.percent, recall.plan.seed)
        if not market or not (there := recall.consignees[name].market) or is_within(there, [market])
    )


def open_checks(recall: RecallState, market: str = "") -> tuple[str, ...]:
    """Name the drawn consignees that were not checked, or that had not acted at the last check."""
    drawn = drawn_for_checks(recall, market)
    return tuple(name for name in drawn if not recall.consignees[name].acted)
