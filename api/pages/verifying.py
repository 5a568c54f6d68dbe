"""What verifying a fact does to texts that tell it as preliminary: said above the form.

What belongs here: naming these texts. What never does: sending them back to draft
(domain/statement_follow.py).
"""

from api.pages import blocks
from api.pages.fact_words import fact_name
from api.pages.lens import Drawn
from api.pages.looking import View
from domain.facts_together import to_verify
from domain.references import references
from domain.state.statement import Statement
from domain.statement_follow import HANDED_IN


def going_back(view: View, item: str = "") -> list[Drawn]:
    """Name the texts that would go back to draft; `item` is the one fact the form is about."""
    asked = {one.key for one in to_verify(view.state, view.visit.who.id)}
    asked &= {item} if item else asked
    texts = view.state.statement.statements.values()
    rows = [_row(view, text, told) for text in texts if (told := _told_by(text, asked))]
    title = view.lens("Texts that would go back to draft")
    return [blocks.pairs(title, rows)] if rows else []


def _told_by(text: Statement, keys: set[str]) -> list[str]:
    """List the facts that a text handed in tells with the mark that they are not verified."""
    if text.status not in HANDED_IN:
        return []
    marked = {fact.key for fact in text.facts if fact.status == "reported"}
    return sorted(keys & marked & set(references(text.sources)))


def _row(view: View, text: Statement, keys: list[str]) -> Drawn:
    lens, facts = view.lens, view.state.investigation.facts
    told = lens(
        "It tells as preliminary: %(facts)s. Verified, its words change: the text becomes a draft "
        "again, its approvals no longer count, and it must be handed in again. If it has to go out "
        "now, let it go out first.",
        facts=lens.listed(fact_name(lens, key, facts[key].name) for key in keys),
    )
    link = {"text": lens("Look at it"), "href": f"{view.address}/statement/texts/{text.id}"}
    label = f"{text.id} · {lens.title_of(text)}"
    return {"label": label, "text": told, "tone": "critical", "acts": [link]}
