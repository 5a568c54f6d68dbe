"""What every stream has, whatever it is about: an incident, or one after-sales case.

What belongs here: rules, number, acts that wait for signatures, rungs, refusals. What never does:
what one kind of stream knows, or a rule. Role check, signatures, ladder and fold read these fields
alone (domain/acts.py, domain/agenda.py, domain/plot.py), and so hold for every kind.
"""

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Generic, TypeVar, cast

from domain.people import Role
from domain.rules import FindRules, Rules, Shelf
from domain.severity import Grade
from domain.values import Json
from domain.wire import decode, written

UNPINNED = cast("Rules", None)
"""Stands where a state was just read and its rules are not put back yet."""

NO_OTHERS: FindRules = Shelf()
"""Knows no rules: for a state over which no adoption is folded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Where an event stands in the ledger, as far as `evolve` may know."""

    seq: int
    at: datetime
    happened_at: datetime
    actor: str
    roles: tuple[Role, ...]
    command_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One person's signature under an act: who, in which role, when, and any dissent kept."""

    person: str
    role: str
    at: datetime
    meaning: str
    on_behalf_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingAct:
    """An act that waits for more signatures: `slots` are the role sets still to be filled."""

    id: str
    key: str
    title: str
    command: Json
    proposed_at: datetime
    proposed_by: str
    signatures: tuple[Signature, ...]
    slots: tuple[tuple[Role, ...], ...]
    silence: str
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamState(ABC):
    """What `decide` reads and `evolve` makes, as far as every kind of stream has it.

    `rules` are those that hold now; `find_rules` gives others by hash, for the entry from which
    they hold. `size` is the number of the last entry.
    """

    rules: Rules = field(default=UNPINNED, metadata={"wire": False})
    find_rules: FindRules = field(
        default=NO_OTHERS, metadata={"wire": False}, repr=False, compare=False
    )
    id: str
    size: int = 0
    last_at: datetime | None = None
    drill: str = ""
    pending: dict[str, PendingAct] = field(default_factory=dict)
    acts_proposed: int = 0
    rungs: dict[str, int] = field(default_factory=dict)
    refusals: dict[str, datetime] = field(default_factory=dict)
    refusals_counted: int = 0

    @property
    @abstractmethod
    def grade(self) -> Grade:
        """Give the grade by which the plan's times and acts are chosen."""

    @property
    def absent_roles(self) -> tuple[Role, ...]:
        """Give the roles whose holder is marked absent, so that the deputy may act."""
        return ()


S = TypeVar("S", bound=StreamState)


class StateWriter(Generic[S]):
    """Writes a state as text again and again, and only what changed since the last time anew.

    States are never changed in place: what is the same object has the same text.
    """

    def __init__(self, kind: type[S]) -> None:
        """Know nothing yet."""
        self._kind = kind
        self._kept: dict[str, tuple[object, str]] = {}

    def text(self, state: S) -> str:
        """Give a state as compact JSON text, without its rules (they are pinned by hash)."""
        found: dict[str, str] = {}
        for name, part, encoded in written(self._kind, state):
            kept = self._kept.get(name)
            if kept is None or kept[0] is not part:
                told = json.dumps(encoded(part), sort_keys=True, separators=(",", ":"))
                kept = self._kept[name] = (part, told)
            found[name] = kept[1]
        return "{" + ",".join(f'"{name}":{found[name]}' for name in sorted(found)) + "}"


def state_text(kind: type[S], state: S) -> str:
    """Give a state as compact JSON text, without its rules (they are pinned by hash)."""
    return StateWriter(kind).text(state)


def read_state_text(kind: type[S], text: str, rules: Rules) -> S:
    """Read a state back from its JSON text and put its rules in place; raises Malformed."""
    return replace(decode(kind, json.loads(text)), rules=rules)
