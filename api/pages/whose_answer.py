"""Answers of a form that belong to other roles than the form: said beside each, before it is given.

What belongs here: asking the plan who gives an act with one answer and with another. What never
does: who may act (domain/acts.py); `decide` has the last word.
"""

from api.pages.lens import Drawn
from api.pages.looking import View
from api.pages.possible import TURNS_ON, may_now, roles_for
from domain.message import CommandSpec
from domain.people import Role


def with_whose(view: View, spec: CommandSpec, drawn: Drawn) -> Drawn:
    """Say beside each choice of a field who gives that answer, where this person may not."""
    if drawn["name"] != TURNS_ON.get(spec.name) or not drawn.get("choices"):
        return drawn
    return {**drawn, "choices": [_choice(view, spec, drawn["name"], c) for c in drawn["choices"]]}


def _choice(view: View, spec: CommandSpec, name: str, choice: Drawn) -> Drawn:
    roles = roles_for(view, spec, name, choice["value"])
    if may_now(view, roles):
        return choice
    told = view.lens(
        "Not yours to answer: it is for %(roles)s.",
        roles=view.lens.roles(role for role in Role if role in roles),
    )
    return {**choice, "help": "\n".join(filter(None, (choice.get("help", ""), told)))}
