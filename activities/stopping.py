"""How far a halt has come: what is only ordered, and what its channels have confirmed.

What belongs here: counting what the state holds. What never does: words (activities/derived.py for
the public, activities/brief.py for management), or what stops (domain/halt.py).
"""

from typing import Final

from domain.severity import HaltLevel
from domain.state.halt import HaltState

CONFIRMED: Final = "confirmed"
"""The one state of a channel of which a text may say that it has stopped."""


def states_of(halt: HaltState, level: str) -> list[str]:
    """Give where each channel stands that was told to stop at a level."""
    return [
        halt.channels[channel.id].state
        for channel in halt.listed.values()
        if channel.level == level and channel.id in halt.channels
    ]


def is_confirmed(halt: HaltState, level: str) -> bool:
    """Say whether a level has stopped: one channel that has not confirmed is enough for no.

    Of production a recorded line is the confirmation.
    """
    if level == HaltLevel.H4 and halt.lines:
        return True
    return set(states_of(halt, level)) == {CONFIRMED}
