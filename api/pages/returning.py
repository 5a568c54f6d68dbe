"""Where a form leads to when it has counted: back to the page it was opened from, and what it kept.

What belongs here: the way back, the entries an act led to, the draft that has arrived. What never
does: an address of another house; only pages of the same incident are led back to.
"""

import re
from typing import Final

from starlette.requests import Request

from api.pages.lens import Drawn
from api.pages.looking import View
from api.pages.possible import form_address
from api.pages.referring import page_before
from api.pages.telling import sentence_of, tell_of
from domain.message import CommandSpec
from domain.stages import SEVEN_STAGES, Stage

BACK: Final = "back"
"""The form's own field for the page it was opened from, below the incident."""

_PAGES: Final = re.compile(
    "|".join(
        [*(str(stage) for stage in (*SEVEN_STAGES, Stage.PEOPLE)), r"statement/texts/\w{1,20}"]
    )
)
_SENT: Final = re.compile(r"[\w./%-]{1,200}")
SHOWN: Final = 40
"""So many entries of one press are told; naming a team makes a dozen."""


def opened_from(request: Request, view: View) -> str:
    """Say from which page of the incident a form was opened, or nothing when from elsewhere."""
    return below(view, page_before(request))


def below(view: View, path: str) -> str:
    """Give the part of an address below the incident, when it is a page that acts lead back to."""
    rest = path.removeprefix(f"{view.address}/")
    return rest if rest != path and _PAGES.fullmatch(rest) else ""


def page_after(view: View, back: str, spec: CommandSpec, item: str, seqs: tuple[int, int]) -> str:
    """Give the page that an act leads to, with what to tell on it."""
    place = f"{view.address}/{back}" if _PAGES.fullmatch(back) else view.address
    sent = form_address(view, spec, item).removeprefix(f"{view.address}/")
    return f"{place}?done={seqs[0]}-{seqs[1]}&sent={sent}"


def done_of(view: View) -> Drawn:
    """Give the entries that an act led to (`?done=12-14`) and the draft that has arrived."""
    query = view.visit.request.query_params
    return {
        "items": _entries(view, query.get("done", "")),
        "draft": _draft(view, query.get("sent", "")),
        "ledger": f"{view.address}/ledger",
    }


def _entries(view: View, told: str) -> list[Drawn]:
    first, _, last = told.partition("-")
    if not (first.isascii() and first.isdigit() and last.isdigit()) or len(told) > 20:
        return []
    until = min(int(last), int(first) + SHOWN, view.state.size)
    return [
        {
            "seq": entry.seq,
            "text": sentence_of(view.lens, entry.event),
            "ill": tell_of(entry.event).kind in ("refused", "overdue"),
        }
        for entry in view.entries(int(first), until)
    ]


def _draft(view: View, sent: str) -> str:
    return f"{view.address}/{sent}" if _SENT.fullmatch(sent) else ""
