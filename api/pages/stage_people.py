"""The people around an incident as a reader sees them: team, meetings, legal holds, signatures.

What belongs here: choosing and ordering what the state holds. What never does: a rule.
"""

from typing import Final

from api.pages import blocks, room_blocks
from api.pages.items import thing_named
from api.pages.lens import Drawn
from api.pages.looking import View
from api.pages.plan import plan_blocks, proposed_changes
from api.pages.possible import act_link, may_now, roles_of
from api.pages.readable import Opened, Reading, command_of
from api.pages.signing import pending_rows
from api.pages.telling import sentence_of
from api.pages.whose_market import own_markets
from domain.agreed import agreed_line
from domain.message import COMMANDS
from domain.people import TEAM
from domain.state.people import Assignment, LegalHold, Meeting
from domain.values import PrivateText

ASSIGN: Final = "assign_role"


def private_texts(view: View) -> list[PrivateText]:
    """List the private texts that this page shows."""
    interests = [one.interest for one in view.state.people.interests if one.interest]
    return interests + room_blocks.private_texts(view)


def blocks_of(view: View, opened: Opened) -> list[Drawn]:
    """Give the people of the incident as blocks."""
    found = [*_pending(view), _team(view), _meetings(view), _holds(view), _outsiders(view)]
    found += room_blocks.room_blocks(view, opened)
    return [*found, _interests(view, opened), *_unconfirmed(view), *plan_blocks(view)]


def _pending(view: View) -> list[Drawn]:
    found: list[Drawn] = []
    for one in view.state.pending.values():
        title = f"{one.id} · {view.lens.sentence(one.title)}"
        rows = command_of(
            Reading(view.lens, {}, thing_named(view)), one.command
        ) + proposed_changes(view, one)
        found.append(blocks.pairs(title, rows, note=view.lens("waits for signatures")))
        found.append(blocks.signatures("", pending_rows(view, one)))
    return found


def proposal(view: View) -> list[Drawn]:
    """Give the roles of the plan's team that nobody carries here, with who holds them anyway."""
    state, names = view.state, view.lens.names
    spec = COMMANDS[ASSIGN]
    if view.as_of is not None or not may_now(view, roles_of(view, spec)):
        return []
    found = []
    for role in state.rules.plan.grades[state.report.grade].team:
        known = str(role) in state.people.roles or role not in TEAM
        if known or not names.holders(str(role)):
            continue
        person = view.lens.of_markets(str(role), own_markets(view))[0]
        deputies = [one.id for one in names.deputies(str(role)) if one.id != person]
        found.append(
            {
                "role": str(role),
                "title": view.lens.role(role),
                "person": person,
                "name": view.lens.person(person),
                "deputy": deputies[0] if deputies else "",
                "deputy_name": view.lens.person(deputies[0]) if deputies else "",
            }
        )
    return found


def _team(view: View) -> Drawn:
    lens, state = view.lens, view.state
    wanted = state.rules.plan.grades[state.report.grade].team
    named = state.people.roles
    order = [*(str(role) for role in wanted), *(r for r in named if r not in wanted)]
    rows = [_role(view, role, named.get(role)) for role in dict.fromkeys(order)]
    return blocks.table(
        lens("Team"),
        lens.each("Role", "Carried by", "Deputy", "State"),
        rows,
        note=lens("The roles that the plan asks for at this grade, and those named beside."),
        empty=lens("The plan asks for no team at this grade."),
        id="team",
    )


def _role(view: View, role: str, one: Assignment | None) -> list[blocks.Cell]:
    lens, absent = view.lens, view.state.people.absences.get(role)
    if one is None:
        holders = lens.listed(map(lens.person, lens.of_markets(role, own_markets(view))))
        deputies = lens.listed(lens.person(p.id) for p in lens.names.deputies(role))
        state: blocks.Cell = {"text": lens("by the company's list"), "tone": "neutral"}
        who: blocks.Cell = holders or None
        deputy = deputies or "–"
        acts = act_link(view, "assign_role", role) if role in TEAM else []
    else:
        who, deputy = lens.person(one.person), lens.person(one.deputy) if one.deputy else "–"
        accepted = one.accepted_at is not None
        word = lens("took the role") if accepted else lens("named, not accepted yet")
        state = {"text": word, "tone": "done" if accepted else "warning"}
        acts = act_link(view, "hand_over_role" if accepted else "accept_role", role)
    if absent is not None:
        state = {"text": lens("away; the deputy may act"), "tone": "warning", "icon": "warned"}
        acts = act_link(view, "mark_present", role)
    return [{"text": lens.role(role), "acts": acts}, who, deputy, state]


def _meetings(view: View) -> Drawn:
    lens = view.lens
    columns = lens.each("Meeting", "Took part", "What it decided", "Open points")
    return blocks.table(
        lens("Meetings"),
        columns,
        [_meeting(view, one) for one in reversed(view.state.people.meetings)],
        empty=lens("No meeting is recorded."),
        note=_agreed(view),
        id="meetings",
    )


def _agreed(view: View) -> str:
    line = agreed_line(view.state)
    if line is None:
        return ""
    return view.lens("The one agreed line: %(text)s", text=" ".join(line.messages))


def _meeting(view: View, one: Meeting) -> list[blocks.Cell]:
    lens = view.lens
    dissent = lens("Disagreed: %(text)s", text=one.dissent) if one.dissent else ""
    return [
        {
            "text": lens.words.of("MeetingKind", one.kind),
            "sub": lens.when(one.started_at),
            "href": f"{view.address}/ledger/{one.seq}",
        },
        lens.listed(lens.person(who) for who in one.attendees),
        {"text": "", "lines": _decided(view, one)} if one.decisions else "–",
        {"text": one.open_points or "–", "sub": dissent},
    ]


def _decided(view: View, one: Meeting) -> list[str]:
    """Tell what a meeting decided; to somebody from outside its numbers alone.

    It may have decided in stages that are closed to them.
    """
    if view.actor.is_from_outside:
        return [f"#{seq}" for seq in one.decisions]
    told = [entry for seq in one.decisions for entry in view.entries(seq, seq)]
    return [f"#{entry.seq} {sentence_of(view.lens, entry.event)}" for entry in told]


def _holds(view: View) -> Drawn:
    lens = view.lens
    columns = lens.each("Legal hold", "What must be kept", "Who keeps it", "State")
    return blocks.table(
        lens("Legal holds"),
        columns,
        [_hold(view, one) for one in view.state.people.holds.values()],
        empty=lens("No legal hold stands."),
        note=lens("While a hold stands, nothing that people told in this incident is erased."),
        id="holds",
    )


def _hold(view: View, one: LegalHold) -> list[blocks.Cell]:
    lens = view.lens
    missing = [who for who in one.custodians if who not in one.acknowledged]
    if one.released_at:
        state: blocks.Cell = {"text": lens("released"), "tone": "neutral"}
        acts: list[Drawn] = []
    else:
        waiting = lens("waits for %(names)s", names=lens.listed(map(lens.person, missing)))
        state = (
            {"text": waiting, "tone": "warning"}
            if missing
            else {"text": lens("stands, confirmed by all"), "tone": "done"}
        )
        acts = act_link(view, "acknowledge_legal_hold", one.id)
        acts += act_link(view, "release_legal_hold", one.id)
    return [
        {"text": one.id, "sub": lens.when(one.placed_at), "acts": acts},
        {"text": one.scope, "sub": lens.listed([*one.systems, *one.samples])},
        lens.listed(map(lens.person, one.custodians)),
        state,
    ]


def _outsiders(view: View) -> Drawn:
    lens = view.lens
    rows = []
    for one in view.state.people.outsiders.values():
        open_now = one.may_enter(lens.now) and view.state.review.closed_at is None
        acts = act_link(view, "end_invitation", one.person) if open_now else []
        until = lens("until %(when)s", when=lens.when(one.until_at))
        word = lens("invited") if open_now else lens("ended")
        rows.append(
            [
                {"text": lens.person(one.person), "sub": one.scope, "acts": acts},
                lens.listed(lens.word(stage) for stage in one.opened),
                {"text": word, "sub": until, "tone": "information" if open_now else "neutral"},
            ]
        )
    return blocks.table(
        lens("People from outside"),
        lens.each("Person", "May see", "State"),
        rows,
        empty=lens("Nobody from outside is invited."),
    )


def _interests(view: View, opened: Opened) -> Drawn:
    lens = view.lens
    rows: list[list[blocks.Cell]] = [
        [
            lens.person(one.person),
            opened.get(one.interest.ref, lens("sealed")) if one.interest else "–",
            lens.listed(one.released_lots) or "–",
        ]
        for one in view.state.people.interests
    ]
    return blocks.table(
        lens("Declared interests"),
        lens.each("Person", "What ties them to the matter", "Lots they released"),
        rows,
        empty=lens("Nobody has declared an interest."),
        note=lens("Who released a lot signs neither cause nor scope nor resumption."),
    )


def _unconfirmed(view: View) -> list[Drawn]:
    lens = view.lens
    rows: list[list[blocks.Cell]] = []
    for one in view.state.people.unconfirmed:
        acts = act_link(view, "confirm_recorded", str(one.first))
        rows.append(
            [
                {"text": f"#{one.first}–#{one.last}", "acts": acts},
                lens.person(one.scribe),
                lens.person(one.principal),
                lens.moment(one.confirm_by),
            ]
        )
    if not rows:
        return []
    columns = lens.each("Entries", "Recorded by", "For whom", "Confirm by")
    return [blocks.table(lens("Recorded for somebody, not confirmed yet"), columns, rows)]
