"""Stage `statement`: whose the open approvals of a text are, whatever its words.

What belongs here: which slots somebody could fill now, by role, deputy and own approvals. What
never does: giving an approval, or what the words of a text forbid (statement_approval.py).
"""

from collections.abc import Iterable

from domain.acts import may
from domain.dispatch import Act
from domain.people import Role
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


def may_fill(incident: Incident, act: Act, statement: Statement, slot: ApprovalSlot) -> bool:
    """Say whether the role lets somebody fill a slot now.

    Who wrote the text approves none of it: where everybody who holds the role did, the deputy
    need not wait until the approval is late.
    """
    if may(incident, act, slot.roles):
        return True
    stands_in = act.actor.stands_in_for(frozenset(slot.roles))
    return stands_in and holders_wrote(incident, statement, slot)


def holders_wrote(incident: Incident, statement: Statement, slot: ApprovalSlot) -> bool:
    """Say whether everybody who answers for a role of a slot had a hand in the text.

    A role that nobody answers for yet is held by whoever wrote the text in it, or by somebody else.
    """
    return all(_holder_wrote(incident, statement, role) for role in slot.roles)


def _holder_wrote(incident: Incident, statement: Statement, role: Role) -> bool:
    named = incident.people.roles.get(str(role))
    carried = named.carried_by if named is not None else None
    if carried is None:
        return role in statement.author_roles
    return carried in statement.authors
