"""Having signed heads stamped: the newest head of the company's log, by every authority in turn.

What belongs here: which head an authority is asked for, how patiently, and what stands in the way.
What never does: signing (activities/heads.py), or what an answer must be
(integrations/timestamps.py).

The head of the company's log alone is stamped: it is over the heads of all ledgers. A head that is
never stamped, for a newer one came, is covered by the stamp of that one. Nothing waits here: heads
are signed and handed to witnesses whether or not an authority answers.
"""

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.engine import Engine
from temporalio import activity

from activities import moment
from activities.long_round import ROUND_S, every, running_clock, still_here
from activities.translation import translated
from domain.envelope import Watched
from domain.errors import AndonError, Malformed
from domain.wire import instant_text, read_instant
from integrations.timestamps import Authority
from storage import company, heads, stamps

LOOK_EVERY_S: Final = 10.0
PATIENCE: Final = timedelta(minutes=15)
"""The longest pause before an authority that failed is asked again; each pause doubles."""

QUIET: Final = timedelta(hours=1)
"""The pause while no ledger grows: lines of the log about sign-ins alone are many and small."""

REFUSED: Final = "StampRefused"
"""The line of the company's log: an authority answered with a stamp that cannot be believed."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """Where an authority stands: when it was asked last, and what went wrong since.

    `asked_at` is an instant as text, "" where it was never asked; `failed_at` is when the first of
    `failures` in a row came, and `is_written` says that the log tells of an answer among them.
    """

    asked_at: str = ""
    fault: str = ""
    failed_at: str = ""
    failures: int = 0
    is_written: bool = False


def stands(engine: Engine, authority: str) -> Stands:
    """Say where an authority stands."""
    told = company.fact(engine, _fact(authority))
    return Stands(**json.loads(told)) if told else Stands()


class StampActivities:
    """Activities over the log's heads of one installation and those who stamp them."""

    def __init__(
        self,
        engine: Engine,
        authorities: Callable[[], Sequence[Authority]],
        round_s: float = ROUND_S,
    ) -> None:
        """Keep the engine, who stamps, and how long a round lasts."""
        self._engine = engine
        self._authorities = authorities
        self._round_s = round_s

    @activity.defn(name="stamp_heads", no_thread_cancel_exception=True)
    def stamp_heads(self) -> Watched:
        """Have the newest head stamped, every few seconds; gives how many stamps came."""
        if not self._authorities():
            return Watched(looked_at=0)
        now = running_clock()
        with translated(final=False):
            stamped = every(LOOK_EVERY_S, self._round_s, lambda: self.stamp_all(now))
        return Watched(looked_at=stamped)

    def stamp_all(self, now: Callable[[], datetime] = moment.now) -> int:
        """Ask every authority whose time has come; gives how many stamps came."""
        stamped = 0
        for one in self._authorities():
            still_here()
            newest = heads.newest(self._engine, heads.LOG)
            if newest is not None:
                stamped += self._stamped(one, newest, now)
        return stamped

    def _stamped(
        self, authority: Authority, newest: heads.SignedHead, now: Callable[[], datetime]
    ) -> bool:
        """Have one head stamped by one authority; say whether it was."""
        before, last = stands(self._engine, authority.id), stamps.newest(self._engine, authority.id)
        if last is not None and last.size >= newest.size:
            return False
        if _is_early(before, self._pause(authority, before, last, newest), now()):
            return False
        try:
            answer, stamp = authority.stamp(newest.note.encode(), now)
        except AndonError as error:
            self._note_failure(authority, before, error, now())
            return False
        kept = stamps.KeptStamp(
            size=newest.size, authority=authority.id, at=stamp.at, answer=answer
        )
        stamps.keep(self._engine, kept)
        self._keep(authority, Stands(asked_at=instant_text(now())))
        return True

    def _pause(
        self,
        authority: Authority,
        before: Stands,
        last: stamps.KeptStamp | None,
        newest: heads.SignedHead,
    ) -> timedelta:
        """Give how long after it was asked an authority is left in peace."""
        pause = timedelta(seconds=authority.every_s)
        if before.failures:
            return max(pause, min(pause * (1 << min(before.failures, 20)), PATIENCE))
        if last is not None and not heads.told_of(self._engine, last.size, newest.size, 1):
            return max(pause, QUIET)
        return pause

    def _note_failure(
        self, authority: Authority, before: Stands, error: AndonError, at: datetime
    ) -> None:
        """Keep what went wrong; an answer not to be believed is written down, once in a row."""
        is_wrong = isinstance(error, Malformed)
        if is_wrong and not before.is_written:
            told = {"authority": authority.id, "why": error.sentence}
            company.log(self._engine, at, REFUSED, told)
        if not before.failures:
            log.warning("time stamp authority %s: %s", authority.id, error.sentence)
        self._keep(
            authority,
            Stands(
                asked_at=instant_text(at),
                fault=f"{error.sentence} {error.hint}",
                failed_at=before.failed_at or instant_text(at),
                failures=before.failures + 1,
                is_written=before.is_written or is_wrong,
            ),
        )

    def _keep(self, authority: Authority, now: Stands) -> None:
        company.set_fact(self._engine, _fact(authority.id), json.dumps(asdict(now)))


def _is_early(before: Stands, pause: timedelta, now: datetime) -> bool:
    """Say whether the pause is not over; what our clock calls the future is no reason to wait."""
    if not before.asked_at:
        return False
    asked_at = read_instant(before.asked_at)
    return asked_at <= now < asked_at + pause


def _fact(authority: str) -> str:
    return f"stamps.{authority}"
