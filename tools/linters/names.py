"""What a name in a file stands for: `now()` after `from datetime import datetime as dt`.

Never here: a rule.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator


def imported_names(nodes: Iterable[ast.AST]) -> dict[str, str]:
    """Return local name -> dotted name for every absolute import anywhere in the file."""
    names: dict[str, str] = {}
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                local = alias.asname or alias.name.partition(".")[0]
                names[local] = alias.name if alias.asname else local
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def dotted(node: ast.expr, names: dict[str, str]) -> str | None:
    """Return `datetime.datetime.now` for an expression that names it, None for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or node.id not in names:
        return None
    return ".".join([names[node.id], *reversed(parts)])


def imported_modules(nodes: Iterable[ast.AST]) -> Iterator[tuple[int, str]]:
    """Yield line and dotted module of every import, relative ones left out."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module
