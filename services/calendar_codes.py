"""Whether the calendars that a plan and its rules name can be built here.

What belongs here: asking for each. What never does: building one (activities/calendars.py), or a
rule's own shape (domain/regulations.py).
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from activities.calendars import build_calendar
from domain.errors import FieldError, Malformed
from domain.markets import MEMBERS
from domain.regulations import OF_COUNTRY, RegulationFile

YEARS_AHEAD = 3
"""How many years after this one a pinned calendar reaches."""


def years_covered() -> tuple[int, int]:
    """Give the first and the last year of a calendar that is pinned now."""
    year = datetime.now(UTC).year
    return year - 1, year + YEARS_AHEAD


def unbuilt(path: str, code: str) -> tuple[FieldError, ...]:
    """Tell a calendar that cannot be built, under the path where it stands."""
    try:
        build_calendar(code, years_covered())
    except Malformed as refusal:
        return (FieldError(path, refusal.sentence),)
    return ()


def unbuilt_in(file: RegulationFile) -> Iterator[FieldError]:
    """Tell the rules of a file whose calendar cannot be built.

    Where the country decides, one country without a calendar is no fault of the file: a duty there
    has no due time until a person sets it (`countries_without`).
    """
    for number, rule in enumerate(file.rules):
        path = f"rules.{number}.calendar"
        if rule.calendar != OF_COUNTRY:
            yield from unbuilt(path, rule.calendar)
        elif set(countries_of(rule.market)) == set(countries_without(rule.market)):
            yield FieldError(path, f"No country of {rule.market} has a calendar here.")


def countries_of(market: str) -> tuple[str, ...]:
    """List the countries whose calendar `of_country` may stand for in a market."""
    return tuple(sorted(MEMBERS.get(market, (market,))))


def countries_without(market: str) -> tuple[str, ...]:
    """List the countries of a market for which no calendar can be built."""
    return tuple(country for country in countries_of(market) if unbuilt("", country))
