"""The publisher: brings approved bytes to a place, and reads back what stands there.

What belongs here: the bytes from the ledger to the place, unchanged. What never does: writing or
approving a text, or deciding that it is out (domain/publication.py compares the hashes). Bytes are
hashed again before they go anywhere: others than the approved ones are refused, and trying again
would not mend that.

`site` is this installation's own notice page. To every other place people bring the text by hand:
the exact words lie ready in the outbox, one message for each language.
"""

from sqlalchemy.engine import Engine
from temporalio import activity

from activities import moment
from activities.translation import translated
from domain.canonical import sha256_hex
from domain.envelope import Publication, Published
from domain.errors import Malformed, NotFound
from domain.ledger import read_entry
from domain.statement import StatementDrafted
from domain.statement_places import is_by_hand
from domain.statement_text import DRILL_LINE, Rendition
from storage import outbox, publications
from storage.streams import read_entries

HANDED_OVER = "publish_by_hand"
"""The audience under which the Outbox page shows texts that people bring to a place."""


def notice_path(incident: str, statement: str) -> str:
    """Say where the public notice page of a text is."""
    return f"/recalls/{incident}-{statement}"


class PressActivities:
    """Activities over the ledger, the places of this installation, and the outbox."""

    def __init__(self, engine: Engine, bulk: Engine) -> None:
        """Keep the engines of ledger and places, and of the outbox."""
        self._engine = engine
        self._bulk = bulk

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
        return Published(place=publication.place, link="", read_back="")


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
