"""Where a form leads to when it has counted: back to the page it was opened from, and what it kept.

What belongs here: the way back, the entries an act led to, the draft that has arrived. What never
does: an address of another house; only pages of the same incident are led back to.
"""

import re
from typing import Final

from starlette.requests import Request

from api.pages.last_look import LOOK
from api.pages.lens import Drawn
from api.pages.looking import View
from api.pages.possible import form_address
from api.pages.referring import asked_before, page_before
from api.pages.telling import sentence_of, tell_of
from domain.message import CommandSpec
from domain.rooms import RoomOpened
from domain.stages import SEVEN_STAGES, Stage
from domain.state.statement import Status
from domain.statement import StatementDrafted
from domain.statement_lookup import open_blocks

BACK: Final = "back"
"""The form's own field for the page it was opened from, below the incident."""

_PAGES: Final = re.compile(
    "|".join(
        [
            *(str(stage) for stage in (*SEVEN_STAGES, Stage.PEOPLE)),
            r"statement/texts/\w{1,20}",
            r"statement/\w{1,20}/revise_statement",
            r"statement/draft_statement\?kind=\w{1,40}",
        ]
    )
)
DRAFTING: Final = "statement/draft_statement"
_SENT: Final = re.compile(r"[\w./%-]{1,200}")
NAMED: Final = 3
"""So many phrases are named that keep a text from being handed in; of more it says how many."""

SHOWN: Final = 40
"""So many entries of one press are told; naming a team makes a dozen."""


def opened_from(request: Request, view: View) -> str:
    """Say from which page of the incident a form was opened, or nothing when from elsewhere.

    Whoever records a fact that a text lacks comes back to the form of that text.
    """
    path = page_before(request)
    if path == f"{view.address}/{DRAFTING}":
        kind = request.query_params.get("kind", "") or asked_before(request, "kind")
        path += f"?kind={kind}"
    return below(view, path)


def below(view: View, path: str) -> str:
    """Give the part of an address below the incident, when it is a page that acts lead back to."""
    rest = path.removeprefix(f"{view.address}/")
    return rest if rest != path and _PAGES.fullmatch(rest) else ""


def page_after(
    view: View,
    back: str,
    spec: CommandSpec,
    item: str,
    seqs: tuple[int, int],
    *,
    hand_in: bool = False,
) -> str:
    """Give the page that an act leads to, with what to tell on it.

    `hand_in` says that a text was to be handed in by the same press.
    """
    back = back if _PAGES.fullmatch(back) else str(Stage.HALT) if spec.name == LOOK else ""
    place = f"{view.address}/{back}" if back else view.address
    sent = form_address(view, spec, item).removeprefix(f"{view.address}/")
    more = "&hand_in=1" if hand_in else ""
    joined = "&" if "?" in place else "?"
    return f"{place}{joined}done={seqs[0]}-{seqs[1]}&sent={sent}{more}"


def done_of(view: View) -> Drawn:
    """Give the entries that an act led to (`?done=12-14`) and the draft that has arrived."""
    query = view.visit.request.query_params
    return {
        "items": _entries(view, query.get("done", ""), hand_in="hand_in" in query),
        "draft": _draft(view, query.get("sent", "")),
        "ledger": f"{view.address}/ledger",
    }


def _entries(view: View, told: str, *, hand_in: bool) -> list[Drawn]:
    first, _, last = told.partition("-")
    if not (told.isascii() and first.isdigit() and last.isdigit()) or len(told) > 20:
        return []
    until = min(int(last), int(first) + SHOWN, view.state.size)
    found = []
    for entry in view.entries(int(first), until):
        ill = tell_of(entry.event).kind in ("refused", "overdue")
        found.append({"seq": entry.seq, "text": sentence_of(view.lens, entry.event), "ill": ill})
        if isinstance(entry.event, RoomOpened):
            href = f"{view.address}/rooms/{entry.event.room}"
            found[-1]["way"] = {"href": href, "text": view.lens("Link and code of the room")}
        if hand_in and isinstance(entry.event, StatementDrafted):
            found += _kept_as_draft(view, entry.seq, entry.event)
    return found


def _kept_as_draft(view: View, seq: int, made: StatementDrafted) -> list[Drawn]:
    """Say that a text was to be handed in and was not, while that is so, and what keeps it."""
    text = view.state.statement.statements.get(made.statement)
    if text is None or text.status is not Status.DRAFT or text.version != made.version:
        return []
    lens, keeps = view.lens, open_blocks(view.state, text)
    phrases = list(dict.fromkeys(one.matched for one in keeps if one.matched))
    named = lens.listed(f"“{one}”" for one in phrases[:NAMED])
    if len(phrases) > NAMED:
        named = lens("%(names)s and %(n)s more", names=named, n=str(len(phrases) - NAMED))
    if not named:
        reasons = dict.fromkeys(lens.sentence(one.reason).strip() for one in keeps)
        told = lens(
            "%(text)s was kept as a draft and is not handed in, because nobody could approve it: "
            "%(reasons)s Mend that, then hand it in.",
            text=made.statement,
            reasons=" ".join(reasons),
        )
        return [{"seq": seq, "text": told, "ill": True}]
    told = lens(
        "%(text)s was kept as a draft and is not handed in: nobody could approve it with "
        "%(phrases)s. Mend that, then hand it in.",
        text=made.statement,
        phrases=named,
    )
    return [{"seq": seq, "text": told, "ill": True}]


def _draft(view: View, sent: str) -> str:
    return f"{view.address}/{sent}" if _SENT.fullmatch(sent) else ""
