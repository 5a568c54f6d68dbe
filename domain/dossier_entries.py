"""The entries of a dossier, line by line: form, number, order, and what others say of them.

What belongs here: what can be told from one line and the lines before it, quickly: a record may
have a hundred thousand. What never does: what an entry means (domain/ledger.py), or a signature.

Canonical is what domain/canonical.py writes. A line is read and written anew: the same text again
means that keys are sorted, none stands there twice, and nothing is spelt in a second way.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from json.encoder import encode_basestring_ascii
from operator import itemgetter
from typing import Any, Final, NoReturn

from domain.canonical import DEEPEST, LARGEST_INTEGER
from domain.dossier import ENTRIES_AFTER, ENTRIES_BEFORE, ENTRIES_BETWEEN, LEDGER, is_crowded
from domain.dossier_due import Due, clear_of, due_of
from domain.dossier_faults import Faults

LINE_AT_MOST: Final = 8 * 2**20
"""Bytes of an entry: what is longer is none, and is not read into memory."""

AT_ONCE: Final = 2**20
"""Characters of entries that wait to be hashed together, which is quicker than one by one."""

ENTRY_AT_LEAST: Final = 128
"""Bytes of the shortest entry, and less: so many entries a ledger has at most."""

READ_ON_AT_MOST: Final = 1_000
"""Lines that are not as they must be, or more than were announced, after which the rest of a member
is not looked at: a small file may unpack to a thousand million of them."""

WRONG: Final = ("entry_malformed", "entry_not_canonical", "entry_number", "entry_order")
"""Faults of a line that is no entry, or not the one of its place."""

_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_HASHES: Final = re.compile(rb'"([0-9a-f]{64})(?=")')
_SEALED: Final = re.compile(rb'"commitment":"([^"\\]{1,200})","ref":"([^"\\]{1,200})"')
_texts: Final = itemgetter("type", "at", "build", "command_id", "happened_at", "stage")


class _NoForm(ValueError):
    """Something in a line has no canonical form."""


def _refuse(_word: str) -> NoReturn:
    raise _NoForm


def _whole_number(word: str) -> int:
    # Digits are counted first: a number of a million of them takes minutes to be read.
    if len(word) > 17 or abs(value := int(word)) > LARGEST_INTEGER:
        raise _NoForm
    return value


_read: Final = json.JSONDecoder(
    parse_float=_refuse, parse_constant=_refuse, parse_int=_whole_number
).decode
_write: Final = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False
).encode


def canonical_fault(text: str) -> tuple[Any, str]:
    """Read a JSON text; give its value, and "" or what is wrong: `malformed`, `not_canonical`."""
    if is_crowded(text):
        return None, "not_canonical"
    try:
        value = _read(text)
        if _write(value) != text or "\\u0000" in text:
            return value, "not_canonical"
    except (_NoForm, RecursionError):
        return None, "not_canonical"
    except ValueError:
        return None, "malformed"
    if text.count("[") + text.count("{") > DEEPEST and _is_too_deep(value):
        return value, "not_canonical"
    return value, ""


def _is_too_deep(value: Any) -> bool:
    """Say whether a value is nested deeper than canonical JSON may be."""
    level = [value]
    for _ in range(DEEPEST + 1):
        inner: list[Any] = []
        for part in level:
            if isinstance(part, dict):
                inner.extend(part.values())
            elif isinstance(part, list):
                inner.extend(part)
        level = inner
    return bool(level)


def lines_of(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Give the lines of a member, each with its newline; only the last may lack it.

    A line that is longer than any entry is given as far as it was read, and nothing after it.
    """
    rest = b""
    for part in parts:
        lines = (rest + part).split(b"\n")
        rest = lines.pop()
        for line in lines:
            yield line + b"\n"
        if len(rest) > LINE_AT_MOST:
            break
    if rest:
        yield rest


Naming = tuple[str, str, str, bool]
"""(fault, member, SHA-256, whether the entry may have the words of that hash as its receipt)."""


@dataclass(slots=True, kw_only=True)
class Named:
    """What other members say that entries name: hashes by entry, and sealed texts.

    `hashes` maps the number of an entry to what it is said to name; `sealed` are (commitment, ref).
    `shown` are the rows of statements and filings; `clear` are (address, SHA-256 over the clear
    bytes) of sealed files that are here.
    """

    hashes: dict[int, dict[Naming, None]] = field(default_factory=dict)
    sealed: set[tuple[bytes, bytes]] = field(default_factory=set)
    shown: set[Due] = field(default_factory=set)
    clear: set[tuple[str, str]] = field(default_factory=set)

    def add(self, entry: int, naming: Naming) -> None:
        """Note what an entry is said to name; that it is said twice is nothing more."""
        self.hashes.setdefault(entry, {})[naming] = None


@dataclass(slots=True)
class Entries:
    """What was found in the ledger: leaf hashes in order, plans named, the viewer's hash.

    `due` are rows that must be here, and `clear` the hashes over clear bytes by the address of the
    file, each with the number of the entry that says so first.
    """

    leaves: list[bytes] = field(default_factory=list)
    plans: set[str] = field(default_factory=set)
    sealed: set[tuple[bytes, bytes]] = field(default_factory=set)
    due: dict[Due, int] = field(default_factory=dict)
    clear: dict[str, tuple[int, str]] = field(default_factory=dict)
    viewer: str = ""


def read_entries(
    parts: Iterable[bytes],
    incident: str,
    named: Named,
    faults: Faults,
    each: Callable[[bytes], None] | None = None,
    announced: int = LARGEST_INTEGER,
) -> Entries:
    """Look at every entry of a ledger; `each` is handed its bytes, one after the other.

    `announced` is how many there should be: not many more are looked at.
    """
    found, before, viewer = Entries(), "", _Viewer()
    lines = islice(lines_of(parts), min(announced, LARGEST_INTEGER) + READ_ON_AT_MOST)
    for number, line in enumerate(lines, 1):
        content = line[:-1] if line[-1:] == b"\n" else line
        found.leaves.append(sha256(b"\x00" + content).digest())
        text = content.decode(errors="replace")
        viewer.add(text)
        if content is line:
            faults.add("entry_malformed", LEDGER, entry=number, what="Its line does not end.")
        elif text.encode() != content:
            faults.add("entry_malformed", LEDGER, entry=number, what="It is not UTF-8.")
        else:
            before = _look(text, number, incident, before, found, faults)
        if number in named.hashes:
            _hold_named(content, number, named.hashes.pop(number), faults)
        if named.sealed and b'"commitment"' in content:
            found.sealed |= named.sealed.intersection(_SEALED.findall(content))
        if each is not None:
            each(content)
        if sum(faults.counts[one] for one in WRONG) > READ_ON_AT_MOST:
            break
    found.viewer = viewer.hash()
    return found


def _hold_named(content: bytes, number: int, waiting: Iterable[Naming], faults: Faults) -> None:
    """See that an entry names what it is said to; it is searched once, however much that is."""
    quoted = {one.decode() for one in _HASHES.findall(content)}
    missing = [one for one in waiting if one[2] not in quoted]
    receipt = _receipt_hash(content) if any(by_words for *_, by_words in missing) else ""
    for fault, member, told, by_words in missing:
        if not by_words or told != receipt:
            faults.add(fault, member, entry=number, what="The entry does not name it.")


def _receipt_hash(content: bytes) -> str:
    """Give the hash over a receipt's words that an entry holds itself; "" where it has none."""
    try:
        words = canonical_fault(content.decode())[0]["body"]["receipt"]
    except (KeyError, TypeError, UnicodeDecodeError):
        return ""
    is_text = isinstance(words, str) and words
    return sha256(words.encode(errors="replace")).hexdigest() if is_text else ""


def _look(
    text: str, number: int, incident: str, before: str, found: Entries, faults: Faults
) -> str:
    """Look at one entry; give when it was recorded, or what came before where it does not say."""
    document, fault = canonical_fault(text)
    if fault == "malformed":
        faults.add("entry_malformed", LEDGER, entry=number, what="It is not JSON.")
        return before
    if fault:
        faults.add("entry_not_canonical", LEDGER, entry=number)
        if document is None:
            return before
    try:
        told, recorded, plan = document["seq"], document["recorded_at"], document["plan"]
        whose, body, actor = document["incident"], document["body"], document["actor"]
        texts = (recorded, plan, *_texts(document))
    except (KeyError, TypeError):
        faults.add("entry_malformed", LEDGER, entry=number, what="It lacks a field.")
        return before
    if (
        whose != incident
        or type(body) is not dict
        or type(actor) is not dict
        or set(map(type, texts)) != {str}
        or _INSTANT.fullmatch(recorded) is None
    ):
        faults.add("entry_malformed", LEDGER, entry=number, what="It is no entry of this record.")
        return before
    if type(told) is not int or told != number:
        faults.add("entry_number", LEDGER, entry=number, what=f"It says {told!r:.40}.")
    if recorded < before:
        faults.add("entry_order", LEDGER, entry=number, what=f"{recorded} after {before}.")
    found.plans.add(plan)
    for due in due_of(number, texts[2], body):
        found.due.setdefault(due, number)
    for address, content in clear_of(body):
        found.clear.setdefault(address, (number, content))
    return str(recorded)


class _Viewer:
    """What `viewer/entries.js` must be, as a hash: made anew from the entries."""

    def __init__(self) -> None:
        self._hash = sha256(ENTRIES_BEFORE.encode())
        self._waiting: list[str] = []
        self._long = 0
        self._between = ""

    def add(self, text: str) -> None:
        # What domain/dossier.py calls the literal of an entry, without reading its bytes again.
        self._waiting.append(encode_basestring_ascii(text))
        self._long += len(text)
        if self._long > AT_ONCE:
            self._flush()

    def hash(self) -> str:
        self._flush()
        self._hash.update(ENTRIES_AFTER.encode())
        return self._hash.hexdigest()

    def _flush(self) -> None:
        if self._waiting:
            self._hash.update((self._between + ENTRIES_BETWEEN.join(self._waiting)).encode())
            self._between, self._waiting, self._long = ENTRIES_BETWEEN, [], 0
