"""State of stage `recall`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallState:
    """Everything stage `recall` knows; `decision` is empty, `recall`, or another decided action."""

    decision: str = ""

    @property
    def is_running(self) -> bool:
        """Say whether a recall is decided and not completed in every market."""
        return self.decision == "recall"

    @property
    def word(self) -> str:
        """Say in one word where the stage stands (see domain/overview.py)."""
        return "none"
