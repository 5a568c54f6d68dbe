"""What a dossier is told in, put together for whoever makes one: routes and the command line.

What belongs here: which timeline, which words for the viewer. What never does: a sentence.
"""

from collections.abc import Mapping
from typing import Any, Final

from api.pages.dossier_timeline import timeline
from api.pages.telling import variant_of
from domain.rules import Rules
from services.dossier import Words


def viewer_words(_rules: Rules | None) -> Mapping[str, Any]:
    """Give the words of the offline viewer."""
    return {}


WORDS: Final = Words(timeline=timeline, viewer=viewer_words, tell=variant_of)
