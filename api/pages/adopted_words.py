"""Who adopted a plan and when: what its own text says, and what the company's log says.

What belongs here: the same sentences for every page that tells of it. What never does: finding the
line (services/adoptions.py).
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from api.pages.lens import Lens

FIRST_START: Final = "first start"
"""Who a new installation says that it was, when it takes the plan that came with the release."""


def adopted_in_text(lens: Lens, on: date, by: Iterable[str]) -> str:
    """Say who adopted the plan and on which day, by the plan's own text."""
    names = lens.listed(map(lens.person, by))
    return lens("adopted on %(day)s by %(names)s", day=lens.day(on), names=names)


def in_use_since(lens: Lens, at: datetime | None, by: str | None) -> str:
    """Say when it was put into use here, and by whom, as the company's log has it."""
    if at is None:
        return lens("the company's log does not tell when it was put into use")
    if by == FIRST_START:
        return lens("in use here since %(when)s, by the first start", when=lens.when(at))
    named = {"when": lens.when(at), "name": lens.person(str(by or "")) or lens("nobody")}
    return lens("put into use here %(when)s by %(name)s", **named)
