"""Stage `notice`: a duty that lasts as long as the recall ends when the authority ends the recall.

What belongs here: the one end that a rule itself names (status reports "until the recall is
terminated", 21 CFR 7.53(c)), with the letter it rests on. What never does: any other fact that
would take a duty back, or the end of the recall (domain/recall_end.py). If the recall goes on, the
duty is open again (domain/arising.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from domain.dispatch import Act, evolves, settles
from domain.duties import with_duty
from domain.message import event
from domain.recall_end import RecallEnded
from domain.regulation_terms import DutyStatus
from domain.regulations import Rule
from domain.stages import Stage
from domain.state import Incident, Mark, Signature
from domain.state.notice import Ended
from domain.triggers import termination
from domain.wire import added


@event("DutyEnded", stage=Stage.NOTICE)
@dataclass(frozen=True, slots=True, kw_only=True)
class DutyEnded:
    """Nothing more is to be filed: the authority ended what the reports were due for.

    `authority`, `letter_sha256` and `granted_on` are those of the termination in `market`,
    `signers` who signed that it ends the recall.
    """

    duty: str
    market: str
    authority: str
    letter_sha256: str
    granted_on: date
    signers: tuple[Signature, ...] = added(())


@settles(RecallEnded)
def duties_end_with_the_recall(incident: Incident, _act: Act) -> tuple[DutyEnded, ...]:
    """End the open duties whose rule lasts until the termination, where it is recorded."""
    return tuple(_ended(incident))


def _ended(incident: Incident) -> Iterator[DutyEnded]:
    lasting = {rule.id: rule for rule in incident.rules.regulations if _lasts_with_recall(rule)}
    for duty in incident.notice.duties.values():
        end = termination(incident.recall, duty.market)
        if not duty.is_open or duty.rule not in lasting or end is None or end.granted_on is None:
            continue
        yield DutyEnded(
            duty=duty.id,
            market=end.market,
            authority=end.authority,
            letter_sha256=end.letter,
            granted_on=end.granted_on,
            signers=end.ended_by,
        )


def _lasts_with_recall(rule: Rule) -> bool:
    """Say whether every row of a rule asks for a recall that is not terminated."""
    return bool(rule.when) and all(row.recall_open for row in rule.when)


@evolves(DutyEnded)
def _evolve_ended(incident: Incident, told: DutyEnded, mark: Mark) -> Incident:
    kept = Ended(
        seq=mark.seq,
        at=mark.at,
        authority=told.authority,
        letter=told.letter_sha256,
        granted_on=told.granted_on,
    )
    duty = incident.notice.duties[told.duty]
    return with_duty(incident, replace(duty, status=DutyStatus.ENDED, ended=kept))
