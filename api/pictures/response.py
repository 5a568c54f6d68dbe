"""The response funnel: how many went from each step to the next, against the largest count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from api.pictures.paper import (
    Picture,
    Reader,
    add,
    markup,
    number,
    percent,
    sheet,
    shorten,
    write,
)

_ROW = 44


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
    svg = sheet(name, title, summary, height=len(steps) * _ROW)
    for index, step in enumerate(steps):
        write(svg, shorten(step.name, 28), ("0", index * _ROW + 14))
        write(svg, _share(step, whole, reader), ("100%", index * _ROW + 14), "strong-text end")
        _draw_bar(svg, step, whole, index * _ROW + 22)
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
