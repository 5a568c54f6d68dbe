"""`andon report`: report a problem from the terminal of a machine that holds the keys.

What belongs here: reading the file, printing the number. What never does: what a report must say.
"""

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.act import AsJson, By, Key, object_in
from cli.setting_up import plain_refusals, show_json

if TYPE_CHECKING:
    from services.acting import Reported


def report(
    file: Annotated[str, typer.Argument(help="JSON body of the report; - reads standard input.")],
    *,
    by: By,
    key: Key = "",
    as_json: AsJson = False,
) -> None:
    """Report a problem; prints the incident's number."""
    with plain_refusals():
        reported = asyncio.run(_send(object_in(file, "report"), by, key or None))
        if as_json:
            show_json({"id": reported.id, "received": True})
        else:
            typer.echo(f"{reported.id} is received.")


async def _send(body: dict[str, Any], by: str, key: str | None) -> "Reported":
    from api.bodies import command_id
    from api.openapi import REPORT
    from services import acting, people
    from services.opening import open_house
    from services.settings import load_settings

    async with open_house(load_settings(), identity="terminal") as house:
        actor = await asyncio.to_thread(people.actor_named, house, by)
        sent = acting.Sent(command=REPORT, body=body, command_id=command_id(key, actor.id))
        return await acting.report(house, actor, sent)
