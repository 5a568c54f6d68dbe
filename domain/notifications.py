"""Stage `recall`: who was told, with which text, by which way, and what came back.

What belongs here: notifications as sent, to consignees by name and to others by count. What never
does: the texts (stage `statement`), sending them, or what consignees answer (domain/consignees.py).
Everybody is told anew when the recall is decided or reaches more goods.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.canonical import canonical, sha256_hex
from domain.consignees import CHASERS, counts, untold
from domain.dispatch import Act, Due, decides, evolves, watches
from domain.errors import Refused
from domain.markets import LANGUAGES, is_within, markets_without_text, regimes_of
from domain.message import ask, command, event
from domain.people import Role
from domain.plan_terms import Audience
from domain.recall_scope import step_due
from domain.recall_terms import Depth, Reader, RecallMethod
from domain.stages import Stage
from domain.state import Incident, Mark, with_stage
from domain.state.recall import ConsigneeState, RecallState, Told, ToldIn
from domain.state.statement import PlaceState, Statement, Status
from domain.statement_places import PLACES
from domain.steps import started_at
from domain.values import BlobId, ConsigneeId, PublicText
from domain.wire import added

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
CONSUMER_TEXTS = frozenset({"recall_notice", "consumer_message"})
"""Texts that tell consumers of a recall, wherever they stand."""
NAMED = 5
"""So many consignees are named in a refusal; of the rest it says how many they are."""
PUBLISHED = "published"
"""The state of a place where a text stands and was compared with what was approved."""


@event("NotificationSent", stage=Stage.RECALL)
@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationSent:
    """A text went to readers of one kind, named (consignees) or counted with the list's hash.

    `asked` are those whose time to answer begins with it and ends at `answer_due_at`. Of `count`
    readers `sent` were sent to; what was neither delivered nor bounced is `unknown`.
    `moved_because` says why consignees stand in this market that stood in another one, here or on
    our list; `keep_market` are those that stand in a country of it (DE in the EU), and stay there.
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
    moved_because: PublicText = added(PublicText(""))
    keep_market: tuple[str, ...] = added(())


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
    market: str = ask(
        "In which market?",
        default="",
        max=2,
        help="Leave it empty for consignees of several markets: each keeps its own.",
    )
    recipients: tuple[ConsigneeId, ...] = ask(
        "Which consignees?",
        default=(),
        unless="(one of the two: these by name, or the number of readers with their list)",
    )
    undelivered: tuple[ConsigneeId, ...] = ask("To which of them did it not get?", default=())
    count: int | None = ask(
        "How many readers, if they are not named?",
        default=None,
        unless="(one of the two: this with the list of readers, or consignees by name)",
    )
    readers_list: BlobId | None = ask(
        "The list of readers, as a file",
        default=None,
        unless="(one of the two: this with the number of readers, or consignees by name)",
    )
    sent: int | None = ask("Sent to how many? (leave empty for all)", default=None)
    delivered: int | None = ask("Known to have arrived", default=None)
    bounced: int | None = ask("Known not to have arrived", default=None)
    answer_by: datetime | None = ask(
        "Answer until? (leave empty for the plan's time)", default=None
    )
    moved_because: PublicText = ask(
        "If a consignee stood in another market so far: why is this one right?",
        default=PublicText(""),
        max=1000,
        added=True,
    )


# ---------------------------------------------------------------- decide


@decides(RecordNotification)
def record_notification(
    incident: Incident, act: Act, said: RecordNotification
) -> tuple[NotificationSent, ...]:
    """Record a notification; its counts must be able to be true together."""
    recipients = tuple(sorted(set(said.recipients)))
    count, list_hash = _readers(said, recipients)
    keep_market = _keep_market(incident.recall, said, recipients)
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
            moved_because=said.moved_because,
            keep_market=keep_market,
        ),
    )


def _keep_market(
    recall: RecallState, said: RecordNotification, recipients: tuple[str, ...]
) -> tuple[str, ...]:
    """Name who stands in a country of the market that the notice names.

    Raises Refused where somebody would stand in another market than before and nobody says why.
    """
    if not said.market:
        return ()
    rows = (recall.consignees.get(name) for name in recipients)
    stand = {row.id: row.market for row in rows if row is not None and row.market}
    moved = [name for name, there in stand.items() if not is_within(there, [said.market])]
    if moved and not said.moved_because.strip():
        raise Refused(
            _stand_elsewhere(moved, stand, said.market),
            "Record each market by itself, or leave the market empty: each keeps its own. Was the "
            "first one wrong, say why this one is right.",
            code="another_market",
        )
    return tuple(
        name for name, there in stand.items() if said.market in regimes_of(there) - {there}
    )


def _stand_elsewhere(moved: Sequence[str], stand: Mapping[str, str], market: str) -> str:
    """Say who stands in another market than a notice names: the first few, and how many more."""
    if len(moved) == 1:
        return f"{moved[0]} stands in market {stand[moved[0]]}, and this notice names {market}."
    names, more = ", ".join(moved[:NAMED]), len(moved) - NAMED
    if more > 0:
        return f"These stand in another market than {market}: {names} and {more} more."
    return f"These stand in another market than {market}: {names}."


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
            _lacking(said),
            "Fill in “How many readers” and “The list of readers” together; or name consignees "
            "under “Which consignees?”.",
            code="nobody",
        )
    return said.count, said.readers_list


def _lacking(said: RecordNotification) -> str:
    """Say which of number and list is missing, where no consignee is named."""
    if said.readers_list is not None:
        return "The list of readers is here, and no number of readers of one or more."
    if said.count is not None:
        return "The number of readers is here, and no list of readers."
    return "No consignee is named, and there is neither a number of readers nor a list of them."


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
        if name not in rows or not counts(recall, rows[name].asked_at)
    )


def _answer_due(incident: Incident, act: Act, said: RecordNotification) -> datetime | None:
    if said.answer_by is not None:
        if said.answer_by <= act.at:
            raise Refused("That time is over.", "Name a later one.", code="time_limit")
        return said.answer_by
    limit = incident.rules.plan.step(ANSWER_STEP, incident.report.grade)
    return None if limit is None else incident.rules.due_at(act.at, limit)


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
        in_markets=_told_in(now, sent.market, mark.happened_at),
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


def _told_in(now: Told, market: str, at: datetime) -> tuple[ToldIn, ...]:
    before = {each.market: each.last_at for each in now.in_markets}
    last = before | {market: max(at, before.get(market, at))}
    return tuple(ToldIn(market=one, last_at=last[one]) for one in sorted(last))


def _told_row(row: ConsigneeState, sent: NotificationSent, mark: Mark) -> ConsigneeState:
    asked = row.id in sent.asked
    return replace(
        row,
        market=row.market if row.id in sent.keep_market else sent.market or row.market,
        told=row.told + 1,
        first_told_at=row.first_told_at or mark.happened_at,
        last_told_at=max(mark.happened_at, row.last_told_at or mark.happened_at),
        bounced=row.id in sent.undelivered,
        let_go=False,
        asked_at=mark.happened_at if asked else row.asked_at,
        answer_due_at=sent.answer_due_at if asked else row.answer_due_at,
    )


# ---------------------------------------------------------------- who was told, what is due


def trade_is_told(recall: RecallState) -> bool:
    """Say whether a notification that counts went to consignees, and none was left out."""
    return counts(recall, _last_told(recall, Reader.CONSIGNEE)) and not untold(recall)


def public_is_told(incident: Incident, market: str = "") -> bool:
    """Say whether consumers were told in a market, or in all, where the recall reaches them.

    Readers of the market that somebody counted and listed are told; so is whoever a public notice
    speaks to, in a language that they read.
    """
    recall = incident.recall
    if recall.depth is not Depth.CONSUMER:
        return True
    markets = (market,) if market else recall.coverage.markets
    return bool(markets) and all(
        _are_told(recall, one) or any(in_public(incident, one)) for one in markets
    )


def _are_told(recall: RecallState, market: str) -> bool:
    """Say whether consumers of a market were counted and told; who names no market told all."""
    told = recall.told.get(Reader.CONSUMER, Told())
    return any(
        counts(recall, each.last_at)
        for each in told.in_markets
        if not each.market or each.market in regimes_of(market)
    )


def in_public(incident: Incident, market: str = "") -> Iterator[tuple[Statement, PlaceState]]:
    """Give each notice for consumers that is out, with each public place where it stands.

    With a market: those that speak to it. One that was sent out before the recall was decided, or
    reached these goods, does not count, whenever somebody saw it stand; nor does one that was taken
    back.
    """
    for text in incident.statement.statements.values():
        if text.kind not in CONSUMER_TEXTS or text.status is Status.RETRACTED:
            continue
        for place in text.places.values():
            is_out = place.state == PUBLISHED and place.place in PLACES[Audience.PUBLIC]
            is_new = counts(incident.recall, text.sent_at or place.at)
            if is_out and is_new and (not market or _speaks_to(text, place, market)):
                yield text, place


def _speaks_to(text: Statement, place: PlaceState, market: str) -> bool:
    """Say whether what was seen at a place is for a market and in a language of it.

    Where nobody knows the languages of a market (the EU has many), all of the text has to stand.
    """
    if not regimes_of(market) & set(text.markets):
        return False  # what speaks to one country does not speak to all of the Union
    if not place.languages:
        return True
    if market not in LANGUAGES:
        return set(text.languages) <= set(place.languages)
    return not markets_without_text(place.languages, (market,))


def readers_told(recall: RecallState, reader: str) -> int:
    """Count the readers of one kind that were told: whoever was told by name counts once.

    Readers that nobody named count as often as they were counted: no list is held against another.
    """
    told = recall.told.get(reader, Told())
    if reader != Reader.CONSIGNEE:
        return told.count
    times = [row.told for row in recall.consignees.values() if row.told]
    return told.count - sum(times) + len(times)


def _last_told(recall: RecallState, reader: Reader) -> datetime | None:
    return recall.told.get(reader, Told()).last_at


@watches(Stage.RECALL)
def telling_due(incident: Incident) -> Iterator[Due]:
    """Consignees, and consumers when the recall reaches them, are told in the plan's time."""
    recall = incident.recall
    if not recall.is_running:
        return
    for step, told, title in (
        ("consignees_told", trade_is_told(recall), "Tell the consignees"),
        ("consumers_told", public_is_told(incident), "Tell the consumers"),
    ):
        start_at = started_at(incident, step)
        if not told and start_at is not None:
            yield from step_due(incident, step, start_at, "record_notification", title)
