"""The acts that the page of a stage lists: those that make sense now, this person's first.

What belongs here: which commands are listed, about what, and where their forms stand. What never
does: when an act makes sense (domain/openings.py), or who may (domain/acts.py).
"""

from collections.abc import Iterator
from dataclasses import fields
from typing import Final

from api.pages.filing_names import act_help, act_title
from api.pages.items import item_name
from api.pages.lens import Drawn
from api.pages.looking import View
from api.pages.possible import NOT_LISTED, REPORT, act_link, form_with, open_items, possible
from api.pages.who_may import roles_told
from domain.conditions import Missing
from domain.message import COMMANDS, CommandSpec
from domain.openings import waits_for
from domain.people import SYSTEM_ROLES
from domain.scene import Scene
from domain.stages import Stage

SEEN: Final = frozenset({"sha256", "version"})
"""Fields that say which version of a thing the person has seen; the page fills them in."""


def given_by_people() -> Iterator[CommandSpec]:
    """List the commands that people give about an open incident."""
    for spec in COMMANDS.values():
        if not spec.roles <= SYSTEM_ROLES and spec.name != REPORT:
            yield spec


def acts_of(view: View, stage: Stage) -> list[Drawn]:
    """List the acts of a stage that are open now, those that this person may do first."""
    found = [
        _drawn(view, spec, row)
        for spec in given_by_people()
        if spec.stage is stage
        and spec.name not in NOT_LISTED
        and (items := open_items(view, spec)) is not None
        for row in _rows(spec, items)
    ]
    return sorted(found, key=lambda one: not one["may"])


def not_yet_of(view: View, stage: Stage) -> list[Drawn]:
    """List the acts of a stage that wait for something on the record: what, and where it is done.

    Their forms stand meanwhile: they say who will sign.
    """
    if view.as_of is not None:
        return []
    scene = Scene(view.state, view.actor, view.lens.now)
    return [
        _waiting(view, spec, missing)
        for spec in given_by_people()
        if spec.stage is stage and spec.name not in NOT_LISTED
        if (missing := waits_for(scene, spec.name))
    ]


def _waiting(view: View, spec: CommandSpec, missing: tuple[Missing, ...]) -> Drawn:
    lens = view.lens
    told = [part for one in missing for part in (one.sentence, one.hint)]
    return {
        "title": act_title(view, spec, ""),
        "href": form_with(view, spec, ""),
        "why": lens("Not yet possible: %(why)s", why=lens.sentences(map(lens.sentence, told))),
        "first": [link for one in missing for name in one.met_by for link in act_link(view, name)],
    }


def _rows(spec: CommandSpec, items: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Give an act about exact bytes once for each thing: its form must know which it shows."""
    is_exact = spec.item is not None and any(f.name in SEEN for f in fields(spec.type))
    return [(item,) for item in items] if is_exact and items else [items]


def _drawn(view: View, spec: CommandSpec, items: tuple[str, ...]) -> Drawn:
    one = possible(view, spec)
    item = items[0] if len(items) == 1 else ""
    return {
        "name": spec.name,
        "title": act_title(view, spec, item),
        "help": act_help(view, spec, item),
        "about": item_name(view, spec, item) if item else "",
        "href": form_with(view, spec, item),
        "may": one.may,
        "who": roles_told(view, one.roles)["roles"],
    }
