"""`andon replay`: an incident as of any entry or minute, by either time, or between two moments.

What belongs here: reading which moment is meant, and what to print. What never does: telling
(cli/replay_text.py), finding a moment (services/moments.py). It reads this machine's database and
changes nothing.
"""

import sys
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli.columns import shows_ink, terminal_columns
from cli.drill import Language, languages_of
from cli.replay_proof import WITHIN_S, run
from cli.setting_up import TERMINAL, plain_refusals, show_json, stores
from domain.wire import instant_text

if TYPE_CHECKING:
    from cli.replay_text import Teller
    from services.house import House
    from services.moments import Moment


def replay(  # noqa: PLR0913 - one for each option
    incident: Annotated[
        str, typer.Argument(help="The incident, such as INC-2026-0007, or the file of a dossier.")
    ],
    *,
    at: Annotated[
        str,
        typer.Option(
            help="The number of an entry, or a time: 2026-11-22T14:00+08:00, or 2026-11-22 14:00 "
            "by the terminal's clock. Without it, the last entry."
        ),
    ] = "",
    by: Annotated[
        str,
        typer.Option(help="recorded: what was known then. happened: what is known now of then."),
    ] = "recorded",
    to: Annotated[str, typer.Option(help="Another moment: say what is different there.")] = "",
    language: Annotated[
        Language | None,
        typer.Option(help="What it is told in; without, as the terminal's locale says."),
    ] = None,
    proof: Annotated[
        bool,
        typer.Option(
            "--proof", help="Run its archived histories through the workflows' code instead."
        ),
    ] = False,
    within: Annotated[
        float, typer.Option(help="With --proof: the seconds that it may take.")
    ] = WITHIN_S,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show an incident as it was: what was on sale, what the texts said, what was known, who, when.

    With --to: what is different at another moment, thing by thing, with the entries that did it.
    With --proof, or for the file of a dossier: after every entry the replayed state is held against
    the fold of the ledger; exit status 1 when something does not agree; each is named. 3 when all
    agrees and the run that still goes on is not there.
    """
    with plain_refusals():
        if proof or is_file(incident):
            run(incident, within_s=within, as_json=as_json)
            return
        with stores() as house:
            if to:
                _difference(house, incident, (at, to), languages_of(language), as_json=as_json)
            else:
                _moment(house, incident, at, by, languages_of(language), as_json=as_json)


def is_file(named: str) -> bool:
    """Say whether a dossier is meant and not an incident of this installation."""
    return named.endswith(".zip")


def moment_typed(house: "House", incident: str, typed: str) -> "Moment":
    """Read a moment, by the terminal's clock where no zone stands; the last entry where none is.

    Raises Malformed, NotFound.
    """
    from services.moments import read_moment
    from services.reading import visible

    if not typed.strip():
        return visible(house, TERMINAL, incident).size
    try:
        told = datetime.fromisoformat(typed.strip())
        typed = instant_text(told if told.tzinfo else _in_terminal_zone(told))
    except (ValueError, OverflowError):
        pass  # a number, or what is no moment: it is refused in words below
    return read_moment(typed)


def _in_terminal_zone(told: datetime) -> datetime:
    """Take a time by the terminal's clock, and say which one: a server's is often not one's own."""
    from cli.replay_text import terminal_zone

    zone = terminal_zone()
    typer.echo(
        f"{told:%Y-%m-%d %H:%M} was read in {zone.key}, the zone of this terminal (TZ). "
        "Give another one behind the time, such as +08:00.",
        err=True,
    )
    return told.replace(tzinfo=zone)


def _moment(
    house: "House", incident: str, at: str, by: str, languages: tuple[str, ...], *, as_json: bool
) -> None:
    from services.moment_documents import as_happened, as_recorded
    from services.moments import By, read_by

    way, moment = read_by(by), moment_typed(house, incident, at)
    if as_json:
        tell = as_happened if way is By.HAPPENED else as_recorded
        show_json(tell(house, TERMINAL, incident, moment))
        return
    from cli.replay_text import moment_lines

    for reader in _readers(house, languages):
        typer.echo("\n".join(moment_lines(reader, incident, moment, way)))


def _difference(
    house: "House",
    incident: str,
    typed: tuple[str, str],
    languages: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    from services.moment_documents import difference_document
    from services.moments import between

    first, second = (moment_typed(house, incident, one) for one in typed)
    told = between(house, TERMINAL, incident, first, second)
    if as_json:
        show_json(difference_document(told, house))
        return
    from cli.replay_text import difference_lines

    for reader in _readers(house, languages):
        typer.echo("\n".join(difference_lines(reader, told)))


def _readers(house: "House", languages: tuple[str, ...]) -> "Iterator[Teller]":
    """Give a reader for each language, with a line of air between two."""
    from cli.replay_text import teller

    width, ink = terminal_columns(), shows_ink(sys.stdout)
    for number, language in enumerate(languages):
        if number:
            typer.echo("")
        yield teller(house, language, width=width, ink=ink)
