"""Public recall pages: the published words, for anyone, on one sheet.

What belongs here: showing texts that stand at this installation's own place. What never does: a
word of our own about the matter, a menu, or anything that needs an account. A text that was
corrected or taken back stays, and says so.
"""

import json
from typing import Annotated, Any

from babel import Locale
from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, Response

from api.access import house_of
from api.pages.frame import visitor_lens
from api.pages.lens import Drawn, Lens
from api.rendering import page_of, render
from domain.errors import NotFound
from services.company import about_company
from services.house import House
from storage import company, publications
from storage.publications import StoredText

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)


@router.get("/recalls")
def listed(request: Request) -> Response:
    """List what is published, the newest first."""
    lens, house = visitor_lens(request), house_of(request)
    found = [_notice(lens, one) for one in _newest(house)]
    return _render(request, "recalls.html", house, lens, notices=found)


@router.get("/recalls/{notice}")
def one(request: Request, notice: str, lang: Annotated[str, Query(max_length=10)] = "") -> Response:
    """Show one published text in the reader's language, or the one they choose."""
    lens, house = visitor_lens(request), house_of(request)
    texts = _newest(house)
    found = next((text for text in texts if f"{text.incident}-{text.statement}" == notice), None)
    if found is None:
        raise NotFound("There is no such notice.", "All notices are listed at /recalls.")
    drawn = _notice(lens, found, lang)
    about = [_notice(lens, text) for text in texts if _about(text) == found.statement
             and text.incident == found.incident]  # fmt: skip
    return _render(request, "recall.html", house, lens, notice=drawn, about=about)


def _newest(house: House) -> list[StoredText]:
    """Give the newest version of every published text that is no drill."""
    newest: dict[tuple[str, str], StoredText] = {}
    for text in publications.list_texts(house.engine):
        key = (text.incident, text.statement)
        if key not in newest or newest[key].version < text.version:
            newest[key] = text
    return list(newest.values())


def _document(text: StoredText) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(text.content)
    return document


def _about(text: StoredText) -> str:
    return str(_document(text).get("about", ""))


def _notice(lens: Lens, text: StoredText, wanted: str = "") -> Drawn:
    document = _document(text)
    renditions = {one["language"]: one for one in document["texts"]}
    language = _language(lens, renditions, wanted)
    shown = renditions[language]
    return {
        "href": f"/recalls/{text.incident}-{text.statement}",
        "title": shown["title"],
        "body": shown["body"],
        "lang": language,
        "languages": [
            {"code": code, "name": _own_name(code), "current": code == language}
            for code in renditions
        ],
        "relation": str(document.get("relation", "")),
        "preliminary": bool(document.get("preliminary")),
        "at": lens.moment(text.at),
        "sha256": text.sha256,
    }


def _language(lens: Lens, renditions: dict[str, Any], wanted: str) -> str:
    """Choose the language: the one asked for, the reader's, English, or the first there is."""
    if wanted in renditions:
        return wanted
    own = "zh" if lens.words.is_chinese else "en"
    ranked = sorted(
        renditions, key=lambda code: (not code.startswith(own), not code.startswith("en"))
    )
    return ranked[0]


def _own_name(code: str) -> str:
    """Give the name of a language in that language, as its readers look for it."""
    try:
        told = Locale.parse(code, sep="-").get_display_name()
    except (ValueError, LookupError):
        return code
    return str(told).split(" (")[0].split("（")[0] if told else code


def _render(
    request: Request, template: str, house: House, lens: Lens, **values: Any
) -> HTMLResponse:
    kept = about_company(house)
    about = {
        "name": lens.words.pick(kept.get("name_en", ""), kept.get("name_zh", "")),
        "hotline": kept.get("hotline", ""),
        "website": kept.get("website", ""),
        "demo": company.is_demo(house.engine),
    }
    page = page_of(request, None, zone=lens.zone_name)
    return render(f"public/{template}", page, company=about, **values)
