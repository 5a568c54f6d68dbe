"""Stage `halt`: channels that may sell again, until they do.

What belongs here: a person's word that one has resumed, the time in which somebody sees to an order
to resume that does not get through, and who carries what is left of one beside a newer order to
stop. What never does: giving that order (domain/resuming.py).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from domain.channels import CHASERS, ChannelAnswered, chasers, ordered_channel, still_under
from domain.dispatch import Act, Due, Effect, causes, decides, watches
from domain.errors import Refused
from domain.halt import HaltOrdered, confirms_by
from domain.message import ask, command
from domain.ordered_anew import order_anew
from domain.people import Role
from domain.replacing import replace
from domain.stages import Stage
from domain.state import Incident, Mark
from domain.state.halt import ChannelHalt, ResumeThere
from domain.taken_back import recalled_lots
from domain.under_way import given_anew, is_resuming, names_of, spoken_for, under_way
from domain.values import BlobId, ChannelId, PublicText


@command("confirm_resumed", stage=Stage.HALT, roles=CHASERS, title="This channel has resumed",
         item="channel")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmResumed:
    """A person confirms, by phone or on the spot, that a channel has resumed as ordered."""

    channel: ChannelId = ask("Channel")
    proof: PublicText = ask("How do you know?", max=500)
    evidence: tuple[BlobId, ...] = ask("Photo or document", default=())


@decides(ConfirmResumed)
def confirm_resumed(incident: Incident, act: Act, said: ConfirmResumed) -> tuple[Any, ...]:
    """Take a person's word that a channel sells again: no one need carry the order there."""
    now = ordered_channel(incident, said.channel)
    if now.state == "resumed":
        raise Refused(f"Channel {said.channel} has resumed already.", "Look at the halt board.")
    if not is_resuming(now):
        raise Refused(
            f"Channel {said.channel} is to stay halted.",
            "Use 'Resume sale', which two people sign.",
            code="needs_resume",
        )
    return (has_resumed(incident, act, now, said.proof, tuple(said.evidence)),)


def has_resumed(
    incident: Incident,
    act: Act,
    now: ChannelHalt,
    proof: PublicText,
    evidence: tuple[BlobId, ...] = (),
) -> ChannelAnswered:
    """Give somebody's word that a channel does what it was told to resume."""
    spoken = spoken_for(now)
    names = names_of(now, None) if spoken == under_way(now) else tuple(o.resume for o in spoken)
    return ChannelAnswered(
        channel=now.channel,
        order=now.order,
        state="resumed",
        attempts=now.attempts,
        proof=proof,
        evidence=evidence,
        resumes=names,
        **still_under(incident, act, now, "resumed", names),
    )


@causes(HaltOrdered)
def _give_anew(incident: Incident, ordered: HaltOrdered, mark: Mark) -> Iterable[Effect]:
    """Carry what is left of what was to resume, where this order stops some of it again."""
    there = [incident.halt.channels[one.channel] for one in ordered.channels]
    for one, channels in given_anew(there, ordered.number):
        yield Effect(
            name="resume",
            target=one.resume,
            seq=mark.seq,
            body={
                "carried": [],
                "products": list(one.products),
                "lots": list(one.lots),
                "kept": list(recalled_lots(incident)),
                "channels": channels,
            },
        )


@causes(HaltOrdered)
def _order_what_waited(incident: Incident, _ordered: HaltOrdered, mark: Mark) -> Iterable[Effect]:
    """Order anew what was to go out behind an order to resume that this one ends."""
    return order_anew(incident, incident.halt.channels.values(), mark.seq)


@watches(Stage.HALT)
def resumes_due(incident: Incident) -> Iterator[Due]:
    """Where an order to resume does not get through, somebody sees to it in an order's time.

    One that was handed over is asked for since then: nothing else brings the channel's answer.
    Beside an order to stop each is asked for from its beginning: the board shows that order first.
    """
    for now in incident.halt.channels.values():
        for one in under_way(now):
            failed_at = one.failed_at or (
                now.resume_failed_at if one.resume == now.resume else None
            )
            since = None if now.state == "resuming" else one.since
            start_at = failed_at or one.told_at or since
            listed = incident.halt.listed[now.channel]
            due_at = confirms_by(incident, start_at, listed) if start_at is not None else None
            if start_at is None or due_at is None:
                continue
            asked = Due(
                key=f"resume:{now.channel}:{one.resume}",
                stage=Stage.HALT,
                title=f"{listed.name} has not resumed as ordered",
                roles=(*chasers(incident, listed.kind), Role.INCIDENT_COMMANDER),
                start_at=start_at,
                due_at=due_at,
                act="confirm_resumed",
                item=now.channel,
            )
            yield asked if failed_at else _waited_for(asked, one, listed.name)


def _waited_for(asked: Due, one: ResumeThere, name: str) -> Due:
    """Name what is only waited for while its time runs, and when it is over: nothing failed."""
    if not one.is_told:
        return replace(asked, in_time=f"The order to resume is on its way to {name}")
    return replace(
        asked,
        in_time=f"{name} was told that it may resume, and is to say that it does",
        when_late=f"{name} has not said in time that it has resumed",
    )
