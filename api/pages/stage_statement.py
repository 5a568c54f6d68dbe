"""Stage `statement` as a reader sees it: what the plan asks for, every text, enquiries, mentions.

What belongs here: choosing and ordering what the state holds. What never does: a rule, or a word of
a text. One text with its words, findings and approvals has its own page (statement.py).
"""

from typing import Final

from api.pages import blocks
from api.pages.hotline_words import hotlines
from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from api.pages.possible import act_link
from api.pages.readable import HASH_SHOWN, Opened
from domain.agreed import agreed_line
from domain.in_words import without_brackets
from domain.publication import languages_not_out
from domain.state.halt import HaltOrder
from domain.state.statement import AgreedLine, Enquiry, Statement, Status
from domain.statement_demand import Demand, demands, next_act
from domain.statement_text import LineWords
from domain.told_wrong import given_wrong
from domain.values import PrivateText

TONES: Final = {
    Status.DRAFT: "neutral",
    Status.IN_REVIEW: "accent",
    Status.CHANGES_REQUESTED: "warning",
    Status.APPROVED: "done",
    Status.SCHEDULED: "information",
    Status.PUBLISHING: "information",
    Status.PUBLISHED: "done",
    Status.CORRECTED: "warning",
    Status.SUPERSEDED: "neutral",
    Status.RETRACTED: "critical",
    Status.DROPPED: "neutral",
}


def private_texts(view: View) -> list[PrivateText]:
    """List the private texts that this page shows."""
    asked = view.state.statement.enquiries.values()
    return [text for one in asked for text in (one.asked_by, one.question) if text]


def blocks_of(view: View, opened: Opened) -> list[Drawn]:
    """Give the stage as blocks."""
    return [
        _texts(view),
        _asked_for(view),
        _agreed_line(view),
        hotlines(view),
        _enquiries(view, opened),
        _mentions(view),
    ]


def kind_name(view: View, kind: str) -> str:
    """Name a kind of text as the plan does."""
    row = view.state.rules.plan.statements.get(kind)
    return view.lens.words.pick(row.title_en, row.title_zh) if row else kind


def text_address(view: View, statement: str) -> str:
    """Give the page of a text; as of the past there is none."""
    return "" if view.as_of is not None else f"{view.address}/statement/texts/{statement}"


def _texts(view: View) -> Drawn:
    lens = view.lens
    texts = view.state.statement.statements.values()
    columns = lens.each("Text", "State", "Languages", "Approvals", "Where it is out", "Check")
    return blocks.table(
        lens("Texts"),
        columns,
        [_text(view, one) for one in texts],
        empty=lens("No text is written yet."),
        id="texts",
    )


def _text(view: View, one: Statement) -> list[blocks.Cell]:
    lens = view.lens
    title = lens.title_of(one)
    where = lens.listed(
        lens.words.of("Place", place.place)
        for place in one.places.values()
        if place.state == "published"
    )
    return [
        {
            "text": f"{one.id} · {title}",
            "href": text_address(view, one.id),
            "sub": kind_name(view, one.kind),
        },
        _standing(view, one),
        lens.listed(lens.language(each) for each in one.languages),
        _approvals(lens, one),
        where or "–",
        one.sha256[:HASH_SHOWN],
    ]


def _approvals(lens: Lens, one: Statement) -> str:
    """Say how many approvals a text has of those it needs; nothing before they are asked for."""
    if not one.slots:
        return lens("nobody signs it") if one.is_approved else "–"
    return lens("%(n)s of %(all)s", n=str(len(one.approvals)), all=str(len(one.slots)))


def _standing(view: View, one: Statement) -> blocks.Cell:
    """Say where a text stands; out in one language alone is not out in the others."""
    lens, flags = view.lens, len(one.flags)
    told = lens("version %(n)s", n=str(one.version))
    if flags:
        told = lens.words.ngettext("%(n)s flag", "%(n)s flags", flags) % {"n": flags}
    waiting = languages_not_out(one)
    if not waiting:
        return {"text": lens.word(one.status), "tone": TONES[one.status], "sub": told}
    out = lens.listed(lens.language(each) for each in one.languages if each not in waiting)
    rest = lens("not out in %(languages)s", languages=lens.listed(map(lens.language, waiting)))
    return {
        "text": lens("%(state)s in %(languages)s", state=lens.word(one.status), languages=out),
        "tone": "warning",
        "sub": f"{rest} · {told}",
    }


def _asked_for(view: View) -> Drawn:
    lens = view.lens
    return blocks.table(
        lens("What the plan asks for"),
        lens.each("Text", "What", "State"),
        [_demand(view, one) for one in demands(view.state)],
        empty=lens("The plan asks for no text at this grade and attention."),
        note=lens("Silence publishes nothing; it only goes up the ladder."),
    )


def _demand(view: View, one: Demand) -> list[blocks.Cell]:
    lens = view.lens
    due = None
    if one.limit is not None:
        due = view.state.rules.due_at(one.start_at, one.limit)
    if one.met and (order := _unwritten(view, one)) is not None:
        state: blocks.Cell = _told_by_order(view, order)
    elif one.met:
        state = {"text": lens("done"), "tone": "done", "icon": "done"}
    elif view.state.review.closed_at is not None:
        state = {"text": lens("was not done when the incident ended"), "tone": "warning"}
    else:
        late = due is not None and due < lens.now
        tone, icon = ("critical", "late") if late else ("information", "running")
        told = lens("due %(when)s", when=lens.until(due)) if due else lens("open")
        state = {"text": told, "tone": tone, "icon": icon}
    acts = [] if one.met else _next(view, one)
    return [
        {"text": kind_name(view, one.kind), "acts": acts},
        {"text": lens.words.of("demand", one.what), "sub": _for_which(view, one)},
        state,
    ]


def _unwritten(view: View, one: Demand) -> HaltOrder | None:
    """Give the halt whose own order stands for a text: the plan asks for it, nobody wrote it."""
    if any(s.kind == one.kind for s in view.state.statement.statements.values()):
        return None
    orders = (o for o in view.state.halt.orders if o.level == one.about and o.lifted_at is None)
    return min(orders, key=lambda order: order.seq, default=None)


def _told_by_order(view: View, order: HaltOrder) -> blocks.Cell:
    """Say that channels were told by the order to stop itself, and where that stands."""
    lens, entry = view.lens, str(order.seq)
    told = (
        lens("the order itself went to the channels with the halt, entry %(n)s", n=entry)
        if order.channels
        else lens("not written; the halt, entry %(n)s, had no channel to tell", n=entry)
    )
    return {"text": told, "tone": "information", "href": f"{view.address}/ledger/{entry}"}


def _for_which(view: View, one: Demand) -> str:
    """Say for which halt a text is to be ready: the plan may ask for it without one as well."""
    lens = view.lens
    if one.about not in view.state.halt.levels:
        return ""
    return lens("with the halt %(level)s", level=lens.level(one.about))


def _next(view: View, one: Demand) -> list[Drawn]:
    """Give the act that brings a demanded text on; each says what it does."""
    act, item, _roles = next_act(view.state, one)
    return act_link(view, act, item)


def _agreed_line(view: View) -> Drawn:
    lens, line = view.lens, agreed_line(view.state)
    if line is None:
        return blocks.words(lens("The one agreed line"), lens("No line is agreed yet."))
    by = lens.person(line.by) if line.by else lens("a meeting")
    rows: list[Drawn] = [
        {"label": lens("What we say"), "lines": list(line.messages)},
        *(
            {"label": lens.language(one.language), "text": _in_language(one)}
            for one in line.said_in
        ),
        {"label": lens("What we do not say"), "lines": _not_said(lens, line) or ["–"]},
        {"label": lens("Who speaks"), "text": line.spokesperson or "–"},
        {"label": lens("Questions and answers"), "lines": _answers(lens, line) or ["–"]},
        {"label": lens("Set by"), "text": by, "moment": lens.moment(line.at)},
    ]
    title = lens("The one agreed line, version %(n)s", n=str(line.version))
    if not line.by:
        title = lens("The one agreed line")
    return blocks.pairs(title, rows, id="agreed-line")


def _not_said(lens: Lens, line: AgreedLine) -> list[str]:
    own = (f"{one.phrase} ({_named(lens, one.language)})" for one in line.not_said_in)
    return [*line.do_not_say, *own]


def _answers(lens: Lens, line: AgreedLine) -> list[str]:
    return [f"{one.question} → {one.answer} ({_named(lens, one.language)})" for one in line.answers]


def _named(lens: Lens, language: str) -> str:
    return without_brackets(lens.language(language))


def _in_language(words: LineWords) -> str:
    return " · ".join(filter(None, (words.value, words.spokesperson)))


def _enquiries(view: View, opened: Opened) -> Drawn:
    lens = view.lens
    return blocks.table(
        lens("Questions from outside"),
        lens.each("Question", "Who asked", "Deadline", "Answered"),
        [_enquiry(view, one, opened) for one in view.state.statement.enquiries.values()],
        empty=lens("Nobody has asked yet."),
        id="enquiries",
    )


def _enquiry(view: View, one: Enquiry, opened: Opened) -> list[blocks.Cell]:
    lens = view.lens
    question = opened.get(one.question.ref, "") if one.question else ""
    wrong = given_wrong(view.state, one)
    acts = act_link(view, "answer_enquiry", one.id) if wrong or not one.answers else []
    if one.answers:
        last = one.answers[-1]
        answered: blocks.Cell = {
            "text": lens("with %(text)s", text=f"{last.statement} v{last.version}"),
            "sub": f"{lens.person(last.by)} · {lens.when(last.at)}",
            "tone": "done",
        }
        if wrong is not None:
            answered |= {
                "tone": "critical" if wrong.is_urgent else "warning",
                "lines": [lens.sentence(wrong.title)],
            }
    else:
        answered = {"text": lens("not answered yet"), "tone": "warning"}
    return [
        {"text": f"{one.id} · {one.topic}", "sub": question, "acts": acts},
        {"text": opened.get(one.asked_by.ref, lens("sealed")), "sub": one.medium},
        lens.due(one.answer_due_at) if one.answer_due_at else "–",
        answered,
    ]


def _mentions(view: View) -> Drawn:
    lens, state = view.lens, view.state.statement
    rows: list[list[blocks.Cell]] = [
        [
            lens.moment(one.at),
            one.medium,
            {"text": one.what, "sub": one.link},
        ]
        for one in reversed(state.mentions)
    ]
    return blocks.table(
        lens("Where the public speaks about it"),
        lens.each("When", "Medium", "What is said"),
        rows,
        empty=lens("Nothing is recorded."),
        note=lens("%(n)s in all", n=str(state.mentions_counted)) if state.mentions_counted else "",
    )
