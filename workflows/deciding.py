"""The part of a deciding workflow that carries acts to the pure middle and waits for the record.

What belongs here: pending entries, remembered commands, the recorder's batches; no Temporal call
but `workflow.now()` passed in by the caller. What never does: a rule of the plan, or an effect.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from domain.acts import ActRefused, is_repeated_refusal, refusal_key
from domain.adopting import awaited_rules
from domain.dispatch import Act
from domain.envelope import (
    Answer,
    Carried,
    CommandOutcome,
    Envelope,
    RecordBatch,
    Recorded,
    Remembered,
    StreamStart,
)
from domain.errors import AndonError, KeyReused, LedgerConflict, Malformed
from domain.ledger import Entry
from domain.message import command_from_wire, event_from_wire, event_spec, to_wire
from domain.people import Actor
from domain.plot import Plot, evolve
from domain.refusal_words import hash_as_recorded
from domain.rules import Rules, Shelf, rules_from_text
from domain.state import StreamState
from domain.statement_text import QuotedFact, TemplateMark
from domain.tree import Frontier
from domain.wire import decode, read_instant

S = TypeVar("S", bound=StreamState)

REMEMBERED = 400
"""Commands whose answers are kept for somebody who presses twice."""

STATE_TRAVELS_UP_TO = 6_000_000
"""Characters of a state that travel with a new run; it compresses to well under 1 MB."""


def digest_of(envelope: Envelope) -> str:
    """Name the body of a command: the same id with another digest is refused."""
    who = [envelope.actor.get("id"), envelope.actor.get("on_behalf_of")]
    content = json.dumps(
        [envelope.command, who, envelope.happened_at],
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(content.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Decided(Generic[S]):
    """An entry, its bytes, and the state right after it.

    What it does in the world depends on nothing later.
    """

    entry: Entry
    after: S
    leaf: bytes


SHOWN: ContextVar[Callable[[Decided[Any]], None] | None] = ContextVar("SHOWN", default=None)
"""Who is shown each entry right when it is decided, in a replay (services/history_proof.py); in a
worker nobody. What is decided never depends on it."""


@dataclass
class Stream(Generic[S]):
    """The live state of one stream, and what waits to be recorded.

    `frontier` is the ledger's tree as this run decided it; None where a run was handed over
    without it. `shelf` has the rules of now, and those that came with acts.
    """

    plot: Plot[S]
    state: S
    shelf: Shelf = field(default_factory=Shelf)
    recorded_at: datetime | None = None
    recorded: int = 0
    frontier: Frontier | None = Frontier()
    pending: list[Decided[S]] = field(default_factory=list)
    outcomes: list[CommandOutcome] = field(default_factory=list)
    remembered: dict[str, Remembered] = field(default_factory=dict)
    suppressed: dict[str, int] = field(default_factory=dict)
    forgotten_at: str = ""

    def known(self, envelope: Envelope) -> Answer | None:
        """Give the answer a command got before.

        Raises KeyReused for another body, and Malformed for a message older than the memory: it may
        be one that was taken and forgotten, played back. Whoever really waits presses again.
        """
        before = self.remembered.get(envelope.command_id)
        if before is None:
            if envelope.sent_at and envelope.sent_at <= self.forgotten_at:
                raise Malformed(
                    "This act was sent long before others that are recorded; it was not taken.",
                    "Press again; it will count once.",
                )
            return None
        if before.digest != digest_of(envelope):
            raise KeyReused(
                "This key was used before with another content.",
                "Send the act again with a new Idempotency-Key.",
            )
        return before.answer

    def submit(
        self, envelope: Envelope, now: datetime, build: str, *, recorded: bool = False
    ) -> Answer:
        """Decide and evolve; entries wait in `pending`. Raises AndonError for bad commands.

        With `recorded` a refusal is an entry however often it was recorded before: who waits for
        the answer finds it in the ledger alone.
        """
        before = self.known(envelope)
        if before is not None:
            return before
        act = read_act(envelope, now)
        if envelope.rules:
            self.shelf.keep(read_rules(envelope.rules))
        events = self.plot.decide(self.state, act)
        require_readable(events)
        alone = len(events) == 1 and not recorded
        if alone and is_repeated_refusal(self.state, events[0], now):
            self._count(events[0])
            return self._remember(envelope, Answer(envelope.command_id, refused=_told(events[0])))
        entries = [self._append(event, act, build) for event in self._with_counts(events)]
        return self._remember(envelope, _answer(envelope.command_id, entries))

    def _count(self, refused: ActRefused) -> None:
        key = refusal_key(refused)
        self.suppressed[key] = self.suppressed.get(key, 0) + 1

    def _with_counts(self, events: tuple[object, ...]) -> list[object]:
        counted: list[object] = []
        for happened in events:
            if isinstance(happened, ActRefused):
                more = self.suppressed.pop(refusal_key(happened), 0)
                counted.append(replace(happened, more=more))
            else:
                counted.append(happened)
        return counted

    def _append(self, event: object, act: Act, build: str) -> Entry:
        recorded_at = max(self.recorded_at or act.at, act.at)
        entry = Entry(
            incident=self.state.id,
            seq=self.state.size + 1,
            command_id=act.command_id,
            actor=act.actor,
            happened_at=act.happened_at,
            at=act.at,
            recorded_at=recorded_at,
            plan=self.state.rules.hash,
            build=build,
            event=event,
        )
        self.state = evolve(self.state, event, entry.mark())
        self.recorded_at = recorded_at
        decided = Decided(entry, self.state, entry.leaf())
        self.pending.append(decided)
        if (shown := SHOWN.get()) is not None:
            shown(decided)
        return entry

    def _remember(self, envelope: Envelope, answer: Answer) -> Answer:
        digest = digest_of(envelope)
        self.remembered[envelope.command_id] = Remembered(digest, answer, envelope.sent_at)
        while len(self.remembered) > REMEMBERED:
            forgotten = self.remembered.pop(next(iter(self.remembered)))
            self.forgotten_at = max(self.forgotten_at, forgotten.sent_at)
        if answer.last:
            self.outcomes.append(
                CommandOutcome(
                    command_id=envelope.command_id,
                    digest=digest,
                    first=answer.first,
                    last=answer.last,
                    answer={"events": answer.events, "refused": answer.refused},
                )
            )
        return answer

    def take_batch(self) -> tuple[list[Decided[S]], RecordBatch]:
        """Take everything that waits, as one batch for the recorder."""
        decided, self.pending = self.pending, []
        outcomes, self.outcomes = self.outcomes, []
        batch = RecordBatch(
            stream=self.state.id,
            first=decided[0].entry.seq,
            leaves=[each.leaf.decode() for each in decided],
            outcomes=outcomes,
        )
        return decided, batch

    def confirm(self, batch: RecordBatch, recorded: Recorded) -> None:
        """Take over how far the ledger reaches.

        Raises LedgerConflict when the ledger holds other entries than were decided here: so it is
        when a release decides otherwise about acts of the past (docs/decisions/0010). How a refusal
        is worded is no decision.
        """
        if self.frontier is not None:
            for seq, leaf in enumerate(batch.leaves, batch.first):
                told = recorded.refusals.get(str(seq))
                self.frontier = self.frontier.append(hash_as_recorded(leaf.encode(), told))
            if (self.frontier.size, self.frontier.root().hex()) != (recorded.size, recorded.root):
                raise LedgerConflict(
                    f"{batch.stream} was decided otherwise than it is recorded, at entries "
                    f"{batch.first} to {recorded.size}.",
                    "Start the release again that decided them; nothing was changed.",
                )
        self.recorded = recorded.size

    def carry(self, travels_up_to: int = STATE_TRAVELS_UP_TO) -> Carried:
        """Give what a new run starts from; a very large state travels by hash only."""
        text = self.plot.text(self.state)
        return Carried(
            size=self.state.size,
            recorded_at=self.recorded_at.isoformat() if self.recorded_at else "",
            state=text if len(text) <= travels_up_to else "",
            state_hash=hashlib.sha256(text.encode()).hexdigest(),
            remembered=dict(self.remembered),
            suppressed=dict(self.suppressed),
            frontier=[] if self.frontier is None else list(self.frontier.to_hex()),
            rules=[self.shelf(h).text for h in awaited_rules(self.state) if h in self.shelf],
            forgotten_at=self.forgotten_at,
        )


def require_readable(events: Iterable[object]) -> None:
    """Raises Malformed for an event that nobody could read back from the ledger.

    Taken, it would stop its stream for good: nothing after it could be recorded. No act should lead
    to one; where one does, that act alone is refused.
    """
    for event in events:
        event_from_wire(to_wire(event))


def begin(plot: Plot[S], start: StreamStart) -> Stream[S]:
    """Give the stream before its first entry, or as far as a new run knows it without its state."""
    rules = rules_from_text(start.rules)
    carried = start.carried.rules if start.carried is not None else []
    shelf = Shelf(rules, *map(rules_from_text, carried))
    empty = replace(plot.new(start.incident, rules, drill=start.drill), find_rules=shelf)
    return Stream(plot, empty, shelf)


def read_rules(text: str) -> Rules:
    """Read rules that came with an act; raises Malformed."""
    try:
        return rules_from_text(text)
    except (AndonError, ValueError, TypeError, LookupError) as error:
        raise Malformed(
            f"The rules that came with this act cannot be read: {error!s:.300}",
            "Check the plan file with `andon plan check`, and adopt it for the company first.",
        ) from error


def read_act(envelope: Envelope, now: datetime) -> Act:
    """Read an envelope as an act at `now`; raises Malformed."""
    try:
        actor = decode(Actor, envelope.actor)
        happened_at = read_instant(envelope.happened_at) if envelope.happened_at else now
        return Act(
            command_id=envelope.command_id,
            actor=actor,
            at=now,
            happened_at=min(happened_at, now),
            command=command_from_wire(envelope.command),
            listed=tuple(decode(QuotedFact, each) for each in envelope.listed),
            templates=tuple(decode(TemplateMark, each) for each in envelope.templates),
        )
    except AndonError:
        raise
    except (ValueError, TypeError, AttributeError) as error:
        raise Malformed(
            f"This message cannot be read: {error!r:.120}", "Send it through the API."
        ) from error


def _answer(command_id: str, entries: list[Entry]) -> Answer:
    if not entries:
        return Answer(command_id)
    first_event = entries[0].event
    refused = _told(first_event) if isinstance(first_event, ActRefused) else None
    return Answer(
        command_id=command_id,
        first=entries[0].seq,
        last=entries[-1].seq,
        events=[event_spec(entry.event).name for entry in entries],
        refused=refused,
    )


def _told(refused: ActRefused) -> dict[str, object]:
    return {
        "code": refused.reason,
        "sentence": refused.sentence,
        "hint": refused.hint,
        "who_could": list(refused.who_could),
    }


def read_carried(begun: Stream[S], carried: Carried, text: str) -> Stream[S]:
    """Read a stream back at the start of a new run; raises Malformed when the hash differs."""
    plot, empty = begun.plot, begun.state
    if hashlib.sha256(text.encode()).hexdigest() != carried.state_hash:
        raise Malformed(
            f"The state of {empty.id} at entry {carried.size} is not the one that was handed over.",
            "Verify the ledger, then start the worker again.",
        )
    return Stream(
        plot,
        replace(plot.read(text, empty.rules), find_rules=begun.shelf),
        begun.shelf,
        recorded_at=read_instant(carried.recorded_at) if carried.recorded_at else None,
        recorded=carried.size,
        frontier=_carried_frontier(carried),
        remembered=dict(carried.remembered),
        suppressed=dict(carried.suppressed),
        forgotten_at=carried.forgotten_at,
    )


def _carried_frontier(carried: Carried) -> Frontier | None:
    """Give the tree of the run before; a run that was reopened from the ledger has none."""
    if len(carried.frontier) != carried.size.bit_count():
        return None
    return Frontier.from_hex(carried.size, carried.frontier)
