"""The press list at work: each newsroom gets a published text once, by an e-mail of its own.

What belongs here: who gets a text in which language, claiming each message before it is handed
over, trying again what was not. What never does: the words, the form of an e-mail, or a drill: that
leaves the house for nobody.

Trying again: nothing of a message was handed over before the mail server answered DATA. Such a one
is put off, and tried again within this activity, three times in some seconds; then people are told,
for a text in a crisis must not wait until a server is well again. Where an attempt ends with
newsrooms that were never tried, because its time is over or its worker stops, Temporal makes
another: the claims stand in the outbox, and those that had no turn come first.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy.engine import Engine
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities import moment
from domain.envelope import Publication
from domain.ledger import read_entry
from domain.mailed import NO_TIME, Fate, NotMailed
from domain.statement import StatementDrafted
from domain.statement_places import Place
from domain.statement_text import Rendition
from integrations.press_list import Newsroom, PressList, nearest
from integrations.press_mail import Letter, Postman, message_id, postman
from storage import outbox
from storage.streams import entries_of_types

NEWSROOM: Final = "newsroom"
"""The audience of these messages in the outbox, and how their keys begin."""

PAUSES_S: Final = (0.0, 2.0, 10.0)
"""Seconds before each round over those that a server put off."""
ROUND_S: Final = 27 * 60.0
"""Seconds after which no further message is begun: an attempt of this activity has 30 minutes, and
300 newsrooms at five seconds each take 25."""
LAST_ATTEMPT: Final = 3
"""The attempt that tells what was not reached, in place of asking for another."""

_BECAME: Final = {"sent": "sent", "refused": "failed", "later": "later", "unsure": "unsure"}
_MISSED: Final = {
    "failed": Fate.REFUSED,
    "later": Fate.UNREACHED,
    "unsure": Fate.UNSURE,
    # Still in the hands of an attempt that Temporal lost sight of.
    "sending": Fate.UNSURE,
    "bounced": Fate.BOUNCED,
}
_MAY_HAVE_IT: Final = frozenset({"sent", "unsure", "sending", "bounced"})
"""Of a mail that came back somebody behind a shared address may still have read a copy."""


@dataclass(frozen=True, slots=True)
class Before:
    """What a newsroom got of the texts that this one changes, the oldest first."""

    name: str
    language: str
    ids: tuple[str, ...]
    """The Message-IDs that these e-mails went out with."""


@dataclass(frozen=True, slots=True)
class _Sending:
    """One e-mail, and its row in the outbox."""

    letter: Letter
    row: outbox.Message


@dataclass(frozen=True, slots=True)
class Mailing:
    """Which newsrooms have a text now, and which lack it."""

    mailed: list[str]
    missed: list[NotMailed]


class Newsrooms:
    """The newsrooms of one installation, over its ledger and its outbox."""

    def __init__(
        self,
        engine: Engine,
        bulk: Engine,
        press_list: PressList | None,
        mark: Callable[[str], str],
        pauses: tuple[float, ...] = PAUSES_S,
    ) -> None:
        """Keep the list; `mark` gives what stands in the return path of a message."""
        self._engine = engine
        self._bulk = bulk
        self._list = press_list
        self._mark = mark
        self._pauses = pauses

    def mail(self, publication: Publication, drafted: StatementDrafted) -> Mailing:
        """Send a text to each newsroom that it is for, once; say whom it did not reach."""
        press_list = self._list
        if publication.drill or publication.place != Place.PRESS:
            return Mailing([], [])
        before = self._before(publication, drafted)
        meant, missed = _meant(press_list.newsrooms if press_list else (), drafted, before)
        if press_list is None:
            return Mailing([], missed)
        sendings = [
            self._sending(publication, newsroom, text, before.get(newsroom.id))
            for newsroom, text in meant
        ]
        self._give_up_what_was_begun(publication)
        outbox.keep_messages(self._bulk, [one.row for one in sendings])
        self._rounds(press_list, self._waiting(publication, sendings))
        return _told(self._rows(publication).values(), missed)

    # ------------------------------------------------------------ whom it is for

    def _before(self, publication: Publication, drafted: StatementDrafted) -> dict[str, Before]:
        """Give by newsroom what went out of the text that this one changes, and of those before."""
        found: dict[str, Before] = {}
        for statement in reversed(self._changed(publication, drafted)):
            for row in outbox.messages_under(
                self._bulk, publication.incident, _keys(publication.incident, statement)
            ):
                if row.state in _MAY_HAVE_IT:
                    newsroom = row.effect_key.rpartition(":")[2]
                    known = found.get(newsroom, Before(row.recipient, row.language, ()))
                    ids = (*known.ids, self._id_of(row))
                    found[newsroom] = Before(row.recipient, row.language, ids)
        return found

    def _id_of(self, row: outbox.Message) -> str:
        """Give the Message-ID of an e-mail; rows of before it was kept had the one of today."""
        domain = self._list.domain if self._list else ""
        return row.message_id or message_id(row.effect_key, domain)

    def _changed(self, publication: Publication, drafted: StatementDrafted) -> list[str]:
        """Name the text that this one corrects, retracts or replaces, then the one before that."""
        if not drafted.relation:
            return []
        rows = entries_of_types(
            self._engine, publication.incident, ["StatementDrafted"], publication.entry
        )
        texts = [read_entry(row.content).event for row in rows]
        about = {one.statement: one.about for one in texts if one.relation}
        chain = [drafted.about]
        while (one := about.get(chain[-1], "")) and one not in chain:
            chain.append(one)
        return chain

    def _sending(
        self, publication: Publication, newsroom: Newsroom, text: Rendition, had: Before | None
    ) -> _Sending:
        """Lay the very words ready that people bring to a newsroom by hand."""
        assert self._list is not None
        version = _keys(publication.incident, publication.statement, publication.version)
        key = f"{version}{newsroom.id}"
        row = outbox.Message(
            effect_key=key,
            incident=publication.incident,
            audience=NEWSROOM,
            channel="email",
            recipient=newsroom.name,
            language=text.language,
            created_at=moment.now(),
            subject=text.title,
            body=text.body,
            state="later",
            message_id=message_id(key, self._list.domain),
        )
        letter = Letter(
            to=newsroom,
            language=text.language,
            subject=text.title,
            body=text.body,
            message_id=row.message_id,
            mark=self._mark(key),
            after=had.ids if had else (),
        )
        return _Sending(letter, row)

    # ------------------------------------------------------------ handing it over

    def _rows(self, publication: Publication) -> dict[str, outbox.Message]:
        """Give what the outbox knows of this version, by effect key."""
        keys = _keys(publication.incident, publication.statement, publication.version)
        rows = outbox.messages_under(self._bulk, publication.incident, keys)
        return {row.effect_key: row for row in rows}

    def _give_up_what_was_begun(self, publication: Publication) -> None:
        """Leave in doubt what was being handed over when an attempt before this one ended."""
        for row in self._rows(publication).values():
            if row.state == "sending":
                outbox.set_state(self._bulk, row.effect_key, "unsure")

    def _waiting(self, publication: Publication, sendings: list[_Sending]) -> list[_Sending]:
        """Give what is still to be handed over: as an attempt before kept it, no turn yet first."""
        known = self._rows(publication)
        kept = [(one, known[one.row.effect_key]) for one in sendings]
        waiting = sorted(
            ((one, row) for one, row in kept if row.state == "later"),
            key=lambda each: bool(each[1].reason),
        )
        return [
            replace(one, letter=replace(one.letter, message_id=self._id_of(row)))
            for one, row in waiting
        ]

    def _rounds(self, press_list: PressList, waiting: list[_Sending]) -> None:
        """Hand over, a few rounds; Temporal goes on where not all had one, or the worker stops."""
        until = time.monotonic() + ROUND_S
        left = waiting
        for number, pause in enumerate(self._pauses):
            if not left or time.monotonic() + pause >= until:
                return
            time.sleep(pause)
            with postman(press_list) as carrier:
                left, untried = self._round(carrier, left, until)
            if (untried and number == 0 and _may_ask_again()) or (left and _must_stop()):
                raise ApplicationError(
                    f"{len(left)} newsrooms are still to be written to.", type="not_done_yet"
                )

    def _round(
        self, carrier: Postman, waiting: list[_Sending], until: float
    ) -> tuple[list[_Sending], int]:
        """Hand each message over; give those that were put off, and how many had no time."""
        put_off: list[_Sending] = []
        for number, one in enumerate(waiting):
            rest = waiting[number:]
            if time.monotonic() >= until or _must_stop():
                return put_off + rest, len(rest)
            still_here()
            blocked = carrier.reach()
            if blocked:
                # Nobody else would reach that server now: the next round asks it again.
                keys = [each.row.effect_key for each in rest]
                outbox.put_off(self._bulk, keys, blocked)
                return put_off + rest, 0
            if self._is_put_off(carrier, one):
                put_off.append(one)
        return put_off, 0

    def _is_put_off(self, carrier: Postman, one: _Sending) -> bool:
        """Hand one message over, and say whether it has to be tried again."""
        key = one.row.effect_key
        if not outbox.claim_again(self._bulk, key):
            return False
        became = carrier.hand(one.letter, one.row.created_at)
        outbox.set_state(self._bulk, key, _BECAME[became.outcome], became.said)
        return became.outcome == "later"


def still_here() -> None:
    """Tell Temporal that this attempt lives: without a sign in two minutes it makes another."""
    if activity.in_activity():
        activity.heartbeat()


def _must_stop() -> bool:
    """Say whether this attempt is to end: its worker stops, or nobody waits for it any more."""
    return activity.in_activity() and (activity.is_worker_shutdown() or activity.is_cancelled())


def _may_ask_again() -> bool:
    return activity.in_activity() and activity.info().attempt < LAST_ATTEMPT


def _keys(incident: str, statement: str, version: int | None = None) -> str:
    """Give how the keys of a text's e-mails begin, or those of one version."""
    of = f"{NEWSROOM}:{incident}:{statement}:"
    return of if version is None else f"{of}{version}:"


def _meant(
    newsrooms: Sequence[Newsroom], drafted: StatementDrafted, before: Mapping[str, Before]
) -> tuple[list[tuple[Newsroom, Rendition]], list[NotMailed]]:
    """Say who gets a text in which language: at least whoever got what it changes, in that one."""
    texts = {text.language: text for text in drafted.texts}
    meant, missed = [], []
    for newsroom in newsrooms:
        had = before.get(newsroom.id)
        language = nearest(had.language, texts) if had else ""
        language = language or newsroom.reads(texts, drafted.markets)
        if language:
            meant.append((newsroom, texts[language]))
        elif had:
            missed.append(NotMailed(newsroom=newsroom.name, fate=Fate.NOT_IN_ITS_LANGUAGE))
    listed = {newsroom.id for newsroom in newsrooms}
    missed += [
        NotMailed(newsroom=had.name, fate=Fate.UNLISTED)
        for newsroom, had in before.items()
        if newsroom not in listed
    ]
    return meant, missed


def _told(rows: Iterable[outbox.Message], missed: list[NotMailed]) -> Mailing:
    """Sum up by what the outbox knows, whichever attempt sent it."""
    every = list(rows)
    lacking = [
        NotMailed(
            newsroom=row.recipient,
            fate=_MISSED[row.state],
            why=row.reason or (NO_TIME if row.state == "later" else ""),
        )
        for row in every
        if row.state in _MISSED
    ]
    mailed = [row.recipient for row in every if row.state == "sent"]
    named = {*mailed, *(one.newsroom for one in lacking)}
    return Mailing(mailed, [*lacking, *(one for one in missed if one.newsroom not in named)])
