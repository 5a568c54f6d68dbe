"""Words with what the wording rules found marked in place.

What belongs here: cutting a text at the ends of the findings, so that the page marks each span
where it stands. What never does: what is found (domain/wording.py), or a sentence about it.
"""

from collections.abc import Iterable
from itertools import pairwise

from api.pages.lens import Drawn
from domain.wording import Finding, Severity

GRAVER = {str(Severity.BLOCK): 2, str(Severity.WARN): 1, "overridden": 0}
"""Of findings that overlap the graver one shows."""

Found = Iterable[tuple[Finding, str]]
"""Findings, each with the severity it has by now: `block`, `warn`, `overridden`."""


def pieces(text: str, language: str, part: str, found: Found) -> list[Drawn]:
    """Cut a part of a text into pieces: `text`, and `severity` or "" where nothing was found.

    Joined, the pieces are the text again, whatever the findings say.
    """
    spans = [
        (one.start, one.end, severity)
        for one, severity in found
        if one.language == language and one.part == part and 0 <= one.start < one.end <= len(text)
    ]
    ends = sorted({0, len(text), *(end for span in spans for end in span[:2])})
    cut: list[Drawn] = []
    for start, end in pairwise(ends):
        over = [severity for a, b, severity in spans if a <= start and end <= b]
        worst = max(over, key=lambda one: GRAVER.get(one, 0), default="")
        if cut and cut[-1]["severity"] == worst:
            cut[-1]["text"] += text[start:end]
        else:
            cut.append({"text": text[start:end], "severity": worst})
    return cut
