"""The approvals of a text: given or missing, why the reader gives none, what a change undoes.

What belongs here: telling that. What never does: which approvals a text needs
(domain/statement_lane.py), or who may give one (domain/statement_approval.py).
"""

from typing import Final

from api.pages import blocks
from api.pages.lane_words import lane_note
from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from api.pages.possible import APPROVE
from api.pages.slots import EVERYBODY, own_slots, people_asked, slot_name, slot_people
from domain.in_words import without_brackets
from domain.message import CommandSpec
from domain.previews import withdrawable
from domain.state.statement import EDITABLE, Approval, ApprovalSlot, Statement, Status
from domain.statement_lane import needed_slots
from domain.statement_lookup import open_blocks
from domain.statement_slots import concerned

NOT_HANDED_IN = (Status.DRAFT, Status.CHANGES_REQUESTED)
"""While a text is here nobody is asked to approve it yet."""

NAMED: Final = 6
"""So many people are named whose approval is missing; of more it says how many."""


def approvals(view: View, one: Statement) -> Drawn:
    """Give who approved a text and who is asked; before it is handed in, who will be."""
    lens = view.lens
    title = (
        lens("Who will have to approve it")
        if one.status in NOT_HANDED_IN
        else lens("Approvals of version %(n)s", n=str(one.version))
    )
    note = lane_note(view, one) if one.status in EDITABLE else ""
    return blocks.signatures(title, _rows(view, one), note=note, id="approvals")


def _rows(view: View, one: Statement) -> list[Drawn]:
    if one.status in NOT_HANDED_IN:
        told = view.lens("is asked once it is handed in")
        return [{**_slot(view, one, slot, None), "meaning": told}
                for slot in needed_slots(view.state, one)]  # fmt: skip
    given = {approval.slot: approval for approval in one.approvals}
    return [_slot(view, one, slot, given.get(slot.key)) for slot in one.slots]


def _slot(view: View, one: Statement, slot: ApprovalSlot, given: Approval | None) -> Drawn:
    lens, role = view.lens, slot_name(view.lens, slot)
    if given is None:
        names = [chip["name"] for chip in slot_people(view, slot, one)]
        return {
            "person": {"name": lens.listed(names) or lens("nobody"), "role": role},
            "state": "waiting",
            "meaning": "",
        }
    stands = given.sha256 == one.sha256
    return {
        "person": {"name": lens.person(given.person), "role": role},
        "state": "signed" if stands else "void",
        "meaning": _signed_as(lens, one, slot, given),
        "at": lens.moment(given.at),
        "hash": given.sha256,
    }


def _signed_as(lens: Lens, one: Statement, slot: ApprovalSlot, given: Approval) -> str:
    """Give the words that were signed; in Chinese what they mean, beside the name of the slot."""
    if not lens.words.is_chinese:
        return given.meaning
    if not slot.language:
        return lens("I approve exactly this text")
    if len(one.languages) > 1:
        return lens("I attest that this language reads well and says the same as the others")
    return lens("I attest that this language reads well")


# ---------------------------------------------------------------- why not, and what a change undoes


def why_not(view: View, one: Statement) -> str:
    """Say why the reader approves nothing of a text that waits for approvals, and who can.

    "" where the reader can, where no approval is asked for, or where its words must change first.
    """
    if one.status is not Status.IN_REVIEW or open_blocks(view.state, one) or own_slots(view, one):
        return ""
    lens = view.lens
    asked = [
        lens("%(name)s (%(role)s)", name=chip["name"], role=without_brackets(chip["role"]))
        for chip in people_asked(view, one, EVERYBODY)
    ]
    named = lens.listed(asked[:NAMED])
    if len(asked) > NAMED:
        named = lens("%(names)s and %(n)s more", names=named, n=str(len(asked) - NAMED))
    can = lens("It waits for: %(who)s.", who=named or lens("nobody"))
    return lens.sentences((_reason(view, one), can))


def why_not_on_form(view: View, spec: CommandSpec, item: str) -> str:
    """Say on the form of an approval why it is not the reader's; nothing on another form."""
    text = view.state.statement.statements.get(item)
    return why_not(view, text) if text is not None and spec.name == APPROVE else ""


def _reason(view: View, one: Statement) -> str:
    lens, me = view.lens, view.visit.who.id
    if me in one.authors:
        return lens("You wrote a version of this text, and nobody approves their own words.")
    if me in concerned(view.state, one):
        return lens(
            "It tells words that you recorded as a fact, and nobody approves their own words."
        )
    if any(given.person == me for given in one.approvals):
        return lens("You have approved it; each approval that is left takes another person.")
    if any(view.actor.holds(frozenset(slot.roles)) for slot in one.open_slots):
        return lens("Others answer for the languages or markets whose approval is missing.")
    return lens("The approvals that are missing are not those of your roles.")


def undone_by_change(view: View, one: Statement) -> Drawn:
    """Say what a change of a text undoes, and who has to approve the words that come of it."""
    lens = view.lens
    rows = [
        {"label": lens("Approvals that no longer count"), "lines": _approved(view, one)},
        {"label": lens("Findings that people let pass"), "lines": _let_pass(view, one)},
        {"label": lens("Gaps that were allowed"), "lines": [
            lens.named_line(lens.person(gap.by), gap.reason) for gap in one.gaps
        ]},
        {"label": lens("The time at which it goes out"), "lines": [
            lens("It does not go out by itself %(when)s.", when=lens.when(one.release.at))
        ] if one.release else []},
        {"label": lens("Shared before publication"), "lines": _closed(view, one)},
    ]  # fmt: skip
    found: list[Drawn] = [row for row in rows if row["lines"]]
    after = [slot_name(lens, slot) for slot in needed_slots(view.state, one)]
    asked = {
        "label": lens("Who has to approve the new version"),
        "lines": after or [lens("Nobody, as long as it keeps to the words approved beforehand.")],
    }
    if not found:
        found = [{"label": lens("Approvals"), "text": lens("Nobody has approved it yet.")}]
    return blocks.pairs(lens("What a change undoes"), [*found, asked], id="undone")


def _approved(view: View, one: Statement) -> list[str]:
    lens, names = view.lens, {slot.key: slot_name(view.lens, slot) for slot in one.slots}
    return [
        lens(
            "%(name)s (%(role)s)",
            name=lens.person(each.person),
            role=without_brackets(names.get(each.slot, "")),
        )
        for each in one.approvals
    ]


def _let_pass(view: View, one: Statement) -> list[str]:
    lens = view.lens
    return [
        lens.named_line(lens.listed(map(lens.person, each.people)), each.reason)
        for each in one.overrides
    ]


def _closed(view: View, one: Statement) -> list[str]:
    open_ones = len(withdrawable(one, view.lens.now))
    told = view.lens.words.ngettext(
        "%(n)s preview outside shows nothing any more.",
        "%(n)s previews outside show nothing any more.",
        open_ones,
    )
    return [told % {"n": open_ones}] if open_ones else []
