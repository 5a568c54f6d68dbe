"""The situation report: the same figures every time, each beside what it was in the last one.

What belongs here: which figures an incident has, their differences, and the plan's rhythm of
reports. What never does: a figure that nobody recorded, or a word to the outside: a report is for
the people who decide. Unknown is left out, never shown as zero.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from domain.dispatch import Act, Due, Effect, causes, decides, evolves, watches
from domain.errors import Refused
from domain.facts import all_facts
from domain.investigation import investigating_since
from domain.message import ask, command, event
from domain.people import Role
from domain.stages import Stage
from domain.state import Incident, Mark, with_stage
from domain.state.people import Figure, ReportedSituation
from domain.values import PublicText

REPORTERS = (
    Role.INCIDENT_COMMANDER,
    Role.SCRIBE,
    Role.DUTY_OFFICER,
    Role.QUALITY_SAFETY_RESPONSIBLE,
    Role.QUALITY,
)
READERS = (
    Role.INCIDENT_COMMANDER,
    Role.QUALITY_SAFETY_RESPONSIBLE,
    Role.LEGAL_REPRESENTATIVE,
    Role.LEGAL,
    Role.PR_LEAD,
    Role.REGULATORY_AFFAIRS,
    Role.SERVICE_LEAD,
)


@event("SituationReported", stage=Stage.PEOPLE)
@dataclass(frozen=True, slots=True, kw_only=True)
class SituationReported:
    """How things stand in figures, as the record had them then."""

    number: int
    figures: tuple[Figure, ...]
    note: PublicText
    decisions_needed: PublicText
    by: str


@command(
    "report_situation",
    stage=Stage.PEOPLE,
    roles=REPORTERS,
    title="Issue the situation report",
    help="The figures come from the record, each beside the one of the last report.",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSituation:
    """Keep the figures of now, with what matters and what must be decided."""

    note: PublicText = ask("What matters now?", default=PublicText(""), max=4000)
    decisions_needed: PublicText = ask(
        "Which decisions are needed?", default=PublicText(""), max=2000
    )


@decides(ReportSituation)
def report_situation(
    incident: Incident, act: Act, said: ReportSituation
) -> tuple[SituationReported, ...]:
    """Report how an accepted incident stands."""
    if not incident.report.is_accepted:
        raise Refused("The report is not accepted.", "Accept it first.", code="not_accepted")
    return (
        SituationReported(
            number=incident.people.situations + 1,
            figures=tuple(figures(incident)),
            note=said.note,
            decisions_needed=said.decisions_needed,
            by=act.who,
        ),
    )


def figures(incident: Incident) -> Iterator[Figure]:
    """Give every figure the record has, in a fixed order, with what it was in the last report."""
    last = incident.people.situation
    before = {figure.key: figure.value for figure in last.figures} if last else {}
    for key, value, unit, status in (*_facts(incident), *_standing(incident)):
        yield Figure(key=key, value=value, unit=unit, status=status, before=before.get(key, ""))


def _facts(incident: Incident) -> Iterator[tuple[str, str, str, str]]:
    for key, fact in sorted(all_facts(incident).items()):
        yield key, fact.value, fact.unit, str(fact.status)


def _standing(incident: Incident) -> Iterator[tuple[str, str, str, str]]:
    """Count what the stages themselves know: channels, duties, actions."""
    channels = incident.halt.channels.values()
    if channels:
        stopped = sum(channel.state in ("confirmed", "taken_over") for channel in channels)
        yield "channels_stopped", f"{stopped} / {len(channels)}", "channels", ""
    yield "duties_open", str(len(incident.notice.open_duties)), "duties", ""
    actions = incident.review.actions.values()
    if actions:
        verified = sum(action.state == "verified" for action in actions)
        yield "actions_verified", f"{verified} / {len(actions)}", "actions", ""


@evolves(SituationReported)
def _reported(incident: Incident, told: SituationReported, mark: Mark) -> Incident:
    kept = ReportedSituation(number=told.number, seq=mark.seq, at=mark.at, figures=told.figures)
    return with_stage(incident, "people", situation=kept, situations=told.number)


@watches(Stage.PEOPLE)
def situation_due(incident: Incident) -> Iterable[Due]:
    """A report in the plan's rhythm, from the acceptance until the incident is closed."""
    since = investigating_since(incident)
    every = incident.rules.plan.grades[incident.report.grade].situation_report_every
    if since is None or every is None or incident.review.closed_at is not None:
        return
    last = incident.people.situation
    start_at = since if last is None else max(since, last.at)
    yield Due(
        key=f"situation:{incident.people.situations + 1}",
        stage=Stage.PEOPLE,
        title="Issue the situation report",
        roles=(Role.INCIDENT_COMMANDER, Role.SCRIBE),
        start_at=start_at,
        due_at=incident.rules.due_at(start_at, every),
        act="report_situation",
    )


@causes(SituationReported)
def _hand_round(_incident: Incident, told: SituationReported, mark: Mark) -> Iterable[Effect]:
    yield Effect(
        name="tell",
        target=f"situation-{told.number}",
        seq=mark.seq,
        body={
            "kind": "situation_report",
            "roles": [str(role) for role in READERS],
            "number": told.number,
            "title": told.note[:200],
        },
    )
