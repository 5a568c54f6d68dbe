"""The blocks that pages about an incident are made of, as the template `blocks.html` draws them.

What belongs here: shapes of blocks and cells, nothing else. What never does: what stands in them.
A stage page is a list of blocks, so that a new stage needs no template of its own.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from api.pages.lens import Drawn

Cell = Any
"""Text, a number, None (unknown), a moment, or a mapping `text` with `href sub tone icon acts`."""


def table(  # noqa: PLR0913 - the parts of a table
    title: str,
    columns: Iterable[str],
    rows: Iterable[Sequence[Cell]],
    *,
    empty: str = "",
    note: str = "",
    numbers: Iterable[int] = (),
    total: Sequence[Cell] = (),
    id: str = "",  # noqa: A002 - the element's own word
) -> Drawn:
    """A table; `numbers` are the positions of columns that hold numbers."""
    numeric = set(numbers)
    return {
        "kind": "table",
        "title": title,
        "columns": [{"title": c, "number": n in numeric} for n, c in enumerate(columns)],
        "rows": [
            [grouped(cell) if n in numeric else cell for n, cell in enumerate(row)] for row in rows
        ],
        "empty": empty,
        "note": note,
        "total": [grouped(cell) if n in numeric else cell for n, cell in enumerate(total)],
        "id": id,
    }


def pairs(title: str, rows: Iterable[Drawn], *, note: str = "", id: str = "") -> Drawn:  # noqa: A002
    """Labels and what stands beside them; rows as `readable.rows_of` gives them."""
    return {"kind": "pairs", "title": title, "rows": list(rows), "note": note, "id": id}


def first(
    title: str,
    what: str,
    rows: Iterable[Drawn],
    *,
    state: Drawn,
    act: Drawn | None,
    id: str = "",  # noqa: A002 - the element's own word
) -> Drawn:
    """What comes before all else: what it is, where it stands, and the one act that answers it."""
    told = {"what": what, "rows": list(rows), "state": state, "act": act}
    return {"kind": "first", "title": title, "id": id, **told}


def figures(title: str, items: Iterable[Drawn], *, id: str = "") -> Drawn:  # noqa: A002
    """Numbers with their meaning, each as the macro `figure` takes it."""
    return {"kind": "figures", "title": title, "items": list(items), "id": id}


def figure(label: str, value: Cell, **more: Any) -> Drawn:
    """One number: `unit of at source tone note` as in the macro."""
    whole = {"of": grouped(more["of"])} if "of" in more else {}
    return {"label": label, "value": grouped(value), **more, **whole}


def grouped(value: Cell) -> Cell:
    """Write a whole number with separators, as both languages do; anything else stays."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return f"{value:,}" if is_number else value


def channels(  # noqa: PLR0913 - the parts of a list of channels
    title: str,
    items: Iterable[Drawn],
    *,
    empty: str = "",
    note: str = "",
    acts: Iterable[Drawn] = (),
    as_lines: bool = False,
    id: str = "",  # noqa: A002 - the element's own word
) -> Drawn:
    """Channels of the halt, as the macro `channel_row` takes them, with `acts` beside.

    The `acts` of the block are over all of them at once; `as_lines` gives each one line.
    """
    return {
        "kind": "channels", "title": title, "items": list(items), "empty": empty, "note": note,
        "acts": list(acts), "as_lines": as_lines, "id": id,
    }  # fmt: skip


def clocks(title: str, items: Iterable[Drawn], *, empty: str = "") -> Drawn:
    """Due times as the macro `clock` takes them."""
    return {"kind": "clocks", "title": title, "items": list(items), "empty": empty}


def facts(title: str, items: Iterable[Drawn], *, empty: str = "") -> Drawn:
    """Facts with their status, as the macro `fact` takes them, with `acts` beside."""
    return {"kind": "facts", "title": title, "items": list(items), "empty": empty}


def evidence(title: str, items: Iterable[Drawn], *, empty: str = "") -> Drawn:
    """Things kept, as the macro `evidence` takes them, with `acts` beside."""
    return {"kind": "evidence", "title": title, "items": list(items), "empty": empty}


def signatures(title: str, rows: Iterable[Drawn], *, note: str = "", id: str = "") -> Drawn:  # noqa: A002
    """People whose signature stands, or is waited for."""
    return {"kind": "signatures", "title": title, "rows": list(rows), "note": note, "id": id}


def texts(title: str, items: Iterable[Drawn], *, note: str = "", id: str = "") -> Drawn:  # noqa: A002
    """Texts side by side, one for each language: `language title text`, `folded` where closed."""
    return {"kind": "texts", "title": title, "items": list(items), "note": note, "id": id}


def findings(title: str, items: Iterable[Drawn], *, empty: str = "", id: str = "") -> Drawn:  # noqa: A002
    """What the wording rules say, as the macro `finding` takes it."""
    return {"kind": "findings", "title": title, "items": list(items), "empty": empty, "id": id}


def words(title: str, text: str, *, tone: str = "") -> Drawn:
    """A sentence or paragraph, on its own or in a tone."""
    return {"kind": "words", "title": title, "text": text, "tone": tone}


def picture(drawn: Any) -> Drawn:
    """A picture of api/pictures."""
    return {"kind": "picture", "title": "", "drawn": drawn}


def people(title: str, items: Iterable[Drawn], *, empty: str = "") -> Drawn:
    """People as chips in rows: `label`, `chips`, optional `note` and `acts`."""
    return {"kind": "people", "title": title, "items": list(items), "empty": empty}


def folded(
    block: Drawn, *, brief: str = "", state: Drawn | None = None, is_open: bool = False
) -> Drawn:
    """Fold a block under its title; beside it `brief` says what is in it, `state` how it stands."""
    return {**block, "folded": True, "brief": brief, "state": state, "is_open": is_open}


def link(text: str, href: str) -> Drawn:
    """A link to an act or a place."""
    return {"text": text, "href": href}
