"""Stage `statement`: test calls to the numbers that texts tell their readers to call.

What belongs here: recording a call and what it found, and which numbers a text tells. What never
does: the list of numbers (domain/company.py), or what the gate makes of it (statement_gate.py). A
number that nobody answers is worse than none: the reader is ill, and waits (reference 6.3, 3).
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

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

_NUMBER = re.compile(r"\+?\d[\d \t\u00a0().-]{3,}\d")
OWN_DIGITS = 7
"""Digits that tell one line from another without a country: fewer may be an extension."""
_DIGITS_AT_LEAST = 5


@event("HotlineCalled", stage=Stage.STATEMENT)
@dataclass(frozen=True, slots=True, kw_only=True)
class HotlineCalled:
    """Somebody called a number as a reader would; `answered` is whether the right people did.

    `called_at` is when, however late it was recorded.
    """

    number: str
    answered: bool
    languages: tuple[str, ...]
    found: PublicText
    by: str
    called_at: datetime


@command(
    "record_hotline_call",
    stage=Stage.STATEMENT,
    roles=CALLERS,
    title="Record a test call to the hotline",
    help="Call the number as a reader would, from that country where you can.",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class RecordHotlineCall:
    """What a test call found."""

    number: str = ask("Which number did you call?", max=40, choices_from="hotlines")
    answered: bool = ask("Somebody answered who knows what to say about this matter")
    languages: tuple[str, ...] = ask("In which languages can they help?", default=())
    found: PublicText = ask(
        "What did the call find?",
        default=PublicText(""),
        max=500,
        unless="(needed where nobody answered)",
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
            called_at=act.happened_at,
        ),
    )


@evolves(HotlineCalled)
def _called(incident: Incident, told: HotlineCalled, _mark: Mark) -> Incident:
    call = HotlineCall(
        number=told.number,
        answered=told.answered,
        languages=told.languages,
        found=told.found,
        at=told.called_at,
        by=told.by,
    )
    before = incident.statement.hotline_calls
    newer = [one for one in before if is_same(one.number, call.number) and one.at > call.at]
    if newer:
        return incident  # recorded late: what was found after it stands
    kept = [one for one in before if not is_same(one.number, call.number)]
    return with_stage(incident, "statement", hotline_calls=_few((*kept, call)))


def _few(calls: tuple[HotlineCall, ...]) -> tuple[HotlineCall, ...]:
    """Keep the last calls; a number that nobody answered is forgotten after all others."""
    if len(calls) <= CALLS_KEPT:
        return calls
    gone = next((one for one in calls if one.answered), calls[0])
    return tuple(one for one in calls if one is not gone)


def digits(number: str) -> str:
    """Give a number as it is dialled, whatever its signs; 00 before a country is its plus."""
    plain = unicodedata.normalize("NFKC", number).strip()
    dialled = "".join(str(unicodedata.digit(sign)) for sign in plain if sign.isdecimal())
    return dialled.removeprefix("00")


def is_same(one: str, other: str) -> bool:
    """Say whether two ways of writing lead to one number: with its country before it, or without.

    A zero before an area's number falls away behind the country's.
    """
    short, long = sorted((digits(one).lstrip("0"), digits(other).lstrip("0")), key=len)
    return short == long or (len(short) >= OWN_DIGITS and long.endswith(short))


def numbers_told(text: Statement) -> tuple[str, ...]:
    """Give the numbers of the company's line that stand in the words of a text, each once."""
    said = [
        value
        for fact in text.facts
        if fact.key == HOTLINE
        for value in (fact.value, *(words.value for words in fact.said_in))
    ]
    words = [number for each in text.texts for number in written_in(f"{each.title}\n{each.body}")]
    found = {digits(hit): hit for value in said for hit in written_in(value)}
    return tuple(
        number for number in found.values() if any(is_same(number, other) for other in words)
    )


def written_in(text: str) -> tuple[str, ...]:
    """List what looks like a phone number in a text."""
    plain = unicodedata.normalize("NFKC", text)
    found = (hit.strip() for hit in _NUMBER.findall(plain))
    return tuple(hit for hit in found if len(digits(hit)) >= _DIGITS_AT_LEAST)


def last_call(incident: Incident, number: str) -> HotlineCall | None:
    """Give the last test call to a number, however it is written."""
    calls = (c for c in incident.statement.hotline_calls if is_same(c.number, number))
    return max(calls, key=lambda call: call.at, default=None)
