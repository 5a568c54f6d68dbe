"""The rules an incident runs by: a plan version and the company's calendar, pinned by hash.

What belongs here: the pair and its hash. What never does: the plan's own shape (domain/plan.py)
or calendar arithmetic (domain/clock.py). A running incident changes rules only by a recorded act.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

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


def rules_text(rules: Rules) -> str:
    """Give the canonical text that travels with a workflow and is stored under the hash."""
    return canonical(_document(rules.plan, rules.calendar)).decode()


@lru_cache(maxsize=16)
def rules_from_text(text: str) -> Rules:
    """Read pinned rules from their text; the same text is read once per process."""
    return rules_from_document(json.loads(text))


def _document(plan: Plan, calendar: Calendar) -> Json:
    return {"plan": plan_document(plan), "calendar": encode(Calendar, calendar)}
