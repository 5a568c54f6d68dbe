"""The histories of a record: out of the archive, and of open runs from the server, opened.

What belongs here: finding the runs of an incident's or a case's family, opening them, and our own
record as the members that a proof reads. What never does: replaying (services/history_proving.py),
copying into the archive (activities/archive.py).
"""

import hashlib
import json
import zlib
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowHistory, WorkflowQueryFailedError
from temporalio.service import RPCError, RPCStatusCode

from activities.history_marks import continued_from, made_with
from domain.canonical import sha256_hex
from domain.errors import BrokenSetup
from domain.streams import plot_of
from domain.values import is_case
from integrations.clear_history import open_history
from services.history_bundle import HISTORIES, INDEX, LEDGER, LIVE, MOST_BYTES, RULES, IndexRow
from services.house import House
from services.replaying import started
from services.replaying_beside import Alter
from storage import archive, incidents, streams
from storage import rules as rule_store
from storage.archive import ArchivedRun
from storage.blobs import BlobDirectory, read_blob
from workflows.ids import case_workflow, incident_workflow

ANSWERED_WITHIN = timedelta(seconds=10)
"""How long a workflow may take to say its state; nobody may be there to work."""


@dataclass(frozen=True, slots=True)
class Held:
    """One history, sealed as it is kept; `archived` is its row, None for one that has none."""

    history: WorkflowHistory
    archived: ArchivedRun | None


async def clear_histories(
    house: House,
    stream: str,
    rules: Collection[str] | None = None,
    altered: Alter = lambda history: history,
) -> AsyncIterator[tuple[dict[str, Any], bytes]]:
    """Give every history of a stream's family: its row in the index, and its member's bytes.

    Deciding runs come first, each family of runs in the order of time. What is archived is read
    from the archive; a run that goes on still is read from the server, as far as it is now. Whoever
    proves them by a ledger reads that one first: a history may be ahead of it, never behind.

    `rules` are the hashes of rules that stand beside the histories; None: those of the ledger.
    `altered` puts right what a server lost: the one of drills forgets the build.
    """
    number = 0
    if rules is None:
        rules = set(rules_of(streams.read_contents(house.engine, stream)))
    async for held in histories_of(house, stream):
        number += 1
        events = await open_history(altered(held.history), house.ring, rules)
        row = _row(held, stream, house)
        content = member_of(row, events)
        row = replace(
            row,
            name=f"{HISTORIES}{number}.json",
            events=len(events),
            sha256=sha256_hex(content),
        )
        yield row.document(), content


def member_of(row: IndexRow, events: Sequence[Mapping[str, Any]]) -> bytes:
    """Write the member of a history; the same history gives the same bytes."""
    document = {"workflow": row.workflow, "run": row.run, "type": row.type, "events": events}
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def rules_of(leaves: Iterable[bytes]) -> Iterator[str]:
    """Name the rules that entries were decided by, and those adopted, each once, in order."""
    seen = set()
    for leaf in leaves:
        entry = json.loads(leaf)
        adopted = [entry["body"]["rules"]] if entry["type"] == "RulesAdopted" else []
        for sha256 in (entry["plan"], *adopted):
            if sha256 not in seen:
                seen.add(sha256)
                yield sha256


def _row(held: Held, stream: str, house: House) -> IndexRow:
    """Say what is known of a history beside its name and its bytes."""
    first, events = started(held.history), held.history.events
    build, sdk = made_with(events)
    row = IndexRow(
        name="",
        workflow=held.history.workflow_id,
        run=first.original_execution_run_id,
        type=first.workflow_type.name,
        build=build,
        sdk=sdk,
        continued_from=first.continued_execution_run_id,
    )
    kept, status = held.archived, _status_of(events)
    if kept is None:
        rules = streams.head(house.engine, stream).rules_hash
        return replace(row, rules=rules, status=status)
    return replace(
        row,
        status=status,
        closed_at=kept.closed_at.isoformat(),
        rules=kept.rules,
        sealed_sha256=kept.sha256,
    )


def _status_of(events: Sequence[HistoryEvent]) -> str:
    """Say by its last event how a run ended; '' for one that goes on."""
    name = EventType.Name(events[-1].event_type).removeprefix("EVENT_TYPE_WORKFLOW_EXECUTION_")
    return name.lower() if name in _ENDS else ""


_ENDS = frozenset(
    ("COMPLETED", "FAILED", "TIMED_OUT", "CANCELED", "TERMINATED", "CONTINUED_AS_NEW")
)


# ---------------------------------------------------------------- finding the runs


async def histories_of(house: House, stream: str) -> AsyncIterator[Held]:
    """Give the histories of a stream's family, sealed as they are kept.

    Found from the deciding workflows on, by what each run started; what the archive has beside
    those stands at the end. Of a run that is nowhere nothing is given: a proof names the gap.
    """
    kept: dict[str, list[ArchivedRun]] = {}
    for run in archive.runs_of(house.engine, stream):
        kept.setdefault(run.workflow_id, []).append(run)
    waiting, seen = list(_deciding(house, stream)), set[str]()
    while waiting or kept:
        workflow_id = waiting.pop(0) if waiting else next(iter(kept))
        of_archive = kept.pop(workflow_id, [])
        if workflow_id in seen:
            continue
        seen.add(workflow_id)
        for held in await _runs(house, workflow_id, of_archive):
            yield held
            waiting += [
                event.start_child_workflow_execution_initiated_event_attributes.workflow_id
                for event in held.history.events
                if event.HasField("start_child_workflow_execution_initiated_event_attributes")
            ]


def _deciding(house: House, stream: str) -> Iterator[str]:
    if is_case(stream):
        yield case_workflow(stream)
        return
    for number in range(1, incidents.incident(house.engine, stream).run + 1):
        yield incident_workflow(stream, number)


async def _runs(house: House, workflow_id: str, kept: Sequence[ArchivedRun]) -> list[Held]:
    """Give the runs of one workflow in order: from the archive, then what the server has beside."""
    found = [Held(_unpacked(house, run), run) for run in kept]
    there = {run.run_id for run in kept}
    live: list[Held] = []
    if house.client is not None and not _has_ended(kept):
        run_id: str | None = None
        while run_id not in there:
            history = await _fetched(house.client, workflow_id, run_id)
            if history is None or started(history).original_execution_run_id in there:
                break
            live.insert(0, Held(history, None))
            run_id = continued_from(history.events)
            if not run_id:
                break
    return [*found, *live]


def _has_ended(kept: Sequence[ArchivedRun]) -> bool:
    """Say whether the last archived run is the last of its workflow."""
    return bool(kept) and kept[-1].status not in ("", archive.CONTINUED)


async def _fetched(client: Client, workflow_id: str, run_id: str | None) -> WorkflowHistory | None:
    """Fetch one run; None for one that the server does not have."""
    try:
        return await client.get_workflow_handle(workflow_id, run_id=run_id).fetch_history()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise


def _unpacked(house: House, run: ArchivedRun) -> WorkflowHistory:
    """Read a history out of the archive. Raises BrokenSetup when it is another than was kept."""
    packed = read_blob(house.engine, BlobDirectory(house.settings.blobs_dir), run.blob)
    inflater = zlib.decompressobj()
    text = inflater.decompress(packed, MOST_BYTES)
    if not inflater.eof or sha256_hex(text) != run.sha256:
        raise BrokenSetup(
            f"The archived history of {run.workflow_id} ({run.run_id}) is another than was kept.",
            "Restore the folder of blobs from a backup.",
            code="blob_damaged",
        )
    return WorkflowHistory.from_json(run.workflow_id, text.decode())


# ---------------------------------------------------------------- our own record, to be proved


async def own_members(
    house: House, stream: str, altered: Alter = lambda history: history
) -> dict[str, bytes]:
    """Give our own record as the members of a proof: entries, rules, histories, how far we are.

    The live state is asked for where somebody works. It and the ledger are read before the
    histories: people go on meanwhile, and a history may be ahead of what it is held against.
    """
    states = {**await _live(house, stream), **_stored(house, stream)}
    leaves = streams.read_contents(house.engine, stream)
    rules = list(rules_of(leaves))
    members = {LEDGER: b"".join(leaf + b"\n" for leaf in leaves)}
    for sha256 in rules:
        members[f"{RULES}{sha256}.json"] = rule_store.load_rules(house.engine, sha256)
    index = []
    async for row, content in clear_histories(house, stream, rules, altered):
        index.append(row)
        members[row["name"]] = content
    members[INDEX] = json.dumps(index).encode()
    members[LIVE] = json.dumps(states).encode()
    return members


async def _live(house: House, stream: str) -> dict[str, Any]:
    """Ask the running workflow how far it is; nothing where none runs or nobody works."""
    if house.client is None or not streams.head(house.engine, stream).is_open:
        return {}
    *_, workflow_id = _deciding(house, stream)
    handle = house.client.get_workflow_handle(workflow_id)
    try:
        told = await handle.query("state", result_type=dict, rpc_timeout=ANSWERED_WITHIN)
    except (RPCError, WorkflowQueryFailedError):
        return {}
    if told["size"] != told["recorded"]:
        return {}
    return {"live": {"size": told["size"], "sha256": told["sha256"]}}


def _stored(house: House, stream: str) -> dict[str, Any]:
    """Say what state is stored for pages."""
    stored = streams.stream_state(house.engine, stream)
    if stored is None:
        return {}
    state = plot_of(stream).read(stored.state, house.rules(stored.rules_hash))
    text = plot_of(stream).text(state)
    return {"stored": {"size": stored.size, "sha256": hashlib.sha256(text.encode()).hexdigest()}}
