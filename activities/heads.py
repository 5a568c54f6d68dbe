"""Signing heads: every ledger that has grown, and over all of them the company's own log.

What belongs here: one round, and a head out of turn for one ledger. What never does: what is signed
(domain/checkpoint.py), the keys (services/signing_keys.py), or handing heads to witnesses.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy.engine import Engine
from temporalio import activity

from activities import moment
from activities.leading_on import LeadingOn
from activities.long_round import ROUND_S, every, running_clock, still_here
from activities.translation import translated
from domain.checkpoint import Checkpoint, Note
from domain.envelope import Watched
from integrations.newest_head import NewestHead
from integrations.note_keys import NoteSigner
from storage import company, company_tree, heads

AT_ONCE: Final = 200
"""Heads that are kept in one transaction."""

LOOK_EVERY_S: Final = 10.0
"""So that no entry is older than a minute before a head covers it, however busy the machine is."""

KEY_USED: Final = "HeadKeyUsed"
"""The line of the company's log that names a key from its first head on."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Signing:
    """What signs: the name all ledgers of the company are known by, and its keys, newest last."""

    origin: str
    signers: Sequence[NoteSigner]
    newest: NewestHead | None = None
    """Where the newest head of the log is kept, outside the database."""


class HeadActivities:
    """Activities over the ledgers of one installation."""

    def __init__(
        self,
        engine: Engine,
        signing: Callable[[], Signing],
        round_s: float = ROUND_S,
    ) -> None:
        """Keep the engine, what gives today's keys, and how long a round lasts."""
        self._engine = engine
        self._signing = signing
        self._round_s = round_s
        self._leading_on = LeadingOn(engine)

    @activity.defn(name="sign_heads", no_thread_cancel_exception=True)
    def sign_heads(self) -> Watched:
        """Sign what has grown, every few seconds; gives how many heads were signed."""
        now = running_clock()
        with translated(final=False):
            signed = every(LOOK_EVERY_S, self._round_s, lambda: self.sign_all(now))
        return Watched(looked_at=signed)

    def sign_all(self, now: Callable[[], datetime] = moment.now) -> int:
        """Sign every ledger that has grown, then the company's log; gives how many of ledgers.

        Of many, the log is signed after each part: a witness is handed part by part. Raises
        NotWhole where the log does not lead on from its newest head.
        """
        signing = self._signing()
        self._leading_on.require(signing.newest)  # before anything is written
        self._announce(signing, now())
        signed = 0
        while part := heads.grown(self._engine, AT_ONCE):
            still_here()
            signed += len(self._keep(signing, part, now()))
            self._sign_log(signing, now())
        self._sign_log(signing, now())
        return signed

    def sign_now(self, stream: str) -> None:
        """Sign one ledger at once; where that fails the next round does it."""
        try:
            signing, now = self._signing(), moment.now()
            self._leading_on.require(signing.newest)  # before anything is written
            self._announce(signing, now)
            self._keep(signing, heads.grown(self._engine, 1, [stream]), now)
        except Exception as error:  # noqa: BLE001 - what was recorded stands, signed or not
            log.warning("the head of %s is signed later (%s)", stream, type(error).__name__)

    def _keep(
        self, signing: Signing, part: Sequence[heads.Grown], at: datetime
    ) -> list[heads.SignedHead]:
        made = [_signed(signing, one, signing.signers[-1:], at) for one in part]
        heads.keep(self._engine, made)
        return made

    def _announce(self, signing: Signing, at: datetime) -> None:
        """Write down every key before it signs, in order; one that was named is not named again."""
        known = self._announced()
        for key in (signer.key.text() for signer in signing.signers):
            if key not in known:
                told = {"key": key, "before": known[-1] if known else ""}
                as_known = partial(self._is_announced_as, known)
                if company.log_if(self._engine, at, KEY_USED, told, as_known) is None:
                    # Another worker that starts at the same moment announced keys: look again.
                    self._announce(signing, at)
                    return
                known = [*known, key]

    def _announced(self) -> list[str]:
        return [line.body["key"] for line in company.lines_of(self._engine, [KEY_USED])]

    def _is_announced_as(self, known: list[str]) -> bool:
        return self._announced() == known

    def _sign_log(self, signing: Signing, at: datetime) -> None:
        """Sign the company's log; a key's first head is signed by those before it too."""
        before = heads.newest(self._engine, heads.LOG)
        if before is not None:
            if before.size >= company_tree.where_it_stands(self._engine).size:
                return
            # The log has grown: now it tells of its own last head too, and none can be taken out.
            told = {"stream": heads.LOG, "size": before.size, "root": before.root}
            company.log(self._engine, at, heads.SIGNED, told)
        tree = self._leading_on.require(signing.newest)
        words = [signer.key.text() for signer in signing.signers]
        first = words.index(before.key) if before is not None and before.key in words else -1
        grown = heads.Grown(stream=heads.LOG, size=tree.size, root=tree.root().hex())
        made = _signed(signing, grown, signing.signers[first:], at)
        heads.keep(self._engine, [made])
        self._leading_on.keep(signing.newest, made.note, tree)


def _signed(
    signing: Signing, one: heads.Grown, signers: Sequence[NoteSigner], at: datetime
) -> heads.SignedHead:
    head = Checkpoint(
        origin=f"{signing.origin}/{one.stream}",
        size=one.size,
        root=bytes.fromhex(one.root),
        more=(heads.time_line(at),),
    )
    note = Note(text=head.text(), signatures=())
    for signer in signers:
        note = signer.also(note)
    return heads.SignedHead(
        stream=one.stream,
        size=one.size,
        root=one.root,
        key=signers[-1].key.text(),
        signed_at=at,
        note=note.written(),
    )
