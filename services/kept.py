"""Answers that are asked often and change seldom, kept by what they depend on.

What belongs here: keeping the newest answer of each question. What never does: a question, or
keeping what depends on more than it says.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

V = TypeVar("V")

AT_MOST: Final = 64
"""Questions that are kept; of more, the one that nobody asked for longest is found anew."""


@dataclass
class Kept:
    """The newest answers of one process."""

    _answers: dict[str, tuple[object, Any]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, question: str, depends_on: object, find: Callable[[], V]) -> V:
        """Give an answer, found anew where what it depends on has changed; one at a time."""
        with self._lock:
            known = self._answers.pop(question, None)
            if known is None or known[0] != depends_on:
                known = (depends_on, find())
            self._answers[question] = known  # the one that was asked for last stands last
            while len(self._answers) > AT_MOST:
                self._answers.pop(next(iter(self._answers)))
            answer: V = known[1]
            return answer
