"""Stage `report` 问题发现与报告: anyone reports; the plan or a person accepts it as an incident.

What belongs here: reports, accepting, closing, linking. What never does: the grade
(domain/grading.py), the hurt people (domain/cases.py), or by when (domain/report_dues.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.dispatch import Act, Due, Effect, causes, decides, evolves, on_silence
from domain.errors import Refused
from domain.grading import assessed
from domain.message import ask, command, event
from domain.people import EVERYONE, TEAM, Access, Role
from domain.severity import Answers, Grade
from domain.stages import Stage
from domain.state import Incident, Mark, Signature, with_stage
from domain.state.report import Report
from domain.values import BlobId, LotNumber, PersonId, PrivateText, ProductId, PublicText
from domain.wire import added


@event("ReportReceived", stage=Stage.REPORT, access=Access.RESTRICTED)
@dataclass(frozen=True, slots=True, kw_only=True)
class ReportReceived:
    """A report came in: who knew first, what is said, about which products and lots.

    `people_hurt` is how many it tells of that nobody had told of before.
    """

    channel: str
    reporter: str
    first_known_at: datetime
    first_known_by: PrivateText | None
    first_known_country: str
    words: PrivateText | None
    products: tuple[str, ...]
    lots: tuple[str, ...]
    lots_unknown: bool
    immediate_danger: bool
    evidence: tuple[str, ...]
    drill: str = ""
    people_hurt: int | None = added(None)


@event("ReportDecided", stage=Stage.REPORT)
@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDecided:
    """Accepted as an incident, closed with a reason, or linked to another."""

    outcome: str
    by: str
    by_silence: bool
    reason: PublicText
    plan: str
    grade: Grade
    commander: str | None = None
    linked_to: str | None = None
    signers: tuple[Signature, ...] = ()


@event("ReportReopened", stage=Stage.REPORT)
@dataclass(frozen=True, slots=True, kw_only=True)
class ReportReopened:
    """A report that ended without an incident waits for its decision again, from now on.

    `before` is how it had ended: closed, or linked to `linked_to`.
    """

    before: str
    linked_to: str | None = None


@command(
    "report_problem",
    stage=Stage.REPORT,
    roles=EVERYONE,
    title="Report this problem",
    help="Opens an incident. Five questions decide what is stopped at once.",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ReportProblem:
    """What a reporter knows: first knowledge (T0), product and lot, words, the five questions."""

    first_known_at: datetime = ask(
        "When did the first person in our company learn of this?", past=True
    )
    first_known_country: str = ask("In which country or region?", max=2, country=True)
    products: tuple[ProductId, ...] = ask("Which products?", some=True)
    answers: Answers = ask("What do we know?", default=Answers())
    lots: tuple[LotNumber, ...] = ask("Which lots?", default=())
    lots_unknown: bool = ask(
        "The lots are not known yet",
        default=False,
        help="Then the report counts for every lot of the product until somebody finds out.",
    )
    words: PrivateText | None = ask(
        "What happened, in the words of the person who told you?",
        default=None,
        access=Access.HEALTH,
    )
    first_known_by: PrivateText | None = ask("Who was that person?", default=None)
    channel: str = ask("How did the report reach us?", default="console", max=40)
    immediate_danger: bool = ask("Is anyone in danger right now?", default=False)
    evidence: tuple[BlobId, ...] = ask(
        "Photos, receipts, records", default=(), access=Access.HEALTH
    )


@command("add_report", stage=Stage.REPORT, roles=EVERYONE, title="Add a report to this incident")
@dataclass(frozen=True, slots=True, kw_only=True)
class AddReport:
    """A further report of the same problem."""

    first_known_at: datetime = ask("When did our company learn of this report?", past=True)
    first_known_country: str = ask("In which country or region?", max=2, country=True)
    words: PrivateText = ask(
        "What happened, in the words of the person who told you?", access=Access.HEALTH
    )
    lots: tuple[LotNumber, ...] = ask(
        "Which lots?",
        default=(),
        help="Name none if nobody knows: then this report counts for every lot of the product.",
    )
    channel: str = ask("How did the report reach us?", default="console", max=40)
    evidence: tuple[BlobId, ...] = ask(
        "Photos, receipts, records", default=(), access=Access.HEALTH
    )
    people_hurt: int | None = ask(
        "How many more people are hurt, as this report tells?",
        default=None,
        help="Only people nobody told us of before, as far as is known. Nobody is registered by "
        "this: register each of them too.",
        added=True,
    )


@event("ReportAcknowledged", stage=Stage.REPORT)
@dataclass(frozen=True, slots=True, kw_only=True)
class ReportAcknowledged:
    """Somebody on duty has seen the report and looks into it."""

    by: str


@command(
    "acknowledge_report",
    stage=Stage.REPORT,
    roles=TEAM,
    title="I have seen it and look into it",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeReport:
    """Somebody answers in the plan's minutes; a read mark would not do."""


@command("accept_report", stage=Stage.REPORT, roles=TEAM, title="Accept as an incident",
         act="accept_report")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptReport:
    """Accept the report: the plan's orders for this grade go out."""

    commander: PersonId | None = ask("Who leads?", default=None, carries=Role.INCIDENT_COMMANDER)
    reason: PublicText = ask("Note", default=PublicText(""), max=2000)


@command("close_report", stage=Stage.REPORT, roles=TEAM, title="Close without an incident",
         act="close_report")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class CloseReport:
    """Close the report with a reason; halts given meanwhile must be lifted first."""

    reason: PublicText = ask("Why is this no incident?", max=2000)


@command("link_report", stage=Stage.REPORT, roles=TEAM, title="Link to another incident",
         act="close_report")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class LinkReport:
    """The same problem is already open elsewhere."""

    incident: str = ask("Which incident?", max=40, incident=True)
    reason: PublicText = ask("Why is it the same?", max=2000)


@decides(ReportProblem)
def report_problem(incident: Incident, act: Act, said: ReportProblem) -> tuple[Any, ...]:
    """Receive the first report and derive the grade from the answers."""
    if incident.report.status != "none":
        raise Refused("This incident is open already.", "Add the report to it.", code="open")
    received = ReportReceived(
        channel=said.channel,
        reporter=act.who,
        first_known_at=said.first_known_at,
        first_known_by=said.first_known_by,
        first_known_country=said.first_known_country,
        words=said.words,
        products=tuple(said.products),
        lots=tuple(said.lots),
        lots_unknown=said.lots_unknown,
        immediate_danger=said.immediate_danger,
        evidence=tuple(said.evidence),
        drill=incident.drill,
    )
    return (received, assessed(incident, act, said.answers))


@decides(AddReport)
def add_report(incident: Incident, act: Act, said: AddReport) -> tuple[ReportReceived, ...]:
    """Receive a further report of the same problem."""
    if (said.people_hurt or 0) < 0:
        raise Refused("Fewer people than none cannot be hurt.", "Give the number, or none.")
    return (
        ReportReceived(
            channel=said.channel,
            reporter=act.who,
            first_known_at=said.first_known_at,
            first_known_by=None,
            first_known_country=said.first_known_country,
            words=said.words,
            products=incident.report.products,
            lots=tuple(said.lots),
            lots_unknown=not said.lots,
            immediate_danger=False,
            evidence=tuple(said.evidence),
            people_hurt=said.people_hurt,
        ),
    )


@decides(AcknowledgeReport)
def acknowledge_report(
    incident: Incident, act: Act, _said: AcknowledgeReport
) -> tuple[ReportAcknowledged, ...]:
    """Acknowledge once."""
    if incident.report.acknowledged_at is not None:
        raise Refused(
            f"{incident.report.acknowledged_by} acknowledged it already.",
            "Go on with what must be decided now.",
            code="acknowledged",
        )
    return (ReportAcknowledged(by=act.who),)


@decides(AcceptReport)
def accept_report(incident: Incident, act: Act, said: AcceptReport) -> tuple[Any, ...]:
    """Accept: serious and critical reports by the commander, others by the duty officer."""
    _require_undecided(incident)
    return (_accepted(incident, act, said.reason, said.commander),)


def _accepted(
    incident: Incident, act: Act, reason: PublicText, commander: str | None, *, silent: bool = False
) -> ReportDecided:
    return ReportDecided(
        outcome="accepted",
        by="plan" if silent else act.who,
        by_silence=silent,
        reason=reason,
        plan=incident.rules.hash,
        grade=incident.report.grade,
        commander=commander,
        signers=act.signers,
    )


def _require_undecided(incident: Incident) -> None:
    if incident.report.status != "received":
        raise Refused(
            f"This report is already {incident.report.status}.",
            "Go on with what must be decided now.",
            code="already_decided",
        )


@on_silence("accept_report")
def accepted_by_plan(incident: Incident, _due: Due, act: Act) -> tuple[Any, ...]:
    """Silence moves to the safer side: the plan accepts the report itself (table 4.3)."""
    if incident.report.status != "received":
        return ()
    reason = PublicText("Nobody decided in the time the plan gives; the plan accepted it.")
    return (_accepted(incident, act, reason, None, silent=True),)


@decides(CloseReport)
def close_report(incident: Incident, act: Act, said: CloseReport) -> tuple[Any, ...]:
    """Close with a reason; refused while a halt stands."""
    _require_undecided(incident)
    _require_no_halt(incident)
    return (_closed(incident, act, "closed", said.reason, None),)


@decides(LinkReport)
def link_report(incident: Incident, act: Act, said: LinkReport) -> tuple[Any, ...]:
    """Link to another incident; refused while a halt stands here."""
    _require_undecided(incident)
    _require_no_halt(incident)
    if said.incident == incident.id:
        raise Refused("A report cannot be linked to itself.", "Name the other incident.")
    return (_closed(incident, act, "linked", said.reason, said.incident),)


def _require_no_halt(incident: Incident) -> None:
    if incident.halt.levels:
        raise Refused(
            f"A halt ({', '.join(incident.halt.levels)}) stands in this incident.",
            "Accept the report, or lift the halt where nothing need stop. Lifting tells channels "
            "to sell again, also where another incident halts the same lots.",
            code="halt_stands",
        )


def _closed(
    incident: Incident, act: Act, outcome: str, reason: PublicText, linked_to: str | None
) -> ReportDecided:
    return ReportDecided(
        outcome=outcome,
        by=act.who,
        by_silence=False,
        reason=reason,
        plan=incident.rules.hash,
        grade=incident.report.grade,
        linked_to=linked_to,
        signers=act.signers,
    )


@evolves(ReportReceived)
def _received(incident: Incident, received: ReportReceived, mark: Mark) -> Incident:
    now = incident.report
    report = Report(
        seq=mark.seq,
        received_at=mark.at,
        channel=received.channel,
        reporter=received.reporter,
        first_known_at=received.first_known_at,
        first_known_country=received.first_known_country,
        words=received.words,
        evidence=received.evidence,
        people_hurt=received.people_hurt,
    )
    return with_stage(
        incident,
        "report",
        status="received" if now.status == "none" else now.status,
        received_at=now.received_at or mark.at,
        reports=(*now.reports, report),
        told_besides=now.told_besides + (received.people_hurt or 0),
        products=tuple(sorted({*now.products, *received.products})),
        lots=tuple(sorted({*now.lots, *received.lots})),
        lots_unknown=now.lots_unknown or received.lots_unknown,
    )


@evolves(ReportAcknowledged)
def _acknowledged(incident: Incident, seen: ReportAcknowledged, mark: Mark) -> Incident:
    return with_stage(incident, "report", acknowledged_at=mark.at, acknowledged_by=seen.by)


@evolves(ReportDecided)
def _decided(incident: Incident, decided: ReportDecided, mark: Mark) -> Incident:
    return with_stage(
        incident,
        "report",
        status=decided.outcome,
        decided_at=mark.at,
        decided_by=decided.by,
        by_silence=decided.by_silence,
        reason=decided.reason,
        commander=decided.commander or incident.report.commander,
        linked_to=decided.linked_to,
    )


@evolves(ReportReopened)
def _reopened(incident: Incident, _reopened: ReportReopened, mark: Mark) -> Incident:
    return with_stage(
        incident,
        "report",
        status="received",
        reopened_at=mark.at,
        reopenings=incident.report.reopenings + 1,
        decided_at=None,
        decided_by=None,
        by_silence=False,
        reason="",
        linked_to=None,
    )


@causes(ReportReceived)
def _tell_duty(_incident: Incident, received: ReportReceived, mark: Mark) -> Iterable[Effect]:
    yield Effect(
        name="tell",
        target="report_received",
        seq=mark.seq,
        body={
            "kind": "report_received",
            "roles": [Role.DUTY_OFFICER, Role.INCIDENT_COMMANDER, Role.QUALITY_SAFETY_RESPONSIBLE],
            "products": list(received.products),
            "danger": received.immediate_danger,
        },
    )


@causes(ReportDecided)
def _tell_team(_incident: Incident, decided: ReportDecided, mark: Mark) -> Iterable[Effect]:
    yield Effect(
        name="tell",
        target="report_decided",
        seq=mark.seq,
        body={
            "kind": f"report_{decided.outcome}",
            "roles": sorted(str(role) for role in TEAM - {Role.SERVICE_AGENT, Role.SCRIBE}),
            "grade": str(decided.grade),
            "by_silence": decided.by_silence,
        },
    )
