"""Answers that are asked often and change seldom, kept by what they depend on.

What belongs here: keeping the newest answer of each question. What never does: a question, or
keeping what depends on more than it says.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from domain.errors import Busy

V = TypeVar("V")

AT_MOST: Final = 64
"""What is kept, by weight; of more, what nobody asked for longest is found anew."""


@dataclass
class _Turn:
    """Who finds the answer of one question, and how many are there for it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    there: int = 0


@dataclass
class Kept:
    """The newest answers of one process; one answer weighs 1 where nothing else is said.

    `waiting` is how many may find an answer, or wait for who finds it, at the same moment; None
    for as many as there are. Whoever waits holds a thread of the server.
    """

    at_most: int = AT_MOST
    weigh: Callable[[Any], int] = lambda _answer: 1
    waiting: int | None = None
    _answers: dict[str, tuple[object, Any]] = field(default_factory=dict)
    _turns: dict[str, _Turn] = field(default_factory=dict)
    _weight: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, question: str, depends_on: object, find: Callable[[], V]) -> V:
        """Give an answer, found anew where what it depends on has changed.

        One at a time finds the answer of a question; who asks another does not wait for it. What
        is kept is given at once. Raises Busy where as many wait as may.
        """
        with self._lock:
            if (known := self._known(question, depends_on)) is not None:
                return known[1]  # type: ignore[no-any-return]
            self._require_room()
            turn = self._turns.setdefault(question, _Turn())
            turn.there += 1
        try:
            with turn.lock:
                return self._found(question, depends_on, find)
        finally:
            with self._lock:
                turn.there -= 1
                if not turn.there:
                    del self._turns[question]

    def _require_room(self) -> None:
        there = sum(turn.there for turn in self._turns.values())
        if self.waiting is not None and there >= self.waiting:
            raise Busy(
                "Too many people are waiting for a file that is being made.",
                "Try again in a moment.",
            )

    def _found(self, question: str, depends_on: object, find: Callable[[], V]) -> V:
        with self._lock:
            known = self._known(question, depends_on)  # by who had the turn before
        if known is not None:
            return known[1]  # type: ignore[no-any-return]
        answer = find()
        self._keep(question, (depends_on, answer))
        return answer

    def _keep(self, question: str, known: tuple[object, Any]) -> None:
        weight = self.weigh(known[1])
        with self._lock:
            self._forget(question)
            if weight > self.at_most:
                return  # it would push out all others, and find no room
            self._answers[question] = known
            self._weight += weight
            while self._weight > self.at_most:
                self._forget(next(iter(self._answers)))

    def _known(self, question: str, depends_on: object) -> tuple[object, Any] | None:
        known = self._answers.get(question)
        if known is None or known[0] != depends_on:
            return None
        self._answers[question] = self._answers.pop(question)  # asked for last, it stands last
        return known

    def _forget(self, question: str) -> None:
        known = self._answers.pop(question, None)
        if known is not None:
            self._weight -= self.weigh(known[1])
