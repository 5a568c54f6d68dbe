"""`andon user`: the people of the company, their passwords and their programs' tokens.

What belongs here: words on the terminal. What never does: hashing or rules (services/people.py).
"""

import secrets
from datetime import timedelta
from typing import Annotated

import typer

from cli.setting_up import plain_refusals, show_json, stores
from domain.errors import Malformed
from domain.people import SYSTEM_ROLES, Role

user = typer.Typer(no_args_is_help=True, help="People who may sign in.")

Ask = Annotated[bool, typer.Option("--ask", help="Type the password instead of getting one.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@user.command()
def add(  # noqa: PLR0913 - one option per thing a person has
    name: Annotated[str, typer.Argument(help="Sign-in name: small letters, digits, dots.")],
    *,
    role: Annotated[list[str], typer.Option(help="A role; may be given several times.")],
    deputy_for: Annotated[list[str] | None, typer.Option(help="Stands in for this role.")] = None,
    name_en: Annotated[str, typer.Option(help="Name in English.")] = "",
    name_zh: Annotated[str, typer.Option(help="Name in Chinese.")] = "",
    email: Annotated[str, typer.Option(help="E-mail address.")] = "",
    language: Annotated[str, typer.Option(help="zh or en.")] = "zh",
    ask: Ask = False,
) -> None:
    """Add a person, or change the one with this name; prints a password once."""
    with plain_refusals(), stores() as house:
        from services import people
        from storage.people import Person

        password = _password(ask=ask)
        people.add_person(
            house,
            Person(
                id=name,
                name_en=name_en or name,
                name_zh=name_zh or name,
                roles=_roles(role),
                deputy_for=_roles(deputy_for or []),
                email=email or None,
                language=language,
            ),
            password,
        )
        typer.echo(f"{name} may sign in." + _shown(password, ask=ask))


@user.command()
def password(
    name: Annotated[str, typer.Argument(help="Sign-in name.")], *, ask: Ask = False
) -> None:
    """Give a person another password; their sessions end."""
    with plain_refusals(), stores() as house:
        from services import people

        new = _password(ask=ask)
        people.set_password(house, name, new)
        typer.echo(f"{name} has a new password." + _shown(new, ask=ask))


@user.command("list")
def list_people(*, as_json: AsJson = False) -> None:
    """List who may sign in, with their roles."""
    with plain_refusals(), stores() as house:
        from services import people

        everybody = people.everybody(house)
        if as_json:
            show_json(
                [
                    {
                        "id": person.id,
                        "name_en": person.name_en,
                        "name_zh": person.name_zh,
                        "roles": list(person.roles),
                        "deputy_for": list(person.deputy_for),
                        "demo": person.demo,
                    }
                    for person in everybody
                ]
            )
            return
        for person in everybody:
            deputy = f"  (deputy: {', '.join(person.deputy_for)})" if person.deputy_for else ""
            typer.echo(f"{person.id:<20}{', '.join(person.roles)}{deputy}")


@user.command()
def token(
    name: Annotated[str, typer.Argument(help="Whose program it is.")],
    *,
    called: Annotated[str, typer.Option(help="What the program is called.")] = "program",
    days: Annotated[int, typer.Option(min=1, max=3650, help="How long it is good.")] = 90,
) -> None:
    """Make a token for a person's program; it is printed once and kept nowhere."""
    with plain_refusals(), stores() as house:
        from services import people

        typer.echo(people.issue_token(house, name, called, timedelta(days=days)))


def _roles(named: list[str]) -> tuple[str, ...]:
    allowed = [str(role) for role in Role if role not in SYSTEM_ROLES]
    for role in named:
        if role not in allowed:
            raise Malformed(f"There is no role {role!r:.40}.", f"Choose: {', '.join(allowed)}.")
    return tuple(dict.fromkeys(named))


def _password(*, ask: bool) -> str:
    if not ask:
        return secrets.token_urlsafe(15)
    typed: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return typed


def _shown(password: str, *, ask: bool) -> str:
    return "" if ask else f" Password, shown once: {password}"
