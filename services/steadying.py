"""A process that serves for months: how often Python looks for garbage in it.

What belongs here: that. What never does: a drill, which keeps nearly all it makes
(services/simulating.py), or the command line (cli/entry.py).
"""

import gc
from typing import Final

SELDOM: Final = (20_000, 20, 50)
"""New objects before Python looks among them, and how often among the older ones. Of what an act
makes almost nothing lies in circles; with the usual numbers the looking came in the middle of one
act in five, and the slowest waited for it."""


def steady() -> None:
    """Call once all is loaded: what is there now stays to the end and is not looked at again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)
