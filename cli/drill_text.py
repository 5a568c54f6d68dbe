"""A drill printed: the story of the case in the order of time, then its scorecard.

What belongs here: where a text stands on the sheet, in one language or two. What never does:
choosing what is told (cli/drill_story.py, cli/drill_card.py) or breaking lines (cli/columns.py).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from babel.dates import format_datetime

from cli.bilingual import NOTHING, Both, length_of, listed
from cli.columns import BOLD, FAINT, GREEN, RED, YELLOW, padded, width_of, wrapped
from cli.drill_card import BASES, Card, Note, Row, Section
from cli.drill_story import Beat, Kind, Reader
from domain.ledger import Entry
from domain.message import event_spec
from domain.plan_terms import Basis

SIDE_BY_SIDE: Final = 110
"""From so many columns on, two languages stand beside each other."""

SHARE: Final = 0.56
"""What English takes of the columns then; Chinese says the same in fewer."""

GUTTER: Final = 8
NUMBERS, WORD = 11, 11
LATE_SHOWN: Final = 3
PUBLIC, FILLED_IN = "●", "○"

DRILL = Both("DRILL", "演练")
INVENTED = Both(
    "Invented from first to last: company, people, figures.", "全部虚构：企业、人员、数据均非真实。"
)
REAL = Both(
    f"A real case, from public sources. {PUBLIC} is a fact of the public record, {FILLED_IN} is "
    "invented to fill in.",
    f"真实案例，据公开资料。{PUBLIC} 为公开记录的事实，{FILLED_IN} 为补充的虚构内容。",
)
SOURCES = Both("Sources: {sources}.", "资料来源：{sources}。")
TIMES = Both(
    "Times are those of {zone}. Played on skipped time; nothing left this machine.",
    "时间为{zone}当地时间。以跳时方式演练，没有任何内容发往外部。",
)
DAY = Both("{day} · day {number}", "{day} · 第{number}天")
ITSELF = Both("By itself", "自动")
HOW_LONG = Both("HOW LONG EVERYTHING TOOK", "用时一览")
FROM_REPORT = Both("From the report on", "自报告起")
STAGE = Both("— {name}", "— {name}")
GIVEN, TOOK = Both("given", "时限"), Both("took", "用时")
ALL_IN_TIME = Both("{title}: {count}, all in time", "{title}：{count}项，全部按时")
SOME_LATE = Both("{title}: {count}, {late} late", "{title}：{count}项，{late}项逾期")
LATE_ONE = Both("late: {what}", "逾期：{what}")
MORE_LATE = Both("and {count} more that were late", "另有{count}项逾期")
REFUSED = Both("Refused: {count}", "被拒绝的操作：{count}项")
SILENT = Both(
    "Decided by the plan because nobody answered: {count}", "无人答复、由预案代为决定：{count}项"
)
RECORD = Both("The record", "记录")
RECORD_LINES: Final = (
    Both(
        "{entries} entries in the ledger; grade at the end: {grade}",
        "台账共{entries}条记录；最终等级：{grade}",
    ),
    Both(
        "{reminders} reminders, {overdue} overdue marks; {messages} messages, all of them kept in "
        "the drill's own outbox",
        "提醒{reminders}次，逾期标记{overdue}次；消息{messages}条，均留在演练发件箱内",
    ),
    Both("tree head {root}", "树根 {root}"),
)
AGREE = Both(
    "What the pages show, the fold of the ledger and the replayed history agree.",
    "页面所示、台账折算、历史重放三者一致。",
)
DISAGREE = Both("PAGES, LEDGER AND REPLAYED HISTORY DO NOT AGREE.", "页面、台账与历史重放不一致！")
PLAYED = Both("played in {seconds} s", "演练用时{seconds}秒")


@dataclass(frozen=True)
class Sheet:
    """What is printed on: its columns, the languages in their order, whether emphasis shows."""

    columns: int
    languages: tuple[str, ...] = ("en",)
    inked: bool = False

    @property
    def side_by_side(self) -> bool:
        """Say whether two languages stand beside each other."""
        return len(self.languages) > 1 and self.columns >= SIDE_BY_SIDE

    def ink(self, text: str, style: str) -> str:
        """Let a text stand out, if it may."""
        return f"\x1b[{style}m{text}\x1b[0m" if self.inked and style and text.strip() else text

    def lines(self, text: Both, *, indent: str = "", style: str = "") -> Iterator[str]:
        """Write a text over the whole sheet, one language under the other."""
        for language in self.languages:
            for line in wrapped(text.of(language), self.columns - width_of(indent)):
                yield indent + self.ink(line, style)

    def rule(self) -> str:
        """Draw a line."""
        return self.ink("─" * self.columns, FAINT)


@dataclass(frozen=True)
class _Part:
    """One paragraph of a moment: what its first line begins with, and how it stands out."""

    text: Both
    style: str = ""
    lead: str = ""


def text_of(sheet: Sheet, card: Card, story: Sequence[Beat], *, entries: bool = False) -> str:
    """Print a case that was played."""
    lines = [*_head(sheet, card.reader), *_story(sheet, card.reader, story), ""]
    lines += [*_card(sheet, card)]
    if entries:
        lines += ["", *_entries(sheet, card.reader)]
    return "\n".join(line.rstrip() for line in lines)


# ---------------------------------------------------------------- the head


def _head(sheet: Sheet, reader: Reader) -> Iterator[str]:
    case = reader.case
    yield sheet.rule()
    title, mark = Both(case.title_en, case.title_zh), f"{DRILL.en} {DRILL.zh}  "
    for n, language in enumerate(sheet.languages):
        lead = mark if not n else " " * width_of(mark)
        for line in wrapped(title.of(language), sheet.columns - width_of(mark)):
            yield sheet.ink(lead + line, BOLD)
            lead = " " * width_of(mark)
    yield ""
    yield from sheet.lines(Both(case.about_en, case.about_zh))
    yield ""
    yield from sheet.lines(INVENTED if case.invented else REAL)
    if case.sources:
        sources = Both("; ".join(case.sources), "；".join(case.sources))
        yield from sheet.lines(SOURCES.filled(sources=sources), style=FAINT)
    yield from sheet.lines(TIMES.filled(zone=case.zone), style=FAINT)


# ---------------------------------------------------------------- the story


def _story(sheet: Sheet, reader: Reader, story: Sequence[Beat]) -> Iterator[str]:
    day = None
    first_on = story[0].at.astimezone(reader.zone).date() if story else None
    for beat in story:
        on = beat.at.astimezone(reader.zone).date()
        if on != day and first_on is not None:
            day = on
            name = reader.both(lambda lens, at=beat.at: lens.day_of(at))  # type: ignore[misc]
            yield ""
            head = DAY.filled(day=name, number=(on - first_on).days + 1)
            yield from _beside(sheet, [_Part(head, BOLD)], "─" * (GUTTER - 1))
        yield from _beside(sheet, list(_parts(beat)), _gutter(reader, beat))


def _gutter(reader: Reader, beat: Beat) -> str:
    time = f"{beat.at.astimezone(reader.zone):%H:%M}"
    if reader.case.invented or beat.kind is Kind.PLAN:
        return time
    return f"{time} {PUBLIC if beat.public else FILLED_IN}"


def _parts(beat: Beat) -> Iterator[_Part]:
    """Give the paragraphs of one moment."""
    if beat.kind is Kind.ACT:
        extras = [extra for extra in beat.extras if extra]
        en = "; ".join((f"{beat.who.en} · {beat.what.en}", *(extra.en for extra in extras)))
        zh = "；".join((f"{beat.who.zh} · {beat.what.zh}", *(extra.zh for extra in extras)))
        yield _Part(Both(en, zh), BOLD)
    if beat.note:
        yield _Part(beat.note)
    if beat.kind is Kind.PLAN:
        yield _Part(ITSELF, BOLD)
    lead, style = ("✗ ", RED) if beat.refused else ("→ ", FAINT)
    for result in beat.results:
        yield _Part(result, style, lead)


def _beside(sheet: Sheet, parts: Sequence[_Part], gutter: str) -> Iterator[str]:
    """Set paragraphs in one column, or in two: one for each language."""
    lead = padded(gutter, GUTTER)
    for line in _two_columns(sheet, parts) if sheet.side_by_side else _one_column(sheet, parts):
        yield lead + line
        lead = " " * GUTTER


def _one_column(sheet: Sheet, parts: Sequence[_Part]) -> Iterator[str]:
    for language in sheet.languages:
        for part in parts:
            for line in _paragraph(part, language, sheet.columns - GUTTER):
                yield sheet.ink(line, part.style)


def _two_columns(sheet: Sheet, parts: Sequence[_Part]) -> Iterator[str]:
    gap = "  "
    left = round((sheet.columns - GUTTER - len(gap)) * SHARE)
    right = sheet.columns - GUTTER - len(gap) - left
    first, second = sheet.languages
    for part in parts:
        beside = zip_longest(
            _paragraph(part, first, left), _paragraph(part, second, right), fillvalue=""
        )
        for one, other in beside:
            yield sheet.ink(padded(one, left), part.style) + gap + sheet.ink(other, part.style)


def _paragraph(part: _Part, language: str, columns: int) -> list[str]:
    lead = part.lead
    lines = []
    for line in wrapped(part.text.of(language), columns - width_of(lead)):
        lines.append(lead + line)
        lead = " " * width_of(lead)
    return lines


# ---------------------------------------------------------------- the scorecard


def _card(sheet: Sheet, card: Card) -> Iterator[str]:
    yield sheet.rule()
    yield from sheet.lines(HOW_LONG, style=BOLD)
    yield ""
    yield from sheet.lines(FROM_REPORT, indent="  ", style=BOLD)
    for what, after in card.milestones:
        yield from _table_row(sheet, (what, NOTHING, length_of(after), NOTHING))
    for section in card.sections:
        yield ""
        yield from _section(sheet, card.reader, section)
    for title, notes in ((REFUSED, card.refused), (SILENT, card.silent)):
        if notes:
            yield ""
            yield from sheet.lines(title.filled(count=len(notes)), indent="  ", style=BOLD)
            yield from _notes(sheet, card.reader, notes)
    yield ""
    yield from _record(sheet, card)


def _section(sheet: Sheet, reader: Reader, section: Section) -> Iterator[str]:
    text = SOME_LATE if section.late else ALL_IN_TIME
    title = text.filled(title=section.title, count=section.count, late=section.late)
    yield from sheet.lines(title, indent="  ", style=BOLD)
    marks = {row.mark: BASES[Basis(row.mark)] for row in section.rows if row.mark}
    if marks:
        legend = listed(Both(f"[{mark}] {b.en}", f"[{mark}] {b.zh}") for mark, b in marks.items())
        yield from sheet.lines(legend, indent="  ", style=FAINT)
    yield from _table_row(sheet, (NOTHING, GIVEN, TOOK, NOTHING), FAINT)
    stage = None
    for row in section.rows:
        if section.key == "own" and row.stage != stage:
            stage = row.stage
            name = reader.both(lambda lens, stage=stage: lens.word(stage))  # type: ignore[misc]
            yield from sheet.lines(STAGE.filled(name=name), indent="    ", style=FAINT)
        yield from _row(sheet, row)


def _row(sheet: Sheet, row: Row) -> Iterator[str]:
    style = YELLOW if row.is_late else ""
    title = Both(*(f"{each} [{row.mark}]" for each in row.title)) if row.mark else row.title
    given, took = length_of(row.allowed), length_of(row.took)
    if row.count > 1:
        title = Both(*(f"{each} × {row.count}" for each in title))
        given = took = NOTHING
    yield from _table_row(sheet, (title, given, took, row.word), style)
    yield from sheet.lines(row.more, indent=" " * 8, style=style or FAINT) if row.more else ()
    for late in row.late[:LATE_SHOWN]:
        yield from sheet.lines(LATE_ONE.filled(what=late), indent=" " * 8, style=style)
    if len(row.late) > LATE_SHOWN:
        more = MORE_LATE.filled(count=len(row.late) - LATE_SHOWN)
        yield from sheet.lines(more, indent=" " * 8, style=style)


def _table_row(
    sheet: Sheet, cells: tuple[Both, Both, Both, Both], style: str = ""
) -> Iterator[str]:
    """Set a line of the table: what, given, took, how; one language under the other."""
    indent, gap = "    ", "  "
    what = sheet.columns - len(indent) - 2 * (NUMBERS + len(gap)) - WORD - len(gap)
    for language in sheet.languages:
        title, given, took, word = (cell.of(language) for cell in cells)
        beside = zip_longest(
            wrapped(title, what), [given], [took], wrapped(word, WORD), fillvalue=""
        )
        for line in beside:
            numbers = gap.join(padded(each, NUMBERS, right=True) for each in line[1:3])
            yield f"{indent}{padded(line[0], what)}{gap}{numbers}{gap}{sheet.ink(line[3], style)}"


def _notes(sheet: Sheet, reader: Reader, notes: Iterable[Note]) -> Iterator[str]:
    for note in notes:
        when = reader.both(lambda lens, at=note.at: lens.when(at))  # type: ignore[misc]
        text = Both(f"{when.en}  {note.text.en}", f"{when.zh}  {note.text.zh}")
        yield from sheet.lines(text, indent="    ")


def _record(sheet: Sheet, card: Card) -> Iterator[str]:
    simulated = card.reader.simulated
    yield from sheet.lines(RECORD, indent="  ", style=BOLD)
    for text in RECORD_LINES:
        told = text.filled(
            entries=len(simulated.entries),
            grade=card.grade,
            reminders=card.reminders,
            overdue=card.overdue_marks,
            messages=len(simulated.messages),
            root=simulated.root,
        )
        yield from sheet.lines(told, indent="    ")
    agrees = simulated.agrees
    yield from sheet.lines(
        AGREE if agrees else DISAGREE, indent="    ", style=GREEN if agrees else RED
    )
    seconds = f"{simulated.took.total_seconds():.1f}"
    yield from sheet.lines(PLAYED.filled(seconds=seconds), indent="    ")


# ---------------------------------------------------------------- every entry


def _entries(sheet: Sheet, reader: Reader) -> Iterator[str]:
    for entry in reader.entries:
        at = format_datetime(entry.recorded_at, "yyyy-MM-dd HH:mm:ss", reader.zone)
        yield sheet.ink(f"{entry.seq:>5}  {at}  {_what(entry)}", FAINT)
        yield from sheet.lines(reader.told(entry), indent="       ")


def _what(entry: Entry) -> str:
    who = entry.actor.id
    if entry.actor.on_behalf_of:
        who = f"{who} for {entry.actor.on_behalf_of}"
    return f"{event_spec(entry.event).name}  {who}"
