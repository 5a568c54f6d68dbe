"""What the button of a form says: the consequence, not "Submit".

What belongs here: labels of buttons. What never does: a rule; how many sign is read from the plan.
"""

from typing import Final

from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from api.pages.possible import rule_of
from api.typed import FALSE, TRUE, Raw, last
from domain.message import CommandSpec

GRAVE: Final = frozenset(
    {"order_halt", "decide_recall", "resume_sale", "close_incident", "publish_statement"}
)
"""Acts that leave the house or are hard to undo: their button is drawn so."""


def button_of(view: View, spec: CommandSpec, title: str, foreseen: Drawn | None, raw: Raw) -> str:
    """Name the button of a form: the act by its title, who signs after, what channels are told.

    What is asked is answered by what was chosen; until then the button records "my answer".
    """
    lens = view.lens
    if spec.name == "confirm_rule_applies":
        return _judged(lens, last(raw, "applies"))
    rule = rule_of(view, spec)
    if rule is not None and rule.signers:
        told = lens.words.ngettext(
            "%(act)s: sign first, %(n)s more person signs",
            "%(act)s: sign first, %(n)s more people sign",
            len(rule.signers),
        )
        return told % {"act": title, "n": len(rule.signers)}
    known = foreseen if foreseen and not foreseen.get("refused") else {}
    if known.get("again"):
        return _sells_again(lens, title, known["again"])
    stopped = known.get("stops", 0)
    if stopped:
        told = lens.words.ngettext(
            "%(act)s: %(n)s channel is told to stop",
            "%(act)s: %(n)s channels are told to stop",
            stopped,
        )
        return told % {"act": title, "n": stopped}
    return title


def _sells_again(lens: Lens, title: str, again: Drawn) -> str:
    """Name what is freed, at how many channels, and that the rest stays stopped.

    Plants, suppliers and carriers are among them: they resume, and do not sell.
    """
    named = {"act": title, "n": again["n"], "goods": again["goods"]}
    if again["rest"]:
        told = lens.words.ngettext(
            "%(act)s: %(n)s channel may resume with %(goods)s; what else is stopped stays stopped",
            "%(act)s: %(n)s channels may resume with %(goods)s; what else is stopped stays stopped",
            again["n"],
        )
    else:
        told = lens.words.ngettext(
            "%(act)s: %(n)s channel may resume with %(goods)s",
            "%(act)s: %(n)s channels may resume with %(goods)s",
            again["n"],
        )
    return told % named


def _judged(lens: Lens, applies: str) -> str:
    """Name what is recorded of a rule that nobody has verified, by the answer that was chosen."""
    if applies == TRUE:
        return lens("Record: it applies")
    if applies == FALSE:
        return lens("Record: it does not apply; one more person signs")
    return lens("Record my answer, signed")
