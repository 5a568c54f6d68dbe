"""Stage `statement`: test calls to the numbers that texts tell their readers to call.

What belongs here: recording a call and what it found, and which numbers a text tells. What never
does: the list of numbers (domain/company.py), or what the gate makes of it (statement_gate.py). A
number that nobody answers is worse than none: the reader is ill, and waits (reference 6.3, 3).
"""

import re
from dataclasses import dataclass

from domain.dispatch import Act, decides, evolves
from domain.errors import Refused
from domain.message import ask, command, event
from domain.people import Role
from domain.stages import Stage
from domain.state import Incident, Mark, with_stage
from domain.state.statement import HotlineCall, Statement
from domain.statement_lookup import require_open_report
from domain.values import PublicText

HOTLINE = "hotline"
"""The place of texts where the number to call stands."""

CALLERS = (
    Role.SERVICE_LEAD,
    Role.SERVICE_AGENT,
    Role.PR_OFFICER,
    Role.PR_LEAD,
    Role.SPOKESPERSON,
    Role.DUTY_OFFICER,
    Role.LANGUAGE_REVIEWER,
    Role.MARKET_MONITORING,
)
CALLS_KEPT = 60
"""Numbers whose last call the state holds; every call stands in the ledger."""

_NUMBER = re.compile(r"\+?\d[\d\s()./-]{3,}\d")
_DIGITS_AT_LEAST = 5


@event("HotlineCalled", stage=Stage.STATEMENT)
@dataclass(frozen=True, slots=True, kw_only=True)
class HotlineCalled:
    """Somebody called a number as a reader would; `answered` is whether the right people did."""

    number: str
    answered: bool
    languages: tuple[str, ...]
    found: PublicText
    by: str


@command(
    "record_hotline_call",
    stage=Stage.STATEMENT,
    roles=CALLERS,
    title="A test call to the hotline",
    help="Call the number as a reader would, from that country where you can.",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class RecordHotlineCall:
    """What a test call found."""

    number: str = ask("Which number did you call?", max=40, choices_from="hotlines")
    answered: bool = ask("Somebody answered who knows what to say about this matter")
    languages: tuple[str, ...] = ask("In which languages can they help?", default=())
    found: PublicText = ask(
        "What did the call find? (needed where nobody answered)", default=PublicText(""), max=500
    )


@decides(RecordHotlineCall)
def record_hotline_call(
    incident: Incident, act: Act, said: RecordHotlineCall
) -> tuple[HotlineCalled, ...]:
    """Record a test call."""
    require_open_report(incident)
    if len(digits(said.number)) < _DIGITS_AT_LEAST:
        raise Refused(
            f"{said.number!r} is no number that can be called.",
            "Write it as it stands in the texts, such as +86 800 800 5577.",
            code="no_number",
        )
    if not said.answered and not said.found.strip():
        raise Refused(
            "Say what the call found: busy, no answer, a wrong hour, people who know nothing.",
            "One short sentence is enough; whoever mends it needs it.",
            code="reason_needed",
        )
    return (
        HotlineCalled(
            number=" ".join(said.number.split()),
            answered=said.answered,
            languages=tuple(dict.fromkeys(said.languages)),
            found=said.found,
            by=act.who,
        ),
    )


@evolves(HotlineCalled)
def _called(incident: Incident, told: HotlineCalled, mark: Mark) -> Incident:
    call = HotlineCall(
        number=told.number,
        answered=told.answered,
        languages=told.languages,
        found=told.found,
        at=mark.at,
        by=told.by,
    )
    same = digits(call.number)
    before = incident.statement.hotline_calls
    kept = tuple(one for one in before if digits(one.number) != same)
    return with_stage(incident, "statement", hotline_calls=(*kept, call)[-CALLS_KEPT:])


def digits(number: str) -> str:
    """Give a number as it is dialled; people write it with spaces, dashes and a plus, or not."""
    return "".join(sign for sign in number if "0" <= sign <= "9")


def numbers_told(text: Statement) -> tuple[str, ...]:
    """Give the numbers that a text tells its readers to call, as it writes them, each once."""
    said = [
        value
        for fact in text.facts
        if fact.key == HOTLINE
        for value in (fact.value, *(words.value for words in fact.said_in))
    ]
    found = {digits(hit): hit for value in said for hit in _NUMBER.findall(value)}
    return tuple(number for dialled, number in found.items() if len(dialled) >= _DIGITS_AT_LEAST)


def last_call(incident: Incident, number: str) -> HotlineCall | None:
    """Give the last test call to a number, however it is written."""
    dialled = digits(number)
    calls = (c for c in incident.statement.hotline_calls if digits(c.number) == dialled)
    return next(calls, None)
