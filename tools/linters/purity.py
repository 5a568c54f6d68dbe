"""The middle is pure: no clock, no chance, no surroundings in `domain` and `workflows`.

A rule that reads a clock cannot be replayed: the auditor's fold, the simulation on skipped time
and Temporal's replay would each come to another result. Times and ids are handed in (`at`,
`command_id`); a workflow asks `workflow.now()`, `workflow.uuid4()` and `workflow.random()`.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from tools.linters.names import dotted, imported_modules, imported_names
from tools.linters.source import Finding, Source

PURE_ROOMS = ("domain", "workflows")
# Dotted prefixes; one that ends with a dot stands for everything below it.
UNREPEATABLE = (
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "time.",
    "uuid.uuid1",
    "uuid.uuid4",
    "uuid.uuid6",
    "uuid.uuid7",
    "random.",
    "secrets.",
    "os.environ",
    "os.getenv",
    "os.urandom",
    "socket.",
)
# Modules of the standard library that reach for the world.
WORLDLY = frozenset(
    "asyncio ctypes glob http importlib logging multiprocessing os pathlib pickle platform random"
    " secrets select selectors shutil signal smtplib socket sqlite3 ssl subprocess tempfile"
    " threading time urllib zipfile zoneinfo".split()
)
WORLDLY_CALLS = frozenset({"open", "print", "input", "eval", "exec", "breakpoint", "__import__"})


def _is_unrepeatable(name: str) -> bool:
    return any(name == p or (p.endswith(".") and name.startswith(p)) for p in UNREPEATABLE)


def check_purity(source: Source) -> Iterator[Finding]:
    """Find what would give another result when it runs again (rule `purity`)."""
    if source.room not in PURE_ROOMS or not source.is_python:
        return
    names = imported_names(source.nodes)
    for node in source.nodes:
        if not isinstance(node, ast.Attribute | ast.Name):
            continue
        name = dotted(node, names)
        if name and _is_unrepeatable(name):
            sentence = f"{name} gives another result at replay; hand the value in"
            if source.room == "workflows":
                sentence += ", or ask workflow.now(), workflow.uuid4(), workflow.random()"
            yield Finding(source.path, node.lineno, "purity", f"{sentence}.")


def check_standard_library(source: Source) -> Iterator[Finding]:
    """Find imports and calls that have no place in the pure middle (rule `standard-library`)."""
    if source.room != "domain" or not source.is_python:
        return
    rule = "standard-library"
    for line, module in imported_modules(source.nodes):
        top = module.partition(".")[0]
        if top != "domain" and top not in sys.stdlib_module_names:
            sentence = f"domain imports the standard library only; {top} belongs at an edge."
            yield Finding(source.path, line, rule, sentence)
        elif top in WORLDLY:
            sentence = f"{top} reaches for the world; read it outside and hand the value in."
            yield Finding(source.path, line, rule, sentence)
    for node in source.nodes:
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id in WORLDLY_CALLS:
            sentence = f"{node.func.id}() reaches for the world; domain only computes."
            yield Finding(source.path, node.lineno, rule, sentence)
