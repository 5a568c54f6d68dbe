"""Which templates there are for the languages of a text, and whether it keeps their words.

What belongs here: comparing what was typed with what the template gives now. What never does: the
words of a draft (activities/drafting.py), or what follows for its approvals
(domain/statement_lane.py).
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from activities.derived import TEMPLATES, Desk
from activities.drafting import about_of, suggest
from domain.errors import AndonError
from domain.plan_whole import Plan
from domain.state import Incident
from domain.statement import TextDraft
from domain.statement_text import Rendition, TemplateMark, tidied
from domain.values import PublicText

MADE_BY = {
    "correct_statement": "correction",
    "draft_correction": "correction",
    "retract_statement": "retraction",
}
"""Acts that write a text of one kind; the others name it, or keep that of a text."""


def kind_written(incident: Incident, act: str, kind: str, statement: str) -> str:
    """Say which kind of text an act writes; "" where that cannot be said yet."""
    text = incident.statement.statements.get(statement)
    return MADE_BY.get(act) or kind or (text.kind if text else "")


class Beforehand(NamedTuple):
    """A template of a kind with a fast lane, and whether a plan approves this version of it."""

    kind: str
    language: str
    sha256: str
    is_approved: bool


def beforehand(plan: Plan) -> tuple[Beforehand, ...]:
    """List the templates of every kind that has a fast lane, as they are installed."""
    found = []
    for kind in TEMPLATES.kinds():
        row = plan.statement(kind)
        approved = {one.language: one.sha256 for one in row.pre_approved}
        for language in TEMPLATES.languages(kind) if row.fast_lane is not None else ():
            version = TEMPLATES.version(kind, language)
            found.append(Beforehand(kind, language, version, approved.get(language) == version))
    return tuple(found)


def marks_of(desk: Desk, incident: Incident, act: str, said: TextDraft) -> tuple[TemplateMark, ...]:
    """Give the templates of a text as an act writes it, and whether each language keeps its words.

    `act` is the name of the command.
    """
    named: Any = said
    statement = getattr(named, "statement", "")
    kind = kind_written(incident, act, getattr(named, "kind", ""), statement)
    about = about_of(incident, type(said), statement)
    return marks(desk, incident, kind, said.texts, about, said.markets)


def marks(
    desk: Desk,
    incident: Incident,
    kind: str,
    texts: Iterable[Rendition],
    about: str,
    markets: Iterable[str],
) -> tuple[TemplateMark, ...]:
    """Give the templates of a kind for some languages; a language without one has none."""
    form, wanted = TEMPLATES.form_for(kind, markets), tuple(markets)
    found = []
    for text in texts:
        language = TEMPLATES.written_in(kind, form, text.language)
        if language not in TEMPLATES.languages(kind, form):
            continue
        found.append(
            TemplateMark(
                language=text.language,
                template="/".join(part for part in (kind, form, language) if part),
                sha256=TEMPLATES.version(kind, language, form),
                unchanged=_keeps_words(desk, incident, kind, text, about, wanted),
            )
        )
    return tuple(found)


def _keeps_words(
    desk: Desk,
    incident: Incident,
    kind: str,
    text: Rendition,
    about: str,
    markets: tuple[str, ...],
) -> bool:
    try:
        told = suggest(desk, incident, kind, text.language, about, markets, referring=True)
    except AndonError:
        return False
    given = Rendition(
        language=text.language, title=PublicText(told.title), body=PublicText(told.body)
    )
    return tidied(given) == tidied(text)
