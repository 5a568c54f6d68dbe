"""A small driver to tell an incident as people live it: who does what, and what follows.

Every event goes through the entry's bytes and the same fold that ledger, pages and replay use.
"""

import tomllib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from activities.calendars import build_calendar
from domain.acts import ActRefused, SignAct
from domain.agenda import PassTime, dues, next_ring
from domain.dispatch import Act, Due
from domain.halt import ListChannels
from domain.incident import decide, fold, mark_for, new_incident
from domain.investigation import CollectEvidence
from domain.ledger import Entry
from domain.people import CLOCK, PERFORMER, Actor, Role
from domain.plan import Plan, read_plan
from domain.regulations import Rule, read_regulations, together
from domain.report import AcceptReport, ReportProblem
from domain.rules import Rules, rules_of
from domain.severity import Answers, Fault, Outcome, Whereabouts
from domain.state import Incident
from domain.state.halt import ListedChannel
from domain.statement_text import QuotedFact, TemplateMark
from domain.values import PublicText
from domain.wording import read_wording

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Monday 2 March 2026, 09:00 in Shanghai."""

SERIOUS = Answers(
    worst_outcome=Outcome.HOSPITALISED,
    people=1,
    fault=Fault.CONTENT_CHANGED,
    whereabouts=Whereabouts.CONSUMERS,
)
CRITICAL = Answers(
    worst_outcome=Outcome.LIFE_THREATENING, people=1, whereabouts=Whereabouts.CONSUMERS
)
MILD = Answers(worst_outcome=Outcome.MILD, people=1, whereabouts=Whereabouts.CONSUMERS)


@cache
def rules() -> Rules:
    """The default plan, China's calendar, wording rules and regulations, as every test uses it."""
    folder = Path(__file__).parents[2] / "plan"
    plan = tomllib.loads((folder / "default.toml").read_text(encoding="utf-8"))
    wording = tomllib.loads((folder / "wording" / "first.toml").read_text(encoding="utf-8"))
    calendar = build_calendar("CN", (2026, 2027))
    return rules_of(read_plan(plan), calendar, read_wording(wording), regulations())


@cache
def regulations() -> tuple[Rule, ...]:
    """The duties to tell authorities of every market, as their files say them."""
    files = sorted((Path(__file__).parents[2] / "plan" / "regulations").glob("*.toml"))
    return together(
        read_regulations(tomllib.loads(file.read_text(encoding="utf-8"))) for file in files
    )


def person(*roles: Role, name: str = "", deputy_for: tuple[Role, ...] = ()) -> Actor:
    """A person with some roles; the name defaults to the first role."""
    return Actor(id=name or str(roles[0]), roles=roles, deputy_for=deputy_for)


def channels() -> tuple[ListedChannel, ...]:
    """One channel of each kind that the plan knows."""
    plan = rules().plan
    return tuple(
        ListedChannel(
            id=f"ch-{kind}",
            kind=str(kind),
            level=str(level),
            name=str(kind),
            name_zh=str(kind),
            market="CN",
        )
        for level, row in plan.halt.items()
        for kind in row.channels
    )


@dataclass
class Story:
    """One incident on its way; `now` only moves by `later` and `until`."""

    now: datetime = START
    incident: Incident = field(default_factory=lambda: new_incident("INC-2026-0001", rules()))
    leaves: list[bytes] = field(default_factory=list)
    acts: int = 0
    key: str = "k"

    def does(
        self,
        who: Actor,
        command: Any,
        *,
        happened_at: datetime | None = None,
        listed: tuple[QuotedFact, ...] = (),
        templates: tuple[TemplateMark, ...] = (),
    ) -> list[Any]:
        """Let a person act; gives the events, also when one is a refusal.

        `listed` and `templates` are what the house adds to a text: what its lists say, and the
        templates that there are in the text's languages.
        """
        self.acts += 1
        act = Act(
            command_id=f"{self.key}{self.acts}",
            actor=who,
            at=self.now,
            happened_at=happened_at or self.now,
            command=command,
            listed=listed,
            templates=templates,
        )
        events = list(decide(self.incident, act))
        for event in events:
            mark = mark_for(self.incident, act)
            entry = Entry(
                incident=self.incident.id,
                seq=mark.seq,
                command_id=act.command_id,
                actor=who,
                happened_at=act.happened_at,
                at=self.now,
                recorded_at=self.now,
                plan=self.incident.rules.hash,
                build="test",
                event=event,
            )
            self.leaves.append(entry.leaf())
            self.incident = fold(self.incident, [self.leaves[-1]])
        return events

    def did(self, who: Actor, command: Any, **more: Any) -> list[Any]:
        """Let a person act and insist that nothing was refused."""
        events = self.does(who, command, **more)
        refusals = [event for event in events if isinstance(event, ActRefused)]
        assert not refusals, refusals
        return events

    def refused(self, who: Actor, command: Any) -> ActRefused:
        """Let a person try something that must be refused; nothing else may have happened."""
        events = self.does(who, command)
        assert [type(event) for event in events] == [ActRefused], events
        refusal: ActRefused = events[0]
        return refusal

    def signed(self, *signers: Actor) -> list[Any]:
        """Let people sign the act that was proposed last; gives the events of the last signature."""
        pending = list(self.incident.pending)[-1]
        events: list[Any] = []
        for signer in signers:
            events = self.did(signer, SignAct(act=pending))
        return events

    def keeps_evidence(self) -> list[Any]:
        """Put evidence on the record: a retained sample, taken by quality."""
        sample = CollectEvidence(
            what=PublicText("A jar of lot L1"),
            source=PublicText("Retained samples"),
            taken_at=self.now,
            place=PublicText("Plant A"),
            storage=PublicText("Fridge 2"),
            retained_sample=True,
        )
        return self.did(person(Role.QUALITY), sample)

    def later(self, **length: float) -> list[Any]:
        """Let time pass, ringing every bell on the way; gives what the clock did."""
        end, rung = self.now + timedelta(**length), []
        while (bell := next_ring(self.incident)) is not None and bell <= end:
            self.now = max(self.now, bell)
            rung.extend(self.does(CLOCK, PassTime()))
        self.now = end
        return rung

    def due(self, key: str) -> Due | None:
        """Find what is due by the beginning of its key."""
        return next((due for due in dues(self.incident) if due.key.startswith(key)), None)

    def reported(self, answers: Answers = SERIOUS, **more: Any) -> list[Any]:
        """Start: channels are listed, a service agent reports lot L1 of product cream."""
        self.did(PERFORMER, ListChannels(channels=channels()))
        report = ReportProblem(
            first_known_at=self.now - timedelta(hours=1),
            first_known_country="CN",
            products=("cream",),  # type: ignore[arg-type]
            lots=("L1",),  # type: ignore[arg-type]
            answers=answers,
            **more,
        )
        return self.did(person(Role.SERVICE_AGENT), report)

    def accepted(self, answers: Answers = SERIOUS) -> list[Any]:
        """Start and accept: by the commander."""
        self.reported(answers)
        return self.did(person(Role.INCIDENT_COMMANDER, Role.DUTY_OFFICER), AcceptReport())


def ruled_by(plan: Plan) -> Story:
    """An incident that runs by another plan; all else is as every test uses it."""
    own = rules()
    other = rules_of(plan, own.calendar, own.wording, own.regulations)
    return Story(incident=new_incident("INC-2026-0001", other))
