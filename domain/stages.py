"""The seven stages of the plan, in the order people meet them; names are the same in every room."""

from enum import StrEnum


class Stage(StrEnum):
    """A stage of the emergency plan, and two that are none of the seven.

    `people` are the acts of an incident that belong to no single stage; `case` is an after-sales
    case, which is no incident and has a ledger of its own.
    """

    REPORT = "report"
    INVESTIGATION = "investigation"
    HALT = "halt"
    RECALL = "recall"
    STATEMENT = "statement"
    NOTICE = "notice"
    REVIEW = "review"
    PEOPLE = "people"
    CASE = "case"


SEVEN_STAGES = tuple(stage for stage in Stage if stage not in (Stage.PEOPLE, Stage.CASE))
