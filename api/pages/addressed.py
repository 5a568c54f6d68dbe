"""What the address of a form is about, and what is refused there.

What belongs here: acts that nobody proposed, rules that are not there, a duty where a rule stands.
What never does: the form itself (acts.py), or a rule.
"""

from api.pages.looking import View
from api.pages.possible import item_field
from api.pages.who_may import ANSWERS
from domain.errors import NotFound
from domain.message import CommandSpec


def meant_by(view: View, spec: CommandSpec, item: str) -> str:
    """Give what an address is about; a duty where a rule stands means its rule. Raises NotFound."""
    if item and spec.name in ANSWERS:
        _require_proposed(view, item)
    return _rule(view, item) if item and item_field(spec) == "rule" else item


def _rule(view: View, item: str) -> str:
    duty = view.state.notice.duties.get(item)
    if duty is not None:
        return duty.rule
    if any(one.id == item for one in view.state.rules.regulations):
        return item
    raise NotFound(
        f"There is no rule {item:.40} among those this incident runs by.",
        "Open it from the page of the duty, or from the stage Notice.",
    )


def _require_proposed(view: View, item: str) -> None:
    """Refuse the form of an act that nobody ever proposed here. Raises NotFound."""
    proposed = view.state.acts_proposed
    if item in view.state.pending:
        return
    if item not in {f"A{number + 1}" for number in range(proposed)}:
        raise NotFound(
            f"There is no act {item:.20} in this incident.",
            "Go back to the incident: what waits for a signature is listed there.",
        )
