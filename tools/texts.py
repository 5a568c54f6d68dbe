"""Which texts of the code people may read: the extractor behind `make messages`.

Belongs here: finding texts in Python files, beside the ones that babel's own extractor finds in
`gettext(…)` and in templates. Never here: a translation.

Three kinds are found by their place in the syntax tree:

- words of a page: the constants in `lens("…")` and `lens.each("…", …)`, and the word tables;
- words of the registry: labels, titles, helps and meanings of commands;
- sentences of domain and services: what is written as a sentence. A value in one becomes a numbered
  hole (`Order {0} is settled already.`), as activities/words.py looks it up again.
"""

import ast
import io
from collections.abc import Iterable, Iterator
from typing import Any, Final

from babel.messages.extract import extract_python

Found = tuple[Any, ...]

PAGE_CALLS: Final = frozenset({"lens", "each"})
TOLD_BY_KEYWORD: Final = frozenset(
    {"title", "in_time", "when_late", "help", "meaning", "label", "unless", "sentence", "hint"}
)
TABLES: Final = (
    "word_lists.py",
    "field_words.py",
    "entry_fields.py",
    "event_names.py",
    "event_words.py",
    "halt_event_words.py",
    "text_event_words.py",
    "room_event_words.py",
    "room_words.py",
    "language_names.py",
    "thing_words.py",
    "title_words.py",
    "notice_words.py",
    "page_words.py",
    "question_words.py",
    "plan_words.py",
)
"""Files that hold words and nothing else."""

INNER: Final = frozenset(
    "case_file case_reading case_times plan plan_whole plan_meaning plan_reading plan_rows"
    " plan_terms company wording"
    " regulations limits canonical ledger tree rules press_contract plot drilling simulating"
    " drill_clock toml_files settings opening house working replaying rounds drill_paths build"
    " clock severity_rules"
    " severity_questions clock_words openapi app sample samples press_templates plot"
    " service_case service_opening service_answers service_remedies service_wording"
    " cases_routes acts_routes company message_words review_words streams filing_forms"
    " replacing".split()
)
"""Modules whose sentences are for whoever runs or builds Andon, not for readers of pages, or that
carry both languages themselves."""

ROOMS: Final = ("domain", "services", "api")
"""Rooms whose sentences reach a page."""

BESIDE: Final = (
    *(f"storage/{name}.py" for name in "failures incidents numbering people vault".split()),
    "integrations/outgoing.py",
)
"""And files of other rooms: what is not there, what a failing disk means to who pressed, and why an
order did not get out, which the halt board says."""

ENDS: Final = (".", "?", "!", "…")


def extract(
    fileobj: io.BufferedIOBase, keywords: Any, comment_tags: Any, options: Any
) -> Iterator[Found]:
    """Give the texts of a Python file, as babel asks for them."""
    source = fileobj.read()
    yield from extract_python(io.BytesIO(source), keywords, comment_tags, options)
    name = str(getattr(fileobj, "name", "")).replace("\\", "/")
    for text in sorted(set(texts_of(ast.parse(source), name))):
        yield 1, None, text, []


def texts_of(tree: ast.Module, name: str) -> Iterator[str]:
    """Give the texts that people may read in one module; `name` is its path."""
    file = name.rsplit("/", 1)[-1]
    if file in TABLES:
        yield from _table(tree)
    elif "/pages/" in name or name.endswith("api/forms.py"):
        yield from _page(tree)
    if file.startswith("service_"):
        yield from _asked(tree)
    is_told = any(f"/{room}/" in f"/{name}" for room in ROOMS) or name.endswith(BESIDE)
    is_told = is_told and "/routes/" not in name
    if is_told and file.removesuffix(".py") not in INNER:
        yield from _registry(tree)
        yield from _sentences(tree)


def _asked(tree: ast.Module) -> Iterator[str]:
    """Give what an after-sales case asks of people: reminders say it, though no page does."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) in ("Due", "_due"):
            titles = [keyword.value for keyword in node.keywords if keyword.arg == "title"]
            yield from (
                text for part in (*node.args, *titles) for text in _constants(part) if " " in text
            )


def _table(tree: ast.Module) -> Iterator[str]:
    """Give the values of all dictionaries, and the sentences of `Tell(kind, sentence)`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            yield from (text for value in node.values for text in _constants(value))
        if isinstance(node, ast.Call) and _called(node) == "Tell":
            yield from _constants(node.args[1])


def _page(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) in PAGE_CALLS:
            yield from (text for argument in node.args for text in _constants(argument))


def _registry(tree: ast.Module) -> Iterator[str]:
    """Give labels, titles and helps: of `ask(…)`, `@command(…)` and whatever is titled."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if _called(node) == "ask" and node.args:
            yield from _patterns(node.args[0])
        for keyword in node.keywords:
            if keyword.arg in TOLD_BY_KEYWORD:
                yield from _patterns(keyword.value)
    yield from _labels(tree)


def _labels(tree: ast.Module) -> Iterator[str]:
    """Give the labels in `field(metadata={"label": …})`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value in ("label", "title"):
                    yield from _patterns(value)


def _sentences(tree: ast.Module) -> Iterator[str]:
    """Give everything that is written as a sentence, docstrings left out."""
    docs = {id(node) for node in _docstrings(tree)}
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)
              for part in ast.walk(node) if part is not node}  # fmt: skip
    for node in ast.walk(tree):
        if id(node) in docs or id(node) in inside:
            continue
        if isinstance(node, ast.Constant | ast.JoinedStr):
            yield from (text for text in _patterns(node) if _is_sentence(text))


def _docstrings(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            for statement in body:
                if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                    yield statement.value


def _is_sentence(text: str) -> bool:
    words = text.split()
    begins = text[:1].isupper() or text[:1] == "{"
    return len(words) > 1 and begins and text.endswith(ENDS) and "\n" not in text


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _constants(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.strip():
        yield node.value
    if isinstance(node, ast.Tuple | ast.List):
        yield from (text for part in node.elts for text in _constants(part))
    if isinstance(node, ast.IfExp):
        yield from _constants(node.body)
        yield from _constants(node.orelse)


def _patterns(node: ast.expr) -> Iterator[str]:
    """Give a text with its values as holes; one with nothing but holes says nothing."""
    if isinstance(node, ast.IfExp):
        yield from _patterns(node.body)
        yield from _patterns(node.orelse)
        return
    if isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _patterns(value)
        return
    text = _pattern(node)
    if text is not None and any(sign.isalpha() for sign in _without_holes(text)):
        yield text


def _pattern(node: ast.expr) -> str | None:
    parts = list(_parts(node))
    if not any(isinstance(part, str) for part in parts):
        return None
    written, holes = "", 0
    for part in parts:
        if part is None:
            written += f"{{{holes}}}"
            holes += 1
        else:
            written += part
    return written


def _parts(node: ast.expr) -> Iterator[str | None]:
    """Give the constant pieces of a text, None for each value in it."""
    if isinstance(node, ast.Constant):
        yield node.value if isinstance(node.value, str) else None
    elif isinstance(node, ast.JoinedStr):
        for value in node.values:
            yield from _parts(value)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from _parts(node.left)
        yield from _parts(node.right)
    else:
        yield None


def _without_holes(text: str) -> str:
    for hole in range(10):
        text = text.replace(f"{{{hole}}}", "")
    return text


def all_texts(files: Iterable[tuple[str, str]]) -> set[str]:
    """Give the texts of several files, each with its name and source."""
    return {text for name, source in files for text in texts_of(ast.parse(source), name)}
