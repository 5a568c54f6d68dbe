"""Asking one of the ten questions: what may be seen, what it reads, who built the answer.

What belongs here: visibility, and reading everything an answer needs at one moment. What never
does: an answer itself (its neighbours), or words.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, Final

from domain.errors import NotFound, NotWhole
from domain.ledger import Entry, read_numbered
from domain.people import Access, Actor
from domain.state import Incident
from domain.values import PrivateText
from services import ledgers, reading, vaulting
from services.house import House
from services.measuring import measured
from services.moments import at_moment
from services.questions import authorities, beginning, deciding, goods, moment, plan, texts, whole
from services.questions.departures import departures_table
from services.questions.moved_times import moved_by_rises
from services.questions.rows import (
    Answer,
    Chosen,
    Exercise,
    Record,
    Table,
    document,
    private_of,
    table_document,
)
from services.read_log import Read
from services.verifying import verify
from storage import blobs, company, heads, incidents, streams, vault
from storage.engine import one_moment

WHOLE: Final = 10
"""The question for which the record is verified."""

ADDRESS: Final = 64
HEXADECIMAL: Final = frozenset("0123456789abcdef")
"""What the address of a kept file looks like."""

EXERCISE: Final = "exercise"
EXERCISES_SHOWN: Final = 12

QUESTIONS: Final[Mapping[int, Callable[[Record], Answer]]] = {
    1: beginning.who_knew,
    2: beginning.why_this_grade,
    3: goods.why_these_lots,
    4: deciding.who_decided,
    5: moment.at_this_minute,
    6: authorities.every_duty,
    7: goods.where_are_its_units,
    8: texts.who_approved,
    9: plan.was_it_followed,
    10: whole.is_it_whole,
}
"""The auditor's ten questions (practice of inspections), each with what builds its answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer, with the private words that stand in it as far as the reader may open them."""

    answer: Answer
    opened: Mapping[str, str]

    def closed(self) -> "Answered":
        """Give it without a private word; that one was erased is still said."""
        kept = {ref: text for ref, text in self.opened.items() if not vaulting.is_shown(text)}
        return replace(self, opened=kept)

    def document(self) -> dict[str, Any]:
        """Give the answer as JSON values."""
        return document(self.answer, self.opened)


def answer(
    house: House, actor: Actor, incident_id: str, number: int, chosen: Chosen | None = None
) -> Answered:
    """Answer one question about an incident that the actor may see. Raises NotFound."""
    build = QUESTIONS.get(number)
    if build is None:
        raise NotFound(f"There is no question {number}.", "Ask one of 1 to 10.")
    reading.visible(house, actor, incident_id)
    with one_moment(house.engine):
        record = _record(house, actor, incident_id, number, chosen or Chosen())
    read = Read(what="question", incident=incident_id, item=str(number))
    return _opened(house, actor, build(record), read)


def answers(house: House, actor: Actor, incident_id: str) -> list[Answered]:
    """Answer all ten questions, each as it is without a choice, of one moment. Raises NotFound."""
    reading.visible(house, actor, incident_id)
    with one_moment(house.engine):
        state, entries = _seen(house, actor, incident_id)
        record = Record(
            state=state,
            entries=entries,
            now=house.now(),
            log=tuple(company.lines_of(house.engine, plan.READS)),
            exercises=tuple(_exercises(house, actor)),
            moved=moved_times_of(house, actor, incident_id, entries),
        )
        whole_record = _whole(house, actor, incident_id)
    return [
        _opened(
            house,
            actor,
            build(whole_record if number == WHOLE else record),
            Read(what="question", incident=incident_id, item=str(number)),
        )
        for number, build in QUESTIONS.items()
    ]


def departed(house: House, actor: Actor, incident_id: str) -> Table:
    """Give every departure from the plan. Raises NotFound."""
    entries = _entries(house, actor, incident_id)
    return departures_table(entries, moved_times_of(house, actor, incident_id, entries))


def moved_times_of(
    house: House, actor: Actor, incident_id: str, entries: Iterable[Entry]
) -> dict[str, int]:
    """Give the dues that were late by a time that a rise of the grade brought nearer.

    Of a ledger that cannot be folded nothing is said: that it is not whole is told by itself.
    """
    with suppress(NotWhole):
        return moved_by_rises(entries, partial(reading.at_entry, house, actor, incident_id))
    return {}


def privileged(house: House, actor: Actor, incident_id: str) -> Table:
    """Give the privilege log: every entry and text under privilege, never the words.

    Raises NotFound.
    """
    state, entries = _seen(house, actor, incident_id)
    return privileged_of(house, state, entries)


def privileged_of(house: House, state: Incident, entries: Sequence[Entry]) -> Table:
    """Give the privilege log of entries that were read already; the caller knows who may see."""
    closed, _ = _sealed(house, entries)
    record = Record(state=state, entries=tuple(entries), now=house.now(), closed_to=closed)
    return whole.privilege_table(record)


def shown(table: Table, opened: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Give one table as JSON values."""
    return table_document(table, opened or {})


def _opened(house: House, actor: Actor, told: Answer, read: Read) -> Answered:
    """Open the private words of an answer that the actor may read; others are left out.

    Of an erased text stands since when and why, whoever reads: nothing is closed there any more.
    """
    wanted = private_of(told)
    found = vaulting.open_texts(house, actor, wanted, read) if wanted else {}
    shown = {ref: text for ref, text in found.items() if vaulting.is_shown(text)}
    return Answered(answer=told, opened=shown | vaulting.erased_of(house, wanted))


# ---------------------------------------------------------------- what an answer reads


def _seen(house: House, actor: Actor, incident_id: str) -> tuple[Incident, tuple[Entry, ...]]:
    """Give state and entries of one moment. Raises NotFound, also while it is being recorded."""
    seen = reading.see(house, actor, incident_id)
    if seen.state is None:
        raise NotFound(f"{incident_id} is received and being recorded.", "Ask again in a moment.")
    return seen.state, _read(house, incident_id)


def _entries(house: House, actor: Actor, incident_id: str) -> tuple[Entry, ...]:
    reading.visible(house, actor, incident_id)
    return _read(house, incident_id)


def _read(house: House, incident_id: str) -> tuple[Entry, ...]:
    rows = streams.read_entries(house.engine, incident_id)
    return tuple(read_numbered(row.stream, row.seq, row.content) for row in rows)


def _record(house: House, actor: Actor, incident_id: str, number: int, chosen: Chosen) -> Record:
    if number == WHOLE:
        return _whole(house, actor, incident_id)
    state, entries = _seen(house, actor, incident_id)
    made = partial(Record, state=state, entries=entries, now=house.now(), chosen=chosen)
    if number == 5 and chosen.at is not None:
        as_of = at_moment(house, actor, incident_id, chosen.at)
        chosen = replace(chosen, at=as_of.at)
        return made(then=as_of.state, chosen=chosen, to_come=as_of.to_come)
    if number == 9:
        log = tuple(company.lines_of(house.engine, plan.READS))
        moved = moved_times_of(house, actor, incident_id, entries)
        return made(log=log, exercises=tuple(_exercises(house, actor)), moved=moved)
    return made()


def _whole(house: House, actor: Actor, incident_id: str) -> Record:
    """Read what question 10 asks for; entries that cannot be read are named by the verdict."""
    verdict = verify(house, incident_id)
    entries = []
    for row in verdict.entries.values():
        try:
            entries.append(read_numbered(row.stream, row.seq, row.content))
        except NotWhole:
            continue
    state = _state(house, actor, incident_id)
    closed, erased = _sealed(house, entries)
    signed = list(heads.every(house.engine, incident_id))
    return Record(
        state=state,
        entries=tuple(entries),
        now=house.now(),
        log=tuple(company.lines_of(house.engine, whole.READS, naming=incident_id)),
        verdict=verdict,
        heads=tuple((one.size, one.signed_at, one.root) for one in signed),
        closed_to=closed,
        erased=erased,
    )


def _state(house: House, actor: Actor, incident_id: str) -> Incident:
    """Give the stored state; where it cannot be read, the empty one: the verdict says so."""
    row = reading.visible(house, actor, incident_id)
    try:
        seen = reading.see(house, actor, incident_id)
    except NotWhole:
        return reading.empty_incident(house, row)
    return seen.state or reading.empty_incident(house, row)


def _sealed(
    house: House, entries: Iterable[Entry]
) -> tuple[dict[int, tuple[str, ...]], dict[int, datetime]]:
    """Say by entry what of it lies under privilege, and when a text of it was erased, if one was.

    Only classes and keys are looked at; no text is opened.
    """
    texts, files = _refs(entries)
    kept = vault.kept_texts(house.engine, (ref for refs in texts.values() for ref in refs))
    noted = _notes(house, {one for each in files.values() for one in each})
    closed: dict[int, tuple[str, ...]] = {}
    for seq in sorted({*texts, *files}):
        of_text = [kept[ref] for ref in texts.get(seq, ()) if ref in kept]
        found = {"text" for one in of_text if one.access == Access.PRIVILEGED}
        found |= {"file" for one in files.get(seq, ()) if noted.get(one) == Access.PRIVILEGED}
        if found:
            closed[seq] = tuple(found)
    gone = vault.erased_at(
        house.engine, (one.subject for one in kept.values() if one.wrapped is None)
    )
    erased = {
        seq: min(times)
        for seq, refs in texts.items()
        if (times := [gone[kept[ref].subject] for ref in refs if _is_gone(kept.get(ref), gone)])
    }
    return closed, erased


def _is_gone(text: vault.KeptText | None, gone: Mapping[str, datetime]) -> bool:
    """Say whether a text can be opened by nobody any more."""
    return text is not None and text.subject in gone


def _refs(entries: Iterable[Entry]) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """Find the vault references and the addresses of files that stand in entries."""
    texts: dict[int, list[str]] = {}
    files: dict[int, list[str]] = {}
    for one in entries:
        for found in _closed_in(one.event):
            kept = texts if isinstance(found, PrivateText) else files
            ref = found.ref if isinstance(found, PrivateText) else found
            kept.setdefault(one.seq, []).append(ref)
    return texts, files


def _closed_in(part: Any) -> Iterator[PrivateText | str]:
    """Find private texts, and what looks like the address of a kept file: 64 hexadecimal signs."""
    if isinstance(part, PrivateText):
        yield part
    elif isinstance(part, str):
        if len(part) == ADDRESS and set(part) <= HEXADECIMAL:
            yield part
    elif isinstance(part, dict):
        yield from ledgers.private_in(part)
    elif isinstance(part, tuple | list):
        for one in part:
            yield from _closed_in(one)
    elif is_dataclass(part):
        for each in fields(part):
            yield from _closed_in(getattr(part, each.name))


def _notes(house: House, addresses: set[str]) -> dict[str, str]:
    """Give the access class of kept files by their address; what is no file is left out."""
    refs = blobs.name_refs(house.engine, addresses)
    kept = vault.kept_texts(house.engine, refs.values())
    return {address: kept[ref].access for address, ref in refs.items() if ref in kept}


def _exercises(house: House, actor: Actor) -> Iterable[Exercise]:
    """Give the latest exercises that the actor may see; the last one with its times measured."""
    rows = incidents.of_drill(house.engine, EXERCISE, limit=EXERCISES_SHOWN)
    rows = [row for row in rows if reading.may_see(actor, row)]
    for place, row in enumerate(rows):
        times, late = _times(house, row) if place == 0 else (None, None)
        yield Exercise(
            id=row.id,
            created_at=row.created_at,
            closed=not row.is_open,
            grade=row.grade,
            times=times,
            late=late,
        )


def _times(house: House, row: incidents.IncidentRow) -> tuple[int | None, int | None]:
    """Count what had a time in an exercise, and how much of it was late."""
    try:
        leaves = streams.read_contents(house.engine, row.id)
        found = measured(reading.empty_incident(house, row), leaves)
    except NotWhole:
        return None, None
    return len(found), sum(one.is_late for one in found)
