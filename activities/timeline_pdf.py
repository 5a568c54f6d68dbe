"""What happened in an incident on paper: its entries in the order of time, set as PDF.

What belongs here: bringing rows into the bytes of a PDF (templates/dossier/timeline.typ). What
never does: a sentence, or which entries are told. Words go to the typesetter as JSON, so that no
character of theirs is ever read as an instruction; signs that cannot stand on paper are written by
their number.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from activities.press_pdf import ROOT, compiled, set_or_none
from activities.signs import TURNING, numbered, without_glyph

TEMPLATE: Final = ROOT / "dossier" / "timeline.typ"
_PLAIN: Final = "Word"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One entry: number, time, who and what, in English and in Chinese."""

    seq: str
    at: str
    who: str
    who_zh: str
    en: str
    zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The whole paper: notes and headings stand in English and Chinese each."""

    title: str
    reference: str
    notes: Sequence[tuple[str, str]]
    columns: Sequence[tuple[str, str]]
    rows: Sequence[Row]


def timeline_pdf(sheet: Sheet, at: datetime) -> bytes | None:
    """Set it as PDF, dated `at`; None where its words cannot be set."""
    whole = asdict(sheet)
    signs = TURNING | without_glyph(_texts(whole))
    written = _each(whole, lambda text: numbered(text, signs))
    return set_or_none(lambda: _set(written, at), lambda: _set(_each(whole, _plain), at))


def _set(whole: Any, at: datetime) -> bytes:
    return compiled(TEMPLATE, {"sheet": json.dumps(whole)}, at)


def _plain(_text: str) -> str:
    return _PLAIN


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    else:
        for each in part.values() if isinstance(part, dict) else part:
            yield from _texts(each)


def _each(part: Any, write: Any) -> Any:
    if isinstance(part, str):
        return write(part)
    if isinstance(part, dict):
        return {name: _each(each, write) for name, each in part.items()}
    return [_each(each, write) for each in part]
