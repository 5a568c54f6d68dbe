"""Duties by rules that nobody has verified: no clock runs over them, and none may be passed over.

What belongs here: counting them, and the way to the first of them. What never does: whether a rule
is verified (domain/duty_verified.py).
"""

from collections.abc import Iterable

from api.pages import blocks
from api.pages.lens import Drawn
from api.pages.looking import View
from domain.state.notice import Duty


def unverified(duties: Iterable[Duty]) -> list[Duty]:
    """Give the open duties over which no clock runs, because legal has not confirmed their rule."""
    return [one for one in duties if one.is_open and not one.counts]


def more_unverified(view: View, duties: Iterable[Duty]) -> list[Drawn]:
    """Say how many more there are that are not verified, with the way to the first of them."""
    found = unverified(duties)
    if not found:
        return []
    told = view.lens.words.ngettext(
        "and %(n)s more that is not verified: legal confirms first",
        "and %(n)s more that are not verified: legal confirms first",
        len(found),
    )
    href = f"{view.address}/notice#duty-{found[0].id}"
    return [blocks.link(told % {"n": view.lens.number(len(found))}, href)]


def only_unverified(view: View, duties: Iterable[Duty]) -> str:
    """Say how many are not verified, where there is nothing else."""
    found = unverified(duties)
    told = view.lens.words.ngettext(
        "%(n)s duty is not verified: legal confirms first",
        "%(n)s duties are not verified: legal confirms first",
        len(found),
    )
    return told % {"n": view.lens.number(len(found))}
