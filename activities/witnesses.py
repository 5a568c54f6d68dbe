"""Handing signed heads to witnesses: each from where it stands, and never past a head it disproves.

What belongs here: which heads a witness lacks, and what it holds against ours. What never does:
signing (activities/heads.py), or how a witness is reached (integrations/witnesses.py).

A witness that holds a head which our log does not lead to stops being handed anything, and a line
of the company's log says so: the record was put back to an earlier state, or rewritten.
"""

import json
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.engine import Engine
from temporalio import activity

from activities import moment
from activities.heads import Signing
from activities.long_round import ROUND_S, every, running_clock, still_here
from activities.translation import translated
from domain.checkpoint import read_checkpoint, read_note
from domain.envelope import Watched
from domain.errors import AndonError, NotConfirmed
from domain.tree import Tree
from domain.wire import instant_text, read_instant
from integrations.note_keys import signed_by
from integrations.witnesses import FolderWitness, Handed, Head, Witness
from storage import company, company_tree, heads

AT_ONCE: Final = 200
"""Heads of ledgers that are handed over at once; the next round goes on."""

LOOK_EVERY_S: Final = 20.0

DIVERGED: Final = "WitnessDiverged"
"""The line of the company's log: a witness holds a head that our log does not lead to."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """Where a witness stands: lines of the log that it was handed, when, and what went wrong since.

    `at` is an instant as text, "" where nothing was handed yet; `failed_at` likewise.
    """

    size: int = 0
    at: str = ""
    fault: str = ""
    failed_at: str = ""
    diverged: bool = False


def stands(engine: Engine, witness: str) -> Stands:
    """Say where a witness stands."""
    told = company.fact(engine, _fact(witness))
    return Stands(**json.loads(told)) if told else Stands()


class WitnessActivities:
    """Activities over the heads of one installation and those who keep them."""

    def __init__(
        self,
        engine: Engine,
        signing: Callable[[], Signing],
        witnesses: Callable[[], Sequence[Witness]],
        round_s: float = ROUND_S,
    ) -> None:
        """Keep the engine, the keys, who keeps heads, and how long a round lasts."""
        self._engine = engine
        self._signing = signing
        self._witnesses = witnesses
        self._round_s = round_s
        self._log = Tree()
        self._lock = threading.Lock()

    @activity.defn(name="tell_witnesses", no_thread_cancel_exception=True)
    def tell_witnesses(self) -> Watched:
        """Hand every witness what it lacks; one that cannot be reached keeps no other waiting."""
        if not self._witnesses():
            return Watched(looked_at=0)
        now = running_clock()
        with translated(final=False):
            told = every(LOOK_EVERY_S, self._round_s, lambda: self.tell_all(now))
        return Watched(looked_at=told)

    def tell_all(self, now: Callable[[], datetime] = moment.now) -> int:
        """Hand every witness what it lacks now; gives how many were handed anything."""
        newest = heads.newest(self._engine, heads.LOG)
        told = 0
        for one in self._witnesses() if newest is not None else ():
            still_here()
            told += newest is not None and self._told(one, newest, now)
        return told

    def _told(
        self, witness: Witness, newest: heads.SignedHead, now: Callable[[], datetime]
    ) -> bool:
        """Hand one witness what it lacks; say whether anything was handed."""
        before = stands(self._engine, witness.id)
        try:
            old = self._old(witness, before)
            if before.diverged or newest.size <= old or _is_early(witness, before, now()):
                self._clear(witness, before)
                return False
            after = self._hand(witness, newest, old, now())
        except _Diverged as error:
            self._note_divergence(witness, before, str(error), now())
            return False
        except AndonError as error:
            fault = f"{error.sentence} {error.hint}"
            since = before.failed_at or instant_text(now())
            if (fault, since) != (before.fault, before.failed_at):
                self._keep(witness, replace(before, fault=fault, failed_at=since))
            return False
        self._keep(witness, Stands(size=after, at=instant_text(now())))
        return True

    def _old(self, witness: Witness, before: Stands) -> int:
        """Give the line that a witness was handed up to; its own word counts before ours.

        Raises NotConfirmed where it can say and holds nothing of what it was handed.
        """
        held = self._held(witness)
        if not held and before.size and isinstance(witness, FolderWitness):
            raise NotConfirmed(
                f"The folder of the witness {witness.id} was handed {before.size} lines of the "
                "log, and holds none.",
                "Mount it. If it was emptied, find out by whom; then name the witness anew.",
            )
        return held or before.size

    def _clear(self, witness: Witness, before: Stands) -> None:
        """Forget what stood in the way once a folder answers again."""
        if before.fault and not before.diverged and isinstance(witness, FolderWitness):
            self._keep(witness, replace(before, fault="", failed_at=""))

    def _held(self, witness: Witness) -> int:
        """Give the lines that a witness's own newest head covers; 0 where it cannot say."""
        note = witness.newest()
        if not note:
            return 0
        signing = self._signing()
        read = read_note(note)
        head = read_checkpoint(read.text)
        if head.origin != f"{signing.origin}/{heads.LOG}":
            raise _Diverged(f"It holds a head of another record, {head.origin:.100}.")
        if not signed_by(read, [one.key for one in signing.signers]):
            raise _Diverged("It holds a head that no key of ours signed.")
        tree = self._tree()
        if head.size > tree.size:
            raise _Diverged(f"It holds a head over {head.size} lines; ours has {tree.size}.")
        if tree.root(head.size) != head.root:
            raise _Diverged(f"Its head over {head.size} lines is not that of our lines.")
        return head.size

    def _hand(self, witness: Witness, newest: heads.SignedHead, old: int, at: datetime) -> int:
        """Hand over what came since line `old`; give the line that it was handed up to."""
        head, new = newest, self._new(witness, old, newest.size)
        if len(new) > AT_ONCE:
            # A head of the log that covers the part that goes now, and no more than that part.
            part = heads.newest(self._engine, heads.LOG, up_to=new[AT_ONCE][0] - 1)
            if part is not None and part.size > old:
                head = part
            else:
                new = heads.told_of(self._engine, old, newest.size)
        signing, tree = self._signing(), self._tree()
        witness.take(
            Handed(
                origin=signing.origin,
                old=old,
                log=_head(head),
                path=tuple(one.hex() for one in tree.consistency_proof(old, head.size)),
                heads=tuple(_head(one) for line, one in new if line <= head.size),
                keys=tuple(one.key.text() for one in signing.signers),
                at=at,
            )
        )
        return head.size

    def _new(self, witness: Witness, old: int, newest: int) -> list[tuple[int, heads.SignedHead]]:
        """Give the heads that a witness is handed besides: one more than go at once, if any."""
        if not witness.takes_all:
            return []
        return heads.told_of(self._engine, old, newest, AT_ONCE + 1)

    def _note_divergence(self, witness: Witness, before: Stands, why: str, at: datetime) -> None:
        """Write it down once, where nobody can take it out again."""
        if before.diverged:
            return
        told = {"witness": witness.id, "why": why}
        company.log(self._engine, at, DIVERGED, told)
        log.error("witness %s: %s", witness.id, why)
        since = before.failed_at or instant_text(at)
        self._keep(witness, replace(before, fault=why, failed_at=since, diverged=True))

    def _keep(self, witness: Witness, now: Stands) -> None:
        company.set_fact(self._engine, _fact(witness.id), json.dumps(asdict(now)))

    def _tree(self) -> Tree:
        """Give the tree over all of the log; what was read once is kept."""
        with self._lock:
            for leaf in company_tree.leaves(self._engine, after=self._log.size):
                self._log.append(leaf)
            return self._log


def _is_early(witness: Witness, before: Stands, now: datetime) -> bool:
    if not before.at or not witness.every_minutes:
        return False
    return now < read_instant(before.at) + timedelta(minutes=witness.every_minutes)


class _Diverged(Exception):
    """A witness holds a head that our log does not lead to; the message says which."""


def _head(head: heads.SignedHead) -> Head:
    return Head(stream=head.stream, size=head.size, note=head.note)


def _fact(witness: str) -> str:
    return f"witness.{witness}"
