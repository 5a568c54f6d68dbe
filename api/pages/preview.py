"""A text under embargo, as the one it was shared with reads it; and nothing at all for others.

What belongs here: the page behind a preview's address, and the one that every other address gets.
What never does: who may share (domain/previews.py), or the address (services/previews.py). Nothing
on it leads anywhere, and nobody keeps it: no cache, no search engine, no address of where one came
from.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from activities.text_parts import Part
from api.access import house_of
from api.pages.frame import see_other
from api.pages.lens import Drawn
from api.pages.public import own_name, text_in_parts
from api.pages.public_words import PublicWords
from api.rendering import page_of, render, wanted_languages
from domain.errors import NotFound
from domain.in_words import moment_in
from domain.markets import base_language
from domain.previews import embargo_of
from domain.references import Clock
from domain.statement_facts import clock_of
from domain.statement_text import DRILL_LINE, phones_told
from services import previews
from services.company import about_company
from services.previews import PREVIEWS, Previewed
from storage import company

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

KEPT_NOWHERE: Final = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
}
EVERYBODYS: Final = ("en", "zh-CN")
"""Languages in which every preview says that it is under embargo, beside those of its text."""


@router.get("/preview/{address:path}")  # noqa: FAST003 - see below
def preview(request: Request) -> Response:
    """Show what was shared, or lead to what is public now. Raises NotFound alike for all else."""
    house = house_of(request)
    # The path as it came: a route's own reading of it leaves out a line end.
    found = previews.find(house, request.scope["path"].removeprefix(PREVIEWS))
    if found is None:
        raise NotFound("There is nothing at this address.", "Ask whoever gave you the link.")
    if found.notice is not None:
        return kept_nowhere(see_other(f"/recalls/{found.notice.name}"))
    text, kept = found.text, about_company(house)
    phones = phones_told(text.facts)
    values: Drawn = {
        "embargo": _embargo(request, found),
        "languages": [
            _words(one.language, one.title, text_in_parts(house, one.body, phones), text.languages)
            for one in sorted(text.texts, key=lambda one: _rank(request, one.language))
        ],
        "preliminary": text.preliminary,
        "sha256": text.sha256,
        "drill": DRILL_LINE if found.incident.drill else "",
        "names": _names(kept),
        "demo": company.is_demo(house.engine),
    }
    page = page_of(request, None)
    return kept_nowhere(render("public/preview.html", page, **values))


def nothing_here(request: Request) -> Response:
    """Answer an address that shows nothing: byte for byte the same for each, to one reader.

    Whoever sent words gets them back to copy, whatever the address: a room may have been closed
    while they were typed.
    """
    page, spoken = page_of(request, None), map(PublicWords.spoken_as, wanted_languages(request))
    languages = dict.fromkeys([next(filter(None, spoken), "en"), *EVERYBODYS])
    values: Drawn = {
        "words": [PublicWords(language) for language in languages],
        "names": _names(about_company(house_of(request))),
        "typed": str(getattr(request.state, "words", "")),
    }
    return kept_nowhere(render("public/no_preview.html", page, status=404, **values))


def _names(kept: Mapping[str, Any]) -> list[str]:
    """Give the names of the company, each once."""
    return list(dict.fromkeys(filter(None, (kept.get("name_en"), kept.get("name_zh")))))


def _rank(request: Request, language: str) -> int:
    """Say how well a language fits the reader; English next to what they ask for."""
    wanted = [base_language(one) for one in (*wanted_languages(request), "en")]
    own = base_language(language)
    return wanted.index(own) if own in wanted else len(wanted)


def kept_nowhere(answer: Response) -> Response:
    """Let no cache, no search engine and no other site keep a page or its address."""
    answer.headers.update(KEPT_NOWHERE)
    return answer


def _embargo(request: Request, found: Previewed) -> list[Drawn]:
    """Say until when it is under embargo, by the text's own clock, in the languages it takes.

    It stands once in each, the reader's own first; a language without words is told in English.
    """
    clock = clock_of(found.incident, found.text.markets)
    at = embargo_of(found.text, found.preview)
    languages = [one.language for one in found.text.texts] + [*EVERYBODYS]
    said: dict[str, str] = {}
    for language in sorted(languages, key=lambda one: _rank(request, one)):
        said.setdefault(PublicWords.spoken_as(language) or "en", language)
    return [
        {
            "lang": own,
            "text": PublicWords(own)("embargo", moment=_moment(language, at, clock)),
        }
        for own, language in said.items()
    ]


def _moment(language: str, at: datetime, clock: Clock) -> str:
    here, zone = clock.told_by(language)
    return moment_in(clock.manner(language), here(at), zone)


def _words(language: str, title: str, parts: tuple[Part, ...], among: tuple[str, ...]) -> Drawn:
    return {
        "lang": language,
        "name": own_name(language, among),
        "title": title,
        "parts": parts,
        "words": PublicWords(language),
    }
