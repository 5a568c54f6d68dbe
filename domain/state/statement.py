"""State of stage `statement`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementState:
    """Everything stage `statement` knows."""

    @property
    def word(self) -> str:
        """Say in one word where the stage stands (see domain/overview.py)."""
        return "none"
