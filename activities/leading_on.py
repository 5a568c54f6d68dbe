"""Does the company's log lead on from the newest head that was signed: else nothing is signed.

What belongs here: the log held against the head beside the keys, round by round. What never does:
signing (activities/heads.py), or naming what is wrong (services/verifying_whole.py).
"""

import logging
from dataclasses import dataclass

from sqlalchemy.engine import Engine

from domain.checkpoint import read_checkpoint, read_note
from domain.errors import BrokenSetup, Malformed, NotWhole
from domain.tree import Frontier
from integrations.newest_head import NewestHead
from storage import company_tree

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Stands:
    """A head as it was signed, and the tree of the log under it, once it was found to agree."""

    note: str
    tree: Frontier


class LeadingOn:
    """Holds the log of one installation against its newest head; remembers where that stood.

    So one round hashes what is new, and what was rewritten between two rounds is seen too.
    """

    def __init__(self, engine: Engine) -> None:
        """Keep the engine."""
        self._engine = engine
        self._stands: _Stands | None = None

    def require(self, newest: NewestHead | None) -> Frontier:
        """Give where the log stands, if it leads on from the newest head.

        Where none is kept, nothing is asked. Raises NotWhole; BrokenSetup where the head is there
        and cannot be read.
        """
        # The head first: another process may sign meanwhile, and the log only grows.
        note = newest.read() if newest is not None else None
        tree = company_tree.where_it_stands(self._engine)
        if newest is None or note is None:
            return tree
        stands = self._stands
        if stands is None or stands.note != note:
            stands = _Stands(note, self._under(newest, note))
        if self._grown(stands.tree, tree.size) != tree:
            raise _rewritten(newest, stands.tree.size)
        self._stands = stands
        return tree

    def keep(self, newest: NewestHead | None, note: str, tree: Frontier) -> None:
        """Keep the head that was signed over the log; what cannot be written is told, no more."""
        if newest is None:
            return
        try:
            newest.keep(note)
        except BrokenSetup as error:
            log.warning("%s %s", error.sentence, error.hint)
            return
        self._stands = _Stands(note, tree)

    def _under(self, newest: NewestHead, note: str) -> Frontier:
        """Give the tree over the lines that a head is over, where it is the one signed."""
        try:
            head = read_checkpoint(read_note(note).text)
        except Malformed:
            raise NotWhole(
                f"What is kept as the newest signed head is none ({newest.path}).",
                "Verify the record (andon verify), then move that file away.",
            ) from None
        found = self._grown(Frontier(), head.size)
        if found is None or found.root() != head.root:
            raise _rewritten(newest, head.size)
        return found

    def _grown(self, tree: Frontier, size: int) -> Frontier | None:
        """Grow a tree by the lines behind it; None where they are not there."""
        try:
            for leaf in company_tree.leaves(self._engine, size, after=tree.size):
                tree = tree.append(leaf)
        except (TypeError, ValueError):
            return None
        return tree if tree.size == size else None


def _rewritten(newest: NewestHead, size: int) -> NotWhole:
    return NotWhole(
        f"The company's log does not lead on from its newest signed head, over {size} lines: it was"
        " cut short or written anew, and nothing is signed.",
        "Verify the record (andon verify). After an older copy was put back, write down what was"
        f" lost and move {newest.path} away.",
    )
