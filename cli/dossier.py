"""`andon dossier`: an incident's whole record as one file that needs no server of ours.

What belongs here: where the file lies, and printing. What never does: what stands in it
(services/dossier.py). Imports stand inside the functions, so that `andon --help` is quick.
"""

import asyncio
import os
import secrets
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.setting_up import TERMINAL, plain_refusals, set_up, show_json, stores
from domain.errors import BrokenSetup
from services.settings import Settings, load_settings

if TYPE_CHECKING:
    from domain.people import Actor
    from services.dossier import Asked, Made
    from services.dossier_seams import Histories
    from services.house import House


def dossier(
    incident: Annotated[str, typer.Argument(help="The incident's number.")],
    *,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The file; without, INCIDENT-dossier.zip here."),
    ] = None,
    redacted: Annotated[
        bool, typer.Option("--redacted", help="Without names of people and without files.")
    ] = False,
    private: Annotated[
        bool,
        typer.Option(
            "--private", help="With the private texts and closed files that its maker may open."
        ),
    ] = False,
    by: Annotated[
        str,
        typer.Option(
            "--as", help="Who takes it: the id of a person; without, an auditor at this machine."
        ),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Make one zip of an incident's record: all of it, to be read and verified anywhere.

    It is written whole or not at all, and the company's log says who took it.
    """
    with plain_refusals():
        from services.dossier import Asked

        to = output or Path(f"{incident}-dossier.zip")
        made = _made(incident, by, to, Asked(redacted=redacted, private=private))
        if as_json:
            show_json(document(made, to))
        else:
            typer.echo("\n".join(lines(made, to)))


def _made(incident: str, by: str, to: Path, asked: "Asked") -> "Made":
    """Make it with what Temporal has of runs that go on; from the archive where it is away."""
    from services import people
    from services.dossier_seams import Living
    from services.opening import open_house

    def left(house: "House", histories: "Histories | None") -> "Made":
        actor = people.actor_named(house, by) if by else TERMINAL
        return leave(house, actor, incident, to, asked, histories)

    async def with_temporal(settings: Settings) -> "Made | None":
        async with AsyncExitStack() as opened:
            try:
                house = await opened.enter_async_context(open_house(settings, identity="terminal"))
            except BrokenSetup as error:
                told = f"{error.sentence} Histories of runs that go on are not in it."
                typer.echo(told, err=True)
                return None
            living = Living(asyncio.get_running_loop(), lambda history: history)
            return await asyncio.to_thread(left, house, living)

    settings = load_settings()
    set_up(settings)
    made = asyncio.run(with_temporal(settings))
    if made is not None:
        return made
    with stores() as house:
        return left(house, None)


def leave(
    house: "House",
    actor: "Actor",
    incident: str,
    to: Path,
    asked: "Asked",
    histories: "Histories | None" = None,
) -> "Made":
    """Make a dossier beside its place and move it there; only its owner may read it.

    Raises BrokenSetup where it cannot be written.
    """
    from api.dossier_words import WORDS
    from services import dossier as making

    making.require_maker(house, actor, incident, asked)
    words = WORDS if histories is None else replace(WORDS, histories=histories)
    place = to.absolute()
    beside = place.with_name(f".{place.name[:80]}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            made = making.make(house, actor, incident, asked, words, file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(place)
    except OSError as error:
        raise BrokenSetup(
            f"The dossier {to} cannot be written: {error.strerror}.",
            "Name a file in a folder that is there, with room for it.",
        ) from error
    finally:
        beside.unlink(missing_ok=True)
    return made


def document(made: "Made", to: Path) -> dict[str, object]:
    """Tell programs what was made."""
    manifest = made.manifest
    return {
        "file": str(to.absolute()),
        "incident": manifest.incident,
        "sha256": made.sha256,
        "bytes": made.bytes,
        "entries": manifest.size,
        "signed": manifest.signed,
        "root": manifest.root,
        "redacted": manifest.redacted,
        "private": manifest.private,
        "members": len(manifest.members),
    }


def lines(made: "Made", to: Path) -> list[str]:
    """Tell people what was made, and what of it is not under a signed head yet."""
    manifest = made.manifest
    told = [
        f"{to}: {manifest.incident}, {manifest.size} entries, {made.bytes} bytes.",
        f"SHA-256 {made.sha256}",
    ]
    young = manifest.size - manifest.signed
    if young > 0:
        told.append(f"{young} entries are not under a signed head yet.")
    return told
