"""What every service needs, made once per process: settings, database, keys, Temporal, rules.

What belongs here: opening and closing. What never does: a rule, a request, a page.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from sqlalchemy.engine import Engine
from temporalio.client import Client

from activities.derived import Desk
from domain.errors import BrokenSetup
from domain.rules import Rules, rules_from_text
from integrations.key_ring import KeyRing
from services.kept import Kept
from services.recent import Recent
from services.settings import Settings
from services.tries import Tries
from services.walks import Walks
from storage import company, incidents
from storage import rules as rule_store

STATES: Final = incidents.ON_A_BOARD + 56
"""States that are kept: those of a whole board, which a list of texts goes through from end to end,
and some that somebody reads beside it. Of fewer each would be forgotten before its turn."""

PAPERS: Final = 64 * 1024 * 1024
"""Bytes of PDFs and press kits that a process keeps: a thousand or so."""

PAPERS_WAITING: Final = 12
"""Readers whom a paper that is being made may keep waiting: each holds one of 40 threads."""

_BESIDE: Final = 8 * 1024
"""Bytes that the words of a paper take beside it, more or less."""


def _bytes(paper: bytes | None) -> int:
    return _BESIDE + len(paper or b"")


@dataclass
class House:
    """One process's way to everything; `client` is None where nothing is decided (readers).

    `now` is the host's clock, or a simulation's; it stamps what was sent, never an entry. `papers`
    are kept apart, by their bytes: a PDF that is slow to set makes nobody wait but its readers.
    `walks` are the ledgers that were folded here to be replayed, `reads` what the read log has
    noted a moment ago (services/read_log.py), `tries` who was not let in (services/room_doors.py).
    """

    settings: Settings
    engine: Engine
    bulk: Engine
    ring: KeyRing
    client: Client | None = None
    drill: str = ""
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    kept: Kept = field(default_factory=Kept)
    states: Kept = field(default_factory=lambda: Kept(STATES))
    papers: Kept = field(default_factory=lambda: Kept(PAPERS, _bytes, PAPERS_WAITING))
    walks: Walks = field(default_factory=Walks)
    reads: Recent = field(default_factory=Recent)
    tries: Tries = field(default_factory=Tries)
    _rules: dict[str, Rules] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def rules(self, rules_hash: str) -> Rules:
        """Give pinned rules by hash, read once per process. Raises NotFound."""
        with self._lock:
            if rules_hash not in self._rules:
                text = rule_store.load_rules(self.engine, rules_hash).decode()
                self._rules[rules_hash] = rules_from_text(text)
            return self._rules[rules_hash]

    def current_rules(self) -> Rules:
        """Give the rules that new incidents start with. Raises BrokenSetup when none is adopted."""
        adopted = company.fact(self.engine, company.ADOPTED_RULES)
        if adopted is None:
            raise BrokenSetup("No emergency plan is adopted.", "Start once with `andon up`.")
        return self.rules(adopted)

    @property
    def desk(self) -> Desk:
        """Give where this house drafts: its lists, and where the public reads (drafting.py)."""
        return Desk(self.engine, self.settings.public_url or "")

    @property
    def temporal(self) -> Client:
        """Give the connected client."""
        assert self.client is not None, "this process was started without Temporal"
        return self.client
