"""State of stage `review`."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewState:
    """Everything stage `review` knows."""

    closed_at: datetime | None = None
