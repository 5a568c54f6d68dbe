"""The time stamp authorities of an installation: the file that its settings name.

What belongs here: reading it. What never does: what may stand in it (integrations/timestamps.py),
or asking for a stamp (activities/stamps.py).
"""

from domain.timestamp import STAMP_AT_MOST
from integrations.inside import inside_of
from integrations.outgoing import Bounds, Outgoing
from integrations.timestamps import HttpAuthority, read_authorities
from services.settings import Settings
from services.toml_files import read_toml


def authorities_of(settings: Settings) -> tuple[HttpAuthority, ...]:
    """Read the authorities that the settings name; none where they name no file.

    Raises BrokenSetup.
    """
    if settings.timestamps is None:
        return ()
    told = read_toml(
        settings.timestamps, "file of time stamp authorities", "Set ANDON_TIMESTAMPS to it."
    )
    bounds = Bounds(
        inside_allowed=inside_of(settings.allow_inside),
        # A hash and a random number are no secret, and the answer proves itself.
        plain_allowed=True,
        at_most=STAMP_AT_MOST,
    )
    return read_authorities(told, Outgoing(bounds))
