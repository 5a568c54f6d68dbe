"""The gate of a text as its page tells it: before it goes out, and as it was answered when it did.

What belongs here: the rows, and the ways to what closes a gap. What never does: answering a
question (domain/statement_gate.py), or a line about one (gate_words.py).
"""

from typing import Final

from api.pages import blocks
from api.pages.ahead import to_record
from api.pages.gate_words import AUTHORITIES, gate_lines
from api.pages.hotline_words import to_call
from api.pages.lens import Drawn
from api.pages.looking import View
from domain.publishing import StatementPublishing
from domain.state.statement import EDITABLE, Statement
from domain.statement_gate import GateAnswer, GateCheck, gate

APPROVED: Final = "approved_bytes"
"""The question of the gate that only the approvals answer."""

CALLED: Final = "phone_answers"
"""The question of the gate that a test call answers."""


def acts_of(view: View, one: Statement, check: GateCheck) -> list[Drawn]:
    """Give the ways to what closes a gap: a test call, or the duties to tell an authority."""
    if check.answer is not GateAnswer.GAP:
        return []
    if check.key == AUTHORITIES and view.as_of is None:
        text = view.lens("Duties to tell an authority")
        return [{"text": text, "href": f"{view.address}/notice#duties"}]
    return to_call(view, one) if check.key == CALLED else []


def to_answer(view: View, one: Statement) -> list[Drawn]:
    """Give the ways to what keeps a text in now and is done elsewhere."""
    checks = gate(view.state, one, view.lens.now, frozenset())
    return [link for check in checks for link in acts_of(view, one, check)]


def would_stop(view: View, one: Statement) -> list[Drawn]:
    """Say early what nobody can confirm at the gate, so that it is mended before the approvals."""
    lens, items = view.lens, {item.key: item for item in view.state.rules.plan.gate}
    checks = gate(view.state, one, lens.now, frozenset(items))
    rows: list[Drawn] = [
        {
            "label": lens.words.pick(items[check.key].en, items[check.key].zh),
            "lines": gate_lines(view, one, check),
            "tone": "critical",
            "acts": acts_of(view, one, check),
        }
        for check in checks
        if check.answer is GateAnswer.GAP and check.key != APPROVED
    ]
    rows += to_fill_in(view, one)
    title = lens("What would keep it from going out, as it stands")
    return [blocks.pairs(title, rows, id="gate")] if rows else []


def to_fill_in(view: View, one: Statement) -> list[Drawn]:
    """Lead to the facts that the text waits for, while it may still change."""
    return to_record(view, text=one.id) if one.status in EDITABLE else []


def gate_of(view: View, one: Statement) -> Drawn:
    """Give the twelve questions with their answers, as they stand or as the text went out."""
    lens, plan = view.lens, view.state.rules.plan
    told = _as_passed(view, one) if one.places else ()
    asked = {item.key: lens.words.pick(item.en, item.zh) for item in plan.gate}
    tones = {GateAnswer.GAP: "critical", GateAnswer.ALLOWED: "warning",
             GateAnswer.NOT_NEEDED: "neutral"}  # fmt: skip
    rows: list[list[blocks.Cell]] = [
        [
            asked.get(check.key, check.key),
            {"text": lens.word(check.answer), "tone": tones.get(check.answer, "done")},
            {"text": "", "lines": gate_lines(view, one, check), "acts": acts_of(view, one, check)},
        ]
        for check in told or gate(view.state, one, lens.now, frozenset())
    ]
    columns = lens.each("Question", "Answer", "Note")
    note = lens("As it was answered when the text went out.") if told else ""
    note = note or lens("What is a gap here is asked of the person who publishes.")
    return blocks.table(lens("Before it goes out"), columns, rows, note=note, id="gate")


def _as_passed(view: View, one: Statement) -> tuple[GateCheck, ...]:
    """Give the answers that were recorded when this version was sent out."""
    for entry in reversed(view.entries(one.entry)):
        event = entry.event
        if isinstance(event, StatementPublishing) and event.sha256 == one.sha256:
            return event.gate
    return ()
