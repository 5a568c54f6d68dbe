"""`andon plan`: checking a plan file, and adopting one for the incidents that start from now on.

What belongs here: words on the terminal. What never does: what a plan must say (domain/plan.py).
"""

import getpass
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.setting_up import plain_refusals, show_json, stores
from domain.errors import BrokenSetup, FieldError

plan = typer.Typer(no_args_is_help=True, help="The emergency plan as a file.")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@plan.command()
def check(
    file: Annotated[Path, typer.Argument(help="A plan file, such as plan/default.toml.")],
    *,
    company: Annotated[
        Path | None, typer.Option(help="A company file: are all roles and channels filled?")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a plan file; exit status 0 when it can be adopted, 1 when not, 2 when unreadable."""
    with plain_refusals():
        found = _problems(file, company)
        if as_json:
            show_json({"file": str(file), "problems": found})
        elif found:
            typer.echo(f"{file}: {len(found)} problem(s).", err=True)
            for each in found:
                typer.echo(f"  {each['field'] or 'the file'}: {each['detail']}", err=True)
        else:
            typer.echo(f"{file}: in order.")
        if found:
            raise typer.Exit(1)


def _problems(file: Path, company: Path | None) -> list[dict[str, Any]]:
    """List what is wrong; raises BrokenSetup when a file cannot be read at all."""
    from domain.company import unfilled
    from services.company import read_company_file, read_plan_file

    try:
        read = read_plan_file(file)
        lacking = unfilled(read, read_company_file(company)) if company else ()
    except BrokenSetup as broken:
        if not broken.fields:
            raise
        lacking = broken.fields
    return [_told(each) for each in lacking]


def _told(problem: FieldError) -> dict[str, Any]:
    return {"field": problem.path, "detail": problem.sentence}


@plan.command()
def adopt(
    file: Annotated[Path | None, typer.Argument(help="The plan file; plan/default.toml.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Let incidents that start from now on run by this plan; running ones keep theirs."""
    with plain_refusals(), stores() as house:
        from services import company

        rules = company.read_rules(file or company.PLAN_FILE)
        adopted = company.adopt(house, rules, getpass.getuser())
        if as_json:
            show_json(
                {"rules": adopted.hash, "version": adopted.version, "changed": adopted.changed}
            )
        elif adopted.changed:
            typer.echo(f"Version {adopted.version} is adopted for incidents from now on.")
        else:
            typer.echo(f"Version {adopted.version} is adopted already; nothing was changed.")
