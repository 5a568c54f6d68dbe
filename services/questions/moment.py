"""Question 5: at a minute, what was on sale, what the public text said, what the firm knew.

What belongs here: the three columns as of one moment by recorded time, and what had happened by
then and was recorded later. What never does: a way through time (the replay page has it).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from domain.channels import standing
from domain.known_facts import known_markets
from domain.ledger import Entry
from domain.message import event_spec
from domain.plan_terms import SELLS
from domain.sold_again import goods_still_stopped, lots_stopped, sold_again
from domain.state import Incident
from domain.state.halt import ChannelHalt, ListedChannel, first_of
from domain.state.statement import OUT
from services.moments import FOUND_SELLING, NO_SALE, NOT_ORDERED, SORT_OF, SORTS
from services.questions.rows import Answer, Record, Table, Value, table, who_did

MAY_SELL: Final = frozenset(SORTS["may_sell"])

Rows = Iterator[tuple[tuple[Value, ...], tuple[int, ...]]]


def at_this_minute(record: Record) -> Answer:
    """Answer question 5 from the state at the moment that was asked for."""
    then = record.then or record.state
    at = record.chosen.at or then.last_at or record.now
    sale, said = list(_sale(then, record.entries, at)), list(_said(then))
    later = _recorded_later(record, at)
    return Answer(
        number=5,
        facts={
            "at": at,
            "to_come": record.to_come,
            "size": then.size,
            "entries": len(record.entries),
            **_counted([row[0][2] for row in sale]),
            **_ordered(then),
            "texts_out": len(said),
            "grade": then.report.grade if then.report.assessments else None,
            "people_hurt": then.report.people_hurt,
            "lots": then.recall.coverage.lots or then.report.lots,
            "recall": then.recall.decision,
            "recorded_later": len(later.rows),
        },
        tables=(
            table(
                "on_sale",
                "channel:channel market:market state:channel_now since goods orders:orders",
                sale,
            ),
            _orders(then),
            table(
                "texts",
                "text:statement kind:text_kind status title places:places published_at sha256",
                said,
            ),
            table("known", "fact:fact value:fact_value unit status as_of", _known(then)),
            later,
        ),
    )


def _counted(states: Sequence[str]) -> dict[str, Value]:
    """Count channels by where they stood; each is of one sort."""
    found = Counter(SORT_OF[one] for one in states)
    return {
        "channels": len(states),
        "selling": found["on_sale"],
        "may_sell": found["may_sell"],
        "stopped": found["stopped"],
        "taken_over": found["taken_over"],
        "refused": found["refused"],
        "not_confirmed": found["unsure"],
        "no_sale": found[NO_SALE],
    }


def _ordered(then: Incident) -> dict[str, Value]:
    """Say how many orders there were, which still stand, and how many channels those stop."""
    standing = [one for one in then.halt.orders if one.lifted_at is None and one.stopped]
    again = sold_again(then)
    return {
        "orders": len(then.halt.orders),
        "standing_orders": tuple(one.number for one in standing),
        "ordered_channels": len({channel for one in standing for channel in one.stopped}),
        "lots_stopped": lots_stopped(then),
        "lots_sold_again": tuple(
            dict.fromkeys(name for one in again for name in one.lots or one.products)
        ),
        "goods_stopped": goods_still_stopped(then),
        "goods_sold_again": tuple(dict.fromkeys((one.products, one.lots) for one in again)),
    }


def _orders(then: Incident) -> Table:
    """List every order to stop by then: what was ordered, to how many channels, where it stands."""
    return table(
        "halt_orders",
        "order:order at how:how who:person ordered_channels standing goods lifted_at",
        [
            (
                (
                    one.number,
                    one.ordered_at,
                    f"{'plan' if first.by_plan else 'level'}:{one.level}",
                    first.ordered_by,
                    len(one.channels),
                    len(one.stopped) if one.lifted_at is None else 0,
                    one.lots or one.products,
                    one.lifted_at,
                ),
                (one.seq,),
            )
            for one in then.halt.orders
            for first in (first_of(then.halt.orders, one),)
        ],
    )


def _recorded_later(record: Record, at: datetime) -> Table:
    """List what had happened by then and was recorded only afterwards."""
    return table(
        "recorded_later",
        "happened_at recorded_at what:event who:person",
        [
            (
                (one.happened_at, one.recorded_at, event_spec(one.event).name, who_did(one)),
                (one.seq,),
            )
            for one in record.entries
            if one.happened_at <= at < one.recorded_at
        ],
    )


def _sale(then: Incident, entries: Iterable[Entry], at: datetime) -> Rows:
    """Give every channel of the company as the incident knew it: selling, ordered, stopped."""
    halt = then.halt
    told = {
        str(one.event.channel): one.seq
        for one in entries
        if one.seq <= then.size
        and hasattr(one.event, "channel")
        and one.event.channel in halt.listed
    }
    for name in sorted({*halt.listed, *halt.channels}):
        listed, now = halt.listed.get(name), halt.channels.get(name)
        orders = [one for one in halt.orders if name in one.stopped and one.lifted_at is None]
        goods = tuple(dict.fromkeys(lot for one in orders for lot in one.lots or one.products))
        yield (
            (
                name,
                listed.market if listed else "",
                _state_of(now, listed, at),
                _since(now) if now else None,
                goods,
                tuple(one.number for one in orders),
            ),
            (*(one.seq for one in orders), told.get(name, 0)),
        )


def _since(now: ChannelHalt) -> datetime:
    """Give since when a channel stands so; what a person answers for, since they do."""
    if now.state == "taken_over" and now.left_to and now.left_to.at:
        return now.left_to.at
    return now.answered_at or now.ordered_at


def _state_of(now: ChannelHalt | None, listed: ListedChannel | None, at: datetime) -> str:
    if now is None:
        return NOT_ORDERED if listed is None or listed.kind in SELLS else NO_SALE
    stands = standing(now, at)
    # Where all of it may be sold again, what was found on sale before is no sight any more.
    return stands if now.drift is None or stands in MAY_SELL else FOUND_SELLING


def _said(then: Incident) -> Rows:
    """Give every text that the public could read then, oldest first."""
    out = [one for one in then.statement.statements.values() if one.status in OUT]
    for one in sorted(out, key=lambda each: each.published_at or each.drafted_at):
        places = tuple(name for name, place in one.places.items() if place.state == "published")
        marks = {mark.version: mark.seq for mark in one.versions}
        yield (
            (
                one.id, one.kind, one.status, tuple(text.title for text in one.texts), places,
                one.published_at, one.sha256,
            ),
            (marks.get(one.version, one.entry),),
        )  # fmt: skip


def _known(then: Incident) -> Rows:
    """Give what the firm knew: what the incident knows by itself, then every fact."""
    report, recall = then.report, then.recall
    if report.reports:
        graded, told = report.assessments[-1] if report.assessments else None, report.reports[-1]
        lots = (recall.coverage.lots or report.lots, recall.scope.seq if recall.scope else told.seq)
        own: tuple[tuple[str, Value, int], ...] = (
            ("grade", report.grade if graded else None, graded.seq if graded else 0),
            ("people_hurt", report.people_hurt, told.seq),
            ("products", "\n".join(report.products), report.reports[0].seq),
            ("lots", "\n".join(lots[0]) or None, lots[1]),
            ("markets", "\n".join(known_markets(then)) or None, _markets_seq(then)),
        )
        for key, value, seq in own:
            yield ((key, ""), value, "", "", None), (seq,)
    for key, fact in then.investigation.facts.items():
        yield ((key, fact.name), fact.value, fact.unit, fact.status, fact.as_of), (fact.seq,)


def _markets_seq(then: Incident) -> int:
    """Give the entry that named the markets: of the scope, of the answers, or of the report."""
    report, scope = then.report, then.recall.scope
    if scope is not None:
        return scope.seq
    return report.assessments[-1].seq if report.assessments else report.reports[-1].seq
