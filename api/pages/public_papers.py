"""Public notices on paper and for the press: the PDF of one language, and all of them in one zip.

What belongs here: what stands on the sheet around the approved words, and what lies in the zip.
What never does: how a sheet is set (activities/press_pdf.py), or a word about the matter itself.
"""

import io
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Final

import segno
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from activities.hotlines import country, hotline, number_for, numbers_of
from activities.press_kit import packed
from activities.press_pdf import Paper, pdf_of
from api.access import house_of
from api.pages.public import own_name
from api.pages.public_days import day_out
from api.pages.public_feeds import as_it_is, words_alone
from api.pages.public_words import PublicWords
from domain.errors import NotFound
from domain.in_words import row_in
from domain.markets import markets_addressed, nearest_language
from services import notices
from services.company import about_company
from services.house import House
from services.notices import Notice
from storage import company

router = APIRouter(include_in_schema=False)

README: Final = Path(__file__).resolve().parents[2] / "templates" / "public" / "press_kit.txt"

KINDS: Final = frozenset(
    "holding recall_notice consumer_message apology update qa rumour_answer counterfeit_warning"
    " correction retraction closing".split()
)
"""Kinds of texts that have a name for the public; every other one is a statement."""


@router.get("/recalls/{notice}.pdf")
def as_pdf(
    request: Request, notice: str, lang: Annotated[str, Query(max_length=10)] = ""
) -> Response:
    """Give one notice as PDF, in one of its languages. Raises NotFound."""
    house = house_of(request)
    found = notices.notice(house, notice)
    language = nearest_language(found.languages, [lang]) or found.languages[0]
    made = _set(house, _paper(house, found, language))
    if made is None:
        raise NotFound(
            "There is no PDF of this notice in this language: this text cannot be set as PDF.",
            "Read it on its page, or take it as text (.txt).",
            code="cannot_be_set",
        )
    answer = as_it_is(request, made, "application/pdf")
    answer.headers["Content-Language"] = language
    name = f"{found.name}.{language}.pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


@router.get("/recalls/{notice}/press-kit.zip")
def press_kit(request: Request, notice: str) -> Response:
    """Give one notice for the press: every language, the approved bytes, how to check them."""
    house = house_of(request)
    found = notices.notice(house, notice)
    answer = as_it_is(request, papers_of(house, found)["press-kit.zip"], "application/zip")
    name = f"press-kit-{found.name}.zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def papers_of(house: House, found: Notice) -> dict[str, bytes]:
    """Give the PDF of each language that can be set, and the press kit, by file name."""
    papers = {language: _paper(house, found, language) for language in found.languages}
    sheets = {language: _set(house, paper) for language, paper in papers.items()}
    files = _files(house, found, sheets)
    kit = house.papers.get(
        f"kit {found.name}",
        (*papers.values(), files["README.txt"]),
        lambda: packed({f"{found.name}/{name}": what for name, what in files.items()}, found.at),
    )
    made = {f"{language}.pdf": sheet for language, sheet in sheets.items() if sheet is not None}
    return made | {"press-kit.zip": kit}


def _set(house: House, paper: Paper) -> bytes | None:
    """Set a paper, once for all who ask for it."""
    return house.papers.get(f"pdf {paper.reference} {paper.language}", paper, lambda: pdf_of(paper))


def _paper(house: House, found: Notice, language: str) -> Paper:
    """Give one language of a notice with all that stands around it."""
    words, about = PublicWords(language), about_company(house)
    title, body = found.words(language)
    reference = f"{found.name} · {words('version', n=str(found.version))}"
    address = _address(house, found)
    markets = found.document["markets"]
    lines = {
        "published": day_out(found, language),
        "applies_to": row_in(language, (country(each, language) for each in markets)),
        "telephone": hotline(about, markets_addressed(language, markets), language),
        "reference": reference,
        "on_the_web": address,
    }
    return Paper(
        language=language,
        title=title,
        body=body,
        company=words.pick(about.get("name_en", ""), about.get("name_zh", "")),
        kind=words(f"kind_{found.kind if found.kind in KINDS else 'statement'}"),
        reference=reference,
        published_at=found.at,
        notes=tuple(_notes(house, found, words)),
        lines=tuple((words(name), said) for name, said in lines.items() if said),
        checked=(words("hash"), found.sha256),
        address=address,
        code=_code(address) if address else "",
        numbers=(*numbers_of(about), *notices.phones(house, found)),
    )


def _notes(house: House, found: Notice, words: PublicWords) -> Iterator[str]:
    """Say what a reader has to know before the words: is it real, does it stand, is it final."""
    if company.is_demo(house.engine):
        yield words("invented_paper")
    for name in found.changed_by:
        newer = notices.notice(house, name)
        told = "taken_back" if newer.document.get("relation") == "retracts" else "newer"
        yield f"{words(told)} {_named(newer, words.language)}"
    if relation := found.document.get("relation", ""):
        original = f"{found.incident}-{found.document['about']}"
        for each in notices.notices(house):
            if each.name == original:
                yield f"{words(relation)} {_named(each, words.language)}"
    if found.document.get("preliminary"):
        yield words("preliminary_paper")


def _named(found: Notice, language: str) -> str:
    """Name another notice by its headline and its day."""
    return f"{found.title_for(language)} ({day_out(found, language)}, {found.name})"


def _address(house: House, found: Notice) -> str:
    """Say where the public reads it, where the public reaches this installation at all."""
    base = house.settings.public_url
    return f"{base}/recalls/{found.name}" if base else ""


@lru_cache(maxsize=64)
def _code(address: str) -> str:
    """Draw the QR code that opens an address, as a file of its own."""
    drawn = io.BytesIO()
    segno.make_qr(address, error="m").save(drawn, kind="svg", scale=8, border=2)
    return drawn.getvalue().decode()


# ---------------------------------------------------------------- the zip


def _files(house: House, found: Notice, sheets: dict[str, bytes | None]) -> dict[str, bytes]:
    """Give the files of a press kit by name, in their order."""
    files = {"README.txt": _readme(house, found, sheets)}
    for language, sheet in sheets.items():
        files[f"{language}.txt"] = words_alone(found, language)
        if sheet is not None:
            files[f"{language}.pdf"] = sheet
    files["statement.json"] = notices.approved_bytes(house, found)
    if address := _address(house, found):
        files["qr-code.svg"] = _code(address).encode()
    return files


def _readme(house: House, found: Notice, sheets: dict[str, bytes | None]) -> bytes:
    """Say in English and Chinese what is in it, how to check it and whom to call."""
    about = about_company(house)
    holes: dict[str, Any] = {"files": _listed(house, found, sheets), "sha256": found.sha256}
    for language in ("en", "zh"):
        words = PublicWords(language)
        notes = "".join(f"\n\n* {note}" for note in _notes(house, found, words))
        address = _address(house, found)
        holes |= {
            f"company_{language}": words.pick(about.get("name_en", ""), about.get("name_zh", "")),
            f"title_{language}": found.title_for(language),
            f"changed_{language}": notes,
            f"address_{language}": f"\n{words('on_the_web')}\n  {address}\n" if address else "",
            f"calls_{language}": _calls(about, found, language),
        }
    return README.read_text(encoding="utf-8").format(**holes).encode()


def _listed(house: House, found: Notice, sheets: dict[str, bytes | None]) -> str:
    """List the files, each in words of both languages."""
    lines = [
        f"  {language}.txt, {language}.pdf  {own_name(language, sheets)}"
        if sheet is not None
        else f"  {language}.txt  {own_name(language, sheets)} (cannot be set as PDF / 无法排成 PDF)"
        for language, sheet in sheets.items()
    ]
    lines.append("  statement.json  the approved words of all languages / 全部语种的审批文本")
    if address := _address(house, found):
        lines.append(f"  qr-code.svg  opens / 扫码打开 {address}")
    return "\n".join(lines)


def _calls(about: Any, found: Notice, language: str) -> str:
    """List the numbers to call: each market's own, and where one has none the company's.

    The company's list has no number for the press: the kit says whose lines these are.
    """
    numbers = {each: number_for(about, each) for each in found.document["markets"]}
    colon = "：" if language == "zh" else ": "
    lines = [
        f"  {country(each, language)}{colon}{number}" for each, number in numbers.items() if number
    ]
    if not all(numbers.values()) or not numbers:
        lines.append(f"  {about.get('hotline', '')}")
    lines += [f"  {about['website']}"] if about.get("website") else []
    return "\n".join(dict.fromkeys(lines))
