"""The ledger for people: all entries with filter and search, one entry, and the files it names.

What belongs here: reading entries aloud. What never does: changing one, or opening private words
that the reader may not see (services/vaulting.py says).
"""

import json
from collections.abc import Sequence
from itertools import chain
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query
from starlette.responses import HTMLResponse, Response

from api.page_words import ENTRY_KIND
from api.pages.doers import doer
from api.pages.duty_places import duty_link
from api.pages.frame import Guest
from api.pages.incident import require, tabs
from api.pages.lens import Drawn
from api.pages.looking import View, look
from api.pages.readable import Reading, rows_of
from api.pages.telling import as_text, by_day, ledger_entry, sentence_of, tell_of
from api.pages.words_opened import opened_texts
from api.word_lists import STAGE
from domain.channel_answers import OrderAnswered, OwnAnswer
from domain.channels import ChannelAnswered
from domain.errors import NotFound
from domain.ledger import Entry, read_numbered
from domain.message import event_spec
from domain.tree import leaf_hash
from domain.values import PrivateText
from services import vaulting
from services.questions.rows import is_of_the_plan
from storage import streams

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

SHOWN: Final = 100
"""Entries on one page of the ledger."""

Text = Annotated[str, Query(max_length=80)]


@router.get("/incidents/{incident}/ledger")
def ledger(
    guest: Guest,
    incident: str,
    q: Text = "",
    stage: Text = "",
    kind: Text = "",
    before: Annotated[int, Query(ge=0, le=10**9)] = 0,
) -> Response:
    """Show entries, newest first: of a stage, of a kind, or those that hold some words."""
    view = require(look(guest, incident))
    found = [one for one in reversed(view.entries()) if not before or one.seq < before]
    chosen = [one for one in found if _fits(view, one, q.strip().lower(), stage, kind)]
    shown = chosen[:SHOWN]
    older = _address(view, q, stage, kind, shown[-1].seq) if len(chosen) > SHOWN else ""
    return view.show(
        "ledger.html",
        days=by_day(view.lens, shown),
        found=len(chosen),
        size=view.state.size,
        q=q,
        stages=_stages(view, stage),
        kinds=_kinds(view, kind),
        older=older,
        newer=_address(view, q, stage, kind, 0) if before else "",
        filtered=bool(q or stage or kind),
        tabs=tabs(view, "ledger"),
    )


def _fits(view: View, entry: Entry, words: str, stage: str, kind: str) -> bool:
    if stage and str(event_spec(entry.event).stage) != stage:
        return False
    if kind and tell_of(entry.event).kind != kind:
        return False
    if not words:
        return True
    name = event_spec(entry.event).name
    told = f"{sentence_of(view.lens, entry.event)} {name} {view.lens.event(name)} #{entry.seq}"
    return words in f"{told} {doer(view.lens, entry)}".lower()


def _address(view: View, q: str, stage: str, kind: str, before: int) -> str:
    asked = {"q": q, "stage": stage, "kind": kind, "before": str(before) if before else ""}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{view.address}/ledger" + (f"?{query}" if query else "")


def _stages(view: View, chosen: str) -> list[Drawn]:
    return [
        {"value": str(stage), "label": view.lens(word), "chosen": str(stage) == chosen}
        for stage, word in STAGE.items()
    ]


def _kinds(view: View, chosen: str) -> list[Drawn]:
    return [
        {"value": kind, "label": view.lens(word), "chosen": kind == chosen}
        for kind, word in ENTRY_KIND.items()
    ]


# ---------------------------------------------------------------- one entry


@router.get("/incidents/{incident}/ledger/{seq}")
def entry(guest: Guest, incident: str, seq: Annotated[int, Path(ge=1, le=10**9)]) -> Response:
    """Show one entry: what it says, who made it, when, and the bytes it is."""
    view = require(look(guest, incident))
    found = streams.read_entries(guest.house.engine, incident, seq, seq)
    if not found:
        raise NotFound(f"{incident} has entries 1 to {view.state.size}.", "Choose one of them.")
    content = found[0].content
    one = read_numbered(incident, seq, content)
    opened = opened_texts(view, private_in(one.event), "entry", str(seq))
    reading = Reading(view.lens, opened)
    return view.show(
        "entry.html",
        entry=ledger_entry(view.lens, one, leaf_hash(content).hex()),
        leaf=leaf_hash(content).hex(),
        rows=[
            *rows_of(reading, type(one.event), one.event, empties=False),
            *_why_not(view, one),
        ],
        envelope=envelope_rows(view, one),
        raw=as_text(json.loads(content)),
        newer=f"{view.address}/ledger/{seq + 1}" if seq < view.state.size else "",
        older=f"{view.address}/ledger/{seq - 1}" if seq > 1 else "",
        replay=f"{view.address}/at/{seq}",
        files=_files(one),
        duty=duty_link(view, str(getattr(one.event, "duty", ""))),
        tabs=tabs(view, "ledger"),
    )


def _why_not(view: View, one: Entry) -> list[Drawn]:
    """Say why a channel cannot stop, where its answer has the name alone: the entry before has it.

    Both are of one act: where the channel stands, and who said so.
    """
    told = one.event
    if not isinstance(told, OrderAnswered) or told.answer is not OwnAnswer.CANNOT or told.reason:
        return []
    rows = streams.read_entries(view.visit.house.engine, one.incident, max(1, one.seq - 1), one.seq)
    for row in rows:
        said = read_numbered(one.incident, row.seq, row.content)
        event, is_same = said.event, said.command_id == one.command_id
        if is_same and isinstance(event, ChannelAnswered) and event.error:
            link = {"text": f"#{row.seq}", "href": f"{view.address}/ledger/{row.seq}"}
            text = view.lens.quoted(event.error)
            return [{"label": view.lens("Why it cannot"), "text": text, "acts": [link]}]
    return []


def private_in(value: Any) -> list[PrivateText]:
    """List the private texts that stand in a value."""
    if isinstance(value, PrivateText):
        return [value]
    if isinstance(value, tuple):
        return [text for one in value for text in private_in(one)]
    names = getattr(type(value), "__dataclass_fields__", {})
    return [text for name in names for text in private_in(getattr(value, name))]


def classes_told(view: View, entries: Sequence[Entry]) -> dict[int, str]:
    """Say of which classes the private texts of entries are, each by its number.

    The text itself says it: an entry may hold one of hurt people beside one of who told of them.
    """
    texts = {one.seq: private_in(one.event) for one in entries}
    every = chain.from_iterable(texts.values())
    found = vaulting.classes_of(view.visit.house, every)
    own = {one.seq: event_spec(one.event).access for one in entries}
    return {
        seq: view.lens.listed(
            dict.fromkeys(
                view.lens.words.of("Access", str(found.get(one.ref, own[seq]))) for one in each
            )
        )
        for seq, each in texts.items()
    }


def envelope_rows(view: View, one: Entry) -> list[Drawn]:
    """Give who made an entry, when and how, and under which plan and release."""
    lens, spec = view.lens, event_spec(one.event)
    rows: list[Drawn] = [
        {"label": lens("Happened"), "moment": lens.moment(one.happened_at)},
        {"label": lens("Decided"), "moment": lens.moment(one.at)},
        {"label": lens("Recorded"), "moment": lens.moment(one.recorded_at)},
        {
            "label": lens("Actor"),
            "text": doer(lens, one) if is_of_the_plan(one) else lens.person(one.actor.id),
            "note": lens.roles(str(role) for role in one.actor.roles),
        },
        {"label": lens("How"), "text": lens.words.of("method", one.actor.method)},
        {"label": lens("Stage"), "text": lens.word(spec.stage)},
        {
            "label": lens("Who may open its private text"),
            "text": classes_told(view, [one])[one.seq] or lens("it has none"),
        },
        {"label": lens("Plan and calendar"), "text": one.plan[:16]},
        {"label": lens("Release"), "text": one.build},
        {"label": lens("Type of entry"), "text": f"{lens.event(spec.name)} · {spec.name}"},
        {"label": lens("Key of the act"), "text": one.command_id},
    ]
    if one.actor.on_behalf_of:
        behalf = {"label": lens("On behalf of"), "text": lens.person(one.actor.on_behalf_of)}
        rows.insert(4, behalf)
    if one.backfilled:
        rows[0]["note"] = lens("entered late")
    if one.refers_to:
        rows.append({"label": lens("Refers to"), "text": ", ".join(f"#{n}" for n in one.refers_to)})
    return rows


def _files(one: Entry) -> list[Drawn]:
    """Name the files of an entry: SHA-256 addresses in fields that hold files."""
    found: list[Drawn] = []
    for name in type(one.event).__dataclass_fields__:
        value = getattr(one.event, name)
        listed = value if isinstance(value, tuple) else (value,)
        if name not in FILE_FIELDS:
            continue
        found += [
            {"hash": address, "href": f"/api/blobs/{address}"}
            for address in listed
            if isinstance(address, str) and len(address) == 64
        ]
    return found


FILE_FIELDS: Final = frozenset(
    "evidence sha256 report minutes confidentiality certificate_sha256 letter_sha256 snapshot"
    " text_sha256 list_sha256 receipt document".split()
)
"""Fields of events that hold the address of a kept file."""
