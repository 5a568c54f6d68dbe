"""What the gate says of a text, line by line: facts by their names, statuses and places in words.

What belongs here: telling an answer of the gate. What never does: answering it
(domain/statement_gate.py), or the question itself, which the plan words in both languages.
"""

from api.pages.fact_words import fact_name, fact_told
from api.pages.hotline_words import called_lines
from api.pages.looking import View
from domain.markets import markets_without_text
from domain.state.investigation import Fact
from domain.state.statement import Statement
from domain.statement_gate import FactFault, GateAnswer, GateCheck, fact_faults


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
    return [lens.sentence(line) for line in check.note.splitlines()]


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
