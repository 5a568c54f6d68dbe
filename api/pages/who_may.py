"""Who may do an act, as its form tells it: the reader's own roles first, many others folded.

What belongs here: choosing and ordering roles and people. What never does: who may (`decide` has
the last word).
"""

from collections.abc import Sequence
from typing import Final

from api.pages.lens import Drawn
from api.pages.looking import View
from api.pages.possible import Possible, act_link, barred_from, possible
from api.pages.signing import may_sign, signers
from api.pages.whose_market import market_of
from domain.message import COMMANDS, CommandSpec
from domain.people import EVERYONE, Role
from domain.state import PendingAct

ROLES_SHOWN: Final = 6
PEOPLE_SHOWN: Final = 6

SIGN: Final = "sign_act"
REOPEN: Final = "reopen_incident"
ANSWERS: Final = frozenset({SIGN, "decline_act"})
"""Acts about a proposed act: those who may are its own signers, not the whole team."""

VETO: Final = (Role.QUALITY_SAFETY_RESPONSIBLE,)
"""Who may decline every act, beside those who could sign it."""


def who_may(view: View, one: Possible, item: str) -> Drawn:
    """Give who may do an act about something: `may` this reader, `roles` in one sentence.

    `shown` are the first of these roles and `rest` the others; `people` are `named` beside them
    where they are few.
    """
    pending = view.state.pending.get(item) if one.spec.name in ANSWERS else None
    if pending is not None:
        return _of_proposed(view, one.spec, pending, may=one.may)
    people = view.lens.holders(
        one.roles,
        limit=PEOPLE_SHOWN,
        market=market_of(view, item),
        without=barred_from(view, one.spec, item),
    )
    return {"may": one.may, "people": people, **roles_told(view, one.roles)}


def reopening(view: View, spec: CommandSpec) -> Drawn | None:
    """Say what opens a sealed incident again for an act, and who may; None where nothing has to.

    `acts` is the way there for a reader who may, `people` are the others.
    """
    if view.as_of is not None or view.state.review.closed_at is None or spec.name == REOPEN:
        return None
    acts, other = act_link(view, REOPEN), COMMANDS[REOPEN]
    people = view.lens.holders(possible(view, other).roles, limit=PEOPLE_SHOWN)
    return {"act": view.lens(other.title), "acts": acts, "people": [] if acts else people}


def _of_proposed(view: View, spec: CommandSpec, pending: PendingAct, *, may: bool) -> Drawn:
    """Give who may sign or decline a proposed act: by its open slots, and by name."""
    asked = {role for slot in pending.slots for role in slot}
    asked |= set(VETO) if spec.name != SIGN else set()
    roles = [str(role) for role in Role if role in asked]
    found = may and may_sign(view, pending) if spec.name == SIGN else may
    people = signers(view, pending, roles)[:PEOPLE_SHOWN]
    return {"may": found, "people": people, **roles_told(view, roles)}


def roles_told(view: View, roles: Sequence[str]) -> Drawn:
    """Give roles in one sentence, the first of them, and the rest to fold away."""
    lens = view.lens
    if set(roles) >= set(map(str, EVERYONE)):
        told = lens("Everybody in the company, except auditors and administrators")
        return {"roles": told, "shown": told, "rest": "", "more": 0, "named": False}
    own = {str(role) for role in view.actor.roles}
    ordered = sorted(roles, key=lambda role: role not in own)
    shown, rest = _cut(ordered)
    told = lens.roles(shown)
    return {
        "roles": lens("%(roles)s and %(n)s more roles", roles=told, n=len(rest)) if rest else told,
        "shown": told,
        "rest": lens.roles(rest),
        "more": len(rest),
        "named": not rest,
    }


def _cut(roles: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Part what is shown from what is folded; one alone is not worth folding."""
    shown = len(roles) if len(roles) <= ROLES_SHOWN + 1 else ROLES_SHOWN
    return roles[:shown], roles[shown:]
