"""Recording entries and reading states back: the only writer of the ledger.

What belongs here: from a batch on the wire to the one append-and-project transaction. What never
does: deciding, or another statement that updates the read model.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy.engine import Engine
from temporalio import activity

from activities.translation import translated
from domain.desired import Hold, holds
from domain.envelope import (
    CommandOutcome,
    RecordBatch,
    Recorded,
    RefusalLeaf,
    StateChunk,
    StateRequest,
)
from domain.errors import Malformed
from domain.open_duties import open_duties
from domain.overview import next_due_at, stage_words, title
from domain.plot import fold
from domain.refusal_words import refusal_leaf
from domain.rules import Rules, rules_from_text
from domain.state import Incident, StreamState
from domain.state.service_case import ServiceCase, case_title
from domain.state.stream import StateWriter
from domain.streams import plot_of
from storage import ledger, rules
from storage.streams import EntryRow, Outcome, drill_of, entry_row, stream_state

CHUNK = 500_000
"""Characters of a large state that travel at a time."""

KEPT = 256
"""Streams whose folded state a worker keeps beside the read model, so as to decode it once."""


SIGNED_AT_ONCE: Final = frozenset(
    {"StatementPublished", "StatementChanged", "DutyFiled", "RecallEnded", "IncidentClosed"}
)
"""Entries that others rely on from this moment: a head covers them before anybody is told."""


class LedgerActivities:
    """Activities over one database."""

    def __init__(
        self, engine: Engine, sign_now: Callable[[str], None] = lambda _stream: None
    ) -> None:
        """Keep the engine, what signs a stream out of turn, and the states folded last."""
        self._engine = engine
        self._sign_now = sign_now
        self._folded: dict[str, StreamState] = {}
        self._writers: dict[str, StateWriter[StreamState]] = {}
        self._rules: dict[str, Rules] = {}

    @activity.defn(name="record", no_thread_cancel_exception=True)
    def record(self, batch: RecordBatch) -> Recorded:
        """Append entries and project them in one transaction; an exact repeat is answered alike."""
        folded: list[StreamState] = []

        def project(
            state: str | None, rules_hash: str, rows: Sequence[EntryRow]
        ) -> ledger.Projection:
            before = self._before(batch, state, rules_hash)
            folded.append(fold(before, (row.content for row in rows)))
            text = self._writer(batch.stream, folded[-1]).text(folded[-1])
            return projection(folded[-1], text, batch.run, before)

        with translated(final=False):
            rows = [entry_row(leaf.encode()) for leaf in batch.leaves]
            recorded = ledger.record(
                self._engine,
                batch.stream,
                batch.first,
                rows,
                [_outcome(each) for each in batch.outcomes],
                project,
            )
        if folded:
            self._keep(batch.stream, folded[-1])
        if not SIGNED_AT_ONCE.isdisjoint(row.type for row in rows):
            self._sign_now(batch.stream)
        return Recorded(recorded.last, recorded.root, _refusals(batch))

    @activity.defn(name="read_state", no_thread_cancel_exception=True)
    def read_state(self, request: StateRequest) -> StateChunk:
        """Read back a part of a state that was too large to travel with a new run."""
        with translated(final=False):
            stored = stream_state(self._engine, request.stream)
            if stored is None or stored.size != request.size:
                stands = "nothing" if stored is None else f"entry {stored.size}"
                raise Malformed(
                    f"{request.stream} stands at {stands}, not at entry {request.size}.",
                    "Verify the ledger before anything else is recorded.",
                )
            text = stored.state[request.offset : request.offset + CHUNK]
            return StateChunk(text, request.offset + len(text) < len(stored.state))

    def _before(self, batch: RecordBatch, state: str | None, rules_hash: str) -> StreamState:
        kept = self._folded.get(batch.stream)
        if kept is not None and kept.size == batch.first - 1 and kept.rules.hash == rules_hash:
            return kept
        pinned, plot = self._pinned(rules_hash), plot_of(batch.stream)
        before: StreamState = (
            plot.new(batch.stream, pinned, drill=drill_of(self._engine, batch.stream))
            if state is None
            else plot.read(state, pinned)
        )
        return replace(before, find_rules=self._pinned)

    def _pinned(self, rules_hash: str) -> Rules:
        if rules_hash not in self._rules:
            text = rules.load_rules(self._engine, rules_hash).decode()
            self._rules[rules_hash] = rules_from_text(text)
        return self._rules[rules_hash]

    def _writer(self, stream: str, state: StreamState) -> StateWriter[StreamState]:
        """Give the writer that knows the parts of a stream's state that it wrote before."""
        return self._writers.setdefault(stream, StateWriter(type(state)))

    def _keep(self, stream: str, state: StreamState) -> None:
        self._folded.pop(stream, None)
        self._folded[stream] = state
        while len(self._folded) > KEPT:
            oldest = next(iter(self._folded))
            self._folded.pop(oldest)
            self._writers.pop(oldest, None)


def _refusals(batch: RecordBatch) -> dict[str, RefusalLeaf]:
    """Name the refusals of a batch as they are recorded, for releases that word them otherwise."""
    told = (
        (seq, refusal_leaf(each.encode())) for seq, each in enumerate(batch.leaves, batch.first)
    )
    return {str(seq): refusal for seq, refusal in told if refusal is not None}


def _outcome(each: CommandOutcome) -> Outcome:
    return Outcome(
        command_id=each.command_id,
        digest=each.digest,
        first_seq=each.first,
        last_seq=each.last,
        outcome=json.dumps(each.answer, sort_keys=True),
    )


def projection(
    state: StreamState, text: str, run: int = 0, before: StreamState | None = None
) -> ledger.Projection:
    """Give the read model of a stream: its state as text, and the columns lists are made of.

    Where the state `before` is given, rows that cannot have changed since are left as they are.
    """
    return ledger.Projection(
        state=text,
        columns={
            "rules_hash": state.rules.hash,
            "next_due_at": next_due_at(state),
            **({"run": run} if run else {}),
            **(_case_columns(state) if isinstance(state, ServiceCase) else {}),
            **(_incident_columns(state) if isinstance(state, Incident) else {}),
        },
        duties=open_duties(state) if isinstance(state, Incident) else None,
        holds=_holds(state, before) if isinstance(state, Incident) else None,
        drill=state.drill if isinstance(state, Incident) else "",
    )


def _holds(incident: Incident, before: StreamState | None) -> tuple[Hold, ...] | None:
    """Give what an incident holds; None where no order and no recall changed it."""
    if isinstance(before, Incident) and (
        before.halt.orders is incident.halt.orders
        and before.recall is incident.recall
        and before.halt.channels.keys() == incident.halt.channels.keys()
        and before.halt.listed is incident.halt.listed
    ):
        return None
    return holds(incident)


def _incident_columns(incident: Incident) -> dict[str, object]:
    return {
        "title": title(incident),
        "grade": str(incident.report.grade),
        "attention": str(incident.report.attention),
        "stage_words": stage_words(incident),
        "products": list(incident.report.products),
        "is_open": incident.report.status in ("received", "accepted")
        and incident.review.closed_at is None,
    }


def _case_columns(case: ServiceCase) -> dict[str, object]:
    return {
        "title": case_title(case.kind, case.product),
        "level": str(case.level),
        "product": case.product,
        "lot": case.lot,
        "incident": case.incident,
        "status": case.status,
        "is_open": case.closed_at is None,
    }
