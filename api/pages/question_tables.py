"""Tables of the auditor's answers for a page: columns side by side, each row with its entries.

What belongs here: which columns share one column of a page, and links. What never does: a value's
words (question_cells.py), or a file (api/tabular.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from api.pages import blocks
from api.pages.blocks import Cell
from api.pages.lens import Drawn, Lens
from api.pages.question_absent import absent_word, has_happened
from api.pages.question_cells import cell_of, is_hash, text_of, told_with_row
from api.word_lists import LISTS
from services.questions.rows import Row, Table

ROWS_SHOWN: Final = 200
"""Rows of one table on a page; the file has all."""

LINKS_SHOWN: Final = 6
"""Entries that a row links to."""

TOGETHER: Final[Mapping[str, tuple[str, ...]]] = {
    "reports": ("known_at country", "known_by", "recorded_at late", "reporter through"),
    "changes": ("at", "grade change before provisional", "attention", "rules", "signers", "reason"),
    "lots": (
        "lot product since_version", "because", "made", "on_hand", "scrapped", "shipped", "sold",
        "returned", "out", "unexplained",
    ),
    "versions": ("version step", "at", "lots_in_all", "added removed", "signers", "reason"),
    "decisions": (
        "kind at depth scope_version", "reason options", "signers dissent", "basis review_at",
    ),
    "consignees": (
        "consignee market", "told first_told_at last_told_at", "answers answered_at taken_over_by",
        "received", "there", "quarantined", "sold_on", "returned", "destroyed", "left_open",
    ),
    "duties": (
        "duty title subject", "authority market", "trigger_at trigger why",
        "due_at no_due_why limit counting basis", "filed_at late receipt",
        "status not_reportable_by", "law",
    ),
    "filings": (
        "duty number kind", "sent_at due_at late late_reason", "channel signers", "verbatim",
        "sha256", "receipt receipt_file",
    ),
    "not_reportable": ("duty", "at outcome", "reason other", "signers", "review_at looked_again"),
    "approvals": ("at", "who role", "language market", "meaning", "sha256 same_bytes"),
    "times": ("what", "at", "who country", "how", "after_s"),
    "on_sale": ("channel market", "state since", "goods orders"),
    "halt_orders": (
        "order", "at", "how", "who", "ordered_channels", "standing", "goods", "lifted_at",
    ),
    "texts": ("text kind title", "status version places", "languages", "published_at", "sha256"),
    "departures": ("kind", "at happened_at", "who", "what", "rule", "reason more"),
    "privileged": ("at", "author roles", "kind held", "visible_to", "basis"),
    "faults": ("fault", "what"),
    "reads": ("at", "who", "what", "line"),
    "looks": ("at", "who", "what", "line"),
    "late": ("recorded_at happened_at", "late_s", "what", "who on_behalf_of"),
}  # fmt: skip
"""Columns of a page, each with the columns of the answer that stand in it, the first one named."""

FOLDED: Final = frozenset(
    {"derivations", "filings", "moved", "heads", "answers", "rules", "recorded_later", "consignees"}
)
"""Tables that stand folded: the answer rests on them, and reads without them."""

COUNTS: Final = frozenset({"lots", "balance", "card", "consignees"})
"""Tables of counts: a column of unknown numbers stays, for unknown is no zero."""

LONG: Final = 12
"""A folded table with fewer rows stands open."""


def drawn_tables(
    lens: Lens, address: str, tables: tuple[Table, ...], opened: Mapping[str, str], export: str
) -> list[Drawn]:
    """Draw tables; `export` is the address of the file, to which the table's key is added."""
    return [_drawn(lens, address, one, opened, f"{export}&table={one.key}") for one in tables]


def _drawn(lens: Lens, address: str, one: Table, opened: Mapping[str, str], export: str) -> Drawn:
    groups = _groups(one)
    numbers = _numbers(one, groups)
    shown = one.rows[:ROWS_SHOWN]
    rows = [_row(lens, address, one, row, groups, opened) for row in shown]
    columns = [title_of(lens, one.key, group[0]) for group in groups]
    title = lens.words.of("question_table", one.key)
    note = ""
    if len(one.rows) > len(shown):
        note = lens(
            "The first %(n)s of %(all)s; the file has all.", n=len(shown), all=len(one.rows)
        )
    made = blocks.table(
        title, [*columns, lens("Entries")], rows, numbers=numbers, note=note, id=f"table-{one.key}"
    )
    folded = one.key in FOLDED and len(one.rows) > LONG
    empty = lens.words.of("question_empty", one.key) if one.key in _EMPTY else lens("none")
    return {**made, "export": export, "empty": empty, "folded": folded, "count": len(one.rows)}


def title_of(lens: Lens, table: str, key: str) -> str:
    """Name a column: by its table where the same key means another thing there."""
    own = f"{table}.{key}"
    known = LISTS["question_column"]
    return lens.words.of("question_column", own if own in known else key)


def _groups(one: Table) -> list[tuple[str, ...]]:
    """Give the columns of a page: those that stand together, without those that are empty."""
    keys = [column.key for column in one.columns]
    written = TOGETHER.get(one.key)
    found = [tuple(group.split()) for group in written] if written else [(key,) for key in keys]
    groups = [tuple(key for key in group if key in keys) for group in found]
    return [group for group in groups if group and _is_told(one, group)]


def _is_told(one: Table, group: tuple[str, ...]) -> bool:
    """Say whether anything stands in a column; that a number is unknown is told too."""
    if one.key in COUNTS:
        return True
    return any(value not in ("", (), None) for key in group for value in one.column(key))


def _numbers(one: Table, groups: list[tuple[str, ...]]) -> list[int]:
    """Say which columns of the page hold numbers alone."""
    kinds = {column.key: column.kind for column in one.columns}
    return [
        place
        for place, group in enumerate(groups)
        if place and len(group) == 1 and not kinds[group[0]] and _are_numbers(one, group[0])
    ]


def _are_numbers(one: Table, key: str) -> bool:
    values = one.column(key)
    return all(v is None or (isinstance(v, int) and not isinstance(v, bool)) for v in values)


@dataclass(frozen=True, slots=True)
class _Values:
    """One row: its values and kinds by column, what of it is opened, what is said for nothing."""

    by_key: Mapping[str, Any]
    kinds: Mapping[str, str]
    opened: Mapping[str, str]
    absent: Mapping[str, str]


def _row(
    lens: Lens,
    address: str,
    one: Table,
    row: Row,
    groups: list[tuple[str, ...]],
    opened: Mapping[str, str],
) -> list[Cell]:
    by_key = dict(zip((column.key for column in one.columns), row.values, strict=True))
    happened = has_happened(one.key, by_key)
    values = _Values(
        by_key,
        {column.key: column.kind for column in one.columns},
        opened,
        {key: absent_word(lens, one.key, key, happened=happened) for key in by_key},
    )
    cells = [_cell(lens, address, group, values) for group in groups]
    return [*cells, entry_links(lens, address, row.entries)]


def _cell(lens: Lens, address: str, group: tuple[str, ...], row: _Values) -> Cell:
    """Draw one cell: what it is named for first, what stands with it below, each with its word."""
    first, rest = group[0], group[1:]
    value = row.by_key[first]
    told = _own(lens, row.kinds[first], row.by_key, first, row.opened)
    if told is None:
        told = row.absent[first]
    href = _href(address, row.kinds[first], value)
    told_of = (key for key in rest if row.by_key[key] not in (None, "", (), False))
    drawn = (_line(lens, row.kinds[key], key, row.by_key[key], row.opened) for key in told_of)
    lines = [line for line in drawn if line]
    if not (href or lines):
        return told
    text = lens.when(value) if isinstance(told, dict) else str(told)
    return {"text": text, "href": href, "lines": lines}


def _own(
    lens: Lens, kind: str, by_key: Mapping[str, Any], key: str, opened: Mapping[str, str]
) -> Cell:
    with_row = told_with_row(lens, kind, by_key[key], by_key)
    if with_row is not None:
        return with_row or None
    if kind == "entries" or key in WORD_FOR_WORD:
        return text_of(lens, kind, by_key[key], opened)
    return cell_of(lens, kind, by_key[key], opened)


def _line(lens: Lens, kind: str, key: str, value: Any, opened: Mapping[str, str]) -> str:
    """Say what stands below in a cell: its name, then what it says; a yes is its name alone."""
    name = lens.words.of("question_column", key)
    if value is True:
        return name
    told = text_of(lens, kind, value, opened)
    if is_hash(told):
        told = f"{told[:16]}…"
    if not told:
        return ""
    return told if key in UNNAMED else lens.named_line(name, told)


WORD_FOR_WORD: Final = frozenset({"words", "verbatim"})
"""What is shown whole, however long: the question is about exactly these words."""

UNNAMED: Final = frozenset(
    {"title", "market", "product", "role", "roles", "country", "because", "kind", "change"}
)
"""What needs no name below another."""


def _href(address: str, kind: str, value: Any) -> str:
    if kind == "duty":
        return f"{address}/notice/{value}"
    if kind == "statement":
        return f"{address}/audit/questions/8?statement={value}"
    if kind == "incident":
        return f"/incidents/{value}"
    return ""


def entry_links(lens: Lens, address: str, entries: tuple[int, ...]) -> Cell:
    """Link a row to the entries it rests on; of many to the first ones."""
    if not entries:
        return ""
    acts = [{"text": f"#{one}", "href": f"{address}/ledger/{one}"} for one in entries[:LINKS_SHOWN]]
    more = len(entries) - len(acts)
    return {"text": "", "acts": acts, "sub": lens("and %(n)s more", n=more) if more else ""}


_EMPTY: Final = frozenset(
    "adopted approvals corrections decisions departures drilled erased exercises faults filings"
    " gaps halt_orders heads late left_out looks let_pass moved not_reportable opened_again"
    " other_views places privileged reads recorded_later rules_judged sentence trained".split()
)
"""Tables of which it is said what it means that they have no row."""
