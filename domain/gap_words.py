"""How each language marks what is still to be filled in; the wording rule `gap` knows them all.

What belongs here: the marks. What never does: what is missing, or whether a text may go out.
"""

from typing import Final

from domain.markets import base_language

GAPS: Final = {
    "zh": "【待填写：{what}】",
    "en": "[to fill in: {what}]",
    "de": "[auszufüllen: {what}]",
    "fr": "[à compléter : {what}]",
    "es": "[por completar: {what}]",
    "it": "[da completare: {what}]",
    "ja": "【要記入：{what}】",
    "ko": "【작성 필요: {what}】",
}
"""The mark in each language that texts have templates in; else as in English."""


def gap_in(language: str, what: str) -> str:
    """Mark what is missing in a text; nobody can approve a text with it."""
    return GAPS.get(base_language(language), GAPS["en"]).format(what=what)
