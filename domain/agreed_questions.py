"""Questions of customers in the agreed line 统一口径: how texts set them, and which are such.

What belongs here: the lines of a text in which customers ask. What never does: what a rule makes of
them (domain/wording.py), or the answers (domain/agreed_answers.py).

Customers ask “Is it safe to use?”; that is no claim of ours. It is told apart by its place, never
by how a line begins: whoever writes “Q: Is it safe? Yes, it is safe.” says it.
"""

import re
from collections.abc import Iterable
from typing import Final

from domain.markets import base_language
from domain.statement_text import AgreedAnswer

_MARKS: Final = {
    "zh": ("问：", "答："),
    "ja": ("問：", "答："),
    "ko": ("문: ", "답: "),
    "de": ("F: ", "A: "),
}
_USUAL: Final = ("Q: ", "A: ")

_ENDS: Final = re.compile(r"[。！？?!\n]|[.;；…](?=\s|$)")
"""What ends a sentence; a point inside a figure does not."""


def marks_in(language: str) -> tuple[str, str]:
    """Give what stands before a question and before its answer in a language."""
    return _MARKS.get(base_language(language), _USUAL)


def asked_lines(answers: Iterable[AgreedAnswer]) -> tuple[str, ...]:
    """Give the lines, each whole, in which texts say what customers ask."""
    asked = (one for one in answers if is_question(one.question))
    return tuple(f"{marks_in(one.language)[0]}{one.question}".strip() for one in asked)


def is_question(words: str) -> bool:
    """Say whether words are one question and nothing else: one sentence, with its mark at the end.

    What follows a question in the same place is said by us.
    """
    whole = words.strip().rstrip('"”’」』')
    return whole.endswith(("?", "？")) and _ENDS.search(whole[:-1]) is None
