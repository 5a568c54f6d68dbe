"""One thing of the record that does not agree with another.

What belongs here: the value. What never does: finding one (verifying*.py), or its words.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that does not agree: `kind`, the entry it is about (0: none), and what of it."""

    kind: str
    seq: int = 0
    what: str = ""
