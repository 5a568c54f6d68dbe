"""`andon drill`: play a case file on skipped time and print what happened and how long it took.

What belongs here: choosing files, printing. What never does: playing (services/simulating.py).
"""

import asyncio
import json
import os
import sys
import time
import tomllib
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from domain.case_file import CaseFile
from domain.case_reading import read_case_file
from domain.errors import AndonError, BrokenSetup
from domain.rules import Rules

CASES = Path(__file__).resolve().parent.parent / "plan" / "cases"
WIDTH = 100

MILESTONES = (
    ("first order to a channel", "HaltOrdered"),
    ("accepted as an incident", "ReportDecided"),
    ("health hazard evaluated", "HazardEvaluated"),
    ("scope set", "ScopeSet"),
    ("recall decided", "RecallDecided"),
    ("recall plan signed", "RecallPlanSigned"),
    ("first public text", "StatementPublished"),
    ("first filing with an authority", "DutyFiled"),
    ("finding signed", "FindingSigned"),
    ("recall ended in a market", "RecallEnded"),
    ("closed and sealed", "IncidentClosed"),
)
"""What the scorecard measures from the report on: words, and the event that shows it."""


def demo_cases() -> list[Path]:
    """List the case files that come with Andon, in order of name."""
    return sorted(CASES.glob("*.toml"))


def read_case(path: Path) -> CaseFile:
    """Read a case file. Raises BrokenSetup with a sentence per problem."""
    try:
        return read_case_file(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise BrokenSetup(
            f"The case file {path} cannot be read: {error.strerror}.",
            "Name a file that is there, or one of: "
            + ", ".join(case.stem for case in demo_cases())
            + ".",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BrokenSetup(
            f"The case file {path} is not TOML in UTF-8: {error}.", "Correct the place named here."
        ) from error


def chosen(case: str) -> list[Path]:
    """Give the files meant: a path, the name of a demo case, or all of them."""
    if not case:
        return demo_cases()
    named = CASES / f"{case}.toml"
    return [named if named.exists() else Path(case)]


def drill(
    case: Annotated[str, typer.Argument(help="A case file or the name of a demo case.")] = "",
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    entries: Annotated[bool, typer.Option(help="Print every entry of the ledger.")] = False,
) -> None:
    """Drill case files on skipped time and print their scorecards."""
    try:
        played = [_drill(path) for path in chosen(case)]
    except AndonError as error:
        typer.echo(f"{error.sentence}\n{error.hint}", err=True)
        raise typer.Exit(2 if isinstance(error, BrokenSetup) else 1) from error
    for card in played:
        typer.echo(json.dumps(card, ensure_ascii=False) if as_json else _text(card, entries))
    if not all(card["agrees"] for card in played):
        raise typer.Exit(1)


def _drill(path: Path) -> dict[str, Any]:
    from services.company import read_rules

    case = read_case(path)
    return asyncio.run(_play(case, read_rules()))


async def _play(case: CaseFile, rules: Rules) -> dict[str, Any]:
    from services.drilling import skipped_time
    from services.simulating import server_binary, simulate

    with quiet_errors():
        async with skipped_time(server_binary()) as env:
            return card_of(await simulate(env, case, rules, time.monotonic))


class quiet_errors:  # noqa: N801 - reads as a word in `with`
    """Keep the SDK core's warning about the test server's age off the terminal."""

    def __enter__(self) -> None:
        """Point the process's standard error at nothing."""
        sys.stderr.flush()
        self._kept = os.dup(2)
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 2)
        os.close(nothing)

    def __exit__(self, *_: object) -> None:
        """Point it back."""
        os.dup2(self._kept, 2)
        os.close(self._kept)


def card_of(simulated: Any) -> dict[str, Any]:
    """Give the scorecard of a simulated case as plain values; times are those of the story."""
    first = simulated.entries[0].recorded_at
    shift = simulated.played.shift
    return {
        "case": simulated.case.id,
        "title": simulated.case.title_en,
        "title_zh": simulated.case.title_zh,
        "invented": simulated.case.invented,
        "sources": list(simulated.case.sources),
        "incident": simulated.played.incident,
        "entries": len(simulated.entries),
        "root": simulated.root,
        "agrees": simulated.agrees,
        "took_s": round(simulated.took.total_seconds(), 1),
        "grade": str(simulated.state.report.grade),
        "milestones": [
            {"what": words, "after_s": after}
            for words, kind in MILESTONES
            if (after := _first(simulated.entries, kind, first)) is not None
        ],
        "reached": _counts(simulated.entries),
        "steps": [_step(simulated.case, line) for line in simulated.played.lines],
        "timeline": [
            {
                "seq": entry.seq,
                "at": (entry.recorded_at + shift).isoformat(timespec="minutes"),
                "type": entry.type,
                "stage": entry.stage,
                "by": entry.actor,
            }
            for entry in simulated.entries
        ],
    }


def _step(case: CaseFile, line: Any) -> dict[str, str]:
    step = case.steps[line.step] if line.step >= 0 else None
    return {
        "after": step.after if step else "at once",
        "by": str(step.by if step else case.reporter),
        "did": step.do if step else "report_problem",
        "note": step.note_en if step else case.report_note_en,
        "result": line.refused or "done",
    }


def _first(entries: Iterable[Any], kind: str, start: Any) -> int | None:
    found = next((entry for entry in entries if entry.type == kind), None)
    return None if found is None else int((found.recorded_at - start).total_seconds())


def _counts(entries: Iterable[Any]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for entry in entries:
        counts[entry.type] = counts.get(entry.type, 0) + 1
    return counts


def _text(card: dict[str, Any], entries: bool) -> str:  # noqa: FBT001 - a printing option
    mark = "invented 虚构" if card["invented"] else "real, from public sources"
    lines = [
        "",
        f"DRILL 演练 · {card['title']}",
        f"          {card['title_zh']}  ({mark})",
        "─" * WIDTH,
    ]
    days: str = ""
    for step in card["steps"]:
        day = step["after"]
        lines.append(
            f"  {'+' + day if day != days else '':>22}  {step['by'].replace('_', ' '):<28}"
            f"{step['did'].replace('_', ' '):<28}{step['note']}"
        )
        days = day
    lines += ["─" * WIDTH, "  How long it took, from the report on:"]
    lines += [
        f"    {each['what']:<34}{timedelta(seconds=each['after_s'])}" for each in card["milestones"]
    ]
    overdue = card["reached"].get("RungReached", 0)
    refused = card["reached"].get("ActRefused", 0)
    agree = "agree" if card["agrees"] else "DO NOT AGREE"
    took = f"played in {card['took_s']} s"
    marks = f"{overdue} reminders and overdue marks · {refused} refused acts"
    lines += [
        f"  {card['entries']} entries · grade {card['grade']} · {marks}",
        f"  tree head {card['root'][:16]}… · page, ledger and history {agree} · {took}",
    ]
    if entries:
        lines += [
            f"    {e['seq']:>5}  {e['at']}  {e['type']:<24}{e['by']}" for e in card["timeline"]
        ]
    return "\n".join(lines)
