"""What the address of the duties asks for: filters, view, day, month and page, as people type it.

What belongs here: reading an address, and saying what of it was not understood. What never does:
which duties there are, or a page.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from api.pages.duty_days import find_on, read_day
from api.pages.duty_month import read_month, this_month
from api.pages.lens import Lens
from domain.errors import Malformed
from domain.markets import MEMBERS
from domain.people import Actor
from services import duties
from services.countries import countries
from services.duties import Choice, Found
from services.house import House

ALL: Final = "all"
OWN: Final = "own"
OVERDUE: Final = "overdue"
PASSED: Final = "passed"
MONTH: Final = "month"
DAY_PATTERN: Final = r"^(\d{4}-\d{2}-\d{2})?$"
WORDS_SHOWN: Final = 40

_INCIDENT: Final = re.compile(r"[A-Za-z0-9-]{1,40}")
_PAGE: Final = re.compile(r"[0-9]{1,5}")


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What stands in the address, as it stands there."""

    mine: str = ""
    market: str = ""
    incident: str = ""
    time: str = ""
    view: str = ""
    month: str = ""
    day: str = ""
    page: str = ""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked for: the filters, the view, and the day, month or page that is meant."""

    mine: str = ALL
    market: str = ALL
    incident: str = ALL
    time: str = ALL
    view: str = ""
    month: str = ""
    day: str = ""
    page: str = "0"

    @property
    def filters(self) -> dict[str, str]:
        """Give the filters, as the form holds them."""
        return {
            "mine": self.mine, "market": self.market, "incident": self.incident, "time": self.time
        }  # fmt: skip

    @property
    def is_filtered(self) -> bool:
        """Say whether something is left out."""
        return bool(self.day) or any(value != ALL for value in self.filters.values())

    @property
    def is_of_one(self) -> bool:
        """Say whether the duties of one incident alone are asked for."""
        return self.incident != ALL

    def address(self, **more: str) -> str:
        """Give the address of the page with these filters, and what else is to stand in it."""
        return "/duties?" + urlencode({**self.filters, **more})

    @property
    def choice(self) -> Choice:
        """Give the choice that is asked of the rows, whatever the day."""
        return Choice(
            mine=self.mine == OWN,
            market="" if self.market == ALL else self.market,
            incident="" if self.incident == ALL else self.incident,
            overdue=self.time == OVERDUE,
            passed=self.time == PASSED,
        )

    def find(
        self, house: House, actor: Actor, lens: Lens, *, limit: int | None, offset: int = 0
    ) -> Found:
        """Give the rows that are asked for. Raises Malformed for a day that is none."""
        on = read_day(self.day)
        if on is None:
            return duties.find(house, actor, self.choice, limit=limit, offset=offset)
        found = find_on(house, actor, self.choice, lens, (on, on))
        shown = found.by_day.get(on, ())[offset:][:limit]
        return Found(rows=duties.whole(house, actor, shown), counted=found.counted)


def understood(lens: Lens, typed: Typed) -> tuple[Asked, list[str]]:
    """Read an address; what cannot be read is left out, and said in a line of its own each."""
    kept: dict[str, str] = {}
    notes: list[str] = []
    for name, words in vars(typed).items():
        if words and not _CAN_BE_READ[name](words):
            notes.append(_not_understood(lens, name, words))
        elif words:
            kept[name] = words
    return Asked(**kept), notes


def _is_day(words: str) -> bool:
    try:
        return re.fullmatch(DAY_PATTERN, words) is not None and read_day(words) is not None
    except Malformed:
        return False


_CAN_BE_READ: Final[Mapping[str, Callable[[str], bool]]] = {
    "mine": lambda words: words in (ALL, OWN),
    "market": lambda words: words == ALL or words in countries() or words in MEMBERS,
    "incident": lambda words: _INCIDENT.fullmatch(words) is not None,
    "time": lambda words: words in (ALL, OVERDUE, PASSED),
    "view": lambda words: words == MONTH,
    "month": lambda words: read_month(words) is not None,
    "day": _is_day,
    "page": lambda words: _PAGE.fullmatch(words) is not None,
}


def _not_understood(lens: Lens, name: str, words: str) -> str:
    """Say which word of the address was not understood, and what is shown instead."""
    label, shown = {
        "mine": (lens("Whose"), lens("All")),
        "market": (lens("Market"), lens("All markets")),
        "incident": (lens("Incident"), lens("All incidents")),
        "time": (lens("Which"), lens("All that are open")),
        "view": (lens("View"), lens("List")),
        "month": (lens("Month"), this_month(lens).name(lens)),
        "day": (lens("Day"), lens("All days")),
        "page": (lens("Page"), lens("the first page")),
    }[name]
    said = "".join(one for one in words if one.isprintable())[:WORDS_SHOWN]
    return lens(
        "%(what)s: “%(typed)s” was not understood. Shown instead: %(shown)s.",
        what=label, typed=said, shown=shown,
    )  # fmt: skip
