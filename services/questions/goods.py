"""Questions 3 and 7: why these lots and no others; where a consignee's units are, to the unit.

What belongs here: the scope with its grounds, each consignee's card, the balance of every lot. What
never does: the arithmetic (domain/scope.py, domain/recall_end.py), or a guess: unknown is unknown.
"""

from collections.abc import Iterator

from domain.consignees import ConsigneeAnswered, ConsigneeTakenOver, silent, untold
from domain.effectiveness import EffectivenessChecked
from domain.goods import GoodsReceived
from domain.ledger import Entry
from domain.notifications import NotificationSent
from domain.recall_end import recovery
from domain.recall_scope import ScopeSet
from domain.recall_terms import NeighbourVerdict
from domain.scope import LotAnswer, balance, total
from domain.state import Incident
from domain.state.recall import ConsigneeState, RecallState, Scope
from services.questions.rows import Answer, Record, Table, Value, table, who_did

Rows = Iterator[tuple[tuple[Value, ...], tuple[int, ...]]]


def why_these_lots(record: Record) -> Answer:
    """Answer question 3: the path of each lot, neighbours looked at, gaps, what is unexplained."""
    scope, versions = record.state.recall.scope, list(record.of(ScopeSet))
    unexplained = total(one.unexplained for one in scope.balances) if scope else None
    looked = (
        [n for n in scope.neighbours if n.verdict is not NeighbourVerdict.OPEN] if scope else []
    )
    return Answer(
        number=3,
        facts={
            "version": scope.version if scope else None,
            "set_at": scope.set_at if scope else None,
            "set_by": tuple(_signed(versions[-1])) if versions else (),
            "lots": len(scope.lots) if scope else 0,
            "products": scope.products if scope else (),
            "unbounded": scope.unbounded if scope else False,
            "reason": scope.reason if scope else "",
            "unexplained": unexplained.known if unexplained else None,
            "unexplained_unknown_lots": unexplained.unknown_lots if unexplained else 0,
            "neighbours_looked_at": len(looked),
            "neighbours_not_looked_at": tuple(scope.not_looked_at) if scope else (),
            "gaps": len(scope.gaps) if scope else 0,
        },
        tables=(
            table(
                "lots",
                "lot:code product:product because since_version made on_hand scrapped shipped sold"
                " returned out unexplained",
                _lots(scope, versions),
            ),
            table(
                "neighbours", "neighbour verdict:verdict how_known", _neighbours(scope, versions)
            ),
            table("gaps", "gap", _gaps(scope, versions)),
            table("left_out", "what:left_kind which:left_out why", _left_out(scope, versions)),
            table(
                "versions",
                "version at step:scope_step lots_in_all added removed signers:people reason",
                [(_version(one), (one.seq,)) for one in versions],
            ),
        ),
    )


def _signed(entry: Entry) -> Iterator[str]:
    signers = [one.person for one in entry.event.signers]
    yield from signers or [entry.event.by]


def _lots(scope: Scope | None, versions: list[Entry]) -> Rows:
    """Give every lot of the scope with why it is in it, since which version, and its numbers."""
    for lot in scope.lots if scope else ():
        entered = _entered(str(lot.lot), versions)
        told = balance(lot)
        yield (
            (
                lot.lot, lot.product, lot.because, entered[0], lot.made, lot.on_hand, lot.scrapped,
                lot.shipped, lot.sold, lot.returned, told.out, told.unexplained,
            ),
            (entered[1], scope.seq if scope else 0),
        )  # fmt: skip


def _entered(lot: str, versions: list[Entry]) -> tuple[int | None, int]:
    """Give the version since which a lot is in the scope without a break, and its entry."""
    since: tuple[int | None, int] = (None, 0)
    for one in versions:
        if lot not in {str(row.lot) for row in one.event.lots}:
            since = (None, 0)
        elif since[0] is None:
            since = (one.event.version, one.seq)
    return since


def _neighbours(scope: Scope | None, versions: list[Entry]) -> Rows:
    """Give what was looked at and what came of it, then what nobody looked at."""
    if scope is None:
        return
    for one in scope.neighbours:
        yield (one.kind, one.verdict, one.note), (scope.seq,)
    told = {one.kind for one in scope.neighbours}
    for kind in scope.not_looked_at:
        if kind not in told:
            yield (kind, "not_looked_at", ""), (scope.seq,)


def _gaps(scope: Scope | None, versions: list[Entry]) -> Rows:
    for gap in scope.gaps if scope else ():
        yield (gap,), (scope.seq if scope else 0,)


def _left_out(scope: Scope | None, versions: list[Entry]) -> Rows:
    """Give what was reported or received the lots and is not in the scope, and lots let go."""
    if scope is None:
        return
    for market in scope.markets_left_out:
        yield ("market", market, scope.left_out_why), (scope.seq,)
    for consignee in scope.consignees_left_out:
        yield ("consignee", consignee, scope.left_out_why), (scope.seq,)
    for lot in versions[-1].event.reported_left_out if versions else ():
        yield ("reported_lot", lot, scope.reason), (scope.seq,)
    now = {str(lot.lot) for lot in scope.lots}
    for one in versions:
        for lot in one.event.difference.lots_removed:
            if lot not in now:
                yield ("let_go_lot", lot, one.event.reason), (one.seq,)


def _version(entry: Entry) -> tuple[Value, ...]:
    told = entry.event
    return (
        told.version,
        entry.at,
        told.step,
        len(told.lots),
        tuple(told.difference.lots_added),
        tuple(told.difference.lots_removed),
        tuple(_signed(entry)),
        told.reason,
    )


# ---------------------------------------------------------------- question 7


def where_are_its_units(record: Record) -> Answer:
    """Answer question 7: one consignee's card, all others in a list, and every lot's balance."""
    state, name = record.state, record.chosen.consignee
    recall = state.recall
    rows = [row for row in recall.consignees.values() if not row.let_go]
    named = recall.consignees.get(name)
    back = recovery(recall)
    open_lots = [one for one in back if one.unaccounted != 0]
    return Answer(
        number=7,
        facts={
            "consignees": len(rows),
            "told": sum(1 for row in rows if row.told),
            "untold": len(untold(recall)),
            "answered": sum(1 for row in rows if row.answers),
            "silent": len(silent(recall)),
            "unaccounted": total(one.unaccounted for one in back).known,
            "unaccounted_unknown_lots": total(one.unaccounted for one in back).unknown_lots,
            "lots": len(back),
            "open_lots": tuple(one.lot for one in open_lots),
            "consignee": name if named else "",
            **_card(named),
        },
        tables=(
            *_of_one(record, named),
            _balance(state),
            table(
                "consignees",
                "consignee:consignee market:market told first_told_at last_told_at answers"
                " answered_at received there quarantined sold_on returned destroyed left_open"
                " taken_over_by:person",
                [(_consignee(row), _seqs(record, row.id)) for row in rows],
            ),
        ),
    )


def _card(row: ConsigneeState | None) -> dict[str, Value]:
    """Give what the first line says of one consignee."""
    if row is None:
        return {}
    return {
        "first_told_at": row.first_told_at,
        "times_told": row.told,
        "answers": row.answers,
        "answered_at": row.answered_at,
        "answer_due_at": row.answer_due_at,
        "taken_over_by": row.taken_over_by,
        "received": _sum(row, "received"),
        "left_open": _left_open(row),
    }


def _consignee(row: ConsigneeState) -> tuple[Value, ...]:
    units = (_sum(row, one) for one in ("received", "on_hand", "quarantined", "sold_on"))
    gone = (_sum(row, one) for one in ("returned", "destroyed"))
    return (
        row.id, row.market, row.told, row.first_told_at, row.last_told_at, row.answers,
        row.answered_at, *units, *gone, _left_open(row), row.taken_over_by,
    )  # fmt: skip


def _sum(row: ConsigneeState, name: str) -> int | None:
    """Add up one number over the lots of an answer; None where any is not given, or no answer."""
    if not row.answers:
        return None
    given = [getattr(lot, name) for lot in row.lots]
    return None if None in given else sum(given)


def _left_open(row: ConsigneeState) -> int | None:
    """Count what it received and does not say where it is; None where it does not say enough."""
    received = _sum(row, "received")
    return None if received is None else received - sum(lot.placed for lot in row.lots)


def _seqs(record: Record, name: str) -> tuple[int, ...]:
    """Give the entries that tell of one consignee."""
    found = []
    for one in record.entries:
        told = one.event
        named = getattr(told, "consignee", None) == name
        if named or (isinstance(told, NotificationSent) and name in told.recipients):
            found.append(one.seq)
    return tuple(found)


def _of_one(record: Record, row: ConsigneeState | None) -> tuple[Table, ...]:
    """Give the card of one consignee: what it holds, lot by lot, and everything that passed."""
    if row is None:
        return ()
    answered = [one for one in record.of(ConsigneeAnswered) if one.event.consignee == row.id]
    last = (answered[-1].seq,) if answered else ()
    return (
        table(
            "card",
            "lot received on_hand quarantined sold_on returned destroyed left_open",
            [(_lot(lot), last) for lot in row.lots],
        ),
        table("passed", "at what:event who:person how units told:passed", _passed(record, row.id)),
    )


def _lot(lot: LotAnswer) -> tuple[Value, ...]:
    left = None if lot.received is None else lot.received - lot.placed
    return (
        lot.lot, lot.received, lot.on_hand, lot.quarantined, lot.sold_on, lot.returned,
        lot.destroyed, left,
    )  # fmt: skip


def _passed(record: Record, name: str) -> Rows:
    """Tell everything that passed with one consignee, in order."""
    for one in record.entries:
        told = one.event
        if isinstance(told, NotificationSent) and name in told.recipients:
            arrived = "not_delivered" if name in told.undelivered else "sent"
            yield (
                (one.at, "NotificationSent", who_did(one), told.channel, "", arrived),
                (one.seq,),
            )
        elif getattr(told, "consignee", None) != name:
            continue
        elif isinstance(told, ConsigneeAnswered):
            units = sum(lot.received or 0 for lot in told.lots) if told.lots else None
            said = "never_had" if told.never_had else told.proof
            yield (one.at, "ConsigneeAnswered", told.recorded_by, "", units, said), (one.seq,)
        elif isinstance(told, ConsigneeTakenOver):
            yield (one.at, "ConsigneeTakenOver", told.by, "", "", told.reason), (one.seq,)
        elif isinstance(told, EffectivenessChecked):
            yield _checked(one), (one.seq,)
        elif isinstance(told, GoodsReceived):
            yield (
                (one.at, "GoodsReceived", who_did(one), told.source, told.units, told.lot),
                (one.seq,),
            )


def _checked(entry: Entry) -> tuple[Value, ...]:
    told = entry.event
    knew = "check_knew" if told.told else "check_knew_not"
    acted = "check_acted" if told.acted else "check_acted_not"
    return (entry.at, "EffectivenessChecked", told.checker, told.method, "", (knew, acted))


def _balance(state: Incident) -> Table:
    """Prove each lot: what was outside, what came of it, and what nobody can account for."""
    recall = state.recall
    seqs = _counted(recall)
    scope = (recall.scope.seq,) if recall.scope else ()
    return table(
        "balance",
        "lot shipped returned_before out came_back destroyed remedied unaccounted too_many adds_up",
        [
            (
                (
                    one.lot, *_shipped(recall, one.lot), one.out, one.received, one.destroyed,
                    one.remedied, one.unaccounted, one.too_many,
                    None if one.out is None or one.unaccounted is None
                    else one.out == one.recovered + one.unaccounted - one.too_many,
                ),
                (*scope, *seqs.get(one.lot, ())),
            )
            for one in recovery(recall)
        ],
    )  # fmt: skip


def _shipped(recall: RecallState, lot: str) -> tuple[int | None, int | None]:
    lots = recall.scope.lots if recall.scope else ()
    found = next((one for one in lots if one.lot == lot), None)
    return (found.shipped, found.returned) if found else (None, None)


def _counted(recall: RecallState) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for count in recall.counts:
        found.setdefault(count.lot, []).append(count.seq)
    return found
