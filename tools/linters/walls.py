"""Walls inside what import-linter allows: who commits, who calls activities, who stands alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tools.linters.names import dotted, imported_modules, imported_names
from tools.linters.source import Finding, Source

# With these and `workflow.` in front, Temporal's ways to call an activity.
CALLS = ("execute_activity", "start_activity", "execute_local_activity", "start_local_activity")
WORKER_LINES = 80


def check_commit(source: Source) -> Iterator[Finding]:
    """Find transactions outside storage (rule `commit`).

    An entry, its leaf and its row stand or fall together; a second place that commits is a place
    where they come apart.
    """
    if not source.is_application or source.room == "storage":
        return
    for node in source.nodes:
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr in {"commit", "begin", "begin_nested"}:
            sentence = f".{node.func.attr}() belongs in storage, which alone ends transactions."
            yield Finding(source.path, node.lineno, "commit", sentence)


def check_activity_calls(source: Source) -> Iterator[Finding]:
    """Find activities called past workflows/calls.py, and local ones anywhere (`activity-call`).

    One file holds every activity with its time limits, retries and summary. Recording is never
    local: a power cut would let the ledger outrun the history.
    """
    if source.room != "workflows" or not source.is_python:
        return
    names = imported_names(source.nodes)
    for node in source.nodes:
        if not isinstance(node, ast.Attribute | ast.Name):
            continue
        called = (dotted(node, names) or "").rpartition("temporalio.workflow.")[2]
        if not called.startswith(CALLS):
            continue
        if "local_activity" in called:
            sentence = f"{called}: no activity is local; its effect could outrun the history."
        elif source.path != "workflows/calls.py":
            sentence = f"{called}: call it through workflows/calls.py, where its limits stand."
        else:
            continue
        yield Finding(source.path, node.lineno, "activity-call", sentence)


def check_worker_alone(source: Source) -> Iterator[Finding]:
    """Find imports of worker.py, and a worker.py that grew (rule `worker-alone`)."""
    if source.path == "worker.py" and len(source.lines) >= WORKER_LINES:
        sentence = f"{len(source.lines)} lines; the entry point stays under {WORKER_LINES}."
        yield Finding(source.path, 1, "worker-alone", sentence)
    if not source.is_python:
        return
    for line, module in imported_modules(source.nodes):
        if module.partition(".")[0] == "worker":
            sentence = "worker.py is an entry point; move what is shared into its room."
            yield Finding(source.path, line, "worker-alone", sentence)
