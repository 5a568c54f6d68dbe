"""Stage `halt`: what the channels answer.

What belongs here: outcomes of orders, people's own confirmations. What never does: giving orders
(domain/halt.py), what becomes of a channel then (domain/answered_channels.py), asking again or
finding the goods on sale after all (domain/drift.py), channels that may sell again
(domain/resumed_channels.py), or stock that is set apart (domain/set_apart.py).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.dispatch import Act, Due, decides, watches
from domain.errors import Refused
from domain.halt import HALT_ROLES, confirms_by
from domain.left_to_person import left_after
from domain.message import ask, command, event
from domain.ordered_anew import reminders
from domain.orders_there import (
    ANSWERED_FOR,
    answers_of,
    covers,
    is_all_left,
    last_at,
    left_beside,
    left_to,
    open_at,
    orders_at,
    refused_at,
    stops_beside,
)
from domain.people import Role
from domain.plan_terms import ChannelKind
from domain.scope import LotCount
from domain.stages import Stage
from domain.state import Incident
from domain.state.halt import ChannelHalt
from domain.under_way import is_known_failure, is_last_told, meant, names_of
from domain.values import BlobId, ChannelId, PublicText
from domain.wire import added

SETTLED = frozenset({"confirmed", "taken_over", "resumed"})
SELLING_AGAIN = frozenset({"resuming", "resumed"})
UNREADABLE = "unreadable"
"""Where an answer came that nobody can read: the order stays open."""

UNANSWERED = frozenset({"ordered", "accepted"})
NOT_STOPPED = frozenset({"refused", "failed", UNREADABLE})
"""Where an order did not get through: of an older order it counts at once."""

RESUME = 0
"""The number under which an order to resume is carried: it is no halt order."""

RESUME_FAILED = "resume_failed"
"""Where a channel that may sell again was not reached, or refused."""

ALL_HELD = "all_held"
"""Where nothing is to be said of an order to resume: other orders still stop all of it there."""

NEEDS_SOMEBODY = ("selling", UNREADABLE, "failed", "refused", "silent", RESUME_FAILED)
"""Where somebody has to do something, the worst first; silence is read from the clock."""

_ASKED_OTHERWISE = frozenset({*SETTLED, "resuming", "selling"})
CHASERS = (*HALT_ROLES, Role.PR_LEAD)
"""Who makes channels stop and confirm; promotion is the PR lead's to silence (table 4.4)."""

# ---------------------------------------------------------------- events


@event("ChannelAnswered", stage=Stage.HALT)
@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelAnswered:
    """A channel accepted, confirmed, refused, failed, was taken over, or resumed.

    `accepted`: the order was handed over, and nobody has answered it yet. So it is with an order to
    resume: `resuming` without an `error` is one that was handed over, with one it failed.
    Its answer may be `unreadable`: it came, and `error` says what is wrong in it.

    `late`: the answer was found after the order had been brought, so whoever carries it is told.
    `set_apart` are its `units` by lot, where a person told them apart.
    `under`: it resumed, or was told to, what one order stopped, and this other one stands there
    still, so that it is ordered anew, to answer by `answer_due_at`.
    `unanswered`: other orders that stand there, for other goods, and that nobody has answered for.
    `resumes`: of several orders to resume those that it is about, or that beside an order to stop;
    `refused` are orders there that stay as they were answered when the rest is ordered anew.
    `all_held`: it has nothing to say of an order to resume, since other orders still stop all of
    that there, and nothing was sent.
    `left_to_person`: orders that stand there, that its yes is not about, and that a named person
    answers for still.
    """

    channel: str
    order: int
    state: str
    attempts: int
    proof: str = ""
    error: PublicText = PublicText("")
    units: int | None = None
    taken_over_by: str | None = None
    evidence: tuple[str, ...] = ()
    orders: int | None = added(None)
    order_units: int | None = added(None)
    late: bool = added(default=False)
    under: int = added(0)
    answer_due_at: datetime | None = added(None)
    unanswered: tuple[int, ...] = added(())
    set_apart: tuple[LotCount, ...] = added(())
    resumes: tuple[str, ...] = added(())
    refused: tuple[int, ...] = added(())
    all_held: bool = added(default=False)
    left_to_person: tuple[int, ...] = added(())


# ---------------------------------------------------------------- commands


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelOutcome:
    """What one attempt at a channel led to; counts as in `ChannelReply` (domain/envelope.py).

    `resume` names the order to resume that was carried; `all_held` as in `ChannelReply`.
    """

    channel: str
    order: int
    state: str
    attempts: int
    proof: str = ""
    error: str = ""
    units: int | None = added(None)
    orders: int | None = added(None)
    order_units: int | None = added(None)
    resume: str = added("")
    all_held: bool = added(default=False)


@command("report_outcomes", stage=Stage.HALT, roles=[Role.PERFORMER], title="Channels answered")
@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOutcomes:
    """A batch of outcomes from the workflow that carries an order."""

    outcomes: tuple[ChannelOutcome, ...]


@command("confirm_channel", stage=Stage.HALT, roles=CHASERS, title="This channel has stopped",
         item="channel")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmChannel:
    """A person confirms, by phone or on the spot, that a channel stopped."""

    channel: ChannelId = ask("Channel")
    proof: PublicText = ask("How do you know?", max=500)
    units: int | None = ask("Units set apart there", default=None)
    evidence: tuple[BlobId, ...] = ask("Photo or document", default=())
    set_apart: tuple[LotCount, ...] = ask(
        "Set apart there, by lot",
        default=(),
        added=True,
        help="If you fill this in, no total is needed above.",
    )


@command("take_over_channel", stage=Stage.HALT, roles=CHASERS, title="I take this channel over",
         item="channel")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOverChannel:
    """A named person answers for a channel that does not."""

    channel: ChannelId = ask("Channel")
    reason: PublicText = ask("What will you do?", max=500)


# ---------------------------------------------------------------- where a channel stands


def standing(now: ChannelHalt, at: datetime) -> str:
    """Say where a channel stands at an instant: one that let its time pass is silent.

    Silence is no answer and no event; it follows from the order, its due time and the clock. A
    channel that took the order and never confirmed its stop is silent too. Where the goods were
    found on sale they are so until it confirms: taking the order anew says nothing of them; of a
    channel that resumed they are the goods that it is never to sell.
    """
    due = now.answer_due_at
    if now.drift is not None and (now.state in {*UNANSWERED, "resumed"} or stops_beside(now)):
        return "selling"
    if now.state == "resuming" and refused_at(now):
        return "refused"
    if now.state == "resuming" and now.resume_failed_at is not None:
        return RESUME_FAILED
    if now.state == "resumed" and now.all_held:
        return ALL_HELD
    is_silent = now.state in UNANSWERED and due is not None and due < at
    return "silent" if is_silent else now.state


# ---------------------------------------------------------------- decide


@decides(ReportOutcomes)
def report_outcomes(incident: Incident, act: Act, said: ReportOutcomes) -> tuple[Any, ...]:
    """Record what is news: a settled or newer order is not overwritten by a late answer."""
    return news_of(incident, act, said.outcomes)


def news_of(
    incident: Incident, act: Act, outcomes: Iterable[ChannelOutcome], *, late: bool = False
) -> tuple[ChannelAnswered, ...]:
    """Give what is news among outcomes; what is found `late` is found again and again."""
    news: list[ChannelAnswered] = []
    for outcome in outcomes:
        now = incident.halt.channels.get(outcome.channel)
        if now is None or _is_stale(incident, now, outcome) or (late and _is_known(now, outcome)):
            continue
        if _keeps_refusal(now, outcome):
            continue
        is_failed = outcome.order == RESUME and outcome.state in NOT_STOPPED
        state = "resuming" if is_failed or _is_told_to_resume(outcome) else outcome.state
        names = names_of(now, meant(now, outcome.resume)) if state in SELLING_AGAIN else ()
        # What still stops goes out anew once, where several answers of a channel come together.
        again = is_failed or any(one.under and one.channel == outcome.channel for one in news)
        news.append(
            ChannelAnswered(
                channel=outcome.channel,
                order=outcome.order,
                state=state,
                attempts=max(outcome.attempts, now.attempts),
                proof=outcome.proof,
                error=PublicText(outcome.error or (outcome.state if is_failed else "")),
                units=outcome.units,
                orders=outcome.orders,
                order_units=outcome.order_units,
                late=late,
                unanswered=unanswered_by(incident, now, outcome.order, outcome.state),
                left_to_person=theirs_beside(incident, now, outcome.order, state),
                resumes=names,
                all_held=outcome.all_held and state == "resumed",
                **({} if again else still_under(incident, act, now, state, names)),
            )
        )
    return tuple(news)


def unanswered_by(incident: Incident, now: ChannelHalt, order: int, state: str) -> tuple[int, ...]:
    """Name the orders there that an answer to one of them leaves open."""
    return left_beside(incident, now, order) if state in ANSWERED_FOR else ()


def theirs_beside(incident: Incident, now: ChannelHalt, order: int, state: str) -> tuple[int, ...]:
    """Name the orders there that a named person answers for still, beside one that it confirms."""
    left = left_after(incident, now, order, is_yes=True) if state == "confirmed" else None
    return left.orders if left else ()


def still_under(
    incident: Incident, act: Act, now: ChannelHalt, state: str, names: tuple[str, ...]
) -> dict[str, Any]:
    """Name the order that stands at a channel that resumed, or was told to, what another stopped.

    It does not wait until the channel says that the rest sells: nobody is to take the letter to
    sell again for the end of both. None while another such letter is on its way, where it was told
    before, or where somebody answers for all that stands there.
    """
    standing = last_at(incident, now.channel) if state in SELLING_AGAIN else 0
    if not standing or not is_last_told(now, names) or is_all_left(incident, now):
        return {}
    due = confirms_by(incident, act.at, incident.halt.listed[now.channel])
    return {"under": standing, "answer_due_at": due, "refused": refused_at(now)}


def _is_told_to_resume(outcome: ChannelOutcome) -> bool:
    """Say whether an order to resume was handed over: nobody has said yet that it was followed."""
    return outcome.order == RESUME and outcome.state == "accepted"


def _is_stale(incident: Incident, now: ChannelHalt, outcome: ChannelOutcome) -> bool:
    if outcome.order == RESUME or outcome.state == "resumed":
        return _is_stale_resume(now, outcome)
    if now.state in SELLING_AGAIN:
        return not is_news_beside(now, outcome.order, outcome.state, outcome.error)
    if outcome.state != "refused" and outcome.order in left_to(incident, now):
        return outcome.state != "confirmed"  # whether a message got there is theirs to see
    known = next((one for one in answers_of(now) if one.order == outcome.order), None)
    if outcome.order == now.order:
        return known is None or known.state in SETTLED
    if known is not None:
        return (known.state, known.error) == (outcome.state, outcome.error)
    return outcome.state not in NOT_STOPPED or not _is_carried_on(incident, now, outcome.order)


def _is_stale_resume(now: ChannelHalt, outcome: ChannelOutcome) -> bool:
    one = meant(now, outcome.resume)
    if one is None or outcome.state == "resumed":
        return one is None
    if _is_told_to_resume(outcome):
        return one.is_told
    known = is_known_failure(one, now, outcome.error or outcome.state)
    return outcome.state not in NOT_STOPPED or known


def is_news_beside(now: ChannelHalt, order: int, state: str, error: str = "") -> bool:
    """Say whether an answer to an order beside what resumes is news: a yes, or a no, or no more.

    All else can wait: each goes out anew behind that.
    """
    known = next((one for one in now.by_order if one.order == order), None)
    if now.state != "resuming" or known is None or (known.state, known.error) == (state, error):
        return False
    return state in ("refused", "confirmed") or known.state == "refused"


def _is_carried_on(incident: Incident, now: ChannelHalt, number: int) -> bool:
    """Say whether an older order is open there, in a newer one that covers it."""
    there = {order.number: order for order in orders_at(incident, now.channel)}
    newer = [there[one.order] for one in open_at(now) if one.order in there]
    return number in there and any(covers(one, there[number]) for one in newer)


def _keeps_refusal(now: ChannelHalt, outcome: ChannelOutcome) -> bool:
    """Say whether an order stays refused: that a message went out again is no answer to that."""
    before = next((one for one in answers_of(now) if one.order == outcome.order), None)
    return before is not None and before.state == "refused" and outcome.state == "accepted"


def _is_known(now: ChannelHalt, outcome: ChannelOutcome) -> bool:
    """Say whether an outcome was told before; another fault in an unreadable answer was not."""
    is_same = outcome.state != UNREADABLE or outcome.error == now.last_error
    return now.state == outcome.state and is_same


def ordered_channel(incident: Incident, channel: str) -> ChannelHalt:
    """Give where a channel stands; raises Refused for one without an order."""
    now = incident.halt.channels.get(channel)
    if now is None:
        raise Refused(
            f"Channel {channel} has no order in this incident.",
            "Order the halt of its level first.",
            code="not_ordered",
        )
    return now


def _stopping(incident: Incident, channel: str) -> ChannelHalt:
    """Give a channel that is to stop; raises Refused for one that may sell again."""
    now = ordered_channel(incident, channel)
    is_asked = refused_at(now) or (now.drift is not None and stops_beside(now))
    resumes = now.state == "resuming" and not is_asked
    if resumes or (now.state == "resumed" and now.drift is None):
        raise Refused(
            f"Channel {channel} may resume.",
            "Confirm that it does, or order the halt again.",
            code="may_sell",
        )
    return now


def _stopped_as(now: ChannelHalt, state: str) -> str:
    """Say where a person's word leaves a channel: who sells others again goes on with those."""
    return "resumed" if now.state == "resumed" else state


@decides(ConfirmChannel)
def confirm_channel(incident: Incident, _act: Act, said: ConfirmChannel) -> tuple[Any, ...]:
    """Take a person's word, with how they know."""
    now = _stopping(incident, said.channel)
    counted = sum(one.units for one in said.set_apart) if said.set_apart else None
    if said.units is not None and counted is not None and said.units != counted:
        raise Refused(
            f"The lots add up to {counted}, and {said.units} units stand there in all.",
            "Correct one of the two, or leave the number in all empty.",
            code="bad_count",
        )
    return (
        ChannelAnswered(
            channel=said.channel,
            order=now.order,
            state=_stopped_as(now, "confirmed"),
            attempts=now.attempts,
            proof=said.proof,
            units=said.units if counted is None else counted,
            evidence=tuple(said.evidence),
            set_apart=tuple(said.set_apart),
        ),
    )


@decides(TakeOverChannel)
def take_over_channel(incident: Incident, act: Act, said: TakeOverChannel) -> tuple[Any, ...]:
    """A named person answers for the channel from now on."""
    now = _stopping(incident, said.channel)
    return (
        ChannelAnswered(
            channel=said.channel,
            order=now.order,
            state=_stopped_as(now, "taken_over"),
            attempts=now.attempts,
            proof=said.reason,
            taken_over_by=act.who,
        ),
    )


def times_asked(incident: Incident, now: ChannelHalt) -> int:
    """Count how often a channel was asked to stop: by whoever carries its order, and anew."""
    if not now.attempts and not now.again:
        return 0
    return max(now.attempts, 1) + reminders(incident, now, now.order)


# ---------------------------------------------------------------- what is due


@watches(Stage.HALT)
def answers_due(incident: Incident) -> Iterator[Due]:
    """Channels answer in the plan's time, or a person asks them.

    Where some goods resume, what is left of an order waits until they have: that is asked for.
    """
    parts = {order.number for order in incident.halt.orders if order.part_of}
    for now in incident.halt.channels.values():
        if now.state in _ASKED_OTHERWISE and now.state != "resuming":
            continue
        listed = incident.halt.listed[now.channel]
        for one in open_at(now):
            if one.answer_due_at is None or (now.state == "resuming" and one.order not in parts):
                continue
            yield Due(
                key=f"channel:{now.channel}:{one.order}",
                stage=Stage.HALT,
                title=f"{listed.name} has not confirmed that it stopped",
                roles=chasers(incident, listed.kind),
                start_at=min(now.ordered_at, one.answer_due_at),
                due_at=one.answer_due_at,
                act="confirm_resumed" if now.state == "resuming" else "confirm_channel",
                item=now.channel,
            )


def chasers(incident: Incident, kind: str) -> tuple[Role, ...]:
    """Give who makes this kind of channel confirm: the plan's row first, then supply chain."""
    plan = incident.rules.plan
    responsible = plan.times[plan.confirming(ChannelKind(kind))].responsible
    return tuple(dict.fromkeys((responsible, Role.CHANNEL_LEAD, Role.SUPPLY_CHAIN)))
