"""Remarks on the paragraphs of a text, as a reader sees them: the open ones first.

What belongs here: their rows and names. What never does: who may remark or answer
(domain/statement_comment.py).
"""

from typing import Final

from api.forms import Option
from api.pages import blocks
from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from api.pages.possible import act_link
from domain.state.statement import Comment, Statement
from domain.statement_comment import HEADLINE, paragraphs, place_of

PARAGRAPHS_OFFERED: Final = 200
BEGINNING: Final = 60
"""Characters of a paragraph, or of a remark, by which it is known again in a list."""


def paragraph_name(lens: Lens, language: str, number: int) -> str:
    """Name a paragraph of a text in a language."""
    named = lens.language(language)
    if number == HEADLINE:
        return lens("%(language)s, headline", language=named)
    return lens("%(language)s, paragraph %(n)s", language=named, n=str(number))


def paragraphs_offered(lens: Lens, text: Statement | None) -> list[Option] | None:
    """Offer the paragraphs of a text in each language, by how they begin."""
    if text is None:
        return None
    return [
        {
            "value": place_of(each.language, number),
            "label": lens.named_line(
                paragraph_name(lens, each.language, number), words[:BEGINNING]
            ),
            "help": "",
        }
        for each in text.texts
        for number, words in enumerate(paragraphs(each)[:PARAGRAPHS_OFFERED])
    ]


def remarks(view: View, one: Statement) -> list[Drawn]:
    """Give the remarks on a text as a block; nothing where there is none."""
    if not one.comments:
        return []
    lens = view.lens
    ordered = sorted(one.comments, key=lambda each: (each.settled_at is not None, each.number))
    columns = lens.each("Where", "Remark", "What came of it")
    rows = [_row(view, one, each) for each in ordered]
    return [blocks.table(lens("Remarks"), columns, rows, id="remarks")]


def _row(view: View, one: Statement, each: Comment) -> list[blocks.Cell]:
    lens = view.lens
    where: blocks.Cell = {
        "text": paragraph_name(lens, each.language, each.paragraph),
        "sub": lens("“%(quote)s” · version %(n)s", quote=each.quote, n=str(each.version)),
        "href": f"{view.address}/ledger/{each.seq}" if view.as_of is None else "",
    }
    said: blocks.Cell = {
        "text": each.words,
        "sub": f"{lens.person(each.by)}, {lens.when(each.at)}",
    }
    if each.settled_at is None:
        acts = act_link(view, "settle_comment", one.id)
        return [where, said, {"text": lens("open"), "tone": "warning", "acts": acts}]
    by = f"{lens.person(each.settled_by)}, {lens.when(each.settled_at)}"
    return [where, said, {"text": each.answer, "sub": by}]
