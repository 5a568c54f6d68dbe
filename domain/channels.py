"""Stage `halt`: what the channels answer.

What belongs here: outcomes of orders, people's own confirmations. What never does: giving orders
(domain/halt.py), asking again or finding the goods on sale after all (domain/drift.py), or stock
that is set apart (domain/set_apart.py).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.dispatch import Act, Due, Effect, causes, decides, evolves, watches
from domain.errors import Refused
from domain.halt import HALT_ROLES, confirms_by
from domain.message import ask, command, event
from domain.people import PERFORMER, Role
from domain.plan_terms import ChannelKind
from domain.scope import LotCount
from domain.stages import Stage
from domain.state import Incident, Mark, with_stage
from domain.state.halt import Anew, ChannelHalt, LotUnits
from domain.values import BlobId, ChannelId, PublicText
from domain.wire import added

SETTLED = frozenset({"confirmed", "taken_over", "resumed"})
SELLING_AGAIN = frozenset({"resuming", "resumed"})
UNREADABLE = "unreadable"
"""Where an answer came that nobody can read: the order stays open."""

UNANSWERED = frozenset({"ordered", "accepted"})
NEEDS_SOMEBODY = ("selling", UNREADABLE, "failed", "refused", "silent")
"""Where somebody has to do something, the worst first; silence is read from the clock."""

_ASKED_OTHERWISE = frozenset({*SETTLED, "resuming", "selling"})
CHASERS = (*HALT_ROLES, Role.PR_LEAD)
"""Who makes channels stop and confirm; promotion is the PR lead's to silence (table 4.4)."""

# ---------------------------------------------------------------- events


@event("ChannelAnswered", stage=Stage.HALT)
@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelAnswered:
    """A channel accepted, confirmed, refused, failed, was taken over, or resumed.

    Its answer may be `unreadable`: it came, and `error` says what is wrong in it.

    `late`: the answer was found after the order had been brought, so whoever carries it is told.
    `set_apart` are its `units` by lot, where a person told them apart.
    `under`: it resumed what one order stopped, and this other one stands there still, so that it
    is ordered anew, to answer by `answer_due_at`.
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
    set_apart: tuple[LotCount, ...] = added(())


# ---------------------------------------------------------------- commands


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelOutcome:
    """What one attempt at a channel led to; counts as in `ChannelReply` (domain/envelope.py)."""

    channel: str
    order: int
    state: str
    attempts: int
    proof: str = ""
    error: str = ""
    units: int | None = added(None)
    orders: int | None = added(None)
    order_units: int | None = added(None)


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
        help="With it no number in all is needed.",
    )


@command("take_over_channel", stage=Stage.HALT, roles=CHASERS, title="I take this channel over",
         item="channel")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOverChannel:
    """A named person answers for a channel that does not."""

    channel: ChannelId = ask("Channel")
    reason: PublicText = ask("What will you do?", max=500)


@command("confirm_resumed", stage=Stage.HALT, roles=CHASERS, title="This channel has resumed",
         item="channel")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmResumed:
    """A person confirms, by phone or on the spot, that a channel has resumed as ordered."""

    channel: ChannelId = ask("Channel")
    proof: PublicText = ask("How do you know?", max=500)
    evidence: tuple[BlobId, ...] = ask("Photo or document", default=())


# ---------------------------------------------------------------- where a channel stands


def standing(now: ChannelHalt, at: datetime) -> str:
    """Say where a channel stands at an instant: one that let its time pass is silent.

    Silence is no answer and no event; it follows from the order, its due time and the clock. A
    channel that took the order and never confirmed its stop is silent too. Where the goods were
    found on sale they are so until it confirms: taking the order anew says nothing of them.
    """
    due = now.answer_due_at
    if now.drift is not None and now.state in UNANSWERED:
        return "selling"
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
    news = []
    for outcome in outcomes:
        now = incident.halt.channels.get(outcome.channel)
        if now is None or _is_stale(now, outcome) or (late and _is_known(now, outcome)):
            continue
        if now.state == "refused" and outcome.state == "accepted":
            continue  # that a message went out is no answer to the refusal
        news.append(
            ChannelAnswered(
                channel=outcome.channel,
                order=outcome.order,
                state=outcome.state,
                attempts=max(outcome.attempts, now.attempts),
                proof=outcome.proof,
                error=PublicText(outcome.error),
                units=outcome.units,
                orders=outcome.orders,
                order_units=outcome.order_units,
                late=late,
                **_still_under(incident, act, now, outcome.state),
            )
        )
    return tuple(news)


def _still_under(incident: Incident, act: Act, now: ChannelHalt, state: str) -> dict[str, Any]:
    """Name the order that stands at a channel that resumed what another one stopped."""
    standing = _standing_at(incident, now.channel) if state == "resumed" else 0
    if not standing:
        return {}
    due = confirms_by(incident, act.at, incident.halt.listed[now.channel])
    return {"under": standing, "answer_due_at": due}


def _standing_at(incident: Incident, channel: str) -> int:
    """Give the last order that stands at a channel; 0 for none."""
    orders = incident.halt.orders
    return max((o.number for o in orders if not o.lifted_at and channel in o.stopped), default=0)


def _is_stale(now: ChannelHalt, outcome: ChannelOutcome) -> bool:
    if outcome.state == "resumed":  # carried by no halt order, so its number says nothing
        return now.state != "resuming"
    return now.order != outcome.order or now.state in SETTLED or now.state == "resuming"


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
    if now.state in SELLING_AGAIN:
        raise Refused(
            f"Channel {channel} may resume.",
            "Confirm that it does, or order the halt again.",
            code="may_sell",
        )
    return now


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
            state="confirmed",
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
            state="taken_over",
            attempts=now.attempts,
            proof=said.reason,
            taken_over_by=act.who,
        ),
    )


@decides(ConfirmResumed)
def confirm_resumed(incident: Incident, act: Act, said: ConfirmResumed) -> tuple[Any, ...]:
    """Take a person's word that a channel sells again: no one need carry the order there."""
    now = ordered_channel(incident, said.channel)
    if now.state == "resumed":
        raise Refused(f"Channel {said.channel} has resumed already.", "Look at the halt board.")
    if now.state != "resuming":
        raise Refused(
            f"Channel {said.channel} is to stay halted.",
            "Use 'Resume sale', which two people sign.",
            code="needs_resume",
        )
    return (
        ChannelAnswered(
            channel=said.channel,
            order=now.order,
            state="resumed",
            attempts=now.attempts,
            proof=said.proof,
            evidence=tuple(said.evidence),
            **_still_under(incident, act, now, "resumed"),
        ),
    )


# ---------------------------------------------------------------- evolve


@evolves(ChannelAnswered)
def _answered(incident: Incident, answered: ChannelAnswered, mark: Mark) -> Incident:
    now = incident.halt.channels[answered.channel]
    changed = replace(
        now,
        state=answered.state,
        answered_at=mark.at,
        attempts=answered.attempts,
        proof=answered.proof or now.proof,
        last_error=answered.error,
        units=answered.units if answered.units is not None else now.units,
        apart=_by_lot(answered) if answered.units is not None else now.apart,
        taken_over_by=answered.taken_over_by or now.taken_over_by,
        orders=answered.orders if answered.orders is not None else now.orders,
        order_units=answered.order_units if answered.order_units is not None else now.order_units,
        drift=None if answered.state in SETTLED else now.drift,
    )
    if answered.under:
        changed = ordered_anew(incident, changed, mark)
        changed = replace(changed, answer_due_at=answered.answer_due_at)
    return with_stage(
        incident, "halt", channels={**incident.halt.channels, answered.channel: changed}
    )


def _by_lot(answered: ChannelAnswered) -> tuple[LotUnits, ...]:
    return tuple(LotUnits(lot=one.lot, units=one.units) for one in answered.set_apart)


def ordered_anew(incident: Incident, now: ChannelHalt, mark: Mark) -> ChannelHalt:
    """Give a channel as the order that stands there beside the one that ended has it anew."""
    there = replace(now, state="ordered", order=_standing_at(incident, now.channel))
    return replace(there, ordered_at=mark.at, asked_again_at=mark.at, again=with_anew(there, mark))


def times_asked(now: ChannelHalt) -> int:
    """Count how often a channel was asked to stop: by whoever carries its order, and anew."""
    if not now.attempts and not now.again:
        return 0
    return max(now.attempts, 1) + sum(one.order == now.order for one in now.again)


def with_anew(now: ChannelHalt, mark: Mark) -> tuple[Anew, ...]:
    """Note that the order of a channel goes out anew by an entry."""
    return (*now.again, Anew(order=now.order, seq=mark.seq))


# ---------------------------------------------------------------- what is due, what it causes


@watches(Stage.HALT)
def answers_due(incident: Incident) -> Iterator[Due]:
    """Channels answer in the plan's time, or a person asks them."""
    for now in incident.halt.channels.values():
        if now.answer_due_at is None or now.state in _ASKED_OTHERWISE:
            continue
        listed = incident.halt.listed[now.channel]
        yield Due(
            key=f"channel:{now.channel}:{now.order}",
            stage=Stage.HALT,
            title=f"{listed.name} has not confirmed that it stopped",
            roles=chasers(incident, listed.kind),
            start_at=min(now.ordered_at, now.answer_due_at),
            due_at=now.answer_due_at,
            act="confirm_channel",
            item=now.channel,
        )


def chasers(incident: Incident, kind: str) -> tuple[Role, ...]:
    """Give who makes this kind of channel confirm: the plan's row first, then supply chain."""
    plan = incident.rules.plan
    responsible = plan.times[plan.confirming(ChannelKind(kind))].responsible
    return tuple(dict.fromkeys((responsible, Role.CHANNEL_LEAD, Role.SUPPLY_CHAIN)))


@causes(ChannelAnswered)
def _settle(incident: Incident, answered: ChannelAnswered, mark: Mark) -> Iterable[Effect]:
    """Tell who carries the order that a person settled it; what it reported itself, it knows.

    An order that went out anew is carried by others too, who know nothing of each other.
    """
    now, is_resumed = incident.halt.channels[answered.channel], answered.state == "resumed"
    again = anew_of(now, but=mark.seq)
    is_told = answered.late or mark.actor != PERFORMER.id or bool(again)
    if answered.state in SETTLED and is_told:
        yield Effect(
            name="settle",
            target=answered.channel,
            seq=mark.seq,
            body={
                "order": answered.order,
                "resume": now.resume if is_resumed else "",
                "channel": answered.channel,
                **({"again": again} if again else {}),
            },
        )


@causes(ChannelAnswered)
def _order_what_stands(
    incident: Incident, answered: ChannelAnswered, mark: Mark
) -> Iterable[Effect]:
    """Order anew what another order still stops there."""
    now = incident.halt.channels[answered.channel]
    return order_anew(incident, [now] if answered.under else [], mark.seq)


def anew_of(now: ChannelHalt, *, but: int = 0) -> list[list[Any]]:
    """List the orders that went out anew to a channel, as an effect carries them.

    What goes out by entry `but` itself only begins.
    """
    return [[one.order, one.seq, now.channel] for one in now.again if one.seq != but]


def order_anew(incident: Incident, asked: Sequence[ChannelHalt], seq: int) -> Iterator[Effect]:
    """Order channels anew, each order its own; what one channel must not sell is one order's."""
    for order in incident.halt.orders:
        channels = [now.channel for now in asked if now.order == order.number]
        if channels and order.lifted_at is None:
            yield Effect(
                name="halt_again",
                target=str(order.number),
                seq=seq,
                body={
                    "level": order.level,
                    "products": list(order.products),
                    "lots": list(order.lots),
                    "channels": channels,
                },
            )
