"""What the parts of an inspector's room show, each as the console shows it, without its acts.

What belongs here: choosing what stands in a part, on its pages and in its files. What never does:
who is in the room (room.py), or words that were not chosen for it (stages.opened_texts).
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from api.pages import blocks
from api.pages.closed_off import closed_off
from api.pages.doers import doer
from api.pages.duty_rows import duty_title
from api.pages.ledger import classes_told, envelope_rows, private_in
from api.pages.lens import Drawn, Lens
from api.pages.looking import View, entries_in
from api.pages.readable import Reading, rows_of
from api.pages.stages import stage_blocks
from api.pages.statement import rendition
from api.pages.telling import as_text, sentence_of
from api.pages.words_opened import opened_texts
from api.tabular import inert
from api.word_lists import STAGE
from domain.canonical import canonical
from domain.counsel import counsels_acts, counsels_types, is_counsels
from domain.errors import NotFound
from domain.filing import DutyFiled
from domain.ledger import Entry, read_numbered
from domain.message import event_spec
from domain.stages import Stage
from domain.state.rooms import RoomPart
from domain.tree import leaf_hash
from domain.wire import instant_text
from storage import heads, streams

SHOWN: Final = 100
"""Entries on one page."""

Paged = tuple[list[list[blocks.Cell]], str, str]

STAGES: Final = {part: Stage(part) for part in RoomPart if part in set(map(str, Stage))}

PAGED: Final = frozenset({RoomPart.TIMELINE, RoomPart.LEDGER})


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A part on a page: its blocks, where one goes back and on to, and the bytes of an entry."""

    blocks: list[Drawn]
    back: str = ""
    on: str = ""
    raw: str = ""
    leaf: str = ""


def shown(view: View, here: str, part: RoomPart, after: int) -> Shown:
    """Show a part; of a long one the entries after a number. `here` is the address of the room."""
    if part in STAGES:
        return _in_room(view, here, Shown(blocks=stage_blocks(view, STAGES[part])))
    return _in_room(view, here, _PARTS[part](view, after))


def shown_entry(view: View, here: str, seq: int) -> Shown:
    """Show one entry of the ledger, with the bytes that it is. Raises NotFound."""
    found = streams.read_entries(view.visit.house.engine, view.row.id, seq, seq)
    if not found:
        raise NotFound("There is no such entry.", "Go back to the ledger.")
    lens, content = view.lens, found[0].content
    one = read_numbered(view.row.id, seq, content)
    if is_counsels(one.event, _acts(view)):
        return _in_room(view, here, _withheld(view, one))
    reading = Reading(lens, opened_texts(view, private_in(one.event), "entry", str(seq)))
    told = Shown(
        blocks=[
            blocks.pairs(
                sentence_of(lens, one.event), rows_of(reading, type(one.event), one.event)
            ),
            blocks.pairs(lens("Who and when"), envelope_rows(view, one)),
        ],
        back=f"/{seq - 1}" if seq > 1 else "",
        on=f"/{seq + 1}" if seq < view.state.size else "",
        raw=as_text(json.loads(content)),
        leaf=leaf_hash(content).hex(),
    )
    return _in_room(view, here, told)


def _withheld(view: View, one: Entry) -> Shown:
    """Give what a room tells of counsel's entry: its number, time, type and leaf."""
    lens, name = view.lens, event_spec(one.event).name
    rows: list[Drawn] = [
        {"label": lens("Entry"), "text": f"#{one.seq}"},
        {"label": lens("Recorded"), "moment": lens.moment(one.recorded_at)},
        {"label": lens("Type"), "text": lens.event(name)},
        {"label": lens("Leaf"), "text": leaf_hash(one.leaf()).hex()},
    ]
    back = f"/{one.seq - 1}" if one.seq > 1 else ""
    on = f"/{one.seq + 1}" if one.seq < view.state.size else ""
    title = lens("[not shown in this room]")
    return Shown(blocks=[blocks.pairs(title, rows)], back=back, on=on)


def _in_room(view: View, here: str, found: Shown) -> Shown:
    drawn = closed_off(found.blocks, partial(_leading, view, here))
    return replace(found, blocks=drawn)


def _leading(view: View, here: str, href: str) -> str:
    """Give where a link leads to in the room: on the page, to an entry, or nowhere."""
    assert view.room is not None
    ledger = f"{view.address}/ledger/"
    if href.startswith(ledger) and RoomPart.LEDGER in view.room.parts:
        return f"{here}/ledger/{href.removeprefix(ledger)}"
    return href if href.startswith("#") else ""


# ---------------------------------------------------------------- entries


def page_start(after: int, size: int) -> int:
    """Give the number behind which a page begins that is there: of 250 entries 0, 100 or 200."""
    return min(after, max(0, size - 1)) // SHOWN * SHOWN


def _acts(view: View) -> frozenset[str]:
    """Name counsel's among the proposed acts: what is said of them is not told either."""
    rows = streams.entries_of_types(
        view.visit.house.engine, view.row.id, ["ActProposed"], view.state.size
    )
    return counsels_acts(one.event for one in entries_in(rows))


def _page_of(
    view: View, after: int, draw: Callable[[View, Entry, frozenset[str]], list[blocks.Cell]]
) -> Paged:
    """Give the rows of the entries after a number, and the ways back and on."""
    acts = _acts(view)
    rows = [draw(view, one, acts) for one in view.entries(after + 1, after + SHOWN)]
    back = f"?after={max(0, after - SHOWN)}" if after else ""
    return rows, back, f"?after={after + SHOWN}" if after + SHOWN < view.state.size else ""


def _timeline(view: View, after: int) -> Shown:
    lens = view.lens
    rows, back, on = _page_of(view, after, _told)
    columns = lens.each("Recorded", "What happened", "Actor")
    table = blocks.table(lens("Timeline"), columns, rows, empty=lens("Nothing is recorded yet."))
    return Shown(blocks=[table], back=back, on=on)


def _told(view: View, one: Entry, acts: frozenset[str]) -> list[blocks.Cell]:
    lens, number = view.lens, f"#{one.seq}"
    if is_counsels(one.event, acts):
        sub = f"{number} · {leaf_hash(one.leaf()).hex()[:16]}"
        closed = {"text": _unsaid(lens, one), "sub": sub, "href": _entry(view, one)}
        return [lens.moment(one.recorded_at), closed, "–"]
    told = {"text": sentence_of(lens, one.event), "sub": number, "href": _entry(view, one)}
    return [lens.moment(one.recorded_at), told, doer(lens, one)]


def _unsaid(lens: Lens, one: Entry) -> str:
    """Name counsel's entry by its type alone."""
    return f"{lens.event(event_spec(one.event).name)} {lens('[not shown in this room]')}"


def _entry(view: View, one: Entry) -> str:
    return f"{view.address}/ledger/{one.seq}"


def _ledger(view: View, after: int) -> Shown:
    lens = view.lens
    told = classes_told(view, list(view.entries(after + 1, after + SHOWN)))
    rows, back, on = _page_of(view, after, partial(_listed, told))
    columns = lens.each(
        "Entry", "Type", "Stage", "Actor", "Recorded", "Who may open its private text", "Leaf"
    )
    table = blocks.table(lens("Every entry"), columns, rows, empty=lens("Nothing is recorded yet."))
    return Shown(blocks=[table], back=back, on=on)


def _listed(
    told: dict[int, str], view: View, one: Entry, acts: frozenset[str]
) -> list[blocks.Cell]:
    lens, spec = view.lens, event_spec(one.event)
    return [
        {"text": f"#{one.seq}", "href": _entry(view, one)},
        lens.event(spec.name),
        lens(STAGE[spec.stage]),
        "–" if is_counsels(one.event, acts) else doer(lens, one),
        lens.moment(one.recorded_at),
        told[one.seq] or "–",
        leaf_hash(one.leaf()).hex()[:16],
    ]


# ---------------------------------------------------------------- texts, filings, evidence


def _statements(view: View, _after: int) -> Shown:
    """Give every text that went out, word for word; drafts stay in the house."""
    lens, found = view.lens, []
    for one in view.state.statement.statements.values():
        if one.published_at is None:
            continue
        rows: list[Drawn] = [
            {"label": lens("State"), "text": lens.word(one.status)},
            {"label": lens("Published"), "moment": lens.moment(one.published_at)},
            {"label": lens("Markets"), "text": lens.listed(map(lens.market, one.markets))},
            {"label": "SHA-256", "text": one.sha256},
        ]
        found.append(blocks.pairs(f"{one.id} · {lens.title_of(one)}", rows))
        found.append(blocks.texts("", [rendition(view, each) for each in one.texts]))
    return Shown(blocks=found or [blocks.words("", lens("No text has gone out yet."))])


def _filings(view: View, _after: int) -> Shown:
    """Give every report that was filed, word for word; of a file its hash."""
    lens, found = view.lens, []
    rows = streams.entries_of_types(
        view.visit.house.engine, view.row.id, ["DutyFiled"], view.state.size
    )
    for row in rows:
        event = read_numbered(row.stream, row.seq, row.content).event
        assert isinstance(event, DutyFiled)
        duty = view.state.notice.duties.get(event.duty)
        title = duty_title(view, duty) if duty else event.duty
        told: list[Drawn] = [
            {"label": lens("Filed"), "moment": lens.moment(event.sent_at)},
            {"label": lens("By which way"), "text": str(event.channel)},
            {"label": lens("Receipt"), "text": str(event.receipt) or lens("no receipt yet")},
            {"label": lens("As it was sent"), "text": str(event.text)},
            {"label": "SHA-256", "text": event.content_sha256 or event.sha256},
        ]
        found.append(
            blocks.pairs(f"{event.duty} · {title}", [one for one in told if one.get("text", "-")])
        )
    return Shown(blocks=found or [blocks.words("", lens("Nothing has been filed yet."))])


def _evidence(view: View, _after: int) -> Shown:
    lens = view.lens
    rows: list[list[blocks.Cell]] = [
        [
            {"text": f"{one.id} {one.what}", "sub": one.source},
            lens.moment(one.taken_at),
            {"text": one.place or "–", "sub": one.storage},
            one.seal_number or "–",
            one.lot or "–",
            str(len(one.custody)),
            one.sha256 or "–",
        ]
        for one in view.state.investigation.evidence.values()
    ]
    columns = lens.each("Evidence", "Taken", "Where", "Seal", "Lot", "Handed over", "SHA-256")
    empty = lens("Nothing is kept as evidence yet.")
    return Shown(blocks=[blocks.table(lens("List of evidence"), columns, rows, empty=empty)])


# ---------------------------------------------------------------- proofs


def _proofs(view: View, _after: int) -> Shown:
    lens, engine = view.lens, view.visit.house.engine
    stood, head = streams.head(engine, view.row.id), heads.newest(engine, view.row.id)
    rows: list[Drawn] = [
        {"label": lens("Entries"), "text": lens.number(stood.size)},
        {"label": lens("Root of the tree"), "text": stood.root},
    ]
    if head is None:
        rows.append({"label": lens("Signed head"), "text": lens("None is signed yet.")})
        return Shown(blocks=[blocks.pairs(lens("Proofs of the ledger"), rows)])
    rows += [
        {"label": lens("Signed head"), "moment": lens.moment(head.signed_at)},
        {"label": lens("Entries under it"), "text": lens.number(head.size)},
        {"label": lens("As it was signed"), "text": head.note},
    ]
    note = lens("The file holds the hash of every leaf: the root is computed anew from them.")
    return Shown(blocks=[blocks.pairs(lens("Proofs of the ledger"), rows, note=note)])


_PARTS: Final[dict[RoomPart, Callable[[View, int], Shown]]] = {
    RoomPart.TIMELINE: _timeline,
    RoomPart.LEDGER: _ledger,
    RoomPart.STATEMENTS: _statements,
    RoomPart.FILINGS: _filings,
    RoomPart.EVIDENCE: _evidence,
    RoomPart.PROOFS: _proofs,
}


# ---------------------------------------------------------------- files


def timeline_csv(view: View, mark: str) -> bytes:
    """Give the timeline as a table, its first line the mark."""
    acts = _acts(view)
    rows = [_csv_row(view.lens, one, acts) for one in view.entries()]
    columns = view.lens.each("Entry", "Happened", "Recorded", "Actor", "Type", "What happened")
    return _csv(mark, columns, rows)


def _csv_row(lens: Lens, one: Entry, acts: frozenset[str]) -> list[str]:
    kind = lens.event(event_spec(one.event).name)
    if is_counsels(one.event, acts):
        words = f"{lens('[not shown in this room]')} {leaf_hash(one.leaf()).hex()}"
        return [str(one.seq), "", instant_text(one.recorded_at), "", kind, words]
    return [
        str(one.seq),
        instant_text(one.happened_at),
        instant_text(one.recorded_at),
        doer(lens, one),
        kind,
        sentence_of(lens, one.event),
    ]


def evidence_csv(view: View, mark: str) -> bytes:
    """Give the list of evidence as a table, its first line the mark."""
    rows = [
        [
            one.id,
            one.what,
            one.source,
            instant_text(one.taken_at),
            one.place,
            one.storage,
            one.seal_number,
            one.lot or "",
            one.sha256 or "",
        ]
        for one in view.state.investigation.evidence.values()
    ]
    columns = view.lens.each(
        "Evidence", "What", "Source", "Taken", "Place", "Storage", "Seal", "Lot", "SHA-256"
    )
    return _csv(mark, columns, rows)


def ledger_jsonl(view: View, mark: str) -> bytes:
    """Give the stored bytes of every entry, one a line, behind a line with the mark.

    In the place of counsel's entry stands what the room tells of it, with the hash of its leaf: the
    root is computed from the other lines and that hash.
    """
    found = streams.read_contents(view.visit.house.engine, view.row.id, 1, view.state.size)
    # Few entries can be counsel's: the others are given without being read.
    names = [f'"{name}"'.encode() for name in counsels_types()]
    acts = _acts(view)
    lines = [
        _line(view.row.id, seq, one, acts) if any(name in one for name in names) else one
        for seq, one in enumerate(found, 1)
    ]
    return b"\n".join([canonical({"watermark": mark}), *lines, b""])


def _line(stream: str, seq: int, content: bytes, acts: frozenset[str]) -> bytes:
    one = read_numbered(stream, seq, content)
    if not is_counsels(one.event, acts):
        return content
    told = {
        "leaf": leaf_hash(content).hex(),
        "recorded_at": instant_text(one.recorded_at),
        "seq": seq,
        "type": event_spec(one.event).name,
        "withheld": "not shown in this room",
    }
    return canonical(told)


def proofs_json(view: View, mark: str) -> bytes:
    """Give the newest signed head and the hash of every leaf under it, the mark first."""
    engine, stream = view.visit.house.engine, view.row.id
    head = heads.newest(engine, stream)
    size = head.size if head else view.state.size
    told: dict[str, Any] = {
        "watermark": mark,
        "stream": stream,
        "head": None
        if head is None
        else {
            "size": head.size,
            "root": head.root,
            "signed_at": instant_text(head.signed_at),
            "note": head.note,
        },
        "leaves": [one.hex() for one in streams.leaves(engine, stream, size)],
    }
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def _csv(mark: str, columns: Iterable[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Write a table that spreadsheets read as UTF-8 and in which no cell is a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    for row in ([mark], list(columns), *rows):
        writer.writerow([inert(cell) for cell in row])
    return ("\ufeff" + text.getvalue()).encode()


@dataclass(frozen=True, kw_only=True)
class Download:
    """A file of a part: its media type, and how it is made from a view and the mark."""

    part: RoomPart
    media_type: str
    made: Callable[[View, str], bytes]


FILES: Final = {
    "timeline.csv": Download(part=RoomPart.TIMELINE, media_type="text/csv", made=timeline_csv),
    "evidence.csv": Download(part=RoomPart.EVIDENCE, media_type="text/csv", made=evidence_csv),
    "ledger.jsonl": Download(
        part=RoomPart.LEDGER, media_type="application/jsonl", made=ledger_jsonl
    ),
    "proofs.json": Download(part=RoomPart.PROOFS, media_type="application/json", made=proofs_json),
}
"""By name; each carries the mark in its first line."""
