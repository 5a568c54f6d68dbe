"""The halt levels that a form offers: what each stops, and whether it stands already.

What belongs here: which levels are offered on which form, in which order, and their words. What
never does: which level may be ordered (domain/halt.py), or other choices (choices.py).
"""

from api.pages.lens import Lens
from api.pages.looking import View
from domain.halt import LEVELS, free_levels
from domain.plan_rows import LevelRule


def levels_offered(lens: Lens, view: View | None, command: str) -> list[dict[str, str]]:
    """Give the levels that a form offers.

    To order a halt all are there: who stands already for what was reported comes last and says so,
    since other goods can be stopped at it.
    """
    plan = lens.plan
    assert plan is not None
    levels = _levels(view, command)
    standing = _standing(view) if command == "order_halt" else ()
    told = lens("It stands for what was reported: name other lots or products below.")
    found = [
        {
            "value": str(level),
            "label": lens.level(str(level)),
            "help": _help(lens, row) + (f" {told}" if level in standing else ""),
        }
        for level, row in plan.halt.items()
        if level in levels
    ]
    return sorted(found, key=lambda one: one["value"] in standing)


def _levels(view: View | None, command: str) -> tuple[str, ...]:
    """List the levels of a form: all to order, those that stand to sell again, else the free."""
    if view is not None and command == "resume_sale":
        return view.state.halt.levels
    if view is None or command == "order_halt":
        return tuple(map(str, LEVELS))
    return tuple(map(str, free_levels(view.state)))


def _standing(view: View | None) -> tuple[str, ...]:
    if view is None:
        return ()
    free = free_levels(view.state)
    return tuple(str(level) for level in LEVELS if level not in free)


def _help(lens: Lens, row: LevelRule) -> str:
    words = lens.words
    who = lens("Who feels it: %(who)s.", who=words.pick(row.felt_by_en, row.felt_by_zh))
    return f"{words.pick(row.stops_en, row.stops_zh)} {who}"
