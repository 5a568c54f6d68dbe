"""The seven stages of the plan, in the order people meet them; names are the same in every room."""

from enum import StrEnum


class Stage(StrEnum):
    """A stage of the emergency plan (plus `people`, the acts that belong to no single stage)."""

    REPORT = "report"
    INVESTIGATION = "investigation"
    HALT = "halt"
    RECALL = "recall"
    STATEMENT = "statement"
    NOTICE = "notice"
    REVIEW = "review"
    PEOPLE = "people"


SEVEN_STAGES = tuple(stage for stage in Stage if stage is not Stage.PEOPLE)
