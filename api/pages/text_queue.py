"""The texts of all incidents that wait for something, the reader's next decision first.

What belongs here: which rows there are, in which order, and how each is told. What never does: what
a text waits for (domain/text_waits.py), who may act (`decide`), or who may see an incident
(services/reading.py).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.responses import HTMLResponse, Response

from api.pages.frame import Guest, Visit
from api.pages.keeping import Kept
from api.pages.lens import Drawn
from api.pages.looking import View, title_of
from api.pages.stage_statement import TONES, kind_name, text_address
from api.pages.text_waiting import Asked, is_mine, wait_told, ways_on
from domain.errors import NotFound
from domain.people import SEES_INCIDENTS
from domain.severity import Grade
from domain.text_waits import (
    WRONG,
    Unbegun,
    Wait,
    Waiting,
    next_rung,
    unbegun_texts,
    waiting_texts,
)
from services import reading
from storage import incidents

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

PAGE: Final = 50
ALL: Final = "all"
OWN: Final = "own"
"""What the filter of the page leaves: everything, or what the reader can bring on."""
NEVER: Final = datetime.max.replace(tzinfo=UTC)

_has_texts = Kept()


class Part(StrEnum):
    """A part of the queue, in the order in which they stand."""

    WRONG = "wrong"
    APPROVE = "approve"
    CHANGE = "change"
    WRITE = "write"
    PUBLISH = "publish"
    LOOK = "look"
    TIMED = "timed"
    OTHERS = "others"
    DRAFTS = "drafts"


_PARTS: Final = {
    **dict.fromkeys(WRONG, Part.WRONG),
    Wait.PUBLISH: Part.PUBLISH,
    Wait.LOOK: Part.LOOK,
    Wait.TIME: Part.TIMED,
    Wait.EMBARGO: Part.TIMED,
    Wait.RECORD: Part.TIMED,
    Wait.SENDING: Part.TIMED,
    Wait.HAND_IN: Part.DRAFTS,
    Wait.FILL_IN: Part.DRAFTS,
}
"""Where a text stands, whoever reads; the rest stands first for whom it waits."""

_OWN: Final = {Wait.APPROVE: Part.APPROVE, Wait.CHANGE: Part.CHANGE, Wait.WRITE: Part.WRITE}
"""Where a text stands for whom it waits."""


@dataclass(frozen=True)
class Row:
    """A text that waits, as one reader finds it; `mine` says that this person can end the wait."""

    view: View
    waiting: Asked
    mine: bool

    @property
    def part(self) -> Part:
        """Say in which part of the queue it stands."""
        wait = self.waiting.wait
        if wait in _PARTS:
            return _PARTS[wait]
        return _OWN[wait] if self.mine else Part.OTHERS


@router.get("/texts")
def show(
    guest: Guest,
    incident: Annotated[str, Query(max_length=40)] = ALL,
    mine: Annotated[str, Query(max_length=3)] = ALL,
    page: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> Response:
    """List the texts that wait, of one incident or of all, for everybody or for the reader."""
    rows = queue(guest)
    here = rows if incident == ALL else queue(guest, incident)
    found = [row for row in here if mine != OWN or row.mine]
    address = "/texts?" + urlencode({"incident": incident, "mine": mine})
    return guest.show(
        "texts.html",
        parts=_in_parts(guest, found[page * PAGE : (page + 1) * PAGE]),
        count=len(found),
        own=sum(row.mine for row in rows),
        fields=_filter(guest, rows, incident, mine),
        filtered=(incident, mine) != (ALL, ALL),
        empty=_nothing(guest, rows),
        earlier=f"{address}&page={page - 1}" if page else "",
        later=f"{address}&page={page + 1}" if len(found) > (page + 1) * PAGE else "",
    )


def queue(guest: Visit, incident: str = ALL) -> list[Row]:
    """Give the texts that wait in the open incidents that the reader may see, in their order.

    Of very many incidents the board's, the most urgent; of one `incident` wherever it stands.
    """
    rows = [
        Row(view, one, is_mine(view, one))
        for view in _views(guest, incident)
        for one in _asked(view)
    ]
    order = list(Part)
    # What stands first on the board stands first among those of one time.
    return sorted(rows, key=lambda row: (order.index(row.part), row.waiting.by_at or NEVER))


def _asked(view: View) -> Iterable[Asked]:
    yield from unbegun_texts(view.state)
    yield from waiting_texts(view.state, view.lens.now)


def _views(guest: Visit, incident: str) -> Iterable[View]:
    """Give the open incidents that hold or ask for texts, the most urgent first."""
    house = guest.house
    for row in _rows(guest, incident):
        key = (str(house.engine.url), row.id, row.version)
        if not row.is_open or not _has_texts.get(key, partial(_is_about_texts, guest, row)):
            continue
        stored = incidents.load_state(house.engine, row.id)
        if stored is None:
            continue
        state = reading.kept_state(house, row.id, stored)
        framed = replace(guest, lens=replace(guest.lens, rules=state.rules))
        yield View(framed, row, state, stored.version, stored.root)


def _rows(guest: Visit, incident: str) -> list[incidents.IncidentRow]:
    if incident == ALL:
        return reading.board(guest.house, guest.who.actor)
    try:
        return [reading.visible(guest.house, guest.who.actor, incident)]
    except NotFound:
        return []


def _is_about_texts(guest: Visit, row: incidents.IncidentRow) -> bool:
    stored = incidents.load_state(guest.house.engine, row.id)
    if stored is None:
        return False
    state = reading.kept_state(guest.house, row.id, stored)
    return bool(state.statement.statements or unbegun_texts(state))


# ---------------------------------------------------------------- drawn


def _in_parts(guest: Visit, rows: Iterable[Row]) -> list[Drawn]:
    """Give the rows under the headings of their parts; one press is the first of all."""
    parts: dict[Part, Drawn] = {}
    for number, row in enumerate(rows):
        title = guest.lens.word(row.part)
        part = parts.setdefault(row.part, {"id": str(row.part), "title": title, "rows": []})
        part["rows"].append({**_row(row), "first": number == 0 and row.mine})
    return list(parts.values())


def _row(row: Row) -> Drawn:
    view, one, lens = row.view, row.waiting, row.view.lens
    told = _text(view, one) if isinstance(one, Waiting) else _to_write(view, one)
    own = lens.words.of("wait_act", one.wait) if row.mine else ""
    return {
        **wait_told(view, one),
        "incident": view.row.id,
        "incident_href": view.address,
        "incident_title": title_of(lens, view.state),
        "grade": view.row.grade or str(view.state.report.grade),
        "drill": bool(view.row.drill),
        **told,
        "act": own or told["act"],
        "href": ways_on(view, one)[0]["href"] if row.mine and told["form"] else told["href"],
    }


def _text(view: View, one: Waiting) -> Drawn:
    """Give what a row says of a text that is begun; its button leads to its page."""
    lens, text = view.lens, one.text
    return {
        "title": f"{text.id} · {lens.title_of(text)}",
        "href": text_address(view, text.id),
        "kind": kind_name(view, text.kind),
        "languages": lens.listed(map(lens.language, text.languages)),
        "status": lens.word(text.status),
        "tone": "critical" if one.wait in WRONG else TONES[text.status],
        "act": lens("Read it"),
        "form": False,
    }


def _to_write(view: View, one: Unbegun) -> Drawn:
    """Give what a row says of a text that nobody has begun; its button leads to the form."""
    lens = view.lens
    return {
        "title": kind_name(view, one.kind),
        "href": f"{view.address}/statement",
        "kind": lens.words.of("demand", one.what),
        "languages": "",
        "status": lens("not begun"),
        "tone": "warning",
        "act": lens("Look at it"),
        "form": True,
    }


# ---------------------------------------------------------------- filtered, or empty


def _filter(guest: Visit, rows: Iterable[Row], incident: str, mine: str) -> list[Drawn]:
    """Give the fields of the filter: the incidents that have a row here, and the reader's own."""
    lens = guest.lens
    named = {row.view.row.id: title_of(row.view.lens, row.view.state) for row in rows}
    if incident != ALL:
        named.setdefault(incident, "")
    numbers = {
        number: " · ".join(filter(None, (number, title))) for number, title in sorted(named.items())
    }
    own = {ALL: lens("All that wait"), OWN: lens("Only what I can bring on")}
    return [
        _select("incident", lens("Incident"), incident, {ALL: lens("All incidents"), **numbers}),
        _select("mine", lens("Which"), mine if mine in own else ALL, own),
    ]


def _select(name: str, label: str, value: str, offered: Mapping[str, str]) -> Drawn:
    choices = [{"value": each, "label": words} for each, words in offered.items()]
    return {"name": name, "label": label, "value": value, "choices": choices}


def _nothing(guest: Visit, rows: Iterable[Row]) -> str:
    """Say why no text is shown: none waits, the filter leaves none, or they are not to be seen."""
    lens = guest.lens
    if any(True for _ in rows):
        return lens("No text of this choice waits for anything.")
    if guest.who.actor.holds(SEES_INCIDENTS):
        return lens("No text waits for anything.")
    return lens(
        "Your roles do not show you all incidents: whether a text of theirs waits is not said here."
    )


# ---------------------------------------------------------------- as plain JSON


def document(row: Row) -> Drawn:
    """Give a row as plain JSON; of a text that nobody has begun there is only its kind."""
    one = row.waiting
    rung = next_rung(row.view.state, one)
    return {
        "incident": row.view.row.id,
        "drill": row.view.row.drill,
        "grade": row.view.row.grade or str(row.view.state.report.grade or Grade.MINOR),
        **(_text_document(row.view, one) if isinstance(one, Waiting) else _no_text(row.view, one)),
        "waits_for": str(one.wait),
        "acts": [name for name, _item in one.answers],
        "mine": row.mine,
        "since": one.since_at.isoformat() if one.since_at else None,
        "by": one.by_at.isoformat() if one.by_at else None,
        "escalates_at": rung.at.isoformat() if rung else None,
    }


def _text_document(view: View, one: Waiting) -> Drawn:
    text = one.text
    return {
        "statement": text.id,
        "version": text.version,
        "kind": text.kind,
        "title": view.lens.title_of(text),
        "languages": list(text.languages),
        "status": str(text.status),
        "href": text_address(view, text.id),
    }


def _no_text(view: View, one: Unbegun) -> Drawn:
    return {
        "statement": None,
        "version": None,
        "kind": one.kind,
        "title": kind_name(view, one.kind),
        "languages": [],
        "status": None,
        "href": f"{view.address}/statement",
    }
