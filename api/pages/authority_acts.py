"""What authorities did to us, act by act: what each asks, by when, what we answered, what is next.

What belongs here: the list and a block for each act, with the words from its entry. What never
does: a rule or a time of its own, or duties of law (stage_notice.py).
"""

from typing import Any

from api.authority_help import HELP
from api.pages import blocks
from api.pages.lens import Drawn
from api.pages.looking import View
from api.pages.possible import act_link
from domain.state.notice import AuthorityAct


def authority_acts(view: View) -> list[Drawn]:
    """Give the list of what authorities did, then a block for each: what waits for us first."""
    acts = sorted(view.state.notice.acts.values(), key=_urgency)
    return [_list(view, acts), *(_block(view, one) for one in acts)]


def _urgency(one: AuthorityAct) -> tuple[bool, str, int]:
    waits = one.waits or one.may_object
    dues = [at for at in (one.answer_due_at, one.objection_due_at) if at is not None]
    return (not waits, str(min(dues)) if waits else "", -one.seq)


# ---------------------------------------------------------------- the list


def _list(view: View, acts: list[AuthorityAct]) -> Drawn:
    lens = view.lens
    columns = lens.each("Act", "Authority", "Reached us", "Answer due", "State")
    return blocks.table(
        lens("What authorities did"),
        columns,
        [_row(view, one) for one in acts],
        empty=lens("No authority has acted."),
        id="authority-acts",
    )


def _row(view: View, one: AuthorityAct) -> list[blocks.Cell]:
    lens = view.lens
    acts = act_link(view, "answer_authority", one.id) if one.waits else []
    return [
        {"text": f"{one.id} · {lens.word(one.kind)}", "sub": one.number, "acts": acts},
        {"text": one.authority, "sub": lens.market(one.market)},
        lens.moment(one.received_at),
        lens.due(one.answer_due_at, one.market) if one.answer_due_at else "–",
        _state(view, one),
    ]


def _state(view: View, one: AuthorityAct) -> Drawn:
    lens = view.lens
    if one.withdrawn is not None:
        return {"text": lens("recorded by mistake"), "tone": "neutral"}
    if one.answered_at:
        tone = "warning" if one.late else "done"
        return {"text": lens("answered"), "sub": lens.when(one.answered_at), "tone": tone}
    if one.waits:
        late = one.answer_due_at is not None and one.answer_due_at < lens.now
        told = lens("answered in part, more is due") if one.parts else lens("waits for our answer")
        return {"text": told, "tone": "critical" if late else "warning"}
    return {"text": lens("no answer asked"), "tone": "neutral"}


# ---------------------------------------------------------------- one act


def _block(view: View, one: AuthorityAct) -> Drawn:
    """Show one act: the reader's next act first; folded where nothing is to be done for it."""
    lens = view.lens
    rows = [
        _next(view, one),
        {"label": lens("What it says or asks"), "text": _quoted(view, one.seq, "words")},
        *_dues(view, one),
        *_help(view, one),
        *_answers(view, one),
        *_objection(view, one),
        {"label": lens("Files"), "lines": [file.what for file in one.files]},
        *_mistake(view, one),
    ]
    title = f"{one.id} · {lens.word(one.kind)} · {one.authority}"
    shown = [row for row in rows if row.get("text") or row.get("lines") or row.get("acts")]
    block = blocks.pairs(title, shown, id=f"act-{one.id}")
    is_open = one.waits or one.may_object
    return block if is_open else blocks.folded(block, brief=str(_state(view, one)["text"]))


def _next(view: View, one: AuthorityAct) -> Drawn:
    names = [
        *(["answer_authority"] if one.waits else []),
        *(["settle_objection"] if one.may_object else []),
        "extend_answer",
        "attach_to_authority_act",
        "withdraw_authority_act",
    ]
    acts = [link for name in names for link in act_link(view, name, one.id)]
    return {"label": view.lens("What you can do"), "acts": acts}


def _dues(view: View, one: AuthorityAct) -> list[Drawn]:
    """Say by when, on the reader's clock and on the authority's, and which times held before."""
    lens = view.lens
    rows: list[Drawn] = []
    for label, at in (
        (lens("Answer due"), one.answer_due_at),
        (lens("Objection or re-test until"), one.objection_due_at),
    ):
        if at is not None:
            due = lens.due(at, one.market)
            rows.append({"label": label, "text": due["text"], "note": due.get("authority", "")})
    old = [lens.until(at) if at else lens("no time") for at in one.old_dues]
    return [*rows, {"label": lens("Due before that"), "lines": old}]


def _help(view: View, one: AuthorityAct) -> list[Drawn]:
    """Say what to do, who goes and what to bring, as long as something is to be done."""
    if not one.stands or one.answered_at is not None:
        return []
    lens, told = view.lens, HELP[one.kind]
    return [
        {"label": lens("What to do"), "text": lens(told.do)},
        {"label": lens("Who"), "text": lens(told.who) if told.who else ""},
        {"label": lens("What to bring or attach"), "text": lens(told.bring) if told.bring else ""},
    ]


def _answers(view: View, one: AuthorityAct) -> list[Drawn]:
    """Give each answer with its words as sent, a part of it said as that."""
    lens = view.lens
    rows = [
        {
            "label": lens("Answered in part"),
            "text": _quoted(view, part.seq, "text") or lens("a file"),
            "note": f"{lens.when(part.sent_at)} · {part.channel}",
        }
        for part in one.parts
    ]
    if one.answered_at is not None and one.answered_seq is not None:
        late = lens("late") if one.late else lens("in time")
        rows.append(
            {
                "label": lens("Answered"),
                "text": _quoted(view, one.answered_seq, "text") or lens("a file"),
                "note": f"{lens.when(one.answered_at)} · {late}",
            }
        )
    return rows


def _objection(view: View, one: AuthorityAct) -> list[Drawn]:
    lens, said = view.lens, one.objected
    if said is None:
        return []
    told = lens("objected, or asked for a re-test") if said.asked else lens("no objection")
    who = f"{lens.person(said.by)}, {lens.when(said.at)}: {lens.quoted(said.reason)}"
    return [{"label": lens("Objection or re-test"), "text": told, "note": who}]


def _mistake(view: View, one: AuthorityAct) -> list[Drawn]:
    lens, gone = view.lens, one.withdrawn
    if gone is None:
        return []
    who = f"{lens.person(gone.by)}, {lens.when(gone.at)}"
    return [{"label": lens("Recorded by mistake"), "text": lens.quoted(gone.reason), "note": who}]


def _quoted(view: View, seq: int, field: str) -> str:
    """Give somebody's words from their entry, in quotation marks; nothing where there are none."""
    found = view.entries(seq, seq)
    text: Any = getattr(found[0].event, field, "") if found else ""
    return view.lens.quoted(text) if text else ""
