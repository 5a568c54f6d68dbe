"""State of stage `investigation`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestigationState:
    """Everything stage `investigation` knows."""

    evaluation_signed: bool = False
