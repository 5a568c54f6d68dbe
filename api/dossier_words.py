"""What a dossier is told in, put together for whoever makes one: routes and the command line.

What belongs here: which timeline, which words for the viewer. What never does: a sentence.
"""

from typing import Final

from api.pages.dossier_timeline import timeline
from api.pages.telling import variant_of
from api.viewer_words import viewer_words
from services.dossier import Words

WORDS: Final = Words(timeline=timeline, viewer=viewer_words, tell=variant_of)
