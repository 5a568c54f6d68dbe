"""Reservations that people put on the record when they signed; only the entries hold them.

What belongs here: finding them for an act. What never does: judging them.
"""

from api.pages.lens import Drawn
from api.pages.looking import View
from domain.acts import ActSigned


def dissents(view: View, act: str) -> list[str]:
    """Give the reservations under a proposed act, each with who had it."""
    return [
        view.lens.named_line(view.lens.person(one.signature.person), one.dissent)
        for one in _signed(view)
        if one.act == act and one.dissent
    ]


def act_before(view: View, seq: int) -> str:
    """Give the act whose last signature led to an entry, or nothing."""
    for entry in reversed(view.entries(max(1, seq - 20), seq)):
        if isinstance(entry.event, ActSigned) and entry.event.complete:
            return entry.event.act
    return ""


def _signed(view: View) -> list[ActSigned]:
    return [one.event for one in view.entries() if isinstance(one.event, ActSigned)]


def dissent_rows(view: View, act: str) -> list[Drawn]:
    """Give the reservations as a row to be shown, or none."""
    found = dissents(view, act)
    return [{"label": view.lens("Reservations on the record"), "lines": found}] if found else []
