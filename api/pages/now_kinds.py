"""Of which kinds the decisions are that stand folded on the page Now, counted.

What belongs here: naming kinds of cards. What never does: which cards there are (now.py).
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from domain import duty_clocks
from domain.dispatch import Due

RULES: Final = "rules"
DUTIES: Final = "duties"
SIGNATURES: Final = "signatures"
TEXTS: Final = "texts"
STEPS: Final = "steps"

_COUNTED: Final[dict[str, Callable[[Lens, int], str]]] = {
    SIGNATURES: lambda lens, n: lens.words.ngettext("%(n)s to sign", "%(n)s to sign", n),
    DUTIES: lambda lens, n: lens.words.ngettext("%(n)s duty", "%(n)s duties", n),
    RULES: lambda lens, n: lens.words.ngettext("%(n)s rule to check", "%(n)s rules to check", n),
    TEXTS: lambda lens, n: lens.words.ngettext("%(n)s text", "%(n)s texts", n),
    STEPS: lambda lens, n: lens.words.ngettext("%(n)s other step", "%(n)s other steps", n),
}


def of_due(view: View, due: Due) -> str:
    """Say of which kind what is due is: a rule to check, a duty, a text, or another step."""
    if due.act == "confirm_rule_applies":
        return RULES
    if duty_clocks.duty_of(view.state, due) is not None:
        return DUTIES
    return TEXTS if due.item in view.state.statement.statements else STEPS


def counted(view: View, cards: Sequence[Drawn]) -> str:
    """Count cards by their kinds, in words; nothing for none."""
    found = Counter(_kind(card) for card in cards)
    lens = view.lens
    return lens.listed(tell(lens, found[kind]) % {"n": found[kind]}
                       for kind, tell in _COUNTED.items() if found[kind])  # fmt: skip


def _kind(card: Drawn) -> str:
    named = str(card["id"])
    if named.startswith("act-"):
        return SIGNATURES
    return RULES if named.startswith("no-rules-") else str(card.get("kind", STEPS))
