"""What nobody records for somebody else.

What belongs here: the one rule of which acts a scribe may record, and who counts as whose
hand. What never does: asking the principal afterwards (domain/scribe.py), or who may act
(domain/acts.py).

A scribe writes down what was said on the phone: that a sale must stop, what is known, who
answered. A signature, a second person's look and a right that is given stay with the person's own
hand: else one scribe would be both of the four eyes.
"""

from collections.abc import Iterable

from domain.dispatch import Act
from domain.errors import NotAllowed
from domain.message import CommandSpec, command_spec
from domain.plan_rows import ActRule
from domain.state import Incident, StreamState


def is_own_hand(spec: CommandSpec, rule: ActRule | None) -> bool:
    """Say whether an act takes the person's own hand.

    It does when it is signed, when the registry says so, and when the plan's row asks for a further
    signature or bars somebody.
    """
    asked = rule is not None and bool(rule.signers or rule.barred)
    return spec.own_hand or spec.meaning is not None or asked


def require_own_hand(stream: StreamState, act: Act) -> None:
    """Refuse what a scribe records for somebody and only that person can do; raises NotAllowed."""
    if act.actor.on_behalf_of is None:
        return
    spec = command_spec(act.command)
    key = spec.act(act.command)
    rule = None if key is None else stream.rules.plan.act(key, stream.grade)
    if is_own_hand(spec, rule):
        raise NotAllowed(
            "Nobody signs, confirms or gives a right for somebody else.",
            "Ask the person to sign in and do it with their own hand.",
            code="own_hand",
        )


def with_hands(incident: Incident, people: Iterable[str | None]) -> frozenset[str]:
    """Add to people whoever wrote for them what they have not confirmed themselves.

    Until somebody says with their own hand that a record is right, it is their scribe's word as
    well: she is no second person to them.
    """
    named = frozenset(person for person in people if person)
    waiting = incident.people.unconfirmed
    return named | {kept.scribe for kept in waiting if kept.principal in named}
