"""Reporting a problem: the person's safety, who knew first, the five questions, then the cord.

What belongs here: the one form that is more than derived, and the grade that explains itself while
one answers. What never does: a rule of the grade (domain/severity_assessment.py), or of the halt.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from api import bodies
from api.forms import Drawn, Filling, questions, sections, summary
from api.pages.acts import SENT_BEFORE, told_at_fields
from api.pages.choices import Offers
from api.pages.earlier import earlier_told
from api.pages.files import keep_files
from api.pages.frame import Guest, Visit, form_of, raw_texts, remember, see_other
from api.rendering import environment, page_of
from api.typed import TRUE, Raw, last, local_text, read_body
from domain.errors import (
    AndonError,
    KeyReused,
    Malformed,
    NotAllowed,
    NotConfirmed,
    TooLarge,
)
from domain.message import COMMANDS, field_errors
from domain.people import EVERYONE
from domain.plan import Plan
from domain.report import ReportProblem
from domain.severity import Answers, Grade, HaltLevel
from domain.severity_assessment import Assessment, assess
from domain.severity_questions import Step, prompt
from domain.wire import decode
from services import acting
from services.checking import answer_faults
from services.earlier import Goods, lots_of
from services.sending import Sent
from storage import catalog

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

REPORT: Final = "report_problem"
PRODUCT_SHOWN: Final = 200
"""Characters of a product in the address; more of it is no product of anybody's."""

STEPS: Final = frozenset({Step.IMMEDIATE})
_OWN_FIELDS: Final = tuple({"kind": "checkboxes", "name": name} for name in ("products", "lots"))
"""What this page draws in a way of its own."""


@dataclass(frozen=True, kw_only=True)
class Typed:
    """The report as it stands: what was typed, its token, what is wrong with it."""

    raw: Raw = field(default_factory=dict)
    command_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    errors: Mapping[str, str] = field(default_factory=dict)
    unconfirmed: NotConfirmed | None = None
    refused: NotAllowed | None = None
    kept: bool = False


@router.get("/report")
def ask(guest: Guest) -> Response:
    """Show the empty form; a product may be named in the address (`?product=…`)."""
    product = guest.request.query_params.get("product", "")
    raw: Raw = {"products": [product[:PRODUCT_SHOWN]]} if product else {}
    return _page(guest, Typed(raw=raw))


@router.post("/report/grade")
async def grade(guest: Guest) -> Response:
    """Give the grade of the answers so far, for the script that asks while one types."""
    typed = await form_of(guest.request, guest.who)
    return await run_in_threadpool(_grade_alone, guest, raw_texts(typed))


@router.post("/report")
async def press(guest: Guest) -> Response:
    """Take the report: its number is durable before the answer."""
    typed = await form_of(guest.request, guest.who)
    raw, spec = raw_texts(typed), COMMANDS[REPORT]
    remember(guest, spec, raw)
    token = last(raw, "command_id") or uuid.uuid4().hex
    told = Typed(raw=raw, command_id=token, kept=True)
    try:
        faults = typed.faults + await keep_files(guest, spec, typed, raw, token)
    except NotConfirmed as error:
        return await run_in_threadpool(_wrong, guest, told, error)
    if "show" in raw:
        return await run_in_threadpool(_shown, guest, told)
    if faults:
        return await run_in_threadpool(_wrong, guest, told, Malformed("", fields=faults))
    try:
        sent = Sent(
            command=REPORT,
            body=body_of(guest, raw),
            command_id=bodies.command_id(token, guest.who.id),
        )
        reported = await acting.report(guest.house, guest.who.actor, sent)
    except AndonError as error:
        return await run_in_threadpool(_wrong, guest, told, error)
    return see_other(f"/incidents/{reported.id}?reported=1")


def _shown(guest: Visit, told: Typed) -> Response:
    """Show the grade of the answers, and at each what sending would refuse it with."""
    body = body_of(guest, told.raw)
    faults = answer_faults(COMMANDS[REPORT], body, guest.house.now())
    if not faults:
        return _page(guest, told)
    return _wrong(guest, told, Malformed("", fields=field_errors(faults)))


def body_of(guest: Visit, raw: Raw) -> dict[str, Any]:
    """Make the body of the report; `channel` says that it came by this console or how it did."""
    return read_body(ReportProblem, raw, guest.lens.zone)


def _wrong(guest: Visit, told: Typed, error: AndonError) -> Response:
    """Show the form again with what is wrong, and with all that was typed."""
    lens = guest.lens
    if isinstance(error, NotAllowed):
        return _page(guest, replace(told, refused=error), 403)
    if isinstance(error, NotConfirmed):
        return _page(guest, replace(told, unconfirmed=error), 503)
    if isinstance(error, KeyReused):
        again = replace(told, command_id=uuid.uuid4().hex, errors={"": lens.sentence(SENT_BEFORE)})
        return _page(guest, again, 409)
    if isinstance(error, Malformed | TooLarge):
        errors = told_at_fields(ReportProblem, error, lens)
        status = 413 if isinstance(error, TooLarge) else 422
        return _page(guest, replace(told, errors=errors), status)
    raise error


# ---------------------------------------------------------------- drawn


def _page(guest: Visit, told: Typed, status: int = 200) -> Response:
    lens = guest.lens
    filling = _filling(guest, told)
    fields = {
        one["name"]: one
        for part in sections(ReportProblem, filling, leave_out=("answers", "products", "lots"))
        for one in part.fields
    }
    now = local_text(lens.now, lens.zone)
    fields["first_known_at"]["max"] = now
    fields["channel"]["value"] = fields["channel"]["value"] or "console"
    asked, refused = next(part.fields for part in questions(filling)), told.refused
    return guest.show(
        "report.html",
        status=status,
        fields=fields,
        products=_products(guest, told),
        questions=asked,
        grade=grade_of(guest, told.raw),
        earlier=_earlier(guest, told.raw),
        errors=summary(told.errors, [*fields.values(), *asked, *_OWN_FIELDS]),
        command_id=told.command_id,
        kept=told.kept,
        unconfirmed=lens.both(told.unconfirmed),
        refused=lens.both(refused),
        may=guest.who.actor.holds(EVERYONE),
    )


def _filling(guest: Visit, told: Typed) -> Filling:
    lens = guest.lens
    return Filling(
        words=lens.words,
        zone=lens.zone,
        zone_name=lens.zone_name,
        choose=Offers(lens, guest),
        raw=told.raw,
        errors=told.errors,
        steps=STEPS,
    )


def _named(raw: Raw, name: str) -> set[str]:
    """Give what was ticked or typed; what is blank names nothing, and nobody could see it."""
    return {one for one in raw.get(name, ()) if one.strip()}


def _products(guest: Visit, told: Typed) -> Drawn:
    """Give the products with their lots, those that are ticked open.

    What was ticked and is not in the lists any more is shown too: nothing is dropped unseen.
    """
    lens, ticked = guest.lens, _named(told.raw, "products")
    lots, known = _named(told.raw, "lots"), set[str]()
    listed = lens.names.items("product")
    found = [
        {"id": one, "name": one, "category": "", "checked": True, "open": False, "lots": []}
        for one in sorted(ticked - listed.keys())
    ]
    for item in listed.values():
        of = catalog.lots_of(guest.house.engine, item.id)
        document = item.document
        known |= {lot.number for lot in of}
        found.append(
            {
                "id": item.id,
                "name": lens.named("product", item.id),
                "category": lens.words.pick(
                    document.get("category_en", ""), document.get("category_zh", "")
                ),
                "checked": item.id in ticked,
                "open": item.id in ticked or any(lot.number in lots for lot in of),
                "lots": [{"number": lot.number, "checked": lot.number in lots} for lot in of],
            }
        )
    return {
        "items": found,
        "error": told.errors.get("products", ""),
        "lots_error": told.errors.get("lots", ""),
        "other_lots": sorted(lots - known),
    }


# ---------------------------------------------------------------- the grade while one answers


def _grade_alone(guest: Visit, raw: Raw) -> Response:
    page = page_of(guest.request, guest.who, zone=guest.lens.zone_name)
    template = environment(page.language).get_template("console/parts/grade.html")
    return HTMLResponse(
        template.render(page=page, grade=grade_of(guest, raw), earlier=_earlier(guest, raw))
    )


def _earlier(guest: Visit, raw: Raw) -> Drawn | None:
    """Say which incidents were about the goods that are named so far."""
    unknown = last(raw, "lots_unknown") == TRUE
    products, lots = _named(raw, "products"), _named(raw, "lots")
    of = lots_of(guest.house, products, lots)
    goods = Goods(products=frozenset(products), lots=of, lots_unknown=unknown)
    return earlier_told(guest, goods)


def grade_of(guest: Visit, raw: Raw) -> Drawn:
    """Say which grade the answers give, why, and what the plan stops at once."""
    lens, plan = guest.lens, guest.house.current_rules().plan
    whole = body_of(guest, raw)
    found = answer_faults(COMMANDS[REPORT], whole, guest.house.now())
    faults = dict.fromkeys(told for _, told in found)
    if faults:
        told = [lens.sentence(one) for one in faults]
        return {"readable": False, "faults": told, "button": lens("Report this problem")}
    result = assess(decode(Answers, whole.get("answers", {})), plan.severity)
    words = lens.words
    return {
        "readable": True,
        "answered": bool(raw.get("answers-worst_outcome") or raw.get("answers-fault")),
        "grade": str(result.grade),
        "word": lens.word(result.grade),
        "why": [
            {
                "text": words.pick(one.sentence_en, one.sentence_zh),
                "decides": one.rule in result.made_by,
            }
            for one in result.explanations
        ],
        "provisional": result.provisional,
        "find_out": [words.pick(*prompt(code)) for code in result.find_out],
        **_consequence(guest, plan, result),
    }


def _consequence(guest: Visit, plan: Plan, result: Assessment) -> Drawn:
    """Say what is ordered the moment the report is recorded, and name the button by it."""
    lens, row = guest.lens, plan.grades[result.grade]
    levels = [level for level in plan.levels_with(row.halt_on_report) if level != HaltLevel.H0]
    kinds = {str(kind) for level in levels for kind in plan.kinds_at(level)}
    channels = [one for one in lens.names.items("channel").values() if one.kind in kinds]
    acceptance = plan.step("grade_and_accept", result.grade)
    button = lens("Report this problem")
    if channels:
        told = lens.words.ngettext(
            "Report, and stop %(n)s channel now",
            "Report, and stop %(n)s channels now",
            len(channels),
        )
        button = told % {"n": len(channels)}
    return {
        "button": button,
        "levels": [lens.level(str(level)) for level in levels],
        "channels": len(channels),
        "decided_within": lens.limit(acceptance) if acceptance else "",
        "grave": result.grade in (Grade.SERIOUS, Grade.CRITICAL),
    }
