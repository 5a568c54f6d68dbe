"""What was typed into a form of acting or reporting is carried through a sign-in, back into it.

What belongs here: which names and values go along, and how they are called on the way. What never
does: sending the act: the form is opened again, and a person presses.
"""

from collections.abc import Iterable
from typing import Final

from fastapi import Request

from api.pages.referring import page_before
from api.typed import Raw
from domain.message import COMMANDS

MARK: Final = "kept."
"""How the name of a field begins while it is carried."""

REPORT: Final = "/report"
"""The form that reports a problem: no incident is there yet."""

_OWN: Final = frozenset({"csrf", "preview", "add_row", "suggest", "show"})
"""What is a form's own: its token, and the buttons that send nothing."""

Rows = list[tuple[str, str]]


def is_carried(address: str) -> bool:
    """Say whether an address is that of the form of an act in an incident, or of a report."""
    if address == REPORT:
        return True
    return address.startswith("/incidents/") and address.rpartition("/")[2] in COMMANDS


def shown_by(address: str) -> str:
    """Name the button that shows a form as it was typed and sends nothing."""
    return "show" if address == REPORT else "preview"


def carried_from(request: Request, raw: Raw) -> Rows:
    """Give what a form of ours held whose session had ended; nothing of another site's page."""
    path = request.scope["path"]
    if not is_carried(path) or page_before(request) != path:
        return []
    return [(name, one) for name, texts in raw.items() if name not in _OWN for one in texts]


def marked(rows: Iterable[tuple[str, str]]) -> Rows:
    """Name what is carried as the sign-in form does."""
    return [(f"{MARK}{name}", value) for name, value in rows]


def carried_in(raw: Raw) -> Rows:
    """Give what a sign-in form carries, by the names of the form that it came from."""
    return [
        (name.removeprefix(MARK), one)
        for name, texts in raw.items()
        if name.startswith(MARK) and name.removeprefix(MARK) not in _OWN
        for one in texts
    ]
