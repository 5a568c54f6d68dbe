"""All public notices as plain files: what any web server or CDN hands out while we are away.

What belongs here: which files there are; each is drawn by what answers visitors too. What never
does: writing them to the disk (services/files_swapped.py), or a drill.
"""

import hashlib
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Final

from fastapi import Request

from api.pages.public import sheet, sheet_of_all, sheet_of_lots
from api.pages.public_addresses import FILES
from api.pages.public_check import Checked
from api.pages.public_feeds import atom_of, json_feed_of, json_of, parts_of, words_alone
from api.pages.public_lookup import by_first_sign
from api.pages.public_papers import papers_of
from api.pages.public_words import SPOKEN
from services import notices
from services.house import House
from services.notices import Notice

STATIC: Final = Path(__file__).resolve().parents[1] / "static"
ASSETS: Final = ("recall.css", "recall.js")
LIST: Final = "files.json"
"""The list of all files with their SHA-256; it shows that a folder is an export."""


def exported(house: House) -> dict[str, bytes]:
    """Give every file by its path under /recalls; the same notices give the same bytes."""
    files = {f"assets/{name}": (STATIC / name).read_bytes() for name in ASSETS}
    files["feed.atom"] = atom_of(house, FILES)
    files["feed.json"] = json_feed_of(house, FILES)
    for language in ("", *SPOKEN):
        files[_path(FILES.listed(language))] = _drawn_list(house, language)
    for one in notices.notices(house):
        files |= _notice(house, one)
    sums = {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}
    files[LIST] = json.dumps(sums, indent=1, sort_keys=True).encode()
    return files


def _notice(house: House, one: Notice) -> dict[str, bytes]:
    papers = papers_of(house, one)
    on_paper = {language for language in one.languages if f"{language}.pdf" in papers}
    files = {f"{one.name}.json": json_of(house, one)}
    files[f"{one.name}.txt"] = words_alone(one, one.languages[0])
    for language in ("", *one.languages):
        shown = sheet(_reading(house, language), FILES, one, language, on_paper=on_paper)
        files[_path(FILES.notice(one.name, language))] = bytes(shown.body)
    for language in one.languages:
        files[f"{one.name}/{language}.txt"] = words_alone(one, language)
        files |= _lots(house, one, language)
    files |= {f"{one.name}/{name}": what for name, what in papers.items()}
    parts = parts_of(house, one)
    return files | {f"{one.name}/lots/{name}.json": content for name, content in parts.items()}


def _lots(house: House, one: Notice, language: str) -> dict[str, bytes]:
    """Draw the pages of a list that is too long for the page of its notice."""
    index = notices.lot_index(house, one)
    pages = {} if index is None else by_first_sign(index)
    return {
        _path(FILES.lots(one.name, language, sign)): bytes(
            sheet_of_lots(_reading(house, language), one, language, lots).body
        )
        for sign, lots in pages.items()
    }


def _drawn_list(house: House, language: str) -> bytes:
    drawn = sheet_of_all(_reading(house, language), FILES, language, None, Checked())
    return bytes(drawn.body)


def _path(address: str) -> str:
    return address.removeprefix("/recalls/")


def _reading(house: House, language: str) -> Request:
    """Ask as a visitor would whose browser wants this language, or none at all."""
    headers = [(b"accept-language", language.encode())] if language else []
    app = SimpleNamespace(state=SimpleNamespace(house=house))
    return Request(
        {"type": "http", "method": "GET", "path": "/recalls", "query_string": b"",
         "headers": headers, "app": app, "state": {}}
    )  # fmt: skip
