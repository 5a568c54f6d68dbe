"""Stage `statement`: whose the open approvals of a text are, whatever its words.

What belongs here: which slots somebody could fill now, by role, deputy and own approvals. What
never does: giving an approval, or what the words of a text forbid (statement_approval.py).
"""

from collections.abc import Iterable

from domain.acts import may
from domain.dispatch import Act
from domain.errors import Refused
from domain.fact_values import ValueKind
from domain.facts import recorders
from domain.people import Actor, Role
from domain.state import Incident
from domain.state.statement import ApprovalSlot, Statement


def of_other_rows(
    act: Act, statement: Statement, slots: Iterable[ApprovalSlot]
) -> list[ApprovalSlot]:
    """Leave out the slots of rows that this person may not fill beside an own approval."""
    own_row = {a.row for a in statement.approvals if a.person == act.actor.id}
    return [slot for slot in slots if own_row <= {slot.row}]


def fillable_slots(incident: Incident, act: Act, statement: Statement) -> list[ApprovalSlot]:
    """List the approvals that this person could give now, whatever the words of the text."""
    fitting = [slot for slot in statement.open_slots if may_fill(incident, act, statement, slot)]
    return of_other_rows(act, statement, fitting)


def slot_needed(slots: Iterable[ApprovalSlot]) -> Refused:
    """Give the refusal of an approval that could be any of several."""
    names = ", ".join(slot.market or slot.language for slot in slots)
    return Refused(
        "Say for which market or language you approve.",
        f"Open for you: {names}.",
        code="slot_needed",
    )


def may_fill(incident: Incident, act: Act, statement: Statement, slot: ApprovalSlot) -> bool:
    """Say whether the role lets somebody fill a slot now.

    Who wrote the text, or words that it tells as a fact, approves none of it. Where everybody who
    answers for the role did, the deputy need not wait until the approval is late; and so that no
    text is without anybody, the commander may approve it too.
    """
    if act.actor.id in concerned(incident, statement):
        return False
    if may(incident, act, slot.roles):
        return True
    return bool(standing_in(act.actor, slot)) and holders_wrote(incident, statement, slot)


def standing_in(actor: Actor, slot: ApprovalSlot) -> tuple[Role, ...]:
    """Give the roles in which somebody may approve in place of the holders of a slot."""
    deputy = tuple(role for role in actor.deputy_for if role in slot.roles)
    commander = tuple(role for role in actor.roles if role is Role.INCIDENT_COMMANDER)
    return deputy or commander


def concerned(incident: Incident, statement: Statement) -> frozenset[str]:
    """Name who approves nothing of a text: its authors, and whose words it tells as facts."""
    found = set(statement.authors)
    for key in statement.told:
        fact = incident.investigation.facts.get(key)
        if fact is not None and fact.kind in (ValueKind.TEXT, ValueKind.POINTS):
            found |= recorders(incident, fact)
    return frozenset(found)


def holders_wrote(incident: Incident, statement: Statement, slot: ApprovalSlot) -> bool:
    """Say whether everybody who answers for a role of a slot had a hand in the text.

    A role that nobody answers for yet is held by whoever wrote the text in it, or by somebody else.
    """
    hands = concerned(incident, statement)
    return all(_holder_wrote(incident, statement, role, hands) for role in slot.roles)


def _holder_wrote(
    incident: Incident, statement: Statement, role: Role, hands: frozenset[str]
) -> bool:
    named = incident.people.roles.get(str(role))
    carried = named.carried_by if named is not None else None
    if carried is None:
        return role in statement.author_roles
    return carried in hands
