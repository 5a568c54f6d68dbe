"""What comes next with a duty: the reader's own act, or whose it is and why it is not theirs.

What belongs here: the beginning of a duty's page. What never does: a rule; the cards are those of
the page Now.
"""

from api.pages.duty_past import WholeDuty
from api.pages.duty_places import duty_address
from api.pages.duty_rows import duty_acts
from api.pages.lens import Drawn
from api.pages.looking import View
from api.pages.now import cards_about, may_do
from api.pages.possible import act_link, may_now, roles_of
from api.pages.who_may import roles_told
from domain.dispatch import Due
from domain.message import COMMANDS


def next_of(view: View, whole: WholeDuty) -> Drawn:
    """Give what waits about a duty as cards, and in a sentence why it is not the reader's."""
    duty, own = whole.duty, duty_address(view, whole.duty.id)
    items = {one.item for one in whole.clocks} | {duty.id}
    cards = [_without(card, own) for card in cards_about(view, items)]
    mine = [card for card in cards if card["mine"]]
    if mine:
        mine[0]["first"] = True
    return {
        "mine": mine,
        "others": [card for card in cards if not card["mine"]],
        "why_not": "" if mine else _why_not(view, whole),
        "left": [] if mine else _left(view, whole),
    }


def _without(card: Drawn, own: str) -> Drawn:
    """Leave out what leads to the page on which the card stands."""
    acts = [act for act in card["acts"] if act["href"] != own]
    return {**card, "acts": acts, "href": "" if card["href"] == own else card["href"]}


def _left(view: View, whole: WholeDuty) -> list[Drawn]:
    """Give what this reader may still do where nothing asks for it: a receipt, another look."""
    found = duty_acts(view, whole.duty)
    if not whole.duty.is_open:
        return found or act_link(view, "review_determination", whole.duty.id)
    return found


def _why_not(view: View, whole: WholeDuty) -> str:
    """Say why what is due is not this reader's to do; nothing where nothing is due.

    Whether a rule applies is asked once for all its duties: its own country is this duty's.
    """
    due: Due | None = next((one for one in whole.clocks if one.act in COMMANDS), None)
    market = whole.duty.place or whole.duty.market
    if due is None or may_do(view, due):
        return ""
    lens, spec = view.lens, COMMANDS[due.act]
    roles = frozenset(due.roles) & roles_of(view, spec, due.item) or frozenset(due.roles)
    told = roles_told(view, sorted(map(str, roles)))["roles"]
    if not may_now(view, roles):
        return lens("By the plan this belongs to: %(roles)s.", roles=told)
    if not lens.is_answered_by(view.visit.who.id, map(str, roles), market=market):
        return lens(
            "For %(place)s others answer; you may still act for them.", place=lens.place(market)
        )
    if due.item == whole.duty.rule:
        return ""  # the reader answers for this country: the act stands below
    return lens("It waits for something else first: a signature, or a decision on record.")
