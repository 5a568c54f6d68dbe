"""What people outside may be answered with: the texts, and the languages that one of them has.

What belongs here: the choices of the form of an answer. What never does: whether a text may be
given (domain/enquiries.py).
"""

from api.forms import Option
from api.pages.items import thing_named
from api.pages.looking import View
from domain.enquiries import ANSWER_KINDS, may_be_given
from domain.state.statement import Statement


def texts_to_give(view: View) -> list[Option]:
    """Offer the texts that people outside may be answered with: answers first, the newest."""
    named = thing_named(view)
    told = ((text.id, named("statement", text.id), text.status) for text in _to_give(view))
    return [{"value": one, "label": f"{name} · {view.lens.word(status)}", "help": ""}
            for one, name, status in told]  # fmt: skip


def languages_to_give(view: View) -> list[Option]:
    """Offer the languages that one of these texts has, each with the texts that have it."""
    lens, having = view.lens, dict[str, list[str]]()
    for text in _to_give(view):
        for language in text.languages:
            having.setdefault(language, []).append(text.id)
    return [
        {"value": code, "label": f"{lens.language(code)} ({code})", "help": lens.listed(texts)}
        for code, texts in having.items()
    ]


def _to_give(view: View) -> list[Statement]:
    texts = reversed(view.state.statement.statements.values())
    found = [text for text in texts if may_be_given(view.state, text)]
    return sorted(found, key=lambda text: text.kind not in ANSWER_KINDS)
