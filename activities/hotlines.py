"""The phone number that a market's readers can call, from the company's own list.

What belongs here: choosing the number for markets, and naming those that have none. What never
does: the list itself (domain/company.py). The number of the home market is no other market's: a
Chinese 800 or 400 number cannot be called from abroad.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from babel import Locale, UnknownLocaleError

from activities.words import REGIONS_ZH
from domain.in_words import row_in
from domain.markets import base_language, regimes_of


def number_for(about: Mapping[str, Any], market: str) -> str:
    """Give the number for a market: its own, that of its region, or the home market's at home."""
    rows = {row["market"]: row["number"] for row in about.get("hotlines", ())}
    if market in rows:
        return str(rows[market])
    if market == about.get("home_market", ""):
        return str(about.get("hotline", ""))
    return next((str(rows[one]) for one in sorted(regimes_of(market)) if one in rows), "")


def numbers_of(about: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """List the numbers of the company's list, each with the markets that it is given for."""
    found: dict[str, list[str]] = {}
    if about.get("hotline"):
        found[str(about["hotline"])] = [str(about.get("home_market", ""))]
    for row in about.get("hotlines", ()):
        found.setdefault(str(row["number"]), []).append(str(row["market"]))
    return {number: tuple(filter(None, markets)) for number, markets in found.items()}


def unreachable(about: Mapping[str, Any], markets: Iterable[str]) -> tuple[str, ...]:
    """Name the markets whose readers have no number to call."""
    return tuple(market for market in markets if not number_for(about, market))


def hotline(about: Mapping[str, Any], markets: Iterable[str], language: str) -> str:
    """Write the number for the readers of a text, each with its country where they differ.

    Nothing where one of the markets has none; the home market's while no market is known.
    """
    wanted = tuple(dict.fromkeys(markets)) or (str(about.get("home_market", "")),)
    if unreachable(about, wanted):
        return ""
    numbers = {market: number_for(about, market) for market in wanted}
    if len(set(numbers.values())) == 1:
        return numbers[wanted[0]]
    written = "{}（{}）" if base_language(language) in ("zh", "ja") else "{} ({})"
    named = (written.format(number, country(one, language)) for one, number in numbers.items())
    return row_in(base_language(language), named)


def country(market: str, language: str) -> str:
    """Name a market in the language of a text."""
    base = base_language(language)
    try:
        names: Mapping[str, str] = Locale.parse(base).territories
    except (UnknownLocaleError, ValueError):
        names = Locale.parse("en").territories
    return (REGIONS_ZH.get(market) if base == "zh" else None) or str(names.get(market, market))
