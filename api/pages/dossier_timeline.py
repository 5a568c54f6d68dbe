"""The timeline of a dossier: every entry in a sentence, in English and in Chinese, as HTML and PDF.

What belongs here: one page that needs nothing beside it, and the rows of the paper. What never
does: a sentence (api/event_words.py), or setting the paper (activities/timeline_pdf.py).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from html import escape
from itertools import islice
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from activities.timeline_pdf import Row, Sheet, timeline_pdf
from api.pages.doers import doer
from api.pages.lens import Lens, Names, lens_for
from api.pages.telling import sentence_of, tell_of
from api.rendering import with_turns_shown
from domain import dossier
from domain.errors import AndonError
from domain.ledger import Entry, read_entry
from services.dossier import Chunks, Telling
from services.dossier_viewed import rules_of
from storage.people import Person

STYLE: Final = Path(__file__).resolve().parents[2] / "templates" / "dossier" / "timeline.css"

ON_PAPER: Final = 1_000
"""Entries that the paper tells: of more those that weigh, and of those the first; the page has all.
A longer one takes minutes to set, and nobody reads it."""

ROWS_AT_ONCE: Final = 200

COLUMNS: Final = ("Entry", "Recorded", "Actor", "What happened")
CUT: Final = (
    "Of %(all)s entries this paper tells the %(shown)s that weigh most. All stand in timeline.html "
    "and in ledger.jsonl."
)
REDACTED: Final = "Redacted: people stand here by their ids, not by their names."
CLOCK: Final = "All times are %(zone)s. Private texts are not shown."
MADE: Final = "Taken from the record of %(incident)s: %(size)s entries, root %(root)s."
DRILL: Final = "A drill: nothing of this happened."


class _Unnamed(Names):
    """The company's lists without the names of its people."""

    @cached_property
    def people(self) -> Mapping[str, Person]:
        """Give nobody: everybody stands by their id."""
        return {}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry told in both languages."""

    row: Row
    stamp: str
    weighty: bool


@dataclass(frozen=True)
class Teller:
    """Both readers of one record."""

    telling: Telling
    en: Lens
    zh: Lens

    def both(self, text: str, **values: object) -> tuple[str, str]:
        """Give a text of ours in both languages."""
        return self.en(text, **values), self.zh(text, **values)

    def notes(self) -> list[tuple[str, str]]:
        """Give what stands above the rows."""
        pinned, root = self.telling.pinned, self.telling.root
        about = {"incident": pinned.row.id, "size": pinned.row.size, "root": root}
        zone = ((self.en, self.en.zone_name), (self.zh, self.zh.zone_name))
        clock = [lens(CLOCK, zone=name) for lens, name in zone]
        notes = [self.both(MADE, **about), (clock[0], clock[1])]
        if pinned.row.drill:
            notes.insert(0, self.both(DRILL))
        return [*notes, self.both(REDACTED)] if self.telling.redacted else notes

    def lines(self) -> Iterator[Line]:
        """Tell every entry."""
        for seq, content in enumerate(self.telling.pinned.entries, 1):
            try:
                entry = read_entry(content)
                line = self._line(entry)
            except (AndonError, AttributeError, KeyError, LookupError, TypeError, ValueError):
                line = self._unread(seq)
            yield line

    def _line(self, entry: Entry) -> Line:
        at = entry.recorded_at.astimezone(self.en.zone)
        who = [doer(lens, entry) for lens in (self.en, self.zh)]
        what = [_what(lens, entry) for lens in (self.en, self.zh)]
        row = Row(
            seq=f"#{entry.seq}",
            at=f"{at:%Y-%m-%d %H:%M:%S}",
            who=who[0],
            who_zh=who[1],
            en=what[0],
            zh=what[1],
        )
        return Line(row, entry.recorded_at.isoformat(), tell_of(entry.event).weighty)

    def _unread(self, seq: int) -> Line:
        en, zh = self.both("cannot be read")
        return Line(Row(seq=f"#{seq}", at="", who="", who_zh="", en=en, zh=zh), "", weighty=True)


def timeline(telling: Telling) -> Iterator[tuple[str, Chunks]]:
    """Give timeline.html, and timeline.pdf where its words can be set.

    The page is written before the paper is asked for: every entry is told once, for both.
    """
    teller, shown = readers_of(telling), list[Row]()
    yield dossier.TIMELINE_HTML, page_of(teller, shown)
    paper = paper_of(teller, shown)
    if paper is not None:
        yield dossier.TIMELINE_PDF, [paper]


def readers_of(telling: Telling) -> Teller:
    """Give both readers of a record; of a redacted one they know nobody by name."""
    rules, names = rules_of(telling.pinned), _Unnamed if telling.redacted else Names
    lenses = [
        replace(
            lens_for(telling.house, None, language, now=telling.made_at, rules=rules),
            names=names(telling.house),
        )
        for language in ("en", "zh_CN")
    ]
    return Teller(telling, *lenses)


def _what(lens: Lens, entry: Entry) -> str:
    told = sentence_of(lens, entry.event)
    if not entry.backfilled:
        return told
    at = _clock(lens.zone, entry.happened_at)
    late = lens("entered late; it happened %(when)s", when=at)
    return f"{told} ({late})"


def _clock(zone: ZoneInfo, at: datetime) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


# ---------------------------------------------------------------- the page


def page_of(teller: Teller, shown: list[Row]) -> Iterator[bytes]:
    """Give the page, some rows at a time; what the paper tells of them is put into `shown`."""
    yield _top(teller).encode()
    lines, every = teller.lines(), teller.telling.pinned.row.size <= ON_PAPER
    while rows := list(islice(lines, ROWS_AT_ONCE)):
        on_paper = (one.row for one in rows if every or one.weighty)
        shown += islice(on_paper, ON_PAPER - len(shown))
        yield with_turns_shown("".join(map(_row, rows))).encode()
    yield b"</tbody>\n</table>\n</main>\n</body>\n</html>\n"


def _top(teller: Teller) -> str:
    incident = teller.telling.pinned.row.id
    title = " · ".join(dict.fromkeys((incident, *teller.both("Timeline"))))
    about = "\n".join(f"<div>{_pair(en, zh)}</div>" for en, zh in teller.notes())
    heads = "".join(f'<th scope="col">{_words(*teller.both(one))}</th>' for one in COLUMNS)
    choices = (("both", "English · 中文"), ("only-en", "English"), ("only-zh", "中文"))
    picks = "".join(
        f'<label><input type="radio" name="language" id="{pick}"'
        f"{' checked' if pick == 'both' else ''}> {word}</label>"
        for pick, word in choices
    )
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{STYLE.read_text(encoding='utf-8')}</style>\n"
        f'</head>\n<body>\n<main class="both">\n<h1>{escape(title)}</h1>\n'
        f'<div class="about">\n{about}\n</div>\n'
        f'<fieldset class="choice"><legend>Language · 语言</legend>{picks}</fieldset>\n'
        f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n"
    )


def _words(en: str, zh: str) -> str:
    return f'<span lang="en">{escape(en)}</span> <span lang="zh-CN">{escape(zh)}</span>'


def _pair(en: str, zh: str) -> str:
    if en == zh:
        return f"<p>{escape(en)}</p>"
    return f'<p lang="en">{escape(en)}</p><p lang="zh-CN">{escape(zh)}</p>'


def _row(line: Line) -> str:
    row = line.row
    number = row.seq.removeprefix("#")
    who = _pair(row.who, row.who_zh)
    at = f'<time datetime="{line.stamp}">{row.at}</time>' if line.stamp else ""
    weighty = ' class="weighty"' if line.weighty else ""
    return (
        f'<tr id="e{number}"{weighty}><td class="seq">{row.seq}</td><td class="at">{at}</td>'
        f'<td>{who}</td><td class="what">{_pair(row.en, row.zh)}</td></tr>\n'
    )


# ---------------------------------------------------------------- the paper


def paper_of(teller: Teller, shown: Sequence[Row]) -> bytes | None:
    """Set the paper; of very many entries those that weigh."""
    size, notes = teller.telling.pinned.row.size, teller.notes()
    if len(shown) < size:
        notes.append(teller.both(CUT, all=size, shown=len(shown)))
    incident = teller.telling.pinned.row.id
    sheet = Sheet(
        title=" · ".join((incident, *teller.both("Timeline"))),
        reference=incident,
        notes=notes,
        columns=[teller.both(one) for one in COLUMNS],
        rows=shown,
    )
    return timeline_pdf(sheet, teller.telling.made_at)
