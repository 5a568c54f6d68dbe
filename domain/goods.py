"""Stage `recall`: goods that came in, and what became of them.

What belongs here: goods counted by two people, disposal signed by two, and how many units of a lot
we hold. What never does: what consignees say they hold (domain/consignees.py), or putting a count
right (domain/recounts.py). Recalled goods stay locked until disposal is signed; what is disposed of
was counted in first.
"""

from dataclasses import dataclass

from domain.dispatch import Act, decides, evolves
from domain.errors import Refused
from domain.message import ask, command, event
from domain.people import COUNTS_GOODS, Role
from domain.recall_terms import DisposalMethod, GoodsCondition, GoodsSource
from domain.remedies import counted_in
from domain.scope import LotCount
from domain.stages import Stage
from domain.state import Incident, Mark, Signature, with_stage
from domain.state.recall import Disposal, GoodsCount, LotTally, RecallState
from domain.values import BlobId, ConsigneeId, LotNumber, PersonId, PublicText

GONE = frozenset({DisposalMethod.DESTROYED, DisposalMethod.HARMLESS_TREATMENT})
"""Ways after which nothing is left to look at: samples are kept before."""


# ---------------------------------------------------------------- events


@event("GoodsReceived", stage=Stage.RECALL)
@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsReceived:
    """Units of one lot came in at a place and were counted by two people.

    `too_many` are units beyond what the scope says was ever outside: a wrong number somewhere,
    or a counterfeit. They are counted all the same: they stand on the floor.
    """

    place: str
    lot: str
    units: int
    counted_by: tuple[str, ...]
    condition: GoodsCondition
    source: GoodsSource
    consignee: str | None
    too_many: int
    evidence: tuple[str, ...]


@event("GoodsDisposed", stage=Stage.RECALL)
@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsDisposed:
    """Goods were destroyed, treated, reworked or relabelled, before witnesses, by certificate."""

    number: int
    lots: tuple[LotCount, ...]
    method: DisposalMethod
    place: str
    contractor: str
    licence: str
    witnesses: tuple[str, ...]
    certificate_sha256: str
    authority_present: bool
    samples_kept: bool
    note: PublicText
    signers: tuple[Signature, ...]


# ---------------------------------------------------------------- commands


@command("receive_goods", stage=Stage.RECALL, roles=COUNTS_GOODS, title="Count goods in")
@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveGoods:
    """Goods that came in, counted by two people; own stock that is set apart is counted too."""

    place: str = ask("Where do they stand?", max=120)
    lot: LotNumber = ask("Lot number")
    units: int = ask("Units")
    counted_by: PersonId = ask("Counted by", among=COUNTS_GOODS)
    counted_again_by: PersonId = ask("Counted again by", among=COUNTS_GOODS)
    condition: GoodsCondition = ask("In what condition?")
    source: GoodsSource = ask("Where from?")
    consignee: ConsigneeId | None = ask("Which consignee?", default=None)
    evidence: tuple[BlobId, ...] = ask("Photo or delivery note", default=())


@command("dispose_goods", stage=Stage.RECALL, act="dispose_goods",
         roles=[Role.QUALITY_SAFETY_RESPONSIBLE], title="Dispose of goods",
         help="Signed by the quality-safety responsible person and an independent witness.",
         meaning="These units were disposed of as written here")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class DisposeGoods:
    """Which units, in what way, by whom, before whom, with which certificate."""

    lots: tuple[LotCount, ...] = ask("How many units of which lots?", some=True)
    method: DisposalMethod = ask("What becomes of them?")
    place: str = ask("Where?", max=120)
    contractor: str = ask("Contractor (leave empty if we do it ourselves)", default="", max=120)
    licence: str = ask("The contractor's licence", default="", max=120)
    witnesses: tuple[PersonId, ...] = ask(
        "Who was present?", some=True, help="One of them signs as the independent witness."
    )
    certificate: BlobId = ask("The certificate, as a file")
    authority_present: bool = ask("The authority was present", default=False)
    samples_kept: bool = ask("Enough samples are kept as evidence", default=False)
    note: PublicText = ask("Note", default=PublicText(""), max=1000)


# ---------------------------------------------------------------- decide


@decides(ReceiveGoods)
def receive_goods(incident: Incident, _act: Act, said: ReceiveGoods) -> tuple[GoodsReceived, ...]:
    """Count goods in: two different people count, and what is there is there."""
    if said.units < 1:
        raise Refused("Nothing came in.", "Count at least one unit.", code="bad_count")
    require_two_counters(said.counted_by, said.counted_again_by)
    if (said.source is GoodsSource.CONSIGNEE) != (said.consignee is not None):
        raise Refused(
            "A consignee is named when goods come from one, and only then.",
            "Correct where they come from.",
            code="bad_source",
        )
    made = made_of(incident.recall, said.lot)
    if made is not None and said.units > made:
        raise Refused(
            f"Only {made} units of lot {said.lot} were ever made.",
            "Count again. What is beyond that is not ours: keep it as evidence.",
            code="more_than_made",
        )
    return (
        GoodsReceived(
            place=said.place,
            lot=said.lot,
            units=said.units,
            counted_by=(said.counted_by, said.counted_again_by),
            condition=said.condition,
            source=said.source,
            consignee=said.consignee,
            too_many=too_many(incident.recall, said.lot, said.units, said.source),
            evidence=tuple(said.evidence),
        ),
    )


def require_two_counters(first: str, second: str) -> None:
    """Refuse a count of goods that one person alone stands for."""
    if first == second:
        raise Refused(
            "The same person counted twice.", "A second person counts again.", code="four_eyes"
        )


def too_many(recall: RecallState, lot: str, units: int, source: GoodsSource) -> int:
    """Count the units that cannot be: beyond those outside, or beyond our own stock."""
    tally = tally_of(recall, lot)
    if source is GoodsSource.OWN_STOCK:
        there, counted = _on_hand(recall, lot), tally.own_stock
    else:
        there, counted = out_of(recall, lot), tally.received
    return 0 if there is None else min(max(counted + units - there, 0), units)


def made_of(recall: RecallState, lot: str) -> int | None:
    """Give how many units of a lot were made, as the scope has it; None when not known."""
    lots = () if recall.scope is None else recall.scope.lots
    return next((row.made for row in lots if row.lot == lot), None)


def out_of(recall: RecallState, lot: str) -> int | None:
    """Count the units of a lot that were outside when the scope was set; None when not known."""
    balances = () if recall.scope is None else recall.scope.balances
    return next((row.out for row in balances if row.lot == lot), None)


def _on_hand(recall: RecallState, lot: str) -> int | None:
    lots = () if recall.scope is None else recall.scope.lots
    return next((row.on_hand for row in lots if row.lot == lot), None)


def tally_of(recall: RecallState, lot: str) -> LotTally:
    """Give what was counted of a lot so far."""
    return next((row for row in recall.tallies if row.lot == lot), LotTally(lot=lot))


def held(recall: RecallState, lot: str) -> int:
    """Count the units of a lot that we hold: what came in and our own stock, less what is gone.

    Own stock that was counted and own stock that the scope knows are the same units.
    """
    tally = tally_of(recall, lot)
    own = max(tally.own_stock, _on_hand(recall, lot) or 0)
    return tally.received + own - tally.disposed


@decides(DisposeGoods)
def dispose_goods(incident: Incident, act: Act, said: DisposeGoods) -> tuple[GoodsDisposed, ...]:
    """Dispose of units that we hold, never of more."""
    _check_disposal(act, said)
    for row in said.lots:
        there = held(incident.recall, row.lot)
        if not 1 <= row.units <= there:
            raise Refused(
                f"Lot {row.lot}: {row.units} units to dispose of, {there} are held.",
                "Count goods in first, or correct the number.",
                code="more_than_held",
            )
    return (
        GoodsDisposed(
            number=incident.recall.disposals + 1,
            lots=tuple(said.lots),
            method=said.method,
            place=said.place,
            contractor=said.contractor,
            licence=said.licence,
            witnesses=tuple(said.witnesses),
            certificate_sha256=said.certificate,
            authority_present=said.authority_present,
            samples_kept=said.samples_kept,
            note=said.note,
            signers=act.signers,
        ),
    )


def _check_disposal(act: Act, said: DisposeGoods) -> None:
    names = [row.lot for row in said.lots]
    if not names:
        raise Refused("No lot is named.", "Say how many units of which lots.", code="no_lots")
    if len(set(names)) != len(names):
        raise Refused("A lot stands here twice.", "Write each lot once.", code="twice")
    if said.method in GONE and not said.samples_kept:
        raise Refused(
            "Nothing would be left to test.",
            "Keep samples as evidence first, and say so.",
            code="samples_missing",
        )
    if said.contractor and not said.licence:
        raise Refused(
            "The contractor's licence is not named.", "Write its number.", code="licence_missing"
        )
    proposer = act.signers[0].person if act.signers else act.who
    if set(said.witnesses) <= {proposer}:
        raise Refused(
            "Nobody else was present.", "Name a witness besides yourself.", code="four_eyes"
        )


# ---------------------------------------------------------------- evolve


@evolves(GoodsReceived)
def _received(incident: Incident, received: GoodsReceived, mark: Mark) -> Incident:
    recall = incident.recall
    name = "own_stock" if received.source == GoodsSource.OWN_STOCK else "received"
    tallies = counted_in(recall.tallies, **{name: {received.lot: received.units}})
    count = GoodsCount(
        id=str(mark.seq),
        seq=mark.seq,
        at=mark.happened_at,
        place=received.place,
        lot=received.lot,
        units=received.units,
        first=received.units,
        source=received.source,
        consignee=received.consignee or "",
    )
    return with_stage(incident, "recall", tallies=tallies, counts=(*recall.counts, count))


@evolves(GoodsDisposed)
def _disposed(incident: Incident, disposed: GoodsDisposed, mark: Mark) -> Incident:
    gone = {str(row.lot): row.units for row in disposed.lots}
    tallies = counted_in(incident.recall.tallies, disposed=gone)
    one = Disposal(
        id=str(disposed.number),
        seq=mark.seq,
        at=mark.happened_at,
        place=disposed.place,
        method=disposed.method,
        lots=disposed.lots,
        first=disposed.lots,
    )
    return with_stage(
        incident,
        "recall",
        tallies=tallies,
        disposals=disposed.number,
        disposed=(*incident.recall.disposed, one),
    )
