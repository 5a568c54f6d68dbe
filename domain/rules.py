"""The rules an incident runs by: a plan version and the company's calendar, pinned by hash.

What belongs here: the pair and its hash. What never does: the plan's own shape (domain/plan.py)
or calendar arithmetic (domain/clock.py). A running incident changes rules only by a recorded act.
"""

from dataclasses import dataclass
from datetime import datetime

from domain.canonical import canonical, sha256_hex
from domain.clock import Calendar, Limit, due
from domain.plan import Plan, plan_document, read_plan
from domain.values import Json
from domain.wire import decode, encode


@dataclass(frozen=True, slots=True)
class Rules:
    """A plan version with the calendar its working days are counted by."""

    plan: Plan
    calendar: Calendar
    hash: str

    def due_at(self, start_at: datetime, limit: Limit) -> datetime:
        """Say when `limit`, counted from `start_at` by the company's calendar, is over."""
        return due(start_at, limit, self.calendar).due_at


def rules_of(plan: Plan, calendar: Calendar) -> Rules:
    """Pin a plan and a calendar: the hash is SHA-256 over their canonical JSON."""
    return Rules(plan, calendar, sha256_hex(canonical(_document(plan, calendar))))


def rules_document(rules: Rules) -> Json:
    """Give the canonical plain form that is stored for ever under its hash."""
    return _document(rules.plan, rules.calendar)


def rules_from_document(document: Json) -> Rules:
    """Read pinned rules back; the hash is computed again, never believed."""
    return rules_of(read_plan(document["plan"]), decode(Calendar, document["calendar"]))


def _document(plan: Plan, calendar: Calendar) -> Json:
    return {"plan": plan_document(plan), "calendar": encode(Calendar, calendar)}
