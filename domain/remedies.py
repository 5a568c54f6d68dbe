"""Stage `recall`: what people get: refund, exchange, repair, medical cost, damages.

What belongs here: one claim settled or refused by hand, and thousands counted in hashed batches.
What never does: the after-sales case itself, or a label on a person: whatever smells of pressure
goes to legal and no word of it stands here (reference 8, row 23). In a recall no receipt is asked
for and nobody pays in advance. Who may promise how much stands in the plan (reference 4.3).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from domain.dispatch import Act, decides, evolves, more_slots
from domain.errors import Refused
from domain.message import ask, command, event
from domain.people import Role
from domain.recall_terms import CHOICES, LotShown, RecallAction, Remedy
from domain.remedy_limits import (
    ACT_OF,
    check_payment,
    further_slots,
    limit_named,
    measured_minor,
    promised_at,
)
from domain.scope import LotCount
from domain.stages import Stage
from domain.state import Incident, Mark, Signature, with_stage
from domain.state.recall import ClaimTotals, LotTally, RecallState, Settlement
from domain.values import BlobId, LotNumber, PublicText

# ---------------------------------------------------------------- events


@event("RemedySettled", stage=Stage.RECALL)
@dataclass(frozen=True, slots=True, kw_only=True)
class RemedySettled:
    """One claim: what was offered, taken and given; or refused, and why.

    Money in minor units; `limit_minor` is the same in the plan's currency, what limits are
    measured by. `limit` names the row of the plan that allowed it. `promised_at` is None where
    the plan promises no time.
    """

    claim: str
    lot: str | None
    lot_shown: LotShown
    units: int
    kept: bool
    offered: tuple[Remedy, ...]
    taken: Remedy | None
    amount_minor: int
    currency: str
    limit_minor: int
    limit: str
    claimed_at: datetime
    promised_at: datetime | None
    given_at: datetime | None
    late: bool
    refused_why: PublicText
    evidence: tuple[str, ...]
    signers: tuple[Signature, ...]


@event("ClaimsCounted", stage=Stage.RECALL)
@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsCounted:
    """A batch of claims that live their own life: how many, and the hash of their list."""

    sha256: str
    settled: int
    refused: int
    late: int
    paid_minor: int
    currency: str
    kept: tuple[LotCount, ...]


# ---------------------------------------------------------------- commands


@command(
    "settle_remedy",
    stage=Stage.RECALL,
    roles=[Role.SERVICE_AGENT, Role.SERVICE_LEAD, Role.LEGAL],
    act=lambda said: ACT_OF[said.taken],
    item="claim",
    title="Give the remedy",
    help="In a recall no receipt is needed: the pack, a photo or the lot number is enough.",
    meaning="This person is owed this remedy",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class SettleRemedy:
    """What one person gets; the person has the choice among what is offered."""

    claim: str = ask("Claim number", max=40)
    taken: Remedy = ask("What does the person get?")
    offered: tuple[Remedy, ...] = ask("What were they offered?", some=True)
    lot: LotNumber | None = ask("Which lot, if known?", default=None)
    lot_shown: LotShown = ask("How was the lot shown?")
    units: int = ask("How many units?", default=1)
    kept: bool = ask("The product stays with the person, or they destroyed it", default=False)
    amount_minor: int = ask("Amount", default=0, minor=True)
    currency: str = ask("Currency", default="", max=3)
    limit_minor: int | None = ask(
        "The same in our own currency, if it was paid in another", default=None, minor=True
    )
    claimed_at: datetime = ask("When did they ask?", past=True)
    given_at: datetime = ask("When is or was it given?")
    evidence: tuple[BlobId, ...] = ask("Photo, bill or agreement", default=())


@command("refuse_claim", stage=Stage.RECALL, roles=[Role.SERVICE_LEAD, Role.LEGAL], item="claim",
         title="Refuse the claim")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseClaim:
    """A claim that nothing is owed for, with a neutral reason; never for a lot in the recall."""

    claim: str = ask("Claim number", max=40)
    claimed_at: datetime = ask("When did they ask?", past=True)
    lot: LotNumber | None = ask("Which lot, if known?", default=None)
    lot_shown: LotShown = ask("How was the lot shown?")
    reason: PublicText = ask("Why is nothing owed? (about the product, not the person)", max=1000)


@command("count_claims", stage=Stage.RECALL, roles=[Role.PERFORMER], title="Claims counted")
@dataclass(frozen=True, slots=True, kw_only=True)
class CountClaims:
    """A batch from where claims are settled by the thousand, with the hash of its list."""

    sha256: str
    settled: int
    refused: int = 0
    late: int = 0
    paid_minor: int = 0
    currency: str = ""
    kept: tuple[LotCount, ...] = ()


# ---------------------------------------------------------------- decide


@more_slots(SettleRemedy)
def signatures_above_limit(incident: Incident, said: SettleRemedy) -> Iterable[tuple[Role, ...]]:
    """Ask for the further signatures that the plan's row wants above its amount."""
    return further_slots(incident.rules.plan, said)


@decides(SettleRemedy)
def settle_remedy(incident: Incident, act: Act, said: SettleRemedy) -> tuple[RemedySettled, ...]:
    """Give what is owed, inside the limits of the role; above them others sign too."""
    _require_open(incident)
    _require_fresh(incident.recall, said.claim, said.taken)
    _check_choice(incident.recall, said)
    check_payment(said, said.claimed_at, act.at)
    plan = incident.rules.plan
    promise = promised_at(incident.rules, said.taken, said.claimed_at)
    return (
        RemedySettled(
            claim=said.claim,
            lot=said.lot,
            lot_shown=said.lot_shown,
            units=said.units,
            kept=said.kept,
            offered=tuple(said.offered),
            taken=said.taken,
            amount_minor=said.amount_minor,
            currency=said.currency or plan.remedies.currency,
            limit_minor=measured_minor(plan, said),
            limit=limit_named(plan, said),
            claimed_at=said.claimed_at,
            promised_at=promise,
            given_at=said.given_at,
            late=promise is not None and said.given_at > promise,
            refused_why=PublicText(""),
            evidence=tuple(said.evidence),
            signers=act.signers,
        ),
    )


def _require_open(incident: Incident) -> None:
    if not incident.report.is_accepted:
        raise Refused("The report is not accepted.", "Accept it first.", code="not_accepted")


def _require_fresh(recall: RecallState, claim: str, taken: Remedy) -> None:
    given = [s.taken for s in recall.settlements if s.claim == claim]
    if taken in given or (taken in CHOICES and CHOICES & set(given)):
        raise Refused(
            f"Claim {claim} is settled already.",
            "Look at the claim: giving twice is a new claim.",
            code="settled",
        )


def _check_choice(recall: RecallState, said: SettleRemedy) -> None:
    """The person chooses among all that the signed plan promises (GPSR art. 37).

    Medical cost and damages are no choice: they are owed beside one, whatever was offered.
    """
    if said.taken not in CHOICES:
        return
    if said.taken not in said.offered:
        raise Refused("They took what was not offered.", "Correct the offer.", code="not_offered")
    promised = () if recall.plan is None else recall.plan.remedies
    missing = [str(remedy) for remedy in promised if remedy not in said.offered]
    if recall.is_running and missing:
        raise Refused(
            f"The recall plan promises {' and '.join(missing)} too.",
            "Offer every remedy of the plan; the person chooses.",
            code="choice",
        )
    if not _is_recalled(recall, said.lot) and said.lot_shown is LotShown.WORD:
        raise Refused(
            "Nothing shows which lot it is, and none is recalled.",
            "Ask for the pack, a photo or the lot number; a receipt is one way among them.",
            code="lot_not_shown",
        )


def _is_recalled(recall: RecallState, lot: str | None) -> bool:
    """Say whether a lot is in a decided recall; one that is not known may be."""
    coverage = recall.coverage
    covered = lot is None or coverage.unbounded or lot in coverage.lots
    return recall.decision == RecallAction.RECALL and covered


@decides(RefuseClaim)
def refuse_claim(incident: Incident, act: Act, said: RefuseClaim) -> tuple[RemedySettled, ...]:
    """Refuse a claim; whoever holds a recalled lot is owed a remedy."""
    _require_open(incident)
    recall = incident.recall
    if said.lot is not None and _is_recalled(recall, said.lot):
        raise Refused(
            f"Lot {said.lot} is recalled: a remedy is owed for it.",
            "Give it; no receipt is needed.",
            code="owed",
        )
    if any(settlement.claim == said.claim for settlement in recall.settlements):
        raise Refused(f"Claim {said.claim} is settled already.", "Look at it.", code="settled")
    return (
        RemedySettled(
            claim=said.claim,
            lot=said.lot,
            lot_shown=said.lot_shown,
            units=0,
            kept=False,
            offered=(),
            taken=None,
            amount_minor=0,
            currency=incident.rules.plan.remedies.currency,
            limit_minor=0,
            limit="",
            claimed_at=said.claimed_at,
            promised_at=None,
            given_at=None,
            late=False,
            refused_why=said.reason,
            evidence=(),
            signers=act.signers,
        ),
    )


@decides(CountClaims)
def count_claims(incident: Incident, _act: Act, said: CountClaims) -> tuple[ClaimsCounted, ...]:
    """Count a batch once: the same list again is no news."""
    if said.sha256 in incident.recall.claims.batches:
        return ()
    numbers = (
        said.settled,
        said.refused,
        said.late,
        said.paid_minor,
        *(k.units for k in said.kept),
    )
    if min(numbers) < 0 or said.late > said.settled:
        raise Refused(
            "These counts cannot be true together.", "Count the batch again.", code="bad_count"
        )
    return (
        ClaimsCounted(
            sha256=said.sha256,
            settled=said.settled,
            refused=said.refused,
            late=said.late,
            paid_minor=said.paid_minor,
            currency=said.currency or incident.rules.plan.remedies.currency,
            kept=tuple(said.kept),
        ),
    )


# ---------------------------------------------------------------- evolve


@evolves(RemedySettled)
def _settled(incident: Incident, settled: RemedySettled, mark: Mark) -> Incident:
    recall = incident.recall
    claims, given = recall.claims, settled.taken is not None
    totals = replace(
        claims,
        settled=claims.settled + given,
        refused=claims.refused + (not given),
        late=claims.late + settled.late,
        paid=_paid(claims, settled.currency, settled.amount_minor),
    )
    rows = recall.settlements
    if settled.taken is not None:
        row = Settlement(
            claim=settled.claim,
            taken=settled.taken,
            given_at=settled.given_at or mark.at,
            late=settled.late,
        )
        rows = (*rows, row)
    kept = settled.lot is not None and settled.kept and settled.taken in CHOICES
    counted = {settled.lot: settled.units} if kept and settled.lot is not None else {}
    tallies = counted_in(recall.tallies, remedied=counted)
    return with_stage(incident, "recall", claims=totals, settlements=rows, tallies=tallies)


@evolves(ClaimsCounted)
def _counted(incident: Incident, counted: ClaimsCounted, _mark: Mark) -> Incident:
    recall = incident.recall
    claims = recall.claims
    totals = replace(
        claims,
        settled=claims.settled + counted.settled,
        refused=claims.refused + counted.refused,
        late=claims.late + counted.late,
        paid=_paid(claims, counted.currency, counted.paid_minor),
        batches=(*claims.batches, counted.sha256),
    )
    kept: dict[str, int] = {}
    for row in counted.kept:
        kept[row.lot] = kept.get(row.lot, 0) + row.units
    tallies = counted_in(recall.tallies, remedied=kept)
    return with_stage(incident, "recall", claims=totals, tallies=tallies)


def _paid(claims: ClaimTotals, currency: str, amount: int) -> dict[str, int]:
    if not amount:
        return claims.paid
    return {**claims.paid, currency: claims.paid.get(currency, 0) + amount}


def counted_in(tallies: tuple[LotTally, ...], **counted: dict[str, int]) -> tuple[LotTally, ...]:
    """Add units to the tallies: field name -> lot -> units; rows stay sorted by lot."""
    rows = {tally.lot: tally for tally in tallies}
    for name, units_of in counted.items():
        for lot, units in units_of.items():
            row = rows.get(lot, LotTally(lot=lot))
            rows[lot] = replace(row, **{name: getattr(row, name) + units})
    return tuple(rows[lot] for lot in sorted(rows))
