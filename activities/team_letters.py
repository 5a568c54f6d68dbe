"""Letters to people of the company on their way out: handed to the company's mail server.

What belongs here: taking what waits in the outbox, handing it over on a few lines at once, trying
again what was not taken. What never does: the words, or whether a letter is to go out at all
(team_outbox.py). Nothing of an incident waits for it: letters are written first, and a mail server
that hangs holds this round alone.

A round lasts nearly as long as the time to the next and looks each second: a letter goes out within
a second or two of being written, and Temporal's server keeps one short history each five minutes.

Each letter is claimed before it is handed over. What a server put off comes again after pauses that
grow with its age. Two things SMTP cannot avoid: the connection breaks after the words were given,
or the process dies in that moment. Then nobody knows whether the letter went out; it goes out
again, for who is rung at night and hears nothing sleeps on. It is the same to the byte, under the
same Message-ID, which most mail programs show once.
"""

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event
from typing import Final

from sqlalchemy.engine import Engine
from temporalio import activity

from activities import moment
from activities.letter_records import IN_HAND
from activities.long_round import (
    ROUND_S,
    leave_to_the_next,
    must_stop,
    rested,
    still_here,
    waited_s,
)
from activities.team_outbox import TEAM
from activities.translation import translated
from domain.envelope import Watched
from integrations.press_mail import Delivery, Postman, postman
from integrations.team_mail import TeamMail
from storage import outbox
from storage.outbox_due import Due, claim_due, due_letters, give_up_old, note_due

LEAST_S: Final = 10.0
"""Seconds for what waits, where another attempt began so long ago that the round is over."""
LOOK_EVERY_S: Final = 1.0
AGAIN_S: Final = 10.0
"""Seconds until a mail server that could not be reached is asked again."""
HAND_OVER_S: Final = 20.0
"""Seconds for one letter: a worker that stops waits for no longer than 25."""
AT_ONCE: Final = 4
"""Letters that go to the mail server at the same moment, beside those to channels."""
AT_MOST: Final = 500
"""Letters that are taken up at once; those that were never tried come first."""

GOES_OUT_WITHIN: Final = timedelta(hours=24)
"""After this long a letter is not sent any more: what it asks for is over, or was asked anew."""
LOOKED_BACK: Final = timedelta(days=7)
PAUSE: Final = {"later": timedelta(seconds=15), "unsure": timedelta(minutes=1)}
"""The first pause after a try: where it may have gone out, somebody may get it once more."""
LONGEST_PAUSE: Final = timedelta(minutes=30)

_BECAME: Final = {"sent": "sent", "refused": "failed", "later": "later", "unsure": "unsure"}


@dataclass
class _Burst:
    """Letters that are handed over now, until a moment of the monotonic clock or until `stopped`.

    `blocked` is why a line to the server could not be made.
    """

    waiting: deque[Due]
    until: float
    now: Callable[[], datetime]
    stopped: Event = field(default_factory=Event)
    blocked: str = ""
    tried: list[str] = field(default_factory=list)

    def goes_on(self) -> bool:
        """Say whether another letter may be begun."""
        return time.monotonic() < self.until and not self.stopped.is_set()


class TeamLetters:
    """Activities that hand letters to the mail server; without `mail` there is nothing to do."""

    def __init__(self, bulk: Engine, mail: TeamMail | None, round_s: float = ROUND_S) -> None:
        """Keep the engine of the outbox, the way of letters, and how long a round lasts."""
        self._bulk = bulk
        self._mail = mail
        self._round_s = round_s

    @activity.defn(name="send_letters", no_thread_cancel_exception=True)
    def send_letters(self) -> Watched:
        """Hand over what waits and what is written meanwhile; gives how many were tried."""
        if self._mail is None:
            return Watched(looked_at=0)
        with translated():
            return Watched(looked_at=self._round(self._mail))

    def _round(self, mail: TeamMail) -> int:
        began, began_at = time.monotonic(), moment.now()
        ends = began + self._round_s - waited_s()
        tried = 0

        def now() -> datetime:
            return began_at + timedelta(seconds=time.monotonic() - began)

        self._give_up(now())
        while True:
            burst = _Burst(deque(self._due(now())), max(ends, began + LEAST_S), now)
            self._hand_all(mail, burst)
            tried += len(burst.tried)
            pause = AGAIN_S if burst.blocked and burst.waiting else LOOK_EVERY_S
            if not rested(min(time.monotonic() + pause, ends)):
                leave_to_the_next()
            if time.monotonic() >= ends:
                return tried

    def _due(self, now: datetime) -> list[Due]:
        found = due_letters(
            self._bulk, TEAM, since=now - GOES_OUT_WITHIN, given_up=now - IN_HAND, limit=AT_MOST
        )
        return [one for one in found if _is_its_turn(one, now)]

    def _give_up(self, now: datetime) -> None:
        before = now - GOES_OUT_WITHIN
        give_up_old(
            self._bulk,
            TEAM,
            before=before,
            not_before=before - LOOKED_BACK,
            given_up=now - IN_HAND,
        )

    # ------------------------------------------------------------ handing it over

    def _hand_all(self, mail: TeamMail, burst: _Burst) -> None:
        """Hand over what waits, on a few lines; the server's silence holds nobody but them."""
        if not burst.waiting:
            return
        lines = min(AT_ONCE, len(burst.waiting))
        with ThreadPoolExecutor(lines, thread_name_prefix="letters") as threads:
            carried = [threads.submit(self._carry, mail, burst) for _ in range(lines)]
            _all_of(carried, burst.stopped)
        if burst.blocked:
            self._put_off(list(burst.waiting), burst.blocked)

    def _carry(self, mail: TeamMail, burst: _Burst) -> None:
        with postman(mail.server, HAND_OVER_S) as carrier:
            while burst.goes_on():
                try:
                    due = burst.waiting.popleft()
                except IndexError:
                    return
                blocked = carrier.reach()
                if blocked:
                    # Other lines may stand: some servers talk on few at once.
                    burst.waiting.append(due)
                    burst.blocked = blocked
                    return
                self._hand(mail, carrier, due, burst)

    def _put_off(self, waiting: list[Due], blocked: str) -> None:
        """Keep the reason with everything that nobody would get to the server now."""
        keys = [one.message.effect_key for one in waiting if one.message.reason != blocked]
        if keys:
            outbox.put_off(self._bulk, keys, blocked)

    def _hand(self, mail: TeamMail, carrier: Postman, due: Due, burst: _Burst) -> None:
        now, row = burst.now(), due.message
        if not claim_due(self._bulk, due, now, now - IN_HAND):
            return
        burst.tried.append(row.effect_key)
        became = _handed(mail, carrier, row)
        note_due(self._bulk, row.effect_key, now, _BECAME[became.outcome], became.said)


def _handed(mail: TeamMail, carrier: Postman, row: outbox.Message) -> Delivery:
    letter = mail.letter(
        effect_key=row.effect_key,
        to=row.recipient,
        language=row.language,
        subject=row.subject,
        body=row.body,
        number=row.message_id,
    )
    return carrier.hand(letter, row.created_at)


def _is_its_turn(due: Due, now: datetime) -> bool:
    """Say whether the pause after the last try is over; each is as long as the letter was old."""
    least = PAUSE.get(due.message.state)
    if due.tried_at is None or least is None:
        return True
    pause = max(least, min(due.tried_at - due.message.created_at, LONGEST_PAUSE))
    return now >= due.tried_at + pause


# ---------------------------------------------------------------- the round's own time


def _all_of(carried: list[Future[None]], stopped: Event) -> None:
    """Wait for every line, with a sign of life each second; what broke one is raised.

    The threads of the lines know no activity: that this worker stops is passed on to them.
    """
    left = set(carried)
    while left:
        _done, left = wait(left, timeout=LOOK_EVERY_S)
        still_here()
        if must_stop():
            stopped.set()
    for one in carried:
        one.result()
