"""What was typed into the form of an act is carried through a sign-in, back into that form.

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

_OWN: Final = frozenset({"csrf", "preview", "add_row", "suggest"})
"""What is the page's own in a form of an act: its token, and the buttons that send nothing."""

Rows = list[tuple[str, str]]


def is_form_of_act(address: str) -> bool:
    """Say whether an address is that of the form of an act in an incident."""
    return address.startswith("/incidents/") and address.rpartition("/")[2] in COMMANDS


def carried_from(request: Request, raw: Raw) -> Rows:
    """Give what a form of ours held whose session had ended; nothing of another site's page."""
    path = request.scope["path"]
    if not is_form_of_act(path) or page_before(request) != path:
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
