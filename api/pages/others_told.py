"""Who else must be told and was told: insurer, partners, certification body, exchange, parent.

What belongs here: the plan's rows that came to hold, with their clocks, and the record of who was
told. What never does: a duty to an authority (stage_notice.py), or a rule. Nothing here is law.
"""

from api.pages import blocks
from api.pages.lens import Drawn
from api.pages.looking import View
from api.pages.possible import act_link
from domain.clock import parse_limit
from domain.state.notice import ToTell


def others_told(view: View) -> list[Drawn]:
    """Give who must be told by the plan, and who was told, as two tables."""
    return [_must(view), _were(view)]


def name_of(view: View, one: ToTell) -> str:
    """Name the part that somebody to be told has, in the reader's language."""
    return view.lens.words.pick(one.name_en, one.name_zh)


def _must(view: View) -> Drawn:
    lens = view.lens
    rows = [_row(view, one) for one in sorted(view.state.notice.to_tell, key=_urgency)]
    return blocks.table(
        lens("Who else must be told"),
        lens.each("Who", "Due", "Asked by", "State"),
        rows,
        empty=lens("No line of the plan asks for it yet."),
        note=lens("By contract or by our own plan, with our own times. None of this is law."),
        id="told",
    )


def _urgency(one: ToTell) -> tuple[bool, str, str]:
    return (not one.waits, str(one.due_at), one.plan_row)


def _row(view: View, one: ToTell) -> list[blocks.Cell]:
    lens = view.lens
    names = ("inform_partner", "tell_not_needed") if one.waits else ()
    return [
        {
            "text": name_of(view, one),
            "sub": lens.word(one.kind),
            "acts": [link for name in names for link in act_link(view, name, one.plan_row)],
        },
        {
            "text": lens.until(one.due_at),
            "sub": lens("%(limit)s, counted from %(start)s",
                        limit=lens.limit(parse_limit(one.within)), start=lens.when(one.start_at)),
            "tone": "critical" if one.waits and one.due_at < lens.now else "",
        },
        {"text": lens.roles(one.roles), "href": f"/plan?rules={view.state.rules.hash}#told"},
        _state(view, one),
    ]  # fmt: skip


def _state(view: View, one: ToTell) -> Drawn:
    lens = view.lens
    if one.told_at is not None:
        late = one.told_at > one.due_at
        told = lens("told late") if late else lens("told")
        tone = "warning" if late else "done"
        return {"text": told, "sub": lens.when(one.told_at), "tone": tone}
    if one.not_needed:
        by = lens.person(one.said_by)
        return {"text": lens("not needed here"), "sub": f"{by}: {lens.quoted(one.not_needed)}"}
    if one.due_at < lens.now:
        return {"text": lens("overdue, not told"), "tone": "critical", "icon": "late"}
    return {"text": lens("to be told"), "tone": "warning"}


def _were(view: View) -> Drawn:
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
