"""Newsrooms of the press list: how many have a text, and which lack it.

What belongs here: the words on the page of a text. What never does: sending, or an address.
"""

from api.pages import blocks
from api.pages.lens import Drawn, Lens
from domain.mailed import NO_TIME
from domain.state.statement import PlaceState, Statement


def mailed_to(lens: Lens, place: PlaceState) -> str:
    """Say how many newsrooms have a text by e-mail, and how many lack it; "" for none."""
    sent, missed, told = len(place.mailed), len(place.not_mailed), []
    if sent:
        words = lens.words.ngettext(
            "sent by e-mail to %(n)s newsroom", "sent by e-mail to %(n)s newsrooms", sent
        )
        told.append(words % {"n": lens.number(sent)})
    if missed:
        words = lens.words.ngettext(
            "%(n)s newsroom lacks it or may lack it, see below",
            "%(n)s newsrooms lack it or may lack it, see below",
            missed,
        )
        told.append(words % {"n": lens.number(missed)})
    return " · ".join(told)


def _said(lens: Lens, why: str) -> str:
    """Give what a mail server said as it is, and a sentence of ours in the reader's language."""
    return lens(NO_TIME) if why == NO_TIME else why or "–"


def lacking(lens: Lens, one: Statement) -> list[Drawn]:
    """List the newsrooms that lack a text, or may lack it, and why; nothing where none does."""
    rows = [
        [missed.newsroom, lens.word(missed.fate), _said(lens, missed.why)]
        for place in one.places.values()
        for missed in place.not_mailed
    ]
    if not rows:
        return []
    return [
        blocks.table(
            lens("Newsrooms that did not get it by e-mail"),
            lens.each("Newsroom", "What happened", "What the mail server said"),
            rows,
            note=lens("Nothing is sent to them again by itself: reach them another way."),
            id="newsrooms",
        )
    ]
