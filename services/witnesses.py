"""The witnesses of an installation: the file that its settings name.

What belongs here: reading it. What never does: what may stand in it (integrations/witnesses.py), or
handing anything over (activities/witnesses.py).
"""

from integrations.inside import inside_of
from integrations.outgoing import Bounds, Outgoing
from integrations.witnesses import Witness, read_witnesses
from services.settings import Settings
from services.toml_files import read_toml


def witnesses_of(settings: Settings) -> tuple[Witness, ...]:
    """Read the witnesses that the settings name; none where they name no file.

    Raises BrokenSetup.
    """
    if settings.witnesses is None:
        return ()
    told = read_toml(settings.witnesses, "file of witnesses", "Set ANDON_WITNESSES to it.")
    return read_witnesses(told, Outgoing(Bounds(inside_allowed=inside_of(settings.allow_inside))))
