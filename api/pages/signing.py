"""Acts that wait for signatures: their cards, who signed, who could.

What belongs here: reading a proposed act for the page. What never does: who may sign
(domain/acts.py); `decide` has the last word.
"""

from collections.abc import Iterable
from typing import Final

from api.pages.all_or_named import RESUME
from api.pages.dissent import dissent_rows
from api.pages.filing_names import act_title
from api.pages.items import item_name, thing_named
from api.pages.lens import Drawn
from api.pages.looking import View
from api.pages.people_choices import WITNESSES
from api.pages.plan import proposed_changes
from api.pages.possible import address_of, may_now
from api.pages.readable import Reading, command_of
from api.pages.seen_by_signers import seen_rows
from api.pages.selling_again import goods_named
from api.pages.whose_market import market_of_act
from api.words import humanised
from domain.conditions import barred_people, item_of
from domain.message import COMMANDS, command_from_wire
from domain.named import named_signers
from domain.people import Role
from domain.plan_terms import Silence
from domain.state import PendingAct

_TOLD_BY: Final = {"link_report": "incident"}
"""The field that tells two acts apart where an act is about no single thing of the incident."""


def pending_card(view: View, pending: PendingAct) -> Drawn:
    """Give the card of an act that waits for signatures."""
    lens = view.lens
    slots = frozenset(role for slot in pending.slots for role in slot)
    mine = may_sign(view, pending) and view.visit.who.id not in _elsewhere(view, pending)
    due = pending.due_at
    return {
        "id": f"act-{pending.id}",
        "title": lens("Sign or decline: %(title)s", title=_title(view, pending)),
        "why": lens(
            "%(name)s proposed it %(when)s as %(id)s.",
            name=lens.person(pending.proposed_by),
            when=lens.when(pending.proposed_at),
            id=pending.id,
        ),
        "due": lens.due(due) if due else None,
        "sort": (due or pending.proposed_at).isoformat(),
        "state": "late" if due and due < lens.now else "" if mine else "waiting",
        "who": signers(view, pending, (str(role) for role in Role if role in slots)),
        "mine": mine,
        "href": "",
        "first": False,
        "silence": _pending_silence(view, pending),
        "acts": _signing_acts(view, pending, mine=mine),
        "signatures": pending_rows(view, pending),
        "content": [
            *seen_rows(view, pending),
            *command_of(Reading(lens, {}, thing_named(view)), pending.command),
            *proposed_changes(view, pending),
            *_reserved(view, pending),
        ],
        "also": [],
    }


def _title(view: View, pending: PendingAct) -> str:
    """Name a proposed act with the thing it is about, so that two of them are told apart."""
    spec = COMMANDS[pending.command["type"]]
    item = str(pending.command["body"].get(spec.item or _TOLD_BY.get(spec.name, ""), ""))
    is_own = pending.title == spec.title
    said = act_title(view, spec, item) if is_own else view.lens.sentence(pending.title)
    named = item_name(view, spec, item) if item else ""
    return f"{said} ({named})" if named and named not in said else said


def _reserved(view: View, pending: PendingAct) -> list[Drawn]:
    """Show the reservations of those who signed already; the proposer alone can have none."""
    return dissent_rows(view, pending.id) if len(pending.signatures) > 1 else []


def signers(view: View, pending: PendingAct, roles: Iterable[str]) -> list[Drawn]:
    """Give who can sign a proposed act in some roles: nobody who signed, proposed or is barred."""
    return view.lens.holders(
        roles,
        market=market_of_act(view, pending),
        without=_may_not_sign(view, pending) | _elsewhere(view, pending),
    )


def may_sign(view: View, pending: PendingAct) -> bool:
    """Say whether this person could fill an open slot: never twice, never the one who proposed."""
    if view.visit.who.id in _may_not_sign(view, pending):
        return False
    return any(may_now(view, frozenset(slot)) for slot in pending.slots)


def _may_not_sign(view: View, pending: PendingAct) -> set[str]:
    """Name who signed already, who proposed, and whom the plan bars."""
    found = {name for one in pending.signatures for name in (one.person, one.on_behalf_of) if name}
    rule = view.state.rules.plan.act(pending.key, view.state.report.grade)
    about = item_of(command_from_wire(pending.command))
    return found | set(barred_people(view.state, rule.barred, about))


def _elsewhere(view: View, pending: PendingAct) -> set[str]:
    """Name whom an act does not let sign: it names its signers, or those who were there.

    Of those who were there only where one of them can sign as the witness.
    """
    named = named_signers(command_from_wire(pending.command))
    if named is not None:
        return set(view.lens.names.people) - named
    command, name = WITNESSES
    if pending.command["type"] != command:
        return set()
    present = set(pending.command["body"].get(name, ()))
    asked = {str(role) for slot in pending.slots for role in slot}
    people = view.lens.names.people.values()
    can = any(p.id in present and p.active and asked & set(p.roles) for p in people)
    return {p.id for p in people if p.id not in present} if can else set()


def _signing_acts(view: View, pending: PendingAct, *, mine: bool) -> list[Drawn]:
    if view.as_of is not None:
        return []
    sign = address_of(view, "sign_act", pending.id)
    if not mine:
        return [{"text": view.lens("Read what is to be signed"), "href": sign}]
    decline = address_of(view, "decline_act", pending.id)
    return [
        {"text": view.lens("Read and sign"), "href": sign},
        {"text": view.lens("Decline, with a reason"), "href": decline},
    ]


def _pending_silence(view: View, pending: PendingAct) -> str:
    try:
        return view.lens.word(Silence(pending.silence))
    except ValueError:
        return humanised(pending.silence)


def pending_rows(view: View, pending: PendingAct) -> list[Drawn]:
    """Give the signatures of a proposed act: those that stand, then those waited for."""
    lens, market = view.lens, market_of_act(view, pending)
    barred = _may_not_sign(view, pending) | _elsewhere(view, pending)
    is_resumed = pending.command["type"] == RESUME
    meant = goods_named(view, pending.command["body"]) if is_resumed else ""
    rows: list[Drawn] = [
        {
            "person": lens.chip(one.person, one.role),
            "state": "signed",
            "meaning": lens.named_line(lens(one.meaning), meant) if meant else lens(one.meaning),
            "at": lens.moment(one.at),
        }
        for one in pending.signatures
    ]
    for slot in pending.slots:
        roles = [str(role) for role in slot]
        people = lens.holders(roles, limit=3, market=market, without=barred)
        rows.append(
            {
                "person": {
                    "name": lens.listed(one["name"] for one in people) or lens("nobody"),
                    "role": lens.listed(dict.fromkeys(one["role"] for one in people))
                    or lens.roles(roles),
                },
                "state": "waiting",
                "meaning": "",
            }
        )
    return rows
