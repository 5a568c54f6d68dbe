"""Ledgers of recorded stories, put into a database as they stand.

What belongs here: recording them, without a workflow. What never does: an assertion.
"""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import cast

import sqlalchemy as sa

from activities.ledger import projection
from domain.plot import fold
from domain.state import Incident
from domain.streams import plot_of
from services.house import House
from storage import ledger
from storage import rules as rule_store
from storage.engine import write
from storage.incidents import FRESH, Reservation
from storage.schema import incidents
from storage.streams import EntryRow, entry_row
from tests.domain.story import START
from tests.replay.corpus import Golden, goldens

STORIES = {golden.folder.name: golden for golden in goldens()}


def incidents_of(golden: Golden) -> list[str]:
    """List the incidents of a story: what is not an after-sales case."""
    return [
        stream for stream in golden.streams if isinstance(golden.folding(stream).state, Incident)
    ]


class Recording:
    """One recorded ledger on its way into the database of a house."""

    def __init__(self, house: House, golden: Golden, stream: str) -> None:
        """Reserve its number and keep the rules it was decided by."""
        told = golden.stream(stream)
        self.house, self.stream, self.leaves = house, stream, told.leaves
        self.begins = replace(
            cast(
                "Incident", plot_of(stream).new(stream, golden.rules(told.rules), drill=told.drill)
            ),
            find_rules=golden.rules,
        )
        self._last = self.begins
        for text in golden.rule_texts.values():
            rule_store.keep_rules(house.engine, "incident", text.encode(), START)
        reserved = Reservation(command_id=stream, digest="d", created_at=START, reported_by="li",
                               title="cream", rules_hash=told.rules, drill=told.drill)  # fmt: skip
        row = {**asdict(reserved), **FRESH, "id": stream, "grade": "", "attention": "",
               "stage_words": [], "products": []}  # fmt: skip
        with write(house.engine) as connection:
            connection.execute(sa.insert(incidents), [row])

    def record(self, last: int | None = None) -> None:
        """Record the entries up to one, all of them where none is named."""
        first = self._last.size
        rows = [entry_row(leaf) for leaf in self.leaves[first:last]]
        ledger.record(self.house.engine, self.stream, first + 1, rows, [], self._project)

    def _project(
        self, _state: str | None, _rules: str, rows: Sequence[EntryRow]
    ) -> ledger.Projection:
        self._last = fold(self._last, [row.content for row in rows])
        return projection(self._last, plot_of(self.stream).text(self._last))

    def states(self) -> list[Incident]:
        """Give the state after each entry, the one before the first ahead of them."""
        found = [self.begins]
        for leaf in self.leaves:
            found.append(fold(found[-1], [leaf]))
        return found
