"""What an incident knows by its own entries and texts may tell: products, lots, people, units.

What belongs here: deriving those facts. What never does: a fact that people recorded, or which of
the two goes first (domain/facts.py).
"""

from typing import Final

from domain.cases import is_serious
from domain.fact_values import ValueKind
from domain.scope import total
from domain.state import Incident
from domain.state.investigation import Fact, FactStatus
from domain.state.recall import Scope
from domain.state.report import ReportState

SCOPE_FIGURES: Final = ("units_affected", "units_made", "units_shipped", "units_sold")
"""Facts that a scope tells once every one of its lots has the number: its signers answer for it."""


def known_facts(incident: Incident) -> tuple[Fact, ...]:
    """Offer what the entries tell by themselves: products, lots, people hurt, units.

    None is recorded (`seq` and `version` 0). All are reported, but the count of our own register
    and what a scope says of lots, markets and units: its signers answered for it. What is not
    known is left out: unknown is never shown as zero. People that further reports tell of besides
    are a fact of their own, never added to the others: a text says of them what it has to.
    """
    report, answers = incident.report, incident.report.answers
    cases = report.cases.values()
    serious = sum(1 for case in cases if is_serious(case.levels))
    scoped = incident.recall.scope is not None
    row, number = ValueKind.ROW, ValueKind.NUMBER
    offered: tuple[tuple[str, str, str, ValueKind, bool], ...] = (
        ("products", "\n".join(report.products), "", row, False),
        ("lots", "\n".join(_lots(incident)), "", row, scoped),
        ("markets", "\n".join(known_markets(incident)), "", row, scoped),
        ("people_hurt", _people_hurt(report, answers.people, len(cases)), "people", number, False),
        ("people_seriously_hurt", _people_hurt(report, answers.serious_people, serious), "people",
         number, False),
        ("people_told_besides", str(report.told_besides or ""), "people", number, False),
        ("cases_registered", str(len(cases)), "cases", number, True),
        *_units(incident.recall.scope, answers.units),
    )  # fmt: skip
    as_of = incident.last_at
    if as_of is None:
        return ()
    return tuple(
        Fact(
            key=key,
            value=value,
            unit=unit,
            as_of=as_of,
            status=FactStatus.VERIFIED if signed else FactStatus.REPORTED,
            version=0,
            seq=0,
            kind=kind,
        )
        for key, value, unit, kind, signed in offered
        if value
    )


def _units(
    scope: Scope | None, reported: int | None
) -> tuple[tuple[str, str, str, ValueKind, bool], ...]:
    """Give the units as the scope says; what was reported counts until it does.

    Those affected are the ones that were shipped, and all that were made where that is unknown.
    """
    counted = {
        key: _in_all(scope, key.removeprefix("units_")) for key in SCOPE_FIGURES[1:] if scope
    }
    affected = counted.get("units_shipped") or counted.get("units_made")
    told = {"units_affected": affected or _at_least(reported, 0)} | counted
    return tuple(
        (key, value, "units", ValueKind.NUMBER, key in counted or bool(affected))
        for key, value in told.items()
    )


def _in_all(scope: Scope, number: str) -> str:
    """Add a number up over all lots of a scope; empty while one of them lacks it."""
    units = total(getattr(lot, number) for lot in scope.lots)
    return "" if scope.unbounded or not scope.lots or units.unknown_lots else str(units.known)


def gives_way(incident: Incident, fact: Fact) -> bool:
    """Say whether a figure that one person told gives way to a scope that was set since."""
    scope = incident.recall.scope
    told = fact.status is FactStatus.REPORTED and fact.key in SCOPE_FIGURES
    return told and scope is not None and fact.seq < scope.seq


def _lots(incident: Incident) -> tuple[str, ...]:
    """Give the lots of the scope, or before it those reported; none while they are unbounded."""
    report, scope = incident.report, incident.recall.scope
    if scope is not None:
        return () if scope.unbounded else scope.coverage.lots
    return () if report.lots_unknown else report.lots


def known_markets(incident: Incident) -> tuple[str, ...]:
    """Give the markets of the scope, or before it those reported, or those of the answers."""
    scope = incident.recall.scope
    return scope.markets if scope else incident.report.markets or incident.report.answers.markets


def _people_hurt(report: ReportState, told: int | None, registered: int) -> str:
    """Write how many are known to be hurt; never "0" while reports tell of somebody."""
    known = _at_least(told, registered)
    return "" if known == "0" and report.told_besides else known


def _at_least(told: int | None, counted: int) -> str:
    """Write the larger of what was told and what is registered; empty when neither is known."""
    return "" if told is None and not counted else str(max(told or 0, counted))
