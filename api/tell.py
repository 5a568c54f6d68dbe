"""The shape in which an event is told (api/event_words.py).

What belongs here: that shape. What never does: a sentence.
"""

from typing import NamedTuple


class Tell(NamedTuple):
    """How an event is told: kind of mark (see `ledger_row`), sentence, whether it weighs."""

    kind: str
    text: str
    weighty: bool = False
