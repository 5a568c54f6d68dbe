"""Stage `recall`: telling consignees, consumers and others; what consignees answer; who is silent.

What belongs here: notifications as sent, answers recorded on a consignee's behalf, taking over.
What never does: the texts (stage `statement`) or sending them. A consignee is told and answers
anew when the recall is decided or reaches more goods; a later answer replaces the one before, and
what an answer leaves open is unknown, never zero.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.canonical import canonical, sha256_hex
from domain.dispatch import Act, Due, decides, evolves, watches
from domain.errors import Refused
from domain.message import ask, command, event
from domain.people import Access, Role
from domain.recall_scope import step_due
from domain.recall_terms import Depth, Reader, RecallMethod
from domain.stages import Stage
from domain.state import Incident, Mark, with_stage
from domain.state.recall import ConsigneeState, LotAnswer, RecallState, Told
from domain.values import BlobId, ConsigneeId, LotNumber, PrivateText, PublicText

CHASERS = (Role.SUPPLY_CHAIN, Role.CHANNEL_LEAD)
TELLERS = (
    *CHASERS,
    Role.PR_LEAD,
    Role.PR_OFFICER,
    Role.SERVICE_LEAD,
    Role.REGULATORY_AFFAIRS,
    Role.SAFETY_ASSESSOR,
    Role.PERFORMER,
)
ANSWER_STEP = "confirm_distributor"
"""The row of the plan's times that says how long a consignee has to answer."""

CHASED_ONE_BY_ONE = 40
"""Above so many silent consignees they are chased as one list, not as one due each."""


# ---------------------------------------------------------------- events


@event("NotificationSent", stage=Stage.RECALL)
@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationSent:
    """A text went to readers of one kind, named (consignees) or counted with the list's hash.

    `asked` are those whose time to answer begins with it and ends at `answer_due_at`. Of `count`
    readers `sent` were sent to; what was neither delivered nor bounced is `unknown`.
    """

    number: int
    reader: Reader
    recipients: tuple[str, ...]
    undelivered: tuple[str, ...]
    asked: tuple[str, ...]
    count: int
    list_sha256: str
    market: str
    language: str
    channel: RecallMethod
    text_sha256: str
    sent: int
    delivered: int
    bounced: int
    unknown: int
    scope_version: int
    answer_due_at: datetime | None


@event("ConsigneeAnswered", stage=Stage.RECALL, access=Access.RESTRICTED)
@dataclass(frozen=True, slots=True, kw_only=True)
class ConsigneeAnswered:
    """What a consignee says about its units; `replaces` is the answer it takes the place of."""

    consignee: str
    number: int
    replaces: int
    never_had: bool
    lots: tuple[LotAnswer, ...]
    sub_accounts: int | None
    sub_accounts_told: int | None
    answered_by: PrivateText | None
    proof: PublicText
    evidence: tuple[str, ...]
    recorded_by: str
    scope_version: int


@event("ConsigneeTakenOver", stage=Stage.RECALL)
@dataclass(frozen=True, slots=True, kw_only=True)
class ConsigneeTakenOver:
    """A named person answers for a silent consignee from now on."""

    consignee: str
    by: str
    reason: PublicText


# ---------------------------------------------------------------- commands


@command(
    "record_notification",
    stage=Stage.RECALL,
    roles=TELLERS,
    title="Record who was told",
    help="Consignees are named; other readers are counted, with the list as a file.",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class RecordNotification:
    """A text as it was sent: to whom, in which language, by which way, and what came back."""

    reader: Reader = ask("Who was told?")
    channel: RecallMethod = ask("How?")
    language: str = ask("In which language?", max=12)
    text: BlobId = ask("The text as it was sent, as a file")
    market: str = ask("In which market? (two letters)", default="", max=2)
    recipients: tuple[ConsigneeId, ...] = ask("Which consignees?", default=())
    undelivered: tuple[ConsigneeId, ...] = ask("To which of them did it not get?", default=())
    count: int | None = ask("How many readers, if they are not named?", default=None)
    readers_list: BlobId | None = ask("The list of readers, as a file", default=None)
    sent: int | None = ask("Sent to how many? (none: to all)", default=None)
    delivered: int | None = ask("Known to have arrived", default=None)
    bounced: int | None = ask("Known not to have arrived", default=None)
    answer_by: datetime | None = ask("Answer until? (none: the plan's time)", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class LotAnswered:
    """Units of one lot at a consignee, as it says; a number left empty is unknown."""

    lot: LotNumber = ask("Lot number")
    received: int | None = ask("Received", default=None)
    on_hand: int | None = ask("Still there", default=None)
    quarantined: int | None = ask("Of these, set apart", default=None)
    sold_on: int | None = ask("Sold on", default=None)
    returned: int | None = ask("Sent back to us", default=None)
    destroyed: int | None = ask("Destroyed there, with proof", default=None)


@command("answer_as_consignee", stage=Stage.RECALL, roles=CHASERS, item="consignee",
         title="Record this consignee's answer")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerAsConsignee:
    """What a consignee told us by phone, letter or visit; it replaces what it said before."""

    consignee: ConsigneeId = ask("Consignee")
    lots: tuple[LotAnswered, ...] = ask("Which units, lot by lot?", default=())
    never_had: bool = ask("They never had any of it", default=False)
    sub_accounts: int | None = ask("How many did they sell on to?", default=None)
    sub_accounts_told: int | None = ask("How many of those did they tell?", default=None)
    answered_by: PrivateText | None = ask("Who answered there?", default=None)
    proof: PublicText = ask("How do you know?", max=1000)
    evidence: tuple[BlobId, ...] = ask("Form, photo or letter", default=())


@command("take_over_consignee", stage=Stage.RECALL, roles=(*CHASERS, Role.MARKET_MONITORING),
         item="consignee", title="I answer for this consignee")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOverConsignee:
    """Whoever takes over goes there or settles it in another way, and answers for it."""

    consignee: ConsigneeId = ask("Consignee")
    reason: PublicText = ask("What will you do about it?", max=1000)


# ---------------------------------------------------------------- decide: telling


@decides(RecordNotification)
def record_notification(
    incident: Incident, act: Act, said: RecordNotification
) -> tuple[NotificationSent, ...]:
    """Record a notification; its counts must be able to be true together."""
    recipients = tuple(sorted(set(said.recipients)))
    count, list_hash = _readers(said, recipients)
    sent, delivered, bounced = _fates(said, count)
    asked = _asked(incident.recall, set(recipients) - set(said.undelivered))
    scope = incident.recall.scope
    return (
        NotificationSent(
            number=_times_told(incident.recall) + 1,
            reader=said.reader,
            recipients=recipients,
            undelivered=tuple(sorted(set(said.undelivered))),
            asked=asked,
            count=count,
            list_sha256=list_hash,
            market=said.market,
            language=said.language,
            channel=said.channel,
            text_sha256=said.text,
            sent=sent,
            delivered=delivered,
            bounced=bounced,
            unknown=sent - delivered - bounced,
            scope_version=0 if scope is None else scope.version,
            answer_due_at=_answer_due(incident, act, said) if asked else None,
        ),
    )


def _times_told(recall: RecallState) -> int:
    return sum(told.times for told in recall.told.values())


def _readers(said: RecordNotification, recipients: tuple[str, ...]) -> tuple[int, str]:
    """Give how many were meant and the hash of the list; raises Refused."""
    if recipients:
        if said.reader is not Reader.CONSIGNEE:
            raise Refused(
                "Only consignees are named here.",
                "Count other readers and attach the list as a file.",
                code="not_named_here",
            )
        if not set(said.undelivered) <= set(recipients):
            raise Refused(
                "It cannot have failed to reach somebody who is not a recipient.",
                "Name them among the recipients too.",
                code="not_a_recipient",
            )
        if said.count not in (None, len(recipients)):
            raise Refused(
                f"{len(recipients)} consignees are named, {said.count} are counted.",
                "Leave the count empty.",
                code="bad_count",
            )
        return len(recipients), sha256_hex(canonical(recipients))
    if said.count is None or said.readers_list is None or said.count < 1:
        raise Refused(
            "Nobody is named or counted.",
            "Name the consignees, or count the readers and attach the list as a file.",
            code="nobody",
        )
    return said.count, said.readers_list


def _fates(said: RecordNotification, count: int) -> tuple[int, int, int]:
    """Give sent, delivered, bounced; raises Refused when they contradict one another."""
    sent = count if said.sent is None else said.sent
    delivered = said.delivered or 0
    bounced = len(set(said.undelivered)) if said.bounced is None else said.bounced
    wrong = min(sent, delivered, bounced) < 0 or bounced < len(set(said.undelivered))
    if wrong or sent > count or delivered + bounced > sent:
        raise Refused(
            f"Of {count} readers {sent} sent to, {delivered} arrived, {bounced} not: "
            "that cannot be.",
            "Correct the counts; leave empty what is not known.",
            code="bad_count",
        )
    return sent, delivered, bounced


def _asked(recall: RecallState, reached: Iterable[str]) -> tuple[str, ...]:
    """Name those whose time to answer begins now: a reminder gives nobody more time."""
    rows = recall.consignees
    return tuple(
        name
        for name in sorted(reached)
        if name not in rows or not _counts(recall, rows[name].asked_at)
    )


def _counts(recall: RecallState, at: datetime | None) -> bool:
    """Say whether something at that time counts for what is recalled now."""
    return at is not None and recall.since is not None and at >= recall.since


def _answer_due(incident: Incident, act: Act, said: RecordNotification) -> datetime | None:
    if said.answer_by is not None:
        if said.answer_by <= act.at:
            raise Refused("That time is over.", "Name a later one.", code="time_limit")
        return said.answer_by
    limit = incident.rules.plan.step(ANSWER_STEP, incident.report.grade)
    return None if limit is None else incident.rules.due_at(act.at, limit)


# ---------------------------------------------------------------- decide: answering


@decides(AnswerAsConsignee)
def answer_as_consignee(
    incident: Incident, act: Act, said: AnswerAsConsignee
) -> tuple[ConsigneeAnswered, ...]:
    """Record an answer whose numbers can be true together."""
    if bool(said.lots) == said.never_had:
        raise Refused(
            "An answer names units, or says that there never were any.",
            "Do one of the two; leave unknown numbers empty.",
            code="no_answer",
        )
    names = [row.lot for row in said.lots]
    wrong = next((w for row in said.lots if (w := answer_contradiction(row))), None)
    if wrong is None and len(set(names)) != len(names):
        wrong = "A lot stands here twice."
    if wrong is None and (said.sub_accounts_told or 0) > (
        said.sub_accounts if said.sub_accounts is not None else said.sub_accounts_told or 0
    ):
        wrong = "They told more than they sold on to."
    if wrong is not None:
        raise Refused(wrong, "Ask again; leave empty what is in doubt.", code="contradiction")
    known = incident.recall.consignees.get(said.consignee)
    before = 0 if known is None else known.answers
    return (_answered(incident, act, said, before),)


def _answered(
    incident: Incident, act: Act, said: AnswerAsConsignee, before: int
) -> ConsigneeAnswered:
    scope = incident.recall.scope
    return ConsigneeAnswered(
        consignee=said.consignee,
        number=before + 1,
        replaces=before,
        never_had=said.never_had,
        lots=tuple(
            LotAnswer(
                lot=row.lot,
                received=row.received,
                on_hand=row.on_hand,
                quarantined=row.quarantined,
                sold_on=row.sold_on,
                returned=row.returned,
                destroyed=row.destroyed,
            )
            for row in said.lots
        ),
        sub_accounts=said.sub_accounts,
        sub_accounts_told=said.sub_accounts_told,
        answered_by=said.answered_by,
        proof=said.proof,
        evidence=tuple(said.evidence),
        recorded_by=act.who,
        scope_version=0 if scope is None else scope.version,
    )


def answer_contradiction(row: LotAnswered) -> str | None:
    """Say what cannot be true about the units of one lot at a consignee, or None.

    received = on hand + sold on + sent back + destroyed, as far as known; set apart <= on hand.
    """
    numbers = (
        row.received, row.on_hand, row.quarantined, row.sold_on, row.returned, row.destroyed,
    )  # fmt: skip
    if min((number for number in numbers if number is not None), default=0) < 0:
        return f"Lot {row.lot}: a number is below zero."
    placed = sum(n or 0 for n in (row.on_hand, row.sold_on, row.returned, row.destroyed))
    if row.received is not None and placed > row.received:
        return f"Lot {row.lot}: {placed} units accounted for, but only {row.received} received."
    if row.on_hand is not None and (row.quarantined or 0) > row.on_hand:
        return f"Lot {row.lot}: {row.quarantined} set apart, but only {row.on_hand} there."
    return None


@decides(TakeOverConsignee)
def take_over_consignee(
    incident: Incident, act: Act, said: TakeOverConsignee
) -> tuple[ConsigneeTakenOver, ...]:
    """A named person answers for a consignee that does not."""
    row = known_consignee(incident, said.consignee)
    if row.taken_over_by == act.who:
        raise Refused("You answer for this consignee already.", "Go on.", code="taken_over")
    return (ConsigneeTakenOver(consignee=row.id, by=act.who, reason=said.reason),)


def known_consignee(incident: Incident, name: str) -> ConsigneeState:
    """Give a consignee of this incident; raises Refused."""
    row = incident.recall.consignees.get(name)
    if row is None:
        raise Refused(
            f"{name} is no consignee of this incident.",
            "Tell it first, or name it in the scope.",
            code="no_consignee",
        )
    return row


# ---------------------------------------------------------------- evolve


@evolves(NotificationSent)
def _sent(incident: Incident, sent: NotificationSent, mark: Mark) -> Incident:
    recall = incident.recall
    now = recall.told.get(sent.reader, Told())
    told = Told(
        times=now.times + 1,
        count=now.count + sent.count,
        sent=now.sent + sent.sent,
        delivered=now.delivered + sent.delivered,
        bounced=now.bounced + sent.bounced,
        last_at=max(mark.happened_at, now.last_at or mark.happened_at),
    )
    rows = {
        name: _told_row(recall.consignees.get(name, ConsigneeState(id=name)), sent, mark)
        for name in sent.recipients
    }
    return with_stage(
        incident,
        "recall",
        told={**recall.told, str(sent.reader): told},
        consignees={**recall.consignees, **rows},
    )


def _told_row(row: ConsigneeState, sent: NotificationSent, mark: Mark) -> ConsigneeState:
    asked = row.id in sent.asked
    return replace(
        row,
        market=sent.market or row.market,
        told=row.told + 1,
        first_told_at=row.first_told_at or mark.happened_at,
        last_told_at=max(mark.happened_at, row.last_told_at or mark.happened_at),
        bounced=row.id in sent.undelivered,
        let_go=False,
        asked_at=mark.happened_at if asked else row.asked_at,
        answer_due_at=sent.answer_due_at if asked else row.answer_due_at,
    )


def _changed(incident: Incident, name: str, **changes: Any) -> Incident:
    rows = incident.recall.consignees
    row = replace(rows.get(name, ConsigneeState(id=name)), **changes)
    return with_stage(incident, "recall", consignees={**rows, name: row})


@evolves(ConsigneeAnswered)
def _answer(incident: Incident, answered: ConsigneeAnswered, mark: Mark) -> Incident:
    return _changed(
        incident,
        answered.consignee,
        let_go=False,
        answers=answered.number,
        answered_at=mark.happened_at,
        lots=answered.lots,
        sub_accounts=answered.sub_accounts,
        sub_accounts_told=answered.sub_accounts_told,
    )


@evolves(ConsigneeTakenOver)
def _taken_over(incident: Incident, taken: ConsigneeTakenOver, _mark: Mark) -> Incident:
    return _changed(incident, taken.consignee, taken_over_by=taken.by)


# ---------------------------------------------------------------- who is silent, what is due


def silent(recall: RecallState, market: str = "") -> tuple[ConsigneeState, ...]:
    """List the consignees without an answer that counts and without a person who answers for them.

    With a market: those of that market, and those whose market nobody knows. A consignee that a
    narrowed scope let go is not asked any more.
    """
    return tuple(
        row
        for row in recall.consignees.values()
        if row.taken_over_by is None
        and not row.let_go
        and not _counts(recall, row.answered_at)
        and (not market or row.market in ("", market))
    )


def untold(recall: RecallState) -> tuple[ConsigneeState, ...]:
    """List the silent consignees that heard nothing that counts, or whom nothing reached."""
    return tuple(
        row for row in silent(recall) if row.bounced or not _counts(recall, row.last_told_at)
    )


@watches(Stage.RECALL)
def telling_due(incident: Incident) -> Iterator[Due]:
    """Consignees, and consumers when the recall reaches them, are told in the plan's time."""
    recall = incident.recall
    if not recall.is_running or recall.since is None:
        return
    trade = recall.told.get(Reader.CONSIGNEE, Told())
    if untold(recall) or not _counts(recall, trade.last_at):
        yield from step_due(
            incident, "consignees_told", recall.since, "record_notification", "Tell the consignees"
        )
    public = recall.told.get(Reader.CONSUMER, Told())
    if recall.depth is Depth.CONSUMER and not _counts(recall, public.last_at):
        yield from step_due(
            incident, "consumers_told", recall.since, "record_notification", "Tell the consumers"
        )


@watches(Stage.RECALL)
def answers_due(incident: Incident) -> Iterator[Due]:
    """Silent consignees are chased: one due each, or one for all when they are many."""
    recall = incident.recall
    if not recall.is_running or incident.review.closed_at is not None:
        return
    waiting = [
        (row, row.asked_at, row.answer_due_at)
        for row in silent(recall)
        if row.asked_at and row.answer_due_at and _counts(recall, row.asked_at)
    ]
    if len(waiting) > CHASED_ONE_BY_ONE:
        start_at, due_at = min((asked, due) for _, asked, due in waiting)
        title = f"{len(waiting)} consignees have not answered"
        yield _chase(f"consignees:{recall.since:%Y%m%dT%H%M%S}", title, start_at, due_at, "")
        return
    for row, asked_at, answer_due_at in waiting:
        key, title = f"consignee:{row.id}:{asked_at:%Y%m%dT%H%M%S}", f"{row.id} has not answered"
        yield _chase(key, title, asked_at, answer_due_at, row.id)


def _chase(key: str, title: str, start_at: datetime, due_at: datetime, item: str) -> Due:
    return Due(
        key=key,
        stage=Stage.RECALL,
        title=title,
        roles=CHASERS,
        start_at=start_at,
        due_at=due_at,
        act="answer_as_consignee",
        item=item,
    )
