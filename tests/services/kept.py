"""Stories with duties that are recorded in a database, for what reads the rows of all incidents.

What belongs here: telling and recording, without a workflow. What never does: an assertion.
"""

import json
from collections.abc import Callable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from activities.ledger import LedgerActivities
from domain.envelope import CommandOutcome, RecordBatch
from domain.incident import new_incident
from domain.rules import rules_text
from storage import incidents
from storage import rules as rule_store
from storage.engine import write
from storage.schema import incidents as table
from tests.domain.duties import Notified
from tests.domain.story import START, rules

Tell = Callable[[Notified], object]


def outcomes_of(leaves: Sequence[str]) -> list[CommandOutcome]:
    """Give what each command led to, as a workflow tells it beside the entries."""
    made: dict[str, list[int]] = {}
    for leaf in map(json.loads, leaves):
        made.setdefault(leaf["command_id"], []).append(leaf["seq"])
    return [
        CommandOutcome(command_id=name, digest="d", first=seqs[0], last=seqs[-1], answer={})
        for name, seqs in made.items()
    ]


class Recorded(Notified):
    """A story that is written down as it goes on."""

    engine: Engine
    written: int = 0

    def record(self) -> str:
        """Write down what happened since; gives the number."""
        leaves = [leaf.decode() for leaf in self.leaves[self.written :]]
        batch = RecordBatch(
            stream=self.incident.id,
            first=self.written + 1,
            leaves=leaves,
            run=1,
            outcomes=outcomes_of(leaves),
        )
        LedgerActivities(self.engine).record(batch)
        self.written = len(self.leaves)
        return self.incident.id


def recorded(
    engine: Engine, key: str, tell: Tell, *, at: datetime = START, drill: str = "", by: str = "li"
) -> Recorded:
    """Reserve a number, tell a story and record it."""
    kept = rule_store.keep_rules(engine, "incident", rules_text(rules()).encode(), at)
    reservation = incidents.Reservation(
        command_id=key, digest="d", created_at=at, reported_by=by, title="cream", rules_hash=kept,
        drill=drill,
    )  # fmt: skip
    number = incidents.reserve_number(engine, at.year, reservation).id
    story = Recorded(now=at, incident=new_incident(number, rules(), drill=drill), key=key)
    story.engine = engine
    tell(story)
    story.record()
    _reserve_for_its_report(engine, story)
    return story


def _reserve_for_its_report(engine: Engine, story: Recorded) -> None:
    """Let the number be the one that the story's own report reserved."""
    opened = next(one for one in map(json.loads, story.leaves) if one["type"] == "ReportReceived")
    row = sa.update(table).where(table.c.id == story.incident.id)
    with write(engine) as connection:
        connection.execute(row.values(command_id=opened["command_id"]))
