"""Which way to its approvals a text takes, told to whoever writes, hands in or approves it.

What belongs here: the sentence beside the approvals. What never does: which lane a text takes
(domain/statement_lane.py).
"""

from itertools import groupby

from api.pages.lens import Lens
from api.pages.looking import View
from domain.state.statement import Statement
from domain.statement_lane import Off, has_lane, needed_slots, off_lane


def lane_note(view: View, one: Statement) -> str:
    """Say which lane a text takes, and what keeps it from the fast one; "" where it has none."""
    if not has_lane(view.state, one.kind):
        return ""
    lens, kept = view.lens, off_lane(view.state, one)
    if kept:
        by_why = sorted(kept, key=lambda each: list(Off).index(each.why))
        return " ".join(
            _why_off(lens, why, lens.listed(lens.language(each.language) for each in same))
            for why, same in groupby(by_why, key=lambda each: each.why)
        )
    if not needed_slots(view.state, one):
        return lens(
            "These words were approved beforehand, and only facts are filled in: nobody signs "
            "them again."
        )
    return lens(
        "These words were approved beforehand, and only facts are filled in: it takes the short "
        "way, with fewer approvals."
    )


def _why_off(lens: Lens, why: Off, languages: str) -> str:
    if why is Off.CHANGED:
        return lens(
            "%(languages)s: words of the text approved beforehand were changed, so everybody "
            "approves it anew.",
            languages=languages,
        )
    if why is Off.NOT_PRE_APPROVED:
        return lens(
            "%(languages)s: the plan approves no such words beforehand, so everybody approves "
            "them.",
            languages=languages,
        )
    if why is Off.UNSEEN_WORDS:
        return lens(
            "It tells words that somebody recorded as a fact and nobody else has verified: let a "
            "second person verify them, or everybody approves it."
        )
    return lens(
        "%(languages)s: there is no text approved beforehand, so everybody approves this one.",
        languages=languages,
    )
