"""Where the seven stages of an incident stand, in one word each, for rails, lists and search.

What belongs here: reading the whole state. What never does: changing it, or words of a language
(pages translate). Words: `none`, `waiting`, `running`, `done`, `not_needed`.
"""

from collections.abc import Callable
from datetime import datetime

from domain.agenda import dues
from domain.stages import SEVEN_STAGES, Stage
from domain.state import Incident, StreamState
from domain.statement_demand import statement_word


def stage_words(incident: Incident) -> dict[str, str]:
    """Give the word of each stage, in the order of the plan."""
    return {str(stage): _WORDS[stage](incident) for stage in SEVEN_STAGES}


def _report(incident: Incident) -> str:
    return {"none": "none", "received": "running"}.get(incident.report.status, "done")


def _halt(incident: Incident) -> str:
    if incident.halt.levels:
        return "running"
    return "done" if incident.halt.orders else "none"


_WORDS: dict[Stage, Callable[[Incident], str]] = {
    Stage.REPORT: _report,
    Stage.INVESTIGATION: lambda incident: incident.investigation.word,
    Stage.HALT: _halt,
    Stage.RECALL: lambda incident: incident.recall.word,
    Stage.STATEMENT: statement_word,
    Stage.NOTICE: lambda incident: incident.notice.word,
    Stage.REVIEW: lambda incident: incident.review.word,
}


def next_due_at(stream: StreamState) -> datetime | None:
    """Say when the next open due is, past or to come."""
    found = dues(stream)
    return found[0].due_at if found else None


def title(incident: Incident) -> str:
    """Name an incident for lists: its products; never a person."""
    return ", ".join(incident.report.products)
