"""A drilled case told as a story: who did what when, what came of it, and what the plan did itself.

What belongs here: choosing what is told, in English and Chinese beside each other. What never does:
printing (cli/drill_text.py), measuring (cli/drill_card.py), or a sentence about an event: those
stand in api/event_words.py. All times are the story's own.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from api.pages.lens import Lens, Names
from api.pages.telling import sentence_of, tell_of
from api.words import words_of
from cli.bilingual import MINUTE, NOTHING, Both, counted, length_of, listed
from domain.acts import ActProposed, ActSigned
from domain.agenda import RungReached
from domain.case_file import CaseFile, Step
from domain.case_times import Turn, minutes_of, turns
from domain.channels import ChannelAnswered
from domain.ledger import Entry, read_entry
from domain.message import COMMANDS, event_spec
from domain.rules import Rules
from domain.values import PublicText
from domain.wire import instant_text, read_instant
from services.drilling import REPORT, Line
from services.furnishing import items_of, people_of
from services.simulating import Simulated
from storage import catalog
from storage.people import Person

ALL = 100
"""Percent of a time after which something is overdue."""

MOST = 4
"""How many results of one kind, and how many roles of one act, are told; the ledger has all."""

QUIET = frozenset(
    "ReportAcknowledged HaltConfirmed LegalHoldAcknowledged RecordConfirmed RoleAccepted"
    " RoleAssigned StatementApproved StatementReviewAsked".split()
)
"""Events that say no more than the act and the case's own words about it."""

_NTH = re.compile(r", incident/(\d+)|、incident/(\d+)|(?<=P\d)/(\d+)")
_NUMBERED = re.compile(r"[A-Z]{1,2}[0-9]+")
_TIMES = re.compile(rb'"(\d{4}-\d\d-\d\d)(T\d\d:\d\d:\d\d\.\d{6}Z)?"')

AGAIN = Both(
    "again every {every}, {count} times more until {until}",
    "此后每{every}一次，再有{count}次，至{until}",
)
AGAIN_ONCE = Both("and once more on {until}", "{until}再做一次")
MORE = Both("and {count} more like it", "另有同类{count}项")
STOPPED = Both("{count} channels have stopped.", "{count}个渠道已停止。")
STOPPED_ONE = Both("{count} channel has stopped.", "{count}个渠道已停止。")
OVERDUE = Both("Overdue: {title}.", "逾期：{title}。")
OVERDUE_AGAIN = Both(
    "Overdue: {title}; the like {count} times more until {until}.",
    "逾期：{title}；此后同类逾期{count}次，至{until}。",
)
SIGNED = Both("signed by {roles}", "会签：{roles}")
SCRIBE = Both("{scribe}, for {role}", "{scribe}（代{role}记录）")
NUMBERED = Both("{title} ({numbers})", "{title}（{numbers}）")
LATER = Both("told {ago} afterwards", "事后{ago}补记")
NO_NEWS = Both("Nothing new came of it.", "没有带来新的记录。")


class Kind(StrEnum):
    """What a moment of the story is."""

    ACT = "act"
    """Somebody did something."""
    PLAN = "plan"
    """The plan and the machine did it by themselves."""
    LOOK = "look"
    """Nobody acts: what the case file says about the time that passes."""


@dataclass(frozen=True, kw_only=True)
class Beat:
    """One moment of the story.

    `public` marks a fact of the public record in a real case. `entries` are the numbers of the
    first and last entry it made, if any.
    """

    at: datetime
    kind: Kind
    who: Both = NOTHING
    what: Both = NOTHING
    note: Both = NOTHING
    extras: tuple[Both, ...] = ()
    public: bool = False
    results: tuple[Both, ...] = ()
    refused: bool = False
    entries: tuple[int, int] | None = None


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

    def titled(self, title: str) -> Both:
        """Tell a title that the domain made: of a due, of an act."""
        told = self.both(lambda lens: lens.sentence(str(PublicText(title))))
        return Both(_NTH.sub(_nth_en, told.en), _NTH.sub(_nth_zh, told.zh))

    @cached_property
    def overdue(self) -> dict[str, list[Entry]]:
        """Give the entries that say that something is overdue, by what they have in common."""
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            happened = entry.event
            if isinstance(happened, RungReached) and happened.overdue and happened.percent == ALL:
                found.setdefault(_NTH.sub("", happened.title), []).append(entry)
        return found

    def told(self, entry: Entry) -> Both:
        """Tell what an entry records in one sentence."""
        return self.both(lambda lens: sentence_of(lens, entry.event))

    def roles(self, roles: Iterable[str]) -> Both:
        """List roles, the first of many."""
        return listed((self.both(lambda lens, r=r: lens.role(str(r))) for r in roles), MOST + 1)  # type: ignore[misc]


def _nth_en(found: re.Match[str]) -> str:
    return f", no. {found.group(1) or found.group(2) or found.group(3)}"


def _nth_zh(found: re.Match[str]) -> str:
    return f"第{found.group(1) or found.group(2) or found.group(3)}份"


def reader_of(simulated: Simulated) -> Reader:
    """Make the reader of a case that was played."""
    case, rules = simulated.case, simulated.state.rules
    zone, names = ZoneInfo(case.zone), CaseNames(case, rules)
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
    """Entries that belong together: of one step, or what came by itself between two steps."""

    at: datetime
    line: Line | None = None
    entries: list[Entry] = field(default_factory=list)


def story_of(reader: Reader) -> list[Beat]:
    """Tell a case that was played, in the order of time."""
    beats: list[Beat] = []
    for group in _groups(reader):
        if group.line is not None:
            beats.append(_of_step(reader, group.line, group))
            continue
        beat = _by_itself(reader, group.entries)
        if beat is not None and not _joins(beats, beat):
            beats.append(beat)
    return sorted([*_looks(reader), *beats], key=lambda beat: beat.at)


def _joins(beats: list[Beat], beat: Beat) -> bool:
    """Tell what follows an act within the minute as its result; says whether it did."""
    if not beats or beats[-1].kind is not Kind.ACT or beat.at - beats[-1].at >= MINUTE:
        return False
    beats[-1] = replace(beats[-1], results=(*beats[-1].results, *beat.results))
    return True


def _groups(reader: Reader) -> list[_Group]:
    """Put entries together by the step that made them, and by day what came by itself.

    A step that comes again and again is told with its first turn.
    """
    lines = {line.key: line for line in reader.simulated.played.lines}
    groups: dict[tuple[object, ...], _Group] = {}
    latest: tuple[int, int] | None = None
    for line, entry in _with_lines(reader, lines):
        if line is None:
            day = entry.recorded_at.astimezone(reader.zone).date() if entry else None
            key: tuple[object, ...] = ("itself", latest, day)
        else:
            latest = (line.step, line.turn)
            key = ("step", line.step)
            if line.turn:
                continue
        at = entry.recorded_at if entry else line.at if line else reader.case.starts_at
        group = groups.setdefault(key, _Group(at, line))
        group.entries += [entry] if entry else []
    return list(groups.values())


def _with_lines(
    reader: Reader, lines: Mapping[str, Line]
) -> Iterator[tuple[Line | None, Entry | None]]:
    """Give every entry with the act that made it, and in between the acts that made none."""
    known = {entry.command_id for entry in reader.entries}
    shift = reader.simulated.played.shift
    silent = [replace(each, at=each.at + shift) for each in lines.values() if each.key not in known]
    for entry in reader.entries:
        while silent and silent[0].at < entry.recorded_at:
            yield silent.pop(0), None
        yield lines.get(entry.command_id), entry
    yield from ((line, None) for line in silent)


def _looks(reader: Reader) -> Iterator[Beat]:
    """Tell the steps in which nobody acts."""
    for turn in turns(reader.case.steps):
        step = reader.case.steps[turn.number]
        if step.only_looks and not turn.turn and (step.note_en or step.note_zh):
            at = reader.case.starts_at + timedelta(minutes=turn.at_minute)
            note = Both(step.note_en, step.note_zh)
            yield Beat(at=at, kind=Kind.LOOK, note=note, public=step.public)


def _of_step(reader: Reader, line: Line, group: _Group) -> Beat:
    case, entries = reader.case, group.entries
    beat = Beat(
        at=group.at,
        kind=Kind.ACT,
        refused=bool(line.refused),
        entries=(entries[0].seq, entries[-1].seq) if entries else None,
    )
    if line.step == REPORT:
        return replace(
            beat,
            who=reader.roles([case.reporter]),
            what=_title(reader, "report_problem", ()),
            note=Both(case.report_note_en, case.report_note_zh),
            public=not case.invented,
            results=_results(reader, entries),
        )
    step = case.steps[line.step]
    note = Both(step.note_en, step.note_zh)
    return replace(
        beat,
        who=_who(reader, step),
        what=_title(reader, step.do, entries),
        note=note,
        extras=tuple(_extras(reader, step, line.step)),
        public=step.public,
        results=_came_of(reader, line, entries, QUIET if note else frozenset()),
    )


def _title(reader: Reader, command: str, entries: Iterable[Entry]) -> Both:
    """Name an act, with the numbers of what it was done to."""
    spec = COMMANDS[command]
    title = reader.both(lambda lens: lens(spec.title))
    items = [str(getattr(entry.event, spec.item or "", "")) for entry in entries]
    numbers = [Both(item, item) for item in dict.fromkeys(items) if _NUMBERED.fullmatch(item)]
    return NUMBERED.filled(title=title, numbers=listed(numbers, MOST)) if numbers else title


def _who(reader: Reader, step: Step) -> Both:
    if step.person:
        return reader.both(lambda lens: lens.person(step.person))
    roles = reader.roles(step.by_each or (step.by or "",))
    return SCRIBE.filled(scribe=reader.roles(["scribe"]), role=roles) if step.scribe else roles


def _extras(reader: Reader, step: Step, number: int) -> Iterator[Both]:
    """Tell who signed, how late it was told, and that it comes again."""
    if step.sign:
        yield SIGNED.filled(roles=reader.roles(step.sign))
    if step.happened_ago:
        yield LATER.filled(ago=_length(step.happened_ago))
    again = [turn for turn in turns(reader.case.steps) if turn.number == number][1:]
    if again:
        yield _again(reader, step, again)


def _again(reader: Reader, step: Step, again: list[Turn]) -> Both:
    last_at = reader.case.starts_at + timedelta(minutes=again[-1].at_minute)
    until = reader.both(lambda lens: lens.day_of(last_at))
    text = AGAIN_ONCE if len(again) == 1 else AGAIN
    return text.filled(every=_length(step.every), count=len(again), until=until)


def _length(written: str) -> Both:
    return length_of(timedelta(minutes=minutes_of(written)))


# ---------------------------------------------------------------- what came of it


def _came_of(
    reader: Reader, line: Line, entries: list[Entry], quiet: frozenset[str]
) -> tuple[Both, ...]:
    """Tell what came of a step's acts, without what only says again that they were done."""
    if not entries:
        return (reader.titled(line.refused) if line.refused else NO_NEWS,)
    if any(tell_of(each.event).weighty for each in entries):
        return _results(reader, entries)
    return _results(reader, [e for e in entries if event_spec(e.event).name not in quiet])


def _results(reader: Reader, entries: list[Entry]) -> tuple[Both, ...]:
    """Tell what weighs; when nothing does, the last kind that is more than a signature."""
    weighty = [each for each in entries if tell_of(each.event).weighty]
    if not weighty:
        plain = [each for each in entries if not isinstance(each.event, ActProposed | ActSigned)]
        kind = type((plain or entries)[-1].event) if entries else None
        weighty = [each for each in entries if type(each.event) is kind]
    by_kind: dict[str, list[Entry]] = {}
    for entry in weighty:
        by_kind.setdefault(type(entry.event).__name__, []).append(entry)
    return tuple(told for alike in by_kind.values() for told in _alike(reader, alike))


def _alike(reader: Reader, alike: list[Entry]) -> Iterator[Both]:
    """Tell events of one kind, the first few of many."""
    told = dict.fromkeys(reader.told(entry) for entry in alike)
    shown = list(told) if len(told) <= MOST else list(told)[: MOST - 1]
    yield from shown
    if len(shown) < len(told):
        yield MORE.filled(count=len(told) - len(shown))


def _by_itself(reader: Reader, entries: list[Entry]) -> Beat | None:
    """Tell what the plan and the machine did between two acts; what is late again, once."""
    weighty = [
        each
        for each in entries
        if tell_of(each.event).weighty and not isinstance(each.event, RungReached)
    ]
    stopped = [each for each in entries if _has_stopped(each)]
    late = [alike for alike in reader.overdue.values() if alike[0] in entries]
    results = [
        *(_results(reader, weighty) if weighty else ()),
        *([counted(len(stopped), STOPPED_ONE, STOPPED)] if stopped else ()),
        *(_late(reader, alike) for alike in late),
    ]
    if not results:
        return None
    told = [*weighty, *stopped, *(alike[0] for alike in late)]
    at = min(each.recorded_at for each in told)
    seqs = (entries[0].seq, entries[-1].seq)
    return Beat(at=at, kind=Kind.PLAN, results=tuple(results), entries=seqs)


def _late(reader: Reader, alike: list[Entry]) -> Both:
    first, last = alike[0], alike[-1]
    title = reader.titled(first.event.title)
    if len(alike) == 1:
        return OVERDUE.filled(title=title)
    until = reader.both(lambda lens: lens.day_of(last.recorded_at))
    return OVERDUE_AGAIN.filled(title=title, count=len(alike) - 1, until=until)


def _has_stopped(entry: Entry) -> bool:
    happened = entry.event
    return isinstance(happened, ChannelAnswered) and happened.state == "confirmed"
