"""What of an incident stands open towards authorities: a row for each duty and unanswered act.

What belongs here: choosing what of the state the list over all incidents shows, so that nobody
reads three hundred states to see what is due next. What never does: a due time of its own, a name
of a hurt person, or words of a language (pages translate).

A sealed incident has none: why each was left open was signed there (domain/review.py). One whose
report was put aside keeps them, because the clocks of the law do not stop with it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain import urgency
from domain.authorities import answers_due
from domain.dispatch import Due
from domain.notice import duties_due
from domain.people import Role
from domain.regulation_terms import DueBasis, DutyStatus, Force
from domain.state import Incident
from domain.state.notice import AuthorityAct, Duty

JUDGED_BY = (Role.LEGAL, Role.REGULATORY_AFFAIRS)
"""Who says whether a possible duty is one, whether a rule applies, and by when (domain/notice.py).
"""


class Owed(StrEnum):
    """What stands open: a report that a rule asks for, or the answer to an authority's act."""

    REPORT = "report"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDuty:
    """One row: what is owed to whom, by when, and what that rests on.

    `item` is D1 or AU1. `title_en` and `title_zh` are the duty's; of an act its kind stands in
    both. `subject` is the duty's, or the number on the authority's letter. `due_at` is None while
    the calendar is asked and where people must say something first; `by_at` is then until when
    they are asked, else the same as `due_at`. `counts` is false for a rule that nobody verified.
    `due_seq` is the entry that holds the derivation, `changes` grows with everything that moves
    the due time or what it rests on. `tier` is how far it binds (domain/urgency.py): kept in the
    row, so that a database puts rows in order by the one rule.
    """

    item: str
    owed: Owed
    title_en: str
    title_zh: str
    subject: str
    rule: str
    market: str
    place: str
    authority_en: str
    authority_zh: str
    status: DutyStatus
    possible: bool
    counts: bool
    provisional: bool
    basis: DueBasis | None
    force: Force
    start_at: datetime
    due_at: datetime | None
    by_at: datetime
    phone_at: datetime | None
    no_due_why: str
    seq: int
    due_seq: int | None
    changes: int
    roles: tuple[str, ...]
    tier: int

    @property
    def due_basis(self) -> DueBasis | None:
        """Say what the due time rests on, as a duty does."""
        return self.basis

    def is_overdue(self, now: datetime) -> bool:
        """Say whether its time is over, and was more than a target of our own."""
        return urgency.is_overdue(self, now)

    def is_past_ours(self, now: datetime) -> bool:
        """Say whether our own target has passed; the rule itself says "at once" only."""
        return urgency.is_past_ours(self, now)


def open_duties(incident: Incident) -> tuple[OpenDuty, ...]:
    """Give a row for every open duty and every act that waits for our answer; none behind the seal.

    By their numbers, duties first.
    """
    if incident.review.closed_at is not None:
        return ()
    duties = [duty for duty in incident.notice.duties.values() if duty.is_open]
    asked = {due.item: due for due in _asked(incident, duties)}
    reports = (_report(incident, duty, asked) for duty in duties)
    answers = {due.item: due for due in answers_due(incident)}
    return (
        *reports,
        *(_answer(incident.notice.acts[item], due) for item, due in answers.items()),
    )


def _asked(incident: Incident, duties: Iterable[Duty]) -> Iterator[Due]:
    """Give what people must say before a duty can have a due time."""
    if all(duty.due_at is not None for duty in duties):
        return
    for due in duties_due(incident):
        if due.act in ("set_due_by_hand", "confirm_rule_applies"):
            yield due


def _report(incident: Incident, duty: Duty, asked: dict[str, Due]) -> OpenDuty:
    first = asked.get(duty.id) or asked.get(duty.rule)
    return OpenDuty(
        item=duty.id,
        owed=Owed.REPORT,
        title_en=duty.title_en,
        title_zh=duty.title_zh,
        subject=duty.subject,
        rule=duty.rule,
        market=duty.market,
        place=duty.place,
        authority_en=duty.authority_en,
        authority_zh=duty.authority_zh,
        status=duty.status,
        possible=duty.possible,
        counts=duty.counts,
        provisional=duty.provisional,
        basis=duty.due_basis,
        force=duty.force,
        start_at=duty.start_at,
        due_at=duty.due_at,
        by_at=duty.due_at or (first.due_at if first else duty.arisen_at),
        phone_at=duty.phone_at if duty.status is DutyStatus.OPEN else None,
        no_due_why=duty.no_due_why,
        seq=duty.seq,
        due_seq=duty.due_seq,
        changes=duty.dues + duty.moves + duty.reopened + len(duty.filings),
        roles=tuple(dict.fromkeys(map(str, _asked_of(incident, duty)))),
        tier=urgency.tier(duty),
    )


def _asked_of(incident: Incident, duty: Duty) -> Iterable[Role]:
    """Give the roles whose work a duty is: who files it, and who judges what is not sure."""
    act = "file_first" if duty.status is DutyStatus.OPEN else "file_full"
    yield from incident.rules.plan.act(act, incident.report.grade).proposers
    if duty.possible or not duty.counts or duty.no_due_why:
        yield from JUDGED_BY


def _answer(act: AuthorityAct, due: Due) -> OpenDuty:
    return OpenDuty(
        item=act.id,
        owed=Owed.ANSWER,
        title_en=str(act.kind),
        title_zh=str(act.kind),
        subject=act.number,
        rule="",
        market=act.market,
        place=act.market,
        authority_en=act.authority,
        authority_zh=act.authority,
        status=DutyStatus.OPEN,
        possible=False,
        counts=True,
        provisional=False,
        basis=DueBasis.LAW,
        force=Force.LAW,
        start_at=act.received_at,
        due_at=due.due_at,
        by_at=due.due_at,
        phone_at=None,
        no_due_why="",
        seq=act.seq,
        due_seq=act.seq,
        changes=0,
        roles=tuple(map(str, due.roles)),
        tier=0,
    )
