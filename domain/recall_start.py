"""Stage `recall`: on which day and hour the recall is planned to begin in a country.

What belongs here: the plan of its beginning, for laws that want to hear of it before (Singapore:
no later than 24 hours before the start). What never does: holding a recall back. A recall never
waits for an authority; where nothing is planned it begins when it is decided.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from domain.dispatch import Act, decides, evolves
from domain.errors import Refused
from domain.message import ask, command, event
from domain.people import Role
from domain.stages import Stage
from domain.state import Incident, Mark, with_stage
from domain.state.recall import PlannedStart
from domain.values import PublicText

PLANNERS = (
    Role.INCIDENT_COMMANDER,
    Role.REGULATORY_AFFAIRS,
    Role.LEGAL,
    Role.QUALITY_SAFETY_RESPONSIBLE,
    Role.SUPPLY_CHAIN,
)
LONGEST: Final = timedelta(days=30)
"""A recall that begins later than this is none: what hurts people is not left on sale."""


@event("RecallStartPlanned", stage=Stage.RECALL)
@dataclass(frozen=True, slots=True, kw_only=True)
class RecallStartPlanned:
    """When the recall begins in a country; `old_starts_at` is what was planned before."""

    market: str
    starts_at: datetime
    old_starts_at: datetime | None
    reason: PublicText
    by: str


@command("plan_recall_start", stage=Stage.RECALL, roles=PLANNERS,
         title="Say when the recall begins in a country",
         help="Only where a law wants to hear of it before. Selling stays stopped meanwhile, and "
         "people are warned at once wherever there is a danger.")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRecallStart:
    """The day and hour at which goods are called back there."""

    market: str = ask("In which country or region?", max=2, country=True)
    starts_at: datetime = ask("When does it begin there?")
    reason: PublicText = ask("Why then?", max=2000)


@decides(PlanRecallStart)
def plan_recall_start(
    incident: Incident, act: Act, said: PlanRecallStart
) -> tuple[RecallStartPlanned, ...]:
    """Plan the beginning in one country; raises Refused where no recall is decided."""
    recall = incident.recall
    if not recall.is_decided:
        raise Refused("No recall is decided.", "Decide the recall first.", code="not_decided")
    first = min(one.at for one in recall.decisions)
    if not first <= said.starts_at <= act.at + LONGEST:
        raise Refused(
            "A recall begins after it is decided, and within 30 days from now.",
            "Correct the time.",
            code="bad_start",
        )
    old = next((one.starts_at for one in recall.starts if one.market == said.market), None)
    return (
        RecallStartPlanned(
            market=said.market,
            starts_at=said.starts_at,
            old_starts_at=old,
            reason=said.reason,
            by=act.who,
        ),
    )


@evolves(RecallStartPlanned)
def _planned(incident: Incident, told: RecallStartPlanned, mark: Mark) -> Incident:
    others = tuple(one for one in incident.recall.starts if one.market != told.market)
    planned = PlannedStart(market=told.market, starts_at=told.starts_at, seq=mark.seq)
    return with_stage(incident, "recall", starts=(*others, planned))
