"""What stands in an auditor's table where a value is not there: not yet, never, or not recorded.

What belongs here: telling apart what did not happen from what nobody wrote down. What never does:
a value that is there (question_cells.py).
"""

from collections.abc import Mapping
from typing import Any, Final

from api.pages.lens import Lens
from api.word_lists import LISTS

HAPPENS: Final[Mapping[str, str]] = {"times": "at"}
"""Tables of things that may not have happened yet, by the column that says when they did."""


def has_happened(table: str, row: Mapping[str, Any]) -> bool:
    """Say whether what a row tells of happened; a row of most tables is there because it did."""
    column = HAPPENS.get(table)
    return column is None or row[column] is not None


def absent_word(lens: Lens, table: str, column: str, *, happened: bool) -> str:
    """Say why nothing stands in a column; nothing beside what has not happened, but when."""
    if not happened and column != HAPPENS[table]:
        return ""
    own, known = f"{table}.{column}", LISTS["question_absent"]
    if own in known:
        return lens.words.of("question_absent", own)
    return lens("not recorded")
