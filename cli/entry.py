"""Where the command `andon` begins: before anything of it is loaded.

What belongs here: what must be so while the rest is loaded. What never does: a verb.
"""

import gc

MANY_AT_ONCE = (50_000, 20, 100)
"""New objects before Python looks for garbage among them, and how often among the older ones.

Nearly all that is made while a command is loaded stays to its end: looking for garbage there took
a sixth of the time until it began.
"""


def main() -> None:
    """Run the command line."""
    gc.set_threshold(*MANY_AT_ONCE)
    from cli.main import main as run

    run()
