"""What a text waits for as pages tell it: the next step, for whom it waits, what silence leads to.

What belongs here: words for one wait, alike in the queue and on the page of the text, and the one
rule of who it is for: whoever an act that ends it is open to. What never does: what a text waits
for (domain/text_waits.py), or who may act (`decide`).
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from api.pages.lens import Drawn
from api.pages.looking import View
from api.pages.possible import act_link, roles_of
from api.pages.slots import EVERYBODY, people_asked
from api.pages.stage_statement import text_address
from api.pages.text_approvals import why_not
from api.pages.text_gate import to_fill_in
from domain.message import COMMANDS
from domain.people import Role
from domain.plan_terms import LadderAct
from domain.state.statement import Statement
from domain.text_waits import Unbegun, Wait, Waiting, next_rung, waiting_texts
from services.people import actor_of
from storage.people import Person

PEOPLE_SHOWN: Final = 4

WRITING: Final = frozenset({"draft_statement", "revise_statement", "ask_for_review"})
"""Acts of those who may write a kind of text."""

CORRECTION: Final = "correction"

Asked = Waiting | Unbegun
"""A text that waits, or one that is to be written."""


def waiting_of(view: View, one: Statement) -> Waiting | None:
    """Give what a text waits for now; None where it waits for nothing."""
    found = waiting_texts(view.state, view.lens.now)
    return next((each for each in found if each.text.id == one.id), None)


def is_mine(view: View, one: Asked) -> bool:
    """Say whether a wait is for the reader: an act that ends it is open to this person."""
    return bool(ways_on(view, one))


def ways_on(view: View, one: Asked) -> list[Drawn]:
    """Give the acts by which the reader can end a wait, the usual one first.

    Who may change a text begins with the facts that it waits for.
    """
    acts = [link for name, item in one.answers for link in act_link(view, name, item)]
    if acts and one.wait is Wait.FILL_IN and isinstance(one, Waiting):
        return [link for row in to_fill_in(view, one.text) for link in row.get("acts", ())] + acts
    return acts


def wait_told(view: View, one: Asked) -> Drawn:
    """Give a wait as templates take it: `next why due late since who more silence`."""
    lens, asked = view.lens, _who(view, one)
    return {
        "next": _next(view, one),
        "why": _why(view, one),
        "due": lens.due(one.by_at) if one.by_at else None,
        "late": one.by_at is not None and one.by_at < lens.now,
        "since": lens.moment(one.since_at),
        "who": asked[:PEOPLE_SHOWN],
        "more": max(0, len(asked) - PEOPLE_SHOWN),
        "silence": _silence(view, one),
    }


def decision(view: View, one: Statement) -> Drawn | None:
    """Give the next step of a text: the reader's own act, or why it is not the reader's."""
    waiting = waiting_of(view, one)
    if waiting is None:
        return None
    acts = ways_on(view, waiting)
    if waiting.wait is Wait.CORRECTING:
        told = view.lens("Go to %(text)s", text=waiting.by)
        acts = [{"text": told, "href": text_address(view, waiting.by)}]
    return {**wait_told(view, waiting), "acts": acts[:1], "why_not": why_not(view, one)}


def _next(view: View, one: Asked) -> str:
    """Say what a text waits for; of approvals how many are missing, of places which."""
    lens, told = view.lens, view.lens.word(one.wait)
    if isinstance(one, Unbegun):
        return told
    if one.wait is Wait.APPROVE:
        missing, every = len(one.text.open_slots), len(one.text.slots)
        return lens("%(n)s of %(all)s approvals are missing", n=missing, all=every)
    if not one.places:
        return told
    places = lens.listed(lens.words.of("Place", place.place) for place in one.places)
    return lens("%(place)s: %(what)s", place=places, what=told)


def _why(view: View, one: Asked) -> str:
    """Say what was asked for or said to be wrong, where somebody said it in words."""
    if isinstance(one, Unbegun):
        return ""
    lens, text = view.lens, one.text
    if text.changes_by and one.wait is Wait.CHANGE and text.changes_reason:
        return lens.named_line(lens.person(text.changes_by), text.changes_reason)
    said = [flag for flag in text.flags if not flag.fact]
    if said:
        return lens.named_line(lens.person(said[0].by), said[0].what)
    return ""


# ---------------------------------------------------------------- for whom


def _who(view: View, one: Asked) -> list[Drawn]:
    """Give whom a text waits for: by name, the reader first; nobody where time decides."""
    if not one.answers:
        return []
    me, mine = view.visit.who.id, is_mine(view, one)
    if one.wait is Wait.APPROVE and isinstance(one, Waiting):
        found = {chip["name"]: chip for chip in people_asked(view, one.text, EVERYBODY)}
        asked = [chip for chip in found.values() if not chip["you"]]
    else:
        asked = [chip for person, chip in _answering(view, one) if person != me]
    return [*([_reader(view, one)] if mine else []), *asked]


def _reader(view: View, one: Asked) -> Drawn:
    """Give the reader as asked, as a deputy where no role of their own is asked."""
    person = view.lens.names.people.get(view.visit.who.id)
    return {**view.lens.chip(view.visit.who.id, _as_what(view, one, person) if person else "")}


def _answering(view: View, one: Asked) -> Iterator[tuple[str, Drawn]]:
    """Give everybody to whom an act is open that ends a wait: who wrote the text before others."""
    authors = one.text.authors if isinstance(one, Waiting) else ()
    people = view.lens.names.people
    first = [people[author] for author in authors if author in people]
    rest = [person for person in people.values() if person.id not in authors]
    asked = sorted(rest, key=lambda person: _as_what(view, one, person).startswith("deputy:"))
    for person in (*first, *asked):
        role = _as_what(view, one, person)
        if person.active and role and is_mine(_read_by(view, person), one):
            yield person.id, view.lens.chip(person.id, role)


def _as_what(view: View, one: Asked, person: Person) -> str:
    """Give the role in which somebody is asked; "" where no role or deputy's of theirs is."""
    roles = [role for role in Role if role in _roles(view, one)]
    own = next((str(role) for role in roles if role in person.roles), "")
    return own or next((f"deputy:{role}" for role in roles if role in person.deputy_for), "")


def _roles(view: View, one: Asked) -> frozenset[Role]:
    """Name the roles that the acts which end a wait belong to; a text belongs to its writers."""
    if one.wait is Wait.APPROVE and isinstance(one, Waiting):
        return frozenset(role for slot in one.text.open_slots for role in slot.roles)
    own = one.kind if isinstance(one, Unbegun) else one.text.kind
    found: set[Role] = set()
    for name, item in one.answers:
        kind = own if name in WRITING else CORRECTION if name == "correct_statement" else ""
        row = view.state.rules.plan.statements.get(kind)
        found |= {*row.authors, Role.PR_LEAD} if row else roles_of(view, COMMANDS[name], item)
    return frozenset(found)


def _read_by(view: View, person: Person) -> View:
    """Give the incident as another person finds it, to say what is open to them."""
    who = replace(view.visit.who, id=person.id, actor=actor_of(person, "password"))
    return replace(view, visit=replace(view.visit, who=who))


def _silence(view: View, one: Asked) -> str:
    """Say what happens next, and when, if nobody answers."""
    rung, lens = next_rung(view.state, one), view.lens
    if rung is None:
        return ""
    what = lens.word(LadderAct(rung.act))
    return lens("If nobody answers: %(what)s, %(when)s", what=what, when=lens.when(rung.at))
