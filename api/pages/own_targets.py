"""Our own earlier times beside a duty, in a quieter tone than a limit of the law.

What belongs here: words for a target of ours that runs or has passed. What never does: a limit of
the law, or which clock leads (duty_order.py).
"""

from collections.abc import Sequence
from datetime import datetime

from activities.duty_words import basis_of
from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from domain.dispatch import Due
from domain.duty_clocks import duty_of, kind_of


def times_of(view: View, group: Sequence[Due]) -> list[Drawn]:
    """Give the times of a duty that has several, each with what it is; nothing for another due.

    The nearest that runs stands first. A limit that has passed stands before all; what of ours has
    passed stands last.
    """
    lens, lead, duty = view.lens, group[0], duty_of(view.state, group[0])
    ours = [due for due in group[1:] if due.due_at != lead.due_at]
    if duty is None or not ours:
        return []
    title = lens("In writing, %(basis)s", basis=basis_of(lens.words, duty))
    found = [(lead.due_at, {"title": title, "due": lens.due(lead.due_at)})]
    found += [(due.due_at, target(lens, kind_of(due), due.due_at)) for due in ours]
    if lead.due_at >= lens.now:
        found.sort(key=lambda one: (one[0] < lens.now, one[0]))
    return [told for _, told in found]


def targets_beside(view: View, group: Sequence[Due]) -> list[str]:
    """Say in words the times of ours beside the leading one of a duty; nothing for another due."""
    lens, lead = view.lens, group[0]
    if duty_of(view.state, lead) is None:
        return []
    ours = dict.fromkeys((kind_of(due), due.due_at) for due in group[1:])
    told = [target(lens, kind, at) for kind, at in ours if at != lead.due_at]
    return [lens.named_line(one["title"], (one["due"] or one["passed"])["text"]) for one in told]


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
