"""What the form of a hurt person offers to choose from.

What belongs here: what may have happened to the person. What never does: a rule; which outcome is
serious in which market is domain/cases.py's.
"""

from api.forms import Option, enum_options
from api.words import Words
from domain.severity import Outcome

REGISTERED_BY = "register_case"


def outcomes(words: Words, command: str) -> list[Option] | None:
    """Offer what happened; who is registered as hurt was: "nobody" is for later, when it is known.

    None where the usual list stands.
    """
    if command != REGISTERED_BY:
        return None
    return [one for one in enum_options(Outcome, words) if one["value"] != str(Outcome.NONE)]
