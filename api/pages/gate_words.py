"""What the gate says of a text, line by line: facts by their names, statuses and places in words.

What belongs here: telling an answer of the gate. What never does: answering it
(domain/statement_gate.py), or the question itself, which the plan words in both languages.
"""

from typing import Final

from api.pages.duty_rows import authority, duty_title
from api.pages.fact_words import fact_name, fact_told
from api.pages.hotline_words import called_lines
from api.pages.looking import View
from domain.gate_record import duties_untold
from domain.markets import markets_without_text
from domain.state.investigation import Fact
from domain.state.notice import Duty
from domain.state.statement import Statement
from domain.statement_gate import FactFault, GateAnswer, GateCheck, fact_faults

AUTHORITIES: Final = "authority_told"
"""The question of the gate that the stage Notice answers."""


def gate_lines(view: View, one: Statement, check: GateCheck) -> list[str]:
    """Give what is missing, or where an answer is known from; nothing where nothing is to be said.

    Only a gap is told from the text as it stands: what let a text out was recorded in words.
    """
    lens = view.lens
    if check.answer is GateAnswer.GAP and check.key == "facts_verified":
        items = {item.key: item for item in view.state.rules.plan.gate}
        within = items[check.key].fresh_within
        faults = fact_faults(view.state, one, lens.now, within)
        age = lens.limit(within) if within is not None else ""
        return [_fact_line(view, key, fault, now, age) for key, fault, now in faults]
    if check.answer is GateAnswer.GAP and check.key == "languages_complete":
        missing = markets_without_text(one.languages, one.markets)
        markets = lens.listed(map(lens.market, missing))
        return [lens("There is no text in the language of: %(markets)s.", markets=markets)]
    if check.key == "phone_answers" and check.answer in (GateAnswer.GAP, GateAnswer.PASSED):
        return called_lines(view, one) or [lens.sentence(check.note)]
    lines = [lens.sentence(line) for line in check.note.splitlines()]
    if check.key == AUTHORITIES and check.answer in (GateAnswer.GAP, GateAnswer.CONFIRMED):
        lines += [_duty_line(view, duty) for duty in duties_untold(view.state, one)]
    return lines


def _duty_line(view: View, duty: Duty) -> str:
    """Name a duty with whom it tells, by when, and that nobody is sure of it."""
    lens = view.lens
    due = lens("due %(when)s", when=lens.until(duty.due_at)) if duty.due_at else ""
    unsure = lens("possible: a person decides, the clock runs") if duty.possible else ""
    return " · ".join(
        filter(None, (duty.id, duty_title(view, duty), authority(view, duty), due, unsure))
    )


def _fact_line(view: View, key: str, fault: FactFault, now: Fact | None, age: str) -> str:
    """Say in one line what is wrong with a fact that a text tells."""
    lens = view.lens
    name = fact_name(lens, key, now.name if now else "")
    if now is None and fault is FactFault.CHANGED:
        return lens(
            "%(fact)s: agreed anew since, and too long for this text: change the text", fact=name
        )
    if now is None or fault is FactFault.RETRACTED:
        return lens("%(fact)s: withdrawn since", fact=name)
    if fault is FactFault.CHANGED:
        told = fact_told(lens, now)
        return lens("%(fact)s: now %(value)s", fact=name, value=told)
    if fault is FactFault.NOT_VERIFIED:
        status = lens.words.of("FactStatus", now.status)
        return lens("%(fact)s: %(status)s", fact=name, status=status)
    return lens("%(fact)s: older than %(age)s", fact=name, age=age)
