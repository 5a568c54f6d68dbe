"""What changed between two versions of a text, language by language.

What belongs here: choosing the versions, and their words from the ledger. What never does:
comparing (domain/redline.py).
"""

from typing import Final

from api.pages.lens import Drawn
from api.pages.looking import View
from domain.redline import Change, Op, redline
from domain.state.statement import Statement, VersionMark
from domain.statement import StatementDrafted

TWO: Final = 2
OFFERED: Final = 200
"""Versions that can be chosen from, the last ones."""


def versions_of(view: View, one: Statement, older: int = 0, newer: int = 0) -> Drawn:
    """Give the versions to choose from, and the two compared; empty where there is one."""
    pair = _pair(one, older, newer)
    if pair is None:
        return {}
    lens = view.lens
    offered = [
        {
            "value": str(mark.version),
            "label": lens(
                "version %(n)s · %(name)s, %(when)s",
                n=str(mark.version),
                name=lens.person(mark.by),
                when=lens.when(mark.at),
            ),
        }
        for mark in one.versions[-OFFERED:]
    ]
    return {"older": str(pair[0].version), "newer": str(pair[1].version), "offered": offered}


def redlines(view: View, one: Statement, older: int = 0, newer: int = 0) -> list[Drawn]:
    """Show what changed from one version to another; between the last two where none is named."""
    pair = _pair(one, older, newer)
    if pair is None:
        return []
    before, after = (_words(view, mark) for mark in pair)
    found = []
    for language in dict.fromkeys((*before, *after)):
        was, now = before.get(language, ""), after.get(language, "")
        if was != now:
            parts = [{"op": str(change.op), "text": change.text} for change in redline(was, now)]
            named = view.lens.language(language)
            found.append({"language": language, "name": named, "parts": parts})
    return found


def _pair(one: Statement, older: int, newer: int) -> tuple[VersionMark, VersionMark] | None:
    """Give the two versions that are compared, the older one first."""
    marks = {mark.version: mark for mark in one.versions}
    if len(marks) < TWO:
        return None
    last = one.versions[-1]
    second = marks.get(newer, last)
    first = marks.get(older) or one.versions[max(0, one.versions.index(second) - 1)]
    if first.version == second.version:
        return (one.versions[-TWO], last)
    return (first, second) if first.version < second.version else (second, first)


def _words(view: View, mark: VersionMark) -> dict[str, str]:
    """Give the words of a version by language, as they stand in its entry."""
    found = view.entries(mark.seq, mark.seq)
    event = found[0].event if found else None
    if not isinstance(event, StatementDrafted):
        return {}
    return {each.language: f"{each.title}\n{each.body}" for each in event.texts}


def instead(view: View, one: Statement) -> list[Drawn]:
    """Show where other words stand than those approved, against the language they are nearest."""
    found = []
    for place in one.places.values():
        if place.state == "failed" and place.stood:
            language, changes = _nearest(one, place.stood)
            name = view.lens.words.of("Place", place.place)
            parts = [{"op": str(change.op), "text": change.text} for change in changes]
            found.append({"language": language, "name": name, "parts": parts})
    return found


def _nearest(one: Statement, stood: str) -> tuple[str, tuple[Change, ...]]:
    """Compare with each language, as a whole and without its headline; keep what is most alike."""
    compared = [
        (each.language, redline(words, stood))
        for each in one.texts
        for words in (f"{each.title}\n{each.body}", each.body)
    ]
    return max(compared, key=lambda pair: _alike(pair[1]))


def _alike(changes: tuple[Change, ...]) -> tuple[int, int]:
    """Count the signs that both have; of two alike, that which lacks less is nearer."""
    same = sum(len(each.text) for each in changes if each.op is Op.SAME)
    return same, -sum(len(each.text) for each in changes if each.op is not Op.SAME)
