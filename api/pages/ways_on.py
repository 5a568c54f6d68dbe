"""Where a refusal leads: what has to be recorded before the act that was refused can be done.

What belongs here: those links. What never does: refusing, or the form (acts.py).
"""

from api.pages.lens import Drawn
from api.pages.looking import View
from api.pages.possible import act_link
from api.pages.text_gate import to_answer
from api.typed import Raw


def ways_on(view: View, item: str, raw: Raw, code: str) -> list[Drawn]:
    """Lead from a refusal of an act about something to what lets it through."""
    text = view.state.statement.statements.get(item)
    if text is not None and code in ("gate", "nobody_answers"):
        return to_answer(view, text)
    return _lacking(view, raw) if code == "no_result" else []


def _lacking(view: View, raw: Raw) -> list[Drawn]:
    """Lead to the results that a finding cannot rest on before they are recorded."""
    return [
        link
        for name in raw.get("basis", [])
        if name in view.state.investigation.tests
        for link in act_link(view, "record_test", name)
    ]
