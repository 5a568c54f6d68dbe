"""Titles of the domain in the reader's language, with the title that a text has in it.

What belongs here: what waits, by name. What never does: a sentence of its own.
"""

from api.pages.looking import View


def told_title(view: View, title: str, item: str) -> str:
    """Give a title; one that names a text names it by its title in the reader's language."""
    text = view.state.statement.statements.get(item)
    if text is not None and text.texts and title.endswith(text.texts[0].title):
        title = title.removesuffix(text.texts[0].title) + view.lens.title_of(text)
    return view.lens.sentence(title)
