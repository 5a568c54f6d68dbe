"""Recorded stories put into a database as if they had been told here: no workflow, no clock.

What belongs here: one golden ledger, numbered anew, through the same recording as ever. What never
does: private words (recordings hold references alone), or an assertion.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from activities.ledger import LedgerActivities
from domain.canonical import canonical
from domain.case_reading import read_case_file
from domain.envelope import RecordBatch
from domain.ledger import read_entry
from services.company import PLANS
from services.furnishing import furnish
from services.toml_files import read_toml
from storage import rules as rule_store
from storage.database import Database
from storage.incidents import Reservation, reserve_number
from tests.replay.corpus import Golden, Stream, goldens

AT_ONCE = 200
CASES = PLANS / "cases"


@dataclass(frozen=True)
class Told:
    """A story in the database: its number, and the entries as they stand there."""

    number: str
    leaves: list[bytes]


def golden(name: str) -> Golden:
    """Give a recorded story by its name."""
    return next(one for one in goldens() if one.folder.name == name)


def tell(database: Database, name: str, *, reported_by: str = "mei") -> Told:
    """Record a story that was told before, under a number of this installation."""
    story = golden(name)
    stream = story.stream(next(one for one in story.streams if "CASE" not in one))
    began = read_entry(stream.leaves[0]).recorded_at
    for text in story.rule_texts.values():
        rule_store.keep_rules(database.ledger, "incident", text.encode(), began)
    number = _number(database, story, stream, reported_by, began)
    leaves = [_renumbered(leaf, stream.id, number) for leaf in stream.leaves]
    ledger = LedgerActivities(database.ledger)
    for first in range(0, len(leaves), AT_ONCE):
        part = [leaf.decode() for leaf in leaves[first : first + AT_ONCE]]
        ledger.record(RecordBatch(number, first + 1, part, []))
    return Told(number, leaves)


def furnished(database: Database, name: str) -> None:
    """Put the company of a case into the lists: names for what its story speaks of."""
    case = read_case_file(read_toml(CASES / f"{name}.toml", "case file"))
    furnish(database, case, golden(name).rules(first_rules(name)))


def first_rules(name: str) -> str:
    """Give the hash of the rules that a story began with."""
    story = golden(name)
    return str(next(iter(story.about["streams"].values()))["rules"])


def _number(
    database: Database, story: Golden, stream: Stream, reported_by: str, began: datetime
) -> str:
    reservation = Reservation(
        command_id=f"told-{story.folder.name}", digest="d", created_at=began,
        reported_by=reported_by, title="", rules_hash=stream.rules,
    )  # fmt: skip
    return reserve_number(database.ledger, 2026, reservation).id


def _renumbered(leaf: bytes, before: str, number: str) -> bytes:
    document = json.loads(leaf)
    document["incident"] = number
    return canonical(document)
