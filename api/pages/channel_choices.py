"""Which channels and places of ours a form offers: those that its act can be about.

What belongs here: choosing among what the incident and the company's lists know. What never does: a
rule, or how a choice is drawn.
"""

from collections.abc import Sequence

from api.pages.looking import View
from domain.channels import NEEDS_SOMEBODY, standing


def channels_offered(view: View | None, command: str) -> Sequence[str]:
    """Give the channels that were ordered to stop; to be asked again, those that need somebody."""
    if view is None:
        return ()
    channels = view.state.halt.channels
    if command != "ask_channels_again":
        return tuple(channels)
    now = view.lens.now
    return [name for name, one in channels.items() if standing(one, now) in NEEDS_SOMEBODY]
