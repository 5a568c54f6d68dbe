"""Words around a public notice, in the language of the notice (templates/public/words.toml).

What belongs here: reading that file, choosing a language. What never does: words about the matter
itself; those are approved texts.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Final

from domain.markets import base_language

SPOKEN: Final = ("en", "zh-CN", "de", "fr", "es", "it", "ja", "ko")
"""The languages of the words, as addresses and pages name them."""

FILE: Final = Path(__file__).resolve().parents[2] / "templates" / "public" / "words.toml"


class PublicWords:
    """The words for readers of one language; what is missing in it is said in English."""

    def __init__(self, language: str) -> None:
        """Choose a language by its code, such as zh-CN or de."""
        self.language = language
        self._base = base_language(language)

    @staticmethod
    def spoken_as(language: str) -> str:
        """Give the one of our languages that a tag asks for, such as zh-CN of zh; "" for others."""
        base = base_language(language)
        return next((code for code in SPOKEN if base_language(code) == base), "")

    @property
    def is_chinese(self) -> bool:
        """Say whether Chinese is read."""
        return self._base == "zh"

    def __call__(self, name: str, **holes: str) -> str:
        """Say a sentence with its holes filled in. Raises KeyError for one that is not there."""
        said = _words()[name]
        return said.get(self._base, said["en"]).format(**holes)

    def pick(self, en: str, zh: str) -> str:
        """Choose between two names: the Chinese one for readers of Chinese alone."""
        return (zh or en) if self.is_chinese else (en or zh)


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
