"""Who did what an entry tells: one answer for every page, file and table.

What belongs here: whose name stands beside an entry. What never does: the envelope's own fields
(ledger.py shows them as they are), or who may act.

What the plan ordered by itself was nobody's act: the entry's actor is whose act led to it.
"""

from api.pages.lens import Lens
from domain.ledger import Entry
from services.questions.rows import is_of_the_plan, who_did


def doer(lens: Lens, entry: Entry) -> str:
    """Name who did it: a person, a person for another, the plan on somebody's act."""
    actor = entry.actor
    if is_of_the_plan(entry):
        return lens("by the plan, on an act of %(name)s", name=lens.person(actor.id))
    if actor.on_behalf_of:
        named = {"actor": lens.person(actor.id), "name": lens.person(actor.on_behalf_of)}
        return lens("%(actor)s, on behalf of %(name)s", **named)
    return lens.person(actor.id)


def short_doer(lens: Lens, entry: Entry) -> str:
    """Name who did it where there is room for one name: the principal, or the plan."""
    return lens.person(who_did(entry))
