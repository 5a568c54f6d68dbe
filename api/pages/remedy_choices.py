"""Which remedies a form offers: what a person may choose, and what comes beside it.

What belongs here: choices of a field. What never does: a rule; what is owed beside a choice is
domain/recall_terms.py's.
"""

from typing import Final

from api.forms import Option, enum_options
from api.words import Words
from domain.recall_terms import CHOICES, Remedy

CHOSEN_AMONG: Final = frozenset({"remedies", "offered"})
"""Fields that name what a person may choose among; medical cost and damages are no choice."""


def remedies(words: Words, path: str) -> list[Option]:
    """Offer what may stand in a field; what is owed beside a choice says what it takes."""
    found = enum_options(Remedy, words)
    if path in CHOSEN_AMONG:
        return [one for one in found if one["value"] in CHOICES]
    beside = words.gettext("Owed beside a refund, exchange or repair: name the amount.")
    return [one if one["value"] in CHOICES else {**one, "help": beside} for one in found]
