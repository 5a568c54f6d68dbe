"""Our own earlier times beside a duty, in a quieter tone than a limit of the law.

What belongs here: words for a target of ours that runs or has passed. What never does: a limit of
the law, or which clock leads (duty_order.py).
"""

from collections.abc import Sequence
from datetime import datetime

from api.pages.lens import Drawn, Lens
from domain.dispatch import Due
from domain.duty_clocks import kind_of


def beside(lens: Lens, group: Sequence[Due]) -> list[Drawn]:
    """Give the targets of ours behind the clock that leads, as lines of its card."""
    return [
        target(lens, kind_of(due), due.due_at) for due in group[1:] if due.due_at != group[0].due_at
    ]


def target(lens: Lens, kind: str, at: datetime) -> Drawn:
    """Tell one target of ours: how long it still runs, or that it passed, and when."""
    is_phone = kind == "duty_phone"
    if at >= lens.now:
        name = lens("Our own target by phone") if is_phone else lens("Our own earlier target")
        return {"title": name, "due": lens.due(at)}
    passed = (
        lens("Our own target by phone passed")
        if is_phone
        else lens("Our own earlier target passed")
    )
    return {"title": passed, "due": None, "passed": lens.moment(at)}
