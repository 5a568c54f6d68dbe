"""What must be decided or done now, sorted for this person.

What belongs here: pending signatures and dues as decision cards and clocks. What never does: what
is due (domain/agenda.py), or a text of an event.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from api.pages import duty_order, joining, late_duties, now_kinds, own_targets, steps, unruled
from api.pages.duty_places import duty_address, duty_link
from api.pages.lens import Drawn
from api.pages.looking import View, late_share
from api.pages.market_ends import open_points
from api.pages.now_channels import (
    TITLE_OF_CHANNELS,
    dozen_of,
    way_through,
    why_resuming,
)
from api.pages.possible import (
    act_link,
    barred_from,
    form_with,
    is_offered,
    is_open,
    may_now,
    roles_of,
)
from api.pages.signing import pending_card
from api.pages.slots import own_slots, people_asked
from api.pages.titles import title_of
from api.pages.whose_market import market_of
from domain.conditions import Missing
from domain.dispatch import Due
from domain.duty_clocks import duty_of, is_our_time
from domain.message import COMMANDS
from domain.people import TEAM, Role
from domain.record_needs import missing_before
from domain.state import PendingAct
from domain.state.notice import Duty
from domain.statement_lookup import open_blocks
from domain.team import missing_roles

WARNED_PERCENT: Final = 80
"""From this share of its time on a due is shown as soon due (the ladder's loud reminder)."""

COMPLETE: Final = "complete_recall"
APPROVE: Final = "approve_statement"

MINE_SHOWN: Final = 5
"""Decisions of the reader that stand open, before the rest is folded and counted by kind."""

OTHERS_SHOWN: Final = 5
"""Decisions that wait for somebody else, before the rest is folded away."""

PEOPLE_SHOWN: Final = 5

ASSIGN: Final = "assign_role"
NAMED_ROLES: Final = 4


def agenda(view: View) -> Drawn:
    """Give what waits for this person first, then what waits for others, soonest first."""
    cards = [pending_card(view, one) for one in view.state.pending.values()]
    urgent = steps.urgent(view)
    cards += [_due_card(view, group, urgent) for group in _asked(view, _unsigned(view))]
    cards += [*unruled.cards(view), *steps.cards(view), *joining.cards(view)]
    cards = _sorted(cards)
    mine = [card for card in cards if card["mine"]]
    others = [card for card in cards if not card["mine"]]
    if mine:
        mine[0]["first"] = True
    return {
        "mine": mine[:MINE_SHOWN],
        "more": mine[MINE_SHOWN:],
        "kinds": now_kinds.counted(view, mine[MINE_SHOWN:]),
        "others": others[:OTHERS_SHOWN],
        "rest": others[OTHERS_SHOWN:],
        "count": len(mine),
        "waiting": len(others),
        "since": view.lens.moment(view.state.last_at),
        "closed": view.state.review.closed_at is not None,
        "reopening": act_link(view, "reopen_incident"),
    }


def cards_about(view: View, items: Collection[str]) -> list[Drawn]:
    """Give what waits about some things alone, as on the page Now: the reader's own first."""
    urgent = steps.urgent(view)
    cards = [
        pending_card(view, one) for one in view.state.pending.values() if _item_of(one) in items
    ]
    asked = [due for due in _unsigned(view) if due.item in items]
    cards += [_due_card(view, group, urgent) for group in _asked(view, asked)]
    return _sorted(cards)


def _asked(view: View, dues: Sequence[Due]) -> list[list[Due]]:
    """Group dues for cards: one card for each duty, whatever clocks run over it."""
    state = view.state
    over = [due for due in dues if duty_of(state, due) is not None]
    others = [due for due in dues if duty_of(state, due) is None]
    return [*grouped(others, view.visit.who.id), *duty_order.gathered(state, over)]


def _sorted(cards: Iterable[Drawn]) -> list[Drawn]:
    """Put the reader's own first, then by time; duties among themselves by how far they bind."""
    found = sorted(cards, key=lambda card: (not card["mine"], card["sort"]))
    sides = [[card for card in found if card["mine"] is mine] for mine in (True, False)]
    return [card for side in sides for card in duty_order.in_order(side, _rank)]


def _rank(card: Drawn) -> duty_order.Rank | None:
    found: duty_order.Rank | None = card.get("rank")
    return found


def _item_of(pending: PendingAct) -> str:
    """Give what a proposed act is about; nothing where its command names nothing."""
    spec = COMMANDS[pending.command["type"]]
    return str(pending.command["body"].get(spec.item, "")) if spec.item else ""


def _unsigned(view: View) -> list[Due]:
    """List the dues without those that an act proposed already answers: it has its own card."""
    pending = view.state.pending.values()
    return [
        due
        for due in view.due()
        if due.act != "sign_act" and not any(_answers(one, due) for one in pending)
    ]


def _answers(pending: PendingAct, due: Due) -> bool:
    """Say whether a proposed act is the answer to a due, or what may be decided instead."""
    name = pending.command["type"]
    if name not in (due.act, *_INSTEAD.get(due.act, ())):
        return False
    item = COMMANDS[name].item
    return not due.item or item is None or _item_of(pending) == due.item


def grouped(dues: Iterable[Due], me: str) -> list[list[Due]]:
    """Group dues that one act answers, and those that come by the dozen; the order stays.

    What is asked of the reader by name stands for itself.
    """
    groups: dict[str, list[Due]] = {}
    for due in dues:
        same = f"{due.act}:{due.item}" if due.act and due.item else due.key
        same += ":mine" if due.person == me else ""
        groups.setdefault(dozen_of(due, me) or same, []).append(due)
    return list(groups.values())


def by_the_dozen(dues: Iterable[Due], me: str) -> list[list[Due]]:
    """Group only what comes by the dozen: every other clock stands for itself."""
    groups: dict[str, list[Due]] = {}
    for due in dues:
        groups.setdefault(dozen_of(due, me) or due.key, []).append(due)
    return list(groups.values())


# ---------------------------------------------------------------- dues


def _due_card(view: View, group: Sequence[Due], urgent: set[tuple[str, str]]) -> Drawn:
    due, lens = group[0], view.lens
    first = steps.FIRST if steps.goes_first(due, urgent) else ""
    mine, hinders = may_do(view, due), _hindrance(view, due)
    times = own_targets.times_of(view, group)
    card: Drawn = {
        "id": f"due-{due.key}",
        "title": _title(view, group),
        "why": hinders
        or " · ".join(filter(None, (why(view, due, times), _or_else(view, due, mine=mine)))),
        "hinders": hinders,
        "due": times[0]["due"] if times else lens.due(due.due_at),
        "due_what": times[0]["title"] if times else "",
        "sort": f"{first}{due.due_at.isoformat()}",
        "state": _state(view, due, mine=mine),
        "who": _people(view, group),
        "mine": mine,
        "href": "" if mine or view.as_of is not None else _place_of(view, due),
        "first": False,
        "silence": silence_of(view, due),
        "acts": _acts(view, group, mine=mine) if view.as_of is None else [],
        "signatures": [],
        "content": [],
        "also": times[1:] if times else _also(view, group),
        "kind": now_kinds.of_due(view, due),
        "rank": None if first else duty_order.rank_of(view.state, due),
    }
    return card


def _also(view: View, group: Sequence[Due]) -> list[Drawn]:
    """Give the further clocks over the same act; those over a duty have their own order."""
    if len({due.item for due in group}) > 1:
        return []
    return [
        {"title": title_of(view, due), "due": view.lens.due(due.due_at)}
        for due in group[1:]
        if due.due_at != group[0].due_at
    ]


def _title(view: View, group: Sequence[Due]) -> str:
    if group[0].act == ASSIGN and len(missing := unnamed(view)) <= NAMED_ROLES:
        if missing:
            return view.lens("Form the team; missing: %(roles)s", roles=view.lens.roles(missing))
        return view.lens("The team is named; it is complete when everybody has accepted")
    if len(group) == 1 or len({due.item for due in group}) == 1:
        return title_of(view, group[0])
    kind, n = group[0].key.split(":")[0], str(len(group))
    if kind in TITLE_OF_CHANNELS:
        return TITLE_OF_CHANNELS[kind](view, group)
    if kind == "accept_role":
        return view.lens("%(n)s people have not accepted their role yet", n=n)
    return view.lens(
        "%(what)s, and %(n)s more",
        what=title_of(view, group[0]),
        n=str(len(group) - 1),
    )


def why(view: View, due: Due, times: Sequence[Drawn] = ()) -> str:
    """Say since when something is asked for, and whether law or the company set the time.

    Of several `times` each says itself on what it rests.
    """
    lens = view.lens
    basis = "" if times else lens("limit of the law") if due.law else lens("company target")
    if told := why_resuming(view, due):
        return told
    duty, since = _known_late(view, due), lens.when(due.start_at)
    received = view.state.report.received_at
    if duty is not None:
        told = late_duties.why(view, duty)
    elif received is not None and due.start_at < received:
        told = lens("Its time counts since %(since)s, before the report came in", since=since)
    else:
        told = lens("Asked for since %(since)s", since=since)
    return " · ".join(filter(None, (told, basis)))


def _known_late(view: View, due: Due) -> Duty | None:
    """Give the duty that a due is a clock of, where its time was over before it was known."""
    duty = view.state.notice.duties.get(due.item)
    if duty is None or due.start_at != duty.start_at:
        return None
    return duty if late_duties.over_before(view, duty) else None


def _or_else(view: View, due: Due, *, mine: bool) -> str:
    """Say what the other decision waits for, where it cannot be taken yet."""
    lens, state = view.lens, view.state
    if mine and due.act == "accept_report" and state.halt.levels:
        return lens("To close it without an incident, lift the halt first.")
    if mine and due.act == "confirm_halt" and not state.investigation.evidence:
        return lens("To lift it instead, record evidence first.")
    return ""


def _hindrance(view: View, due: Due) -> str:
    """Say what stands in the way of a text or of the end of a recall, where something does."""
    points = _open_points(view, due)
    if points:
        return view.lens("Still open: %(what)s", what=" ".join(points))
    if earlier := [_earlier(view, one) for one in missing_before(view.state, due.act)]:
        return " ".join(earlier)
    if not is_blocked(view, due):
        return ""
    return view.lens("A wording rule, or a gap in it, holds this text: it must be changed first.")


def _earlier(view: View, missing: Missing) -> str:
    """Say which step comes first, and whom it waits for: its signers, or who may do it."""
    lens, name = view.lens, missing.met_by[0]
    act = lens(COMMANDS[name].title)
    for one in view.state.pending.values():
        if one.command["type"] == name:
            roles = lens.roles(role for role in Role if any(role in slot for slot in one.slots))
            return lens(
                "First “%(act)s”: it waits for the signature of %(who)s.", act=act, who=roles
            )
    chips = lens.holders(map(str, roles_of(view, COMMANDS[name])), PEOPLE_SHOWN)
    who = lens.listed(chip["name"] for chip in chips) or lens("nobody")
    told = lens.sentence(missing.sentence)
    return lens("%(told)s First “%(act)s”: %(who)s.", told=told, act=act, who=who)


def _state(view: View, due: Due, *, mine: bool) -> str:
    if due.due_at < view.lens.now:
        return "passed" if is_our_time(view.state, due) else "late"
    if not mine:
        return "waiting"
    share = late_share(due.start_at, due.due_at, view.lens.now)
    return "warned" if share >= WARNED_PERCENT else ""


def _people(view: View, group: Sequence[Due]) -> list[Drawn]:
    due, named = group[0], view.state.people.roles
    persons = dict.fromkeys(one.person for one in group if one.person)
    if due.act == ASSIGN and not unnamed(view):
        persons = dict.fromkeys(
            named[str(role)].person for role in missing_roles(view.state) if str(role) in named
        )
    if persons:
        return [view.lens.chip(person) for person in list(persons)[:PEOPLE_SHOWN]]
    text = view.state.statement.statements.get(due.item)
    if due.act == APPROVE and text is not None:
        return people_asked(view, text)
    spec = COMMANDS.get(due.act)
    barred = barred_from(view, spec, due.item) if spec is not None else ()
    market = market_of(view, due.item)
    return view.lens.holders(map(str, due.roles), market=market, without=barred)


def may_do(view: View, due: Due) -> bool:
    """Say whether this person is asked: by name, by a role held, or as a deputy by now.

    Whoever may not answer, whatever role they hold, is not asked: an author does not approve, and
    nobody confirms an own order.
    """
    if due.person:
        return due.person == view.visit.who.id
    spec = COMMANDS.get(due.act)
    if spec is None:
        return may_now(view, frozenset(due.roles))
    asks = _answering(view, due) if is_blocked(view, due) else (due.act,)
    is_settled = due.act == ASSIGN and not unnamed(view)
    can_answer = any(is_open(view, COMMANDS[name], due.item) for name in asks)
    if is_settled or not can_answer or _too_early(view, due):
        return False
    if due.act == APPROVE and due.item in view.state.statement.statements:
        return _is_own_part(view, due)
    roles = frozenset(due.roles) & roles_of(view, spec)
    return may_now(view, roles or frozenset(due.roles)) and _is_own_part(view, due)


def _open_points(view: View, due: Due) -> list[str]:
    """Say what is still open where a due asks to complete a recall in a market."""
    return open_points(view, due.item) if due.act == COMPLETE else []


def _too_early(view: View, due: Due) -> bool:
    """Say whether nobody is asked yet: something is open, and time for it is left."""
    share = late_share(due.start_at, due.due_at, view.lens.now)
    return share < WARNED_PERCENT and bool(_open_points(view, due))


def _is_own_part(view: View, due: Due) -> bool:
    """Say whether the market or language of a due is the reader's, or nobody's in particular."""
    text = view.state.statement.statements.get(due.item)
    if due.act == APPROVE and text is not None:
        return bool(own_slots(view, text))
    roles, market = map(str, due.roles), market_of(view, due.item)
    return view.lens.is_answered_by(view.visit.who.id, roles, market=market)


def _answering(view: View, due: Due) -> tuple[str, ...]:
    """Name the acts that answer a due, the usual one first; a blocked text is changed first."""
    if is_blocked(view, due):
        return ("revise_statement", "request_changes")
    return (due.act, *_INSTEAD.get(due.act, ()))


def is_blocked(view: View, due: Due) -> bool:
    """Say whether a text that should go on is held by a wording rule, or by a gap in it."""
    text = view.state.statement.statements.get(due.item)
    return due.act in steps.ON_A_TEXT and text is not None and bool(open_blocks(view.state, text))


def unnamed(view: View) -> tuple[Role, ...]:
    """List the roles of the team that nobody is named for yet."""
    named = view.state.people.roles
    return tuple(role for role in missing_roles(view.state) if str(role) not in named)


def silence_of(view: View, due: Due) -> str:
    """Say what happens when nobody answers, in the plan's words."""
    if not due.silence:
        return ""
    acts = view.state.rules.plan.acts
    return view.lens.word(acts[due.silence].silence) if due.silence in acts else ""


def _acts(view: View, group: Sequence[Due], *, mine: bool) -> list[Drawn]:
    """Give the ways to answer: the act with what it is about, and what may be decided instead."""
    due = group[0]
    stage = f"{view.address}/{due.stage}"
    if not mine:
        return []
    if due.act not in COMMANDS:
        return [{"text": view.lens("Look at it"), "href": stage}]
    if len({one.item for one in group}) > 1:
        return [way_through(view, stage, group)]
    if due.act == ASSIGN:
        return _naming(view, stage)
    found = [link for name in _answering(view, due) for link in act_link(view, name, due.item)]
    found = found or [{"text": view.lens("Look at it"), "href": stage}]
    return [*found, *duty_link(view, due.item)]


def _naming(view: View, stage: str) -> list[Drawn]:
    """Give the ways to people who are missing: named all at once, or invited from outside."""
    missing = unnamed(view)
    found = act_link(view, "invite_outsider") if Role.OUTSIDE_EXPERT in missing else []
    if any(role in TEAM for role in missing):
        found.insert(0, {"text": view.lens("Name the team"), "href": f"{stage}#team-form"})
    return found


_INSTEAD: Final = {
    "accept_report": ("close_report", "link_report"),
    "confirm_halt": ("lift_halt",),
    "order_halt": ("decide_against_halt",),
    "decide_recall": ("decide_no_recall",),
    "confirm_channel": ("take_over_channel",),
    "approve_statement": ("request_changes",),
    "confirm_reportable": ("determine_not_reportable", "file_first"),
}
"""What may be decided instead: a yes beside its no."""


# ---------------------------------------------------------------- clocks


def clocks(view: View, groups: Sequence[Sequence[Due]], whole: duty_order.Groups) -> list[Drawn]:
    """Give running clocks as bars; channels count as one. `whole`: all clocks of a duty, by key."""
    return [_clock(view, group, whole.get(group[0].key, group)) for group in groups]


def _clock(view: View, group: Sequence[Due], whole: Sequence[Due]) -> Drawn:
    due, lens = group[0], view.lens
    share = late_share(due.start_at, due.due_at, lens.now)
    late = "warned" if is_our_time(view.state, due) else "breached"
    state = late if due.due_at < lens.now else "running"
    if state == "running" and share >= WARNED_PERCENT:
        state = "warned"
    people = _people(view, group)
    who: Any = {"name": people[0]["name"]} if people else {"name": lens.roles(due.roles)}
    return {
        "name": _title(view, group),
        "state": state,
        "due": lens.due(due.due_at),
        "started": lens.moment(due.start_at),
        "share": max(share, 101) if state == "breached" else share,
        "href": _clock_address(view, due),
        "rule": " · ".join((_basis(view, due), *own_targets.targets_beside(view, whole))),
        "who": who,
    }


def _basis(view: View, due: Due) -> str:
    """Say who set a time, and since when it is known where that was only after its end."""
    lens, duty = view.lens, _known_late(view, due)
    basis = lens("limit of the law") if due.law else lens("company target")
    if duty is None:
        return basis
    known = lens.when(late_duties.known_at(view, duty))
    return f"{basis} · {lens('known here only since %(known)s', known=known)}"


def _clock_address(view: View, due: Due) -> str:
    """Give where a clock is answered: the form for who is asked, the stage for who looks on."""
    if view.as_of is not None:
        return ""
    spec = COMMANDS.get(due.act)
    asked = spec is not None and due.act != ASSIGN and may_do(view, due)
    if spec is not None and asked and is_offered(view, spec, due.item):
        return form_with(view, spec, due.item)
    return _place_of(view, due)


def _place_of(view: View, due: Due) -> str:
    """Give where a due is explained: the page of its duty, else its stage."""
    return duty_address(view, due.item) or f"{view.address}/{due.stage}"


def soonest(view: View) -> tuple[str, datetime | None]:
    """Name what is due next, and when: for the board."""
    found = duty_order.next_of(view.state, view.due())
    return (title_of(view, found), found.due_at) if found else ("", None)
