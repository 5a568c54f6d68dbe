"""A moment of an incident, and what is different between two, as lines for a terminal.

What belongs here: laying out what api/pages/moment_words.py and difference_words.py tell, in one
language at a time. What never does: how a thing is named, or finding a moment. Its headings are
those of the page.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from api.pages.difference_words import difference_told
from api.pages.lens import Drawn, Lens, lens_for
from api.pages.looking import title_of
from api.pages.moment_words import as_of_told, columns_told, not_now_told
from api.pages.sold_again import again_line
from api.pages.team_words import team_told
from api.pages.telling import sentence_of
from cli.columns import BOLD, FAINT, RED, YELLOW, wrapped
from cli.setting_up import TERMINAL
from domain.agenda import dues
from domain.ledger import read_numbered
from domain.state import Incident
from services.house import House
from services.moments import AsOf, Between, By, Columns, Moment, at_moment, columns
from storage import streams

SHOWN: Final = 12
"""Things of one kind that are named; the JSON has them all."""

ROWS: Final = 6
"""Fields of one thing that are told; the JSON has them all."""

LOCALTIME: Final = Path("/etc/localtime")


@dataclass(frozen=True)
class Teller:
    """One reader at a terminal: where the record is, their lens, and how wide they see."""

    house: House
    lens: Lens
    columns: int
    ink: bool

    def head(self, text: str) -> Iterator[str]:
        """Give a heading with a line of air before it."""
        yield ""
        yield self.inked(text, BOLD)

    def inked(self, text: str, ink: str) -> str:
        """Let a text stand out, where the terminal shows it."""
        return f"\x1b[{ink}m{text}\x1b[0m" if self.ink else text

    def line(self, text: str, indent: int = 2, ink: str = "") -> Iterator[str]:
        """Give a text as lines of the terminal's width."""
        for part in wrapped(text, self.columns - indent):
            yield " " * indent + (self.inked(part, ink) if ink else part)


def teller(house: House, language: str, *, width: int, ink: bool) -> Teller:
    """Make the reader of a language; times stand by the terminal's clock."""
    written = "zh_CN" if language == "zh" else "en"
    lens = lens_for(house, None, written, now=house.now(), rules=house.current_rules())
    zone = terminal_zone()
    return Teller(house, replace(lens, zone=zone, zone_name=zone.key), width, ink)


def terminal_zone() -> ZoneInfo:
    """Give the zone of the terminal (TZ, else the machine's own); UTC where it has no name."""
    named = os.environ.get("TZ", "").removeprefix(":")
    if not named and LOCALTIME.is_symlink():
        named = str(LOCALTIME.readlink()).rpartition("zoneinfo/")[2]
    try:
        return ZoneInfo(named or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


# ---------------------------------------------------------------- one moment


def moment_lines(reader: Teller, incident: str, moment: Moment, by: By) -> Iterator[str]:
    """Tell an incident at a moment: the three columns, the team, the clocks.

    The title is written at the time of reading, so that it names another year; what is below stands
    at the moment.
    """
    house = reader.house
    as_of = at_moment(house, TERMINAL, incident, moment)
    told = columns(house, TERMINAL, incident, moment, by)
    yield from _title(reader, as_of, by)
    reader = replace(reader, lens=replace(reader.lens, now=told.at, rules=as_of.state.rules))
    last = at_moment(house, TERMINAL, incident, as_of.row.size).state
    drawn = columns_told(reader.lens, told, last.halt.listed)
    yield from _on_sale(reader, drawn)
    if again := again_line(reader.lens, as_of.state):
        yield from reader.line(again, 0)
    yield from _texts(reader, drawn)
    yield from _known(reader, drawn)
    yield from _later(reader, incident, told)
    yield from _team(reader, as_of.state)
    yield from _clocks(reader, as_of.state)


def _title(reader: Teller, as_of: AsOf, by: By) -> Iterator[str]:
    lens = replace(reader.lens, rules=as_of.state.rules)
    yield reader.inked(f"{as_of.row.id}  {title_of(lens, as_of.state)}", BOLD)
    aside = not_now_told(lens, as_of.seq, as_of.row.size)
    yield from reader.line(lens.named_line(_when(lens, as_of), aside), 0, YELLOW)
    way = lens("As recorded by then") if by is By.RECORDED else lens("As known now about then")
    yield from reader.line(way, 0)


def _when(lens: Lens, as_of: AsOf) -> str:
    entry = lens("entry %(seq)s of %(size)s", seq=as_of.seq, size=as_of.row.size)
    told = as_of_told(lens, as_of.seq, as_of.at, as_of.to_come)
    between = "，" if lens.words.is_chinese else ", "
    return lens.sentences([told, entry]) if as_of.to_come else f"{told}{between}{entry}"


def _on_sale(reader: Teller, drawn: Drawn) -> Iterator[str]:
    lens = reader.lens
    yield from reader.head(lens("What was on sale?"))
    yield from reader.line(drawn["counts"])
    for group in drawn["on_sale"]:
        ink = {"critical": RED, "warning": YELLOW}.get(group["tone"], "")
        yield from reader.line(f"{group['word']} ({len(group['channels'])})", 2, ink)
        names = [one["name"] + _aside(one) for one in group["channels"]]
        yield from reader.line(_some(lens, names), 4)


def _texts(reader: Teller, drawn: Drawn) -> Iterator[str]:
    lens = reader.lens
    yield from reader.head(lens("What did the public texts say?"))
    if not drawn["texts"]:
        yield from reader.line(lens("No text of ours was public."))
    for text in drawn["texts"]:
        version = lens("version %(n)s", n=text["version"])
        parts = (text["kind"], version, text["status"], text["places"])
        yield from reader.line(f"{text['id']}  {text['title']}{_aside(text)}", 2, BOLD)
        yield from reader.line(" · ".join(filter(None, parts)), 4, FAINT)
        for said in text["said"]:
            yield from reader.line(lens.named_line(said["language"], said["title"]), 4)
            for line in said["body"].splitlines():
                yield from reader.line(line, 6)


def _known(reader: Teller, drawn: Drawn) -> Iterator[str]:
    lens = reader.lens
    yield from reader.head(lens("What was known?"))
    if not drawn["known"]:
        yield from reader.line(lens("Nothing was known yet."))
    for fact in drawn["known"]:
        value = " ".join(filter(None, (fact["value"], fact["unit"])))
        told = lens.named_line(fact["label"], value)
        yield from reader.line(f"{told} · {fact['word']}{_aside(fact)}")


def _later(reader: Teller, incident: str, told: Columns) -> Iterator[str]:
    if not told.later:
        return
    lens = reader.lens
    yield from reader.head(lens("Had happened by then, recorded only afterwards"))
    numbers = told.later[-SHOWN:]
    rows = streams.entries_at(reader.house.engine, [(incident, seq) for seq in numbers])
    if len(told.later) > len(numbers):
        yield from reader.line(lens("and %(n)s more", n=len(told.later) - len(numbers)))
    for row in sorted(rows, key=lambda one: one.seq):
        entry = read_numbered(row.stream, row.seq, row.content)
        when = lens.when(entry.recorded_at)
        yield from reader.line(f"#{row.seq}  {sentence_of(lens, entry.event)}  ({when})")


def _team(reader: Teller, state: Incident) -> Iterator[str]:
    lens = reader.lens
    yield from reader.head(lens("Who was on the team"))
    found = team_told(lens, state)
    for row in found:
        names = lens.listed(chip["name"] for chip in row["chips"])
        yield from reader.line(lens.named_line(row["label"], names))
    if not found:
        yield from reader.line(lens("nobody"))


def _clocks(reader: Teller, state: Incident) -> Iterator[str]:
    lens = reader.lens
    yield from reader.head(lens("Which clocks ran"))
    running = () if state.review.closed_at is not None else dues(state)
    for due in running[:SHOWN]:
        yield from reader.line(f"{lens.until(due.due_at)}  {lens.sentence(due.titled(lens.now))}")
    if len(running) > SHOWN:
        yield from reader.line(lens("and %(n)s more", n=len(running) - SHOWN))
    if not running:
        yield from reader.line(lens("No clock is running."))


def _aside(one: Drawn) -> str:
    """Say by which entry a thing stood so, and whether that was recorded only afterwards."""
    entry = f" #{one['seq']}" if one["seq"] else ""
    return f"{entry} ({one['later']})" if one["later"] else entry


def _some(lens: Lens, names: Iterable[str]) -> str:
    found = list(names)
    more = len(found) - SHOWN
    told = found if more <= 0 else [*found[:SHOWN], lens("and %(n)s more", n=more)]
    return ("、" if lens.words.is_chinese else ", ").join(told)


# ---------------------------------------------------------------- two moments


def difference_lines(reader: Teller, between: Between) -> Iterator[str]:
    """Tell what is different between two moments: by stage, then the clocks."""
    lens = replace(reader.lens, rules=between.after.state.rules)
    reader = replace(reader, lens=lens)
    told = difference_told(lens, between)
    yield reader.inked(f"{between.after.row.id}  {title_of(lens, between.after.state)}", BOLD)
    yield from reader.line(lens.named_line(lens("From"), _when(lens, between.before)), 0)
    yield from reader.line(lens.named_line(lens("To the moment"), _when(lens, between.after)), 0)
    if not told["stages"] and not told["clocks"]:
        yield from reader.line(lens("Nothing is different."), 0)
    for stage in told["stages"]:
        yield from reader.head(stage["title"])
        for thing in stage["things"]:
            yield from _thing(reader, thing)
    if told["clocks"]:
        yield from reader.head(lens("Clocks"))
    for clock in told["clocks"]:
        times = " → ".join(filter(None, (clock["before"], clock["after"])))
        yield from reader.line(f"{clock['word']}  {clock['name']}  {times}")


def _thing(reader: Teller, thing: Drawn) -> Iterator[str]:
    entries = " ".join(f"#{one['seq']}" for one in thing["entries"][:ROWS])
    yield from reader.line(f"{thing['word']}  {thing['name']}  {entries}", 2)
    for row in thing["rows"][:ROWS]:
        before = f"{row['before']} → " if row["before"] not in ("", "–") else ""
        told = before + row["after"]
        named = reader.lens.named_line(row["label"], told) if row["label"] else told
        yield from reader.line(named, 4, FAINT)
    if len(thing["rows"]) > ROWS:
        more = reader.lens("and %(n)s more", n=len(thing["rows"]) - ROWS)
        yield from reader.line(more, 4, FAINT)
