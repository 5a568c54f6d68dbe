"""Letters to people of the company, kept in the outbox: to be sent, or only shown.

What belongs here: keeping them once, with what is to become of each. What never does: the words
(messages.py), or handing one over (team_letters.py).

It is decided when a letter is written: one that was shown, because no mail server was named then,
never goes out later. Nobody is rung for what passed long ago on the day a server is named.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from sqlalchemy.engine import Engine

from integrations.team_mail import TeamMail
from storage import outbox

TEAM: Final = "team"
"""The audience of these letters."""


class TeamOutbox:
    """The letters to the team of one installation; without `mail` they are shown alone."""

    def __init__(self, bulk: Engine, mail: TeamMail | None = None) -> None:
        """Keep the engine of the outbox, and the way of letters where there is one."""
        self._bulk = bulk
        self._mail = mail

    def keep(self, letters: Iterable[outbox.Message]) -> None:
        """Keep letters; those whose effect was kept before are passed over."""
        written = [self._addressed(one) for one in letters]
        for first in range(0, len(written), outbox.LARGEST_BATCH):
            outbox.keep_messages(self._bulk, written[first : first + outbox.LARGEST_BATCH])

    def _addressed(self, one: outbox.Message) -> outbox.Message:
        if self._mail is None:
            return one
        if not self._mail.reaches(one.recipient):
            return replace(one, state="no_address")
        return replace(one, state="later", message_id=self._mail.number(one.effect_key))
