"""Stage `halt`: channels that may sell again, until they do.

What belongs here: a person's word that one has resumed, and the time in which somebody sees to an
order to resume that does not get through. What never does: giving that order (domain/resuming.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from domain.channels import (
    CHASERS,
    SELLING_AGAIN,
    ChannelAnswered,
    chasers,
    ordered_channel,
    still_under,
)
from domain.dispatch import Act, Due, decides, watches
from domain.errors import Refused
from domain.halt import confirms_by
from domain.message import ask, command
from domain.orders_there import last_at
from domain.people import Role
from domain.sold_again import sold_again
from domain.stages import Stage
from domain.state import Incident
from domain.state.halt import ChannelHalt
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
    if not is_asked(incident, said.channel):
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
    is_beside = now.state not in SELLING_AGAIN
    return ChannelAnswered(
        channel=now.channel,
        order=now.order,
        state="resumed",
        attempts=now.attempts,
        proof=proof,
        evidence=evidence,
        **({} if is_beside else still_under(incident, act, now, "resumed")),
    )


def is_asked(incident: Incident, channel: str) -> bool:
    """Say whether a channel was told to resume, and nobody has said yet that it does."""
    now = incident.halt.channels.get(channel)
    return now is not None and (now.state == "resuming" or channel in unsaid(incident))


def unsaid(incident: Incident) -> frozenset[str]:
    """Give the channels that may sell some goods again, and of which nobody has said that they do.

    Another order stands there by now, so that they are waited for beside it: as long as some goods
    are free there, or no order was given since.
    """
    told = incident.halt.unsaid
    free = {name for one in sold_again(incident) for name in one.channels} if told else frozenset()
    return frozenset(
        one.channel
        for one in told
        if one.channel in free or last_at(incident, one.channel) == one.order
        if incident.halt.channels[one.channel].state not in SELLING_AGAIN
    )


@watches(Stage.HALT)
def resumes_due(incident: Incident) -> Iterator[Due]:
    """Where an order to resume does not get through, somebody sees to it in an order's time."""
    for now in incident.halt.channels.values():
        if now.state != "resuming" or now.resume_failed_at is None:
            continue
        listed = incident.halt.listed[now.channel]
        due_at = confirms_by(incident, now.resume_failed_at, listed)
        if due_at is None:
            continue
        yield Due(
            key=f"resume:{now.channel}:{now.resume}",
            stage=Stage.HALT,
            title=f"{listed.name} has not resumed as ordered",
            roles=(*chasers(incident, listed.kind), Role.INCIDENT_COMMANDER),
            start_at=now.resume_failed_at,
            due_at=due_at,
            act="confirm_resumed",
            item=now.channel,
        )
