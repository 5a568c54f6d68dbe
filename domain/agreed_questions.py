"""Questions of customers in the agreed line 统一口径: how texts set them, and which are such.

What belongs here: the lines of a text in which customers ask. What never does: what a rule makes of
them (domain/wording.py), or the answers (domain/agreed_answers.py).

Customers ask “Is it safe to use?”; that is no claim of ours. It is told apart by its place, never
by how a line begins: whoever writes “Q: Is it safe? Yes, it is safe.” says it, and so does who
hangs a question on it: “It is safe, right?”. Where a question is in doubt it is none.
"""

import re
import unicodedata
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

_CLOSING: Final = '"”’」』'
_WITHIN: Final = frozenset("¿,，、､'’‘\"“”«»「」『』()（）/%％&＆#@*+®™°€$£¥-‐‑・·")
"""Signs beside letters, digits and spaces that may stand in one sentence."""

_LIKE_MARKS: Final = frozenset("ǀǁǂǃꞏㆍꓸꓹꓺꓻꓼꓽ")
"""Letters that look like the mark at the end of a sentence."""

_IN_A_FIGURE: Final = re.compile(r"(?<=[0-9])[.:](?=[0-9])")
_DASH: Final = re.compile(r"(?<!\w)[-‐‑]|[-‐‑](?!\w)|--")
"""A stroke that joins no two parts of a word stands between clauses."""

_CLAUSE: Final = "[,，、､] ?¿? ?"
_LETTERS: Final = r"[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+"
_TAGS: Final = re.compile(
    rf"{_CLAUSE}{_LETTERS}(?:['’]{_LETTERS})?(?:[ '’-]{_LETTERS})?$"
    r"|\b(?:right|correct|innit|huh|eh|yeah|yes|no|okay|ok)$"
    r"|\b(?:am|is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|must|might)"
    r"(?:n['’]?t| not)? (?:i|it|they|he|she|we|you|this|that|there)"
    r"(?: not| right| agree| think| say)?$"
    r"|\b(?:wo|ca|sha|ai)n['’]?t (?:it|they|he|she|we|you|this|that|there)$"
    r"|[对對是][吗嗎吧嘛么]|[是对對好]不[是对對好]$|[没沒][错錯][吗嗎吧]?$|不(?:是|对|對)[吗嗎嘛么]$|吧$"
    r"|\b(?:nicht wahr|stimmt['’]?s|stimmt das|gell|gelt)$"
    rf"|{_CLAUSE}(?:oder nicht|oder etwa nicht|habe? ich recht)$"
    r"|\b(?:n['’]est-ce pas|pas vrai|hein|c['’]est (?:bien )?(?:ça|vrai|exact))$"
    r"|\b(?:verdad|no es (?:así|cierto|verdad)|a que sí)$"
    r"|\b(?:vero|nevvero|non è (?:vero|così))$"
    r"|(?:ね|よな|でしょう?|だろう?|(?:では|じゃ)(?:ない|ありません)(?:です)?か?|[違ち]が?いますか)$"
    r"|(?:죠|지요|그렇지|맞지|그[쵸죠]|잖아요?|네요|않나요|않습니까|않아요|아닌가요|아닙니까"
    r"|맞나요|맞습니까|맞아요)$"
)
"""What is hung on a sentence to have it confirmed: the sentence before it claims something."""


def marks_in(language: str) -> tuple[str, str]:
    """Give what stands before a question and before its answer in a language."""
    return _MARKS.get(base_language(language), _USUAL)


def asked_lines(answers: Iterable[AgreedAnswer]) -> tuple[str, ...]:
    """Give the lines, each whole, in which texts say what customers ask."""
    asked = (one for one in answers if is_question(one.question))
    return tuple(f"{marks_in(one.language)[0]}{one.question}".strip() for one in asked)


def is_question(words: str) -> bool:
    """Say whether words are one question and nothing else: one sentence, with its mark at the end.

    What follows a question in the same place is said by us, and what stands before a colon, a dash
    or a tag too.
    """
    spaced = "".join(" " if unicodedata.category(sign) == "Zs" else sign for sign in words)
    whole = unicodedata.normalize("NFC", spaced).strip(" ").rstrip(_CLOSING)
    if not whole.endswith(("?", "？")):
        return False
    asked = re.sub(" +", " ", whole[:-1]).rstrip(f" {_CLOSING}").lower()
    return _is_one_sentence(asked) and _TAGS.search(asked) is None


def _is_one_sentence(asked: str) -> bool:
    """Say whether nothing ends a sentence or a clause, in whatever script."""
    plain = _IN_A_FIGURE.sub("", asked)
    # In Spanish the question begins with its mark: what stands before that is none.
    begun_before = "¿" in plain.lstrip(_CLOSING + "“‘«「『 ")[1:]
    return not begun_before and _DASH.search(plain) is None and all(map(_may_stand, plain))


def _may_stand(sign: str) -> bool:
    kind = unicodedata.category(sign)
    return sign in _WITHIN or ((kind[0] in "LMN" or kind == "Zs") and sign not in _LIKE_MARKS)
