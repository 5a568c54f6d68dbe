"""A report to an authority on paper: a filing packet set as PDF.

What belongs here: bringing a packet into the bytes of a PDF (templates/filings/packet.typ). What
never does: a value, or a word of our own. Words go to the typesetter as JSON, so that no character
of theirs is ever read as an instruction. The same packet gives the same bytes: it is dated by its
last entry.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from activities.filing_forms import FILINGS, words
from activities.press_pdf import compiled, set_or_none, spoken
from activities.signs import TURNING, numbered, without_glyph
from domain.canonical import sha256_hex
from domain.packet_terms import Packet, PacketField, Standing
from domain.packets import packet_bytes

TEMPLATE: Final = FILINGS / "packet.typ"
_PLAIN: Final = "Word"
Sheet = dict[str, Any]


def packet_pdf(made: Packet, *, company: str, invented: bool = False) -> bytes | None:
    """Set a packet as PDF; None where its words cannot be set, which no sign alone leads to.

    The first language is set; of a second one the labels and values stand below, for our people.
    Signs that cannot stand on paper are written by their number, and the sheet says so.
    """
    sheet = on_paper(sheet_of(made, company=company, invented=invented), made)
    return set_or_none(
        lambda: compiled(TEMPLATE, _told(sheet), made.as_of),
        lambda: compiled(TEMPLATE, _told(_in_plain_words(sheet)), made.as_of),
    )


def on_paper(sheet: Sheet, made: Packet) -> Sheet:
    """Write by number what has no glyph or turns the reading direction; the JSON keeps it exact."""
    signs = TURNING | without_glyph(_texts(sheet))
    whole: Sheet = _numbered(sheet, signs)
    if whole == sheet:
        return sheet
    told = words(made.languages[0])
    return {**whole, "lines": [*whole["lines"], (told["signs"], told["by_number"])]}


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict | list | tuple):
        for each in part.values() if isinstance(part, dict) else part:
            yield from _texts(each)


def _numbered(part: Any, signs: frozenset[str]) -> Any:
    if isinstance(part, str):
        return numbered(part, signs)
    if isinstance(part, dict):
        return {name: _numbered(each, signs) for name, each in part.items()}
    if isinstance(part, list | tuple):
        return type(part)(_numbered(each, signs) for each in part)
    return part


def _told(sheet: Sheet) -> dict[str, str]:
    return {"sheet": json.dumps(sheet)}


def sheet_of(made: Packet, *, company: str, invented: bool = False) -> Sheet:
    """Give a packet as the template reads it."""
    told = words(made.languages[0])
    language, region = spoken(made.languages[0])
    lines = (
        (told["reference"], made.reference),
        (told["citation"], made.citation),
        (told["rests_on"], f"{made.incident} #{made.size}"),
        (told["hash"], sha256_hex(packet_bytes(made))),
    )
    starred = any(not one.verified for one in made.fields if one.is_said)
    return {
        "language": language,
        "region": region,
        "title": made.titles[0],
        "company": company,
        "reference": made.reference,
        "footer": f"{company} · {told['reference']}: {made.reference}",
        "notes": list(_notes(made, told, invented=invented)),
        "sections": [
            {"title": " / ".join(section.titles), "fields": fields}
            for section in made.sections
            if (fields := [_field(one, told) for one in section.fields if one.is_said])
        ],
        "lines": [*lines, *([("*", told["field_not_verified"].lstrip("*＊ "))] if starred else [])],
    }


def _notes(made: Packet, told: dict[str, str], *, invented: bool) -> Iterator[str]:
    """Say what a reader has to know first: is it real, whose layout is it, was it compared."""
    if made.drill:
        yield told["exercise"]
    if invented:
        yield told["invented"]
    if not made.official_seen:
        yield told["own_layout"]
    if not made.verified:
        yield told["not_verified"]
    yield from made.note[:1]


def _field(one: PacketField, told: dict[str, str]) -> Sheet:
    star = "" if one.verified else " *"
    value = "\n".join(dict.fromkeys(filter(None, one.values)))
    mark = "" if one.standing is Standing.KNOWN else told[str(one.standing)]
    return {"label": _lines(one.labels) + star, "value": value, "mark": mark}


def _lines(said: Sequence[str]) -> str:
    return "\n".join(dict.fromkeys(said))


def _in_plain_words(sheet: Sheet) -> Sheet:
    """Give a sheet with the same parts and one plain word wherever words stand."""
    plain = {"label": _PLAIN, "value": _PLAIN, "mark": _PLAIN}
    return {
        **sheet,
        "language": "en",
        "title": _PLAIN,
        "company": _PLAIN,
        "reference": _PLAIN,
        "footer": _PLAIN,
        "notes": [_PLAIN for _ in sheet["notes"]],
        "sections": [{"title": _PLAIN, "fields": [plain]} for _ in sheet["sections"]],
        "lines": [(_PLAIN, _PLAIN)],
    }
