"""Whether a page is sound HTML: what a browser mends in silence, a reader of screens stumbles over.

What belongs here: rules of HTML and of plain accessibility that can be seen in the text of a page
alone. What never does: what a page should say. Faults are given as sentences with their line.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
SELF_CLOSING = frozenset("path rect circle line use".split())
"""Of SVG, where `/>` closes an element."""

BLOCKS = frozenset(
    "address article aside blockquote details div dl fieldset figure footer form h1 h2 h3 h4 header"
    " hr main nav ol p pre section table ul".split()
)
"""What may not stand inside a paragraph, or a heading, or a label."""

PHRASES = frozenset("p h1 h2 h3 h4 label legend summary span button a dt".split())
HEADINGS = frozenset("h1 h2 h3 h4".split())
CHILDREN = {
    "ul": {"li", "script", "template"},
    "ol": {"li", "script", "template"},
    "dl": {"div", "dt", "dd", "script", "template"},
    "tr": {"td", "th"},
    "tbody": {"tr"},
    "thead": {"tr"},
    "tfoot": {"tr"},
    "table": {"caption", "thead", "tbody", "tfoot", "tr", "colgroup"},
    "select": {"option", "optgroup"},
}
"""What may stand directly inside these, and nothing else."""

WORDED = frozenset("a button summary h1 h2 h3 legend caption option label th nav".split())
"""What says nothing to a listener without words or a name."""

PRESSED = frozenset("a button summary label".split())
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "popovertarget")
IDREF = re.compile(r"\S+")


@dataclass
class _Control:
    """An input that a person fills in, until it is known how it is named."""

    line: int
    tag: str
    id: str
    is_named: bool


@dataclass
class _Open:
    """An element that is open, with the words in it so far."""

    tag: str
    line: int
    attributes: dict[str, str]
    words: list[str] = field(default_factory=list)


class _Checker(HTMLParser):
    """Walks a page once and notes what is wrong."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.open: list[_Open] = []
        self.ids: set[str] = set()
        self.references: list[tuple[int, str, str]] = []
        self.controls: list[_Control] = []
        self.labelled: set[str] = set()
        self.counts: dict[str, int] = {}
        self.levels: list[tuple[int, int]] = []

    def fault(self, sentence: str) -> None:
        self.faults.append(f"line {self.getpos()[0]}: {sentence}")

    # ------------------------------------------------------------ elements

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if len(told) != len(attrs):
            self.fault(f"<{tag}> has an attribute twice")
        self._place(tag)
        self._attributes(tag, told)
        if not self._inside("svg"):  # a drawing has a title of its own
            self.counts[tag] = self.counts.get(tag, 0) + 1
        if tag not in VOID:
            self.open.append(_Open(tag, self.getpos()[0], told))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            if not self._inside("svg") and tag not in SELF_CLOSING:
                self.fault(f"<{tag}/> does not close itself in HTML")
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1].tag != tag:
            around = self.open[-1].tag if self.open else "nothing"
            self.fault(f"</{tag}> closes <{around}>")
            return
        self._closed(self.open.pop())

    def handle_data(self, data: str) -> None:
        for one in self.open:
            one.words.append(data)

    def _inside(self, *tags: str) -> bool:
        return any(one.tag in tags for one in self.open)

    def _place(self, tag: str) -> None:
        parent = self.open[-1].tag if self.open else ""
        allowed = CHILDREN.get(parent)
        if allowed is not None and tag not in allowed:
            self.fault(f"<{tag}> stands directly in <{parent}>")
        if tag in BLOCKS and not self._inside("template"):
            for one in reversed(self.open):
                if one.tag == "summary" and tag in HEADINGS:
                    break  # a part that is folded under its heading
                if one.tag in PHRASES and one.tag != "a":
                    self.fault(f"<{tag}> stands in <{one.tag}>")
                    break
        if tag in PRESSED and self._inside(*(PRESSED - {"label"})):
            self.fault(f"<{tag}> stands in another thing to press")
        if tag == "form" and self._inside("form"):
            self.fault("a form stands in a form")

    def _attributes(self, tag: str, told: dict[str, str]) -> None:
        if "id" in told:
            if told["id"] in self.ids:
                self.fault(f"id {told['id']!r} stands twice")
            if not told["id"] or " " in told["id"]:
                self.fault(f"id {told['id']!r} is none")
            self.ids.add(told["id"])
        self._references(told)
        if tag == "label" and "for" in told:
            self.labelled.add(told["for"])
        if tag == "img" and "alt" not in told:
            self.fault("a picture has no alt")
        if tag in ("input", "select", "textarea"):
            self._control(tag, told)
        if re.fullmatch(r"h[1-6]", tag):
            self.levels.append((self.getpos()[0], int(tag[1])))

    def _references(self, told: dict[str, str]) -> None:
        line = self.getpos()[0]
        for name in REFERENCES:
            self.references += [(line, name, one) for one in IDREF.findall(told.get(name, ""))]
        if re.match(r"#.", told.get("href", "")):
            self.references.append((line, "href", told["href"][1:]))

    def _control(self, tag: str, told: dict[str, str]) -> None:
        if told.get("type") in ("hidden", "submit", "button"):
            return
        is_named = "aria-label" in told or "aria-labelledby" in told or self._inside("label")
        self.controls.append(_Control(self.getpos()[0], tag, told.get("id", ""), is_named))

    def _closed(self, one: _Open) -> None:
        words = "".join(one.words).strip()
        named = words or one.attributes.get("aria-label") or one.attributes.get("aria-labelledby")
        is_hidden = one.attributes.get("aria-hidden") == "true"
        # A suggestion is its value (HTML, 4.10.10: an option of a datalist may have no words).
        is_suggested = one.tag == "option" and self._inside("datalist")
        if one.tag in WORDED and not named and not is_hidden and not is_suggested:
            self.fault(f"<{one.tag}> of line {one.line} has no words")

    # ------------------------------------------------------------ the whole page

    def finish(self) -> list[str]:
        """Look at what only the end can tell."""
        self.faults += [f"<{one.tag}> of line {one.line} is never closed" for one in self.open]
        for line, name, target in self.references:
            if target not in self.ids and "__n__" not in target:
                self.faults.append(f"line {line}: {name} means {target!r}, which is not here")
        for control in self.controls:
            if not control.is_named and control.id not in self.labelled:
                self.faults.append(f"line {control.line}: <{control.tag}> has no label")
        for tag in ("h1", "main", "title"):
            if self.counts.get(tag, 0) != 1:
                self.faults.append(f"there are {self.counts.get(tag, 0)} <{tag}>")
        before = 1
        for line, level in self.levels:
            if level > before + 1:
                self.faults.append(f"line {line}: h{level} follows h{before}")
            before = level
        return self.faults


def faults_of(html: str) -> list[str]:
    """Give what is wrong with a page, as sentences; nothing when it is sound."""
    checker = _Checker()
    checker.feed(html)
    checker.close()
    faults = checker.finish()
    if not html.lstrip().lower().startswith("<!doctype html>"):
        faults.append("it does not begin with <!doctype html>")
    if not re.search(r"<html[^>]* lang=\"[a-zA-Z-]{2,}\"", html):
        faults.append("<html> names no language")
    return faults
