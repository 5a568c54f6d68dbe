"""The rules an incident runs by: plan, company's calendar, wording, regulations, pinned by hash.

What belongs here: the four and their hash. What never does: the plan's own shape (domain/plan.py),
calendar arithmetic (domain/clock.py), a phrase (plan/wording/) or a law (plan/regulations/). A
running incident changes rules only by a recorded act (domain/adopting.py).
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache

from domain.canonical import canonical, sha256_hex
from domain.clock import Calendar, Limit, due
from domain.clock_reach import plainly
from domain.errors import BrokenSetup, Malformed
from domain.plan import Plan, plan_document, read_plan
from domain.regulations import (
    NOTHING_BESIDE,
    Beside,
    Rule,
    beside_document,
    beside_from_document,
    regulations_document,
    regulations_from_document,
)
from domain.values import Json
from domain.wire import decode, encode
from domain.wording import NO_WORDING, Wording, read_wording, wording_document

REMEMBERED = 4096
"""Due times that are remembered, by start and limit."""


@dataclass(frozen=True, slots=True)
class Rules:
    """A plan version, the calendar its working days are counted by, wording and regulations.

    `text` is the canonical JSON that `hash` is over.
    """

    plan: Plan
    calendar: Calendar
    hash: str
    wording: Wording = NO_WORDING
    regulations: tuple[Rule, ...] = ()
    beside: Beside = NOTHING_BESIDE
    text: str = field(default="", repr=False, compare=False)
    counted: dict[tuple[datetime, Limit], datetime] = field(
        default_factory=dict, repr=False, compare=False
    )

    def due_at(self, start_at: datetime, limit: Limit) -> datetime:
        """Say when `limit`, counted from `start_at` by the company's calendar, is over.

        Every look at an incident asks for the same times again: they are remembered. What the
        calendar does not cover (a case of ten years ago, an incident that outlives it) is counted
        as if every day were worked: early, never late, and never a clock that cannot be told.
        """
        found = self.counted.get((start_at, limit))
        if found is None:
            try:
                found = due(start_at, limit, self.calendar).due_at
            except (Malformed, OverflowError):
                found = plainly(start_at, limit)
            if len(self.counted) >= REMEMBERED:
                self.counted.clear()
            self.counted[start_at, limit] = found
        return found


FindRules = Callable[[str], Rules]
"""Gives pinned rules by their hash; raises BrokenSetup or NotFound when the text is missing."""


class Shelf:
    """Rules at hand, by hash: where a deciding workflow finds those that came with acts."""

    def __init__(self, *rules: Rules) -> None:
        """Begin with some."""
        self._kept = {each.hash: each for each in rules}

    def keep(self, rules: Rules) -> None:
        """Put rules there; what has the same hash is the same."""
        self._kept[rules.hash] = rules

    def __contains__(self, rules_hash: str) -> bool:
        """Say whether rules are there."""
        return rules_hash in self._kept

    def __call__(self, rules_hash: str) -> Rules:
        """Give rules by hash. Raises BrokenSetup."""
        if rules_hash not in self._kept:
            raise BrokenSetup(
                f"The text of the rules {rules_hash[:12]} is not at hand.",
                "Restore it from a backup of the database, or adopt the same files again with "
                "`andon plan adopt`: their hash must be the same.",
                code="rules_missing",
            )
        return self._kept[rules_hash]


def rules_of(
    plan: Plan,
    calendar: Calendar,
    wording: Wording = NO_WORDING,
    regulations: tuple[Rule, ...] = (),
    beside: Beside = NOTHING_BESIDE,
) -> Rules:
    """Pin plan, calendar, wording and regulations: SHA-256 over their canonical JSON."""
    unsealed = Rules(plan, calendar, "", wording, regulations, beside)
    content = canonical(rules_document(unsealed))
    return replace(unsealed, hash=sha256_hex(content), text=content.decode())


def rules_document(rules: Rules) -> Json:
    """Give the canonical plain form that is stored for ever under its hash."""
    document: Json = {
        "plan": plan_document(rules.plan),
        "calendar": encode(Calendar, rules.calendar),
    }
    if rules.wording != NO_WORDING:
        document["wording"] = wording_document(rules.wording)
    if rules.regulations:
        document["regulations"] = regulations_document(rules.regulations)
    if rules.beside != NOTHING_BESIDE:
        document["beside"] = beside_document(rules.beside)
    return document


def rules_from_document(document: Json) -> Rules:
    """Read pinned rules back; the hash is computed again, never believed.

    It is over the document as it was written. A release whose plan has one more field would write
    another, and what was pinned under the first hash would no longer be found by it.
    """
    content = canonical(document)
    rows = document.get("regulations")
    return Rules(
        plan=read_plan(document["plan"]),
        calendar=decode(Calendar, document["calendar"]),
        hash=sha256_hex(content),
        wording=read_wording(document["wording"]) if "wording" in document else NO_WORDING,
        regulations=() if rows is None else regulations_from_document(rows),
        beside=beside_from_document(document["beside"]) if "beside" in document else NOTHING_BESIDE,
        text=content.decode(),
    )


def rules_text(rules: Rules) -> str:
    """Give the canonical text that travels with a workflow and is stored under the hash."""
    return rules.text


@lru_cache(maxsize=16)
def rules_from_text(text: str) -> Rules:
    """Read pinned rules from their text; the same text is read once per process."""
    return rules_from_document(json.loads(text))
