"""Which private words somebody may open in an inspector's room.

What belongs here: the choices of that field. What never does: who may open what (domain/people.py).
"""

from api.forms import Option
from api.words import Words
from domain.people import Access, Actor, may_open
from domain.rooms import NEVER_SHOWN


def room_classes(words: Words, actor: Actor) -> list[Option]:
    """Offer the classes that this person may read, without counsel's papers."""
    return [
        {
            "value": str(access),
            "label": words.member(access),
            "help": words.of("access_holds", str(access)),
        }
        for access in Access
        if access is not Access.OPEN and access not in NEVER_SHOWN and may_open(actor, access)
    ]
