"""The next steps that no clock asks for, as cards behind those that have a time.

What belongs here: which of them are shown, and to whom. What never does: what a step is
(domain/next_steps.py), or a time.
"""

from collections.abc import Iterator
from typing import Any, Final

from api.pages.lens import Drawn
from api.pages.looking import View
from api.pages.possible import act_link, barred_from, is_open, may_now, roles_of
from api.pages.titles import told_title
from api.pages.whose_market import market_of
from domain.dispatch import Due
from domain.message import COMMANDS
from domain.next_steps import next_steps
from domain.one_step import NextStep

LAST: Final = "9999"
"""Behind everything that has a time."""

FIRST: Final = "0000"
"""Before everything that has a time."""

SELLS: Final = "drift:"
"""How a due begins that is about goods found on sale (domain/drift.py)."""

CHANGE: Final = "revise_statement"
ON_A_TEXT: Final = ("ask_for_review", "approve_statement", "publish_statement")
"""What a clock asks of a text: its card says that it is held, and leads to changing it."""


def cards(view: View) -> list[Drawn]:
    """Give the steps that nothing else on the page asks for already."""
    asked = {(due.act, due.item) for due in view.due()}
    asked |= {(one.command["type"], "") for one in view.state.pending.values()}
    asked |= {(CHANGE, due.item) for due in view.due() if due.act in ON_A_TEXT}
    return list(_cards(view, asked))


def urgent(view: View) -> set[tuple[str, str]]:
    """Give the act and the thing of each step that goes before whatever has a time."""
    return {(step.act, step.item) for step in next_steps(view.state) if step.urgent}


def goes_first(due: Due, urgent: set[tuple[str, str]]) -> bool:
    """Say whether a due goes before whatever has a time: goods are sold that were to stop."""
    return (due.act, due.item) in urgent or due.key.startswith(SELLS)


def _cards(view: View, asked: set[tuple[str, str]]) -> Iterator[Drawn]:
    for place, step in enumerate(next_steps(view.state)):
        if step.own or not asked & {(step.act, step.item), (step.act, "")}:
            yield _card(view, step, place)


def _card(view: View, step: NextStep, place: int) -> Drawn:
    lens, spec = view.lens, COMMANDS[step.act]
    roles = roles_of(view, spec)
    roles = roles & frozenset(step.roles) or roles
    mine = view.as_of is None and is_open(view, spec, step.item) and may_now(view, roles)
    return card_of(
        view,
        id=f"step-{step.act}-{step.item}".rstrip("-"),
        title=told_title(view, step.title, step.item),
        sort=f"{FIRST if step.urgent else LAST}{place:03}",
        who=lens.holders(
            (str(role) for role in spec.roles if role in roles),
            market=market_of(view, step.item),
            without=barred_from(view, spec, step.item),
        ),
        acts=act_link(view, step.act, step.item) if mine else [],
        mine=mine,
        href=f"{view.address}/{step.stage}",
    )


def card_of(view: View, *, mine: bool, href: str, **said: Any) -> Drawn:
    """Give the card of a step that has no time; `href` is where others look at it."""
    return {
        "why": view.lens("No time is set for it."),
        "due": None,
        "state": "" if mine else "waiting",
        "mine": mine,
        "href": "" if mine or view.as_of is not None else href,
        "first": False,
        "silence": "",
        "signatures": [],
        "content": [],
        "also": [],
        **said,
    }
