"""What is open and what is due as columns for a terminal, with names and heads.

What belongs here: laying it out in English; names, words and titles are those of the pages. What
never does: which incidents there are (services/reading.py), or what is due (domain/agenda.py).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from api.pages.difference_words import clock_name
from api.pages.lens import Lens, lens_for
from api.pages.looking import title_of
from cli.columns import padded
from cli.duty_text import OURS_PASSED, shown
from cli.replay_text import terminal_zone
from cli.setting_up import TERMINAL
from domain.agenda import dues
from domain.dispatch import Due
from domain.duty_clocks import is_our_time
from domain.open_duties import open_duties
from domain.overview import stage_words
from domain.severity import Grade
from domain.state import Incident
from services import reading
from services.house import House
from storage.incidents import IncidentRow

NUMBER: Final = 20
GRADE: Final = 16
WHEN: Final = 27
WHEN_THERE: Final = 62
LATE: Final = 23
STAGE: Final = 16
"""Widths of columns; a time by an authority's clock too is wider."""

BEING_RECORDED: Final = "being recorded"


@dataclass(frozen=True)
class Clock:
    """Something due in an incident, with the lens that names it."""

    incident: str
    due: Due
    lens: Lens
    ours: bool
    to_authority: bool


def board_lines(house: House) -> Iterator[str]:
    """Tell all open incidents by urgency: number, grade, what is due next, product and lots."""
    rows = reading.board(house, TERMINAL)
    if not rows:
        yield "Nothing is open."
        return
    yield _columns(("incident", NUMBER), ("grade", GRADE), (f"next due, {_zone()}", WHEN), "what")
    for row in rows:
        state = reading.see(house, TERMINAL, row.id).state
        lens = _lens(house, state)
        grade = lens.word(Grade(row.grade)) if row.grade else BEING_RECORDED
        title = title_of(lens, state) if state is not None else row.title
        when = shown(row.next_due_at.isoformat()) if row.next_due_at else ""
        yield _columns((row.id, NUMBER), (grade, GRADE), (when, WHEN), title)
    yield from _lost(row.id for row in rows if row.is_lost(house.now()))


def _lost(numbers: Iterable[str]) -> Iterator[str]:
    named = ", ".join(numbers)
    if named:
        yield (
            f"Not recorded: {named}. Nothing is decided there and no clock runs. "
            "Whoever reported it presses again or reports it anew."
        )


def incident_lines(house: House, incident: str) -> Iterator[str]:
    """Tell where one incident stands: its stages, and what is due. Raises NotFound."""
    seen = reading.see(house, TERMINAL, incident)
    lens, state = _lens(house, seen.state), seen.state
    if state is None:
        yield f"{seen.row.id}  {seen.row.title}  {BEING_RECORDED}"
        return
    grade = lens.word(Grade(seen.row.grade)) if seen.row.grade else "not known yet"
    yield f"{seen.row.id}  {title_of(lens, state)}  grade {grade}"
    yield ""
    yield _columns(("stage", STAGE), "stands")
    for stage, word in stage_words(state).items():
        yield _columns((stage, STAGE), lens.words.of("stage_word", word))
    yield ""
    yield from _due_lines(house, _clocks(lens, seen.row, state), incident=False)


def due_lines(house: House) -> Iterator[str]:
    """Tell all that is due in open incidents: to authorities first, then the plan's other times."""
    found = []
    for row in reading.board(house, TERMINAL):
        state = reading.see(house, TERMINAL, row.id).state
        if state is not None:
            found.extend(_clocks(_lens(house, state), row, state))
    if not found:
        yield "Nothing is due."
        return
    for title, part in (
        ("To authorities, as on the page Duties", [one for one in found if one.to_authority]),
        ("The plan's other times", [one for one in found if not one.to_authority]),
    ):
        yield title
        yield from _due_lines(house, part, incident=True)
        yield ""


def _clocks(lens: Lens, row: IncidentRow, state: Incident) -> list[Clock]:
    owed = {one.item for one in open_duties(state)}
    return [
        Clock(row.id, due, lens, is_our_time(state, due), due.item in owed) for due in dues(state)
    ]


def _due_lines(house: House, found: Iterable[Clock], *, incident: bool) -> Iterator[str]:
    """Lay out clocks, the first due time first; with the incident's number where it is asked."""
    rows = sorted(found, key=lambda one: (one.due.due_at, one.incident, one.due.key))
    if not rows:
        yield "Nothing is due."
        return
    number = (("incident", NUMBER),) if incident else ()
    yield _columns(
        (f"due, {_zone()}", WHEN_THERE), ("stands", LATE), *number, "what, and who is asked"
    )
    for one in rows:
        which = ((one.incident, NUMBER),) if incident else ()
        when = shown(one.due.due_at.isoformat(), one.due.market)
        late = _late(one, house.now())
        yield _columns((when, WHEN_THERE), (late, LATE), *which, _asked(one.lens, one.due))


def _late(one: Clock, now: datetime) -> str:
    if one.due.due_at >= now:
        return ""
    return OURS_PASSED if one.ours else "overdue"


def _asked(lens: Lens, due: Due) -> str:
    """Name what is due, and whom it asks; a clock of one person names that one."""
    roles = lens.roles(due.roles)
    return f"{clock_name(lens, due)} ({roles})" if roles else clock_name(lens, due)


def _columns(*cells: tuple[str, int] | str) -> str:
    return "".join(
        one if isinstance(one, str) else padded(one[0], one[1] - 1) + " " for one in cells
    ).rstrip()


def _zone() -> str:
    return f"{terminal_zone().key} (TZ)"


def _lens(house: House, state: Incident | None) -> Lens:
    """Give the lens of a reader of English, with the incident's own rules."""
    rules = state.rules if state is not None else house.current_rules()
    return lens_for(house, None, "en", now=house.now(), rules=rules)
