"""Every stage as blocks: one module for each, and a plain reading of a state that has none yet.

What belongs here: which module shows which stage, and opening the private texts it shows. What
never does: what a stage shows.
"""

from collections.abc import Iterable
from dataclasses import is_dataclass
from datetime import datetime
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
from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from api.pages.readable import Opened, Reading, label_of, rows_of, table_of
from domain.stages import Stage
from domain.values import PrivateText
from services import vaulting

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
    opened = opened_texts(view, module.private_texts(view))
    found: list[Drawn] = module.blocks_of(view, opened)
    return found


def opened_texts(view: View, texts: Iterable[PrivateText]) -> Opened:
    """Open private texts for this reader; what they may not read says so."""
    told = vaulting.open_texts(view.visit.house, view.actor, texts)
    return {ref: in_words(view, text) for ref, text in told.items()}


def in_words(view: View, text: str) -> str:
    """Give an opened text, or in the reader's words why it is not shown."""
    lens = view.lens
    if isinstance(text, vaulting.Erased):
        return erased_words(lens, text.erased_at, text.ground)
    reasons: dict[str, str] = {
        vaulting.HIDDEN: lens("[not shown to your role]"),
        vaulting.ALTERED: lens("[this text is not the one that was recorded]"),
    }
    return text if vaulting.is_shown(text) else reasons[text]


def erased_words(lens: Lens, erased_at: datetime | None, ground: str) -> str:
    """Say since when a text is erased, and on what ground."""
    if erased_at is None:
        return lens("[erased]")
    day = lens.day_of(erased_at)
    if not ground:
        return lens("[erased on %(day)s]", day=day)
    return lens("[erased on %(day)s: %(why)s]", day=day, why=lens.words.of("erasure_basis", ground))


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
