"""Stage `statement`: remarks on one paragraph of a text, and what came of each.

What belongs here: who remarked what on which paragraph of which version, and the answer. What never
does: approving or changing the words. A remark holds nothing up: whoever approves sees what is open
and decides. It stays with the version it was made on, and with its words, also when those change.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from domain.dispatch import Act, Effect, causes, decides, evolves
from domain.errors import Refused
from domain.message import ask, command, event
from domain.people import CLOCK, PERFORMER, TEAM
from domain.stages import Stage
from domain.state import Incident, Mark
from domain.state.statement import EDITABLE, Comment, Statement, Status
from domain.statement_lookup import find_statement, require_same, require_status, with_statement
from domain.statement_text import Rendition
from domain.values import PublicText

AT_MOST: Final = 300
"""Remarks on one text, answered or not; nobody reads more before approving."""

EACH_AT_MOST: Final = 60
"""Remarks of one person on one text, so that nobody takes the word from the others."""

QUOTED: Final = 160
"""Characters of a paragraph that are kept beside a remark."""

REMARKABLE: Final = (*EDITABLE, Status.PUBLISHED, Status.CORRECTED)
HEADLINE: Final = 0
MACHINES: Final = frozenset({CLOCK.id, PERFORMER.id})
_BREAK: Final = re.compile(r"\n[^\S\n]*\n\s*")


@event("StatementCommented", stage=Stage.STATEMENT)
@dataclass(frozen=True, slots=True, kw_only=True)
class StatementCommented:
    """Somebody remarked on a paragraph (0 is the headline); `quote` is how it begins."""

    statement: str
    version: int
    number: int
    language: str
    paragraph: int
    quote: PublicText
    words: PublicText
    by: str


@event("CommentSettled", stage=Stage.STATEMENT)
@dataclass(frozen=True, slots=True, kw_only=True)
class CommentSettled:
    """Somebody said what came of a remark."""

    statement: str
    number: int
    answer: PublicText
    by: str


@command(
    "comment_statement",
    stage=Stage.STATEMENT,
    roles=TEAM,
    title="Remark on a paragraph",
    item="statement",
    help="It holds nothing up; whoever approves sees it until somebody says what came of it.",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class CommentStatement:
    """Say what a paragraph of a text lacks, or what is too much in it."""

    statement: str = ask("Statement", max=20)
    sha256: str = ask("Hash of the text you read", max=64)
    place: str = ask("Which paragraph?", max=30, choices_from="paragraphs")
    words: PublicText = ask("What about it?", max=1000)


@command(
    "settle_comment",
    stage=Stage.STATEMENT,
    roles=TEAM,
    title="Say what came of a remark",
    item="statement",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class SettleComment:
    """Answer a remark: changed, or why not."""

    statement: str = ask("Statement", max=20)
    number: int = ask("Which remark?", choices_from="open_comments")
    answer: PublicText = ask("What came of it?", max=1000)


# ---------------------------------------------------------------- decide


@decides(CommentStatement)
def comment_statement(
    incident: Incident, act: Act, said: CommentStatement
) -> tuple[StatementCommented, ...]:
    """Keep a remark on a paragraph of the text as it stands."""
    now = find_statement(incident, said.statement)
    require_status(now, REMARKABLE)
    require_same(now, said.sha256)
    mine = sum(one.by == act.who for one in now.comments)
    if len(now.comments) >= AT_MOST or mine >= EACH_AT_MOST:
        raise Refused(
            f"{now.id} has too many remarks: {EACH_AT_MOST} of one person, {AT_MOST} in all.",
            "Talk about it, or ask for changes.",
            code="too_many",
        )
    language, paragraph, words = _found(now.texts, said.place)
    return (
        StatementCommented(
            statement=now.id,
            version=now.version,
            number=len(now.comments) + 1,
            language=language,
            paragraph=paragraph,
            quote=PublicText(words[:QUOTED]),
            words=said.words,
            by=act.who,
        ),
    )


@decides(SettleComment)
def settle_comment(incident: Incident, act: Act, said: SettleComment) -> tuple[CommentSettled, ...]:
    """Say once what came of a remark."""
    now = find_statement(incident, said.statement)
    if said.number not in {one.number for one in open_comments(now)}:
        raise Refused(
            f"No remark {said.number} on {now.id} waits for an answer.",
            "Look at the text again.",
            code="no_comment",
        )
    return (CommentSettled(statement=now.id, number=said.number, answer=said.answer, by=act.who),)


def open_comments(statement: Statement) -> tuple[Comment, ...]:
    """List the remarks that nobody has answered."""
    return tuple(one for one in statement.comments if one.settled_at is None)


def paragraphs(text: Rendition) -> tuple[str, ...]:
    """Cut one language of a text into its headline and its paragraphs."""
    return (text.title, *(part for part in _BREAK.split(text.body.strip()) if part))


def place_of(language: str, paragraph: int) -> str:
    """Name a paragraph of a text in a language."""
    return f"{language}/{paragraph}"


def _found(texts: Iterable[Rendition], place: str) -> tuple[str, int, str]:
    """Give language, number and words of a paragraph. Raises Refused: there is none."""
    for text in texts:
        for number, words in enumerate(paragraphs(text)):
            if place_of(text.language, number) == place:
                return text.language, number, words
    raise Refused(
        f"There is no paragraph {place!r:.40} in this text.",
        "Choose one of its paragraphs.",
        code="no_paragraph",
    )


# ---------------------------------------------------------------- evolve


@evolves(StatementCommented)
def _commented(incident: Incident, told: StatementCommented, mark: Mark) -> Incident:
    before = incident.statement.statements[told.statement]
    comment = Comment(
        number=told.number,
        seq=mark.seq,
        version=told.version,
        language=told.language,
        paragraph=told.paragraph,
        quote=told.quote,
        words=told.words,
        by=told.by,
        at=mark.at,
    )
    return with_statement(incident, told.statement, comments=(*before.comments, comment))


@evolves(CommentSettled)
def _settled(incident: Incident, told: CommentSettled, mark: Mark) -> Incident:
    before = incident.statement.statements[told.statement]
    comments = tuple(
        replace(one, answer=told.answer, settled_by=told.by, settled_at=mark.at)
        if one.number == told.number
        else one
        for one in before.comments
    )
    return with_statement(incident, told.statement, comments=comments)


@causes(StatementCommented)
def _tell_authors(incident: Incident, told: StatementCommented, mark: Mark) -> Iterable[Effect]:
    """Tell who wrote the text, each by name, never the one who remarked.

    Where the plan alone wrote it, whoever writes such texts is told.
    """
    text = incident.statement.statements[told.statement]
    people = [one for one in text.authors if one not in MACHINES]
    roles = [] if people else incident.rules.plan.statement(text.kind).authors
    for person in people or [""]:
        if person == told.by:
            continue
        yield Effect(
            name="tell",
            target=f"commented:{person}",
            seq=mark.seq,
            body={
                "kind": "statement_commented",
                "roles": [str(role) for role in roles],
                "person": person,
                "statement": text.id,
                "text": str(text.kind),
                "by": told.by,
                "what": told.words[:300],
                "quote": told.quote,
            },
        )
