"""`andon company`: the company's own lists as a file.

What belongs here: words on the terminal. What never does: what a list must say (domain/company.py).
"""

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

    Open incidents order new channels to stop what stands, within five minutes.
    """
    with plain_refusals(), stores() as house:
        from services.company import read_company_file
        from services.company_lists import adopt_company

        adopted = adopt_company(house, read_company_file(file), getpass.getuser())
        if as_json:
            show_json(asdict(adopted))
            return
        typer.echo(
            f"In use: {adopted.products} products, {adopted.lots} lots, {adopted.channels} "
            f"channels, {adopted.consignees} consignees."
        )
        if adopted.new_channels:
            typer.echo(f"New channels: {', '.join(adopted.new_channels)}.")
            typer.echo("Open incidents order them to stop what stands, within five minutes.")
