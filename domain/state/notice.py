"""State of stage `notice`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeState:
    """Everything stage `notice` knows."""
