"""Members of a dossier that other modules make, each behind one function.

What belongs here: the way to the verifier's text and to the opened histories. What never does: a
member of our own making (services/dossier.py).
"""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from services import histories
from services.house import House
from services.replaying_beside import Alter

TEMPLATES: Final = Path(__file__).resolve().parents[1] / "templates" / "dossier"


def verifier() -> bytes:
    """Give the text of the small verifier."""
    return (TEMPLATES / "verify.py").read_bytes()


def clear_histories(
    house: House, stream: str, altered: Alter = lambda history: history
) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Give the histories of a record's family, opened, one after the other.

    Who makes a dossier waits in a thread of its own: the loop that fetches runs there, and between
    two histories nothing is held.
    """
    with asyncio.Runner() as runner:
        opened = histories.clear_histories(house, stream, altered=altered)
        while (found := runner.run(anext(opened, None))) is not None:
            yield found
