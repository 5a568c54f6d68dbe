"""Beginning a correction where a fact moved that a published text tells.

What belongs here: from the state as recorded to the words of the template, with references to the
facts. What never does: approving, or bringing anything out: people finish what is begun here.
"""

from datetime import UTC, datetime

from temporalio import activity

from activities.derived import Desk
from activities.drafting import listed, suggest
from activities.recorded_rules import rules_under
from activities.templating import marks
from activities.translation import translated
from domain.envelope import CorrectionDrafted, CorrectionsDrafted, CorrectionWanted
from domain.errors import AndonError, NotConfirmed, NotFound
from domain.state import Incident, read_incident_text
from domain.state.statement import Statement
from domain.statement_change import awaiting_correction
from domain.statement_text import QuotedFact, Rendition, TemplateMark
from domain.values import PublicText
from domain.wire import encode
from storage import incidents


class CorrectionActivities:
    """Activities over incidents as recorded, and the desk that texts are drafted at."""

    def __init__(self, desk: Desk) -> None:
        """Keep the desk."""
        self._desk = desk

    @activity.defn(name="draft_corrections", no_thread_cancel_exception=True)
    def draft_corrections(self, wanted: CorrectionWanted) -> CorrectionsDrafted:
        """Draft the corrections that are still to be begun, each in the languages of its text."""
        with translated():
            incident = self._incident(wanted)
            texts = incident.statement.statements
            drafts = [self._drafted(incident, texts[one]) for one in awaiting_correction(incident)]
            return CorrectionsDrafted([draft for draft in drafts if draft.texts])

    def _drafted(self, incident: Incident, text: Statement) -> CorrectionDrafted:
        texts = tuple(
            words
            for language in text.languages
            if (words := self._words(incident, text, language)) is not None
        )
        told = listed(self._desk, incident, texts, datetime.now(UTC), text.id, text.markets)
        kept = marks(self._desk, incident, "correction", texts, text.id, text.markets)
        return CorrectionDrafted(
            statement=text.id,
            what=" ".join(flag.what for flag in text.flags if flag.fact),
            markets=list(text.markets),
            texts=[encode(Rendition, each) for each in texts],
            listed=[encode(QuotedFact, each) for each in told],
            preliminary=text.preliminary,
            templates=[encode(TemplateMark, mark) for mark in kept],
        )

    def _words(self, incident: Incident, text: Statement, language: str) -> Rendition | None:
        """Draft one language; a language without a template is left to people."""
        try:
            told = suggest(
                self._desk, incident, "correction", language, text.id, text.markets, referring=True
            )
        except AndonError:
            return None
        return Rendition(
            language=language, title=PublicText(told.title), body=PublicText(told.body)
        )

    def _incident(self, wanted: CorrectionWanted) -> Incident:
        """Read the state, at least as new as the entry that asked for it."""
        engine = self._desk.engine
        stored = incidents.load_state(engine, wanted.incident)
        if stored is None:
            raise NotFound(f"{wanted.incident} is not recorded here.", "Compare the database.")
        if stored.size < wanted.entry:
            raise NotConfirmed(
                f"Entry {wanted.entry} of {wanted.incident} is not there yet.", "Try again."
            )
        rules = rules_under(engine, stored.rules_hash)
        return read_incident_text(stored.state, rules)
