"""Whose words and files are kept, and where: the subjects of the vault by incident, case and entry.

What belongs here: finding. What never does: erasing (services/erasing.py), or words on a page: who
may read what is found is asked of the vault as everywhere (services/vaulting.py).

A subject is a pseudonym with one key. A hurt person's texts share one; a report, an enquiry and
each file have their own. What belongs together for people (a hurt person's files, the reports to
authorities that quote them) is told by `person`, so that nobody erases half of somebody.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from domain.errors import BrokenSetup, Malformed, NotFound
from domain.values import PrivateText, is_case
from integrations.seal import open_sealed, unwrap_key
from services import ledgers
from services.house import House
from storage import blobs, cases, erasing, incidents, streams, vault

ADDRESS: Final = re.compile(r"[0-9a-f]{64}")
SUBJECT: Final = re.compile(r"subject-[0-9a-f]{24}")
_PERSON = re.compile(r"(.+)/([A-Z]+[0-9]+)")
AT_ONCE: Final = 500
WORDS_AT_LEAST: Final = 3
FOUND_AT_MOST: Final = 50
"""Subjects that a search for words tells; of more the words say too little."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is kept under one key; `events` are the kinds of entries, `files` the addresses.

    `stream` is '' where no entry names it; `person` is the hurt person (P1) it is about, or ''.
    `texts` counts texts by access class, names of files among them; `words` are those that entries
    name, to be opened for who may read them.
    """

    id: str
    stream: str
    entries: tuple[int, ...]
    events: tuple[str, ...]
    person: str
    texts: Mapping[str, int]
    files: tuple[str, ...]
    open_files: tuple[str, ...]
    words: tuple[PrivateText, ...]
    erased_at: datetime | None
    erased_for: str


@dataclass
class _Seen:
    """What was found of a subject so far."""

    entries: list[int] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    words: dict[str, PrivateText] = field(default_factory=dict)
    person: str = ""


def of_stream(house: House, stream: str) -> list[Subject]:
    """List every subject of an incident or case, in the order of its entries. Raises NotFound."""
    require_stream(house, stream)
    found: dict[str, _Seen] = {}
    addresses: list[tuple[str, int, str, str]] = []
    persons = _persons(house, stream)
    for row in streams.read_entries(house.engine, stream):
        document = json.loads(row.content)
        person = _person_of(document.get("body", {}), persons)
        for text in ledgers.private_in(document):
            seen = _note(found, text.subject, row.seq, row.type, person)
            seen.words.setdefault(text.ref, text)
        addresses += [(one, row.seq, row.type, person) for one in _addresses_in(document)]
    _add_files(house, found, addresses)
    _add_reports(house, found, stream, persons)
    return _told(house, stream, found)


def require_stream(house: House, stream: str) -> None:
    """Insist that an incident or case of this number is there. Raises NotFound."""
    if is_case(stream):
        cases.case(house.engine, stream)
    else:
        incidents.incident(house.engine, stream)


def find(house: House, reference: str) -> list[Subject]:
    """Find subjects by what a person may know of them. Raises NotFound.

    The number of an incident or case; a hurt person (INC-2026-0007/P1); the address of a file;
    the subject itself.
    """
    wanted = reference.strip()
    if SUBJECT.fullmatch(wanted):
        return _or_none(_placed(house, [wanted]), wanted)
    if ADDRESS.fullmatch(wanted):
        about = blobs.blob(house.engine, wanted)
        noted = vault.kept_texts(house.engine, [about.name_ref]).get(about.name_ref)
        return _or_none(_placed(house, [noted.subject]) if noted else [], wanted)
    person = _PERSON.fullmatch(wanted)
    if person is not None:
        theirs = [s for s in of_stream(house, person[1]) if s.person == person[2]]
        if not theirs and person[2] in _persons(house, person[1]):
            raise NotFound(
                f"{wanted:.80} is registered, and no private words are kept of them.",
                "There is nothing to erase here; search for a name if you expected some.",
            )
        return _or_none(theirs, wanted)
    return of_stream(house, wanted)


def names_one(reference: str) -> bool:
    """Say whether a reference names one person or file, and not a whole incident or case."""
    wanted = reference.strip()
    return any(pattern.fullmatch(wanted) for pattern in (SUBJECT, ADDRESS, _PERSON))


def with_words(house: House, words: str) -> list[Subject]:
    """Find the subjects in whose texts or names of files some words stand, whoever may read them.

    It opens every text of the vault: for a request that names a person and no case. Raises
    Malformed for words that are too short, or that are found with too many.
    """
    wanted = words.strip().casefold()
    if len(wanted) < WORDS_AT_LEAST:
        raise Malformed(
            f"Fewer than {WORDS_AT_LEAST} letters are found everywhere.",
            "Type a name, an address or a number.",
        )
    found: dict[str, None] = {}
    for kept, text in _every_text(house):
        if wanted in text.casefold():
            found[kept.subject] = None
        if len(found) > FOUND_AT_MOST:
            raise Malformed(
                f"These words stand with more than {FOUND_AT_MOST} people.", "Type more of them."
            )
    return _placed(house, list(found))


# ---------------------------------------------------------------- in entries


def _addresses_in(plain: Any) -> Iterator[str]:
    """Find what may be the address of a file anywhere in plain JSON."""
    waiting = [plain]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
        elif isinstance(part, str) and ADDRESS.fullmatch(part):
            yield part


def _persons(house: House, stream: str) -> Mapping[str, str]:
    """Give the hurt person of each person and duty of an incident, by id."""
    stored = None if is_case(stream) else incidents.load_state(house.engine, stream)
    if stored is None:
        return {}
    state = json.loads(stored.state)
    known = {name: name for name in state["report"]["cases"]}
    for name, duty in state["notice"].get("duties", {}).items():
        about = str(duty.get("subject", "")).partition("/")[0]
        if about in known:
            known[name] = about
    return known


def _person_of(body: Mapping[str, Any], persons: Mapping[str, str]) -> str:
    named = (str(body.get(name, "")) for name in ("case", "duty"))
    return next((persons[one] for one in named if one in persons), "")


def _note(found: dict[str, _Seen], subject: str, seq: int, kind: str, person: str) -> _Seen:
    seen = found.setdefault(subject, _Seen())
    if seq and seq not in seen.entries:
        seen.entries.append(seq)
    if kind and kind not in seen.events:
        seen.events.append(kind)
    seen.person = seen.person or person
    return seen


def _add_files(
    house: House, found: dict[str, _Seen], addresses: Iterable[tuple[str, int, str, str]]
) -> None:
    """Add the files that entries name: each has a key of its own, which its name is kept under."""
    named = list(addresses)
    known = blobs.among(house.engine, [one[0] for one in named])
    notes = vault.kept_texts(house.engine, [b.name_ref for b in known.values() if b.name_ref])
    for address, seq, kind, person in named:
        noted = notes.get(known[address].name_ref) if address in known else None
        if noted is not None:
            seen = _note(found, noted.subject, seq, kind, person)
            if address not in seen.files:
                seen.files.append(address)


def _add_reports(
    house: House, found: dict[str, _Seen], stream: str, persons: Mapping[str, str]
) -> None:
    """Add reports to authorities that were kept and that no entry names: drafts quote people too.

    They are known by their names: number of the incident, person or duty, form.
    """
    every = {one.name_ref: one for one in blobs.noted(house.engine)}
    for kept in vault.kept_texts(house.engine, every).values():
        name = _name_in(house, kept)
        if not name.startswith(f"{stream}-") or kept.subject in found:
            continue
        about = name.removeprefix(f"{stream}-").partition("-")[0]
        seen = _note(found, kept.subject, 0, "", persons.get(about, ""))
        seen.files.append(every[kept.id].sha256)


def _name_in(house: House, kept: vault.KeptText) -> str:
    """Give the name that stands in a file's note; '' where it was erased."""
    text = _opened(house, kept)
    if text is None:
        return ""
    try:
        told = json.loads(text)
    except ValueError:
        return ""
    return str(told.get("name", "")) if isinstance(told, dict) else ""


def _opened(house: House, kept: vault.KeptText) -> str | None:
    if kept.wrapped is None:
        return None
    try:
        key = unwrap_key(house.ring, kept.wrapped, kept.subject)
        return open_sealed(kept.ciphertext, key, kept.id).text
    except BrokenSetup:
        # What cannot be opened by us holds no words that anybody could read here either.
        return None


def _every_text(house: House) -> Iterator[tuple[vault.KeptText, str]]:
    last = ""
    while ids := erasing.every_text(house.engine, last, AT_ONCE):
        for kept in vault.kept_texts(house.engine, ids).values():
            text = _opened(house, kept)
            if text is not None:
                yield kept, text
        last = ids[-1]


# ---------------------------------------------------------------- told


def _placed(house: House, subjects: list[str]) -> list[Subject]:
    """Say of some subjects in which stream each stands; what no entry names stands in none."""
    addresses = _files_of(house, subjects)
    names = [*subjects, *(one for each in addresses.values() for one in each)]
    there: dict[str, str] = {}
    for stream, _, content in streams.places_naming(house.engine, names):
        text = content.decode()
        for subject in subjects:
            if any(name in text for name in (subject, *addresses.get(subject, ()))):
                there.setdefault(subject, stream)
    found: list[Subject] = []
    for stream in dict.fromkeys(there.values()):
        wanted = {subject for subject in subjects if there.get(subject) == stream}
        found += [one for one in of_stream(house, stream) if one.id in wanted]
    known = {one.id for one in found}
    rest = {s: _Seen(files=list(addresses.get(s, ()))) for s in subjects if s not in known}
    return found + _told(house, "", rest)


def _files_of(house: House, subjects: Iterable[str]) -> dict[str, list[str]]:
    """Give the addresses of the files that are kept under subjects."""
    notes = vault.texts_under(house.engine, subjects)
    found: dict[str, list[str]] = {}
    for one in blobs.of_notes(house.engine, list(notes)):
        found.setdefault(notes[one.name_ref], []).append(one.sha256)
    return found


def files_of(house: House, subjects: Iterable[str]) -> list[str]:
    """List the addresses of all files under subjects."""
    return [address for each in _files_of(house, subjects).values() for address in each]


def notes_of(house: House, addresses: Collection[str], without: Collection[str]) -> dict[str, str]:
    """Give, for open files, a note of somebody else who brought the same bytes: its vault id.

    Notes of the subjects `without` do not count. It opens every text of the vault.
    """
    found: dict[str, str] = {}
    left_out = set(without)
    for kept, text in _every_text(house):
        if kept.subject in left_out or not any(one in text for one in addresses):
            continue
        try:
            told = json.loads(text)
        except (ValueError, RecursionError):
            continue
        is_note = isinstance(told, dict) and told.get("private") is False
        if is_note and told.get("sha256") in addresses:
            found.setdefault(told["sha256"], kept.id)
    return found


def _told(house: House, stream: str, found: Mapping[str, _Seen]) -> list[Subject]:
    kept = erasing.kept_of(house.engine, found)
    known = blobs.among(house.engine, [one for seen in found.values() for one in seen.files])
    return [
        Subject(
            id=subject,
            stream=stream,
            entries=tuple(seen.entries),
            events=tuple(seen.events),
            person=seen.person,
            texts=kept[subject].texts,
            files=tuple(seen.files),
            open_files=tuple(f for f in seen.files if f in known and not known[f].private),
            words=tuple(seen.words.values()),
            erased_at=kept[subject].erased_at,
            erased_for=kept[subject].erased_for,
        )
        for subject, seen in found.items()
        if subject in kept
    ]


def _or_none(found: list[Subject], wanted: str) -> list[Subject]:
    if not found:
        raise NotFound(f"Nothing is kept under {wanted:.80}.", "Check the number.")
    return found
