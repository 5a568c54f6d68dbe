"""What a text waits for as pages tell it: the next step, for whom it waits, what silence leads to.

What belongs here: words for one wait, alike in the queue and on the page of the text. What never
does: what a text waits for (domain/text_waits.py), or who may act (`decide`).
"""

from typing import Final

from api.pages.lens import Drawn
from api.pages.looking import View
from api.pages.possible import act_link, barred_from, is_offered, possible
from api.pages.slots import people_asked
from api.pages.text_approvals import why_not
from api.pages.text_gate import to_fill_in
from domain.message import COMMANDS
from domain.plan_terms import LadderAct
from domain.state.statement import Statement
from domain.text_waits import ANSWERS, Wait, Waiting, next_rung, waiting_texts

PEOPLE_SHOWN: Final = 4


def waiting_of(view: View, one: Statement) -> Waiting | None:
    """Give what a text waits for now; None where it waits for nothing."""
    found = waiting_texts(view.state, view.lens.now)
    return next((each for each in found if each.text.id == one.id), None)


def is_mine(view: View, one: Waiting) -> bool:
    """Say whether the reader can end a wait: an act that does is open to this person."""
    return any(is_offered(view, COMMANDS[name], one.text.id) for name in ANSWERS[one.wait])


def wait_told(view: View, one: Waiting) -> Drawn:
    """Give a wait as templates take it: `next why due late since who silence`."""
    lens = view.lens
    return {
        "next": _next(view, one),
        "why": _why(view, one),
        "due": lens.due(one.by_at) if one.by_at else None,
        "late": one.by_at is not None and one.by_at < lens.now,
        "since": lens.moment(one.since_at),
        "who": _who(view, one),
        "silence": _silence(view, one),
    }


def decision(view: View, one: Statement) -> Drawn | None:
    """Give the next step of a text: the reader's own act, or why it is not the reader's."""
    waiting = waiting_of(view, one)
    if waiting is None:
        return None
    acts = [link for name in ANSWERS[waiting.wait] for link in act_link(view, name, one.id)]
    if waiting.wait is Wait.FILL_IN:
        acts = [link for row in to_fill_in(view, one) for link in row.get("acts", ())] + acts
    return {**wait_told(view, waiting), "acts": acts[:1], "why_not": why_not(view, one)}


def _next(view: View, one: Waiting) -> str:
    """Say what a text waits for; of approvals, how many are missing."""
    if one.wait is not Wait.APPROVE:
        return view.lens.word(one.wait)
    missing, every = len(one.text.open_slots), len(one.text.slots)
    return view.lens("%(n)s of %(all)s approvals are missing", n=missing, all=every)


def _why(view: View, one: Waiting) -> str:
    """Say what was asked for or said to be wrong, where somebody said it in words."""
    lens, text = view.lens, one.text
    if text.changes_by and one.wait is Wait.CHANGE and text.changes_reason:
        return lens.named_line(lens.person(text.changes_by), text.changes_reason)
    said = [flag for flag in text.flags if not flag.fact]
    if one.wait is Wait.MEND and said:
        return lens.named_line(lens.person(said[0].by), said[0].what)
    return ""


def _who(view: View, one: Waiting) -> list[Drawn]:
    """Give whom a text waits for: by name, the reader first; nobody where time decides."""
    if one.wait is Wait.APPROVE:
        return people_asked(view, one.text, PEOPLE_SHOWN)
    if one.wait in (Wait.CHANGE, Wait.HAND_IN, Wait.FILL_IN):
        return [view.lens.chip(author) for author in one.text.authors[:PEOPLE_SHOWN]]
    if not ANSWERS[one.wait]:
        return []
    spec = COMMANDS[ANSWERS[one.wait][0]]
    roles = possible(view, spec, one.text.id).roles
    barred = barred_from(view, spec, one.text.id)
    return view.lens.holders(roles, PEOPLE_SHOWN, without=barred)


def _silence(view: View, one: Waiting) -> str:
    """Say what happens next, and when, if nobody answers."""
    rung, lens = next_rung(view.state, one), view.lens
    if rung is None:
        return ""
    what = lens.word(LadderAct(rung.act))
    return lens("If nobody answers: %(what)s, %(when)s", what=what, when=lens.when(rung.at))
