"""A duty in words of a reader's language: what its due time rests on.

What belongs here: words about one duty that pages, messages and the brief share. What never does:
a due time, or whom it is told.
"""

from activities.words import Words
from domain.open_duties import OpenDuty
from domain.regulation_terms import DueBasis
from domain.state.notice import Duty


def basis_of(words: Words, duty: Duty | OpenDuty) -> str:
    """Say what a due time rests on; of our own target also what the rule says, and how it binds.

    Nothing where no due time is set.
    """
    if duty.due_basis is None:
        return ""
    if duty.due_basis is DueBasis.COMPANY:
        return words.of("at_once", str(duty.force))
    return words.member(duty.due_basis)
