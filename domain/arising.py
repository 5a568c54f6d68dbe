"""Stage `notice`: the duties that the facts ask for are there, and say since when.

What belongs here: comparing what the rules ask for (domain/triggers.py) with the duties that are on
record, after every act that changed a fact or the rules. What never does: taking a duty back.

Where a law says "immediately" and names no number, the plan's own times for telling an authority
by phone and in writing take its place, counted from the duty's own clock start, and are recorded
as the company's target.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.adopting import RulesAdopted
from domain.authorities import AuthorityActReceived
from domain.cases import CaseRegistered
from domain.clock import Calendar, due
from domain.clock import Due as Derived
from domain.clock_reach import plainly
from domain.clock_words import explain
from domain.determining import DutyConfirmed, DutyDetermined, RuleJudged
from domain.dispatch import Act, Effect, causes, of_market, settles
from domain.duties import (
    DutyArisen,
    DutyDue,
    DutyMoved,
    DutyReopened,
    DutyWithoutDue,
    judged_of,
    passes_again,
    rule_of,
)
from domain.duty_verified import verified_since
from domain.errors import Malformed
from domain.filing import DutyFiled
from domain.finding import FindingSigned
from domain.grading import SeverityAssessed
from domain.halt import HaltOrdered
from domain.limits import ALLOWED_COUNTING, Limit, Unit
from domain.people import Role
from domain.product_class import ProductClassed
from domain.recall import RecallDecided
from domain.recall_end import RecallEnded
from domain.recall_scope import ScopeSet
from domain.recall_start import RecallStartPlanned
from domain.regulation_terms import ClockStart, Deed, Determination, DueBasis, DutyStatus
from domain.regulations import OF_COUNTRY
from domain.report import ReportDecided, ReportReceived, ReportReopened
from domain.resuming import HaltLifted, SaleResumed
from domain.rule_facts import Facts, facts_of
from domain.severity import Grade
from domain.state import Incident, Mark
from domain.state.notice import Duty
from domain.triggers import Hit, hits, standing_start
from domain.values import Json, PublicText
from domain.wire import instant_text

TOLD_BY_PHONE = "authority_phone"
TOLD_IN_WRITING = "authority_written"
_OWN_STEP = {Deed.TELL_CONSUMERS: "consumers_told", Deed.TELL_SELLERS: "consignees_told"}
OURS_EN = PublicText("The rule names no number here; this is the company's own target.")
OURS_ZH = PublicText("该规则未规定具体期限；以下为公司自定目标。")
PAST_EN = PublicText("The clock began before our calendar does: this time is long past.")
PAST_ZH = PublicText("起算时间早于我方日历的起始日：该期限早已届满。")


@settles(
    ReportReceived,
    SeverityAssessed,
    CaseRegistered,
    ReportDecided,
    ReportReopened,
    ScopeSet,
    RecallDecided,
    FindingSigned,
    HaltOrdered,
    AuthorityActReceived,
    DutyFiled,
    DutyReopened,
    DutyConfirmed,
    RuleJudged,
    RulesAdopted,
    ProductClassed,
    RecallStartPlanned,
    RecallEnded,
    SaleResumed,
    HaltLifted,
)
def duties_follow_facts(incident: Incident, act: Act) -> tuple[Any, ...]:
    """Add what the facts ask for and nobody has recorded yet; asked again until it is nothing."""
    if not incident.report.assessments:
        return ()
    return (
        tuple(_changes(incident, act))
        or tuple(_ruled_out(incident))
        or tuple(_company_targets(incident))
    )


def _changes(incident: Incident, act: Act) -> Iterator[Any]:
    facts = facts_of(incident, at=act.at, told_at=act.happened_at)
    known = {(d.rule, d.recipient, d.subject): d for d in incident.notice.duties.values()}
    number = len(known)
    asked: set[str] = set()
    for hit in _one_each(hits(incident.rules.regulations, facts)):
        duty = known.get(hit.key)
        if duty is None:
            number += 1
            yield _arisen(incident, hit, f"D{number}")
            continue
        asked.add(duty.id)
        if duty.is_open:
            yield from _moved(duty, hit)
        elif duty.status is DutyStatus.DETERMINED:
            yield from _reopened(duty, hit)
        elif duty.status is DutyStatus.ENDED:
            reason = PublicText("The recall goes on: what had ended with it is due again.")
            yield DutyReopened(
                duty=duty.id,
                by="plan",
                by_plan=True,
                reason=reason,
                start_at=act.at,
                afresh=True,
            )
    yield from _moved_without_trigger(incident, facts, asked)
    yield from verified_since(incident)


def _one_each(found: Iterable[Hit]) -> Iterable[Hit]:
    """Give one hit per duty: what two reports lead to is certain if one says so, and starts first.

    A rule may follow several others, and the same news comes after the reports under each.
    """
    by_key: dict[tuple[str, str, str], Hit] = {}
    for hit in found:
        other = by_key.get(hit.key, hit)
        surer = hit if other.possible else other
        by_key[hit.key] = replace(surer, start_at=min(hit.start_at, other.start_at))
    return by_key.values()


def _moved_without_trigger(
    incident: Incident, facts: Facts, asked: set[str]
) -> Iterator[DutyMoved]:
    """Move an open duty with its clock's fact also when nothing would trigger it any more."""
    rules = {rule.id: rule for rule in incident.rules.regulations}
    for duty in incident.notice.duties.values():
        if not duty.is_open or duty.id in asked or duty.rule not in rules:
            continue
        start_at = standing_start(rules[duty.rule], duty, facts)
        if start_at is not None and start_at < duty.start_at:
            yield DutyMoved(
                duty=duty.id,
                start_at=start_at,
                old_start_at=duty.start_at,
                old_due_at=duty.due_at,
                possible=duty.possible,
                was_possible=duty.possible,
                why=(str(duty.start_fact),),
            )


def _arisen(incident: Incident, hit: Hit, duty_id: str) -> DutyArisen:
    rule, judged = hit.rule, incident.notice.judged.get(hit.rule.id)
    by_legal = judged is not None and judged.applies and not rule.verified
    return DutyArisen(
        duty=duty_id,
        rule=rule.id,
        rule_version=rule.version,
        title_en=PublicText(rule.title_en),
        title_zh=PublicText(rule.title_zh),
        market=rule.market,
        place=hit.place,
        recipient=hit.recipient,
        authority_en=PublicText(rule.authority_en),
        authority_zh=PublicText(rule.authority_zh),
        subject=hit.subject,
        case=hit.case,
        obliged=rule.obliged,
        verified=rule.verified,
        possible=hit.possible,
        counts=rule.verified or by_legal,
        start_fact=rule.clock_start,
        start_at=hit.start_at,
        limit=judged.limit if judged is not None and by_legal else rule.limit.text,
        counting=judged.counting if judged is not None and by_legal else str(rule.counting or ""),
        calendar=hit.place if rule.calendar == OF_COUNTRY else rule.calendar,
        force=rule.force,
        covers=rule.covers,
        instrument=PublicText(rule.instrument),
        article=PublicText(rule.article),
        citation=PublicText(judged.citation if judged is not None and by_legal else rule.citation),
        why=hit.why,
        after=hit.after,
    )


def _moved(duty: Duty, hit: Hit) -> Iterator[DutyMoved]:
    """Move only towards the safer side: an earlier start, or certain instead of possible.

    The day on which a recall is planned to begin is set by us and moves both ways.
    """
    earlier = hit.may_move and hit.start_at < duty.start_at
    planned = hit.rule.clock_start is ClockStart.RECALL_START and hit.start_at != duty.start_at
    certain = duty.possible and not hit.possible
    if earlier or planned or certain:
        yield DutyMoved(
            duty=duty.id,
            start_at=hit.start_at if earlier or planned else duty.start_at,
            old_start_at=duty.start_at,
            old_due_at=duty.due_at,
            possible=duty.possible and hit.possible,
            was_possible=duty.possible,
            why=hit.why,
            keeps_overdue=True,
        )


def _reopened(duty: Duty, hit: Hit) -> Iterator[DutyReopened]:
    """Open what was determined while nobody was sure, now that the facts leave no doubt.

    Where two people said of the rule that it does not apply, facts about the duty change nothing.
    """
    last = duty.determinations[-1]
    if last.outcome is Determination.RULE_DOES_NOT_APPLY:
        return
    if last.was_possible and not hit.possible and duty.possible:
        reason = PublicText("New facts leave no doubt: " + ", ".join(hit.why) + ".")
        yield DutyReopened(duty=duty.id, by="plan", by_plan=True, reason=reason, afresh=True)


def _ruled_out(incident: Incident) -> Iterator[DutyDetermined]:
    """Settle the duties of a rule of which two people said that it does not apply here."""
    for duty in incident.notice.duties.values():
        judged = judged_of(incident, duty.rule)
        if judged is None or judged.applies or duty.verified or not duty.is_open:
            continue
        signers = " and ".join(judged.signers)
        yield DutyDetermined(
            duty=duty.id,
            outcome=Determination.RULE_DOES_NOT_APPLY,
            reason=PublicText(f"Entry {judged.seq}: {duty.rule} does not apply ({signers})."),
            other=PublicText(""),
            legal_view=None,
            was_possible=duty.possible,
            review_at=None,
            signers=(),
        )


# ---------------------------------------------------------------- the company's own target


def _company_targets(incident: Incident) -> Iterator[Any]:
    for duty in incident.notice.duties.values():
        if not (duty.is_open and duty.counts and duty.is_immediate):
            continue
        if duty.due_basis is DueBasis.BY_HAND:
            continue
        try:
            target = _derived(incident, duty, own_step(incident, duty))
            phone_at = _phone_at(incident, duty)
        except Malformed as refusal:
            if not duty.no_due_why:
                why = PublicText(refusal.sentence)
                yield DutyWithoutDue(duty=duty.id, start_at=duty.start_at, why=why)
            continue
        if duty.due_basis is not DueBasis.COMPANY or _is_earlier(target.due_at, duty):
            yield _target(incident, duty, target, phone_at)


def own_step(incident: Incident, duty: Duty) -> str:
    """Name the plan's time that stands in where a rule names no number: by what is to be done."""
    rule = rule_of(incident, duty.rule)
    return _OWN_STEP.get(rule.deed if rule else Deed.REPORT, TOLD_IN_WRITING)


def _phone_at(incident: Incident, duty: Duty) -> datetime | None:
    """Give our own time for the phone: consumers are told by notice, and by no call of ours."""
    if own_step(incident, duty) != TOLD_IN_WRITING:
        return None
    return _derived(incident, duty, TOLD_BY_PHONE).due_at


def _is_earlier(due_at: datetime, duty: Duty) -> bool:
    return duty.due_at is None or due_at < duty.due_at


def _derived(incident: Incident, duty: Duty, step: str) -> Derived:
    """Count the plan's time for a step from the duty's clock start; raises Malformed."""
    calendar, limit = incident.rules.calendar, own_time(incident, step)
    if duty.start_at.date() < calendar.first_on:
        return _long_past(duty, limit, calendar)
    return due(duty.start_at, limit, calendar)


def _long_past(duty: Duty, limit: Limit, calendar: Calendar) -> Derived:
    """Count what began before the calendar does: it is over, however its days were worked.

    Nobody is asked to set such a time by hand: what is to be done is to report at once.
    """
    return Derived(
        due_at=plainly(duty.start_at, limit),
        start_at=duty.start_at,
        limit=limit,
        counting=ALLOWED_COUNTING[limit.unit][0],
        calendar=calendar.code,
        calendar_hash=calendar.hash,
        provisional=False,
        steps=(),
    )


def own_time(incident: Incident, step: str) -> Limit:
    """Give the plan's time for telling an authority; a grade without one takes another's."""
    within = incident.rules.plan.times[step].within
    graver = [grade for grade in Grade if grade >= incident.report.grade]
    milder = [grade for grade in reversed(list(Grade)) if grade < incident.report.grade]
    given = (within[grade] for grade in (*graver, *milder) if grade in within)
    return next(given, Limit(0, Unit.IMMEDIATELY))


def _target(incident: Incident, duty: Duty, target: Derived, phone_at: datetime | None) -> DutyDue:
    calendar, steps = incident.rules.calendar, target.steps
    return DutyDue(
        duty=duty.id,
        due_at=target.due_at,
        basis=DueBasis.COMPANY,
        law=False,
        start_at=duty.start_at,
        limit=target.limit.text,
        counting=str(target.counting),
        calendar=calendar.code,
        calendar_source=calendar.source,
        calendar_version=calendar.version,
        calendar_hash=calendar.hash,
        calendar_first_on=calendar.first_on.isoformat(),
        calendar_last_on=calendar.last_on.isoformat(),
        provisional=target.provisional,
        steps_en=(OURS_EN, *(map(PublicText, explain(target, "en")) if steps else [PAST_EN])),
        steps_zh=(OURS_ZH, *(map(PublicText, explain(target, "zh")) if steps else [PAST_ZH])),
        old_due_at=duty.due_at,
        by="plan",
        phone_at=phone_at,
        afresh=passes_again(duty, target.due_at),
    )


# ---------------------------------------------------------------- what it causes


@causes(DutyArisen)
def _tell(incident: Incident, arisen: DutyArisen, mark: Mark) -> Iterable[Effect]:
    """Tell of a new duty with all that its due time is counted from: no letter is without one."""
    duty = incident.notice.duties[arisen.duty]
    yield Effect(
        name="tell",
        target=f"duty:{duty.id}",
        seq=mark.seq,
        body={
            "kind": "duty_arisen",
            "roles": [Role.REGULATORY_AFFAIRS] + ([] if duty.counts else [Role.LEGAL]),
            "title": duty.title_en,
            "duty": duty.id,
            "rule": duty.rule,
            "subject": duty.subject,
            "possible": duty.possible,
            "counts": duty.counts,
            "force": duty.force,
            "start_fact": duty.start_fact,
            "start_at": instant_text(duty.start_at),
            "limit": duty.limit,
            "counting": duty.counting,
            "calendar": duty.calendar,
            **_own_times(incident, duty),
            **of_market(duty.place or duty.market),
        },
    )


def _own_times(incident: Incident, duty: Duty) -> Json:
    """Give our own times for a duty whose rule names no number; of others the calendar is asked."""
    if not duty.counts or not duty.is_immediate:
        return {}
    with suppress(Malformed):
        due_at = _derived(incident, duty, own_step(incident, duty)).due_at
        phone_at = _phone_at(incident, duty)
        told = {"due_at": instant_text(due_at)}
        return told if phone_at is None else {**told, "phone_at": instant_text(phone_at)}
    return {}
