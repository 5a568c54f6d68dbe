"""Public recall pages: the published words, for anyone, on one sheet.

What belongs here: showing texts that stand at this installation's own place, and answering "is mine
affected?". What never does: a word of our own about the matter, a menu, or anything that needs an
account. A text that was corrected or taken back stays, and says so. Feeds and machines:
api/pages/public_feeds.py.

Every page names what it was made of, so that a crowd is answered from caches; none needs a script.
"""

import hashlib
from collections.abc import Container, Iterable, Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

import segno
from babel import Locale
from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, Response

from activities.hotlines import country, hotline, number_for, numbers_of
from activities.text_parts import Part, parts_of, pieces_of
from api.access import house_of
from api.errors import waits
from api.pages.frame import see_other, visitor_lens
from api.pages.lens import Drawn, Lens
from api.pages.public_addresses import FILES, SERVED, Addresses
from api.pages.public_check import Checked, checked
from api.pages.public_days import day_out
from api.pages.public_lookup import TONES, lookup
from api.pages.public_words import SPOKEN, PublicWords
from api.rendering import page_of, render, wanted_languages
from domain.lot_check import TYPED_AT_MOST, LotAnswer
from domain.markets import (
    base_language,
    is_told_apart,
    markets_addressed,
    nearest_language,
    region_of,
)
from services import notices
from services.build import pages_id
from services.company import about_company
from services.house import House
from services.notices import Notice
from storage import company

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

FRESH = "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"
"""A cache may answer for a minute; while it asks anew, and while we are away, it may go on."""

FRESH_404 = "public, max-age=60"

MISSED = {"cannot_be_set": "no_paper", "busy": "being_made"}
"""What is said where there is no page, by why; else that there is no notice."""

CHANGED_ON = {"corrects": "corrected_on", "supersedes": "replaced_on", "retracts": "taken_back_on"}
"""What the list says of a notice, by what a later one does with it; the last of these first."""


@router.get("/recalls")
def listed(
    request: Request,
    lang: Annotated[str, Query(max_length=10)] = "",
    lot: Annotated[str | None, Query(max_length=4 * TYPED_AT_MOST)] = None,
) -> Response:
    """List what is published, the newest first, in the reader's language or the one they choose.

    With `lot` it leads to the one notice that names this lot, or says which may be about it.
    """
    spoken = (*filter(None, [lang]), *wanted_languages(request), "en")
    told = Checked() if lot is None else checked(house_of(request), lot, spoken)
    if lot is not None and told.only is not None:
        return see_other(_with_lot(SERVED.notice(told.only.name, PublicWords.spoken_as(lang)), lot))
    return sheet_of_all(request, SERVED, lang, lot, told)


def sheet_of_all(
    request: Request, to: Addresses, lang: str, lot: str | None, told: Checked
) -> Response:
    """Draw the list of all notices, with what is `told` of the lot that somebody typed."""
    lens, found = visitor_lens(request), notices.notices(house_of(request))
    chosen, words = PublicWords.spoken_as(lang), _words_of_list(request, lang)
    lines = [_line(request, one, to, words, chosen) | _changed(words, one, found) for one in found]
    said = told.said if lot is not None else ""
    made_of = [one.sha256 for one in found] + [line["lang"] + line["changed"] for line in lines]
    made_of += [words.language, chosen, said, lot or "", *(one.name for one in told.every)]
    values: dict[str, Any] = {
        "notices": lines,
        "words": words,
        "checks": not to.is_files and any(one.checks_lots for one in found),
        "typed": lot or "",
        "asked": lot is not None,
        "said": said,
        "listed": [
            {**line, "href": _with_lot(line["href"], lot or "")}
            for line in (_line(request, one, to, words, chosen) for one in told.listed)
        ],
        "beside": [
            {"words": said, "notices": [_line(request, one, to, words, chosen) for one in those]}
            for said, those in (("whatever_lot", told.whatever), ("not_settled", told.unsettled))
            if those
        ],
    }
    values |= {"to": to, "chosen": chosen, "languages": _languages_of_list(words, to)}
    number = _number_of_list(request, found, words.language)
    return _answer(request, "recalls.html", made_of, lens, values, number)


def _with_lot(address: str, lot: str) -> str:
    """Lead to the answer about a lot, on the page of a notice."""
    return f"{address}{'&' if '?' in address else '?'}{urlencode({'lot': lot})}#check"


def _words_of_list(request: Request, lang: str) -> PublicWords:
    """Choose the language of a page of ours: the one asked for, the reader's own, or English."""
    spoken = (lang, *wanted_languages(request), "en")
    return PublicWords(next(filter(None, map(PublicWords.spoken_as, spoken))))


def _number_of_list(request: Request, found: Sequence[Notice], language: str) -> str:
    """Give the numbers of all markets that notices are for, by country.

    Readers of Chinese have those of the markets that speak it.
    """
    about = about_company(house_of(request))
    markets = dict.fromkeys(each for one in found for each in one.document["markets"])
    is_chinese = base_language(language) == "zh"
    wanted = markets_addressed(language, markets) if is_chinese else markets
    return hotline(about, [each for each in wanted if number_for(about, each)], language)


def _changed(words: PublicWords, one: Notice, found: Sequence[Notice]) -> dict[str, str]:
    """Say whether a later notice corrects this one or takes it back, and since which day."""
    later = [each for each in found if each.name in one.changed_by]
    for relation in reversed(CHANGED_ON):
        for each in later:
            if each.document.get("relation") == relation:
                day = day_out(each, words.language)
                return {"changed": words(CHANGED_ON[relation], day=day)}
    return {"changed": ""}


def no_notice(request: Request, told: dict[str, Any]) -> Response:
    """Answer a public address that shows no notice, in the reader's language, with a way on."""
    lang = request.query_params.get("lang", "")
    chosen, words = PublicWords.spoken_as(lang), _words_of_list(request, lang)
    what = MISSED.get(told["code"], "no_notice")
    found = notices.notices(house_of(request))
    values: dict[str, Any] = {"to": SERVED, "words": words, "what": what, "chosen": chosen}
    number = _number_of_list(request, found, words.language)
    shown = _answer(request, "no_notice.html", [what], visitor_lens(request), values, number)
    shown.status_code = told["status"]
    again = waits(told)
    shown.headers.update({"Cache-Control": "no-store" if again else FRESH_404} | again)
    del shown.headers["ETag"]
    return shown


def _languages_of_list(words: PublicWords, to: Addresses) -> list[Drawn]:
    """Offer the list in every language that we have the words in."""
    return [
        {
            "code": code,
            "name": own_name(code),
            "href": to.listed(code),
            "current": code == words.language,
        }
        for code in SPOKEN
    ]


@router.get("/recalls/{notice}")
def one(
    request: Request,
    notice: str,
    lang: Annotated[str, Query(max_length=10)] = "",
    lot: Annotated[str | None, Query(max_length=4 * TYPED_AT_MOST)] = None,
) -> Response:
    """Show one published text in the reader's language, or the one they choose.

    With `lot` the page begins with the answer whether that lot is affected. Raises NotFound.
    """
    return sheet(request, SERVED, notices.notice(house_of(request), notice), lang, lot)


def sheet(
    request: Request,
    to: Addresses,
    found: Notice,
    lang: str,
    lot: str | None = None,
    *,
    on_paper: Container[str] | None = None,
) -> Response:
    """Draw one notice, in a language that it has or the reader's own.

    `on_paper` are the languages whose PDF lies beside the page; None where it is made when asked.
    """
    lens, house = visitor_lens(request), house_of(request)
    language = _language(request, found, lang)
    words, chosen = PublicWords(language), PublicWords.spoken_as(lang)
    index = notices.lot_index(house, found)
    if to.is_files and index is not None and index.unbounded:
        lot = ""  # the answer is the same for whatever they would type
    answer = index.check(lot) if index is not None and lot is not None else None
    newer_ones = [notices.notice(house, name) for name in found.changed_by]
    values: dict[str, Any] = {
        "to": to,
        "lookup": lookup(to, found, index, language) if to.is_files and index else None,
        "notice": _notice(request, found, language, to),
        "newer": [_line(request, one, to, words, chosen) for one in newer_ones],
        "words": words,
        "chosen": chosen,
        "checks": index is not None,
        "typed": lot or "",
        "answer": _answered(words, answer) if answer else None,
        "code": _code(house, found),
        "on_paper": on_paper is None or language in on_paper,
    }
    newer = [line["lang"] for line in values["newer"]]
    made_of = [found.sha256, *found.changed_by, *newer, language, str(index is not None), lot or ""]
    made_of += [answer.verdict, answer.lot] if answer else []
    number = _number(request, found, language)
    return _answer(request, "recall.html", made_of, lens, values, number)


def sheet_of_lots(request: Request, found: Notice, language: str, lots: list[str]) -> Response:
    """Draw a part of a list of lots that is too long for the page of its notice (a file)."""
    values: dict[str, Any] = {
        "to": FILES,
        "notice": {
            "href": FILES.notice(found.name, language),
            "title": found.words(language)[0],
            "lang": language,
        },
        "words": PublicWords(language),
        "chosen": PublicWords.spoken_as(language),
        "lookup": {"lots": lots, "pages": ()},
    }
    number = _number(request, found, language)
    return _answer(request, "lots.html", [], visitor_lens(request), values, number)


def _number(request: Request, found: Notice, language: str) -> str:
    """Give the number that the readers of a notice can call."""
    own = markets_addressed(language, found.document["markets"])
    return hotline(about_company(house_of(request)), own, language)


def _line(
    request: Request, found: Notice, to: Addresses, words: PublicWords, chosen: str = ""
) -> Drawn:
    """Give a notice as one line of a list in a language; `chosen` is what its address asks for."""
    language = _language(request, found, words.language)
    return {
        "href": to.notice(found.name, language if chosen else ""),
        "title": found.words(language)[0],
        "lang": language,
        "relation": str(found.document.get("relation", "")),
        "at": day_out(found, words.language),
    }


def _notice(request: Request, found: Notice, language: str, to: Addresses) -> Drawn:
    house, (title, body) = house_of(request), found.words(language)
    return {
        "href": to.notice(found.name),
        "name": found.name,
        "title": title,
        "parts": text_in_parts(house, body, notices.phones(house, found)),
        "lang": language,
        "at": day_out(found, language),
        "languages": [
            {
                "code": code,
                "name": own_name(code, found.languages),
                "href": to.notice(found.name, code),
                "current": code == language,
            }
            for code in found.languages
        ],
        "preliminary": bool(found.document.get("preliminary")),
        "published": found.at.isoformat(timespec="seconds"),
        "sha256": found.sha256,
    }


def text_in_parts(house: House, body: str, phones: Iterable[str] = ()) -> tuple[Part, ...]:
    """Divide a text for its readers; known are our own phone numbers and pictures, and `phones`."""
    numbers = (*numbers_of(about_company(house)), *phones)
    return parts_of(body, numbers=numbers, origin=house.settings.console_url)


def _answered(words: PublicWords, answer: LotAnswer) -> Drawn:
    return {
        "text": words(answer.verdict, lot=answer.lot),
        "tone": TONES.get(answer.verdict, "plain"),
    }


def _code(house: House, found: Notice) -> Drawn | None:
    """Draw the QR code that opens this page, where the public reaches it at all."""
    base = house.settings.public_url
    if not base:
        return None
    address = f"{base}/recalls/{found.name}"
    drawn = house.kept.get(
        f"qr {found.name}",
        address,
        lambda: segno.make_qr(address, error="m").svg_inline(scale=4, border=2, svgclass="qr"),
    )
    return {"svg": drawn, "address": address}


def _language(request: Request, found: Notice, wanted: str) -> str:
    """Choose the language: the one asked for, the reader's own, English, or the first there is."""
    if wanted in found.languages:
        return wanted
    asked = (*([wanted] if wanted else []), *wanted_languages(request), "en")
    return nearest_language(found.languages, asked) or found.languages[0]


def own_name(code: str, among: Iterable[str] = ()) -> str:
    """Give the name of a language in that language, as its readers look for it.

    With its region where another of the languages `among` which it stands has the same name.
    """
    try:
        told = Locale.parse(base_language(code)).get_display_name()
    except (ValueError, LookupError):
        return code
    region = region_of(code)
    if not told or not region or not is_told_apart(code, among):
        return str(told or code)
    named = country(region, code)
    return f"{told}（{named}）" if base_language(code) == "zh" else f"{told} ({named})"


def _answer(
    request: Request,
    template: str,
    made_of: list[str],
    lens: Lens,
    values: dict[str, Any],
    number: str | None = None,
) -> Response:
    """Answer with the page, or that nothing changed; whoever caches it may do so for a minute.

    `number` is the one that the readers of a notice can call; else the home market's stands there.
    """
    house = house_of(request)
    kept = about_company(house)
    about = {
        "name": values["words"].pick(kept.get("name_en", ""), kept.get("name_zh", "")),
        "hotline": kept.get("hotline", "") if number is None else number,
        "website": kept.get("website", ""),
        "demo": company.is_demo(house.engine),
    }
    page = page_of(request, None, zone=lens.zone_name)
    parts = [
        pages_id(),
        template,
        page.language,
        lens.zone_name,
        *map(str, about.values()),
        *made_of,
    ]
    etag = f'"{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:32]}"'
    headers = {
        "Cache-Control": FRESH,
        "Content-Language": values["words"].language.replace("_", "-"),
        "ETag": etag,
        "Vary": "Accept-Language, Cookie",
    }
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    telephone = pieces_of(str(about["hotline"]), numbers_of(kept))
    shown = render(f"public/{template}", page, company=about, telephone=telephone, **values)
    shown.headers.update(headers)
    return shown
