"""Entries that say again what one after them says: a channel that nobody reaches, every half hour.

What belongs here: which entries of a list repeat each other, and how one row says so for all of
them. What never does: leaving an entry out: each stands behind its row, with its address.
"""

from dataclasses import dataclass
from typing import Any

from api.pages.lens import Drawn, Lens
from domain.channels import NOT_STOPPED, ChannelAnswered
from domain.ledger import Entry

Key = tuple[Any, ...]


@dataclass
class _Run:
    """Repeats of one channel on one day: what they share, and the newest of them as a row.

    `within` is the row that all stand behind: the newest itself, or one that it came with.
    """

    key: Key
    row: Drawn
    within: Drawn
    sentence: str
    times: int = 1


class Repeats:
    """Finds, in entries that come newest first, those that a later one says again.

    A channel's failures are one run until it answered otherwise, and within one day of the reader.
    """

    def __init__(self, lens: Lens) -> None:
        """Begin with nothing seen."""
        self._lens = lens
        self._runs: dict[str, _Run] = {}

    def fold(self, entry: Entry, drawn: Drawn) -> bool:
        """Put an entry behind the row that says the same; False for one that needs its own."""
        happened = entry.event
        if not isinstance(happened, ChannelAnswered):
            return False
        run = self._runs.get(happened.channel)
        if run is None or not run.key or run.key != self._key(entry, happened):
            return False
        run.times += 1
        run.within.setdefault("alike", []).append(drawn)
        run.row["sentence"] = self._said(run)
        return True

    def keep(self, entry: Entry, row: Drawn, within: Drawn) -> None:
        """Keep the row of an entry, which earlier ones may stand behind."""
        happened = entry.event
        if isinstance(happened, ChannelAnswered):
            key = self._key(entry, happened)
            self._runs[happened.channel] = _Run(key, row, within, row["sentence"])

    def _key(self, entry: Entry, happened: ChannelAnswered) -> Key:
        """Give what failures that repeat each other share; nothing for another answer."""
        if happened.state not in NOT_STOPPED:
            return ()
        told = (happened.order, happened.state, str(happened.error), entry.actor.id)
        return (*told, self._lens.day_of(entry.recorded_at))

    def _said(self, run: _Run) -> str:
        lens = self._lens
        counted = lens(
            "%(n)s times in this list, the last at %(time)s.",
            n=lens.number(run.times),
            time=run.row["at"]["text"],
        )
        return lens.sentences((run.sentence, counted))
