"""The approvals of a text: what each is called, whose they are, which are left for a reader.

What belongs here: naming slots, and keeping languages and markets to those who answer for them.
What never does: who may approve (domain/statement_approval.py); `decide` has the last word.
"""

from typing import Final

from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from domain.in_words import without_brackets
from domain.people import Role
from domain.scene import Scene
from domain.state.statement import ApprovalSlot, Statement
from domain.statement_slots import concerned, fillable_slots, holders_wrote

EVERYBODY: Final = 100
"""More people than ever answer for the approvals of one text."""


def slot_name(lens: Lens, slot: ApprovalSlot) -> str:
    """Name an approval: by which role, and for which market or in which language."""
    label = lens.words.pick(slot.label_en, slot.label_zh)
    about = lens.market(slot.market) if slot.market else ""
    about = about or (lens.language(slot.language) if slot.language else "")
    return (
        lens("%(label)s (%(about)s)", label=label, about=without_brackets(about))
        if about
        else label
    )


def slot_people(view: View, slot: ApprovalSlot, text: Statement, limit: int = 3) -> list[Drawn]:
    """Give who can fill an approval: those of its market or language, and never an author.

    Where nobody is left, it is the commander.
    """
    barred = concerned(view.state, text)
    found = view.lens.holders(
        map(str, slot.roles),
        limit,
        market=slot.market,
        language=slot.language,
        without=barred,
        deputies=holders_wrote(view.state, text, slot),
    )
    if found or not holders_wrote(view.state, text, slot):
        return found
    return view.lens.holders([str(Role.INCIDENT_COMMANDER)], limit, without=barred)


def own_slots(view: View | None, text: Statement) -> list[ApprovalSlot]:
    """List the approvals left for the reader: in languages and markets the reader answers for."""
    if view is None:
        return []
    act = Scene(view.state, view.actor, view.lens.now).act
    me, fits = view.visit.who.id, view.lens.is_answered_by
    return [
        slot
        for slot in fillable_slots(view.state, act, text)
        if is_no_role_of(view, slot)
        or fits(me, map(str, slot.roles), market=slot.market, language=slot.language)
    ]


def is_no_role_of(view: View, slot: ApprovalSlot) -> bool:
    """Say whether the reader approves in place of a holder: no market or language binds them."""
    return not view.actor.holds(frozenset(slot.roles))


def people_asked(view: View, text: Statement, limit: int = 6) -> list[Drawn]:
    """Give whose approval a text waits for: one of each slot first, the reader before all."""
    found: dict[str, Drawn] = {}
    for slot in text.open_slots:
        for chip in slot_people(view, slot, text, 1):
            found.setdefault(chip["name"], chip)
    return sorted(found.values(), key=lambda chip: not chip["you"])[:limit]
