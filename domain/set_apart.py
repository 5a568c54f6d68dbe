"""Stage `halt`: production stopped, stock set apart, and what was stopped on its way.

What belongs here: what plants, warehouses and carriers confirm, with counts by lot. What never
does: goods that come back in a recall (domain/goods.py), or where a channel stands
(domain/channels.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.dispatch import Act, decides, evolves
from domain.errors import Refused
from domain.message import ask, command, event
from domain.people import COUNTS_GOODS, Role
from domain.scope import LotCount
from domain.stages import Stage
from domain.state import Incident, Mark, with_stage
from domain.state.halt import HaltState, Intercepted, InterceptedAt, Quarantine, StoppedLine
from domain.values import BlobId, PublicText
from domain.wire import added


class OnItsWay(StrEnum):
    """What was on its way to people when it was stopped (table 4.5, H1)."""

    UNSHIPPED = "unshipped"
    PARCELS = "parcels"
    SAMPLES = "samples"
    TESTERS = "testers"
    GIFTS = "gifts"


# ---------------------------------------------------------------- events


@event("ProductionStopped", stage=Stage.HALT)
@dataclass(frozen=True, slots=True, kw_only=True)
class ProductionStopped:
    """A line stopped, with stock set apart."""

    site: str
    line: str
    units_set_apart: int | None
    blocked_materials: tuple[str, ...]
    retained_samples_secured: bool
    set_apart: tuple[LotCount, ...] = added(())
    evidence: tuple[str, ...] = added(())


@event("StockSetApart", stage=Stage.HALT)
@dataclass(frozen=True, slots=True, kw_only=True)
class StockSetApart:
    """A place counted what it holds of some lots and set it apart; the last count counts."""

    site: str
    place: str
    counts: tuple[LotCount, ...]
    by: str
    retained_samples_secured: bool
    evidence: tuple[str, ...]


@event("ShipmentsIntercepted", stage=Stage.HALT)
@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentsIntercepted:
    """Orders and parcels that did not reach anybody; `expected_units` were on their way."""

    carrier: str
    orders: int
    units: int
    outcome: PublicText
    kind: OnItsWay | None = added(None)
    expected_units: int | None = added(None)


# ---------------------------------------------------------------- commands


@command("record_production_stop", stage=Stage.HALT, title="Production has stopped",
         roles=[Role.PLANT_MANAGER, Role.QUALITY, Role.QUALITY_SAFETY_RESPONSIBLE])  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class RecordProductionStop:
    """A plant confirms the line stopped and the stock set apart."""

    site: str = ask("Plant", max=80)
    line: str = ask("Line", max=80)
    units_set_apart: int | None = ask("Units set apart", default=None)
    blocked_materials: tuple[str, ...] = ask("Raw-material lots blocked", default=())
    retained_samples_secured: bool = ask("Retained samples are secured", default=False)
    set_apart: tuple[LotCount, ...] = ask(
        "Set apart, by lot", default=(), added=True, help="Finished goods and bulk at the line."
    )
    evidence: tuple[BlobId, ...] = ask("Photo or record", default=(), added=True)


@command(
    "set_stock_apart",
    stage=Stage.HALT,
    title="Stock is set apart",
    roles=COUNTS_GOODS,
    help="Counted, marked and kept where nobody ships it; the last count of a place counts.",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class SetStockApart:
    """A warehouse or plant confirms what it holds of the lots, counted and set apart."""

    site: str = ask("Warehouse or plant", max=80)
    place: str = ask("Where does it stand?", max=120, help="Such as: cage 3, red labels.")
    counts: tuple[LotCount, ...] = ask("How many units of which lots?", some=True)
    retained_samples_secured: bool = ask("Retained samples are secured", default=False)
    evidence: tuple[BlobId, ...] = ask("Photo or count sheet", default=())


@command("record_interception", stage=Stage.HALT, title="Shipments intercepted",
         roles=[Role.SUPPLY_CHAIN, Role.CHANNEL_LEAD])  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class RecordInterception:
    """Orders, parcels under way, samples, testers and gifts that were stopped."""

    carrier: str = ask("Carrier or warehouse", max=80)
    orders: int = ask("Orders")
    units: int = ask("Units")
    outcome: PublicText = ask("What happened to them?", max=500)
    kind: OnItsWay | None = ask("What was stopped?", default=None, added=True)
    expected_units: int | None = ask(
        "Units that were on their way", default=None, added=True,
        help="With it the page can say how many are still out.",
    )  # fmt: skip


# ---------------------------------------------------------------- decide


@decides(RecordProductionStop)
def record_production_stop(
    _incident: Incident, _act: Act, said: RecordProductionStop
) -> tuple[ProductionStopped, ...]:
    """Record a stopped line."""
    _require_counts(said.set_apart)
    return (
        ProductionStopped(
            site=said.site,
            line=said.line,
            units_set_apart=said.units_set_apart,
            blocked_materials=tuple(sorted(said.blocked_materials)),
            retained_samples_secured=said.retained_samples_secured,
            set_apart=tuple(said.set_apart),
            evidence=tuple(said.evidence),
        ),
    )


@decides(SetStockApart)
def set_stock_apart(
    _incident: Incident, act: Act, said: SetStockApart
) -> tuple[StockSetApart, ...]:
    """Record a count of what is set apart; zero says that a place holds none."""
    _require_counts(said.counts)
    return (
        StockSetApart(
            site=said.site.strip(),
            place=said.place,
            counts=tuple(said.counts),
            by=act.who,
            retained_samples_secured=said.retained_samples_secured,
            evidence=tuple(said.evidence),
        ),
    )


@decides(RecordInterception)
def record_interception(
    _incident: Incident, _act: Act, said: RecordInterception
) -> tuple[ShipmentsIntercepted, ...]:
    """Record what was stopped on its way."""
    if min(said.orders, said.units, said.expected_units or 0) < 0:
        raise Refused("Counts cannot be negative.", "Correct the numbers.", code="bad_count")
    if said.expected_units is not None and said.units > said.expected_units:
        raise Refused(
            f"{said.units} units were stopped of {said.expected_units} on their way.",
            "Correct one of the two numbers.",
            code="bad_count",
        )
    return (
        ShipmentsIntercepted(
            carrier=said.carrier,
            orders=said.orders,
            units=said.units,
            outcome=said.outcome,
            kind=said.kind,
            expected_units=said.expected_units,
        ),
    )


def _require_counts(counts: Iterable[LotCount]) -> None:
    seen = [count.lot for count in counts]
    if any(count.units < 0 for count in counts):
        raise Refused("Counts cannot be negative.", "Correct the numbers.", code="bad_count")
    if twice := sorted({lot for lot in seen if seen.count(lot) > 1}):
        raise Refused(
            f"Lot {twice[0]} is counted twice.",
            "Add the numbers up and write one row for each lot.",
            code="counted_twice",
        )


# ---------------------------------------------------------------- evolve


@evolves(ProductionStopped)
def _stopped(incident: Incident, stopped: ProductionStopped, mark: Mark) -> Incident:
    line = StoppedLine(
        seq=mark.seq,
        site=stopped.site,
        line=stopped.line,
        stopped_at=mark.happened_at,
        units_set_apart=stopped.units_set_apart,
        retained_samples_secured=stopped.retained_samples_secured,
        blocked_materials=stopped.blocked_materials,
    )
    lines = with_stage(incident, "halt", lines=(*incident.halt.lines, line))
    kept = stopped.retained_samples_secured
    return _counted(lines, stopped.site, stopped.line, stopped.set_apart, mark, kept=kept)


@evolves(StockSetApart)
def _set_apart(incident: Incident, stock: StockSetApart, mark: Mark) -> Incident:
    kept = stock.retained_samples_secured
    return _counted(incident, stock.site, stock.place, stock.counts, mark, kept=kept)


def _counted(
    incident: Incident,
    site: str,
    place: str,
    counts: tuple[LotCount, ...],
    mark: Mark,
    *,
    kept: bool,
) -> Incident:
    """Keep the last count of each lot at each site, and whether its retained samples are kept."""
    now = {(one.site, one.lot): one for one in incident.halt.quarantine}
    for count in counts:
        now[site, count.lot] = Quarantine(
            seq=mark.seq,
            site=site,
            place=place,
            lot=count.lot,
            units=count.units,
            at=mark.at,
            retained_samples_secured=kept,
        )
    return with_stage(incident, "halt", quarantine=tuple(now[key] for key in sorted(now)))


@evolves(ShipmentsIntercepted)
def _intercepted(incident: Incident, stopped: ShipmentsIntercepted, _mark: Mark) -> Incident:
    halt = incident.halt
    by_kind = {one.kind: one.units for one in halt.intercepted_by_kind}
    if stopped.kind is not None:
        by_kind[str(stopped.kind)] = by_kind.get(str(stopped.kind), 0) + stopped.units
    out = (stopped.expected_units or stopped.units) - stopped.units
    changed = replace(
        halt,
        intercepted_units=halt.intercepted_units + stopped.units,
        intercepted_by_kind=tuple(
            Intercepted(kind=kind, units=units) for kind, units in sorted(by_kind.items())
        ),
        not_intercepted_units=halt.not_intercepted_units + out,
        intercepted_at=_with_place(halt, stopped, out),
    )
    return replace(incident, halt=changed)


def _with_place(
    halt: HaltState, stopped: ShipmentsIntercepted, out: int
) -> tuple[InterceptedAt, ...]:
    """Add up what was recorded at a channel, which may count the same goods itself."""
    channel = channel_named(halt, stopped.carrier)
    if not channel or stopped.kind is None:
        return halt.intercepted_at
    at = {(one.channel, one.kind): one for one in halt.intercepted_at}
    key = (channel, str(stopped.kind))
    before = at.get(key, InterceptedAt(channel=channel, kind=key[1], units=0, got_through=0))
    at[key] = replace(
        before,
        units=before.units + stopped.units,
        got_through=before.got_through + out,
    )
    return tuple(at[key] for key in sorted(at))


def channel_named(halt: HaltState, name: str) -> str:
    """Name the listed channel that a place is written as; empty where none or several are."""
    plain = name.strip().casefold()
    meant = [
        one.id
        for one in halt.listed.values()
        if plain and plain in {one.id.casefold(), one.name.casefold(), one.name_zh.casefold()}
    ]
    return meant[0] if len(meant) == 1 else ""
