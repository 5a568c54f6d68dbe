"""Stage `notice`: judging whether a duty is ours, and when it is due where no calendar can say.

What belongs here: possible duties confirmed, duties determined as not reportable, rules that nobody
verified, due times set by hand. What never does: waiving a law. No firm waives law: what is not
reportable is determined by two people with a reason, can be looked at again, and opens by itself
when the facts leave no doubt.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.dispatch import Act, Effect, causes, decides, evolves
from domain.duties import (
    DutyDue,
    DutyReopened,
    derivation,
    find_duty,
    judged_of,
    open_duty,
    passes_again,
    rule_of,
    with_duty,
)
from domain.errors import Malformed, Refused
from domain.limits import ALLOWED_COUNTING, COUNTED, Counting, Limit, parse_limit
from domain.message import ask, command, event
from domain.people import Access, Role
from domain.regulation_terms import Determination, DueBasis, DutyStatus
from domain.regulations import Rule
from domain.stages import Stage
from domain.state import Incident, Mark, Signature, with_stage
from domain.state.notice import Determined, Duty, Judged
from domain.values import PrivateText, PublicText

JUDGES = (
    Role.REGULATORY_AFFAIRS,
    Role.LEGAL,
    Role.QUALITY_SAFETY_RESPONSIBLE,
    Role.SAFETY_ASSESSOR,
)
LAWYERS = (Role.REGULATORY_AFFAIRS, Role.LEGAL)

# ---------------------------------------------------------------- events


@event("DutyConfirmed", stage=Stage.NOTICE)
@dataclass(frozen=True, slots=True, kw_only=True)
class DutyConfirmed:
    """A named person says that a possible duty is one."""

    duty: str
    by: str
    reason: PublicText


@event("DutyDetermined", stage=Stage.NOTICE, access=Access.PRIVILEGED)
@dataclass(frozen=True, slots=True, kw_only=True)
class DutyDetermined:
    """Two people say that nothing of ours is filed under a duty, and why.

    `other` names the firm, incident or filing that meets it instead. `legal_view` is counsel's
    advice. `was_possible` says that nobody was sure of the duty then.
    """

    duty: str
    outcome: Determination
    reason: PublicText
    other: PublicText
    legal_view: PrivateText | None
    was_possible: bool
    review_at: datetime | None
    signers: tuple[Signature, ...]


@event("DeterminationReviewed", stage=Stage.NOTICE)
@dataclass(frozen=True, slots=True, kw_only=True)
class DeterminationReviewed:
    """Somebody looked at a determination again, and it stands."""

    duty: str
    by: str
    reason: PublicText
    review_at: datetime | None


@event("RuleJudged", stage=Stage.NOTICE)
@dataclass(frozen=True, slots=True, kw_only=True)
class RuleJudged:
    """Legal said whether a rule that nobody verified applies in this incident, and its limit."""

    rule: str
    rule_version: str
    applies: bool
    limit: str
    counting: str
    citation: PublicText
    reason: PublicText
    signers: tuple[Signature, ...]


# ---------------------------------------------------------------- commands


@command("confirm_reportable", stage=Stage.NOTICE, roles=JUDGES, item="duty",
         title="It is reportable")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmReportable:
    """A possible duty is one: the safer side, one person."""

    duty: str = ask("Which duty?", max=20)
    reason: PublicText = ask("Why?", max=2000)


@command("determine_not_reportable", stage=Stage.NOTICE, roles=LAWYERS, item="duty",
         act="determine_not_reportable", title="Determine: nothing to file",
         help="Two people sign, with a reason. The duty opens again when the facts leave no doubt.",
         meaning="Nothing of ours is to be filed under this duty")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class DetermineNotReportable:
    """Why nothing is filed: it is not reportable, or somebody else has met it."""

    duty: str = ask("Which duty?", max=20)
    reason: PublicText = ask("Why?", max=4000)
    outcome: Determination = ask("What is determined?", default=Determination.NOT_REPORTABLE)
    other: PublicText = ask(
        "If somebody else met it: which firm, incident or receipt?",
        default=PublicText(""),
        max=500,
    )
    legal_view: PrivateText | None = ask("Counsel's view", default=None, access=Access.PRIVILEGED)
    review_at: datetime | None = ask("When is this looked at again?", default=None)


@command("review_determination", stage=Stage.NOTICE, roles=JUDGES, item="duty",
         title="Look at the determination again", own_hand=True)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewDetermination:
    """A determination stands, or the duty is open again."""

    duty: str = ask("Which duty?", max=20)
    stands: bool = ask("It stands")
    reason: PublicText = ask("Why?", max=2000)
    review_at: datetime | None = ask("When is it looked at again?", default=None)


@command("confirm_rule_applies", stage=Stage.NOTICE, roles=LAWYERS, item="rule",
         act=lambda said: None if said.applies else "determine_not_reportable",
         title="Does this rule apply here?",
         help="Nobody has verified this rule: read the law, then say. 'No' takes two people.",
         meaning="I have read the law that this answer rests on")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmRuleApplies:
    """What the law says, read by a person, for all duties of the rule in this incident."""

    rule: str = ask("Which rule?", max=60)
    applies: bool = ask("It applies here")
    citation: PublicText = ask("Law and article that you read", max=500)
    reason: PublicText = ask("Note", default=PublicText(""), max=2000)
    limit: str = ask(
        "Its limit (leave empty if the law names no number)",
        default="",
        max=20,
        help="Such as 20 d (days), 15 wd (working days) or 24 h (hours).",
    )
    counting: str = ask(
        "How it is counted (leave empty if the first day does not count)", default="", max=40
    )


@command("set_due_by_hand", stage=Stage.NOTICE, roles=LAWYERS, item="duty",
         title="Set the due time by hand")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class SetDueByHand:
    """A due time that no calendar gave: with the reason, and never for one that was derived."""

    duty: str = ask("Which duty?", max=20)
    due_at: datetime = ask("When is it due?")
    reason: PublicText = ask("How was it counted, from which text?", max=2000)


# ---------------------------------------------------------------- decide


@decides(ConfirmReportable)
def confirm_reportable(
    incident: Incident, act: Act, said: ConfirmReportable
) -> tuple[DutyConfirmed, ...]:
    """Make a possible duty certain."""
    duty = open_duty(incident, said.duty)
    if not duty.possible:
        raise Refused(f"Duty {duty.id} is certain already.", "File it.", code="certain")
    return (DutyConfirmed(duty=duty.id, by=act.who, reason=said.reason),)


@decides(DetermineNotReportable)
def determine_not_reportable(
    incident: Incident, act: Act, said: DetermineNotReportable
) -> tuple[DutyDetermined, ...]:
    """Determine that nothing of ours is filed: two people, a reason, an optional review date."""
    duty = open_duty(incident, said.duty)
    if said.outcome is Determination.RULE_DOES_NOT_APPLY:
        raise Refused(
            "That a rule does not apply is said of the rule.",
            "Use 'Does this rule apply here?'; it settles all its duties.",
            code="say_it_of_the_rule",
        )
    if said.outcome is Determination.MET_BY_OTHER and not said.other.strip():
        raise Refused(
            "Nobody is named who met it.", "Name the firm, incident or receipt.", code="who_met_it"
        )
    _require_ahead(act, said.review_at)
    return (
        DutyDetermined(
            duty=duty.id,
            outcome=said.outcome,
            reason=said.reason,
            other=said.other,
            legal_view=said.legal_view,
            was_possible=duty.possible,
            review_at=said.review_at,
            signers=act.signers,
        ),
    )


def _require_ahead(act: Act, review_at: datetime | None) -> None:
    if review_at is not None and review_at <= act.at:
        raise Refused("The review would be over.", "Name a time after now.", code="review_date")


@decides(ReviewDetermination)
def review_determination(
    incident: Incident, act: Act, said: ReviewDetermination
) -> tuple[Any, ...]:
    """Look again: it stands, or the duty opens."""
    duty = find_duty(incident, said.duty)
    if duty.status is not DutyStatus.DETERMINED:
        raise Refused(
            f"Duty {duty.id} has no determination to review.",
            "Go on with what it asks for.",
            code="not_determined",
        )
    _require_ahead(act, said.review_at)
    if not said.stands:
        _require_own(incident, duty)
        return (
            DutyReopened(duty=duty.id, by=act.who, by_plan=False, reason=said.reason, afresh=True),
        )
    return (
        DeterminationReviewed(
            duty=duty.id, by=act.who, reason=said.reason, review_at=said.review_at
        ),
    )


def _require_own(incident: Incident, duty: Duty) -> None:
    """Refuse to open a duty that is settled by what is said of its rule: that would settle it."""
    judged = judged_of(incident, duty.rule)
    last = duty.determinations[-1].outcome
    if judged is None or judged.applies or last is not Determination.RULE_DOES_NOT_APPLY:
        return
    raise Refused(
        f"Two people said that {duty.rule} does not apply here; that settles all its duties.",
        "If that was wrong, say of the rule that it applies: its duties open with that.",
        code="settled_by_rule",
    )


@decides(ConfirmRuleApplies)
def confirm_rule_applies(incident: Incident, act: Act, said: ConfirmRuleApplies) -> tuple[Any, ...]:
    """Say of an unverified rule whether it applies; its duties then count, or are settled."""
    rule = _unverified(incident, said.rule)
    limit, counting = _limit(said, rule)
    before = incident.notice.judged.get(rule.id)
    if before is not None and (before.applies, before.limit, before.counting) == (
        said.applies,
        limit,
        counting,
    ):
        raise Refused(f"That is said of {rule.id} already.", "Nothing to add.", code="judged")
    judged = RuleJudged(
        rule=rule.id,
        rule_version=rule.version,
        applies=said.applies,
        limit=limit,
        counting=counting,
        citation=said.citation,
        reason=said.reason,
        signers=act.signers,
    )
    return (judged, *(_opened_again(incident, act, judged) if said.applies else ()))


def _unverified(incident: Incident, rule_id: str) -> Rule:
    found = rule_of(incident, rule_id)
    if found is None:
        raise Refused(
            f"There is no rule {rule_id:.60} in this incident.",
            "Look at its duties.",
            code="no_rule",
        )
    if found.verified:
        raise Refused(
            f"{rule_id} is verified: it applies wherever the facts trigger it.",
            "If one duty is not reportable, determine that of the duty.",
            code="verified",
        )
    return found


def _limit(said: ConfirmRuleApplies, rule: Rule) -> tuple[str, str]:
    """Give the limit that legal read and how it is counted; raises Refused."""
    if not said.applies:
        return "", ""
    if not said.limit.strip():
        return "at once", ""
    try:
        limit = parse_limit(said.limit)
    except Malformed as wrong:
        raise Refused(wrong.sentence, wrong.hint, code="bad_limit") from wrong
    before = rule.limit.amount < 0
    if before and limit.amount > 0:
        raise Refused(
            "This limit runs before the recall begins.", "Write it such as -24 h.", code="bad_limit"
        )
    if (limit.amount < 0 and not before) or (not limit.amount and limit.text != "at once"):
        raise Refused("A limit runs forward.", "Write it such as 20 d or 15 wd.", code="bad_limit")
    return limit.text, _counting(said, rule, limit)


def _counted(counting: str) -> str:
    """Say a way of counting in words; what is none stays as it was given."""
    return COUNTED[Counting(counting)] if counting in list(Counting) else repr(counting)


def _counting(said: ConfirmRuleApplies, rule: Rule, limit: Limit) -> str:
    """Take the counting that was said, else the rule's own, else the day after the first."""
    fitting = ALLOWED_COUNTING[limit.unit]
    if said.counting and said.counting not in fitting:
        raise Refused(
            f"{limit.text} cannot be counted so that {_counted(said.counting)}.",
            f"Leave it open, or choose one of these: {'; '.join(COUNTED[one] for one in fitting)}.",
            code="bad_counting",
        )
    usual = (said.counting, str(rule.counting or ""), str(Counting.DAY_AFTER))
    return next((counting for counting in usual if counting in fitting), "")


def _opened_again(incident: Incident, act: Act, judged: RuleJudged) -> Iterator[DutyReopened]:
    for duty in incident.notice.duties.values():
        last = duty.determinations[-1] if duty.determinations else None
        settled = duty.status is DutyStatus.DETERMINED and last is not None
        if duty.rule != judged.rule or not settled or last is None:
            continue
        if last.outcome is Determination.RULE_DOES_NOT_APPLY:
            reason = PublicText(f"{judged.rule} applies after all: {judged.citation}"[:2000])
            yield DutyReopened(duty=duty.id, by=act.who, by_plan=False, reason=reason, afresh=True)


@decides(SetDueByHand)
def set_due_by_hand(incident: Incident, act: Act, said: SetDueByHand) -> tuple[DutyDue, ...]:
    """Set a due time where the calendar refused, or where the authority fixes it in each case."""
    duty = open_duty(incident, said.duty)
    rule = rule_of(incident, duty.rule)
    if not duty.counts and rule is not None:
        raise Refused(
            f"Nobody has verified {duty.rule}.",
            "Say first whether the rule applies here.",
            code="not_verified",
        )
    _require_by_hand(rule, duty)
    if said.due_at < duty.start_at and not duty.is_before:
        raise Refused(
            "It would be due before its clock starts.", "Correct the time.", code="due_before"
        )
    return (
        DutyDue(
            duty=duty.id,
            due_at=said.due_at,
            basis=DueBasis.BY_HAND,
            law=False,
            start_at=duty.start_at,
            limit=duty.limit,
            counting=duty.counting,
            calendar="",
            calendar_source="",
            calendar_version="",
            calendar_hash="",
            calendar_first_on="",
            calendar_last_on="",
            provisional=False,
            steps_en=(),
            steps_zh=(),
            old_due_at=duty.due_at,
            by=act.who,
            reason=said.reason,
            afresh=passes_again(duty, said.due_at),
        ),
    )


def _require_by_hand(rule: Rule | None, duty: Duty) -> None:
    fixed = rule is not None and rule.set_by_authority
    by_hand = duty.due_basis is DueBasis.BY_HAND
    if duty.due_at is not None and not (duty.no_due_why or fixed or by_hand):
        raise Refused(
            f"Duty {duty.id} has a due time that was derived step by step.",
            "If a fact behind it is wrong, correct the fact.",
            code="derived",
        )


# ---------------------------------------------------------------- evolve


@evolves(DutyConfirmed)
def _confirmed(incident: Incident, confirmed: DutyConfirmed, _mark: Mark) -> Incident:
    duty = incident.notice.duties[confirmed.duty]
    return with_duty(incident, replace(duty, possible=False, confirmed_by=confirmed.by))


@evolves(DutyDetermined)
def _determined(incident: Incident, told: DutyDetermined, mark: Mark) -> Incident:
    duty = incident.notice.duties[told.duty]
    kept = Determined(
        seq=mark.seq,
        at=mark.at,
        outcome=told.outcome,
        reason=told.reason,
        signers=tuple(signature.person for signature in told.signers),
        was_possible=told.was_possible,
        review_at=told.review_at,
    )
    return with_duty(
        incident,
        replace(
            duty,
            status=DutyStatus.DETERMINED,
            determinations=(*duty.determinations, kept),
        ),
    )


@evolves(DeterminationReviewed)
def _reviewed(incident: Incident, reviewed: DeterminationReviewed, _mark: Mark) -> Incident:
    duty = incident.notice.duties[reviewed.duty]
    last = replace(duty.determinations[-1], review_at=reviewed.review_at)
    return with_duty(incident, replace(duty, determinations=(*duty.determinations[:-1], last)))


@evolves(RuleJudged)
def _judged(incident: Incident, judged: RuleJudged, mark: Mark) -> Incident:
    """Give all duties of the rule the limit that legal read; what was filed keeps its terms."""
    kept = Judged(
        seq=mark.seq,
        at=mark.at,
        applies=judged.applies,
        limit=judged.limit,
        counting=judged.counting,
        citation=judged.citation,
        signers=tuple(signature.person for signature in judged.signers),
    )
    duties = {name: _under(duty, judged) for name, duty in incident.notice.duties.items()}
    known = {**incident.notice.judged, judged.rule: kept}
    return with_stage(incident, "notice", judged=known, duties=duties)


def _under(duty: Duty, judged: RuleJudged) -> Duty:
    if duty.rule != judged.rule or duty.status is DutyStatus.FILED:
        return duty
    if not judged.applies:
        return replace(duty, counts=False)
    return replace(duty, counts=True, limit=judged.limit, counting=judged.counting)


@causes(RuleJudged)
def _derive(incident: Incident, judged: RuleJudged, mark: Mark) -> Iterable[Effect]:
    for duty in incident.notice.duties.values():
        if duty.rule == judged.rule:
            yield from derivation(duty, mark)
