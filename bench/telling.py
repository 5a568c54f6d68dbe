"""Incidents with duties, told by real acts and folded as a worker would, without 300 workflows.

What belongs here: acts through decide and evolve, the calendar answering at once, and writing the
entries by the ledger's own transaction. What never does: a time that is measured.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.engine import Engine

from activities.calendars import derived
from activities.ledger import LedgerActivities
from domain.cases import RegisterCase
from domain.dispatch import Act
from domain.envelope import DueRequest, RecordBatch
from domain.errors import Malformed
from domain.incident import INCIDENT, effects, new_incident
from domain.ledger import Entry
from domain.notice import due_command, no_due_command
from domain.people import CLOCK, Actor, Role
from domain.plot import evolve
from domain.report import ReportProblem
from domain.rules import Rules, rules_text
from domain.severity import Answers, Outcome, Whereabouts
from domain.state import Incident
from domain.values import LotNumber, ProductId
from storage import incidents
from storage import rules as rule_store

SERVICE = Actor(id="agent", roles=(Role.SERVICE_AGENT,))
MILD = Answers(worst_outcome=Outcome.MILD, people=1, whereabouts=Whereabouts.CONSUMERS)
HURT_IN = ("CN", "DE", "FR", "US", "GB")


@dataclass
class Telling:
    """One incident on its way: acts are decided and folded, and the calendar answers each."""

    incident: Incident
    now: datetime
    product: str
    lot: str
    leaves: list[str] = field(default_factory=list)
    acts: int = 0

    def does(self, who: Actor, command: Any) -> None:
        """Let somebody act, and the calendar answer what the act asks of it."""
        asked = list(self._decided(who, command))
        for body in asked:
            for _ in self._decided(CLOCK, _answer(body)):
                raise RuntimeError("A due time asks for another due time.")

    def act(self, who: Actor, command: Any) -> Act:
        """Give the next act as it would be decided."""
        return Act(
            command_id=f"k{self.acts}",
            actor=who,
            at=self.now,
            happened_at=self.now,
            command=command,
        )

    def _decided(self, who: Actor, command: Any) -> Iterator[Any]:
        """Fold what an act leads to; gives what the calendar is asked."""
        self.acts += 1
        act = self.act(who, command)
        for event in INCIDENT.decide(self.incident, act):
            entry = Entry(
                incident=self.incident.id,
                seq=self.incident.size + 1,
                command_id=act.command_id,
                actor=who,
                happened_at=act.happened_at,
                at=act.at,
                recorded_at=act.at,
                plan=self.incident.rules.hash,
                build="bench",
                event=event,
            )
            self.incident = evolve(self.incident, event, entry.mark())
            self.leaves.append(entry.leaf().decode())
            for effect in effects(self.incident, event, entry.mark()):
                if effect.name == "derive_due":
                    yield effect.body

    def reported(self) -> None:
        """Begin: a problem with one product and lot."""
        self.does(
            SERVICE,
            ReportProblem(
                first_known_at=self.now - timedelta(hours=1),
                first_known_country="CN",
                products=(ProductId(self.product),),
                lots=(LotNumber(self.lot),),
                answers=MILD,
            ),
        )

    def hurt(self, country: str) -> RegisterCase:
        """Give the act that registers a person in hospital."""
        return RegisterCase(
            outcomes=(Outcome.HOSPITALISED,),
            awareness_at=self.now,
            country=country,
            product=ProductId(self.product),
        )


def _answer(body: Any) -> Any:
    """Answer as the activity and the workflow do: derived, or refused with the reason."""
    request = DueRequest(
        start_at=body["start_at"],
        limit=body["limit"],
        calendar=body["calendar"],
        counting=body["counting"],
    )
    try:
        return due_command(body["duty"], json.loads(json.dumps(asdict(derived(request)))))
    except Malformed as refusal:
        return no_due_command(body["duty"], body["start_at"], refusal.sentence)


def told(rules: Rules, number: str, at: datetime, goods: tuple[str, str], people: int) -> Telling:
    """Tell an incident with so many hurt people, in all markets in turn."""
    one = Telling(new_incident(number, rules), at, *goods)
    one.reported()
    for turn in range(people):
        one.does(SERVICE, one.hurt(HURT_IN[turn % len(HURT_IN)]))
    return one


def seed(engine: Engine, rules: Rules, goods: tuple[str, str], *, count: int, duties: int) -> int:
    """Record so many incidents with so many open duties together; gives how many duties."""
    kept = rule_store.keep_rules(engine, "incident", rules_text(rules).encode(), datetime.now(UTC))
    writer, standing = LedgerActivities(engine), 0
    for turn in range(count):
        at = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=7 * turn % 900)
        reservation = incidents.Reservation(
            command_id=f"bench-{turn}", digest="d", created_at=at, reported_by="agent",
            title="cream", rules_hash=kept,
        )  # fmt: skip
        number = incidents.reserve_number(engine, at.year, reservation).id
        one = told(rules, number, at, goods, 0)
        share = (duties - standing) / (count - turn)
        while len(one.incident.notice.open_duties) < share:
            one.does(SERVICE, one.hurt(HURT_IN[(turn + one.acts) % len(HURT_IN)]))
        batch = RecordBatch(stream=number, first=1, leaves=one.leaves, run=1)
        writer.record(batch)
        standing += len(one.incident.notice.open_duties)
    return standing


def deciding(one: Telling) -> tuple[Incident, Act]:
    """Give the state and the act by which one more hurt person is registered there."""
    return replace(one.incident), one.act(SERVICE, one.hurt("DE"))
