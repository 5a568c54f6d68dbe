"""Private words on a page: opened for its reader, noted in the read log, or why they are not shown.

What belongs here: that one way from the vault to a page. What never does: who may read
(domain/people.py), or what a page shows.
"""

from collections.abc import Iterable
from datetime import datetime

from api.pages.lens import Lens
from api.pages.looking import View
from api.pages.readable import Opened
from domain.people import Access
from domain.values import PrivateText
from services import vaulting
from services.read_log import Read


def opened_texts(view: View, texts: Iterable[PrivateText], what: str, item: str) -> Opened:
    """Open private texts for this reader; what they may not read says so.

    `what` and `item` are what the read log says of it (services/read_log.py). In an inspector's
    room the classes count that were chosen for it, and the room notes what is read.
    """
    house = view.visit.house
    if view.room is not None:
        told = vaulting.open_classes(house, {Access.OPEN, *view.room.classes}, texts)
    else:
        read = Read(what=what, incident=view.row.id, item=str(item))
        told = vaulting.open_texts(house, view.actor, texts, read)
    return {ref: in_words(view, text) for ref, text in told.items()}


def in_words(view: View, text: str) -> str:
    """Give an opened text, or in the reader's words why it is not shown."""
    lens = view.lens
    if isinstance(text, vaulting.Erased):
        return erased_words(lens, text.erased_at, text.ground)
    reasons: dict[str, str] = {
        vaulting.HIDDEN: (
            lens("[not shown to your role]")
            if view.room is None
            else lens("[not shown in this room]")
        ),
        vaulting.ALTERED: lens("[this text is not the one that was recorded]"),
        vaulting.UNNOTED: lens("[not shown: the read log cannot be written now]"),
    }
    return text if vaulting.is_shown(text) else reasons[text]


def erased_words(lens: Lens, erased_at: datetime | None, ground: str) -> str:
    """Say since when a text is erased, and on what ground."""
    if erased_at is None:
        return lens("[erased]")
    day = lens.day_of(erased_at)
    if not ground:
        return lens("[erased on %(day)s]", day=day)
    return lens("[erased on %(day)s: %(why)s]", day=day, why=lens.words.of("erasure_basis", ground))
