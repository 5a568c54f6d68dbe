"""Titles of the domain in the reader's language, with the title that a text has in it.

What belongs here: what waits, by name. What never does: a sentence of its own.
"""

from api.pages.goods_told import order_goods
from api.pages.looking import View
from domain.dispatch import Due
from domain.in_words import without_brackets
from domain.state.statement import Statement


def told_title(view: View, title: str, item: str) -> str:
    """Give a title; what it names is named as the reader knows it.

    A text by its title in the reader's language, with its markets where another text of its kind
    is about others; a consignee by its name, as in every sentence.
    """
    lens, text = view.lens, view.state.statement.statements.get(item)
    if text is not None and text.texts and title.endswith(text.texts[0].title):
        title = title.removesuffix(text.texts[0].title) + lens.title_of(text)
    told = lens.sentence(title)
    if text is not None and _has_alike(view, text):
        told = lens(
            "%(what)s (%(about)s)", what=told, about=lens.listed(map(lens.market, text.markets))
        )
    return told


def _has_alike(view: View, text: Statement) -> bool:
    """Say whether another text of the same kind is for other markets."""
    return any(
        other.kind == text.kind and other.markets != text.markets
        for other in view.state.statement.statements.values()
    )


def title_of(view: View, due: Due) -> str:
    """Name a due in the reader's language; a text that lies ready for a halt says for which.

    An order that waits for a second person says which goods it stops: there may be several.
    """
    told = told_title(view, due.titled(view.lens.now), due.item)
    about = _about(view, due)
    return view.lens("%(what)s (%(about)s)", what=told, about=about) if about else told


def _about(view: View, due: Due) -> str:
    if due.act == "confirm_halt":
        orders = [one for one in view.state.halt.orders if str(one.number) == due.item]
        return order_goods(view.lens, view.state, orders)
    level = due.key.rpartition(":")[2] if due.key.startswith("statement:") else ""
    is_level = level in view.state.halt.levels
    return without_brackets(view.lens.level(level)) if is_level else ""
