"""What became of a text's e-mail to a newsroom, where it did not get there.

What belongs here: the closed list, and the value. What never does: an address, or sending.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

NO_TIME: Final = (
    "Nobody tried yet: the mail server took so long for the others that the time was over."
)
"""Why a newsroom was not reached that had no turn."""


class Fate(StrEnum):
    """Why a newsroom does not have a text, or why nobody knows."""

    REFUSED = "refused"
    """The mail server did not take it, for good."""
    UNREACHED = "unreached"
    """The mail server could not be reached, or put it off each time: nothing was sent."""
    UNSURE = "unsure"
    """The connection broke after the text was handed over: it may have arrived."""
    BOUNCED = "bounced"
    """It was taken, and a report of another server says that it did not arrive."""
    UNLISTED = "unlisted"
    """It got the text that this one changes, and is on the press list no more."""
    NOT_IN_ITS_LANGUAGE = "not_in_its_language"
    """It got the text that this one changes, in a language that this one does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotMailed:
    """A newsroom that did not get a text; `why` is what a server said, without any address.

    Where no server said anything it may be a sentence of ours (`NO_TIME`).
    """

    newsroom: str
    fate: Fate
    why: str = ""
