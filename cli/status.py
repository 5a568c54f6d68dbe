"""`andon status` and `andon duties`: what is open and what is due, from this machine's database.

What belongs here: printing. What never does: reading rows (services/boards.py).
"""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from cli.duty_text import OURS_PASSED, lines_of, shown
from cli.setting_up import TERMINAL, plain_refusals, show_json, stores

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def status(
    incident: Annotated[str, typer.Argument(help="One incident; all open ones if left out.")] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Show open incidents by urgency, or where one stands."""
    with plain_refusals(), stores() as house:
        from services import boards, reading

        if incident:
            _one(boards.overview(house, TERMINAL, incident), as_json=as_json)
            return
        board = reading.board(house, TERMINAL)
        rows = [boards.row_document(row) for row in board]
        if as_json:
            show_json(rows)
            return
        for row in rows:
            typer.echo(
                f"{row['id']:<20}{row['grade'] or 'being recorded':<16}"
                f"{_when(row['next_due_at']):<27}{row['title']}"
            )
        if not rows:
            typer.echo("Nothing is open.")
        _lost([row.id for row in board if row.is_lost(house.now())])


def _lost(numbers: list[str]) -> None:
    if numbers:
        typer.echo(
            f"Not recorded: {', '.join(numbers)}. Nothing is decided there and no clock runs. "
            "Whoever reported it presses again or reports it anew."
        )


def _one(told: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        show_json(told)
        return
    typer.echo(f"{told['id']}  {told['title']}  grade {told['grade'] or 'not known yet'}")
    for stage, word in told["stages"].items():
        typer.echo(f"  {stage:<16}{word.replace('_', ' ')}")
    for due in told["dues"]:
        typer.echo(f"  due {_when(due['due_at'])}  {due['title']}")


def duties(
    incident: Annotated[
        str, typer.Argument(help="One incident: its legal duties, step by step.")
    ] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """List everything that is due in all open incidents, or explain one incident's legal duties.

    Of one incident also what is filed, determined or ended: with the law, every step by which its
    time was counted, what was filed, and who signed.
    """
    with plain_refusals(), stores() as house:
        from services import boards
        from services import duties as legal

        if incident:
            told = legal.told(house, TERMINAL, incident)
            if as_json:
                show_json(told)
                return
            typer.echo("\n".join(lines_of(told, datetime.now(UTC))))
            return
        found = boards.duties(house, TERMINAL)
        if as_json:
            show_json(found)
            return
        now = datetime.now(UTC)
        for due in found:
            is_over = datetime.fromisoformat(due["due_at"]) < now
            late = (OURS_PASSED if due["ours"] else "overdue") if is_over else ""
            typer.echo(
                f"{shown(due['due_at'], due['market']):<62}{late:<23}{due['incident']:<20}"
                f"{due['title']}  "
                f"({', '.join(due['roles'])})"
            )
        if not found:
            typer.echo("Nothing is due.")


def _when(text: str | None) -> str:
    """Give an instant in this machine's zone, or nothing."""
    if not text:
        return ""
    return datetime.fromisoformat(text).astimezone().strftime("%Y-%m-%d %H:%M %z")
