"""Stage `notice` as a reader sees it: every duty with its clock and why, acts of authorities.

What belongs here: choosing and ordering what the state holds, and reading a due time's derivation
from its entry. What never does: a rule or a deadline of its own.
"""

from dataclasses import replace
from typing import Final

from activities.duty_words import basis_of
from activities.words import rule_place
from api.pages import blocks, late_duties
from api.pages.drawing import deadline, deadlines
from api.pages.filing_names import filing_kind
from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from api.pages.people_told import people_rows
from api.pages.possible import act_link
from api.pages.readable import HASH_SHOWN, Opened
from api.pages.rules_beside import beside_rules
from api.pages.unruled import without_duty
from api.pictures import Deadline
from domain.duties import DutyArisen, DutyDue
from domain.errors import Malformed
from domain.limits import parse_limit
from domain.regulation_terms import DutyStatus
from domain.state import PendingAct
from domain.state.notice import AuthorityAct, Duty
from domain.values import PrivateText

SHOWN: Final = {
    DutyStatus.OPEN: "information",
    DutyStatus.TOLD: "accent",
    DutyStatus.FILED: "done",
    DutyStatus.DETERMINED: "neutral",
    DutyStatus.ENDED: "neutral",
}

CLOCKS: Final = ("duty", "duty_phone", "duty_target")
"""The clocks over a filing, by how their keys begin: the due time, and our own earlier ones."""


def private_texts(_view: View) -> list[PrivateText]:
    """Give none: counsel's views stand sealed in the entries."""
    return []


def blocks_of(view: View, _opened: Opened) -> list[Drawn]:
    """Give the stage as blocks."""
    lens, notice = view.lens, view.state.notice
    duties = sorted(notice.duties.values(), key=_urgency)
    found = [_duties(view, duties), *without_duty(view)]
    drawn = _deadlines(view)
    if drawn:
        found.append(blocks.picture(deadlines(view, "duty-deadlines", drawn)))
    found += [_duty_details(view, duty) for duty in duties if duty.is_open]
    found += [_filed(view, duties), _acts(view)]
    if notice.classes:
        found.append(_classes(view))
    found.append(_partners(view))
    if any(duty.status is DutyStatus.DETERMINED for duty in duties):
        found.append(_determined(view, duties))
    found += beside_rules(view)
    return [block for block in found if block] or [blocks.words("", lens("Nothing here yet."))]


def _urgency(duty: Duty) -> tuple[bool, bool, str, str]:
    return (not duty.is_open, duty.due_at is None, str(duty.due_at), duty.id)


def duty_title(view: View, duty: Duty) -> str:
    """Name a duty in the reader's language: what is reported, and about whom."""
    title = view.lens.words.pick(duty.title_en, duty.title_zh)
    subject, _, number = duty.subject.partition("/")
    if subject != "incident":
        return f"{title} · {duty.subject}"
    return view.lens("%(what)s, no. %(n)s", what=title, n=number) if number else title


def authority(view: View, duty: Duty) -> str:
    """Name the recipient of a duty."""
    return view.lens.words.pick(duty.authority_en, duty.authority_zh)


def _duties(view: View, duties: list[Duty]) -> Drawn:
    lens = view.lens
    columns = lens.each("Duty", "Authority", "Clock started", "Due", "State")
    return blocks.table(
        lens("Duties to tell an authority"),
        columns,
        [_duty(view, duty) for duty in duties],
        empty=lens("No rule asks for a report yet. Rules are looked at again with every new fact."),
        note=lens("Each has its own clock, and one for each hurt person where the law counts so."),
        id="duties",
    )


def _deadlines(view: View) -> list[Deadline]:
    """Give the clocks over filings that run: the same as on the cards, our own targets too."""
    found, lens = [], view.lens
    for due in view.due():
        kind, duty = due.key.split(":")[0], view.state.notice.duties.get(due.item)
        if duty is None or kind not in CLOCKS:
            continue
        beside = {"duty_phone": lens("by phone"), "duty_target": lens("our earlier target")}
        name = " · ".join(filter(None, (duty.id, beside.get(kind), duty_title(view, duty))))
        drawn = deadline(lens, name, due.start_at, due.due_at)
        known = late_duties.known_at(view, duty)
        found.append(replace(drawn, known_at=known) if known >= due.due_at else drawn)
    return found


def _duty(view: View, duty: Duty) -> list[blocks.Cell]:
    lens = view.lens
    return [
        {
            "text": f"{duty.id} · {duty_title(view, duty)}",
            "sub": f"{lens.market(duty.place or duty.market)} · {_place(lens, duty)}",
            "acts": _duty_acts(view, duty),
        },
        authority(view, duty),
        {"text": lens.when(duty.start_at), "sub": _started_by(view, duty)},
        _due(view, duty),
        _state(view, duty),
    ]


def _started_by(view: View, duty: Duty) -> str:
    """Say which fact started the clock, and since when it was known here where that was later."""
    lens, fact = view.lens, view.lens.word(duty.start_fact)
    if not late_duties.began_before(view, duty):
        return fact
    known = lens.when(late_duties.known_at(view, duty))
    return lens("%(fact)s; known here since %(known)s", fact=fact, known=known)


def _place(lens: Lens, duty: Duty) -> str:
    """Give the law and article of a duty's rule."""
    return rule_place(duty.rule, lens.words, lens.rules)


def _due(view: View, duty: Duty) -> blocks.Cell:
    lens = view.lens
    if duty.due_at is None:
        told = duty.no_due_why or (
            "" if duty.counts else lens("not verified: legal confirms first")
        )
        return {"text": lens("unknown"), "sub": lens.sentence(told)}
    moment = lens.due(duty.due_at, duty.market)
    basis = basis_of(lens.words, duty)
    late = duty.is_open and duty.due_at < lens.now
    sub = " · ".join(part for part in (moment.get("authority", ""), basis) if part)
    if duty.phone_at and duty.status is DutyStatus.OPEN:
        sub += " · " + lens("by phone %(when)s", when=lens.when(duty.phone_at))
    return {"text": moment["text"], "sub": sub, "tone": "critical" if late else "", "icon": ""}


def _state(view: View, duty: Duty) -> Drawn:
    lens = view.lens
    signing = _waits_for_signature(view, duty)
    if late_duties.over_before(view, duty):
        told = late_duties.state_of(view, duty)
        return {"text": told, "tone": "critical", "icon": "late", **signing}
    if duty.is_open and duty.due_at is not None and duty.due_at < lens.now:
        return {"text": lens("overdue, still open"), "tone": "critical", "icon": "late", **signing}
    if signing:
        return {"text": lens("waits for signatures"), "tone": "warning", **signing}
    if duty.is_open and duty.possible:
        told = lens("possible: a person decides, the clock runs")
        return {"text": told, "tone": "warning", "icon": "warned"}
    word = lens.words.of("DutyStatus", str(duty.status))
    return {"text": word, "tone": SHOWN[duty.status], "sub": _ended_by(view, duty)}


def _ended_by(view: View, duty: Duty) -> str:
    """Say whose letter ended a duty and of which day; nothing where none did."""
    lens, end = view.lens, duty.ended
    if end is None or duty.status is not DutyStatus.ENDED:
        return ""
    return lens("%(who)s, letter of %(day)s", who=end.authority, day=lens.day(end.granted_on))


def _waits_for_signature(view: View, duty: Duty) -> Drawn:
    """Name the act about a duty that somebody proposed and others are to sign; else nothing."""
    found = [one for one in view.state.pending.values() if _about_duty(one) == duty.id]
    told = ", ".join(f"{one.id} · {view.lens.sentence(one.title)}" for one in found)
    return {"sub": told} if found else {}


def _about_duty(one: PendingAct) -> str:
    """Say which duty a proposed act is about, or nothing."""
    body = one.command["body"]
    return str(body.get("duty", "")) if isinstance(body, dict) else ""


def _duty_acts(view: View, duty: Duty) -> list[Drawn]:
    if not duty.is_open:
        names = ["review_determination"] if duty.status is DutyStatus.DETERMINED else []
        if any(not one.receipt for one in duty.filings):
            names.append("attach_receipt")
    elif duty.status is DutyStatus.TOLD:
        names = ["file_full"]
    else:
        names = ["file_first", "determine_not_reportable"]
        if duty.possible:
            names.insert(0, "confirm_reportable")
        if duty.due_at is None:
            names.append("set_due_by_hand")
    found = [link for name in names for link in act_link(view, name, duty.id)]
    if duty.is_open and not duty.counts:
        found = act_link(view, "confirm_rule_applies", duty.rule) + found
    return found


def _duty_details(view: View, duty: Duty) -> Drawn:
    """Explain an open duty: which rule, why it applies, and how its due time was counted."""
    lens = view.lens
    arisen = _event(view, duty.seq)
    rows: list[Drawn] = []
    if isinstance(arisen, DutyArisen):
        citation = " · ".join(
            part for part in (arisen.instrument, lens.sentence(arisen.article)) if part
        )
        rows += [
            {
                "label": lens("Rule"),
                "text": citation or _place(lens, duty),
            },
            {
                "label": lens("Because"),
                "text": lens.listed(lens.words.of("trigger", one) for one in arisen.why),
            },
        ]
    rows += late_duties.rows_of(view, duty)
    rows += people_rows(lens, view.state.report)
    limit = lens("at once") if duty.is_immediate else _limit(lens, duty.limit)
    rows += [
        {"label": lens("Time allowed"), "text": limit, "note": lens.word(duty.force)},
        {"label": lens("Who must file"), "text": lens.listed(map(lens.word, duty.obliged))},
        {"label": lens("How it was counted"), "lines": derivation(view, duty)},
    ]
    if not duty.verified:
        rows.insert(
            0, {"label": lens("Caution"), "text": lens("Nobody has verified this rule yet.")}
        )
    shown = [row for row in rows if row.get("text") or row.get("lines")]
    return blocks.pairs(f"{duty.id} · {duty_title(view, duty)}", shown, id=f"duty-{duty.id}")


def _limit(lens: Lens, text: str) -> str:
    """Write the limit that a rule or legal gave; one that is no amount of time stays as given."""
    try:
        return lens.limit(parse_limit(text))
    except Malformed:
        return text


def derivation(view: View, duty: Duty) -> list[str]:
    """Give every step that led to a due time, from the entry that holds it."""
    told = _event(view, duty.due_seq) if duty.due_seq else None
    if not isinstance(told, DutyDue):
        return []
    return [view.lens.words.pick(*pair) for pair in zip(told.steps_en, told.steps_zh, strict=False)]


def _event(view: View, seq: int) -> object:
    found = view.entries(seq, seq)
    return found[0].event if found else None


def _filed(view: View, duties: list[Duty]) -> Drawn:
    lens = view.lens
    rows: list[list[blocks.Cell]] = []
    for duty in duties:
        for filing in duty.filings:
            late: Drawn = {"text": lens("late"), "tone": "critical"}
            rows.append(
                [
                    {"text": f"{duty.id} · {duty_title(view, duty)}", "sub": authority(view, duty)},
                    filing_kind(lens, duty, filing.kind)
                    + (f" · {lens('spoken')}" if filing.spoken else ""),
                    {"text": lens.when(filing.sent_at), "sub": filing.channel},
                    late if filing.late else {"text": lens("in time"), "tone": "done"},
                    {"text": filing.receipt or lens("none yet"), "sub": lens.person(filing.by)},
                    {
                        "text": filing.sha256[:HASH_SHOWN],
                        "href": f"{view.address}/ledger/{filing.seq}",
                    },
                ]
            )
    columns = lens.each("Duty", "Report", "Sent", "In time?", "Receipt", "Text as sent")
    return blocks.table(
        lens("Filed"), columns, rows, empty=lens("Nothing is filed yet."), id="filed"
    )


def _determined(view: View, duties: list[Duty]) -> Drawn:
    lens = view.lens
    rows: list[list[blocks.Cell]] = [
        [
            {"text": f"{duty.id} · {duty_title(view, duty)}"},
            lens.word(one.outcome),
            lens.quoted(one.reason),
            {"text": lens.listed(map(lens.person, one.signers)), "sub": lens.when(one.at)},
            lens.due(one.review_at) if one.review_at else "–",
        ]
        for duty in duties
        for one in duty.determinations
    ]
    columns = lens.each("Duty", "Determined", "Reason", "Signed by", "Looked at again")
    return blocks.table(lens("Nothing to file, by two people"), columns, rows, id="determined")


def _acts(view: View) -> Drawn:
    lens = view.lens
    columns = lens.each("Act", "Authority", "Reached us", "Answer due", "State")
    return blocks.table(
        lens("What authorities did"),
        columns,
        [_act(view, one) for one in view.state.notice.acts.values()],
        empty=lens("No authority has acted."),
        id="authority-acts",
    )


def _act(view: View, one: AuthorityAct) -> list[blocks.Cell]:
    lens = view.lens
    if one.answered_at:
        state: Drawn = {
            "text": lens("answered"),
            "sub": lens.when(one.answered_at),
            "tone": "warning" if one.late else "done",
        }
    elif one.waits:
        late = one.answer_due_at is not None and one.answer_due_at < lens.now
        state = {"text": lens("waits for our answer"), "tone": "critical" if late else "warning"}
    else:
        state = {"text": lens("no answer asked"), "tone": "neutral"}
    acts = act_link(view, "answer_authority", one.id) if one.waits else []
    return [
        {"text": f"{one.id} · {lens.word(one.kind)}", "sub": one.number, "acts": acts},
        {"text": one.authority, "sub": lens.market(one.market)},
        lens.moment(one.received_at),
        lens.due(one.answer_due_at, one.market) if one.answer_due_at else "–",
        state,
    ]


def _classes(view: View) -> Drawn:
    lens = view.lens
    rows: list[list[blocks.Cell]] = [
        [
            {"text": lens.named("product", one.product), "sub": one.line},
            lens.word(one.assigned),
            lens.word(one.expected),
            lens.moment(one.at),
        ]
        for one in view.state.notice.classes.values()
    ]
    columns = lens.each("Product line", "The authority's class", "What we expected", "Since")
    return blocks.table(lens("Class of the recall"), columns, rows)


def _partners(view: View) -> Drawn:
    lens = view.lens
    rows: list[list[blocks.Cell]] = [
        [
            {"text": one.name, "sub": lens.word(one.kind)},
            lens.moment(one.told_at),
            one.channel,
            lens.person(one.by),
        ]
        for one in view.state.notice.partners
    ]
    return blocks.table(
        lens("Who else was told"),
        lens.each("Who", "When", "How", "By"),
        rows,
        empty=lens("No partner, insurer or body was told yet."),
        note=lens("By contract, never by the rules of the law."),
    )
