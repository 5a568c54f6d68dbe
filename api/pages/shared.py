"""To whom a text was shown before its publication, as the console tells it.

What belongs here: the rows and names of previews. What never does: who may share or withdraw
(domain/previews.py), or the page that an outsider sees (preview.py).
"""

from typing import Final

from api.forms import Option
from api.pages import blocks
from api.pages.lens import Drawn
from api.pages.looking import View
from api.pages.possible import act_link, may_now, roles_of
from api.pages.words_opened import opened_texts
from domain.message import COMMANDS
from domain.previews import Shows, shows, withdrawable
from domain.state.statement import Preview, Statement
from services.previews import path_of

TONES: Final = {Shows.OPEN: "warning", Shows.BLOCKED: "critical", Shows.OUT: "done"}
LIVE: Final = frozenset({Shows.OPEN, Shows.BLOCKED, Shows.OUT})
"""While a preview is one of these its address is of use to whoever may share."""


def shared(view: View, one: Statement) -> list[Drawn]:
    """Give the previews of a text as a block, the newest first; nothing where there is none."""
    if not one.previews:
        return []
    lens = view.lens
    names = opened_texts(view, (each.whom for each in one.previews), "text", one.id)
    spec = COMMANDS["share_preview"]
    may_share = may_now(view, roles_of(view, spec, one.id))
    rows = [
        [
            {"text": f"{each.number} · {names.get(each.whom.ref, lens('sealed'))}",
             "sub": f"{lens.person(each.by)}, {lens.when(each.at)}"},
            lens.moment(each.until),
            _state(view, one, each),
            _address(view, one, each) if may_share else "–",
        ]
        for each in reversed(one.previews)
    ]  # fmt: skip
    return [
        blocks.table(
            lens("Shared before publication"),
            lens.each("To whom", "Embargo until", "State", "Link"),
            rows,
            note=lens("Whoever has a link may read; send it to that person alone."),
            id="previews",
        )
    ]


def _state(view: View, one: Statement, each: Preview) -> blocks.Cell:
    lens, now = view.lens, view.lens.now
    told = shows(view.state, one, each, now)
    sub = ""
    if each.withdrawn_by:
        who = lens.person(each.withdrawn_by)
        sub = lens("%(name)s: %(why)s", name=who, why=each.reason)
    acts = act_link(view, "withdraw_preview", one.id) if each in withdrawable(one, now) else []
    return {"text": lens.word(told), "tone": TONES.get(told, "neutral"), "sub": sub, "acts": acts}


def _address(view: View, one: Statement, each: Preview) -> blocks.Cell:
    """Give the address, made anew for whoever may share it; none for what shows nothing."""
    if shows(view.state, one, each, view.lens.now) not in LIVE:
        return "–"
    house = view.visit.house
    path = path_of(house, view.row.id, one.id, each)
    return {"text": f"{house.settings.console_url}{path}", "href": path}


def previews_to_withdraw(view: View, one: Statement) -> list[Option]:
    """Offer the previews that a person can still close, by whom they were shared with."""
    lens, found = view.lens, withdrawable(one, view.lens.now)
    names = opened_texts(view, (each.whom for each in found), "text", one.id)
    return [
        {
            "value": str(each.number),
            "label": f"{each.number} · {names.get(each.whom.ref, lens('sealed'))}",
            "help": lens.until(each.until),
        }
        for each in found
    ]
