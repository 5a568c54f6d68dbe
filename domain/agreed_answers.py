"""The questions and answers of the agreed line 统一口径: what people ask, and what we say to it.

What belongs here: holding answers to the line and the wording rules, telling them in a language.
What never does: setting the line (domain/enquiries.py), or answering somebody: what goes out is an
approved text in which they stand.
"""

from collections.abc import Iterable
from dataclasses import replace

from domain.agreed_questions import is_question, marks_in
from domain.errors import Refused
from domain.facts import require_own_language
from domain.markets import base_language
from domain.state import Incident
from domain.state.statement import AgreedLine
from domain.statement_lookup import situations
from domain.statement_text import AgreedAnswer, NotSaid, turns_around
from domain.wording import Bearing, Finding, Passage, Severity, findings

ANSWERS_AT_MOST = 80
"""So many answers fit the desk of somebody on the phone, over all languages."""


def require_answers(
    incident: Incident,
    answers: tuple[AgreedAnswer, ...],
    do_not_say: Iterable[str],
    not_said_in: Iterable[NotSaid] = (),
) -> None:
    """Take answers that say something, in their language, and nothing that a rule blocks.

    In a question stand the words of customers: what is wrong only when we claim it may stand there.

    Raises Refused, naming the question.
    """
    if len(answers) > ANSWERS_AT_MOST:
        raise Refused(
            f"{len(answers)} answers; {ANSWERS_AT_MOST} fit, for people have to find them.",
            "Keep those that are asked most; the rest belongs into a text of its own.",
            code="too_many",
        )
    bearing = _bearing(incident, tuple(do_not_say), tuple(not_said_in))
    for one in answers:
        _require_readable(one)
        _require_question(incident, one, bearing)
        blocks = _blocked(incident, one.language, one.answer, bearing)
        if blocks:
            raise Refused(
                f"The answer to “{one.question}” says “{blocks[0].matched}”. {blocks[0].reason}",
                "Say it in other words; nobody could approve a text in which it stands.",
                code="wording_blocked",
            )


def _require_readable(one: AgreedAnswer) -> None:
    if not (one.question.strip() and one.answer.strip()):
        raise Refused(
            "A question or an answer is blank.", "Write both, or take the line out.", code="blank"
        )
    if "{{" in f"{one.question}{one.answer}":
        raise Refused(
            "An answer refers to no fact: what is meant stands in it.",
            "Write the words themselves, without {{ }}.",
            code="refers",
        )
    if turns_around(f"{one.question}{one.answer}"):
        raise Refused(
            "A question or an answer holds a character that turns the reading order around.",
            "Type the passage again; it was pasted from elsewhere.",
            code="reading_order",
        )
    require_own_language(one.language, f"{one.question} {one.answer}")


def _require_question(incident: Incident, one: AgreedAnswer, bearing: Bearing) -> None:
    """Take customers' words as they are, unless a rule bans them whoever says them."""
    if not any(rule.is_claim for rule in incident.rules.wording.rules):
        return  # a table of before: it does not tell claims apart, and no question was looked at
    asked = (one.question.strip(),) if is_question(one.question) else ()
    blocks = _blocked(incident, one.language, one.question, replace(bearing, questions=asked))
    if blocks:
        raise Refused(
            f"The question “{one.question}” says “{blocks[0].matched}”. {blocks[0].reason}",
            "Write one question as customers ask it, with its mark, and nothing besides.",
            code="wording_blocked",
        )


def _bearing(
    incident: Incident, do_not_say: tuple[str, ...], not_said_in: tuple[NotSaid, ...]
) -> Bearing:
    scope, report = incident.recall.scope, incident.report
    return Bearing(
        kind="reply",
        markets=scope.markets if scope is not None else report.markets or report.answers.markets,
        situations=situations(incident),
        do_not_say=do_not_say,
        not_said_in=tuple((one.language, one.phrase) for one in not_said_in),
    )


def _blocked(incident: Incident, language: str, words: str, bearing: Bearing) -> list[Finding]:
    said = (Passage(language=language, part="body", text=words),)
    found = findings(incident.rules.wording, said, bearing)
    return [each for each in found if each.severity is Severity.BLOCK and each.matched]


def answers_in(line: AgreedLine | None, language: str) -> str:
    """Write the questions and answers of a language below each other; "" where there are none.

    Those of its very region and those without a region; where there are none of them, those of the
    first other region: a text never tells two regions' answers.
    """
    ask, say = marks_in(language)
    base = base_language(language)
    near = [one for one in (line.answers if line else ()) if base_language(one.language) == base]
    own = [one for one in near if one.language in (language, base)]
    own = own or [one for one in near if one.language == near[0].language]
    return "\n".join(f"{ask}{one.question}\n{say}{one.answer}" for one in own)
