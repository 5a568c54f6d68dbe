"""Stage `report`: after-sales cases of an incident, heard of in counted, hashed batches.

What belongs here: how many cases belong to the incident, and the hash of their list. What never
does: a case (domain/service_case.py); each lives its own life and has its own ledger.
"""

from dataclasses import dataclass

from domain.dispatch import Act, decides, evolves
from domain.errors import Refused
from domain.message import command, event
from domain.people import Role
from domain.stages import Stage
from domain.state import Incident, Mark, with_stage
from domain.state.report import CaseCount


@event("CasesCounted", stage=Stage.REPORT)
@dataclass(frozen=True, slots=True, kw_only=True)
class CasesCounted:
    """How many after-sales cases belong here, how many are settled, in how many somebody is hurt.

    `sha256` is over the sorted numbers of the cases, one a line.
    """

    count: int
    settled: int
    hurt: int
    sha256: str


@command("count_cases", stage=Stage.REPORT, roles=[Role.PERFORMER], title="Cases counted")
@dataclass(frozen=True, slots=True, kw_only=True)
class CountCases:
    """What was counted among the cases, by the performer."""

    count: int
    settled: int
    hurt: int
    sha256: str


@decides(CountCases)
def count_cases(incident: Incident, _act: Act, said: CountCases) -> tuple[CasesCounted, ...]:
    """Count the cases; the same count again is no news."""
    known = incident.report.after_sales
    now = (said.count, said.settled, said.hurt, said.sha256)
    if known is not None and (known.count, known.settled, known.hurt, known.sha256) == now:
        return ()
    if not 0 <= said.settled <= said.count or not 0 <= said.hurt <= said.count:
        raise Refused("These counts cannot be true together.", "Count again.", code="bad_count")
    return (
        CasesCounted(count=said.count, settled=said.settled, hurt=said.hurt, sha256=said.sha256),
    )


@evolves(CasesCounted)
def _counted(incident: Incident, counted: CasesCounted, mark: Mark) -> Incident:
    count = CaseCount(
        seq=mark.seq,
        at=mark.at,
        count=counted.count,
        settled=counted.settled,
        hurt=counted.hurt,
        sha256=counted.sha256,
    )
    return with_stage(incident, "report", after_sales=count)
