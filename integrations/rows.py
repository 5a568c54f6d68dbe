"""Files of rows that name what is outside: connections, witnesses.

What belongs here: taking a document apart into its rows, and refusing it with every problem named.
What never does: what a row must have (integrations/connections.py, integrations/witnesses.py).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeVar

from domain.errors import BrokenSetup, FieldError

T = TypeVar("T")
TOLD_AT_MOST: Final = 20


def read_rows(
    document: Mapping[str, Any],
    name: str,
    at_most: int,
    problems: Callable[[str, Any, Mapping[str, T]], Iterable[FieldError]],
    made: Callable[[Mapping[str, Any]], T],
) -> tuple[T, ...]:
    """Read what a TOML file holds: rows of `[[name]]`, each with an id of its own.

    `problems` says what is wrong with a row, beside those that were read; `made` makes one of it.
    Raises BrokenSetup with one sentence per problem; a value is never quoted in it.
    """
    rows = document.get(name, [])
    wrong = [
        FieldError(other, f"Only [[{name}]] may stand here.") for other in document if other != name
    ]
    if not isinstance(rows, list) or len(rows) > at_most:
        wrong.append(FieldError(name, f"Write at most {at_most} rows [[{name}]]."))
        rows = []
    found: dict[str, T] = {}
    for number, row in enumerate(rows):
        faults = list(problems(f"{name}.{number}", row, found))
        wrong += faults
        if not faults:
            found[row["id"]] = made(row)
    if wrong:
        lines = [f"  {one.path}: {one.sentence}" for one in wrong[:TOLD_AT_MOST]]
        raise BrokenSetup(
            "\n".join([f"The file of {name} cannot be used:", *lines]),
            "Correct the lines named above.",
            fields=tuple(wrong[:TOLD_AT_MOST]),
        )
    return tuple(found.values())
