"""A drilled case told as a story: who did what when, what came of it, and what the plan did itself.

What belongs here: choosing what is told, in English and Chinese beside each other. What never does:
printing (cli/drill_text.py), measuring (cli/drill_card.py), or a sentence about an event: those
stand in api/event_words.py. All times are the story's own.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from api.pages.lens import Lens, Names
from api.pages.telling import sentence_of, tell_of
from api.words import words_of
from domain.acts import ActProposed, ActSigned
from domain.agenda import RungReached
from domain.case_file import CaseFile, Step
from domain.case_times import Turn, turns
from domain.channels import ChannelAnswered
from domain.errors import BrokenSetup
from domain.ledger import Entry, read_entry
from domain.message import COMMANDS
from domain.rules import Rules
from domain.values import PublicText
from domain.wire import instant_text, read_instant
from services.drilling import REPORT, Line
from services.furnishing import items_of, people_of
from services.simulating import Simulated
from storage import catalog
from storage.people import Person

MOST = 4
"""How many results of one act are told; the ledger has them all."""

_TIMES = re.compile(rb'"(\d{4}-\d\d-\d\d)(T\d\d:\d\d:\d\d\.\d{6}Z)?"')


class Both(NamedTuple):
    """A text in English and in Chinese."""

    en: str
    zh: str


NOBODY = Both("By itself", "自动")
AGAIN = Both(
    "and again every {every}, {times} times until {until}",
    "此后每{every}一次，共{times}次，至{until}",
)
MORE = Both("and {count} more like it", "另有同类{count}项")
STOPPED = Both("{count} channels have stopped.", "{count}个渠道已停售。")
OVERDUE = Both("Overdue: {title}.", "逾期：{title}。")
SIGNED = Both("signed by {roles}", "会签：{roles}")
SCRIBE = Both("{scribe}, for {role}", "{scribe}（代{role}记录）")
LATER = Both("told {ago} afterwards", "事后{ago}补记")


@dataclass(frozen=True, kw_only=True)
class Beat:
    """One moment of the story; `public` marks a fact of the public record in a real case."""

    at: datetime
    who: Both = NOBODY
    what: Both | None = None
    note: Both = Both("", "")
    extras: tuple[Both, ...] = ()
    public: bool = False
    results: tuple[Both, ...] = ()
    refused: bool = False


class CaseNames(Names):
    """The names of a case's own things, read from the case file."""

    def __init__(self, case: CaseFile, rules: Rules) -> None:
        """Keep where to look."""
        self._case, self._rules = case, rules
        self._lists = items_of(case)

    def items(self, kind: str) -> Mapping[str, catalog.Item]:
        """Give a list of the case by id."""
        return {item.id: item for item in self._lists.get(kind, [])}

    @cached_property
    def people(self) -> Mapping[str, Person]:
        """Give the people of the case by id."""
        return {each.id: each for each in people_of(self._case, self._rules.plan)}


@dataclass(frozen=True)
class Reader:
    """One case for both languages: its lenses, and its entries at the times of the story."""

    simulated: Simulated
    zone: ZoneInfo
    en: Lens
    zh: Lens

    @property
    def case(self) -> CaseFile:
        """Give the case."""
        return self.simulated.case

    @cached_property
    def entries(self) -> list[Entry]:
        """Read the entries with every time moved back to the story."""
        shift = self.simulated.played.shift
        return [read_entry(_moved(row.content, shift)) for row in self.simulated.entries]

    def both(self, tell: Callable[[Lens], str]) -> Both:
        """Tell something in both languages."""
        return Both(tell(self.en), tell(self.zh))

    def listed(self, parts: Iterable[Both]) -> Both:
        """List things as each language does."""
        found = list(parts)
        return Both(
            self.en.listed(each.en for each in found), self.zh.listed(each.zh for each in found)
        )


def zone_of(case: CaseFile) -> ZoneInfo:
    """Find the zone a case is told by. Raises BrokenSetup."""
    try:
        return ZoneInfo(case.zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BrokenSetup(
            f"zone: {case.zone!r} is no time zone that this machine knows.",
            "Write a name such as 'Asia/Shanghai' or 'America/New_York'.",
        ) from error


def reader_of(simulated: Simulated) -> Reader:
    """Make the reader of a case that was played."""
    case, rules = simulated.case, simulated.state.rules
    zone, names = zone_of(case), CaseNames(case, rules)
    lenses = [
        Lens(words_of(language), zone, case.zone, case.starts_at, names, rules)
        for language in ("en", "zh_CN")
    ]
    return Reader(simulated, zone, *lenses)


def _moved(leaf: bytes, shift: timedelta) -> bytes:
    """Move every time in an entry's bytes from the drill's clock to the story's."""

    def moved(found: re.Match[bytes]) -> bytes:
        day, time = found.group(1).decode(), (found.group(2) or b"").decode()
        if time:
            return f'"{instant_text(read_instant(day + time) + shift)}"'.encode()
        return f'"{date.fromisoformat(day) + shift}"'.encode()

    return _TIMES.sub(moved, leaf)


# ---------------------------------------------------------------- the story


@dataclass
class _Group:
    """Entries that belong together: of one step, or what came by itself before the next."""

    entries: list[Entry] = field(default_factory=list)
    line: Line | None = None


def story_of(reader: Reader) -> list[Beat]:
    """Tell a case that was played, in the order of time."""
    told: set[str] = set()
    beats = [*_looks(reader)]
    for group in _grouped(reader):
        if group.line is None:
            beat = _by_itself(reader, group.entries, told)
        else:
            beat = _of_step(reader, group.line, group.entries)
        if beat is not None:
            beats.append(beat)
    return sorted(beats, key=lambda beat: beat.at)


def _grouped(reader: Reader) -> Iterator[_Group]:
    """Put entries together by the step that made them; a step's later turns are left out."""
    lines = {line.key: line for line in reader.simulated.played.lines}
    group = _Group()
    for entry in reader.entries:
        line = lines.get(entry.command_id)
        if line is not None and line.turn:
            continue
        if group.entries and _step(line) != _step(group.line):
            yield group
            group = _Group()
        group.line = group.line or line
        group.entries.append(entry)
    if group.entries:
        yield group


def _step(line: Line | None) -> int | None:
    return None if line is None else line.step


def _looks(reader: Reader) -> Iterator[Beat]:
    """Tell the steps in which nobody acts."""
    for turn in turns(reader.case.steps):
        step = reader.case.steps[turn.number]
        if step.only_looks and not turn.turn and (step.note_en or step.note_zh):
            at = reader.case.starts_at + timedelta(minutes=turn.at_minute)
            yield Beat(at=at, note=Both(step.note_en, step.note_zh), public=step.public)


def _of_step(reader: Reader, line: Line, entries: list[Entry]) -> Beat:
    case = reader.case
    at = entries[0].recorded_at
    if line.step == REPORT:
        note = Both(case.report_note_en, case.report_note_zh)
        return Beat(
            at=at,
            who=reader.both(lambda lens: lens.role(case.reporter)),
            what=_title(reader, "report_problem"),
            note=note,
            public=not case.invented,
            results=_results(reader, entries),
        )
    step = case.steps[line.step]
    return Beat(
        at=at,
        who=_who(reader, step),
        what=_title(reader, step.do),
        note=Both(step.note_en, step.note_zh),
        extras=tuple(_extras(reader, step, line.step)),
        public=step.public,
        results=_results(reader, entries),
        refused=bool(line.refused),
    )


def _title(reader: Reader, command: str) -> Both:
    return reader.both(lambda lens: lens(COMMANDS[command].title))


def _who(reader: Reader, step: Step) -> Both:
    if step.person:
        return reader.both(lambda lens: lens.person(step.person))
    roles = reader.both(lambda lens: lens.roles(step.by_each or (step.by or "",)))
    if not step.scribe:
        return roles
    scribe = reader.both(lambda lens: lens.role("scribe"))
    return Both(
        SCRIBE.en.format(scribe=scribe.en, role=roles.en),
        SCRIBE.zh.format(scribe=scribe.zh, role=roles.zh),
    )


def _extras(reader: Reader, step: Step, number: int) -> Iterator[Both]:
    """Tell who signed, how late it was told, and that it comes again."""
    if step.sign:
        roles = reader.both(lambda lens: lens.roles(step.sign))
        yield Both(SIGNED.en.format(roles=roles.en), SIGNED.zh.format(roles=roles.zh))
    if step.happened_ago:
        yield Both(
            LATER.en.format(ago=step.happened_ago), LATER.zh.format(ago=_length(step.happened_ago))
        )
    again = [turn for turn in turns(reader.case.steps) if turn.number == number][1:]
    if again:
        yield _again(reader, step, again)


def _again(reader: Reader, step: Step, again: list[Turn]) -> Both:
    last_at = reader.case.starts_at + timedelta(minutes=again[-1].at_minute)
    until = reader.both(lambda lens: lens.day_of(last_at))
    return Both(
        AGAIN.en.format(every=step.every, times=len(again), until=until.en),
        AGAIN.zh.format(every=_length(step.every), times=len(again), until=until.zh),
    )


def _length(text: str) -> str:
    """Write a length of time of a case file in Chinese."""
    for unit, word in ((" d", "天"), (" h", "小时"), (" min", "分钟")):
        text = text.replace(unit, word)
    return text.replace(" ", "")


# ---------------------------------------------------------------- what came of it


def _results(reader: Reader, entries: list[Entry]) -> tuple[Both, ...]:
    """Tell what weighs; when nothing does, the last that is more than a signature."""
    weighty = [each for each in entries if tell_of(each.event).weighty]
    if not weighty:
        plain = [each for each in entries if not isinstance(each.event, ActProposed | ActSigned)]
        weighty = (plain or entries)[-1:]
    by_kind: dict[str, list[Entry]] = {}
    for entry in weighty:
        by_kind.setdefault(type(entry.event).__name__, []).append(entry)
    return tuple(told for alike in by_kind.values() for told in _alike(reader, alike))


def _alike(reader: Reader, alike: list[Entry]) -> Iterator[Both]:
    """Tell events of one kind, the first few of many."""
    shown = alike if len(alike) <= MOST else alike[: MOST - 1]
    for entry in shown:
        yield reader.both(lambda lens, entry=entry: sentence_of(lens, entry.event))  # type: ignore[misc]
    if len(shown) < len(alike):
        count = len(alike) - len(shown)
        yield Both(MORE.en.format(count=count), MORE.zh.format(count=count))


def _by_itself(reader: Reader, entries: list[Entry], told: set[str]) -> Beat | None:
    """Tell what the plan and the machine did between two acts; the same title is late once."""
    results: list[Both] = []
    stopped = sum(_has_stopped(each) for each in entries)
    if stopped:
        results.append(Both(STOPPED.en.format(count=stopped), STOPPED.zh.format(count=stopped)))
    weighty: list[Entry] = []
    for entry in entries:
        happened = entry.event
        if isinstance(happened, RungReached):
            if happened.percent == 100 and happened.overdue and happened.title not in told:
                told.add(happened.title)
                results.append(_overdue(reader, happened))
        elif tell_of(happened).weighty:
            weighty.append(entry)
    if weighty:
        results = [*_results(reader, weighty), *results]
    if not results:
        return None
    return Beat(at=entries[0].recorded_at, results=tuple(results))


def _overdue(reader: Reader, reached: RungReached) -> Both:
    title = reader.both(lambda lens: lens.sentence(str(PublicText(reached.title))))
    return Both(OVERDUE.en.format(title=title.en), OVERDUE.zh.format(title=title.zh))


def _has_stopped(entry: Entry) -> bool:
    happened = entry.event
    return isinstance(happened, ChannelAnswered) and happened.state == "confirmed"
