"""The outlets of an installation: the file that its settings name.

What belongs here: reading it. What never does: what may stand in it (integrations/outlets.py).
"""

from integrations.outlets import Outlets, read_outlets
from services.settings import Settings
from services.toml_files import read_toml


def outlets_of(settings: Settings) -> Outlets:
    """Read the outlets that the settings name; none where they name no file. Raises BrokenSetup."""
    if settings.outlets is None:
        return Outlets()
    return read_outlets(read_toml(settings.outlets, "file of outlets", "Set ANDON_OUTLETS to it."))
