"""What a verb needs before its work: keys, tables, an open house, refusals in plain words.

What belongs here: the way in and out that verbs share. What never does: a verb. Imports stand
inside the functions, so that `andon --help` is quick.
"""

import json
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

from cli.up import Hooks, exit_status, files_for_the_owner, make_home, require_keys
from domain.errors import AndonError, Malformed
from domain.people import Actor, Role
from services.settings import Settings, load_settings

if TYPE_CHECKING:
    from services.house import House

STEERING: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Kinds of signs that a terminal obeys or that nobody sees (Unicode's general categories)."""

TERMINAL = Actor(id="terminal", roles=(Role.AUDITOR,), method="terminal")
"""Who reads at the terminal of this machine: everything that has no private text."""


def _create_ring(path: Path) -> object:
    from integrations.key_ring import KeyRing

    return KeyRing.create(path)


def _load_ring(path: Path) -> object:
    from integrations.key_ring import KeyRing

    return KeyRing.load(path)


def _derive_ring(secret: str) -> object:
    from integrations.key_ring import KeyRing

    return KeyRing.from_secret(secret)


def _prepare(settings: Settings) -> str:
    from services import company

    return company.prepare(settings)


HOOKS = Hooks(
    create_ring=_create_ring,
    load_ring=_load_ring,
    derive_ring=_derive_ring,
    prepare=_prepare,
)
"""What `andon up` needs of the rooms below."""


def set_up(settings: Settings) -> str:
    """Make home, keys and tables where they lack; give the lines on how to sign in."""
    with files_for_the_owner():
        make_home(settings.home)
        require_keys(settings, HOOKS)
        return HOOKS.prepare(settings)


@contextmanager
def plain_refusals() -> Iterator[None]:
    """Tell a refusal on stderr: exit status 2 for bad input or a broken setup, else 1."""
    try:
        yield
    except AndonError as error:
        # A broken file names its lines in the sentence itself.
        fields = error.fields if isinstance(error, Malformed) else ()
        lines = [error.sentence, *(f"  {f.path}: {f.sentence}" for f in fields), error.hint]
        typer.echo("\n".join(filter(None, lines)), err=True)
        raise typer.Exit(exit_status(error)) from None


@contextmanager
def stores() -> Iterator["House"]:
    """Open databases and keys of this installation, made ready for this release."""
    from services.opening import open_stores

    settings = load_settings()
    set_up(settings)
    house = open_stores(settings)
    try:
        yield house
    finally:
        house.engine.dispose()
        house.bulk.dispose()


def show_json(told: Any) -> None:
    """Print JSON for programs, readable for people; what steers a terminal is escaped."""
    text = json.dumps(told, ensure_ascii=False, indent=2, sort_keys=True)
    typer.echo("".join(map(_harmless, text)))


def _harmless(one: str) -> str:
    """Give a sign of JSON as a terminal may have it: it means the same to who reads JSON."""
    if one == "\n" or unicodedata.category(one) not in STEERING:
        return one
    return json.dumps(one)[1:-1] if ord(one) > 0xFFFF else f"\\u{ord(one):04x}"
