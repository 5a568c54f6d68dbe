"""Stage `recall`: what consignees answer, who answers for the silent ones, and who is chased.

What belongs here: answers recorded on a consignee's behalf, taking over, silence. What never does:
telling them (domain/notifications.py). A consignee answers anew when the recall is decided or
reaches more goods; a later answer replaces the one before, and what an answer leaves open is
unknown, never zero.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.dispatch import Act, Due, decides, evolves, watches
from domain.errors import Refused
from domain.markets import is_within
from domain.message import ask, command, event
from domain.people import Access, Role
from domain.scope import LotAnswer, answer_contradiction
from domain.stages import Stage
from domain.state import Incident, Mark, with_stage
from domain.state.recall import ConsigneeState, RecallState
from domain.values import BlobId, ConsigneeId, PrivateText, PublicText

CHASERS = (Role.SUPPLY_CHAIN, Role.CHANNEL_LEAD)
CHASED_ONE_BY_ONE = 40
"""Above so many silent consignees they are chased as one list, not as one due each."""


# ---------------------------------------------------------------- events


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


@command("answer_as_consignee", stage=Stage.RECALL, roles=CHASERS, item="consignee",
         title="Record this consignee's answer")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerAsConsignee:
    """What a consignee told us by phone, letter or visit; it replaces what it said before."""

    consignee: ConsigneeId = ask("Consignee")
    lots: tuple[LotAnswer, ...] = ask("Which units, lot by lot?", default=())
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


def counts(recall: RecallState, at: datetime | None) -> bool:
    """Say whether something told or answered at that time counts for what is recalled now."""
    return at is not None and recall.since is not None and at >= recall.since


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
    wrong = _contradiction(said) or _never_made(incident.recall, said)
    if wrong is not None:
        raise Refused(wrong, "Ask again; leave empty what is in doubt.", code="contradiction")
    known = incident.recall.consignees.get(said.consignee, ConsigneeState(id=said.consignee))
    if known.answered_at is not None and act.happened_at < known.answered_at:
        raise Refused(
            "A later answer of this consignee stands already.",
            "Only a later answer replaces it.",
            code="older_answer",
        )
    return (_answered(incident, act, said, known.answers),)


def _never_made(recall: RecallState, said: AnswerAsConsignee) -> str | None:
    """Say where a consignee would have received more than was ever made."""
    made = {lot.lot: lot.made for lot in (recall.scope.lots if recall.scope else ())}
    for row in said.lots:
        limit = made.get(row.lot)
        if limit is not None and max(row.received or 0, row.on_hand or 0) > limit:
            return f"Only {limit} units of lot {row.lot} were ever made."
    return None


def _contradiction(said: AnswerAsConsignee) -> str | None:
    names = [row.lot for row in said.lots]
    if len(set(names)) != len(names):
        return "A lot stands here twice."
    accounts, told = said.sub_accounts, said.sub_accounts_told
    if min(accounts or 0, told or 0) < 0:
        return "A number of accounts is below zero."
    if accounts is not None and told is not None and told > accounts:
        return f"They told {told}, but sold on to {accounts} only."
    return next((wrong for row in said.lots if (wrong := answer_contradiction(row))), None)


def _answered(
    incident: Incident, act: Act, said: AnswerAsConsignee, before: int
) -> ConsigneeAnswered:
    scope = incident.recall.scope
    return ConsigneeAnswered(
        consignee=said.consignee,
        number=before + 1,
        replaces=before,
        never_had=said.never_had,
        lots=tuple(said.lots),
        sub_accounts=said.sub_accounts,
        sub_accounts_told=said.sub_accounts_told,
        answered_by=said.answered_by,
        proof=said.proof,
        evidence=tuple(said.evidence),
        recorded_by=act.who,
        scope_version=0 if scope is None else scope.version,
    )


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
        and not counts(recall, row.answered_at)
        and (not market or not row.market or is_within(row.market, [market]))
    )


def untold(recall: RecallState, market: str = "") -> tuple[ConsigneeState, ...]:
    """List the silent consignees that heard nothing that counts, or whom nothing reached."""
    return tuple(
        row for row in silent(recall, market) if row.bounced or not counts(recall, row.last_told_at)
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
        if row.asked_at and row.answer_due_at and counts(recall, row.asked_at)
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
