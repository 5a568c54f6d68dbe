"""Where texts are brought: places by reader, and which of them people reach by hand.

What belongs here: the closed list. What never does: an address, or bringing a text anywhere
(activities/press.py).
"""

from collections.abc import Iterable
from enum import StrEnum

from domain.plan_terms import Audience


class Place(StrEnum):
    """A place where a text may stand."""

    SITE = "site"
    """The public notice page of this installation."""
    PRESS = "press"
    SOCIAL = "social"
    STAFF = "staff"
    TRADE = "trade"
    BUYERS = "buyers"
    SUPPLIERS = "suppliers"
    PROFESSIONALS = "professionals"
    BOARD = "board"
    EXCHANGE = "exchange"


BY_SYSTEM = frozenset({Place.SITE})
"""Places that the publisher reaches and reads back itself; to all others people bring the text."""

PLACES: dict[Audience, tuple[Place, ...]] = {
    Audience.PUBLIC: (Place.SITE, Place.SOCIAL),
    Audience.PRESS: (Place.PRESS,),
    Audience.STAFF: (Place.STAFF,),
    Audience.TRADE: (Place.TRADE,),
    Audience.BUYERS: (Place.BUYERS,),
    Audience.SUPPLIERS: (Place.SUPPLIERS,),
    Audience.PROFESSIONALS: (Place.PROFESSIONALS,),
    Audience.BOARD: (Place.BOARD,),
    Audience.EXCHANGE: (Place.EXCHANGE,),
    Audience.AS_ORIGINAL: (),
}
"""Which places a reader looks at: a text for staff can never be brought to the public page."""


def is_by_hand(place: str) -> bool:
    """Say whether people bring a text there and confirm what stands."""
    return Place(place) not in BY_SYSTEM


def places_of(audience: Iterable[Audience]) -> tuple[Place, ...]:
    """List every place a text for these readers may be brought to."""
    return tuple(dict.fromkeys(place for reader in audience for place in PLACES[reader]))


def usual_places(audience: Iterable[Audience]) -> tuple[Place, ...]:
    """List where a text goes when nobody says otherwise.

    What staff also read stays inside (questions and answers say what not to say), and a social
    network is always chosen by a person.
    """
    readers = tuple(audience)
    if Audience.STAFF in readers:
        return (Place.STAFF,)
    return tuple(place for place in places_of(readers) if place is not Place.SOCIAL)
