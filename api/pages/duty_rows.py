"""One duty as a row of a table: its name, authority, clock, due time, state, and what is done next.

What belongs here: telling what the state holds of one duty. What never does: which duties stand
where (stage_notice.py, duty_groups.py), or a rule.
"""

from typing import Final

from activities.duty_words import basis_of
from activities.words import rule_place
from api.pages import blocks, duty_names, late_duties, packet_links
from api.pages.duty_places import duty_address
from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from api.pages.possible import act_link
from domain.regulation_terms import DutyStatus
from domain.state import PendingAct
from domain.state.notice import Duty
from domain.urgency import is_ours
from domain.values import Json

SHOWN: Final = {
    DutyStatus.OPEN: "information",
    DutyStatus.TOLD: "accent",
    DutyStatus.FILED: "done",
    DutyStatus.DETERMINED: "neutral",
    DutyStatus.ENDED: "neutral",
}

LATE: Final = {
    False: {"tone": "critical", "icon": "late"},
    True: {"tone": "warning", "icon": "warned"},
}
"""How a time that is over looks: a target of our own is not late as a limit of the law is."""


def duty_title(view: View, duty: Duty) -> str:
    """Name a duty in the reader's language: what is reported, and about whom."""
    return duty_names.duty_name(view.lens, duty)


def duty_name(view: View, duty: Duty) -> str:
    """Name a duty by its number and title."""
    return f"{duty.id} · {duty_title(view, duty)}"


def authority(view: View, duty: Duty) -> str:
    """Name the recipient of a duty."""
    return duty_names.authority_name(view.lens, duty)


def duty_row(view: View, duty: Duty) -> list[blocks.Cell]:
    """Give a duty as a row: what, to whom, since when, by when, and where it stands."""
    lens = view.lens
    return [
        {
            "id": f"duty-{duty.id}",
            "text": duty_name(view, duty),
            "href": duty_address(view, duty.id),
            "sub": f"{lens.market(duty.place or duty.market)} · {place_in_law(lens, duty)}",
            "acts": duty_acts(view, duty),
        },
        authority(view, duty),
        {"text": lens.when(duty.start_at), "sub": _started_by(view, duty)},
        _due(view, duty),
        state_of(view, duty),
    ]


def _started_by(view: View, duty: Duty) -> str:
    """Say which fact started the clock, and since when it was known here where that was later."""
    lens, fact = view.lens, view.lens.word(duty.start_fact)
    if not late_duties.began_before(view, duty):
        return fact
    known = lens.when(late_duties.known_at(view, duty))
    return lens("%(fact)s; known here since %(known)s", fact=fact, known=known)


def place_in_law(lens: Lens, duty: Duty) -> str:
    """Give the law and article of a duty's rule."""
    return rule_place(duty.rule, lens.words, lens.rules)


def _due(view: View, duty: Duty) -> blocks.Cell:
    lens = view.lens
    if duty.due_at is None:
        told = duty.no_due_why or (
            "" if duty.counts else lens("not verified: legal confirms first")
        )
        return {"text": lens("unknown"), "sub": lens.sentence(told)}
    moment = lens.due(duty.due_at, duty_names.clock_of(duty))
    basis = basis_of(lens.words, duty)
    late = duty.is_open and duty.due_at < lens.now
    sub = " · ".join(part for part in (moment.get("authority", ""), basis) if part)
    if duty.phone_at and duty.status is DutyStatus.OPEN:
        sub += " · " + lens("by phone %(when)s", when=lens.when(duty.phone_at))
    tone = "" if not late else "warning" if is_ours(duty) else "critical"
    return {"text": moment["text"], "sub": sub, "tone": tone, "icon": ""}


def state_of(view: View, duty: Duty) -> Drawn:
    """Say where a duty stands, in one word or few, with its tone."""
    lens = view.lens
    signing = _waits_for_signature(view, duty)
    if late_duties.is_over(duty, lens.now):
        return {"text": _over(view, duty), **LATE[is_ours(duty)], **signing}
    if signing:
        return {"text": lens("waits for signatures"), "tone": "warning", **signing}
    if duty.is_open and duty.possible:
        told = lens("possible: a person decides, the clock runs")
        return {"text": told, "tone": "warning", "icon": "warned"}
    word = lens.words.of("DutyStatus", str(duty.status))
    return {"text": word, "tone": SHOWN[duty.status], "sub": _ended_by(view, duty)}


def _over(view: View, duty: Duty) -> str:
    """Say that a time is over: of the law or of ours, and whether it was before it was known."""
    if late_duties.over_before(view, duty):
        return late_duties.state_of(view, duty)
    if is_ours(duty):
        return view.lens("our own target passed, still open")
    return view.lens("overdue, still open")


def _ended_by(view: View, duty: Duty) -> str:
    """Say whose letter ended a duty and of which day; nothing where none did."""
    lens, end = view.lens, duty.ended
    if end is None or duty.status is not DutyStatus.ENDED:
        return ""
    return lens("%(who)s, letter of %(day)s", who=end.authority, day=lens.day(end.granted_on))


def _waits_for_signature(view: View, duty: Duty) -> Drawn:
    """Name the act about a duty that somebody proposed and others are to sign; else nothing."""
    found = waiting_about(view, duty.id)
    told = ", ".join(f"{one.id} · {view.lens.sentence(one.title)}" for one in found)
    return {"sub": told} if found else {}


def waiting_about(view: View, duty: str) -> list[PendingAct]:
    """Give the acts about a duty that wait for signatures."""
    return [one for one in view.state.pending.values() if duty in about_duty(one.command)]


def about_duty(command: Json) -> list[str]:
    """Say which duty, and which rule, an act on the wire is about."""
    body = command["body"]
    return [str(body[name]) for name in ("duty", "rule") if body.get(name)]


def duty_acts(view: View, duty: Duty) -> list[Drawn]:
    """Give what this reader may do about a duty now, what is nearest first."""
    if not duty.is_open:
        names = ["review_determination"] if duty.status is DutyStatus.DETERMINED else []
        if any(not one.receipt for one in duty.filings):
            names.append("attach_receipt")
    elif duty.status is DutyStatus.TOLD:
        names = ["file_full"]
    else:
        names = ["file_first", "determine_not_reportable"]
        if duty.possible:
            names = ["confirm_reportable", "determine_not_reportable", "file_first"]
        if duty.due_at is None:
            names.append("set_due_by_hand")
    found = [link for name in names for link in act_link(view, name, duty.id)]
    packet = packet_links.to_packet(view, duty)
    found = found + packet if duty.possible and duty.is_open else packet + found
    if duty.is_open and not duty.counts:
        found = act_link(view, "confirm_rule_applies", duty.rule) + found
    return found
