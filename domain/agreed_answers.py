"""The questions and answers of the agreed line 统一口径: what people ask, and what we say to it.

What belongs here: holding answers to the line and the wording rules, telling them in a language.
What never does: setting the line (domain/enquiries.py), or answering somebody: what goes out is an
approved text in which they stand.
"""

from collections.abc import Iterable

from domain.errors import Refused
from domain.facts import require_own_language
from domain.markets import base_language
from domain.state import Incident
from domain.state.statement import AgreedLine
from domain.statement_lookup import situations
from domain.statement_text import AgreedAnswer
from domain.wording import Bearing, Finding, Passage, Severity, findings

ANSWERS_AT_MOST = 80
"""So many answers fit the desk of somebody on the phone, over all languages."""

_MARKS = {
    "zh": ("问：", "答："),
    "ja": ("問：", "答："),
    "ko": ("문: ", "답: "),
    "de": ("F: ", "A: "),
}
_USUAL = ("Q: ", "A: ")


def require_answers(
    incident: Incident, answers: tuple[AgreedAnswer, ...], do_not_say: Iterable[str]
) -> None:
    """Take answers that say something, in their language, and nothing that a rule blocks.

    Raises Refused, naming the question.
    """
    if len(answers) > ANSWERS_AT_MOST:
        raise Refused(
            f"{len(answers)} answers; {ANSWERS_AT_MOST} fit, for people have to find them.",
            "Keep those that are asked most; the rest belongs into a text of its own.",
            code="too_many",
        )
    phrases = tuple(do_not_say)
    for one in answers:
        _require_readable(one)
        blocks = _blocked(incident, one, phrases)
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
    require_own_language(one.language, f"{one.question} {one.answer}")


def _blocked(incident: Incident, one: AgreedAnswer, do_not_say: tuple[str, ...]) -> list[Finding]:
    scope, report = incident.recall.scope, incident.report
    bearing = Bearing(
        kind="reply",
        markets=scope.markets if scope is not None else report.markets or report.answers.markets,
        situations=situations(incident),
        do_not_say=do_not_say,
    )
    said = (Passage(language=one.language, part="body", text=one.answer),)
    found = findings(incident.rules.wording, said, bearing)
    return [each for each in found if each.severity is Severity.BLOCK and each.matched]


def answers_in(line: AgreedLine | None, language: str) -> str:
    """Write the questions and answers of a language below each other; "" where there are none."""
    ask, say = _MARKS.get(base_language(language), _USUAL)
    own = [
        one
        for one in (line.answers if line else ())
        if base_language(one.language) == base_language(language)
    ]
    return "\n".join(f"{ask}{one.question}\n{say}{one.answer}" for one in own)
