"""What the button of a form says: the consequence, not "Submit".

What belongs here: labels of buttons. What never does: a rule; how many sign is read from the plan.
"""

from typing import Final

from api.pages.lens import Drawn
from api.pages.looking import View
from api.pages.possible import rule_of
from domain.message import CommandSpec

GRAVE: Final = frozenset(
    {"order_halt", "decide_recall", "resume_sale", "close_incident", "publish_statement"}
)
"""Acts that leave the house or are hard to undo: their button is drawn so."""


def button_of(view: View, spec: CommandSpec, foreseen: Drawn | None) -> str:
    """Name the button of a form: the act, who signs after, and how many channels stop."""
    lens, title = view.lens, view.lens(spec.title)
    rule = rule_of(view, spec)
    if rule is not None and rule.signers:
        told = lens.words.ngettext(
            "%(act)s: sign first, %(n)s more person signs",
            "%(act)s: sign first, %(n)s more people sign",
            len(rule.signers),
        )
        return told % {"act": title, "n": len(rule.signers)}
    stopped = foreseen.get("stops", 0) if foreseen and not foreseen.get("refused") else 0
    if stopped:
        told = lens.words.ngettext(
            "%(act)s: %(n)s channel is told to stop",
            "%(act)s: %(n)s channels are told to stop",
            stopped,
        )
        return told % {"act": title, "n": stopped}
    return title
