"""`andon replay --proof`: the proof by replay, of our own record or of a dossier.

What belongs here: reading what is named, and printing. What never does: proving
(services/history_proving.py), or the words of faults (services/proof_words.py).
"""

import asyncio
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from cli.setting_up import set_up, stores
from domain.errors import BrokenSetup, Malformed, NotFound
from services.settings import Settings, load_settings

if TYPE_CHECKING:
    from services.history_proving import Proof

LARGEST = 1024 * 1024 * 1024
"""Bytes that the members of a file may have together, once inflated."""


WITHIN_S = 120.0
NOT_ALL = 3
"""The exit status that says: nothing is wrong, and not everything could be looked at."""

NOT_HERE = "The run that goes on is not here, since the record was taken without reaching Temporal"


def run(target: str, *, within_s: float, as_json: bool) -> None:
    """Prove an incident or a case by its number, or a dossier by its file.

    Exit 1 if it differs; 3 where nothing differs and the run that goes on is not there.
    """
    from services.history_proving import prove

    try:
        members = read_members(Path(target)) if Path(target).is_file() else _own(target)
    except NotFound as error:
        # Exit status 1 says that a record does not agree; this one is not there.
        raise Malformed(error.sentence, "Name an incident, a case, or a dossier's file.") from error
    proof = prove(members, within_s=within_s)
    if as_json:
        typer.echo(json.dumps(proof.document(), ensure_ascii=False, indent=1))
    else:
        typer.echo("\n".join(told(proof)))
    if proof.faults:
        raise typer.Exit(1)
    if not proof.holds:
        raise typer.Exit(NOT_ALL)


def _own(stream: str) -> dict[str, bytes]:
    """Read our own record; from the archive alone where Temporal does not answer."""
    from services.histories import own_members
    from services.opening import open_house

    async def reached(settings: Settings) -> dict[str, bytes]:
        async with open_house(settings, identity="terminal") as house:
            return await own_members(house, stream)

    settings = load_settings()
    set_up(settings)
    try:
        return asyncio.run(reached(settings))
    except BrokenSetup as error:
        typer.echo(f"{error.sentence} Only archived histories are looked at.", err=True)
    with stores() as house:
        return asyncio.run(own_members(house, stream))


def read_members(path: Path) -> dict[str, bytes]:
    """Read the members of a zip file, as many bytes as they say and no more than the limit."""
    try:
        with zipfile.ZipFile(path) as packed:
            if sum(each.file_size for each in packed.infolist()) > LARGEST:
                raise Malformed(f"{path} holds more than {LARGEST} bytes.", "It is no dossier.")
            return {each.filename: _read(packed, each) for each in packed.infolist()}
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError) as error:
        raise Malformed(f"{path} cannot be read: {error}", "Name the file of a dossier.") from error


def _read(packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with packed.open(member) as content:
        return content.read(member.file_size)


def told(proof: "Proof") -> list[str]:
    """Tell a proof line by line."""
    from services.proof_words import sentence

    compared = sum(run.compared for run in proof.runs)
    events = sum(run.events for run in proof.runs)
    counts = f"{proof.entries} entries, {len(proof.runs)} histories, {events} events"
    lines = [f"{proof.stream}: {counts}, {proof.took_s:.1f} s"]
    reworded = sum(run.reworded for run in proof.runs)
    if reworded:
        lines.append(f"{reworded} refusals are worded otherwise by this release; that is no fault.")
    lines += [f"{fault.kind}: {sentence(fault)}{_place(fault)}" for fault in proof.faults]
    if proof.holds:
        lines.append(
            f"It holds: fold and replay agree after each of {proof.proved} entries "
            f"({compared} compared)."
        )
    elif not proof.faults:
        left = f"{proof.goes_on_from}-{proof.entries}"
        proved = f"{proof.proved} of {proof.entries} entries are proved ({compared} compared)"
        lines.append(f"{NOT_HERE}: no history decides entries {left}.")
        lines.append(f"Nothing differs. {proved}.")
    else:
        lines.append(f"It does not hold. Everything agrees up to entry {proof.proved}.")
    return lines


def _place(fault: Any) -> str:
    """Say where in the histories a fault is."""
    if not fault.workflow:
        return ""
    event = f", event {fault.event}" if fault.event else ""
    return f" [{fault.workflow}, run {fault.run}{event}]"
