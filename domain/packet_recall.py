"""Where a report's values come from: the recall's decision and plan, its consignees, its counts.

What belongs here: one function for each source, giving what is on record or nothing. What never
does: the arithmetic (domain/recall_end.py, domain/scope.py). Unknown is never zero.
"""

from collections.abc import Callable, Iterable
from typing import Final

from domain.consignees import counts, silent
from domain.effectiveness import drawn_for_checks
from domain.fact_values import ValueKind
from domain.filing_forms import FormSource
from domain.in_words import number_in
from domain.markets import is_within
from domain.packet_terms import Found, Told
from domain.packet_values import (
    BETWEEN,
    NOT_KNOWN,
    Finder,
    lines,
    moment,
    number,
    row,
    text,
)
from domain.recall_end import recovery
from domain.recall_terms import Reader, RecallAction
from domain.scope import LotScope, return_rate
from domain.state.recall import ConsigneeState, Decision, SignedPlan

# ---------------------------------------------------------------- decision and plan


def _decision(told: Told, of: Callable[[Decision], Found | None]) -> Found | None:
    """Ask the decision that stands; nothing where none does, or it was that nothing is recalled."""
    recall = told.incident.recall
    return of(recall.decisions[-1]) if recall.is_decided and recall.decisions else None


def _decided(told: Told) -> Found | None:
    """Give when an action was first decided: one that was changed later is no later recall."""
    recall = told.incident.recall
    first = next((one for one in recall.decisions if one.kind in tuple(RecallAction)), None)
    return moment(first.at, first.seq) if first and recall.is_decided else None


def _started(told: Told) -> Found | None:
    """Give when the recall begins in the country: as it is planned there, else the decision."""
    starts = (one for one in told.incident.recall.starts if one.market == told.market)
    planned = next(starts, None)
    return moment(planned.starts_at, planned.seq) if planned else _decided(told)


def _plan(told: Told, of: Callable[[SignedPlan], Found | None]) -> Found | None:
    plan = told.incident.recall.plan
    return None if plan is None else of(plan)


def _why_lots(told: Told) -> Found | None:
    scope = told.incident.recall.scope
    if scope is None:
        return None
    each = (f"{lot.lot}: {lot.because}" for lot in scope.lots if lot.because)
    return lines((scope.reason, *each), scope.seq)


# ---------------------------------------------------------------- units


def _by_lot(told: Told, units: Iterable[tuple[str, int | None]], *seqs: int) -> Found | None:
    """Write units lot by lot; nothing where no number is known."""
    told_of = tuple(units)
    if all(count is None for _, count in told_of):
        return None
    said = (
        f"{lot}: {NOT_KNOWN if count is None else number_in(told.language, count)}"
        for lot, count in told_of
    )
    return lines(said, *seqs)


def _scoped(of: Callable[[LotScope], int | None]) -> Finder:
    def found(told: Told) -> Found | None:
        scope = told.incident.recall.scope
        if scope is None:
            return None
        return _by_lot(told, ((lot.lot, of(lot)) for lot in scope.lots), scope.seq)

    return found


def _out(told: Told) -> Found | None:
    scope = told.incident.recall.scope
    if scope is None:
        return None
    return _by_lot(told, ((one.lot, one.out) for one in scope.balances), scope.seq)


def _counted(told: Told) -> tuple[int, ...]:
    return tuple(one.seq for one in told.incident.recall.counts)


def _returned(told: Told) -> Found | None:
    recall = told.incident.recall
    if not recall.tallies:
        return None
    units = ((one.lot, one.recovered) for one in recovery(recall))
    return _by_lot(told, units, *_counted(told))


def _not_returned(told: Told) -> Found | None:
    recall = told.incident.recall
    if not recall.is_decided:
        return None
    return _by_lot(told, ((one.lot, one.unaccounted) for one in recovery(recall)))


def _disposed(told: Told) -> Found | None:
    done = told.incident.recall.disposed
    said = (
        BETWEEN.join(
            (
                told.speech.member(one.method),
                one.place,
                *(f"{lot.lot}: {number_in(told.language, lot.units)}" for lot in one.lots),
            )
        )
        for one in done
    )
    return lines(said, *(one.seq for one in done))


def _rate(told: Told) -> Found | None:
    rate = return_rate(recovery(told.incident.recall)) if told.incident.recall.is_decided else None
    return None if rate is None else text(f"{rate // 100}.{rate % 100:02d} %", *_counted(told))


# ---------------------------------------------------------------- consignees


def _concerned(told: Told) -> tuple[ConsigneeState, ...]:
    """List the consignees of the report's market, and those whose market nobody knows."""
    return tuple(
        one
        for one in told.incident.recall.consignees.values()
        if not one.let_go and (not one.market or is_within(one.market, [told.market]))
    )


def _name(told: Told, consignee: str) -> str:
    listed = told.company.consignees.get(consignee)
    return (told.named(listed.name) if listed else "") or consignee


def _consignees(told: Told) -> Found | None:
    said = (
        BETWEEN.join(filter(None, (_name(told, one.id), told.speech.country(one.market))))
        for one in _concerned(told)
    )
    return lines(said)


def _some(told: Told, rows: Iterable[ConsigneeState]) -> Found | None:
    """Count some of the consignees; nothing while no recall is decided and nobody is listed."""
    known = _concerned(told)
    return number(len(tuple(rows))) if known and told.incident.recall.is_decided else None


def _reached(told: Told) -> tuple[ConsigneeState, ...]:
    recall = told.incident.recall
    return tuple(one for one in _concerned(told) if counts(recall, one.last_told_at))


def _first_told(told: Told) -> Found | None:
    times = (one.first_told_at for one in _reached(told))
    return moment(min((at for at in times if at is not None), default=None))


def _last_told(told: Told) -> Found | None:
    times = (one.last_told_at for one in _reached(told))
    return moment(max((at for at in times if at is not None), default=None))


def _answered(told: Told) -> tuple[ConsigneeState, ...]:
    recall = told.incident.recall
    return tuple(one for one in _concerned(told) if counts(recall, one.answered_at))


def _hold(told: Told) -> Found | None:
    """Write what answering consignees still have, lot by lot; what one left open is not known."""
    return _by_lot(told, _answered_units(told, "on_hand"))


def _sent_back(told: Told) -> Found | None:
    said = []
    for one in _answered(told):
        units = [
            f"{lot.lot}: {number_in(told.language, lot.returned)}"
            for lot in one.lots
            if lot.returned is not None
        ]
        if units:
            said.append(BETWEEN.join((_name(told, one.id), *units)))
    return lines(said)


def _answered_units(told: Told, name: str) -> tuple[tuple[str, int | None], ...]:
    added: dict[str, int | None] = {}
    for answer in (lot for one in _answered(told) for lot in one.lots):
        units = getattr(answer, name)
        if units is not None:
            added[str(answer.lot)] = (added.get(str(answer.lot)) or 0) + units
    return tuple(sorted(added.items()))


def _silent(told: Told) -> Found | None:
    concerned = {one.id for one in _concerned(told)}
    found = [one for one in silent(told.incident.recall) if one.id in concerned]
    if found:
        return lines(_name(told, one.id) for one in found)
    return _some(told, ())


def _consumers(told: Told) -> Found | None:
    heard = told.incident.recall.told.get(str(Reader.CONSUMER))
    return number(heard.sent) if heard else None


# ---------------------------------------------------------------- effectiveness checks


def _checks(told: Told) -> Found | None:
    """Count the drawn consignees that were checked, of all that are drawn."""
    drawn = _drawn(told)
    if told.incident.recall.plan is None or not drawn:
        return None
    checked = sum(1 for one in drawn if one.checks)
    return text(f"{checked} / {len(drawn)}")


def _drawn(told: Told) -> tuple[ConsigneeState, ...]:
    names = set(drawn_for_checks(told.incident.recall))
    return tuple(one for one in _concerned(told) if one.id in names)


def _check_results(told: Told) -> Found | None:
    """Write how many of the checked had been told and had acted."""
    checked = [one for one in _concerned(told) if one.checks]
    if not checked:
        return None
    acted = sum(1 for one in checked if one.acted)
    return text(f"{acted} / {len(checked)}")


# ---------------------------------------------------------------- by source

FINDERS: Final[dict[FormSource, Finder]] = {
    FormSource.RECALL_ACTION: lambda told: _decision(
        told, lambda one: text(told.speech.member(RecallAction(one.kind)), one.seq)
    ),
    FormSource.RECALL_DEPTH: lambda told: _decision(
        told, lambda one: text(told.speech.member(one.depth) if one.depth else "", one.seq)
    ),
    FormSource.RECALL_REASON: lambda told: _decision(told, lambda one: text(one.reason, one.seq)),
    FormSource.RECALL_DECIDED: _decided,
    FormSource.RECALL_STARTED: _started,
    FormSource.RECALL_MARKETS: lambda told: row(
        map(told.speech.country, told.incident.recall.coverage.markets)
    ),
    FormSource.RECALL_WHY_LOTS: _why_lots,
    FormSource.RECALL_METHODS: lambda told: _plan(
        told, lambda plan: row(told.words(plan.methods), plan.seq)
    ),
    FormSource.RECALL_REMEDIES: lambda told: _plan(
        told, lambda plan: row(told.words(plan.remedies), plan.seq)
    ),
    FormSource.RECALL_FINISH: lambda told: _plan(
        told,
        lambda plan: Found(value=plan.finish_at, kind=ValueKind.DAY, seqs=(plan.seq,)),
    ),
    FormSource.RECALL_CHECK_LEVEL: lambda told: _plan(
        told, lambda plan: row((told.speech.member(plan.level), f"{plan.percent} %"), plan.seq)
    ),
    FormSource.RECALL_CRITERIA: lambda told: _plan(
        told, lambda plan: text(plan.criteria, plan.seq)
    ),
    FormSource.UNITS_MADE: _scoped(lambda lot: lot.made),
    FormSource.UNITS_SHIPPED: _scoped(lambda lot: lot.shipped),
    FormSource.UNITS_SOLD: _scoped(lambda lot: lot.sold),
    FormSource.UNITS_ON_HAND: _scoped(lambda lot: lot.on_hand),
    FormSource.UNITS_OUT: _out,
    FormSource.UNITS_RETURNED: _returned,
    FormSource.UNITS_NOT_RETURNED: _not_returned,
    FormSource.UNITS_DISPOSED: _disposed,
    FormSource.UNITS_RETURN_RATE: _rate,
    FormSource.CONSIGNEES_COUNT: lambda told: (
        number(len(_concerned(told))) if _concerned(told) else None
    ),
    FormSource.CONSIGNEES_LIST: _consignees,
    FormSource.CONSIGNEES_TOLD: lambda told: _some(told, _reached(told)),
    FormSource.CONSIGNEES_TOLD_FIRST: _first_told,
    FormSource.CONSIGNEES_TOLD_LAST: _last_told,
    FormSource.CONSIGNEES_TOLD_HOW: lambda told: row(told.words(told.entries.told_how)),
    FormSource.CONSIGNEES_ANSWERED: lambda told: _some(told, _answered(told)),
    FormSource.CONSIGNEES_HOLD: _hold,
    FormSource.CONSIGNEES_SILENT: _silent,
    FormSource.CONSIGNEES_RETURNED: _sent_back,
    FormSource.CONSUMERS_TOLD: _consumers,
    FormSource.CHECKS_MADE: _checks,
    FormSource.CHECKS_RESULTS: _check_results,
}
"""How each source of a recall is read."""
