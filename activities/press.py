"""The publisher: brings approved bytes to a place, and reads back what stands there.

What belongs here: the bytes from the ledger to the place, unchanged. What never does: writing or
approving a text, or deciding that it is out (domain/publication.py compares the hashes). Bytes are
hashed again before they go anywhere: others than the approved ones are refused, and trying again
would not mend that.

`site` is this installation's own notice page. To every other place people bring the text by hand:
the exact words lie ready in the outbox, one message for each language. Where the installation names
outlets of a place (a mailing list, a webhook), they are handed the same words once; newsrooms of
its press list get them by e-mail (activities/newsrooms.py).
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from sqlalchemy.engine import Engine
from temporalio import activity

from activities import moment
from activities.newsrooms import Newsrooms, still_here
from activities.translation import translated
from domain.canonical import sha256_hex
from domain.envelope import Publication, Published
from domain.errors import Malformed, NotFound
from domain.ledger import read_entry
from domain.mailed import NotMailed
from domain.statement import StatementDrafted
from domain.statement_places import is_by_hand
from domain.statement_text import DRILL_LINE, Rendition
from domain.wire import encode
from integrations.outlets import Outlet, Outlets
from storage import outbox, publications
from storage.streams import read_entries

HANDED_OVER = "publish_by_hand"
"""The audience under which the Outbox page shows texts that people bring to a place."""

NONE: Final = Outlets()
_BECAME: Final = {True: "sent", False: "failed", None: "unsure"}
"""What becomes of a message by what its outlet did."""


def notice_path(incident: str, statement: str) -> str:
    """Say where the public notice page of a text is."""
    return f"/recalls/{incident}-{statement}"


class PressActivities:
    """Activities over the ledger, the places of this installation, and the outbox."""

    def __init__(
        self,
        engine: Engine,
        bulk: Engine,
        outlets: Outlets = NONE,
        mark: Callable[[str], str] = lambda _key: "",
    ) -> None:
        """Keep the engines of ledger and places, and of the outbox, and the outlets there are.

        `mark` gives what stands in the return path of an e-mail, by the key of its effect.
        """
        self._engine = engine
        self._bulk = bulk
        self._outlets = outlets
        self._newsrooms = Newsrooms(engine, bulk, outlets.press_list, mark)

    @activity.defn(name="publish_statement", no_thread_cancel_exception=True)
    def publish_statement(self, publication: Publication) -> Published:
        """Bring the approved bytes to one place; the same again changes nothing."""
        with translated():
            drafted = approved_text(self._engine, publication)
            if is_by_hand(publication.place):
                return self._hand_over(publication, drafted)
            return self._put_up(publication, drafted)

    @activity.defn(name="read_back_statement", no_thread_cancel_exception=True)
    def read_back_statement(self, publication: Publication) -> Published:
        """Read what stands at a place and hash it again; never what should stand there."""
        with translated():
            stands = publications.stored_text(
                self._engine,
                publication.incident,
                publication.statement,
                publication.version,
                publication.place,
            )
            return Published(
                place=publication.place,
                link=notice_path(publication.incident, publication.statement),
                read_back=sha256_hex(stands.content),
            )

    def _put_up(self, publication: Publication, drafted: StatementDrafted) -> Published:
        stands = publications.keep_text(
            self._engine,
            publications.StoredText(
                incident=publication.incident,
                statement=publication.statement,
                version=publication.version,
                place=publication.place,
                kind=drafted.kind,
                drill=publication.drill,
                sha256=publication.sha256,
                at=moment.now(),
                content=drafted.bundle(publication.incident).content(),
            ),
        )
        link = notice_path(publication.incident, publication.statement)
        return Published(place=publication.place, link=link, read_back=stands.sha256)

    def _hand_over(self, publication: Publication, drafted: StatementDrafted) -> Published:
        messages = [_message(publication, text) for text in drafted.texts]
        outbox.keep_messages(self._bulk, messages)
        took, did_not = self._send(publication, drafted)
        mailing = self._newsrooms.mail(publication, drafted)
        return Published(
            place=publication.place,
            link="",
            read_back="",
            sent_to=took,
            not_sent_to=did_not,
            mailed=mailing.mailed,
            not_mailed=[encode(NotMailed, one) for one in mailing.missed],
        )

    def _send(
        self, publication: Publication, drafted: StatementDrafted
    ) -> tuple[list[str], list[str]]:
        """Hand a text to the outlets of its place; a drill never leaves the house.

        Gives the names of those that took every language, and of those that did not.
        """
        found: dict[str, bool] = {}
        for text in drafted.texts:
            if publication.drill:
                break
            for outlet in self._outlets.at(publication.place, text.language):
                took = self._hand(outlet, _for_outlet(publication, text, outlet))
                found[outlet.name] = found.get(outlet.name, True) and took
        return [name for name, took in found.items() if took], [
            name for name, took in found.items() if not took
        ]

    def _hand(self, outlet: Outlet, message: outbox.Message) -> bool:
        """Hand one message to an outlet, at most once; one that was begun before is in doubt."""
        still_here()
        before = outbox.claim(self._bulk, message)
        if before:
            if before == "sending":
                outbox.set_state(self._bulk, message.effect_key, "unsure")
            return before == "sent"
        took = self._outlets.hand(outlet, message.subject, message.body)
        outbox.set_state(self._bulk, message.effect_key, _BECAME[took])
        return bool(took)


def approved_text(engine: Engine, publication: Publication) -> StatementDrafted:
    """Give the words from the ledger, if they are the ones that were approved.

    Raises:
        NotFound: the entry is not there, or holds another version.
        Malformed: its bytes have another hash than the approved ones.
    """
    rows = read_entries(engine, publication.incident, publication.entry, publication.entry)
    drafted = read_entry(rows[0].content).event if rows else None
    named = (publication.statement, publication.version)
    if not isinstance(drafted, StatementDrafted) or (drafted.statement, drafted.version) != named:
        raise NotFound(
            f"Entry {publication.entry} does not hold {named[0]} version {named[1]}.",
            "Nothing was published; verify the ledger.",
        )
    if drafted.bundle(publication.incident).sha256() != publication.sha256:
        raise Malformed(
            f"The bytes of {named[0]} version {named[1]} are not the approved ones.",
            "Nothing was published; verify the ledger.",
            code="bytes_differ",
        )
    return drafted


def _for_outlet(publication: Publication, text: Rendition, outlet: Outlet) -> outbox.Message:
    """Lay one language ready for an outlet: the very words that people bring there by hand.

    A version goes to an outlet once, however often it is sent to that place: a second order puts
    right what stands on a page, and nobody wants the same letter again.
    """
    message = _message(publication, text)
    once = (publication.incident, publication.statement, str(publication.version))
    return replace(
        message,
        effect_key=":".join(("outlet", *once, publication.place, text.language, outlet.id)),
        recipient=outlet.name,
        state="sending",
    )


def _message(publication: Publication, text: Rendition) -> outbox.Message:
    """Lay one language ready, word for word; only a drill's text carries its mark on top."""
    mark = f"{DRILL_LINE}\n" if publication.drill else ""
    return outbox.Message(
        effect_key=f"{publication.effect_key}:{text.language}",
        incident=publication.incident,
        audience=HANDED_OVER,
        channel=publication.place,
        recipient=publication.place,
        language=text.language,
        created_at=moment.now(),
        subject=f"{DRILL_LINE} · {text.title}" if publication.drill else text.title,
        body=f"{mark}{text.body}",
    )
