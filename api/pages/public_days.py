"""The day on which a notice went out, for readers of a language: on their clock, not on ours.

What belongs here: whose clock it is. What never does: how a day is written (domain/in_words.py).
"""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from activities.zones import HOME_ZONE
from domain.in_words import day_in
from domain.references import Clock
from services.notices import Notice

_HOME: Final = ZoneInfo(HOME_ZONE)


def day_out(found: Notice, language: str) -> str:
    """Write the day a notice went out, as its own words tell the time to readers of a language."""
    return day_in(language, _day(found, language))


def _day(found: Notice, language: str) -> date:
    here, _ = Clock(_at_home, "", markets=tuple(found.document["markets"])).told_by(language)
    return here(found.at).date()


def _at_home(at: datetime) -> datetime:
    return at.astimezone(_HOME)
