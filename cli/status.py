"""`andon status` and `andon duties`: what is open and what is due, from this machine's database.

What belongs here: which of both is asked, JSON. What never does: reading rows (services/boards.py),
or columns and names (cli/status_text.py). Imports stand inside the functions, so that
`andon --help` is quick.
"""

from datetime import UTC, datetime
from typing import Annotated

import typer

from cli.duty_text import lines_of
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

        if incident and as_json:
            show_json(boards.overview(house, TERMINAL, incident))
            return
        if as_json:
            show_json([boards.row_document(row) for row in reading.board(house, TERMINAL)])
            return
        from cli.status_text import board_lines, incident_lines

        lines = incident_lines(house, incident) if incident else board_lines(house)
        typer.echo("\n".join(lines))


def duties(
    incident: Annotated[
        str, typer.Argument(help="One incident: its legal duties, step by step.")
    ] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """List everything that is due in all open incidents, or explain one incident's legal duties.

    What is owed to authorities comes first, as on the page Duties; then the plan's other times. Of
    one incident also what is filed, determined or ended: with the law, every step by which its
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
        if as_json:
            show_json(boards.duties(house, TERMINAL))
            return
        from cli.status_text import due_lines

        typer.echo("\n".join(due_lines(house)))
