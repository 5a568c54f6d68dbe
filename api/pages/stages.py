"""Every stage as blocks: one module for each, and a plain reading of a state that has none yet.

What belongs here: which module shows which stage. What never does: what a stage shows, or opening
its private texts (words_opened.py).
"""

from dataclasses import is_dataclass
from types import ModuleType
from typing import Any, Final, get_type_hints

from api.pages import (
    blocks,
    stage_halt,
    stage_investigation,
    stage_notice,
    stage_people,
    stage_recall,
    stage_report,
    stage_review,
    stage_statement,
)
from api.pages.lens import Drawn
from api.pages.looking import View
from api.pages.readable import Reading, label_of, rows_of, table_of
from api.pages.words_opened import opened_texts
from domain.stages import Stage

MODULES: Final[dict[Stage, ModuleType]] = {
    Stage.REPORT: stage_report,
    Stage.INVESTIGATION: stage_investigation,
    Stage.HALT: stage_halt,
    Stage.RECALL: stage_recall,
    Stage.STATEMENT: stage_statement,
    Stage.NOTICE: stage_notice,
    Stage.REVIEW: stage_review,
    Stage.PEOPLE: stage_people,
}


def stage_blocks(view: View, stage: Stage) -> list[Drawn]:
    """Give a stage as blocks, with the private words that this reader may open."""
    module = MODULES.get(stage)
    if module is None:
        return plain_blocks(view, stage)
    opened = opened_texts(view, module.private_texts(view), "stage", stage)
    found: list[Drawn] = module.blocks_of(view, opened)
    return found


def plain_blocks(view: View, stage: Stage) -> list[Drawn]:
    """Read the state of a stage by its types alone: lists as tables, the rest as rows."""
    state = getattr(view.state, str(stage))
    reading, hints = Reading(view.lens, {}), get_type_hints(type(state))
    found: list[Drawn] = []
    for name in hints:
        rows = _rows(getattr(state, name))
        if rows:
            drawn = table_of(reading, type(rows[0]), rows)
            title = label_of(view.lens, name)
            found.append({"kind": "table", "title": title, "empty": "", "note": "", **drawn})
    plain = [row for row in rows_of(reading, type(state), state) if "text" in row]
    if plain:
        found.insert(0, blocks.pairs("", plain))
    return found


def _rows(value: Any) -> tuple[Any, ...]:
    listed = tuple(value.values()) if isinstance(value, dict) else value
    if isinstance(listed, tuple) and listed and is_dataclass(listed[0]):
        return listed
    return ()
