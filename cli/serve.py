"""`andon serve`: API and console alone, against a Temporal service and worker that run elsewhere.

What belongs here: starting the server in this process. What never does: a worker, or supervision.
"""

import asyncio
from typing import Annotated

import typer

from cli.setting_up import plain_refusals, set_up
from cli.up import API_CLOSES_S, choose_console_port
from services.settings import Settings, load_settings, proxy_arguments


def serve(
    port: Annotated[int | None, typer.Option(help="Port; default 8000, or ANDON_PORT.")] = None,
) -> None:
    """Serve API and console; Ctrl-C stops. Workers run elsewhere: `python worker.py`."""
    with plain_refusals():
        settings = load_settings(port=port)
        lines = set_up(settings)
        asyncio.run(_opens(settings))
        settings = settings.model_copy(update={"port": choose_console_port(settings, typer.echo)})
        for line in ("", f"Andon serves:  {settings.console_url}", *lines.splitlines(), ""):
            typer.echo(f"  {line}" if line else "")
        _run(settings)


async def _opens(settings: Settings) -> None:
    """Find out before serving whether database and Temporal answer. Raises BrokenSetup."""
    from services.opening import open_house

    async with open_house(settings, identity="api"):
        return


def _run(settings: Settings) -> None:
    import uvicorn

    from api.app import create

    uvicorn.run(
        create(settings),
        host=settings.host,
        port=settings.port,
        log_level=settings.log_level,
        access_log=False,
        server_header=False,
        **proxy_arguments(settings),
        timeout_graceful_shutdown=API_CLOSES_S,
    )
