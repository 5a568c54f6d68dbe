"""Stage `notice`: who is no authority and must hear by the plan, since when, and until when.

What belongs here: the plan's rows `told` as the facts bring them in, their clock, and a named
person's word that one need not be told here. What never does: a limit of the law
(domain/triggers.py), or the record that somebody was told (domain/partners.py).

A row that came to hold stays, as a duty does: it ends when they are told, or when somebody says why
they need not be.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from domain.adopting import RulesAdopted
from domain.cases import CaseRegistered
from domain.dispatch import Act, Due, decides, evolves, settles, watches
from domain.errors import Refused
from domain.finding import FindingSigned
from domain.grading import SeverityAssessed
from domain.halt import HaltOrdered
from domain.message import ask, command, event
from domain.people import SEES_INSIDE, TELLS_OTHERS, Role
from domain.plan_rows import ToldRow, ToldWhen
from domain.plan_terms import Basis, ToldFrom
from domain.recall import RecallDecided
from domain.regulation_terms import PartnerKind
from domain.report import ReportDecided, ReportReceived
from domain.stages import Stage
from domain.state import Incident, Mark, with_stage
from domain.state.investigation import Origin
from domain.state.notice import ToTell
from domain.values import PublicText

# ---------------------------------------------------------------- events


@event("PartnerToBeTold", stage=Stage.NOTICE)
@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerToBeTold:
    """A row of the plan came to hold: who is to be told, by whom and when; these terms are frozen.

    It is our own time or a contract's, never law.
    """

    plan_row: str
    kind: PartnerKind
    name_en: PublicText
    name_zh: PublicText
    roles: tuple[Role, ...]
    counted_from: ToldFrom
    start_at: datetime
    within: str
    due_at: datetime
    basis: Basis
    citation: PublicText


@event("TellingNotNeeded", stage=Stage.NOTICE)
@dataclass(frozen=True, slots=True, kw_only=True)
class TellingNotNeeded:
    """A named person says why somebody whom the plan names need not be told here."""

    plan_row: str
    name_en: PublicText
    name_zh: PublicText
    reason: PublicText
    by: str


# ---------------------------------------------------------------- not needed


@command("tell_not_needed", stage=Stage.NOTICE, roles=TELLS_OTHERS, item="plan_row", own_hand=True,
         title="Need not be told here",
         help="Your name and reason stay on record. They can still be told later.")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class TellNotNeeded:
    """Why somebody whom the plan names need not be told here, such as no contract or no cover."""

    plan_row: str = ask("Who need not be told?", max=40)
    reason: PublicText = ask("Why not?", max=2000)


@decides(TellNotNeeded)
def tell_not_needed(
    incident: Incident, act: Act, said: TellNotNeeded
) -> tuple[TellingNotNeeded, ...]:
    """Record why somebody need not be told; of an exchange, legal or finance says so."""
    one = next((one for one in incident.notice.to_tell if one.plan_row == said.plan_row), None)
    if one is None:
        known = ", ".join(one.plan_row for one in incident.notice.to_tell) or "none yet"
        raise Refused(
            f"No line {said.plan_row:.40} of the plan asks for it here.",
            f"Lines: {known}.",
            code="no_row",
        )
    if not one.waits:
        raise Refused(
            "They were told already, or somebody said why they need not be.",
            "Nothing more is to be done for this line.",
            code="settled",
        )
    if one.kind is PartnerKind.EXCHANGE and not act.actor.holds(SEES_INSIDE):
        raise Refused(
            "What a stock exchange is told is for legal and finance alone.",
            "Ask legal or finance to decide it.",
            code="inside",
        )
    if not said.reason.strip():
        raise Refused("There is no reason.", "Say why they need not be told.", code="no_reason")
    return (
        TellingNotNeeded(
            plan_row=one.plan_row,
            name_en=PublicText(one.name_en),
            name_zh=PublicText(one.name_zh),
            reason=said.reason,
            by=act.who,
        ),
    )


# ---------------------------------------------------------------- what the facts bring in


@settles(
    ReportDecided,
    ReportReceived,
    SeverityAssessed,
    CaseRegistered,
    RecallDecided,
    FindingSigned,
    HaltOrdered,
    RulesAdopted,
)
def rows_follow_facts(incident: Incident, act: Act) -> tuple[PartnerToBeTold, ...]:
    """Add the rows of the plan that hold now and are not on record, once it is an incident."""
    if not incident.report.is_accepted:
        return ()
    known = {one.plan_row for one in incident.notice.to_tell}
    return tuple(
        _to_be_told(incident, act, row)
        for row in incident.rules.plan.told
        if row.key not in known and any(_holds(incident, one) for one in row.when)
    )


def _holds(incident: Incident, when: ToldWhen) -> bool:
    """Say whether all that is written in a condition holds now."""
    report, halted = incident.report, incident.halt.levels
    finding = incident.investigation.finding
    return (
        (when.grade is None or report.grade >= when.grade)
        and (not when.recall or incident.recall.is_decided)
        and (not when.halted or any(level in halted for level in when.halted))
        and (not when.hurt or bool(report.people_hurt or report.told_besides))
        and (not when.supplier or (finding is not None and finding.origin is Origin.SUPPLIER))
        and (not when.listed or incident.rules.plan.listed)
    )


def _to_be_told(incident: Incident, act: Act, row: ToldRow) -> PartnerToBeTold:
    start_at = _start(incident, act, row.counted_from)
    return PartnerToBeTold(
        plan_row=row.key,
        kind=row.kind,
        name_en=PublicText(row.name_en),
        name_zh=PublicText(row.name_zh),
        roles=row.roles,
        counted_from=row.counted_from,
        start_at=start_at,
        within=row.within.text,
        due_at=incident.rules.due_at(start_at, row.within),
        basis=row.basis,
        citation=PublicText(row.citation),
    )


def _start(incident: Incident, act: Act, counted_from: ToldFrom) -> datetime:
    """Give the fact from which the time counts; a thing recorded later counts from when it was."""
    report, now = incident.report, min(act.happened_at, act.at)
    if counted_from is ToldFrom.KNOWLEDGE:
        return min((one.first_known_at for one in report.reports), default=now)
    if counted_from is ToldFrom.ACCEPTANCE:
        return report.decided_at or now
    return now


# ---------------------------------------------------------------- evolve


@evolves(PartnerToBeTold)
def _to_tell(incident: Incident, arisen: PartnerToBeTold, mark: Mark) -> Incident:
    kept = ToTell(
        plan_row=arisen.plan_row,
        seq=mark.seq,
        kind=arisen.kind,
        name_en=arisen.name_en,
        name_zh=arisen.name_zh,
        roles=arisen.roles,
        start_at=arisen.start_at,
        within=arisen.within,
        due_at=arisen.due_at,
        citation=arisen.citation,
    )
    return with_stage(incident, "notice", to_tell=(*incident.notice.to_tell, kept))


@evolves(TellingNotNeeded)
def _not_needed(incident: Incident, said: TellingNotNeeded, mark: Mark) -> Incident:
    to_tell = tuple(
        replace(one, not_needed=said.reason, said_by=said.by, said_at=mark.at)
        if one.plan_row == said.plan_row
        else one
        for one in incident.notice.to_tell
    )
    return with_stage(incident, "notice", to_tell=to_tell)


# ---------------------------------------------------------------- what is due


@watches(Stage.NOTICE)
def partners_due(incident: Incident) -> Iterator[Due]:
    """Who is still to be told by the plan: our own time or a contract's, never a limit of law."""
    for one in incident.notice.to_tell:
        if one.waits:
            yield Due(
                key=f"told:{one.plan_row}",
                stage=Stage.NOTICE,
                title=f"To be told by the plan, no authority: {one.name_en}",
                roles=one.roles,
                start_at=one.start_at,
                due_at=one.due_at,
                act="inform_partner",
                item=one.plan_row,
            )
