"""State of stage `notice`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeState:
    """Everything stage `notice` knows."""

    @property
    def word(self) -> str:
        """Say in one word where the stage stands (see domain/overview.py)."""
        return "none"

    @property
    def open_duties(self) -> tuple[str, ...]:
        """Name the duties that are neither filed nor determined."""
        return ()
