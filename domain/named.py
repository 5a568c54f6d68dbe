"""Stage `people`: acts that name the people who sign them, such as the two who counted.

What belongs here: who they are, and who of them is still asked. What never does: how a signature is
made, or which acts name anybody (they register it: domain/dispatch.py).
"""

from typing import Any

from domain.dispatch import SIGNED_BY, Act
from domain.errors import NotAllowed
from domain.message import command_from_wire, find_command
from domain.state import PendingAct


def named_signers(command: Any) -> frozenset[str] | None:
    """Give the people whom a command names as those who sign it; None where it names nobody."""
    named = SIGNED_BY.get(type(command))
    return frozenset(named(command)) if named else None


def require_named(act: Act, command: Any) -> None:
    """Refuse a signature of somebody else under an act that says who signs it."""
    named = named_signers(command)
    if named is not None and act.actor.id not in named:
        raise NotAllowed(
            "This act is signed by the two people whom it names, and you are not one of them.",
            "Ask them to sign in and do it with their own hand.",
            code="not_named",
        )


def only_signer(pending: PendingAct) -> str:
    """Name the one person who can still sign, where the act itself says who does."""
    spec = find_command(pending.command["type"])
    if spec is None or spec.type not in SIGNED_BY:
        return ""
    signed = {one.person for one in pending.signatures}
    left = (named_signers(command_from_wire(pending.command)) or frozenset()) - signed
    return next(iter(left)) if len(left) == 1 else ""
