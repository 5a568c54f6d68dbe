"""What an answer is made of: facts for its first line, and tables whose rows name their entries.

What belongs here: shapes, and how they are written for programs. What never does: a word, or a
choice of what matters. A value keeps its type (an instant, a member of a closed list, a reference
to private text) until whoever shows it says how.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from domain.ledger import Entry
from domain.state import Incident
from domain.values import PrivateText
from domain.wire import instant_text
from services.verifying import Verdict
from storage.company import LogLine

Value = Any
"""Text, a number, a bool, an instant, a day, a StrEnum, a PrivateText, or a tuple of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: `kind` says what its text names (a person, a product), "" where the type does."""

    key: str
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: a value for each column, and the numbers of the entries it rests on."""

    values: tuple[Value, ...]
    entries: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under columns; `key` names it in addresses and files."""

    key: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def column(self, key: str) -> list[Value]:
        """Give every value of one column, in order."""
        place = [one.key for one in self.columns].index(key)
        return [row.values[place] for row in self.rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to one question: `facts` are what its first line says, `tables` the ground."""

    number: int
    facts: Mapping[str, Value]
    tables: tuple[Table, ...]

    def table(self, key: str) -> Table:
        """Give one of its tables. Raises KeyError."""
        return {one.key: one for one in self.tables}[key]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What is asked within a question: a moment (5), a consignee (7), a text and sentence (8)."""

    at: datetime | None = None
    consignee: str = ""
    statement: str = ""
    version: int = 0
    language: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """An exercise of the installation: its number, when it began, and how many times it kept.

    Of `times` that the plan or the law gave something, `late` were not kept; None: not measured.
    """

    id: str
    created_at: datetime
    closed: bool
    grade: str
    times: int | None = None
    late: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """All that the ten questions read: state and entries of one moment, and what stands beside.

    `then` is the state at the moment that question 5 asks for, `to_come` that moment where it has
    not come yet (what is told is then where the record ends); `log` are lines of the company's
    log, all of those kinds that a question asks for. For question 10 alone are `verdict`, `heads`
    (size, when, root), what is `closed_to` all but counsel (by entry: texts, files), and
    when a private text of an entry was `erased`. For question 9 `moved` names the dues that a rise
    of the grade brought nearer, each with the entry of the rise.
    """

    state: Incident
    entries: tuple[Entry, ...]
    now: datetime
    chosen: Chosen = Chosen()
    log: tuple[LogLine, ...] = ()
    exercises: tuple[Exercise, ...] = ()
    then: Incident | None = None
    to_come: datetime | None = None
    verdict: Verdict | None = None
    heads: tuple[tuple[int, datetime, str], ...] = ()
    closed_to: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    erased: Mapping[int, datetime] = field(default_factory=dict)
    moved: Mapping[str, int] = field(default_factory=dict)

    def of(self, *kinds: type) -> Iterable[Entry]:
        """Give the entries of some types, in order."""
        return (one for one in self.entries if isinstance(one.event, kinds))


def table(key: str, columns: str, rows: Iterable[tuple[tuple[Value, ...], Iterable[int]]]) -> Table:
    """Make a table of columns written `key:kind`, and of rows with the numbers of their entries."""
    made = tuple(_column(one) for one in columns.split())
    kept = []
    for values, entries in rows:
        assert len(values) == len(made), f"{key}: {len(values)} values, {len(made)} columns"
        numbers = tuple(sorted({one for one in entries if one}))
        kept.append(Row(values=tuple(values), entries=numbers))
    return Table(key=key, columns=made, rows=tuple(kept))


def _column(text: str) -> Column:
    key, _, kind = text.partition(":")
    return Column(key=key, kind=kind)


PLAN: Final = "plan"
"""Who gave what the plan orders by itself."""


def is_of_the_plan(entry: Entry) -> bool:
    """Say whether the plan did it by itself: the actor is then whose act led to it."""
    return bool(getattr(entry.event, "by_plan", False))


def who_did(entry: Entry) -> str:
    """Name who did it: the principal where a scribe recorded it, the plan what it ordered."""
    return PLAN if is_of_the_plan(entry) else entry.actor.on_behalf_of or entry.actor.id


def first(entries: Iterable[Entry]) -> Entry | None:
    """Give the first of some entries, or None."""
    return next(iter(entries), None)


# ---------------------------------------------------------------- for programs


def document(answer: Answer, opened: Mapping[str, str]) -> dict[str, Any]:
    """Give an answer as JSON values; `opened` are the private words that the reader may see."""
    return {
        "question": answer.number,
        "answer": {key: plain(value, opened) for key, value in answer.facts.items()},
        "tables": [table_document(one, opened) for one in answer.tables],
    }


def table_document(one: Table, opened: Mapping[str, str]) -> dict[str, Any]:
    """Give a table as JSON values: each row by its columns, with `entries`."""
    keys = [column.key for column in one.columns]
    rows = [
        {
            **{key: plain(value, opened) for key, value in zip(keys, row.values, strict=True)},
            "entries": list(row.entries),
        }
        for row in one.rows
    ]
    return {"table": one.key, "columns": keys, "rows": rows}


def plain(value: Value, opened: Mapping[str, str]) -> Any:
    """Give a value as JSON has it; private text that is not opened is null."""
    if isinstance(value, PrivateText):
        return opened.get(value.ref)
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [plain(one, opened) for one in value]
    return value if value is None or isinstance(value, bool | int) else str(value)


def private_of(answer: Answer) -> list[PrivateText]:
    """List the private texts that stand in an answer."""
    found = [one for one in answer.facts.values() if isinstance(one, PrivateText)]
    for each in answer.tables:
        for row in each.rows:
            found += [one for one in row.values if isinstance(one, PrivateText)]
    return found
