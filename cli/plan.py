"""`andon plan`: adopting a plan file for new incidents, listing those that are kept.

What belongs here: words on the terminal. What never does: what a plan must say (domain/plan.py).
"""

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.plan_check import check
from cli.setting_up import plain_refusals, show_json, stores

if TYPE_CHECKING:
    from activities.templating import Beforehand
    from services.versions import Kept

plan = typer.Typer(no_args_is_help=True, help="The emergency plan as a file.")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


plan.command()(check)


@plan.command()
def adopt(
    file: Annotated[Path | None, typer.Argument(help="The plan file; plan/default.toml.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Let incidents that start from now on run by this plan; running ones keep theirs.

    A running incident goes on by it after the act `adopt_plan`, which two people sign.
    """
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
            typer.echo("Running incidents go on by theirs until they adopt it on their page.")
        else:
            typer.echo(f"Version {adopted.version} is adopted already; nothing was changed.")


@plan.command()
def templates(
    file: Annotated[Path | None, typer.Argument(help="The plan file; plan/default.toml.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List the templates that a plan approves beforehand, beside the versions installed here."""
    with plain_refusals():
        from activities import templating
        from services.company import PLAN_FILE, read_plan_file

        found = [
            _template(each) for each in templating.beforehand(read_plan_file(file or PLAN_FILE))
        ]
        if as_json:
            show_json(found)
        for each in () if as_json else found:
            typer.echo(f"{each['kind']}  {each['language']}  {each['sha256']}  {each['state']}")


def _template(each: "Beforehand") -> dict[str, str]:
    state = "approved beforehand" if each.is_approved else "not approved beforehand"
    return {"kind": each.kind, "language": each.language, "sha256": each.sha256, "state": state}


@plan.command(name="list")
def list_versions(*, as_json: AsJson = False) -> None:
    """List the versions that are kept, the newest first, with the hash that names each."""
    with plain_refusals(), stores() as house:
        from services import versions

        found = [_version(each) for each in versions.kept(house)]
        if as_json:
            show_json(found)
        for each in () if as_json else found:
            now = "  for new incidents" if each["current"] else ""
            typer.echo(f"{each['rules']}  {each['version']}  {each['adopted_on']}{now}")


def _version(each: "Kept") -> dict[str, Any]:
    plan_ = each.rules.plan
    return {
        "rules": each.rules.hash,
        "version": plan_.version,
        "adopted_on": plan_.adopted_on.isoformat(),
        "review_on": plan_.review_on.isoformat(),
        "adopted_by": list(plan_.adopted_by),
        "kept_at": each.kept_at.isoformat(),
        "current": each.is_current,
    }
