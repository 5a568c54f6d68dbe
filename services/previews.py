"""Previews under embargo: the address that nobody can guess, and what it leads to.

What belongs here: making an address, and finding what one shows. What never does: whether a preview
is open (domain/previews.py), or the page. An address is made anew whenever it is needed: it stands
in no database, no entry, no message and no log.

It ends with two marks of 128 bits each, made with a key of their own. The first is over the names
in the address: without it nothing is looked up, so whoever guesses learns nothing, not even by how
long the answer takes, whether there is such an incident, text or preview. The second is over the
bytes that were shared: with other bytes the address is another.
"""

import re
from dataclasses import dataclass
from typing import Final

from domain.previews import Shows, shows
from domain.state import Incident
from domain.state.statement import Preview, Statement
from services import notices
from services.house import House
from services.link_marks import MARK_HEX, current_key, every_key, mark, same
from services.notices import Notice
from services.reading import kept_state
from storage import incidents

PREVIEWS: Final = "/preview/"

_KEY_OF: Final = b"andon/preview-link/1"
_ADDRESS: Final = re.compile(
    r"([A-Z]{1,16}-[0-9]{4}-[0-9]{1,9})-(S[1-9][0-9]{0,4})-([1-9][0-9]{0,4})-([0-9a-f]{64})"
)
_NOBODY: Final = ("", "", "0", "0" * 2 * MARK_HEX)
"""What an address that is none of ours is looked at as: all wrong ones take the same work."""


@dataclass(frozen=True, slots=True)
class Previewed:
    """What an address leads to: the words under embargo, or `notice` once everybody reads them."""

    incident: Incident
    text: Statement
    preview: Preview
    notice: Notice | None


def path_of(house: House, incident: str, statement: str, preview: Preview) -> str:
    """Give the path under which a preview is read; whoever has it may read."""
    names = (incident, statement, str(preview.number))
    key = current_key(house.ring, _KEY_OF)
    return f"{PREVIEWS}{'-'.join(names)}-{_first(key, names)}{_second(key, names, preview.sha256)}"


def find(house: House, address: str) -> Previewed | None:
    """Give what the end of a preview's path leads to; None alike for whatever shows nothing."""
    found = _ADDRESS.fullmatch(address)
    incident, statement, number, told = found.groups() if found else _NOBODY
    names = (incident, statement, number)
    # Every key is tried, so that the answer takes as long whichever made the mark.
    keys = [
        key for key in every_key(house.ring, _KEY_OF) if same(_first(key, names), told[:MARK_HEX])
    ]
    stored = incidents.load_state(house.engine, incident) if keys else None
    if stored is None:
        return None
    state = kept_state(house, incident, stored)
    text = state.statement.statements.get(statement)
    if text is None:
        return None
    for one in text.previews:
        made = [_second(key, names, one.sha256) for key in keys]
        if str(one.number) == number and any(same(each, told[MARK_HEX:]) for each in made):
            return _led(house, state, text, one)
    return None


def _led(house: House, state: Incident, text: Statement, one: Preview) -> Previewed | None:
    """Lead to what stands in public by now, else to the words while the preview is open."""
    told = shows(state, text, one, house.now())
    if told in (Shows.WITHDRAWN, Shows.CHANGED):
        return None
    name = f"{state.id}-{text.id}"
    public = next((each for each in notices.notices(house) if each.name == name), None)
    if public is not None and public.sha256 == one.sha256:
        return Previewed(state, text, one, public)
    return Previewed(state, text, one, None) if told is Shows.OPEN else None


# ---------------------------------------------------------------- the marks


def _first(key: bytes, names: tuple[str, ...]) -> str:
    return mark(key, "names", *names)


def _second(key: bytes, names: tuple[str, ...], sha256: str) -> str:
    return mark(key, "bytes", *names, sha256)
