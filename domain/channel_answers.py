"""Stage `halt`: what a channel answers itself, on the page that its order leads to.

What belongs here: the answer, its units and who gave it. What never does: the address of the page
(services/answer_links.py), what people of the company say about a channel (domain/channels.py), or
an adapter's answer.

A channel answers for itself, each order by its own link and as long as that order stands. It has
stopped when every order that stands there is answered for; that it cannot stop counts at once, of
whichever order. It may answer again: every answer is an entry, and the last one counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from domain.channels import (
    SELLING_AGAIN,
    ChannelAnswered,
    is_news_beside,
    ordered_channel,
    theirs_beside,
    unanswered_by,
)
from domain.counted_there import recounted
from domain.dispatch import Act, decides, evolves
from domain.errors import NotAllowed, Refused
from domain.message import ask, command, event
from domain.on_its_way import CountedOnItsWay, require_counts, with_counts
from domain.orders_there import left_to, open_at, with_answer
from domain.people import Access, Role, channel_actor
from domain.resumed_channels import has_resumed
from domain.stages import Stage
from domain.state import Incident, Mark, with_stage
from domain.state.halt import ChannelHalt, HaltOrder, LinkAnswer, LotUnits
from domain.under_way import under_way
from domain.values import UNITS_AT_MOST, PrivateText, PublicText
from domain.wire import added

SAID_STOPPED: Final = "The channel said so itself, on the page of its order."
SAID_RESUMED: Final = "The channel said so itself, on the page of an order that ended."
SAID_NONE: Final = "The channel said itself, on the page of its order, that none of it is there."
LOTS_AT_MOST: Final = 500


class OwnAnswer(StrEnum):
    """What a channel may answer; that it has resumed, to an order that ended there."""

    STOPPED = "stopped"
    CANNOT = "cannot"
    NONE_HERE = "none_here"
    RESUMED = "resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class LotSetApart:
    """Units of one lot that a channel set apart; `lot` is "" where they are not told apart."""

    lot: str = ask("Lot", max=80)
    units: int = ask("Units set apart")


@event("OrderAnswered", stage=Stage.HALT, access=Access.RESTRICTED)
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAnswered:
    """What a channel answered itself: units by lot, where they stand, and who said so (private).

    `reason` says why it cannot stop, of an order that is not its newest. `on_its_way` is what it
    counted of goods that had left already; a kind that is not in it stays as it was said before.
    `uncounted`: it took back the units that it had set apart, and how many they are is not known.
    """

    channel: str
    order: int
    answer: OwnAnswer
    set_apart: tuple[LotSetApart, ...]
    where: PublicText
    answered_by: PrivateText
    reason: PublicText = added(PublicText(""))
    on_its_way: tuple[CountedOnItsWay, ...] = added(())
    uncounted: bool = added(default=False)


@command("answer_order", stage=Stage.HALT, roles=[Role.CHANNEL], title="Answer the order to stop")
@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerOrder:
    """A channel says itself that it has stopped, or why it cannot; later, that it has resumed."""

    channel: str = ask("Channel", max=80)
    order: int = ask("Order number")
    answer: OwnAnswer = ask("Have you stopped?")
    answered_by: PrivateText = ask("Your name", access=Access.RESTRICTED)
    set_apart: tuple[LotSetApart, ...] = ask("Units set apart", default=())
    where: PublicText = ask("Where do they stand?", default=PublicText(""), max=200)
    reason: PublicText = ask("Why can you not?", default=PublicText(""), max=500)
    on_its_way: tuple[CountedOnItsWay, ...] = ask(
        "Was anything already on its way?",
        default=(),
        added=True,
        help="A kind that is named replaces what was said of it before; others stay.",
    )
    uncounted: bool = ask(
        "Take back the units that were set apart",
        default=False,
        added=True,
        help="How many they are is not known any more. It counts only beside no new number.",
    )


@decides(AnswerOrder)
def answer_order(incident: Incident, act: Act, said: AnswerOrder) -> Iterator[Any]:
    """Take a channel's own word for an order that stands there."""
    if act.actor.id != channel_actor(said.channel).id:
        raise NotAllowed("A channel answers for itself alone.", "Open the link of this channel.")
    if said.answer is OwnAnswer.RESUMED:
        yield from _resumes(incident, act, said)
        return
    now = _standing(incident, said)
    _require_whole(said)
    order = order_of(incident, said.channel, said.order)
    if order is not None:
        require_counts(said.on_its_way, order, incident.halt.listed[said.channel].kind)
    is_newest = now.order == said.order
    if _counts(incident, now, said):
        yield _where_it_stands(incident, now, said)
    yield OrderAnswered(
        channel=said.channel,
        order=said.order,
        answer=said.answer,
        set_apart=said.set_apart,
        where=said.where,
        answered_by=said.answered_by,
        reason=PublicText("") if is_newest or not _is_refused(said) else said.reason,
        on_its_way=tuple(said.on_its_way),
        uncounted=said.uncounted and said.answer is OwnAnswer.STOPPED and not said.set_apart,
    )


def _counts(incident: Incident, now: ChannelHalt, said: AnswerOrder) -> bool:
    """Say whether an answer changes where the channel stands.

    Where a part is given free just now, the order that stands goes out anew after it; that it
    cannot stop is told at once, and so is that it can after all.
    """
    is_refused, is_theirs = _is_refused(said), said.order in left_to(incident, now)
    if now.state in SELLING_AGAIN:
        state = "refused" if is_refused else "confirmed"
        is_new = is_refused and all(one.order != said.order for one in now.by_order)
        return is_new or is_theirs or is_news_beside(now, said.order, state)
    is_open = any(one.order == said.order for one in open_at(now))
    return now.order == said.order or is_open or is_refused or is_theirs


def _resumes(incident: Incident, act: Act, said: AnswerOrder) -> Iterator[Any]:
    """Take a channel's own word that it does again what an order stopped that ended there."""
    order = order_of(incident, said.channel, said.order)
    if not is_resume_asked(incident, said.channel, order):
        raise Refused(
            "Nobody asks this channel whether it has resumed.",
            "Do what the last message says that reached you.",
            code="not_asked",
        )
    now = ordered_channel(incident, said.channel)
    yield has_resumed(incident, act, now, PublicText(SAID_RESUMED))
    yield OrderAnswered(
        channel=said.channel,
        order=said.order,
        answer=said.answer,
        set_apart=(),
        where=PublicText(""),
        answered_by=said.answered_by,
    )


def is_resume_asked(incident: Incident, channel: str, order: HaltOrder | None) -> bool:
    """Say whether the page of an order asks its channel if it has resumed.

    Where nothing was handed over yet, only the page that the letter on its way names does: an older
    page is about another order to resume.
    """
    now = incident.halt.channels.get(channel)
    if order is None or now is None or not is_over(channel, order):
        return False
    is_named = order.number == ended_at(incident, channel)
    return any(one.is_told or is_named for one in under_way(now))


def ended_at(incident: Incident, channel: str) -> int:
    """Give the last order that ended at a channel, on whose page it is asked; 0 for none."""
    found = (o for o in incident.halt.orders if channel in o.channels and is_over(channel, o))
    return max((order.number for order in found), default=0)


def _where_it_stands(incident: Incident, now: ChannelHalt, said: AnswerOrder) -> ChannelAnswered:
    said_so = SAID_NONE if said.answer is OwnAnswer.NONE_HERE else SAID_STOPPED
    state = "refused" if _is_refused(said) else "confirmed"
    return ChannelAnswered(
        channel=said.channel,
        order=said.order,
        state=state,
        unanswered=unanswered_by(incident, now, said.order, state),
        left_to_person=theirs_beside(incident, now, said.order, state),
        attempts=now.attempts,
        proof="" if _is_refused(said) else said_so,
        error=said.reason if _is_refused(said) else PublicText(""),
        units=_units(said.answer, said.set_apart),
    )


def _is_refused(said: AnswerOrder) -> bool:
    return said.answer is OwnAnswer.CANNOT


def order_of(incident: Incident, channel: str, number: int) -> HaltOrder | None:
    """Give an order that went to a channel; None where there is none such."""
    found = (one for one in incident.halt.orders if one.number == number)
    return next((one for one in found if channel in one.channels), None)


def is_over(channel: str, order: HaltOrder) -> bool:
    """Say whether nothing is to be answered to an order: it is lifted, or the channel may sell."""
    return order.lifted_at is not None or channel not in order.stopped


def _standing(incident: Incident, said: AnswerOrder) -> ChannelHalt:
    """Give where the channel stands. Raises Refused for an order that does not stand there."""
    now = ordered_channel(incident, said.channel)
    order = order_of(incident, said.channel, said.order)
    if order is None:
        raise Refused(
            "This channel has no such order.",
            "Open the link in the message with the order.",
            code="newer_order",
        )
    if is_over(said.channel, order):
        raise Refused("This order is lifted.", "Nothing is to be answered any more.", code="lifted")
    return now


def _require_whole(said: AnswerOrder) -> None:
    if said.answer is OwnAnswer.CANNOT and not said.reason.strip():
        raise Refused("A reason is missing.", "Say why you cannot stop.", code="reason_missing")
    counted = [one.units for one in said.set_apart]
    lots = {one.lot for one in said.set_apart}
    if len(lots) < len(counted) or len(counted) > LOTS_AT_MOST:
        raise Refused("A lot stands there twice.", "Write each lot once.", code="bad_count")
    if any(not 0 <= units <= UNITS_AT_MOST for units in counted):
        raise Refused(
            "A number of units cannot be right.", "Correct the numbers.", code="bad_count"
        )


def _units(answer: OwnAnswer, set_apart: tuple[LotSetApart, ...]) -> int | None:
    if answer is OwnAnswer.NONE_HERE:
        return 0
    return sum(one.units for one in set_apart) if set_apart else None


@evolves(OrderAnswered)
def _answered(incident: Incident, answered: OrderAnswered, mark: Mark) -> Incident:
    if answered.answer is OwnAnswer.RESUMED:  # what was counted when it stopped stays counted
        return incident
    now = incident.halt.channels[answered.channel]
    own = LinkAnswer(
        seq=mark.seq,
        at=mark.at,
        order=answered.order,
        answer=str(answered.answer),
        by=answered.answered_by,
        where=answered.where,
        set_apart=tuple(LotUnits(lot=one.lot, units=one.units) for one in answered.set_apart),
    )
    if answered.order == now.order:
        changed = replace(now, own_answer=own)
        if answered.uncounted:
            changed = replace(changed, units=None, apart=())
    else:
        units = _units(answered.answer, answered.set_apart)
        whole = replace(own, units=units, reason=answered.reason)
        changed = replace(now, older_answers=with_answer(now.older_answers, whole))
        if units is not None:
            others = recounted(incident, now, answered.order, is_ours=False)
            changed = replace(changed, counted=others)
    counted = with_counts(
        incident.halt, answered.channel, answered.order, answered.on_its_way, mark.seq
    )
    channels = {**incident.halt.channels, answered.channel: changed}
    return with_stage(incident, "halt", channels=channels, on_its_way=counted)
