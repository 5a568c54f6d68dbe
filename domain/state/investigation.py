"""State of stage `investigation`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestigationState:
    """Everything stage `investigation` knows."""

    evaluation_signed: bool = False

    @property
    def has_evaluation(self) -> bool:
        """Say whether a health hazard evaluation stands, preliminary or signed."""
        return self.evaluation_signed

    @property
    def word(self) -> str:
        """Say in one word where the stage stands (see domain/overview.py)."""
        return "none"
