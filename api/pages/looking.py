"""One incident as one person sees it: now, or as it was after an entry.

What belongs here: reading it, and what the head of every page about it shows. What never does: the
parts of the page (parts.py), or a rule; visibility is decided in services/reading.py.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from starlette.responses import HTMLResponse

from api.pages.frame import Visit
from api.pages.lens import Drawn, Lens
from api.pages.people_told import told_besides
from api.word_lists import STAGE
from domain.agenda import dues
from domain.dispatch import Due
from domain.duty_clocks import is_our_time
from domain.grading import is_provisional
from domain.incident import known_since
from domain.ledger import Entry, read_numbered
from domain.left_at_end import left_in
from domain.message import COMMANDS
from domain.overview import stage_words
from domain.people import Actor, Role
from domain.stages import SEVEN_STAGES, Stage
from domain.state import Incident
from domain.state.report import ReportState
from domain.state.rooms import Room
from services import reading
from services.moments import Moment, at_moment
from services.reading import Seen
from storage import incidents, streams


@dataclass(frozen=True)
class View:
    """An incident on a page: its row, its state, and whether it is shown as of an entry.

    `room` is the inspector's room that it is shown in, where it is. `read_at` is when it is read,
    where the lens stands at another moment; `to_come` that moment, where it has not come yet.

    `open_to` keeps what each act is open about for this reader, asked once for a page: with many
    duties every row asks again.
    """

    visit: Visit
    row: incidents.IncidentRow
    state: Incident
    version: int
    root: str
    as_of: int | None = None
    room: Room | None = None
    read_at: datetime | None = None
    to_come: datetime | None = None
    open_to: dict[str, tuple[str, ...] | None] = field(
        init=False, default_factory=dict, compare=False
    )

    @property
    def lens(self) -> Lens:
        """Give the reader's lens."""
        return self.visit.lens

    @property
    def reading_lens(self) -> Lens:
        """Give the lens at the time of reading: it names the year of a moment that has another."""
        return replace(self.lens, now=self.read_at or self.lens.now)

    @property
    def actor(self) -> Actor:
        """Give who reads."""
        return self.visit.who.actor

    @property
    def address(self) -> str:
        """Give the address of the incident's page."""
        return f"/incidents/{self.row.id}"

    def entries(self, first: int = 1, last: int | None = None) -> list[Entry]:
        """Read entries of its ledger, none after those that the page's state comes from.

        What is recorded while the page is made is on the next: a state that does not know of it
        cannot say who may read it.
        """
        size = self.state.size
        until = size if last is None else min(last, size)
        found = streams.read_entries(self.visit.house.engine, self.row.id, first, until)
        return entries_in(found)

    def due(self) -> tuple[Due, ...]:
        """List what is due, soonest first; behind the seal no clock runs."""
        return () if self.state.review.closed_at is not None else dues(self.state)

    def show(self, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """Render a page about the incident, framed when it is a drill."""
        drill = self.row.drill and self.lens("Exercise %(id)s", id=self.row.id)
        return self.visit.show(
            template, status=status, drill=drill or None, view=head_of(self), **values
        )


def entries_in(rows: Iterable[streams.EntryRow]) -> list[Entry]:
    """Read entries from their rows."""
    return [read_numbered(row.stream, row.seq, row.content) for row in rows]


def look(visit: Visit, incident_id: str) -> View | Seen:
    """Give an incident as it stands, or what is known of one that is still being recorded."""
    seen = reading.see(visit.house, visit.who.actor, incident_id)
    if seen.state is None:
        return seen
    framed = replace(visit, lens=replace(visit.lens, rules=seen.state.rules))
    return View(framed, seen.row, seen.state, seen.version, seen.root)


def look_at(visit: Visit, incident_id: str, moment: Moment) -> View:
    """Give an incident as it was recorded at a moment; its clocks stand at that moment."""
    as_of = at_moment(visit.house, visit.who.actor, incident_id, moment)
    state = as_of.state
    framed = replace(visit, lens=replace(visit.lens, rules=state.rules, now=as_of.at))
    return View(
        framed,
        as_of.row,
        state,
        as_of.row.version,
        "",
        as_of=as_of.seq,
        read_at=visit.lens.now,
        to_come=as_of.to_come,
    )


# ---------------------------------------------------------------- the head


def head_of(view: View) -> Drawn:
    """Give what the frame of every page about an incident shows."""
    state, lens = view.state, view.lens
    since = known_since(state) or view.row.created_at
    return {
        "id": view.row.id,
        "href": view.address,
        "title": title_of(lens, state),
        "grade": str(state.report.grade),
        "grade_word": lens.word(state.report.grade),
        "provisional": is_provisional(state),
        "since": lens.moment(since),
        "lead": lead_of(lens, state),
        "drill": bool(view.row.drill),
        "sub": subtitle_of(lens, state),
        "stages": rail_of(view),
        "as_of": view.reading_lens.moment(state.last_at) if view.as_of is not None else None,
        "seq": view.as_of,
        "size": view.row.size,
        "version": view.version,
        "closed": lens.moment(state.review.closed_at),
    }


def lead_of(lens: Lens, state: Incident) -> Drawn:
    """Say who leads: the commander, the deputy while they are away, or who is asked to."""
    role = str(Role.INCIDENT_COMMANDER)
    named = state.people.roles.get(role)
    carried = (named.carried_by if named else None) or state.report.commander
    listed = [one.id for one in lens.names.holders(role)]
    if not carried and role in state.people.absences and listed:
        carried = listed[0]
    if carried and role in state.people.absences:
        deputy = named.deputy if named else None
        deputies = [deputy] if deputy else [one.id for one in lens.names.deputies(role)]
        away = lens("%(name)s leads and is away", name=lens.person(carried))
        if not deputies:
            return {"text": away, "tone": "warning"}
        names = lens.listed(map(lens.person, deputies))
        return {"text": lens("%(away)s; deputy: %(names)s", away=away, names=names), "tone": ""}
    if carried:
        return {"text": lens("led by %(name)s", name=lens.person(carried)), "tone": ""}
    if named:
        told = lens("%(name)s is to lead, not accepted yet", name=lens.person(named.person))
        return {"text": told, "tone": "warning"}
    asked = lens.listed(map(lens.person, listed))
    if asked:
        told = lens("nobody has taken the lead yet; it is for %(names)s", names=asked)
        return {"text": told, "tone": "warning"}
    return {"text": lens("nobody can lead: no one holds the role"), "tone": "critical"}


def title_of(lens: Lens, state: Incident) -> str:
    """Name an incident for people: its products and lots; never a person."""
    products = lens.products(state.report.products)
    lots = state.report.lots
    if not products:
        return lens("Nothing was recorded yet")
    if not lots:
        return lens("%(products)s, lot not known yet", products=products)
    told = lens.listed(lots[:3]) + (" …" if len(lots) > 3 else "")
    if len(lots) == 1:
        return lens("%(products)s, lot %(lots)s", products=products, lots=told)
    return lens("%(products)s, lots %(lots)s", products=products, lots=told)


def subtitle_of(lens: Lens, state: Incident) -> str:
    """Say what is wrong and who was hurt, as the answers have it."""
    answers = state.report.answers
    fault = lens.word(answers.fault) if answers.fault != "unknown" else ""
    return " · ".join(part for part in (fault, _hurt(lens, state.report)) if part)


def _hurt(lens: Lens, report: ReportState) -> str:
    """Say how many people are hurt, and how many of them are registered when not all are."""
    hurt, registered = report.people_hurt, len(report.cases)
    besides = told_besides(lens, report)
    if not hurt:
        return besides
    told = lens.words.ngettext("%(n)s person hurt", "%(n)s people hurt", hurt) % {"n": hurt}
    if 0 < registered < hurt:
        told = lens("%(hurt)s (%(n)s registered)", hurt=told, n=str(registered))
    return " · ".join(filter(None, (told, besides)))


def rail_of(view: View) -> list[Drawn]:
    """Give the seven stages with their state and where their pages stand."""
    late = late_stages(view.state, view.due(), view.lens.now)
    words = stage_words(view.state)
    if view.state.review.closed_at is not None:
        # What was left open at the seal has its reason there; nothing goes on behind it.
        words = {stage: _at_rest(view.state, stage, word) for stage, word in words.items()}
    stops = rail_words(view.lens, words, late, deciding(view.state))
    return [{**stop, "href": stage_address(view, Stage(stop["name"]))} for stop in stops]


def late_stages(state: Incident, found: Iterable[Due], now: datetime) -> dict[str, str]:
    """Name the stages in which a time is over: `late`, or `passed` where it is ours alone."""
    over = [due for due in found if due.due_at < now]
    over.sort(key=lambda due: not is_our_time(state, due))
    return {str(due.stage): "passed" if is_our_time(state, due) else "late" for due in over}


def rail_words(
    lens: Lens, words: Mapping[str, str], late: Mapping[str, str], decide: Collection[str]
) -> list[Drawn]:
    """Give the seven stops: what is late, what is to be signed, a target of ours, then the rest."""
    return [
        {
            "name": stage,
            "title": lens(STAGE[Stage(stage)]),
            **_stop(lens, words, late, decide, stage),
        }
        for stage in map(str, SEVEN_STAGES)
    ]


def deciding(state: Incident) -> frozenset[str]:
    """Name the stages in which an act waits for signatures; behind the seal nothing does."""
    if state.review.closed_at is not None:
        return frozenset()
    return frozenset(str(COMMANDS[p.command["type"]].stage) for p in state.pending.values())


def stage_address(view: View, stage: Stage) -> str:
    """Give the page of a stage, in the time the view is of."""
    if view.as_of is not None:
        return f"{view.address}/at/{view.as_of}/{stage}"
    return f"{view.address}/{stage}"


def _at_rest(state: Incident, stage: str, word: str) -> str:
    """Give what a stage is called behind the seal; one that left something never says done."""
    left = left_in(state, stage) if word != "none" else ""
    return left or _AT_REST.get(word, word)


_AT_REST: Final = {"running": "done", "waiting": "done"}
"""What a stage is called once the incident is sealed."""

_SHAPES: Final = {"none": "waiting", "not_needed": "none", "left": "waiting", "stopped": "waiting"}
"""The shape of a stage's word, where it is not called alike."""


def _stop(
    lens: Lens,
    words: Mapping[str, str],
    late: Mapping[str, str],
    decide: Collection[str],
    stage: str,
) -> Drawn:
    if late.get(stage) == "late":
        return {"state": "late", "word": lens("overdue")}
    if stage in decide:
        return {"state": "decide", "word": lens("to sign")}
    if stage in late:
        return {"state": "passed", "word": lens("our own target passed")}
    word = words.get(stage, "none")
    return {"state": _SHAPES.get(word, word), "word": lens.words.of("stage_word", word)}


def late_share(start: datetime, due: datetime, now: datetime) -> int:
    """Give how much of a time is used, in percent; over 100 is late, shown up to 400."""
    whole = (due - start).total_seconds()
    if whole <= 0:
        return 100 if now < due else 101
    return max(0, min(400, int(100 * (now - start).total_seconds() / whole)))


LANGUAGES_FIRST: Final = ("zh-CN", "en", "de", "fr", "ja", "ko", "es", "it")
"""Languages that forms offer, as texts are written in them."""


def language_of_page(view: View) -> str:
    """Give the language that what is typed is taken to be in."""
    return "zh-CN" if view.lens.words.is_chinese else "en"
