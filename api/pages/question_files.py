"""The auditor's answers as files: CSV in the reader's words, one table or all of a question, a zip.

What belongs here: lines of cells as text. What never does: writing them (api/tabular.py).
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from api.pages.lens import Lens
from api.pages.question_cells import text_of, told_with_row
from api.pages.question_said import said
from api.pages.question_tables import title_of
from api.tabular import Field, csv_of, instant, zip_of
from domain.errors import NotFound
from services.questions.asking import Answered
from services.questions.rows import Row, Table

LONG_AGO: Final = datetime(1900, 1, 1, tzinfo=UTC)
"""Beside this every moment has its year."""


def csv_of_table(lens: Lens, one: Table, opened: Mapping[str, str]) -> bytes:
    """Write one table: a line of titles, then its rows, with the numbers of their entries."""
    return csv_of(_lines(_in_utc(lens), one, opened))


def csv_of_answer(lens: Lens, incident: str, told: Answered, table: str = "") -> bytes:
    """Write one table of an answer, or the answer and all tables below each other.

    Raises NotFound for a table that the answer does not have.
    """
    if table:
        found = next((one for one in told.answer.tables if one.key == table), None)
        if found is None:
            names = ", ".join(one.key for one in told.answer.tables)
            raise NotFound(f"This answer has no table {table!r:.40}.", f"Ask for one of: {names}.")
        return csv_of_table(lens, found, told.opened)
    return csv_of(_whole(_in_utc(lens), incident, told))


def zip_of_answers(lens: Lens, incident: str, every: list[Answered]) -> bytes:
    """Put all answers into an archive: one file for each question, and one for each table."""
    files: dict[str, bytes] = {}
    for told in every:
        number = f"{told.answer.number:02}"
        files[f"{incident}/{number}.csv"] = csv_of_answer(lens, incident, told)
        for one in told.answer.tables:
            files[f"{incident}/{number}-{one.key}.csv"] = csv_of_table(lens, one, told.opened)
    return zip_of(files)


def _in_utc(lens: Lens) -> Lens:
    """Give the lens of a file: whoever reads it later, elsewhere, sees one clock and every year."""
    return replace(lens, zone=ZoneInfo("UTC"), zone_name="UTC", now=LONG_AGO)


def _whole(lens: Lens, incident: str, told: Answered) -> Iterator[list[Field]]:
    question = lens.words.of("audit_question", str(told.answer.number))
    yield [incident, str(told.answer.number), question, lens("all times in UTC")]
    for line in said(lens, told):
        yield [line]
    for one in told.answer.tables:
        yield []
        yield [lens.words.of("question_table", one.key)]
        yield from _lines(lens, one, told.opened)


def _lines(lens: Lens, one: Table, opened: Mapping[str, str]) -> Iterator[list[Field]]:
    titles = [title_of(lens, one.key, column.key) for column in one.columns]
    yield [*titles, lens("Entries")]
    for row in one.rows:
        yield [*_fields(lens, one, row, opened), ", ".join(map(str, row.entries))]


def _fields(lens: Lens, one: Table, row: Row, opened: Mapping[str, str]) -> Iterator[Field]:
    by_key = dict(zip((column.key for column in one.columns), row.values, strict=True))
    for column in one.columns:
        yield _field(lens, column.kind, by_key[column.key], by_key, opened)


def _field(
    lens: Lens, kind: str, value: Any, by_key: Mapping[str, Any], opened: Mapping[str, str]
) -> Field:
    if value is None:
        return None
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, int) and not isinstance(value, bool) and kind in ("", "span"):
        return value
    told = told_with_row(lens, kind, value, by_key)
    return text_of(lens, kind, value, opened) if told is None else told
