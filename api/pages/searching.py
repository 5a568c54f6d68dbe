"""The search over all incidents that somebody may see: one field, hits by incident, words marked.

What belongs here: the page, what a kind of act is called, and marking what was found. What never
does: finding (services/searching.py), or the JSON (api/routes/search.py).
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.responses import HTMLResponse, Response

from api.event_names import EVENT_NAMES
from api.event_words import TELLS
from api.pages.doers import short_doer
from api.pages.frame import Guest
from api.pages.lens import Drawn, Lens
from api.pages.telling import sentence_of, told_as
from api.question_words import SEARCH_IN
from api.word_lists import STAGE
from api.words import words_of
from domain.ledger import Entry
from domain.message import event_spec
from domain.values import is_case
from services import searching
from services.search_terms import folded, holds_word, words_in
from services.searching import Found, Hit, Kind, Question
from storage import incidents

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

ALL: Final = "all"
AROUND: Final = 90
"""Signs that are shown on each side of what was found."""

PRODUCTS: Final = 3
"""Products that are named over the hits of an incident."""

TYPES_AT_MOST: Final = 40
LEAST: Final = 2
"""Signs by which a kind of act is looked for."""

PHRASE: Final = 2
PHRASE_SIGNS: Final = 3
"""Words, or signs of Chinese, from which on sentences of the ledger are looked through."""

Asked = Annotated[str, Query(max_length=1000)]


@router.get("/search")
def search(
    guest: Guest,
    q: Asked = "",
    where: Annotated[str, Query(alias="in", max_length=20)] = ALL,
    incident: Annotated[str, Query(max_length=40)] = "",
    after: Annotated[str, Query(max_length=24)] = "",
) -> Response:
    """Search the incidents that the reader may see. Raises Malformed for a page that is none."""
    text = q.strip()
    question = question_of(text, where, incident, after)
    found = searching.find(guest.house, guest.who.actor, question)
    asked = {"q": text, "in": where, "incident": incident}
    more = urlencode({**asked, "after": searching.place_of(found.next)}) if found.next else ""
    return guest.show(
        "search.html",
        q=text,
        incident=incident,
        kinds=[
            {"value": one, "label": guest.lens.words.of("search_in", one), "chosen": one == where}
            for one in SEARCH_IN
        ],
        groups=list(_groups(guest, found, text)),
        more=f"/search?{more}" if more else "",
        behind=found.behind,
        first=not after,
    )


def question_of(text: str, where: str, incident: str = "", after: str = "") -> Question:
    """Make the question of what was typed; an unknown kind is all. Raises Malformed."""
    known = where in SEARCH_IN and where != ALL
    kinds = (Kind(where),) if known else tuple(Kind)
    by_acts, said = Kind.DECISION in kinds, sentences_with(text)
    return Question(
        text=text,
        kinds=kinds,
        types=tuple(types_of(text)) if by_acts else (),
        said=tuple({one.partition(":")[0]: None for one in said}) if by_acts else (),
        says=lambda entry: told_as(entry.event) in said,
        incident=incident,
        before=searching.read_place(after),
    )


def types_of(text: str) -> list[str]:
    """Give the kinds of entries that are called so, in English or in Chinese."""
    words = list(words_in(text))
    if len(folded(text).strip()) < LEAST or not words:
        return []
    chinese = words_of("zh_CN")
    found = [
        name
        for name, called in EVENT_NAMES.items()
        if any(
            all(holds_word(folded(one), word) for word in words)
            for one in (name, called, chinese.gettext(called))
        )
    ]
    return found[:TYPES_AT_MOST]


def sentences_with(text: str) -> frozenset[str]:
    """Give the sentences, by event and case, that hold some words as they stand: a phrase.

    One word of a sentence says little; of Chinese that is what is shorter than a phrase.
    """
    phrase, words = folded(text).strip(), list(words_in(text))
    if not words or (len(words) < PHRASE and (text.isascii() or len(phrase) < PHRASE_SIGNS)):
        return frozenset()
    return frozenset(
        name for name, told in _sentences().items() if any(phrase in one for one in told)
    )


@cache
def _sentences() -> dict[str, tuple[str, str]]:
    """Give what sentences say by themselves, without what is filled in, in both languages."""
    chinese = words_of("zh_CN")
    return {
        name: (_bare(tell.text), _bare(chinese.gettext(tell.text))) for name, tell in TELLS.items()
    }


def _bare(sentence: str) -> str:
    return folded(re.sub(r"\{[^{}]*\}", "\n", sentence))


# ---------------------------------------------------------------- hits


def _groups(guest: Guest, found: Found, text: str) -> Iterator[Drawn]:
    """Gather hits under their incidents, in the order in which they were found."""
    by_stream: dict[str, list[Hit]] = {}
    for hit in found.hits:
        by_stream.setdefault(hit.entry.incident, []).append(hit)
    for stream, hits in by_stream.items():
        yield {
            **_head(guest, stream),
            "only": f"/search?{urlencode({'q': text, 'incident': stream})}",
            "hits": [_hit(guest.lens, hit, text) for hit in hits],
        }


def _head(guest: Guest, stream: str) -> Drawn:
    """Give what stands over the hits of one incident; an after-sales case has no page."""
    if is_case(stream):
        return {"id": stream, "href": "", "title": guest.lens("After-sales case"), "drill": False}
    row = incidents.incident(guest.house.engine, stream)
    title = _products(guest.lens, list(row.products or ())) or row.title
    return {
        "id": stream,
        "href": f"/incidents/{stream}",
        "title": title,
        "grade": row.grade,
        "drill": bool(row.drill),
    }


def _products(lens: Lens, ids: list[str]) -> str:
    """Name the products of an incident; of many the first ones."""
    if len(ids) <= PRODUCTS:
        return lens.products(ids)
    names, more = lens.products(ids[:PRODUCTS]), len(ids) - PRODUCTS
    return lens("%(names)s and %(count)s more products", names=names, count=more)


def _hit(lens: Lens, hit: Hit, text: str) -> Drawn:
    entry = hit.entry
    spec = event_spec(entry.event)
    sentence = sentence_of(lens, entry.event)
    return {
        "seq": entry.seq,
        "href": entry_address(entry),
        "type": lens.event(spec.name),
        "stage": lens(STAGE.get(spec.stage, str(spec.stage))),
        "sentence": marked(sentence, text, around=len(sentence)),
        "at": lens.moment(entry.recorded_at),
        "who": short_doer(lens, entry),
        "why": lens.words.of("search_why", hit.why),
        "pieces": marked(found, text) if (found := found_words(lens, hit)) else [],
    }


def found_words(lens: Lens, hit: Hit) -> str:
    """Give the words in which a hit was found; nothing where its sentence tells them."""
    if hit.why not in (Kind.TEXT, Kind.RULE):
        return ""
    told = _in_names(lens, hit.text)
    return "" if told.rstrip(".。") in sentence_of(lens, hit.entry.event) else told


def _in_names(lens: Lens, text: str) -> str:
    """Give the name of whom or what the found text is the id of; any other text as it stands."""
    told = lens.person(text)
    listed = (lens.named(kind, text) for kind in ("product", "channel", "consignee"))
    return next((one for one in listed if one != text), text) if told == text else told


def entry_address(entry: Entry) -> str:
    """Give where an entry is read: its page, or of a case the ledger as JSON."""
    if is_case(entry.incident):
        return f"/api/cases/{entry.incident}/ledger?after={entry.seq - 1}&limit=1"
    return f"/incidents/{entry.incident}/ledger/{entry.seq}"


def marked(text: str, asked: str, around: int = AROUND) -> list[Drawn]:
    """Cut a text around what was found in it, with what fits marked."""
    words = sorted({re.escape(word) for word in words_in(asked)}, key=len, reverse=True)
    found = re.search("|".join(words), text, re.IGNORECASE) if words else None
    if found is None:
        short = text if len(text) <= 2 * around else f"{text[: 2 * around].rstrip()} …"
        return [{"text": short, "mark": False}]
    start, end = max(0, found.start() - around), min(len(text), found.end() + around)
    shown = ("… " if start else "") + text[start:end] + (" …" if end < len(text) else "")
    parts = re.split(f"({'|'.join(words)})", shown, flags=re.IGNORECASE)
    return [{"text": one, "mark": bool(n % 2)} for n, one in enumerate(parts) if one]
