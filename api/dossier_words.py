"""What a dossier is told in, put together for whoever makes one: routes and the command line.

What belongs here: which timeline, which words for the viewer. What never does: a sentence.
"""

from collections.abc import Mapping
from typing import Any, Final

from api.pages.dossier_timeline import readers_of, timeline
from api.pages.telling import variant_of
from api.viewer_words import viewer_sentences, viewer_words
from domain.rules import Rules
from services.dossier import Telling, Words


def viewer(telling: Telling, rules: Rules | None) -> Mapping[str, Any]:
    """Give the viewer's words, and this record's sentences as both its readers are told them."""
    readers = readers_of(telling)
    sentences = viewer_sentences(telling.pinned.entries, readers.en, readers.zh)
    return {**viewer_words(rules), "sentences": sentences}


WORDS: Final = Words(timeline=timeline, viewer=viewer, tell=variant_of)
