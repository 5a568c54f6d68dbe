"""The response funnel: how many went from each step to the next, against the largest count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from xml.etree.ElementTree import Element

from api.pictures.paper import (
    LABEL_LINE,
    Picture,
    Reader,
    add,
    label,
    lines_of,
    markup,
    number,
    percent,
    sheet,
    write,
)

_ROW = 44
_BESIDE_COUNT = 28
"""Units of a label on a line that ends with its count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelStep:
    """One step of the response; `count` None is unknown and drawn as unknown, never as zero."""

    name: str
    count: int | None


def response_funnel(
    name: str, steps: Sequence[FunnelStep], *, reader: Reader, title: str = ""
) -> Picture:
    """Draw the steps as bars below each other; `name` prefixes the ids of the drawing."""
    _ = reader.gettext
    title = title or _("From notice to return")
    known = [step.count for step in steps if step.count is not None]
    whole = max(known, default=0)
    summary = _("Nothing is known yet.")
    if known:
        summary = _("%(last)s of %(first)s reached the last step that is known.") % {
            "last": number(known[-1]),
            "first": number(known[0]),
        }
    labels = [lines_of(step.name, _BESIDE_COUNT) for step in steps]
    heights = [_ROW + LABEL_LINE * (len(lines) - 1) for lines in labels]
    svg = sheet(name, title, summary, height=sum(heights))
    for step, lines, end in zip(steps, labels, accumulate(heights), strict=True):
        top = end - _ROW
        label(svg, lines, top - LABEL_LINE * (len(lines) - 1))
        write(svg, _share(step, whole, reader), ("100%", top + 14), "strong-text end")
        _draw_bar(svg, step, whole, top + 22)
    return Picture(
        title=title,
        summary=summary,
        drawing=markup(svg),
        headings=(_("Step"), _("Count")),
        rows=tuple((step.name, _share(step, whole, reader)) for step in steps),
    )


def _draw_bar(svg: Element, step: FunnelStep, whole: int, top: int) -> None:
    place = {"x": "0", "y": top, "height": 10, "rx": 2}
    if step.count is None:
        add(svg, "rect", cls="dashed", width="100%", **place)
        return
    add(svg, "rect", cls="track", width="100%", **place)
    width = percent(100 * step.count / whole if whole else 0)
    add(svg, "rect", cls="information span", width=width, **place)


def _share(step: FunnelStep, whole: int, reader: Reader) -> str:
    if step.count is None:
        return reader.gettext("unknown")
    told = {"n": number(step.count), "whole": number(whole)}
    return reader.gettext("%(n)s of %(whole)s") % told
