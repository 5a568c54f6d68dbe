"""A published text on paper: its words, its marks and where to check it, set as PDF.

What belongs here: bringing what a page says into the bytes of a PDF (templates/public/notice.typ).
What never does: a word of our own, or which text it is (api/pages/public_papers.py). Words go to
the typesetter as JSON, so that no character of theirs is ever read as an instruction.

The same paper gives the same bytes: its date is the day of publication, its fonts come with us. It
is PDF/A-2a (kept for decades) and PDF/UA-1 (read aloud), with language and title set.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import typst

from activities.text_parts import parts_of
from domain.errors import BrokenSetup
from domain.markets import base_language

ROOT: Final = Path(__file__).resolve().parents[1] / "templates"
TEMPLATE: Final = ROOT / "public" / "notice.typ"

_PANIC: Final = "PanicException"
"""What the typesetter raises where it meant never to come; no module gives the class by a name."""

_PLAIN: Final = "Word"
_REGIONS: Final = {"zh": "CN"}
"""The glyphs of a language that is named without its region."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One language of a published text as it is printed.

    `notes` stand above the words (a drill, a correction), `lines` below them: a name and what is
    said of it. `code` is a QR code as SVG that opens `address`, both "" where there is none.
    """

    language: str
    title: str
    body: str
    company: str
    kind: str
    reference: str
    published_at: datetime
    notes: tuple[str, ...] = ()
    lines: tuple[tuple[str, str], ...] = ()
    checked: tuple[str, str] = ("", "")
    address: str = ""
    code: str = ""
    numbers: tuple[str, ...] = ()
    """Phone numbers of the house, which open as addresses do."""


def pdf_of(paper: Paper) -> bytes | None:
    """Set a paper as PDF; None where its words cannot be set, a character in none of the fonts say.

    A box in its place would be another text than the approved one. Why it failed is not read from
    the typesetter's message, which has many beginnings: where plain words in the same places can
    be set, the words were the reason; where they cannot, the fault is ours, and raises.
    """
    return set_or_none(lambda: _compiled(paper), lambda: _compiled(_in_plain_words(paper)))


def set_or_none(as_said: Callable[[], bytes], plain: Callable[[], bytes]) -> bytes | None:
    """Set a sheet; None where its words are the reason that it cannot be set.

    `plain` sets the same sheet with plain words: where that fails too, the fault is ours, and
    raises.
    """
    try:
        return as_said()
    except BaseException as error:
        if not isinstance(error, typst.TypstError) and type(error).__name__ != _PANIC:
            raise
    plain()
    return None


def _compiled(paper: Paper) -> bytes:
    return compiled(TEMPLATE, told(paper), paper.published_at)


def compiled(template: Path, sheet: Mapping[str, str], at: datetime) -> bytes:
    """Set a sheet by a template as PDF/A-2a and PDF/UA-1; it is dated `at`."""
    made: bytes = typst.compile(
        template,
        root=ROOT,
        font_paths=fonts(),
        format="pdf",
        sys_inputs=dict(sheet),
        pdf_standards=["a-2a", "ua-1"],
        timestamp=int(at.timestamp()),
    )
    return made


def _in_plain_words(paper: Paper) -> Paper:
    """Give a paper with the same parts and drawing, and one plain word wherever words stand."""
    return replace(
        paper,
        language="en",
        title=_PLAIN,
        body=f"{_PLAIN}\n\n- {_PLAIN}",
        company=_PLAIN,
        kind=_PLAIN,
        reference=_PLAIN,
        notes=tuple(_PLAIN for _ in paper.notes),
        lines=tuple((_PLAIN, _PLAIN) for _ in paper.lines),
        checked=(_PLAIN, _PLAIN),
        address=_PLAIN,
    )


def told(paper: Paper) -> dict[str, str]:
    """Give a paper as the template reads it."""
    language, region = spoken(paper.language)
    whole: dict[str, Any] = asdict(paper) | {
        "language": language,
        "region": region,
        "body": [asdict(part) for part in parts_of(paper.body, numbers=paper.numbers)],
        "published_at": paper.published_at.isoformat(),
    }
    return {"paper": json.dumps(whole)}


def spoken(language: str) -> tuple[str, str | None]:
    """Give a language and its region as the typesetter takes them."""
    base, _, region = language.partition("-")
    return base_language(base), region or _REGIONS.get(base)


@cache
def fonts() -> typst.Fonts:
    """Read the fonts once for the process; none of the machine's, so that it is the same anywhere.

    Raises BrokenSetup where they are not installed.
    """
    found = [find_spec(f"cvttf_NotoSansCJK_{weight}") for weight in ("Regular", "Bold")]
    folders = [Path(each.origin).parent for each in found if each and each.origin]
    if len(folders) < len(found):
        raise BrokenSetup("The fonts of the PDF are not installed.", "Run `make setup`.")
    return typst.Fonts(include_system_fonts=False, font_paths=folders)
