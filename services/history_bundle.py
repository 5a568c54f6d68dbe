"""A record as it is proved: entries, rules and opened histories, read from what anybody gives us.

What belongs here: the members of a dossier that a proof needs, and reading them with limits. What
never does: a zip file, replaying (services/history_proof.py), our own database
(services/histories.py).

Members, as docs/reference/dossier.md has them: `ledger.jsonl`, `rules/<sha256>.json`,
`histories.json` and `histories/<n>.json`. Others are not looked at. Beside them stands, only where
the record is our own, `live.json`: how far the running workflow is and the hash of its state.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from domain.canonical import sha256_hex

LEDGER = "ledger.jsonl"
INDEX = "histories.json"
HISTORIES = "histories/"
RULES = "rules/"
LIVE = "live.json"

MOST_EVENTS = 60_000
"""Events of one history; the server ends a run at 51,200."""

MOST_BYTES = 128 * 1024 * 1024
"""Bytes of one member; the server ends a run at 50 MB, which is less than 100 MB opened."""

MOST_MEMBERS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What does not agree: `kind` (services/proof_words.py), in which run, and where in it.

    `event` is the number of the event that began the task, `entry` the ledger's number, `path` the
    first place in the JSON of entry or state that differs, `what` more of it. 0 and '' where they
    do not apply.
    """

    kind: str
    workflow: str = ""
    run: str = ""
    event: int = 0
    entry: int = 0
    path: str = ""
    what: str = ""


class Unreadable(Exception):
    """Raised for a member that cannot be read: the proof goes on with the others."""

    def __init__(self, fault: Fault) -> None:
        """Keep the fault."""
        super().__init__(fault.kind)
        self.fault = fault


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexRow:
    """A line of `histories.json`: what is known of a history without reading it.

    `sha256` is that of the member `name`, `sealed_sha256` that of the encrypted history in the
    archive ('' for a run that goes on). `status` is '' for such a run too.
    """

    name: str
    workflow: str
    run: str
    type: str
    status: str = ""
    closed_at: str = ""
    build: str = ""
    sdk: str = ""
    rules: str = ""
    continued_from: str = ""
    events: int = 0
    sha256: str = ""
    sealed_sha256: str = ""

    def document(self) -> dict[str, Any]:
        """Give the row as plain JSON."""
        return asdict(self)


@dataclass
class Bundle:
    """What is proved: a stream's entries, rules by hash, the index, and the bytes of histories."""

    stream: str
    leaves: Sequence[bytes]
    rules: Mapping[str, str]
    index: Sequence[IndexRow]
    members: Mapping[str, bytes]
    faults: list[Fault] = field(default_factory=list)

    def document(self, row: IndexRow) -> dict[str, Any]:
        """Read one history: `{"workflow", "run", "type", "events"}`. Raises Unreadable."""
        content = self.members.get(row.name)
        if content is None:
            raise Unreadable(_of(row, "history_absent", row.name))
        if sha256_hex(content) != row.sha256:
            raise Unreadable(_of(row, "history_changed", row.name))
        document = _json(content, _of(row, "history_unreadable", row.name))
        events = document.get("events") if isinstance(document, dict) else None
        if not isinstance(events, list) or not all(isinstance(each, dict) for each in events):
            raise Unreadable(_of(row, "history_unreadable", row.name))
        if len(events) > MOST_EVENTS:
            raise Unreadable(_of(row, "history_too_large", f"{len(events)} events"))
        said = (document.get("workflow"), document.get("run"), document.get("type"))
        if said != (row.workflow, row.run, row.type) or len(events) != row.events:
            raise Unreadable(_of(row, "history_index", row.name))
        assert isinstance(document, dict)
        return document


def _of(row: IndexRow, kind: str, what: str) -> Fault:
    return Fault(kind=kind, workflow=row.workflow, run=row.run, what=what)


def read_bundle(members: Mapping[str, bytes]) -> Bundle:
    """Read all but the histories themselves, which are read one by one. Raises Unreadable."""
    if len(members) > MOST_MEMBERS:
        raise Unreadable(Fault(kind="history_too_large", what=f"{len(members)} members"))
    for name, content in members.items():
        if len(content) > MOST_BYTES:
            raise Unreadable(Fault(kind="history_too_large", what=f"{name}: {len(content)} bytes"))
    for name in (LEDGER, INDEX):
        if name not in members:
            raise Unreadable(Fault(kind="history_absent", what=name))
    leaves = members[LEDGER].split(b"\n")[:-1]
    if not leaves:
        raise Unreadable(Fault(kind="ledger_unreadable", entry=1))
    return Bundle(
        stream=_stream_of(leaves[0]),
        leaves=leaves,
        rules=dict(_rules(members)),
        index=list(_index(members[INDEX])),
        members=members,
    )


def _stream_of(leaf: bytes) -> str:
    fault = Fault(kind="ledger_unreadable", entry=1)
    first = _json(leaf, fault)
    if not isinstance(first, dict) or not isinstance(first.get("incident"), str):
        raise Unreadable(fault)
    return str(first["incident"])


def _rules(members: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Give the texts of rules by the hash that they have, whatever their name says."""
    for name, content in members.items():
        if name.startswith(RULES):
            try:
                yield sha256_hex(content), content.decode()
            except UnicodeDecodeError:
                raise Unreadable(Fault(kind="rules_unreadable", what=name)) from None


def _index(content: bytes) -> Iterator[IndexRow]:
    fault = Fault(kind="history_unreadable", what=INDEX)
    rows = _json(content, fault)
    if not isinstance(rows, list):
        raise Unreadable(fault)
    known = {each.name: each.type for each in fields(IndexRow)}
    seen = set[object]()
    for row in rows:
        if not isinstance(row, dict) or not {"name", "workflow", "run", "type"} <= row.keys():
            raise Unreadable(fault)
        told = {name: value for name, value in row.items() if name in known}
        for name, value in told.items():
            # `from __future__` is not used here, so the declared type is the type itself.
            if type(value) is not known[name]:
                raise Unreadable(fault)
        read = IndexRow(**told)
        if read.name in seen or read.run in seen:
            raise Unreadable(Fault(kind="history_index", what=f"{read.name} twice"))
        seen |= {read.name, read.run}
        yield read


def _json(content: bytes, fault: Fault) -> Any:
    """Read JSON of a stranger; nesting too deep, numbers too long and bad text are one fault."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise Unreadable(fault) from None
