"""State of stage `review`."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewState:
    """Everything stage `review` knows."""

    closed_at: datetime | None = None

    @property
    def word(self) -> str:
        """Say in one word where the stage stands (see domain/overview.py)."""
        return "none"
