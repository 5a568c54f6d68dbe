"""Stage `notice` 通报监管部门: a duty arises, falls due, moves, passes its time, opens again.

What belongs here: the events of a duty's life, and what the clock says. What never does: which
facts lead to a duty (domain/triggers.py, domain/arising.py), filing (domain/filing.py), deciding
that nothing is filed (domain/determining.py), or arithmetic of days (domain/clock.py).

A duty is two entries: it arose, decided here, and it is due, as the calendar derived it. It ends
by a filing or by two people's determination, and where its own rule names the end, with that
(domain/duty_end.py): no other fact takes it back, and a passed deadline leaves it open.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.agenda import DEPUTY_RUNG, RungReached
from domain.dispatch import Act, Effect, causes, decides, evolves, follows, of_market
from domain.errors import Refused
from domain.message import command, event
from domain.people import Role
from domain.regulation_terms import ClockStart, DueBasis, DutyStatus, Force, Obliged
from domain.regulations import Rule
from domain.stages import Stage
from domain.state import Incident, Mark, with_stage
from domain.state.notice import Duty, Judged
from domain.values import Json, PublicText
from domain.wire import added, instant_text

DUE_KEY = "duty:"
"""How the key of a duty's deadline begins; its id and the number of the due time follow."""

# ---------------------------------------------------------------- events


@event("DutyArisen", stage=Stage.NOTICE)
@dataclass(frozen=True, slots=True, kw_only=True)
class DutyArisen:
    """The facts triggered a rule: for whom, about what, since when; these terms are frozen.

    `possible`: nobody is sure yet, a named person judges, and the clock runs. `counts` is false for
    a rule that nobody verified: it has no due time until legal confirms it. `limit` is the law's
    ("15 d"; "at once" where it names no number). `why` names the conditions that hold, `start_fact`
    the kind of fact at which the clock started.
    """

    duty: str
    rule: str
    rule_version: str
    title_en: PublicText
    title_zh: PublicText
    market: str
    place: str
    recipient: str
    authority_en: PublicText
    authority_zh: PublicText
    subject: str
    case: str
    obliged: tuple[Obliged, ...]
    verified: bool
    possible: bool
    counts: bool
    start_fact: ClockStart
    start_at: datetime
    limit: str
    counting: str
    calendar: str
    force: Force
    covers: tuple[str, ...]
    instrument: PublicText
    article: PublicText
    citation: PublicText
    why: tuple[str, ...]
    after: str


@event("DutyDue", stage=Stage.NOTICE)
@dataclass(frozen=True, slots=True, kw_only=True)
class DutyDue:
    """A duty has a due time, with every step that led there; an earlier one stays on record.

    `law` is true for a limit of the law alone: a guideline, a request and the company's own target
    (`phone_at` and `due_at` for the written report) are shown as what they are. `calendar_hash`
    with the first and last day of the calendar is enough to derive it again. `afresh`: the time
    before was over, this one is later, and when it is over that is recorded again.
    """

    duty: str
    due_at: datetime
    basis: DueBasis
    law: bool
    start_at: datetime
    limit: str
    counting: str
    calendar: str
    calendar_source: str
    calendar_version: str
    calendar_hash: str
    calendar_first_on: str
    calendar_last_on: str
    provisional: bool
    steps_en: tuple[PublicText, ...]
    steps_zh: tuple[PublicText, ...]
    old_due_at: datetime | None
    by: str
    phone_at: datetime | None = None
    reason: PublicText = PublicText("")
    afresh: bool = added(False)


@event("DutyWithoutDue", stage=Stage.NOTICE)
@dataclass(frozen=True, slots=True, kw_only=True)
class DutyWithoutDue:
    """The calendar could not say when a duty is due; a person sets it by hand."""

    duty: str
    start_at: datetime
    why: PublicText


@event("DutyMoved", stage=Stage.NOTICE)
@dataclass(frozen=True, slots=True, kw_only=True)
class DutyMoved:
    """Facts made the clock start earlier, or a possible duty certain; the old due is kept here.

    `keeps_overdue`: that its time was over stays on record until a later time is set.
    """

    duty: str
    start_at: datetime
    old_start_at: datetime
    old_due_at: datetime | None
    possible: bool
    was_possible: bool
    why: tuple[str, ...]
    keeps_overdue: bool = added(False)


@event("DutyOverdue", stage=Stage.NOTICE)
@dataclass(frozen=True, slots=True, kw_only=True)
class DutyOverdue:
    """A duty's time is over and nothing is filed; it stays open."""

    duty: str
    rule: str
    subject: str
    due_at: datetime
    basis: DueBasis
    law: bool


@event("DutyReopened", stage=Stage.NOTICE)
@dataclass(frozen=True, slots=True, kw_only=True)
class DutyReopened:
    """A duty is open again: its determination or its end does not stand any more.

    `start_at` is set where its clock begins anew with that. `afresh`: people are told of its time
    again, from the first reminder on, and when it is over that is recorded again.
    """

    duty: str
    by: str
    by_plan: bool
    reason: PublicText
    start_at: datetime | None = added(None)
    afresh: bool = added(False)


# ---------------------------------------------------------------- what the clock says


@command("record_due", stage=Stage.NOTICE, roles=[Role.CLOCK], title="A due time was derived")
@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDue:
    """What a calendar derived for a duty, in plain values."""

    duty: str
    start_at: datetime
    due_at: datetime
    limit: str
    counting: str
    provisional: bool
    calendar: str
    calendar_source: str
    calendar_version: str
    calendar_hash: str
    calendar_first_on: str
    calendar_last_on: str
    steps_en: tuple[PublicText, ...]
    steps_zh: tuple[PublicText, ...]


@command("record_no_due", stage=Stage.NOTICE, roles=[Role.CLOCK], title="No due time was derived")
@dataclass(frozen=True, slots=True, kw_only=True)
class RecordNoDue:
    """A calendar refused; the sentence says why."""

    duty: str
    start_at: datetime
    why: PublicText


@decides(RecordDue)
def record_due(incident: Incident, act: Act, said: RecordDue) -> tuple[DutyDue, ...]:
    """Record a due time, unless the duty has moved on since it was asked for."""
    duty = _waiting(incident, said.duty, said.start_at)
    if duty is None or said.limit != duty.limit:
        return ()
    basis = DueBasis(duty.force) if duty.verified else DueBasis.READ
    if duty.due_at == said.due_at and duty.due_basis is basis:
        return ()
    return (
        DutyDue(
            duty=duty.id,
            due_at=said.due_at,
            basis=basis,
            law=basis is DueBasis.LAW,
            start_at=said.start_at,
            limit=said.limit,
            counting=said.counting,
            calendar=said.calendar,
            calendar_source=said.calendar_source,
            calendar_version=said.calendar_version,
            calendar_hash=said.calendar_hash,
            calendar_first_on=said.calendar_first_on,
            calendar_last_on=said.calendar_last_on,
            provisional=said.provisional,
            steps_en=said.steps_en,
            steps_zh=said.steps_zh,
            old_due_at=duty.due_at,
            by=act.who,
            afresh=passes_again(duty, said.due_at),
        ),
    )


def passes_again(duty: Duty, due_at: datetime) -> bool:
    """Say whether a new due time is later than one that is over: it can then be over again."""
    return duty.overdue_at is not None and (duty.due_at is None or due_at > duty.due_at)


@decides(RecordNoDue)
def record_no_due(incident: Incident, _act: Act, said: RecordNoDue) -> tuple[DutyWithoutDue, ...]:
    """Flag a duty whose calendar refused: a person sets its due time by hand."""
    duty = _waiting(incident, said.duty, said.start_at)
    if duty is None or duty.no_due_why:
        return ()
    return (DutyWithoutDue(duty=duty.id, start_at=said.start_at, why=said.why),)


def _waiting(incident: Incident, duty_id: str, start_at: datetime) -> Duty | None:
    """Give the open duty that an answer is for; a person's hand is never written over."""
    duty = incident.notice.duties.get(duty_id)
    if duty is None or not duty.is_open or duty.start_at != start_at:
        return None
    return None if duty.due_basis is DueBasis.BY_HAND else duty


def find_duty(incident: Incident, duty_id: str) -> Duty:
    """Find a duty by its number; raises Refused."""
    duty = incident.notice.duties.get(duty_id)
    if duty is None:
        raise Refused(
            f"There is no duty {duty_id:.20}.",
            f"Duties: {', '.join(incident.notice.duties) or 'none yet'}.",
            code="no_duty",
        )
    return duty


def open_duty(incident: Incident, duty_id: str) -> Duty:
    """Find a duty under which something is still to be filed; raises Refused."""
    duty = find_duty(incident, duty_id)
    if duty.status is DutyStatus.FILED:
        raise Refused(f"Duty {duty_id} is filed already.", "Look at its filings.", code="filed")
    if duty.status is DutyStatus.DETERMINED:
        raise Refused(
            f"Duty {duty_id} is determined as not ours to file.",
            "Review the determination first.",
            code="determined",
        )
    if duty.status is DutyStatus.ENDED:
        raise Refused(
            f"Duty {duty_id} has ended: the authority terminated the recall.",
            "Nothing more is to be filed; it opens by itself if the recall goes on.",
            code="ended",
        )
    return duty


def rule_of(incident: Incident, rule_id: str) -> Rule | None:
    """Find a rule among those that this incident runs by; None where they lack it."""
    return next((rule for rule in incident.rules.regulations if rule.id == rule_id), None)


def judged_of(incident: Incident, rule_id: str) -> Judged | None:
    """Give what legal said of a rule, as long as that holds: nobody has verified the rule since.

    A rule that left the rules of this incident settles nothing any more either.
    """
    rule = rule_of(incident, rule_id)
    if rule is None or rule.verified:
        return None
    return incident.notice.judged.get(rule_id)


# ---------------------------------------------------------------- what follows


@follows(RungReached)
def overdue(incident: Incident, reached: RungReached, _act: Act) -> tuple[DutyOverdue, ...]:
    """Record once that a duty's time is over, when the ladder says so."""
    if reached.rung != DEPUTY_RUNG or not reached.due.startswith(DUE_KEY):
        return ()
    duty = incident.notice.duties.get(reached.due.split(":")[1])
    if duty is None or duty.overdue_at is not None or not duty.is_open or duty.due_basis is None:
        return ()
    return (
        DutyOverdue(
            duty=duty.id,
            rule=duty.rule,
            subject=duty.subject,
            due_at=reached.due_at,
            basis=duty.due_basis,
            law=duty.law,
        ),
    )


# ---------------------------------------------------------------- evolve


def with_duty(incident: Incident, duty: Duty) -> Incident:
    """Give the incident with one duty changed."""
    return with_stage(incident, "notice", duties={**incident.notice.duties, duty.id: duty})


def _changed(incident: Incident, duty_id: str, **changes: Any) -> Incident:
    return with_duty(incident, replace(incident.notice.duties[duty_id], **changes))


@evolves(DutyArisen)
def _arisen(incident: Incident, arisen: DutyArisen, mark: Mark) -> Incident:
    duty = Duty(
        id=arisen.duty,
        seq=mark.seq,
        rule=arisen.rule,
        rule_version=arisen.rule_version,
        title_en=arisen.title_en,
        title_zh=arisen.title_zh,
        market=arisen.market,
        place=arisen.place,
        recipient=arisen.recipient,
        authority_en=arisen.authority_en,
        authority_zh=arisen.authority_zh,
        subject=arisen.subject,
        case=arisen.case,
        obliged=arisen.obliged,
        verified=arisen.verified,
        possible=arisen.possible,
        counts=arisen.counts,
        start_fact=arisen.start_fact,
        start_at=arisen.start_at,
        limit=arisen.limit,
        counting=arisen.counting,
        calendar=arisen.calendar,
        force=arisen.force,
        covers=arisen.covers,
        arisen_at=mark.at,
        after=arisen.after,
    )
    return with_duty(incident, duty)


@evolves(DutyDue)
def _due(incident: Incident, told: DutyDue, mark: Mark) -> Incident:
    duty = incident.notice.duties[told.duty]
    return _changed(
        incident,
        told.duty,
        due_at=told.due_at,
        due_basis=told.basis,
        due_seq=mark.seq,
        dues=duty.dues + 1,
        provisional=told.provisional,
        phone_at=told.phone_at,
        no_due_why="",
        overdue_at=None if told.afresh else duty.overdue_at,
        counts=duty.counts or told.basis is DueBasis.BY_HAND,
    )


@evolves(DutyWithoutDue)
def _without_due(incident: Incident, told: DutyWithoutDue, _mark: Mark) -> Incident:
    return _changed(incident, told.duty, no_due_why=told.why)


@evolves(DutyMoved)
def _moved(incident: Incident, moved: DutyMoved, _mark: Mark) -> Incident:
    """Keep the due that stood until the calendar has answered; one set by hand is asked again."""
    duty = incident.notice.duties[moved.duty]
    again = duty.due_basis is DueBasis.BY_HAND and moved.start_at != duty.start_at
    is_reset = moved.start_at > moved.old_start_at and not moved.keeps_overdue
    return _changed(
        incident,
        moved.duty,
        start_at=moved.start_at,
        possible=moved.possible,
        overdue_at=None if is_reset else duty.overdue_at,
        moves=duty.moves + 1,
        no_due_why="The clock starts earlier than it did." if again else duty.no_due_why,
    )


@evolves(DutyOverdue)
def _overdue(incident: Incident, passed: DutyOverdue, mark: Mark) -> Incident:
    return _changed(incident, passed.duty, overdue_at=mark.at)


@evolves(DutyReopened)
def _reopened(incident: Incident, reopened: DutyReopened, mark: Mark) -> Incident:
    duty = incident.notice.duties[reopened.duty]
    status = DutyStatus.TOLD if duty.filings else DutyStatus.OPEN
    changed = _changed(
        incident,
        duty.id,
        status=status,
        reopened=duty.reopened + 1,
        overdue_at=None if reopened.afresh else duty.overdue_at,
        afresh=mark.seq if reopened.afresh else duty.afresh,
    )
    return changed if reopened.start_at is None else _begun(changed, duty.id, reopened.start_at)


def _begun(incident: Incident, duty_id: str, start_at: datetime) -> Incident:
    """Begin the clock of a duty anew: the due time of before holds no longer."""
    return _changed(
        incident,
        duty_id,
        start_at=start_at,
        due_at=None,
        due_basis=None,
        phone_at=None,
        no_due_why="",
        overdue_at=None,
    )


# ---------------------------------------------------------------- what it causes


def derivation(duty: Duty, mark: Mark) -> Iterable[Effect]:
    """Ask the calendar when a duty is due, where the law names a number."""
    if not duty.counts or duty.is_immediate or not duty.is_open:
        return
    body: Json = {
        "duty": duty.id,
        "start_at": instant_text(duty.start_at),
        "limit": duty.limit,
        "calendar": duty.calendar,
        "counting": duty.counting,
    }
    yield Effect(name="derive_due", target=duty.id, seq=mark.seq, body=body)


@causes(DutyArisen)
def _derive(incident: Incident, arisen: DutyArisen, mark: Mark) -> Iterable[Effect]:
    yield from derivation(incident.notice.duties[arisen.duty], mark)


@causes(DutyMoved)
def _derive_again(incident: Incident, moved: DutyMoved, mark: Mark) -> Iterable[Effect]:
    if moved.start_at != moved.old_start_at:
        yield from derivation(incident.notice.duties[moved.duty], mark)


@causes(DutyReopened)
def _derive_reopened(incident: Incident, reopened: DutyReopened, mark: Mark) -> Iterable[Effect]:
    duty = incident.notice.duties[reopened.duty]
    yield from derivation(duty, mark)
    if not reopened.afresh:
        return
    yield Effect(
        name="tell",
        target=f"duty:{duty.id}",
        seq=mark.seq,
        body={
            "kind": "duty_reopened",
            "roles": [Role.REGULATORY_AFFAIRS, Role.LEGAL],
            "title": duty.title_en,
            "duty": duty.id,
            "rule": duty.rule,
            **of_market(duty.place or duty.market),
        },
    )
