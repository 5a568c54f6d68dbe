"""Counting the after-sales cases of an incident, as their read model has them.

What belongs here: one count, with the hash of the list it was made from. What never does: telling
the incident (the case's workflow does), or a case.
"""

import hashlib

from sqlalchemy.engine import Engine
from temporalio import activity

from activities.translation import translated
from domain.envelope import CaseNews, CasesSeen
from domain.errors import NotFound
from domain.severity import Grade
from storage import cases, incidents

DONE = frozenset({"settled", "closed"})


class CaseActivities:
    """Activities over the rows of cases."""

    def __init__(self, engine: Engine) -> None:
        """Keep the engine."""
        self._engine = engine

    @activity.defn(name="count_cases", no_thread_cancel_exception=True)
    def count_cases(self, news: CaseNews) -> CasesSeen:
        """Count the cases of an incident; an incident that is not there has run 0."""
        with translated(final=False):
            try:
                run = incidents.incident(self._engine, news.incident).run
            except NotFound:
                return CasesSeen(run=0)
            marks = cases.marks_of(self._engine, news.incident)
        listed = "".join(f"{mark.id}\n" for mark in marks)
        return CasesSeen(
            run=run,
            count=len(marks),
            settled=sum(mark.status in DONE for mark in marks),
            hurt=sum(mark.level not in ("", Grade.MINOR) for mark in marks),
            sha256=hashlib.sha256(listed.encode()).hexdigest(),
        )
