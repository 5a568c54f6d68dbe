"""Stage `recall`: counts that were typed or counted wrong, put right with a reason.

What belongs here: correcting a count of goods that came in, and the units of a disposal. What never
does: the first count (domain/goods.py), or taking an entry out of the ledger: both stay, totals use
the corrected one. A consignee's answer is corrected by its next answer (domain/consignees.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from domain.dispatch import Act, decides, evolves, signed_by
from domain.errors import Refused
from domain.goods import held, made_of, require_two_counters, too_many
from domain.message import ask, command, event
from domain.people import COUNTS_GOODS, Role
from domain.recall_terms import GoodsSource
from domain.remedies import counted_in
from domain.scope import LotCount
from domain.stages import Stage
from domain.state import Incident, Mark, Signature, with_stage
from domain.state.recall import (
    CountCorrection,
    Disposal,
    DisposalCorrection,
    GoodsCount,
    LotTally,
    RecallState,
)
from domain.values import PersonId, PublicText
from domain.wire import added


@event("GoodsCountCorrected", stage=Stage.RECALL)
@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsCountCorrected:
    """The count of goods at entry `count` holds `units` from now on, no longer `before`."""

    count: str
    lot: str
    before: int
    units: int
    source: GoodsSource
    counted_by: tuple[str, ...]
    too_many: int
    reason: PublicText
    by: str
    signers: tuple[Signature, ...] = added(())


@event("DisposalCorrected", stage=Stage.RECALL)
@dataclass(frozen=True, slots=True, kw_only=True)
class DisposalCorrected:
    """A disposal was of these units from now on, no longer of those in `before`."""

    disposal: str
    before: tuple[LotCount, ...]
    lots: tuple[LotCount, ...]
    reason: PublicText
    signers: tuple[Signature, ...]


# ---------------------------------------------------------------- commands


@command("correct_count", stage=Stage.RECALL, act="correct_count", roles=COUNTS_GOODS, item="count",
         title="Correct this count",
         help="One of the two who counted corrects it, the other signs in and signs. All counts "
         "stay in the ledger. Was it another lot? Correct this one to 0 and count the goods in "
         "again.")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectCount:
    """The units that a count should have said, counted by two people again; 0 for nothing."""

    count: str = ask("Which count?", max=20)
    units: int = ask("How many units is it in truth?")
    counted_by: PersonId = ask("Counted by", among=COUNTS_GOODS)
    counted_again_by: PersonId = ask("Counted again by", among=COUNTS_GOODS)
    reason: PublicText = ask("What was wrong, and how do you know?", max=1000)


@command("correct_disposal", stage=Stage.RECALL, act="dispose_goods", item="disposal",
         roles=[Role.QUALITY_SAFETY_RESPONSIBLE], title="Correct this disposal",
         help="Signed as the disposal was. Both stay in the ledger.",
         meaning="These units were disposed of, not those written before")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectDisposal:
    """All units that a disposal was of in truth, lot by lot."""

    disposal: str = ask("Which disposal?", max=20)
    lots: tuple[LotCount, ...] = ask("How many units of which lots were it in truth?", some=True)
    reason: PublicText = ask("What was wrong, and how do you know?", max=1000)


# ---------------------------------------------------------------- decide


@decides(CorrectCount)
def correct_count(
    incident: Incident, act: Act, said: CorrectCount
) -> tuple[GoodsCountCorrected, ...]:
    """Put a count right; what was disposed of since was there."""
    recall = incident.recall
    one = next((row for row in recall.counts if row.id == said.count), None)
    if one is None:
        raise Refused(f"There is no count #{said.count}.", "Choose one.", code="no_count")
    if said.units < 0:
        raise Refused("A number is below zero.", "Write how many units it is.", code="bad_count")
    require_two_counters(said.counted_by, said.counted_again_by)
    if len(act.signers) <= 1:
        _require_no_other(incident, "correct_count", one.id)
    if said.units == one.units:
        raise Refused("That is what stands.", "Change the number, or leave it.", code="no_change")
    made = made_of(recall, one.lot)
    if made is not None and said.units > made:
        raise Refused(
            f"Only {made} units of lot {one.lot} were ever made.",
            "Count again. What is beyond that is not ours: keep it as evidence.",
            code="more_than_made",
        )
    _require_held(recall, _recounted(recall, one, said.units), (one.lot,))
    return (
        GoodsCountCorrected(
            count=one.id,
            lot=one.lot,
            before=one.units,
            units=said.units,
            source=one.source,
            counted_by=(said.counted_by, said.counted_again_by),
            too_many=too_many(_recounted(recall, one, 0), one.lot, said.units, one.source),
            reason=said.reason,
            by=act.signers[0].person if len(act.signers) > 1 else act.who,
            signers=act.signers if len(act.signers) > 1 else (),
        ),
    )


@signed_by(CorrectCount)
def _the_two_who_counted(said: CorrectCount) -> tuple[str, ...]:
    return (said.counted_by, said.counted_again_by)


@decides(CorrectDisposal)
def correct_disposal(
    incident: Incident, act: Act, said: CorrectDisposal
) -> tuple[DisposalCorrected, ...]:
    """Put the units of a disposal right; never more than there were."""
    recall = incident.recall
    one = next((row for row in recall.disposed if row.id == said.disposal), None)
    if one is None:
        raise Refused(f"There is no disposal {said.disposal}.", "Choose one.", code="no_disposal")
    if len(act.signers) <= 1:
        _require_no_other(incident, "correct_disposal", one.id)
    names = [row.lot for row in said.lots]
    if len(set(names)) != len(names):
        raise Refused("A lot stands here twice.", "Write each lot once.", code="twice")
    if not names or min(row.units for row in said.lots) < 0:
        raise Refused("A number is below zero.", "Write how many units it is.", code="bad_count")
    if _units(said.lots) == _units(one.lots):
        raise Refused("That is what stands.", "Change the number, or leave it.", code="no_change")
    _require_held(recall, _disposed_anew(recall, one, said.lots), names)
    return (
        DisposalCorrected(
            disposal=one.id,
            before=one.lots,
            lots=tuple(said.lots),
            reason=said.reason,
            signers=act.signers,
        ),
    )


_CORRECTED = {"correct_count": "count", "correct_disposal": "disposal"}
"""By command the field that names what it corrects."""


def waiting_corrections(incident: Incident, command: str) -> dict[str, str]:
    """Give by count or disposal which proposed correction of it waits for signatures."""
    name, waiting = _CORRECTED[command], incident.pending.values()
    found = (one for one in waiting if one.command["type"] == command)
    return {str(one.command["body"][name]): one.id for one in found}


def _require_no_other(incident: Incident, command: str, about: str) -> None:
    """Refuse a second correction while one waits: whoever signs both would sign two truths."""
    waits = waiting_corrections(incident, command).get(about)
    if waits is not None:
        raise Refused(
            f"A correction of count #{about} waits for its signature as {waits}."
            if command == "correct_count"
            else f"A correction of disposal {about} waits for its signature as {waits}.",
            "Sign or decline that one first; then correct what stands.",
            code="correction_waits",
        )


def _require_held(now: RecallState, then: RecallState, lots: Iterable[str]) -> None:
    """Refuse what would leave more units disposed of than there ever were.

    Where it is so already, a correction that brings the numbers nearer is no worse.
    """
    for lot in lots:
        there = held(then, lot)
        if there < min(0, held(now, lot)):
            raise Refused(
                f"Lot {lot}: {-there} units more would be disposed of than were there.",
                "Correct the other number first.",
                code="more_than_held",
            )


def _units(lots: Iterable[LotCount]) -> dict[str, int]:
    return {str(row.lot): row.units for row in lots if row.units}


# ---------------------------------------------------------------- evolve


def _recounted(recall: RecallState, one: GoodsCount, units: int) -> RecallState:
    """Give the recall with another number in one count, in the count and in the tally."""
    return replace(
        recall,
        tallies=_tallied(recall, one.lot, one.source, units - one.units),
        counts=tuple(
            replace(row, units=units) if row.id == one.id else row for row in recall.counts
        ),
    )


def _tallied(recall: RecallState, lot: str, source: GoodsSource, more: int) -> tuple[LotTally, ...]:
    name = "own_stock" if source is GoodsSource.OWN_STOCK else "received"
    return counted_in(recall.tallies, **{name: {lot: more}})


def _disposed_anew(recall: RecallState, one: Disposal, lots: tuple[LotCount, ...]) -> RecallState:
    """Give the recall with other units in one disposal, in the disposal and in the tallies."""
    return replace(
        recall,
        tallies=_moved(recall, one.lots, lots),
        disposed=tuple(
            replace(row, lots=lots) if row.id == one.id else row for row in recall.disposed
        ),
    )


def _moved(
    recall: RecallState, before: tuple[LotCount, ...], lots: tuple[LotCount, ...]
) -> tuple[LotTally, ...]:
    was, now = _units(before), _units(lots)
    moved = {lot: now.get(lot, 0) - was.get(lot, 0) for lot in {*was, *now}}
    return counted_in(recall.tallies, disposed=moved)


@evolves(GoodsCountCorrected)
def _count_corrected(incident: Incident, made: GoodsCountCorrected, mark: Mark) -> Incident:
    recall = incident.recall
    counts = tuple(
        replace(
            row,
            units=made.units,
            corrected_at=mark.at,
            corrected_by=made.by,
            corrected_why=made.reason,
            corrections=(*row.corrections, _correction(made, mark)),
        )
        if row.id == made.count
        else row
        for row in recall.counts
    )
    tallies = _tallied(recall, made.lot, made.source, made.units - made.before)
    ends = {name: replace(end, recounted_at=mark.at) for name, end in recall.ends.items()}
    return with_stage(incident, "recall", tallies=tallies, counts=counts, ends=ends)


def _correction(made: GoodsCountCorrected, mark: Mark) -> CountCorrection:
    return CountCorrection(
        at=mark.at,
        seq=mark.seq,
        before=made.before,
        units=made.units,
        by=made.by,
        counted_by=made.counted_by,
        why=made.reason,
    )


@evolves(DisposalCorrected)
def _disposal_corrected(incident: Incident, made: DisposalCorrected, mark: Mark) -> Incident:
    recall = incident.recall
    correction = DisposalCorrection(
        at=mark.at,
        seq=mark.seq,
        before=made.before,
        lots=made.lots,
        signers=made.signers,
        why=made.reason,
    )
    disposed = tuple(
        replace(
            row,
            lots=made.lots,
            corrected_at=mark.at,
            corrected_why=made.reason,
            corrections=(*row.corrections, correction),
        )
        if row.id == made.disposal
        else row
        for row in recall.disposed
    )
    tallies = _moved(recall, made.before, made.lots)
    return with_stage(incident, "recall", tallies=tallies, disposed=disposed)
