"""Stage `halt`: channels that refused to stop, as the step that comes next.

What belongs here: that somebody calls them or answers for them, before whatever has a time: the
goods are sold there meanwhile. What never does: what a channel answered (domain/channels.py).
"""

from collections.abc import Iterator

from domain.channels import chasers
from domain.one_step import NextStep
from domain.people import Role
from domain.stages import Stage
from domain.state import Incident

REFUSED = "refused"


def refusals(incident: Incident) -> Iterator[NextStep]:
    """Name the channel that refused, or how many did; nothing where none stands so."""
    there = [now for now in incident.halt.channels.values() if now.state == REFUSED]
    if not there:
        return
    kinds = dict.fromkeys(incident.halt.listed[now.channel].kind for now in there)
    roles = dict.fromkeys(role for kind in kinds for role in chasers(incident, kind))
    name, own = incident.halt.listed[there[0].channel].name, there[0].own_answer
    said_so = own is not None and own.answer == "cannot" and own.order == there[0].order
    if len(there) > 1:
        title = f"{len(there)} channels refused to stop: call them, or answer for them"
    elif said_so:
        title = f"{name} says that it cannot stop: call them, or answer for it"
    else:
        title = f"The order to stop was refused at {name}: call them, or answer for it"
    yield NextStep(
        act="take_over_channel",
        title=title,
        stage=Stage.HALT,
        item=there[0].channel if len(there) == 1 else "",
        roles=(*roles, Role.INCIDENT_COMMANDER),
        own=True,
        urgent=True,
    )
