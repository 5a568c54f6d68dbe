"""The do-not-say list of the agreed line 统一口径: phrases that a text can be held to.

What belongs here: taking phrases that block something. What never does: where they are found in a
text (domain/wording.py), or setting the line (domain/enquiries.py).
"""

from collections.abc import Iterable
from typing import Final

from domain.errors import Refused
from domain.markets import LANGUAGES, base_language
from domain.state import Incident
from domain.statement_text import LANGUAGE, NotSaid, turns_around
from domain.wording import can_be_found

_OF_MARKETS: Final = frozenset(language for row in LANGUAGES.values() for language in row)


def require_phrases(
    incident: Incident, do_not_say: Iterable[str], not_said_in: Iterable[NotSaid]
) -> None:
    """Take phrases that can be found in a text; a list that blocks nothing only seems to guard.

    Raises Refused.
    """
    own = tuple(not_said_in)
    for phrase in (*do_not_say, *(one.phrase for one in own)):
        _require_phrase(phrase)
    texts = (text for each in incident.statement.statements.values() for text in each.texts)
    known = _OF_MARKETS.union(base_language(text.language) for text in texts)
    for one in own:
        if not LANGUAGE.fullmatch(one.language) or base_language(one.language) not in known:
            raise Refused(
                f"{one.language!r:.10} is no language that our texts have; “{one.phrase:.40}” would"
                " block nothing.",
                "Write the language like zh-CN, en or pt-BR.",
                code="bad_language",
            )


def _require_phrase(phrase: str) -> None:
    if not phrase.strip():
        raise Refused("A phrase on the do-not-say list is blank.", "Write it, or take it out.")
    if turns_around(phrase):
        raise Refused(
            "A phrase on the do-not-say list holds a character that turns the reading order"
            " around.",
            "Type the passage again; it was pasted from elsewhere.",
            code="reading_order",
        )
    if not can_be_found(phrase):
        raise Refused(
            "A phrase on the do-not-say list has no letter and no digit: it would block nothing.",
            "Write the words that are not to be said, or take it out.",
            code="blank",
        )
