"""What the console says in one language: the words of the domain, and those of pages beside them.

What belongs here: the words of a page. What never does: finding them (activities/words.py, for a
message to a person finds them alike), or a name from the company's lists (api/pages/lens.py).
"""

from dataclasses import replace
from functools import cache

from activities.words import Words, humanised, words_in
from api.word_lists import LISTS

__all__ = ["Words", "humanised", "words_of"]


@cache
def words_of(language: str) -> Words:
    """Give the words of a language; one without a catalogue is English."""
    return replace(words_in(language), lists=LISTS)
