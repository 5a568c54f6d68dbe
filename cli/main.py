"""`andon`: the verbs of the command line, put together.

What belongs here: registering verbs and handing them what they need of the rooms below. What never
does: a verb's own work (one file per family). Imports stand inside the verbs, so that `andon
--help` is quick.
"""

from pathlib import Path

import typer

from cli.up import Hooks, typer_command
from services.settings import Settings

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
)


@app.callback()
def andon() -> None:
    """The emergency plan for a product that may hurt people."""


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


app.command("up")(
    typer_command(
        Hooks(
            create_ring=_create_ring,
            load_ring=_load_ring,
            derive_ring=_derive_ring,
            prepare=_prepare,
        )
    )
)


def main() -> None:
    """Run the command line."""
    app()
