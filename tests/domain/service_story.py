"""A small driver to tell an after-sales case as people live it; every event goes through bytes."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from domain.acts import ActRefused, SignAct
from domain.agenda import PassTime, dues, next_ring
from domain.dispatch import Act, Due
from domain.ledger import Entry
from domain.people import CLOCK, Actor, Role
from domain.plot import fold, mark_for
from domain.service_case import decide_case, new_case
from domain.service_opening import OpenCase
from domain.service_terms import CaseKind
from domain.state.service_case import ServiceCase
from domain.values import PrivateText, ProductId
from tests.domain.story import START, person, rules

AGENT = person(Role.SERVICE_AGENT)
LEAD = person(Role.SERVICE_LEAD)
LEGAL = person(Role.LEGAL)
QUALITY = person(Role.QUALITY)
FINANCE = person(Role.FINANCE)
SHOP = person(Role.STAFF, name="counter")


def private(name: str) -> PrivateText:
    """Text about a person, as it stands in a command."""
    return PrivateText(ref=f"ref-{name}", commitment=f"c-{name}", subject="subject-1")


@dataclass
class CaseStory:
    """One case on its way; `now` only moves by `later`."""

    now: datetime = START
    case: ServiceCase = field(default_factory=lambda: new_case("CASE-2026-000001", rules()))
    leaves: list[bytes] = field(default_factory=list)
    acts: int = 0

    def does(self, who: Actor, command: Any) -> list[Any]:
        """Let a person act; gives the events, also when one is a refusal."""
        self.acts += 1
        act = Act(
            command_id=f"k{self.acts}",
            actor=who,
            at=self.now,
            happened_at=self.now,
            command=command,
        )
        events = list(decide_case(self.case, act))
        for event in events:
            entry = Entry(
                incident=self.case.id,
                seq=mark_for(self.case, act).seq,
                command_id=act.command_id,
                actor=who,
                happened_at=self.now,
                at=self.now,
                recorded_at=self.now,
                plan=rules().hash,
                build="test",
                event=event,
            )
            self.leaves.append(entry.leaf())
            self.case = fold(self.case, [self.leaves[-1]])
        return events

    def did(self, who: Actor, command: Any) -> list[Any]:
        """Let a person act and insist that nothing was refused."""
        events = self.does(who, command)
        assert not [event for event in events if isinstance(event, ActRefused)], events
        return events

    def refused(self, who: Actor, command: Any) -> ActRefused:
        """Let a person try something that must be refused; nothing else may have happened."""
        events = self.does(who, command)
        assert [type(event) for event in events] == [ActRefused], events
        refusal: ActRefused = events[0]
        return refusal

    def signed(self, *signers: Actor) -> list[Any]:
        """Let people sign the act that was proposed last; gives the events of the last signature."""
        pending, events = list(self.case.pending)[-1], []
        for signer in signers:
            events = self.did(signer, SignAct(act=pending))
        return events

    def later(self, **length: float) -> list[Any]:
        """Let time pass, ringing every bell on the way; gives what the clock did."""
        end, rung = self.now + timedelta(**length), []
        while (bell := next_ring(self.case)) is not None and bell <= end:
            self.now = max(self.now, bell)
            rung.extend(self.does(CLOCK, PassTime()))
        self.now = end
        return rung

    def due(self, key: str) -> Due | None:
        """Find what is due by the beginning of its key."""
        return next((due for due in dues(self.case) if due.key.startswith(key)), None)

    def opened(self, kind: CaseKind = CaseKind.ADVERSE_REACTION, **more: Any) -> list[Any]:
        """Start: a service agent opens a case about the cream."""
        told = {
            "kind": kind,
            "hurt": kind is CaseKind.ADVERSE_REACTION,
            "product": ProductId("cream"),
            "country": "CN",
            "received_at": self.now,
            "words": private("words"),
            "customer": private("customer"),
        }
        return self.did(AGENT, OpenCase(**{**told, **more}))
