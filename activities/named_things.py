"""Names where sentences of the domain hold ids: people, consignees, channels, products.

What belongs here: finding the ids in a sentence. What never does: the names themselves (the
company's lists), or words of a language (activities/words.py).
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

_MARKS: Final = tuple(map(chr, range(0xE000, 0xF900)))
MARKS: Final = frozenset(_MARKS)
"""Characters that stand for a name in a sentence while it is translated; of themselves, nothing."""

_MARK: Final = re.compile(f"[{_MARKS[0]}-{_MARKS[-1]}]")

_PERSON_ID: Final = re.compile(r"\b[a-z0-9_-]+\.[a-z0-9._-]*[a-z0-9]\b")
"""What may be a person's id inside a sentence; what is none stays as it is."""

_ID: Final = r"[A-Za-z0-9][A-Za-z0-9._-]*"
_IDS: Final = rf"{_ID}(?:, {_ID})*?"
_LIST_ENDS: Final = r"(?=(?: and \d+ more)?\.(?: |$))"
_THINGS: Final = (
    ("consignee", re.compile(rf"(?<=effectiveness checks are open: ){_IDS}(?=\.(?: |$))")),
    ("consignee", re.compile(rf"(?<=effectiveness check is open: ){_IDS}(?=\.(?: |$))")),
    ("consignee", re.compile(rf"^{_ID}(?= has not answered$)")),
    ("consignee", re.compile(rf"(?:(?<=Silent: )|(?<=Not told yet: )){_IDS}(?=\.(?: |$))")),
    ("consignee", re.compile(rf"(?<=nothing says why: ){_IDS}(?=\.$)")),
    (
        "consignee",
        re.compile(rf"^{_ID}(?= received \d+ units of lot .+ and does not say)"),
    ),
    ("consignee", re.compile(rf"^{_ID}(?= is no consignee of this incident\.$)")),
    ("consignee", re.compile(rf"^{_ID}(?= stands in market [A-Z]{{2}}, and this notice names)")),
    ("consignee", re.compile(rf"(?<=^By the company's list ){_ID}(?= is (?:of market|not in))")),
    ("consignee", re.compile(rf"(?<=these are not of market [A-Z]{{2}}: ){_IDS}{_LIST_ENDS}")),
    ("consignee", re.compile(rf"(?<=stand in another market than [A-Z]{{2}}: ){_IDS}{_LIST_ENDS}")),
    (
        "channel",
        re.compile(
            rf"(?<=^Channel ){_ID}(?= (?:has no order|may resume|has resumed|is to|is not))"
        ),
    ),
    ("product", re.compile(rf"(?<=for each product how it comes back: ){_IDS}(?=\.$)")),
    ("product", re.compile(rf"^{_ID}(?= is dangerous goods: it does not go by post\.$)")),
)
"""Where sentences of the domain, which knows no list, name things by their ids."""


def with_people(text: str, name_of: Callable[[str], str]) -> str:
    """Put people's names where their ids stand in a sentence."""
    return _PERSON_ID.sub(lambda found: name_of(found.group()), text)


def with_things(text: str, name_of: Callable[[str, str], str]) -> str:
    """Put the names of things on the company's lists where a sentence of the domain has their ids.

    Only where the domain is known to write ids: a channel may be called like a common word.
    """
    for kind, pattern in _THINGS:
        text = pattern.sub(_namer(kind, name_of), text)
    return text


def with_marks(text: str) -> tuple[str, dict[str, tuple[str, str]]]:
    """Put one mark for each thing where a sentence has its id; give which thing a mark stands for.

    A sentence is translated with the marks in it and the names are put in last: a full stop in a
    name ends no sentence, and a consignee that is called like a word of ours keeps its name. Marks
    that somebody typed are taken out first. One thing has one mark; where there are more things
    than marks, the last stand with their ids.
    """
    marks: dict[tuple[str, str], str] = {}

    def marked(kind: str, item_id: str) -> str:
        if len(marks) < len(_MARKS):
            marks.setdefault((kind, item_id), _MARKS[len(marks)])
        return marks.get((kind, item_id), item_id)

    said = with_things(unmarked(text), marked)
    return said, {mark: thing for thing, mark in marks.items()}


def with_names(
    text: str, things: Mapping[str, tuple[str, str]], name_of: Callable[[str, str], str]
) -> str:
    """Put the names of things where their marks stand in a sentence."""
    names = {mark: unmarked(name_of(*thing)) for mark, thing in things.items()}
    return _MARK.sub(lambda found: names.get(found.group(), ""), text)


def unmarked(text: str) -> str:
    """Take out marks that somebody typed: where they stay, another thing's name would be put in."""
    return _MARK.sub("", text)


def _namer(kind: str, name_of: Callable[[str, str], str]) -> Callable[[re.Match[str]], str]:
    return lambda found: ", ".join(name_of(kind, one) for one in found.group().split(", "))
