"""Private text on its way into the vault and, for who may read it, out again.

What belongs here: sealing every private field of a command before it leaves the API. What never
does: who may act. The same command sealed again gives the same ids and commitments.
"""

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cache, partial
from typing import Any

from domain.envelope import Answer
from domain.errors import AndonError, BrokenSetup, KeyReused, NotFound
from domain.message import CommandSpec, leaves_of, private_access
from domain.people import Access, Actor, may_open
from domain.values import PrivateText
from domain.wire import TEXT_LIMIT, text_fault
from integrations.seal import (
    Unsealed,
    commitment,
    new_subject_key,
    open_sealed,
    salt_for,
    seal,
    sealed_id,
    unwrap_key,
    wrap_key,
)
from services import read_log
from services.house import House
from services.read_log import Read
from storage import copies, vault


class Unshown(str):
    """What stands in place of a text that is not shown: never mistaken for what somebody typed."""

    __slots__ = ()


class Erased(Unshown):
    """What stands in place of an erased text: since when, and on what ground."""

    erased_at: datetime | None
    ground: str

    @classmethod
    def of(cls, kept: vault.KeptText) -> "Erased":
        """Tell an erased text, for programs in English; pages say it in the reader's words."""
        on = f" on {kept.erased_at.date()}" if kept.erased_at else ""
        why = f": {kept.erased_for.replace('_', ' ')}" if kept.erased_for else ""
        told = cls(f"[erased{on}{why}]")
        told.erased_at, told.ground = kept.erased_at, kept.erased_for
        return told


ERASED = Unshown("[erased]")
HIDDEN = Unshown("[not shown to your role]")
ALTERED = Unshown("[this text is not the one that was recorded]")
UNNOTED = Unshown("[not shown: the read log cannot be written now]")


def is_shown(text: str) -> bool:
    """Say whether these are a person's words, and not why they are not shown."""
    return not isinstance(text, Unshown)


def is_private(tp: object) -> bool:
    """Say whether a field's type is private text."""
    return tp is PrivateText


def new_subject(stream: str, command_id: str) -> str:
    """Name a new subject: a pseudonym that says nothing about the person."""
    return "subject-" + hashlib.sha256(f"{stream}|{command_id}".encode()).hexdigest()[:24]


def living(house: House, subject: str, otherwise: str) -> str:
    """Give a subject, or another in its place where its key was destroyed."""
    try:
        erased = vault.wrapped_key(house.engine, subject) is None
    except NotFound:
        return subject
    return otherwise if erased else subject


def private_faults(spec: CommandSpec, body: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Say what keeps private fields from being stored, before anything is written."""
    faults: list[tuple[str, str]] = []
    longest = {f.name: f.metadata.get("max", TEXT_LIMIT) for f in fields(spec.type)}

    def look(value: Any, path: str) -> Any:
        if not isinstance(value, str):
            faults.append((path, "Text is expected here."))
        elif (sentence := text_fault(value, longest[path.partition(".")[0]])) is not None:
            faults.append((path, sentence))
        return {"ref": "", "commitment": "", "subject": ""}

    leaves_of(spec.type, dict(body), is_private, look)
    return faults


def stand_in(spec: CommandSpec, body: Mapping[str, Any]) -> dict[str, Any]:
    """Give the body with empty references in place of private text, to check all else."""
    shape = {"ref": "", "commitment": "", "subject": ""}
    checked: dict[str, Any] = leaves_of(spec.type, dict(body), is_private, lambda _v, _p: shape)
    return checked


@dataclass(frozen=True, slots=True, kw_only=True)
class Under:
    """How the private texts of one command are sealed.

    `content` names the whole act as it was sent (`services.sending.content_of`): another content
    under the same key has other texts. `repeated` says whether this command was recorded before:
    then its texts are kept already, and another body under its key must leave nothing behind. Who
    may open a text is said by its field (`ask(access=…)`); `access` is for those that say nothing.
    """

    command_id: str
    content: str
    subject: str
    repeated: Callable[[], bool]
    access: Access = Access.RESTRICTED


def seal_body(
    house: House, spec: CommandSpec, body: Mapping[str, Any], under: Under
) -> dict[str, Any]:
    """Put private fields into the vault and give the body with references in their place."""
    texts: list[tuple[str, str]] = []
    leaves_of(spec.type, dict(body), is_private, lambda value, path: texts.append((path, value)))
    if not texts:
        return dict(body)
    kept: dict[str, dict[str, str]] = {}
    told = private_access(spec, under.access)

    def seal_all(key: bytes) -> Iterator[Sealed]:
        for path, text in texts:
            text_id = sealed_id(key, under.command_id, path, under.content)
            shown = commitment(salt_for(key, text_id), text)
            kept[path] = {"ref": text_id, "commitment": shown, "subject": under.subject}
            yield Sealed(text_id, seal(text, key, text_id), told[path.partition(".")[0]])

    if under.repeated():
        list(seal_all(_key_of(house, under.subject)))
    else:
        keep_under_key(house, under.subject, seal_all)
    whole: dict[str, Any] = leaves_of(
        spec.type, dict(body), is_private, lambda _value, path: kept[path]
    )
    return whole


def discard(house: House, spec: CommandSpec, sealed: Mapping[str, Any]) -> None:
    """Take the private texts of a command that was refused out of the vault again.

    No entry refers to them, and nobody could ever read, correct or erase them. Those of another
    content under the same key are others, and stay.
    """
    refs: list[str] = []
    leaves_of(spec.type, dict(sealed), is_private, lambda value, path: refs.append(value["ref"]))
    if refs:
        vault.discard(house.engine, refs)


@contextmanager
def unless_reused(house: House, spec: CommandSpec, sealed: Mapping[str, Any]) -> Iterator[None]:
    """Take private texts out of the vault again when their key belongs to another content."""
    try:
        yield
    except KeyReused:
        discard(house, spec, sealed)
        raise


async def answered(
    house: House, spec: CommandSpec, sealed: Mapping[str, Any], answer: Awaitable[Answer]
) -> Answer:
    """Wait for the answer to a command; what no entry came to name leaves the vault again."""
    try:
        given = await answer
    except KeyReused:
        await asyncio.to_thread(discard, house, spec, sealed)
        raise
    if given.refused:
        await asyncio.to_thread(discard, house, spec, sealed)
    return given


def _key_of(house: House, subject: str) -> bytes:
    """Give a subject's key, or one that nobody keeps. Raises Refused when it was destroyed."""
    try:
        wrapped = vault.wrapped_key(house.engine, subject)
    except NotFound:
        return new_subject_key()
    if wrapped is None:
        raise vault.erased(subject)
    return unwrap_key(house.ring, wrapped, subject)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A text sealed under its subject's key: its vault id, its bytes, who may open it."""

    id: str
    ciphertext: bytes
    access: Access


def keep_under_key(
    house: House, subject: str, seal_all: Callable[[bytes], Iterable[Sealed]]
) -> bytes:
    """Keep what `seal_all` seals under a subject's key, made now if the subject is new.

    Gives the key. Raises Refused for a subject that was erased, and KeyReused.
    """
    now, keys = house.now(), {}

    def sealed(wrapped: bytes) -> list[vault.SealedText]:
        keys[wrapped] = unwrap_key(house.ring, wrapped, subject)
        return [
            vault.SealedText(
                id=each.id,
                subject=subject,
                ciphertext=each.ciphertext,
                access=str(each.access),
                stored_at=now,
            )
            for each in seal_all(keys[wrapped])
        ]

    fresh = wrap_key(house.ring, new_subject_key(), subject)
    return keys[vault.keep_sealed(house.engine, subject, fresh, now, sealed)]


def open_texts(
    house: House, actor: Actor, texts: Iterable[PrivateText], read: Read | None
) -> dict[str, str]:
    """Give the words behind references that the actor may read, by vault id.

    What is not shown says why (`Unshown`): a text that is not the recorded one is none of it. That
    it was read is noted under `read` first; None is for machines alone, which read nothing aloud.
    """
    assert read is not None or actor.is_system, "people's reading is noted: say what is read"
    classes = frozenset(access for access in Access if may_open(actor, access))
    found = _open(house, classes, texts)
    if read is not None and any(one.is_sensitive for one in found.values()):
        try:
            read_log.note(house, actor.id, read)
        except AndonError:
            found = {ref: _unnoted(one) for ref, one in found.items()}
    return {ref: one.words for ref, one in found.items()}


def classes_of(house: House, texts: Iterable[PrivateText]) -> dict[str, Access]:
    """Say of which class each text is, by vault id, as it was sealed; no text is opened."""
    kept = vault.kept_texts(house.engine, (one.ref for one in texts))
    return {ref: Access(one.access) for ref, one in kept.items()}


def erased_of(house: House, texts: Iterable[PrivateText]) -> dict[str, Erased]:
    """Say which texts are erased, by vault id: their words are closed to all."""
    kept = vault.kept_texts(house.engine, (one.ref for one in texts))
    return {ref: Erased.of(one) for ref, one in kept.items() if one.wrapped is None}


def open_classes(
    house: House, classes: Collection[Access], texts: Iterable[PrivateText]
) -> dict[str, str]:
    """Give the words behind references whose class is one of some; that is noted by the caller."""
    return {ref: one.words for ref, one in _open(house, classes, texts).items()}


@dataclass(frozen=True, slots=True)
class _Found:
    """A text as it is given: its words or why they are not shown, and its class."""

    words: str
    access: Access

    @property
    def is_sensitive(self) -> bool:
        return self.access is not Access.OPEN and is_shown(self.words)


def _unnoted(one: _Found) -> _Found:
    return _Found(UNNOTED, one.access) if one.is_sensitive else one


def _open(
    house: House, classes: Collection[Access], texts: Iterable[PrivateText]
) -> dict[str, _Found]:
    recorded = _recorded(texts)
    opened: dict[str, _Found] = {}
    for text_id, kept in vault.kept_texts(house.engine, recorded).items():
        access = Access(kept.access)
        words: str
        if access not in classes:
            words = HIDDEN
        elif (found := _opened(house, kept)) is None:
            words = Erased.of(kept)
        else:
            same = recorded[text_id] == {found.commitment}
            words = found.text if same else ALTERED
        opened[text_id] = _Found(words, access)
    return opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """An opened text with the salt of its commitment: what shows that it is the recorded one."""

    ref: str
    text: str
    salt: str
    commitment: str


def open_proved(
    house: House, actor: Actor, texts: Iterable[PrivateText], read: Read | None
) -> tuple[list[Proved], dict[str, int]]:
    """Open the texts that the actor may read, each with what proves it, sorted by vault id.

    Also gives how many are not among them, by the reason; a text that is not kept any
    more counts as altered.
    """
    wanted = {text.ref: text for text in texts}
    told = open_texts(house, actor, wanted.values(), read)
    shown = sorted(ref for ref, words in told.items() if is_shown(words))
    proved = []
    for kept in vault.kept_texts(house.engine, shown).values():
        found = _opened(house, kept)
        if found is not None:
            salt = found.salt.hex()
            one = Proved(ref=kept.id, text=found.text, salt=salt, commitment=found.commitment)
            proved.append(one)
    unshown: dict[str, int] = dict.fromkeys((ERASED, HIDDEN, ALTERED, UNNOTED), 0)
    for ref in wanted:
        reason = told.get(ref, ALTERED)
        if not is_shown(reason):
            unshown[ERASED if isinstance(reason, Erased) else reason] += 1
    return sorted(proved, key=lambda one: one.ref), unshown


def altered_texts(house: House, texts: Iterable[PrivateText]) -> list[str]:
    """List the vault ids whose texts are not those that were recorded; an erased one says nothing.

    No word is given away: any reader may know that the record does not hold. Raises BrokenSetup
    where no key of the ring opens anything.
    """
    recorded = _recorded(texts)
    kept = vault.kept_texts(house.engine, recorded)
    opened = opener(house)

    def is_as_recorded(ref: str) -> bool:
        one = kept.get(ref)
        if one is None or one.wrapped is None:
            return one is not None
        found = opened(one)
        return found is not None and recorded[ref] == {found.commitment}

    return [ref for ref in recorded if not is_as_recorded(ref)]


def opener(house: House) -> Callable[[vault.KeptText], "Opened | None"]:
    """Give what opens texts that somebody may have altered, and their keys: None for such a one.

    Which key of the ring a wrapped key needs stands before it, unprotected. What names one that the
    ring has not is altered, too, unless the ring is that of another database: then it opens none,
    and BrokenSetup says so.
    """
    is_ours = cache(partial(_opens_any, house))

    def opened(kept: vault.KeptText) -> Opened | None:
        assert kept.wrapped is not None, "what was erased is no alteration"
        try:
            key = unwrap_key(house.ring, kept.wrapped, kept.subject)
            found = open_sealed(kept.ciphertext, key, kept.id)
        except BrokenSetup as broken:
            if broken.code == "unsealable" or is_ours():
                return None
            raise
        return Opened(found.text, found.commitment, key)

    return opened


@dataclass(frozen=True, slots=True)
class Opened:
    """A text that was opened, its commitment, and its subject's key."""

    text: str
    commitment: str
    key: bytes = field(repr=False)


def _opens_any(house: House) -> bool:
    """Say whether the ring opens one key of the vault at least."""
    for row in copies.every_key(house.engine):
        with suppress(BrokenSetup, AttributeError, TypeError, ValueError):
            unwrap_key(house.ring, row["wrapped"], row["subject"])
            return True
    return False


def _recorded(texts: Iterable[PrivateText]) -> dict[str, set[str]]:
    """Gather by vault id what the ledger says of the texts: one commitment, where it is whole."""
    recorded: dict[str, set[str]] = defaultdict(set)
    for text in texts:
        recorded[text.ref].add(text.commitment)
    return dict(recorded)


def _opened(house: House, kept: vault.KeptText) -> Unsealed | None:
    """Open a kept text; None when it was erased."""
    if kept.wrapped is None:
        return None
    return open_sealed(kept.ciphertext, unwrap_key(house.ring, kept.wrapped, kept.subject), kept.id)
