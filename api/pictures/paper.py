"""What every picture is drawn on and with: the reader, the finished picture, elements, texts.

Never here: a picture, or a shape that only one picture uses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from xml.etree.ElementTree import Element, SubElement, tostring

from babel.dates import format_datetime
from markupsafe import Markup

from activities.words import MOMENT, ends_day

# What fits on one line of a 360 px screen; a Chinese character takes two units.
LABEL_UNITS = 44
LABEL_LINE = 16
TICK_IN_MARK = "M-3 0L-.8 2.2 3.2 -2.4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """For whom a picture is drawn: language (`en`, `zh_CN`), zone of times, and their gettext."""

    language: str
    zone: tzinfo
    gettext: Callable[[str], str]

    def named_line(self, name: str, told: object) -> str:
        """Put what is told behind its name, with the colon of this language."""
        return f"{name}：{told}" if self._is_chinese else f"{name}: {told}"

    def sentences(self, parts: Iterable[str]) -> str:
        """Put whole sentences one behind the other, as this language does."""
        return ("" if self._is_chinese else " ").join(parts)

    @property
    def _is_chinese(self) -> bool:
        return self.language.startswith("zh")


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A drawing and what stands around it; the table (headings, rows) says the same in words."""

    title: str
    summary: str
    drawing: Markup
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    legend: tuple[tuple[Markup, str], ...] = ()


def sheet(name: str, title: str, summary: str, *, height: int, width: int = 0) -> Element:
    """Begin a drawing that is read out as its title and summary; width 0 is all there is."""
    svg = Element(
        "svg",
        {
            "class": "pic",
            "width": str(width) if width else "100%",
            "height": str(height),
            "role": "img",
            "aria-labelledby": f"{name}-title {name}-desc",
        },
    )
    add(svg, "title", id=f"{name}-title").text = title
    add(svg, "desc", id=f"{name}-desc").text = summary
    return svg


def add(parent: Element, tag: str, cls: str = "", **attributes: object) -> Element:
    """Add an element; `cls` is its class."""
    child = SubElement(parent, tag, {key: str(value) for key, value in attributes.items()})
    if cls:
        child.set("class", cls)
    return child


def write(svg: Element, words: str, at: tuple[str, float], cls: str = "") -> None:
    """Write a line of text with its baseline at (x, y)."""
    add(svg, "text", cls=cls, x=at[0], y=at[1]).text = words


def mark(parent: Element, path: str, tone: str, at: tuple[str, float]) -> Element:
    """Set a shape with its middle at (x, y); a percent place needs an element of its own."""
    spot = add(parent, "svg", x=at[0], y=at[1], overflow="visible")
    add(spot, "path", cls=f"{tone} mark", d=path)
    return spot


def line(svg: Element, cls: str, *, across: float | None = None, down: float = 0) -> None:
    """Draw a line over the whole width at height `down`, or down to `down` at `across` percent."""
    if across is None:
        add(svg, "line", cls=cls, x1="0", x2="100%", y1=down, y2=down)
    else:
        add(svg, "line", cls=cls, x1=percent(across), x2=percent(across), y1=0, y2=down)


def legend(path: str, tone: str, inner: str = "", inner_tone: str = "cut") -> Markup:
    """Return a shape alone, to stand beside its word; `inner` is drawn into it."""
    svg = Element("svg", {"class": "pic", "width": "16", "height": "16", "aria-hidden": "true"})
    svg.set("viewBox", "-8 -8 16 16")
    add(svg, "path", cls=f"{tone} mark", d=path)
    if inner:
        add(svg, "path", cls=inner_tone, d=inner)
    return markup(svg)


def markup(svg: Element) -> Markup:
    """Serialise; ElementTree escapes text and attributes, so what people typed stays text."""
    return Markup(tostring(svg, encoding="unicode"))  # noqa: S704 - escaped one line above


def percent(place: float) -> str:
    """Return a place as a percentage of the width."""
    return f"{place:.2f}%"


def moment(at: datetime, reader: Reader) -> str:
    """Return an instant in the reader's zone and language, with day of the week and year."""
    return _timed(at, reader, "HH:mm")


def until(at: datetime, reader: Reader) -> str:
    """Return an instant by which something is due; the end of a day is said as that."""
    if not ends_day(at, reader.zone):
        return moment(at, reader)
    last = at - MOMENT
    if reader.language.startswith("zh"):
        return _timed(last, reader, "") + "当天结束"
    return f"end of {_timed(last, reader, '')}"


def _timed(at: datetime, reader: Reader, clock: str) -> str:
    if reader.language.startswith("zh"):
        return format_datetime(at, f"y年M月d日（EEE）{clock}", reader.zone, locale="zh_CN")
    pattern = f"EEE d MMM y, {clock}" if clock else "EEE d MMM y"
    return format_datetime(at, pattern, reader.zone, locale="en_GB")


def day(at: datetime, reader: Reader) -> str:
    """Return day and month, for an axis."""
    if reader.language.startswith("zh"):
        return format_datetime(at, "M月d日", reader.zone, locale="zh_CN")
    return format_datetime(at, "d MMM", reader.zone, locale="en_GB")


def number(count: int) -> str:
    """Return a count with groups of three."""
    return f"{count:,}"


def lines_of(words: str, units: int = LABEL_UNITS) -> tuple[str, ...]:
    """Break a label into the lines that a phone shows, two at most; the table has all of it."""
    first = _fitting(words, units)
    rest = words[len(first) :].strip()
    return (first.rstrip(), shorten(rest, units)) if rest else (words,)


def _fitting(words: str, units: int) -> str:
    """Give the beginning that fits on a line; it ends between words where the script has any."""
    used = 0
    for index, letter in enumerate(words):
        used += 2 if ord(letter) >= 0x2E80 else 1
        if used > units:
            space = words.rfind(" ", 0, index + 1)
            return words[:space] if space > 0 else words[:index]
    return words


def label(svg: Element, lines: Sequence[str], top: float, cls: str = "") -> None:
    """Write the lines of a label below each other, the first one's baseline 14 below `top`."""
    for index, words in enumerate(lines):
        write(svg, words, ("0", top + 14 + index * LABEL_LINE), cls)


def shorten(words: str, units: int = LABEL_UNITS) -> str:
    """Cut a label to what a phone shows; the table behind the picture has all of it."""
    used = 0
    for index, letter in enumerate(words):
        used += 2 if ord(letter) >= 0x2E80 else 1
        if used > units:
            return words[: index - 1].rstrip() + "…"
    return words
