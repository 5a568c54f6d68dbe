"""Personal data for the privacy officer and legal: find, ask, confirm, keep, hold.

What belongs here: the pages and their forms. What never does: a rule, or a key. A person's name is
searched for by POST alone: an address stands in histories and logs.
"""

import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from api.pages import privacy_rows as rows
from api.pages.frame import Guest, Visit, form_of, raw_texts, see_other
from api.pages.kept_until import keeping_block, records_block
from api.pages.lens import Drawn
from api.typed import Raw
from domain.erasure import ASKS, CONFIRMS, Basis, require_asker
from domain.errors import AndonError, Malformed
from domain.people import Actor, Role
from domain.retention import Keeps
from domain.values import is_case
from services import erasing, holding, retention, subjects
from services.erasing_wish import Wish
from services.retention import Keeping
from services.subjects import Subject
from storage import company

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

ENDED_SHOWN: Final = 50
Text = Annotated[str, Query(max_length=80)]


def _may(actor: Actor, roles: tuple[Role, ...]) -> bool:
    return actor.holds(roles) or actor.stands_in_for(roles)


def _show(guest: Visit, template: str, **values: Any) -> Response:
    """Show a page that nothing keeps: it holds what people told in confidence."""
    answer = guest.show(
        template,
        csrf=guest.who.csrf,
        command_id=values.pop("token", "") or uuid.uuid4().hex,
        asks=_may(guest.who.actor, ASKS),
        confirms=_may(guest.who.actor, CONFIRMS),
        **values,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


# ---------------------------------------------------------------- the page over all


@router.get("/privacy")
def everything(guest: Guest) -> Response:
    """Show open requests, what is due, holds, and what was erased."""
    erasing.require_reader(guest.who.actor)
    return _everything(guest)


def _everything(guest: Visit, *, status: int = 200, **more: Any) -> Response:
    lens, found = guest.lens, erasing.requests(guest.house)
    waiting = [one for one in found if one.state == "asked"]
    ended = [one for one in found if one.state != "asked"][:ENDED_SHOWN]
    kept = retention.closed(guest.house, erasing.emptied(guest.house))
    held = rows.every_hold(guest)
    today = guest.house.now().date()
    return _show(
        guest,
        "privacy.html",
        status=status,
        waiting=rows.request_rows(
            lens, waiting, lens("Requests that wait"), lens("No request waits.")
        ),
        confirmable=_confirmable(guest, waiting),
        due=rows.due_rows(lens, kept),
        deletable=_deletable(guest, [one for one in kept if one.kept.is_due(today)]),
        holds=rows.hold_rows(lens, held),
        releasable=[one.id for one in rows.standing(held) if one.placed_by != guest.who.id],
        ended=rows.request_rows(
            lens, ended, lens("Erased, and withdrawn"), lens("Nothing was erased yet.")
        ),
        **_fields(guest, {}, ""),
        **{"errors": (), "found": None, "choices": None, "looked": "", **more},
    )


def _confirmable(guest: Visit, waiting: Sequence[Any]) -> Drawn | None:
    """Give the requests that this person may confirm, as boxes to tick."""
    lens = guest.lens
    theirs = [one for one in waiting if one.by != guest.who.id]
    if not theirs or not _may(guest.who.actor, CONFIRMS):
        return None
    return {
        "kind": "checkboxes",
        "name": "requests",
        "label": lens("Erase for ever"),
        "help": lens("Read each request first. Nobody can undo it."),
        "value": [],
        "choices": [
            {
                "value": one.id,
                "label": f"{one.id} · {rows.whose(lens, one)['text']}",
                "help": rows.whose(lens, one)["sub"],
            }
            for one in theirs
        ],
    }


def _deletable(guest: Visit, due: Sequence[Keeping]) -> Drawn | None:
    """Give what is due for deletion as boxes to tick, for who may ask for it."""
    if not due or not _may(guest.who.actor, ASKS):
        return None
    lens = guest.lens
    return {
        "kind": "checkboxes",
        "name": "streams",
        "label": lens("Ask to erase what people told in these"),
        "help": lens("One request each; legal confirms them."),
        "value": [],
        "choices": [
            {"value": one.stream, "label": f"{one.stream} · {one.title}", "help": ""} for one in due
        ],
    }


@router.post("/privacy/find")
async def find(guest: Guest) -> Response:
    """Find by a number, or by words that stand in what people told."""
    raw = raw_texts(await form_of(guest.request, guest.who))
    return await run_in_threadpool(_found, guest, _one(raw, "number"), _one(raw, "words"))


def _found(guest: Visit, reference: str, words: str) -> Response:
    actor = guest.who.actor
    erasing.require_reader(actor)
    if not _may(actor, (*ASKS, *CONFIRMS)):
        return _everything(guest)
    try:
        found = _by_words(guest, words) if words.strip() else subjects.find(guest.house, reference)
    except AndonError as error:
        return _everything(guest, status=422, errors=_errors(guest, error), looked=reference)
    streams = {one.stream for one in found}
    if len(streams) == 1 and "" not in streams and not words.strip():
        ticked = [one.id for one in found] if subjects.names_one(reference) else []
        return _stream(guest, streams.pop(), ticked)
    loose = [one for one in found if not one.stream]
    return _everything(
        guest,
        found=rows.subject_rows(guest, found, guest.lens("Found")),
        choices=rows.subject_choices(guest, loose, ()) if loose else None,
        looked=reference,
    )


def _by_words(guest: Visit, words: str) -> list[Subject]:
    found = subjects.with_words(guest.house, words)
    told = {"person": guest.who.id, "found": len(found)}
    company.log(guest.house.engine, guest.house.now(), "PeopleSearched", told)
    return found


# ---------------------------------------------------------------- one incident or case


@router.get("/privacy/of/{stream}")
def of_stream(guest: Guest, stream: str, chosen: Text = "") -> Response:
    """Show what is kept of people in one incident or case, and the form that asks to erase it."""
    erasing.require_reader(guest.who.actor)
    return _stream(guest, stream, [chosen] if chosen else [])


def _stream(
    guest: Visit,
    stream: str,
    ticked: Iterable[str],
    *,
    typed: Raw | None = None,
    error: AndonError | None = None,
) -> Response:
    house, lens, typed = guest.house, guest.lens, typed or {}
    keeping, found = retention.of(house, stream), subjects.of_stream(house, stream)
    _note_read(guest, stream, found)
    chosen = typed.get("subjects") or [f"{stream}{rows.MARK}{name}" for name in ticked]
    return _show(
        guest,
        "privacy_stream.html",
        status=200 if error is None else 422,
        stream=stream,
        title=keeping.title if is_case(stream) else lens.products(keeping.title.split(", ")),
        back=rows.back_to(stream),
        kept=[keeping_block(lens, keeping), records_block(lens, keeping.kept)],
        subjects=rows.subject_rows(guest, found),
        choices=rows.subject_choices(guest, found, chosen),
        held=bool(keeping.kept.holds),
        errors=_errors(guest, error) if error else (),
        token=_one(typed, "command_id"),
        **_fields(guest, typed, stream),
    )


def _note_read(guest: Visit, stream: str, found: Sequence[Subject]) -> None:
    """Note in the log that somebody looked through what people told."""
    if any(one.words and one.erased_at is None for one in found):
        told = {"person": guest.who.id, "stream": stream}
        company.log(guest.house.engine, guest.house.now(), "SubjectsRead", told)


def _fields(guest: Visit, typed: Raw, stream: str) -> dict[str, Any]:
    """Give the fields of the form that asks for an erasure, as they were typed."""
    lens = guest.lens
    kept = retention.of(guest.house, stream).kept if stream else None
    return {
        "basis": rows.basis_field(lens, _one(typed, "basis")),
        "despite": rows.despite_field(lens, kept, typed.get("despite", [])) if kept else None,
        "reason": {
            "kind": "textarea",
            "name": "reason",
            "label": lens("Why is it erased?"),
            "help": lens("Kept encrypted. It does not stand in the log."),
            "required": True,
            "maxlength": 4000,
            "value": _one(typed, "reason"),
        },
        "reference": {
            "kind": "text",
            "name": "reference",
            "label": lens("Number of the person's request"),
            "help": lens("A number, never a name: it stands in the log for ever."),
            "maxlength": 60,
            "value": _one(typed, "reference"),
        },
        "addresses": {
            "kind": "textarea",
            "name": "addresses",
            "label": lens("Addresses whose messages in the outbox are emptied"),
            "help": lens("One a line: an e-mail address that messages went to."),
            "maxlength": 4000,
            "value": _one(typed, "addresses"),
        },
        "overruled": rows.overruled_field(lens, typed.get("despite", [])),
    }


# ---------------------------------------------------------------- asking


@router.post("/privacy/ask")
async def ask(guest: Guest) -> Response:
    """Ask to erase what is ticked: one request for each incident or case."""
    raw = raw_texts(await form_of(guest.request, guest.who))
    return await run_in_threadpool(_ask, guest, raw)


def _ask(guest: Visit, raw: Raw) -> Response:
    wanted: dict[str, list[str]] = {}
    for value in raw.get("subjects", []):
        stream, _, subject = value.partition(rows.MARK)
        wanted.setdefault(stream, []).append(subject)
    if not wanted and _one(raw, "addresses").strip():
        wanted[""] = []
    try:
        if not wanted:
            raise Malformed("Choose what is erased.", "Nothing was changed.")
        made = [_asked(guest, raw, stream, names) for stream, names in wanted.items()]
    except AndonError as error:
        return _refused(guest, raw, list(wanted), error)
    return see_other(f"/privacy/requests/{made[0]}" if len(made) == 1 else "/privacy")


def _asked(guest: Visit, raw: Raw, stream: str, names: Sequence[str]) -> str:
    addresses = [one.strip() for one in _one(raw, "addresses").splitlines()]
    wish = Wish(
        stream=stream,
        subjects=tuple(names),
        basis=_basis(_one(raw, "basis")),
        reason=_one(raw, "reason"),
        reference=_one(raw, "reference"),
        despite=tuple(one for one in Keeps if str(one) in raw.get("despite", [])),
        addresses=tuple(one for one in addresses if one),
    )
    key = f"{_one(raw, 'command_id')[:80]}:{stream}"
    return erasing.ask(guest.house, guest.who.actor, wish, key).id


def _basis(text: str) -> Basis:
    if text not in set(Basis):
        raise Malformed("Choose a ground.", "Nothing was changed.")
    return Basis(text)


def _refused(guest: Visit, raw: Raw, streams: Sequence[str], error: AndonError) -> Response:
    """Show the form again as it was typed, with what kept it from being taken."""
    require_asker(guest.who.actor)
    stream = streams[0] if streams else _one(raw, "stream")
    if stream:
        return _stream(guest, stream, (), typed=raw, error=error)
    return _everything(guest, status=422, errors=_errors(guest, error))


@router.post("/privacy/due")
async def ask_for_due(guest: Guest) -> Response:
    """Ask to erase everything that people told in what is due for deletion."""
    raw = raw_texts(await form_of(guest.request, guest.who))
    return await run_in_threadpool(_ask_for_due, guest, raw)


def _ask_for_due(guest: Visit, raw: Raw) -> Response:
    def asked() -> None:
        for stream in raw.get("streams", []):
            here = subjects.of_stream(guest.house, stream)
            wish = Wish(
                stream=stream,
                subjects=tuple(one.id for one in here if one.erased_at is None),
                basis=Basis.PERIOD_OVER,
                reason=guest.lens("The time for keeping it is over."),
            )
            if wish.subjects:
                key = f"{_one(raw, 'command_id')[:80]}:{stream}"
                erasing.ask(guest.house, guest.who.actor, wish, key)

    return _done_or_told(guest, asked)


# ---------------------------------------------------------------- one request


@router.get("/privacy/requests/{name}")
def one_request(guest: Guest, name: str) -> Response:
    """Show a request: what would be lost, what stands against it, and the two ways on."""
    erasing.require_reader(guest.who.actor)
    return _request(guest, name)


def _request(guest: Visit, name: str, error: AndonError | None = None) -> Response:
    one = erasing.request(guest.house, name)
    lens, kept = guest.lens, []
    if one.stream:
        keeping = retention.of(guest.house, one.stream)
        kept = [keeping_block(lens, keeping), records_block(lens, keeping.kept)]
        here = {each.id: each for each in subjects.of_stream(guest.house, one.stream)}
        found = [here[each] for each in one.subjects if each in here]
    else:
        found = [each for name in one.subjects for each in subjects.find(guest.house, name)]
    _note_read(guest, one.stream, found)
    return _show(
        guest,
        "privacy_request.html",
        status=200 if error is None else 409,
        one=one,
        request=rows.request_block(guest, one),
        subjects=rows.subject_rows(guest, found),
        kept=kept,
        own=one.by == guest.who.id,
        texts=sum(sum(each.texts.values()) - len(each.files) for each in found),
        files=sum(len(each.files) for each in found),
        errors=_errors(guest, error) if error else (),
    )


@router.post("/privacy/requests/{name}")
async def end_request(guest: Guest, name: str) -> Response:
    """Confirm a request, or withdraw it."""
    raw = raw_texts(await form_of(guest.request, guest.who))
    return await run_in_threadpool(_end, guest, name, _one(raw, "act"))


def _end(guest: Visit, name: str, act: str) -> Response:
    acts = {"confirm": erasing.confirm, "withdraw": erasing.withdraw}
    if act not in acts:
        return see_other(f"/privacy/requests/{name}")
    try:
        acts[act](guest.house, guest.who.actor, name)
    except AndonError as error:
        erasing.require_reader(guest.who.actor)
        return _request(guest, name, error)
    return see_other(f"/privacy/requests/{name}")


@router.post("/privacy/confirm")
async def confirm_several(guest: Guest) -> Response:
    """Confirm every request that is ticked."""
    raw = raw_texts(await form_of(guest.request, guest.who))

    def confirmed() -> None:
        for name in raw.get("requests", []):
            erasing.confirm(guest.house, guest.who.actor, name)

    return await run_in_threadpool(_done_or_told, guest, confirmed)


# ---------------------------------------------------------------- holds


@router.post("/privacy/holds")
async def hold(guest: Guest) -> Response:
    """Place a hold over something, or release one."""
    raw = raw_texts(await form_of(guest.request, guest.who))

    def done() -> None:
        house, actor = guest.house, guest.who.actor
        if released := _one(raw, "release"):
            holding.release(house, actor, released)
        else:
            holding.place(house, actor, _one(raw, "stream").strip(), _one(raw, "matter"))

    return await run_in_threadpool(_done_or_told, guest, done)


# ---------------------------------------------------------------- what pages share


def _done_or_told(guest: Visit, act: Callable[[], None]) -> Response:
    """Do something and lead back to the page; a refusal is shown there."""
    try:
        act()
    except AndonError as error:
        erasing.require_reader(guest.who.actor)
        return _everything(guest, status=422, errors=_errors(guest, error))
    return see_other("/privacy")


def _one(raw: Raw, name: str) -> str:
    return next(iter(raw.get(name, [])), "")


def _errors(guest: Visit, error: AndonError) -> list[Drawn]:
    """Give a refusal as the summary above a form takes it."""
    lens = guest.lens
    told = [{"field": "", "sentence": lens.both(error)}]
    if isinstance(error, Malformed) and error.fields:
        told = [{"field": f.path, "sentence": lens.sentence(f.sentence)} for f in error.fields]
    return told
