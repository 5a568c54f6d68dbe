"""What languages are called, where a sentence for people names them.

What belongs here: the English names; pages say them in the reader's language. What never does: who
speaks which language (domain/markets.py).
"""

from collections.abc import Iterable
from typing import Final

from domain.markets import base_language

_NAMES: Final = {
    "bg": "Bulgarian",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "et": "Estonian",
    "fi": "Finnish",
    "fr": "French",
    "ga": "Irish",
    "hr": "Croatian",
    "hu": "Hungarian",
    "is": "Icelandic",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "lb": "Luxembourgish",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "ms": "Malay",
    "mt": "Maltese",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sv": "Swedish",
    "th": "Thai",
    "vi": "Vietnamese",
    "zh": "Chinese",
}


def languages_named(languages: Iterable[str]) -> str:
    """Name languages one after another, each once; one that is not known stays its code."""
    names = (_NAMES.get(base_language(one), one) for one in languages)
    return ", ".join(dict.fromkeys(names))
