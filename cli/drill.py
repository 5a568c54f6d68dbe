"""`andon drill`: play case files on skipped time; print each as a story with its scorecard.

What belongs here: choosing files, languages and the sheet. What never does: playing
(services/simulating.py), telling (cli/drill_story.py), scoring (cli/drill_card.py), printing
(cli/drill_text.py).
"""

import json
import os
import sys
import tempfile
import time
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from cli.columns import shows_ink, terminal_columns
from cli.setting_up import plain_refusals
from cli.up import exit_status
from domain.case_file import CaseFile
from domain.case_reading import read_case_file
from domain.errors import STANDS_STILL, AndonError, BrokenSetup, DrillServerEnded

if TYPE_CHECKING:
    from domain.rules import Rules
    from services.house import House
    from services.simulating import Leave, Simulated

CASES = Path(__file__).resolve().parent.parent / "plan" / "cases"


class Language(StrEnum):
    """What a drill is told in."""

    ENGLISH = "en"
    CHINESE = "zh"
    BOTH = "both"


def demo_cases() -> list[Path]:
    """List the case files that come with Andon, in order of name."""
    return sorted(CASES.glob("*.toml"))


def read_case(path: Path) -> CaseFile:
    """Read a case file. Raises BrokenSetup with a sentence per problem."""
    from services.toml_files import read_toml

    names = ", ".join(case.stem for case in demo_cases())
    instead = f"Name a file that is there, or one of: {names}."
    case = read_case_file(read_toml(path, "case file", instead))
    _require_zone(case)
    return case


def _require_zone(case: CaseFile) -> None:
    try:
        ZoneInfo(case.zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BrokenSetup(
            f"zone: {case.zone!r:.60} is no time zone that this machine knows.",
            "Write a name such as 'Asia/Shanghai' or 'America/New_York'.",
        ) from error


def chosen(case: str) -> list[Path]:
    """Give the files meant: a path, the name of a demo case, or all of them."""
    if not case:
        return demo_cases()
    named = CASES / f"{case}.toml"
    return [named if named.exists() else Path(case)]


def languages_of(language: Language | None) -> tuple[str, ...]:
    """Say what to tell a drill in: as asked, else as the terminal's locale says, else both."""
    if language is None:
        found = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
        locale = next(filter(None, found), "")
        if locale.startswith("zh"):
            return ("zh",)
        says_nothing = locale.partition(".")[0] in ("", "C", "POSIX")
        return ("en", "zh") if says_nothing else ("en",)
    return ("en", "zh") if language is Language.BOTH else (str(language),)


def drill(
    case: Annotated[
        str, typer.Argument(help="A case file or the name of a demo case; all of them if left out.")
    ] = "",
    *,
    language: Annotated[
        Language | None,
        typer.Option(help="What it is told in; without, as the terminal's locale says."),
    ] = None,
    story: Annotated[
        bool, typer.Option(help="Tell the story before the scorecard; --no-story does not.")
    ] = True,
    entries: Annotated[bool, typer.Option("--entries", help="Print every entry, too.")] = False,
    dossier: Annotated[
        Path | None,
        typer.Option(help="Leave the drilled incident's dossier in this file; for one case."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON, one case a line: all of it.")
    ] = False,
) -> None:
    """Drill case files on skipped time: who did what when, and how long everything took."""
    with plain_refusals():
        read = [read_case(path) for path in chosen(case)]
        if dossier is not None:
            _require_place(dossier, len(read))
        leave = partial(_leave, dossier) if dossier is not None else None
        agree = True
        for each in read:
            simulated = _played_or_ended(each, leave)
            agree = agree and simulated.agrees
            if as_json:
                typer.echo(_document(simulated))
            else:
                typer.echo(_text(simulated, languages_of(language), story=story, entries=entries))
        if not agree:
            raise typer.Exit(1)


def _require_place(dossier: Path, cases: int) -> None:
    """Refuse before anything is played what could not be left in the end. Raises BrokenSetup."""
    if cases > 1:
        raise BrokenSetup(
            "A dossier is of one incident, and all cases were to be drilled.",
            "Name the case: andon drill CASE --dossier FILE.",
        )
    if not dossier.absolute().parent.is_dir():
        raise BrokenSetup(
            f"The dossier {dossier} cannot be written: no such folder.", "Make the folder first."
        )


def _leave(to: Path, house: "House", incident: str) -> None:
    """Make the dossier of what was drilled, before its world is gone."""
    from cli.dossier import leave
    from cli.setting_up import TERMINAL
    from services.dossier import Asked

    leave(house, TERMINAL, incident, to, Asked())


def _played_or_ended(case: CaseFile, leave: "Leave | None" = None) -> "Simulated":
    """Play a case; end at once when its server died.

    The SDK's core still waits for the dead server then, and may abort while Python ends in order.
    """
    try:
        return _played(case, leave)
    except DrillServerEnded as error:
        typer.echo(f"{error.sentence}\n{error.hint}", err=True)
        sys.stdout.flush()
        os._exit(exit_status(error))


def _played(case: CaseFile, leave: "Leave | None") -> "Simulated":
    import uvloop

    from services.company import read_rules

    rules = read_rules()
    waits = sys.stderr.isatty()
    if waits:
        typer.echo(f"{case.id} …", nl=False, err=True)
    try:
        return uvloop.run(_play(case, rules, leave))
    finally:
        if waits:
            typer.echo("\r\x1b[K", nl=False, err=True)


async def _play(case: CaseFile, rules: "Rules", leave: "Leave | None") -> "Simulated":
    from services.drill_clock import skipped_time
    from services.simulating import server_binary, simulate

    with quiet_errors():
        async with skipped_time(server_binary()) as env:
            return await simulate(env, case, rules, time.monotonic, leave)


class quiet_errors:  # noqa: N801 - reads as a word in `with`
    """Keep what the worker logs off the terminal, unless the drill stands still.

    Then the log names the fault, and is shown.
    """

    def __enter__(self) -> None:
        """Point the process's standard error at a file."""
        sys.stderr.flush()
        self._kept, self._file = os.dup(2), tempfile.TemporaryFile()
        os.dup2(self._file.fileno(), 2)

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        """Point it back."""
        sys.stderr.flush()
        os.dup2(self._kept, 2)
        os.close(self._kept)
        with self._file as file:
            if isinstance(error, AndonError) and error.code == STANDS_STILL:
                file.seek(0)
                typer.echo(file.read().decode(errors="replace"), err=True)


def _document(simulated: "Simulated") -> str:
    from cli.drill_card import card_document, card_of
    from cli.drill_story import reader_of, story_of

    reader = reader_of(simulated)
    return json.dumps(card_document(card_of(reader), story_of(reader)), ensure_ascii=False)


def _text(simulated: "Simulated", languages: tuple[str, ...], *, story: bool, entries: bool) -> str:
    from cli.drill_card import card_of
    from cli.drill_story import reader_of, story_of
    from cli.drill_text import Sheet, text_of

    reader = reader_of(simulated)
    sheet = Sheet(terminal_columns(), languages, shows_ink(sys.stdout))
    told = story_of(reader) if story else []
    return text_of(sheet, card_of(reader), told, entries=entries)
