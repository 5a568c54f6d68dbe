"""A working form for every command: asked, foreseen, sent, and what became of it.

What belongs here: one route for all forms, derived from the registry. What never does: a rule, or
the command of one stage alone; where a form is better than the derived one, `SHAPES` says how.

A press leads to the incident's page with what happened (303). A refusal shows the form again with
the rule, who can, and everything that was typed; a press that was not confirmed keeps its token, so
that pressing again counts once.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from api import bodies
from api.forms import Asked, Filling, Section, sections, summary
from api.pages.about import item_of
from api.pages.addressed import meant_by
from api.pages.ahead import ahead_of, as_demanded, demanded_by, left_out
from api.pages.all_or_named import CHOICE, RESUME, choice_faults, labels_of_names, with_choice
from api.pages.buttons import GRAVE, button_of
from api.pages.channel_choices import places_known
from api.pages.choices import Offers
from api.pages.doubts import Doubts
from api.pages.earlier import earlier_on_form
from api.pages.fact_words import fact_name
from api.pages.facts_filling import lines_told
from api.pages.files import keep_files, names_of
from api.pages.filing_names import act_help, act_title
from api.pages.filling import filled_before
from api.pages.foresight import as_typed, foresee
from api.pages.frame import Guest, Visit, form_of, raw_texts, remember, see_other
from api.pages.incident import require, tabs
from api.pages.kept_files import resolve
from api.pages.lens import Drawn, Lens
from api.pages.looking import View, look
from api.pages.market_ends import ELSEWHERE, elsewhere
from api.pages.more_than_received import count_doubts
from api.pages.possible import (
    form_address,
    is_open,
    item_field,
    possible,
    rule_of,
    signing,
    who_could,
)
from api.pages.returning import BACK, done_of, opened_from, page_after
from api.pages.scope_reach import LEFT_OUT, WHY_LEFT_OUT, doubts_of, not_asked
from api.pages.selling_again import goods_meant, why_none
from api.pages.text_approvals import why_not_on_form
from api.pages.text_filling import hidden_fields, with_suggestion
from api.pages.waiting_already import already_waiting
from api.pages.ways_on import ways_on
from api.pages.who_may import reopening, who_may
from api.pages.whose_answer import with_whose
from api.pages.word_replaced import replaces_a_word
from api.typed import Raw, compact, instant_of, last, named_errors, read_body
from domain.errors import (
    AndonError,
    FieldError,
    KeyReused,
    Malformed,
    NotAllowed,
    NotConfirmed,
    NotFound,
    Refused,
    TooLarge,
)
from domain.message import COMMANDS, CommandSpec, field_labels
from domain.own_hand import is_own_hand
from domain.people import SYSTEM_ROLES, Role
from domain.statement import TextDraft
from domain.wire import instant_text, read_instant
from services import acting, people
from services.people import Signed
from services.sending import Sent

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)


TOLD_AT: Final = "_told_at"
FOR: Final = "_for"
SEEN: Final = "_seen"
"""Beside every form: when it happened, for whom it is recorded, and what one was told to look at
before signing. No field of a command begins so."""

SENT_BEFORE: Final = (
    "This form was sent before with other content, and that counted. "
    "Look at what happened; press again to send this as a further act."
)


@dataclass(frozen=True, kw_only=True)
class Pressed:
    """A form as it stands: what was typed, its token, errors, what was refused."""

    raw: Raw = field(default_factory=dict)
    item: str = ""
    command_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    errors: Mapping[str, str] = field(default_factory=dict)
    refused: Refused | None = None
    unconfirmed: NotConfirmed | None = None
    foreseen: Drawn | None = None
    more_rows: str = ""
    kept: bool = False
    doubted: bool = False
    back: str = ""


def command_named(stage: str, name: str) -> CommandSpec:
    """Give the command of an address. Raises NotFound."""
    spec = COMMANDS.get(name)
    if spec is None or str(spec.stage) != stage or spec.roles <= SYSTEM_ROLES:
        raise NotFound("There is no such act.", "Go back to the incident and choose one.")
    return spec


# ---------------------------------------------------------------- asked


@router.get("/incidents/{incident}/{stage}/{command}")
def ask(guest: Guest, incident: str, stage: str, command: str) -> Response:
    """Show the form of a command."""
    return _asked(guest, incident, command_named(stage, command), "")


@router.get("/incidents/{incident}/{stage}/{item}/{command}")
def ask_about(guest: Guest, incident: str, stage: str, item: str, command: str) -> Response:
    """Show the form of a command about one thing."""
    return _asked(guest, incident, command_named(stage, command), item)


def _asked(guest: Visit, incident: str, spec: CommandSpec, item: str) -> Response:
    view = require(look(guest, incident))
    if (meant := meant_by(view, spec, item)) != item:
        return see_other(form_address(view, spec, meant))
    if spec.item == "channel" and item and item not in view.state.halt.listed:
        raise NotFound(
            f"{incident} knows no channel of that name.", "Choose one on the page of the halt."
        )
    raw = filled_before(view, spec, item)
    for name, value in guest.request.query_params.multi_items():
        if name in field_labels(spec):
            raw.setdefault(name, []).append(value[:200])
    raw |= names_of(guest, spec, raw)
    pressed = Pressed(raw=raw, item=item, back=opened_from(guest.request, view))
    foreseen = foresee(view, spec, _body(view, spec, pressed))
    return _form(view, spec, replace(pressed, foreseen=foreseen))


# ---------------------------------------------------------------- drawn


def _form(view: View, spec: CommandSpec, pressed: Pressed, status: int = 200) -> Response:
    lens = view.lens
    one, body = possible(view, spec, pressed.item), _body(view, spec, pressed)
    parts, beside = _sections(view, spec, pressed), _beside(view, spec, pressed)
    fields = [*(f for part in parts for f in part.fields), beside["told_at"]]
    title = act_title(view, spec, pressed.item)
    return view.show(
        "act.html",
        status=status,
        title=title,
        help=act_help(view, spec, pressed.item),
        stage=str(spec.stage),
        stage_word=lens.word(spec.stage),
        command=spec.name,
        action=form_address(view, spec, pressed.item),
        draft=_draft_of(view, spec, pressed),
        back=pressed.back,
        done=done_of(view),
        item=item_of(view, spec, pressed.item),
        ahead=ahead_of(view, spec, pressed.item, pressed.raw),
        earlier=earlier_on_form(view, spec.name),
        waiting=already_waiting(view, spec, _about(spec, pressed)),
        sections=_drawn_sections(view, spec, pressed, parts),
        command_id=pressed.command_id,
        errors=summary(pressed.errors, fields),
        refused=_refusal(view, spec, pressed),
        unconfirmed=lens.both(pressed.unconfirmed),
        kept=pressed.kept,
        open=is_open(view, spec, pressed.item),
        replaces=replaces_a_word(view, spec, _about(spec, pressed)),
        why_not=why_not_on_form(view, spec, pressed.item) or why_none(view, spec.name),
        asked=who_may(view, one, _about(spec, pressed)),
        sealed=reopening(view, spec),
        signing=signing(view, spec),
        meaning=lens(spec.meaning or ""),
        meant=goods_meant(view, body) if spec.name == RESUME else "",
        foreseen=pressed.foreseen,
        written=as_typed(view, spec, body),
        typed_live=issubclass(spec.type, TextDraft),
        ticked_live=spec.name == RESUME,
        doubts=_doubts(view, spec, pressed),
        doubted=pressed.doubted,
        button=button_of(view, spec, title, pressed.foreseen, pressed.raw),
        grave=spec.name in GRAVE,
        suggests=spec.name == "draft_statement",
        beside=beside,
        tabs=tabs(view, str(spec.stage)),
    )


def _draft_of(view: View, spec: CommandSpec, pressed: Pressed) -> str:
    """Name the draft that a device keeps of this form: for one thing, and one version of it.

    What was typed for a notice to staff must never come back in a script for the hotline, nor what
    was typed over an old version of a text in the form of the new one.
    """
    about = "" if spec.item else last(pressed.raw, item_field(spec))
    seen = hidden_fields(view, spec, pressed.item).values()
    names = (form_address(view, spec, pressed.item), about[:80], *(one[:12] for one in seen))
    return "~".join(name for name in names if name)


def _sections(view: View, spec: CommandSpec, pressed: Pressed) -> tuple[Section, ...]:
    offers = Offers(view.lens, view.visit, view, pressed.item, spec.name)
    lines = lines_told(view, spec, pressed.raw)
    filling = Filling(
        words=view.lens.words,
        zone=view.lens.zone,
        zone_name=view.lens.zone_name,
        choose=offers,
        raw=pressed.raw,
        errors=pressed.errors,
        more_rows=pressed.more_rows,
        hidden=hidden_fields(view, spec, pressed.item) | lines.hidden,
        labels=lines.labels | labels_of_names(view.lens, spec.name),
        helps=lines.helps,
        quoted=lines.quoted,
        known=places_known(view, spec.name),
    )
    hidden = [spec.item] if spec.item and pressed.item else []
    hidden += left_out(view, spec)
    hidden += not_asked(_doubts(view, spec, pressed), spec, last(pressed.raw, WHY_LEFT_OUT))
    parts, wrong = sections(spec.type, filling, leave_out=hidden), pressed.errors.get(CHOICE, "")
    return with_choice(view.lens, spec.name, pressed.raw, wrong, parts)


def _drawn_sections(
    view: View, spec: CommandSpec, pressed: Pressed, parts: Sequence[Section]
) -> list[Drawn]:
    """Give the sections of the form; what is asked for as things stand is marked as required."""
    demanded = demanded_by(view, spec, pressed.item)
    if _doubts(view, spec, pressed).asks_why:
        demanded |= {WHY_LEFT_OUT}
    return [
        {
            "title": part.title,
            "note": part.note,
            "fields": [
                as_demanded(drawn) if drawn["name"] in demanded else drawn
                for drawn in (with_whose(view, spec, one) for one in part.fields)
            ],
        }
        for part in parts
    ]


def _doubts(view: View, spec: CommandSpec, pressed: Pressed) -> Doubts:
    body = _body(view, spec, pressed)
    counted = count_doubts(view, spec, body)
    return counted if counted.lines else doubts_of(view, spec, body)


def _raised(view: View, spec: CommandSpec, pressed: Pressed) -> Doubts:
    """Give what has to be looked at before it is sent; others hear first that it is not theirs."""
    may = possible(view, spec, pressed.item).may
    return _doubts(view, spec, pressed) if may else Doubts()


def _about(spec: CommandSpec, pressed: Pressed) -> str:
    """Say what a form is about: by its address, or by what is chosen in it."""
    return pressed.item or last(pressed.raw, item_field(spec))


def _refusal(view: View, spec: CommandSpec, pressed: Pressed) -> Drawn | None:
    refused, lens = pressed.refused, view.lens
    if refused is None:
        return None
    about = _about(spec, pressed)
    # Behind the seal the form itself says what opens it again, and who may.
    could = () if refused.code == "closed" else refused.who_could
    return {
        "sentence": lens.sentence(_named(view, refused)),
        "hint": lens.sentence(refused.hint),
        "rule": signing(view, spec)["rule"],
        "who": who_could(view, spec, about, could, refused.code),
        "acts": ways_on(view, pressed.item, pressed.raw, refused.code),
    }


def _named(view: View, refused: Refused) -> str:
    """Name a fact in a refusal about its words as people call it: a program is told its key."""
    told = refused.sentence
    if refused.code != "words_left":
        return told
    for key, fact in view.state.investigation.facts.items():
        name = fact_name(view.lens, key, fact.name)
        told = told.replace(f"The words of {key} in", f"The words of {name} in")
    return told


def _beside(view: View, spec: CommandSpec, pressed: Pressed) -> Drawn:
    """Give the two questions of a late entry: when it happened, and for whom a scribe records."""
    offers = Offers(view.lens, view.visit, view)
    scribe = view.actor.holds((Role.SCRIBE,)) and not is_own_hand(spec, rule_of(view, spec))
    people_choices = offers.people(Asked(path="for", type=str, label=""))
    return {
        "told_at": {
            "kind": "datetime",
            "name": TOLD_AT,
            "label": view.lens("When did it happen, if not just now?"),
            "zone": view.lens.zone_name,
            "value": last(pressed.raw, TOLD_AT),
            "error": pressed.errors.get(TOLD_AT, ""),
        },
        "for": {
            "kind": "select",
            "name": FOR,
            "label": view.lens("For whom do you record it?"),
            "help": view.lens("The person is asked to confirm what you record."),
            "choices": people_choices,
            "value": last(pressed.raw, FOR),
        }
        if scribe
        else None,
        "open": bool(last(pressed.raw, TOLD_AT) or last(pressed.raw, FOR)),
    }


# ---------------------------------------------------------------- sent


@router.post("/incidents/{incident}/{stage}/{command}")
async def press(guest: Guest, incident: str, stage: str, command: str) -> Response:
    """Take the form of a command."""
    return await _pressed(guest, incident, command_named(stage, command), "")


@router.post("/incidents/{incident}/{stage}/{item}/{command}")
async def press_about(guest: Guest, incident: str, stage: str, item: str, command: str) -> Response:
    """Take the form of a command about one thing."""
    return await _pressed(guest, incident, command_named(stage, command), item)


async def _pressed(guest: Visit, incident: str, spec: CommandSpec, item: str) -> Response:
    typed = await form_of(guest.request, guest.who)
    raw = raw_texts(typed)
    remember(guest, spec, raw)
    token = last(raw, "command_id") or uuid.uuid4().hex
    view = await run_in_threadpool(lambda: require(look(guest, incident)))
    pressed = Pressed(raw=raw, item=item, command_id=token, kept=True, back=last(raw, BACK))
    try:
        raw |= await run_in_threadpool(resolve, view, spec, raw, token)
        faults = typed.faults + await keep_files(guest, spec, typed, raw, token)
    except (NotConfirmed, Malformed) as error:
        return await run_in_threadpool(_wrong, view, spec, pressed, error)
    pressed = replace(pressed, raw=compact(spec.type, raw))
    if guest.is_fragment:
        return await run_in_threadpool(_typed, view, spec, pressed)
    unsaid = choice_faults(spec.name, raw)
    for name, answer in _ANSWERS.items():
        if name in raw and not unsaid:
            return await run_in_threadpool(answer, view, spec, pressed)
    if wrong := faults + unsaid:
        return await run_in_threadpool(_wrong, view, spec, pressed, Malformed("", fields=wrong))
    body = _body(view, spec, pressed)
    doubts = await run_in_threadpool(_raised, view, spec, pressed)
    if not doubts.settled_by(last(raw, SEEN), str(body.get(WHY_LEFT_OUT, ""))):
        again = replace(pressed, doubted=True)
        return await run_in_threadpool(_form, view, spec, again, 409)
    if doubts.left_out:
        body[LEFT_OUT] = list(doubts.left_out)
    return await _sent(view, spec, pressed, body)


def _with_a_row(view: View, spec: CommandSpec, pressed: Pressed) -> Response:
    return _form(view, spec, replace(pressed, more_rows=last(pressed.raw, "add_row")))


def _with_a_draft(view: View, spec: CommandSpec, pressed: Pressed) -> Response:
    return _form(view, spec, replace(pressed, raw=with_suggestion(view, spec, pressed.raw)))


def _typed(view: View, spec: CommandSpec, pressed: Pressed) -> Response:
    """Show a text as it will read, or whom an act reaches, while it is typed and ticked.

    Nothing is ever done here.
    """
    if spec.name == RESUME:
        reach = ahead_of(view, spec, pressed.item, pressed.raw)
        return view.show("as_typed.html", written=reach)
    return view.show("as_typed.html", written=as_typed(view, spec, _body(view, spec, pressed)))


def _previewed(view: View, spec: CommandSpec, pressed: Pressed) -> Response:
    """Show what would follow, or what is wrong with the form; nothing is ever done here."""
    body = _body(view, spec, pressed)
    try:
        acting.check_body(view.visit.house, spec, Sent(command=spec.name, body=body, command_id=""))
    except AndonError as error:
        return _wrong(view, spec, pressed, error)
    return _form(view, spec, replace(pressed, foreseen=foresee(view, spec, body)))


_ANSWERS: Final = {"add_row": _with_a_row, "suggest": _with_a_draft, "preview": _previewed}
"""Buttons of a form that show it again and send nothing."""


def _body(view: View, spec: CommandSpec, pressed: Pressed) -> dict[str, Any]:
    body = read_body(spec.type, pressed.raw, view.lens.zone)
    if spec.item and pressed.item:
        body[spec.item] = pressed.item
    if pressed.kept:
        # A form that was sent without a tick says so; a program that says nothing means the usual.
        lists = (one.name for one in fields(spec.type) if one.metadata.get("ticked"))
        body = {**{name: [] for name in lists}, **body}
    if spec.name == "complete_recall":
        body[ELSEWHERE] = elsewhere(view, str(body.get("market", "")))
    return body


async def _sent(view: View, spec: CommandSpec, pressed: Pressed, body: dict[str, Any]) -> Response:
    guest = view.visit
    try:
        who = await run_in_threadpool(_acting, guest, pressed.raw)
        sent = Sent(
            command=spec.name,
            body=body,
            command_id=bodies.command_id(pressed.command_id, guest.who.id),
            happened_at=_told_at(view, pressed.raw),
        )
        answer = await acting.act(guest.house, who.actor, view.row.id, sent)
    except AndonError as error:
        return await run_in_threadpool(_wrong, view, spec, pressed, error)
    return see_other(
        page_after(
            view,
            pressed.back,
            spec,
            pressed.item,
            (answer.first, answer.last),
            hand_in=body.get("hand_in") is True,
        )
    )


def _acting(guest: Visit, raw: Raw) -> Signed:
    principal = last(raw, FOR)
    return people.on_behalf_of(guest.house, guest.who, principal) if principal else guest.who


def _told_at(view: View, raw: Raw) -> str:
    """Read the time an act is told to have happened, in the reader's zone. Raises Malformed."""
    text = last(raw, TOLD_AT).strip()
    if not text:
        return ""
    try:
        return instant_text(read_instant(instant_of(text, view.lens.zone)))
    except ValueError as error:
        fault = FieldError(TOLD_AT, "The time it happened cannot be read.")
        raise Malformed(fault.sentence, fields=(fault,)) from error


def told_at_fields(tp: type, error: AndonError, lens: Lens) -> dict[str, str]:
    """Give what is wrong by the field it stands at; of the whole form also what to do."""
    if error.fields:
        return named_errors(tp, error.fields, lens.sentence)
    return {"": lens.both(error)}


def _wrong(view: View, spec: CommandSpec, pressed: Pressed, error: AndonError) -> Response:
    """Show the form again with what is wrong, and with all that was typed.

    A refusal is recorded and final: what is corrected and sent again is a further act, so that the
    form gets a token of its own. Only what was not confirmed keeps its token and counts once.
    """
    if isinstance(error, Refused):
        status = 403 if isinstance(error, NotAllowed) else 409
        again = replace(pressed, refused=error, command_id=uuid.uuid4().hex)
        return _form(view, spec, again, status)
    if isinstance(error, NotConfirmed):
        return _form(view, spec, replace(pressed, unconfirmed=error), 503)
    if isinstance(error, KeyReused):
        told = view.lens.sentence(SENT_BEFORE)
        again = replace(pressed, command_id=uuid.uuid4().hex, errors={"": told})
        return _form(view, spec, again, 409)
    if isinstance(error, Malformed | TooLarge):
        errors = told_at_fields(spec.type, error, view.lens)
        status = 413 if isinstance(error, TooLarge) else 422
        return _form(view, spec, replace(pressed, errors=errors), status)
    raise error
