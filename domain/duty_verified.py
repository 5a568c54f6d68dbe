"""Stage `notice`: an open duty takes over the terms of its rule, which is verified by now.

What belongs here: a duty that arose under a rule nobody had verified, once this incident adopts
rules in which somebody has. What never does: other changes of a rule (a duty keeps the terms it
arose with), or a duty that is filed already.

What legal said of the unverified text here ends with that: the verified law holds, also where two
people had said that the rule does not apply.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from domain.dispatch import Effect, causes, evolves
from domain.duties import DutyReopened, derivation, rule_of, with_duty
from domain.message import event
from domain.regulation_terms import Determination, DueBasis, DutyStatus, Force
from domain.regulations import OF_COUNTRY
from domain.stages import Stage
from domain.state import Incident, Mark
from domain.state.notice import Duty
from domain.values import PublicText


@event("DutyVerified", stage=Stage.NOTICE)
@dataclass(frozen=True, slots=True, kw_only=True)
class DutyVerified:
    """The rule of an open duty is verified by now: the duty counts, by the terms of this version.

    What it was due by before is kept here; `citation` is where the verified text stands.
    """

    duty: str
    rule: str
    rule_version: str
    limit: str
    counting: str
    calendar: str
    force: Force
    citation: PublicText
    old_rule_version: str
    old_limit: str
    old_counting: str
    old_due_at: datetime | None


def verified_since(incident: Incident) -> Iterator[DutyVerified | DutyReopened]:
    """Give what follows for duties of an unverified rule that is verified in the rules of now."""
    for duty in incident.notice.duties.values():
        rule = rule_of(incident, duty.rule)
        if duty.verified or rule is None or not rule.verified:
            continue
        if _is_ruled_out(duty):
            reason = PublicText(f"{rule.id} is verified by now: it applies.")
            yield DutyReopened(duty=duty.id, by="plan", by_plan=True, reason=reason, afresh=True)
        elif duty.is_open:
            yield DutyVerified(
                duty=duty.id,
                rule=rule.id,
                rule_version=rule.version,
                limit=rule.limit.text,
                counting=str(rule.counting or ""),
                calendar=duty.place if rule.calendar == OF_COUNTRY else rule.calendar,
                force=rule.force,
                citation=PublicText(rule.citation),
                old_rule_version=duty.rule_version,
                old_limit=duty.limit,
                old_counting=duty.counting,
                old_due_at=duty.due_at,
            )


def _is_ruled_out(duty: Duty) -> bool:
    return duty.status is DutyStatus.DETERMINED and (
        duty.determinations[-1].outcome is Determination.RULE_DOES_NOT_APPLY
    )


@evolves(DutyVerified)
def _verified(incident: Incident, told: DutyVerified, _mark: Mark) -> Incident:
    """Let the duty count; a time set by hand for the unverified text gives way to the law's."""
    duty = incident.notice.duties[told.duty]
    by_hand = duty.due_basis is DueBasis.BY_HAND
    taken_over = replace(
        duty,
        verified=True,
        counts=True,
        rule_version=told.rule_version,
        limit=told.limit,
        counting=told.counting,
        calendar=told.calendar,
        force=told.force,
        due_at=None if by_hand else duty.due_at,
        due_basis=None if by_hand else duty.due_basis,
        no_due_why="",
    )
    return with_duty(incident, taken_over)


@causes(DutyVerified)
def _derive(incident: Incident, told: DutyVerified, mark: Mark) -> Iterable[Effect]:
    yield from derivation(incident.notice.duties[told.duty], mark)
