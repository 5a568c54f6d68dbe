"""How files, functions and names are shaped, so that a newcomer finds and reads them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from tools.linters.source import Finding, Source

LINES = 500
TEST_LINES = 800
LONG_FUNCTION = 50
LONG_SHARE_PERCENT = 2
P90_FUNCTION = 30
# Words that say that nobody decided what the thing is.
EMPTY_WORDS = frozenset({"util", "utils", "helper", "helpers", "manager", "managers", "misc"})
EMPTY_PARAMETERS = frozenset({"data", "input", "obj"})
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def check_docstring(source: Source) -> Iterator[Finding]:
    """Find modules that do not say what belongs in them (rule `docstring`)."""
    if source.is_python and not ast.get_docstring(source.tree):
        sentence = "say in a docstring what belongs in this file and what never does."
        yield Finding(source.path, 1, "docstring", sentence)


def check_file_length(source: Source) -> Iterator[Finding]:
    """Find files too long to be read at one sitting (rule `file-length`)."""
    if not source.is_python:
        return
    limit = TEST_LINES if source.room == "tests" else LINES
    if len(source.lines) > limit:
        sentence = f"{len(source.lines)} lines, at most {limit}; split it by verb, not by part."
        yield Finding(source.path, 1, "file-length", sentence)


def _is_empty(name: str) -> bool:
    return any(word.lower() in EMPTY_WORDS for word in WORD.findall(name))


def check_names(source: Source) -> Iterator[Finding]:
    """Find files and classes named for nothing (`name`), parameters too (`parameter`)."""
    if not source.is_python:
        return
    for part in PurePosixPath(source.path).with_suffix("").parts:
        if _is_empty(part):
            sentence = f"'{part}' names nothing; name the thing it holds, in the field's terms."
            yield Finding(source.path, 1, "name", sentence)
    for node in source.nodes:
        if isinstance(node, ast.ClassDef) and _is_empty(node.name):
            sentence = f"'{node.name}' names nothing; name what it does or holds."
            yield Finding(source.path, node.lineno, "name", sentence)
        elif isinstance(node, Function) and source.is_application:
            yield from _parameters(source, node)


def _parameters(source: Source, function: Function) -> Iterator[Finding]:
    given = function.args
    for argument in [*given.posonlyargs, *given.args, *given.kwonlyargs]:
        if argument.arg in EMPTY_PARAMETERS:
            sentence = f"'{argument.arg}' says nothing; name what is handed in."
            yield Finding(source.path, argument.lineno, "parameter", sentence)


def function_lengths(sources: list[Source]) -> list[tuple[int, str, int, str]]:
    """Return (lines, path, first line, name) of the application's functions, longest first.

    Migrations are left out: they are steps told once, never changed.
    """
    found = []
    for source in sources:
        if not source.is_application or "/migrations/" in source.path:
            continue
        for node in source.nodes:
            if isinstance(node, Function):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                found.append((length, source.path, node.lineno, node.name))
    return sorted(found, reverse=True)


def check_functions(sources: list[Source]) -> Iterator[Finding]:
    """Find that functions have grown: p90 over 30 lines, or over 2 % beyond 50 (`function`)."""
    lengths = function_lengths(sources)
    if not lengths:
        return
    p90 = lengths[len(lengths) // 10][0]
    if p90 > P90_FUNCTION:
        sentence = f"one function in ten has {p90} lines or more, aim {P90_FUNCTION}; split some."
        yield Finding(lengths[0][1], lengths[0][2], "function", sentence)
    long = [entry for entry in lengths if entry[0] > LONG_FUNCTION]
    if len(long) * 100 > LONG_SHARE_PERCENT * len(lengths):
        for length, path, line, name in long:
            sentence = (
                f"{name} has {length} lines; {len(long)} of {len(lengths)} functions"
                f" are over {LONG_FUNCTION}, at most {LONG_SHARE_PERCENT} % may be."
            )
            yield Finding(path, line, "function", sentence)
