"""Public notices for machines: feeds, plain text, JSON, and the list of lots in shards.

What belongs here: other forms of what the pages show (api/pages/public.py). What never does: a word
that is not in the approved text. Regulation (EU) 2024/1435 asks for text that a machine can read;
RFC 4287 is Atom, jsonfeed.org version 1.1 the other feed.
"""

import hashlib
import json
from typing import Any
from xml.etree import ElementTree as ET

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.access import house_of
from api.pages.public import FRESH
from api.pages.public_addresses import SERVED, Addresses
from domain.errors import NotFound
from domain.lot_check import LotIndex, beside, shards
from domain.markets import nearest_language
from services import notices
from services.company import about_company
from services.house import House
from services.notices import Notice

router = APIRouter(include_in_schema=False)

ATOM = "http://www.w3.org/2005/Atom"
ET.register_namespace("", ATOM)


@router.get("/recalls/feed.atom")
def atom(request: Request) -> Response:
    """Give all notices as Atom: each in its first language, with links to the others."""
    text = atom_of(house_of(request), SERVED)
    return as_it_is(request, text, "application/atom+xml; charset=utf-8")


def atom_of(house: House, to: Addresses) -> bytes:
    """Write all notices as Atom."""
    feed = ET.Element(f"{{{ATOM}}}feed")
    found = notices.notices(house)
    _add(feed, "title", _name(house))
    _add(feed, "id", _address(house, "/recalls"))
    _add(feed, "updated", found[0].at.isoformat() if found else "1970-01-01T00:00:00+00:00")
    _add(feed, "link", rel="self", href=_address(house, "/recalls/feed.atom"))
    author = _add(feed, "author")
    _add(author, "name", _name(house))
    for one in found:
        _entry(feed, house, one, to)
    written: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _entry(feed: ET.Element, house: House, one: Notice, to: Addresses) -> None:
    language = one.languages[0]
    title, body = one.words(language)
    entry = _add(feed, "entry")
    entry.set("{http://www.w3.org/XML/1998/namespace}lang", language)
    _add(entry, "title", title)
    _add(entry, "id", _address(house, f"/recalls/{one.name}"))
    _add(entry, "updated", one.at.isoformat())
    _add(entry, "link", rel="alternate", href=_address(house, to.notice(one.name)))
    for other in one.languages[1:]:
        href = _address(house, to.notice(one.name, other))
        _add(entry, "link", rel="alternate", hreflang=other, href=href)
    _add(entry, "content", body, type="text")


def _add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    made = ET.SubElement(parent, f"{{{ATOM}}}{tag}", attributes)
    made.text = text or None
    return made


@router.get("/recalls/feed.json")
def json_feed(request: Request) -> Response:
    """Give all notices as a JSON feed, each language an item."""
    return as_it_is(request, json_feed_of(house_of(request), SERVED), "application/feed+json")


def json_feed_of(house: House, to: Addresses) -> bytes:
    """Write all notices as a JSON feed."""
    items = [
        {
            "id": f"{_address(house, f'/recalls/{one.name}')}#{language}",
            "url": _address(house, to.notice(one.name, language)),
            "title": one.words(language)[0],
            "content_text": one.words(language)[1],
            "date_published": one.at.isoformat(),
            "language": language,
        }
        for one in notices.notices(house)
        for language in one.languages
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _name(house),
        "home_page_url": _address(house, to.every),
        "feed_url": _address(house, "/recalls/feed.json"),
        "items": items,
    }
    return _json(feed)


@router.get("/recalls/{notice}.json")
def as_json(request: Request, notice: str) -> Response:
    """Give one notice with the bytes that were approved, and where its lots can be looked up."""
    house = house_of(request)
    return as_it_is(request, json_of(house, notices.notice(house, notice)), "application/json")


def json_of(house: House, found: Notice) -> bytes:
    """Write one notice for programs."""
    index = notices.lot_index(house, found)
    lots = None if index is None else f"/recalls/{found.name}/lots/{{shard}}.json"
    told = {
        "notice": found.name,
        "kind": found.kind,
        "version": found.version,
        "published_at": found.at.isoformat(),
        "sha256": found.sha256,
        "approved": found.document,
        "changed_by": list(found.changed_by),
        "lots": lots,
        "every_lot": index is not None and index.unbounded,
    }
    return _json(told)


@router.get("/recalls/{notice}.txt")
def as_text(request: Request, notice: str, lang: str = "") -> Response:
    """Give the words of one notice alone, in one of its languages."""
    found = notices.notice(house_of(request), notice)
    language = nearest_language(found.languages, [lang]) or found.languages[0]
    answer = as_it_is(request, words_alone(found, language), "text/plain; charset=utf-8")
    answer.headers["Content-Language"] = language
    return answer


def words_alone(found: Notice, language: str) -> bytes:
    """Give headline and words of a notice as a text file."""
    title, body = found.words(language)
    return f"{title}\n\n{body}\n".encode()


@router.get("/recalls/{notice}/lots/{shard}.json")
def lots(request: Request, notice: str, shard: str) -> Response:
    """Give one part in 256 of the affected lots, by how they are read. Raises NotFound."""
    house = house_of(request)
    parts = parts_of(house, notices.notice(house, notice))
    if shard not in parts:
        raise NotFound(
            "There is no such part of the list.", "Parts are called 00 to ff, and beside."
        )
    return as_it_is(request, parts[shard], "application/json")


def parts_of(house: House, found: Notice) -> dict[str, bytes]:
    """Write the list of a notice's lots in its parts, by name; none where it has no scope."""
    index = notices.lot_index(house, found)
    return house.kept.get(
        f"shards {found.incident}",
        notices.scope_version(house, found),
        lambda: _parts(index) if index else {},
    )


def _parts(index: LotIndex) -> dict[str, bytes]:
    parts = {name: _json(part) for name, part in shards(index).items()}
    return parts | {"beside": _json(beside(index))}


def _json(told: Any) -> bytes:
    return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()


def _name(house: House) -> str:
    about = about_company(house)
    names = [str(about.get(key, "")) for key in ("name_en", "name_zh")]
    return " · ".join(dict.fromkeys(filter(None, names))) or "Andon"


def _address(house: House, path: str) -> str:
    return f"{house.settings.console_url}{path}"


def as_it_is(request: Request, content: bytes, media_type: str) -> Response:
    """Answer with bytes for anyone, or that nothing changed; a cache may do so for a minute."""
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"Cache-Control": FRESH, "ETag": etag, "Access-Control-Allow-Origin": "*"}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)
