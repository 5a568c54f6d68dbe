"""`andon verify`: is a dossier whole, by the company's key and by what was kept outside.

What belongs here: reading keys and witnesses, printing, the exit status. What never does: a check
(services/dossier_verifying.py, services/verifying_whole.py), or a sentence about one
(cli/verify_text.py, cli/verify_house.py). For a dossier nothing of this installation is opened: it
may be run where there is none.
"""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from cli.setting_up import plain_refusals, show_json
from cli.verify_house import verify_house
from domain.errors import Malformed
from integrations.small_files import small_file

if TYPE_CHECKING:
    from domain.checkpoint import VerifierKey
    from domain.dossier_faults import Verdict
    from domain.witness import Witness

AT_MOST: Final = 1 << 20
"""Bytes of a file with heads or keys: a head has some hundred."""


def verify(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE]...", help="Dossiers; none: all of this installation."),
    ] = None,
    *,
    key: Annotated[
        list[str] | None,
        typer.Option(help="The company's public key, as a word or as a file of keys; repeatable."),
    ] = None,
    witness: Annotated[
        list[Path] | None,
        typer.Option(
            help="A signed head that was kept outside, as a file, or a folder of a witness: "
            "all heads in it; repeatable."
        ),
    ] = None,
    timestamp_root: Annotated[
        list[Path] | None,
        typer.Option(
            help="A root certificate of a time stamp authority, as a PEM file; repeatable."
        ),
    ] = None,
    fold: Annotated[
        bool | None,
        typer.Option(
            "--fold/--no-fold",
            help="Follow every entry by the plan's own code; by itself up to 20,000 entries.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Verify dossiers, or all that is kept here: every hash, signature, head and entry.

    Each fault has a name.

    Exit status 0 when all are whole, 1 when one is not, 2 when one is no dossier or cannot be read.
    Without --key the keys inside are taken: that proves only that a dossier is one piece.
    """
    with plain_refusals():
        from integrations.stamp_proofs import roots_of
        from services.dossier_folding import AT_MOST, Follower
        from services.dossier_verifying import verify_dossier

        keys = [one for word in key or () for one in _keys(word)]
        witnesses = [one for path in witness or () for one in _witnesses(path)]
        roots = roots_of(timestamp_root or ())
        if not files:
            whole = verify_house(keys, witnesses, roots, as_json=as_json)
            raise typer.Exit(0 if whole else 1)
        told = []
        for path in files:
            follow = None if fold is False else Follower(None if fold else AT_MOST)
            try:
                verdict = verify_dossier(path, keys, witnesses, follow, roots)
            except OSError as error:
                raise _unreadable(path, error) from None
            told.append((path, verdict))
    _show(told, as_json=as_json)
    raise typer.Exit(max(_status(verdict) for _path, verdict in told))


def _status(verdict: "Verdict") -> int:
    if not verdict.is_dossier:
        return 2
    return 0 if verdict.is_whole else 1


def _keys(word: str) -> "Iterator[VerifierKey]":
    """Read a key, or those of a file, one a line."""
    from domain.checkpoint import read_key

    if word.count("+") >= 2:
        yield read_key(word)
        return
    for line in _text(Path(word)).splitlines():
        if line.strip():
            yield read_key(line)


def _witnesses(path: Path) -> "Iterator[Witness]":
    """Read a head; of a folder those in it and one deeper, as integrations/witnesses.py keeps them.

    In the order of their names, which is that of their numbers. What is empty, as its writer
    died, is passed over.
    """
    from domain.witness import Witness

    if not path.is_dir():
        yield Witness(str(path), _text(path))
        return
    kept = sorted([*path.glob("*.note"), *path.glob("*/*.note")])
    if not kept:
        hint = "Name the folder of a witness, with the files .note, or one such file."
        raise Malformed(f"No signed head lies in {path}.", hint)
    told = [(one, text) for one in kept if (text := _text(one))]
    if not told:
        hint = "They were begun and never written: name the folder of another witness."
        raise Malformed(f"The heads in {path} are all empty.", hint)
    for one, text in told:
        yield Witness(str(one), text, str(path))


def _text(path: Path) -> str:
    try:
        # A head that came by mail may have the mail's ends of lines.
        return small_file(path, AT_MOST).decode().replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise Malformed(f"{path} is no text.", "Name the file with the key or the head.") from None
    except OSError as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: OSError) -> Malformed:
    return Malformed(f"{path} cannot be read: {error.strerror}.", "Name a file that is there.")


def _show(told: "list[tuple[Path, Verdict]]", *, as_json: bool) -> None:
    if as_json:
        show_json({"dossiers": [_document(path, verdict) for path, verdict in told]})
        return
    from cli.verify_text import lines

    for path, verdict in told:
        typer.echo("\n".join(lines(str(path), verdict)))


def _document(path: Path, verdict: "Verdict") -> dict[str, Any]:
    whole = {"file": str(path), "whole": verdict.is_whole, "unsigned": verdict.unsigned}
    return {**asdict(verdict), **whole}
