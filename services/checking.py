"""Whether the body of an act can be right at all, before anything is written or decided.

What belongs here: size, form, dates and counts that contradict themselves, and references held
against the company's lists. What never does: a rule of the plan (`decide`), which knows no list.
"""

import json
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import date, datetime, timedelta
from typing import Any, Final

from domain.errors import Malformed, TooLarge
from domain.markets import EU, is_within
from domain.message import CommandSpec, field_errors, leaves_of
from domain.notifications import NAMED, RecordNotification
from domain.recall_end import CompleteRecall
from domain.severity import Answers, Outcome
from domain.values import REFERENCES, UNITS_AT_MOST
from domain.wire import decode, read_instant
from services import naming, vaulting
from services.countries import countries
from services.house import House
from services.sending import Sent
from storage import catalog, incidents

COMMAND_BYTES: Final = 256 * 1024
SKEW: Final = timedelta(minutes=5)
"""So far may the clock of a device be ahead of ours."""

Faults = list[tuple[str, str]]
"""Fields, each with the sentence that says what is wrong with it."""

NOT_ELSEWHERE: Final = "By the company's list {0} is not in another market: take it away here."
TOLD_ELSEWHERE: Final = (
    "By the company's list {0} is of market {1}, not of {2}: tell each market by itself, leave the "
    "market empty, or say why this one is right."
)
ALL_ELSEWHERE: Final = (
    "By the company's list these are not of market {0}: {1}. Tell each market by itself, leave the "
    "market empty, or say why this one is right."
)
MORE_ELSEWHERE: Final = (
    "By the company's list these are not of market {0}: {1} and {2} more. Tell each market by "
    "itself, leave the market empty, or say why this one is right."
)
NO_INCIDENT: Final = "There is no incident “{0}”."
NOT_LISTED = {
    "product": "There is no product “{0}” in the company's lists.",
    "lot": "There is no lot “{0}” in the company's lists.",
    "channel": "There is no channel “{0}” in the company's lists.",
    "consignee": "There is no consignee “{0}” in the company's lists.",
    "person": "There is nobody called “{0}” in the company's lists.",
    "evidence": "No file is kept under “{0}”.",
}
"""What is said of a reference that leads nowhere, by its kind (`domain.values.REFERENCES`)."""


YEARS: Final = range(1950, 2150)
NEEDED: Final = "This is needed."
BELOW_ZERO: Final = "A number below zero cannot be right."
TOO_MANY: Final = "A number above {0} cannot be right."
NO_SUCH_COUNTRY: Final = "There is no such country or region: write its code of two letters."
NOTHING_TICKED: Final = "Nothing is ticked, so it would go nowhere: tick at least one place."
TO_COME: Final = "That time is still to come: say when it was."
NOBODY_AND_SOME: Final = "Nobody was hurt, and {0} people hurt: one of the two is wrong."
MORE_THAN_ALL: Final = "Seriously hurt: {0}, and {1} hurt in all: one of the two is wrong."
MILD_AND_SERIOUS: Final = (
    "Seriously hurt: {0}, and the worst that happened is not serious: one of the two is wrong."
)
NOTHING_AND_MORE: Final = "Nothing happened, and something happened: one of the two is wrong."
NOT_SERIOUS: Final = frozenset({Outcome.MILD, Outcome.TREATED})
"""What may be the worst that happened to a person while nobody is seriously hurt."""

EASTERNMOST: Final = timedelta(hours=14)
FAR_DATE: Final = "This date cannot be right: years from 1950 to 2149 are taken."


def check_body(
    house: House,
    spec: CommandSpec,
    sent: Sent,
    may: Callable[[Any], bool] = lambda _said: True,
    *,
    at: datetime | None = None,
) -> None:
    """Refuse what cannot be read, before anything is written. Raises Malformed, TooLarge.

    Where the actor never `may` give the command, the company's lists say nothing of what stands in
    it: `decide` refuses it for the role. `at` is for an act that is only supposed: when.
    """
    now = at or house.now()
    if len(json.dumps(sent.body, ensure_ascii=False).encode("utf-8", "surrogatepass")) > (
        COMMAND_BYTES
    ):
        raise TooLarge(
            f"One act holds at most {COMMAND_BYTES // 1024} KB of words, and this one is larger; "
            "nothing was changed.",
            "Attach long texts and pictures as files.",
        )
    faults = vaulting.private_faults(spec, sent.body)
    try:
        said: Any = decode(spec.type, vaulting.stand_in(spec, sent.body), strict=True)
    except Malformed as error:
        raise Malformed(
            error.sentence, error.hint, fields=(*error.fields, *field_errors(faults))
        ) from error
    faults += _dates_out_of_reach(spec, sent.body)
    faults += [] if faults else _times_ahead(spec, sent.body, now)
    faults += _contradictions(sent.body, now)
    faults += [] if faults else _left_blank(spec, sent.body)
    faults += _nothing_ticked(spec, sent.body)
    faults += _below_zero(spec, sent.body)
    faults += _too_many(spec, sent.body)
    faults += _no_countries(spec, sent.body)
    if may(said):
        faults += _unknown_references(house, spec, sent.body)
        faults += _no_such_incident(house, spec, sent.body)
        faults += [] if faults else _not_elsewhere(house, spec, sent.body)
        faults += [] if faults else _told_elsewhere(house, spec, sent.body)
        faults += [] if faults else naming.unfit(house, spec, sent.body)
    if faults:
        raise Malformed(
            faults[0][1], "Correct it; nothing was changed.", fields=field_errors(faults)
        )
    if sent.happened_at:
        _check_happened(sent.happened_at, now)


def answer_faults(spec: CommandSpec, sent: Mapping[str, Any], now: datetime) -> Faults:
    """Name what the answers to the severity questions cannot be, in the words of the refusal.

    For a grade that is shown before anything is sent: the rest of the body may be missing still.
    """
    faults: Faults = []
    answers = sent.get("answers", {})
    try:
        decode(Answers, answers, strict=True)
    except Malformed as error:
        faults += [(f"answers.{one.path}", one.sentence) for one in error.fields]
    body = {"answers": answers}
    faults += _dates_out_of_reach(spec, body)
    faults += _below_zero(spec, body)
    faults += _too_many(spec, body)
    return faults + _contradictions(sent, now)


def _check_happened(text: str, now: datetime) -> None:
    try:
        happened_at = read_instant(text)
    except (ValueError, OverflowError) as error:
        raise Malformed(
            "The time it happened cannot be read.", "Write it like 2026-11-22T14:00+08:00."
        ) from error
    if happened_at.year not in YEARS:
        raise Malformed(FAR_DATE, "Correct it; nothing was changed.")
    if happened_at > now + SKEW:
        raise Malformed("The time it happened lies ahead.", "Tell it after it happened.")


def _dates_out_of_reach(spec: CommandSpec, body: Mapping[str, Any]) -> Faults:
    """Name the dates that are a slip of the pen: no case is that old, no clock runs that long."""
    faults: Faults = []

    def look(value: Any, path: str) -> Any:
        if isinstance(value, str) and value[:4].isdigit() and int(value[:4]) not in YEARS:
            faults.append((path, FAR_DATE))
        return value

    leaves_of(spec.type, dict(body), lambda tp: tp in (date, datetime), look)
    return faults


def _left_blank(spec: CommandSpec, body: Mapping[str, Any]) -> Faults:
    """Name the words that are asked for and say nothing: spaces, or signs that nobody can see."""
    return [
        (each.name, NEEDED)
        for each in fields(spec.type)
        if each.default is MISSING
        and isinstance(body.get(each.name), str)
        and not _seen(body[each.name])
    ]


def _nothing_ticked(spec: CommandSpec, body: Mapping[str, Any]) -> Faults:
    """Name the lists from which everything was taken: that is no wish for what is usual."""
    return [
        (each.name, NOTHING_TICKED)
        for each in fields(spec.type)
        if each.metadata.get("ticked") and body.get(each.name) == []
    ]


def _seen(text: str) -> str:
    return "".join(sign for sign in text if unicodedata.category(sign)[0] not in "ZC")


def _below_zero(spec: CommandSpec, body: Mapping[str, Any]) -> Faults:
    """Name the counts and amounts below zero: nothing here can be counted like that."""
    faults: Faults = []

    def look(value: Any, path: str) -> Any:
        if isinstance(value, int) and value < 0:
            faults.append((path, BELOW_ZERO))
        return value

    leaves_of(spec.type, dict(body), lambda tp: tp is int, look)
    return faults


def _too_many(spec: CommandSpec, body: Mapping[str, Any]) -> Faults:
    """Name the numbers beyond all that was ever made: amounts of money are no counts.

    Only what comes in is held to it, never what is recorded: a ledger of before folds as it did.
    """
    faults: Faults = []
    free = {f.name for f in fields(spec.type) if {"minor", "any_size"} & f.metadata.keys()}

    def look(value: Any, path: str) -> Any:
        if isinstance(value, int) and value > UNITS_AT_MOST and path not in free:
            faults.append((path, TOO_MANY.format(f"{UNITS_AT_MOST:,}")))
        return value

    leaves_of(spec.type, dict(body), lambda tp: tp is int, look)
    return faults


def _no_countries(spec: CommandSpec, body: Mapping[str, Any]) -> Faults:
    """Name what stands for a country and is none."""
    return [
        (each.name, NO_SUCH_COUNTRY)
        for each in fields(spec.type)
        if each.metadata.get("country") and body.get(each.name, "") not in {"", *countries()}
    ] + _no_market(spec, body)


def _no_market(spec: CommandSpec, body: Mapping[str, Any]) -> Faults:
    """Name a market that is none: consumers told there would count as told nowhere."""
    known = {"", EU, *countries()}
    is_none = spec.type is RecordNotification and body.get("market", "") not in known
    return [("market", NO_SUCH_COUNTRY)] if is_none else []


def _times_ahead(spec: CommandSpec, body: Mapping[str, Any], now: datetime) -> Faults:
    """Name the times that are still to come, where only what has been can be told."""
    return [
        (each.name, TO_COME)
        for each in fields(spec.type)
        if each.metadata.get("past") and _is_ahead(body.get(each.name), now)
    ]


def _is_ahead(told: Any, now: datetime) -> bool:
    """Say whether a time or a day lies ahead, wherever on earth a day is counted."""
    if not isinstance(told, str) or not told:
        return False
    if len(told) == len("2026-11-22"):
        return date.fromisoformat(told) > (now + EASTERNMOST).date()
    return read_instant(told) > now + SKEW


def _contradictions(body: Mapping[str, Any], now: datetime) -> Faults:
    """Name what cannot both be right: answers, times, and what happened to a person."""
    answers = body.get("answers")
    faults = _numbers_at_odds(answers) if isinstance(answers, dict) else []
    if isinstance(answers, dict):
        faults += _onset_at_odds(answers, now)
    return faults + _outcomes_at_odds(body.get("outcomes"))


def _numbers_at_odds(answers: Mapping[str, Any]) -> Faults:
    """Name the numbers of the severity questions that cannot both be right."""
    hurt, seriously = answers.get("people"), answers.get("serious_people")
    hurt, seriously = (one if isinstance(one, int) else None for one in (hurt, seriously))
    worst, most = answers.get("worst_outcome"), max(hurt or 0, seriously or 0)
    if worst == Outcome.NONE and most > 0:
        return [("answers.worst_outcome", NOBODY_AND_SOME.format(most))]
    if hurt is not None and seriously is not None and seriously > hurt:
        return [("answers.serious_people", MORE_THAN_ALL.format(seriously, hurt))]
    if worst in NOT_SERIOUS and (seriously or 0) > 0:
        return [("answers.worst_outcome", MILD_AND_SERIOUS.format(seriously))]
    return []


def _onset_at_odds(answers: Mapping[str, Any], now: datetime) -> Faults:
    """Name a day of the first signs that is to come.

    It may be later than our company's knowledge: a test of our own comes before anybody is hurt.
    """
    onset = _day(answers.get("first_onset_on"))
    if onset is None:
        return []
    if onset > (now + EASTERNMOST).date():
        return [("answers.first_onset_on", TO_COME)]
    return []


def _day(told: Any) -> date | None:
    try:
        return date.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        return None


def _outcomes_at_odds(outcomes: Any) -> Faults:
    """Name what cannot have happened to one person together, in whatever order it came."""
    told = set(outcomes) if isinstance(outcomes, list | tuple) else set()
    more = told - {Outcome.NONE, Outcome.UNKNOWN}
    return [("outcomes", NOTHING_AND_MORE)] if Outcome.NONE in told and more else []


def _unknown_references(house: House, spec: CommandSpec, body: Mapping[str, Any]) -> Faults:
    faults: Faults = []
    for tp, kind in REFERENCES.items():
        found = _named(spec, body, tp)
        missing = set(catalog.missing(house.engine, kind, [value for _, value in found]))
        faults.extend(
            (path, NOT_LISTED[kind].format(value)) for path, value in found if value in missing
        )
    return faults


def _no_such_incident(house: House, spec: CommandSpec, body: Mapping[str, Any]) -> Faults:
    named = [each.name for each in fields(spec.type) if each.metadata.get("incident")]
    return [
        (name, NO_INCIDENT.format(body[name]))
        for name in named
        if not incidents.is_numbered(house.engine, str(body[name]))
    ]


def _not_elsewhere(house: House, spec: CommandSpec, body: Mapping[str, Any]) -> Faults:
    """Name consignees said to be of other markets than the one completed that our list puts there.

    Whoever has no market on the list may be in every one, and is missing in each until it answers.
    """
    if spec.type is not CompleteRecall:
        return []
    listed = catalog.items_among(house.engine, "consignee", body.get("elsewhere", ()))
    return [
        ("elsewhere", NOT_ELSEWHERE.format(one))
        for one, item in listed.items()
        if not item.market or is_within(item.market, [str(body["market"])])
    ]


def _told_elsewhere(house: House, spec: CommandSpec, body: Mapping[str, Any]) -> Faults:
    """Name consignees told in a market where our list does not put them, while nobody says why."""
    market = body.get("market")
    if spec.type is not RecordNotification or not market or _seen(body.get("moved_because") or ""):
        return []
    listed = catalog.items_among(house.engine, "consignee", body.get("recipients", ()))
    there = {one: item.market for one, item in listed.items() if item.market}
    strange = [one for one, its in there.items() if not is_within(its, [str(market)])]
    if len(strange) == 1:
        told = TOLD_ELSEWHERE.format(strange[0], there[strange[0]], market)
        return [("recipients", told)]
    names, more = ", ".join(strange[:NAMED]), len(strange) - NAMED
    told = MORE_ELSEWHERE if more > 0 else ALL_ELSEWHERE
    return [("recipients", told.format(market, names, more))] if strange else []


def _named(spec: CommandSpec, body: Mapping[str, Any], tp: object) -> Faults:
    found: Faults = []

    def note(value: Any, path: str) -> Any:
        found.append((path, value))
        return value

    leaves_of(spec.type, dict(body), lambda leaf: leaf is tp, note)
    return found
