"""Recorded stories as the members that a proof reads: what a dossier made of them would hold.

What belongs here: that form. What never does: a proof, or an assertion.
"""

import json
from collections.abc import Iterable

from domain.canonical import sha256_hex
from services.histories import member_of
from services.history_bundle import HISTORIES, INDEX, LEDGER, RULES, IndexRow
from tests.replay.corpus import Golden, Run

Members = dict[str, bytes]


def members_of(golden: Golden, stream: str) -> Members:
    """Give a recorded ledger with the histories of its family and the rules of its release."""
    leaves = golden.stream(stream).leaves
    members: Members = {LEDGER: b"".join(leaf + b"\n" for leaf in leaves)}
    for sha256, text in golden.rule_texts.items():
        members[f"{RULES}{sha256}.json"] = text.encode()
    family = [run for run in golden.runs if run.workflow_id.partition("/")[0] == stream]
    return with_histories(members, family)


def with_histories(members: Members, runs: Iterable[Run]) -> Members:
    """Give members with these histories and their index."""
    rows = []
    for number, run in enumerate(runs, 1):
        began = run.events[0]["workflowExecutionStartedEventAttributes"]
        row = IndexRow(
            name=f"{HISTORIES}{number}.json",
            workflow=run.workflow_id,
            run=began["originalExecutionRunId"],
            type=run.type,
            events=len(run.events),
        )
        members[row.name] = content = member_of(row, run.events)
        rows.append({**row.document(), "sha256": sha256_hex(content)})
    members[INDEX] = json.dumps(rows).encode()
    return members


def rows_of(members: Members) -> list[dict[str, object]]:
    """Read the index."""
    rows: list[dict[str, object]] = json.loads(members[INDEX])
    return rows
