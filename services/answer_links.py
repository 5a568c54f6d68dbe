"""The page where a channel answers its order: the address that nobody can guess, and its answer.

What belongs here: making an address, finding the order behind one, and bringing the answer. What
never does: what may be answered (domain/channel_answers.py), or the page
(api/pages/order_answer.py). An address is made anew whenever it is needed: it stands in the message
with the order, and in no database, no entry and no log of ours.

It holds the names of incident, channel and order, and a mark over them. Without the mark nothing is
looked up: whoever guesses learns nothing, not even by how long the answer takes, whether there is
such an incident, channel or order.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import quote

from domain.canonical import canonical
from domain.channel_answers import is_over, is_resume_asked, order_of
from domain.envelope import Answer
from domain.people import PERFORMER, channel_actor
from domain.state import Incident
from domain.state.halt import ChannelHalt, HaltOrder, LinkAnswer
from services import acting, vaulting
from services.house import House
from services.link_marks import current_key, every_key, mark, same
from services.reading import kept_state
from services.sending import Sent
from storage import incidents

ANSWERS: Final = "/answer/"

_KEY_OF: Final = b"andon/answer-link/1"
_ADDRESS: Final = re.compile(
    r"([A-Z]{1,16}-[0-9]{4}-[0-9]{1,9})-(.{1,80})-([1-9][0-9]{0,4})-([0-9a-f]{32})"
)
_NOBODY: Final = ("", "", "0", "0" * 32)
"""What an address that is none of ours is looked at as: all wrong ones take the same work."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The order behind an address; `is_lifted` once nothing is to be answered any more.

    It is the channel's newest, or an older one that stands beside it. `resumes`: it ended there,
    and the channel is asked whether it does again what the order stopped.
    """

    incident: Incident
    order: HaltOrder
    now: ChannelHalt
    is_lifted: bool
    resumes: bool = False

    @property
    def answered(self) -> bool:
        """Say whether the channel answered this order itself."""
        return self.own is not None

    @property
    def own(self) -> LinkAnswer | None:
        """Give what the channel last answered to this order itself, with its units and reason."""
        last, now = self.now.own_answer, self.now
        if last is not None and last.order == self.order.number:
            return replace(last, units=now.units, reason=now.last_error)
        return next((one for one in now.older_answers if one.order == self.order.number), None)

    @property
    def is_newest(self) -> bool:
        """Say whether it is the channel's newest order, which has the time to answer by."""
        return self.now.order == self.order.number


def path_of(house: House, incident: str, channel: str, order: int) -> str:
    """Give the path under which a channel answers an order; whoever has it may answer."""
    names = (incident, channel, str(order))
    told = mark(current_key(house.ring, _KEY_OF), *names)
    return f"{ANSWERS}{quote('-'.join((*names, told)), safe='')}"


def address_of(house: House, incident: str, channel: str, order: int) -> str:
    """Give the whole address, as it stands in a message."""
    return f"{house.settings.console_url}{path_of(house, incident, channel, order)}"


def find(house: House, address: str) -> Asked | None:
    """Give the order behind the end of a path; None alike for whatever leads to none."""
    found = _ADDRESS.fullmatch(address)
    incident, channel, number, told = found.groups() if found else _NOBODY
    names = (incident, channel, number)
    # Every key is tried, so that the answer takes as long whichever made the mark.
    keys = [key for key in every_key(house.ring, _KEY_OF) if same(mark(key, *names), told)]
    stored = incidents.load_state(house.engine, incident) if keys else None
    if stored is None:
        return None
    return _asked(kept_state(house, incident, stored), channel, int(number))


def _asked(incident: Incident, channel: str, number: int) -> Asked | None:
    now, order = incident.halt.channels.get(channel), order_of(incident, channel, number)
    if now is None or order is None:
        return None
    resumes = is_resume_asked(incident, channel, order)
    return Asked(incident, order, now, is_lifted=is_over(channel, order), resumes=resumes)


def who_answered(house: House, asked: Asked) -> str:
    """Give the name under which the channel answered, for its own page."""
    own = asked.own
    if own is None:
        return ""
    told = vaulting.open_texts(house, PERFORMER, [own.by], None).get(own.by.ref, "")
    return told if vaulting.is_shown(told) else ""


async def answer(
    house: House, asked: Asked, address: str, said: Mapping[str, Any], *, seen: str
) -> Answer:
    """Record what a channel answered; the same form sent again counts once.

    `seen` names the answer that the form stood beside. Raises AndonError, as `acting.act` does.
    """
    channel = asked.now.channel
    body = {**said, "channel": channel, "order": asked.order.number}
    sent = Sent(command="answer_order", body=body, command_id=_once(address, body, seen))
    return await acting.answer_by_link(house, channel_actor(channel), asked.incident.id, sent)


def _once(address: str, body: Mapping[str, Any], seen: str) -> str:
    """Name an answer by its link, its words, and the answer that its form stood beside.

    So a repeat counts once, and whoever goes back to an earlier answer is heard again.
    """
    told = canonical({"address": address, "body": dict(body), "seen": seen})
    return f"answer-{hashlib.sha256(told).hexdigest()[:40]}"
