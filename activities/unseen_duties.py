"""Duties whose time passed while their incident did not notice: found without its workflow.

What belongs here: reading recorded duties against the clock, also where the rules are missing, the
history cannot be replayed or the calendar never answered. What never does: recording anything in an
incident, or whom its own ladder tells.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Engine
from temporalio import activity

from activities.calendars import derived
from domain.envelope import DueRequest, Told, Wire
from domain.errors import AndonError, Malformed
from domain.people import Role
from domain.regulation_terms import DueBasis
from domain.state.notice import Duty
from domain.wire import decode, instant_text, read_instant
from storage import incidents, streams

KIND = "duty_unseen"
TOLD = (Role.REGULATORY_AFFAIRS, Role.LEGAL, Role.DUTY_OFFICER)
"""Who owns a duty, and who is awake; whoever leads the incident comes to them."""


@dataclass(frozen=True)
class Unseen:
    """A duty that is over and open, and of which its incident recorded nothing."""

    incident: str
    drill: str
    duty: Duty
    due_at: datetime
    lead: str

    def told(self) -> Told:
        """Give the message about it; the same one however often it is found."""
        duty = self.duty
        person = duty.case or duty.subject.replace("incident", "").partition("/")[0]
        roles = [*TOLD] if self.lead else [*TOLD, Role.INCIDENT_COMMANDER]
        body: Wire = {
            "kind": KIND,
            "roles": [str(role) for role in roles],
            "person": self.lead,
            "duty": duty.id,
            "title": f"{duty.title_en}, {person}" if person else duty.title_en,
            "title_zh": f"{duty.title_zh}，{person}" if person else duty.title_zh,
            "authority": duty.authority_en,
            "authority_zh": duty.authority_zh,
            "due_at": instant_text(self.due_at),
            "in_market": duty.place or duty.market,
        }
        return Told(key_of(self.incident, duty.id, self.due_at), self.incident, self.drill, body)


def key_of(incident: str, duty: str, due_at: datetime) -> str:
    """Name the message about a due time that passed unseen: there is one, for ever."""
    return f"sweep:{incident}:{duty}:{instant_text(due_at)}"


def told_by_sweep(told: Told) -> str:
    """Name what the sweep may have told already of what is told now; nothing for all else."""
    body = told.body
    is_filing = body["kind"] == "overdue" and str(body.get("asks")).startswith("file_")
    if not is_filing or "reached_at" not in body:
        return ""
    return key_of(told.incident, str(body["about"]), read_instant(str(body["due_at"])))


@dataclass(frozen=True)
class _Read:
    """The duties of an incident that may pass unseen, as of one version, and who leads it."""

    version: int
    lead: str
    waiting: tuple[tuple[Duty, datetime], ...]


class UnseenDuties:
    """Looks at every open incident; reads its duties again only when something was recorded."""

    def __init__(self, engine: Engine) -> None:
        """Keep the engine of the ledger."""
        self._engine = engine
        self._read: dict[str, _Read] = {}

    def find(self, rows: Iterable[incidents.IncidentRow], before: datetime) -> Iterator[Unseen]:
        """Give the duties that were due, and known to be, before an instant, soonest first."""
        listed = [row for row in rows if row.size]
        self._read = {row.id: self._of(row) for row in listed}
        for row in listed:
            read = self._read[row.id]
            for duty, due_at in read.waiting:
                if due_at < before and self._known_at(row.id, duty) < before:
                    yield Unseen(row.id, row.drill, duty, due_at, read.lead)

    def _of(self, row: incidents.IncidentRow) -> _Read:
        kept = self._read.get(row.id)
        if kept is not None and kept.version == row.version:
            return kept
        stored = incidents.load_state(self._engine, row.id)
        try:
            state = json.loads(stored.state) if stored is not None else {}
            return _Read(row.version, _lead(state), tuple(sorted(_waiting(state), key=_when)))
        except (AndonError, ValueError, TypeError, LookupError) as fault:
            # A state of a newer release: the others are looked at all the same.
            activity.logger.warning("the duties of %s cannot be read: %s", row.id, fault)
            return _Read(row.version, "", ())

    def _known_at(self, incident: str, duty: Duty) -> datetime:
        """Say since when it is on record that this is due: what began long ago may be known now.

        A duty that opened again is due again since then, also where its time was long over.
        """
        seq = max(filter(None, (duty.due_seq, duty.afresh)), default=None)
        if seq is None:
            return duty.arisen_at
        rows = streams.read_entries(self._engine, incident, seq, seq)
        recorded = [read_instant(json.loads(row.content)["recorded_at"]) for row in rows]
        return max([duty.arisen_at, *recorded])


def _when(waiting: tuple[Duty, datetime]) -> tuple[datetime, int]:
    duty, due_at = waiting
    return due_at, duty.seq


def _lead(state: dict[str, Any]) -> str:
    """Name who leads an incident; nobody where nobody was named."""
    held = state.get("people", {}).get("roles", {}).get(str(Role.INCIDENT_COMMANDER), {})
    named = held.get("carried_by") or state.get("report", {}).get("commander")
    return str(named or "")


def _waiting(state: dict[str, Any]) -> Iterator[tuple[Duty, datetime]]:
    """Give what is still to be filed, with its time; behind the seal no clock runs."""
    if state.get("review", {}).get("closed_at"):
        return
    for document in state.get("notice", {}).get("duties", {}).values():
        duty = decode(Duty, document)
        if duty.is_open and duty.counts and duty.overdue_at is None:
            due_at = _due_at(duty)
            if due_at is not None:
                yield duty, due_at


def _due_at(duty: Duty) -> datetime | None:
    """Say when a duty is due: as recorded, or counted here where that may never have come back."""
    is_asked = duty.due_at is None or (duty.moves and duty.due_basis is not DueBasis.BY_HAND)
    if not is_asked or duty.is_immediate:
        return duty.due_at
    request = DueRequest(
        start_at=instant_text(duty.start_at),
        limit=duty.limit,
        calendar=duty.calendar,
        counting=duty.counting,
    )
    try:
        counted = read_instant(derived(request).due_at)
    except Malformed:
        return duty.due_at
    return min(filter(None, (counted, duty.due_at)))
