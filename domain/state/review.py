"""State of stage `review`: actions, lessons, the seal."""

from dataclasses import dataclass, field
from datetime import date, datetime

from domain.wire import added


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A corrective or preventive action; `state`: open, done, verified, failed."""

    id: str
    seq: int
    title: str
    kind: str
    owner: str
    due_on: date
    due_at: datetime
    test: str
    assigned_at: datetime
    state: str = "open"
    done_by: str | None = None
    done_at: datetime | None = None
    outcome: str = ""
    verified_by: str | None = None
    verified_at: datetime | None = None
    evidence: tuple[str, ...] = added(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What was learnt, and what it changes in the plan, if anything."""

    seq: int
    text: str
    changes_plan: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewState:
    """Everything stage `review` knows; `run` counts reopenings.

    `left` is what was not confirmed at the end, and what came back of each lot.
    """

    actions: dict[str, Action] = field(default_factory=dict)
    lessons: tuple[Lesson, ...] = ()
    closed_at: datetime | None = None
    closed_by: tuple[str, ...] = ()
    open_items: tuple[str, ...] = ()
    reopened: int = 0
    left: tuple[str, ...] = added(())

    @property
    def run(self) -> int:
        """Give the number of the incident's present run."""
        return self.reopened + 1

    @property
    def word(self) -> str:
        """Say in one word where the stage stands (see domain/overview.py)."""
        if self.closed_at is not None:
            return "done"
        return "running" if self.actions or self.lessons else "none"
