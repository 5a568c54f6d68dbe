"""`andon read-bounces`: reports of mail servers that a newsroom did not get a text.

What belongs here: words on the terminal. What never does: what a report means. Imports stand inside
the functions, so that `andon --help` is quick.
"""

import asyncio
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from cli.setting_up import plain_refusals, show_json

if TYPE_CHECKING:
    from services.bouncing import Found, Mail

Places = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE...", help="A mail, an mbox file or a Maildir folder; - reads standard input."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def read_bounces(places: Places, *, as_json: AsJson = False) -> None:
    """Read delivery reports, and record whom a text or an order did not reach.

    Run it on the mailbox that reports come to, from cron each few minutes if you like: what is
    known is passed over, so is every other mail; a report that somebody made up is refused, and
    told of once. Mails are only read, never moved or deleted.
    """
    with plain_refusals():
        found = asyncio.run(_recorded(places))
    if as_json:
        show_json(
            {
                "recorded": found.recorded,
                "known": found.known,
                "no_failure": found.no_failure,
                "passed_over": found.passed_over,
                "refused": found.refused,
                "refused_before": found.refused_before,
            }
        )
    else:
        typer.echo("\n".join(_lines(found)))


async def _recorded(places: Sequence[str]) -> "Found":
    from services.bouncing import record_bounces, senders_of
    from services.opening import open_house
    from services.settings import load_settings

    settings = load_settings()
    senders, mails = senders_of(settings), list(_mails(places))
    async with open_house(settings, identity="terminal") as house:
        return await record_bounces(house, senders, mails)


def _mails(places: Sequence[str]) -> "Iterator[Mail]":
    from services.mail_files import mails_in

    for place in places:
        yield from mails_in(place)


def _lines(found: "Found") -> list[str]:
    counts = (
        f"{len(found.recorded)} recorded, {len(found.known)} known already, "
        f"{found.no_failure} no failure, {found.passed_over} not about a mail of ours, "
        f"{len(found.refused)} refused, {found.refused_before} refused before."
    )
    return [
        *(f"Did not arrive, recorded: {one}" for one in found.recorded),
        *(f"Did not arrive, known already: {one}" for one in found.known),
        *(f"Refused: {one}" for one in found.refused),
        counts,
    ]
