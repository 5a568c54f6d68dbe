"""The report of a duty before it is filed: what it says, what it lacks, as PDF and as JSON.

What belongs here: the page, what a person fills in beside the record, and handing the bytes over to
the form that files them. What never does: a value of the report (domain/packets.py), or filing.

What a person fills in may be about somebody's health: it is sent in forms alone, never in an
address, and a page that comes back with a fault holds all that was typed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from activities.filing_forms import form
from activities.filing_forms import words as around
from activities.signs import numbered
from api.files_given import INERT
from api.pages import blocks
from api.pages.duty_rows import authority, duty_title
from api.pages.filing_names import filing_kind
from api.pages.frame import Guest, Visit, form_of, raw_texts, see_other
from api.pages.incident import require, tabs
from api.pages.lens import Drawn, Lens
from api.pages.looking import View, look
from api.pages.packet_links import packet_address
from api.pages.possible import act_link, form_address, possible
from api.pages.who_may import who_may
from api.typed import Raw, last
from domain.errors import AndonError, FieldError, NotConfirmed
from domain.filing_forms import FormSource
from domain.message import COMMANDS
from domain.packet_terms import Packet, PacketField, PacketSection, Standing
from domain.packets import packet_bytes
from domain.regulation_terms import DutyStatus, FilingKind
from domain.stages import Stage
from domain.state.notice import Duty
from domain.wire import text_fault
from services import packets
from services.packets import Asked

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

ANSWER: Final = "a-"
"""How the name of a field begins that a person fills in."""

ANSWER_LIMIT: Final = 4_000


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What a person said on the page: which report, in which language, and their own fields."""

    form: str = ""
    kind: FilingKind | None = None
    language: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    kept: bool = False


def typed_in(raw: Raw) -> Typed:
    """Read what was sent; a text that is too long or cannot be stored is told at its field."""
    answers = {
        name.removeprefix(ANSWER): last(raw, name) for name in raw if name.startswith(ANSWER)
    }
    faults = {key: text_fault(said, ANSWER_LIMIT) for key, said in answers.items()}
    kind = last(raw, "kind")
    return Typed(
        form=last(raw, "on"),
        kind=FilingKind(kind) if kind in list(FilingKind) else None,
        language=last(raw, "lang"),
        answers=answers,
        errors={ANSWER + key: told for key, told in faults.items() if told is not None},
        kept=True,
    )


# ---------------------------------------------------------------- asked


@router.get("/incidents/{incident}/notice/{duty}/packet")
def show(guest: Guest, incident: str, duty: str) -> Response:
    """Show the report of a duty as it stands now. Raises NotFound."""
    view = require(look(guest, incident))
    return _page(view, packets.duty_of(view.state, duty), _asked_for(guest))


def _asked_for(guest: Visit) -> Typed:
    """Read which form and language an address asks for."""
    asked = guest.request.query_params
    return Typed(form=asked.get("form", "")[:60], language=asked.get("lang", "")[:10])


@router.get("/incidents/{incident}/notice/{duty}/packet.pdf")
def as_pdf(guest: Guest, incident: str, duty: str) -> Response:
    """Give the report as PDF, without what nobody has filled in. Raises NotFound."""
    view = require(look(guest, incident))
    return _pdf(view, packets.duty_of(view.state, duty), _asked_for(guest))


@router.get("/incidents/{incident}/notice/{duty}/packet.json")
def as_json(guest: Guest, incident: str, duty: str) -> Response:
    """Give the report as canonical JSON. Raises NotFound."""
    view = require(look(guest, incident))
    return _json(view, packets.duty_of(view.state, duty), _asked_for(guest))


# ---------------------------------------------------------------- pressed


@router.post("/incidents/{incident}/notice/{duty}/packet")
async def press(guest: Guest, incident: str, duty: str) -> Response:
    """Show the report with what was filled in, give it as a file, or lead to filing it."""
    sent = await form_of(guest.request, guest.who)
    raw = raw_texts(sent)

    def answered() -> Response:
        view = require(look(guest, incident))
        typed, about = typed_in(raw), packets.duty_of(view.state, duty)
        if sent.faults or typed.errors:
            return _page(view, about, _with(typed, sent.faults), status=422)
        for name, answer in _ANSWERS.items():
            if name in raw:
                return answer(view, about, typed)
        return _page(view, about, typed)

    return await run_in_threadpool(answered)


def _with(typed: Typed, faults: tuple[FieldError, ...]) -> Typed:
    told = {one.path: one.sentence for one in faults}
    return replace(typed, errors={**typed.errors, **told})


def _pdf(view: View, duty: Duty, typed: Typed, *, beside: bool = False) -> Response:
    made = _made(view, duty, typed, beside=beside)
    content = packets.pdf(view.visit.house, made)
    if content is None:
        told = {"": view.lens.both(packets.cannot_be_set())}
        return _page(view, duty, replace(typed, errors=told), status=409)
    return _file(content, "application/pdf", f"{made.reference}-{made.form}.pdf")


def _json(view: View, duty: Duty, typed: Typed) -> Response:
    made = _made(view, duty, typed)
    name = f"{made.reference}-{made.form}.json"
    return _file(packet_bytes(made), "application/json", name)


def _file(content: bytes, media_type: str, name: str) -> Response:
    """Hand a report over: nobody keeps it on the way, and no browser runs it."""
    return Response(
        content,
        media_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Security-Policy": INERT,
            "Cache-Control": "no-store",
        },
    )


def _to_filing(view: View, duty: Duty, typed: Typed) -> Response:
    """Keep the report as a file, and lead to the form that files it with the file in its place.

    Should it not be possible to set it as PDF, it is filed as JSON: nothing holds it up.
    """
    house, made = view.visit.house, _made(view, duty, typed)
    content = packets.pdf(house, made)
    suffix = "json" if content is None else "pdf"
    kept = packet_bytes(made) if content is None else content
    try:
        address = packets.keep(house, view.actor, made, kept, suffix)
    except AndonError as error:
        told = {"": view.lens.both(error)}
        status = 503 if isinstance(error, NotConfirmed) else 403
        again = replace(typed, errors=told)
        return _page(view, duty, again, status=status)
    asked = {"document": address, "channel": _channel(view, duty)}
    command = files_by(duty)
    if command == "file_full":
        asked["kind"] = str(made.kind)
    address = form_address(view, COMMANDS[command], duty.id)
    return see_other(f"{address}?{urlencode({k: v for k, v in asked.items() if v})}")


_ANSWERS: Final[dict[str, Callable[[View, Duty, Typed], Response]]] = {
    "pdf": _pdf,
    "both": partial(_pdf, beside=True),
    "json": _json,
    "file": _to_filing,
}
"""The buttons of the page that do something other than show it again."""


def files_by(duty: Duty) -> str:
    """Name the act that files the next report of a duty."""
    return "file_first" if duty.status is DutyStatus.OPEN else "file_full"


def _channel(view: View, duty: Duty) -> str:
    rule = packets.rule_of(view.state, duty)
    return view.lens.words.pick(rule.channel_en, rule.channel_zh)[:200] if rule else ""


# ---------------------------------------------------------------- drawn


def _languages(view: View, duty: Duty, typed: Typed, *, beside: bool) -> tuple[str, ...]:
    """Give the authority's language, and beside it the reader's, where that is another one."""
    used = packets.form_of(view.state, duty, typed.form)
    usual = packets.language_of(used, duty)
    first = typed.language if typed.language in used.languages else usual
    own = "zh-CN" if view.lens.words.is_chinese else "en"
    return (first, own) if beside and own != first else (first,)


def _made(view: View, duty: Duty, typed: Typed, *, beside: bool = False) -> Packet:
    asked = Asked(
        form=typed.form,
        kind=typed.kind,
        languages=_languages(view, duty, typed, beside=beside),
        answers={
            key: said for key, said in typed.answers.items() if ANSWER + key not in typed.errors
        },
    )
    return packets.prepare(view.visit.house, view.actor, view.state, duty, asked)


def _page(view: View, duty: Duty, typed: Typed, *, status: int = 200) -> Response:
    lens, made = view.lens, _made(view, duty, typed, beside=True)
    command = COMMANDS[files_by(duty)]
    one = possible(view, command, duty.id)
    return view.show(
        "packet.html",
        status=status,
        stage_word=lens.word(Stage.NOTICE),
        title=lens("Report: %(what)s", what=duty_title(view, duty)),
        beside=lens.language(made.languages[-1]) if len(made.languages) > 1 else "",
        heading=" · ".join(dict.fromkeys(made.titles)),
        duty=duty.id,
        authority=authority(view, duty),
        action=packet_address(view, duty),
        notes=_notes(view, made),
        missing=_missing(view, made),
        fields=_fields(view, duty, made, typed),
        sections=[_section(view, section) for section in made.sections],
        errors=[
            {"field": name, "sentence": lens.sentence(told)} for name, told in typed.errors.items()
        ],
        kept=typed.kept,
        may=one.may,
        asked=who_may(view, one, duty.id),
        tabs=tabs(view, "notice"),
        text=_text_beside(view, made),
        filed=_filed(view, duty),
    )


def _filed(view: View, duty: Duty) -> list[Drawn]:
    """Name what was filed so far by its hash, to be held against a file at hand."""
    lens = view.lens
    rows: list[Drawn] = [
        {
            "label": f"{filing_kind(lens, duty, one.kind)} · {lens.when(one.sent_at)}",
            "text": f"SHA-256 {one.content_sha256 or one.sha256}",
            "acts": [{"text": f"#{one.seq}", "href": f"{view.address}/ledger/{one.seq}"}],
        }
        for one in duty.filings
    ]
    return [blocks.pairs(lens("Filed"), rows, id="filed")] if rows else []


def _notes(view: View, made: Packet) -> list[str]:
    """Say whose layout it is and whether anybody compared it, in the reader's language."""
    told = around("zh-CN" if view.lens.words.is_chinese else "en")
    notes = [] if made.official_seen else [told["own_layout"]]
    notes += [] if made.verified else [told["not_verified"]]
    return [*notes, *made.note[-1:]]


def _text_beside(view: View, made: Packet) -> list[Drawn]:
    """Lead to the public text that goes with this report and has its own template."""
    kind = form(made.form).text
    return act_link(view, "draft_statement", kind) if kind else []


def _missing(view: View, made: Packet) -> Drawn:
    lens = view.lens
    rows: list[list[blocks.Cell]] = [
        [
            {"text": " · ".join(dict.fromkeys(one.labels))},
            {
                "text": lens.sentence(one.what),
                "acts": act_link(view, one.act, one.item) if one.act else [],
            },
        ]
        for one in made.missing
    ]
    return blocks.table(
        lens("What is missing"),
        lens.each("Asked for", "What to do"),
        rows,
        empty=lens("Nothing that this form asks for is missing."),
        note=lens("Nothing here keeps the report back: it goes out with what is known now."),
        id="missing",
    )


def _fields(view: View, duty: Duty, made: Packet, typed: Typed) -> list[Drawn]:
    """Draw what a person chooses and fills in: which report, in which language, and the rest."""
    lens, used = view.lens, form(made.form)
    found: list[Drawn] = [_form_choice(view, duty, made)]
    if any(one.source is FormSource.REPORT_KIND for one in used.fields):
        choices = [{"value": str(kind), "label": lens.word(kind)} for kind in FilingKind]
        found.append(
            {"kind": "radios", "name": "kind", "label": lens("Which report is it?"),
             "required": True, "choices": choices, "value": str(made.kind)}
        )  # fmt: skip
    if len(used.languages) > 1:
        choices = [{"value": one, "label": lens.language(one)} for one in used.languages]
        found.append(
            {"kind": "radios", "name": "lang", "label": lens("In which language?"),
             "required": True, "choices": choices, "value": made.languages[0]}
        )  # fmt: skip
    labels = {one.key: one for one in made.fields}
    return found + [_to_fill(labels[one.key], typed) for one in used.to_fill]


def _form_choice(view: View, duty: Duty, made: Packet) -> Drawn:
    """Offer the other forms of the market: a request that follows, the record that is kept."""
    own = "zh-CN" if view.lens.words.is_chinese else "en"
    there = packets.forms_for(view.state, duty)
    return {
        "kind": "select",
        "name": "on",
        "label": view.lens("On which form?"),
        "help": view.lens("Press “Show it as it is now” after you chose another one."),
        "required": True,
        "choices": [{"value": one, "label": form(one).title[own]} for one in there],
        "value": made.form,
    }


def _to_fill(one: PacketField, typed: Typed) -> Drawn:
    name = ANSWER + one.key
    return {
        "kind": "textarea",
        "name": name,
        "label": one.labels[-1],
        "help": one.labels[0] if len(set(one.labels)) > 1 else "",
        "value": typed.answers.get(one.key, ""),
        "error": typed.errors.get(name, ""),
        "required": one.required,
        "maxlength": ANSWER_LIMIT,
    }


def _section(view: View, section: PacketSection) -> Drawn:
    title = " · ".join(dict.fromkeys(section.titles))
    return blocks.pairs(title, [_row(view, one) for one in section.fields if one.is_said])


def _row(view: View, one: PacketField) -> Drawn:
    lens = view.lens
    acts = [
        {"text": f"#{seq}", "href": f"{view.address}/ledger/{seq}"} for seq in one.seqs[:ENTRIES]
    ]
    return {
        "label": " · ".join(dict.fromkeys(one.labels)) + ("" if one.verified else " *"),
        "text": numbered("\n".join(dict.fromkeys(filter(None, one.values)))),
        "private": one.private and any(one.values),
        "note": _how_sure(lens, one.standing),
        "acts": acts,
    }


def _how_sure(lens: Lens, standing: Standing) -> str:
    """Say how sure a value is, or why there is none; nothing of one that is known."""
    told = {
        Standing.PRELIMINARY: lens("Not verified yet"),
        Standing.DISPUTED: lens("Disputed"),
        Standing.OTHER_LANGUAGE: lens("On record in another language only"),
        Standing.TYPED: lens("Filled in here"),
        Standing.SEALED: lens("Sealed: your role may not open it"),
        Standing.MISSING: lens("Not known yet"),
    }
    return told.get(standing, "")


ENTRIES: Final = 5
"""Entries named beside a value; a count of hundreds of goods names the first ones."""
