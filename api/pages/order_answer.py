"""The page where a channel answers the order to stop, without an account and without a script.

What belongs here: the page behind the address in an order's message, reading its form, and what it
says afterwards. What never does: what an answer means (domain/channel_answers.py), or the address
(services/answer_links.py). It shows the order and nothing else of the incident.

The address is the proof of who answers: it stands in no cookie, so that no other site can make a
browser send it, and a form here needs no token besides.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from activities.order_filling import OrderFilling
from activities.order_letters import again_words
from activities.speaking import Speech, Speeches
from activities.stop_words import StopWords, stop_words
from activities.text_parts import call_address
from api.access import address_of, house_of
from api.pages import answer_way
from api.pages.answer_freed import left, lifted_goods, stays
from api.pages.answer_numbers import units_in, why_not
from api.pages.answer_units import (
    goods_asked,
    lots_asked,
    products_by_lot,
    read_units,
    said_before,
    unit_fields,
    with_said_before,
)
from api.pages.frame import see_other
from api.pages.lens import Drawn
from api.pages.preview import kept_nowhere
from api.pages.sent_forms import SentForm, sent_form
from api.rendering import page_of, render
from api.words import Words, words_of
from domain.channel_answers import OwnAnswer
from domain.drift import had_said_so, seen_at
from domain.errors import AndonError, Malformed, NotConfirmed, NotFound, Refused, TooMany
from domain.in_words import row_in
from domain.orders_there import answer_due_of, open_at
from domain.wire import instant_text
from services import answer_links
from services.answer_links import ANSWERS, Asked
from services.company import about_company
from services.house import House
from services.people import GUESSES_PER_ADDRESS, GUESSES_PER_NAME
from storage import company

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

LONGEST: Final = {"where": 200, "reason": 500, "name": 120}
STOPS: Final = frozenset(OwnAnswer) - {OwnAnswer.RESUMED}
"""What may be answered to an order that stands."""

SAID_SO: Final = "?resumed=1"
"""What the address says after a channel said that it has resumed: its page thanks for it."""


@dataclass(frozen=True)
class _Form:
    """What was typed, as it came, and what is wrong with it, by field."""

    typed: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    told: str = ""


@router.get("/answer/{address:path}")  # noqa: FAST003 - the path as it came
def show(request: Request) -> Response:
    """Show the order that an address leads to. Raises NotFound alike for all others."""
    return _page(request, _found(request), _Form())


@router.post("/answer/{address:path}")  # noqa: FAST003 - the path as it came
async def answer(request: Request) -> Response:
    """Record what a channel answers, and show that it is recorded."""
    asked = await run_in_threadpool(_found, request)
    form = await sent_form(request)
    house, address = house_of(request), _address(request)
    try:
        _count(request, house, address)
        if asked.resumes:
            body, seen = _read_resumed(_words(asked), form)
        else:
            lots = await run_in_threadpool(lots_asked, house, asked)
            body, seen = _read(_words(asked), asked, form, lots)
        await answer_links.answer(house, asked, address, body, seen=seen)
    except _Wrong as wrong:
        drawn = _Form(_typed(form), wrong.fields)
        return await run_in_threadpool(_page, request, asked, drawn, 422)
    except (Malformed, Refused, TooMany, NotConfirmed) as error:
        drawn = _Form(_typed(form), told=_words(asked).sentence(f"{error.sentence}"))
        return await run_in_threadpool(_page, request, asked, drawn, _status(error))
    told = SAID_SO if body["answer"] == OwnAnswer.RESUMED else ""
    return kept_nowhere(see_other(f"{request.url.path}{told}"))


class _Wrong(Exception):
    """The form cannot be taken: sentences by field."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__()
        self.fields = fields


def _status(error: AndonError) -> int:
    kinds = {TooMany: 429, NotConfirmed: 503, Malformed: 422}
    return kinds.get(type(error), 409)


def _address(request: Request) -> str:
    path: str = request.scope["path"]
    return path.removeprefix(ANSWERS)


def _found(request: Request) -> Asked:
    """Give the order; a wrong address is counted for where it came from. Raises NotFound."""
    house = house_of(request)
    found = answer_links.find(house, _address(request))
    if found is not None:
        return found
    key = f"order answer {address_of(request)}"
    request.app.state.attempts.note(key, GUESSES_PER_ADDRESS, house.now().timestamp())
    raise NotFound("There is nothing at this address.", "Ask whoever gave you the link.")


def _count(request: Request, house: House, address: str) -> None:
    """Count one answer by this link. Raises TooMany."""
    try:
        request.app.state.attempts.note(
            f"order answered {address}", GUESSES_PER_NAME, house.now().timestamp()
        )
    except TooMany as told:
        raise TooMany(
            "This order was answered many times within minutes.", "Try again in some minutes."
        ) from told


# ---------------------------------------------------------------- what was typed


def _typed(form: SentForm) -> dict[str, str]:
    return {name: one for name, one in form.multi_items() if isinstance(one, str)}


def _read(
    words: Words, asked: Asked, form: SentForm, lots: Sequence[str]
) -> tuple[dict[str, Any], str]:
    """Read the form into the body of `answer_order`, and beside which answer it stood."""
    typed = _typed(form)
    said = {name: typed.get(name, "").strip() for name in ("answer", "where", "reason", "name")}
    stopped = said["answer"] == OwnAnswer.STOPPED
    cannot = said["answer"] == OwnAnswer.CANNOT
    fields = _rows(asked, lots) if stopped else []
    numbers = {name: typed.get(name, "") for name, _lot in fields}
    wrong = dict(_wrongs(words, said, form)) | {
        name: why_not(words, text)
        for name, text in numbers.items()
        if text.strip() and units_in(text) is None
    }
    ways = list(answer_way.fields_of(asked, lots))
    wrong |= dict(answer_way.wrongs(words, ways, typed, units_in))
    if wrong:
        raise _Wrong(wrong)
    body = {
        "answer": said["answer"],
        "answered_by": said["name"],
        "set_apart": read_units(fields, numbers, units_in),
        "where": said["where"] if stopped else "",
        "reason": said["reason"] if cannot else "",
    }
    if on_its_way := answer_way.read(ways, typed, units_in):
        body["on_its_way"] = on_its_way
    return with_said_before(asked, body, typed), typed.get("seen", "")[:20]


def _read_resumed(words: Words, form: SentForm) -> tuple[dict[str, Any], str]:
    """Read the form of an order that ended: who says that the channel has resumed."""
    name = _typed(form).get("name", "").strip()
    wrong = dict(_wrong_words(words, {"name": name}, form))
    if not name:
        wrong["name"] = words.gettext("Write your name: we call back whoever answered.")
    if wrong:
        raise _Wrong(wrong)
    return {"answer": str(OwnAnswer.RESUMED), "answered_by": name}, "resumed"


def _wrongs(words: Words, said: Mapping[str, str], form: SentForm) -> Iterator[tuple[str, str]]:
    """Say what is wrong with the words of a form, by field."""
    if said["answer"] not in STOPS:
        yield "answer", words.gettext("Choose one of the three.")
    if not said["name"]:
        yield "name", words.gettext("Write your name: we call back whoever answered.")
    if said["answer"] == OwnAnswer.CANNOT and not said["reason"]:
        yield "reason", words.gettext("Say why you cannot stop.")
    yield from _wrong_words(words, said, form)


def _wrong_words(
    words: Words, said: Mapping[str, str], form: SentForm
) -> Iterator[tuple[str, str]]:
    """Say what is too long, or cannot be read."""
    for name, most in LONGEST.items():
        if len(said.get(name, "")) > most:
            yield name, words.gettext("At most %(n)s characters.") % {"n": most}
    for name in form.unreadable:
        yield name, words.gettext("Some signs could not be read: type it again.")


def _rows(asked: Asked, lots: Sequence[str]) -> list[tuple[str, str]]:
    """Give the number fields of what is set apart; none where no goods stand."""
    return list(unit_fields(asked, lots)) if _stop(asked).has_goods else []


# ---------------------------------------------------------------- the page


def _language(asked: Asked) -> str:
    return "zh" if asked.incident.halt.listed[asked.now.channel].market == "CN" else "en"


def _stop(asked: Asked) -> StopWords:
    """Give the words of the order for this kind of channel, as its letter has them."""
    return stop_words(asked.incident.halt.listed[asked.now.channel].kind, _language(asked))


def _words(asked: Asked) -> Words:
    return words_of("zh_CN" if _language(asked) == "zh" else "en")


def _due_at(asked: Asked) -> datetime | None:
    """Give by when this order is to be answered, while it is open or the newest there."""
    is_open = any(one.order == asked.order.number for one in open_at(asked.now))
    return answer_due_of(asked.now, asked.order.number) if asked.is_newest or is_open else None


def _page(request: Request, asked: Asked, form: _Form, status: int = 200) -> Response:
    house, language = house_of(request), _language(asked)
    kept, speech = about_company(house), Speeches(house.engine).to(language)
    page = replace(page_of(request, None), language="zh_CN" if language == "zh" else "en")
    listed, now, order = asked.incident.halt.listed[asked.now.channel], asked.now, asked.order
    due_at = _due_at(asked)
    due = instant_text(due_at) if due_at else ""
    products = row_in(language, [speech.named("product", one) for one in order.products])
    stop = _stop(asked)
    filled = OrderFilling(house.desk).together()
    lots, goods = lots_asked(house, asked), goods_asked(house, asked)
    names = products_by_lot(speech, goods)
    ways = answer_way.fields_of(asked, lots)
    way = answer_way.drawn(_words(asked), ways, form.typed, form.wrong)
    rows = _rows(asked, lots)
    typed = form.typed if form.wrong or form.told else said_before(asked, rows)
    values: Drawn = {
        "company": kept.get("name_zh" if language == "zh" else "name_en", ""),
        "channel": speech.named("channel", now.channel),
        "products": products,
        "subject": stop.subject.format(what=products),
        "please": stop.please.format(what=products),
        "stop": stop,
        "codes": filled.codes(order.products),
        "contact": _contact(filled.contact(asked.incident, language, listed.market)),
        "goods": [
            {"products": row_in(language, [speech.named("product", one) for one in part[0]]),
             "lots": speech.words.listed(part[1])}
            for part in goods
        ],
        "names": names,
        "until": speech.when(due, listed.market) if due else "",
        "ordered_at": speech.when(instant_text(order.ordered_at), listed.market),
        "reference": f"{asked.incident.id} · {order.number}",
        "lifted": asked.is_lifted,
        "once": _once(asked, language) if asked.resumes else "",
        "resumed": not asked.resumes and "resumed" in request.query_params,
        "left": left(house, asked, speech, filled) if asked.is_lifted else None,
        "ended": lifted_goods(house, asked, speech) if asked.is_lifted else "",
        "stays": stays(house, asked, speech) if asked.is_lifted else "",
        "answered": _answered(house, asked, speech, names) if asked.answered else None,
        "rows": [
            {"name": name, "lot": lot, "value": typed.get(name, ""),
             "wrong": form.wrong.get(name, "")}
            for name, lot in rows
        ],
        "way": way,
        "way_open": answer_way.is_open(way),
        "typed": typed,
        "wrong": form.wrong,
        "told": form.told,
        "seen": asked.own.seq if asked.own else 0,
        "on_sale": _on_sale(asked, speech, listed.market),
        "path": request.url.path,
        "longest": LONGEST,
        "drill": asked.incident.drill,
        "demo": company.is_demo(house.engine),
    }  # fmt: skip
    return kept_nowhere(render("public/answer.html", page, status=status, **values))


def _once(asked: Asked, language: str) -> str:
    """Say of which moment the page of an ended order asks, as its letter says it."""
    kind = asked.incident.halt.listed[asked.now.channel].kind
    return again_words(kind, language)[2]


def _on_sale(asked: Asked, speech: Speech, market: str) -> str:
    """Say that goods were seen on sale there all the same; nothing where none were."""
    at = seen_at(asked.incident, asked.now, asked.order.number)
    words = _words(asked)
    if at is None or asked.is_lifted:
        return ""
    when = speech.when(instant_text(at), market)
    if had_said_so(asked.incident, asked.now, asked.order.number):
        told = words.gettext(
            "Goods that you are to stop were seen on sale at %(time)s, though you had answered. "
            "Stop them now, and answer again."
        )
    else:
        told = words.gettext(
            "Goods that you are to stop were seen on sale at %(time)s. Stop them now, and answer."
        )
    return told % {"time": when}


def _contact(said: str) -> Drawn:
    """Give whom to ask; what is a number alone is called by a press."""
    is_number = said != "" and all(sign.isdigit() or sign in "+-() " for sign in said)
    return {"text": said, "href": call_address(said) if is_number else ""}


def _answered(house: House, asked: Asked, speech: Speech, names: Mapping[str, str]) -> Drawn:
    """Say what this channel answered itself, when and who did."""
    own, listed = asked.own, asked.incident.halt.listed[asked.now.channel]
    assert own is not None
    counted = own.answer == OwnAnswer.STOPPED and own.units is not None
    return {
        "kind": own.answer,
        "at": speech.when(instant_text(own.at), listed.market),
        "by": answer_links.who_answered(house, asked),
        "units": f"{own.units:,}" if counted else None,
        "lots": [
            f"{names.get(one.lot, '')} {one.lot} {one.units:,}".strip()
            for one in own.set_apart
            if one.lot
        ],
        "reason": own.reason if own.answer == OwnAnswer.CANNOT else "",
        "where": own.where,
        "way": answer_way.said(_words(asked), asked, names),
    }
