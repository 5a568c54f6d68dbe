"""`andon report`: report a problem from the terminal of a machine that holds the keys.

What belongs here: reading the file, printing the number. What never does: what a report must say.
"""

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.setting_up import plain_refusals, show_json
from domain.errors import BrokenSetup

if TYPE_CHECKING:
    from services.acting import Reported


def report(
    file: Annotated[str, typer.Argument(help="JSON body of the report; - reads standard input.")],
    *,
    by: Annotated[str, typer.Option("--as", help="Who reports: the id of a person.")],
    key: Annotated[str, typer.Option(help="Makes it count once, however often it is sent.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Report a problem; prints the incident's number."""
    with plain_refusals():
        reported = asyncio.run(_send(_text_of(file), by, key or None))
        if as_json:
            show_json({"id": reported.id, "received": True})
        else:
            typer.echo(f"{reported.id} is received.")


def _text_of(file: str) -> str:
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return raw.decode("utf-8")
    except OSError as error:
        raise BrokenSetup(
            f"The report {file} cannot be read: {error.strerror}.", "Name a file that is there."
        ) from error
    except UnicodeDecodeError as error:
        raise BrokenSetup(f"The report {file} is not UTF-8.", "Save it as UTF-8.") from error


async def _send(text: str, by: str, key: str | None) -> "Reported":
    from api.bodies import command_id, parse_object
    from api.openapi import REPORT
    from services import acting, people
    from services.opening import open_house
    from services.settings import load_settings

    body = parse_object(text)
    async with open_house(load_settings(), identity="terminal") as house:
        actor = await asyncio.to_thread(people.actor_named, house, by)
        sent = acting.Sent(command=REPORT, body=body, command_id=command_id(key, actor.id))
        return await acting.report(house, actor, sent)
