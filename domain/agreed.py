"""The one agreed line 统一口径, wherever it was agreed: set by itself, or in a meeting.

What belongs here: reading which line stands now, in which languages it is said, and which texts
wait for it in another. What never does: setting it (domain/enquiries.py, domain/meetings.py).
"""

from collections.abc import Iterable
from typing import Final

from domain.fact_languages import is_foreign, said_as
from domain.fact_values import SaidIn
from domain.markets import base_language
from domain.references import references
from domain.state import Incident
from domain.state.investigation import FactStatus
from domain.state.statement import EDITABLE, AgreedLine, Statement
from domain.statement_facts import LISTED
from domain.statement_text import QuotedFact
from domain.values import PublicText

LINE: Final = "line"
"""The place of texts where the agreed line stands."""


def agreed_line(incident: Incident) -> AgreedLine | None:
    """Give the line agreed last; what is not to be said and who speaks stay as they were set.

    Of a line that a meeting agreed nobody is named in `by`. A meeting agrees it in one language.
    """
    line, people = incident.statement.agreed_line, incident.people
    held = next((one for one in people.meetings if one.seq == people.agreed_line_seq), None)
    if held is None or (line is not None and line.at > held.ended_at):
        return line
    return AgreedLine(
        version=line.version if line else 0,
        messages=(people.agreed_line,),
        do_not_say=line.do_not_say if line else (),
        spokesperson=line.spokesperson if line else "",
        at=held.ended_at,
        by="",
        answers=line.answers if line else (),
        not_said_in=line.not_said_in if line else (),
    )


def in_one(messages: Iterable[str], language: str) -> str:
    """Put the sentences of a line behind each other; Chinese sets no space between them."""
    return ("" if base_language(language) == "zh" else " ").join(messages)


def own_language_of(line: AgreedLine) -> str:
    """Give the language that the line itself is said in; "" where nobody named it."""
    said = (
        one.language for one in line.said_in if one.value == in_one(line.messages, one.language)
    )
    return next(said, "")


def line_in(line: AgreedLine | None, language: str) -> str:
    """Give the words of the line in a language; "" where nobody said it there."""
    if line is None:
        return ""
    said = in_one(line.messages, own_language_of(line) or language)
    own = tuple(SaidIn(language=one.language, value=one.value) for one in line.said_in)
    return _in_language(line, said, own, language, FactStatus.VERIFIED)


def speaker_in(line: AgreedLine | None, language: str) -> str:
    """Give who speaks as a language writes it; "" where nobody wrote it so."""
    if line is None:
        return ""
    own = tuple(
        SaidIn(language=one.language, value=PublicText(one.spokesperson))
        for one in line.said_in
        if one.spokesperson
    )
    return _in_language(line, line.spokesperson, own, language, LISTED)


def do_not_say_in(line: AgreedLine | None, language: str) -> tuple[str, ...]:
    """Give what we do not say, as far as it is of a language: the list holds those of all."""
    if line is None:
        return ()
    base = base_language(language)
    own = (one.phrase for one in line.not_said_in if base_language(one.language) == base)
    of_all = (one for one in line.do_not_say if _in_language(line, one, (), language, LISTED))
    return tuple(dict.fromkeys((*of_all, *own)))


def _in_language(
    line: AgreedLine, said: str, own: tuple[SaidIn, ...], language: str, status: str
) -> str:
    """Give words as a text would tell a fact of them: no words of another language.

    Names and single phrases are told like what stands in the company's lists: foreign is only what
    stands in other letters.
    """
    quote = QuotedFact(
        key=LINE,
        value=PublicText(said),
        unit="",
        status=str(status),
        version=line.version,
        as_of=line.at,
        said_in=own,
    )
    if is_foreign(language, quote):
        return ""
    words = said_as(language, own)
    return said if words is None else words


def lacks_line(incident: Incident, text: Statement) -> tuple[str, ...]:
    """Name the languages in which a text tells the agreed line and nobody has said it."""
    line = agreed_line(incident)
    return tuple(
        one.language
        for one in text.sources
        if LINE in references((one,)) and not line_in(line, one.language)
    )


def line_wanted_in(incident: Incident) -> tuple[str, ...]:
    """Name the languages in which texts on their way wait for the agreed line, each once."""
    waiting = (one for one in incident.statement.statements.values() if one.status in EDITABLE)
    return tuple(dict.fromkeys(lang for one in waiting for lang in lacks_line(incident, one)))
