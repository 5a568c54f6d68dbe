"""The offline viewer of a dossier as an auditor has it: a folder of files, opened from the disk.

What belongs here: making the folder from a recorded ledger, and a page that may not use a network.
What never does: what is asked of it (tests/browser/test_dossier_viewer.py).
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Dialog, Page, expect

from api.pages.lens import Lens, Names
from api.pages.telling import variant_of
from api.viewer_words import viewer_sentences, viewer_words
from api.words import words_of
from domain.canonical import canonical
from domain.checkpoint import Checkpoint
from domain.incident import new_incident
from domain.rules import Rules
from domain.tree import Frontier, leaf_hash
from integrations.note_keys import NoteSigner
from services.dossier_viewer import viewer_members
from services.record_summary import Told, told_after_each
from storage.catalog import Item
from storage.people import Person
from tests.browser.people import PATIENCE_MS
from tests.replay.corpus import Golden, goldens

ORIGIN = "andon.example/1a2b3c4d"
EVERY = 7
"""Entries from one signed head to the next."""

UTC_ZONE = "Etc/UTC"


class NoLists(Names):
    """The lists of a company that has none: everything is called by its id."""

    def __init__(self) -> None:
        """Look nowhere."""

    @cached_property
    def people(self) -> Mapping[str, Person]:
        """Give nobody."""
        return {}

    def items(self, kind: str) -> Mapping[str, Item]:
        """Give an empty list."""
        return {}


def lens_in(language: str, rules: Rules) -> Lens:
    """Give what the console says in a language, to a reader in Greenwich."""
    return Lens(
        words=words_of(language),
        zone=ZoneInfo("UTC"),
        zone_name="UTC",
        now=datetime(2026, 12, 1, tzinfo=UTC),
        names=NoLists(),
        rules=rules,
    )


def golden(name: str) -> Golden:
    """Find a recorded story."""
    return next(one for one in goldens() if one.folder.name == name)


@dataclass
class OfflineCopy:
    """A record to be opened: entries, the heads over them, and what stands beside."""

    incident: str
    leaves: list[bytes]
    told: list[Told] = field(default_factory=list)
    rules: Rules | None = None
    signer: NoteSigner = field(default_factory=lambda: NoteSigner(ORIGIN, bytes(range(32))))
    more: dict[str, Any] = field(default_factory=dict)

    def head(self, size: int, *, signer: NoteSigner | None = None) -> str:
        """Sign a head over the first entries."""
        frontier = Frontier()
        for leaf in self.leaves[:size]:
            frontier = frontier.append(leaf_hash(leaf))
        return self._signed(size, frontier, signer or self.signer)

    def _signed(self, size: int, frontier: Frontier, signer: NoteSigner) -> str:
        origin = f"{ORIGIN}/{self.incident}"
        return signer.sign(
            Checkpoint(origin=origin, size=size, root=frontier.root()).text()
        ).written()

    def heads(self) -> list[dict[str, Any]]:
        """Sign a head after every few entries, and none over the very last two."""
        found, frontier = [], Frontier()
        for size, leaf in enumerate(self.leaves[:-2], 1):
            frontier = frontier.append(leaf_hash(leaf))
            if size % EVERY == 0:
                note = self._signed(size, frontier, self.signer)
                found.append({"note": note, "signed_at": "", "log_seq": size})
        return found

    def written(self, folder: Path) -> Path:
        """Write the folder as somebody has it who unpacked the zip."""
        people = {}
        for leaf in self.leaves:
            actor = json.loads(leaf)["actor"]
            people[actor["id"]] = {"name": actor["id"].title(), "roles": actor["roles"]}
        about = {
            "incident": self.incident,
            "origin": ORIGIN,
            "made_at": "2026-12-04T01:02:03.000000Z",
            "made_by": "auditor",
            "build": "2026.11.0",
            "title": {"en": "Cloud Baby Lotion", "zh": "云朵婴儿乳液"},
            "zone": "Asia/Shanghai",
            "heads": self.heads(),
            "keys": [self.signer.key.text()],
            "people": people,
            "names": {},
            "words": viewer_words(self.rules) | self._sentences(),
            **self.more,
        }
        for name, content in viewer_members(about, self.leaves, self.told):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        (folder / "timeline.html").write_text("<!doctype html><title>Timeline</title>")
        return folder

    def _sentences(self) -> dict[str, Any]:
        if self.rules is None:
            return {}
        english, chinese = (lens_in(language, self.rules) for language in ("en", "zh_CN"))
        return {"sentences": viewer_sentences(self.leaves, english, chinese)}


def copy_of(story: str) -> OfflineCopy:
    """Take a recorded incident along."""
    found = golden(story)
    stream = next(one for one in found.streams if not one.startswith("CASE"))
    recorded = found.stream(stream)
    rules = found.rules(recorded.rules)
    empty = replace(new_incident(stream, rules, drill=recorded.drill), find_rules=found.rules)
    told = list(told_after_each(empty, recorded.leaves, variant_of))
    return OfflineCopy(stream, list(recorded.leaves), told, rules)


def altered(leaf: bytes, change: Callable[[dict[str, Any]], None]) -> bytes:
    """Give an entry of another content, in its one form."""
    document = json.loads(leaf)
    change(document)
    return canonical(document)


@contextmanager
def opened(
    browser: Browser,
    folder: Path,
    *,
    size: tuple[int, int] = (1280, 900),
    locale: str = "en-GB",
    scripts: Sequence[str] = (),
    place: str = "",
    let_pass: str = "",
) -> Iterator[Page]:
    """Open the folder's page where there is no network, and hold that it asked for none.

    `let_pass` is part of what the console may say against a tool that looks at the page.
    """
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale=locale, timezone_id=UTC_ZONE
    )
    asked: list[str] = []
    faults: list[str] = []
    context.route(
        "**/*", lambda route: route.abort() if _goes_out(route.request.url) else route.continue_()
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()

    def answered(dialog: Dialog) -> None:
        faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    page.on("request", lambda one: asked.append(one.url) if _goes_out(one.url) else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda one: faults.append(one.text) if one.type == "error" else None)
    page.on("dialog", answered)
    for script in scripts:
        page.add_init_script(script)
    try:
        page.goto(f"{(folder / 'index.html').as_uri()}{place}")
        expect(page.locator("body[data-ready]")).to_be_visible(timeout=60_000)
        expect(page.locator(".verdict progress")).to_be_hidden(timeout=60_000)
        yield page
        assert asked == [], "it went out"
        faults = [one for one in faults if not let_pass or let_pass not in one]
        assert faults == [], faults
    finally:
        context.close()


def _goes_out(url: str) -> bool:
    return not url.startswith(("file:", "data:"))
