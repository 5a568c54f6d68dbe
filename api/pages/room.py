"""An inspector's room: what was opened for somebody from an authority, to read and to ask.

What belongs here: the door with its code, the pages of a room and its files, and its questions.
What never does: what a part shows (room_parts.py), or who may open a room (domain/rooms.py).

Everything here needs no account and no script, leads nowhere into the console, and carries the mark
of the room: on the page, on paper, and in the first line of each file. Whatever is looked at is
noted in the company's log before it is shown.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from api.access import address_of, house_of, is_secure
from api.files_given import INERT
from api.pages import room_parts
from api.pages.frame import Visit, lens_of, see_other
from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from api.pages.moment_words import with_zone
from api.pages.preview import kept_nowhere
from api.pages.room_mark import mark_of, watermark
from api.pages.sent_forms import SentForm, sent_form
from api.rendering import keep_visitor, language_of, page_of, render
from domain.errors import Malformed, NotConfirmed, NotFound, Refused, TooMany
from domain.people import inspector_actor
from domain.rooms import QUESTION_LENGTH, NotLetIn
from domain.state.rooms import RoomPart, RoomQuestion
from domain.wire import text_fault
from services import room_doors, rooms
from services.company import about_company
from services.house import House
from services.people import GUESSES_PER_ADDRESS, GUESSES_PER_NAME, Signed
from services.rooms import ENTERED, ROOMS, OpenRoom
from storage import company

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

COOKIE: Final = "andon_room"
CODES_TRIED: Final = 5
"""Codes that may be tried at one room within five minutes, from all addresses together."""

READS_AT_ONCE: Final = 600
"""Parts, entries and files of one room that are given within five minutes: two in a second."""

ANSWER_WITHIN: Final = timedelta(days=90)
PARTS_DEEP: Final = 2


@dataclass(frozen=True)
class _Form:
    """What was typed into a form of the room, and what is wrong with it."""

    typed: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    told: str = ""


class _NotInRoom(Exception):
    """Whoever was let in asked for what is not in the room: the room itself answers."""


# ---------------------------------------------------------------- who is there


def _way(request: Request) -> tuple[str, list[str]]:
    """Give the address of the room and what stands behind it, as the path came."""
    path: str = request.scope["path"]
    address, *more = path.removeprefix(ROOMS).split("/")
    return address, more


def _found(request: Request) -> OpenRoom:
    """Give the room; a wrong address is counted for where it came from. Raises NotFound."""
    house = house_of(request)
    found = rooms.behind(house, _way(request)[0])
    if isinstance(found, OpenRoom):
        return found
    if found is not None:
        room_doors.note_ended(house, found.incident, found.room, found.why, address_of(request))
    key = f"room {address_of(request)}"
    request.app.state.attempts.note(key, GUESSES_PER_ADDRESS, house.now().timestamp())
    raise _nothing()


def _nothing() -> NotFound:
    return NotFound("There is nothing at this address.", "Ask whoever gave you the link.")


def _is_in(request: Request, found: OpenRoom) -> bool:
    return rooms.is_pass(house_of(request), found, request.cookies.get(COOKIE, ""))


def _here(found: OpenRoom) -> str:
    return f"{ROOMS}{found.address}"


def _view(request: Request, found: OpenRoom) -> View:
    """Look at the incident as the room shows it."""
    house, actor = house_of(request), inspector_actor(found.room.id)
    lens = replace(lens_of(house, None, request), rules=found.incident.rules)
    who = Signed(
        id=actor.id,
        name_en=found.inspector,
        name_zh=found.inspector,
        language=language_of(request),
        actor=actor,
    )
    visit = Visit(request, house, who, lens)
    return View(visit, found.row, found.incident, found.version, "", room=found.room)


# ---------------------------------------------------------------- asked


@router.get("/rooms/{rest:path}")  # noqa: FAST003 - the path as it came
def show(request: Request) -> Response:
    """Show the door, the room, one of its parts or a file; inside it nothing else is there.

    Raises NotFound alike for every address that is no room's.
    """
    found, (_, more) = _found(request), _way(request)
    if not _is_in(request, found):
        return _door(request, found)
    if not more:
        return _room(request, found, _Form())
    try:
        return _inside(request, found, more)
    except _NotInRoom:
        view = _view(request, found)
        title = view.lens("This is not in the room")
        return _page(view, found, "nothing.html", status=404, title=title, part="-")


def _inside(request: Request, found: OpenRoom, more: list[str]) -> Response:
    """Show a part or a file of the room. Raises _NotInRoom."""
    _count(request, f"room read {found.address}", READS_AT_ONCE, _many_read())
    if len(more) > PARTS_DEEP or not all(more):
        raise _NotInRoom
    if more[0] == "files" and len(more) == PARTS_DEEP:
        return _file(request, found, more[1])
    return _part(request, found, more)


def _part(request: Request, found: OpenRoom, more: list[str]) -> Response:
    """Show a part of the room, or one entry of its ledger."""
    part = next((one for one in found.room.parts if one == more[0]), None)
    seq = _number(more[1]) if len(more) == PARTS_DEEP else None
    if part is None or (len(more) == PARTS_DEEP and (seq is None or part is not RoomPart.LEDGER)):
        raise _NotInRoom
    if seq is not None and not 1 <= seq <= found.incident.size:
        raise _NotInRoom
    after = room_parts.page_start(
        _number(request.query_params.get("after", "0")) or 0, found.incident.size
    )
    # What is there is found first: a line of the log tells of nothing that was never shown.
    if part in room_parts.PAGED and seq is None:
        item = str(after + 1) if after else ""
    else:
        item = f"#{seq}" if seq is not None else ""
    rooms.note(house_of(request), found, part, item)
    view = _view(request, found)
    if seq is None:
        shown = room_parts.shown(view, _here(found), part, after)
    else:
        shown = room_parts.shown_entry(view, _here(found), seq)
    lens = view.lens
    values: Drawn = {
        "title": lens("Entry %(seq)s", seq=seq) if seq else lens.word(part),
        "part": part,
        "shown": shown,
        "files": [
            {"name": name, "href": f"{_here(found)}/files/{name}"}
            for name, one in room_parts.FILES.items()
            if one.part is part and seq is None
        ],
        "base": f"{_here(found)}/{part}",
    }
    return _page(view, found, "part.html", **values)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _file(request: Request, found: OpenRoom, name: str) -> Response:
    """Give a file of a part that was chosen; its first line is the mark."""
    file = room_parts.FILES.get(name)
    if file is None or file.part not in found.room.parts:
        raise _NotInRoom
    rooms.note(house_of(request), found, file.part, name)
    view = _view(request, found)
    content = file.made(view, mark_of(view.lens, found))
    told = f"{found.incident.id}-{found.room.id}-{name}"
    headers = {
        "Content-Disposition": f'attachment; filename="{told}"',
        "Content-Security-Policy": INERT,
    }
    return kept_nowhere(Response(content, media_type=file.media_type, headers=headers))


def _room(request: Request, found: OpenRoom, form: _Form, status: int = 200) -> Response:
    """Show what the room is for, its parts, and its questions."""
    view = _view(request, found)
    lens = view.lens
    values: Drawn = {
        "title": lens("Room %(room)s", room=found.room.id),
        "part": "",
        "purpose": found.room.purpose,
        "until": with_zone(lens, found.room.until_at),
        "classes": [lens.words.member(one) for one in found.room.classes],
        "questions": _questions(view, found),
        "form": form,
        "longest": QUESTION_LENGTH,
        "key": form.typed.get("key") or secrets.token_urlsafe(12),
    }
    return _page(view, found, "index.html", status=status, **values)


def _questions(view: View, found: OpenRoom) -> list[Drawn]:
    """Give what was asked in this room and what was answered, the newest first."""
    asked = found.questions
    texts = [one.words for one in asked] + [each.words for one in asked for each in one.answers]
    words = rooms.open_words(view.visit.house, texts)
    return [_question(view.lens, one, words) for one in reversed(asked)]


def _question(lens: Lens, one: RoomQuestion, words: Mapping[str, str]) -> Drawn:
    return {
        "id": one.id,
        "words": words.get(one.words.ref, ""),
        "asked": lens.moment(one.asked_at),
        "answer_by": lens.moment(one.answer_by),
        "answers": [
            {"words": words.get(each.words.ref, ""), "at": lens.moment(each.at)}
            for each in one.answers
        ],
    }


def _page(
    view: View, found: OpenRoom, template: str, *, status: int = 200, **values: Any
) -> Response:
    request, house, lens = view.visit.request, view.visit.house, view.lens
    page = page_of(request, None, zone=lens.zone_name)
    mark = mark_of(lens, found)
    response = render(
        f"console/room/{template}",
        page,
        status=status,
        company=_company(house, lens),
        mark=mark,
        watermark=watermark(mark),
        room=found.room.id,
        incident=found.incident.id,
        about=lens.products(found.incident.report.products),
        home=_here(found),
        parts=[
            {
                "title": lens.word(one),
                "href": f"{_here(found)}/{one}",
                "current": one == values["part"],
            }
            for one in found.room.parts
        ],
        answered=_answered(found),
        waiting=sum(not one.answers for one in found.questions),
        drill=bool(found.row.drill),
        demo=company.is_demo(house.engine),
        **values,
    )
    keep_visitor(request, response)
    return kept_nowhere(response)


def _answered(found: OpenRoom) -> list[str]:
    """Name the questions that have an answer, the one that was answered last first."""
    answered = [one for one in found.questions if one.answers]
    return [one.id for one in sorted(answered, key=lambda one: one.answers[-1].seq, reverse=True)]


def _company(house: House, lens: Lens) -> str:
    kept = about_company(house)
    return str(lens.words.pick(kept.get("name_en", ""), kept.get("name_zh", "")))


# ---------------------------------------------------------------- pressed


@router.post("/rooms/{rest:path}")  # noqa: FAST003 - the path as it came
async def press(request: Request) -> Response:
    """Take the code at the door, or a question in the room."""
    # Read first: a room that was closed meanwhile gives back what was typed (`nothing_here`).
    form, (_, more) = await sent_form(request), _way(request)
    request.state.words = _typed(form).get("words", "")[:QUESTION_LENGTH]
    found = await run_in_threadpool(_found, request)
    if not more:
        return await run_in_threadpool(_enter, request, found, _typed(form).get("code", ""))
    if more != ["ask"] or not _is_in(request, found):
        raise _nothing()
    return await _ask(request, found, form)


def _typed(form: SentForm) -> dict[str, str]:
    return {name: one for name, one in form.multi_items() if isinstance(one, str)}


def _enter(request: Request, found: OpenRoom, code: str) -> Response:
    """Let in whoever gives the code; tries are counted for the room, whoever makes them."""
    house, attempts = house_of(request), request.app.state.attempts
    key = f"room code {found.address}"
    try:
        attempts.note(key, CODES_TRIED, house.now().timestamp())
    except TooMany:
        # What is answered is the same for every code; that it was wrong is noted and counted.
        right = rooms.is_code(house, found, code[:60])
        _note_refused(request, found, NotLetIn.DOOR_SHUT if right else NotLetIn.WRONG_CODE)
        return _door(request, found, "many", 429, attempts.full_until(key))
    if not rooms.is_code(house, found, code[:60]):
        _note_refused(request, found, NotLetIn.WRONG_CODE)
        return _door(request, found, "wrong", 403)
    attempts.forget(key)
    rooms.note(house, found, ENTERED)
    response = see_other(_here(found))
    response.set_cookie(
        COOKIE,
        rooms.pass_of(house, found),
        path=_here(found),
        max_age=int(rooms.PASS_LASTS.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=is_secure(house.settings),
    )
    return kept_nowhere(response)


def _note_refused(request: Request, found: OpenRoom, why: NotLetIn) -> None:
    """Note who was not let in, before it is said at the door."""
    names = (found.incident.id, found.room.id)
    room_doors.note(house_of(request), *names, why, address_of(request))


def _door(
    request: Request,
    found: OpenRoom,
    wrong: str = "",
    status: int = 200,
    shut_until: float | None = None,
) -> Response:
    """Ask for the code; nothing of the incident stands on this page. `shut_until` is POSIX time."""
    house, lens = house_of(request), lens_of(house_of(request), None, request)
    page = page_of(request, None)
    response = render(
        "console/room/door.html",
        page,
        status=status,
        company=_company(house, lens),
        home=_here(found),
        wrong=wrong,
        shut_until=_minute_after(lens, shut_until),
        digits=rooms.CODE_DIGITS,
    )
    keep_visitor(request, response)
    return kept_nowhere(response)


def _minute_after(lens: Lens, at: float | None) -> str:
    """Write until when the door is shut, as the full minute from which on it is open again."""
    if at is None:
        return ""
    opens = datetime.fromtimestamp(ceil(at / 60) * 60, UTC)
    return f"{lens.when(opens)} ({lens.zone_name})"


async def _ask(request: Request, found: OpenRoom, form: SentForm) -> Response:
    """Record a question; what cannot be taken is shown again as it was typed."""
    house, typed = house_of(request), _typed(form)
    lens = await run_in_threadpool(lens_of, house, None, request)
    wrong, answer_by = _read(lens, form, typed)
    if wrong:
        return await run_in_threadpool(_room, request, found, _Form(typed, wrong), 422)
    key = typed.get("key", "")[:60]
    try:
        _count(request, f"room asked {found.address}", GUESSES_PER_NAME, _many_asked())
        await rooms.ask(house, found, typed["words"].strip(), answer_by, key)
    except (Malformed, Refused, TooMany, NotConfirmed) as error:
        status = {TooMany: 429, NotConfirmed: 503, Malformed: 422}.get(type(error), 409)
        form_again = _Form(typed, told=lens.sentence(error.sentence))
        return await run_in_threadpool(_room, request, found, form_again, status)
    return kept_nowhere(see_other(f"{_here(found)}#questions"))


def _count(request: Request, key: str, limit: int, many: TooMany) -> None:
    """Count one question, or one thing that is read, of the last five minutes. Raises `many`."""
    now = house_of(request).now().timestamp()
    try:
        request.app.state.attempts.note(key, limit, now)
    except TooMany as told:
        raise many from told


def _many_read() -> TooMany:
    return TooMany("Many pages were read within minutes.", "Try again in some minutes.")


def _many_asked() -> TooMany:
    return TooMany("Many questions were sent within minutes.", "Try again in some minutes.")


def _read(
    lens: Lens, form: SentForm, typed: Mapping[str, str]
) -> tuple[dict[str, str], datetime | None]:
    """Say what is wrong with a question, by field, and read the time it asks for."""
    wrong: dict[str, str] = {}
    words, by, at = typed.get("words", "").strip(), typed.get("answer_by", "").strip(), None
    if not words:
        wrong["words"] = lens("Write your question.")
    elif len(words) > QUESTION_LENGTH:
        wrong["words"] = lens("At most %(n)s characters.", n=QUESTION_LENGTH)
    elif text_fault(words, QUESTION_LENGTH) is not None or "words" in form.unreadable:
        wrong["words"] = lens("Some signs could not be read: type it again.")
    if by:
        at = _moment(lens, by)
        if at is None or not lens.now < at <= lens.now + ANSWER_WITHIN:
            wrong["answer_by"] = lens("Give a time within the next 90 days, or leave it empty.")
    return wrong, at


def _moment(lens: Lens, text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text[:32])
    except ValueError:
        return None
    return at.replace(tzinfo=at.tzinfo or lens.zone)
