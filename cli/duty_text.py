"""One incident's legal duties as lines for a terminal: every clock with what it rests on and why.

What belongs here: turning what services/duties.py tells into lines. What never does: a due time, or
a word that is not said there.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from activities.words import MOMENT, ends_day
from activities.zones import zone_of
from domain.clock_words import city_name

Told = Mapping[str, Any]

BASIS = {
    "law": "law",
    "guideline": "guideline, no limit of the law",
    "request": "asked for, no limit of the law",
    "company": "our own target: the rule names no number",
    "by_hand": "set by hand",
}
"""What a due time rests on, in words."""


OURS_PASSED: Final = "our own target passed"
"""What is past no more than a target of ours, as the list of all incidents counts it."""


def lines_of(told: Told, now: datetime) -> Iterator[str]:
    """Tell one incident's duties and the acts of authorities, a line at a time."""
    yield f"{told['incident']}: {len(told['duties'])} duties"
    for duty in told["duties"]:
        yield ""
        yield from _duty(duty)
    for act in told["authority_acts"]:
        yield ""
        yield from _act(act, now)


def shown(text: str | None, place: str = "") -> str:
    """Write an instant by the terminal's clock (TZ), and by that of a place; "none" for none.

    A limit that ends with a day there is said as that day.
    """
    if not text:
        return "none"
    at = datetime.fromisoformat(text)
    here, zone = at.astimezone().strftime("%Y-%m-%d %H:%M %z"), zone_of(place)
    if not zone:
        return here
    there, city = at.astimezone(ZoneInfo(zone)), city_name(zone, "en")
    if ends_day(at, ZoneInfo(zone)):
        return f"{here} (end of {there - MOMENT:%a %Y-%m-%d}, {city})"
    return f"{here} ({there:%a %Y-%m-%d %H:%M} {city})"


def clock_of(duty: Told) -> str:
    """Give the place by whose clock a duty is counted: its calendar, its country, its market."""
    return next(filter(zone_of, (duty["calendar"], duty["place"], duty["market"])), "")


def _duty(duty: Told) -> Iterator[str]:
    about = "" if duty["subject"] == "incident" else f", {duty['subject']}"
    yield f"{duty['id']}  {duty['title_en']}{about} ({duty['place']}), to {duty['authority_en']}"
    yield f"    {_state(duty)}"
    yield f"    due      {_due(duty)}"
    if duty["phone_at"]:
        yield f"    by phone {shown(duty['phone_at'], clock_of(duty))} (our own target)"
    yield f"    rule     {duty['rule']}, version {duty['rule_version']}: {_citation(duty)}"
    yield f"    because  {_named(duty.get('why', ()))}"
    since = shown(duty["start_at"], clock_of(duty))
    yield f"    clock    from {since} ({_word(duty['start_fact'])})"
    yield f"    limit    {duty['limit']}, {_word(duty['counting'] or 'as the rule says')}"
    if duty["steps"]:
        yield "    counted:"
    for number, step in enumerate(duty["steps"], 1):
        yield f"      {number}. {step['en']}"
    if duty.get("due_reason"):
        yield f"    set by   {duty['due_set_by']}: {duty['due_reason']}"
    yield from _ways_it_ended(duty)


def _ways_it_ended(duty: Told) -> Iterator[str]:
    for filing in duty["filings"]:
        late = "late" if filing["late"] else "in time"
        yield (
            f"    filed    {shown(filing['sent_at'])} {late}, {_word(filing['kind'])} report by "
            f"{filing['by']} ({filing['channel']}), receipt {filing['receipt'] or 'none yet'}, "
            f"sha256 {filing['sha256']}"
        )
    for one in duty["determinations"]:
        yield (
            f"    nothing to file, {shown(one['at'])}: {_word(one['outcome'])}, signed by "
            f"{_named(one['signers'])}: {one['reason']}"
        )
    if (ended := duty.get("ended")) is not None:
        yield f"    ended    by {ended['authority']}, letter of {ended['granted_on']}"


def _act(act: Told, now: datetime) -> Iterator[str]:
    number = f" {act['number']}" if act["number"] else ""
    yield f"{act['id']}  {act['authority']} ({act['market']}): {_word(act['kind'])}{number}"
    yield f"    reached us {shown(act['received_at'])}"
    if act["waits"]:
        late = " overdue" if datetime.fromisoformat(act["answer_due_at"]) < now else ""
        yield f"    waits for our answer until {shown(act['answer_due_at'], act['market'])}{late}"
    elif act["answered_at"]:
        yield f"    answered {shown(act['answered_at'])}{' late' if act['late'] else ''}"
    else:
        yield "    no answer asked"


def _state(duty: Told) -> str:
    """Say how a duty stands: whether it is open, sure and verified, and whose time is over."""
    said = [_word(duty["status"])]
    if duty["open"] and duty["possible"]:
        said.append("possible: a person decides, the clock runs")
    if duty["open"] and not duty["counts"]:
        said.append("not verified: legal confirms first")
    if duty["overdue"]:
        said.append("overdue")
    if duty["own_target_passed"]:
        said.append(OURS_PASSED)
    return "; ".join(said)


def _due(duty: Told) -> str:
    if not duty["due_at"]:
        return duty["no_due_why"] or "not known yet"
    provisional = "; days off may still change" if duty["provisional"] else ""
    return f"{shown(duty['due_at'], clock_of(duty))} ({BASIS[duty['due_basis']]}{provisional})"


def _citation(duty: Told) -> str:
    parts = (duty.get("instrument", ""), duty.get("article", ""), duty.get("citation", ""))
    return " · ".join(dict.fromkeys(filter(None, parts))) or "no citation"


def _named(names: Any) -> str:
    return ", ".join(map(_word, names)) or "nothing was named"


def _word(code: str) -> str:
    return code.replace("_", " ")
