"""`andon company`: the company's own lists as a file.

What belongs here: words on the terminal. What never does: what a list must say (domain/company.py).
"""

import asyncio
import getpass
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from cli.setting_up import plain_refusals, show_json, stores

company = typer.Typer(no_args_is_help=True, help="Products, lots, channels and consignees.")


@company.command()
def adopt(
    file: Annotated[Path, typer.Argument(help="The company file, such as company.toml.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Put the lists of a file into use; what has the same id is replaced, nothing is taken away.

    Open incidents order new channels to stop what stands: at once, or, where Temporal does not
    answer, within five minutes of its being back.
    """
    with plain_refusals(), stores() as house:
        from services.company import read_company_file
        from services.company_lists import adopt_company
        from services.rounds import round_now
        from services.settings import load_settings

        adopted = adopt_company(house, read_company_file(file), getpass.getuser())
        is_told = asyncio.run(round_now(load_settings(), "drift")) if adopted.new_channels else True
        if as_json:
            show_json(asdict(adopted))
            return
        typer.echo(
            f"In use: {adopted.products} products, {adopted.lots} lots, {adopted.channels} "
            f"channels, {adopted.consignees} consignees."
        )
        if adopted.new_channels:
            typer.echo(f"New channels: {', '.join(adopted.new_channels)}.")
            when = "now" if is_told else "within five minutes of Temporal being back"
            typer.echo(f"Open incidents order them to stop what stands, {when}.")
        for sentence in adopted.unreached:
            typer.echo(f"  warning: {sentence}", err=True)
