"""Which other incidents were about the same product, and what came of each of them.

What belongs here: finding them, and how near they are to what is reported now. What never does: a
grade (that an earlier incident was grave grades nothing; people answer the questions with it before
them), or a word of a page. Exercises are never held against real incidents.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from domain.state import Incident
from services.house import House
from services.reading import read_state
from storage import catalog, incidents
from storage.incidents import IncidentRow

LotOf = tuple[str, str]
"""A product and the number of one of its lots: another product's lot may carry the same number."""

LOTS_AT_MOST: Final = 500
"""Lots that are looked up in the list at once; more of them are taken for any of the products."""


class Kin(StrEnum):
    """How near an earlier incident is, the nearest first."""

    SAME_LOT = "same_lot"
    MAYBE_SAME_LOT = "maybe_same_lot"
    """Here or there nobody knows the lot, or there it was every lot."""
    OTHER_LOTS = "other_lots"


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One incident in short: what it was about and what came of it; as it stands now.

    `lots` are those reported, those of the scope and those of hurt people; `every_lot` says that
    the scope reached all of them, `lots_unknown` that there is no scope and nobody knew every lot.
    `decision` is as in `RecallState`; `classes` are an authority's; `hurt` are those it tells
    of, registered or not, and `told_besides` more that its further reports tell of;
    `halts` are the levels that stand.
    """

    id: str
    status: str
    products: frozenset[str]
    lots: frozenset[LotOf]
    every_lot: bool
    lots_unknown: bool
    decision: str
    depth: str
    classes: tuple[str, ...]
    linked_to: str
    hurt: int
    told_besides: int
    halts: tuple[str, ...]
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """What a report is about, as told so far: ids of products, and lots each with its product."""

    products: frozenset[str]
    lots: frozenset[LotOf] = frozenset()
    lots_unknown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """An earlier incident beside a report: how near, by which goods, and whether one may see it."""

    past: Past
    kin: Kin
    products: tuple[str, ...]
    lots: tuple[str, ...]
    visible: bool


def lots_of(house: House, products: Iterable[str], numbers: Iterable[str]) -> frozenset[LotOf]:
    """Give lots that are told by number alone with their products, as the company's list has them.

    A number that the list has for none of the products may be a lot of each of them.
    """
    named, among = frozenset(filter(None, numbers)), tuple(products)
    listed = catalog.lots_among(house.engine, among, named, LOTS_AT_MOST) if named else []
    found = {(lot.product, lot.number) for lot in listed or ()}
    unlisted = named - {number for _, number in found}
    return frozenset(found | {(product, number) for product in among for number in unlisted})


def lots_in(house: House, state: Incident, *, people: bool) -> frozenset[LotOf]:
    """Give the lots of an incident with their products: reported, of its scope, of hurt people."""
    report, scope = state.report, state.recall.scope
    reported = lots_of(house, report.products, report.lots)
    in_scope = {(lot.product, lot.lot) for lot in (scope.lots if scope else ())}
    of_people = {(case.product, case.lot) for case in report.cases.values() if case.lot}
    return frozenset(reported | in_scope | (of_people if people else set()))


def past_of(house: House, row: IncidentRow) -> Past | None:
    """Read an incident in short; None while it is being recorded. Raises NotWhole."""
    stored = incidents.load_state(house.engine, row.id)
    if stored is None:
        return None
    state = read_state(house, row.id, stored)
    report, recall = state.report, state.recall
    coverage = recall.coverage
    return Past(
        id=row.id,
        status=report.status,
        products=frozenset((*report.products, *coverage.products)),
        lots=lots_in(house, state, people=True),
        every_lot=coverage.unbounded,
        lots_unknown=recall.scope is None and report.lots_unknown,
        decision=recall.decision,
        depth=str(recall.depth or ""),
        classes=tuple(sorted({str(one.assigned) for one in state.notice.classes.values()})),
        linked_to=report.linked_to or "",
        halts=state.halt.levels,
        hurt=report.people_hurt or 0,
        told_besides=report.told_besides,
        ended_at=_ended_at(state),
    )


def _ended_at(state: Incident) -> datetime | None:
    """Give when nothing goes on any more: sealed, or closed or linked without an incident."""
    if state.report.status in ("closed", "linked"):
        return state.report.decided_at
    return state.review.closed_at


def is_earlier(one: IncidentRow, row: IncidentRow) -> bool:
    """Say whether an incident was there before another."""
    return (one.created_at, one.id) < (row.created_at, row.id)


def may_concern(row: IncidentRow, products: frozenset[str]) -> bool:
    """Say by its row alone whether an incident may be about some products.

    It is reported of them, or has a scope, which may reach further than what was reported.
    """
    words = dict(row.stage_words or {})
    return bool(products & set(row.products or ())) or words.get("recall", "none") != "none"


def may_be_linked(row: IncidentRow) -> bool:
    """Say by its row alone whether a report may be linked to another incident: it ended early."""
    words = dict(row.stage_words or {})
    return words.get("report") == "done" and words.get("recall", "none") == "none"


def may_be_target(found: Iterable[Earlier]) -> list[Earlier]:
    """Give the open incidents a report may belong to, as sorted; other lots suggest nothing."""
    may_be = [one for one in found if one.visible and one.past.ended_at is None]
    return [one for one in may_be if one.kin is not Kin.OTHER_LOTS]


def suggested(found: Iterable[Earlier]) -> str:
    """Name the open incident that a report surely suggests: the one nearest; nothing where two do.

    Other lots of the same product are no suggestion.
    """
    near = may_be_target(found)
    nearest = [one.past.id for one in near if one.kin is near[0].kin]
    return nearest[0] if len(nearest) == 1 else ""


def beside(goods: Goods, past: Past, *, visible: bool) -> Earlier | None:
    """Hold an earlier incident against a report: None where it was about other products."""
    products = goods.products & past.products
    if not products:
        return None
    shared = goods.lots & past.lots
    here_unknown = goods.lots_unknown or products - {product for product, _ in goods.lots}
    there = [(product, number) for product, number in past.lots if product in products]
    there_unknown = past.every_lot or past.lots_unknown or products - {one for one, _ in there}
    unknown = here_unknown or there_unknown
    kin = Kin.SAME_LOT if shared else Kin.MAYBE_SAME_LOT if unknown else Kin.OTHER_LOTS
    return Earlier(
        past=past,
        kin=kin,
        products=tuple(sorted(products)),
        lots=tuple(sorted({number for _, number in shared or there})),
        visible=visible,
    )


def nearest_first(found: Iterable[Earlier]) -> list[Earlier]:
    """Sort what was found: the same lot first, then what may be it; the newest first of each."""
    newest = sorted(found, key=lambda one: one.past.id, reverse=True)
    return sorted(newest, key=lambda one: list(Kin).index(one.kin))
