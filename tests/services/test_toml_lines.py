"""The line of a value in a TOML file: whatever way of writing, held against tomllib."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.company import PLANS
from services.toml_lines import Place, places_in

WRITTEN = (
    '''\
# market = "XX"  [rules]
market = "CN" # [[rules]]
"quoted key" = 1
site."a.b".'c' = 2

[[rules]]
id = "A" # when = [
limit = "[[15 d]]"
when = [{ case = ["a", "b"] }, { grade = "x", possible = true }]

  [[ rules ]]
  id = "B"
  content = [
    "one ] [", # "no"
    # nothing here
    'two "" \\',
    """
three = "x"
[rules]\\"""" ,
    4, ]
  when = [
    { case = [ "a",
      "b" ] },
  ]
  [rules.timing]
  a.b = 1
  [[rules.steps]]
  key = 'k'
  [[rules.steps]]
  key = "l"
[other]
at = 1979-05-27 07:32:00 # 1
[other.deep]
x = '''
    "quoted"
    """'
"""
)

STANDS = {
    "at the top": ("market", (2, 1)),
    "a quoted key": ("quoted key", (3, 1)),
    "a dotted key": ("site.a.b.c", (4, 1)),
    "the table of a dotted key": ("site", (4, 1)),
    "a list of tables": ("rules", (6, 1)),
    "its first row": ("rules.0", (6, 1)),
    "a field of it": ("rules.0.limit", (8, 1)),
    "a table in brackets": ("rules.0.when.1", (9, 32)),
    "a word in it": ("rules.0.when.0.case.1", (9, 24)),
    "a field in brackets": ("rules.0.when.1.possible", (9, 47)),
    "its second row": ("rules.1", (11, 3)),
    "an item after a comment": ("rules.1.content.1", (16, 5)),
    "a text of several lines": ("rules.1.content.2", (17, 5)),
    "what follows it": ("rules.1.content.3", (20, 5)),
    "a list over lines": ("rules.1.when.0.case.1", (23, 7)),
    "a table of a row": ("rules.1.timing", (25, 3)),
    "a dotted field of it": ("rules.1.timing.a.b", (26, 3)),
    "rows of a row": ("rules.1.steps.1.key", (30, 3)),
    "a table after them": ("other", (31, 1)),
    "a date with a blank": ("other.at", (32, 1)),
    "a table below it": ("other.deep.x", (34, 1)),
    "a field that is missing": ("rules.1.limit", (11, 3)),
    "what stands nowhere": ("nothing.at.all", (1, 1)),
    "the file": ("", (1, 1)),
}


@pytest.mark.parametrize(("path", "place"), STANDS.values(), ids=STANDS.keys())
def test_the_place_of(path: str, place: tuple[int, int]) -> None:
    assert places_in(WRITTEN).of(path) == Place(*place)


def paths_of(value: Any, path: str = "") -> Iterator[str]:
    """Give the path of everything that tomllib found."""
    rows: Any = ()
    if isinstance(value, dict):
        rows = value.items()
    elif isinstance(value, list):
        rows = enumerate(value)
    for name, inside in rows:
        below = f"{path}.{name}" if path else str(name)
        yield below
        yield from paths_of(inside, below)


@pytest.mark.parametrize("file", sorted(PLANS.rglob("*.toml")), ids=lambda file: file.stem)
def test_every_value_of_the_plan_folder_has_its_line(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    found, lines = places_in(text).by_path, text.split("\n")
    assert set(found) == set(paths_of(tomllib.loads(text)))
    for path, place in found.items():
        name = path.rpartition(".")[2]
        assert name.isdigit() or name in lines[place.line - 1] or '"' in lines[place.line - 1], path


@pytest.mark.parametrize("text", ["a = [", "[[", "a = {b", "a", '"', "= 1"])
def test_what_is_no_toml_has_no_places_and_breaks_nothing(text: str) -> None:
    assert places_in(text).of("a.b").line == 1


# ---------------------------------------------------------------- documents of every form

SIGNS = "ab1 -_.[]{}#=,'é中\\\t"
NAMES = st.text("ab1_-", min_size=1, max_size=3)
KEYS = NAMES | st.text("a.b ]=#[", min_size=1, max_size=3).map(lambda name: name + "~")
TEXTS = st.text(SIGNS, max_size=6)


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace("\t", "\\t") + '"'


def literal(text: str) -> str:
    return "'" + text.replace("'", "") + "'"


LINES = st.lists(TEXTS, min_size=1, max_size=3).map("\n".join)
ATOMS = st.one_of(
    TEXTS.map(quoted),
    TEXTS.map(literal),
    LINES.map(lambda text: '"""' + text.replace("\\", "\\\\") + '\\""""'),
    LINES.map(lambda text: "'''" + text.replace("'", "") + "'''"),
    st.sampled_from(["1", "-2.5e3", "true", "1979-05-27", "1979-05-27 07:32:00Z", "07:32:00"]),
)
BREAKS = st.sampled_from(["", " ", "\n", " # ] } [x]\n\n", "\n\t"])
BLANKS = st.sampled_from(["", " ", "\t "])


@st.composite
def written(draw: st.DrawFn, depth: int = 2) -> list[Any]:
    """Write a value as parts: texts, and `(name, parts)` where something with a name begins."""
    form = draw(st.sampled_from(["atom", "list", "table"])) if depth else "atom"
    if form == "atom":
        return [draw(ATOMS)]
    inside = written(depth=depth - 1)
    if form == "list":
        parts: list[Any] = ["["]
        for number, item in enumerate(draw(st.lists(inside, max_size=3))):
            parts += [draw(BREAKS), (number, item), draw(BREAKS), ","]
        return [*parts, draw(BREAKS), "]"]
    parts = ["{", draw(BLANKS)]
    for number, (name, item) in enumerate(draw(st.dictionaries(KEYS, inside, max_size=3)).items()):
        parts += [
            "," if number else "",
            draw(BLANKS),
            (name, [key(name), draw(BLANKS), "=", *item]),
        ]
        parts.append(draw(BLANKS))
    return [*parts, "}"]


def key(name: str) -> str:
    return quoted(name) if name.endswith("~") else name


TABLES = st.dictionaries(KEYS, written(), max_size=3)


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, dict[str, int]]:
    """Write a document; give its text, and the line of every path."""
    text, lines = "", dict[str, int]()

    def put(parts: list[Any], path: str) -> None:
        nonlocal text
        for part in parts:
            if isinstance(part, str):
                text += part
            else:
                below = f"{path}.{part[0]}" if path else str(part[0])
                lines.setdefault(below, text.count("\n") + 1)
                put(part[1], below)

    def rows(table: dict[str, list[Any]], path: str) -> None:
        for name, value in table.items():
            put([draw(BREAKS), (name, [key(name), " = ", *value]), " # [no]\n"], path)

    rows(draw(TABLES), "")
    tables = draw(st.dictionaries(KEYS, st.lists(TABLES, min_size=1, max_size=3), max_size=3))
    for short, several in tables.items():
        name = f"T{short}"  # none of the keys above
        is_list = len(several) > 1
        for number, table in enumerate(several):
            put([draw(BREAKS).replace(" #", "#")], "")
            lines.setdefault(name, text.count("\n") + 1)
            path = f"{name}.{number}" if is_list else name
            lines.setdefault(path, text.count("\n") + 1)
            text += f"[[ {key(name)}]]\n" if is_list else f"[{key(name)} ] # x\n"
            rows(table, path)
            lines[f"{path}.below"] = text.count("\n") + 1
            text += f"[{key(name)}.below]\n"
            rows(draw(TABLES), f"{path}.below")
    return text, lines


@given(documents())
def test_the_lines_of_every_document_are_those_it_was_written_with(
    document: tuple[str, dict[str, int]],
) -> None:
    text, lines = document
    found = {path: place.line for path, place in places_in(text).by_path.items()}
    assert set(found) == set(paths_of(tomllib.loads(text)))
    assert found == lines
