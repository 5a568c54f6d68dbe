"""State of stage `statement`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementState:
    """Everything stage `statement` knows."""
