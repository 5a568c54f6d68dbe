"""Following the record of a dossier entry by entry, as the plan's own code makes a state of it.

What belongs here: the fold of the entries under the rules that are in the dossier. What never does:
any other check (services/dossier_verifying.py). An entry that does not follow from those before it
was not made by Andon, or by a release whose entries this one cannot read.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from domain.canonical import sha256_hex
from domain.dossier import LEDGER
from domain.dossier_faults import Faults
from domain.errors import AndonError, NotWhole
from domain.plot import fold
from domain.rules import Rules, rules_from_document
from domain.streams import plot_of

AT_MOST: Final = 20_000
"""Entries up to which a record is followed without being asked: some two seconds."""


class Follower:
    """Follows one record; `at_most` is how many entries it may have, None for any number."""

    def __init__(self, at_most: int | None = AT_MOST) -> None:
        """Know nothing yet."""
        self._at_most = at_most
        self._incident = ""
        self._size = self._seq = 0
        self._rules: Callable[[str], bytes | None] = lambda _plan: None
        self._state: Any = None
        self._wrong: tuple[int, str] | None = None
        self._lacks_rules = False

    def follows(self, incident: str, size: int, rules: Callable[[str], bytes | None]) -> bool:
        """Say whether a record is followed, with the rules that are here."""
        self._incident, self._size, self._rules = incident, size, rules
        return self._at_most is None or size <= self._at_most

    def take(self, content: bytes) -> None:
        """Take one entry; behind the first that does not follow, nothing is looked at.

        Nor behind as many as were announced: others than the manifest tells of are named anyway.
        """
        if self._wrong is not None or self._seq >= self._size:
            return
        self._seq += 1
        try:
            if self._state is None:
                self._state = self._empty(str(json.loads(content)["plan"]))
            self._state = fold(self._state, (content,))
        except Exception as error:  # noqa: BLE001 - entries made to harm may raise whatever there is
            told = error.sentence if isinstance(error, NotWhole) else f"{error!s:.120}"
            self._wrong = (self._seq, told)

    def end(self, faults: Faults) -> bool:
        """Say what did not follow; False where there are no rules to follow it by.

        They are not here, or are of a release whose plans this one does not read.
        """
        if self._wrong is not None and not self._lacks_rules:
            seq, told = self._wrong
            faults.add("fold", LEDGER, entry=seq, what=told)
        return not self._lacks_rules

    def _empty(self, plan: str) -> Any:
        return replace(
            plot_of(self._incident).new(self._incident, self._find(plan)), find_rules=self._find
        )

    def _find(self, plan: str) -> Rules:
        content = self._rules(plan)
        try:
            if content is not None and sha256_hex(content) == plan:
                return rules_from_document(json.loads(content))
        except (AndonError, AttributeError, KeyError, TypeError, ValueError):
            pass
        self._lacks_rules = True
        raise NotWhole(f"The rules {plan[:12]} cannot be read here.", "Ask for them.")
