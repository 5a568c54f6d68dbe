"""The parts of a public text as its readers see them: headings, points, and what can be opened.

What belongs here: which line is a heading, which words are an address or a phone number. What never
does: a word of our own, leaving one out, or how a part is drawn (templates/public). Every character
of the approved text stands in its parts, but for the white space between them.

A text is typed as plain lines, so a heading is known by how it stands: a short first line of a
paragraph that is no sentence, no point and nothing with a name before it (`Product: …`).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

HEADING_AT_MOST: Final = 80
"""Characters of a line that may be a heading."""

_POINT: Final = re.compile(r"([-–](?=\s+\S)|[•·・](?=\s*\S))")
"""The mark of a point, as the eight languages begin its line (domain/in_words.py)."""

_NUMBERED: Final = re.compile(r"\d{1,2}[.)．、]")
_NAMED: Final = re.compile(r"\S(?: ?:\s|：)\S?")
"""What says a thing of a name, `Product: cream`; a heading may end in its colon."""

_CLOSING: Final = "\"'”’»」』）)"
_SENTENCE_ENDS: Final = (*".!。！…?？",)
_NO_HEADING_ENDS: Final = (*".!。！…,，;；、",)
_SHORTENED: Final = ("Ltd.", "Inc.", "Co.", "Corp.", "S.A.", "S.p.A.", "S.r.l.", "S.L.")
"""Ends of companies' names: a name with one is no sentence."""

_OPENS: Final = re.compile(
    r"(?P<web>(?:https?://|\bwww\.)[A-Za-z0-9][A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*)"
    r"|(?P<mail>\b[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9\-]{0,62}[A-Za-z0-9])?"
    r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9\-]{0,62}[A-Za-z0-9])?){1,8})"
    r"|(?P<tel>(?<![\w+\-.])\+[1-9]\d{0,2}(?:[ \-./]?(?:\(\d{1,4}\)|\d{1,4})){2,6}(?![\w\-]))",
    re.IGNORECASE | re.ASCII,
)
"""A web address, an e-mail address, or a phone number as it is dialled from abroad.

Every other number is a phone's only where somebody knows it as one: a lot may look like it.
"""

_AFTER_WEB: Final = ".,;:!?'*"
_EASTERN: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_CUT: Final = ("/", "=", "-", "#", "?", "&")
_PICTURE: Final = re.compile(r"\.(?:png|jpe?g|gif|webp)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a line; `href` where they are an address that opens: http(s), mailto or tel."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A heading, or lines that belong together; `mark` stands before each where they are points."""

    lines: tuple[tuple[Piece, ...], ...]
    mark: str = ""
    is_heading: bool = False
    pictures: tuple[str, ...] = ()


def parts_of(body: str, *, numbers: Iterable[str] = (), origin: str = "") -> tuple[Part, ...]:
    """Divide a text into its parts.

    `numbers` are phone numbers that the house or the text's own facts know, `origin` is where its
    pages stand: a picture from there may be shown beside its address.
    """
    known = tuple(number for number in numbers if sum(map(str.isdigit, number)) > 4)
    paragraphs = [_lines(each) for each in re.split(r"\n\s*\n", body)]
    paragraphs = [lines for lines in paragraphs if lines]
    return tuple(
        part
        for number, lines in enumerate(paragraphs)
        for part in _parts(lines, known, origin, at_an_end=number in (0, len(paragraphs) - 1))
    )


def _lines(paragraph: str) -> list[str]:
    return [line.strip() for line in paragraph.splitlines() if line.strip()]


def _parts(
    lines: list[str], known: tuple[str, ...], origin: str, *, at_an_end: bool
) -> Iterator[Part]:
    if _is_heading(lines[0]) and _is_headed(lines[1:], at_an_end=at_an_end):
        yield Part(((Piece(lines[0]),),), is_heading=True)
        lines = lines[1:]
    for mark, those in groupby(lines, _mark):
        said = tuple(pieces_of(line.removeprefix(mark).strip(), known) for line in those)
        hrefs = (piece.href for line in said for piece in line)
        yield Part(said, mark, pictures=tuple(href for href in hrefs if _is_ours(href, origin)))


def _mark(line: str) -> str:
    found = _POINT.match(line)
    return found.group(1) if found else ""


def _is_heading(line: str) -> bool:
    """Say whether a line looks like a heading, whatever stands below it."""
    return (
        len(line) <= HEADING_AT_MOST
        and any(map(str.isalpha, line))
        and not line.rstrip(_CLOSING).endswith(_NO_HEADING_ENDS)
        and not (_mark(line) or _NUMBERED.match(line) or _OPENS.search(line))
        and not _NAMED.search(line.rstrip(":： "))
    )


def _is_headed(rest: list[str], *, at_an_end: bool) -> bool:
    """Say whether lines stand under a heading; who signs a text stands in lines at its end too."""
    if not at_an_end:
        return bool(rest)
    named = sum(bool(_NAMED.search(line)) for line in rest)
    return named > 1 or any(
        _mark(line) or _NUMBERED.match(line) or _is_sentence(line) for line in rest
    )


def _is_sentence(line: str) -> bool:
    return line.rstrip(_CLOSING).endswith(_SENTENCE_ENDS) and not line.endswith(_SHORTENED)


# ---------------------------------------------------------------- what can be opened


def pieces_of(line: str, known: Iterable[str] = ()) -> tuple[Piece, ...]:
    """Divide a line into words and what can be opened; `known` are numbers known as phones'."""
    pieces: list[Piece] = []
    at = 0
    for start, text, href in _found(line, tuple(known)):
        if start < at:
            continue
        pieces += [Piece(line[at:start])] if start > at else []
        pieces.append(Piece(text, href))
        at = start + len(text)
    return (*pieces, Piece(line[at:])) if at < len(line) or not pieces else tuple(pieces)


def _found(line: str, known: tuple[str, ...]) -> list[tuple[int, str, str]]:
    found = [
        (each.start(), number, call_address(number))
        for number in known
        for each in re.finditer(_alone(number), line)
    ]
    for each in _OPENS.finditer(line):
        text, href = each[0], ""
        if each["web"]:
            text, href = _web(each[0], line[each.end() :][:1])
        elif each["mail"]:
            href = f"mailto:{text}"
        elif sum(map(str.isdigit, text)) >= 7:
            href = call_address(text)
        found += [(each.start(), text, href)] if href else []
    return sorted(found, key=lambda each: (each[0], -len(each[1])))


def _alone(number: str) -> str:
    """Make a number a pattern that finds it where it is no part of a longer one."""
    return rf"(?<![\w+])(?<!\d[ \-./]){re.escape(number)}(?![ \-./]?\d|\w)"


def _web(text: str, after: str) -> tuple[str, str]:
    """Give an address without the marks of the sentence around it; "" where its end is not sure.

    What names somebody before its place (ours@elsewhere) leads elsewhere than it seems: "" too.
    """
    address = text[: _end_of(text)]
    if (
        address == text
        and after.isalnum()
        and (address.endswith(_CUT) or not _EASTERN.match(after))
    ):
        return text, ""
    whole = address if "://" in address else f"https://{address}"
    if "@" in re.split(r"[/?#]", whole.partition("://")[2], maxsplit=1)[0]:
        return text, ""
    return address, whole


def _end_of(text: str) -> int:
    """Give where an address ends: before marks of a sentence, and brackets opened before it."""
    spare = {
        close: text.count(close) - text.count(opening)
        for opening, close in (("(", ")"), ("[", "]"))
    }
    end = len(text)
    while end and (text[end - 1] in _AFTER_WEB or spare.get(text[end - 1], 0) > 0):
        end -= 1
        if text[end] in spare:
            spare[text[end]] -= 1
    return end


def call_address(number: str) -> str:
    """Give the address that calls a number; the 0 that is left out from abroad stands in (0)."""
    plain = number.replace("(0)", "") if number.startswith("+") else number
    return "tel:" + "".join(sign for sign in plain if sign in "+0123456789")


def _is_ours(href: str, origin: str) -> bool:
    """Say whether an address is a picture that stands where our own pages do."""
    return bool(origin) and href.startswith(f"{origin}/") and bool(_PICTURE.search(href))
