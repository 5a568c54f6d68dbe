"""A person's word that stands already, on the form by which a newer one is given.

What belongs here: whether the form of an act replaces such a word. What never does: that it does
(domain/channels.py), or when an act is open (domain/openings.py).
"""

from api.pages.looking import View
from api.pages.stopping import CONFIRM
from domain.message import CommandSpec


def replaces_a_word(view: View, spec: CommandSpec, channel: str) -> bool:
    """Say whether a channel is confirmed, so that what is said of it now replaces that."""
    now = view.state.halt.channels.get(channel)
    return spec.name == CONFIRM and now is not None and now.state == "confirmed"
