"""Stories with duties that are recorded in a database, for what reads the rows of all incidents.

What belongs here: telling and recording, without a workflow. What never does: an assertion.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.engine import Engine

from activities.ledger import LedgerActivities
from domain.envelope import RecordBatch
from domain.incident import new_incident
from domain.rules import rules_text
from storage import incidents
from storage import rules as rule_store
from tests.domain.duties import Notified
from tests.domain.story import START, rules

Tell = Callable[[Notified], object]


class Recorded(Notified):
    """A story that is written down as it goes on."""

    engine: Engine
    written: int = 0

    def record(self) -> str:
        """Write down what happened since; gives the number."""
        leaves = [leaf.decode() for leaf in self.leaves[self.written :]]
        batch = RecordBatch(stream=self.incident.id, first=self.written + 1, leaves=leaves, run=1)
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
    story = Recorded(now=at, incident=new_incident(number, rules(), drill=drill))
    story.engine = engine
    tell(story)
    story.record()
    return story
